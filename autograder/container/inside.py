"""Run in a container: report what the image was built from, or grade the one submission.

    python -m autograder.container.inside ID            prints {"built_from": ...}
    python -m autograder.container.inside ID REQUEST    grades; REQUEST is a `ContainerRequest`

While it grades, each line on standard output is a message of events (grading/events.py).
"""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.assignment import Assignment, load_assignment
from autograder.container.digest import built_from
from autograder.errors import AutograderError
from autograder.sandbox.launch import use_one_thread

GRADING = Path("/opt/grading")
HANDED_IN = Path("/handed-in")
GIVEN_DATA = Path("/data")


@dataclass(frozen=True)
class ContainerRequest:
    """What one container has to grade, passed to it as JSON.

    Attributes:
        name: the submission's name.
        wanted: ids of the items.
        seed: the number that every random draw of this submission comes from.
        insecure: whether missing layers are accepted.
        full: whether notebooks run unchanged.
        data_seed: the number that small datasets are drawn from.
    """

    name: str
    wanted: tuple[str, ...]
    seed: int
    insecure: bool
    full: bool
    data_seed: int


def _grade(assignment: Assignment, asked: ContainerRequest) -> None:
    from autograder.grading.events import (
        AnswersFound,
        Event,
        ItemBegins,
        ItemEnded,
        SubmissionGraded,
        encode,
    )
    from autograder.grading.session import GradingRequest, GradingSession
    from autograder.submission import Submission

    def report(event: Event) -> None:
        print(encode(event).decode(), flush=True)

    for data in (GIVEN_DATA, GRADING / "data"):
        if data.is_dir() and any(data.iterdir()):
            os.environ["AUTOGRADER_DATA"] = str(data)
            break
    with TemporaryDirectory(prefix="autograder-answers-") as answers:
        request = GradingRequest(
            assignment,
            tuple(asked.wanted),
            asked.seed,
            results=Path(answers),
            mode="docker",
            insecure=asked.insecure,
            full=asked.full,
            data_seed=asked.data_seed,
            secrets=(str(GRADING), answers),
        )
        with GradingSession.open(request) as session:
            record = session.grade_one(
                Submission(asked.name, HANDED_IN),
                begin=lambda item_id: report(ItemBegins(item_id)),
                ended=lambda item: report(ItemEnded(item)),
            )
        for file in Path(answers).rglob("*.json"):
            report(AnswersFound(json.loads(file.read_text(encoding="utf-8"))))
    report(SubmissionGraded(record))


def main(assignment_id: str, request: str = "") -> None:
    """Grade, or report what the image was built from."""
    try:
        assignment = load_assignment(GRADING / "course", assignment_id)
        if request:
            _grade(assignment, ContainerRequest(**json.loads(request)))
        else:
            print(json.dumps({"built_from": built_from(assignment)}), flush=True)
    except AutograderError as error:
        from autograder.grading.events import GradingFailed, encode

        print(encode(GradingFailed(str(error), refused=True)).decode(), flush=True)


if __name__ == "__main__":
    use_one_thread()
    main(*sys.argv[1:])
