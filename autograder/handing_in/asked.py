"""Read what an assignment asks for, and find the files of it that are there."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FILE_BYTES = 100_000_000
TOTAL_BYTES = 100_000_000
"""Limits of what grading reads of one notebook, and of what upload pages usually take in all."""

_NOT_SOURCE = (".pyc", ".pyo", ".so", ".pyd", ".dll", ".dylib")


class Unusable(Exception):
    """The error if no submission can be made here; the text says why and what to do."""


@dataclass(frozen=True)
class RequiredFiles:
    """What an assignment asks for.

    Attributes:
        id: the assignment's id.
        title: the assignment's title.
        packages: folders, such as "shapes".
        notebooks: files, such as "report.ipynb".
        patterns: further files, such as "claims/*.json".
        written: for each notebook, the ids of the items that are answered in writing in it.
        libraries: top-level names of the libraries that grading has; empty if they are not known.
        allowed: for each notebook and package with such a list, the libraries it may import.
    """

    id: str
    title: str
    packages: tuple[str, ...]
    notebooks: tuple[str, ...]
    patterns: tuple[str, ...]
    written: dict[str, list[str]]
    libraries: frozenset[str] = frozenset()
    allowed: dict[str, list[str]] = field(default_factory=dict)


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
        found = dict(_below(folder, package, warnings))
        files |= found
        if not found:
            warnings.append(f"{package}/ is missing")
    for notebook in asked.notebooks:
        if (folder / notebook).is_file():
            files[notebook] = folder / notebook
        else:
            warnings.append(f"{notebook} is missing{_instead(folder, notebook)}")
    for pattern in asked.patterns:
        matching = {_path(file, folder): file for file in folder.glob(pattern) if file.is_file()}
        files |= matching
        if not matching:
            warnings.append(f"{pattern} is missing; the notebooks write it when they are run")
    return dict(sorted(files.items())), warnings + _too_large(files)


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
