"""Run an assignment's solution in full, as a student does, and compare its numbers with the record.

Every notebook is run in Jupyter with all of its data and epochs, and then once more on the
stand-ins, which every machine has. The complete solution hands in the claims of both runs
(solutions/<id>/claims/<name>.json and <name>_stand_in.json), so that it can be graded anywhere.
The assignment's section of docs/reference-results.md is made from these claims and from
assignment/<id>/reference.toml; the sections of other assignments remain as they are.
"""

import argparse
import datetime
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment, load_assignment
from autograder.release import plan_release, solution_files, write_release

REPOSITORY = Path(__file__).parent.parent
PAGE = REPOSITORY / "docs" / "reference-results.md"
STAND_IN = "_stand_in"  # as autograder/rubric/audit_claims.py looks for it
INTRODUCTION = """# Reference results

What the complete solutions reach: `make reference` runs them in full in Jupyter, on the datasets
and once more on their stand-ins. The record is the result of an earlier run by the course. The
numbers of a stand-in say nothing about the original.
"""


def main() -> int:
    """Run, write, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignment", metavar="ID")
    parser.add_argument(
        "--only-table", action="store_true", help="run nothing; make the table from the claims"
    )
    options = parser.parse_args()
    assignment = load_assignment(REPOSITORY, options.assignment)
    before = sections(PAGE.read_text(encoding="utf-8"))
    if options.only_table:
        made = before.get(assignment.id, "").strip().rpartition("\n\n")[2]
    else:
        folder = REPOSITORY / "build" / "reference" / assignment.id
        made = machine(run_all(assignment, folder, {}))
        keep_claims(assignment, folder)
    after = before | {assignment.id: section(assignment, made)}
    text = "".join(f"\n## {name}\n\n{after[name].strip()}\n" for name in sorted(after))
    PAGE.write_text(INTRODUCTION + text, encoding="utf-8")
    print(f"{PAGE.relative_to(REPOSITORY)} is written")
    return 0


def keep_claims(assignment: Assignment, real: Path) -> None:
    """Keep the claims of a run with the solution, and run all once more on the stand-ins.

    Where the first run had only a stand-in, one set of claims is enough.
    """
    with tempfile.TemporaryDirectory() as folder:
        cache = {"AUTOGRADER_OFFLINE": "1", "AUTOGRADER_CACHE": f"{folder}/cache"}
        run_all(assignment, Path(folder) / "work", {"AUTOGRADER_DATA": folder, **cache})
        for file in sorted((real / "claims").glob("*.json")):
            name = file.stem
            if name.endswith(STAND_IN):  # of an earlier run, handed in with the solution
                continue
            keep(file, assignment.solutions / "claims", name)
            data = claim_of(real, name)["data"]
            if data and data["kind"] == "real":
                again = Path(folder) / "work" / "claims" / file.name
                keep(again, assignment.solutions / "claims", name + STAND_IN)


def keep(file: Path, folder: Path, name: str) -> None:
    """Copy claims and their weights, under a name of their own."""
    document = json.loads(file.read_text(encoding="utf-8"))
    document |= {"name": name, "weights": f"{name}.npz"}
    text = json.dumps(document, indent=1, allow_nan=False) + "\n"
    (folder / f"{name}.json").write_text(text, encoding="utf-8")
    shutil.copyfile(file.with_suffix(".npz"), folder / f"{name}.npz")


def run_all(assignment: Assignment, folder: Path, settings: dict[str, str]) -> dict[str, float]:
    """Run all notebooks of the complete solution; return the processor seconds of each."""
    shutil.rmtree(folder, ignore_errors=True)
    write_release({**plan_release(assignment), **solution_files(assignment)}, folder)
    seconds = {}
    for notebook in assignment.notebooks:
        started = processor_time()
        command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace"]
        command += ["--ExecutePreprocessor.timeout=-1", notebook.path]
        subprocess.run(command, cwd=folder, env={**os.environ, **settings}, check=True)
        seconds[notebook.path] = processor_time() - started
        print(f"{notebook.path}: {seconds[notebook.path]:.0f} s", flush=True)
    return seconds


def processor_time() -> float:
    """Seconds that the children which have ended have computed, on all cores."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def sections(page: str) -> dict[str, str]:
    """The text of each assignment's section."""
    parts = page.split("\n## ")[1:]
    return {part.partition("\n")[0].strip(): part.partition("\n")[2] for part in parts}


def section(assignment: Assignment, made: str) -> str:
    """The section of an assignment, in Markdown; `made` says when and where the runs were."""
    file = assignment.folder / "reference.toml"
    numbers = tomllib.loads(file.read_text(encoding="utf-8"))["number"]
    claims = assignment.solutions / "claims"
    rows = [
        f"| {number['title']} | {shown(value_of(claim, number['path']))} "
        f"| {shown(None if end else number.get('record'))} | {data_of(claim)} |"
        for end in ("", STAND_IN)
        for number in numbers
        if not end or (claims / f"{number['claim']}{end}.json").exists()
        for claim in [claim_of(assignment.solutions, number["claim"] + end)]
    ]
    heads = ["| number | this run | record | data |", "|---|---|---|---|"]
    return "\n".join([*heads, *rows, "", made])


def claim_of(folder: Path, name: str) -> dict[str, Any]:
    """What a run claims."""
    text = (folder / "claims" / f"{name}.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def value_of(claim: dict[str, Any], path: Sequence[str | int]) -> float:
    """The number at a path; `*` stands for the least one over all keys."""
    return _least(claim["numbers"], list(path))


def _least(value: Any, path: list[str | int]) -> float:
    if not path:
        return float(value)
    key, rest = path[0], path[1:]
    if key != "*":
        return _least(value[key], rest)
    inner = (one for one in value.values() if isinstance(one, dict) and rest[0] in one)
    return min(_least(one, rest) for one in inner)


def data_of(claim: dict[str, Any]) -> str:
    """Which dataset the numbers were measured on."""
    return f"{claim['data']['name']}, {claim['data']['kind']}" if claim["data"] else "no dataset"


def shown(number: float | None) -> str:
    """A number with four significant digits; nothing for None."""
    return "" if number is None else f"{number:.4g}"


def machine(seconds: dict[str, float]) -> str:
    """When and where it ran."""
    cores = len(os.sched_getaffinity(0))
    place = f"{cores} cores, {platform.system()} {platform.machine()}"
    times = ", ".join(f"`{path}` {one:.0f} s" for path, one in seconds.items())
    if times:
        times = f"Processor time: {times}"
    date = datetime.date.today().isoformat()
    return f"{date}, {place}, Python {platform.python_version()}. {times}".rstrip(" .") + "."


if __name__ == "__main__":
    sys.exit(main())
