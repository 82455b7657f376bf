"""Every attack that hands in files, graded by `run_autograder` from the zip for Gradescope.

    python tests/container/hostile_corpus.py --gradescope IMAGE

runs this in a container. It takes minutes, so it is no part of `make test`. Asserted is that an
attack has no more than its honest part earns, that `results.json` is valid, that no secret stands
in what students see, and that nothing is left. Not asserted is how items end, because
run_autograder gives workers more memory than the attacks are made for. Archives are Gradescope's to
take apart.
"""

import json
import os
import shutil
import subprocess

import pytest

from autograder.assignment import load_assignment
from autograder.gradescope.bundle import bundle_files, zip_bytes
from autograder.gradescope.config import COURSE_FOLDER, DATA_FOLDER, Config
from autograder.gradescope.needs import datasets_of, extras_of
from autograder.gradescope.seed import make_key
from autograder.sandbox.reap import become_subreaper
from tests.gradescope import stand_in

from . import evidence
from .corpus import Attack
from .secret_course import make_secrets
from .test_hostile import ATTACKS, FULL, LARGEST_RESULTS, harmful, texts

SECONDS = 240
# It takes more than workers may have in the other runs, and less than they may have here.
WITHIN_ITS_MEMORY = "hides_memory_behind_what_its_worker_holds__costs_its_item"


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_run_autograder_withstands(attack, stage, solutions):
    skip_without(attack.course, solutions)
    become_subreaper()
    before = set(evidence.descendants(os.getpid()))
    secrets = make_secrets()
    document, code = grade(stage, secrets, attack)
    processes = evidence.left_processes(before, stage.mark)
    evidence.end(processes)
    assert code == 0
    assert score(document) <= attack.earns, outcomes(document)
    assert "grader_error" not in {status for status, _ in outcomes(document).values()}
    assert_nothing_leaked(document, secrets)
    assert processes == {}
    assert evidence.left_files(stage.mark, stage) == []


@pytest.mark.parametrize("course", ["tiny", "noted"])
def test_the_complete_solution_has_full_marks(course, stage, solutions):
    skip_without(course, solutions)
    document, _ = grade(stage, make_secrets(), course)
    assert outcomes(document) == FULL[course]


def skip_without(course, solutions):
    if course not in solutions:
        pytest.skip("what notebooks need is not installed")


def grade(stage, secrets, attack):
    """Grade an attack, or the complete solution of a course: the results and the exit code."""
    is_attack = isinstance(attack, Attack)
    if is_attack:
        if attack.name == WITHIN_ITS_MEMORY:
            pytest.skip("workers may have as much memory as it takes here")
        stage.set_course(secrets, attack.course, attack.timeout_s)
    else:
        stage.set_course(secrets, attack)
    base = upload(stage)
    handed_in = stage.submission(attack) if is_attack else stage.solution
    if handed_in.is_file():
        pytest.skip("Gradescope takes archives apart itself")
    # Links and pipes stay what they are.
    subprocess.run(["cp", "-a", "--", handed_in, base / "submission"], check=True)
    if has_links_elsewhere(handed_in, base / "submission"):
        pytest.skip("an upload cannot hold links to files elsewhere; a copy holds what is in them")
    shutil.rmtree(stage.solution)  # nothing of the kind is on Gradescope
    shutil.rmtree(handed_in, ignore_errors=True)
    (base / "submission_metadata.json").write_text(json.dumps(stand_in.metadata()))
    process = stand_in.start(base)
    try:
        process.communicate(timeout=SECONDS)
    finally:
        process.kill()
    raw = (base / "results" / "results.json").read_bytes()
    assert len(raw) < LARGEST_RESULTS
    return stand_in.read_results(base), process.returncode


def has_links_elsewhere(handed_in, copy):
    """Whether a file has names outside of what is handed in, which its copy does not have."""
    files = [file for file in handed_in.rglob("*") if file.is_file() and not file.is_symlink()]
    return any(
        file.stat().st_nlink != (copy / file.relative_to(handed_in)).stat().st_nlink
        for file in files
    )


def upload(stage):
    """Put the course of a stage where Gradescope would have it, and what its setup.sh makes."""
    assignment = load_assignment(stage.course, stage.assignment)
    config = Config(assignment.id, datasets_of(assignment))
    archive = stage.folder / "autograder.zip"
    archive.write_bytes(zip_bytes(bundle_files(assignment, config, extras_of(assignment))))
    base = stand_in.unpack(archive, stage.folder / "autograder")
    archive.unlink()
    stand_in.own_python(base)
    source = base / "source"
    source.chmod(0o700)
    make_key(source)
    if config.datasets:
        shutil.move(stage.data, source / DATA_FOLDER)
    # Attacks are told of these places, and find the course where it is for others, too.
    shutil.rmtree(stage.course)
    stage.course.symlink_to(source / COURSE_FOLDER)
    stage.course, stage.results = source / COURSE_FOLDER, base / "results"
    return base


def outcomes(document):
    return {
        item: (status, points or 0.0)
        for item, (status, points, _) in stand_in.items(document).items()
    }


def score(document):
    """The score as Gradescope computes it: the whole one, where there is one, counts."""
    together = sum(points for _, points in outcomes(document).values())
    return max(together, document.get("score") or 0.0)


def assert_nothing_leaked(document, secrets):
    assert document["stdout_visibility"] == "hidden"
    assert document["test_output_format"] == "text"
    assert not any(harmful(text) for text in texts(document))
    seen = document | {"extra_data": {}}  # hash, seed and versions: digits without a meaning
    seen.pop("execution_time", None)
    assert evidence.leaked(json.dumps(seen, ensure_ascii=False), secrets) == []
