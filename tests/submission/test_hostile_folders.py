"""Folders with links, pipes and things that cannot be read."""

import os
import socket
from pathlib import Path

import pytest

from autograder.submission import Limits, Submission, SubmissionError, collect
from autograder.submission.folder import FolderSource

from .conftest import AREA, ORDINARY, SHAPES, Collect, MakeFolder


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    folder = tmp_path / "secret"
    folder.mkdir()
    (folder / "answers.py").write_text("ANSWER = 42\n")
    return folder


def test_links_are_left_out_wherever_they_point(
    make_folder: MakeFolder, collect_from: Collect, secret: Path
) -> None:
    folder = make_folder(ORDINARY)
    (folder / "shapes/file_link.py").symlink_to(secret / "answers.py")
    (folder / "shapes/folder_link").symlink_to(secret)
    (folder / "shapes/loop").symlink_to(folder)
    (folder / "shapes/broken.py").symlink_to("nowhere")
    collected = collect_from(folder)
    assert collected.files == tuple(sorted(ORDINARY))
    assert collected.notices == tuple(
        f"ignored: `shapes/{name}` is a link."
        for name in ("broken.py", "file_link.py", "folder_link", "loop")
    )


def test_a_package_that_is_a_link_is_refused(
    make_folder: MakeFolder, collect_from: Collect, secret: Path
) -> None:
    folder = make_folder({"README.md": b""})
    (folder / "shapes").symlink_to(secret)
    with pytest.raises(SubmissionError, match="`shapes` is a link"):
        collect_from(folder)


def test_a_file_that_becomes_a_link_after_the_listing_is_not_followed(
    make_folder: MakeFolder, tmp_path: Path, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_folder({**ORDINARY, "shapes/inner/answers.py": b"mine"})
    listing = FolderSource.entries

    def swap_after_listing(source: FolderSource) -> object:
        entries = listing(source)
        (folder / "shapes/area.py").unlink()
        (folder / "shapes/area.py").symlink_to(secret / "answers.py")
        (folder / "shapes/inner/answers.py").unlink()
        (folder / "shapes/inner").rmdir()
        (folder / "shapes/inner").symlink_to(secret)
        return entries

    monkeypatch.setattr(FolderSource, "entries", swap_after_listing)
    collected = collect(Submission("anna", folder), SHAPES, tmp_path / "collected")
    assert collected.files == ("shapes/__init__.py",)
    assert len(collected.notices) == 2


def test_pipes_and_sockets_are_left_out_without_waiting(
    make_folder: MakeFolder, collect_from: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_folder(ORDINARY)
    os.mkfifo(folder / "shapes/pipe.py")
    monkeypatch.chdir(folder)  # a socket's address may not be long
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("shapes/socket.py")
        collected = collect_from(folder)
    assert collected.files == tuple(sorted(ORDINARY))
    assert collected.notices == (
        "ignored: `shapes/pipe.py` is not a plain file.",
        "ignored: `shapes/socket.py` is not a plain file.",
    )


@pytest.mark.parametrize("name", ["back\\slash.py", "new\nline.py", "\x1b[31m.py", "\u202e.py"])
def test_names_that_systems_misread_are_left_out(
    make_folder: MakeFolder, collect_from: Collect, name: str
) -> None:
    collected = collect_from(make_folder({**ORDINARY, f"shapes/{name}": b"x"}))
    assert collected.files == tuple(sorted(ORDINARY))
    (notice,) = collected.notices
    assert notice.isprintable()


def test_a_name_that_is_not_text_is_left_out(
    make_folder: MakeFolder, collect_from: Collect
) -> None:
    folder = make_folder(ORDINARY)
    (Path(os.fsdecode(os.fsencode(folder) + b"/shapes/caf\xe9.py"))).write_bytes(b"x")
    collected = collect_from(folder)
    assert collected.files == tuple(sorted(ORDINARY))
    assert collected.notices == (
        r"ignored: `shapes/caf\udce9.py` has a character in its name that cannot be shown.",
    )


def test_what_cannot_be_read_costs_itself_only(
    make_folder: MakeFolder, collect_from: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests may run as root, who can read everything: the refusals are staged."""
    folder = make_folder({**ORDINARY, "shapes/closed.py": b"", "shapes/locked/inner.py": b""})
    open_ = os.open

    def refuse(path: object, *args: int, **kwargs: int) -> int:
        if path in ("closed.py", "locked"):
            raise PermissionError(13, "Permission denied")
        return open_(path, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    collected = collect_from(folder)
    monkeypatch.undo()
    assert collected.files == tuple(sorted(ORDINARY))
    assert collected.notices == (
        "ignored: `shapes/locked` cannot be read (Permission denied).",
        "ignored: `shapes/closed.py` cannot be read (Permission denied).",
    )


def test_a_folder_that_cannot_be_read_is_refused(
    make_folder: MakeFolder, collect_from: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_folder(ORDINARY)

    def refuse(path: Path) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(SubmissionError, match="The submitted folder cannot be read"):
        collect_from(folder)


def test_folders_in_folders_without_end_are_cut(
    make_folder: MakeFolder, collect_from: Collect
) -> None:
    deep = "shapes/" + "d/" * 60 + "deep.py"
    collected = collect_from(make_folder({**ORDINARY, deep: b""}))
    assert collected.files == tuple(sorted(ORDINARY))
    (notice,) = collected.notices
    assert notice.endswith("is 20 folders deep.")


def test_too_many_files_and_too_many_bytes_are_refused(
    make_folder: MakeFolder, collect_from: Collect
) -> None:
    folder = make_folder(ORDINARY | {f"shapes/m{number}.py": AREA for number in range(40)})
    with pytest.raises(SubmissionError, match="more than 30 files in `shapes/`"):
        collect_from(folder, limits=Limits(files=30))
    with pytest.raises(SubmissionError, match="more than 30 files"):
        collect_from(folder, limits=Limits(listed=30))
    with pytest.raises(SubmissionError, match="larger than"):
        collect_from(folder, limits=Limits(total_bytes=1_000))


def test_a_sparse_file_of_a_terabyte_is_refused(
    make_folder: MakeFolder, collect_from: Collect
) -> None:
    folder = make_folder(ORDINARY)
    with open(folder / "shapes/huge.py", "wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(SubmissionError, match="larger than 1 MB"):
        collect_from(folder, limits=Limits(total_bytes=1_000_000))


@pytest.mark.parametrize("kind", ["device", "pipe"])
def test_a_submission_that_is_neither_folder_nor_zip_is_refused(
    tmp_path: Path, collect_from: Collect, kind: str
) -> None:
    path = Path("/dev/zero")
    if kind == "pipe":
        path = tmp_path / "pipe.zip"
        os.mkfifo(path)
    with pytest.raises(SubmissionError, match="neither a folder nor a zip"):
        collect_from(path)
