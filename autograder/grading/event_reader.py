"""Judge: read event files in a confined process of its own (sandbox/reading.py)."""

from collections.abc import Mapping, Sequence

from autograder.grading.isolation import SandboxPolicy
from autograder.grading.submission_dir import Options, SubmissionDir
from autograder.rubric.check import CheckFailed
from autograder.sandbox.client import Zygote
from autograder.sandbox.reading import ConfinedReader, LibraryMissing, ReadingFailed

SECONDS = 20.0
"""How long reading the event files of one folder may take."""


class EventReader:
    """Reads the event files of one submission.

    Args:
        place: the folder in which the submission is graded.
        zygotes: the zygotes of the run, by what they have imported.
        policy: how workers must be confined.
    """

    def __init__(
        self, place: SubmissionDir, zygotes: Mapping[Options, Zygote], policy: SandboxPolicy
    ) -> None:
        self._place, self._zygotes, self._policy = place, zygotes, policy
        self._reader: ConfinedReader | None = None
        self._known: dict[tuple[str, ...], object] = {}

    def read(self, paths: Sequence[str]) -> object:
        """Return what the files contain; the form of the answer is not checked yet.

        Raises:
            CheckFailed: they cannot be read.
            LibraryMissing: tensorboard is not installed, which is a fault of the grader.
        """
        key = tuple(paths)
        if key not in self._known:
            try:
                folder = str(self._place.submission)
                self._known[key] = self._begun().call(
                    "event_files", "read", folder, list(paths), seconds=SECONDS
                )
            except ReadingFailed as error:
                self._known[key] = CheckFailed(_shown(paths), str(error))
            except LibraryMissing as error:
                raise LibraryMissing(
                    f"{error} is not installed: run pip install 'autograder[tensorboard]'"
                ) from None
        answer = self._known[key]
        if isinstance(answer, CheckFailed):
            raise CheckFailed(answer.what, answer.problem)
        return answer

    def close(self) -> None:
        """End the process."""
        if self._reader is not None:
            self._reader.close()

    def _begun(self) -> ConfinedReader:
        if self._reader is None:
            zygote = self._zygotes[min(self._zygotes, key=len)]
            self._reader = ConfinedReader(
                zygote, lambda: self._place.reader_spec(SECONDS), self._policy.verify
            )
        return self._reader


def _shown(paths: Sequence[str]) -> str:
    return paths[0] if len(paths) == 1 else f"{paths[0]} or another event file"
