"""Whatever bytes an answer is made of, plain values or a documented exception come out."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.remote.messages import DTYPES
from autograder.rubric.student import StudentError

from .frames import Draft, mutated, real_replies
from .judging import find_fault, take

HERE = Path(__file__).parent
REAL = real_replies()


def run(*words):
    """What a program of this folder prints, and its exit status."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=HERE.parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr, done.returncode


@pytest.mark.parametrize("number", range(len(REAL)))
def test_real_replies_come_out(number):
    came_out = take(REAL[number].encoded())
    assert isinstance(came_out, StudentError) or not isinstance(came_out, Exception)
    assert find_fault(came_out) == ""


@settings(max_examples=1000, deadline=None)
@given(st.sampled_from(REAL), st.integers(0, 2**64 - 1))
def test_forged_copies_of_real_replies(draft, seed):
    assert find_fault(take(mutated(draft, Random(seed), REAL))) == ""


leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.sampled_from([0, 1, -1, 2**31, 2**62, 2**63])
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    | st.binary(max_size=20)
    | st.sampled_from(sorted(DTYPES))
)
sizes = st.integers(0, 4) | st.sampled_from([-1, 2**31, 2**62, 2**64 - 1]) | leaves
shapes = st.lists(sizes, max_size=4) | leaves


def nodes(inner):
    items = st.lists(inner, max_size=4) | leaves
    pairs = st.lists(st.lists(inner, min_size=2, max_size=2), max_size=3) | items
    dtypes = st.sampled_from(sorted(DTYPES)) | leaves
    buffer = st.integers(-1, 3) | leaves
    return st.one_of(
        items,
        st.fixed_dictionaries({"kind": st.sampled_from(["tuple", "slice"]), "items": items}),
        st.fixed_dictionaries({"kind": st.just("dict"), "items": pairs}),
        st.fixed_dictionaries(
            {"kind": st.just("array"), "dtype": dtypes, "shape": shapes, "buffer": buffer}
        ),
        st.fixed_dictionaries({"kind": st.just("scalar"), "dtype": dtypes, "buffer": buffer}),
        st.fixed_dictionaries({"kind": st.just("complex"), "real": leaves, "imag": leaves}),
        st.fixed_dictionaries({"kind": st.just("integer"), "digits": leaves}),
        st.fixed_dictionaries({"kind": st.just("reference"), "id": leaves, "type": leaves}),
        st.dictionaries(st.sampled_from(["kind", "items", "shape", ""]), inner, max_size=3),
    )


trees = st.recursive(leaves, nodes, max_leaves=15)
errors = st.fixed_dictionaries(
    {
        "type": leaves,
        "message": leaves,
        "frames": st.lists(st.tuples(leaves, leaves, leaves).map(list), max_size=3) | trees,
    }
)
replies = trees.map(lambda tree: {"value": tree}) | errors.map(lambda tree: {"error": tree}) | trees


@settings(max_examples=600, deadline=None)
@given(
    replies,
    st.lists(st.sampled_from([0, 1, 2, 8, 16, 64]).map(bytes) | st.binary(max_size=40), max_size=4),
    st.none() | st.lists(sizes, max_size=4),
)
def test_frames_after_the_grammar_of_the_format(tree, buffers, announced):
    assert find_fault(take(Draft(tree, buffers, announced).encoded())) == ""


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.booleans())
def test_frames_around_any_head(head, with_prefix):
    data = Draft(None, []).encoded()[:4] + len(head).to_bytes(4, "little") if with_prefix else b""
    assert find_fault(take(data + head)) == ""


def test_the_runner_tries_the_same_frames_for_the_same_seed():
    script = "tests/fuzz/million_frames.py"
    printed = [run(script, "--frames", "500", "--seed", seed) for seed in ("3", "3", "4")]
    assert [status for _, status in printed] == [0, 0, 0], printed
    digests = [re.search(r"sha256 (\w+)", text).group(1) for text, _ in printed]
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.skipif(not importlib.util.find_spec("atheris"), reason="atheris is not installed")
def test_the_coverage_guided_run_starts(tmp_path):
    script = "tests/fuzz/coverage_guided.py"
    text, status = run(script, str(tmp_path / "corpus"), "-runs=500", "-seed=1")
    assert status == 0, text
