"""Lazy code that earns points is a finding that names the tests which let it through."""

import io
import json
from hashlib import sha256

import numpy as np
import pytest

from autograder.assignment import load_assignment
from autograder.audit.cheats import STRATEGIES, WITHOUT_FUNCTIONS, cheats_of
from autograder.audit.document import document
from autograder.audit.marked import marked_regions
from autograder.audit.page import page
from autograder.claims.files import SCHEMA
from autograder.release import solution_files

PUBLIC = "assignment/tiny/rubric/test_area.py"
HIDDEN = "assignment/tiny/rubric/test_area_hidden.py"
SUPPORT = "assignment/tiny/rubric/support/scaling.py"
CHEATS = "assignment/tiny/catalogue/cheats"
TEST = '@pytest.mark.item("t1-square"{more})\ndef test_{name}(student, rng):\n    """{name}."""\n'


@pytest.fixture
def with_test(course):
    """Add a public test of t1-square; returns the course's folder."""

    def with_test(name, *lines, more=""):
        with (course / PUBLIC).open("a") as file:
            body = "".join(f"    {line}\n" for line in lines)
            file.write("\n\n" + TEST.format(name=name, more=more) + body)
        return course

    return with_test


@pytest.fixture
def cheated(audited, tmp_path):
    """The points that each generated cheat at t1-square has, and all findings, as text."""

    def cheated(course):
        report = audited(course, only=frozenset({"cheat"}))
        scores = {
            it.trial.cheat: it.outcomes["t1-square"].score
            for it in report.of_kind("cheat")
            if it.trial.cheat and "t1-square" in it.outcomes
        }
        words = [f"{one.kind} {one.about}: {one.words}" for one in report.findings]
        return scores, words

    return cheated


def write_cheats(course, text, name="area.toml"):
    folder = course / CHEATS
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)


def test_a_right_rubric_lets_no_cheat_through(cheated, course):
    scores, findings = cheated(course)
    assert findings == []
    assert scores.keys() == {*STRATEGIES, "claims"}
    assert set(scores.values()) == {0.0}


