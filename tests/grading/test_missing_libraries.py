"""Libraries that grading does not have are named with the items that this has cost."""

import json

import pytest

from autograder.grading.item_records import item_record
from autograder.grading.missing_libraries import notes_on_missing_libraries
from autograder.remote.code_rules import RuleChecker
from autograder.results import TestRecord

LACKING = "a_library_that_grading_lacks"


def notebook(*cells):
    cells = [{"cell_type": "code", "metadata": {}, "source": cell} for cell in cells]
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    return json.dumps(document).encode()


@pytest.fixture
def items(tiny):
    """Two items: the first has failed for want of it, the second in a hidden test only."""
    words = f"ModuleNotFoundError: No module named '{LACKING}'"
    first, second = tiny.auto_items[:2]
    public = TestRecord("a", "A.", "failed", words, words, False, 0.1)
    hidden = TestRecord("b", "B.", "failed", words, "a hidden check failed", True, 0.1)
    return [item_record(first, (public,), (1.0,)), item_record(second, (hidden,), (1.0,))]


def test_the_note_names_the_place_and_what_it_has_cost(items):
    files = {"a.ipynb": notebook("x = 1", f"import json\nimport {LACKING} as it")}
    assert notes_on_missing_libraries(files, items) == [
        (
            f"a.ipynb, cell 2, line 2 imports {LACKING}, which is not installed where work is "
            f"graded; because of this, these items lost points: {items[0].id}."
        )
    ]


def test_where_it_has_cost_nothing_it_is_named_all_the_same():
    assert notes_on_missing_libraries({"shapes/area.py": f"import {LACKING}\n".encode()}, []) == [
        f"shapes/area.py, line 1 imports {LACKING}, which is not installed where work is graded."
    ]


@pytest.mark.parametrize(
    "source",
    [
        "import numpy, json",
        "import area",
        "from shapes import area",
        "from . import other",
        f"try:\n    import {LACKING}\nexcept ImportError:\n    pass",
        "from google.colab import drive",
        "no python at all",
        "",
    ],
)
def test_what_is_there_is_no_note(source):
    assert notes_on_missing_libraries({"shapes/area.py": source.encode()}, []) == []


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff"])
def test_a_file_that_is_no_notebook_is_none_of_its_business(content):
    assert notes_on_missing_libraries({"a.ipynb": content}, []) == []


def test_many_are_counted():
    source = "\n".join(f"import lacking_{number}" for number in range(9)).encode()
    notes = notes_on_missing_libraries({"a.py": source}, [])
    assert len(notes) == 6 and notes[-1] == "... and 4 more such libraries."


@pytest.mark.parametrize(
    "rules", [RuleChecker(allowed_imports=["numpy"]), RuleChecker(banned_imports=["mpmath"])]
)
def test_what_a_notebook_may_not_use_is_said_to_be_passed_over(rules):
    files = {"a.ipynb": notebook("import numpy\nimport mpmath"), "b.py": b"import mpmath"}
    assert notes_on_missing_libraries(files, [], {"a.ipynb": rules}) == [
        "a.ipynb, cell 1, line 2 imports mpmath, which may not be used there; it was skipped."
    ]


def test_what_nobody_writes_is_not_looked_at():
    long = f"import {'x' * 61}".encode()
    many = b"\n".join(b"import lacking_%d" % number for number in range(9_000))
    huge = b"import lacking\n" + b"#" * 300_000
    assert notes_on_missing_libraries({"a.py": long}, []) == []
    assert notes_on_missing_libraries({"a.py": many}, [])[-1] == "... and 95 more such libraries."
    assert notes_on_missing_libraries({"a.py": huge}, []) == []
    assert notes_on_missing_libraries({f"{n:02}.py": b"#" * 150_000 for n in range(20)}, []) == []


@pytest.mark.parametrize("text", ["(" * 50_000, "-" * 100_000 + "1", "x" + ".y" * 50_000, "\0"])
def test_text_made_to_choke_a_parser_is_none_of_its_business(text):
    assert notes_on_missing_libraries({"a.py": text.encode(), "a.ipynb": notebook(text)}, []) == []
