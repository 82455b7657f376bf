"""The audit of a sound assignment is green; of a broken one it fails and names the culprit."""

import pytest

from autograder.assignment import load_assignment
from autograder.audit.report import figures
from autograder.release import plan_release, write_release

PUBLIC = "assignment/tiny/rubric/test_area.py"
HIDDEN = "assignment/tiny/rubric/test_area_hidden.py"
MISTAKES = "assignment/tiny/catalogue/mistakes/area.toml"
EQUIVALENT = "assignment/tiny/catalogue/equivalent.toml"
SOLUTION = "solutions/tiny/shapes/area.py"


def found(report):
    """The findings, as (kind, what it is about, words)."""
    return [(finding.kind, finding.about, finding.words) for finding in report.findings]


def of_kind(report, kind):
    return [finding for finding in report.findings if finding.kind == kind]


def test_the_tiny_assignment_is_sound(audited, course):
    report = audited(course)
    assert found(report) == []
    it = figures(report)
    assert it["reference"] == {"score": 4.0, "possible": 4.0, "extra": 0.0}
    assert it["release"] == {"score": 0.0, "possible": 4.0, "extra": 0.0}
    mistakes = it["mistakes"]
    assert mistakes["total"] == mistakes["caught"] == mistakes["exact"] == mistakes["named"] == 7
    assert it["variants"]["total"] == it["variants"]["full"] == 4
    assert it["mutants"]["total"] == it["mutants"]["killed"] + it["mutants"]["explained"]
    assert it["tests"] == {"total": 4, "redundant": 0}


def test_an_assignment_of_a_notebook_is_sound(audited, course):
    report = audited(course, "noted")
    assert found(report) == []
    assert figures(report)["mutants"]["total"] > 5


# test that is deleted -> the mistake that only it catches
DELETED = {
    (PUBLIC, "test_square_of_an_array"): "square-of-vectors-only",
    (PUBLIC, "test_row_sums_of_a_matrix"): "row-sums-of-absolute-values",
    (HIDDEN, "test_square_keeps_its_argument"): "square-in-place",
    (HIDDEN, "test_row_sums_through_a_small_function"): "row-sums-squeezed",
}


@pytest.mark.parametrize(("file", "test"), DELETED)
def test_a_deleted_test_is_missed(audited, rewrite, file, test):
    report = audited(rewrite(file, f"def {test}(", f"def without_{test}("))
    missed = of_kind(report, "missed")
    assert f"mistake-{DELETED[file, test]}" in [finding.about for finding in missed]
    item = "t1-square" if "square" in test else "t1-row-sums"
    assert all(f"{item} keeps its points" in finding.words for finding in missed)


def test_a_loose_tolerance_is_told_with_its_line(audited, rewrite):
    close = '"row_sums(X)").close(X.sum(1), hints=hints)'
    course = rewrite(PUBLIC, close, close.replace("hints=", "rtol=1e-1, hints="))
    [loose] = of_kind(audited(course), "tolerance")
    assert loose.about == f"{PUBLIC}:23"
    assert loose.words.startswith("rtol = 0.1 lets 10% pass")


def test_loose_tolerances_let_mutants_survive(audited, rewrite):
    """Also where they say why: a result that is wrong by one per cent passes."""
    because = "rtol=0.1,  # because\n        "
    course = rewrite(PUBLIC, "close(x**2, hints=", f"close(x**2, {because}hints=")
    rewrite(HIDDEN, "close(x**2, hints=", f"close(x**2, {because}hints=")
    rewrite(HIDDEN, "x**2, hints={", "x**2, rtol=0.1, hints={")
    rewrite(HIDDEN, "rtol=0.1, hints", f"{because}hints")
    report = audited(course)
    assert of_kind(report, "tolerance") == []
    [survivor] = of_kind(report, "survived")
    assert survivor.about == "shapes/area.py:17"
    assert survivor.words.startswith("t1-square: ") and "1.01 * " in survivor.words


