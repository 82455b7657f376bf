"""Let tests read the files that were handed in: `student.file(...)` and `student.events(...)`.

    log = student.file("logs/train.csv").csv()
    check(log["loss"], "the column loss of logs/train.csv").numbers(5).close(...)

    curves = student.events("runs/")
    check(curves["accuracy/test"].values[-1], "the last accuracy/test in runs/").above(0.9)

The judge reads what was handed in, before student code runs; student code is never asked. A file
that assignment.toml does not ask for is a mistake of the author.
"""

import csv
import io
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NoReturn

import numpy as np

from autograder.handing_in.asked import matches
from autograder.handing_in.requested import text_of_bytes
from autograder.rubric.check import CheckFailed
from autograder.rubric.failures import StudentError
from autograder.rubric.notes import note

FILE_BYTES = 20_000_000
"""The largest file that tests can read."""
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 1_000_000, 1_000, 2_000_000
MOST_VALUES, DEPTH = 1_000_000, 50
EVENT_SIGN = "tfevents"
"""What the name of every event file contains."""


class UndeclaredFile(Exception):
    """A test names a file that assignment.toml does not ask for; the author's mistake."""


@dataclass(frozen=True)
class Handed:
    """The files of one submission that tests may read.

    Attributes:
        patterns: the patterns of assignment.toml that they match.
        contents: the content of each file by its path; None for one that is too large.
        read_events: reads the event files of some paths, as `readers/event_files.py` returns them.
    """

    patterns: Sequence[str] = ()
    contents: Mapping[str, bytes | None] = field(default_factory=dict)
    read_events: Callable[[Sequence[str]], object] = lambda paths: []

    def file(self, path: str) -> "HandedFile":
        """Return a file, which need not be there.

        Raises:
            UndeclaredFile: assignment.toml does not ask for it.
        """
        if not any(matches(path, pattern) for pattern in self.patterns):
            raise UndeclaredFile(f"'{path}' is not among the files of [submission]")
        return HandedFile(path, self.contents.get(path), path in self.contents)

    def events(self, folder: str) -> "Events":
        """Return the series in all event files below a folder, or in one event file.

        Raises:
            UndeclaredFile: assignment.toml does not ask for any file there.
            StudentError: no event file was handed in there.
            CheckFailed: one of them cannot be read.
        """
        below = f"{folder.rstrip('/')}/"
        if not any(one.startswith(below) or matches(folder, one) or matches(below, one)
                   for one in self.patterns):  # fmt: skip
            raise UndeclaredFile(f"'{folder}' is not among the files of [submission]")
        paths = [path for path in sorted(self.contents) if path.startswith(below) or path == folder]
        paths = [path for path in paths if EVENT_SIGN in path.rpartition("/")[2]]
        if not paths:
            raise _not_handed_in(folder, f"{folder} has no event files of TensorBoard")
        return Events(folder, _runs(below, _entries(folder, self.read_events(paths), paths)))


