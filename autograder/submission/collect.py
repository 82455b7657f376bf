"""Copy what an assignment asks for out of a submission, and nothing else.

Everything else that a submission holds (`conftest.py`, `pytest.ini`, a fake `numpy.py`, its own
`tests/`) stays behind because nothing ever asks for it.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AutograderError
from autograder.submission.choose import Chosen, Wanted
from autograder.submission.entries import EntryError, Limits, Source, SubmissionError
from autograder.submission.find import Submission
from autograder.submission.nested import Opened
from autograder.submission.opening import open_source


@dataclass(frozen=True)
class Collected:
    """What was taken from one submission.

    Attributes:
        root: the private folder that now holds it.
        files: paths of the files under `root`, sorted, `/` between the parts.
        notices: what was left out or put right, one sentence each, for the student.
        sha256: hash over the sorted paths and contents, and over the paths of what could not be
            read: the submission's identity.
    """

    root: Path
    files: tuple[str, ...]
    notices: tuple[str, ...]
    sha256: str


def collect(
    submission: Submission, wanted: Wanted, into: Path, limits: Limits | None = None
) -> Collected:
    """Copy what is wanted of the submission to the empty folder `into`.

    Args:
        submission: the folder or zip; it may be missing, broken or hostile.
        wanted: the folders and files that the assignment asks for.
        into: made if it is not there; nothing is written outside it.
        limits: the caps; those of `Limits` by default.

    Raises:
        SubmissionError: nothing can be graded; `into` is empty again.
        AutograderError: `into` cannot be written, which is no fault of the student's.
        ValueError: `into` holds something.
    """
    limits = limits or Limits()
    _make_empty_folder(into)
    source = open_source(submission, limits)
    try:
        chosen, copied = _take(source, wanted, limits, into)
    except SubmissionError:
        for leftover in into.iterdir():
            if leftover.is_dir():
                shutil.rmtree(leftover)
            else:
                leftover.unlink()
        raise
    finally:
        source.close()
    return Collected(
        root=into,
        files=tuple(sorted(copied.digests)),
        notices=_at_most(chosen.notices, limits.notices),
        sha256=_hash_of_all(copied),
    )


def content_hash(submission: Submission, wanted: Wanted, limits: Limits | None = None) -> str:
    """Return `Collected.sha256` of a submission without copying it.

    It depends on everything that student code can see of a submission, and on nothing else: not on
    names of other files, times, or whether it is a folder or a zip.

    Args:
        submission: the folder or zip; it may be missing, broken or hostile.
        wanted: the folders and files that the assignment asks for.
        limits: the caps; those of `Limits` by default.

    Returns:
        The hash; "" where nothing can be collected.
    """
    limits = limits or Limits()
    try:
        source = open_source(submission, limits)
        try:
            return _hash_of_all(_take(source, wanted, limits, None)[1])
        finally:
            source.close()
    except SubmissionError:
        return ""


def _take(
    source: Source, wanted: Wanted, limits: Limits, into: Path | None
) -> tuple[Chosen, "_Copy"]:
    """Read what is wanted, and copy it unless `into` is None."""
    with closing(Opened(source, wanted, limits)) as opened:
        chosen = opened.chosen
        copied = _Copy(into, source, limits)
        for path, entry in chosen.files.items():
            try:
                most = limits.file_bytes if path in chosen.single else limits.total_bytes
                copied.add(path, opened.read(entry), most)
            except EntryError as error:
                copied.broken.append(path)
                chosen.notices.append(f"left out: {entry.shown} {error}.")
    if not copied.digests:
        raise SubmissionError(f"Nothing could be collected; {chosen.notices[-1]}")
    return chosen, copied


class _Copy:
    """Reads files, counting and hashing, and writes them below one folder if there is one.

    Attributes:
        digests: of what could be read, by path.
        broken: paths of what could not.
    """

    def __init__(self, into: Path | None, source: Source, limits: Limits) -> None:
        self.digests: dict[str, bytes] = {}
        self.broken: list[str] = []
        self._into = into
        self._source = source
        self._limits = limits
        self._read = 0

    def add(self, path: str, pieces: Iterable[bytes], most: int) -> None:
        """Take one file of `most` bytes; leave nothing of it where they cannot be had."""
        digest = hashlib.sha256()
        checked = self._checked(pieces, most, digest)
        if self._into is None:
            for _ in checked:
                pass
        else:
            self._write(self._into, path, checked)
        self.digests[path] = digest.digest()

    def _checked(
        self, pieces: Iterable[bytes], most: int, digest: "hashlib._Hash"
    ) -> Iterator[bytes]:
        size = 0
        for piece in pieces:
            self._count(len(piece))
            size += len(piece)
            if size > most:
                raise EntryError(f"is larger than {most // 1_000_000} MB")
            digest.update(piece)
            yield piece

    def _write(self, into: Path, path: str, pieces: Iterable[bytes]) -> None:
        target = into / path
        try:
            self._make_folders(target.parent)
            with open(target, "xb", opener=_private) as file:
                file.writelines(pieces)
        except OSError as error:
            raise _cannot_write(into, error) from None
        except EntryError:
            target.unlink()
            for folder in target.parents:  # student code would see those that nothing else needs
                if folder == into or any(folder.iterdir()):
                    break
                folder.rmdir()
            raise

    def _make_folders(self, folder: Path) -> None:
        if folder != self._into and not folder.is_dir():
            self._make_folders(folder.parent)
            folder.mkdir()
            folder.chmod(0o755)  # whatever the umask of this process

    def _count(self, length: int) -> None:
        self._read += length
        limits = self._limits
        if self._read > limits.total_bytes:
            raise SubmissionError(
                f"The submission is larger than {limits.total_bytes // 1_000_000} MB. Hand in "
                "only what the assignment asks for, without data."
            )
        packed = self._source.size
        if packed is not None and self._read > max(limits.ratio_from_bytes, limits.ratio * packed):
            raise SubmissionError(
                f"The zip unpacks to more than {limits.ratio} times its size. Hand in only "
                "what the assignment asks for."
            )


def _private(path: str, flags: int) -> int:
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    os.fchmod(descriptor, 0o644)
    return descriptor


def _make_empty_folder(into: Path) -> None:
    try:
        into.mkdir(parents=True, exist_ok=True)
        into.chmod(0o755)
        if any(into.iterdir()):
            raise ValueError(f"{into} is not empty")
    except OSError as error:
        raise _cannot_write(into, error) from None


def _cannot_write(into: Path, error: OSError) -> AutograderError:
    return AutograderError(
        f"cannot write the submission's files ({error.strerror})",
        str(into),
        "free some space, or set TMPDIR to a folder that can be written",
    )


def _hash_of_all(copied: _Copy) -> str:
    whole = hashlib.sha256()
    for path in sorted(copied.digests):
        whole.update(path.encode("utf-8") + b"\0" + copied.digests[path])
    # That they began to be written can be seen later, such as by numbers of files that are missing.
    for path in sorted(copied.broken):
        whole.update(path.encode("utf-8") + b"\1")
    return whole.hexdigest()


def _at_most(notices: Sequence[str], count: int) -> tuple[str, ...]:
    if len(notices) <= count:
        return tuple(notices)
    return (*notices[:count], f"and {len(notices) - count} more of the kind.")
