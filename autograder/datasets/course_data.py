"""Read a course's own data: a file for each split, as `[[dataset]]` of assignment.toml lists them.

    leaves = data["leaves"]
    leaves.train["width"], leaves.test["kind"]

A file is a `.npz` of arrays or a `.csv` with a line of names. All arrays of a split have one entry
for each sample. Nothing is unpickled.
"""

import csv
import hashlib
import io
import os
import urllib.request
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.datasets.dataset import DatasetError, checksum
from autograder.datasets.places import cache_folder, fresh_file, given_folder, say

Table = dict[str, npt.NDArray[np.generic]]

SUFFIXES = (".csv", ".npz")
_SECONDS = 30.0


@dataclass(frozen=True)
class CourseFiles:
    """Where a course's own data is.

    Attributes:
        name: what rubrics call it.
        files: split -> a path, or an address that begins with "https://".
        sha256: split -> the checksum of the file, of a `.csv` with line feeds.
        labels: the array whose classes keep their shares in small data; "" for none.
        small: split -> how many samples it has in grading.
    """

    name: str
    files: Mapping[str, str]
    sha256: Mapping[str, str]
    labels: str = ""
    small: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class CourseDataset:
    """A course's own data: for each split, arrays by name.

    Attributes:
        name: what rubrics call it.
        splits: "train", "validation" and "test", as far as they are there.
        kind: "real", or "reduced" for a subset.
    """

    name: str
    splits: Mapping[str, Table]
    kind: str = "real"
    sha256: str = ""

    @property
    def train(self) -> Table:
        """The arrays of the train split."""
        return self._split("train")

    @property
    def validation(self) -> Table:
        """The arrays of the validation split."""
        return self._split("validation")

    @property
    def test(self) -> Table:
        """The arrays of the test split."""
        return self._split("test")

    def arrays(self) -> tuple[npt.NDArray[np.generic], ...]:
        """Return all arrays."""
        return tuple(array for table in self.splits.values() for array in table.values())

    def _split(self, name: str) -> Table:
        if name not in self.splits:
            raise DatasetError(f"The dataset {self.name!r} has no {name} split here.")
        return dict(self.splits[name])


def read_course_data(
    about: CourseFiles, folders: Sequence[Path], partial: bool = False
) -> CourseDataset:
    """Read a course's own data.

    Args:
        about: its files.
        folders: where files with a path are searched.
        partial: whether splits may be missing, as on a student's machine.

    Raises:
        DatasetError: a file is missing, damaged, or not the one that was declared.
    """
    splits = {}
    for split, place in about.files.items():
        content = file_content(about, split, folders, partial)
        if content is not None:
            splits[split] = read_table(content, place)
    if not splits:
        raise DatasetError(f"No file of the dataset {about.name!r} is here.")
    arrays = [array for table in splits.values() for array in table.values()]
    numbers = [array for array in arrays if array.dtype.kind != "U"]
    digest = hashlib.sha256("".join(sorted(about.sha256.values())).encode())
    digest.update(checksum(numbers).encode())
    return CourseDataset(about.name, splits, sha256=digest.hexdigest())


def file_content(
    about: CourseFiles, split: str, folders: Sequence[Path], partial: bool = False
) -> bytes | None:
    """Return the bytes of the file of a split; None if it is missing and may be.

    Raises:
        DatasetError: it is missing, or not the file that was declared.
    """
    place = about.files[split]
    if place.startswith("https://"):
        return _fetched(place, about.sha256[split])
    for folder in folders:
        if (folder / place).is_file():
            content = with_line_feeds((folder / place).read_bytes(), place)
            if hashlib.sha256(content).hexdigest() != about.sha256[split]:
                raise DatasetError(
                    f"{folder / place} is not the file whose sha256 assignment.toml states; "
                    "restore the file, or state its own."
                )
            return content
    if partial:
        return None
    raise DatasetError(f"{place} of the dataset {about.name!r} is missing; put it there.")


