"""What runs in a container: say what the image is made of, or grade the one submission there.

    python -m autograder.container.inside ID          prints {"built_from": ...}
    python -m autograder.container.inside ID ORDER    grades; ORDER is a `ContainerRequest` as JSON

Each line on standard output is one JSON object with one key:

    {"begins": item}   {"ended": item record}   {"answers": document}   {"record": record}
    {"refused": [what, where, what to do]}      nothing could be graded
"""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from autograder.assignment import Assignment, load_assignment
from autograder.container.digest import built_from
from autograder.errors import AutograderError
from autograder.sandbox.launch import use_one_thread

GRADING = Path("/opt/grading")
HANDED_IN = Path("/handed-in")
GIVEN_DATA = Path("/data")


@dataclass(frozen=True)
class ContainerRequest:
    """What is asked of a container.

    Attributes:
        name: of the submission.
        wanted: ids of the items.
        seed: the number that every random draw of this submission comes from.
        insecure: whether missing layers are accepted.
        full: whether notebooks run as they are.
        data_seed: the number that small data sets are drawn from.
    """

    name: str
    wanted: tuple[str, ...]
    seed: int
    insecure: bool
    full: bool
    data_seed: int


def _say(what: str, value: object) -> None:
    print(json.dumps({what: value}), flush=True)


def _grade(assignment: Assignment, orders: ContainerRequest) -> None:
    from autograder.grading.isolation import SandboxPolicy
    from autograder.grading.one import Request, grade_one
    from autograder.results import item_to_dict, to_dict
    from autograder.submission import Submission

    for data in (GIVEN_DATA, GRADING / "data"):
        if data.is_dir() and any(data.iterdir()):
            os.environ["AUTOGRADER_DATA"] = str(data)
            break
    with TemporaryDirectory(prefix="autograder-answers-") as answers:
        request = Request(
            assignment,
            Submission(orders.name, HANDED_IN),
            tuple(orders.wanted),
            orders.seed,
            SandboxPolicy("docker", orders.insecure),
            results=Path(answers),
            full=orders.full,
            secrets=[str(GRADING), answers],
            data_seed=orders.data_seed,
        )
        record = grade_one(
            request,
            begin=lambda item_id: _say("begins", item_id),
            ended=lambda item: _say("ended", item_to_dict(item)),
        )
        for file in Path(answers).rglob("*.json"):
            _say("answers", json.loads(file.read_text(encoding="utf-8")))
    _say("record", to_dict(record))


def main(assignment_id: str, text: str = "") -> None:
    """Do what is asked, and say on standard output what came of it."""
    try:
        assignment = load_assignment(GRADING / "course", assignment_id)
        if text:
            fields: dict[str, Any] = json.loads(text)
            _grade(assignment, ContainerRequest(**fields))
        else:
            _say("built_from", built_from(assignment))
    except AutograderError as error:
        _say("refused", [error.what, error.where, error.remedy])


if __name__ == "__main__":
    use_one_thread()
    main(*sys.argv[1:])
