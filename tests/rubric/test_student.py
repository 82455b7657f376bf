"""The student handle means the same in this process and through a worker."""

import sys
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.remote.messages import Message, pack
from autograder.remote.object_server import ObjectServer
from autograder.rubric.rerun import left_by_run
from autograder.rubric.student import (
    OpaqueValue,
    RemoteRef,
    StudentConnection,
    StudentError,
    StudentProxy,
)
from autograder.sandbox.client import Zygote

SHAPES = """
import warnings
import numpy as np

class Box:
    def __init__(self, size):
        self.sides = np.full(size, 2.0)
        self.name = "box"
    def parameters(self):
        return [self.sides]
    def volume(self):
        return float(self.sides.prod())
    def myself(self):
        return self
    @property
    def statistics(self):
        return type("Statistics", (), {"std": lambda *arguments, **keywords: 0.0})()
    def __len__(self):
        return len(self.sides)
    def __getitem__(self, key):
        return self.sides[key]

def spoil(x):
    x[...] = 0
    return x

def pair():
    return Box(1), 3

def warn():
    warnings.warn("too large", RuntimeWarning)

def nothing():
    return None

def hide(name):
    delattr(Box, name)

def todo():
    raise NotImplementedError("tiny/t1-todo: write todo in shapes.py")

class Evil(Exception):
    def __str__(self):
        raise SystemExit

def evil():
    raise Evil

def objects():
    return np.array([None])

def name_itself():
    raise ValueError("in " + __file__)

def keyword(a, *, b=1):
    return a - b
"""
SUPPORT = """
class Scale:
    def __init__(self, by):
        self.by = by
    def apply(self, x):
        return self.by * x
"""


@pytest.fixture(scope="module")
def zygote():
    zygote = Zygote()
    yield zygote
    zygote.close()


@pytest.fixture(params=["in process", "through a worker"])
def server(request, make_job, zygote):
    """What carries requests to an object server, and the folder of its files."""
    job = make_job({"shapes.py": SHAPES}, support={"scaling.py": SUPPORT})
    folder = Path(job.folder)
    if request.param == "in process":
        server = ObjectServer(folder, job.packages, Path(job.support))
        yield server.handle, folder
        sys.meta_path.remove(server.finder)
        for name in ("shapes", "rubric_support_scaling"):
            sys.modules.pop(name, None)
        return
    worker = zygote.open(job)
    yield lambda asked: worker.ask(asked, time.monotonic() + 20), folder
    worker.close()


@pytest.fixture
def student(server):
    return StudentProxy(StudentConnection(*server))


@pytest.fixture
def later_students(server):
    """Make the students of later tests on one process, and the operations that each asks for."""
    channel, folder = server
    known = {}

    def make():
        asked = []

        def note(request):
            asked.extend(value for key, value in request.tree["items"] if key == "operation")
            return channel(request)

        return StudentProxy(StudentConnection(note, folder, known, forget=True)), asked

    make()[0].shapes.Box(1).volume()
    return make


def test_plain_values_come_back_by_value_and_objects_as_references(student):
    box, number = student.shapes.pair()
    assert isinstance(box, RemoteRef) and number == 3
    assert box.volume() == 2.0 and box.name == "box"
    np.testing.assert_array_equal(box.sides, [2.0])


def test_references_go_back_as_arguments_also_inside_lists(student):
    box = student.shapes.Box(2)
    boxes = student.place([box, {"again": box}])
    assert boxes[0].volume() == 4.0
    assert boxes[1]["again"].volume() == 4.0


def test_arguments_are_copies(student):
    mine = np.ones(3)
    assert student.shapes.spoil(mine).tolist() == [0, 0, 0]
    assert mine.tolist() == [1, 1, 1]


def test_a_placed_value_keeps_its_identity(student):
    theirs = student.place(np.ones(3))
    student.shapes.spoil(theirs)
    assert student.read(theirs).tolist() == [0, 0, 0]


def test_what_comes_back_cannot_be_mistaken_for_the_students_own(student):
    sides = student.shapes.Box(3).sides
    with pytest.raises(ValueError, match="read-only"):
        sides[...] = 1


