"""Once student code is there, the judge opens no file that it could have a hand on.

A file may have a lease on it, or a named pipe may have taken its place: then whoever opens it waits
for as long as a student likes. An audit hook in the judge writes down everything it opens or lists.
"""

import json
import os
import sys

import pytest

from autograder.assignment import load_assignment
from autograder.grading import item_runner, judge_process
from autograder.rubric.sources import lines_in
from autograder.sandbox.client import Zygote

pytestmark = pytest.mark.repeated_without_root

pytest.importorskip("IPython")
pytest.importorskip("matplotlib")

SAFELY = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
# Every call fails with a traceback, and leaves files and folders for others to find.
FAILS = """
import os

def double(x):
    os.makedirs("folder/in/another", exist_ok=True)
    open("folder/in/another/note", "w").close()
    return inner(x)

def inner(x):
    raise ValueError("words of a student")  # the line that is shown
"""
CLAIMS = '''

@pytest.mark.item("m1-first")
def test_claims(student):
    """The claims say three."""
    check(student.claims("m1")["numbers"].get("size"), "size").equals(3)
'''


@pytest.fixture
def failing(mixed):
    """The course with claims, and a submission whose tests all fail."""
    assignment, folder = mixed
    rubric = assignment.rubric_folder / "test_doubles.py"
    rubric.write_text(rubric.read_text() + CLAIMS)
    (folder / "numbers_of" / "doubles.py").write_text(FAILS)
    for name in ("first", "second"):
        sources = [FAILS, "made = undefined_name"]
        cells = [{"cell_type": "code", "source": one, "metadata": {}, "outputs": []}
                 for one in sources]  # fmt: skip
        cells.insert(0, {"cell_type": "markdown", "source": "**Why**", "metadata": {}})
        document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (folder / f"{name}.ipynb").write_text(json.dumps(document))
    (folder / "claims").mkdir()
    (folder / "claims" / "m1.json").write_text('{"size": 4}')
    return load_assignment(assignment.folder.parent.parent, "mixed"), folder


@pytest.fixture
def opened(failing, grade, tmp_path, monkeypatch):
    """Grade the submission; the record, and what the judge has opened since the first worker."""
    file, judge = tmp_path / "opened", judge_process.judge
    open_worker = Zygote.open
    events, is_there = [], []

    def hook(event, arguments):
        if is_there and event in ("open", "os.listdir", "os.scandir", "subprocess.Popen"):
            flags = arguments[2] if event == "open" else 0
            events.append((event, str(arguments[0]), flags))

    def watched_open(self, *arguments):
        is_there.append(True)
        return open_worker(self, *arguments)

    def opened(change=lambda root: None):
        def watched_judge(config, name, collected, *rest):
            change(collected.root)
            is_there.clear()  # those of the examination are gone
            sys.addaudithook(hook)
            record = judge(config, name, collected, *rest)
            is_there.clear()
            file.write_text(json.dumps([str(collected.root.parent), events]))
            return record

        monkeypatch.setattr(Zygote, "open", watched_open)
        monkeypatch.setattr(judge_process, "judge", watched_judge)
        [record] = grade(*failing, results=tmp_path / "results")
        return record, *json.loads(file.read_text())

    return opened


def near(folder, events):
    """What lies in the folder of the submission, or is named by a name alone."""
    return [
        event
        for event in events
        if event[1].startswith(f"{folder}/") or not event[1].startswith(("/", "<"))
        if not event[1].isdigit()  # a descriptor: opened before
    ]


def test_the_judge_opens_only_folders_once_student_code_is_there(opened, tmp_path):
    record, folder, events = opened()
    shown = {item.id: item.message for item in record.items if item.tests}
    assert all("the line that is shown" in message for message in shown.values()), shown
    assert "claims/m1" in shown["m1-first"]
    assert (tmp_path / "results" / record.name / "written.json").is_file()
    found = near(folder, events)
    assert found, "it has not even listed what branches leave"
    for event, name, flags in found:
        assert (event, flags & SAFELY) == ("open", SAFELY), (event, name)


def test_the_hook_sees_a_judge_that_reads_the_files_handed_in(opened, monkeypatch):
    def read_late(root):
        monkeypatch.setattr(item_runner, "lines_of", lambda files: lines_in(root))

    _, folder, events = opened(read_late)
    assert any(
        event == "open" and name.endswith("doubles.py") and not flags & os.O_DIRECTORY
        for event, name, flags in near(folder, events)
    )
