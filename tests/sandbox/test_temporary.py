"""What a killed run leaves in the folder for temporary files, the next one removes."""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.sandbox import temporary

pytestmark = pytest.mark.repeated_without_root

MAKE = """
import sys, time
from autograder.sandbox.temporary import temporary_folder
folder = temporary_folder("autograder-test-")
(folder / "deep").mkdir()
(folder / "deep" / "file").write_text("a student's")
print(folder, flush=True)
if sys.argv[1] == "stay":
    time.sleep(60)
"""


@pytest.fixture
def place(monkeypatch):
    """A folder for temporary files that others can enter, as /tmp is; pytest's own is not."""
    with tempfile.TemporaryDirectory(prefix="test-temporary-") as folder:
        place = Path(folder) / "temporary"
        place.mkdir(mode=0o755)
        place.parent.chmod(0o755)
        monkeypatch.setenv("TMPDIR", str(place))
        yield place


@pytest.fixture
def staying():
    """Start a process that makes a folder and stays; returns the process and the folder."""
    started = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-c", MAKE, "stay"], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process, Path(process.stdout.readline().strip())

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def another_run():
    """Have a process make a folder and end; returns the folder."""
    done = subprocess.run(
        [sys.executable, "-c", MAKE, "end"], check=True, capture_output=True, text=True
    )
    return Path(done.stdout.strip())


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_what_a_killed_run_has_left_is_removed_by_the_next(place, staying):
    process, folder = staying()
    kill(process)
    assert (folder / "deep" / "file").exists()
    own = another_run()
    assert list(place.iterdir()) == [own]


def test_a_folder_that_nobody_can_enter_any_more_is_removed_too(place, staying):
    process, folder = staying()
    (folder / "deep").chmod(0)
    kill(process)
    another_run()
    assert not folder.exists()


def test_what_a_living_run_has_is_left_alone(place, staying):
    _, folder = staying()
    another_run()
    assert (folder / "deep" / "file").exists()
    process, _ = staying()
    kill(process)
    another_run()
    assert (folder / "deep" / "file").exists()


def test_a_fork_of_a_killed_run_that_still_works_keeps_its_folders(place):
    code = MAKE.replace("import sys, time", "import os, sys, time").replace(
        'if sys.argv[1] == "stay":', "if os.fork() == 0:\n    print(os.getpid(), flush=True)"
    )
    done = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    folder, fork = Path(done.stdout.readline().strip()), int(done.stdout.readline())
    done.wait()
    done.stdout.close()
    another_run()
    assert folder.exists()
    os.kill(fork, signal.SIGKILL)


def test_a_folder_that_is_removed_leaves_nothing(place, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(place))
    before = os.listdir("/proc/self/fd")
    folder = temporary.temporary_folder("autograder-test-")
    (folder / "file").touch()
    assert len(os.listdir("/proc/self/fd")) == len(before) + 1  # it is locked
    temporary.remove_temporary_folder(folder)
    assert not list(place.iterdir()) and os.listdir("/proc/self/fd") == before
    temporary.remove_temporary_folder(folder)  # what is gone already is no error


def test_a_folder_that_cannot_be_removed_is_left_to_the_next_run(place, monkeypatch):
    def refused(path):
        raise OSError(12, "no memory for a process that removes it", path)

    with monkeypatch.context() as patched:
        patched.setattr("tempfile.tempdir", str(place))
        patched.setattr(temporary, "remove_tree", refused)
        folder = temporary.temporary_folder("autograder-test-")
        temporary.remove_temporary_folder(folder)
    assert folder.exists()
    another_run()
    assert not folder.exists()


def test_what_others_have_put_there_is_left_alone(place):
    outside = place.parent / "outside"
    outside.mkdir()
    (outside / "file").write_text("not ours to remove")
    (place / "autograder-judge-abcdefgh.run").symlink_to(outside)
    (place / "autograder-intake-abcdefgh.run").touch()
    os.mkfifo(place / "autograder-data-abcdefgh.run")
    (place / "autograder-data-abcdefgh").mkdir()  # as other programs, and other parts of this, do
    (place / "else.run").mkdir()
    before = sorted(path.name for path in place.iterdir())
    own = another_run()
    assert sorted(path.name for path in place.iterdir() if path != own) == before
    assert (outside / "file").read_text() == "not ours to remove"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
def test_what_belongs_to_another_user_is_left_alone(place):
    folder = place / "autograder-judge-abcdefgh.run"
    folder.mkdir()
    os.chown(folder, 54321, 54321)
    another_run()
    assert folder.exists()


def test_where_nothing_can_be_locked_a_run_goes_on(place, monkeypatch):
    def refused(file, how):
        raise OSError(37, "no locks available")

    monkeypatch.setattr(fcntl, "flock", refused)
    monkeypatch.setattr("tempfile.tempdir", str(place))
    folder = temporary.temporary_folder("autograder-test-")
    assert folder.is_dir() and list(place.iterdir()) == [folder]
    another_run()
    assert folder.is_dir(), "it was taken for an abandoned one"
    temporary.remove_temporary_folder(folder)
    assert not folder.exists()
