"""What code imports, found in its text."""

import itertools

import pytest

from autograder.notebook.imported import libraries_imported, may_import

_STATEMENTS = (
    "import {}",
    "import {} as short",
    "import {}.inner, numpy",
    "import numpy, {}",
    "import numpy as np, {} as short",
    "import numpy, \\\n    {}",
    "import \\\n    {}",
    "import\t{}",
    "import\f{}",
    "from {} import name",
    "from {}.inner import (name, other)",
    "from {} import(name)",
    "from {} import (\n    name,\n)",
    "from {} import *",
    "from \\\n    {} import name",
    "from {} \\\n    import name",
    "from {} import \\\n    name",
)
_PLACES = (
    "{}",
    "x = 1; {}",
    "if True: {}",
    "def load():\n    {}\n",
    "try:\n    import numpy\nfinally:\n    {}\n",
    '"""We import numpy."""\n{}',
    "{}  # an import",
    "%matplotlib inline\n{}",
    "# the reason for this import\n{}\n",
    "{}\r\nimport numpy\r\n",
)


@pytest.mark.parametrize(
    "source", [p.format(s) for s, p in itertools.product(_STATEMENTS, _PLACES)]
)
def test_the_quick_look_overlooks_no_import(source):
    code = source.format("seaborn")
    if "seaborn" in libraries_imported(code):
        assert may_import(code, lambda name: name == "seaborn")


def test_the_statements_of_this_file_import_it():
    found = [s for s in _STATEMENTS if "seaborn" in libraries_imported(s.format("seaborn"))]
    assert found == list(_STATEMENTS)


@pytest.mark.parametrize(
    "code",
    [
        "import numpy as np\nfrom .layers import Linear\nfrom mytorch.nn import Module",
        "from . import layers\n",
        "text = 'seaborn'\n",
        "important = 1\nimportlib = 2\n",
    ],
)
def test_the_quick_look_spares_reading_a_tree(code):
    assert not may_import(code, lambda name: name == "seaborn")
