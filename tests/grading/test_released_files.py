"""Files of the release are there when student code runs: the instructor's, read-only."""

import base64
import gzip
import io
import json
import zipfile
from dataclasses import replace
from types import SimpleNamespace

import pytest

from autograder.assignment import RubricTest, load_assignment
from autograder.assignment.released import original_bytes
from autograder.container.digest import built_from
from autograder.errors import AutograderError
from autograder.gradescope.bundle import bundle_files, zip_bytes
from autograder.gradescope.config import Config
from autograder.grading.cache_keys import common_parts
from autograder.grading.released_files import put_released_files, released_in
from autograder.grading.rubric_suite import RubricSuite
from autograder.release import plan_release, solution_files, write_release
from autograder.rubric.local import local_server

FILES = {
    "data/values.csv": b"value\n1\n2\n3\n",
    "data/deep/er/array.npz": b"PK\x03\x04\r\n\0",
    "data/array.npy": b"\x93NUMPY\r\n",
    "picture.png": b"\x89PNG\r\n\x1a\n\0",
    "squares/figure.jpg": b"\xff\xd8\r\n",
    "squares/sound.wav": b"RIFF\r\n\0",
    "words.txt": b"one\ntwo\n",
    "tables/table.tsv": b"a\tb\r\n",
    "settings.json": b"{}\n",
    "model.pt": b"\0\1\2\r\n",
    "no_ending": b"text\n",
    "packed.csv.gz": gzip.compress(b"x\r\n", mtime=0),
}
READING = """
import os
from pathlib import Path

OFFSET = 0.0
for path, content in FILES.items():
    if Path(path).read_bytes() != content:
        OFFSET += 1.0
    try:
        open(path, "ab").write(b"mine")
    except OSError:
        continue
    OFFSET += 10.0
Path("data/own.txt").write_text("may be written")
"""


def set_up(course, files=FILES, patterns="claims/*.json", source=""):
    """Give the notebook's assignment these files, and its solution code that reads them."""
    spec = course / "assignment/noted/assignment.toml"
    text = spec.read_text(encoding="utf-8")
    text = text.replace('["requirements.txt"', json.dumps([*files, "requirements.txt"])[:-1])
    text = text.replace('["claims/*.json"]', json.dumps(patterns.split()))
    spec.write_text(text, encoding="utf-8")
    for path, content in files.items():
        target = course / "solutions/noted" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    notebook = course / "solutions/noted/squares.py"
    text = notebook.read_text(encoding="utf-8")
    text = text.replace("STEPS = 8\n", f"STEPS = 8\n{source}", 1)
    text = text.replace("len(values))\n", "len(values)) + OFFSET\n" if source else "len(values))\n")
    notebook.write_text(text, encoding="utf-8")
    return load_assignment(course, "noted")


def reading(files):
    return READING.replace("FILES", repr(dict(files)))


def forged(assignment, folder):
    """The complete solution with other files in the places of those of the release."""
    write_release(solution_files(assignment), folder)
    for path in FILES:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"forged")
    return folder


def of_mean(record):
    return next(item for item in record.items if item.id == "n1-mean")


@pytest.mark.repeated_without_root
def test_a_notebook_reads_the_instructors_files_and_cannot_change_them(course, tmp_path, grade):
    assignment = set_up(course, source=reading(FILES))
    complete = tmp_path / "complete"
    write_release(solution_files(assignment), complete)
    records = grade(assignment, complete, forged(assignment, tmp_path / "forged"))
    assert [of_mean(one).status for one in records] == ["passed", "passed"]


def test_a_file_that_is_to_be_handed_in_is_the_students_own(course, tmp_path, grade):
    own = "\nfrom pathlib import Path\nOFFSET = float(len(Path('data/values.csv').read_text()))\n"
    content = {"data/values.csv": b""}
    assignment = set_up(course, content, "claims/*.json data/*.csv", own)
    assert solution_files(assignment)["data/values.csv"] == b""
    complete, changed = tmp_path / "complete", tmp_path / "changed"
    for folder in (complete, changed):
        write_release(solution_files(assignment), folder)
    (changed / "data/values.csv").write_text("1")
    records = grade(assignment, complete, changed, items=["n1-mean"])
    assert [of_mean(one).status for one in records] == ["passed", "failed"]


def test_where_there_are_no_solutions_the_releases_copies_are_used(course, tmp_path, grade):
    """As on Gradescope: only what the zip brings is there."""
    assignment = set_up(course, source=reading(FILES))
    complete = tmp_path / "complete"
    write_release(solution_files(assignment), complete)
    data = zip_bytes(bundle_files(assignment, Config("noted"), ()))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if name.startswith("course/")]
        archive.extractall(tmp_path / "there", names)
    there = load_assignment(tmp_path / "there/course", "noted")
    assert not there.solutions.exists()
    assert original_bytes(there) == original_bytes(assignment)
    assert built_from(there) == built_from(assignment)
    assert common_parts(there) == common_parts(assignment)
    [record] = grade(there, complete, items=["n1-mean"])
    assert of_mean(record).status == "passed"


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63606060"
    "f80f0001040100f1a7d1e00000000049454e44ae426082"
)


def test_a_picture_of_the_release_is_shown_in_an_answer(course, tmp_path, grade):
    text = (course / "solutions/noted/squares.py").read_text(encoding="utf-8")
    text = text.replace("# To their mean", "# ![the net](figures/net.png) To their mean")
    (course / "solutions/noted/squares.py").write_text(text, encoding="utf-8")
    assignment = set_up(course, {"figures/net.png": PIXEL})
    write_release(solution_files(assignment), tmp_path / "complete")
    assert not (tmp_path / "complete/figures").exists()
    grade(assignment, tmp_path / "complete", items=["n1-why"], results=tmp_path / "results")
    texts = [file.read_text() for file in (tmp_path / "results").rglob("*.json")]
    assert any("figures/net.png" in text and base64.b64encode(PIXEL).decode() in text
               for text in texts)  # fmt: skip


