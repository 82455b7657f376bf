"""Operators, iteration, `with` and `in` on references mean what they mean locally."""

import sys
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.remote.object_server import ObjectServer
from autograder.remote.operators import STEPS
from autograder.rubric import operators
from autograder.rubric.student import (
    OpaqueValue,
    RemoteRef,
    StudentConnection,
    StudentError,
    StudentProxy,
)
from autograder.sandbox.client import Zygote

GRAPH = """
import collections
import numpy as np

class Value:
    def __init__(self, data, children=(), op=""):
        self.data, self.grad = data, 0.0
        self.before, self.op = set(children), op
        self.push = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")
        def push():
            self.grad += out.grad
            other.grad += out.grad
        out.push = push
        return out

    def __mul__(self, other):
        if isinstance(other, str):
            raise TypeError("text cannot be multiplied")
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")
        def push():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out.push = push
        return out

    def __pow__(self, power):
        out = Value(self.data**power, (self,), f"**{power}")
        def push():
            self.grad += power * self.data ** (power - 1) * out.grad
        out.push = push
        return out

    def __neg__(self): return self * -1
    def __sub__(self, other): return self + -other
    def __rsub__(self, other): return -self + other
    def __truediv__(self, other): return self * other**-1
    def __rtruediv__(self, other): return self**-1 * other
    __radd__, __rmul__ = __add__, __mul__
    def __abs__(self): return Value(abs(self.data))

    def backward(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, is_done = stack.pop()
            if is_done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((child, False) for child in node.before)
        self.grad = 1.0
        for node in reversed(order):
            node.push()

class Tensor:
    __array_priority__ = 10
    def __init__(self, data):
        self.data = np.asarray(data)
        self.shape = self.data.shape
    def __matmul__(self, other): return Tensor(self.data @ getattr(other, "data", other))
    def __rmatmul__(self, other): return Tensor(other @ self.data)
    def __mul__(self, other): return Tensor(self.data * getattr(other, "data", other))
    __rmul__ = __mul__
    def __iadd__(self, other):
        self.data = self.data + other
        return self
    def __getitem__(self, key): return Tensor(self.data[key])
    def __len__(self): return len(self.data)
    def __iter__(self): return (Tensor(row) for row in self.data)

class Broken:
    @property
    def size(self):
        return self.sizes
    def __getattr__(self, name):
        raise AttributeError(f"no {name} here")

class Fallen:
    @property
    def size(self):
        return self.sizes

class Lying:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    def __contains__(self, item): return True
    def __bool__(self): return True
    def __len__(self): return 2**62
    def __iter__(self):
        while True:
            yield 1
    def __add__(self, other): return LyingNumber(7)
    def __enter__(self): return self
    def __exit__(self, *about): return True

class LyingNumber(float):
    def __eq__(self, other): return True
    def __float__(self): return 0.0

Pair = collections.namedtuple("Pair", "a b")

class Mode:
    entered, left = 0, []
    def __enter__(self):
        Mode.entered += 1
        return "inside"
    def __exit__(self, kind, error, traceback):
        Mode.left.append(None if kind is None else str(error))

def generator():
    yield 1
    yield Value(2.0)

def same(x): return x
"""


@pytest.fixture(scope="module")
def zygote():
    zygote = Zygote()
    yield zygote
    zygote.close()


@pytest.fixture(params=["in process", "through a worker"])
def send(request, make_job, zygote):
    """What carries requests to an object server that has the module above."""
    job = make_job({"graph.py": GRAPH})
    if request.param == "in process":
        server = ObjectServer(Path(job.folder), job.packages, Path(job.support))
        yield server.handle
        sys.meta_path.remove(server.finder)
        sys.modules.pop("graph", None)
        return
    worker = zygote.open(job)
    yield lambda asked: worker.ask(asked, time.monotonic() + 60)
    worker.close()


@pytest.fixture
def graph(send):
    """The module above, in this process and through a worker."""
    lines = GRAPH.splitlines()
    return StudentProxy(StudentConnection(send, lambda file, line: lines[line - 1])).graph


def test_an_expression_is_written_as_it_would_be_locally(graph):
    a, b = graph.Value(2.0), graph.Value(-3.0)
    for _ in range(3):  # the first time each operator is a request of its own
        a.grad = b.grad = 0.0
        (a * b + a).backward()
        assert (a.grad, b.grad) == (-2.0, 2.0)
    assert (2 * a - b / 4 + 1.5).data == 6.25
    assert (1 / a).data == 0.5 and (1 - a).data == -1 and (a**2).data == 4 and abs(b).data == 3
    assert (-a).op == "*"
    assert (a * a * a).data == 8


def test_arrays_on_either_side_do_not_go_through_a_reference(graph):
    X, W = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
    T = graph.Tensor(W)
    for _ in range(2):
        product = X @ T
        assert isinstance(product, RemoteRef) and product.shape == (2, 4)
        np.testing.assert_array_equal(product.data, X @ W)
        np.testing.assert_array_equal((W * T).data, W * W)
        np.testing.assert_array_equal((np.float64(2) * T).data, 2 * W)
        np.testing.assert_array_equal((np.float32(2) * T).data, 2 * W)


