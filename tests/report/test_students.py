"""A student's page tells what a student may read, and nothing else."""

import base64
from dataclasses import replace

import pytest

from autograder.report import Wishes, make_report
from autograder.report.student import Figure, student_page
from autograder.results import ItemRecord, SubmissionRecord, TestRecord, totals
from autograder.results.class_results import StudentResults

from .shown import Page

ANNA = StudentResults("n1", "Anna Arnold", submission="anna")


def made_test(name="test_a", status="failed", hidden=False, **changes):
    fields = {"title": f"Title of {name}.", "message": "told the instructor",
              "student_message": "told the student", "seconds": 0.01}  # fmt: skip
    return TestRecord(name=name, status=status, hidden=hidden, **(fields | changes))


def made_item(item_id="p1-a", status="failed", score=0.0, tests=(), **changes):
    fields = {"problem": item_id.partition("-")[0], "title": f"Item {item_id}", "points": 2.0,
              "message": "told the instructor", "student_message": "told the student",
              "visibility": "visible"}  # fmt: skip
    return ItemRecord(id=item_id, status=status, score=score, tests=tuple(tests),
                      **(fields | changes))  # fmt: skip


def made_record(*items, **changes):
    score, possible = totals(items)
    fields = {"name": "anna", "seconds": 1.0, "seed": 1, "notices": (), "sha256": "ab",
              "isolation": {"mode": "docker", "layers": {}}, "versions": {}}  # fmt: skip
    return SubmissionRecord(
        score=score, possible=possible, items=tuple(items), **(fields | changes)
    )


PROBLEMS = {"p1": "First problem", "p2": "Second problem"}


def page_of(*items, student=ANNA, partners=(), written=None, figures=(), problems=None, **changes):
    record = made_record(*items, **changes)
    titles = problems or PROBLEMS
    return student_page("Homework", titles, student, partners, record, written or {}, figures)


def test_points_are_told_by_problem_and_in_all():
    text = Page(page_of(
        made_item("p1-a", "passed", 2.0), made_item("p1-b", "partial", 0.5),
        made_item("p2-c", "failed", 0.0),
    )).text  # fmt: skip
    assert "2.5 of 6" in text
    assert "First problem 2.5 4" in text and "Second problem 0 2" in text and "Total 2.5 6" in text


def test_what_a_person_has_not_graded_is_open_and_no_zero():
    items = made_item("p1-a", "passed", 2.0), made_item("p1-why", "awaiting_manual")
    text = Page(page_of(*items)).text
    assert "2 of 4 so far; some parts have no points yet." in text
    assert "Item p1-why – 2 waits for a person" in text
    graded = Page(page_of(*items, written={"p1-why": 1.5})).text
    assert "3.5 of 4 Points" in graded and "graded by a person" in graded


def test_an_error_of_ours_is_never_the_students():
    text = Page(page_of(made_item("p1-a", "grader_error", message="KeyError in rubric"))).text
    assert "our error" in text and "It is not your mistake" in text
    assert "KeyError" not in text and "0 of 2 so far" in text


def test_a_failed_check_tells_what_was_got_what_was_expected_and_the_hint():
    words = "dL/db has shape (5, 3), expected (3,)\n  hint: not summed over the batch"
    text = Page(page_of(made_item(tests=[made_test(student_message=words)]))).text
    assert "Title of test_a. Got dL/db has shape (5, 3) Expected (3,) Hint: not summed" in text


def test_the_lines_that_the_traceback_names_are_shown():
    words = (
        "f raised ValueError: no\n  net/a.py, line 12, in forward: Z = X @ W\n  net/b.py, line 3"
    )
    text = Page(page_of(made_item(tests=[made_test(student_message=words)]))).text
    assert "net/a.py , line 12, in forward Z = X @ W net/b.py , line 3" in text


def test_a_message_that_several_tests_share_is_told_once():
    tests = [made_test(f"test_{name}", student_message="same") for name in "abc"]
    assert Page(page_of(made_item(tests=tests))).text.count("same") == 1


def test_a_passed_check_says_what_it_was_judged_by():
    judged = "judged against your own code's values"
    words = f"{judged}; this fault has already cost points above: divided by N"
    test = made_test(status="passed", message=words, student_message=words)
    for status, score in (("passed", 2.0), ("partial", 1.0)):
        page = Page(page_of(made_item(status=status, score=score, tests=(test,))))
        assert judged in page.text


def test_an_item_that_could_not_be_read_says_why():
    text = Page(page_of(made_item(student_message="the zip is damaged", tests=()))).text
    assert "the zip is damaged" in text


def test_nothing_of_a_hidden_test_or_of_the_instructors_words_is_shown():
    secret = made_test(
        "test_SECRET_name", hidden=True, title="SECRET title", message="SECRET expected 41.7",
        student_message="a hidden check failed; hint: doubled", seconds=987.654,
    )  # fmt: skip
    public = made_test(message="SECRET words", student_message="shown words", seconds=987.654)
    passed = made_test("test_b", "passed", message="SECRET too", student_message="")
    gone = made_item("p2-SECRET", title="SECRET item", visibility="hidden", points=5.0)
    page = page_of(
        made_item(tests=[secret, public, passed], message="SECRET of the item"),
        gone,
        seconds=55.5,
    )
    assert "SECRET" not in page and "987" not in page and "55.5" not in page
    text = Page(page).text
    assert "a hidden check failed Hint: doubled" in text and "shown words" in text
    assert "so no total is shown" in text, "the total would tell the hidden item's score"
    assert "Total" not in text and "of 7" not in text