def test_a_held_result_is_the_students_own_object(student):
    box = student.shapes.Box(3)
    sides = student.item(student.hold(box.parameters), 0)
    sides[...] = np.array([1.0, 2.0, 3.0])
    assert box.volume() == 6.0
    sides[0] = 5.0
    assert box[0] == 5.0 and box[1:].tolist() == [2.0, 3.0]


def test_attributes_can_be_set(student):
    box = student.shapes.Box(1)
    box.name = "crate"
    assert box.name == "crate"


def test_length_and_keywords(student):
    assert len(student.shapes.Box(4)) == 4
    assert student.shapes.keyword(5, b=2) == 3


def test_support_modules_run_beside_the_students_code(student):
    assert student.support.scaling.Scale(3.0).apply(np.ones(1)).tolist() == [3.0]


def test_warnings_are_told_once(student):
    student.shapes.warn()
    line = SHAPES.splitlines().index('    warnings.warn("too large", RuntimeWarning)') + 1
    assert student.warned() == [f"RuntimeWarning: too large (shapes.py, line {line})"]
    assert student.warned() == []


def test_exceptions_can_be_asked_for(student):
    error = student.raises(student.shapes.keyword, "a", b=1)
    assert error is not None and error.kind == "TypeError"
    assert student.raises(student.shapes.nothing) is None


def test_a_stub_says_its_own_words(student):
    with pytest.raises(StudentError) as caught:
        student.shapes.todo()
    assert caught.value.not_attempted
    assert str(caught.value) == "tiny/t1-todo: write todo in shapes.py"
    with pytest.raises(StudentError):
        student.raises(student.shapes.todo)


def test_an_exception_that_cannot_be_printed_is_still_told(student):
    with pytest.raises(StudentError, match=r"^shapes\.evil raised Evil\n"):
        student.shapes.evil()


@pytest.mark.parametrize(
    ("use", "words"),
    [
        (lambda student: student.shapes.nothing_like_it, "shapes.nothing_like_it is missing"),
        (lambda student: student.shapes.Box(1).missing, "Box.missing is missing"),
        (lambda student: student.shapes.Box(), r"^shapes.Box raised TypeError: "),
        (lambda student: student.shapes.Box(2)[5], r"Box\[5\] raised IndexError"),
    ],
)
def test_what_fails_is_named(student, use, words):
    with pytest.raises(StudentError, match=words):
        use(student)


@pytest.mark.parametrize(
    "use",
    [
        lambda box: box == 3,
        lambda box: box != 3,
        lambda box: bool(box),
        lambda box: hash(box),
        lambda box: np.asarray(box),
        lambda box: float(box),
        lambda box: box < 3,
        lambda box: np.std(box.statistics, dtype=float),
    ],
)
def test_a_reference_has_no_value_that_could_lie(student, use):
    with pytest.raises((OpaqueValue, TypeError)):
        use(student.shapes.Box(2))


def test_object_arrays_stay_where_they_are(student):
    got = student.shapes.objects()
    assert isinstance(got, RemoteRef) and "ndarray of object" in repr(got)


def test_messages_name_files_as_they_were_handed_in(student):
    with pytest.raises(StudentError) as caught:
        student.shapes.name_itself()
    assert str(caught.value).startswith("shapes.name_itself raised ValueError: in shapes.py\n")


@pytest.mark.parametrize(
    "value", [eval("[" * 33 + "]" * 33), {...: 1}, 16**3501, 9 * 2**20 * "x", [[]] * 100_000]
)
def test_a_value_that_cannot_be_passed_on_is_no_mistake_of_the_test(student, value):
    with pytest.raises(OpaqueValue, match="cannot be passed on"):
        student.shapes.spoil(value)


@pytest.mark.parametrize("value", [3, None, [1], np.ones(3)], ids=repr)
@pytest.mark.parametrize(
    "ask",
    [
        lambda student, value: student.hold(value, 1),
        lambda student, value: student.raises(value),
        lambda student, value: student.item(value, 0),
        lambda student, value: student.read(value),
        lambda student, value: student.drawn(value),
        lambda student, value: left_by_run(value, "name"),
    ],
)
def test_a_plain_value_where_a_reference_belongs_is_no_mistake_of_the_test(student, ask, value):
    with pytest.raises(OpaqueValue, match="where a function, an object or a module belongs"):
        ask(student, value)


