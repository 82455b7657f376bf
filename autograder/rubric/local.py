"""Make the object server on a student's machine: their files in this process, and small data.

`tests/assignment.json`, which the build generates, describes the assignment.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from autograder.handing_in.following import follow
from autograder.handing_in.references import References
from autograder.notebook.cells import mentions
from autograder.remote.code_rules import RuleChecker
from autograder.remote.object_server import ObjectServer
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
        name: {key: one[key] for key in _CODE_RULES if key in one}
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


def own_tests(folder: Path) -> dict[str, str]:
    """Return the test files that students write, with the items that they score.

    Args:
        folder: the folder with the student's files and `tests/`.
    """
    try:
        described = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {item["tests"]: item["id"] for item in described["items"] if "tests" in item}


def _own_modules(own: References, described: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the modules next to what is asked for, with the rules of all that leads to them."""
    of_root = {f"{one['path'].strip('/')}/": RuleChecker.read(one)
               for one in described["packages"].values()}  # fmt: skip
    of_root |= {
        one["path"]: RuleChecker.read(one) for one in described.get("notebooks", {}).values()
    }
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
