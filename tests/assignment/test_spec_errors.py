"""Every mistake in assignment.toml is found at loading, with its line and what to write."""

import pytest

FILE = "assignment/tiny/assignment.toml"

# title: (text to replace, its replacement, what the wrong line begins with, what is said)
MISTAKES = {
    "a key of a table is misspelt": (
        'course = "A', 'note = 1\ncourse = "A', "note",
        "unknown key 'note'; [assignment] knows id"),
    "an item's key is misspelt": (
        "timeout_s = 10", "timeout = 10", "timeout =",
        "unknown key 'timeout'; did you mean 'timeout_s'?"),
    "a table is misspelt": (
        "[release]\ncopy", "[relase]\ncopy", "[relase]",
        "unknown table 'relase'; did you mean 'release'?"),
    "one table is written as a list of tables": (
        "[release]\ncopy", "[[release]]\ncopy", "[[release]]",
        "'release' has the wrong form; write [release]"),
    "a title is missing": (
        'title = "Sum of each row"\n', "", '[[item]]\nid = "t1-row-sums"',
        "[[item]] has no 'title'; add title ="),
    "a title is empty": (
        'title = "Sum of each row"', 'title = " "', 'title = " "',
        "'title' is empty; write one line of text"),
    "a title has two lines": (
        'title = "Sum of each row"', 'title = """Sum of\neach row"""', 'title = """',
        "'title' has several lines; write one line of text"),
    "a title is a number": (
        'title = "Sum of each row"', "title = 7", "title = 7",
        '\'title\' is a number; write a string: title = "..."'),
    "the assignment's id is not its folder": (
        'id = "tiny"', 'id = "small"', 'id = "small"',
        "id 'small' in the folder assignment/tiny/; write 'tiny'"),
    "the assignment's id is not an id": (
        'id = "tiny"', 'id = "Tiny"', 'id = "Tiny"', "'Tiny' is not an id; use lower-case"),
    "an item's id has two hyphens together": (
        'id = "t1-why"', 'id = "t1--why"', 'id = "t1--why"', "'t1--why' is not an id"),
    "an item's id has an underscore": (
        'id = "t1-why"', 'id = "t1_why"', 'id = "t1_why"', "'t1_why' is not an id"),
    "two items have one id": (
        'id = "t1-why"', 'id = "t1-square"  # again', 'id = "t1-square"  # again',
        "item 't1-square' is declared twice; rename it, or remove it; the first is on line 22"),
    "two problems have one id": (
        "[[problem]]", '[[problem]]\nid = "t1"  # one\ntitle = "x"\npoints = 5\n\n[[problem]]',
        'id = "t1"\n', "problem 't1' is declared twice"),
    "an item belongs to an unknown problem": (
        'problem = "t1"\ntitle = "Why', 'problem = "t11"\ntitle = "Why', 'problem = "t11"',
        "unknown problem 't11'; did you mean 't1'?"),
    "an item builds on one that is not there": (
        'title = "Sum of each row"', 'title = "Sum"\nbuilds_on = ["t1-squar"]', "builds_on =",
        "'t1-squar' is not an earlier item; did you mean 't1-square'?"),
    "an item builds on itself": (
        'title = "Sum of each row"', 'title = "Sum"\nbuilds_on = ["t1-row-sums"]', "builds_on =",
        "'t1-row-sums' is not an earlier item"),
    "an item builds on one below it": (
        'title = "Square of each entry"', 'title = "Square"\nbuilds_on = ["t1-row-sums"]',
        "builds_on =", "'t1-row-sums' is not an earlier item"),
    "a written item builds on another": (
        'title = "Why', 'builds_on = ["t1-square"]\ntitle = "Why', "builds_on =",
        "a written item cannot build on others: a person gives its points; remove builds_on"),
    "inputs of an unknown kind": (
        'title = "Sum of each row"', 'title = "Sum"\ninputs = "tensors"', "inputs =",
        "'tensors' is not a valid inputs; write one of numpy, torch"),
    "tensors without torch": (
        'title = "Sum of each row"', 'title = "Sum"\ninputs = "torch"', "inputs =",
        'the item does not need torch; add needs = ["torch"]'),
    "builds_on is no list": (
        'title = "Sum of each row"', 'title = "Sum"\nbuilds_on = "t1-square"', "builds_on =",
        "'builds_on' is a string; write a list"),
    "points are zero": ("points = 1", "points = 0", "points = 0", "'points' is 0; write a number"),
    "points are negative": (
        "points = 1", "points = -1", "points = -1", "'points' is -1; write a number above 0"),
    "points are infinite": (
        "points = 1", "points = inf", "points = inf", "'points' is inf; write a number above 0, f"),
    "points are not a number": (
        "points = 1", "points = nan", "points = nan", "'points' is nan; write a number above 0"),
    "points are a string": (
        "points = 1", 'points = "1"', 'points = "1"', "'points' is a string; write a number"),
    "points are true": (
        "points = 1", "points = true", "points = true", "'points' is true or false; write a num"),
    "points are a date": (
        "points = 1", "points = 2026-01-01", "points = 2026", "'points' is a date or time"),
    "points do not add up": (
        "points = 5", "points = 6", "points = 6",
        "'t1' has 6 points, its items have 5; change one of them"),
    "a kind is unknown": (
        'kind = "written"', 'kind = "writen"', 'kind = "writen"',
        "'writen' is not a valid kind; did you mean 'written'?"),
    "a kind is missing": (
        'kind = "written"\n', "", '[[item]]\nid = "t1-why"', "[[item]] has no 'kind'"),
    "a visibility is unknown": (
        'kind = "written"', 'kind = "written"\nvisibility = "shown"', "visibility",
        "'shown' is not a valid visibility; write one of visible, hidden,"),
    "a time limit is zero": (
        "timeout_s = 10", "timeout_s = 0", "timeout_s = 0",
        "'timeout_s' is 0; write a number above 0 and at most 3600"),
    "a time limit is a day": (
        "timeout_s = 10", "timeout_s = 86400", "timeout_s = 86400",
        "'timeout_s' is 86400; write a number above 0 and at most 3600"),
    "all_or_nothing is a word": (
        "timeout_s = 10", 'timeout_s = 10\nall_or_nothing = "yes"', "all_or_nothing",
        "'all_or_nothing' is a string; write true or false"),
    "a need is unknown": (
        "timeout_s = 10", 'timeout_s = 10\nneeds = [\n  "exec",\n  "mnst",  # digits\n]',
        '  "mnst"', "'mnst' is not something an item can need; did you mean 'mnist'?"),
    "needs are a string": (
        "timeout_s = 10", 'timeout_s = 10\nneeds = "torch"', "needs",
        "'needs' is a string; write a list"),
    "a need is listed twice": (
        "timeout_s = 10", 'timeout_s = 10\nneeds = ["torch", "torch"]', "needs",
        "'torch' is listed twice; remove one of them"),
    "an auto item has no test": (
        'kind = "written"', 'kind = "auto"', '[[item]]\nid = "t1-why"',
        "no test scores item 't1-why'; write a test with @pytest.mark.item(\"t1-why\") in rubric/"),
    "a package is not in solutions": (
        'path = "shapes/"', 'path = "forms/"', 'path = "forms/"',
        "the folder solutions/tiny/forms/ does not exist; create it, or correct the path"),
    "a package's path lacks its slash": (
        'path = "shapes/"', 'path = "shapes"', 'path = "shapes"',
        "'shapes' is not a package folder; write its name and a slash"),
    "a package has the name of a standard module": (
        'path = "shapes/"', 'path = "json/"', 'path = "json/"', "the name 'json' is taken"),
    "a package has the name of the tests": (
        'path = "shapes/"', 'path = "tests/"', 'path = "tests/"', "the name 'tests' is taken"),
    "a ban is on a submodule": (
        '["torch"]', '["torch.nn"]', "banned_imports",
        "'torch.nn' is not a name to ban; write the top-level name, 'torch'"),
    "both lists of imports are given": (
        'banned_imports = ["torch"]', 'banned_imports = ["torch"]\nallowed_imports = ["numpy"]',
        "banned_imports", "both 'allowed_imports' and 'banned_imports' are given; remove one"),
    "a part of a library is allowed": (
        'banned_imports = ["torch"]', 'allowed_imports = ["scipy.special"]', "allowed_imports",
        "'scipy.special' is not a name to allow; write the top-level name, 'scipy', and ban the"),
    "the standard library is allowed by name": (
        'banned_imports = ["torch"]', 'allowed_imports = ["math"]', "allowed_imports",
        "'math' is in the standard library, which is always allowed; remove it"),
    "the list of what is allowed is misspelled": (
        "banned_imports", "alowed_imports", "alowed_imports",
        "unknown key 'alowed_imports'; did you mean 'allowed_imports'?"),
    "a whole library is a banned name": (
        'banned_imports = ["torch"]', 'banned_names = ["torch"]', "banned_names",
        "'torch' is a whole library; list it under banned_imports"),
    "a banned name is no name": (
        'banned_imports = ["torch"]', 'banned_names = ["torch.nn.(Linear)"]', "banned_names",
        "'torch.nn.(Linear)' is not a name to ban; write it in full from its library"),
    "a banned name is of the standard library": (
        'banned_imports = ["torch"]', 'banned_names = ["math.sqrt"]', "banned_names",
        "'math.sqrt' is in the standard library, where names cannot be banned; remove it"),
    "an item allows itself what is no name": (
        'id = "t1-row-sums"', 'id = "t1-row-sums"\nallowed_imports = ["a b"]', "allowed_imports",
        "'a b' is not a name to allow"),
    "a given file does not exist": (
        'given = ["shapes/__init__.py"]', 'given = [\n"shapes/__init__.py",\n"shapes/gone.py"]',
        '"shapes/gone.py"', "solutions/tiny/shapes/gone.py does not exist; create it, or remove"),
    "a given file is outside of its package": (
        'given = ["shapes/__init__.py"]', 'given = ["requirements.txt"]', "given",
        "'requirements.txt' is not in shapes/; list it under copy in [release]"),
    "a copied file does not exist": (
        'copy = ["requirements.txt"]', 'copy = ["requirement.txt"]', "copy",
        "solutions/tiny/requirement.txt does not exist"),
    "a copied file is in a package": (
        'copy = ["requirements.txt"]', 'copy = ["requirements.txt", "shapes/area.py"]', "copy",
        "'shapes/area.py' is in a package; list it under given"),
    "a copied file leaves the folder": (
        'copy = ["requirements.txt"]', 'copy = ["requirements.txt", "../x.txt"]', "copy",
        "'../x.txt' is not the path of a file"),
    "a copied file is absolute": (
        'copy = ["requirements.txt"]', 'copy = ["requirements.txt", "/etc/x"]', "copy",
        "'/etc/x' is not the path of a file"),
}  # fmt: skip


