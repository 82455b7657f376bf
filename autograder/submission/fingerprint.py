"""What a submission is known by: a hash that changes whenever its grading could."""

import hashlib
from pathlib import Path

from autograder.submission.choose import Wanted, choose_files
from autograder.submission.entries import EntryError, Limits, SubmissionError
from autograder.submission.find import Submission
from autograder.submission.folder import FolderSource


def fingerprint(submission: Submission, wanted: Wanted, limits: Limits | None = None) -> str:
    """Return a hash of a submission as it lies there, without reading what nobody asks for.

    Of a zip it is the hash of its bytes. Of a folder, the contents of the files that would be
    collected and the names of the others: notices speak of these.
    """
    try:
        if submission.path.is_dir():
            return _of_folder(submission.path, wanted, limits or Limits())
        if not submission.path.is_file():
            raise SubmissionError("it is neither a folder nor a file")
        with open(submission.path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, SubmissionError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return hashlib.sha256(f"cannot be read: {reason}".encode()).hexdigest()


def _of_folder(path: Path, wanted: Wanted, limits: Limits) -> str:
    total = hashlib.sha256()
    source = FolderSource(path, limits)
    try:
        entries = source.entries()
        for entry in entries:
            total.update(repr((entry.shown, entry.fault)).encode())
        for name, entry in choose_files(entries, wanted, limits).files.items():
            total.update(repr(name).encode())
            try:
                for piece in source.read(entry):
                    total.update(piece)
            except EntryError as error:
                total.update(repr(str(error)).encode())
    finally:
        source.close()
    return total.hexdigest()
