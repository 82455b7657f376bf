"""The audit finds hints that are never shown, and limits that a right solution may miss."""

import json
from dataclasses import replace

import numpy as np
import pytest

from autograder.audit.asked import CheckTrace, HintPair, read_asked
from autograder.audit.document import document
from autograder.audit.hints import of_ambiguous_hints
from autograder.audit.limits import limits_of, of_draws, of_limits
from autograder.audit.outcomes import ItemOutcome, Store
from autograder.audit.page import page
from autograder.audit.report import figures

PUBLIC = "assignment/tiny/rubric/test_area.py"
HINTS = 'hints = {"doubled": 2 * x, "left as it was": x}'

FULL = ItemOutcome(2.0, 2.0, "passed", "", "", ())
LINE = CheckTrace("test_it", "test_area.py:12", "above", (), (), None, 0.0, 0.0)


def of_kind(report, *kinds):
    return [finding for finding in report.findings if finding.kind in kinds]


def draws_of(margins, word="above", limit=10.0):
    """One outcome for each draw, which keeps a limit by that much."""
    sign = -1 if word in ("below", "at_most") else 1
    lines = [
        replace(LINE, word=word, margin=margin, got=limit + sign * margin, limit=limit)
        for margin in margins
    ]
    return {
        f"draw-{number}": {"t1-square": replace(FULL, asked=(line,))}
        for number, line in enumerate(lines)
    }


# margins of the draws -> whether the limit is too near
MARGINS = {
    "always the same": ([0.1] * 31, False),
    "missed once": ([5.0] * 30 + [-0.4], True),
    "kept by nothing": ([0.0, 1.0, 2.0], True),
    "the worst is nearer than the draws are apart": ([1.0, 2.0, 3.0], True),
    "as near": ([2.0, 3.0, 4.0], False),
    "further away": ([3.0, 3.5, 4.0], False),
    "a single bad draw": ([8.0] * 29 + [3.0], True),
    "a single good draw": ([3.0] * 29 + [8.0], True),
}


@pytest.mark.parametrize(("margins", "is_near"), MARGINS.values(), ids=MARGINS)
@pytest.mark.parametrize("word", ["above", "below", "at_least", "at_most"])
def test_a_limit_is_too_near_where_draws_are_further_apart(margins, is_near, word):
    [limit] = limits_of(draws_of(margins, word))
    assert limit.is_near == is_near
    assert limit.margin == min(margins)
    assert limit.spread == max(margins) - min(margins)
    assert limit.draws == len(margins)
    assert abs(limit.worst - 10.0) == pytest.approx(abs(min(margins)))


# values, limit -> whether it is too near
SIZES = {
    "one of 0.7 to 1.3": ([0.7, 1.0, 1.3], 0.1, False),
    "one of 0.7 to 1.3, and a limit of 0.5": ([0.7, 1.0, 1.3], 0.5, True),
    "one that is never 0": ([1e-9, 1.0], 0.0, False),
    "one that is 0 once": ([0.0, 1.0], 0.0, True),
    "negative values": ([-0.5, 1.0], -1.0, True),
    "over orders of magnitude": ([2.0, 100.0], 1.0, True),
    "below, by orders of magnitude": ([1e-11, 1e-9], 1e-5, False),
    "below, and as near as they are apart": ([1e-12, 0.6e-5], 1e-5, True),
}


@pytest.mark.parametrize(("values", "limit", "is_near"), SIZES.values(), ids=SIZES)
def test_sizes_are_far_from_a_limit_by_their_ratio(values, limit, is_near):
    is_upper = max(values) < limit
    word = "below" if is_upper else "above"
    margins = [limit - value if is_upper else value - limit for value in values]
    [found] = limits_of(draws_of(margins, word, limit))
    assert found.is_near == is_near


def test_the_accuracy_of_a_training_that_was_lost_once(tiny):
    """What a limit of 81 % looked like: 86 % to 97 %, and 80.6 % once; 82 % at worst otherwise."""
    accuracies = np.linspace(82, 97, 30)
    [limit] = limits_of(draws_of(accuracies - 81, limit=81))
    assert limit.is_near
    [finding] = of_limits(tiny, [limit])
    assert finding.kind == "limit"
    assert finding.about.endswith("tiny/rubric/test_area.py:12")
    assert finding.words == (
        "t1-square, test_it: above 81, and the worst of 30 draws is 82; "
        "that is 1 away, and the draws are 15 apart"
    )
    [limit] = limits_of(draws_of(accuracies - 60, limit=60))
    assert not limit.is_near and list(of_limits(tiny, [limit])) == []


