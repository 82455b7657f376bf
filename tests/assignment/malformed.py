"""Malformed assignments: each is an assignment of tests/course with one change.

`MALFORMED` has them all by their titles. test_malformed.py loads each of them and holds what is
reported against what is written here: the line, and the beginning of the sentence.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Malformed:
    """One mistake of an instructor.

    Attributes:
        assignment: the assignment of tests/course that is changed.
        file: the file that is changed or added, from the course's folder.
        old: the text to replace; nothing for a file to add.
        new: its replacement, or the text of the file.
        wrong: how the line that is reported begins, or its number; 0 for the whole file.
        said: how the report begins, after the line.
    """

    assignment: str
    file: str
    old: str
    new: str
    wrong: str | int
    said: str


# assignment.toml: (text to replace, its replacement, how the wrong line begins, what is said)
SPEC = {
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
        'inputs = "torch", but the item does not need torch; add needs = ["torch"]'),
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
        "timeout_s = 10", 'timeout_s = 10\nneeds = [\n  "torch",\n  "mnst",  # digits\n]',
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
        "'shapes' is neither a folder nor a module at the top; write a name and a slash"),
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

FAST = "fast = { STEPS = 3 }"
FILES = 'files = ["claims/*.json"]'
PACKAGE = '[[package]]\npath = "claims/"\n\n[[notebook]]'

# Notebooks and further files in assignment.toml: as above.
NOTEBOOKS = {
    "a key is misspelt": (
        "cell_timeout_s = 20", "cel_timeout_s = 20", "cel_timeout_s",
        "unknown key 'cel_timeout_s'; did you mean 'cell_timeout_s'?"),
    "the path is missing": (
        'path = "squares.ipynb"', "", "[[notebook]]", "[[notebook]] has no 'path'"),
    "the path is that of the source": (
        'path = "squares.ipynb"', 'path = "squares.py"', 'path = "squares.py"',
        "'squares.py' is not a notebook; write a name such as"),
    "the path has a folder": (
        'path = "squares.ipynb"', 'path = "books/squares.ipynb"', "path = ",
        "'books/squares.ipynb' is not a notebook"),
    "the name is not an identifier": (
        'path = "squares.ipynb"', 'path = "my-squares.ipynb"', "path = ",
        "'my-squares.ipynb' is not a notebook"),
    "the name is a standard module's": (
        'path = "squares.ipynb"', 'path = "random.ipynb"', "path = ", "the name 'random' is taken"),
    "the name is one of the student handle's": (
        'path = "squares.ipynb"', 'path = "figures.ipynb"', "path = ",
        "the name 'figures' is taken; give the notebook another name"),
    "the name belongs to a package": (
        "[[notebook]]", '[[package]]\npath = "squares/"\n\n[[notebook]]', 'path = "squares.ipynb"',
        "the name 'squares' belongs to a package"),
    "a notebook is declared twice": (
        "[release]", '[[notebook]]\npath = "squares.ipynb"  # again\n\n[release]',
        'path = "squares.ipynb"  # again', "'squares.ipynb' is declared twice"),
    "there is no source": (
        'path = "squares.ipynb"', 'path = "circles.ipynb"', 'path = "circles.ipynb"',
        "solutions/noted/circles.py does not exist; write the notebook there as text"),
    "a time limit is zero": (
        "timeout_s = 40", "timeout_s = 0", "timeout_s = 0", "'timeout_s' is 0; write a number"),
    "a time limit is a week": (
        "timeout_s = 40", "full_timeout_s = 604800", "full_timeout_s",
        "'full_timeout_s' is 604800; write a number above 0 and at most 86400"),
    "a need is unknown": (
        "timeout_s = 40", 'needs = ["torhc"]', "needs",
        "'torhc' is not something a notebook can need; did you mean 'torch'?"),
    "a ban is on the notebook itself": (
        '["torch"]', '["squares"]', "banned_imports", "'squares' is not a name to ban; remove it"),
    "fast is a list": (
        FAST, 'fast = ["STEPS"]', "fast", "'fast' is a list; write a table: fast = { NAME = 2 }"),
    "fast gives no name": (
        FAST, 'fast = { "N STEPS" = 3 }', "fast", "'N STEPS' is not a variable name"),
    "fast gives a keyword": (
        FAST, "fast = { class = 3 }", "fast",
        "'class' is not a variable name"),
    "fast gives a list": (
        FAST, "fast = { STEPS = [3] }", "fast", "'STEPS' does not have a plain value"),
    "fast gives infinity": (
        FAST, "fast = { STEPS = inf }", "fast", "'STEPS' does not have a plain value"),
    "a split is unknown": (
        FAST, "data = { training = 1, validation = 1, test = 1 }", "data",
        "'training' is not a split of a dataset"),
    "a split is missing": (
        FAST, "data = { train = 1, test = 1 }", "data", "'data' has no 'validation'; add"),
    "a split is empty": (
        FAST, "data = { train = 1, validation = 0, test = 1 }", "data",
        "'validation' is not the size of a split; write a whole number above 0"),
    "a size is not an integer": (
        FAST, "data = { train = 0.5, validation = 1, test = 1 }", "data",
        "'train' is not the size"),
    "an item's notebook is unknown": (
        'kind = "written"\nnotebook = "squares.ipynb"',
        'kind = "written"\nnotebook = "square.ipynb"', 'notebook = "square.ipynb"',
        "unknown notebook 'square.ipynb'; did you mean 'squares.ipynb'?"),
    "an item's notebook is a list": (
        'kind = "written"\nnotebook = "squares.ipynb"',
        'kind = "written"\nnotebook = ["squares.ipynb"]', "notebook = [",
        "'notebook' is a list; write a string"),
    "the notebook ships as it is": (
        'copy = ["requirements.txt"]', 'copy = [\n"requirements.txt",\n"squares.py"]',
        '"squares.py"', "'squares.py' belongs to a notebook; remove it"),
    "a pattern is absolute": (
        FILES, 'files = ["/claims/a.json"]', "files", "'/claims/a.json' is not a file pattern"),
    "a pattern leaves the folder": (
        FILES, 'files = ["../claims/*.json"]', "files", "'../claims/*.json' is not a file pattern"),
    "a pattern goes up on its way": (
        FILES, 'files = ["claims/../*.json"]', "files", "'claims/../*.json' is not a file pattern"),
    "a pattern has a star for a folder": (
        FILES, 'files = ["*/a.json"]', "files", "'*/a.json' is not a file pattern"),
    "a pattern has two stars and more": (
        FILES, 'files = ["claims/**/a.json"]', "files",
        "'claims/**/a.json' is not a file pattern"),
    "a pattern has another wild card": (
        FILES, 'files = ["claims/[ab].json"]', "files", "'claims/[ab].json' is not a file pattern"),
    "a pattern is in a package": (
        "[[notebook]]", PACKAGE, "files", "'claims/*.json' is in a package"),
    "a pattern is in a generated folder": (
        FILES, 'files = ["tests/*.json"]', "files",
        "'tests/*.json' matches a generated file"),
    "a pattern takes the README": (
        FILES, 'files = [\n"claims/*.json",\n"*.md"]', '"*.md"',
        "'*.md' also matches 'README.md', a file of the release"),
    "a pattern takes a notebook": (
        FILES, 'files = ["*.ipynb"]', "files", "'*.ipynb' also matches 'squares.ipynb'"),
    "a pattern takes a copied file": (
        FILES, 'files = ["req*"]', "files", "'req*' also matches 'requirements.txt'"),
}  # fmt: skip

# A further test file of the rubric: (its lines below `import pytest`, the wrong line, what is said)
RUBRIC = {
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
        4, "'test_a' counts with 'test_row_sums_of_a_matrix', which is not another test of this"),
    "it counts with itself": (
        ['@pytest.mark.item("t1-square", counts_with=["test_a"])',
         "def test_a(student):", '    """A."""'],
        4, "'test_a' counts with 'test_a', which is not another test of this item"),
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

CHANGE = """\
[[mistake]]
id = "m"
title = "t"
costs = ["t1-square"]
hint = "h"
[[mistake.change]]
"""
ACCEPTED = """\
[[accepted]]
item = "t1-square"
cheat = "zeros"
earns = 0.67
reason = "the handout asks for it by itself"
"""
CHEAT = """\
[[cheat]]
id = "square-of-the-public-check"
title = "the shape of the public check is answered with what it expects"
items = ["t1-square"]

