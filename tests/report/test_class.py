"""The page of a class: figures that are right, and everything that needs a person."""

import statistics
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from autograder.report import Wishes, make_report
from autograder.report.whole_class import Links, class_page
from autograder.report.whole_class.attention import concerns, waiting_for_a_person
from autograder.report.whole_class.items import corrected_item_total, item_statistics
from autograder.report.whole_class.mistakes import frequent_mistakes, hints_share
from autograder.report.whole_class.refused import refusals
from autograder.report.whole_class.scores import distribution
from autograder.results import ItemRecord, SubmissionRecord, TestRecord, totals
from autograder.results.class_results import ClassResults, StudentResults, read_class

from .shown import Page


def record(name, scores, layers=None, sha256="ab", points=2.0, words=""):
    """A submission: item's id -> score, or a status that gives none."""
    items = []
    for item_id, given in scores.items():
        score = 0.0 if isinstance(given, str) else float(given)
        status = given if isinstance(given, str) else "passed" if score == points else "partial"
        of_test = "failed" if status == "partial" else status
        tests = (
            (TestRecord(f"test_{item_id}", f"{item_id} is right.", of_test, words, "", False, 0.5),)
            if of_test != "awaiting_manual"
            else ()
        )
        items.append(ItemRecord(item_id, "p1", f"Title of {item_id}", points, score, status, words,
                                "", "visible", tests))  # fmt: skip
    score, possible = totals(items)
    isolation = {"mode": "docker", "layers": layers or {"policy": "enforced"}}
    return SubmissionRecord(name, score, possible, 1.0, 1, isolation, tuple(items), (), sha256, {})


def page_of(*records, students=None):
    who = students or [StudentResults(one.name, one.name, submission=one.name) for one in records]
    results = ClassResults(tuple(who), {one.name: one for one in records})
    return class_page("Homework", results, Links({}, {}, {}))


def test_discrimination_leaves_the_item_out_of_the_total():
    scores, totals_ = [0, 1, 2, 1, 2, 0], [3, 4, 9, 5, 8, 1]
    rest = [total - score for score, total in zip(scores, totals_, strict=True)]
    expected = statistics.correlation(scores, rest)
    got = corrected_item_total(np.array(scores), np.array(totals_))
    assert got == pytest.approx(expected)
    assert got < statistics.correlation(scores, totals_), "with itself it would look better"


def test_for_right_or_wrong_it_is_the_point_biserial_correlation():
    """r = (M1 - M0) / s * sqrt(p q), from the means of the rest in both groups."""
    right = np.array([1, 1, 0, 1, 0, 0, 1])
    rest = np.array([9.0, 7.0, 4.0, 8.0, 5.0, 2.0, 3.0])
    share = right.mean()
    difference = rest[right == 1].mean() - rest[right == 0].mean()
    expected = difference / rest.std() * np.sqrt(share * (1 - share))
    assert corrected_item_total(right, rest + right) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("scores", "totals_"), [([2, 2, 2], [3, 5, 4]), ([0, 1, 2], [1, 2, 3]), ([1], [2]), ([], [])]
)
def test_discrimination_is_not_defined_where_all_are_the_same(scores, totals_):
    assert corrected_item_total(np.array(scores, float), np.array(totals_, float)) is None


def test_an_item_has_its_share_its_endings_and_its_times():
    records = [
        record("a", {"p1-a": 2, "p1-b": 2}), record("b", {"p1-a": 1, "p1-b": "failed"}),
        record("c", {"p1-a": "timeout", "p1-b": 1}), record("d", {"p1-a": 2, "p1-b": 2}),
    ]  # fmt: skip
    first, second = item_statistics(records)
    assert (first.id, first.submissions, first.share) == ("p1-a", 4, 5 / 8)
    assert second.share == 5 / 8
    assert first.statuses == {"passed": 2, "partial": 1, "timeout": 1}
    assert first.discrimination == pytest.approx(statistics.correlation([2, 1, 0, 2], [2, 0, 1, 2]))
    assert (first.median_seconds, first.slow_seconds) == (0.5, 0.5)


def test_an_error_of_the_grader_counts_as_nobodys_score():
    records = [
        record("a", {"p1-a": 2, "p1-b": 2}), record("b", {"p1-a": 1, "p1-b": "failed"}),
        record("c", {"p1-a": "failed", "p1-b": 1}),
        record("d", {"p1-a": "grader_error", "p1-b": 2}),
    ]  # fmt: skip
    first, second = item_statistics(records)
    assert (first.submissions, first.share) == (3, 0.5)
    assert second.submissions == 4
    expected = statistics.correlation([2, 0, 1], [2, 1, 0])
    assert second.discrimination == pytest.approx(expected), "d has no total to compare with"


