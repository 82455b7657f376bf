"""Files that are not text ship unchanged, and are searched for what must not ship."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import numpy as np
import pytest

from autograder.assignment import load_assignment
from autograder.errors import AssignmentErrors
from autograder.release import binary_files, compare_release, plan_release, write_release
from autograder.release.binary_files import search_bytes
from autograder.release.secret_lines import Secret, Secrets

LINE = "total_of_values = np.sum(values, dtype=np.float64)"
SECRETS = Secrets(
    [Secret(LINE, "a solution's line", "squares.py", 7)],
    ["test_squares_hidden"],
    {"claims/n1.json": b'{"seed": 3}'},
)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\r\n\xff\xfe"


def in_zip(*contents, names="abcdef"):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in zip(names, contents, strict=False):
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def in_tar(content, mode="w"):
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as archive:
        entry = tarfile.TarInfo("a")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return target.getvalue()


def arrays(**each):
    target = io.BytesIO()
    np.savez_compressed(target, **each)
    return target.getvalue()


@pytest.fixture
def plan(course):
    """Plan the release of a course whose `[release] copy` has some more files."""

    def plan(**files):
        for name, content in files.items():
            path = name.replace("__", "/").replace("_DOT_", ".")
            target = course / "solutions/noted" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            spec = course / "assignment/noted/assignment.toml"
            text = spec.read_text(encoding="utf-8")
            if f'"{path}"' not in text:
                text = text.replace("copy = [", f'copy = ["{path}", ')
                spec.write_text(text, encoding="utf-8")
        return plan_release(load_assignment(course, "noted"))

    return plan


INNOCENT = {
    "a_DOT_png": PNG,
    "squares__b_DOT_jpg": b"\xff\xd8\xff\xe0\r\n\0JFIF",
    "data__c_DOT_npz": arrays(x=np.arange(3.0)),
    "data__d_DOT_npy": np.arange(300).tobytes(),
    "e_DOT_bin": bytes(range(256)) * 3,
    "f_DOT_csv_DOT_gz": gzip.compress(b"x,y\r\n1,2\r\n", mtime=0),
    "g_DOT_zip": in_zip(b"one", PNG),
    "h_DOT_tar": in_tar(b"one"),
    "i_DOT_wav": b"RIFF$\0\0\0WAVEfmt ",
    "j_DOT_pkl": b"\x80\x04]\x94(K\x01K\x02e.",
    "k_DOT_tsv": "naïve\tcafé\r\n".encode("latin-1"),
    "l_DOT_webp": b"RIFF\r\n\r\nWEBPVP8 ",
    "m_DOT_data": b"",
}


def test_files_that_are_no_text_ship_byte_for_byte(plan, tmp_path):
    """A table as text ships with line feeds."""
    planned = plan(**INNOCENT, data__a_DOT_csv=b"x,y\r\n1,2\r\n")
    assert planned["data/a.csv"] == b"x,y\n1,2\n"
    release = tmp_path / "release"
    write_release(planned, release)
    assert compare_release(planned, release) == []
    for name, content in INNOCENT.items():
        path = name.replace("__", "/").replace("_DOT_", ".")
        assert planned[path] == content
        (release / path).write_bytes(content + b"\n")
        assert [str(one) for one in compare_release(planned, release)] == [f"{path}: changed"]
        (release / path).write_bytes(content)


def test_a_table_that_is_no_text_is_refused(plan):
    with pytest.raises(AssignmentErrors, match="is not UTF-8"):
        plan(data__a_DOT_csv=b"caf\xe9\n")


@pytest.mark.parametrize("name", INNOCENT)
def test_a_file_without_a_secret_is_not_refused(name):
    assert search_bytes(INNOCENT[name], SECRETS, "a.bin") == []


def test_given_files_of_a_package_may_be_no_text(course):
    spec = course / "assignment/tiny/assignment.toml"
    text = spec.read_text(encoding="utf-8")
    assert 'given = ["shapes/__init__.py"]' in text
    text = text.replace('__init__.py"]', '__init__.py", "shapes/weights.npz"]')
    spec.write_text(text, encoding="utf-8")
    (course / "solutions/tiny/shapes/weights.npz").write_bytes(PNG)
    assignment = load_assignment(course, "tiny")
    assert plan_release(assignment)["shapes/weights.npz"] == PNG
    assert "shapes/weights.npz" in assignment.released_files
    assert "shapes/__init__.py" not in assignment.released_files


HIDING = {
    "as it is": b"\0\xff" + LINE.encode() + b"\0",
    "in UTF-16": b"\xff\xfe" + LINE.encode("utf-16-le"),
    "in a picture's comment": PNG + b"tEXtComment\0" + LINE.encode(),
    "in a zip": in_zip(b"\xff", LINE.encode()),
    "in an array of text": arrays(text=np.array(LINE.encode())),
    "in a zip in a zip": in_zip(in_zip(LINE.encode())),
    "by gzip": gzip.compress(LINE.encode(), mtime=0),
    "by bz2": bz2.compress(LINE.encode()),
    "by xz": lzma.compress(LINE.encode()),
    "in a tar": in_tar(LINE.encode()),
    "in a packed tar": in_tar(LINE.encode(), "w:gz"),
    "in a gzip in a tar": in_tar(gzip.compress(LINE.encode(), mtime=0)),
}


@pytest.mark.parametrize("how", HIDING)
def test_a_solutions_line_in_such_a_file_is_found(how):
    (problem,) = search_bytes(HIDING[how], SECRETS, "a.bin")
    assert problem.file == "a.bin"
    assert problem.what.startswith(f"a solution's line ships: `{LINE}` of squares.py:7")


def test_a_build_with_such_a_file_is_refused(plan):
    with pytest.raises(AssignmentErrors) as refused:
        plan(data__a_DOT_npz=HIDING["in an array of text"])
    (problem,) = refused.value.problems
    assert problem.file == "student_release/noted/data/a.npz"
    assert problem.what.startswith(f"a solution's line ships: `{LINE}` of solutions/noted/squares")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (in_zip(b"\xff see test_squares_hidden"), "names the hidden test file"),
        (in_zip(b"\xa7\r\r\n", names=["a.pyc"]), "cannot be searched for leaks: it is compiled"),
        (in_zip(b"\xff# BEGIN SOLUTION n1-mean"), "holds the marker '# BEGIN SOLUTION'"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "cannot be searched for leaks: it is a 7z archive"),
        (b"Rar!\x1a\x07\x01\0", "cannot be searched for leaks: it is a RAR archive"),
        (in_zip(b"one")[:-30] + in_zip(b"one")[-22:], "cannot be searched for leaks"),
        (
            gzip.compress(b"one", mtime=0)[:-9],
            "cannot be searched for leaks: it cannot be unpacked",
        ),
        (
            in_zip(in_zip(in_zip(in_zip(in_zip(b"one"))))),
            "cannot be searched for leaks: it is packed more than 3",
        ),
    ],
)
def test_what_cannot_be_searched_or_gives_hidden_tests_away_does_not_ship(content, words):
    (problem,) = search_bytes(content, SECRETS, "a.bin")
    assert problem.what.startswith(words)


def test_the_complete_solutions_own_files_are_found_in_an_archive():
    (problem,) = search_bytes(in_zip(b'{"seed": 3}'), SECRETS, "a.zip")
    assert problem.what.startswith("holds 'claims/n1.json' of the complete solution")


def test_an_archive_that_grows_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(binary_files, "MOST_BYTES", 10_000)
    (problem,) = search_bytes(in_zip(bytes(20_000)), SECRETS, "a.zip")
    assert "unpacks to more than" in problem.what
    assert search_bytes(in_zip(bytes(100)), SECRETS, "a.zip") == []
