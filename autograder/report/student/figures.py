"""The pictures that a student's page shows: those of the written answers.

The judge keeps no picture of a notebook's run, only of written answers (`written.json`), so these
are what there is. They are the student's own, as saved in the notebook that was handed in.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.errors import UsageError
from autograder.report.student.page import Figure
from autograder.results.written import WRITTEN_FILE
from autograder.submission.names import safe_name


def figures_of(folder: Path, submission: str) -> list[Figure]:
    """Return the pictures in a submission's written answers, in their order.

    Raises:
        UsageError: the file of answers cannot be read.
    """
    file = folder / safe_name(submission) / WRITTEN_FILE
    if not file.exists():
        return []
    try:
        document = json.loads(file.read_bytes())
        return [
            Figure(answer["item"], picture["mime"], picture["data"])
            for answer in document["answers"]
            for cell in answer["cells"]
            for picture in _pictures(cell)
        ]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        raise UsageError("cannot be read", str(file), "grade the submission once more") from None


def _pictures(cell: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    everything: Iterable[Mapping[str, str]] = (*cell["attachments"].values(), *cell["outputs"])
    return (one for one in everything if "mime" in one)
