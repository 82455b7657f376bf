"""Check a `results.json` against Gradescope's schema before Gradescope does.

Gradescope answers a document it cannot read with "failed to execute correctly" and no score. An
`error` is what its documentation rules out; a `warning` is what it leaves open, or what surprises.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeGuard

from autograder.results.record import VISIBILITIES
from autograder.text import one_line, plain_text

FORMATS = ("text", "html", "simple_format", "md", "ansi")
LARGE_BYTES = 1_000_000

_SANITISED = re.compile(r"<\s*(script|style|iframe|object|embed|form)\b|\bon\w+\s*=", re.IGNORECASE)


@dataclass(frozen=True)
class ResultsFinding:
    """One thing in a results document that is wrong or unwise.

    Attributes:
        level: whether Gradescope may refuse the document (`error`) or only surprise (`warning`).
        where: place in the document, such as `tests[2].score`.
        what: what is wrong there.
    """

    level: Literal["error", "warning"]
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.level}: {self.where}: {self.what}"


def validate_results(document: object | bytes) -> list[ResultsFinding]:
    """Return everything that is wrong with `document`: a file's bytes, or what they parse to."""
    check = _Validator()
    if isinstance(document, bytes | bytearray):
        if len(document) > LARGE_BYTES:
            check.warning("document", f"is larger than {LARGE_BYTES // 1_000_000} MB")
        try:
            document = _parse(bytes(document), check)
        except (ValueError, RecursionError) as error:
            check.error("document", f"is not JSON ({one_line(str(error))})")
            return check.findings
    try:
        check.document(document)
    except RecursionError:
        check.error("document", "is nested too deeply")
    return check.findings


def _parse(raw: bytes, check: "_Validator") -> object:
    """Parse UTF-8 JSON; `json` alone would accept NaN, UTF-16 and a key that occurs twice."""

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        for key, count in Counter(key for key, _ in items).items():
            if count > 1:
                check.error("document", f"has the key {key!r} {count} times in one object")
        return dict(items)

    def constant(name: str) -> object:
        raise ValueError(f"{name} is not JSON")

    return json.loads(raw.decode("utf-8"), object_pairs_hook=pairs, parse_constant=constant)


