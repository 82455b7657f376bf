"""Copy the files that an assignment needs out of a submission, and nothing else.

Everything else in a submission (`conftest.py`, `pytest.ini`, a fake `numpy.py`, its own `tests/`)
is never copied because nothing refers to it.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import AutograderError
from autograder.handing_in.notebooks import without_words
from autograder.handing_in.own_files import FILE_BYTES, is_scanned, is_too_much
from autograder.handing_in.references import Module
from autograder.submission.choose import Chosen, Wanted
from autograder.submission.entries import (
    EntryError,
    Limits,
    SubmissionEntry,
    SubmissionError,
    SubmissionSource,
)
from autograder.submission.find import Submission
from autograder.submission.nested import Opened
from autograder.submission.opening import open_source
from autograder.submission.referred import Referred


@dataclass(frozen=True)
class Collected:
    """The files collected from one submission.

    Attributes:
        root: the private folder that contains them.
        files: paths of the files under `root`, sorted, `/` between the parts.
        notices: what was ignored or corrected, one sentence each, for the student.
        sha256: hash over the sorted paths and contents, and over the paths of files that could not
            be read: the submission's identity.
        code_sha256: the same hash over everything but the words of the notebooks' markdown cells.
        modules: the student's own modules next to the needed files, by name.
        referred_files: for each notebook, the files that its code refers to.
    """

    root: Path
    files: tuple[str, ...]
    notices: tuple[str, ...]
    sha256: str
    code_sha256: str = ""
    modules: Mapping[str, Module] = field(default_factory=dict)
    referred_files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def collect(
    submission: Submission, wanted: Wanted, into: Path, limits: Limits | None = None
) -> Collected:
    """Copy the needed files of the submission to the empty folder `into`.

    Args:
        submission: the folder or zip; it may be missing, broken or hostile.
        wanted: the folders and files that the assignment needs.
        into: created if it does not exist; nothing is written outside it.
        limits: the caps; those of `Limits` by default.

    Raises:
        SubmissionError: nothing can be graded; `into` is empty again.
        AutograderError: `into` cannot be written, which is not the student's fault.
        ValueError: `into` is not empty.
    """
    limits = limits or Limits()
    _make_empty_folder(into)
    source = open_source(submission, limits)
    try:
        chosen, copied, referred = _take(source, wanted, limits, into, reads_code=True)
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
        code_sha256=_hash_of_code(copied),
        modules=referred.modules,
        referred_files={one: referred.referred_by(one) for one in wanted.notebooks},
    )


def content_hash(submission: Submission, wanted: Wanted, limits: Limits | None = None) -> str:
    """Return `Collected.sha256` of a submission without copying it.

    The hash depends only on what student code can see of a submission: not on names of other files,
    on times, or on whether it is a folder or a zip.

    Args:
        submission: the folder or zip; it may be missing, broken or hostile.
        wanted: the folders and files that the assignment needs.
        limits: the caps; those of `Limits` by default.

    Returns:
        The hash, or "" if nothing can be collected.
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


def code_hash(submission: Submission, wanted: Wanted, limits: Limits | None = None) -> str:
    """Return `Collected.code_sha256` of a submission without copying it.

    Returns:
        The hash, or "" if nothing can be collected.
    """
    limits = limits or Limits()
    try:
        with closing(open_source(submission, limits)) as source:
            return _hash_of_code(_take(source, wanted, limits, None, reads_code=True)[1])
    except SubmissionError:
        return ""


def digests(
    source: SubmissionSource, wanted: Wanted, limits: Limits
) -> tuple[dict[str, bytes], list[str]]:
    """Return the hashes of the files that would be collected, by path, and the notices.

    Raises:
        SubmissionError: nothing can be collected.
    """
    chosen, copied, _ = _take(source, wanted, limits, None)
    return copied.digests, chosen.notices


def entries_read(source: SubmissionSource, wanted: Wanted, limits: Limits) -> set[tuple[str, ...]]:
    """Return the paths of the entries that would be collected, and of archives opened.

    Raises:
        SubmissionError: nothing can be collected.
    """
    with closing(Opened(source, wanted, limits)) as opened:
        archives = {entry.parts for entry in opened.archives}
    chosen, _, referred = _take(source, wanted, limits, None)
    return archives | {entry.parts for entry in (*chosen.files.values(), *referred.entries)}


