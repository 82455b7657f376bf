"""`python hand_in.py` makes the zip, and says before what a student would want to know."""

import hashlib
import json
import os
import subprocess
import sys
import time
import zipfile

import pytest

from autograder.handing_in.command import main
from autograder.release.hand_in_script import HAND_IN
from autograder.release.tool_file import tool_file
from autograder.submission import Submission, Wanted, collect

from .conftest import CLAIM, FIRST_LINE, PLACEHOLDER, code, finished, markdown, notebook

ASKED = [
    "claims/s1.json",
    "claims/s1.npz",
    "report.ipynb",
    "shapes/__init__.py",
    "shapes/area.py",
]


@pytest.fixture
def hand_in(release, capsys):
    """Run it; returns what it says it has found, and everything it says."""

    def run(*arguments, expected=0):
        code = main(release, ["--no-checks", *arguments])
        said = capsys.readouterr()
        assert code == expected, said
        text = said.out + said.err
        return [line[4:] for line in text.splitlines() if line.startswith("  ! ")], text

    return run


def test_finished_work_is_zipped_without_a_complaint(release, hand_in):
    found, text = hand_in()
    assert found == []
    assert "no warnings" in text and "submission.zip is written: 5 files" in text
    with zipfile.ZipFile(release / "submission.zip") as archive:
        assert archive.namelist() == sorted([*ASKED, "receipt.json"])
        assert archive.testzip() is None
        assert archive.read("claims/s1.json") == CLAIM
        assert archive.read("receipt.json") == (release / "receipt.json").read_bytes()


def test_the_receipt_has_the_hash_of_every_file_and_the_time(release, hand_in):
    hand_in()
    receipt = json.loads((release / "receipt.json").read_text())
    assert (receipt["schema"], receipt["assignment"]) == ("autograder.receipt/1", "small")
    assert receipt["time"].startswith("20") and receipt["time"].endswith("+00:00")
    assert list(receipt["files"]) == ASKED
    for path, entry in receipt["files"].items():
        data = (release / path).read_bytes()
        assert entry == {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def test_the_zip_is_what_grading_collects(release, hand_in, tmp_path):
    hand_in()
    wanted = Wanted(("shapes/",), ("report.ipynb",), ("claims/*.json", "claims/*.npz"))
    collected = collect(Submission("a", release / "submission.zip"), wanted, tmp_path / "into")
    assert collected.files == tuple(ASKED)
    assert collected.notices == ()


def test_the_same_files_make_the_same_zip(release, hand_in):
    """But for the receipt, which has the time."""
    infos = []
    for _ in range(2):
        hand_in()
        os.utime(release / "shapes/area.py", (1, 1))
        with zipfile.ZipFile(release / "submission.zip") as archive:
            infos.append([(one.filename, one.date_time, one.external_attr, one.CRC)
                          for one in archive.infolist() if one.filename in ASKED])  # fmt: skip
    assert infos[0] == infos[1]


def test_what_is_missing_is_named_and_the_zip_is_made_all_the_same(release, hand_in):
    (release / "report.ipynb").rename(release / "Report (1).ipynb")
    for path in ("claims/s1.json", "claims/s1.npz", "shapes/__init__.py", "shapes/area.py"):
        (release / path).unlink()
    assert hand_in(expected=1)[1].count("contains none of the files") == 1
    (release / "shapes/area.py").write_text("")
    found, _ = hand_in()
    assert found == [
        "report.ipynb is missing; if it is 'Report (1).ipynb', rename that file",
        "claims/*.json is missing; the notebooks write it when they are run",
        "claims/*.npz is missing; the notebooks write it when they are run",
    ]
    assert (release / "submission.zip").is_file()


def test_a_damaged_release_is_said_in_plain_words(release, hand_in):
    (release / "tests/assignment.json").write_text("{")
    _, text = hand_in(expected=1)
    assert "No zip was written. tests/assignment.json is missing or damaged." in text


REMEDY = "restart the kernel, run all cells from the first to the last, and save it"
RUNS = {
    "never run": (
        [code("a = 1", None), code("b = 2", None)],
        f"report.ipynb was not run, or saved without its outputs; {REMEDY}",
    ),
    "one cell left out": (
        [code("a = 1", 1, "x"), code("# Why\nb = 2", None), code("c = 3", 2, "x")],
        f"report.ipynb has 1 cell (cell 2, `b = 2`) that was not run; {REMEDY}",
    ),
    "out of order": (
        [code("a = 1", 2, "x"), code("b = 2", 1, "x")],
        "report.ipynb was not run in order: cell 2, `b = 2` was run before cell 1, `a = 1`; "
        + REMEDY,
    ),
    "in pieces": (
        [code("a = 1", 1, "x"), code("b = 2", 5, "x")],
        "report.ipynb was run in pieces, some cells more than once or others deleted since; "
        + REMEDY,
    ),
    "outputs cleared": (
        [code("a = 1", 1), code("b = 2", 2)],
        f"report.ipynb has no outputs; {REMEDY}",
    ),
    "an error": (
        [code("a = 1", 1, "x"), code("b = 1 / 0", 2, error="ZeroDivisionError")],
        "report.ipynb has 1 cell (cell 2, `b = 1 / 0`) that ended in ZeroDivisionError",
    ),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_notebook_that_was_not_run_as_a_whole_is_told(release, hand_in, name):
    cells, words = RUNS[name]
    answer = markdown(FIRST_LINE + "Because.")
    (release / "report.ipynb").write_bytes(notebook(*cells, answer))
    assert hand_in()[0] == [words]


def test_empty_cells_need_not_be_run(release, hand_in):
    cells = [*finished(), code("", None), code("  \n", None)]
    (release / "report.ipynb").write_bytes(notebook(*cells))
    assert hand_in()[0] == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "report.ipynb is empty"),
        (b"{", "report.ipynb is not a notebook: it is not JSON"),
        (b"\xff", "report.ipynb is not a notebook: it is not JSON"),
        (b"[" * 100_000, "report.ipynb is not a notebook: it is not JSON"),
        (b"[]", "report.ipynb is not a notebook of format 4; open it in Jupyter and save it again"),
        (b'{"cells": [1, null]}', "report.ipynb has no code in it"),
    ],
)
def test_a_file_that_is_no_notebook_is_told(release, hand_in, data, words):
    (release / "report.ipynb").write_bytes(data)
    assert words in hand_in()[0]


