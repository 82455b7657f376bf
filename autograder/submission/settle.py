"""Choose one file per path: duplicates, names that differ by case, files and folders."""

from collections.abc import Iterable

from autograder.submission.entries import SubmissionEntry
from autograder.submission.names import file_key


def settle(
    found: Iterable[tuple[str, SubmissionEntry]], notices: list[str]
) -> dict[str, SubmissionEntry]:
    """Return the files to collect by their paths, and note those left out."""
    files: dict[str, SubmissionEntry] = {}
    for path, entry in found:
        if path in files:
            notices.append(f"{entry.shown} occurs more than once; the last one was graded.")
        files[path] = entry
    by_key: dict[str, str] = {}
    for path in sorted(files, key=lambda path: (path != path.casefold(), path)):
        kept = by_key.setdefault(file_key(path), path)
        if kept != path:
            shown = files.pop(path).shown
            notices.append(f"ignored: {shown} differs from {files[kept].shown} only by case.")
    for path in sorted(files):
        steps = path.split("/")
        folders = ("/".join(steps[:end]) for end in range(1, len(steps)))
        if any(file_key(folder) in by_key for folder in folders):
            notices.append(
                f"ignored: {files.pop(path).shown} is in a folder whose name is also a file's."
            )
    return files
