"""The number that all random inputs of a submission come from.

On Gradescope a student may come to see it: it stands in the results, and who knows the source of a
hidden test could compute its inputs from it. So it is good for one submission only, whose files
cannot change any more: it is a keyed hash of the submission's number. The key is drawn when the
grader is installed and never leaves that machine. Running the grader again over the same
submission, in the same installation, draws the same inputs.
"""

import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

KEY_FILE = "seed.key"
_BITS = 53  # what every reader of JSON keeps exactly


@dataclass(frozen=True)
class Seed:
    """The number, and where it comes from, in words for the instructor."""

    number: int
    origin: str


def make_key(source: Path) -> None:
    """Draw the key of this installation, unless it has one."""
    place = source / KEY_FILE
    if not place.exists():
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))


def seed_of(source: Path, submission: str) -> Seed:
    """The seed of a submission; drawn afresh where there is no key or the submission has no number.

    Args:
        source: the folder that holds the key.
        submission: the number that Gradescope has given to it.
    """
    try:
        key = bytes.fromhex((source / KEY_FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        key = b""
    if len(key) < 32 or not submission:
        return Seed(secrets.randbits(_BITS), "drawn for this run alone")
    digest = hmac.digest(key, f"submission {submission}".encode(), "sha256")
    number = int.from_bytes(digest[:8], "little") >> (64 - _BITS)
    return Seed(number, "this installation's key and the submission's number")
