"""Identify a submission by a hash that changes whenever its grading could."""

import hashlib

from autograder.submission.choose import Wanted
from autograder.submission.collect import digests
from autograder.submission.entries import Limits, SubmissionError, SubmissionSource
from autograder.submission.find import Submission
from autograder.submission.opening import open_source, open_zip


def fingerprint(submission: Submission, wanted: Wanted, limits: Limits | None = None) -> str:
    """Return a hash of a submission as it is on disk, without reading files that are not needed.

    For a zip it is the hash of its bytes. For a folder it covers the contents of the files that
    would be collected and the names of the others, which notices mention.
    """
    limits = limits or Limits()
    try:
        if (file := open_zip(submission, limits)) is not None:
            with file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        return _of_folder(open_source(submission, limits), wanted, limits)
    except (OSError, SubmissionError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return hashlib.sha256(f"cannot be read: {reason}".encode()).hexdigest()


def _of_folder(source: SubmissionSource, wanted: Wanted, limits: Limits) -> str:
    total = hashlib.sha256()
    try:
        for entry in source.entries():
            total.update(repr((entry.shown, entry.fault)).encode())
        found, notices = digests(source, wanted, limits)
        total.update(repr((sorted(found.items()), notices)).encode())
    finally:
        source.close()
    return total.hexdigest()
