"""Write `submission.zip`, and the receipt of its content."""

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from autograder.atomic import write_atomic
from autograder.handing_in.asked import Unusable

RECEIPT = "receipt.json"
_SAME_TIME = (1980, 1, 1, 0, 0, 0)  # the same files make the same zip, apart from the receipt


def write_submission(assignment: str, files: dict[str, Path], target: Path) -> dict[str, object]:
    """Write the zip to `target` and the receipt next to it, and return the receipt.

    Raises:
        Unusable: a file cannot be read, or the zip cannot be written; an older zip stays intact.
    """
    try:
        contents = {path: file.read_bytes() for path, file in files.items()}
    except OSError as error:
        raise Unusable(f"{error.filename} cannot be read ({error.strerror}).") from None
    receipt: dict[str, object] = {
        "schema": "autograder.receipt/1",
        "assignment": assignment,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": {
            path: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for path, data in contents.items()
        },
    }
    text = (json.dumps(receipt, indent=2) + "\n").encode()
    try:
        write_atomic(target, _zip({**contents, RECEIPT: text}), durable=True)
        write_atomic(target.with_name(RECEIPT), text, durable=True)
    except OSError as error:
        raise Unusable(
            f"{target} cannot be written ({error.strerror}). Close it in other programs, or name "
            "another file with --out."
        ) from None
    return receipt


def _zip(contents: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(contents):
            entry = zipfile.ZipInfo(path, _SAME_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on Windows
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, contents[path])
    return stream.getvalue()
