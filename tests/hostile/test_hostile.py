"""Every attack of the corpus, as part of a real grading: five assertions each (README.md)."""

import base64
import dataclasses
import json
import os
import re
import subprocess
import sys

import pytest

from autograder.results import validate_results
from autograder.sandbox.reap import become_subreaper

from . import evidence
from .corpus import ATTACKS as FOLDER
from .corpus import all_attacks
from .honest import FUNCTIONS
from .pages import acting_parts
from .secret_course import make_secrets
from .stage import run_grading

ATTACKS = all_attacks()
FULL = {
    "tiny": {
        "t1-square": ("passed", 2.0),
        "t1-row-sums": ("passed", 2.0),
        "t1-why": ("awaiting_manual", 0.0),
        "t1-number": ("passed", 1.0),
    },
    "noted": {
        "n1-mean": ("passed", 3.0),
        "n1-figure": ("passed", 2.0),
        "n1-why": ("awaiting_manual", 0.0),
        "n1-claims": ("passed", 2.0),
        "n1-sums": ("passed", 1.0),
    },
}
LARGEST_RESULTS = 100_000
CORPUS_SIZE = 312
"""Attacks today; an attack more raises it."""
REPEATED_SIZE = 118
"""Those of them that `make test-plain-user` repeats."""
SLOWER_SECONDS = 0.8
"""How far the times of two gradings may lie apart where nothing else is told by them."""


def marked(attack):
    marks = [pytest.mark.xfail(reason=attack.open, strict=True)] if attack.open else []
    marks += [pytest.mark.repeated_without_root] if attack.repeated else []
    return pytest.param(attack, id=attack.name, marks=marks)


@pytest.mark.parametrize("attack", [marked(attack) for attack in ATTACKS])
def test_the_sandbox_withstands(attack, stage, solutions):
    if attack.course not in solutions:
        pytest.skip("what notebooks need is not installed")
    become_subreaper()
    before = set(evidence.descendants(os.getpid()))
    seen = []
    for variant in range(2 if attack.twice else 1):
        secrets = make_secrets(variant)
        stage.set_course(secrets, attack.course, attack.timeout_s)
        paths = [stage.submission(attack), stage.solution]
        outcome = run_grading(stage, paths, attack.jobs)
        processes = evidence.left_processes(before, stage.mark)
        evidence.end(processes)
        assert outcome.code is not None, f"the grading did not end; {processes}"
        assert outcome.code == 0, f"the grader ended with {outcome.code}\n{outcome.trouble}"
        hostile, honest = outcome.records
        assert_score(attack, hostile)
        assert_hits_its_target(hostile)
        assert_nothing_leaked(outcome, secrets)
        assert_results_valid(outcome)
        assert_nothing_left(processes, evidence.left_files(stage.mark, stage))
        assert outcomes(honest) == FULL[attack.course], words(honest)
        assert_ends(attack, hostile)
        seen.append(json.loads(outcome.files[0]))
    if attack.twice:
        assert_same_for_a_student(*seen)


def outcomes(record):
    return {item["id"]: (item["status"], item["score"]) for item in record["items"]}


def words(record):
    return "\n".join(f"{item['id']} {item['status']} {item['score']}: {item['message'][:600]}"
                     for item in record["items"])  # fmt: skip


def assert_score(attack, record):
    assert record["score"] <= attack.earns, f"gained {record['score']}\n{words(record)}"
    if attack.name.endswith("__keeps_full_marks"):
        assert outcomes(record) == FULL[attack.course], words(record)
    statuses = {item["status"] for item in record["items"]}
    assert "grader_error" not in statuses, f"blames the grader\n{words(record)}"


MISSED = re.compile(
    r"the attack has missed its target|No module named '(autograder|tests)\b"
    r"|from 'autograder\b|module 'autograder\S* has no attribute"
)


def assert_hits_its_target(record):
    """An attack that fails for want of what it attacks would show nothing."""
    assert not MISSED.search(words(record)), words(record)


def assert_nothing_leaked(outcome, secrets):
    document = json.loads(outcome.files[0])
    document["extra_data"] = {}  # hash, seed and versions: digits without a meaning
    document.pop("execution_time", None)  # optional, and not there if it tells a secret
    assert evidence.leaked(json.dumps(document, ensure_ascii=False), secrets) == []
    assert evidence.leaked(outcome.printed, secrets) == []
    for path, page in outcome.pages.items():
        if path.startswith("for-students/"):
            assert evidence.leaked(page, secrets) == [], path


def assert_results_valid(outcome):
    for file in outcome.files:
        errors = [finding for finding in validate_results(file) if finding.level == "error"]
        assert errors == []
        assert len(file) < LARGEST_RESULTS
        document = json.loads(file)
        assert document["test_output_format"] == "text"  # markup in a message does nothing
        for text in texts(document):
            assert not harmful(text), repr(text[:300])
    for path, page in outcome.pages.items():
        assert acting_parts(path, page) == [], path
    assert "FORGED" not in outcome.printed
    assert not harmful(outcome.table), repr(outcome.table[:1000])


def texts(tree):
    if isinstance(tree, str):
        yield tree
    for item in tree.values() if isinstance(tree, dict) else tree if type(tree) is list else ():
        yield from texts(item)


