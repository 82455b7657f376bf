"""Search a finished release for anything that only the instructor may have.

Every file of the release is read, regardless of who wrote it. Of a notebook, the sources of its
cells are read, not the JSON that they are written in. `binary_files` searches files that are not
text.
"""

import io
import json
import re
import tokenize
from collections.abc import Mapping

from autograder.assignment import decode_text
from autograder.assignment.parts import GENERATED
from autograder.assignment.released import is_text
from autograder.errors import AssignmentErrors, Problem
from autograder.release.binary_files import search_bytes
from autograder.release.comments import marker_words, resembled_marker
from autograder.release.secret_lines import Secrets, find_line, squeeze

STUB_COMMENTS = ("# BEGIN YOUR SOLUTION", "# END YOUR SOLUTION")
PLAIN_MARKER = re.compile(r"#+\W*(BEGIN|END)[\W_]+(SOLUTION|PROMPT)", re.IGNORECASE)


def scan_release(release: Mapping[str, bytes], secrets: Secrets, shown: str) -> list[Problem]:
    """Return a problem for each leak in a release.

    Args:
        release: all its files, by path.
        secrets: what the release must not contain.
        shown: the name of the release's folder in messages.
    """
    problems: list[Problem] = []
    for path, data in sorted(release.items()):
        file = f"{shown}/{path}"
        problems += _solution_files(path, data, secrets, file)
        if not is_text(path):
            problems += search_bytes(data, secrets, file)
            problems += _secrets_in(path, [], secrets, file)
            continue
        try:
            text = decode_text(data, file)
            readings = _readings(path, text, file)
        except AssignmentErrors as error:
            problems += error.problems
            continue
        problems += _markers_left(path, text, readings, file)
        problems += _outputs(path, text, file)
        problems += _secrets_in(path, readings, secrets, file)
    return problems


def _readings(path: str, text: str, file: str) -> list[tuple[int, str]]:
    """Return the texts to search: the file's own text and, in JSON, each string as it reads.

    Returns:
        (line, text) for each; the line is where the text begins, 0 for the file's own text.
    """
    if not path.endswith((".json", ".ipynb")):
        return [(0, text)]
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise AssignmentErrors(
            [Problem(file, 0, "is not JSON, so it cannot be searched for leaks", "write it anew")]
        ) from None
    readings = [(0, text)]
    waiting: list[object] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            quoted = (json.dumps(value), json.dumps(value, ensure_ascii=False))
            start = max(text.find(form) for form in quoted)
            readings.append((text.count("\n", 0, max(start, 0)) + 1, value))
        elif isinstance(value, list):
            waiting += value
            if all(isinstance(part, str) for part in value):  # the lines of a cell
                waiting.append("".join(value))
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
    return readings


def _secrets_in(
    path: str, readings: list[tuple[int, str]], secrets: Secrets, file: str
) -> list[Problem]:
    problems: dict[str, Problem] = {}
    for place, text in [*readings, (0, path)]:
        squeezed = squeeze(text)
        for secret in secrets.lines:
            line = find_line(secret.text, text) if secret.squeezed in squeezed else 0
            if line and secret.text not in problems:
                what = f"{secret.what} ships: `{secret.text}` of {secret.file}:{secret.line}"
                remedy = "take it out of what ships, or write it in another way there"
                problems[secret.text] = Problem(file, place or line, what, remedy)
        for name in secrets.names:
            if name in text and name not in problems:
                line = text.count("\n", 0, text.index(name)) + 1
                what = f"names the hidden test file '{name}.py'"
                problems[name] = Problem(file, place or line, what, "take the name out")
    return list(problems.values())


def _solution_files(path: str, data: bytes, secrets: Secrets, file: str) -> list[Problem]:
    """Return a problem if a file belongs only to the complete solution, or is a copy of one."""
    for secret, content in secrets.files.items():
        is_generated = path.partition("/")[0] in GENERATED  # as the README of the release
        if (path == secret and not is_generated) or (content and data == content):
            what = f"is '{secret}' of the complete solution, which never ships"
            return [Problem(file, 0, what, "take it out of what ships")]
    return []


def _markers_left(
    path: str, text: str, readings: list[tuple[int, str]], file: str
) -> list[Problem]:
    """Return a problem for each marker that would ship, and for each line that resembles one."""
    found: dict[int, str] = {}
    remedy = "mark solutions in solutions/ only, and write markers exactly"
    problems = []
    if path.endswith(".py"):
        try:
            found = _marker_comments(text)
        except (tokenize.TokenError, SyntaxError):
            return [Problem(file, 0, "is not Python, so it cannot be searched", "correct it")]
    for number, cell in _cells(path, text):
        if cell.get("cell_type") == "code":
            for comment in _marker_comments_of_cell(cell).values():
                what = f"cell {number} holds the marker '{comment}'"
                problems.append(Problem(file, 0, what, remedy))
    for place, reading in readings if not problems else []:
        for number, line in enumerate(reading.split("\n"), 1):
            stripped = line.strip()
            if PLAIN_MARKER.match(stripped):
                found.setdefault(place or number, stripped)
    return problems + [
        Problem(file, line, f"holds the marker '{comment}'", remedy)
        for line, comment in sorted(found.items())
    ]


def _marker_comments(python: str) -> dict[int, str]:
    """Return the comments that are markers or resemble one, by line."""
    found = {}
    for token in tokenize.generate_tokens(io.StringIO(python).readline):
        comment = token.string
        if token.type != tokenize.COMMENT or comment in STUB_COMMENTS:
            continue
        if marker_words(comment)[0] or resembled_marker(comment):
            found[token.start[0]] = comment
    return found


def _marker_comments_of_cell(cell: Mapping[str, object]) -> dict[int, str]:
    source = cell.get("source", "")
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    try:
        return _marker_comments(text)
    except (tokenize.TokenError, SyntaxError):
        return {}  # magics are not Python; plain markers are found in any text


def _cells(path: str, text: str) -> list[tuple[int, dict[str, object]]]:
    """Return the cells of a notebook with their numbers, or nothing for another file."""
    if not path.endswith(".ipynb"):
        return []
    document = json.loads(text)
    cells = document.get("cells", []) if isinstance(document, dict) else []
    numbered = enumerate(cells if isinstance(cells, list) else [], 1)
    return [(number, cell) for number, cell in numbered if isinstance(cell, dict)]


def _outputs(path: str, text: str, file: str) -> list[Problem]:
    """Return a problem for each cell of a notebook that contains outputs."""
    return [
        Problem(file, 0, f"cell {number} holds outputs", "clear the notebook's outputs")
        for number, cell in _cells(path, text)
        if cell.get("outputs") or cell.get("execution_count")
    ]
