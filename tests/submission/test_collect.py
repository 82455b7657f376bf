"""What is taken from a well-meant submission, wherever the student put it."""

import hashlib
import os
import stat
from pathlib import Path

import pytest

from autograder.errors import AutograderError
from autograder.submission import Limits, Submission, SubmissionError, collect

from .conftest import AREA, ORDINARY, SHAPES, Collect, MakeFolder, MakeZip


def test_a_folder_and_its_zip_are_collected_alike(
    make_zip: MakeZip, make_folder: MakeFolder, tmp_path: Path
) -> None:
    from_zip = collect(Submission("a", make_zip(ORDINARY)), SHAPES, tmp_path / "one")
    from_folder = collect(Submission("a", make_folder(ORDINARY)), SHAPES, tmp_path / "two")
    assert from_zip.files == from_folder.files == ("shapes/__init__.py", "shapes/area.py")
    assert from_zip.sha256 == from_folder.sha256
    assert from_zip.notices == from_folder.notices == ()
    assert (from_zip.root / "shapes/area.py").read_bytes() == AREA


def test_the_hash_changes_with_a_byte_and_with_a_name(make_zip: MakeZip, tmp_path: Path) -> None:
    contents = [
        ORDINARY,
        {**ORDINARY, "shapes/area.py": AREA + b"\n"},
        {"shapes/__init__.py": b"", "shapes/areas.py": AREA},
    ]
    hashes = {
        collect(
            Submission("a", make_zip(content, f"{number}.zip")), SHAPES, tmp_path / f"{number}"
        ).sha256
        for number, content in enumerate(contents)
    }
    assert len(hashes) == 3


