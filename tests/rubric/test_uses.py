"""A ban on a name for one class is read from the files, whatever the name is called there."""

import pytest

from autograder.rubric.sources import lines_of
from autograder.rubric.uses import NotFound, find_use
from tests.notebook.conftest import notebook_text

LINEAR = ("torch.nn.Linear", "torch.nn.functional.linear")
HEAD = "import torch\nfrom torch import nn\n"
OWN = """
class Linear(nn.Module):
    def __init__(self, n, m):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(m, n))
    def forward(self, x):
        linear = x @ self.weight.T
        return linear
"""
USES = {
    "as it is": (HEAD + "class Linear(nn.Module):\n    def f(self):\n        nn.Linear(1, 2)",),
    "in full": ("import torch\nclass Linear:\n    layer = torch.nn.Linear(1, 2)",),
    "imported": ("from torch.nn import Linear as L\nclass Linear:\n    layer = L(1, 2)",),
    "imported inside": ("class Linear:\n    def f(self):\n        from torch.nn import Linear",),
    "by another path": ("import torch\nclass Linear(torch.nn.modules.linear.Linear): pass",),
    "as its base": (HEAD + "class Linear(nn.Linear):\n    pass",),
    "as its base's base": (HEAD + "class Base(nn.Linear):\n    pass\nclass Linear(Base): pass",),
    "by another name": (HEAD + "n = nn\nL = n.Linear\nclass Linear:\n    layer = L(1, 2)",),
    "as the class itself": ("import torch.nn as nn\nLinear = nn.Linear",),
    "imported as itself": ("from torch.nn import Linear",),
    "by a helper": (HEAD + "def make():\n    return nn.Linear(1, 2)\n"
                    "class Linear:\n    def f(self):\n        return make()",),
    "by a global": (HEAD + "layer = nn.Linear(1, 2)\nclass Linear:\n"
                    "    def f(self, x):\n        return layer(x)",),
    "by a star": ("from torch.nn import *\nclass Linear:\n    y = functional.linear(1, 2)",),
    "by getattr": (HEAD + "class Linear:\n    layer = getattr(nn, 'Linear')(1, 2)",),
    "by a computed name": (HEAD + "class Linear:\n    layer = getattr(nn, 'Lin' + 'ear')(1, 2)",),
    "by vars": (HEAD + "class Linear:\n    layer = vars(nn)['Lin' + 'ear'](1, 2)",),
    "by __dict__": (HEAD + "class Linear:\n    layer = nn.__dict__['Lin' + 'ear'](1, 2)",),
    "by importlib": (("import importlib\nclass Linear:\n"
                     "    n = importlib.import_module('torch.' + 'nn')"),),
    "by globals": (HEAD + "L = nn.Linear\nclass Linear:\n    layer = globals()['L']",),
    "by exec": ("class Linear:\n    exec('import torch')",),
    "by a decorator": (HEAD + "def d(c):\n    c.f = nn.Linear(1, 2)\n    return c\n"
                       "@d\nclass Linear:\n    pass",),
    "afterwards": (HEAD + OWN + "Linear.forward = nn.Linear(1, 2).forward",),
    "in one branch": (HEAD + "try:\n    class Linear(nn.Linear): pass\nexcept Exception: pass",),
    "by another file": ("from helpers import make\nclass Linear:\n    layer = make()",
                        HEAD + "def make():\n    return nn.Linear(1, 2)"),
    "by a whole other file": ("import helpers\nclass Linear:\n    layer = helpers.make()",
                              HEAD + "def make():\n    return nn.Linear(1, 2)"),
    "in another file": ("from helpers import Linear", HEAD + "class Linear(nn.Linear): pass"),
    "in another file by a star": ("from helpers import *", HEAD + "class Linear(nn.Linear): pass"),
}  # fmt: skip
DOES_NOT = {
    "its own": (HEAD + OWN,),
    "another class does": (HEAD + OWN + "class MLP(nn.Module):\n    layer = nn.Linear(1, 2)",),
    "a name of its own": (HEAD + "def linear(x):\n    return x\n" + OWN,),
    "a variable of the function": (
        HEAD + OWN.replace("linear = x", "layer = x").replace("return linear", "return layer")
        + "layer = nn.Linear(1, 2)",
    ),
    "in a comment": (HEAD + "# nn.Linear\n" + OWN + '"""nn.Linear"""',),
    "in another file": ("from helpers import Linear", HEAD + OWN),
}  # fmt: skip


def files_of(texts, name="layers.py"):
    files = {name: texts[0].encode()}
    if len(texts) > 1:
        files["helpers.py"] = texts[1].encode()
    return lines_of(files)


@pytest.mark.parametrize("name", USES)
def test_a_use_is_found_under_every_name(name):
    use = find_use(files_of(USES[name]), "layers.Linear", LINEAR)
    assert use is not None and use.place in ("layers.py", "helpers.py")


@pytest.mark.parametrize("name", DOES_NOT)
def test_own_code_may_have_the_same_names(name):
    assert find_use(files_of(DOES_NOT[name]), "layers.Linear", LINEAR) is None


def test_a_use_in_a_notebook_is_found_with_its_cell_and_line():
    text = notebook_text(
        HEAD, "%matplotlib inline\nclass Linear(nn.Module):\n    a = nn.Linear(1, 2)"
    )
    files = lines_of({"xor.ipynb": text.encode()})
    use = find_use(files, "xor.Linear", LINEAR)
    assert (use.what, use.place, use.line) == ("torch.nn.Linear", "xor.ipynb, cell 2", 3)
    good = lines_of({"xor.ipynb": notebook_text(HEAD, OWN, "net = nn.Linear(1, 2)").encode()})
    assert find_use(good, "xor.Linear", LINEAR) is None


def test_methods_of_tensors_are_found_on_any_object():
    text = "def gradients(net, loss):\n    loss.backward()\n    return net.weight.grad"
    banned = ("torch.Tensor.backward", "torch.autograd", "torch.func")
    assert find_use(files_of([text]), "layers.gradients", banned).what == ".backward"
    text = "import torch\ndef gradients(net, loss):\n    return torch.autograd.grad(loss, net)"
    assert find_use(files_of([text]), "layers.gradients", banned).what.startswith("torch.autograd")
    text = text.replace("autograd.grad", "outer")
    assert find_use(files_of([text]), "layers.gradients", banned) is None


def test_a_module_is_checked_as_a_whole():
    text = HEAD + OWN + "def f():\n    return nn.Linear(1, 2)"
    assert find_use(files_of([text]), "layers", LINEAR) is not None
    assert find_use(files_of([HEAD + OWN]), "layers", LINEAR) is None


@pytest.mark.parametrize("label", ["layers.Lineal", "other.Linear", "Linear"])
def test_code_that_is_in_no_file_is_not_found(label):
    with pytest.raises(NotFound):
        find_use(files_of([HEAD + OWN]), label, LINEAR)
