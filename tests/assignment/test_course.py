"""A course is found from anywhere in it, and its assignments load whole."""

import shutil
from pathlib import Path

import pytest

from autograder.assignment import assignment_ids, find_course, load_assignment
from autograder.assignment.spec import CodeRules
from autograder.errors import UsageError


def test_a_course_is_found_from_a_folder_deep_inside(course):
    assert find_course(course / "solutions" / "tiny" / "shapes") == course.resolve()


def test_a_folder_that_only_happens_to_be_called_assignment_is_no_course(course):
    package = course / "tool" / "assignment"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    assert find_course(package) == course.resolve()


def test_outside_of_a_course_the_error_says_what_to_look_for(tmp_path):
    with pytest.raises(UsageError, match=r"no course here; .*assignment/<id>/assignment\.toml"):
        find_course(tmp_path)


def test_assignment_ids_are_the_sorted_folders_with_a_spec(course):
    shutil.copytree(course / "assignment" / "tiny", course / "assignment" / "another")
    (course / "assignment" / "draft").mkdir()
    assert assignment_ids(course) == ["another", "noted", "tiny"]


def test_an_unknown_assignment_suggests_the_nearest(course):
    with pytest.raises(UsageError, match=r"no assignment 'tinny'.*did you mean 'tiny'") as caught:
        load_assignment(course, "tinny")
    assert caught.value.exit_code == 2


def test_an_unknown_assignment_unlike_any_lists_them_all(course):
    with pytest.raises(UsageError, match="this course has noted, tiny"):
        load_assignment(course, "zebra")


def test_the_tiny_assignment_loads_as_its_files_say(course):
    assignment = load_assignment(course, "tiny")
    assert (assignment.id, assignment.title) == ("tiny", "Shapes of arrays")
    assert [item.id for item in assignment.auto_items] == ["t1-square", "t1-row-sums"]
    assert [item.id for item in assignment.written_items] == ["t1-why"]
    assert assignment.packages[0].name == "shapes"
    assert assignment.packages[0].rules.banned_imports == ("torch",)
    assert assignment.copy == ("requirements.txt",)
    square = assignment.item("t1-square")
    assert (square.points, square.timeout_s, square.visibility) == (2.0, 10.0, "visible")
    assert square.all_or_nothing is False
    assert square.needs == ()


def test_defaults_stand_in_for_what_an_item_leaves_out(course):
    why = load_assignment(course, "tiny").item("t1-why")
    assert (why.visibility, why.timeout_s, why.all_or_nothing) == ("visible", 30.0, False)


def test_the_rubric_index_tells_hidden_tests_weights_titles_and_lines(course):
    assignment = load_assignment(course, "tiny")
    public, hidden = assignment.tests_of("t1-row-sums")
    assert not public.hidden
    assert public.weight == 1.0
    assert public.title == "row_sums(X) has one sum for each row."
    assert hidden.hidden
    assert hidden.weight == 2.0
    source = (assignment.rubric_folder / hidden.file).read_text(encoding="utf-8")
    assert source.split("\n")[hidden.line - 1].startswith(f"def {hidden.name}(")


def test_tests_in_classes_have_their_class_in_the_name_and_take_its_marker(course):
    (course / "assignment/tiny/rubric/test_class.py").write_text(
        "from pytest import mark\n\n\n"
        '@mark.item("t1-square")\n'
        "class TestSquare:\n"
        "    def test_zero(self, student):\n"
        '        """The square of zero is zero."""\n',
        encoding="utf-8",
    )
    tests = load_assignment(course, "tiny").tests_of("t1-square")
    found = next(test for test in tests if test.file == "test_class.py")
    assert found.node_id == "test_class.py::TestSquare::test_zero"


def test_an_unknown_item_suggests_the_nearest(course):
    with pytest.raises(UsageError, match="did you mean 't1-square'"):
        load_assignment(course, "tiny").item("t1-sqare")


def test_a_grading_image_without_any_solutions_still_loads(course):
    shutil.rmtree(course / "solutions")
    assert len(load_assignment(course, "tiny").items) == 3


def test_line_feeds_of_windows_and_a_byte_order_mark_change_nothing(course):
    plain = load_assignment(course, "tiny")
    path = course / "assignment/tiny/assignment.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_assignment(course, "tiny") == plain


def test_nothing_of_the_rubric_is_executed_at_loading(course, tmp_path):
    trace = tmp_path / "trace"
    rubric = course / "assignment/tiny/rubric/test_area_hidden.py"
    text = rubric.read_text(encoding="utf-8")
    rubric.write_text(f"{text}\nopen({str(trace)!r}, 'w').close()\n", encoding="utf-8")
    load_assignment(course, "tiny")
    assert not Path(trace).exists()


def test_rules_of_code_are_read_for_packages_notebooks_and_items(course):
    toml = course / "assignment" / "tiny" / "assignment.toml"
    text = toml.read_text().replace('banned_imports = ["torch"]', "allowed_imports = []")
    toml.write_text(
        text.replace('id = "t1-row-sums"', 'id = "t1-row-sums"\nbanned_names = ["numpy.linalg.*"]')
    )
    tiny = load_assignment(course, "tiny")
    assert tiny.packages[0].rules == CodeRules(allowed_imports=())
    assert tiny.item("t1-row-sums").rules == CodeRules(banned_names=("numpy.linalg.*",))
    assert tiny.item("t1-square").rules == CodeRules()


def test_rules_hold_together():
    both = CodeRules(("numpy", "scipy"), ("a",), ("numpy.x",)) & CodeRules(("scipy",), ("b", "a"))
    assert both == CodeRules(("scipy",), ("a", "b"), ("numpy.x",))
    assert CodeRules() & CodeRules(("numpy",)) == CodeRules(("numpy",)) & CodeRules()
