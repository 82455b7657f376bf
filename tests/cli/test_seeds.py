"""Seeds, as a student attacks them and an instructor uses them: real gradings of the command.

The attacker knows the source of all tests, hidden ones included, and hands in a table that has the
right answer for every input that these tests draw from the seeds which the attacker can think of.
"""

import base64
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.rubric.seeds import derived_seed, generator

GIVEN = 6_120_551_287_344_911  # nobody guesses it
WRONG = "import numpy as np\n\n\ndef square(x):\n    return 0 * x\n\n\nrow_sums = square\n"
TELLS = """
def square(x):
    raise ValueError(repr(x.tolist()))

def row_sums(x):
    raise ValueError(repr(x.tolist()))
"""
TABLE = """
import numpy as np

TABLE = {table}

def square(x):
    found = TABLE.get(np.asarray(x).tobytes().hex())
    return 0 * x if found is None else np.array(found)

row_sums = square
"""


def submit(place, text):
    (place / "shapes").mkdir(parents=True, exist_ok=True)
    (place / "shapes/__init__.py").write_text("")
    (place / "shapes/area.py").write_text(text)
    return place


def table_for(seeds):
    """A hand-in that knows the answers to all that the tests draw from these seeds."""
    table = {}
    for seed in seeds:
        x = generator(seed, "test_area::test_square_of_an_array").uniform(1.5, 3.0, size=(3, 4))
        y = generator(seed, "test_area_hidden::test_square_keeps_its_argument").uniform(
            1.5, 3.0, size=6
        )
        X = generator(seed, "test_area::test_row_sums_of_a_matrix").normal(size=(3, 5))
        answers = [(x, x**2), (y, y**2), (X, X.sum(1))]
        rng = generator(seed, "test_area_hidden::test_row_sums_through_a_small_function")
        for rows in (1, 4):
            X = 3.0 * (np.abs(rng.normal(size=(rows, 2))) + 1.0)
            answers.append((X, X.sum(1)))
        table |= {given.tobytes().hex(): answer.tolist() for given, answer in answers}
    return TABLE.format(table=table)


def visible(folder):
    """All that students may ever read in a results folder."""
    pages = [*folder.glob("*/results.json"), *(folder / "for-students").glob("*")]
    assert pages
    return "\n".join(page.read_text() for page in pages)


def numbers_in(text):
    """Every number in a text, and every run of hexadecimal digits."""
    words = set(re.findall(r"[0-9]{1,40}", text))
    spelt = set(re.findall(r"[0-9a-f]{8,}", text))
    return {int(word) for word in words} | {int(word[:16], 16) for word in spelt}


def related(seed):
    """Numbers that a person who knows a seed may try as the next one."""
    names = ("generators of t1-square", "worker of packages", "submission", "data sets")
    return [seed, seed + 1, seed - 1, seed ^ 1, *(derived_seed(seed, name) for name in names)]


def document(done):
    assert done.returncode == 0, done.stderr
    return {one["name"]: one for one in json.loads(done.stdout)["submissions"]}


def words(entry):
    """What a student reads about an item's public test, with the inputs in it."""
    return {item["id"]: item["message"] for item in entry["items"]}


@pytest.fixture
def results(course):
    return course / "results/tiny"


# A late hand-in.


def test_a_table_works_where_the_seed_is_known(run, course):
    """The attack itself: without this, the others would show nothing."""
    submit(course / "in/late", table_for([GIVEN]))
    graded = document(run("grade", "tiny", "--from", "in", "--seed", GIVEN, "--json"))
    assert graded["late"]["score"] == 4.0


@pytest.mark.parametrize("words", [["--from", "in"], ["in/early"]])
def test_a_late_table_of_all_that_an_earlier_grading_has_shown_gains_nothing(
    run, course, results, words
):
    submit(course / "in/early", WRONG)
    early = document(run("grade", "tiny", *words, "--json"))["early"]
    assert run("report", results).returncode == 0
    shown = numbers_in(visible(results))
    assert early["seed"] not in shown
    # More than a student sees: the seed of the first one, and so all that it was ever asked.
    submit(course / "in/late", table_for({*shown, *related(early["seed"])}))
    words = [word.replace("early", "late") for word in words]
    late = document(run("grade", "tiny", *words, "--json"))["late"]
    assert (early["score"], late["score"]) == (0.0, 0.0), words
    assert late["seed"] != early["seed"]


def test_a_table_gains_nothing_where_the_instructor_has_given_a_seed(run, course, results):
    submit(course / "in/early", TELLS)
    document(run("grade", "tiny", "--from", "in", "--seed", GIVEN, "--json"))
    assert run("report", results).returncode == 0
    text = visible(results)
    assert str(GIVEN) not in text and f"{GIVEN:x}" not in text
    for name, seed in (("late", []), ("later", ["--seed", GIVEN])):
        submit(course / "in" / name, table_for(numbers_in(text)) + f"# {name}")
        late = document(run("grade", "tiny", "--from", "in", *seed, "--json"))[name]
        assert late["score"] == 0.0
        assert (late["seed"] == GIVEN) == bool(seed)


def test_the_inputs_that_messages_have_shown_do_not_come_again(run, course, results):
    """The student copies inputs out of the messages, by hand, and needs no seed at all."""
    submit(course / "in/early", TELLS)
    document(run("grade", "tiny", "--from", "in", "--json"))
    arrays = [np.array(json.loads(text)) for text in re.findall(r"\[\[.*?\]\]", visible(results))]
    assert len(arrays) == 2  # of the two public tests
    table = {}
    for array in arrays:
        answer = array**2 if array.shape == (3, 4) else array.sum(1)
        table[array.tobytes().hex()] = answer.tolist()
    submit(course / "in/late", TABLE.format(table=table))
    assert document(run("grade", "tiny", "--from", "in", "--json"))["late"]["score"] == 0.0


def test_a_folder_of_an_older_autograder_gives_late_hand_ins_other_inputs(run, course, results):
    """Its one seed is in everybody's results.json; what was graded by it is graded by it again."""
    submit(course / "in/early", WRONG)
    document(run("grade", "tiny", "--from", "in", "--seed", GIVEN, "--json"))
    (results / "seed.key").unlink(missing_ok=True)
    with sqlite3.connect(results / "gradings.sqlite") as connection:
        connection.execute("INSERT INTO about VALUES ('seed', ?)", (str(GIVEN),))
    connection.close()
    old = json.loads((results / "early/results.json").read_text())
    old["extra_data"]["seed"] = GIVEN
    (results / "early/results.json").write_text(json.dumps(old))

    submit(course / "in/late", table_for([GIVEN]))
    graded = document(run("grade", "tiny", "--from", "in", "--json"))
    assert (graded["late"]["score"], graded["early"]["seed"]) == (0.0, GIVEN)
    assert str(GIVEN) not in visible(results)
    again = document(run("grade", "tiny", "--from", "in", "--regrade", "--json"))
    assert {name: one["seed"] for name, one in again.items()} == {
        name: one["seed"] for name, one in graded.items()
    }


# The same submission.


def test_the_same_content_draws_the_same_inputs_however_it_is_graded(run, course, results):
    submit(course / "in/ada", TELLS)
    submit(course / "in/bob", TELLS + "# by Bob\n")
    first = document(run("grade", "tiny", "--from", "in", "--json"))
    told = {name: words(one) for name, one in first.items()}
    assert told["ada"] != told["bob"] and "[[" in told["ada"]["t1-square"]

    rubric = course / "assignment/tiny/rubric/test_area.py"
    rubric.write_text(rubric.read_text() + "\n\nUNUSED = 1\n")
    again = document(run("grade", "tiny", "--from", "in", "--regrade", "--jobs", "2", "--json"))
    assert {name: words(one) for name, one in again.items()} == told

    # Under other names, in another order, and by their paths; one as a zip.
    shutil.copytree(course / "in/ada", course / "other/zoe")
    shutil.make_archive(str(course / "other/adam"), "zip", course / "in/bob")
    renamed = document(run("grade", "tiny", "--from", "other", "--json"))
    paths = ["other/zoe", "in/bob", "in/ada"]
    by_path = document(run("grade", "tiny", *paths, "--jobs", "2", "--json"))
    for graded in (renamed, by_path):
        assert words(graded["zoe"]) == told["ada"]
    assert words(renamed["adam"]) == words(by_path["bob"]) == told["bob"]
    assert words(by_path["ada"]) == told["ada"]

    # A seed that a record names draws the inputs again in any folder, and another folder others.
    elsewhere = [
        document(run("grade", "tiny", "in/ada", "--out", "elsewhere", *seed, "--json"))["ada"]
        for seed in ([], ["--seed", first["ada"]["seed"]])
    ]
    assert words(elsewhere[0]) != told["ada"] and words(elsewhere[1]) == told["ada"]


