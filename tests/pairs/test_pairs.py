"""A class of pairs with extra credit, from the roster to gradebook, pages and platforms' files."""

import csv
import json
import shutil

import pytest

WRONG = "return 0.0"


@pytest.fixture(scope="module")
def graded(pairs, run):
    """The class, graded: pair g1 as one, clara alone, dora and emil of g2 separately."""
    assert run("build", "means").returncode == 0
    for name in ("g1", "cc3", "dd4", "stranger"):
        done = run("build", "means", "--solution", "--out", pairs / "class" / name)
        assert done.returncode == 0, done.stderr
    shutil.copytree(pairs / "student_release" / "means", pairs / "class" / "ee5")
    module = pairs / "class/cc3/means/averages.py"
    module.write_text(module.read_text().replace("return float(in_order[len(values) // 2])", WRONG))
    done = run("grade", "means", "--from", "class", "--roster", "roster.csv")
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def gradebook(pairs, run, graded):
    """The rows of the gradebook by items, after a person has graded the written answers."""
    sheet = pairs / "sheet.csv"
    assert run("gradebook", "means", "results/means", "--blank", sheet).returncode == 0
    header, maxima, *rows = sheet.read_text(encoding="utf-8-sig").splitlines()
    assert header == "student,name,p2-why,p3-proof,notes" and maxima.startswith("(out of),,2,1")
    given = {"aa1": "2,1", "cc3": "1,0", "dd4": "2,0", "ee5": "0,0"}  # of g1, only anna's row
    lines = [f"{row.split(',')[0]},,{given.get(row.split(',')[0], ',')}," for row in rows]
    sheet.write_text("\n".join([header, maxima, *lines]))
    moodle = pairs / "moodle.csv"
    moodle.write_text(
        "Identifier,Full name,Email address,Status,Grade,Maximum grade\n"
        "Participant 1,Anna,anna@uni.example,-,,4\nParticipant 2,Ben,ben@uni.example,-,,4\n"
        "Participant 3,Clara,clara@uni.example,-,,4\n"
    )
    done = run("gradebook", "means", "results/means", "--written", sheet, "--fill", moodle)
    assert done.returncode == 0, done.stderr
    assert "above the maximum, which Moodle accepts only if the site allows it" in done.stderr
    return rows_of(pairs / "results/means/gradebook-items.csv")


def rows_of(file):
    with file.open(encoding="utf-8", newline="") as lines:
        return {row["student"]: row for row in csv.DictReader(lines)}


def test_extra_credit_is_in_the_total_and_not_in_what_is_possible(gradebook):
    assert {name: (row["total"], row["extra"], row["out_of"]) for name, row in gradebook.items()
            if row["total"]} == {
        "aa1": ("6", "2", "4"), "bb2": ("6", "2", "4"), "cc3": ("3", "0", "4"),
        "dd4": ("5", "1", "4"), "ee5": ("0", "0", "4"),
    }  # fmt: skip


def test_the_points_of_a_pair_go_to_both_and_are_written_down_once(pairs, gradebook):
    anna, ben = gradebook["aa1"], gradebook["bb2"]
    assert anna["submission"] == ben["submission"] == "g1"
    assert (ben["name"], ben["p2-why"], ben["p3-proof"]) == ("Ben Bauer", "2", "1")
    problems = rows_of(pairs / "results/means/gradebook-problems.csv")
    assert [problems["bb2"][one] for one in ("p1", "p2", "p3")] == ["3", "2", "1"]


def test_members_who_hand_in_separately_and_strangers_are_reported(graded, gradebook):
    assert "members of the group g2 have handed in separately: dd4, ee5" in graded.stderr
    assert "owner unknown: stranger" in graded.stderr
    assert gradebook["dd4"]["submission"] == "dd4" and gradebook["ee5"]["submission"] == "ee5"
    assert not gradebook["stranger (owner unknown)"]["total"]


def test_the_files_of_platforms_have_the_total_above_the_maximum(pairs, gradebook):
    with (pairs / "results/means/gradebook-canvas.csv").open(encoding="utf-8") as lines:
        canvas = {row["Student"].strip(): row["Means"] for row in csv.DictReader(lines)}
    assert canvas["Points Possible"] == "4"
    assert canvas["Anna Arnold"] == canvas["Ben Bauer"] == "6"
    filled = (pairs / "results/means/gradebook-moodle.csv").read_text()
    assert "anna@uni.example,-,6,4" in filled and "ben@uni.example,-,6,4" in filled


