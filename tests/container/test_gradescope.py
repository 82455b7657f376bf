"""The zip for Gradescope, installed by its own setup.sh in a container, with Docker's defaults."""

import json
import os
import secrets
import shutil
import stat
import subprocess
import sys
import zipfile

import pytest

from autograder.audit import apply_entry, load_catalogue
from autograder.release import solution_files, write_release
from autograder.results import validate_results

from . import engine
from .engine import REPOSITORY, docker

pytestmark = pytest.mark.skipif(bool(engine.why_not()), reason=engine.why_not() or "an engine")

COURSE = REPOSITORY / "tests" / "course"
INSTALL = """\
cp -r /given /autograder
before=$(readlink -f "$(command -v python3 || echo none)"; python3 --version || true)
bash /autograder/source/setup.sh
after=$(readlink -f "$(command -v python3 || echo none)"; python3 --version || true)
test "$before" = "$after"
"""
GRADE = """\
cp -r /handed-in /autograder/submission
cp /metadata.json /autograder/submission_metadata.json
mkdir -p /autograder/results
cd /autograder && ./run_autograder > results/stdout
cat results/results.json
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """An image with the zip of the tiny assignment installed, as Gradescope makes one."""
    given = tmp_path_factory.mktemp("given")
    command = [sys.executable, "-m", "autograder", "bundle", "tiny", "--out", str(given)]
    subprocess.run(command, cwd=COURSE, check=True, capture_output=True)
    with zipfile.ZipFile(given / "autograder.zip") as archive:
        for entry in archive.infolist():
            archive.extract(entry, given / "source")
            rights = stat.S_IMODE(entry.external_attr >> 16)
            os.chmod(given / "source" / entry.filename, rights)
    shutil.copy(given / "source" / "run_autograder", given)
    name = f"autograder-test-{secrets.token_hex(6)}"
    mount = f"type=bind,source={given},target=/given,readonly"
    words = ("run", "--name", name, "--network", "host", "--mount", mount, engine.BASE)
    docker(*words, "bash", "-ec", INSTALL, seconds=engine.BUILD_SECONDS)
    docker("commit", name, name)
    docker("rm", name)
    yield name
    docker("rmi", "--force", name, check=False)


@pytest.fixture
def results(installed, tmp_path):
    """Grade a submission as Gradescope does: the results, which must be valid."""

    def results(submission, number=1):
        about = tmp_path / "metadata.json"
        about.write_text(json.dumps({"id": number, "users": [{}], "submission_method": "upload"}))
        words = ["run", "--rm", "--network", "none"]
        for source, target in ((submission, "/handed-in"), (about, "/metadata.json")):
            words += ["--mount", f"type=bind,source={source},target={target},readonly"]
        raw = docker(*words, installed, "bash", "-ec", GRADE).stdout.encode()
        errors = [finding for finding in validate_results(raw) if finding.level == "error"]
        assert errors == []
        return json.loads(raw)

    return results


def outcome(document):
    return {
        entry["extra_data"]["item"]: (entry["extra_data"]["status"], entry.get("score"))
        for entry in document["tests"]
    }


# One test, because the zip would be installed once more for another one in another process.
def test_it_grades_as_local_grading_does_by_layers_that_docker_lets_be(
    results, grade, tiny, tiny_solution, tiny_release, tmp_path
):
    paths = [tiny_solution, tiny_release]
    for entry in load_catalogue(tiny).mistakes[:2]:
        write_release(apply_entry(entry, solution_files(tiny)), tmp_path / entry.id)
        paths.append(tmp_path / entry.id)
    documents = [results(path, number) for number, path in enumerate(paths)]
    for path, document in zip(paths, documents, strict=True):
        [record] = grade(tiny, path, seed=document["extra_data"]["seed"])
        assert outcome(document) == {
            item.id: (item.status, None if item.status == "awaiting_manual" else item.score)
            for item in record.items
        }
    isolation = documents[0]["extra_data"]["isolation"]
    assert isolation["mode"] == "gradescope"
    for layer in ("process", "rlimits", "watch", "uid", "no_new_privs", "seccomp", "policy"):
        assert isolation["layers"][layer] in ("active", "enforced")
    # The key of the seeds stays in the installation.
    seeds = [document["extra_data"]["seed"] for document in documents]
    assert len(set(seeds)) == len(seeds)
    assert results(tiny_solution, 0)["extra_data"]["seed"] == seeds[0]
