"""What is in a place: nothing is followed out of it, not even by a hard link."""

import os
import socket
import zipfile
from pathlib import Path

import pytest

from autograder.submission import Limits, Submission, SubmissionError, collect, fingerprint
from autograder.submission.folder import SHARED, FolderSource, is_shared
from autograder.submission.opening import open_source

from .conftest import ORDINARY, SHAPES, MakeFolder, MakeZip


def taken(place: Path, path: Path, into: Path) -> tuple[str, ...]:
    return collect(Submission("eve", path, place), SHAPES, into).files


@pytest.mark.parametrize("target", ["../class/ada", "ada", "/dev", "/", ".", ".."])
def test_a_link_in_a_place_is_not_followed(
    make_folder: MakeFolder, tmp_path: Path, target: str
) -> None:
    place = make_folder(ORDINARY, "class/ada").parent
    (place / "eve").symlink_to(target)
    with pytest.raises(SubmissionError, match="is a link, and links are not followed"):
        taken(place, place / "eve", tmp_path / "into")


@pytest.mark.parametrize("target", ["../ada.zip", "/dev/zero", "/proc/self/mem", "nowhere"])
def test_a_zip_that_is_a_link_is_not_followed(
    make_zip: MakeZip, tmp_path: Path, target: str
) -> None:
    place = make_zip(ORDINARY, "ada.zip").parent
    (place / "eve").mkdir()
    (place / "eve/work.zip").symlink_to(target)
    with pytest.raises(SubmissionError, match="is a link, and links are not followed"):
        taken(place, place / "eve/work.zip", tmp_path / "into")
    known = fingerprint(Submission("eve", place / "eve/work.zip", place), SHAPES)
    (place / "ada.zip").write_bytes(b"changed")
    assert fingerprint(Submission("eve", place / "eve/work.zip", place), SHAPES) == known


def test_a_link_on_the_way_is_not_followed(make_zip: MakeZip, tmp_path: Path) -> None:
    place = tmp_path / "class"
    place.mkdir()
    make_zip(ORDINARY, "work.zip")
    (place / "eve").symlink_to(tmp_path)
    with pytest.raises(SubmissionError, match="is a link"):
        taken(place, place / "eve/work.zip", tmp_path / "into")


def test_a_link_that_a_person_named_is_followed(make_folder: MakeFolder, tmp_path: Path) -> None:
    folder = make_folder(ORDINARY)
    (tmp_path / "named").symlink_to(folder)
    found = collect(Submission("anna", tmp_path / "named"), SHAPES, tmp_path / "into")
    assert found.files == tuple(sorted(ORDINARY))


