"""What is nearly a marker is an error with its line, never shipped code."""

import pytest

GOOD_BEGIN, GOOD_END = "    # BEGIN SOLUTION t1-square", "    # END SOLUTION"
BEGIN_LINE, END_LINE = 2, 4


def function(begin: str = GOOD_BEGIN, end: str = GOOD_END) -> str:
    """A function with one region; BEGIN on line 2, END on line 4."""
    return f"def square(x):\n{begin}\n    return x * x\n{end}\n"


def test_the_exact_markers_are_no_mistake(mistakes):
    assert mistakes(function()) == []


@pytest.mark.parametrize("begin", [
    "# begin solution t1-square",  # otter ignores it, and ships the solution
    "# Begin Solution t1-square",
    "# BEGIN SOLUTON t1-square",  # otter and nbgrader ship the solution
    "# BEGIN SOLUTIONS t1-square",
    "# BEGN SOLUTION t1-square",
    "# BEIGN SOLUTION t1-square",
    "### BEGIN SOLUTION t1-square",  # nbgrader accepts it, otter stops without a line
    "## BEGIN SOLUTION t1-square",
    "#BEGIN SOLUTION t1-square",
    "#  BEGIN SOLUTION t1-square",
    "# BEGIN  SOLUTION t1-square",
    "# BEGIN SOLUTION  t1-square",
    "# BEGIN SOLUTION t1-square ",
    "# BEGIN SOLUTION: t1-square",
    "# BEGIN SOLUTION (t1-square)",
    "# BEGIN SOLUTION t1-square t1-row-sums",
    "# BEGIN SOLUTION",
    "# BEGIN SOLUTION t1.square",
    "# BEGIN_SOLUTION t1-square",
    "# BEGIN-SOLUTION t1-square",
    "# BEGINSOLUTION t1-square",
    "# BEGIN YOUR SOLUTION t1-square",
    "# BEGIN YOUR SOLUTION",
    "# BEGIN SOL t1-square",
    "# BEGIN SOLN t1-square",
    "# START SOLUTION t1-square",
    "# start solution t1-square",
    "# SOLUTION t1-square",
    "# SOLUTION",
    "# solution",
    "#SOLUTION",
    "# --- SOLUTION ---",
    "# <solution>",
    "# B E G I N  S O L U T I O N t1-square",
    "#\tBEGIN SOLUTION t1-square",
    "# BEGIN\tSOLUTION t1-square",
    "#\u00a0BEGIN SOLUTION t1-square",
    "# \u0412EGIN SOLUTION t1-square",  # Cyrillic Ve
    "# BEGIN S\u041eLUTI\u041eN t1-square",  # Cyrillic O, twice
    "# \u0392\u0395GI\u039d S\u039fLU\u03a4I\u039fN t1-square",  # six Greek letters
    "# \uff22\uff25\uff27\uff29\uff2e SOLUTION t1-square",  # full-width letters
    "# BEG\u200bIN SOLUTION t1-square",  # a space without width
    "# BE\u0301GIN SOLUTION t1-square",  # an accent
    "# BEG1N S0LUTION t1-square",
    "# END SOLUTION t1-square",
    "# BEGIN PROMT",
    "# PROMPT",
])  # fmt: skip
def test_a_begin_that_is_nearly_right_is_an_error_at_its_line(begin, mistakes):
    found = mistakes(function(begin=f"    {begin}"))
    (complaint,) = [words for line, words in found if line == BEGIN_LINE]
    assert "is nearly a marker; write '# " in complaint
    assert "on a line of its own, or reword the comment" in complaint


@pytest.mark.parametrize("end", [
    "# end solution",
    "# END SOLUTON",
    "# ENDSOLUTION",
    "# END-SOLUTION",
    "# END  SOLUTION",
    "# END SOLUTION ",
    "# END SOLUTION.",
    "#END SOLUTION",
    "### END SOLUTION",
    "# END YOUR SOLUTION",
    "# END OF SOLUTION",
    "# EDN SOLUTION",
    "# END SOLUTION t1-square",  # an id after END
    "# END S\u039fLUTION",
    "# STOP SOLUTION",
    "# stop soln",
])  # fmt: skip
def test_an_end_that_is_nearly_right_is_an_error_at_its_line(end, mistakes):
    found = mistakes(function(end=f"    {end}"))
    assert [line for line, _ in found] == [END_LINE]


