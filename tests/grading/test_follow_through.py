"""Follow-through marking in grading: a fault is charged once, and no work earns nothing."""

import pytest

from autograder.assignment import load_assignment
from autograder.grading.cache_keys import item_digests
from autograder.grading.test_phases import running_order

TOML = """
[assignment]
id = "chain"
title = "A forward and a backward"
course = "A course for tests"

[[package]]
path = "chain/"

[[problem]]
id = "c1"
title = "Chain"
points = 7

[[item]]
id = "c1-forward"
problem = "c1"
title = "forward"
points = 2
kind = "auto"

[[item]]
id = "c1-apart"
problem = "c1"
title = "apart"
points = 1
kind = "auto"

[[item]]
id = "c1-backward"
problem = "c1"
title = "backward"
points = 4
kind = "auto"
builds_on = ["c1-forward"]
"""
HEAD = '"""Checks."""\n\nimport numpy as np\nimport pytest\n\n'
HEAD += "from autograder.rubric import check, own_derivative\n\n\n"
PUBLIC = '''
@pytest.mark.item("c1-forward")
def test_forward(student, rng):
    """forward(x) is tanh(x)."""
    x = rng.normal(size=(3, 4))
    check(student.chain.layer.forward(x), "forward(x)").close(
        np.tanh(x), hints={"that is the logistic function": 1 / (1 + np.exp(-x))}
    )


@pytest.mark.item("c1-apart")
def test_apart(student, rng):
    """apart(x) is 2 x."""
    x = rng.normal(size=3)
    check(student.chain.layer.apart(x), "apart(x)").close(2 * x, hints={"only half of it": x})


@pytest.mark.item("c1-backward")
def test_backward(student, rng):
    """backward(x, dy) is dy (1 - tanh²)."""
    x, dy = rng.normal(size=(2, 3, 4))
    check(student.chain.layer.backward(x, dy), "backward(x, dy)").close(
        dy * (1 - np.tanh(x) ** 2),
        hints={"divided by the batch size": dy * (1 - np.tanh(x) ** 2) / 3},
        atol=1e-7,
        carried={"c1-forward": lambda: own_derivative(student.chain.layer.forward, x, dy)},
    )
'''
HIDDEN = '''
@pytest.mark.item("c1-backward")
def test_other_size(student, rng):
    """backward works for five samples."""
    x, dy = rng.normal(size=(2, 5, 2))
    right = dy * (1 - np.tanh(x) ** 2)
    check(student.chain.layer.backward(x, dy), "backward(x, dy)").close(
        right,
        atol=1e-7,
        carried={
            "c1-forward": lambda: own_derivative(student.chain.layer.forward, x, dy),
            "divided by the batch size": right / 5,
        },
    )
'''
COUNTS = '''
@pytest.mark.item("c1-apart", counts_with="test_apart")
def test_apart_again(student, rng):
    """apart works for one number."""
    x = rng.normal(size=1)
    check(student.chain.layer.apart(x), "apart(x)").close(
        2 * x, carried={"only half of it": x}
    )
'''
TANH = ("np.tanh(x)", "dy * (1 - np.tanh(x) ** 2)")
LOGISTIC = ("1 / (1 + np.exp(-x))", "dy * np.exp(-x) / (1 + np.exp(-x)) ** 2")


@pytest.fixture(scope="module")
def chain(tmp_path_factory):
    home = tmp_path_factory.mktemp("course")
    folder = home / "assignment" / "chain"
    (folder / "rubric").mkdir(parents=True)
    (folder / "assignment.toml").write_text(TOML)
    (folder / "rubric" / "test_layer.py").write_text(HEAD + PUBLIC + COUNTS)
    (folder / "rubric" / "test_layer_hidden.py").write_text(HEAD + HIDDEN)
    return load_assignment(home, "chain")


