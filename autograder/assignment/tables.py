"""Read a table of assignment.toml field by field and note every mistake with its line."""

import math
import re
from collections.abc import Collection, Mapping
from typing import Any

from autograder.assignment.suggestion import did_you_mean
from autograder.assignment.toml_lines import LineIndex
from autograder.errors import Problem

KEBAB_CASE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class Notes:
    """The mistakes found so far in one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, line: int, what: str, remedy: str) -> None:
        """Note a mistake."""
        self.problems.append(Problem(self.file, line, what, remedy))


class Table:
    """One table; its reading methods return a field's value, or None and note the mistake.

    Args:
        values: what tomllib read.
        path: the table's path in the document, such as `("item", 2)`.
        fields: the keys allowed in such a table.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        path: tuple[str | int, ...],
        fields: Collection[str],
        lines: LineIndex,
        notes: Notes,
    ) -> None:
        self._values, self._path, self._lines, self._notes = values, path, lines, notes
        self.heading = f"[[{path[0]}]]" if len(path) > 1 else f"[{path[0]}]"
        self.line = lines.of(*path)
        for key in values:
            if key not in fields:
                self.complain(
                    key,
                    f"unknown key '{key}'",
                    did_you_mean(key, fields) or f"{self.heading} knows {', '.join(fields)}",
                )

    def line_of(self, *path: str | int) -> int:
        """Return the line of a key, or of an element of its array."""
        return self._lines.of(*self._path, *path)

    def complain(self, key: str, what: str, remedy: str, element: int | str | None = None) -> None:
        """Note a mistake at the line of `key`, or of an element of its array or inner table."""
        path = (key,) if element is None else (key, element)
        self._notes.add(self.line_of(*path), what, remedy)

    def has(self, key: str) -> bool:
        """Return whether the key is present, with any value."""
        return key in self._values

    def is_empty(self, key: str) -> bool:
        """Return whether the key is present, with an empty string."""
        return self._values.get(key) == ""

    def text(self, key: str) -> str | None:
        """Read a required, non-empty string of one line."""
        value = self._required(key, f'{key} = "..."')
        if value is None:
            return None
        if not isinstance(value, str):
            self.complain(key, f"'{key}' is {_kind(value)}", f'write a string: {key} = "..."')
            return None
        if not value.strip() or "\n" in value:
            what = "has several lines" if value.strip() else "is empty"
            self.complain(key, f"'{key}' {what}", "write one line of text")
            return None
        return value

    def identifier(self, key: str) -> str | None:
        """Read a required id in kebab-case."""
        value = self.text(key)
        if value is not None and not KEBAB_CASE.fullmatch(value):
            self.complain(
                key,
                f"'{value}' is not an id",
                "use lower-case letters, digits and single hyphens, such as 'p1-row-sums'",
            )
            return None
        return value

    def positive(
        self, key: str, default: float | None = None, limit: float = math.inf
    ) -> float | None:
        """Read a finite number above 0 and at most `limit`; required if it has no default."""
        if key not in self._values and default is not None:
            return default
        value = self._required(key, f"{key} = 2.5")
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.complain(key, f"'{key}' is {_kind(value)}", f"write a number: {key} = 2.5")
            return None
        if not 0 < value <= limit or not math.isfinite(value):
            most = f" and at most {limit:g}" if math.isfinite(limit) else ", finite"
            self.complain(key, f"'{key}' is {value}", f"write a number above 0{most}")
            return None
        return float(value)

    def flag(self, key: str) -> bool:
        """Read an optional boolean; the default is false."""
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            self.complain(key, f"'{key}' is {_kind(value)}", "write true or false")
            return False
        return value

    def choice(self, key: str, choices: Collection[str], default: str = "") -> str | None:
        """Read one of the words `choices`; required if it has no default."""
        if key not in self._values and default:
            return default
        value = self.text(key)
        if value is not None and value not in choices:
            remedy = did_you_mean(value, choices) or f"write one of {', '.join(choices)}"
            self.complain(key, f"'{value}' is not a valid {key}", remedy)
            return None
        return value

    def words(self, key: str) -> list[tuple[int, str]]:
        """Read an optional list of distinct strings, each with its index in the array."""
        value = self._values.get(key, [])
        if not isinstance(value, list):
            self.complain(key, f"'{key}' is {_kind(value)}", f'write a list: {key} = ["..."]')
            return []
        words: dict[str, int] = {}
        for number, word in enumerate(value):
            if not isinstance(word, str) or not word:
                what = "an empty string" if word == "" else _kind(word)
                self.complain(key, f"'{key}' contains {what}", "write strings only", number)
            elif word in words:
                self.complain(key, f"'{word}' is listed twice", "remove one of them", number)
            else:
                words[word] = number
        return [(number, word) for word, number in words.items()]

    def inner(self, key: str) -> Mapping[str, Any]:
        """Read an optional inner table, such as `fast = { EPOCHS = 2 }`."""
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            remedy = f"write a table: {key} = {{ NAME = 2 }}"
            self.complain(key, f"'{key}' is {_kind(value)}", remedy)
            return {}
        return value

    def require(self, key: str, example: str) -> None:
        """Note that a key is missing."""
        self._required(key, example)

    def _required(self, key: str, example: str) -> Any:
        if key not in self._values:
            self._notes.add(self.line, f"{self.heading} has no '{key}'", f"add {example}")
        return self._values.get(key)


def _kind(value: object) -> str:
    """Return TOML's name for the type of a value."""
    if isinstance(value, bool):
        return "true or false"
    names = {str: "a string", int: "a number", float: "a number", list: "a list", dict: "a table"}
    return names.get(type(value), "a date or time")
