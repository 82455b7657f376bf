"""Search a finished release for anything that only the instructor may have.

Every file of the release is read, whoever wrote it. A secret is a line of a solution that does
not also stand in shared code, which is the sources outside their regions and the tool's own
modules; or a line of a hidden test that stands neither there nor in a public test.
"""

import io
import json
import re
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from autograder.assignment import decode_text
from autograder.errors import AssignmentErrors, Problem
from autograder.release.comments import marker_words, resembled_marker
from autograder.release.regions import Source

LEAST_CODE = 20  # characters of a line of code, without blanks, that tell something
LEAST_COMMENT = 24  # of a comment: prose is more often alike by chance
READABLE = (
    "",
    ".cfg",
    ".csv",
    ".ini",
    ".ipynb",
    ".json",
    ".md",
    ".py",
    ".toml",
    ".txt",
    ".yaml",
    ".yml",
)
STUB_COMMENTS = ("# BEGIN YOUR SOLUTION", "# END YOUR SOLUTION")
PLAIN_MARKER = re.compile(r"#+\W*(BEGIN|END)[\W_]+(SOLUTION|PROMPT)", re.IGNORECASE)


@dataclass(frozen=True)
class Secret:
    """A line that no release may hold, and where it comes from."""

    text: str
    what: str
    file: str
    line: int

    @property
    def squeezed(self) -> str:
        """The text without blanks."""
        return squeeze(self.text)


@dataclass
class Secrets:
    """What a release is searched for.

    Attributes:
        lines: lines of solutions and of hidden tests.
        names: names of hidden test files, without their ending.
    """

    lines: list[Secret] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def squeeze(text: str) -> str:
    """Return the text without any white space."""
    return "".join(text.split())


def collect_secrets(
    sources: Iterable[Source],
    hidden: Mapping[str, str],
    tool: Iterable[str],
    public_tests: Iterable[str],
) -> Secrets:
    """Return what students must not get.

    Args:
        sources: the annotated sources.
        hidden: texts of the hidden tests, by what messages call their files.
        tool: texts of the tool's own modules: what stands there is no secret.
        public_tests: texts of the public tests: what stands there is no secret of hidden ones.
    """
    shared = list(tool)
    solved: list[Secret] = []
    for source in sources:
        inside = {n for region in source.regions for n in range(region.begin, region.end)}
        lines = enumerate(source.text.split("\n"), 1)
        shared.append("\n".join(line for number, line in lines if number not in inside))
        solved += [
            Secret(line, "a solution's line", source.file, number)
            for number, line in telling_lines(source.text)
            if number in inside
        ]
    tested = [
        Secret(line, "a hidden test's line", file, number)
        for file, text in hidden.items()
        for number, line in telling_lines(text)
    ]
    names = [PurePosixPath(file).stem for file in hidden]
    secrets = _unshared(solved, shared) + _unshared(tested, [*shared, *public_tests])
    return Secrets(secrets, names)


def _unshared(secrets: Iterable[Secret], shared: Iterable[str]) -> list[Secret]:
    """Return the secrets that stand in none of the shared texts, each text once."""
    text = "\n".join(shared)
    squeezed = squeeze(text)
    kept: dict[str, Secret] = {}
    for secret in secrets:
        if not (secret.squeezed in squeezed and find_line(secret.text, text)):
            kept.setdefault(secret.squeezed, secret)
    return list(kept.values())


def telling_lines(python: str) -> list[tuple[int, str]]:
    """Return the lines of a Python text, code and comments apart, that are long enough to tell.

    Returns:
        (line, text) for each; a text has no comment in it, or is a comment without its `#`.
    """
    lines = python.split("\n")
    telling = []
    for token in tokenize.generate_tokens(io.StringIO(python).readline):
        if token.type == tokenize.COMMENT:
            line, column = token.start
            lines[line - 1] = lines[line - 1][:column]
            comment = token.string.lstrip("#").strip()
            if len(squeeze(comment)) >= LEAST_COMMENT:
                telling.append((line, comment))
    for number, text in enumerate(lines, 1):
        if len(squeeze(text)) >= LEAST_CODE:
            telling.append((number, text.strip()))
    return sorted(telling)


def find_line(secret: str, text: str) -> int:
    """Return the line of `text` where the secret begins, blanks and line ends aside, or 0."""
    letters = r"\s*".join(re.escape(letter) for letter in squeeze(secret))
    before = r"(?<!\w)" if re.match(r"\w", secret) else ""
    behind = r"(?!\w)" if re.search(r"\w$", secret) else ""
    found = re.search(before + letters + behind, text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def scan_release(release: Mapping[str, bytes], secrets: Secrets, shown: str) -> list[Problem]:
    """Return a problem for each leak in a release.

    Args:
        release: all its files, by path.
        secrets: what it must not hold.
        shown: how messages call the release's folder.
    """
    problems: list[Problem] = []
    for path, data in sorted(release.items()):
        file = f"{shown}/{path}"
        if PurePosixPath(path).suffix not in READABLE:
            what = "is of a kind that cannot be searched for leaks"
            problems.append(Problem(file, 0, what, "leave it out, or ship it as text"))
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
    """Return the texts to search: the file's own, and in JSON each string as it reads.

    Returns:
        (line, text) for each; the line is where it stands, 0 for the file's own text.
    """
    if not path.endswith((".json", ".ipynb")):
        return [(0, text)]
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise AssignmentErrors(
            [Problem(file, 0, "is no JSON, so it cannot be searched for leaks", "write it anew")]
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


def _markers_left(
    path: str, text: str, readings: list[tuple[int, str]], file: str
) -> list[Problem]:
    """Return a problem for each marker, or what looks like one, that would ship."""
    found: dict[int, str] = {}
    if path.endswith(".py"):
        try:
            for token in tokenize.generate_tokens(io.StringIO(text).readline):
                comment = token.string
                if token.type != tokenize.COMMENT or comment in STUB_COMMENTS:
                    continue
                if marker_words(comment)[0] or resembled_marker(comment):
                    found[token.start[0]] = comment
        except (tokenize.TokenError, SyntaxError):
            return [Problem(file, 0, "is no Python, so it cannot be searched", "correct it")]
    for place, reading in readings:
        for number, line in enumerate(reading.split("\n"), 1):
            stripped = line.strip()
            if PLAIN_MARKER.match(stripped):
                found.setdefault(place or number, stripped)
    remedy = "mark solutions in solutions/ only, and write markers exactly"
    return [
        Problem(file, line, f"holds the marker '{comment}'", remedy)
        for line, comment in sorted(found.items())
    ]


def _outputs(path: str, text: str, file: str) -> list[Problem]:
    """Return a problem for each cell of a notebook that holds outputs."""
    if not path.endswith(".ipynb"):
        return []
    document = json.loads(text)
    cells = document.get("cells", []) if isinstance(document, dict) else []
    remedy = "clear the notebook's outputs"
    return [
        Problem(file, 0, f"cell {number} holds outputs", remedy)
        for number, cell in enumerate(cells if isinstance(cells, list) else [], 1)
        if isinstance(cell, dict) and (cell.get("outputs") or cell.get("execution_count"))
    ]
