"""Write the complete solution with known mistakes, as a student might submit it.

    python -m autograder.audit.sample ID FOLDER MISTAKE ...

MISTAKE is the id of an entry of the assignment's catalogue; variants can be named as well.
"""

import sys
from pathlib import Path

from autograder.assignment import Assignment, did_you_mean, find_course, load_assignment
from autograder.audit.catalogue import apply_entry, load_catalogue
from autograder.errors import AutograderError, UsageError
from autograder.release import solution_files, write_release


def sample(assignment: Assignment, entry_ids: list[str]) -> dict[str, bytes]:
    """Return the files of the complete solution with catalogue entries applied in order.

    Raises:
        UsageError: an id is unknown.
        AssignmentErrors: an entry does not fit.
    """
    catalogue = load_catalogue(assignment)
    entries = {entry.id: entry for entry in catalogue.mistakes + catalogue.variants}
    files: dict[str, bytes] = dict(solution_files(assignment))
    for entry_id in entry_ids:
        if entry_id not in entries:
            raise UsageError(
                f"no catalogue entry {entry_id!r}", assignment.id, did_you_mean(entry_id, entries)
            )
        files = apply_entry(entries[entry_id], files)
    return files


def main(arguments: list[str]) -> int:
    """Run the command; return its exit code."""
    try:
        if len(arguments) < 2:
            words = "python -m autograder.audit.sample ID FOLDER MISTAKE ..."
            raise UsageError("too few arguments", "autograder.audit.sample", words)
        assignment = load_assignment(find_course(Path.cwd()), arguments[0])
        write_release(sample(assignment, arguments[2:]), Path(arguments[1]))
    except AutograderError as error:
        print(f"sample: {error}", file=sys.stderr)
        return error.exit_code
    print(
        f"{assignment.id}: solution with {', '.join(arguments[2:]) or 'no mistake'} "
        f"in {arguments[1]}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
