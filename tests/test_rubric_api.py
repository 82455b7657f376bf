"""Every example of docs/rubric-api.md runs, and every public method has one."""

import contextlib
import inspect
import json
import re
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from autograder.claims import save_claims
from autograder.datasets import Data, Dataset, write_prepared
from autograder.remote.object_server import ObjectServer
from autograder.remote.torch_modules import MODULE_WORDS
from autograder.rubric import audit_claims
from autograder.rubric.axes import Axes, Line
from autograder.rubric.check import Check
from autograder.rubric.figures import Figures
from autograder.rubric.handed_files import Handed
from autograder.rubric.student import StudentConnection, StudentProxy
from tests.notebook.conftest import notebook_text

DOCUMENT = Path(__file__).parent.parent / "docs" / "rubric-api.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
FILES = {
    block.splitlines()[0].removeprefix("# "): block.partition("\n")[2]
    for block in BLOCKS
    if re.match(r"# \w+\.(py|ipynb)\n", block)
}
IMPORTS = next(block for block in BLOCKS if block.startswith("import numpy"))
EXAMPLES = [one for one in BLOCKS if one != IMPORTS and not re.match(r"# \w+\.(py|ipynb)\n", one)]
TITLES = re.findall(r"^### `(.+?)`$", TEXT, re.MULTILINE)


@pytest.fixture(scope="module")
def student(tmp_path_factory):
    """The student of the document, in this process."""
    folder = tmp_path_factory.mktemp("handed in")
    for name, text in FILES.items():
        if name.endswith(".ipynb"):
            text = notebook_text(*re.split(r"^# %%\n", text, flags=re.MULTILINE))
        (folder / name).write_text(text)
    with contextlib.chdir(folder):
        weights = {"W": np.zeros((2, 784)), "b": np.arange(2.0)}
        save_claims("run", weights, data=DATASETS[0], accuracy=93.5)
    packages = {Path(name).stem: {} for name in FILES if name.endswith(".py")}
    server = ObjectServer(
        folder, packages, folder / "support", notebooks={"analysis": {"path": "analysis.ipynb"}}
    )
    yield lambda: StudentProxy(StudentConnection(server.handle, folder), lambda: HANDED)
    sys.meta_path.remove(server.finder)
    for name in packages:
        sys.modules.pop(name, None)


def read_events(paths):
    series = ["loss", np.arange(2), np.array([1.0, 2.0]), np.array([3.0, 0.5])]
    return [{"path": path, "series": [series], "cut_off": False, "fault": ""} for path in paths]


HANDED = Handed(
    ["logs/*", "runs/**"],
    {
        "logs/train.csv": b"step,loss\n0,3\n1,0.5\n",
        "logs/run.json": b'{"rate": 0.5}',
        "runs/events.out.tfevents.1": None,
    },
    read_events,
)


def dataset(name, shape):
    sizes = (40, 4, 4)
    splits = [(np.zeros((n, *shape), np.uint8), np.arange(n) % 2) for n in sizes]
    return Dataset.of(name, "stand-in", splits, ("a", "b"))


DATASETS = [
    dataset("mnist", (28, 28)),
    dataset("bloodmnist", (28, 28, 3)),
    dataset("fashion-mnist", (28, 28)),
    dataset("cifar-10", (32, 32, 3)),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Small data sets."""
    folder = tmp_path_factory.mktemp("data")
    for one in DATASETS:
        write_prepared(one, folder)
    return Data(folder)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_the_example_runs(student, data, number):
    example = EXAMPLES[number]
    if example.startswith("# torch"):
        pytest.importorskip("torch")
    names = {"student": student(), "data": data, "rng": np.random.default_rng(number)}
    exec(IMPORTS, names)
    exec(compile(textwrap.dedent(example), f"example {number}", "exec"), names)


def public(kind):
    """The public methods of a class, its properties that are called included."""
    inherited = set(dir(list)) if issubclass(kind, list) else set()
    return {name for name in dir(kind) if not name.startswith("_")} - inherited - {"session__"}


def test_every_public_method_has_an_entry_with_an_example():
    wanted = {
        *(f"student.{name}" for name in public(StudentProxy)),
        *(f"reference.{name}" for name in MODULE_WORDS),
        *(f"check(...).{name}" for name in public(Check)),
        *(f"figures.{name}" for name in public(Figures)),
        *(f"axes.{name}" for name in public(Axes)),
        *(f"line.{name}" for name in public(Line)),
        *(f"data.{name}" for name in public(Data)),
        *("own_derivative", "derivative", "left_by_run"),
        *("fitting_claims", "claimed_dataset", "audit"),
    }
    entries = [re.match(r"(check\(\.\.\.\)\.)?[\w.]+", title)[0] for title in TITLES]
    assert sorted(entries) == sorted(wanted)
    for title in TITLES:
        section = TEXT.partition(f"### `{title}`\n")[2].partition("\n#")[0]
        assert "```python" in section, title


def test_the_arguments_of_each_method_are_as_in_its_title():
    owners = {"student": StudentProxy, "check(...)": Check, "figures": Figures, "axes": Axes,
              "line": Line, "data": Data}  # fmt: skip
    for title in TITLES:
        owner, _, name = title.partition("(")[0].rpartition(".")
        if title.startswith("check(...)"):
            owner, name = "check(...)", re.match(r"check\(\.\.\.\)\.(\w+)", title)[1]
        if owner not in owners or name == "torch":
            continue
        real = list(inspect.signature(getattr(owners[owner], name)).parameters)[1:]
        written = title.rpartition(f".{name}(")[2].removesuffix(")")
        told = [part.partition("=")[0].strip(" *") for part in written.split(",") if part.strip()]
        assert told == real, title


def test_the_claims_named_here_are_the_public_ones():
    assert {"fitting_claims", "claimed_dataset", "audit"} <= set(vars(audit_claims))
    assert json.loads(json.dumps(sorted(FILES))) == ["analysis.ipynb", "layers.py", "nets.py"]