def line_of(beginning: str, text: str) -> int:
    """The line that begins with a text; the only one, or the test says nothing."""
    before, found, after = f"\n{text}".partition(f"\n{beginning}")
    assert found
    assert f"\n{beginning}" not in after
    return before.count("\n") + 1


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_reported_at_its_line(mistake, edit, complaints):
    old, new, beginning, said = MISTAKES[mistake]
    text = edit(old, new)
    start = f"{FILE}:{line_of(beginning, text)}: {said}"
    assert any(complaint.startswith(start) for complaint in complaints()), complaints()


def test_a_right_spec_has_no_mistake(complaints):
    assert complaints() == []


def test_all_mistakes_are_reported_at_once_in_the_order_of_their_lines(edit, complaints):
    edit('id = "tiny"', 'id = "TINY"')
    edit("timeout_s = 10", "timeout_s = -1")
    edit('kind = "written"', 'kind = "oral"')
    edit('"""square(x) squares each entry."""', "", "assignment/tiny/rubric/test_area.py")
    found = complaints()
    words = (
        "'TINY' is not an id",
        "'timeout_s' is -1",
        "'oral' is not a valid kind",
        "has no docstring",
    )
    positions = [next(n for n, text in enumerate(found) if word in text) for word in words]
    assert positions == sorted(positions)
    assert len(found) == len(words)


