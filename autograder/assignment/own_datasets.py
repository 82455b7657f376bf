"""Read the [[dataset]] tables of assignment.toml: a course's own data."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from autograder.assignment.parts import Parts
from autograder.assignment.spec import NEEDS, SPLITS, DatasetSpec
from autograder.assignment.tables import Table

KEYS = ("name", *SPLITS, "sha256", "labels", "small")
SUFFIXES = (".csv", ".npz")
_PATH = re.compile(r"[\w.-]+(/[\w.-]+)*", re.ASCII)
_URL = re.compile(r"https://[\w.-]+(/[\w.~%+-]+)+", re.ASCII)


def read_dataset(table: Table, parts: Parts, folders: Sequence[Path]) -> None:
    """Read one [[dataset]] into `parts`.

    Args:
        table: the table.
        parts: the content of assignment.toml so far.
        folders: where its files may be; the first that exists with the file counts.
    """
    name = table.identifier("name")
    if name is not None and (name in NEEDS or any(one.name == name for one in parts.datasets)):
        table.complain("name", f"the name '{name}' is taken", "give the dataset another name")
        return
    files = {split: file for split in SPLITS if table.has(split) and (file := table.text(split))}
    if not any(table.has(split) for split in SPLITS):
        remedy = 'add train = "data/train.csv" and test = "data/test.csv"'
        table.complain("name", f"{table.heading} has no file", remedy)
    files = {split: file for split, file in files.items() if _is_file(table, split, file)}
    sums = _read_sums(table, files, folders)
    small = _read_small(table, files)
    labels = table.text("labels") if table.has("labels") else ""
    if name is not None and labels is not None and files and sums.keys() == files.keys():
        parts.datasets.append(DatasetSpec(name, files, sums, labels, small))


def _is_file(table: Table, split: str, file: str) -> bool:
    if not file.endswith(SUFFIXES):
        what = f"'{file}' is not a .csv or .npz file"
        table.complain(split, what, "save the data as one of them")
    elif _URL.fullmatch(file) or (_PATH.fullmatch(file) and ".." not in file.split("/")):
        return True
    else:
        remedy = "write a path such as 'data/train.csv', or an address with https://"
        table.complain(split, f"'{file}' is not the path of a file", remedy)
    return False


def _read_sums(table: Table, files: dict[str, str], folders: Sequence[Path]) -> dict[str, str]:
    """Read the checksums; compare them with those of the files that are here."""
    stated, sums = table.inner("sha256"), {}
    for split in stated.keys() - files.keys():
        table.complain("sha256", f"'{split}' is not one of its files", "remove it", split)
    for split, file in files.items():
        own = _sum_of(file, folders)
        value = stated.get(split)
        if value is None or not isinstance(value, str) or (own and own != value):
            right = own or "the sum that `sha256sum` prints"
            what = f"'{file}' has another sha256" if value else f"the sha256 of '{file}' is missing"
            table.complain("sha256", what, f'write sha256 = {{ {split} = "{right}" }}')
        elif not re.fullmatch(r"[0-9a-f]{64}", value):
            table.complain("sha256", f"'{value}' is not a sha256", "write 64 hex digits", split)
        else:
            sums[split] = value
    return sums


def _sum_of(file: str, folders: Sequence[Path]) -> str:
    for folder in folders:
        if (folder / file).is_file():
            content = (folder / file).read_bytes()
            content = content.replace(b"\r\n", b"\n") if file.endswith(".csv") else content
            return hashlib.sha256(content).hexdigest()
    return ""


def _read_small(table: Table, files: dict[str, str]) -> dict[str, int]:
    small = {}
    for split, size in table.inner("small").items():
        if split not in files:
            table.complain("small", f"'{split}' is not one of its files", "remove it", split)
        elif isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= 10**6:
            remedy = f"write a number of samples, such as {split} = 100"
            table.complain("small", f"{split} is not a number from 1 to 1,000,000", remedy, split)
        else:
            small[split] = size
    return small
