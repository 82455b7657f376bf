"""Attacks name what the tool has today: none misses its target after a renaming."""

import re
import socket
import time
import types

import pytest

from autograder.grading.seeding import KEY_FILE
from autograder.sandbox.channel import Channel

from .corpus import ATTACKS
from .names import missing_names

TOOLS = ATTACKS.parent / "tools.py"
FILES = [*sorted(ATTACKS.glob("*.py")), TOOLS]
CHECKED = (
    "audit", "batch", "cli", "grading", "live", "notebook", "release", "remote", "results",
    "rubric", "sandbox",
)  # fmt: skip
TESTS = sorted(file for room in CHECKED for file in (ATTACKS.parent.parent / room).glob("*.py"))
OTHERS = {"Odd", "b", "_linalg"}  # of a notebook in a test, and of NumPy


@pytest.mark.filterwarnings("ignore")  # of escapes in texts that look like source
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_name_of_the_tool_exists(file):
    assert missing_names(file.read_text(encoding="utf-8")) == []


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("file", TESTS, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_names_that_other_tests_patch_exist_too(file):
    missing = {name for _, name in missing_names(file.read_text(encoding="utf-8"))}
    assert missing <= OTHERS


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("import autograder.sandbox.wire", "autograder.sandbox.wire"),
        ("from autograder.sandbox import wire as w", "autograder.sandbox.wire"),
        ("def f():\n    from autograder.sandbox.worker import Wire",
         "autograder.sandbox.worker.Wire"),
        ("import autograder.sandbox.worker as w\nw._may_fork = None", "w._may_fork"),
        ("import autograder.sandbox.worker\nautograder.sandbox.worker._may_fork = None",
         "autograder.sandbox.worker._may_fork"),
        ("from autograder.sandbox.channel import Channel\nChannel.talk()", "Channel.talk"),
        ("import autograder.sandbox.worker as w\nw._fork = lambda seed: 1",
         "w._fork is called with (seed: int | None, alone: bool) -> int"),
        ("[w] = [o for o in gc.get_objects() if type(o).__name__ == 'Workbench']", "Workbench"),
        ("w = [o for o in gc.get_objects() if type(o).__name__ in ('Workbench', 'Channel')]",
         "Workbench"),
        ("w = [o for o in gc.get_objects() if '_prohibit' in o.__qualname__]", "_prohibit"),
        ("replace_operation('weigh', None)", "operation weigh"),
        ("replace_operation('claims', lambda name: {})",
         "operation claims is called with (name: str, rerun: bool) -> object"),
        ("server._operations['weigh']", "operation weigh"),
        ("server._order_of_things = 1", "_order_of_things"),
        ("worker_job().colour", "WorkerSpec.colour"),
        ("forge({'worth': 1})", "reply worth"),
        ("raw(b'AGW0')", "magic AGW0"),
        ("PATCHED = {'autograder.rubric.check': ('check', 'chack')}",
         "autograder.rubric.check.chack"),
        ("importlib.import_module('autograder.workbench')", "autograder.workbench"),
        ("glob.glob('/tmp/autograder-parcel-*/x')", "autograder-parcel-"),
        ("AREA = '''\nfrom autograder.sandbox import wire\n'''", "autograder.sandbox.wire"),
    ],
)  # fmt: skip
def test_a_name_that_the_tool_does_not_have_is_found(text, missing):
    assert [name for _, name in missing_names(text)] == [missing]


@pytest.fixture
def tools():
    """The tools of the attacks, with numbers where the stage fills something in."""
    module = types.ModuleType("tools")
    exec(re.sub(r"@\w+@", "0", TOOLS.read_text(encoding="utf-8")), module.__dict__)
    return module


def test_forged_frames_have_the_form_of_true_ones(tools):
    ours, theirs = socket.socketpair()
    theirs.sendall(tools.frame({"value": [1, "two"]}))
    theirs.close()
    assert Channel(ours).receive(time.monotonic() + 10).tree == {"value": [1, "two"]}
    ours.close()


def test_the_key_of_the_seeds_is_looked_for_by_its_name(tools):
    assert all(place.endswith(f"/{KEY_FILE}") for place in tools.SEED_KEYS)


def test_a_tool_that_finds_nothing_raises(tools):
    with pytest.raises(LookupError, match=tools.NOTHING_FOUND):
        tools.worker_job()