@pytest.mark.parametrize(("taken", "is_near"), [(0.4, False), (0.66, False), (0.67, True)])
def test_a_tolerance_is_too_near_where_most_of_it_is_taken(taken, is_near):
    shares = [*np.linspace(0.01, 0.3, 30), taken]
    draws = {}
    for number, share in enumerate(shares):
        line = replace(LINE, word="close", margin=1 - share, got=share, limit=1.0)
        draws[f"draw-{number}"] = {"t1-square": replace(FULL, asked=(line,))}
    [limit] = limits_of(draws)
    assert (limit.worst, limit.is_near) == (taken, is_near)


def test_a_tolerance_of_which_rounding_takes_a_little_is_no_limit():
    line = replace(LINE, word="close", margin=1 - 1e-9, got=1e-9, limit=1.0)
    assert not line.is_limit
    assert limits_of({"reference": {"t1-square": replace(FULL, asked=(line,))}}) == []


def test_the_cases_of_a_parametrised_test_are_draws_of_one_limit():
    lines = [replace(LINE, test=f"test_it[{case}]", margin=1.0, got=1.0) for case in "ab"]
    [limit] = limits_of({"reference": {"t1-square": replace(FULL, asked=tuple(lines))}})
    assert (limit.test, limit.draws) == ("test_it", 2)


def test_items_that_other_draws_lose_are_told():
    lost = replace(FULL, score=0.0, status="failed", message="square(x) is wrong\n  hint: x")
    draws = {"draw-1": {"t1-square": FULL}, "draw-2": {"t1-square": lost}}
    [finding] = of_draws(draws)
    failed = replace(lost, status="grader_error", message="OSError: the disk is full")
    [broken] = of_draws({"draw-1": {"t1-square": failed}})
    assert (broken.kind, broken.about) == ("broken", "draw-1")
    assert broken.words == "t1-square: OSError: the disk is full"
    assert (finding.kind, finding.about) == ("drawn", "t1-square")
    assert finding.words == "in 1 of 2 draws; the first: square(x) is wrong"


# pairs as (first, second, together, alike) in each draw -> what is found
PAIRS = {
    "none": ([[]], []),
    "two hints": ([[("a", "b", 1, 1)]], ["'a' and 'b' have the same value for these inputs"]),
    "the truth": ([[("", "a", 2, 2)]], ["'a' has the right value for these inputs"]),
    "two that have the right value": (
        [[("", "a", 1, 1), ("", "b", 1, 1), ("a", "b", 1, 1)]],
        ["'a' has the right value for these inputs",
         "'b' has the right value for these inputs"]),
    "in some checks of a loop": ([[("a", "b", 3, 2)]], []),
    "in one draw": (
        [[("a", "b", 1, 1)], [], []], ["'a' and 'b' have the same value in 1 of 3 draws"]),
    "in two draws": (
        [[("", "b", 1, 1)], [], [("", "b", 1, 1)]],
        ["'b' has the right value in 2 of 3 draws"]),
    "in one of two tests": ([[("a", "b", 1, 1), ("a", "b", 1, 0)]], []),
    "in both of two tests": (
        [[("a", "b", 1, 1), ("a", "b", 2, 2)]],
        ["'a' and 'b' have the same value for these inputs"]),
    "in some checks of a loop in each draw": ([[("a", "b", 3, 2)], [("a", "b", 3, 1)]], []),
    "three": (
        [[("a", "b", 1, 1), ("a", "c", 1, 1), ("b", "c", 1, 1)]],
        [f"{one} have the same value for these inputs"
         for one in ("'a' and 'b'", "'a' and 'c'", "'b' and 'c'")]),
}  # fmt: skip


@pytest.mark.parametrize(("pairs", "words"), PAIRS.values(), ids=PAIRS)
def test_hints_of_one_value_are_found(tiny, pairs, words):
    draws = {}
    for number, several in enumerate(pairs):
        lines = tuple(
            replace(LINE, test=f"test_{place}", pairs=(HintPair(*one),))
            for place, one in enumerate(several)
        )
        draws[f"draw-{number}"] = {"t1-square": replace(FULL, asked=lines or (LINE,))}
    found = list(of_ambiguous_hints(tiny, draws))
    assert [finding.words for finding in found] == words
    assert {finding.about.rpartition("/")[2] for finding in found} <= {"test_area.py:12"}