def with_line_feeds(content: bytes, place: str) -> bytes:
    """Return the bytes of a file as a release ships them: text with line feeds."""
    return content.replace(b"\r\n", b"\n") if place.endswith(".csv") else content


def read_table(content: bytes, place: str) -> Table:
    """Return the arrays of a `.npz` or `.csv` file, by name.

    Raises:
        DatasetError: it is not such a file, or its arrays have different lengths.
    """
    try:
        table = _read_npz(content) if place.endswith(".npz") else _read_csv(content)
    except (ValueError, OSError, KeyError, EOFError, TypeError, NotImplementedError, RuntimeError,
            zipfile.BadZipFile, zlib.error, csv.Error) as error:  # fmt: skip
        reason = (str(error).splitlines() or [""])[0][:120]
        raise DatasetError(f"{place} cannot be read ({reason}); save it anew.") from None
    sizes = {len(array) if array.ndim else -1 for array in table.values()}
    if len(sizes) != 1 or sizes <= {-1, 0}:
        raise DatasetError(f"{place} needs arrays of one length, one entry for each sample.")
    return table


def write_table(table: Table, place: str) -> bytes:
    """Return the file of a table, in the format that the name `place` asks for."""
    if place.endswith(".npz"):
        stream = io.BytesIO()
        arrays: dict[str, Any] = dict(table)
        np.savez(stream, **arrays)
        return stream.getvalue()
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table)
    writer.writerows(zip(*(array.tolist() for array in table.values()), strict=True))
    return text.getvalue().encode()


def small_table(table: Table, size: int, labels: str, seed: int) -> Table:
    """Draw some samples of a table; the classes of the array `labels` keep their shares."""
    rng = np.random.default_rng(seed)
    length = len(next(iter(table.values())))
    order = rng.permutation(length)
    if labels in table:
        order = order[np.argsort(table[labels][order], kind="stable")]
    size = min(size, length)
    picked = rng.permutation(order[(np.arange(size) * length) // size])
    return {name: array[picked] for name, array in table.items()}


def _read_npz(content: bytes) -> Table:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def _read_csv(content: bytes) -> Table:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    if not rows:
        raise ValueError("it has no line of names")
    names, body = rows[0], [row for row in rows[1:] if row]
    if len(set(names)) < len(names) or any(len(row) != len(names) for row in body):
        raise ValueError("its lines do not have one entry for each of the names above")
    return {name: _column([row[place] for row in body]) for place, name in enumerate(names)}


def _column(words: list[str]) -> npt.NDArray[np.generic]:
    """Return a column as whole numbers, as numbers, or as texts."""
    for kind in (np.int64, np.float64):
        try:
            return np.array([kind(word) for word in words])
        except ValueError:
            continue
    return np.array(words)


def _fetched(url: str, sha256: str) -> bytes:
    """Return a file by its address, from `AUTOGRADER_DATA`, the cache or the network."""
    name = url.rpartition("/")[2].partition("?")[0]
    inner = Path("courses") / f"{sha256[:16]}-{name}"
    kept, given = cache_folder() / inner, given_folder()
    # A container's `AUTOGRADER_DATA` is the cache of the machine around it.
    for place in [*([given / name, given / inner] if given is not None else []), kept]:
        if place.is_file():
            content = with_line_feeds(place.read_bytes(), name)
            if hashlib.sha256(content).hexdigest() == sha256:
                return content
            say(f"autograder: {place} has not the sha256 that was declared; it is not used.")
    if os.environ.get("AUTOGRADER_OFFLINE"):
        raise DatasetError(f"{url} is not here; put it into the folder AUTOGRADER_DATA as {name}.")
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS) as response:
            content = with_line_feeds(response.read(), name)
    except (OSError, ValueError) as error:
        raise DatasetError(
            f"{url} cannot be fetched ({error}); put it into the folder AUTOGRADER_DATA as {name}."
        ) from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DatasetError(f"{url} is not the file whose sha256 assignment.toml states.")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with fresh_file(kept) as stream:
            stream.write(content)
    except OSError:
        say(f"autograder: {kept.parent} is not writable, so {name} is fetched each time.")
    return content