def _take(
    source: SubmissionSource,
    wanted: Wanted,
    limits: Limits,
    into: Path | None,
    reads_code: bool = False,
) -> tuple[Chosen, "_Copy", Referred]:
    """Read the needed files and those they refer to, and copy them unless `into` is None.

    With `reads_code`, notebooks are also hashed without the words of their markdown cells.
    """
    with closing(Opened(source, wanted, limits)) as opened:
        chosen = opened.chosen
        copied = _Copy(into, source, limits, reads_code)
        referred = Referred(opened.entries, chosen.files, limits)

        def add(path: str, entry: SubmissionEntry, most: int) -> None:
            try:
                if entry.fault:
                    raise EntryError(entry.fault)
                content = copied.add(path, opened.read(entry), most, keep=is_scanned(path))
            except EntryError as error:
                copied.broken.append(path)
                chosen.notices.append(f"ignored: {entry.shown} {error}.")
                return
            for new in referred.scan(path, content):
                add(new, referred.entry(new), FILE_BYTES)

        for path, entry in chosen.files.items():
            add(path, entry, limits.file_bytes if path in chosen.single else limits.total_bytes)
    if not copied.digests:
        raise SubmissionError(f"Nothing could be collected; {chosen.notices[-1]}")
    chosen.notices.extend(referred.notices)
    return chosen, copied, referred


class _Copy:
    """Reads files, counts and hashes them, and writes them below a folder if one is given.

    Attributes:
        digests: of the files that could be read, by path.
        code_digests: those of the notebooks among them, without the words of markdown cells.
        broken: paths of those that could not.
    """

    def __init__(
        self, into: Path | None, source: SubmissionSource, limits: Limits, reads_code: bool
    ) -> None:
        self.digests: dict[str, bytes] = {}
        self.code_digests: dict[str, bytes] = {}
        self.broken: list[str] = []
        self._into = into
        self._source = source
        self._limits = limits
        self._reads_code = reads_code
        self._read = 0

    def add(self, path: str, pieces: Iterable[bytes], most: int, keep: bool = False) -> bytes:
        """Add a file of at most `most` bytes; leave nothing of it behind if that fails.

        Returns:
            Its content if `keep`.
        """
        digest = hashlib.sha256()
        kept: list[bytes] = []
        checked = self._checked(pieces, most, digest)
        seen = _kept_in(kept, checked) if keep else checked
        if self._into is None:
            for _ in seen:
                pass
        else:
            self._write(self._into, path, seen)
        self.digests[path] = digest.digest()
        content = b"".join(kept)
        if self._reads_code and path.endswith(".ipynb") and not is_too_much(content):
            self.code_digests[path] = hashlib.sha256(without_words(content)).digest()
        return content

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
            for folder in target.parents:  # empty folders would be visible to student code
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
                f"The submission is larger than {limits.total_bytes // 1_000_000} MB. Submit "
                "only the files that the assignment asks for, without data."
            )
        packed = self._source.size
        if packed is not None and self._read > max(limits.ratio_from_bytes, limits.ratio * packed):
            raise SubmissionError(
                f"The zip unpacks to more than {limits.ratio} times its size. Submit only "
                "the files that the assignment asks for."
            )


def _kept_in(kept: list[bytes], pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        kept.append(piece)
        yield piece


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
        "free some space, or set TMPDIR to a writable folder",
    )


def _hash_of_all(copied: _Copy) -> str:
    return _hash_of(copied.digests, copied.broken)


def _hash_of_code(copied: _Copy) -> str:
    return _hash_of(copied.digests | copied.code_digests, copied.broken)


def _hash_of(digests: Mapping[str, bytes], broken: Sequence[str]) -> str:
    whole = hashlib.sha256()
    for path in sorted(digests):
        whole.update(path.encode("utf-8") + b"\0" + digests[path])
    # Files that began to be written can be noticed later, for example by gaps in inode numbers.
    for path in sorted(broken):
        whole.update(path.encode("utf-8") + b"\1")
    return whole.hexdigest()


def _at_most(notices: Sequence[str], count: int) -> tuple[str, ...]:
    if len(notices) <= count:
        return tuple(notices)
    return (*notices[:count], f"and {len(notices) - count} more of this kind.")