def test_what_changes_in_place_stays_the_same_object(graph):
    T = graph.Tensor(np.zeros(2))
    before = T
    T += 1.0
    assert T is before and T.data.tolist() == [1, 1]
    value = graph.Value(1.0)
    value += 2
    assert value.data == 3.0


def test_indexing_slices_length_iteration_and_unpacking(graph):
    T = graph.Tensor(np.arange(6.0).reshape(3, 2))
    assert len(T) == 3 and T[1].data.tolist() == [2, 3] and T[1:, 0].data.tolist() == [2, 4]
    first, *others = T
    assert first.data.tolist() == [0, 1] and len(others) == 2
    one, two = graph.generator()
    assert one == 1 and two.data == 2.0
    a, b = graph.Pair(1, 2)
    assert (a, b) == (1, 2) and 2 in graph.Pair(1, 2)


def test_equality_is_of_contents_or_the_same_object(graph):
    value, other = graph.Value(1.0), graph.Value(1.0)
    assert value == graph.same(value) and value != other
    assert value != other and value != None  # noqa: E711
    assert (value == other) is False
    assert graph.Pair(1, 2) == (1, 2) and graph.Pair(1, 2) == graph.Pair(1, 2)
    with pytest.raises(OpaqueValue, match="not a plain value"):
        assert value == 1.0
    assert 1 in graph.generator() and 3 not in graph.generator()


def test_a_missing_name_is_seen_and_an_error_in_a_property_is_not_hidden(graph):
    value = graph.Value(1.0)
    assert hasattr(value, "data") and not hasattr(value, "datum")
    assert getattr(value, "datum", 5) == 5
    assert hasattr(graph, "Value") and not hasattr(graph, "Valeu")
    assert not hasattr(graph.Broken(), "other")
    with pytest.raises(StudentError, match=r"return self\.sizes"):
        hasattr(graph.Fallen(), "size")


def test_a_with_statement_enters_and_leaves(graph):
    with graph.Mode() as inside:
        assert inside == "inside" and graph.Mode.entered == 1
    with pytest.raises(ZeroDivisionError), graph.Mode():
        raise ZeroDivisionError
    assert [words is None for words in graph.Mode.left] == [True, False]
    with pytest.raises(StudentError, match="cannot be used in a with statement"), graph.Value(1):
        pass


def test_errors_of_operators_are_named_where_they_are_first_asked_for(graph):
    a = graph.Value(1.0)
    with pytest.raises(StudentError, match=r"^Value \* a str raised TypeError: text cannot"):
        a * "x"
    with pytest.raises(StudentError, match=r"^Value // 2 raised TypeError"):
        a // 2


def test_an_error_of_a_collected_operator_names_it_and_its_line(graph):
    a, one = graph.Value(0.0), graph.Value(1.0)
    one**-1 + one**-1
    power = a**-1
    fine = power + power
    with pytest.raises(StudentError, match=r"^Value \*\* -1 raised ZeroDivisionError.*\n.*__pow__"):
        fine.data
    with pytest.raises(StudentError, match="has failed"):
        fine.data


def test_an_expression_of_the_test_can_be_expected_to_raise(graph):
    student = StudentProxy(graph.session__)
    a = graph.Value(0.0)
    graph.Value(1.0) ** -1
    assert student.raises(lambda: a**-1).kind == "ZeroDivisionError"
    assert student.raises(lambda: a + 1) is None
    assert student.same(a, graph.same(a)) and not student.same(a, graph.Value(0.0))


@pytest.mark.parametrize(
    "use",
    [
        lambda liar: list(liar),
        lambda liar: len(liar),
        lambda liar: [*liar],
        lambda liar: 5 in liar,
        lambda liar: bool(liar),
        lambda liar: liar < 3,
        lambda liar: liar == 3,
        lambda liar: np.asarray(liar),
    ],
)
def test_an_object_that_lies_about_itself_is_not_believed(graph, use, monkeypatch):
    monkeypatch.setattr(operators, "MAX_ITEMS", 1000)
    with pytest.raises((OpaqueValue, TypeError)):
        use(graph.Lying())


def test_a_lying_object_equals_itself_only(graph):
    liar = graph.Lying()
    assert liar != graph.Lying() and liar == graph.same(liar)
    assert liar + 1 == 7.0 and liar + 1 != 8.0 and float(liar + 1) == 7.0


def test_an_exit_cannot_hide_a_failed_check(graph):
    with pytest.raises(AssertionError), graph.Lying():
        raise AssertionError


def test_a_graph_of_a_hundred_thousand_nodes_takes_few_requests_and_can_be_freed(send):
    asked = []
    student = StudentProxy(
        StudentConnection(lambda request: asked.append(1) or send(request), Path())
    )
    x = value = student.graph.Value(1.0)
    for _ in range(50_000):
        value = value * 1.0 + x
    value.backward()
    assert x.grad == 50_001.0
    assert len(asked) < 3 * 100_000 / STEPS
    later = StudentConnection(send, Path(), forget=True)  # the object server drops the whole graph
    assert StudentProxy(later).graph.Value(2.0).data == 2.0
