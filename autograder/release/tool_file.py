"""Make the tool's file in a release: a zip that Python imports from, with the same bytes anywhere.

Entries are stored, not compressed, because compressed bytes would depend on the version of zlib,
and git keeps only the differences between two stored zips.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import autograder
from autograder.notebook.cells import TOOL_FILE

SHIPPED_PACKAGES = (
    "remote", "rubric", "notebook", "live", "datasets", "claims", "handing_in", "readers",
)  # fmt: skip
_SHIPPED_MODULES = ("atomic.py", "bounded_file.py")  # imported by these packages

_PACKAGE = '''\
"""The part of the grader that runs on a student's machine; the checks in tests/ use it.
It is generated: whatever is changed here has no effect on grading."""

import os

# Modules are still found after a notebook has changed its current folder.
__path__ = [os.path.abspath(path) for path in __path__]
'''
_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can contain
_UNIX, _MODE = 3, 0o100644


def tool_modules() -> dict[str, bytes]:
    """Return the modules that a release needs, by their paths in the zip."""
    package = Path(autograder.__file__).parent
    modules = {"autograder/__init__.py": _PACKAGE.encode()}
    paths = [package / name for name in _SHIPPED_MODULES]
    for name in SHIPPED_PACKAGES:
        paths += sorted((package / name).glob("*.py"))
    for path in paths:
        name = f"autograder/{path.relative_to(package).as_posix()}"
        modules[name] = path.read_bytes().replace(b"\r\n", b"\n")
    return modules


def tool_file(modules: Mapping[str, bytes]) -> bytes:
    """Return the zip of some modules, sorted by path."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(modules):
            entry = zipfile.ZipInfo(path, _TIME)
            entry.create_system, entry.external_attr = _UNIX, _MODE << 16
            archive.writestr(entry, modules[path])
    return written.getvalue()


def with_modules(release: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of a release, with the files in the tool's zip in place of the zip.

    A file in the zip is named `autograder.pyz/PATH`. A zip that cannot be read stays as it is.
    """
    files = dict(release)
    modules = dict(_entries(release.get(TOOL_FILE, b"")))
    if modules:
        del files[TOOL_FILE]
    return files | {f"{TOOL_FILE}/{path}": data for path, data in modules.items()}


def _entries(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a zip, or nothing if it cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from [(one.filename, archive.read(one)) for one in archive.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return
