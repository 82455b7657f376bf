"""Find the libraries that the code imports but will not have where it is graded."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from autograder.handing_in.asked import RequiredFiles
from autograder.handing_in.notebooks import NotebookCell
from autograder.notebook.imported import libraries_imported


def missing_in_notebook(
    asked: RequiredFiles, path: str, cells: list[NotebookCell], folder: Path
) -> list[str]:
    """Return a sentence for each library that a notebook imports and grading does not have.

    Args:
        asked: what the assignment asks for.
        path: the notebook's path in `folder`.
        cells: the notebook's cells.
        folder: the release's folder.
    """
    warnings: dict[str, str] = {}
    for cell in cells:
        if cell.kind == "code":
            for name, words in _missing(asked, path, cell.source, folder):
                warnings.setdefault(name, f"{path}, {cell.shown}: {words}")
    return list(warnings.values())


def missing_in_module(asked: RequiredFiles, path: str, source: str, folder: Path) -> list[str]:
    """Return the same sentences for a module of a package, or for one next to a notebook."""
    return [f"{path}: {words}" for _, words in _missing(asked, path, source, folder)]


def _missing(
    asked: RequiredFiles, path: str, source: str, folder: Path
) -> Iterator[tuple[str, str]]:
    """Yield each such library with the rest of a sentence about it."""
    allowed = asked.allowed.get(path) or asked.allowed.get(path.partition("/")[0])
    for name, line in libraries_imported(source).items():
        if not asked.libraries or _is_own(name, path, folder):
            continue
        what = f"line {line} imports {name}"
        if name not in asked.libraries:
            yield (
                name,
                f"{what}, which is not installed for grading; write your code without it",
            )
        elif allowed is not None and name not in allowed:
            yield name, f"{what}, which may not be used there; only {_listed(allowed)} may be"


def _listed(allowed: list[str]) -> str:
    return f"{', '.join(allowed)}{' and ' if allowed else ''}the standard library"


def _is_own(name: str, path: str, folder: Path) -> bool:
    """Tell whether a module is the student's: next to the importing file or next to its package."""
    places = {folder, folder / PurePosixPath(path).parent}
    return any((place / f"{name}.py").is_file() or (place / name).is_dir() for place in places)