@pytest.mark.parametrize("path", FILES)
def test_a_students_copy_gives_way_to_the_instructors(course, tmp_path, path):
    assignment = set_up(course)
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_bytes(b"forged")
    put_released_files(assignment, tmp_path)
    assert (tmp_path / path).read_bytes() == FILES[path]
    assert released_in(assignment, tmp_path)[path] is False
    assert (tmp_path / path).stat().st_mode & 0o222 == 0


@pytest.mark.parametrize("path", FILES)
def test_a_students_copy_stays_where_it_is_asked_for(course, tmp_path, path):
    patterns = (path,)
    assignment = replace(set_up(course), submission_files=patterns)
    put_released_files(assignment, tmp_path)
    assert (tmp_path / path).read_bytes() == FILES[path]  # nothing was handed in
    (tmp_path / path).unlink()
    (tmp_path / path).write_bytes(b"mine")
    put_released_files(assignment, tmp_path)
    assert released_in(assignment, tmp_path)[path] is True
    assert (tmp_path / path).read_bytes() == b"mine"


@pytest.mark.parametrize("taken", ["data", "data/deep", "data/deep/er"])
def test_a_file_in_the_place_of_a_folder_gives_way(course, tmp_path, taken):
    (tmp_path / taken).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / taken).write_bytes(b"a file")
    put_released_files(set_up(course), tmp_path)
    assert (tmp_path / "data/deep/er/array.npz").read_bytes() == FILES["data/deep/er/array.npz"]


@pytest.mark.parametrize("path", FILES)
def test_a_folder_in_the_place_of_a_file_gives_way(course, tmp_path, path):
    (tmp_path / path / "more").mkdir(parents=True)
    put_released_files(set_up(course), tmp_path)
    assert (tmp_path / path).read_bytes() == FILES[path]


@pytest.mark.parametrize("path", FILES)
def test_a_changed_file_changes_what_a_grading_depends_on(course, path):
    assignment = set_up(course)
    parts, image = common_parts(assignment), built_from(assignment)
    (course / "solutions/noted" / path).write_bytes(FILES[path] + b"x\n")
    changed = common_parts(assignment)
    assert [name for name in parts if parts[name] != changed[name]] == ["the files of the release"]
    now = built_from(assignment)
    assert [name for name in image if image[name] != now[name]] == ["released files"]


@pytest.mark.parametrize("path", FILES)
def test_a_file_that_is_missing_is_told_before_anything_is_graded(course, path):
    assignment = set_up(course)
    (course / "solutions/noted" / path).unlink()
    with pytest.raises(AutograderError) as told:
        original_bytes(assignment)
    assert f"'{path}' of the release is missing" in told.value.what
    assert "autograder build noted" in told.value.remedy


def test_tables_have_the_line_ends_of_the_release(course):
    assignment = set_up(course)
    (course / "solutions/noted/data/values.csv").write_bytes(b"value\r\n1\r\n2\r\n3\r\n")
    assert original_bytes(assignment)["data/values.csv"] == FILES["data/values.csv"]
    assert plan_release(assignment)["data/values.csv"] == FILES["data/values.csv"]


def test_the_public_checks_find_them_beside_the_notebook(course, tmp_path):
    files = {path: FILES[path] for path in list(FILES)[:4]}
    assignment = set_up(course, files, source=reading(files).replace('"ab"', '"rb+"'))
    folder = tmp_path / "release"
    write_release({**plan_release(assignment), **solution_files(assignment)}, folder)
    server = local_server(folder, seed=1)
    assert server is not None
    run = server.notebooks.run("squares")
    assert run.failures == []
    assert run.variables["OFFSET"] % 10 == 0  # only root may write to a file that is read-only
    assert (folder / "picture.png").read_bytes() == FILES["picture.png"]


def test_otters_zips_bring_them(course):
    pytest.importorskip("otter")
    from autograder.release.otter_bundle import otter_bundles

    [files] = otter_bundles(set_up(course), b"numpy\n").values()
    assert {path: files[f"files/{path}"] for path in FILES} == FILES


@pytest.mark.parametrize(
    "name",
    [
        "Deep Learning [2026]", "[2026] Deep Learning", "a[b", "a]b", "[[]]", "[]", "x[1][2]",
        "[a-z]", "[!a] * ?", "a::b[c]", "tests[0]/rubric", "ä [ü]", "100% [1|2]",
    ],
)  # fmt: skip
def test_a_rubric_is_collected_whatever_its_folders_are_called(tmp_path, name):
    folder = tmp_path / name / "rubric"
    folder.mkdir(parents=True)
    (folder / "test_it.py").write_text(
        'import pytest\n\n@pytest.mark.item("a-b")\n@pytest.mark.parametrize("n", [1, 2])\n'
        'def test_it(n):\n    """It."""\n'
    )
    test = RubricTest("test_it", "It.", "a-b", 1.0, "test_it.py", 5, False)
    suite = RubricSuite(SimpleNamespace(rubric_folder=folder, tests=[test]), ["a-b"])
    run = _Collected()
    suite.run(run)
    suite.close()
    assert run.failure == ""
    assert [test.name for test in run.tests] == ["test_it[1]", "test_it[2]"]
    assert run.tests[0].path == folder / "test_it.py"


class _Collected:
    """Keeps the tests that it is to run."""

    def run_tests(self, collected):
        self.tests = list(collected)
