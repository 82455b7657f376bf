"""Limit a student's own files: which may be taken, how large they may be, what is read of them."""

import sys
import unicodedata
from pathlib import Path
from urllib.parse import unquote

from autograder.handing_in.notebooks import NotebookError, read_notebook
from autograder.notebook.cells import TOOL_FILE

FILES = 200
"""The most files that are taken because others refer to them."""
FILE_BYTES = 50_000_000
TOTAL_BYTES = 100_000_000
"""Limits of one of these files, and of all: ten photographs, or the data of a small experiment."""
FOLDER_BYTES = 20_000_000
"""The limit of a folder that code names as a whole; a larger one is a dataset to download."""
PARTS = 2_000_000
"""The most lists, objects and values of a notebook that is read at all; each takes memory."""

PICTURES = (
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic", ".heif", ".avif", ".bmp", ".tif", ".tiff",
    ".svg",
)  # fmt: skip
IN_TEXT = (*PICTURES, ".pdf")
"""What text shows or links to; code may open files of any kind."""

_LISTED = 20_000
_CODE_BYTES = 2_000_000
_NOT_TAKEN = (".pyc", ".pyo", ".so", ".pyd", ".dll", ".dylib", ".zip", ".tar", ".gz", ".7z", ".rar")
_OF_THE_RELEASE = frozenset(
    ["autograder", TOOL_FILE, "tests", "claims", "conftest.py", "hand_in.py", "pytest.ini",
     "receipt.json", "requirements.txt"]
)  # fmt: skip
NEVER_MODULES = frozenset(sys.stdlib_module_names) | frozenset(
    "autograder conftest hand_in otter sitecustomize support tests usercustomize"
    " numpy torch matplotlib IPython msgpack pytest _pytest".split()
)
"""Names that a student's own module cannot have; grading adds those of installed libraries."""


def is_passed_over(path: str) -> bool:
    """Tell whether a file is never taken merely because others refer to it."""
    parts = path.split("/")
    return (
        parts[0] in _OF_THE_RELEASE
        or path.lower().endswith(_NOT_TAKEN)
        or any(part.startswith(".") or part in ("__pycache__", "site-packages") for part in parts)
    )


def is_scanned(path: str) -> bool:
    """Tell whether a file can refer to others."""
    return path.endswith((".py", ".ipynb"))


def is_too_much(data: bytes) -> bool:
    """Tell whether a notebook contains more lists, objects and values than are read."""
    return sum(data.count(sign) for sign in (b",", b"[", b"{")) > PARTS


def texts_of(path: str, data: bytes) -> tuple[str, str]:
    """Return the code of a module or notebook, and its other text, as far as they are read."""
    if path.endswith(".py"):
        return _normal(data[:_CODE_BYTES].decode("utf-8", "replace")), ""
    if is_too_much(data):
        return "", ""
    try:
        cells = read_notebook(data)
    except NotebookError:
        return "", ""
    code = "\n".join(cell.source for cell in cells if cell.kind == "code")
    text = "\n".join(cell.source for cell in cells if cell.kind != "code")
    return _normal(code[:_CODE_BYTES]), _normal(unquote(text[:_CODE_BYTES]))


def listing_of(folder: Path) -> dict[str, int]:
    """Return the size of each file below a folder, by path, without links and hidden files."""
    found: dict[str, int] = {}
    queue = [folder]
    while queue and len(found) < _LISTED:
        try:
            inside = sorted(queue.pop().iterdir())
        except OSError:
            continue
        if any(one.name == "pyvenv.cfg" for one in inside):
            continue
        for one in inside:
            if one.name.startswith(".") or one.name == "__pycache__" or one.is_symlink():
                continue
            if one.is_dir():
                queue.append(one)
            elif one.is_file():
                found[one.relative_to(folder).as_posix()] = one.stat().st_size
    return dict(sorted(found.items()))


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)