# a test that lazy code passes -> the cheats that it lets through, and one that it does not
LAZY = {
    "shape": (
        ["x = rng.normal(size=(2, 3))", "assert np.shape(student.shapes.area.square(x)) == (2, 3)"],
        {"input", "zeros", "ones", "constant", "found", "patch-invented"},
        "nothing",
    ),
    "zero": (
        ["assert not np.any(student.shapes.area.square(np.zeros(3)))"],
        {"input", "zeros", "found", "patch-invented"},
        "ones",
    ),
    "argument_is_left": (
        ["x = rng.normal(size=3)", "held = student.place(x)",
         "student.hold(student.shapes.area.square, held)",
         "assert np.array_equal(student.read(held), x)"],
        {"input", "last", "zeros", "ones", "constant", "nothing", "found", "patch-true",
         "patch-input", "patch-invented"},
        "raises",
    ),
    "words_are_refused": (
        ["assert student.raises(student.shapes.area.square, 'nine') is not None"],
        {"raises"},
        "zeros",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LAZY)
def test_a_test_that_lazy_code_passes_is_named(cheated, with_test, name):
    lines, passing, stopped = LAZY[name]
    scores, findings = cheated(with_test(name, *lines))
    got = {cheat for cheat, score in scores.items() if score}
    assert got >= passing and stopped not in got
    for cheat in got:
        [found] = [one for one in findings if one.startswith(f"cheat cheat-t1-square-{cheat}:")]
        assert f"{STRATEGIES[cheat]}: has 0.67 of 2; test_{name} pass" in found


def test_a_test_that_counts_with_another_lets_none_through(cheated, with_test):
    lines, *_ = LAZY["argument_is_left"]
    course = with_test("argument_is_left", *lines, more=', counts_with="test_square_of_an_array"')
    scores, findings = cheated(course)
    assert findings == []
    assert set(scores.values()) == {0.0}


# what a support module may hold or do, a test of it, and the cheats that find it
LEAKS = {
    "the answer in an attribute": (
        """
class Case:
    def __init__(self, x):
        self.x, self.right = x, x * x

    def __array__(self, dtype=None, copy=None):
        return self.x
""",
        ["x = rng.uniform(1.5, 3.0, size=4)", "case = student.support.scaling.Case(x)",
         "got = student.support.scaling.ask(student.shapes.area.square, case)",
         "check(got, 'square').close(x**2)"],
        {"found", "patch-invented"},
    ),
    "a number that the answer follows from": (
        """
class Case:
    def __init__(self, x):
        self.side = float(x)

    def __array__(self, dtype=None, copy=None):
        import numpy as np

        return np.array(self.side)
""",
        ["x = rng.uniform(1.5, 3.0)", "case = student.support.scaling.Case(x)",
         "got = student.support.scaling.ask(student.shapes.area.square, case)",
         "check(got, 'square').close(x**2)"],
        {"found", "patch-invented"},
    ),
    "a report that anybody can make": (
        """
def error_of(function, x):
    try:
        function(x)
    except Exception as error:
        return type(error).__name__
    return "nothing"
""",
        ["said = student.support.scaling.error_of(student.shapes.area.square, 3.0)",
         "assert said == 'nothing'"],
        {"patch-invented"},
    ),
    "a truth that the worker tells": (
        """
def is_right(function, x, right):
    import numpy as np

    return bool(np.allclose(function(x), right))
""",
        ["x = rng.uniform(1.5, 3.0, size=4)",
         "said = student.support.scaling.is_right(student.shapes.area.square, x, x**2)",
         "assert said is True"],
        {"patch-true"},
    ),
    "notes that anybody can write": (
        """
class Notes:
    def __init__(self):
        self.sizes = []

    def __array__(self, dtype=None, copy=None):
        import numpy as np

        self.sizes.append(4)
        return np.full(4, 3.0)
""",
        ["notes = student.support.scaling.Notes()",
         "student.hold(student.shapes.area.square, notes)", "assert 4 in notes.sizes"],
        {"found"},
    ),
}  # fmt: skip
ASK = "\n\ndef ask(function, case):\n    return function(case)\n"


@pytest.mark.parametrize("name", LEAKS)
def test_what_a_support_module_hands_over_is_found(cheated, with_test, name):
    source, lines, finders = LEAKS[name]
    course = with_test("leak", *lines)
    (course / SUPPORT).write_text((course / SUPPORT).read_text() + "\n\n" + source + ASK)
    scores, findings = cheated(course)
    assert finders and {"zeros", "raises", "claims"} <= set(scores)
    for cheat in finders:
        assert scores[cheat] == 0.67, (cheat, scores)
        assert any(f"-{cheat}: t1-square" in one and "test_leak pass" in one for one in findings)
    for cheat in ("zeros", "raises", "claims"):
        if name != "a report that anybody can make":
            assert scores[cheat] == 0.0


def test_claims_without_work_are_found(audited, rewrite):
    """Another person's claims, and no code: here a test requires no more than the file."""
    course = rewrite(
        "assignment/noted/rubric/test_squares.py",
        '@pytest.mark.item("n1-figure")\ndef test_figure_has_its',
        '@pytest.mark.item("n1-mean")\ndef test_claimed(student):\n    """A mean is claimed."""\n'
        '    assert student.claims("n1")\n\n\n'
        '@pytest.mark.item("n1-figure")\ndef test_figure_has_its',
    )
    rewrite(
        "assignment/noted/assignment.toml", '"claims/*.json"', '"claims/*.json", "claims/*.npz"'
    )
    weights, claims = io.BytesIO(), course / "solutions/noted/claims"
    np.savez(weights, mean=np.ones(1))
    (claims / "n1.npz").write_bytes(weights.getvalue())
    stated = {
        "schema": SCHEMA,
        "numbers": {"mean": 2.5},
        "data": {"name": "none", "kind": "none", "sha256": ""},
        "weights_sha256": sha256(weights.getvalue()).hexdigest(),
    }
    (claims / "n1.json").write_text(json.dumps(stated))
    report = audited(course, "noted", only=frozenset({"cheat"}))
    found = {one.about: one.words for one in report.findings}
    assert found["cheat-claims"].endswith("of 3; test_claimed pass")
    assert "n1-mean: does nothing, and claims another person's results" in found["cheat-claims"]


def test_a_figure_of_zeros_is_drawn_and_told(audited, rewrite):
    course = rewrite(
        "assignment/noted/rubric/test_squares_hidden.py",
        "x = np.arange(len(line_of_squares",
        "x = np.asarray(line_of_squares",
    )
    rewrite(
        "assignment/noted/rubric/test_squares_hidden.py",
        'np.asarray(line_of_squares["x"]))',
        'np.asarray(line_of_squares["x"])',
    )
    report = audited(course, "noted", only=frozenset({"cheat"}))
    found = {one.about: one.words for one in report.findings}
    assert "has 2 of 2, 1 of them honest" in found["cheat-n1-figure-zeros"]
    assert "test_figure_shows_squares pass" in found["cheat-n1-figure-zeros"]


WRITTEN = """\
[[cheat]]
id = "square-of-the-public-check"
title = "the shape of the public check is answered with what it expects"
items = ["t1-square"]
{more}
[[cheat.change]]
file = "shapes/area.py"
function = "square"
replace = "return x * x if np.ndim(x) == 2 else x"
"""


def test_a_written_cheat_is_tried(cheated, course):
    write_cheats(course, WRITTEN.format(more=""))
    _, [found] = cheated(course)
    assert found.startswith("cheat cheat-square-of-the-public-check: t1-square: the shape of the")
    assert found.endswith("has 1 of 2; test_square_of_an_array pass")


def test_an_honest_part_is_no_finding(cheated, course):
    write_cheats(course, WRITTEN.format(more='earns = 1\nreason = "half of the shapes"'))
    assert cheated(course)[1] == []


def test_an_honest_part_that_is_too_large_is_worth_knowing(audited, course):
    write_cheats(course, WRITTEN.format(more='earns = 1.5\nreason = "half of the shapes"'))
    report = audited(course, only=frozenset({"cheat"}))
    assert report.findings == ()
    [remark] = report.remarks
    assert remark.about == "cheat-square-of-the-public-check"
    assert remark.words == "t1-square: it may earn 1.5 but earns 1"


ACCEPTED = """\
[[accepted]]
item = "t1-square"
cheat = {cheat}
earns = 0.67
reason = "the handout asks for it by itself"
"""


def test_an_accepted_cheat_is_silent_and_told_where_it_is_no_longer_needed(cheated, with_test):
    lines, *_ = LAZY["words_are_refused"]
    course = with_test("words_are_refused", *lines)
    write_cheats(course, ACCEPTED.format(cheat='"raises"'))
    assert cheated(course)[1] == []
    write_cheats(course, ACCEPTED.format(cheat='["raises", "zeros"]'))
    words = "t1-square: it may earn 0.67 but earns nothing; remove that"
    assert cheated(course)[1] == [f"unneeded cheat-t1-square-zeros: {words}"]


def test_an_accepted_cheat_that_is_not_tried_is_told_with_its_line(audited, course):
    folder = course / "assignment/noted/catalogue/cheats"
    text = "\n\n" + ACCEPTED.replace("t1-square", "n1-mean").format(cheat='"found"')
    (folder / "more.toml").write_text(text)
    report = audited(course, "noted", only=frozenset({"cheat"}))
    [unneeded] = report.findings
    assert unneeded.words == (
        "the cheat 'found' is not tried there; remove it from "
        "assignment/noted/catalogue/cheats/more.toml:3"
    )


def test_only_what_fits_an_item_is_tried(course):
    noted = load_assignment(course, "noted")
    tried = [(one.item, one.strategy) for one in cheats_of(marked_regions(noted), set(), False)]
    of_figure = [strategy for item, strategy in tried if item == "n1-figure"]
    assert of_figure == list(WITHOUT_FUNCTIONS)
    of_mean = [strategy for item, strategy in tried if item == "n1-mean"]
    assert of_mean == ["input", "last", "zeros", "ones", "constant", "raises", "nothing"]


def test_a_cheat_changes_its_own_item_only(course):
    """The function of the other item, and whatever else is in the file, work as before."""
    tiny = load_assignment(course, "tiny")
    solution = solution_files(tiny)
    x = np.array([[3.0, 4.0]])
    cheats = cheats_of(marked_regions(tiny), set(), False)
    assert {cheat.item for cheat in cheats} == {"t1-square", "t1-row-sums"}
    for cheat in cheats:
        made = cheat.make(solution)
        assert {path for path in made if made[path] != solution[path]} == {"shapes/area.py"}
        namespace = {}
        exec(made["shapes/area.py"], namespace)
        if cheat.item != "t1-square":
            assert namespace["square"](x).tolist() == [[9.0, 16.0]]
        else:
            assert namespace["row_sums"](x).tolist() == [7.0]


def test_page_and_document_show_the_cheats(audited, with_test):
    lines, *_ = LAZY["words_are_refused"]
    report = audited(with_test("words_are_refused", *lines), only=frozenset({"cheat"}))
    written = document(report)
    [one] = [it for it in written["cheats"] if it["gained"]]
    assert one["id"] == "cheat-t1-square-raises"
    assert one["items"] == [
        {"item": "t1-square", "score": 0.67, "honest": 0.0, "passed": ["test_words_are_refused"]}
    ]
    assert written["figures"]["cheats"]["stopped"] == written["figures"]["cheats"]["total"] - 1
    assert "<h2>Cheats</h2>" in page(report) and "test_words_are_refused" in page(report)