def test_a_folder_that_is_swapped_for_a_link_while_it_is_listed_is_not_followed(
    make_folder: MakeFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_folder({"area.py": b"theirs"}, "secret")
    folder = make_folder({**ORDINARY, "shapes/inner/mine.py": b"mine"})
    open_ = os.open

    def swap(path: object, *args: int, **kwargs: int) -> int:
        if path == "inner" and not (folder / "shapes/inner").is_symlink():
            (folder / "shapes/inner/mine.py").unlink()
            (folder / "shapes/inner").rmdir()
            (folder / "shapes/inner").symlink_to(tmp_path / "secret")
        return open_(path, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", swap)
    found = collect(Submission("anna", folder), SHAPES, tmp_path / "into")
    assert (folder / "shapes/inner").is_symlink()
    assert found.files == tuple(sorted(ORDINARY))


def test_a_zip_that_is_swapped_for_a_link_as_it_is_opened_is_not_followed(
    make_zip: MakeZip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_zip(ORDINARY, "ada.zip")
    place = tmp_path / "class"
    place.mkdir()
    (place / "eve.zip").write_bytes(b"")
    open_ = os.open

    def swap(path: object, *args: int, **kwargs: int) -> int:
        if path == "eve.zip":
            (place / "eve.zip").unlink()
            (place / "eve.zip").symlink_to(other)
        return open_(path, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", swap)
    with pytest.raises(SubmissionError, match="cannot be read"):
        taken(place, place / "eve.zip", tmp_path / "into")


@pytest.mark.parametrize("kind", ["pipe", "socket"])
def test_what_would_block_or_act_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's address may not be long
    with socket.socket(socket.AF_UNIX) as listener:
        os.mkfifo("eve.zip") if kind == "pipe" else listener.bind("eve.zip")
        with pytest.raises(SubmissionError, match="neither a folder nor a zip"):
            taken(tmp_path, tmp_path / "eve.zip", tmp_path / "into")


def test_a_sparse_zip_of_a_terabyte_is_refused_without_reading_it(tmp_path: Path) -> None:
    with open(tmp_path / "eve.zip", "wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(SubmissionError, match="larger than 2 GB"):
        taken(tmp_path, tmp_path / "eve.zip", tmp_path / "into")
    assert len(fingerprint(Submission("eve", tmp_path / "eve.zip", tmp_path), SHAPES)) == 64


def test_a_sparse_module_of_a_terabyte_ends_a_fingerprint(make_folder: MakeFolder) -> None:
    folder = make_folder(ORDINARY)
    for name in ("one", "two"):
        with open(folder / f"shapes/{name}.py", "wb") as file:
            file.truncate(1 << 40)
    limits = Limits(total_bytes=1_000_000)
    assert len(fingerprint(Submission("eve", folder), SHAPES, limits)) == 64


def test_a_hard_link_to_another_place_is_left_out(make_folder: MakeFolder, tmp_path: Path) -> None:
    solution = make_folder(ORDINARY, "solution")
    eve = make_folder({"shapes/__init__.py": b""}, "class/eve")
    os.link(solution / "shapes/area.py", eve / "shapes/area.py")
    found = collect(Submission("eve", eve, eve.parent), SHAPES, tmp_path / "into")
    assert found.files == ("shapes/__init__.py",)
    assert found.notices == (f"ignored: `shapes/area.py` {SHARED}.",)


def test_two_names_in_one_submission_are_its_own(make_folder: MakeFolder, tmp_path: Path) -> None:
    eve = make_folder(ORDINARY)
    os.link(eve / "shapes/area.py", eve / "shapes/copy.py")
    found = collect(Submission("eve", eve), SHAPES, tmp_path / "into")
    assert set(found.files) == {*ORDINARY, "shapes/copy.py"}


def test_a_zip_that_is_a_hard_link_is_refused(make_zip: MakeZip, tmp_path: Path) -> None:
    other = make_zip(ORDINARY, "ada.zip")
    place = tmp_path / "class"
    (place / "eve").mkdir(parents=True)
    for name in ("eve.zip", "eve/work.zip"):
        os.link(other, place / name)
        with pytest.raises(SubmissionError, match="is a hard link to a file outside"):
            taken(place, place / name, tmp_path / name.replace("/", "-"))


@pytest.mark.parametrize(
    ("file_owner", "folder_owner", "place_owner", "shared"),
    [
        (1001, 1001, 0, False),  # a student's own file, which a backup has linked
        (1002, 1001, 0, True),  # a file of somebody else's
        (0, 1001, 0, True),  # a file of the course's
        (0, 0, 0, True),  # all were collected by one user: nobody can tell
        (1001, 1001, 1001, True),
    ],
)
def test_owners_tell_whose_a_file_with_two_names_is(
    tmp_path: Path, file_owner: int, folder_owner: int, place_owner: int, shared: bool
) -> None:
    (tmp_path / "one").touch()
    os.link(tmp_path / "one", tmp_path / "two")
    fields = list(os.stat(tmp_path / "one"))
    fields[4] = file_owner
    status = os.stat_result(fields)
    assert is_shared(status, 1, folder_owner, place_owner) is shared
    assert not is_shared(status, 2, folder_owner, place_owner)


def test_files_of_a_student_that_a_backup_has_linked_are_read(
    make_folder: MakeFolder, tmp_path: Path
) -> None:
    eve = make_folder(ORDINARY, "class/eve")
    for path in (eve, *eve.rglob("*")):
        try:
            os.chown(path, 54_321, -1)
        except PermissionError:
            pytest.skip("files can be given away by root only")
    os.link(eve / "shapes/area.py", tmp_path / "backup.py")
    assert taken(eve.parent, eve, tmp_path / "into") == tuple(sorted(ORDINARY))
    mallory = make_folder({"shapes/__init__.py": b""}, "class/mallory")
    os.chown(mallory, 54_322, -1)
    os.link(eve / "shapes/area.py", mallory / "shapes/area.py")
    assert taken(eve.parent, mallory, tmp_path / "theirs") == ("shapes/__init__.py",)
    assert taken(eve.parent, eve, tmp_path / "again") == tuple(sorted(ORDINARY))


def test_descriptors_are_given_back(make_folder: MakeFolder, tmp_path: Path) -> None:
    folder = make_folder({**ORDINARY, "shapes/a/b/c.py": b""})
    before = len(os.listdir("/proc/self/fd"))
    for path in (folder, tmp_path / "nowhere", folder / "shapes/area.py"):
        try:
            source = open_source(Submission("eve", path, tmp_path), Limits())
        except SubmissionError:
            continue
        source.entries()
        source.close()
    assert len(os.listdir("/proc/self/fd")) == before


def test_two_listings_are_the_same(make_folder: MakeFolder) -> None:
    source = open_source(Submission("eve", make_folder(ORDINARY)), Limits())
    assert isinstance(source, FolderSource)
    shown = [[entry.shown for entry in source.entries()] for _ in range(2)]
    source.close()
    assert shown[0] == shown[1] != []


def test_a_hundred_thousand_files_and_a_very_deep_folder_end(
    make_folder: MakeFolder, tmp_path: Path
) -> None:
    folder = make_folder(ORDINARY)
    deep = folder / "x"
    for _ in range(300):
        deep = deep / "d"
    deep.mkdir(parents=True)
    for number in range(3_000):
        (folder / f"{number}.py").touch()
    with pytest.raises(SubmissionError, match="more than 1,000 files"):
        collect(Submission("eve", folder), SHAPES, tmp_path / "into", Limits(listed=1_000))
    assert collect(Submission("eve", folder), SHAPES, tmp_path / "into").files


def test_names_with_long_and_equal_beginnings_keep_their_endings() -> None:
    from autograder.submission.names import distinct_names, safe_name

    names = distinct_names(["\u00e9" * 200, "\u00e9" * 201, "e\u0301" * 200, "a" * 300, "A" * 400])
    assert len(names) == len(set(names)) == 5
    assert [safe_name(name) for name in names] == names


def test_zip_is_still_read_by_descriptor(make_zip: MakeZip, tmp_path: Path) -> None:
    path = make_zip(ORDINARY)
    assert zipfile.is_zipfile(path)
    assert taken(tmp_path, path, tmp_path / "into") == tuple(sorted(ORDINARY))