def test_gradescope_gives_extra_credit_with_a_maximum_of_zero(pairs, graded):
    document = json.loads((pairs / "results/means/g1/results.json").read_text())
    tests = {test["extra_data"]["item"]: test for test in document["tests"]}
    assert document["score"] == 3
    assert (tests["p1-median"]["score"], tests["p1-median"]["max_score"]) == (1, 0)
    assert sum(test.get("max_score", 0) for test in tests.values()) == 2
    assert "extra credit" in tests["p1-median"]["name"]
    assert document["output"].startswith("3 of 2 points, 1 of them extra credit.")


def test_the_document_for_scripts_leaves_extra_points_out_of_possible(pairs, graded):
    document = json.loads((pairs / "results/means/grade.json").read_text())
    g1 = next(one for one in document["submissions"] if one["name"] == "g1")
    assert (g1["score"], g1["possible"]) == (3, 2)
    assert {item["id"]: item["extra"] for item in g1["items"]} == {
        "p1-mean": False, "p1-median": True, "p2-why": False, "p3-proof": True,
    }  # fmt: skip


def test_the_pages_say_what_is_extra(pairs, run, gradebook):
    done = run("report", "results/means", "--written", pairs / "sheet.csv", "--no-pdf")
    assert done.returncode == 0, done.stderr
    folder = pairs / "results/means"
    ben, clara = (
        " ".join((folder / "for-students" / f"{name}.html").read_text().split())
        for name in ("bb2", "cc3")
    )
    assert "<strong>6</strong> of 4" in ben and "Handed in together with" in ben
    assert "4 + 2 extra" in ben
    assert "The median: 0 of 1 extra" in clara
    emil = (folder / "for-students" / "ee5.html").read_text()
    assert "The mean: 0 of 2" in emil and "The median: 0 of 1" not in emil  # it was not tried
    index = (folder / "index.html").read_text()
    assert "extra credit" in index
    page = (folder / "g1" / "written.html").read_text()
    assert "1 point, extra credit" in page


def test_the_release_says_what_is_extra(pairs, graded):
    text = " ".join((pairs / "student_release/means/README.md").read_text().split())
    assert "4 points, and 2 more as extra credit, in all." in text
    assert "| `p1-median` | The median | 1 extra |" in text


def test_items_may_be_asked_for_several_times(run, pairs):
    done = run("grade", "means", "class/g1", "--items", "p1-mean", "--items", "p2-*", "--json",
               "--seed", "1", "--out", pairs / "some")  # fmt: skip
    (submission,) = json.loads(done.stdout)["submissions"]
    assert [item["id"] for item in submission["items"]] == ["p1-mean", "p2-why"]


def test_the_terminal_shows_extra_points_with_a_plus(run, pairs):
    done = run("grade", "means", "class/g1", "--seed", "1", "--out", pairs / "one")
    lines = done.stdout.splitlines()
    assert any("p1-median" in line and "+1" in line for line in lines)
    assert any(line.split()[:3] == ["Total", "2", "3"] for line in lines)
    assert "2 points by tests, 2 by hand, 2 extra" in run("list").stdout


def test_the_audit_asks_for_extra_credit_as_for_everything_else(run, graded):
    done = run("audit", "means", "--only", "mistake", "--only", "cheat")
    assert done.returncode == 0, done.stdout
    assert "3 of 2 points, extra credit for up to 1 more" in done.stdout
    assert "no finding in what was tried" in done.stdout


def test_an_item_without_tests_is_a_note_for_build_and_stops_everything_else(run, pairs, graded):
    file = pairs / "assignment/means/assignment.toml"
    text = file.read_text()
    item = (
        '\n[[item]]\nid = "p1-mode"\nproblem = "p1"\ntitle = "The mode"\npoints = 1\nextra = true\n'
    )
    module = pairs / "solutions/means/means/averages.py"
    solution = module.read_text()
    file.write_text(text + item)
    region = "    # BEGIN SOLUTION p1-mode\n    return values[0]\n    # END SOLUTION\n"
    module.write_text(f"{solution}\n\ndef mode(values):\n{region}")
    try:
        done = run("build", "means", "--out", pairs / "unfinished")
        assert done.returncode == 0 and "note: " in done.stderr
        assert "no test scores item 'p1-mode'" in done.stderr
        assert run("list").returncode == 0
        for command in (("build", "means", "--check"), ("audit", "means"),
                        ("grade", "means", "class/g1")):  # fmt: skip
            stopped = run(*command)
            assert stopped.returncode == 1
            assert "no test scores item 'p1-mode'" in stopped.stderr
    finally:
        file.write_text(text)
        module.write_text(solution)
