"""Write the notes about a class: owners, hard links, and scores of an earlier rubric."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.batch.class_run import ClassRun


def words_about_shared(names: Sequence[str]) -> list[str]:
    """Name the submissions with files that were not read because they may be another student's."""
    if not names:
        return []
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    remedy = (
        "`find PLACE -links +1` lists such files; if a backup has made them, grade a copy of "
        "the place (`cp -r`)."
    )
    shown = ", ".join(names[:5]) + more
    return [f"{shown}: a file that is a hard link to another place was not read; {remedy}"]


def words_about_unknown(names: Sequence[str], file: Path) -> list[str]:
    """Say which submissions have no known owner, and what to do about it."""
    if not names:
        return []
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    what = "it counts" if len(names) == 1 else "they count"
    remedy = f"write the student's id into {file}, and run the same command again."
    return [f"owner unknown: {', '.join(names[:3])}{more}; {what} for no student: {remedy}"]


def words_about_stale(run: "ClassRun") -> list[str]:
    """Say which scores are older than a change of the rubric, or of anything else behind them."""
    if not run.stale:
        return []
    others = {hash for hash in run.stale.values() if hash != run.cache_keys.hash}
    different = {
        part for hash in others for part in run.cache_keys.differences(run.gradings.parts_of(hash))
    }
    what = ", ".join(sorted(different)) or "what they depend on"
    words = f"{len(run.stale)} of these submissions were graded before this was changed: {what}."
    return [f"{words} Their scores stay; --regrade grades again what the change touches."]
