"""Find submissions, read them without trusting them, and collect the files an assignment needs."""

from autograder.submission.choose import Wanted
from autograder.submission.collect import Collected, collect, content_hash
from autograder.submission.entries import Limits, SubmissionError, UnreadableError
from autograder.submission.find import Submission, find_submissions
from autograder.submission.fingerprint import fingerprint
from autograder.submission.names import safe_name

__all__ = [
    "Collected",
    "Limits",
    "Submission",
    "SubmissionError",
    "UnreadableError",
    "Wanted",
    "collect",
    "content_hash",
    "find_submissions",
    "fingerprint",
    "safe_name",
]