def test_an_answer_that_is_not_written_is_told(release, hand_in):
    cells = finished()
    cells[1] = markdown(FIRST_LINE + PLACEHOLDER)
    (release / "report.ipynb").write_bytes(notebook(*cells))
    assert hand_in()[0] == ["report.ipynb: the answer to s1-why is not written yet"]
    del cells[1]
    (release / "report.ipynb").write_bytes(notebook(*cells))
    assert hand_in()[0] == ["report.ipynb lacks the cell for the answer to s1-why"]


PATHS = [
    "open('/home/anna/data.npz')",
    'np.load("/Users/anna/x.npz")',
    "open('C:\\\\Users\\\\anna\\\\x')",
    'open(r"D:\\data\\x")',
    "root = Path('/content/drive/MyDrive')",
    "%cd /content/drive/MyDrive",
    "!cp x.py /content/x.py",
    "open('~/data')",
]


@pytest.mark.parametrize("line", PATHS)
def test_a_path_of_one_machine_is_told_in_notebooks_and_modules(release, hand_in, line):
    cells = finished()
    cells[0] = code(f"import numpy as np\n{line}", 1)
    (release / "report.ipynb").write_bytes(notebook(*cells))
    (release / "shapes/area.py").write_text(f"\n{line}\n")
    inside, module = hand_in()[0]
    assert inside.startswith("report.ipynb, cell 1, `import numpy as np`: ")
    assert module.startswith("shapes/area.py:2: ")
    assert module.endswith(" exists on one machine only; use a path relative to the assignment")


@pytest.mark.parametrize(
    "line",
    [
        "# see /home/anna",
        "url = 'https://example.org/home/x'",
        "x = a['b:c']",
        "print('data/x.npz')",
        "rate = 1 / home / 2",
    ],
)
def test_other_text_is_no_path_of_one_machine(release, hand_in, line):
    (release / "shapes/area.py").write_text(line)
    assert hand_in()[0] == []


def test_claims_that_the_notebook_has_not_written_are_told(release, hand_in):
    (release / "claims/s1.json").write_bytes(CLAIM + b" ")
    (found,) = hand_in()[0]
    assert found.startswith("claims/s1.json is not what report.ipynb says that it has written; ")
    (release / "claims/s1.json").write_bytes(CLAIM)
    (release / "claims/s1.npz").write_bytes(b"other weights")
    assert hand_in()[0] == [
        "claims/s1.npz does not belong to claims/s1.json; run report.ipynb once more"
    ]
    (release / "claims/s1.npz").rename(release / "claims/s2.npz")
    assert hand_in()[0] == ["claims/s1.npz is missing; the last cells of report.ipynb write it"]


