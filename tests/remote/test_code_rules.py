"""What student code may use is checked in its source, with the line."""

import ast

import pytest

from autograder.remote.code_rules import BannedImport, Inspector, RuleChecker, matches
from autograder.remote.imports import SubmissionFinder

NUMPY = {"allowed_imports": ["numpy"]}


def look(code, own=(), **rules):
    Inspector(RuleChecker(**rules), "mytorch", frozenset(own)).inspect(ast.parse(code), "a.py")


@pytest.mark.parametrize(
    "code",
    [
        "import numpy",
        "import numpy.linalg as la, json",
        "from numpy import *",
        "from os import path",
        "import mytorch.nn",
        "from . import scipy",
        "from .scipy import x",
        "from __future__ import annotations",
        "from autograder.claims import save_claims",
        "import_scipy = 'import scipy'",
    ],
)
def test_what_is_listed_the_standard_library_and_what_was_handed_in_may_be_imported(code):
    look(code, own=["mytorch"], **NUMPY)


@pytest.mark.parametrize(
    "code",
    [
        "try:\n    import scipy\nexcept ImportError:\n    scipy = None",
        "try:\n    import scipy\nexcept (ValueError, ModuleNotFoundError):\n    pass",
        "try:\n    from tqdm import tqdm\nexcept Exception:\n    tqdm = iter",
        "try:\n    import numba\nexcept:\n    pass",
        "import contextlib\nwith contextlib.suppress(ImportError):\n    import scipy",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import scipy",
        "import typing\nif typing.TYPE_CHECKING:\n    from scipy.optimize import minimize",
    ],
)
def test_an_import_that_code_can_do_without_is_left_to_the_worker(code):
    look(code, **NUMPY)
    look(code, banned_imports=["scipy", "tqdm", "numba"])


@pytest.mark.parametrize(
    ("code", "name", "line"),
    [
        ("import numpy\nimport scipy", "scipy", 2),
        ("import numpy, scipy.optimize", "scipy.optimize", 1),
        ("def f():\n    from mpmath import diff", "mpmath", 2),
        ("try:\n    import numpy_like\nexcept ValueError: pass", "numpy_like", 2),
        ("try:\n    pass\nexcept ImportError:\n    import scipy", "scipy", 4),
        ("try:\n    pass\nexcept ImportError:\n    pass\nelse:\n    import scipy", "scipy", 6),
        ("if not TYPE_CHECKING:\n    import scipy", "scipy", 2),
        ("if TYPE_CHECKING:\n    pass\nelse:\n    import scipy", "scipy", 4),
        ("with open(ImportError):\n    import scipy", "scipy", 2),
        ("from scipy import (\n  optimize)", "scipy", 1),
    ],
)
def test_anything_else_is_refused_by_the_rule_and_the_line(code, name, line):
    with pytest.raises(BannedImport) as refused:
        look(code, **NUMPY)
    assert str(refused.value) == (
        f"a.py, line {line} imports {name}; mytorch may import numpy and the standard library only"
    )


@pytest.mark.parametrize(
    ("allowed", "words"),
    [
        ([], "mytorch may import the standard library only"),
        (["numpy", "torch"], "mytorch may import numpy, torch and the standard library only"),
    ],
)
def test_the_message_lists_what_is_allowed(allowed, words):
    with pytest.raises(BannedImport, match=words):
        look("import scipy", allowed_imports=allowed)


@pytest.mark.parametrize(
    "code",
    [
        "import scipy",
        "  import scipy",
        "import numpy;import scipy",
        "import numpy; import scipy",
        "from scipy import\\\n  optimize",
        "import\\\n scipy",
        "from\\\n scipy import optimize",
        "from .area import x; import scipy",
        "import numpy as np, scipy as sp",
        "import ｓcipy",
        "from scipy import (optimize,",
        "if 1: import scipy",
        "import  scipy",
        "x = 1 ;import\tscipy",
        "from\tscipy import optimize",
        "from numpy import x\fimport scipy",
    ],
)
def test_no_spelling_of_an_import_escapes_the_quick_look(tmp_path, code):
    (tmp_path / "shapes").mkdir()
    file = tmp_path / "shapes" / "area.py"
    prefix = "if 1:\n" if code.startswith("  ") else ""
    file.write_text(prefix + code + (")\n" if code.endswith("(optimize,") else "\n"))
    finder = SubmissionFinder(tmp_path, {"shapes": NUMPY})
    with pytest.raises((BannedImport, SyntaxError)):
        finder.compile(file)


@pytest.mark.parametrize(
    ("name", "pattern", "is_meant"),
    [
        ("torch.nn.Linear", "torch.nn.Linear", True),
        ("torch.nn.Linear.forward", "torch.nn.Linear", True),
        ("torch.nn", "torch.nn.Linear", False),
        ("torch.nn.Linear2", "torch.nn.Linear", False),
        ("numpy.linalg.inv", "numpy.linalg.*", True),
        ("numpy.linalg", "numpy.linalg.*", False),
        ("torch.nn.functional.linear", "torch.*.linear", False),
        ("torch.nn.LazyLinear", "torch.nn.*Linear", True),
    ],
)
def test_a_pattern_means_a_name_and_what_lies_in_it(name, pattern, is_meant):
    assert matches(name, pattern) is is_meant


NAMES = ["torch.nn.Linear", "torch.autograd", "numpy.linalg.*"]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("import torch\ntorch.nn.Linear(2, 3)", "torch.nn.Linear"),
        ("import torch.nn as nn\nclass A(nn.Linear): pass", "torch.nn.Linear"),
        ("from torch import nn as layers\nx = [layers.Linear]", "torch.nn.Linear"),
        ("1\nfrom torch.nn import Linear as L", "torch.nn.Linear"),
        ("1\nimport torch.autograd", "torch.autograd"),
        ("1\nfrom torch.autograd.functional import jacobian", "torch.autograd.functional.jacobian"),
        ("import numpy as np\nnp.linalg.inv(x)", "numpy.linalg.inv"),
        ("def f(): return t.autograd\nimport torch as t", "torch.autograd"),
    ],
)
def test_a_banned_name_is_found_under_every_alias(code, name):
    with pytest.raises(BannedImport, match=rf"a\.py, line \d uses {name}, which may not be used"):
        look(code, banned_names=NAMES)


@pytest.mark.parametrize(
    "code",
    [
        "import torch\ntorch.no_grad(); torch.nn.ReLU()",
        "from torch import nn\nnn.Parameter",
        "import numpy as np\nnp.linalg",
        "class Linear: pass\nLinear()",
        "x = 'torch.nn.Linear'",
    ],
)
def test_other_names_are_fine(code):
    look(code, banned_names=NAMES)


def test_cells_of_a_notebook_share_aliases():
    inspector = Inspector(RuleChecker(banned_names=NAMES), "squares")
    inspector.inspect(ast.parse("import torch.nn as nn"), "squares.ipynb, cell 1")
    with pytest.raises(BannedImport, match=r"cell 4, line 1 uses torch\.nn\.Linear,"):
        inspector.inspect(ast.parse("nn.Linear(2, 3)"), "squares.ipynb, cell 4")
