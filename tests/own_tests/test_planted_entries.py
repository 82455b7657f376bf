"""What is wrong in planted/<item>.toml, and in the keys of an item, is told with a remedy."""

import pytest

from autograder.assignment import load_assignment
from autograder.errors import AssignmentErrors
from autograder.grading.planted_code import load_planted

from .conftest import ITEM

PLANTED = f"assignment/tested/planted/{ITEM}.toml"
SPEC = "assignment/tested/assignment.toml"


def words_of(error):
    return "\n".join(f"{one.file}: {one.what}; {one.remedy}" for one in error.value.problems)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('missed = "Linear: a second backward"\n', "", "accumulates has the keys"),
        ('missed = "Linear: a second backward"', "missed = 3", "has a missed that is not text"),
        ('id = "accumulates"', 'id = "mean-over-rows"', "'mean-over-rows' is used twice"),
        ('on = "linear-by-einsum"', 'on = "unknown"', "is on 'unknown', which is not a variant"),
        ('["linear-by-einsum"]', '["no-such"]', "no-such is not a variant of the catalogue"),
        ('["linear-by-einsum"]', "3", "variants is not a list of ids"),
        ('variants = ["linear-by-einsum"]', 'other = 1', "has 'other', which is not known"),
        ('find = "dL_dy.T @ self.x"', 'find = "no such text"', "does not occur in"),
        ('replace = "dL_dy.T @ self.x / len(dL_dy)"', 'replace = "dL_dy.T @ self.x"',
         "'mean-over-rows' changes nothing"),
        ('linear.py"\nfind = "dL_dy.T', 'gradient_check.py"\nfind = "dL_dy.T',
         "which is not listed under against"),
        ('replace = "dL_dy.T @ self.x / len(dL_dy)"', 'replace = "(("', "is not valid Python"),
        ("[[mistake]]\n", "[[mistake]\n", "is not valid TOML"),
    ],
)  # fmt: skip
def test_mistakes_in_the_entries(own_course, old, new, words):
    file = own_course / PLANTED
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    assignment = load_assignment(own_course, "tested")
    with pytest.raises(AssignmentErrors) as error:
        load_planted(assignment, assignment.item(ITEM))
    assert words in words_of(error)


def test_too_few_right_implementations_and_no_file(own_course):
    file = own_course / PLANTED
    file.write_text(file.read_text().replace('variants = ["linear-by-einsum"]', "")
                    .replace('on = "linear-by-einsum"', 'on = "linear-row-by-row"'))  # fmt: skip
    assignment = load_assignment(own_course, "tested")
    with pytest.raises(AssignmentErrors) as error:
        load_planted(assignment, assignment.item(ITEM))
    assert "has 1 right implementations apart from the solution; write at least 2" in words_of(
        error
    )
    file.unlink()
    with pytest.raises(AssignmentErrors) as error:
        load_planted(assignment, assignment.item(ITEM))
    assert f"{PLANTED}: is missing" in words_of(error)


def test_without_solutions_and_the_resolved_file_the_message_says_what_to_run(own_course):
    import shutil

    shutil.rmtree(own_course / "solutions")
    assignment = load_assignment(own_course, "tested")
    with pytest.raises(AssignmentErrors) as error:
        load_planted(assignment, assignment.item(ITEM))
    assert "python -m autograder.grading.planted_code tested" in words_of(error)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('against = ["layers/linear.py"]\n', "", "'tests' is given without 'against'"),
        ('tests = "layers/test_gradients.py"\n', "", "'against' is given without 'tests'"),
        ('tests = "layers/test_gradients.py"', 'tests = "layers/gradients.py"',
         "is not the path of a test file"),
        ('tests = "layers/test_gradients.py"', 'tests = "test_gradients.py"',
         "'test_gradients.py' is not in a package"),
        ('tests = "layers/test_gradients.py"', 'tests = "layers/test_other.py"',
         "solutions/tested/layers/test_other.py does not exist"),
        ('["layers/linear.py"]', '["layers/__init__.py"]', "is not the path of a module"),
        ('["layers/linear.py"]', '["layers/test_gradients.py"]', "is the test file"),
        ('["layers/linear.py"]', '["../linear.py"]', "is not the path of a module"),
        ('["layers/linear.py"]', '["layers/linear.py"]\nbuilds_on = ["g1-check"]',
         "cannot be made to build on"),
    ],
)  # fmt: skip
def test_mistakes_in_the_item(own_course, old, new, words):
    file = own_course / SPEC
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(AssignmentErrors) as error:
        load_assignment(own_course, "tested")
    assert words in words_of(error)


def test_an_item_of_students_tests_has_no_tests_in_the_rubric(own_course):
    file = own_course / "assignment/tested/rubric/test_linear.py"
    file.write_text(file.read_text().replace('item("g1-check")', f'item("{ITEM}")'))
    with pytest.raises(AssignmentErrors) as error:
        load_assignment(own_course, "tested")
    assert f"tests '{ITEM}', which the tests of students score" in words_of(error)


def test_a_notebook_that_other_items_inherit_is_not_theirs(own_course):
    (own_course / "solutions/tested/book.py").write_text("# %%\nx = 1\n")
    file = own_course / SPEC
    more = '[[notebook]]\npath = "book.ipynb"\n\n[defaults]\nnotebook = "book.ipynb"\n\n[[problem]]'
    file.write_text(file.read_text().replace("[[problem]]", more))
    assignment = load_assignment(own_course, "tested")
    notebooks = {item.id: item.notebook for item in assignment.items}
    assert notebooks == {"g1-linear": "book.ipynb", "g1-check": "book.ipynb", ITEM: ""}