@pytest.mark.parametrize(
    ("broken", "line"),
    [('title = "Shapes', 5), ('title = Shapes"', 5), ('id = "again"\ntitle = ""', 5)],
)
def test_what_is_no_toml_is_reported_with_its_line(broken, line, edit, complaints):
    edit('title = "Shapes of arrays"', broken)
    (complaint,) = complaints()
    assert complaint.startswith(f"{FILE}:{line}: invalid TOML")


def test_a_list_that_is_never_closed_is_reported(edit, complaints):
    edit('kind = "written"', 'kind = "written"\nneeds = [')
    (complaint,) = complaints()
    assert complaint.startswith(f"{FILE}:4")
    assert "invalid TOML" in complaint


def test_a_spec_that_is_not_utf_8_is_reported_with_its_line(course, complaints):
    path = course / FILE
    path.write_bytes(path.read_bytes().replace(b"Shapes of", "Fl\u00e4chen".encode("latin-1")))
    assert complaints() == [f"{FILE}:5: byte 0xe4 is not UTF-8; save the file as UTF-8"]


def test_an_empty_spec_lacks_its_three_tables(course, complaints):
    (course / FILE).write_text("", encoding="utf-8")
    found = [complaint for complaint in complaints() if complaint.startswith(f"{FILE}:")]
    assert found == [
        f"{FILE}:1: the table [assignment] is missing; add [assignment]",
        f"{FILE}:1: the table [[problem]] is missing; add [[problem]]",
        f"{FILE}:1: the table [[item]] is missing; add [[item]]",
    ]


def test_points_add_up_in_decimals(edit, complaints):
    edit("points = 2", "points = 0.1")
    edit("points = 2", "points = 0.1")
    edit("points = 1", "points = 0.1")
    edit("points = 5", "points = 0.3")
    assert complaints() == []
