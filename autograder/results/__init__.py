"""Store the results of grading: records, JSON documents, files and tables.

record.py          TestRecord, ItemRecord, SubmissionRecord; `totals` of points
record_json.py     records to JSON and back, read strictly
store.py           writes results, each file whole or not at all
private.py         writes files that only their owner may read
grade_document.py  the `autograder.grade/1` document (`grade --json`, grade.json)
gradescope.py      Gradescope's results.json; validate.py checks it
gradings.py        every grading of a results folder; database.py is its SQLite file
class_results.py   the records of a class, and the students to whom they belong
written.py         written answers; pictures.py their pictures
answer_files.py    answers that are files
table.py           records as tables on a terminal
wording.py         the words for an item's status
"""

from autograder.results.answer_files import FileRules
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
    "FileRules",
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