@pytest.fixture
def items(chain, grade, tmp_path):
    """Grade a submission with these bodies: its items by their ids."""

    def graded(forward, backward, apart="2 * x", wanted=None):
        folder = tmp_path / "somebody" / "chain"
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
        (folder / "layer.py").write_text(
            "import numpy as np\n\n"
            f"def forward(x):\n    return {forward}\n\n"
            f"def backward(x, dy):\n    return {backward}\n\n"
            f"def apart(x):\n    return {apart}\n"
        )
        [record] = grade(chain, folder.parent, items=wanted)
        return {item.id: item for item in record.items}

    return graded


def test_right_work_is_right_and_nothing_is_said_of_it(items):
    found = items(*TANH)
    assert [item.score for item in found.values()] == [2, 1, 4]
    assert not any(item.message for item in found.values())


def test_backward_is_judged_by_the_students_own_forward_where_that_has_cost_points(items):
    found = items(*LOGISTIC)
    assert [item.score for item in found.values()] == [0, 1, 4]
    assert found["c1-backward"].status == "passed"
    assert found["c1-backward"].student_message == (
        'judged against your own code\'s values; this fault has already cost points in "forward": '
        "that is the logistic function"
    )


def test_a_backward_of_another_forward_than_the_students_is_a_fault_of_its_own(items):
    found = items("1 / (1 + np.exp(-x))", "dy * np.exp(-x)")
    assert [item.score for item in found.values()] == [0, 1, 0]


def test_where_forward_is_right_its_derivative_is_asked_for(items):
    assert [item.score for item in items(TANH[0], LOGISTIC[1]).values()] == [2, 1, 0]


def test_a_factor_is_charged_once_in_an_item(items):
    found = items(TANH[0], f"{TANH[1]} / len(x)")
    assert [item.score for item in found.values()] == [2, 1, 2]
    [failed, passed] = found["c1-backward"].tests
    assert (failed.status, passed.status) == ("failed", "passed")
    assert "this fault has already cost points above: divided by the batch size" in passed.message


def test_a_factor_that_the_first_check_does_not_meet_is_charged_by_the_second(items):
    found = items(TANH[0], f"{TANH[1]} / (len(x) if len(x) > 3 else 1)")
    assert found["c1-backward"].score == 2


@pytest.mark.parametrize(
    ("apart", "score"),
    [("2 * x", 1), ("x", 0.5), ("2 * x if len(x) == 1 else 3 * x", 0), ("0 * x", 0)],
)
def test_a_check_counts_with_a_failed_one_where_it_follows_its_fault(items, apart, score):
    assert items(*TANH, apart=apart, wanted=["c1-apart"])["c1-apart"].score == score


@pytest.mark.parametrize(
    ("forward", "backward"),
    [
        ("x", "dy"),
        ("3 * x", "3 * dy"),
        ("np.zeros_like(x)", "np.zeros_like(x)"),
        ("np.ones_like(x)", "0 * dy"),
        ("None", "None"),
        ("forward.missing", "dy"),
    ],
)
def test_no_work_earns_nothing_by_follow_through(items, forward, backward):
    found = items(forward, backward)
    assert (found["c1-forward"].score, found["c1-backward"].score) == (0, 0)


def test_what_is_built_on_is_judged_although_it_was_not_asked_for(items):
    found = items(*LOGISTIC, wanted=["c1-backward"])
    assert list(found) == ["c1-backward"]
    assert found["c1-backward"].score == 4


def test_items_follow_those_that_they_build_on(chain):
    assert running_order(chain, ["c1-backward"]) == [
        ("c1-forward", False),
        ("c1-backward", False),
        ("c1-backward", True),
    ]


def test_an_outcome_depends_on_the_tests_of_what_an_item_builds_on(chain):
    before = item_digests(chain, 0)
    file = chain.rubric_folder / "test_layer.py"
    text = file.read_text()
    try:
        file.write_text(text.replace("np.tanh(x), hints", "np.tanh(x), rtol=1e-5, hints"))
        after = item_digests(chain, 0)
    finally:
        file.write_text(text)
    assert {item_id for item_id in before if before[item_id] != after[item_id]} == {
        "c1-forward",
        "c1-backward",
    }
