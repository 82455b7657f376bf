"""Grade a class from what was handed in to the files of its results folder."""

import socket
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.batch.progress import GradingProgress, Watch, unwatched
from autograder.errors import AutograderError, UsageError
from autograder.grading.session import GradingRequest, GradingSession
from autograder.intake import Intake, find_hand_ins
from autograder.platforms import Roster, read_roster
from autograder.sandbox.temporary import remove_temporary_folder, temporary_folder
from autograder.submission.folder import SHARED

if TYPE_CHECKING:
    from autograder.batch.changes import ScoreChange
    from autograder.batch.class_run import ClassRun
    from autograder.results import SubmissionRecord
    from autograder.results.gradings import Gradings

Say = Callable[[Sequence[str]], None]
"""Shows notes for the instructor, each one sentence."""

Note = Callable[["SubmissionRecord"], None]


@dataclass(frozen=True)
class ClassRequest:
    """What a person asks for when a class is graded.

    Attributes:
        grading: what is graded, and how; it has a results folder.
        places: folders and archives with one submission for each student.
        paths: single submissions.
        rosters: the platforms' own files about the class.
        regrade: whether what a change of the rubric has touched is graded again.
        scheduler: the address of a Dask scheduler; None to grade on this machine.
    """

    grading: GradingRequest
    places: Sequence[Path] = ()
    paths: Sequence[Path] = ()
    rosters: Sequence[Path] = ()
    regrade: bool = False
    scheduler: str | None = None

    @property
    def folder(self) -> Path:
        """The results folder."""
        assert self.grading.results is not None
        return self.grading.results

    @property
    def in_containers(self) -> bool:
        """Whether each submission is graded in a container."""
        return self.grading.mode == "docker"


@contextmanager
def opened_class(request: ClassRequest, say: Say) -> "Iterator[ClassGrading]":
    """Find what a class has handed in, launch what grades it, and open the store of its gradings.

    Raises:
        UsageError: the options contradict each other, or no submission was found.
        AutograderError: something cannot be read or written.
    """
    if request.scheduler and request.in_containers:
        raise UsageError(
            "a cluster's workers confine student code as their own machines allow",
            "--scheduler with --isolation docker", "leave one of them out",
        )  # fmt: skip
    assignment = request.grading.assignment
    roster = read_roster(request.rosters, (assignment.title, assignment.id))
    elsewhere = bool(request.scheduler) or request.in_containers
    with (
        _found(request, roster, say) as intake,
        GradingSession(request.grading, elsewhere) as session,
    ):
        from autograder.results.gradings import Gradings

        with closing(Gradings(request.folder, assignment.id)) as gradings:
            yield ClassGrading(request, intake, session, gradings, say)


@contextmanager
def _found(request: ClassRequest, roster: Roster, say: Say) -> Iterator[Intake]:
    workspace = temporary_folder("autograder-intake-")
    try:
        intake = find_hand_ins(request.paths, request.places, workspace, roster)
        with closing(intake):
            if not intake.hand_ins:
                say(intake.notes)
                raise UsageError(
                    "no submission found", ", ".join(map(str, request.places)),
                    "give --from a folder or an archive that holds one submission for each student",
                )  # fmt: skip
            yield intake
    finally:
        remove_temporary_folder(workspace)


@dataclass
class ClassResult:
    """The result of grading a class, after all files were written.

    Attributes:
        names: the names of the submissions of this run.
        notes: what the instructor should know, each one sentence.
        changes: the scores that a regrade has changed; None if this was no regrade.
        grader_failed: whether an error of the grader has left items without a score.
    """

    names: list[str]
    notes: list[str]
    changes: "list[ScoreChange] | None"
    grader_failed: bool