def test_what_save_claims_prints_is_what_is_looked_for(release, hand_in, monkeypatch, capsys):
    from types import SimpleNamespace

    import numpy as np

    from autograder.claims import save_claims

    monkeypatch.chdir(release)
    data = SimpleNamespace(name="dots", kind="real", sha256="0")
    save_claims("s1", [np.ones(3)], data=data, accuracy=0.5)
    cells = finished()
    cells[2] = code('save_claims("s1", [1])', 2, capsys.readouterr().out)
    (release / "report.ipynb").write_bytes(notebook(*cells))
    assert hand_in()[0] == []


def test_a_large_notebook_is_told(release, hand_in, monkeypatch):
    from autograder.handing_in import asked

    monkeypatch.setattr(asked, "FILE_BYTES", 100)
    monkeypatch.setattr(asked, "TOTAL_BYTES", 200)
    found, _ = hand_in()
    assert found == [
        "report.ipynb has 0 MB, more than can be graded; print and plot less in it",
        "all files together have 0 MB",
    ]


def test_a_link_is_left_out(release, hand_in):
    (release / "shapes/more.py").symlink_to(release / "notes.txt")
    assert hand_in()[0] == ["shapes/more.py is a link and was left out; put the file itself there"]
    with zipfile.ZipFile(release / "submission.zip") as archive:
        assert "shapes/more.py" not in archive.namelist()


def test_a_zip_that_cannot_be_written_is_told_and_the_older_one_stays(release, hand_in):
    hand_in()
    before = (release / "submission.zip").read_bytes()
    (release / "folder.zip").mkdir()
    _, text = hand_in("--out", str(release / "folder.zip"), expected=1)
    assert "cannot be written" in text
    assert (release / "submission.zip").read_bytes() == before
    assert [path.name for path in release.iterdir() if "unfinished" in path.name] == []


def run_script(release, *arguments):
    (release / "hand_in.py").write_text(HAND_IN)
    command = [sys.executable, "-W", "error", str(release / "hand_in.py"), *arguments]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    return subprocess.run(
        command, cwd="/", capture_output=True, text=True, check=False, env=environment
    )


def test_the_script_works_from_anywhere_without_any_package(release):
    (release / "hand_in.py").write_text(HAND_IN)
    command = [sys.executable, "-I", "-S", str(release / "hand_in.py"), "--no-checks"]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (release / "submission.zip").is_file()


@pytest.mark.parametrize(
    ("test", "seconds", "said"),
    [
        ("def test_a(): pass", 100, "  the checks: 1 passed in "),
        ("def test_a(): assert False", 100, "  ! the checks: 1 failed in "),
        ("syntax error", 100, "  ! the checks could not be run: 1 error in "),
        ("import time\ndef test_a(): time.sleep(900)", 3, "  ! the checks took longer than 3 "),
    ],
)
def test_the_public_checks_are_run_and_never_keep_the_zip_back(release, test, seconds, said):
    (release / "tests/test_a.py").write_text(test)
    (release / "pytest.ini").write_text("[pytest]\ntestpaths = tests\n")
    started = time.monotonic()
    done = run_script(release, "--seconds", str(seconds))
    assert time.monotonic() - started < 100
    assert done.returncode == 0, done.stderr
    assert said in done.stdout
    assert (release / "submission.zip").is_file()


def zipped(release):
    with zipfile.ZipFile(release / "submission.zip") as archive:
        return set(archive.namelist()) - {*ASKED, "receipt.json"}


def with_cells(release, *cells):
    (release / "report.ipynb").write_bytes(notebook(*finished(), *cells))


def test_what_notebooks_and_packages_refer_to_goes_along_and_is_told(release, hand_in):
    with_cells(
        release,
        code("import helpers; x = open('data/x.csv')", 3, "x"),
        markdown("![proof](proof.JPG)", id="own"),
    )
    (release / "shapes/area.py").write_text("from more.deep import f\n")
    (release / "data").mkdir()
    (release / "more").mkdir()
    own = ["data/x.csv", "helpers.py", "more/deep.py", "proof.JPG"]
    for path in own:
        (release / path).write_text("x = 1\n")
    found, text = hand_in()
    assert found == []
    assert zipped(release) == set(own)
    assert f"Also included, because your work refers to it: {', '.join(own)}" in text


