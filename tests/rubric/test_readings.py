"""number(), numbers() and names() read a value by its meaning, here and through a worker."""

import sys
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.remote.object_server import ObjectServer
from autograder.rubric import CheckFailed, check
from autograder.rubric.notes import take_notes
from autograder.rubric.readings import classes_named
from autograder.rubric.session import OpaqueValue
from autograder.rubric.student import RemoteRef, StudentConnection, StudentProxy
from autograder.sandbox.client import Zygote

CLASSES = ("basophil", "immature granulocyte", "T-shirt (short)", "city", "class")
VALUES = """
import collections, enum, fractions, decimal
import numpy as np

class Side(enum.IntEnum):
    LEFT = 1

class Tagged(np.ndarray):
    pass

class Liar(float):
    def __eq__(self, other):
        return True
    def __float__(self):
        return 2.5
    __hash__ = float.__hash__

class Stack(list):
    def push(self, one):
        self.append(one)

class Layer:
    pass

class Layers(list):
    pass

Gradients = collections.namedtuple("Gradients", "dA db")

def gradients():
    return Gradients(np.ones((2, 3)), np.zeros(2))

def value(kind):
    return {
        "pair": Gradients(1, 2),
        "pairs": [Gradients("a", 1), Gradients("b", 2)],
        "side": Side.LEFT,
        "fraction": fractions.Fraction(5, 2),
        "decimal": decimal.Decimal("2.5"),
        "tagged": np.array([2.5]).view(Tagged),
        "liar": Liar(0.5),
        "deque": collections.deque([1, 2]),
        "range": range(1, 3),
        "names": np.array(["cat", "dog"]),
        "one name": np.array(["cat", "dog"])[1],
        "lists": Stack([1, 2]),
        "layers": Layers([Layer(), Layer()]),
        "nested": {"a": [Side.LEFT, fractions.Fraction(1, 2)]},
    }[kind]

def weights_of(gradients):
    return gradients.dA
"""


@pytest.fixture(scope="module")
def zygote():
    zygote = Zygote()
    yield zygote
    zygote.close()


@pytest.fixture(params=["in process", "through a worker"])
def student(request, make_job, zygote):
    """The handle on the values of `VALUES`, in this process and through a worker."""
    job = make_job({"values_of.py": VALUES})
    folder = Path(job.folder)
    if request.param == "in process":
        server = ObjectServer(folder, job.packages, Path(job.support))
        yield StudentProxy(StudentConnection(server.handle, folder))
        sys.meta_path.remove(server.finder)
        sys.modules.pop("values_of", None)
        return
    worker = zygote.open(job)
    yield StudentProxy(
        StudentConnection(lambda asked: worker.ask(asked, time.monotonic() + 20), folder)
    )
    worker.close()


@pytest.mark.parametrize(
    ("kind", "right"),
    [
        ("pair", (1, 2)),
        ("pairs", [("a", 1), ("b", 2)]),
        ("side", 1),
        ("deque", [1, 2]),
        ("range", [1, 2]),
        ("names", ["cat", "dog"]),
        ("one name", "dog"),
        ("lists", [1, 2]),
        ("nested", {"a": [1, 0.5]}),
        ("liar", 0.5),
    ],
)
def test_a_right_value_is_equal_whatever_its_class(student, kind, right):
    check(student.values_of.value(kind), kind).equals(right)
    with pytest.raises(CheckFailed):
        check(student.values_of.value(kind), kind).equals([3])


@pytest.mark.parametrize("kind", ["fraction", "decimal", "tagged"])
def test_a_number_of_another_class_is_close(student, kind):
    right = np.array([2.5]) if kind == "tagged" else 2.5
    check(student.values_of.value(kind), kind).close(right)
    check(student.values_of.value(kind), kind).number().close(2.5)
    with pytest.raises(CheckFailed, match="wrong"):
        check(student.values_of.value(kind), kind).close(right + 1)


def test_a_class_that_lies_about_itself_is_read_by_its_base(student):
    with pytest.raises(CheckFailed, match=r"got 0\.5, expected 2\.5"):
        check(student.values_of.value("liar"), "it").close(2.5)


def test_a_namedtuple_is_a_sequence_and_keeps_its_names(student):
    got = student.values_of.gradients()
    dA, db = check(got, "gradients").sequence(2)
    assert dA.shape == (2, 3) and db.tolist() == [0, 0]
    assert got.db.tolist() == [0, 0]
    dA, _ = got
    assert student.values_of.weights_of(got).shape == dA.shape == (2, 3)
    with pytest.raises(CheckFailed, match="has 2 elements, expected 3"):
        check(got, "gradients").sequence(3)


def test_the_content_is_the_present_one(student):
    stack = student.values_of.value("lists")
    stack.push(5)
    check(stack, "the stack").equals([1, 2, 5])
    assert list(stack) == [1, 2, 5] and 5 in stack


