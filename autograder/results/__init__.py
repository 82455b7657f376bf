"""What a grading leaves behind: records, Gradescope's results.json, files and tables."""

from autograder.results.grade_document import GRADE_SCHEMA, grade_document
from autograder.results.gradescope import gradescope_document, leaderboard
from autograder.results.record import (
    Isolation,
    ItemRecord,
    ItemStatus,
    SubmissionRecord,
    TestRecord,
    TestStatus,
    Visibility,
    totals,
)
from autograder.results.record_json import (
    RecordError,
    from_dict,
    item_from_dict,
    item_to_dict,
    to_dict,
)
from autograder.results.store import (
    json_text,
    write_answers,
    write_document,
    write_grade_document,
    write_results,
)
from autograder.results.validate import ResultsFinding, validate_results
from autograder.results.wording import UNREAD
from autograder.results.written import Question, written_document

__all__ = [
    "GRADE_SCHEMA",
    "UNREAD",
    "Isolation",
    "ItemRecord",
    "ItemStatus",
    "Question",
    "RecordError",
    "ResultsFinding",
    "SubmissionRecord",
    "TestRecord",
    "TestStatus",
    "Visibility",
    "from_dict",
    "grade_document",
    "gradescope_document",
    "item_from_dict",
    "item_to_dict",
    "json_text",
    "leaderboard",
    "to_dict",
    "totals",
    "validate_results",
    "write_answers",
    "write_document",
    "write_grade_document",
    "write_results",
    "written_document",
]
