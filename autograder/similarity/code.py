"""Read students' code: the modules of the packages, and the code cells of the notebooks."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assignment import Assignment
from autograder.errors import UsageError
from autograder.handing_in.notebooks import NotebookError, read_notebook
from autograder.handing_in.own_files import is_passed_over
from autograder.submission import Submission, SubmissionError, collect
from autograder.submission.choose import Wanted

MOST_CHARACTERS = 400_000
"""The most characters of one file; a longer file is not written by hand, and is left out."""


@dataclass(frozen=True)
class Code:
    """The code of one submission.

    Attributes:
        name: the submission's name.
        files: path and text of each module and notebook, sorted by path; of a notebook its code
            cells, one after the other.
        notices: what could not be read.
        owners: ids of the students who handed it in, as far as metadata states them.
    """

    name: str
    files: tuple[tuple[str, str], ...]
    notices: tuple[str, ...] = ()
    owners: frozenset[str] = frozenset()


def code_of(assignment: Assignment, submission: Submission, owners: Iterable[str] = ()) -> Code:
    """Return the code of a submission, which may be a folder or a zip.

    Files that ship complete are left out, because they are not the student's own work.

    Args:
        assignment: the assignment that was handed in.
        submission: the submission, with its place.
        owners: ids of the students who handed it in.
    """
    wanted = Wanted(
        packages=tuple(one.path for one in assignment.packages if not one.is_module),
        notebooks=tuple(notebook.path for notebook in assignment.notebooks),
        single_modules=tuple(one.path for one in assignment.packages if one.is_module),
    )
    with tempfile.TemporaryDirectory(prefix="autograder-similar-") as folder:
        try:
            collected = collect(submission, wanted, Path(folder) / "submission")
        except SubmissionError as error:
            return Code(submission.name, (), (f"{submission.name}: {error}",))
        modules = [collected.root / path for path in collected.files if path.endswith(".py")]
        code = _read(assignment, submission.name, collected.root, modules)
        return replace(code, owners=frozenset(owners))


def stub_of(assignment: Assignment) -> Code:
    """Return the code of the released stub.

    Raises:
        UsageError: the release is not built.
    """
    folder = assignment.release_folder
    if not folder.is_dir():
        raise UsageError(
            "the released stub is not there to compare with", assignment.show(folder),
            f"run `autograder build {assignment.id}`",
        )  # fmt: skip
    modules = {
        *(one for one in folder.glob("*.py") if not is_passed_over(one.name)),
        *(
            one
            for package in assignment.packages
            for one in package.files_in(folder)
            if one.suffix == ".py"
        ),
    }
    return _read(assignment, "the released stub", folder, modules)


def _read(assignment: Assignment, name: str, root: Path, paths: Iterable[Path]) -> Code:
    given = {path for package in assignment.packages for path in package.given}
    modules = sorted(file for file in paths if file.relative_to(root).as_posix() not in given)
    notebooks = [root / notebook.path for notebook in assignment.notebooks]
    files, notices = [], []
    for file in (*modules, *(notebook for notebook in notebooks if notebook.is_file())):
        path = file.relative_to(root).as_posix()
        try:
            text = _text(file)
        except NotebookError as error:
            notices.append(f"{name}: {path} {error}")
            continue
        if len(text) > MOST_CHARACTERS:
            notices.append(f"{name}: {path} is longer than {MOST_CHARACTERS:,} characters")
        elif text.strip():
            files.append((path, text))
    return Code(name, tuple(files), tuple(notices))


def _text(file: Path) -> str:
    data = file.read_bytes()
    if file.suffix == ".ipynb":
        cells = (cell.source for cell in read_notebook(data) if cell.kind == "code")
        text = "\n".join(f"{source}\n" for source in cells)
    else:
        text = data.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")
