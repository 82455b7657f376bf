"""Mistakes in the rubric are found at loading too, from its source alone."""

import pytest

FOLDER = "assignment/tiny/rubric"

# title: (lines of a further test file, the line of the mistake, what is said)
MISTAKES = {
    "the item is unknown": (
        ['@pytest.mark.item("t1-sqare")', "def test_a(student):", '    """A."""'],
        4, "'test_a' tests an unknown item 't1-sqare'; did you mean 't1-square'?"),
    "the item is written": (
        ['@pytest.mark.item("t1-why")', "def test_a(student):", '    """A."""'],
        4, "'test_a' tests 't1-why', a written item; name an auto item"),
    "there is no marker": (
        ["def test_a(student):", '    """A."""'],
        3, "'test_a' names no item; write @pytest.mark.item(\"<item-id>\") above it"),
    "there is another marker only": (
        ["@pytest.mark.slow", "def test_a(student):", '    """A."""'], 4, "'test_a' names no item"),
    "there are two markers": (
        ['@pytest.mark.item("t1-square")', '@pytest.mark.item("t1-row-sums")',
         "def test_a(student):", '    """A."""'],
        5, "'test_a' names several items; write one test for each"),
    "the marker takes a variable": (
        ["@pytest.mark.item(SQUARE)", "def test_a(student):", '    """A."""'],
        3, "marker 'pytest.mark.item(SQUARE)' cannot be read; write @pytest.mark.item("),
    "the marker is not called": (
        ["@pytest.mark.item", "def test_a(student):", '    """A."""'],
        3, "marker 'pytest.mark.item' cannot be read"),
    "the weight is zero": (
        ['@pytest.mark.item("t1-square", weight=0)', "def test_a(student):", '    """A."""'],
        3, "marker 'pytest.mark.item('t1-square', weight=0)' cannot be read"),
    "the weight is misspelt": (
        ['@pytest.mark.item("t1-square", wieght=2)', "def test_a(student):", '    """A."""'],
        3, "marker 'pytest.mark.item('t1-square', wieght=2)' cannot be read"),
    "it counts with a test of another item": (
        ['@pytest.mark.item("t1-square", counts_with="test_row_sums_of_a_matrix")',
         "def test_a(student):", '    """A."""'],
        4, "'test_a' counts with 'test_row_sums_of_a_matrix', which is no other test of this item"),
    "it counts with itself": (
        ['@pytest.mark.item("t1-square", counts_with=["test_a"])',
         "def test_a(student):", '    """A."""'],
        4, "'test_a' counts with 'test_a', which is no other test of this item"),
    "it counts with a hidden test": (
        ['@pytest.mark.item("t1-square", counts_with="test_square_keeps_its_argument")',
         "def test_a(student):", '    """A."""'],
        4, "'test_a' counts with 'test_square_keeps_its_argument', which is hidden"),
    "it counts with nothing": (
        ['@pytest.mark.item("t1-square", counts_with=())', "def test_a(student):", '    """A."""'],
        3, "marker 'pytest.mark.item('t1-square', counts_with=())' cannot be read"),
    "there is no docstring": (
        ['@pytest.mark.item("t1-square")', "def test_a(student):", "    pass"],
        4, "'test_a' has no docstring"),
    "the docstring is blank": (
        ['@pytest.mark.item("t1-square")', "def test_a(student):", '    """  """'],
        4, "'test_a' has no docstring"),
    "two tests have one name": (
        ['@pytest.mark.item("t1-square")', "def test_a(student):", '    """A."""', "",
         '@pytest.mark.item("t1-square")', "def test_a(student):", '    """B."""'],
        8, "a second test 'test_a'; rename it; the first is on line 4"),
    "a test is in an if": (
        ["if True:", '    @pytest.mark.item("t1-square")', "    def test_a(student):",
         '        """A."""'],
        5, "pytest does not run 'test_a' here"),
    "a test is in a class that pytest does not collect": (
        ["class Square:", '    @pytest.mark.item("t1-square")', "    def test_a(self, student):",
         '        """A."""'],
        5, "pytest does not run 'test_a' here"),
    "a test is async": (
        ['@pytest.mark.item("t1-square")', "async def test_a(student):", '    """A."""'],
        4, "pytest does not run 'test_a' here"),
    "the file does not parse": (
        ["def test_a(student:"], 3, "does not parse: "),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_test_file_is_reported_at_its_line(mistake, course, complaints):
    lines, line, said = MISTAKES[mistake]
    text = "\n".join(["import pytest", "", *lines, ""])
    (course / FOLDER / "test_more.py").write_text(text, encoding="utf-8")
    (complaint,) = complaints()
    assert complaint.startswith(f"{FOLDER}/test_more.py:{line}: {said}")


@pytest.mark.parametrize("name", ["helper.py", "conftest.py", "data.npz", "Test_x.py", "deep"])
def test_what_is_neither_a_test_file_nor_support_has_no_place_in_a_rubric(name, course, complaints):
    if name == "deep":
        (course / FOLDER / name).mkdir()
    else:
        (course / FOLDER / name).touch()
    (complaint,) = complaints()
    assert complaint.startswith(f"{FOLDER}/{name}: has no place in a rubric")


def test_a_hidden_module_in_support_is_refused_because_support_ships(course, complaints):
    (course / FOLDER / "support" / "secrets_hidden.py").touch()
    (complaint,) = complaints()
    assert complaint.startswith(f"{FOLDER}/support/secrets_hidden.py: is hidden")


def test_a_support_module_that_does_not_parse_is_reported(course, complaints):
    (course / FOLDER / "support" / "bad.py").write_text("x = (\n", encoding="utf-8")
    (complaint,) = complaints()
    assert complaint.startswith(f"{FOLDER}/support/bad.py:1: does not parse")


def test_caches_beside_the_tests_are_no_mistake(course, complaints):
    (course / FOLDER / "__pycache__").mkdir()
    (course / FOLDER / ".pytest_cache").mkdir()
    assert complaints() == []


def test_an_item_with_hidden_tests_only_is_complete(course, complaints):
    (course / FOLDER / "test_area.py").unlink()
    assert complaints() == []


def test_helper_functions_in_a_test_file_are_no_tests(course, complaints):
    path = course / FOLDER / "test_area.py"
    text = path.read_text(encoding="utf-8") + "\n\ndef draw(rng):\n    return rng.normal()\n"
    path.write_text(text, encoding="utf-8")
    assert complaints() == []
