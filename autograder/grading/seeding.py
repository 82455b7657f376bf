"""Derive the seed of each submission's random inputs from a key that only the grader has.

A student may learn which inputs a grading has drawn, and submit again. So each submission has its
own seed, a keyed hash of its content: different content draws different inputs. The same content
draws the same inputs, under any name, in any order, on any machine that gets this seed. The key
stays in the results folder, or in Gradescope's installation: containers and the workers of a
cluster only get the seeds of single submissions.
"""

import errno
import fcntl
import hmac
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from autograder.errors import AutograderError
from autograder.submission import Submission, Wanted, content_hash

KEY_FILE = "seed.key"
SEED_BITS = 53  # every reader of JSON keeps such integers exactly
_KEY_BYTES = 32
_NAME = "the key that random inputs are drawn from"


@dataclass(frozen=True, repr=False)  # without a repr, it does not appear in logs or tracebacks
class SeedKey:
    """A secret that seeds are derived from."""

    secret: bytes = field(compare=False)

    def seed(self, purpose: str) -> int:
        """Derive the seed for a purpose; neither the key nor other seeds can be derived from it."""
        digest = hmac.digest(self.secret, purpose.encode(), "sha256")
        return int.from_bytes(digest[:8], "little") >> (64 - SEED_BITS)

    def submission_seed(self, identity: str) -> int:
        """Derive the seed of a submission from what identifies it."""
        return self.seed(f"submission {identity}")


@dataclass(frozen=True)
class Seeds:
    """The seeds of a run.

    Attributes:
        wanted: what is collected from a submission; its seed depends only on this part.
        given: one seed for all submissions, if an instructor has asked for one.
        key: the key from which seeds are derived if none was given.
        recorded: hash of a submission's content -> the seed with which it was graded earlier.
    """

    wanted: Wanted
    given: int | None = None
    key: SeedKey | None = None
    recorded: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, submission: Submission) -> int:
        """Return the seed of a submission."""
        if self.key is None:
            return self._given
        content = content_hash(submission, self.wanted)
        known = self.recorded.get(content)
        return self.key.submission_seed(content) if known is None else known

    @property
    def data(self) -> int:
        """The seed of the small datasets, which all submissions of a run share."""
        return self._given if self.key is None else self.key.seed("data sets")

    @property
    def _given(self) -> int:
        if self.given is None:
            raise ValueError("neither a seed nor a key")
        return self.given


def seeds_for(
    folder: Path,
    wanted: Wanted,
    given: int | None,
    recorded: Mapping[str, int] = MappingProxyType({}),
) -> Seeds:
    """Return the seeds of a run: those of the results folder, unless one is given.

    Args:
        folder: the results folder.
        wanted: what is collected from a submission.
        given: one seed for all submissions; None to use the folder's key.
        recorded: hash of a submission's content -> the seed with which it was graded earlier.

    Raises:
        AutograderError: the folder's key cannot be used.
    """
    if given is not None:
        return Seeds(wanted, given)
    return Seeds(wanted, None, keep_key(folder), recorded)


def keep_key(folder: Path) -> SeedKey:
    """Return the key of a folder; draw one if the folder has none.

    If several processes do this at the same time, one of them draws the key and all return it.

    Raises:
        AutograderError: the key cannot be read or written, is damaged, or others can read it.
    """
    place = folder / KEY_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = _open(place, os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_size == 0:
                _draw(descriptor)
            return _read(descriptor, place)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _cannot_use(place, error) from None


def read_key(folder: Path) -> SeedKey:
    """Return the key that a folder has.

    Raises:
        AutograderError: the folder has no key, or it cannot be used.
    """
    place = folder / KEY_FILE
    try:
        descriptor = _open(place, os.O_RDONLY)
        try:
            return _read(descriptor, place)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _cannot_use(place, error) from None


def random_seed() -> int:
    """Return a random seed; only its number makes the draws repeatable."""
    return secrets.randbits(SEED_BITS)


def _open(place: Path, flags: int) -> int:
    # A link could lead to a file that others can read; opening a pipe would block.
    return os.open(place, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)


def _draw(descriptor: int) -> None:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        return
    os.fchmod(descriptor, 0o600)
    text = secrets.token_hex(_KEY_BYTES).encode()
    try:
        written = os.write(descriptor, text)
        os.fsync(descriptor)
        if written < len(text):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except OSError:
        os.ftruncate(descriptor, 0)  # a partial key would be taken for a damaged one
        raise


def _read(descriptor: int, place: Path) -> SeedKey:
    about = os.fstat(descriptor)
    if stat.S_ISREG(about.st_mode) and about.st_mode & 0o077:
        raise AutograderError(
            f"other users can read {_NAME}", str(place),
            f"run `chmod 600 {place}`; if a student may have read it, remove it instead: "
            "submissions that are new draw other inputs then, and no score is lost",
        )  # fmt: skip
    try:
        text = os.pread(descriptor, 2 * _KEY_BYTES + 2, 0).decode("ascii")
        secret = bytes.fromhex(text)
    except ValueError:
        secret = b""
    if len(secret) != _KEY_BYTES:
        raise AutograderError(
            f"{_NAME} is damaged", str(place),
            "put it back from a copy, or remove it: submissions that are new draw other inputs "
            "then, and no score is lost",
        )  # fmt: skip
    return SeedKey(secret)


def _cannot_use(place: Path, error: OSError) -> AutograderError:
    remedy = "see that you may read and write this file, or choose another folder with --out"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        remedy = "free some space, or choose another folder with --out"
    return AutograderError(f"cannot use {_NAME} ({error.strerror})", str(place), remedy)
