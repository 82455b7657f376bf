"""Make the zip for Gradescope: its scripts, the tool, and one assignment without its solutions.

The same sources give the same bytes on every machine: nothing is compressed, because compressors
differ; times are fixed, names are sorted, and line ends are those of Unix.
"""

import io
import stat
import zipfile
from pathlib import Path

from autograder.assignment import Assignment
from autograder.assignment.course import SPEC
from autograder.assignment.released import original_bytes, shipped_bytes
from autograder.errors import AutograderError
from autograder.gradescope.config import CONFIG_FILE, COURSE_FOLDER, SCRIPTS, Config
from autograder.gradescope.needs import TORCH_EXTRA
from autograder.grading.planted_code import load_planted, resolved, resolved_file

_PACKAGE = Path(__file__).parent.parent
_OF_THE_TOOL = ("pyproject.toml", "constraints.txt", "README.md", "LICENSE")
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def bundle_files(
    assignment: Assignment, config: Config, extras: tuple[str, ...]
) -> dict[str, bytes]:
    """Return the zip's files, by path.

    Args:
        assignment: what is graded. Neither its solutions nor its catalogue are in the zip; of
            items that students write tests for, it has the modules that these are run on.
        config: how it is graded.
        extras: the tool's groups of dependencies that grading needs.

    Raises:
        AutograderError: this installation of the tool lacks files that belong to it, or the
            course lacks a file that ships unchanged.
    """
    wanted = f"./tool[{','.join(extras)}]" if extras else "./tool"
    files = {file.name: _read(file) for file in sorted(SCRIPTS.iterdir()) if file.is_file()}
    files[CONFIG_FILE] = config.text().encode()
    index = "--extra-index-url ${TORCH_INDEX}\n" if TORCH_EXTRA in extras else ""
    files["requirements.txt"] = f"{index}{wanted}\n".encode()
    home = f"{COURSE_FOLDER}/assignment/{assignment.id}"
    files[f"{home}/{SPEC}"] = _read(assignment.folder / SPEC)
    for file in sorted(assignment.rubric_folder.rglob("*.py")):
        files[f"{home}/rubric/{file.relative_to(assignment.rubric_folder).as_posix()}"] = _read(
            file
        )
    for item in assignment.items:
        if item.tests:  # these are made from the solutions, which are not in the zip
            path = resolved_file(assignment, item).relative_to(assignment.root).as_posix()
            files[f"{COURSE_FOLDER}/{path}"] = resolved(load_planted(assignment, item))
    for path, data in _hidden_data(assignment).items():
        files[f"{home}/{path}"] = data
    for package in assignment.packages:  # these show what students have added
        for file in sorted(package.files_in(assignment.release_folder)):
            path = file.relative_to(assignment.root).as_posix()
            files[f"{COURSE_FOLDER}/{path}"] = shipped_bytes(file.read_bytes(), path, path)
    release = assignment.show(assignment.release_folder)
    for path, data in original_bytes(assignment).items():
        files[f"{COURSE_FOLDER}/{release}/{path}"] = data
    return files | _tool_files()


def _hidden_data(assignment: Assignment) -> dict[str, bytes]:
    """Return the files of the course's own data that do not ship, by their paths."""
    places = [place for one in assignment.datasets for place in one.files.values()]
    shipped = assignment.released_files
    files = {place: assignment.folder / place for place in places if place not in shipped}
    return {place: file.read_bytes() for place, file in files.items() if file.is_file()}


def zip_bytes(files: dict[str, bytes]) -> bytes:
    """Return a zip of files; those that begin with `#!` are executable."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _EARLIEST)
            entry.create_system = 3  # Unix, on every system: it keeps permissions
            rights = 0o755 if files[path].startswith(b"#!") else 0o644
            entry.external_attr = (stat.S_IFREG | rights) << 16
            archive.writestr(entry, files[path])
    return buffer.getvalue()


def _tool_files() -> dict[str, bytes]:
    root = _PACKAGE.parent
    missing = [name for name in _OF_THE_TOOL if not (root / name).is_file()]
    if missing:
        raise AutograderError(
            f"{' and '.join(missing)} of the tool cannot be found",
            str(root),
            "run this from a checkout of the tool, installed with `pip install --editable`",
        )
    files = {f"tool/{name}": _read(root / name) for name in _OF_THE_TOOL}
    for file in sorted(_PACKAGE.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts and not file.name.startswith("."):
            files[f"tool/{file.relative_to(root).as_posix()}"] = _read(file)
    return files


def _read(file: Path) -> bytes:
    """Return a file's bytes with Unix line ends: git may have changed them in this checkout."""
    return file.read_bytes().replace(b"\r\n", b"\n")
