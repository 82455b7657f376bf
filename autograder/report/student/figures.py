"""Collect the pictures of a student's page: those that their notebooks have shown them.

The judge keeps no picture of its own run of a notebook; there it looks at figures as data. These
pictures are therefore the student's, as they were saved in the notebooks that were handed in and
that have written answers (`written.json`), and the page says so.
"""

import json
from pathlib import Path

from autograder.errors import UsageError
from autograder.report.student.page import Figure
from autograder.results.written import WRITTEN_FILE
from autograder.submission.names import safe_name


def figures_of(folder: Path, submission: str) -> list[Figure]:
    """Return the pictures of a submission, in their order.

    Raises:
        UsageError: the file that contains them cannot be read.
    """
    file = folder / safe_name(submission) / WRITTEN_FILE
    if not file.exists():
        return []
    try:
        document = json.loads(file.read_bytes())
        shown = [
            Figure(f"{one['notebook']}, cell {one['cell']}", one["mime"], one["data"])
            for one in document.get("figures", ())
        ]
        attached = [
            Figure(f"your answer to {answer['item']}", picture["mime"], picture["data"])
            for answer in document["answers"]
            for cell in answer["cells"]
            for picture in cell["attachments"].values()
        ]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        raise UsageError("cannot be read", str(file), "grade the submission once more") from None
    return shown + attached