def harmful(text):
    return [c for c in text if not (c.isprintable() or c in "\n ")]


def assert_nothing_left(processes, files):
    assert processes == {}
    assert files == []


def assert_ends(attack, record):
    for item, statuses in attack.ends.items():
        assert outcomes(record)[item][0] in statuses, words(record)
    if attack.caps:
        told = {item["id"]: item["message"] for item in record["items"]}[next(iter(attack.ends))]
        assert any(f"used more than {cap}" in told for cap in attack.caps), words(record)


def assert_same_for_a_student(first, second):
    apart = abs(first.pop("execution_time", 0.0) - second.pop("execution_time", 0.0))
    for document in (first, second):
        document["extra_data"].pop("sha256")
    assert first == second
    assert apart < SLOWER_SECONDS, f"the time tells a secret: {apart:.1f} s apart"


# The runner itself: an attack that leaves something must not pass unnoticed.


def test_the_corpus_covers_every_class_and_is_large():
    assert len(ATTACKS) >= CORPUS_SIZE, "an attack is gone; may it go, change the number"
    assert [attack.name for attack in ATTACKS] == sorted(file.stem for file in FOLDER.glob("*.py"))
    assert {number for attack in ATTACKS for number in attack.classes} == set(range(1, 19))


def test_what_is_repeated_without_root_is_of_every_class():
    repeated = [attack for attack in ATTACKS if attack.repeated]
    assert len(repeated) >= REPEATED_SIZE, "one is repeated no more; may it, change the number"
    assert {number for attack in repeated for number in attack.classes} == set(range(1, 19))
    assert {attack.course for attack in repeated} == set(FULL)
    assert {attack.builds for attack in repeated} == {True, False}


@pytest.mark.repeated_without_root
def test_the_honest_part_earns_what_it_says(stage):
    stage.set_course(make_secrets())
    attack = next(attack for attack in ATTACKS if not attack.builds)
    empty = dataclasses.replace(attack, text="import numpy as np\n", course="tiny")
    outcome = run_grading(stage, [stage.submission(empty), stage.solution])
    assert [record["score"] for record in outcome.records] == [2.0, 5.0]
    assert set(FUNCTIONS) == {"square", "row_sums"}


@pytest.mark.repeated_without_root
def test_the_honest_part_of_a_notebook_earns_what_it_says(stage, solutions):
    if "noted" not in solutions:
        pytest.skip("what notebooks need is not installed")
    stage.set_course(make_secrets(), "noted")
    attack = next(attack for attack in ATTACKS if not attack.builds)
    empty = dataclasses.replace(attack, text='"""Nothing."""\n', course="noted")
    outcome = run_grading(stage, [stage.submission(empty), stage.solution])
    assert [record["score"] for record in outcome.records] == [4.0, 8.0], outcome.printed
    assert len(outcome.pages) == 7 and not any(
        acting_parts(*page) for page in outcome.pages.items()
    )


@pytest.mark.parametrize(
    "spell",
    [
        str,
        lambda text: text[::-1],
        lambda text: text.encode().hex(),
        lambda text: base64.b64encode(b"x" + text.encode()).decode(),
        lambda text: base64.b32encode(text.encode()).decode(),
        lambda text: str(list(text.encode())),
        lambda text: ", ".join(text),
        str.upper,
    ],
)
def test_a_leak_is_seen_in_every_spelling(spell):
    secrets = make_secrets()
    for secret in (secrets.word, f"{secrets.numbers[2]:.9f}", str(secrets.whole)):
        assert evidence.leaked(f"failed: {spell('it is ' + secret + '!')}", secrets)
    assert not evidence.leaked("got 4.12345, expected 1.2; 12 of 12 entries", secrets)


@pytest.mark.parametrize(
    "part",
    [
        "<script>1</script>", "<img src=x>", "<p onclick=a()>", "<a href=javascript:a()>", "<svg>",
        "<p style='a'>", "<meta>", "<img src='//a/b'>", "<form action=a>", "<math href='data:a'>",
        "<a href='//a/b.html'>", "<a href='data:text/html,.html'>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["index.html", "for-students/anna.html", "written.html"])
def test_what_acts_in_a_page_is_seen(part, path):
    own = "<meta><meta><meta><style></style><a href='https://a'>a</a><img src='data:image/png;,'>"
    own += "" if path == "written.html" else "<meta>"
    own += "<svg style='a'></svg>" * 3 if path == "index.html" else ""
    assert acting_parts(path, own) == []
    assert acting_parts(path, own + part)


@pytest.mark.repeated_without_root
def test_left_processes_and_files_are_seen(stage):
    before = set(evidence.descendants(os.getpid()))
    assert evidence.left_files(stage.mark, stage) == []
    code = f"import time; open('/dev/shm/{stage.mark}', 'w'); time.sleep(30)"
    left = subprocess.Popen([sys.executable, "-c", code])
    try:
        assert set(evidence.left_processes(before, stage.mark, 0.5)) == {left.pid}
        assert evidence.left_files(stage.mark, stage) == [f"/dev/shm/{stage.mark}"]
    finally:
        left.kill()
        left.wait()
        os.unlink(f"/dev/shm/{stage.mark}")