def test_the_zip_with_own_files_is_what_grading_collects(release, hand_in, tmp_path):
    with_cells(release, code("import helpers", 3, "x"), markdown("![proof](proof.jpg)", id="own"))
    for path in ("helpers.py", "proof.jpg"):
        (release / path).write_text("x = 1\n")
    hand_in()
    wanted = Wanted(("shapes/",), ("report.ipynb",), ("claims/*.json", "claims/*.npz"))
    collected = collect(Submission("a", release / "submission.zip"), wanted, tmp_path / "into")
    assert collected.files == tuple(sorted([*ASKED, "helpers.py", "proof.jpg"]))
    assert list(collected.modules) == ["helpers"]
    assert collected.referred_files["report.ipynb"] == ("helpers.py",)
    again = collect(Submission("a", release), wanted, tmp_path / "folder")
    assert (again.files, again.sha256) == (collected.files, collected.sha256)


@pytest.mark.parametrize("tool", ["autograder.pyz", "autograder/rubric/check.py"])
def test_the_tool_in_a_folder_that_is_handed_in_changes_nothing(release, tool, tmp_path):
    """Earlier releases had it as a folder."""
    wanted = Wanted(("shapes/",), ("report.ipynb",), ("claims/*.json", "claims/*.npz"))
    (release / "autograder.pyz").unlink()
    (release / "shapes/area.py").write_text(f"import autograder.rubric\nNAME = '{tool}'\n")
    before = collect(Submission("a", release), wanted, tmp_path / "before")
    (release / tool).parent.mkdir(parents=True, exist_ok=True)
    (release / tool).write_bytes(tool_file({"autograder/rubric/check.py": b"x = 1\n"}))
    after = collect(Submission("a", release), wanted, tmp_path / "after")
    assert (after.files, after.sha256, after.notices) == (before.files, before.sha256, ())


PICTURES = {
    "![x](gone.png)": "the picture gone.png does not exist; save it next to report.ipynb",
    "<img src='img/gone.png'>": (
        "the picture img/gone.png does not exist; save it next to report.ipynb"
    ),
    "![x](../gone.png)": "the picture ../gone.png does not exist; save it next to report.ipynb",
    "![x](attachment:gone.png)": "the picture attachment:gone.png is missing; attach it again",
    "![x](https://example.org/a.png)": (
        "the picture https://example.org/a.png is on the web and is not shown to graders; save it "
        "next to report.ipynb"
    ),
    "![x](photo.heic)": "photo.heic is a picture that browsers do not show; save it as JPEG or PNG",
    "![x](plot.svg)": "plot.svg is a picture that browsers do not show; save it as JPEG or PNG",
    "![x](large.png)": (
        "large.png has 0 MB, but graders are shown pictures of at most 0 MB; save it smaller"
    ),
}


@pytest.mark.parametrize("text", PICTURES)
def test_a_picture_that_graders_would_not_see_is_told(release, hand_in, monkeypatch, text):
    from autograder.handing_in import own

    monkeypatch.setattr(own, "PICTURE_BYTES", 5)
    for name in ("photo.heic", "plot.svg", "large.png"):
        (release / name).write_bytes(b"picture")
    with_cells(release, markdown(text, id="own"))
    (found,) = hand_in()[0]
    assert found.endswith(PICTURES[text])


@pytest.mark.parametrize(
    "cell",
    [
        markdown("![x](here.png) <img src='HERE.PNG'> ![y](sub/here.png)", id="own"),
        markdown("![x](data:image/png;base64,AAAA)", id="own"),
        markdown("![x](attachment:a.png)", id="own", attachments={"a.png": {"image/png": "AA"}}),
        markdown("![the release's own](https://example.org/a.png)", id="007-markdown"),
        markdown("[a link](https://example.org/a.png)", id="own"),
    ],
)
def test_a_picture_that_graders_see_is_not_complained_about(release, hand_in, cell):
    (release / "here.png").write_bytes(b"picture")
    with_cells(release, cell)
    assert hand_in()[0] == []


def test_the_limits_that_students_read_are_those_that_hold():
    from autograder.handing_in import asked, own, own_files
    from autograder.release.documents import README
    from autograder.results import pictures
    from autograder.submission import Limits

    assert own.PICTURE_BYTES == pictures.PICTURE_BYTES == 25_000_000
    assert own_files.FILE_BYTES == 50_000_000
    assert asked.FILE_BYTES == Limits().file_bytes == own_files.TOTAL_BYTES == 100_000_000
    for words in ("up to 25 MB each", "another kind may have 50 MB", "together 100 MB"):
        assert words in " ".join(README.split())
