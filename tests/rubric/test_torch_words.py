"""Tensors, torch modules and data loaders in a rubric, in this process and through a worker."""

import sys
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.remote.object_server import ObjectServer
from autograder.rubric.check import CheckFailed, check
from autograder.rubric.student import RemoteRef, StudentConnection, StudentError, StudentProxy
from autograder.sandbox.client import Zygote
from autograder.sandbox.launch import launch

pytest.importorskip("torch")

NETS = """
import numpy as np
import torch
from torch import nn

class FFNet(nn.Module):
    def __init__(self, inputs, outputs, hidden):
        super().__init__()
        self.hidden = nn.Linear(inputs, hidden)
        self.output = nn.Linear(hidden, outputs)
    def forward(self, x):
        return self.output(torch.sigmoid(self.hidden(x)))
    def parameters_as_arrays(self):
        raise AssertionError("the student's own of that name is not called")

class Endless(nn.Module):
    def parameters(self):
        while True:
            yield nn.Parameter(torch.zeros(1))

class Odd(nn.Module):
    def parameters(self):
        return [3, "W"]

class Shapes:
    shape = [2, 3]
    def parameters_as_arrays(self):
        return "its own"

class Marked(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, arguments=(), keywords=None):
        return torch.full((2,), 99.0)

def marked():
    return torch.tensor([1.0, 2.0]).as_subclass(Marked)

def hooked():
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    y.register_hook(lambda gradient: gradient * 0)
    return y

def of(dtype):
    return torch.tensor([1.0, 1 / 3], dtype=getattr(torch, dtype), requires_grad=True)

def sparse(): return torch.eye(2).to_sparse()
def meta(): return torch.ones(2, device="meta")
def array(): return np.array([1.0, 2.0])
def kind(x): return type(x).__name__ + " " + str(x.dtype)
def kinds(*xs, **named): return [kind(x) for x in (*xs, *named.values())]
def total(x): return x.sum()

def train(loader):
    seen = []
    for x, y in loader:
        seen.append((tuple(x.shape), str(x.dtype), y.tolist()))
    return seen
"""


@pytest.fixture(scope="module")
def zygote():
    zygote = Zygote(launch("torch"))
    yield zygote
    zygote.close()


@pytest.fixture(params=["in process", "through a worker"])
def send(request, make_job, zygote):
    """What sends requests to an object server, and the folder of its files."""
    job = make_job(
        {"nets.py": NETS}, support={"helping.py": "def kind(x): return type(x).__name__"}
    )
    folder = Path(job.folder)
    if request.param == "in process":
        server = ObjectServer(folder, job.packages, Path(job.support))
        yield server.handle, folder
        sys.meta_path.remove(server.finder)
        for name in ("nets", "rubric_support_helping"):
            sys.modules.pop(name, None)
        return
    worker = zygote.open(job)
    yield lambda asked: worker.ask(asked, time.monotonic() + 60), folder
    worker.close()


@pytest.fixture
def student(send):
    return StudentProxy(StudentConnection(*send))


def test_a_tensor_is_made_with_the_dtype_that_layers_and_labels_have(student):
    for array, kind in [
        (np.ones(2), "float32"), (np.ones(2, np.float32), "float32"), ([1, 2], "int64"),
        (np.array([1], np.uint8), "int64"), (np.array([True]), "bool"), (2.5, "float32"),
    ]:  # fmt: skip
        assert student.nets.kind(student.torch(array)) == f"Tensor torch.{kind}"
    assert student.torch(np.ones(2), dtype="float64").dtype == student.torch.float64
    with pytest.raises(StudentError, match="no dtype 'float31'"):
        student.torch(np.ones(2), dtype="float31")
    x = student.torch(np.array([1.0, 2.0]), requires_grad=True)
    ((x * x).sum() + x[0]).backward()
    check(x.grad, "dL/dx").tensor().close(np.array([3.0, 4.0]))


def test_the_library_itself_is_used_on_the_students_side(student):
    x = student.torch(np.ones(2), requires_grad=True)
    with student.torch.no_grad():
        assert (x * 2).requires_grad is False
    assert (x * 2).requires_grad is True


def test_a_check_takes_tensors_of_every_kind(student):
    right = np.array([1.0, 1 / 3])
    for dtype in ("float64", "float32"):
        check(student.nets.of(dtype), "y").tensor().close(right)
    for dtype in ("float16", "bfloat16"):
        check(student.nets.of(dtype), "y").close(right, rtol=1e-2)
        with pytest.raises(CheckFailed, match=f"has dtype {dtype}, expected float64"):
            check(student.nets.of(dtype), "y").close(right)
    check(student.nets.hooked(), "y").close(np.array([1.0, 2.0]))
    check(student.nets.sparse(), "y").close(np.eye(2))
    assert student.nets.hooked().shape == (2,) and student.nets.hooked().shape != (3,)
    with pytest.raises(CheckFailed, match=r"is of type torch\.Tensor of float32, expected"):
        check(student.nets.meta(), "y").close(np.ones(2))


