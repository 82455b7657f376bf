"""`hand_in.py` names the libraries that code imports and grading does not have."""

import json
import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

import pytest

from autograder.assignment.libraries import INSTALLED
from autograder.handing_in.asked import find_files, read_asked
from autograder.handing_in.command import look_over

from .conftest import ASSIGNMENT, code, notebook

REPOSITORY = Path(__file__).parent.parent.parent


@pytest.fixture
def warned(release):
    """What is said about imports, with the notebook's cells and the package's module."""

    def warned(*cells, module="", libraries=("numpy", "pandas"), allowed=None, files=()):
        document = json.loads(json.dumps(ASSIGNMENT)) | {"libraries": list(libraries)}
        document["notebooks"]["report"]["allowed_imports"] = allowed
        document["packages"]["shapes"]["allowed_imports"] = allowed
        (release / "tests" / "assignment.json").write_text(json.dumps(document))
        (release / "report.ipynb").write_bytes(notebook(*[code(cell) for cell in cells]))
        (release / "shapes" / "area.py").write_text(module)
        for name in files:
            (release / name).parent.mkdir(parents=True, exist_ok=True)
            (release / name).write_text("")
        asked = read_asked(release)
        found = look_over(asked, find_files(asked, release)[0], release)
        return [line for line in found if " imports " in line]

    return warned


def test_a_library_that_grading_lacks_is_named_with_its_cell(warned):
    assert warned("import numpy as np\nimport seaborn as sns", "import seaborn") == [
        (
            "report.ipynb, cell 1, `import numpy as np`: line 2 imports seaborn, which is not "
            "installed for grading; write your code without it"
        )
    ]


def test_so_is_that_of_a_module(warned):
    assert warned(module="x = 1\nfrom lightning.pytorch import Trainer\n") == [
        (
            "shapes/area.py: line 2 imports lightning, which is not installed for grading; "
            "write your code without it"
        )
    ]


def test_what_a_list_leaves_out_is_named(warned):
    assert warned("import numpy\nimport pandas as pd", allowed=["numpy"]) == [
        (
            "report.ipynb, cell 1, `import numpy`: line 2 imports pandas, which may not be used "
            "there; only numpy and the standard library may be"
        )
    ]


@pytest.mark.parametrize(
    "source",
    [
        "import wandb",
        "import jax.numpy as jnp",
        "from transformers import AutoModel",
        "%matplotlib inline\nimport wandb",
        "!pip install wandb\nimport wandb",
        "%%time\nimport wandb",
        "def train():\n    import wandb",
        "if True:\n    import wandb",
        "x = !ls\nimport wandb",
        "from google.cloud import storage",
    ],
)
def test_every_way_to_import_is_seen(warned, source):
    assert len(warned(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "import os, json, pathlib",
        "import numpy.linalg as la",
        "from google.colab import drive\nfrom google import colab",
        "from kaggle_secrets import UserSecretsClient",
        "try:\n    import cupy\nexcept ImportError:\n    cupy = None",
        "import contextlib\nwith contextlib.suppress(ImportError):\n    import cupy",
        "from shapes.area import area\nimport shapes",
        "import helpers\nfrom deep import nets",
        "from autograder import live\nimport otter",
        "%%bash\nimport wandb",
        "text = 'import wandb'  # import wandb",
        "this is no python\nimport wandb",
    ],
)
def test_other_code_is_fine(warned, source):
    assert warned(source, files=["helpers.py", "deep/nets.py"]) == []


def test_a_release_that_names_no_libraries_warns_of_none(warned):
    assert warned("import wandb", libraries=()) == []


def requirements(extra="assignments"):
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    named = project["optional-dependencies"][extra]
    return [re.match(r"[\w-]+", one)[0] for one in named]


@pytest.mark.parametrize("name", ["pandas", "plotly", "scipy", "seaborn", "tqdm"])
def test_the_grading_environment_has_what_students_often_use(name):
    assert name in INSTALLED
    assert name in requirements() and name in requirements("running")
    pinned = (REPOSITORY / "constraints.txt").read_text()
    assert re.search(rf"^{name}==[\d.]+$", pinned, re.MULTILINE)


@pytest.mark.parametrize("requirement", requirements())
def test_every_library_of_the_grading_environment_is_on_the_list(requirement):
    try:
        files = distribution(requirement).files or ()
    except PackageNotFoundError:
        pytest.skip(f"{requirement} is not installed")
    assert {file.parts[0].removesuffix(".py") for file in files} & set(INSTALLED)


@pytest.mark.parametrize("name", INSTALLED)
def test_nothing_is_promised_that_is_not_there(name):
    if find_spec("medmnist") is None or find_spec("seaborn") is None:
        pytest.skip("what assignments run on is not installed")
    assert find_spec(name) is not None