def test_a_misspelt_pair_is_an_error_although_its_ends_agree(mistakes):
    text = function("    # BEGIN SOLUTON t1-square", "    # END SOLUTON")
    assert [line for line, _ in mistakes(text)] == [BEGIN_LINE, END_LINE]


@pytest.mark.parametrize("line", [
    "answer = 42  # SOLUTION",  # otter ships it where no block is around
    "answer = 42 # BEGIN SOLUTION t1-square",
    "answer = 42  # END SOLUTION",
    "answer = 42  # solution",
    "total = (  # SOLUTION\n    1)",  # otter leaves the rest of the expression
    "if True: x = 3 #SOLUTION",  # otter leaves `...`
    "def f(): # BEGIN SOLUTION t1-square\n    pass",
    "x = 1  # BEGIN PROMPT",
    "# see the # SOLUTION notes",  # otter replaces it
    "# This is the SOLUTION that was meant.",
])  # fmt: skip
def test_a_marker_behind_code_or_prose_is_an_error_at_its_line(line, mistakes):
    found = mistakes(f"{line}\n\n{function()}")
    assert [number for number, _ in found] == [1]


@pytest.mark.parametrize("comment", [
    "# the solution is unique",
    "# The solution of the system, if there is one.",
    "# no solution exists where the matrix is singular",
    "# one solution is enough",
    "# solve for x, then add",
    "# solutions of x * x = 1",
    "# begin with zeros",
    "# end of the loop",
    "# resolution in pixels",
    "# ask with a prompt",
    "# promptly",
    "# type: ignore[assignment]",
    "#!/usr/bin/env python",
    "# %d and 0O1Il |||",
    "#",
    "##########",
])  # fmt: skip
def test_ordinary_comments_are_shipped_unchanged(comment, stub):
    assert stub(f"{comment}\n{function()}").startswith(f"{comment}\n")


@pytest.mark.parametrize("line", [
    "msg = 'use # SOLUTION here'",  # otter mangles it
    "msg = '# BEGIN SOLUTION t1-square'",
    "msg = f'# END SOLUTION {1}'",
    "SOLUTION = 1",
    "msg = '''\nBEGIN: the solution\n'''",
])  # fmt: skip
def test_marker_words_in_a_string_of_one_line_are_shipped_unchanged(line, stub):
    assert stub(f"{line}\n\n\n{function()}").startswith(f"{line}\n")


@pytest.mark.parametrize("marker", [
    "# BEGIN SOLUTION t1-square", "# END SOLUTION", "    # begin solution", "### SOLUTION ###",
])  # fmt: skip
@pytest.mark.parametrize("quotes", ['"""', "'''", 'f"""', 'r"""'])
def test_a_marker_line_in_a_long_string_is_an_error(marker, quotes, mistakes):
    found = mistakes(f"text = {quotes}\n{marker}\n{quotes[-3:]}\n\n{function()}")
    assert [line for line, _ in found] == [2]
    assert "is inside a string" in found[0][1]


def test_a_marker_line_in_a_docstring_is_an_error(mistakes):
    text = 'def f(x):\n    """Do.\n\n    # BEGIN SOLUTION t1-square\n    """\n    return x\n'
    assert [line for line, _ in mistakes(text)] == [4]


def test_a_marker_line_in_a_continued_string_is_an_error(mistakes):
    text = f"text = 'a \\\n# BEGIN SOLUTION t1-square'\n\n{function()}"
    assert [line for line, _ in mistakes(text)] == [2]


def test_an_unknown_item_is_an_error_that_suggests_the_nearest(mistakes):
    ((line, words),) = mistakes(function("    # BEGIN SOLUTION t1-sqare"))
    assert line == BEGIN_LINE
    assert words == "unknown item 't1-sqare'; did you mean 't1-square'?"


def test_an_item_in_capitals_is_unknown(mistakes):
    ((_, words),) = mistakes(function("    # BEGIN SOLUTION T1-SQUARE"))
    assert words.startswith("unknown item 'T1-SQUARE'")


def test_a_written_item_has_no_region(mistakes):
    ((line, words),) = mistakes(function("    # BEGIN SOLUTION t1-why"))
    assert (line, words.split(";")[0]) == (
        BEGIN_LINE,
        "item 't1-why' is a written item, which has no code",
    )


def test_markers_indented_by_tabs_are_errors(mistakes):
    text = function().replace("    ", "\t")
    assert [line for line, _ in mistakes(text)] == [BEGIN_LINE, END_LINE]
    assert all("indented by a tab" in words for _, words in mistakes(text))