def test_objects_within_a_collection_stay_objects(student):
    layers = check(student.values_of.value("layers"), "layers").sequence(2)
    assert all(isinstance(layer, RemoteRef) for layer in layers)


def test_what_a_value_cannot_do_is_no_mistake_of_the_grader(student):
    for use in (float, np.asarray, lambda pair: pair < 3):
        with pytest.raises(OpaqueValue):
            use(student.values_of.value("layers"))
    assert (
        int(student.values_of.value("side")) == 1
        and ["a", "b"][student.values_of.value("side")] == "b"
    )


def test_a_wrong_type_is_told_by_the_students_class(student):
    with pytest.raises(CheckFailed, match=r"is of type values_of\.Gradients, expected a number"):
        check(student.values_of.value("pair"), "loss").number()


NUMBERS = [
    2.5, np.float32(2.5), np.array(2.5), np.array([2.5]), np.array([[2.5]]),
    np.ones((1, 1, 1)) * 2.5, np.longdouble(2.5), np.array([2.5], "f4"), np.array([2.5], ">f8"),
    np.array([2.5]).view(np.matrix),
]  # fmt: skip


@pytest.mark.parametrize("got", NUMBERS, ids=repr)
def test_one_number_is_a_number_in_every_guise(got):
    read = check(got, "loss").number()
    assert read.value() == read.got == 2.5 and type(read.value()) is float
    read.close(2.5)
    read.below(3)
    with pytest.raises(CheckFailed, match=r"got 2\.5, expected 2\.6"):
        read.close(2.6)


def test_a_number_is_judged_at_the_precision_that_it_came_in():
    check(np.array([2.5], "f4") * np.float32(1 + 2e-5), "loss").number().close(2.5)
    with pytest.raises(CheckFailed):
        check(np.array([2.5]) * (1 + 2e-5), "loss").number().close(2.5)
    check([np.float32(2.5 * (1 + 2e-5)), 1], "losses").numbers(2).close(np.array([2.5, 1]))


@pytest.mark.parametrize("value", [np.nan, np.inf, [np.nan], [0.5, 1.0], [0.5, 1.0, 2.0]], ids=repr)
def test_a_hint_holds_also_where_it_is_not_one_finite_number(value):
    hints = {"known": np.array(value[0] if len(np.ravel(value)) == 1 and np.ndim(value) else value)}
    with pytest.raises(CheckFailed, match="hint: known"):
        check(np.array(value), "loss").number().close(2.5, hints=hints)


@pytest.mark.parametrize("got", [0, 3, np.int64(3), np.array([3]), np.uint8(3), 10**25])
def test_whole_numbers_are_numbers(got):
    check(got, "count").number().close(float(np.asarray(got).reshape(-1)[0]))


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (None, "is None"),
        ("2.5", "of type str, expected a number"),
        ([2.5], "of type list, expected a number"),
        (True, "of type bool"),
        (np.array([True]), "has dtype bool"),
        (np.zeros(2), r"has shape \(2,\), expected a single number"),
        (np.zeros(0), r"has shape \(0,\)"),
        (np.nan, "is nan, expected a finite number"),
        (np.array([np.inf]), "is inf, expected a finite number"),
        (2.5 + 0j, "has dtype complex128"),
        ({}, "of type dict"),
    ],
    ids=repr,
)
def test_what_is_no_number_is_refused(got, words):
    with pytest.raises(CheckFailed, match=words):
        check(got, "loss").number().value()


def test_a_tensor_of_one_entry_is_a_number(tmp_path):
    torch = pytest.importorskip("torch")
    (tmp_path / "losses.py").write_text("kept = []\ndef last():\n    return kept[-1]\n")
    server = ObjectServer(tmp_path, {"losses": {}}, tmp_path)
    student = StudentProxy(StudentConnection(server.handle, tmp_path))

    def kept(tensor):
        student.losses.last
        sys.modules["losses"].kept.append(tensor)
        return student.losses.last()

    for value in (0.5, [0.5], [[0.5]]):
        check(kept(torch.tensor(value, requires_grad=True)), "loss").number().close(0.5)
    with pytest.raises(CheckFailed, match="expected a single number"):
        check(kept(torch.tensor([0.5, 1.0])), "loss").number().below(1)
    check([kept(torch.tensor(0.5)), 1.0], "losses").numbers(2).close(np.array([0.5, 1.0]))
    sys.meta_path.remove(server.finder)
    sys.modules.pop("losses")


@pytest.mark.parametrize("got", [0, 0.0, np.int64(0), np.array(0)], ids=repr)
def test_a_whole_number_is_close_to_the_same_number(got):
    check(got, "loss").close(0.0)
    with pytest.raises(CheckFailed, match=r"got 0, expected 1\.5"):
        check(got, "loss").close(1.5)


