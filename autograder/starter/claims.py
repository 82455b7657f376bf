"""Run the notebooks of a complete solution, and save the claims that they write with it.

The solution is written to a temporary folder and run there as a student runs it, with all data and
parameters. It is the instructor's own code, so it is not confined.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment, Notebook
from autograder.assignment.released import original_bytes
from autograder.atomic import write_atomic
from autograder.errors import AutograderError, FindingError, UsageError
from autograder.release import solution_files, write_release
from autograder.text import one_line, plain_text

_FOLDER = "claims"
_STAND_IN = "_stand_in"  # the name under which a rubric looks for claims on a stand-in
_OFFLINE = {"AUTOGRADER_OFFLINE": "1"}

Say = Callable[[str], None]


@dataclass(frozen=True)
class SavedClaims:
    """The files of claims, as paths in the folder of the solution.

    Attributes:
        changed: those that were new or different.
        unchanged: those that were written again as they were.
    """

    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


def save_claims_of(assignment: Assignment, stand_in: bool = False, say: Say = print) -> SavedClaims:
    """Run all notebooks of an assignment's solution, and save the claims that they write.

    Args:
        assignment: the assignment.
        stand_in: whether to run on the stand-ins of the datasets, and to save the claims under
            names with `_stand_in` at the end, next to those on the real data.
        say: called with what the notebooks print, and with the name of each before it runs.

    Raises:
        UsageError: the assignment has no notebooks, or does not hand in claims.
        FindingError: a cell fails, or no notebook writes claims.
        AutograderError: the solution has mistakes, or a file cannot be written.
    """
    where = f"assignment '{assignment.id}'"
    if not assignment.notebooks:
        raise UsageError("it has no notebooks, which write claims", where, "declare a [[notebook]]")
    if not assignment.is_submission_file(f"{_FOLDER}/name.json"):
        remedy = f'write files = ["{_FOLDER}/*.json", "{_FOLDER}/*.npz"] in [submission]'
        raise UsageError("students do not hand in claims", where, remedy)
    with tempfile.TemporaryDirectory(prefix="autograder-claims-") as temporary:
        work = Path(temporary, "work")
        write_release({**original_bytes(assignment), **solution_files(assignment)}, work)
        shutil.rmtree(work / _FOLDER, ignore_errors=True)  # claims of an earlier run
        settings = _OFFLINE | _nowhere(temporary) if stand_in else {}
        for notebook in assignment.notebooks:
            say(f"{notebook.path} is run")
            _run(notebook, work, settings, say)
        found = {
            path.relative_to(work).as_posix(): path.read_bytes()
            for path in sorted((work / _FOLDER).glob("*"))
            if path.is_file()
        }
    claims = {path: data for path, data in found.items() if assignment.is_submission_file(path)}
    if not claims:
        remedy = "call autograder.claims.save_claims in a cell"
        raise FindingError("no notebook has written claims", where, remedy)
    return _save(_renamed(claims) if stand_in else claims, assignment.solutions)


def _nowhere(temporary: str) -> dict[str, str]:
    """Return settings with which no dataset is found, so that stand-ins take their place."""
    return {"AUTOGRADER_DATA": f"{temporary}/data", "AUTOGRADER_CACHE": f"{temporary}/cache"}


def _run(notebook: Notebook, folder: Path, settings: Mapping[str, str], say: Say) -> None:
    command = [
        sys.executable, "-m", "autograder.starter.run_solution", notebook.path,
        str(notebook.full_timeout_s),
    ]  # fmt: skip
    environment = {**os.environ, **settings}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, errors="replace",
        check=False,
    )  # fmt: skip
    for line in plain_text(done.stdout).splitlines():
        say(f"  {line}")
    if done.returncode:
        reason = one_line((done.stderr.strip().splitlines() or ["it says nothing"])[-1])
        remedy = "correct the cell; no claims were saved"
        raise FindingError(f"the solution does not run ({reason})", notebook.source, remedy)


def _renamed(claims: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return claims under names that end in `_stand_in`."""
    renamed = {}
    for path, data in claims.items():
        stem, dot, ending = path.rpartition(".")
        if ending == "json":
            document = json.loads(data)
            document["name"] += _STAND_IN
            if isinstance(document.get("weights"), str):
                weights = document["weights"].rpartition(".")
                document["weights"] = f"{weights[0]}{_STAND_IN}.{weights[2]}"
            data = (json.dumps(document, indent=1, allow_nan=False) + "\n").encode()
        renamed[f"{stem}{_STAND_IN}{dot}{ending}"] = data
    return renamed


def _save(claims: Mapping[str, bytes], folder: Path) -> SavedClaims:
    changed, unchanged = [], []
    for path, data in claims.items():
        target = folder / path
        if target.is_file() and target.read_bytes() == data:
            unchanged.append(path)
            continue
        try:
            target.parent.mkdir(exist_ok=True)
            write_atomic(target, data)
        except OSError as error:
            raise AutograderError(
                f"cannot be written ({error.strerror})", str(target), "make room for it"
            ) from None
        changed.append(path)
    return SavedClaims(tuple(changed), tuple(unchanged))