def test_what_stays_hidden_is_hidden_for_every_ending():
    for status in ("failed", "timeout", "crashed", "grader_error", "partial", "not_attempted"):
        of_test = "failed" if status == "partial" else status
        test = made_test("test_SECRET", of_test, hidden=True, title="SECRET", message="SECRET")
        assert "SECRET" not in page_of(made_item("p1-a", status, tests=[test], message="SECRET"))


HOSTILE = [
    "<script>document.title='pwned'</script>",
    "</p></main></body><h1>Full marks</h1>",
    "<img src=x onerror=alert(1)>",
    "\x1b[2J\x1b]8;;https://evil.example\x07link\x1b]8;;\x07",
    "\u202ereversed \u2066 \u200f \u2028 \x9b31m",
    "' onmouseover='alert(1)",
    '" autofocus onfocus="alert(1)',
    "{{ 7 * 7 }} {% include 'class.html' %} {{ config }}",
    "<!-- <style>*{display:none}</style>",
    "&lt;script&gt; &#x3c;script&#x3e;",
    "\ud800 \udfff",
    "]]><svg onload=alert(1)>",
]


def page_with(text):
    """A page with the same text in every place that a student has a hand in."""
    words = (f"{text} raised {text}: got {text}, expected {text}\n  {text}, line 3, in f: {text}\n"
             f"  hint: {text}")  # fmt: skip
    who = StudentResults("n1", text, text, (text,), "anna", text, True)
    test = made_test(title=text, student_message=words)
    return page_of(
        made_item(tests=[test], title=text, student_message=words),
        student=who, partners=[who], notices=(text,), problems={"p1": text},
        figures=[Figure(text, "image/png", text)],
    )  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_students_control_stays_text(text):
    """The page has exactly the elements that a harmless text of as many lines gives."""
    harmless = "\n".join("harmless" for _ in text.splitlines())
    hostile, expected = page_with(text), page_with(harmless or "harmless")
    assert Page(hostile).elements == Page(expected).elements
    hostile.encode("utf-8")
    for character in "\x1b\x07\x9b\u202e\u2066\u200f\u2028\ud800":
        assert character not in hostile


def test_the_page_loads_and_runs_nothing():
    page = page_with("https://evil.example/x.png")
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in page
    tags = {tag for tag, _ in Page(page).elements}
    assert not tags & {"script", "link", "iframe", "object", "embed", "form", "base"}
    for tag, names in Page(page).elements:
        assert not [name for name in names if name.startswith("on")], tag
    assert 'src="https' not in page and 'href="http' not in page


def test_every_table_has_a_caption_and_headings_for_rows_and_columns():
    elements = Page(page_of(made_item("p1-a", "passed", 2.0))).elements
    tags = [tag for tag, _ in elements]
    assert tags.count("table") == tags.count("caption") == 2
    assert all("scope" in names for tag, names in elements if tag == "th")
    assert tags.count("h1") == 1 and tags.count("main") == 1
    assert all("alt" in names for tag, names in elements if tag == "img")


def test_figures_have_words_for_who_cannot_see_them():
    data = base64.b64encode(b"\x89PNG" + bytes(20_000)).decode()
    page = page_of(made_item(), figures=[Figure("fit.ipynb, cell 3", "image/png", data)])
    assert f"data:image/png;base64,{data}" in page, "a picture is never cut"
    assert 'alt="Figure 1: fit.ipynb, cell 3"' in page


@pytest.mark.parametrize(("mime", "data"), [
    ("image/svg+xml", "PHN2Zz4="), ("text/html", "PHA+"), ("image/png", '" onerror="x'),
])  # fmt: skip
def test_only_pictures_become_figures(mime, data):
    page = page_of(made_item(), figures=[Figure("p1-why", mime, data)])
    assert 'src="data:,"' in page and data not in page


def test_a_class_gets_a_page_each_and_stale_ones_go(graded):
    make_report(graded, Wishes("Shapes"))
    pages = graded / "for-students"
    names = {"solved", "untouched", "doubles", "imports", "leaves", "reads"}
    assert {page.stem for page in pages.iterdir()} == names
    (pages / "of-yesterday.html").write_text("an older submission")
    make_report(graded, Wishes("Shapes"))
    assert {page.stem for page in pages.iterdir()} == names


def test_pages_of_really_graded_submissions_say_what_happened(graded):
    make_report(graded, Wishes("Shapes"))
    pages = {page.stem: Page(page.read_text()).text
             for page in (graded / "for-students").iterdir()}  # fmt: skip
    assert "4 of 5 so far" in pages["solved"] and "Nowhere else." in pages["solved"]
    assert "not attempted" in pages["untouched"]
    assert "Hint: doubled" in pages["doubles"]
    assert "row_sums(X) has shape (5,) Expected (3,)" in pages["doubles"]
    assert "imports torch, which may not be used" in pages["imports"]
    assert "shapes/area.py , line 9, in row_sums raise ValueError" in pages["leaves"]
    for text in pages.values():
        assert "leaves x as it was" not in text, "the title of a hidden test"
        assert "small function" not in text


def test_who_handed_in_together_is_named(tmp_path):
    ben = replace(ANNA, id="n2", name="Ben Bauer")
    assert "Handed in together with Ben Bauer ." in Page(page_of(made_item(), partners=[ben])).text