def test_entries_are_read_by_torch_and_not_by_a_subclass(student):
    check(student.nets.marked(), "y").tensor().close(np.array([1.0, 2.0]))
    assert (student.nets.marked() == np.array([1.0, 2.0])).all()
    assert student.array(student.nets.marked()).tolist() == [1.0, 2.0]


def test_a_tensor_in_the_place_of_an_array_is_said(student):
    with pytest.raises(CheckFailed, match="is of type ndarray, expected a torch tensor"):
        check(student.nets.array(), "y").tensor()
    with pytest.raises(CheckFailed, match=r"of type torch\.Tensor of float32, expected a n"):
        check(student.nets.of("float32"), "y").array()
    with pytest.raises(CheckFailed, match="is None"):
        check(None, "y").tensor()
    check(student.nets.array(), "y").array().close(np.array([1.0, 2.0]))


def test_tensors_are_compared_entry_by_entry_and_gone_through_as_tensors(student):
    x = student.torch(np.arange(6.0).reshape(2, 3))
    assert (x > 2).sum() == 3 and 5 in x and float(x.sum()) == 15.0
    rows = list(x)
    assert len(x) == 2 and isinstance(rows[1], RemoteRef) and rows[1].shape == (3,)
    assert (-x[0, 1:] @ student.torch(np.ones(2))).item() == -3.0


W1, B1 = np.arange(6.0).reshape(3, 2) / 7, np.array([0.5, -1.0, 0.25])
W2, B2 = np.array([[1.0, -2.0, 0.5]]), np.array([0.125])


def test_parameters_are_set_and_read_in_their_order(student):
    net = student.nets.FFNet(2, 1, 3)
    assert net.with_parameters(W1, B1, W2, B2) is net
    for got, right in zip(net.parameters_as_arrays(), (W1, B1, W2, B2), strict=True):
        check(got, "parameter").close(right)
    X = np.array([[1.0, 2.0], [0.0, -1.0]])
    hidden = 1 / (1 + np.exp(-(X @ W1.T + B1)))
    y = net(student.torch(X))
    check(y, "y").tensor().close(hidden @ W2.T + B2)
    with pytest.raises(StudentError, match=r"FFNet has no gradient \(None\) for parameter 1 of 4"):
        net.gradients_as_arrays()
    assert net.gradients_as_arrays(missing=True) == [None] * 4
    y.sum().backward()
    check(net.gradients_as_arrays()[3], "db2").close(np.array([2.0]))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((W1, B1), r"^FFNet has 4 parameters of the shapes \(3, 2\), .*, expected 2 of the shapes"),
        ((W1.T, B1, W2, B2), r"has shape \(3, 2\) as parameter 1 of 4, expected \(2, 3\), the tra"),
    ],
)
def test_other_parameters_are_told_in_the_students_terms(student, values, words):
    with pytest.raises(StudentError, match=words):
        student.nets.FFNet(2, 1, 3).with_parameters(*values)


def test_what_is_no_module_or_has_odd_parameters_is_told(student):
    for make, words in [
        (student.nets.Endless, "more than 2,000 parameters"),
        (student.nets.Odd, "an object of type int as parameter 1"),
    ]:
        with pytest.raises(StudentError, match=words):
            make().parameters_as_arrays()
    with pytest.raises(StudentError, match="Shapes is not a torch module"):
        student.nets.Shapes().with_parameters(W1)
    assert student.nets.Shapes().parameters_as_arrays() == "its own"
    assert student.nets.Shapes().shape != (2, 3)


def test_a_loader_is_made_of_arrays(student):
    x, y = np.arange(10.0).reshape(5, 2), np.arange(5)
    assert student.nets.train(student.loader(x, y, batch_size=2)) == [
        ((2, 2), "torch.float32", [0, 1]),
        ((2, 2), "torch.float32", [2, 3]),
        ((1, 2), "torch.float32", [4]),
    ]
    shuffled = student.nets.train(student.loader(x, y, batch_size=5, shuffle=True))
    assert sorted(shuffled[0][2]) == [0, 1, 2, 3, 4]
    images, labels = next(iter(student.loader(x, y, batch_size=2)))
    check(images, "images").tensor().close(x[:2])
    assert labels.tolist() == [0, 1]


def test_arrays_become_tensors_where_an_item_says_so(send):
    student = StudentProxy(StudentConnection(*send, inputs="torch"))
    x, labels = np.ones((2, 2)), np.array([0, 1])
    assert student.nets.kinds(x, labels, again=x) == [
        "Tensor torch.float32", "Tensor torch.int64", "Tensor torch.float32",
    ]  # fmt: skip
    assert student.nets.kinds(x, b=labels)[1] == "Tensor torch.int64"
    assert student.support.helping.kind(x) == "ndarray"
    net = student.nets.FFNet(2, 1, 3).with_parameters(W1, B1, W2, B2)
    check(net(x), "y").tensor()