class HandedFile:
    """A file that was asked for.

    Args:
        path: its path in the submission.
        content: its content; None if it is too large, or not there.
        exists: whether it was handed in.
    """

    def __init__(self, path: str, content: bytes | None, exists: bool) -> None:
        self.path, self.exists, self._content = path, exists, content

    def text(self) -> str:
        """Return its text, with line feeds at the ends of lines.

        Raises:
            StudentError: it was not handed in.
            CheckFailed: it is too large, or not text in UTF-8.
        """
        if not self.exists:
            raise _not_handed_in(self.path, f"{self.path} was not handed in")
        if self._content is None:
            self._fail(f"is larger than {FILE_BYTES // 1_000_000} MB")
        text = text_of_bytes(self._content)
        if text is None:
            self._fail("is not text in UTF-8")
        return text

    def csv(self, delimiter: str = ",") -> "Columns":
        """Return its columns by the names in its first line.

        A column with numbers only is an array; an empty entry in it is NaN. Other columns are lists
        of texts.

        Raises:
            StudentError: it was not handed in.
            CheckFailed: it is not such a table.
        """
        reader = csv.reader(io.StringIO(self.text(), newline=""), delimiter=delimiter, strict=True)
        rows: list[list[str]] = []
        names: list[str] = []
        try:
            for row in reader:
                if not any(cell.strip() for cell in row):
                    continue
                if not names:
                    names = [cell.strip() for cell in row]
                    self._check_names(names)
                    continue
                rows.append(row)
                self._check_row(row, names, reader.line_num, len(rows))
        except csv.Error as error:
            self._fail(f"is not CSV: line {reader.line_num}: {error}")
        if not names:
            self._fail("is empty")
        columns = {name: _column([row[at] for row in rows]) for at, name in enumerate(names)}
        return Columns(self.path, columns)

    def json(self) -> Any:
        """Return its value: dicts, lists, texts, numbers, true, false and null.

        NaN and Infinity, which Python writes for the loss of a run that has diverged, are read as
        numbers; a check of finite values refuses them.

        Raises:
            StudentError: it was not handed in.
            CheckFailed: it is not JSON, or too large or too deep.
        """
        text = self.text()
        if sum(text.count(sign) for sign in ",[{") > MOST_VALUES:
            self._fail(f"has more than {MOST_VALUES:,} values")
        try:
            value = json.loads(text)
        except json.JSONDecodeError as error:
            self._fail(f"is not JSON: line {error.lineno}: {error.msg}")
        except (RecursionError, ValueError):  # an integer of thousands of digits
            self._fail("is not JSON that can be read: it is nested too deep, or a number too long")
        if _depth(value) > DEPTH:
            self._fail(f"has more than {DEPTH} lists and objects inside each other")
        return value

    def __repr__(self) -> str:
        return f"<{self.path}>"

    def _check_names(self, names: list[str]) -> None:
        if len(names) > MOST_COLUMNS:
            self._fail(f"has more than {MOST_COLUMNS:,} columns")
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            self._fail(f"has two columns '{twice[:60]}' in its first line")

    def _check_row(self, row: list[str], names: list[str], line: int, count: int) -> None:
        if len(row) != len(names):
            entries = f"{len(row)} entr{'y' if len(row) == 1 else 'ies'}"
            self._fail(f"has {entries} in line {line}, and {len(names)} in its first line")
        if count > MOST_ROWS or count * len(names) > MOST_CELLS:
            self._fail(f"has more than {MOST_ROWS:,} lines or {MOST_CELLS:,} entries")

    def _fail(self, problem: str) -> NoReturn:
        raise CheckFailed(self.path, problem)


class Columns(dict[str, Any]):
    """The columns of a CSV file, by name.

    Args:
        path: the file.
        columns: an array or a list of texts for each name.
    """

    def __init__(self, path: str, columns: Mapping[str, Any]) -> None:
        super().__init__(columns)
        self._path = path

    def __missing__(self, name: str) -> NoReturn:
        raise CheckFailed(self._path, f"has no column '{name}'; it has {_listed(self)}")


@dataclass(frozen=True)
class Series:
    """The values that were logged under one tag, in their order; all arrays have one axis.

    Attributes:
        steps: the steps at which they were logged.
        wall_times: the times, in seconds since 1970.
        values: the values.
    """

    steps: np.ndarray
    wall_times: np.ndarray
    values: np.ndarray

    def __len__(self) -> int:
        return len(self.values)


class Events:
    """The series in the event files below a folder.

    Args:
        folder: the folder.
        runs: the series by tag, of each run; a run is the folder of its event files, such as
            "baseline", and "" for files that are in `folder` itself.
    """

    def __init__(self, folder: str, runs: Mapping[str, Mapping[str, Series]]) -> None:
        self.folder = folder
        self.runs = {run: _OfRun(f"{folder} in the run '{run}'" if run else folder, series)
                     for run, series in runs.items()}  # fmt: skip

    @property
    def tags(self) -> list[str]:
        """The tags of all runs, sorted."""
        return sorted({tag for series in self.runs.values() for tag in series})

    def __contains__(self, tag: str) -> bool:
        return any(tag in series for series in self.runs.values())

    def __getitem__(self, tag: str) -> Series:
        """Return the series of a tag that one run has.

        Raises:
            CheckFailed: no run has it, or several have.
        """
        found = [run for run, series in self.runs.items() if tag in series]
        if not found:
            raise CheckFailed(self.folder, f"has no series '{tag}'; it has {_listed(self.tags)}")
        if len(found) > 1:
            shown = _listed(found)
            raise CheckFailed(
                self.folder, f"has '{tag}' in {len(found)} runs ({shown}); hand in one of them"
            )
        return self.runs[found[0]][tag]


