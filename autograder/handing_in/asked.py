"""Read what an assignment asks for, and find the files of it that are there."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from autograder.handing_in.own_files import listing_of
from autograder.handing_in.requested import fault_of

FILE_BYTES = 100_000_000
TOTAL_BYTES = 100_000_000
"""Limits of what grading reads of one notebook, and of what upload pages usually take in all."""

_NOT_SOURCE = (".pyc", ".pyo", ".so", ".pyd", ".dll", ".dylib")


class Unusable(Exception):
    """The error if no submission can be made here; the text says why and what to do."""


@dataclass(frozen=True)
class FileItem:
    """An item that is answered by files.

    Attributes:
        id: its id.
        patterns: the paths of the files.
        accepts: the formats they may have, as `requested.format_of` calls them.
        most_bytes: the largest size of one file.
    """

    id: str
    patterns: tuple[str, ...]
    accepts: tuple[str, ...]
    most_bytes: int


@dataclass(frozen=True)
class RequiredFiles:
    """What an assignment asks for.

    Attributes:
        id: the assignment's id.
        title: the assignment's title.
        packages: folders, such as "shapes", and single modules, such as "train.py".
        notebooks: files, such as "report.ipynb".
        patterns: further files, such as "claims/*.json".
        written: for each notebook, the ids of the items that are answered in writing in it.
        libraries: top-level names of the libraries that grading has; empty if they are not known.
        allowed: for each notebook and package with such a list, the libraries it may import.
        file_items: the items that are answered by files.
    """

    id: str
    title: str
    packages: tuple[str, ...]
    notebooks: tuple[str, ...]
    patterns: tuple[str, ...]
    written: dict[str, list[str]]
    libraries: frozenset[str] = frozenset()
    allowed: dict[str, list[str]] = field(default_factory=dict)
    file_items: tuple[FileItem, ...] = ()


def read_asked(folder: Path) -> RequiredFiles:
    """Read what is asked for from the release in `folder`.

    Raises:
        Unusable: the release is damaged.
    """
    try:
        document = json.loads((folder / "tests" / "assignment.json").read_text(encoding="utf-8"))
        written: dict[str, list[str]] = {}
        for item in document["items"]:
            if item["kind"] == "written" and item.get("notebook"):
                written.setdefault(item["notebook"], []).append(item["id"])
        parts = [*document["packages"].values(), *document.get("notebooks", {}).values()]
        return RequiredFiles(
            id=document["id"],
            title=document["title"],
            packages=tuple(one["path"].strip("/") for one in document["packages"].values()),
            notebooks=tuple(one["path"] for one in document.get("notebooks", {}).values()),
            patterns=tuple(document.get("submission_files", ())),
            written=written,
            libraries=frozenset(document.get("libraries", ())),
            allowed={
                one["path"].strip("/"): list(one["allowed_imports"])
                for one in parts
                if one.get("allowed_imports") is not None
            },
            file_items=tuple(
                FileItem(one["id"], tuple(one["files"]), tuple(one["accepts"]), one["most_bytes"])
                for one in document["items"]
                if one["kind"] == "file"
            ),
        )
    except (OSError, ValueError, LookupError, AttributeError, TypeError):
        raise Unusable(
            "tests/assignment.json is missing or damaged. Unpack the assignment once more and put "
            "your files into it."
        ) from None


def find_files(asked: RequiredFiles, folder: Path) -> tuple[dict[str, Path], list[str]]:
    """Return the files to hand in by their paths in the zip, and what is wrong with them."""
    files: dict[str, Path] = {}
    warnings: list[str] = []
    for package in asked.packages:
        is_module = package.endswith(".py")
        found = _single(folder, package) if is_module else dict(_below(folder, package, warnings))
        files |= found
        if not found:
            warnings.append(f"{package} is missing" if is_module else f"{package}/ is missing")
    for notebook in asked.notebooks:
        if (folder / notebook).is_file():
            files[notebook] = folder / notebook
        else:
            warnings.append(f"{notebook} is missing{_instead(folder, notebook)}")
    for pattern in asked.patterns:
        matching = {_path(file, folder): file for file in _matching(folder, pattern)}
        files |= matching
        if not matching:
            by_run = "; the notebooks write it when they are run" if asked.notebooks else ""
            is_answer = any(pattern in one.patterns for one in asked.file_items)
            warnings += [] if is_answer else [f"{pattern} is missing{by_run}"]
    warnings += [*_about_file_items(asked, files)]
    return dict(sorted(files.items())), warnings + _too_large(files)


def _about_file_items(asked: RequiredFiles, files: dict[str, Path]) -> Iterator[str]:
    """Yield what is wrong with the files that answer items."""
    for item in asked.file_items:
        found = [path for path in files if any(matches(path, one) for one in item.patterns)]
        if not found:
            yield f"{' or '.join(item.patterns)}, the answer to {item.id}, is missing"
        for path in found:
            size = files[path].stat().st_size
            raw = files[path].read_bytes() if size <= item.most_bytes else None
            fault = fault_of(raw, size, item.accepts, item.most_bytes)
            if fault:
                yield f"{path}, the answer to {item.id}, {fault}"


def _single(folder: Path, path: str) -> dict[str, Path]:
    file = folder / path
    return {path: file} if file.is_file() else {}


def _below(folder: Path, package: str, warnings: list[str]) -> Iterator[tuple[str, Path]]:
    for file in sorted((folder / package).rglob("*")):
        path = _path(file, folder)
        parts = path.split("/")
        if any(part.startswith(".") or part == "__pycache__" for part in parts):
            continue
        if file.is_symlink():
            warnings.append(f"{path} is a link and was left out; put the file itself there")
        elif file.is_file() and file.suffix.lower() not in _NOT_SOURCE:
            yield path, file


def matches(path: str, pattern: str) -> bool:
    """Return whether a path matches a pattern, as `_matching` finds it."""
    if pattern.endswith("/**"):
        return path.startswith(pattern.removesuffix("**"))
    folder, _, name = pattern.rpartition("/")
    return path.rpartition("/")[0] == folder and fnmatchcase(path.rpartition("/")[2], name)


def _matching(folder: Path, pattern: str) -> list[Path]:
    """Return the files that match a pattern; `runs/**` matches all below a folder."""
    if pattern.endswith("/**"):
        below = folder / pattern.removesuffix("/**")
        return [below / path for path in listing_of(below)] if below.is_dir() else []
    return [file for file in folder.glob(pattern) if file.is_file()]


def _path(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix()


def _instead(folder: Path, notebook: str) -> str:
    stem = Path(notebook).stem.lower()
    others = sorted(file.name for file in folder.glob("*.ipynb") if stem in file.name.lower())
    return f"; if it is {others[0]!r}, rename that file" if others else ""


def _too_large(files: dict[str, Path]) -> list[str]:
    sizes = {path: file.stat().st_size for path, file in files.items()}
    warnings = [
        f"{path} has {size / 1e6:.0f} MB, more than can be graded; print and plot less in it"
        for path, size in sizes.items()
        if size > FILE_BYTES
    ]
    if sum(sizes.values()) > TOTAL_BYTES:
        warnings.append(f"all files together have {sum(sizes.values()) / 1e6:.0f} MB")
    return warnings
