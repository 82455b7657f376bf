"""Collect what no release may contain: lines of solutions, model answers, hidden tests.

A line of a solution is a secret unless it also occurs in shared code, which is the sources outside
their regions and the tool's own modules. A line of a hidden test is a secret unless it occurs there
or in a public test. Files that only the complete solution has are secrets as a whole.
"""

import io
import re
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from autograder.release.ordinary import is_ordinary_line
from autograder.release.regions import AnnotatedSource

LEAST_CODE = 20  # characters of a line of code, without blanks, that reveal something
LEAST_COMMENT = 24  # of a comment: prose is more often equal by chance
SOLUTION, WITHHELD = "a solution's line", "a line that only instructors may read"


@dataclass(frozen=True)
class Secret:
    """A line that no release may contain, and its origin."""

    text: str
    what: str
    file: str
    line: int

    @cached_property
    def squeezed(self) -> str:
        """The text without blanks."""
        return squeeze(self.text)


@dataclass
class Secrets:
    """What a release is searched for.

    Attributes:
        lines: lines of solutions and of hidden tests.
        names: names of hidden test files, without their ending.
        files: files that only the complete solution has, by path.
    """

    lines: list[Secret] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    files: Mapping[str, bytes] = field(default_factory=dict)


def squeeze(text: str) -> str:
    """Return the text without any white space."""
    return "".join(text.split())


def collect_secrets(
    sources: Iterable[AnnotatedSource],
    hidden: Mapping[str, str],
    tool: Iterable[str],
    public_tests: Iterable[str],
    complete_only: Mapping[str, bytes] | None = None,
    planted: Mapping[str, str] | None = None,
) -> Secrets:
    """Return what students must not get.

    Args:
        sources: the annotated sources.
        hidden: texts of the hidden tests, by the names of their files in messages.
        tool: texts of the tool's own modules; their lines are not secret.
        public_tests: texts of the public tests; their lines are not secrets of hidden tests.
        complete_only: files that only the complete solution has, by path.
        planted: code of the implementations that students' tests are run on, by file; it may
            consist of parts of lines and statements.
    """
    shared = list(tool)
    solved: list[Secret] = []
    for source in sources:
        inside = {n for region in source.regions for n in range(region.begin, region.end)}
        secret = inside | source.withheld
        lines = enumerate(source.text.split("\n"), 1)
        shared.append("\n".join(line for number, line in lines if number not in secret))
        solved += [
            Secret(line, SOLUTION if number in inside else WITHHELD, source.file, number)
            for number, line in telling_lines(source.text)
            if number in secret and not is_ordinary_line(line)
        ]
    tested = [
        Secret(line, "a hidden test's line", file, number)
        for file, text in hidden.items()
        for number, line in telling_lines(text)
        if not is_ordinary_line(line)
    ]
    tested += [
        Secret(line.strip(), "a planted mistake's line", file, 0)
        for file, text in (planted or {}).items()
        for line in text.splitlines()
        if len(squeeze(line)) >= LEAST_CODE
    ]
    names = [PurePosixPath(file).stem for file in hidden]
    secrets = _unshared(solved, shared) + _unshared(tested, [*shared, *public_tests])
    return Secrets(secrets, names, complete_only or {})


def _unshared(secrets: Iterable[Secret], shared: Iterable[str]) -> list[Secret]:
    """Return the secrets that occur in none of the shared texts, each text once."""
    text = "\n".join(shared)
    squeezed = squeeze(text)
    kept: dict[str, Secret] = {}
    for secret in secrets:
        if not (secret.squeezed in squeezed and find_line(secret.text, text)):
            kept.setdefault(secret.squeezed, secret)
    return list(kept.values())


def telling_lines(python: str) -> list[tuple[int, str]]:
    """Return the lines of a Python text that are long enough to reveal something.

    Code and comments are returned separately.

    Returns:
        (line, text) for each; a text contains no comment, or is a comment without its `#`.
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
    """Return a line of `text` where the secret begins, ignoring blanks and line ends, or 0."""
    letters = r"\s*".join(re.escape(letter) for letter in squeeze(secret))
    before = r"(?<!\w)" if re.match(r"\w", secret) else ""
    behind = r"(?!\w)" if re.search(r"\w$", secret) else ""
    pattern = re.compile(before + letters + behind)
    # The exact text is searched for first, because that is a hundred times as fast.
    place, found = text.find(secret), None
    while place >= 0 and found is None:
        found = pattern.match(text, place)
        place = text.find(secret, place + 1)
    found = found or pattern.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 0
