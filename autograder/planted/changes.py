"""Make one change to the files of the complete solution; `catalogue` documents the kinds.

A change that no longer fits the solution is a `Misfit`: it would prove nothing.
"""

import ast
import io
import json
import re
import textwrap
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any

from autograder.planted.cells import NotebookText

Files = dict[str, bytes]


class Misfit(Exception):
    """A change does not fit the solution; the text says why."""


@dataclass(frozen=True)
class FileChange:
    """One change to one file.

    Attributes:
        file: its path in the complete solution.
        how: the change, with the catalogue's keys: `find`, `replace`, `key` and so on.
    """

    file: str
    how: Mapping[str, Any]

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "FileChange":
        """Create it from a TOML table."""
        return cls(table["file"], {key: table[key] for key in table if key != "file"})


def fault_of_change(table: object) -> str:
    """Return what is wrong with the table of a change, completing "it has a change ..."."""
    if not isinstance(table, dict):
        return "that is not a table"
    keys = frozenset(table) - {"file"}
    if "file" not in table or keys not in _KINDS:
        return f"with the keys {sorted(table)}"
    for key in sorted(keys - {"value", "remove"} | {"file"}):
        if not isinstance(table[key], str):
            return f"whose {key} is not text"
    return ""


def apply_change(change: FileChange, files: Files) -> None:
    """Make the change in `files`.

    Raises:
        Misfit: it does not fit.
    """
    file = _meant(change.file, files)
    make = _KINDS[frozenset(change.how)]
    if file not in files and make not in (_write, _embed):
        raise Misfit(f"the solution has no file {change.file}")
    make(files, file, change.how)


def _meant(file: str, files: Files) -> str:
    """Return the path of a file; a notebook may be given by the path of its source."""
    notebook = str(PurePosixPath(file).with_suffix(".ipynb"))
    return notebook if file not in files and file.endswith(".py") and notebook in files else file


def _edit(files: Files, file: str, edit: Callable[[str], str], code_only: bool = False) -> None:
    """Apply `edit` to a file, or to each cell of a notebook, and check that code stays valid."""
    if not file.endswith(".ipynb"):
        before = _texts(files, file)[0]
        files[file] = _edited(before, edit, file, is_code=file.endswith(".py")).encode()
        return
    notebook = NotebookText(files[file])
    for cell in notebook.cells:
        if cell.is_code or not code_only:
            cell.source = _edited(cell.source, edit, file, cell.is_code)
    files[file] = notebook.to_bytes()


def _edited(before: str, edit: Callable[[str], str], file: str, is_code: bool) -> str:
    after = edit(before)
    if after != before and is_code and not _syntax_error(before, file):  # magics never parse
        error = _syntax_error(after, file)
        if error:
            raise Misfit(f"{file} is not valid Python with it ({error})")
    return after


def _syntax_error(text: str, file: str) -> str:
    try:
        compile(text, file, "exec", dont_inherit=True)
    except SyntaxError as error:
        return str(error)
    return ""


def _texts(files: Files, file: str, code_only: bool = False) -> list[str]:
    if file.endswith(".ipynb"):
        cells = NotebookText(files[file]).cells
        return [cell.source for cell in cells if cell.is_code or not code_only]
    try:
        return [files[file].decode()]
    except UnicodeDecodeError:
        raise Misfit(f"{file} is not text") from None


def _replace_text(files: Files, file: str, how: Mapping[str, Any]) -> None:
    found = sum(text.count(how["find"]) for text in _texts(files, file))
    if found != 1:
        occurs = f"occurs {found} times" if found else "does not occur"
        raise Misfit(f"its text to find {occurs} in {file}")
    _edit(files, file, lambda text: text.replace(how["find"], how["replace"]))


def _replace_body(files: Files, file: str, how: Mapping[str, Any]) -> None:
    name = how["function"].split(".")
    found = sum(_find_function(text, name) is not None for text in _texts(files, file))
    if found == 0:
        raise Misfit(f"{file} has no function {how['function']}")
    if found > 1:
        raise Misfit(f"{found} cells of {file} define {how['function']}")
    _edit(files, file, lambda text: _with_body(text, name, how["replace"]))


def _with_body(text: str, name: list[str], replacement: str) -> str:
    function = _find_function(text, name)
    if function is None:
        return text
    has_docstring = ast.get_docstring(function) is not None
    kept = function.body[1:] if has_docstring else function.body
    first = kept[0].lineno - 1 if kept else function.body[0].end_lineno
    assert first is not None  # parsed from text, so every node has its lines
    lines = text.splitlines(keepends=True)
    indent = " " * function.body[0].col_offset
    body = textwrap.indent(textwrap.dedent(replacement).strip("\n") + "\n", indent)
    return "".join(lines[:first]) + body + "".join(lines[function.end_lineno :])


def _find_function(text: str, name: list[str]) -> ast.FunctionDef | None:
    try:
        found: ast.AST = ast.parse(text)
    except SyntaxError:  # prose, or a cell with magics
        return None
    for step in name:
        inner = [
            node
            for node in ast.iter_child_nodes(found)
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == step
        ]
        if not inner:
            return None
        found = inner[0]
    return found if isinstance(found, ast.FunctionDef) else None