def test_a_pair_of_hints_is_told_apart_by_a_test_in_which_they_never_had_one_value(tiny):
    alike = replace(LINE, hints=("a", "b"), pairs=(HintPair("a", "b", 1, 1),))
    for other, number in [(("a", "b"), 0), (("a",), 1), ((), 1)]:
        lines = (alike, replace(LINE, test="test_other", hints=other))
        draws = {"reference": {"t1-square": replace(FULL, asked=lines)}}
        assert len(list(of_ambiguous_hints(tiny, draws))) == number


def test_what_was_asked_is_kept_between_audits(tmp_path):
    line = replace(LINE, hints=("a", "b"), pairs=(HintPair("a", "b", 2, 1),), margin=0.5)
    outcome = replace(FULL, asked=(line,))
    Store(tmp_path / "outcomes.jsonl").put("key", outcome)
    assert Store(tmp_path / "outcomes.jsonl").get("key") == outcome


@pytest.mark.parametrize("text", ["", "{", '{"t1-square": '])
def test_a_judge_that_did_not_get_to_the_end_has_asked_nothing(tmp_path, text):
    (tmp_path / "asked.json").write_text(text)
    assert read_asked(tmp_path / "asked.json") == {}
    assert read_asked(tmp_path / "no.json") == {}


def test_hints_of_one_value_and_hints_that_are_never_told_are_in_the_report(audited, rewrite):
    hints = '"doubled": 2 * x, "twice": x + x, "unchanged": x**2, "tripled": 3 * x'
    course = rewrite(PUBLIC, HINTS, f"hints = {{{hints}}}")
    report = audited(course)
    ambiguous = of_kind(report, "ambiguous")
    assert [finding.words for finding in ambiguous] == [
        "'unchanged' has the right value for these inputs",
        "'doubled' and 'twice' have the same value for these inputs",
    ]
    assert {finding.about for finding in ambiguous} == {f"{PUBLIC}:14"}
    silent = [(hint.item, hint.text) for hint in report.silent]
    assert ("t1-square", "twice") in silent and ("t1-square", "tripled") in silent
    assert ("t1-square", "squared in place") not in silent
    assert figures(report)["hints"]["never_told"] == len(silent)
    assert [(one["item"], one["hint"]) for one in as_json(report)["never_told"]] == silent
    assert "Hints that were never triggered" in page(report) and "tripled" in page(report)


RANDOM = """

@pytest.mark.item("t1-square")
def test_random_share(student, rng):
    \"\"\"The share of squares above 1/4 of 1,000 numbers is near 1/2.\"\"\"
    x = rng.uniform(0, 1, size=1000)
    squares = student.shapes.area.square(x)
    check(squares, "square(x)").close(x**2, hints={"doubled": 2 * x})
    check(float(np.mean(squares > 0.25)), "the share").above(LIMIT)
"""


@pytest.mark.parametrize(("limit", "findings"), [(0.2, set()), (0.46, {"limit"})])
def test_a_limit_is_tried_by_thirty_draws(audited, course, limit, findings):
    with (course / PUBLIC).open("a") as file:
        file.write(RANDOM.replace("LIMIT", str(limit)))
    report = audited(course, only=frozenset(["draw"]))
    assert {finding.kind for finding in report.findings} - {"drawn"} == findings
    [one] = report.limits
    assert (one.item, one.test, one.word) == ("t1-square", "test_random_share", "above")
    assert one.draws == 31 and one.spread > 0
    assert (one.place, one.limit) == (f"{PUBLIC.rpartition('/')[2]}:{line_of(course)}", limit)
    assert one.worst == pytest.approx(0.5, abs=0.08)
    [written] = as_json(report)["limits"]
    assert (written["worst"], written["is_near"]) == (one.worst, bool(findings))
    assert "<h2>Limits</h2>" in page(report) and "test_random_share" in page(report)


def as_json(report):
    return json.loads(json.dumps(document(report), allow_nan=False))


def line_of(course):
    return len((course / PUBLIC).read_text().splitlines())


def test_an_item_without_limits_is_not_drawn_again(audited, course):
    report = audited(course, only=frozenset(["draw"]))
    assert report.limits == () and report.findings == ()