def test_items_that_stand_out_are_named():
    class_ = [
        record(f"s{number}", {"p1-easy": 2, "p1-hard": 2 if number == 0 else "failed",
                              "p1-wrong": "failed" if number < 20 else 2,
                              "p1-good": 2 if number < 20 else "failed"})
        for number in range(40)
    ]  # fmt: skip
    remarks = {one.id: one.remark for one in item_statistics(class_)}
    assert remarks["p1-easy"] == "easy"
    assert remarks["p1-hard"].startswith("hard")
    assert "stronger students lose it" in remarks["p1-wrong"]
    few = {one.id: one.remark for one in item_statistics(class_[10:30])}
    assert "lose it" not in few["p1-wrong"], "twenty say little"


def test_the_distribution_counts_everybody_once():
    scores = distribution([record(str(score), {"p1-a": score}) for score in (0, 0.5, 1, 2, 2)])
    assert sum(scores.counts) == 5
    assert scores.counts[0] == 1 and scores.counts[-1] == 2, "the highest score is in the last bin"
    assert scores.edges[0] == 0 and scores.edges[-1] == 2
    assert scores.figures["median"] == 1 and scores.figures["mean"] == 1.1
    assert scores.figures["standard deviation"] == pytest.approx(
        statistics.pstdev([0, 0.5, 1, 2, 2])
    )


def test_mistakes_are_counted_by_hint_once_a_submission():
    hint = "x is wrong: got 1, expected 2\n  hint: doubled"
    records = [
        record("a", {"p1-a": 0}, words=hint), record("b", {"p1-a": 1}, words=hint),
        record("c", {"p1-a": "failed"}, words="f raised ValueError: no"),
        record("d", {"p1-a": "timeout"}, words="too long"),
        record("e", {"p1-a": 2, "p1-b": "not_attempted"}), record("f", {"p1-a": "grader_error"}),
    ]  # fmt: skip
    found = frequent_mistakes(records)
    assert [(one.words, one.submissions) for one in found] == [
        ("doubled", 2),
        ("p1-a is right: raised ValueError", 1),
        ("p1-a is right: timeout", 1),
    ]
    assert hints_share(found) == 0.5


def test_a_hint_explains_the_other_failed_tests_of_its_item():
    told = record("a", {"p1-a": 0, "p1-b": 0}, words="x is wrong\n  hint: doubled")
    silent = record("b", {"p1-a": 0, "p1-b": 0}, words="x is wrong")
    tests = told.items[0].tests + silent.items[0].tests
    first = replace(told, items=(replace(told.items[0], tests=tests), silent.items[1]))
    found = frequent_mistakes([first, silent])
    assert {(one.item, one.words): one.submissions for one in found} == {
        ("p1-a", "doubled"): 1,
        ("p1-a", "p1-a is right: failed"): 1,
        ("p1-b", "p1-b is right: failed"): 2,
    }


def test_everything_that_needs_a_person_is_listed_the_urgent_first():
    found = concerns([
        record("fine", {"p1-a": 2, "p1-why": "awaiting_manual"}),
        record("ours", {"p1-a": "grader_error", "p1-b": 2}),
        record("slow", {"p1-a": "timeout"}), record("dead", {"p1-a": "crashed"}),
        record("empty", {"p1-a": "not_attempted", "p1-b": "not_attempted"}),
        record("lost", {"p1-a": "failed"}, sha256=""),
        record("bare", {"p1-a": 2}, layers={"policy": "waived by --insecure"}),
    ])  # fmt: skip
    urgent = {name: items for one in found if one.urgent for name, items in one.where}
    assert urgent == {"ours": ("p1-a",), "lost": (), "bare": ()}
    later = {name for one in found if not one.urgent for name, _ in one.where}
    assert later == {"slow", "dead", "empty"}
    assert [one.urgent for one in found] == sorted((one.urgent for one in found), reverse=True)


def test_written_items_wait_until_a_person_has_graded_them():
    records = [record(name, {"p1-a": 2, "p1-why": "awaiting_manual"}) for name in "abc"]
    assert waiting_for_a_person(records, [("a", "p1-why")]) == {"p1-why": 2}
    assert waiting_for_a_person(records, []) == {"p1-why": 3}