class ClassGrading:
    """The grading of one class: `grade`, then `finish`, then, after the result was shown, `end`."""

    def __init__(
        self,
        request: ClassRequest,
        intake: Intake,
        session: GradingSession,
        gradings: "Gradings",
        say: Say,
    ) -> None:
        from autograder.batch.naming import with_kept_names
        from autograder.batch.owners import Owners

        self._request, self._intake, self._session = request, intake, session
        self._gradings, self._say = gradings, say
        self._owners = Owners(request.folder)
        named = with_kept_names(intake.hand_ins, gradings.hand_ins(), gradings.names())
        intake.hand_ins = named.hand_ins
        intake.notes += named.notes
        self.names = [one.submission.name for one in intake.hand_ins]

    def grade(self, watch: Watch = unwatched) -> "ClassRun":
        """Grade what has to be graded.

        Args:
            watch: shows progress.

        Raises:
            AutograderError: nothing can be graded here, or something cannot be written.
        """
        from autograder.batch.students import rows_of

        session = self._session
        # The same content gets the same inputs as in earlier gradings.
        session.prepare(recorded=self._gradings.seeds())
        self._gradings.put_hand_ins(rows_of(self._intake.hand_ins))
        items = len(session.config.auto_wanted)
        with session.run_data() as data, watch(len(self.names), items) as progress:
            run = self._run(data, progress)
            jobs = self._request.grading.jobs
            if self._request.scheduler:
                self._grade_on_cluster(run, self._request.scheduler)
            elif self._request.in_containers:
                self._grade_in_containers(run, progress)
            else:
                run.run(lambda tasks: session.grade_tasks(tasks, data, progress.begin), jobs)
        return run

    def finish(self, run: "ClassRun", note: Note = lambda record: None) -> ClassResult:
        """Write the files that are made from all gradings.

        Args:
            run: what `grade` has returned.
            note: called with the record of each submission of this run.

        Raises:
            AutograderError: a submission was not graded, or something cannot be written.
        """
        from autograder.batch.notes import (
            words_about_shared,
            words_about_stale,
            words_about_unknown,
        )
        from autograder.batch.students import students_document
        from autograder.results.store import write_document, write_grade_records

        folder, gradings, owners = self._request.folder, self._gradings, self._owners
        seen = _Seen(note)
        write_grade_records(folder, self._assignment_id, self._noted(seen))
        missing = len(self.names) - seen.records
        if missing:  # a defect of the grader must not look like a finished class
            raise AutograderError(
                f"{missing} submissions were not graded", str(folder),
                "run the same command again; it continues where this one stopped",
            )  # fmt: skip
        rows = list(gradings.hand_ins())
        document, notes = students_document(rows, self._intake.without, owners.students)
        write_document(folder / "students.json", document)
        settled = {f"{reason}." for reason in owners.settled(rows)}
        every_note = [
            *words_about_unknown(owners.add(rows), owners.file),
            *words_about_shared(seen.shared),
            *owners.notes(rows),
            *(one for one in self._intake.all_notes if one not in settled),
            *notes,
            *words_about_stale(run),
        ]
        return ClassResult(list(self.names), every_note, self._changes(), seen.grader_failed)

    def records(self) -> "Iterator[SubmissionRecord]":
        """Yield the latest record of each submission of this run."""
        return self._records(self.names)

    def end(self) -> None:
        """Mark the run as finished: its changes are not shown again."""
        self._gradings.end_run()

    @property
    def _assignment_id(self) -> str:
        return self._request.grading.assignment.id

    def _run(self, data: Any, progress: GradingProgress) -> "ClassRun":
        from autograder.batch.class_run import ClassRun
        from autograder.grading.cache_keys import make_cache_keys

        request, config = self._request, self._session.config
        cache_keys = make_cache_keys(config, data)
        host, jobs = socket.gethostname(), request.grading.jobs
        self._gradings.begin_run(cache_keys.hash, cache_keys.parts, host, jobs, request.regrade)
        hand_ins = deque(self._intake.hand_ins)
        return ClassRun(
            config, cache_keys, hand_ins, self._gradings, request.folder, request.regrade, progress,
            self._session.seeds.of,
        )  # fmt: skip

    def _grade_in_containers(self, run: "ClassRun", progress: GradingProgress) -> None:
        from autograder.container.host import grade_in_containers, prepare_containers

        jobs, prepared = self._request.grading.jobs, prepare_containers(run.config)
        run.run(lambda tasks: grade_in_containers(prepared, tasks, jobs, progress.begin), jobs)

    def _grade_on_cluster(self, run: "ClassRun", scheduler: str) -> None:
        from autograder.batch.cluster import grade_on_cluster

        asked = self._request.grading
        config = {
            "assignment": asked.assignment.id, "seed": run.config.run_seed,
            "mode": asked.mode, "insecure": asked.insecure, "full": asked.full,
        }  # fmt: skip
        grade_on_cluster(run, config, scheduler, lambda words: self._say([words]))

    def _noted(self, seen: "_Seen") -> "Iterator[SubmissionRecord]":
        """Yield every record of the folder; those of this run come first, and are noted."""
        for record in self.records():
            seen.add(record)
            yield record
        mine = set(self.names)
        yield from self._records([name for name in self._gradings.names() if name not in mine])

    def _records(self, names: Sequence[str]) -> "Iterator[SubmissionRecord]":
        for name in names:
            grading = self._gradings.latest(name)
            if grading is not None:
                yield grading.record

    def _changes(self) -> "list[ScoreChange] | None":
        from autograder.batch.changes import changes_since, document
        from autograder.results.store import write_document

        if not self._request.regrade:
            return None
        changes = changes_since(self._gradings, self._gradings.first_unfinished())
        if changes:
            file = self._request.folder / "regrade.json"
            write_document(file, document(self._assignment_id, changes))
        return changes


class _Seen:
    """A summary of the records of a run, for the result.

    Attributes:
        records: how many there are.
        shared: the submissions with a file that was not read because it is a hard link.
        grader_failed: whether an error of the grader has left items without a score.
    """

    def __init__(self, note: Note) -> None:
        self.records, self.grader_failed = 0, False
        self.shared: list[str] = []
        self._note = note

    def add(self, record: "SubmissionRecord") -> None:
        """Add a record to the summary."""
        self.records += 1
        messages = (*record.notices, *(item.message for item in record.items[:1]))
        if any(SHARED in message for message in messages):
            self.shared.append(record.name)
        self.grader_failed |= any(item.status == "grader_error" for item in record.items)
        self._note(record)