def test_the_hash_is_over_sorted_paths_and_contents(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    whole = hashlib.sha256()
    for path in sorted(ORDINARY):
        whole.update(path.encode() + b"\0" + hashlib.sha256(ORDINARY[path]).digest())
    assert collect_from(make_zip(ORDINARY)).sha256 == whole.hexdigest()


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_only_the_package_is_taken(
    make_zip: MakeZip, make_folder: MakeFolder, collect_from: Collect, kind: str
) -> None:
    unasked = (
        "conftest.py pytest.ini sitecustomize.py numpy.py usercustomize.py evil.pth tests/test_a.py"
        " autograder/__init__.py setup.py inner.zip other/shapes.py"
    ).split()
    contents = ORDINARY | dict.fromkeys(unasked, b"raise SystemExit")
    path = make_zip(contents) if kind == "zip" else make_folder(contents)
    assert collect_from(path).files == tuple(sorted(ORDINARY))


def test_what_systems_and_editors_leave_behind_is_not_taken(
    make_folder: MakeFolder, collect_from: Collect
) -> None:
    clutter = (
        "__MACOSX/shapes/._area.py shapes/._area.py shapes/.DS_Store shapes/area.pyc"
        " shapes/__pycache__/area.cpython-311.pyc shapes/.ipynb_checkpoints/area.py"
        " .git/shapes/__init__.py .venv/lib/shapes/__init__.py"
    ).split()
    collected = collect_from(make_folder(ORDINARY | dict.fromkeys(clutter, b"x")))
    assert collected.files == tuple(sorted(ORDINARY))
    assert collected.notices == ()


def test_modes_are_plain_whatever_the_submission_and_the_umask_say(
    make_folder: MakeFolder, collect_from: Collect
) -> None:
    folder = make_folder({**ORDINARY, "shapes/inner/deep.py": b""})
    (folder / "shapes/area.py").chmod(0o4777)
    (folder / "shapes").chmod(0o2777)
    umask = os.umask(0o077)
    try:
        root = collect_from(folder).root
    finally:
        os.umask(umask)
    modes = {
        str(path.relative_to(root)): stat.S_IMODE(path.stat().st_mode)
        for path in (root, *root.rglob("*"))
    }
    assert modes == {
        ".": 0o755,
        "shapes": 0o755,
        "shapes/inner": 0o755,
        "shapes/__init__.py": 0o644,
        "shapes/area.py": 0o644,
        "shapes/inner/deep.py": 0o644,
    }


@pytest.mark.parametrize("above", ["hw/", "anna lee/hw (1)/final/", "./", "shapes/"])
def test_a_submission_may_be_nested_in_folders(
    make_zip: MakeZip, collect_from: Collect, above: str
) -> None:
    contents = {above + path: content for path, content in ORDINARY.items()}
    collected = collect_from(make_zip(contents | {above + "README.md": b""}))
    assert collected.files == tuple(sorted(ORDINARY))
    assert collected.notices == ()


def test_a_folder_with_the_packages_name_inside_the_package_belongs_to_it(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    collected = collect_from(make_zip({**ORDINARY, "shapes/shapes/__init__.py": b""}))
    assert collected.files == ("shapes/__init__.py", "shapes/area.py", "shapes/shapes/__init__.py")
    assert collected.notices == ()


def test_a_package_without_init_is_found_as_well(make_zip: MakeZip, collect_from: Collect) -> None:
    assert collect_from(make_zip({"work/shapes/area.py": AREA})).files == ("shapes/area.py",)


def test_a_copy_that_lies_deeper_is_left_out_and_named(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    old = {"backup/old/" + path: b"old" for path in ORDINARY}
    collected = collect_from(make_zip(ORDINARY | old))
    assert (collected.root / "shapes/area.py").read_bytes() == AREA
    assert collected.notices == (
        "graded the files in the top folder; ignored the copy in `backup/old/`.",
    )


def test_two_copies_side_by_side_are_refused(make_zip: MakeZip, collect_from: Collect) -> None:
    contents = {f"{top}/{path}": b"" for top in ("v1", "v2") for path in ORDINARY}
    with pytest.raises(SubmissionError) as refusal:
        collect_from(make_zip(contents))
    assert str(refusal.value) == (
        "The submission has `shapes/` more than once, in `v1/` and in `v2/`. "
        "Submit only one of them."
    )


def test_a_package_in_the_wrong_case_is_graded_with_a_notice(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    collected = collect_from(make_zip({"Shapes/area.py": AREA}))
    assert collected.files == ("shapes/area.py",)
    assert collected.notices == ("`Shapes/` was graded as `shapes/`: check upper and lower case.",)


def test_the_right_case_goes_before_the_wrong_one(make_zip: MakeZip, collect_from: Collect) -> None:
    collected = collect_from(make_zip({**ORDINARY, "Shapes/area.py": b"wrong"}))
    assert (collected.root / "shapes/area.py").read_bytes() == AREA


def test_two_wrong_cases_are_refused(make_zip: MakeZip, collect_from: Collect) -> None:
    with pytest.raises(SubmissionError, match="differ only by case"):
        collect_from(make_zip({"Shapes/area.py": AREA, "SHAPES/area.py": AREA}))


def test_of_two_packages_the_one_that_is_there_is_graded(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    collected = collect_from(make_zip(ORDINARY), "shapes/", "colours/")
    assert collected.files == tuple(sorted(ORDINARY))
    assert collected.notices == ("The submission has no folder `colours/`.",)


def test_two_packages_are_looked_for_side_by_side(make_zip: MakeZip, collect_from: Collect) -> None:
    contents = {"a/shapes/__init__.py": b"", "b/c/shapes/__init__.py": b"", "b/c/colours/x.py": b""}
    collected = collect_from(make_zip(contents), "shapes/", "colours/")
    assert collected.files == ("colours/x.py", "shapes/__init__.py")


@pytest.mark.parametrize(
    "contents",
    [{"area.py": AREA}, {"shapes.py": AREA}, {"notes/readme.md": b""}, {"shapes": b"a file"}],
)
def test_a_missing_package_is_said_in_plain_words(
    make_zip: MakeZip, collect_from: Collect, contents: dict[str, bytes]
) -> None:
    with pytest.raises(SubmissionError) as refusal:
        collect_from(make_zip(contents))
    assert str(refusal.value) == (
        "The submission has no folder `shapes/`. Submit the whole folder, under this name."
    )


def test_a_missing_submission_is_said_in_plain_words(tmp_path: Path, collect_from: Collect) -> None:
    with pytest.raises(SubmissionError, match="no such folder or zip"):
        collect_from(tmp_path / "nobody.zip")


def test_an_empty_folder_has_nothing_to_grade(tmp_path: Path, collect_from: Collect) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SubmissionError, match="The submission is empty"):
        collect_from(tmp_path / "empty")


def test_a_target_that_holds_something_is_a_defect_of_ours(
    make_zip: MakeZip, tmp_path: Path
) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "old.py").touch()
    with pytest.raises(ValueError, match="is not empty"):
        collect(Submission("a", make_zip(ORDINARY)), SHAPES, tmp_path / "used")


def test_a_target_that_cannot_be_written_is_not_the_students_fault(
    make_zip: MakeZip, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AutograderError, match="cannot write") as error:
        collect(Submission("a", make_zip(ORDINARY)), SHAPES, tmp_path / "file" / "inner")
    assert not isinstance(error.value, SubmissionError)


def test_many_notices_are_cut_to_a_few(make_folder: MakeFolder, collect_from: Collect) -> None:
    folder = make_folder(ORDINARY)
    for number in range(30):
        (folder / f"shapes/link{number}.py").symlink_to("/etc/passwd")
    notices = collect_from(folder, limits=Limits(notices=5)).notices
    assert len(notices) == 6
    assert notices[-1] == "and 25 more of this kind."
