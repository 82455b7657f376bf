"""Ways to make submissions, the ordinary and the hostile ones."""

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from autograder.submission import Collected, Limits, Submission, Wanted, collect

AREA = b"def area(width, height):\n    return width * height\n"
SHAPES = Wanted(packages=("shapes/",))
ORDINARY = {"shapes/__init__.py": b"", "shapes/area.py": AREA}

MakeZip = Callable[..., Path]
MakeFolder = Callable[..., Path]
Collect = Callable[..., Collected]


@pytest.fixture
def make_zip(tmp_path: Path) -> MakeZip:
    """Write a zip; values are contents, or (ZipInfo, contents) where a header has to lie."""

    def make(
        contents: Mapping[str, bytes] | list[tuple[str | zipfile.ZipInfo, bytes]],
        name: str = "anna.zip",
    ) -> Path:
        path = tmp_path / name
        pairs = contents.items() if isinstance(contents, Mapping) else contents
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, content in pairs:
                archive.writestr(entry, content)
        return path

    return make


@pytest.fixture
def make_folder(tmp_path: Path) -> MakeFolder:
    def make(contents: Mapping[str, bytes], name: str = "anna") -> Path:
        folder = tmp_path / name
        for path, content in contents.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return folder

    return make


@pytest.fixture
def collect_from(tmp_path: Path) -> Collect:
    """Collect `shapes/`, or what is asked for, and check that nothing else on disk has changed."""

    def run(
        path: Path,
        *packages: str,
        notebooks: tuple[str, ...] = (),
        patterns: tuple[str, ...] = (),
        limits: Limits | None = None,
    ) -> Collected:
        into = tmp_path / "collected"
        before = everything_in(tmp_path) - {into}
        if not (packages or notebooks or patterns):
            packages = SHAPES.packages
        try:
            wanted = Wanted(packages, notebooks, patterns)
            collected = collect(Submission("anna", path), wanted, into, limits)
        except Exception:
            assert everything_in(into) == set(), "a refused submission leaves nothing behind"
            raise
        finally:
            inside = everything_in(into) | {into}
            assert everything_in(tmp_path) - inside == before
        assert collected.root == into
        assert files_in(into) == set(collected.files)
        return collected

    return run


def everything_in(folder: Path) -> set[Path]:
    return set(folder.rglob("*")) if folder.exists() else set()


def files_in(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }
