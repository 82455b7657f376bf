"""The real image in a real engine: the same scores as local grading, and nothing to get at."""

import json
import os
import secrets
import subprocess
import sys

import pytest

from autograder.assignment import load_assignment
from autograder.audit import apply_entry, load_catalogue
from autograder.container.engine import PYTHON
from autograder.release import plan_release, solution_files, write_release
from tests.hostile.corpus import all_attacks

from . import engine
from .engine import REPOSITORY, docker

pytestmark = pytest.mark.skipif(bool(engine.why_not()), reason=engine.why_not() or "an engine")

COURSE = REPOSITORY / "tests" / "course"
# `make audit` tries the whole catalogue on this machine; in containers a sample has to do.
MISTAKES = 20 if os.environ.get("AUTOGRADER_WHOLE_CATALOGUE") else 6
# The hostile corpus is run in so many containers at a time: attacks wait as much as they work.
SHARES = 2


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """The image of the tiny assignment."""
    tag = f"autograder-test:tiny-{secrets.token_hex(4)}"
    engine.build(COURSE / "assignment" / "tiny", tmp_path_factory.mktemp("context"), tag)
    yield tag
    docker("rmi", "--force", tag, check=False)


@pytest.fixture
def grade_in(tmp_path, monkeypatch):
    """Grade with `autograder grade --isolation docker`, as a person does: the document."""

    def grade_in(image, course, assignment_id, *paths, options=(), code=0):
        monkeypatch.setenv("AUTOGRADER_IMAGE", image)
        command = [sys.executable, "-m", "autograder", "grade", assignment_id, *map(str, paths)]
        command += ["--isolation", "docker", "--json", "--out", str(tmp_path / "results")]
        command += map(str, options)
        done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
        return json.loads(done.stdout) if done.stdout else done.stderr

    return grade_in


def outcome(items):
    return {item["id"]: (item["status"], item["score"]) for item in items}


def local_outcome(record):
    return {item.id: (item.status, item.score) for item in record.items}


def test_solution_release_and_mistakes_score_as_they_do_locally(
    image, grade_in, grade, tiny, tiny_solution, tiny_release, tmp_path
):
    paths = [tiny_solution, tiny_release]
    for entry in load_catalogue(tiny).mistakes:
        write_release(apply_entry(entry, solution_files(tiny)), tmp_path / entry.id)
        paths.append(tmp_path / entry.id)
    document = grade_in(image, COURSE, "tiny", *paths, options=("--jobs", 2, "--seed", 5))
    for submission, record in zip(
        document["submissions"], grade(tiny, *paths, seed=5), strict=True
    ):
        assert submission["name"] == record.name
        assert outcome(submission["items"]) == local_outcome(record)
        messages = [item["message"] for item in submission["items"]]
        assert messages == [item.message for item in record.items]


