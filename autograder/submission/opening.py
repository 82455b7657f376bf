"""Open a submission: a path given by the user, or an entry of a folder given by the user.

A link that the user gives is followed. The entries of such a folder (`grade --from`) come from
students: every step below it is opened by name, without following links.
"""

import os
import stat
from io import BufferedReader
from pathlib import Path

from autograder.submission.archives import is_loose_file, open_file
from autograder.submission.entries import Limits, SubmissionError, SubmissionSource, UnreadableError
from autograder.submission.find import Submission
from autograder.submission.folder import SHARED, FolderSource, is_shared

_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
_BELOW = _FLAGS | os.O_NOFOLLOW
LINK = "The submission is a link, and links are not followed. Submit the folder or zip itself."


def open_source(submission: Submission, limits: Limits) -> SubmissionSource:
    """Open a submission for reading.

    Raises:
        SubmissionError: it is neither a folder nor a zip, or cannot be read.
    """
    descriptor, place_owner = _opened(submission, limits)
    try:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            return FolderSource(descriptor, limits, place_owner)
    except BaseException:
        os.close(descriptor)
        raise
    return open_file(descriptor, submission.path.name, limits)


def open_zip(submission: Submission, limits: Limits) -> BufferedReader | None:
    """Return the file of an archive; None for a folder, a notebook or a module.

    Raises:
        SubmissionError: as `open_source`.
    """
    descriptor, _ = _opened(submission, limits)
    is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
    if is_file and not is_loose_file(descriptor, submission.path.name):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    return None


def open_plain_file(submission: Submission, limits: Limits) -> BufferedReader:
    """Open a file that is part of a submission.

    Raises:
        SubmissionError: it is not a plain file, cannot be read, or has a name elsewhere.
    """
    descriptor, _ = _opened(submission, limits)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnreadableError("The submission is not a plain file.")
    return os.fdopen(descriptor, "rb")


def see_that_it_is_there(submission: Submission) -> None:
    """Refuse a submission that cannot be opened, without reading it.

    Raises:
        SubmissionError: as `open_source`, except for faults inside a zip.
    """
    os.close(_opened(submission, Limits())[0])


def _opened(submission: Submission, limits: Limits) -> tuple[int, int]:
    """Return the descriptor, and the user id of the owner of the folder with all submissions."""
    try:
        if submission.place is None:
            return _named(submission.path, limits)
        return _below(submission.place, submission.path, limits)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise SubmissionError("The submission was not found: no such folder or zip.") from None
    except OSError as error:
        raise UnreadableError(f"The submission cannot be read ({error.strerror}).") from None


def _named(path: Path, limits: Limits) -> tuple[int, int]:
    _see_that_it_can_be_opened(path.stat().st_mode)
    descriptor = os.open(path, _FLAGS)
    try:
        status = os.fstat(descriptor)
        _see_that_it_can_be_read(status, limits)
        if stat.S_ISDIR(status.st_mode):
            return descriptor, os.stat("..", dir_fd=descriptor).st_uid
        return descriptor, status.st_uid
    except BaseException:
        os.close(descriptor)
        raise


def _below(place: Path, path: Path, limits: Limits) -> tuple[int, int]:
    """Open an entry of a folder of submissions step by step; no step may be a link."""
    descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        owners = [os.fstat(descriptor).st_uid]
        for part in path.relative_to(place).parts:
            mode = os.stat(part, dir_fd=descriptor, follow_symlinks=False).st_mode
            if stat.S_ISLNK(mode):
                raise UnreadableError(LINK)
            _see_that_it_can_be_opened(mode)
            inner = os.open(part, _BELOW, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
            owners.append(os.fstat(descriptor).st_uid)
        status = os.fstat(descriptor)
        _see_that_it_can_be_read(status, limits)
        if stat.S_ISREG(status.st_mode):
            # The owner of the student's folder; without one, the owner of the file is unknown.
            owner = owners[1] if len(owners) > 2 else owners[0]
            if is_shared(status, 1, owner, owners[0]):
                raise UnreadableError(f"The submitted file {SHARED}, so it is not read.")
        return descriptor, owners[0]
    except BaseException:
        os.close(descriptor)
        raise


def _see_that_it_can_be_opened(mode: int) -> None:
    """Refuse devices, pipes and sockets, which may have effects when they are opened."""
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        raise UnreadableError("The submission is neither a folder nor a zip.")


def _see_that_it_can_be_read(status: os.stat_result, limits: Limits) -> None:
    _see_that_it_can_be_opened(status.st_mode)
    if stat.S_ISREG(status.st_mode) and status.st_size > limits.zip_bytes:
        raise UnreadableError(f"The zip is larger than {limits.zip_bytes // 1_000_000_000} GB.")
