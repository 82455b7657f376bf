"""Pack a submission into bytes, so that another machine grades it exactly as this one would.

A zip is sent unchanged. A folder is sent as a zip of the files that would be collected; of all
other entries only the names are sent, because notices mention them.
"""

import io
import zipfile
from contextlib import suppress
from pathlib import Path

from autograder.submission import Submission, SubmissionError, Wanted
from autograder.submission.collect import entries_read
from autograder.submission.entries import EntryError, Limits, SubmissionEntry, SubmissionSource
from autograder.submission.kinds import is_archive
from autograder.submission.opening import open_source, open_zip

# The kinds of entries, as the attributes of a zip express them.
_KINDS = {"is a link": 0o120777 << 16, "is not a plain file": 0o010644 << 16}
_FILE = 0o100644 << 16
_OLDEST = (1980, 1, 1, 0, 0, 0)


def packed(submission: Submission, wanted: Wanted) -> bytes:
    """Return a submission as the bytes of a zip; no bytes if it does not exist."""
    try:
        if (file := open_zip(submission, Limits())) is not None:
            with file:
                return file.read()
        return _packed_folder(submission, wanted)
    except (OSError, SubmissionError):
        return b""


def unpacked(name: str, data: bytes, folder: Path) -> Submission:
    """Write a packed submission into a folder."""
    place = folder / "submission.zip"
    place.unlink(missing_ok=True)
    if data:
        place.write_bytes(data)
    return Submission(name, place)


def _packed_folder(submission: Submission, wanted: Wanted) -> bytes:
    limits = Limits()
    source = open_source(submission, limits)
    try:
        entries = source.entries()
        # If nothing can be chosen, the other side fails in the same way, if it has the archives.
        whole = {one.parts for one in entries if one.parts and is_archive(one.parts[-1])}
        with suppress(SubmissionError):
            whole = entries_read(source, wanted, limits)
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for entry in entries:
                if isinstance(entry.handle, tuple):
                    _add(archive, source, entry, entry.parts in whole)
        return target.getvalue()
    finally:
        source.close()


def _add(
    archive: zipfile.ZipFile, source: SubmissionSource, entry: SubmissionEntry, whole: bool
) -> None:
    assert isinstance(entry.handle, tuple)
    info = zipfile.ZipInfo("/".join(entry.handle), _OLDEST)
    info.external_attr = _KINDS.get(entry.fault, _FILE)
    data = b""
    try:
        if whole:
            data = b"".join(source.read(entry))
        archive.writestr(info, data)
    except (EntryError, UnicodeEncodeError):
        return  # it would be left out there as well, for a reason that cannot be sent