def test_a_tight_tolerance_refuses_what_is_right(audited, rewrite):
    """The number itself is reported, and so are the variants that cannot keep it."""
    close = '"row_sums(X)").close(X.sum(1), hints=hints)'
    tight = close.replace("hints=", "rtol=1e-15, atol=1e-15, hints=")
    report = audited(rewrite(PUBLIC, close, tight))
    assert {finding.about for finding in of_kind(report, "tolerance")} == {f"{PUBLIC}:23"}
    refused = of_kind(report, "refused") + of_kind(report, "reference")
    assert refused and all("test_row_sums_of_a_matrix" in finding.words for finding in refused)


def test_a_changed_expected_item_is_missed_and_blamed(audited, rewrite):
    expected = 'squared in place"\ncosts = ["t1-square"]'
    report = audited(rewrite(MISTAKES, expected, expected.replace('square"]', 'row-sums"]')))
    assert [(kind, about) for kind, about, _ in found(report)] == [
        ("missed", "mistake-square-in-place"),
        ("blamed", "mistake-square-in-place"),
    ]
    missed, blamed = (finding.words for finding in report.findings)
    assert missed.startswith("t1-row-sums keeps its points")
    assert blamed.startswith("t1-square has ")


def test_a_stub_that_returns_zeros_is_told(audited, rewrite):
    """Code outside of the region hides that nothing was written."""
    wrapped = "def square(x: np.ndarray) -> np.ndarray:"
    course = rewrite(
        SOLUTION,
        wrapped,
        "def square(x):\n"
        '    """Square each entry; zeros where that cannot be done."""\n'
        "    try:\n        return squared(x)\n"
        "    except NotImplementedError:\n        return np.zeros_like(x)\n\n\n"
        "def squared(x: np.ndarray) -> np.ndarray:",
    )
    [zero] = of_kind(audited(course), "release")
    assert zero.about == "t1-square"
    assert "has 0 of 2, failed, expected 0 and not_attempted" in zero.words


def test_a_committed_stub_that_returns_zeros_is_told(audited, course):
    release = course / "student_release" / "tiny"
    write_release(plan_release(load_assignment(course, "tiny")), release)
    area = release / "shapes" / "area.py"
    stub = next(line for line in area.read_text().splitlines() if "t1-row-sums: write" in line)
    area.write_text(area.read_text().replace(stub, "    return np.zeros(N)"))
    report = audited(course)
    [stale] = of_kind(report, "stale")
    assert stale.about == "student_release/tiny/shapes/area.py"
    [zero] = of_kind(report, "release")
    assert zero.about == "t1-row-sums" and "failed" in zero.words


def test_a_hidden_test_in_the_committed_release_is_told(audited, course):
    release = course / "student_release" / "tiny"
    write_release(plan_release(load_assignment(course, "tiny")), release)
    (release / "tests" / "test_area_hidden.py").write_text((course / HIDDEN).read_text())
    report = audited(course)
    place = "student_release/tiny/tests/test_area_hidden.py"
    assert [finding.about for finding in of_kind(report, "stale")] == [place]
    leaks = [finding for finding in of_kind(report, "leak") if finding.about.startswith(place)]
    assert any("a hidden test's line ships" in finding.words for finding in leaks)


def test_a_hidden_test_that_the_build_would_ship_is_told(audited, rewrite):
    course = rewrite(
        "assignment/tiny/assignment.toml", '"requirements.txt"]', '"requirements.txt", "more.txt"]'
    )
    (course / "solutions/tiny/more.txt").write_text((course / HIDDEN).read_text())
    leaks = of_kind(audited(course), "leak")
    assert leaks and all("tiny/more.txt" in finding.about for finding in leaks)


def test_mistakes_that_no_student_reads_of_are_counted(audited, rewrite):
    report = audited(rewrite(MISTAKES, 'hint = "doubled"', 'hint = "tripled"'))
    [hints] = report.findings
    assert (hints.kind, hints.words) == ("hints", "6 of 7, expected at least 90%")
    [remark] = report.remarks
    assert remark.about == "mistake-square-doubles"