class _Validator:
    """A walk through a document that collects findings."""

    def __init__(self) -> None:
        self.findings: list[ResultsFinding] = []

    def error(self, where: str, what: str) -> None:
        self.findings.append(ResultsFinding("error", where, what))

    def warning(self, where: str, what: str) -> None:
        self.findings.append(ResultsFinding("warning", where, what))

    # the three kinds of object

    def document(self, document: object) -> None:
        if not isinstance(document, Mapping):
            self.error("document", f"is {_kind(document)}, not an object")
            return
        self._fields(document, "", _TOP)
        self._output(document, "", document.get("output_format", "simple_format"))
        tests = document.get("tests")
        entries = list(tests) if _is_list(tests) else []
        if "score" not in document and "tests" not in document:
            self.error("document", "has neither score nor tests")
        elif "score" not in document and not entries:
            self.warning("tests", "is empty, and no score is given: the total is 0")
        for index, entry in enumerate(entries):
            self._test(entry, f"tests[{index}]", document)
        self._whole_list(document, [entry for entry in entries if isinstance(entry, Mapping)])

    def _test(self, entry: object, where: str, document: Mapping[str, Any]) -> None:
        if not isinstance(entry, Mapping):
            self.error(where, f"is {_kind(entry)}, not an object")
            return
        self._fields(entry, f"{where}.", _TEST)
        default = document.get("test_output_format", "text")
        self._output(entry, f"{where}.", entry.get("output_format", default))
        score, most = entry.get("score"), entry.get("max_score")
        if "score" not in entry and "score" not in document:
            self.error(f"{where}.score", "is missing, and so is the score of the whole document")
        # A `max_score` of 0 is that of extra credit.
        if _is_number(score) and _is_number(most) and score > most > 0:
            self.warning(f"{where}.score", f"{score} is more than max_score {most}")

    def leaderboard(self, entries: object, where: str) -> None:
        if not _is_list(entries):
            self.error(where, f"is {_kind(entries)}, not a list")
            return
        for index, entry in enumerate(entries):
            place = f"{where}[{index}]"
            if not isinstance(entry, Mapping):
                self.error(place, f"is {_kind(entry)}, not an object")
                continue
            self._fields(entry, f"{place}.", _LEADERBOARD)
            for key in ("name", "value"):
                if key not in entry:
                    self.error(f"{place}.{key}", "is missing")
        names = [entry.get("name") for entry in entries if isinstance(entry, Mapping)]
        self._distinct(names, where, "name")

    def _whole_list(self, document: Mapping[str, Any], tests: Sequence[Mapping[str, Any]]) -> None:
        """Check what only all tests together can show."""
        self._distinct([test.get("name") for test in tests], "tests", "name")
        self._distinct([test.get("number") for test in tests], "tests", "number")
        if any(test.get("visibility") == "hidden" for test in tests):
            self.warning("tests", "one of them is hidden: students do not see their total either")
        scores = [test.get("score") for test in tests]
        total = document.get("score")
        if _is_number(total) and scores and all(_is_number(score) for score in scores):
            added = math.fsum(score for score in scores if score is not None)
            if abs(added - total) > 0.005 * len(scores):
                self.warning("score", f"{total} replaces the sum of the tests, {added:g}")

    # fields

    def _fields(self, holder: Mapping[str, Any], prefix: str, rules: "_Rules") -> None:
        for key, value in holder.items():
            where = f"{prefix}{key}"
            if not isinstance(key, str):
                self.error(where, f"has {_kind(key)} for a key")
            elif key not in rules:
                self.warning(where, "is a key that Gradescope does not know")
            else:
                rules[key](self, value, where)

    def _output(self, holder: Mapping[str, Any], prefix: str, text_format: object) -> None:
        for key in ("name", "output"):
            text = holder.get(key)
            if not isinstance(text, str) or (key == "output" and text_format == "ansi"):
                continue
            unfilled = text.replace("\t", " ")  # a tab is harmless
            if plain_text(unfilled, len(text) + 1) != unfilled:
                self.warning(f"{prefix}{key}", "holds control characters or terminal colours")
        if text_format == "html" and _SANITISED.search(str(holder.get("output", ""))):
            self.warning(f"{prefix}output", "holds HTML that Gradescope takes out")

    def number(self, value: object, where: str) -> None:
        if not isinstance(value, int | float) or isinstance(value, bool):
            self.error(where, f"is {_kind(value)}, not a number")
        elif not math.isfinite(value):
            self.error(where, f"is {value}, which is not JSON")
        elif value < 0 and not where.endswith("value"):  # a leaderboard may count losses
            self.warning(where, f"{value} is negative")

    def seconds(self, value: object, where: str) -> None:
        """Check a number, or text such as "0.00", which Gradescope's own library writes here."""
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                self.error(where, "is text that is not a number")
                return
        self.number(value, where)

    def text(self, value: object, where: str) -> None:
        if not isinstance(value, str):
            self.error(where, f"is {_kind(value)}, not text")
        elif any("\ud800" <= character <= "\udfff" for character in value):
            self.error(where, "holds half a character, which UTF-8 cannot carry")

    def texts(self, value: object, where: str) -> None:
        if not _is_list(value):
            self.error(where, f"is {_kind(value)}, not a list")
            return
        for index, entry in enumerate(value):
            self.text(entry, f"{where}[{index}]")

    def name_or_value(self, value: object, where: str) -> None:
        if isinstance(value, str):
            self.text(value, where)
        else:
            self.number(value, where)

    def tests(self, value: object, where: str) -> None:
        if not _is_list(value):
            self.error(where, f"is {_kind(value)}, not a list")

    def extra_data(self, value: object, where: str) -> None:
        if not isinstance(value, Mapping):
            self.error(where, f"is {_kind(value)}, not an object")
            return
        try:
            json.dumps(value, allow_nan=False)
        except (ValueError, TypeError) as error:
            self.error(where, f"is not JSON ({one_line(str(error))})")

    def _distinct(self, values: Sequence[object], where: str, what: str) -> None:
        for value, count in Counter(value for value in values if isinstance(value, str)).items():
            if count > 1:
                self.warning(where, f"{count} entries have the {what} {one_line(value, 60)!r}")


_Rules = Mapping[str, Callable[[_Validator, object, str], None]]


def _one_of(allowed: Sequence[str]) -> Callable[[_Validator, object, str], None]:
    def rule(check: _Validator, value: object, where: str) -> None:
        if value not in allowed:
            shown = one_line(repr(value), 60)
            check.error(where, f"is {shown}, none of {', '.join(allowed)}")

    return rule


_TOP: _Rules = {
    "score": _Validator.number,
    "tests": _Validator.tests,
    "execution_time": _Validator.seconds,
    "output": _Validator.text,
    "output_format": _one_of(FORMATS),
    "test_output_format": _one_of(FORMATS),
    "test_name_format": _one_of(FORMATS),
    "visibility": _one_of(VISIBILITIES),
    "stdout_visibility": _one_of(VISIBILITIES),
    "extra_data": _Validator.extra_data,
    "leaderboard": _Validator.leaderboard,
}
_TEST: _Rules = {
    "score": _Validator.number,
    "max_score": _Validator.number,
    "status": _one_of(("passed", "failed")),
    "name": _Validator.text,
    "name_format": _one_of(FORMATS),
    "number": _Validator.text,
    "output": _Validator.text,
    "output_format": _one_of(FORMATS),
    "tags": _Validator.texts,
    "visibility": _one_of(VISIBILITIES),
    "extra_data": _Validator.extra_data,
}
_LEADERBOARD: _Rules = {
    "name": _Validator.text,
    "value": _Validator.name_or_value,
    "order": _one_of(("asc", "desc")),
}


def _is_list(value: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, list | tuple)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _kind(value: object) -> str:
    """Return the JSON name for the type of `value`."""
    words = {type(None): "null", bool: "a boolean", str: "text", dict: "an object", list: "a list"}
    if _is_number(value):
        return "a number"
    return words.get(type(value), f"a Python {type(value).__name__}")
