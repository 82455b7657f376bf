"""Make the object server on a student's machine: their files in this process, and small data.

`tests/assignment.json`, which the build generates, describes the assignment.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from autograder.handing_in.following import follow
from autograder.handing_in.own_files import listing_of
from autograder.handing_in.references import References
from autograder.notebook.cells import mentions
from autograder.readers import event_files
from autograder.remote.code_rules import RuleChecker
from autograder.remote.object_server import ObjectServer
from autograder.rubric.check import CheckFailed
from autograder.rubric.handed_files import Handed, contents_below
from autograder.rubric.seeds import derived_seed

DESCRIPTION = "tests/assignment.json"
_CODE_RULES = ("allowed_imports", "banned_imports", "banned_names")
_RULES = ("path", "fast", *_CODE_RULES, "timeout_s", "cell_timeout_s")
_DATA = "AUTOGRADER_DATA"


def local_server(folder: Path, seed: int) -> ObjectServer | None:
    """Return the object server for a release in a folder, or None if the folder contains none.

    Args:
        folder: the folder with the student's files and `tests/`.
        seed: the seed from which the data that notebooks are run with is drawn.
    """
    try:
        described = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    packages = {
        name: {
            **{key: one[key] for key in _CODE_RULES if key in one},
            "is_module": one["path"].endswith(".py"),
        }
        for name, one in described["packages"].items()
    }
    notebooks = described.get("notebooks", {})
    rules = {
        name: {key: one[key] for key in _RULES if key in one} for name, one in notebooks.items()
    }
    own = follow(folder, [one["path"] for one in described["packages"].values()],
                 [one["path"] for one in notebooks.values()])  # fmt: skip
    for name, one in notebooks.items():
        rules[name]["referred_files"] = own.referred_by(one["path"])
    packages = _own_modules(own, described) | packages
    return ObjectServer(
        folder,
        packages,
        folder / "tests" / "support",
        notebooks=rules,
        around=lambda name: _small_data(folder / rules[name]["path"], notebooks[name], seed),
        released=described.get("released_files", {}),
    )


def local_files(folder: Path) -> Handed:
    """Return the files of the release in a folder that its checks may read."""
    described = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    patterns = described.get("submission_files", ())
    listing = listing_of(folder) if patterns else {}

    def read_events(paths: Sequence[str]) -> object:
        try:
            return event_files.read(str(folder), paths)
        except ImportError as error:
            words = f"cannot be read here: run `pip install {error.name}`"
            raise CheckFailed("event files", words) from None

    contents = contents_below(
        patterns, iter(listing.items()), lambda path: (folder / path).read_bytes()
    )
    return Handed(patterns, contents, read_events)


def inputs_of(folder: Path, item: str) -> str:
    """Return what arrays of an item's tests become on the student's side: "numpy" or "torch"."""
    try:
        described = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    except FileNotFoundError:  # a test of the tool without a release
        return "numpy"
    found = (one.get("inputs") for one in described.get("items", ()) if one["id"] == item)
    return next(found, None) or "numpy"


def own_tests(folder: Path) -> dict[str, str]:
    """Return the test files that students write, with the items that they score.

    Args:
        folder: the folder with the student's files and `tests/`.
    """
    try:
        described = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {item["tests"]: item["id"] for item in described.get("items", ()) if "tests" in item}


def _own_modules(own: References, described: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the modules next to what is asked for, with the rules of all that leads to them."""
    parts = [*described["packages"].values(), *described.get("notebooks", {}).values()]
    of_root = {one["path"]: RuleChecker.read(one) for one in parts}
    found = {}
    for name, module in own.modules.items():
        whole = RuleChecker()
        for root in module.roots:
            whole = whole & of_root[root]
        found[name] = {**vars(whole), "within": module.within}
    return found


def local_data(folder: Path) -> Any:
    """Return the datasets, with the course's own as far as they ship in a release's folder."""
    from autograder.datasets import CourseFiles, Data
    from autograder.datasets.course_data import read_course_data

    try:
        described = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    except FileNotFoundError:
        described = {}
    own = {
        name: partial(read_course_data, CourseFiles(name, **about), [folder], partial=True)
        for name, about in described.get("datasets", {}).items()
    }
    return Data(own=own)


@contextmanager
def _small_data(file: Path, notebook: Mapping[str, Any], seed: int) -> Iterator[None]:
    """Make the datasets that a notebook loads small ones, as in grading."""
    sizes = notebook.get("data")
    if not sizes or not file.is_file():
        yield
        return
    from autograder.datasets.loaders import serving

    before = os.environ.get(_DATA)
    with tempfile.TemporaryDirectory(prefix="autograder-data-") as folder:
        _write_small_data(file.read_text(encoding="utf-8", errors="replace"), sizes, seed, folder)
        os.environ[_DATA] = folder
        try:
            with serving(Path(folder)):
                yield
        finally:
            if before is None:
                del os.environ[_DATA]
            else:
                os.environ[_DATA] = before


def _write_small_data(text: str, sizes: Mapping[str, int], seed: int, folder: str) -> None:
    from autograder import datasets
    from autograder.datasets.find import SOURCES

    words = text.replace(".", " ")  # as in `datasets.mnist()`
    for name, source in SOURCES.items():
        if any(mentions(words, word) for word in source.words):
            whole = datasets.find(name)
            small = datasets.reduce(whole, sizes, derived_seed(seed, f"small {name}"))
            datasets.write_prepared(small, folder)