@pytest.mark.parametrize(
    "got",
    [
        [1, 2.5], (1, 2.5), np.array([1, 2.5]), [np.float32(1), np.array(2.5)],
        [np.array([1.0]), np.array([[2.5]])],
    ],
    ids=repr,
)  # fmt: skip
def test_numbers_are_read_from_every_kind_of_row(got):
    read = check(got, "losses").numbers(2)
    assert read.got.dtype.kind == "f"
    read.close(np.array([1, 2.5]))


@pytest.mark.parametrize(
    ("got", "words"),
    [
        ([1, 2, 3], "has 3 elements, expected 2"),
        ([1, "2"], "of type list, expected numbers"),
        ([1, [2, 3]], "of type list"),
        (np.zeros((2, 1)), "has shape"),
        ([1, np.nan], "not finite"),
        (3.0, "has shape"),
        ({1: 2}, "of type dict"),
    ],
    ids=repr,
)
def test_what_is_no_row_of_numbers_is_refused(got, words):
    with pytest.raises(CheckFailed, match=words):
        check(got, "losses").numbers(2).close(np.zeros(2), atol=np.inf)


def test_a_fraction_is_read_in_per_cent_and_said():
    take_notes()
    check(0.931, "the accuracy").number(per_cent=True).close(93.1)
    check(0.5, "another").number(per_cent=True).above(49)
    assert list(take_notes().values()) == [
        "the accuracy is a fraction, 0.931; per cent were expected, so it was read as 93.1 %"
    ]
    check(np.array([0.25, 1]), "accuracies").numbers(2, per_cent=True).close(np.array([25.0, 100]))
    assert len(take_notes()) == 1
    with pytest.raises(CheckFailed, match="expected more than 81"):
        check(0.8, "the accuracy").number(per_cent=True).above(81)


@pytest.mark.parametrize("got", [93.1, 0, 0.0, 1.5, 100, -0.5])
def test_other_numbers_stay_as_they_are_in_per_cent(got):
    take_notes()
    assert check(got, "x").number(per_cent=True).got == got
    assert check([got, 50], "x").numbers(per_cent=True).got.tolist() == [got, 50]
    assert not take_notes()
    assert check(0.931, "x").number().got == 0.931 and not take_notes()


NAMES = [
    ("basophil", "basophil"),
    ("Basophils", "basophil"),
    ("BASOPHIL ", "basophil"),
    ("immature_granulocytes", "immature granulocyte"),
    ("Immature-Granulocyte", "immature granulocyte"),
    ("immature granulocytes(myelocytes, metamyelocytes)", "immature granulocyte"),
    ("ImmatureGranulocyte", "immature granulocyte"),
    ("t shirt", "T-shirt (short)"),
    ("T-shirt (short)", "T-shirt (short)"),
    ("cities", "city"),
    ("classes", "class"),
    (np.str_("City"), "city"),
    (np.array("city"), "city"),
    (0, "basophil"),
    (np.int64(3), "city"),
]


@pytest.mark.parametrize(("got", "right"), NAMES, ids=repr)
def test_a_class_is_meant_by_its_name_or_its_index(got, right):
    check(got, "the class").names(of=CLASSES).equals(right)


@pytest.mark.parametrize(
    "got", ["granulocyte", "", "baso", "phil", 5, -1, True, 1.0, "s", "T", b"city", "immature", ()]
)
def test_another_name_is_no_class(got):
    assert classes_named(got, CLASSES) == []


def test_a_name_that_is_no_class_is_told_with_the_classes():
    with pytest.raises(CheckFailed) as caught:
        check("granulocyte", "lowest").names(of=CLASSES[:2])
    assert str(caught.value) == (
        "lowest is 'granulocyte', which is not a class; the classes are basophil, "
        "immature granulocyte"
    )
    with pytest.raises(CheckFailed, match="is None"):
        check(None, "lowest").names(of=CLASSES)


def test_a_name_that_may_be_several_is_refused_unless_it_is_one_letter_for_letter():
    of = ("shirt (long)", "shirt (short)", "news", "new")
    with pytest.raises(CheckFailed, match=r"may be 'shirt \(long\)' or 'shirt \(short\)'"):
        check("shirt", "it").names(of=of)
    for name in of:
        check(name.upper(), "it").names(of=of).equals(name)


def test_names_are_read_within_lists_tuples_and_keys():
    check(["Cities", 0], "two").names(of=CLASSES).equals(["city", "basophil"])
    check(("Cities", 0), "two").names(of=CLASSES).equals(("city", "basophil"))
    check(np.array([3, 0]), "two").names(of=CLASSES).equals(["city", "basophil"])
    report = {"Basophils": {"recall": 1}, "accuracy": 0.5, 3: 2}
    read = check(report, "report").names(of=CLASSES)
    assert read.got == {"basophil": {"recall": 1}, "accuracy": 0.5, "city": 2}
    with pytest.raises(CheckFailed, match="names 'city' twice"):
        check({"city": 1, "cities": 2}, "report").names(of=CLASSES)
    with pytest.raises(CheckFailed, match="is not a class"):
        check(["city", "village"], "two").names(of=CLASSES)