def test_an_entry_that_does_not_fit_is_told(audited, rewrite):
    report = audited(rewrite(MISTAKES, 'find = "X @ np.ones"', 'find = "X @ np.zeros"'))
    [misfit] = report.findings
    assert misfit.kind == "misfit" and misfit.about == "row-sums-of-absolute-values"
    assert "its text to find does not occur in shapes/area.py" in misfit.words


def test_a_mutant_without_a_word_is_told(audited, course):
    (course / EQUIVALENT).unlink()
    [survivor] = audited(course).findings
    assert (survivor.kind, survivor.about) == ("survived", "shapes/area.py:32")


def test_an_explanation_of_no_mutant_is_told(audited, rewrite):
    report = audited(rewrite(EQUIVALENT, "X @ np.ones(D)", "X @ np.twos(D)"))
    assert [finding.kind for finding in report.findings] == ["survived", "unneeded"]
    assert "this mutant does not exist" in report.findings[1].words


def test_an_explanation_of_a_mutant_that_is_caught_is_told(audited, course):
    with (course / EQUIVALENT).open("a") as file:
        file.write(
            '\n[[equivalent]]\nfile = "shapes/area.py"\nfunction = "square"\n'
            'original = "return np.multiply(x, x)"\n'
            'mutated = "return 1.01 * (np.multiply(x, x))"\nreason = "near enough"\n'
        )
    [unneeded] = audited(course).findings
    assert unneeded.kind == "unneeded" and "t1-square loses points" in unneeded.words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[mutants]\nat_most = 'all'\n", "at_most of [mutants] is not an integer"),
        ("[mutants]\nnotebooks = ['no.ipynb']\n", "'no.ipynb', which is not a notebook"),
        ("[[equivalent]]\nfile = 'a'\n", "[[equivalent]] 1 needs the texts"),
        ("[other]\n", "unknown table 'other'"),
        ("[", "is not valid TOML"),
    ],
)
def test_what_is_wrong_with_the_explanations_is_told(audited, course, text, words):
    from autograder.errors import AssignmentErrors

    (course / EQUIVALENT).write_text(text)
    with pytest.raises(AssignmentErrors) as caught:
        audited(course)
    assert words in str(caught.value)


def test_outcomes_that_change_from_run_to_run_are_told(audited, rewrite):
    draw = (
        "    assert np.random.default_rng().random() < 0.0, f'{np.random.default_rng().random()}'\n"
    )
    course = rewrite(PUBLIC, "    got = student.shapes.area.row_sums(X)\n", draw)
    report = audited(course)
    [random] = of_kind(report, "random")
    assert random.about == "t1-row-sums"


def test_a_grader_that_fails_is_told(audited, rewrite):
    report = audited(rewrite(HIDDEN, "for rows in (1, 4):", "for rows in open('no file'):"))
    [broken] = of_kind(report, "reference")
    assert broken.about == "t1-row-sums" and "FileNotFoundError" in broken.words


def test_an_item_without_a_mistake_is_told(audited, course):
    text = (course / MISTAKES).read_text()
    entries = text.split("[[mistake]]\n")
    kept = [entry for entry in entries if "t1-square" not in entry]
    (course / MISTAKES).write_text("[[mistake]]\n".join(kept))
    report = audited(course)
    assert ("unproved", "t1-square") in [(kind, about) for kind, about, _ in found(report)]


def test_a_test_that_adds_nothing_is_reported(audited, course):
    with (course / PUBLIC).open("a") as file:
        file.write(
            '\n\n@pytest.mark.item("t1-square")\ndef test_again(student, rng):\n'
            '    """square(x) squares each entry of another array."""\n'
            "    x = rng.uniform(1.5, 3.0, size=(3, 4))\n"
            '    hints = {"doubled": 2 * x, "left as it was": x}\n'
            '    check(student.shapes.area.square(x), "square(x)").close(x**2, hints=hints)\n'
        )
    report = audited(course)
    assert report.findings == ()
    names = [test.name for test in report.redundant]
    assert "test_again" in names and "test_row_sums_of_a_matrix" not in names