[[cheat.change]]
file = "shapes/area.py"
function = "square"
replace = "return x"
"""

# A further file of the catalogue's cheats: (its text, the wrong line, what is said)
CHEATS = {
    "the file of cheats is not TOML": ("[[accepted]\n", 1, "is not valid TOML"),
    "an accepted cheat is unknown": (
        "\n" + ACCEPTED.replace("zeros", "laziness"), 2,
        "[[accepted]] it names an unknown cheat 'laziness'"),
    "no cheat is accepted": (
        ACCEPTED.replace('"zeros"', "[]"), 1, "[[accepted]] it does not name a cheat"),
    "an accepted cheat earns too much": (
        ACCEPTED.replace("0.67", "3"), 1, "[[accepted]] it earns 3 points, which its items do not"),
    "an accepted cheat earns nothing": (
        ACCEPTED.replace("0.67", "0"), 1, "[[accepted]] it earns 0 points, which its items do not"),
    "an accepted cheat does not earn a number": (
        ACCEPTED.replace("0.67", "nan"), 1,
        "[[accepted]] it has an `earns` that is not a number of points"),
    "a cheat is accepted for a written item": (
        ACCEPTED.replace("t1-square", "t1-why"), 1, "[[accepted]] it names t1-why, which is no"),
    "an accepted cheat has no reason": (
        ACCEPTED.replace("the handout asks for it by itself", "\\n"), 1,
        "[[accepted]] it needs a reason if it earns points"),
    "an accepted cheat has one key more": (
        ACCEPTED + "more = 1\n", 1, "[[accepted]] it has the keys"),
    "a cheat that earns nothing has a reason": (
        CHEAT.replace("\n\n", '\nreason = "none"\n'), 1,
        "[[cheat]] square-of-the-public-check needs a reason if it earns points, and none"),
    "a cheat that earns something has no reason": (
        CHEAT.replace("\n\n", "\nearns = 1\n"), 1,
        "[[cheat]] square-of-the-public-check needs a reason if it earns points"),
    "a cheat earns a text": (
        CHEAT.replace("\n\n", "\nearns = '1'\n"), 1,
        "[[cheat]] square-of-the-public-check has an `earns` that is not a number of points"),
    "a cheat has no item": (
        CHEAT.replace('["t1-square"]', "[]"), 1,
        "[[cheat]] square-of-the-public-check needs its items as a list"),
    "a mistake is among the cheats": (
        "[[mistake]]\n", 0, "contains something other than [[cheat]] and"),
}  # fmt: skip

# The change of a mistake in the catalogue: (its lines, what is said)
CHANGES = {
    "a change lacks its replacement": (
        'file = "a.py"\nfind = "a"\n', "with the keys ['file', 'find']"),
    "a change lacks its file": (
        'find = "a"\nreplace = "b"\n', "with the keys ['find', 'replace']"),
    "a change finds a number": (
        'file = "a.py"\nfind = 1\nreplace = "b"\n', "whose find is not text"),
    "a cell is moved nowhere": ('file = "a.ipynb"\nmove_cell = "a"\n', "with the keys"),
}  # fmt: skip


def all_of_them():
    """The title and the change of every mistake above."""
    folder = "assignment/tiny"
    for title, how in SPEC.items():
        yield f"spec: {title}", Malformed("tiny", f"{folder}/assignment.toml", *how)
    for title, how in NOTEBOOKS.items():
        yield f"notebook: {title}", Malformed("noted", "assignment/noted/assignment.toml", *how)
    for title, (lines, wrong, said) in RUBRIC.items():
        text = "\n".join(["import pytest", "", *lines, ""])
        file = f"{folder}/rubric/test_more.py"
        yield f"rubric: {title}", Malformed("tiny", file, "", text, wrong, said)
    for title, (text, wrong, said) in CHEATS.items():
        file = f"{folder}/catalogue/cheats/more.toml"
        yield f"catalogue: {title}", Malformed("tiny", file, "", text, wrong, said)
    for title, (lines, said) in CHANGES.items():
        file = f"{folder}/catalogue/mistakes/more.toml"
        text, said = CHANGE + lines, f"[[mistake]] m has a change {said}"
        yield f"catalogue: {title}", Malformed("tiny", file, "", text, 1, said)


MALFORMED = dict(all_of_them())

# Mistakes that make something else in the file wrong, which is reported too.
WITH_CONSEQUENCES = {
    "spec: a package is not in solutions",
    "notebook: the path is missing",
    "notebook: the path is that of the source",
    "notebook: the path has a folder",
    "notebook: the name is not an identifier",
    "notebook: the name is a standard module's",
    "notebook: the name is one of the student handle's",
    "notebook: the name belongs to a package",
    "notebook: there is no source",
    "notebook: a split is unknown",
}