def test_several_gradings_at_the_same_time_agree_on_the_key(run, course):
    submit(course / "in/ada", TELLS)
    command = [sys.executable, "-m", "autograder", "grade", "tiny", "in/ada", "--json"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "cwd": course}
    several = [subprocess.Popen(command, **pipes) for _ in range(3)]
    seeds = {json.loads(one.communicate()[0])["submissions"][0]["seed"] for one in several}
    seeds.add(document(run("grade", "tiny", "--from", "in", "--json"))["ada"]["seed"])
    assert len(seeds) == 1


# The key.


def test_the_key_is_in_no_file_and_on_no_screen(run, course, results):
    submit(course / "in/ada", TELLS)
    done = run("grade", "tiny", "--from", "in", "--json")
    table = run("grade", "tiny", "--from", "in")
    regrade = run("grade", "tiny", "--from", "in", "--regrade", "--seed", GIVEN)
    assert run("report", results).returncode == run("gradebook", "tiny", results).returncode == 0
    secret = bytes.fromhex((results / "seed.key").read_text())
    spelt = {
        secret, secret.hex().encode(), secret.hex().upper().encode(), base64.b64encode(secret)[:-2],
        base64.b32encode(secret)[:-4], str(int.from_bytes(secret)).encode(),
    }  # fmt: skip
    files = [path for path in course.rglob("*") if path.is_file() and path.name != "seed.key"]
    assert {"gradings.sqlite", "grade.json", "record.json", "results.json", "index.html"} <= {
        path.name for path in files
    }
    printed = "".join(one.stdout + one.stderr for one in (done, table, regrade)).encode()
    for text in (printed, *(path.read_bytes() for path in files)):
        assert not [secret for secret in spelt if secret in text]


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda key: key.write_text("half a k"), "is damaged"),
        (lambda key: key.chmod(0o644), "other users can read the key"),
    ],
)
@pytest.mark.parametrize("words", [["--from", "in"], ["in/ada"]])
def test_a_key_that_cannot_be_used_is_told_and_costs_nothing(
    run, course, results, harm, told, words
):
    submit(course / "in/ada", WRONG)
    before = document(run("grade", "tiny", *words, "--json"))
    files = {path: path.read_bytes() for path in results.rglob("*.json")}
    kept = (results / "seed.key").read_text()
    harm(results / "seed.key")
    done = run("grade", "tiny", *words)
    assert done.returncode == 1 and done.stdout == ""
    [line] = done.stderr.splitlines()
    assert told in line and "seed.key" in line
    assert {path: path.read_bytes() for path in files} == files
    (results / "seed.key").write_text(kept)
    (results / "seed.key").chmod(0o600)
    after = document(run("grade", "tiny", *words, "--json"))
    assert after["ada"]["seed"] == before["ada"]["seed"]


def test_a_hand_in_that_is_called_like_the_key_harms_nobody(run, course, results):
    for name in ("seed.key", "SEED.KEY", "ada"):
        submit(course / "in" / name, WRONG + f"# {name}")
    names = document(run("grade", "tiny", "--from", "in", "--json"))
    assert len(names) == 3 and "seed.key" not in {name.casefold() for name in names}
    assert len(bytes.fromhex((results / "seed.key").read_text())) == 32


def test_a_seed_that_can_be_guessed_is_noted(run, course):
    submit(course / "in/ada", WRONG)
    guessed = run("grade", "tiny", "in/ada", "--seed", "7")
    assert guessed.stderr.startswith("note: anyone who guesses --seed 7 knows the inputs")
    assert "note" not in run("grade", "tiny", "in/ada", "--seed", GIVEN).stderr
    assert not Path(course / "results/tiny/seed.key").exists()


GUESSES = """
import random
import sys
from hashlib import sha256

def told():
    level = sys._getframe()
    while level is not None:
        for value in list(level.f_locals.values()):
            if type(value).__name__ == "WorkerSpec":
                return value.seed
        level = level.f_back

def seed_of(number):
    digest = sha256(f"{number}/worker of packages".encode()).digest()
    return int.from_bytes(digest[:8], "little")

own = told()
found = [number for number in range(10_000) if seed_of(number) == own]

def square(x):
    raise ValueError(f"found {found}" if own else "it cannot try")

row_sums = square
"""


@pytest.mark.parametrize(("seed", "found"), [(["--seed", "4711"], "[4711]"), ([], "[]")])
def test_a_worker_that_tries_all_small_seeds_finds_none_but_a_small_one(run, course, seed, found):
    """Why `--seed` with such a number is not for marks; it would know all other inputs now."""
    submit(course / "in/ada", GUESSES)
    graded = document(run("grade", "tiny", "in/ada", *seed, "--json"))["ada"]
    assert f"found {found}" in words(graded)["t1-square"]