def test_modules_of_an_assignment_score_as_they_do_locally(
    grade_in, grade, tmp_path, tmp_path_factory
):
    assignment = load_assignment(REPOSITORY, "hw1")
    tag = f"autograder-test:modules-{secrets.token_hex(4)}"
    engine.build(assignment.folder, tmp_path_factory.mktemp("context"), tag)
    items = [item.id for item in assignment.auto_items if not item.notebook]
    solution = solution_files(assignment)
    mistakes = [
        entry for entry in load_catalogue(assignment).mistakes if set(entry.costs) <= set(items)
    ]
    chosen = mistakes[:: len(mistakes) // MISTAKES][:MISTAKES]
    assert len(chosen) == MISTAKES
    write_release(solution, tmp_path / "complete")
    write_release(plan_release(assignment), tmp_path / "untouched")
    for entry in chosen:
        write_release(apply_entry(entry, solution), tmp_path / entry.id)
    paths = [tmp_path / name for name in ("complete", "untouched", *(one.id for one in chosen))]
    options = ("--jobs", 2, "--seed", 5, "--items", ",".join(items))
    try:
        document = grade_in(tag, REPOSITORY, "hw1", *paths, options=options)
    finally:
        docker("rmi", "--force", tag, check=False)
    local = grade(assignment, *paths, seed=5, jobs=2, items=items)
    for submission, record in zip(document["submissions"], local, strict=True):
        assert outcome(submission["items"]) == local_outcome(record), submission["name"]
    assert document["submissions"][0]["score"] == document["submissions"][0]["possible"] > 0
    assert document["submissions"][1]["score"] == 0
    lost = {
        one["name"]: {item["id"] for item in one["items"] if item["score"] < item["points"]}
        for one in document["submissions"][2:]
    }
    assert lost == {entry.id: set(entry.costs) for entry in chosen}


def test_the_results_say_what_kept_student_code_apart(image, grade_in, tiny_solution):
    [submission] = grade_in(image, COURSE, "tiny", tiny_solution)["submissions"]
    isolation = submission["isolation"]
    assert isolation["mode"] == "docker"
    for layer in ("process", "rlimits", "watch", "uid", "no_new_privs", "seccomp", "policy"):
        assert isolation["layers"][layer] in ("active", "enforced")
    assert submission["versions"]["device"] == "cpu"
    assert "torch" not in submission["versions"]  # as the image's set of dependencies says


def test_a_changed_rubric_asks_for_a_new_image(image, grade_in, course, tiny_solution):
    with (course / "assignment/tiny/rubric/test_area.py").open("a") as file:
        file.write("# changed\n")
    said = grade_in(image, course, "tiny", tiny_solution, code=1)
    assert "the image has another rubric than this folder" in said
    assert "Traceback" not in said


def test_memory_beyond_the_containers_costs_its_item_and_nobody_else(
    image, grade_in, tiny_solution, tmp_path, monkeypatch
):
    eater = tmp_path / "eater"
    write_release(
        {"shapes/__init__.py": b"", "shapes/area.py": (
            b"import numpy as np\n\n\ndef square(x):\n    return x * x\n\n\n"
            b"def row_sums(X):\n    return np.ones(3 * 2**27)[: len(X)]\n"
        )},
        eater,
    )  # fmt: skip
    monkeypatch.setenv("AUTOGRADER_DOCKER_MEMORY", "700m")
    document = grade_in(image, COURSE, "tiny", eater, tiny_solution)
    first, second = (outcome(one["items"]) for one in document["submissions"])
    assert first["t1-square"] == ("passed", 2.0)
    assert first["t1-row-sums"] == ("crashed", 0.0)
    assert second["t1-row-sums"] == ("passed", 2.0)


def test_a_container_without_the_memory_to_grade_blames_no_student(
    image, grade_in, tiny_solution, monkeypatch
):
    monkeypatch.setenv("AUTOGRADER_DOCKER_MEMORY", "24m")
    [submission] = grade_in(image, COURSE, "tiny", tiny_solution, code=1)["submissions"]
    assert {item["status"] for item in submission["items"]} == {"grader_error", "awaiting_manual"}
    assert "used more than its 24m of memory" in submission["items"][0]["message"]


def test_nobody_but_root_gets_at_what_the_image_holds(image):
    code = (
        "import os; os.setgid(62001); os.setuid(62001)\n"
        "import numpy, autograder.sandbox.worker\n"
        "for place in ('/opt/grading', '/opt/grading/course/assignment/tiny/rubric', '/root'):\n"
        "    try:\n        print(os.listdir(place))\n"
        "    except PermissionError:\n        print('closed')\n"
    )
    done = docker("run", "--rm", "--network", "none", image, PYTHON, "-c", code)
    assert done.stdout.split() == ["closed"] * 3


def test_the_base_s_own_python_keeps_its_name(image):
    look = 'readlink -f "$(command -v python3)"; python3 --version'
    words = ("run", "--rm", "--network", "none")
    assert docker(*words, image, "sh", "-c", look).stdout == (
        docker(*words, engine.BASE, "sh", "-c", look).stdout
    )


def test_neither_compilers_nor_solutions_nor_known_mistakes_are_in_it(image):
    search = (
        "command -v cc gcc g++ clang make ld || true; "
        "find / -xdev \\( -path '*/solutions/*' -o -path '*/catalogue/*' \\) -not -path '/proc/*'"
    )
    done = docker("run", "--rm", "--network", "none", image, "sh", "-c", search)
    assert done.stdout.split() == []


def test_the_same_image_grades_by_run_autograder_where_gradescope_looks(image, tiny_solution):
    """An image of one's own for Gradescope; its base brings /autograder before the last step."""
    mount = f"type=bind,source={tiny_solution},target=/handed-in,readonly"
    script = (
        "mkdir -p /autograder/source /autograder/results\n"
        f"{PYTHON} -m autograder.gradescope.install --image tiny /opt/grading\n"
        "cp -r /handed-in /autograder/submission\n"
        "cd /autograder && ./run_autograder > printed && cat results/results.json\n"
    )
    words = ("run", "--rm", "--network", "none", "--mount", mount, image, "bash", "-ec", script)
    document = json.loads(docker(*words).stdout)
    assert document["score"] == 4.0
    assert document["extra_data"]["isolation"]["mode"] == "gradescope"
    assert document["extra_data"]["isolation"]["layers"]["uid"] == "active"
    assert document["extra_data"]["seed_from"] == "drawn for this run alone"


def test_the_hostile_corpus_gains_nothing_in_a_container(image):
    # Attacks by notebooks need an image with Jupyter, and are run by hand (hostile_corpus.py).
    attacks = [attack.name for attack in all_attacks() if attack.course == "tiny"]
    tests = "tests/hostile/test_hostile.py::test_the_sandbox_withstands"
    command = [sys.executable, REPOSITORY / "tests/container/hostile_corpus.py", image]
    shares = [attacks[first::SHARES] for first in range(SHARES)]
    running = [
        subprocess.Popen(
            [*command, *(f"{tests}[{name}]" for name in share)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for share in shares
    ]  # fmt: skip
    said = [process.communicate()[0] for process in running]
    for share, process, words in zip(shares, running, said, strict=True):
        assert process.returncode == 0, words[-5000:]
        assert f"{len(share)} passed in" in words