class _OfRun(dict[str, Series]):
    def __init__(self, shown: str, series: Mapping[str, Series]) -> None:
        super().__init__(series)
        self._shown = shown

    def __missing__(self, tag: str) -> NoReturn:
        raise CheckFailed(self._shown, f"has no series '{tag}'; it has {_listed(sorted(self))}")


def _not_handed_in(what: str, words: str) -> StudentError:
    return StudentError("NotHandedIn", words, (), what)


def _column(texts: list[str]) -> Any:
    numbers = np.empty(len(texts))
    for index, text in enumerate(texts):
        try:
            numbers[index] = float(text) if text.strip() else math.nan
        except ValueError:
            return texts
    return numbers if any(text.strip() for text in texts) else texts


def _depth(value: object) -> int:
    """Return how many lists and dicts are inside each other, up to one more than `DEPTH`."""
    level: list[object] = [value]
    depth = 0
    while depth <= DEPTH:
        inner: list[object] = []
        for one in level:
            if isinstance(one, list):
                inner += one
            elif isinstance(one, dict):
                inner += one.values()
        if not any(isinstance(one, list | dict) for one in level):
            return depth
        level, depth = inner, depth + 1
    return depth


def _entries(folder: str, told: object, paths: Sequence[str]) -> list[dict[str, Any]]:
    """Check the form of what a reader has answered; it may have been taken over by a file."""
    entries = told if type(told) is list else []
    if len(entries) > len(paths) or not entries or not all(map(_is_entry, entries)):
        raise CheckFailed(folder, "cannot be read: what reads event files was ended by them")
    for entry, path in zip(entries, paths, strict=False):
        entry["path"] = path
        if entry["fault"]:
            raise CheckFailed(path, entry["fault"])
        if entry["cut_off"]:
            note(f"cut off: {path}", f"the last record of {path} is cut off; what is before counts")
    if len(entries) < len(paths):
        raise CheckFailed(folder, f"has more than {len(entries)} event files; hand in fewer")
    return entries


def _is_entry(entry: object) -> bool:
    if type(entry) is not dict or entry.keys() != {"path", "series", "cut_off", "fault"}:
        return False
    return (
        type(entry["fault"]) is str
        and type(entry["cut_off"]) is bool
        and type(entry["series"]) is list
        and all(map(_is_series, entry["series"]))
    )


def _is_series(series: object) -> bool:
    if type(series) is not list or len(series) != 4 or type(series[0]) is not str:
        return False
    arrays = series[1:]
    if not all(type(one) is np.ndarray and one.ndim == 1 for one in arrays):
        return False
    kinds = [one.dtype.str for one in arrays]
    return kinds == ["<i8", "<f8", "<f8"] and len({len(one) for one in arrays}) == 1


def _runs(below: str, entries: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Series]]:
    """Return the series of each run; a run that was continued has several files."""
    pieces: dict[str, dict[str, list[Sequence[Any]]]] = {}
    for entry in entries:
        run = entry["path"].rpartition("/")[0].removeprefix(below.rstrip("/")).strip("/")
        for tag, *arrays in entry["series"]:
            pieces.setdefault(run, {}).setdefault(tag, []).append(arrays)
    return {
        run: {
            tag: Series(*(np.concatenate(parts) for parts in zip(*several, strict=True)))
            for tag, several in series.items()
        }
        for run, series in pieces.items()
    }


def _listed(names: Sequence[str] | Mapping[str, Any]) -> str:
    shown = [f"'{name[:60]}'" for name in names]
    more = f" and {len(shown) - 6} more" if len(shown) > 6 else ""
    return f"{', '.join(shown[:6])}{more}" or "none"


def contents_below(patterns: Sequence[str], files: Iterator[tuple[str, int]],
                   read: Callable[[str], bytes | None]) -> Mapping[str, bytes | None]:  # fmt: skip
    """Return the contents of the files that tests may read, by path.

    Args:
        patterns: the patterns of assignment.toml.
        files: the path and size of each file.
        read: returns the content of a file; None if it cannot be read.
    """
    found: dict[str, bytes | None] = {}
    for path, size in files:
        if any(matches(path, pattern) for pattern in patterns):
            is_text = EVENT_SIGN not in path and not path.endswith(_NEVER_READ)
            found[path] = read(path) if is_text and size <= FILE_BYTES else None
    return MappingProxyType(found)


_NEVER_READ = (".npz", ".npy", ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".pt")
