"""Disguised copies are found; what all students were given or have to write is not a copy."""

import pytest

pytest.importorskip("copydetect", reason="copydetect is not installed (extra: similarity)")

from autograder.similarity import Code, alike, similar_page

STUB = "import numpy as np\n\n\ndef area(x, y):\n    raise NotImplementedError('write area')\n"

OWN = '''
def area(x, y):
    """The area between two curves, by the trapezoid rule."""
    total = 0.0
    for index in range(1, len(x)):
        width = x[index] - x[index - 1]
        if width < 0:
            raise ValueError("x must not fall")
        height = (y[index] + y[index - 1]) / 2
        total += width * height
    return total if total > 0 else -total


def mean(values, weights):
    above = sum(value * weight for value, weight in zip(values, weights))
    below = sum(weights)
    return above / below if below else float("nan")
'''

DISGUISED = """
# completely my own work


def mean(zahlen, gewichte):   # my helper
    oben = sum(zahl * gewicht for zahl, gewicht in zip(zahlen, gewichte))

    unten = sum(gewichte)
    return oben / unten if unten else float("none")


def area(links, rechts):
    summe = 0.0
    for i in range(1, len(links)):

        breite = links[i] - links[i - 1]
        if breite < 0:
            raise ValueError("falling")
        # the mean height
        hoehe = (rechts[i] + rechts[i - 1]) / 2
        summe += breite * hoehe
    return summe if summe > 0 else -summe
"""

OTHER = """
def area(x, y):
    steps = np.diff(np.asarray(x, dtype=float))
    assert np.all(steps >= 0), "x must not fall"
    middles = np.convolve(y, [0.5, 0.5], mode="valid")
    return abs(float(steps @ middles))


def mean(values, weights=None):
    weights = np.ones(len(values)) if weights is None else np.asarray(weights)
    with np.errstate(invalid="ignore"):
        return np.dot(weights, values) / weights.sum()
"""


def code(name, own, stub=STUB, path="shapes/area.py"):
    return Code(name, ((path, stub + own),))


BASE = code("stub", "")


def names(pairs):
    return [pair.names for pair in pairs]


def test_a_copy_is_found_through_new_names_comments_layout_and_order():
    (pair,) = alike([code("a", OWN), code("b", OTHER), code("c", DISGUISED)], BASE, 0.6)
    assert pair.names == ("a", "c")
    assert min(pair.shares) > 0.8


def test_an_exact_copy_shares_everything():
    (pair,) = alike([code("a", OWN), code("b", OWN)], BASE, 0.6)
    assert pair.shares == (1.0, 1.0)


def test_work_of_ones_own_is_not_listed():
    assert alike([code("a", OWN), code("b", OTHER)], BASE, 0.3) == []


def test_the_released_stub_is_common_to_all():
    stub = STUB + OWN.replace("area", "given")
    submissions = [code(name, "", stub) for name in "abc"]
    assert alike(submissions, code("stub", "", stub), 0.1) == []
    assert len(alike(submissions, BASE, 0.1)) == 3, "or the stub was too short to tell"


def test_a_stub_that_repeats_itself_is_common_too_and_repeated_own_code_is_not():
    """What copydetect's own treatment of boilerplate gets wrong."""
    repeated = OWN + OWN.replace("area", "volume")
    stub = code("stub", "", STUB + repeated)
    assert alike([code("a", "", STUB + repeated), code("b", "", STUB + repeated)], stub, 0.1) == []
    (pair,) = alike([code("a", repeated), code("b", repeated)], BASE, 0.6)
    assert pair.shares == (1.0, 1.0)


def test_what_most_of_a_class_has_is_the_assignments_idiom_and_a_copy_still_is_one():
    crowd = [code(f"s{number:02}", OWN) for number in range(12)]
    assert alike(crowd, BASE, 0.1) == []
    pair = [code("x", OWN + OTHER), code("y", OWN + OTHER)]
    assert names(alike(crowd + pair, BASE, 0.6)) == [("x", "y")]


def test_ten_that_share_something_are_no_crowd():
    ring = [code(f"s{number:02}", OWN) for number in range(10)]
    assert len(alike(ring, BASE, 0.6)) == 45


def test_short_work_is_never_alike():
    short = "\n\ndef area(x, y):\n    return abs(sum(x) * sum(y))\n"
    assert alike([code("a", short), code("b", short)], BASE, 0.1) == []
    assert alike([Code("a", ()), Code("b", ()), code("c", OWN)], BASE, 0.1) == []


def test_what_one_student_handed_in_twice_is_no_pair():
    from dataclasses import replace

    first, second, other = code("a", OWN), code("a-2", OWN), code("b", OWN)
    mine = frozenset(["anna"])
    submissions = [replace(first, owners=mine), replace(second, owners=mine | {"ben"}), other]
    assert names(alike(submissions, BASE, 0.6)) == [("a", "b"), ("a-2", "b")]


def test_the_share_decides():
    mixed = code("mixed", OTHER * 2 + OWN)
    ((share, other),) = [pair.shares for pair in alike([code("a", OWN), mixed], BASE, 0.9)]
    assert share > 0.9 > 0.6 > other, "all of a is in the other, but not all of it is a's"
    half = [code("a", OWN + OTHER), code("b", OWN + OTHER.replace("np.", "").replace("(", "[["))]
    assert alike(half, BASE, 0.9) == []
    assert len(alike(half, BASE, 0.4)) == 1


def test_passages_are_whole_lines_in_their_files():
    padding = "# nothing\n" * 3
    one = Code("a", (("one.py", OTHER), ("two.py", padding + OWN.strip())))
    (pair,) = alike([one, Code("b", (("all.py", OWN),))], BASE, 0.6)
    first, second = pair.passages
    assert {passage.path for passage in first} == {"two.py"}
    text = "".join(passage.text for passage in first)
    assert "width = x[index] - x[index - 1]" in text and "return above / below" in text
    lines = (padding + OWN.strip()).split("\n")
    for passage in first:
        expected = "\n".join(lines[passage.first_line - 1 : passage.last_line])
        assert passage.text == expected + "\n"
    assert {passage.path for passage in second} == {"all.py"}


def test_the_most_alike_come_first():
    submissions = [code("a", OWN), code("b", OWN), code("c", OTHER * 2 + DISGUISED)]
    assert names(alike(submissions, BASE, 0.2))[0] == ("a", "b")


def test_the_page_says_what_it_does_not_prove_and_shows_both_sides():
    pairs = alike([code("anna", OWN), code("ben", DISGUISED)], BASE, 0.6)
    page = similar_page("Homework", 2, 0.6, pairs)
    for words in ("What this does not prove", "nothing more", "hear each student alone",
                  "who wrote something first", "has not been cleared"):  # fmt: skip
        assert words in " ".join(page.split())
    assert "default-src &#39;none" in page or "default-src 'none'" in page
    assert page.count("<pre>") >= 2 and "breite = links[i]" in page and "width = x[index]" in page


def test_code_on_the_page_stays_text():
    hostile = OWN.replace("x must not fall", "</pre><script>alert(1)</script>\u202e\x1b[31m")
    pairs = alike([code("<b>a</b>", hostile), code("b", hostile)], BASE, 0.6)
    page = similar_page("Homework", 2, 0.6, pairs)
    assert "<script" not in page and "<b>" not in page and "\u202e" not in page
    assert "&lt;script&gt;" in page