def test_only_plain_values_and_references_can_be_sent(student):
    with pytest.raises(TypeError, match="not a generator"):
        student.shapes.spoil(one for one in [1, 2])


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (lambda student: student.output("analysis"), {"1": "text"}),
        (lambda student: student.output("analysis"), [3]),
        (lambda student: student.state(student.place(1)), {"W": 3}),
        (lambda student: student.claims("a1"), {"numbers": {}}),
        (lambda student: student.claims("a1"), {"numbers": {}, "weights": {"W": 1}, "data": {}}),
        (lambda student: left_by_run(student.analysis, "history"), [3]),
    ],
)
def test_answers_of_another_form_are_refused(ask, answer):
    """What a process says in which student code has changed the object server."""

    def channel(request):
        if ["operation", "place"] in request.tree["items"]:
            return Message({"value": {"kind": "reference", "id": 0, "type": "x"}})
        packed = pack(answer, None, 1000)
        return Message({"value": packed.tree}, packed.buffers)

    with pytest.raises(StudentError, match="does not have the expected form"):
        ask(StudentProxy(StudentConnection(channel, Path())))


def test_claims_handed_in_are_asked_for_once_and_those_of_a_run_each_time():
    """Their weights are large; what was handed in is the same all through a test."""
    asked = []

    def channel(request):
        asked.append(dict(request.tree["items"])["rerun"])
        packed = pack({"numbers": {"asked": len(asked)}, "weights": {}, "data": {}}, None, 1000)
        return Message({"value": packed.tree}, packed.buffers)

    student = StudentProxy(StudentConnection(channel, Path()))
    for name, rerun, number in [("a1", False, 1), ("a1", False, 1), ("a2", False, 2),
                                ("a1", True, 3), ("a1", True, 4), ("a1", False, 1)]:  # fmt: skip
        assert student.claims(name, rerun=rerun)["numbers"] == {"asked": number}


def test_names_known_to_be_called_take_no_request_of_their_own(later_students):
    student, asked = later_students()
    box = student.shapes.Box(3)
    assert box.volume() == 8.0
    assert asked == ["call", "call"]
    assert box.sides.tolist() == [2.0, 2.0, 2.0]  # this is a value, and always asked for
    assert box.sides.tolist() == [2.0, 2.0, 2.0]
    assert asked == ["call", "call", "attribute", "attribute"]


@pytest.mark.parametrize(
    ("use", "answer"),
    [
        (lambda student: student.read(student.shapes.Box).kind__, "type"),
        (lambda student: student.place([student.shapes.Box])[0](2).volume(), 4.0),
        (lambda student: student.shapes.Box(2)[0], 2.0),
        (lambda student: len(student.shapes.Box(2).myself()), 2),
        (lambda student: student.shapes.Box.volume(student.shapes.Box(2)), 4.0),
        (lambda student: student.hold(student.shapes.Box(2).volume).kind__, "float"),
    ],
)
def test_names_that_are_known_mean_the_same_however_they_are_used(later_students, use, answer):
    for _ in range(3):
        student, _ = later_students()
        assert use(student) == answer


def test_what_is_passed_on_is_looked_up_once(later_students):
    student, asked = later_students()
    method = student.shapes.Box(2).volume
    assert asked == ["call"]
    for _ in range(2):
        assert student.read(method).kind__ == "method"
    assert asked == ["call", "found", "place", "place"]


def test_a_name_that_has_gone_is_told_like_one_that_never_was(later_students):
    student, _ = later_students()
    box = student.shapes.Box(2)
    volume = box.volume
    student.shapes.hide("volume")
    with pytest.raises(StudentError) as known:
        volume()
    with pytest.raises(StudentError) as unknown:
        box.other()
    assert str(known.value) == str(unknown.value).replace("other", "volume")


def test_a_session_forgets_what_an_earlier_one_has_met(later_students):
    first, _ = later_students()
    held = [first.shapes.Box(size) for size in range(1, 6)]
    assert held[4].volume() == 32.0
    second, asked = later_students()
    assert second.shapes.Box(3).volume() == 8.0
    assert asked == ["call", "call"]
    with pytest.raises(StudentError):
        held[4].volume()