def _rename_variable(files: Files, file: str, how: Mapping[str, Any]) -> None:
    name = re.compile(rf"(?<![\w.]){re.escape(how['variable'])}\b")
    if not any(name.search(text) for text in _texts(files, file, code_only=True)):
        raise Misfit(f"{file} has no variable {how['variable']}")
    _edit(files, file, lambda text: name.sub(how["replace"], text), code_only=True)


def _write(files: Files, file: str, how: Mapping[str, Any]) -> None:
    files[file] = how["content"].encode()


def _embed(files: Files, file: str, how: Mapping[str, Any]) -> None:
    if how["embed"] not in files:
        raise Misfit(f"the solution has no file {how['embed']}")
    text = b64encode(files[how["embed"]]).decode()
    files[file] = f'import base64\n\nDATA = base64.b64decode("{text}")\n'.encode()


def _rename(files: Files, file: str, how: Mapping[str, Any]) -> None:
    if how["rename"] in files:
        raise Misfit(f"the solution already has a file {how['rename']}")
    files[how["rename"]] = files.pop(file)


def _remove(files: Files, file: str, how: Mapping[str, Any]) -> None:
    del files[file]


def _delete_cell(files: Files, file: str, how: Mapping[str, Any]) -> None:
    notebook = _notebook(files, file)
    del notebook.cells[_cell_with(notebook, how["delete_cell"], file)]
    files[file] = notebook.to_bytes()


def _move_cell(files: Files, file: str, how: Mapping[str, Any]) -> None:
    notebook = _notebook(files, file)
    cell = notebook.cells[_cell_with(notebook, how["move_cell"], file)]
    other = notebook.cells[_cell_with(notebook, how["before"], file)]
    notebook.cells.remove(cell)
    notebook.cells.insert(notebook.cells.index(other), cell)
    files[file] = notebook.to_bytes()


def _notebook(files: Files, file: str) -> NotebookText:
    if not file.endswith(".ipynb"):
        raise Misfit(f"{file} is not a notebook")
    return NotebookText(files[file])


def _cell_with(notebook: NotebookText, text: str, file: str) -> int:
    found = [number for number, cell in enumerate(notebook.cells) if text in cell.source]
    if len(found) != 1:
        raise Misfit(f"{len(found) or 'no'} cells of {file} contain {text!r}")
    return found[0]


def _set_value(files: Files, file: str, how: Mapping[str, Any]) -> None:
    if file.endswith(".npz"):
        before = files[file]
        files[file] = _with_array(before, how["key"], how["value"], file)
        _state_digest_again(files, file, before)
        return
    document = json.loads(files[file])
    *path, last = how["key"].split(".")
    place = document
    try:
        for step in path:
            place = place[int(step) if isinstance(place, list) else step]
        last = int(last) if isinstance(place, list) else last
        place[last]  # must exist, or the change would prove nothing
    except (LookupError, TypeError, ValueError):
        raise Misfit(f"{file} has no {how['key']}") from None
    place[last] = how["value"]
    files[file] = (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def _state_digest_again(files: Files, file: str, before: bytes) -> None:
    """Update the digest of the weights, as for a student who saved other ones."""
    description = str(PurePosixPath(file).with_suffix(".json"))
    if description in files:
        stated, true = (sha256(data).hexdigest().encode() for data in (before, files[file]))
        files[description] = files[description].replace(stated, true)


def _with_array(data: bytes, key: str, value: float, file: str) -> bytes:
    import numpy as np  # here, so that reading a catalogue stays fast

    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    if key not in arrays:
        raise Misfit(f"{file} has no array {key}")
    arrays[key] = np.full_like(arrays[key], value)
    written = io.BytesIO()
    np.savez(written, **arrays)
    return written.getvalue()


def _copy_arrays(files: Files, file: str, how: Mapping[str, Any]) -> None:
    import numpy as np  # here, so that reading a catalogue stays fast

    if not file.endswith(".npz"):
        raise Misfit(f"{file} contains no arrays")
    before = files[file]
    with np.load(io.BytesIO(before), allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    begin, source = f"{how['prefix']}.", f"{how['from']}."
    meant = [name for name in arrays if name.startswith(begin)]
    if not meant or any(source + name[len(begin) :] not in arrays for name in meant):
        raise Misfit(f"{file} has no arrays {begin}* that match those of {source}*")
    arrays |= {name: arrays[source + name[len(begin) :]] for name in meant}
    written = io.BytesIO()
    np.savez(written, **arrays)
    files[file] = written.getvalue()
    _state_digest_again(files, file, before)


_KINDS: dict[frozenset[str], Callable[[Files, str, Mapping[str, Any]], None]] = {
    frozenset({"find", "replace"}): _replace_text,
    frozenset({"function", "replace"}): _replace_body,
    frozenset({"variable", "replace"}): _rename_variable,
    frozenset({"content"}): _write,
    frozenset({"embed"}): _embed,
    frozenset({"rename"}): _rename,
    frozenset({"remove"}): _remove,
    frozenset({"delete_cell"}): _delete_cell,
    frozenset({"move_cell", "before"}): _move_cell,
    frozenset({"key", "value"}): _set_value,
    frozenset({"prefix", "from"}): _copy_arrays,
}