def test_what_the_sandbox_refused_is_found_in_real_records(graded):
    found = {(one.kind, one.what): dict(one.where)
             for one in refusals(read_class(graded).records.values())}  # fmt: skip
    assert set(found[("imported something that is banned", "torch")]) == {"imports"}
    left = found[("ended or crashed its process", "exit code 3")]
    assert left == {"leaves": ("t1-square",)}
    denied = [where for (kind, _), where in found.items() if kind.startswith("asked for what")]
    assert [set(where) for where in denied] == [{"reads"}]
    names = {name for where in found.values() for name in where}
    assert names == {"imports", "leaves", "reads"}, "a mistake or an untried item is no refusal"


@pytest.mark.parametrize("words", [
    "your code was stopped: it used more than 4 GiB of memory",
    "while your code was running, the process used up its processor time",
    "while your code was running, the process crashed (signal SIGSEGV)",
    "the process of your code sent an invalid answer",
    "the process of your code sent something that is no answer",
    "f raised OSError: [Errno 1] Operation not permitted",
    "square could not be imported: ImportError: torch may not be used in this assignment's code",
])  # fmt: skip
def test_each_kind_of_refusal_is_known(words):
    assert len(refusals([record("a", {"p1-a": "crashed"}, words=words)])) == 1
    assert refusals([record("a", {"p1-a": 2}, words=words)]) == [], "it passed all the same"


def test_the_page_shows_it_all_for_really_graded_submissions(graded):
    make_report(graded, Wishes("Shapes"))
    text = Page((graded / "index.html").read_text()).text
    for words in ("6 students, 6 submissions that count", "doubled", "exit code 3", "t1-why 6",
                  "With fewer than 30 submissions it says little."):  # fmt: skip
        assert words in text


def test_pages_are_for_their_owner_only(graded):
    """Student code that runs later, under another user id, must not read them."""
    make_report(graded, Wishes("Shapes"))
    pages = [graded / "index.html", *(graded / "for-students").iterdir()]
    assert len(pages) == 7
    assert all(page.stat().st_mode & 0o777 == 0o600 for page in pages)


def test_links_lead_to_pages_that_are_there(graded):
    import re
    from urllib.parse import unquote

    make_report(graded, Wishes("Shapes"))
    page = (graded / "index.html").read_text()
    links = [unquote(link) for link in re.findall(r'<a href="([^"#]+)"', page)]
    assert len(links) == 6
    assert all((graded / link).is_file() for link in links)


HOSTILE = [
    "<script>alert(1)</script>",
    "</table><h1>x",
    '" onload="x',
    "\x1b[31m\u202e",
    "&lt;b&gt;",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_students_control_stays_text(text):
    def page(words):
        of = record("a", {"p1-a": "crashed"}, words=f"{words}\nf raised PermissionError: {words}\n"
                    f"  hint: {words}")  # fmt: skip
        who = StudentResults(words, words, words, (words,), "a", words, True)
        return page_of(of, students=[who])

    hostile = page(text)
    assert Page(hostile).elements == Page(page("harmless")).elements
    assert "\x1b" not in hostile and "\u202e" not in hostile


def test_pictures_can_be_read_aloud_and_ids_are_unique(large):
    make_report(large, Wishes("Homework", kinds=("class",)))
    page = (large / "index.html").read_text()
    assert page.count("<svg") == page.count('role="img"') == page.count("<desc id=") == 3
    assert "The median is" in page and "<metadata" not in page

    class Ids(HTMLParser):
        found: list = []  # noqa: RUF012

        def handle_starttag(self, tag, attributes):
            self.found += [value for name, value in attributes if name == "id"]

    Ids().feed(page)
    assert len(Ids.found) == len(set(Ids.found)) > 10


def test_the_same_results_give_the_same_bytes(made_up, tiny, tmp_path):
    """Also in another process: no date, no hash, no order of a set is in a page."""
    made_up.write_class(tiny, tmp_path, 40)
    pages = []
    for _ in range(2):
        code = (
            "import sys; from pathlib import Path; from autograder.report import *\n"
            "make_report(Path(sys.argv[1]), Wishes('Homework', kinds=('class', 'students')))"
        )
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], check=True, cwd=Path(__file__).parent
        )
        pages.append([page.read_bytes() for page in sorted(tmp_path.rglob("*.html"))])
    assert len(pages[0]) == 41
    assert pages[0] == pages[1]


def test_an_empty_class_of_ungraded_items_has_a_page():
    text = Page(page_of(record("a", {"p1-why": "awaiting_manual"}))).text
    assert "No test has run." in text and "1 student, 1 submission that count" in text
