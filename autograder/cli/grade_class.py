"""`autograder grade ID --from DIR`: grade a class, go on after a stop, grade again what changed."""

import socket
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.class_summary import Summary, words_about_stale, words_about_unknown
from autograder.cli.main import say_where
from autograder.cli.request import Request
from autograder.errors import AutograderError, UsageError
from autograder.intake import Intake, find_hand_ins
from autograder.platforms import Roster, read_roster
from autograder.results.private import write_private
from autograder.sandbox.launch import Launched, launch, use_one_thread
from autograder.sandbox.modes import present_mode
from autograder.sandbox.temporary import remove_temporary_folder, temporary_folder

if TYPE_CHECKING:
    from autograder.batch.class_run import ClassRun
    from autograder.cli.progress import Bar
    from autograder.grading.config import GradingConfig
    from autograder.grading.run_data import RunData
    from autograder.results import Isolation, SubmissionRecord
    from autograder.results.gradings import Gradings

_NOTES = 20


def grade_class(
    request: Request, paths: Sequence[Path], places: Sequence[Path], rosters: Sequence[Path] = ()
) -> int:
    """Grade what lies at `paths` and in `places`, and return the exit code.

    `rosters` are the platforms' own files about the class.

    Raises:
        AutograderError: nothing can be graded here, or something cannot be read or written.
    """
    if request.scheduler and request.given_mode == "docker":
        raise UsageError(
            "a cluster's workers keep student code apart as their own machines allow",
            "--scheduler with --isolation docker", "leave one of them out",
        )  # fmt: skip
    assignment = request.assignment
    roster = read_roster(rosters, (assignment.title, assignment.id))
    with _taken_in(paths, places, roster) as intake:
        use_one_thread()
        # It imports while this process does the same. Workers of a cluster and containers have
        # their own.
        elsewhere = request.scheduler or request.given_mode == "docker"
        launched = None if elsewhere else launch()
        try:
            from autograder.results.gradings import Gradings

            with closing(Gradings(request.folder, request.assignment.id)) as gradings:
                broken = _Class(request, intake, gradings).grade(launched)
        finally:
            if launched is not None:
                launched.close()
    from autograder.cli.grade import say_what_is_wrong

    return say_what_is_wrong([path for path in paths if not path.exists()], broken)


@contextmanager
def _taken_in(paths: Sequence[Path], places: Sequence[Path], roster: Roster) -> Iterator[Intake]:
    workspace = temporary_folder("autograder-intake-")
    try:
        intake = find_hand_ins(paths, places, workspace, roster)
        with closing(intake):
            if not intake.hand_ins:
                _say(intake.notes)
                raise UsageError(
                    "no submission is there", ", ".join(map(str, places)),
                    "give --from a folder or an archive that holds one submission for each student",
                )  # fmt: skip
            yield intake
    finally:
        remove_temporary_folder(workspace)


class _Class:
    """What a class has handed in, and where its gradings are kept."""

    def __init__(self, request: Request, intake: Intake, gradings: "Gradings") -> None:
        from autograder.batch.naming import with_kept_names
        from autograder.batch.owners import Owners

        self._request, self._intake, self._gradings = request, intake, gradings
        self._owners = Owners(request.folder)
        named = with_kept_names(intake.hand_ins, gradings.hand_ins(), gradings.names())
        intake.hand_ins = named.hand_ins
        intake.notes += named.notes
        self._names = [one.submission.name for one in intake.hand_ins]
        # What was graded here before draws the same inputs again, whatever seed it had.
        self._seeds = request.seeds(recorded=gradings.seeds())

    def grade(self, launched: Launched | None) -> bool:
        """Grade what has to be graded, and show it; returns whether the grader has failed."""
        from autograder.batch.students import rows_of
        from autograder.cli.progress import progress
        from autograder.grading.batch import grade_tasks
        from autograder.grading.run_data import run_data

        config = self._config(launched)
        self._gradings.put_hand_ins(rows_of(self._intake.hand_ins))
        items = len(config.auto_wanted)
        with run_data(config) as data, progress(len(self._names), items) as bar:
            run = self._begin(config, data, bar)
            if launched is not None:
                jobs = self._request.jobs
                run.run(lambda tasks: grade_tasks(tasks, data, jobs, launched, bar.begin), jobs)
            elif self._request.scheduler:
                self._grade_on_cluster(run)
            else:
                self._grade_in_containers(run, bar)
        broken = self._show(run)
        self._gradings.end_run()
        return broken

    def _grade_in_containers(self, run: "ClassRun", bar: "Bar") -> None:
        from autograder.container.host import grade_in_containers, prepare_for

        jobs, prepared = self._request.jobs, prepare_for(run.config)
        run.run(lambda tasks: grade_in_containers(prepared, tasks, jobs, bar.begin), jobs)

    def _grade_on_cluster(self, run: "ClassRun") -> None:
        from autograder.batch.cluster import grade_on_cluster

        asked = self._request
        config = {
            "assignment": asked.assignment.id, "seed": run.config.run_seed,
            "mode": asked.given_mode, "insecure": asked.insecure, "full": asked.full,
        }  # fmt: skip
        assert asked.scheduler is not None
        grade_on_cluster(run, config, asked.scheduler, lambda words: _say([words]))

    def _config(self, launched: Launched | None) -> "GradingConfig":
        from autograder.grading.config import GradingConfig
        from autograder.grading.isolation import SandboxPolicy, ensure, examine
        from autograder.grading.requirements import ensure_installed

        asked = self._request
        policy = SandboxPolicy(asked.given_mode or present_mode(), asked.insecure)
        isolation: Isolation = {"mode": policy.mode, "layers": {}}
        if launched is not None:
            report = examine(launched, asked.secrets)
            ensure(policy, report)
            isolation = policy.isolation(report)
        data_seed = self._seeds.data
        config = GradingConfig(
            asked.assignment, asked.wanted, data_seed, policy, isolation, asked.folder, asked.full,
            data_seed=data_seed,
        )  # fmt: skip
        if launched is not None:
            ensure_installed(config)
        return config

    def _begin(self, config: "GradingConfig", data: "RunData", bar: "Bar") -> "ClassRun":
        from autograder.batch.class_run import ClassRun
        from autograder.grading.cache_keys import make_bundle

        asked = self._request
        bundle = make_bundle(config, data)
        self._gradings.begin_run(
            bundle.hash, bundle.parts, socket.gethostname(), asked.jobs, asked.regrade
        )
        return ClassRun(
            config, bundle, deque(self._intake.hand_ins), self._gradings, asked.folder,
            asked.regrade, bar, self._seeds.of,
        )  # fmt: skip

    def _show(self, run: "ClassRun") -> bool:
        """Write what is made of all gradings, and tell what there is; whether the grader failed."""
        from autograder.batch.students import students_document
        from autograder.results.store import grade_pieces, write_document, write_grade_records

        asked, gradings = self._request, self._gradings
        summary = Summary(len(self._names))
        write_grade_records(asked.folder, asked.assignment.id, self._noted(summary))
        missing = len(self._names) - summary.records
        if missing:  # a defect of ours must not look like a class that is done
            raise AutograderError(
                f"{missing} submissions were not graded", str(asked.folder),
                "run the same command again: it goes on where this one stopped",
            )  # fmt: skip
        rows = list(gradings.hand_ins())
        document, notes = students_document(rows, self._intake.without, self._owners.students)
        write_document(asked.folder / "students.json", document)
        settled = {f"{reason}." for reason in self._owners.settled(rows)}
        _say(
            [
                *words_about_unknown(self._owners.add(rows), self._owners.file),
                *summary.words_about_shared(),
                *self._owners.notes(rows),
                *(note for note in self._intake.all_notes if note not in settled),
                *notes,
                *words_about_stale(run),
            ],
            asked.folder / "notes.txt",
        )
        if asked.as_json:
            for piece in grade_pieces(asked.assignment.id, self._records(self._names)):
                click.echo(piece, nl=False)
        else:
            summary.show()
        if asked.regrade:
            self._show_changes()
        if not asked.as_json:
            say_where(asked.folder)
        return summary.broken

    def _noted(self, summary: Summary) -> "Iterator[SubmissionRecord]":
        """Yield every record of the folder, this command's first, which are noted."""
        for record in self._records(self._names):
            summary.note(record)
            yield record
        mine = set(self._names)
        yield from self._records([name for name in self._gradings.names() if name not in mine])

    def _records(self, names: Sequence[str]) -> "Iterator[SubmissionRecord]":
        for name in names:
            grading = self._gradings.latest(name)
            if grading is not None:
                yield grading.record

    def _show_changes(self) -> None:
        from autograder.batch.changes import changes_since, document, lines
        from autograder.results.store import write_document

        asked = self._request
        changes = changes_since(self._gradings, self._gradings.first_unfinished())
        words = ["nothing had to be graded again"]
        if changes:
            write_document(asked.folder / "regrade.json", document(asked.assignment.id, changes))
            words = [f"{len(changes)} graded again:", *(lines(changes) or ["no score has changed"])]
        click.echo("\n".join(["", *words]), err=asked.as_json)


def _say(notes: Sequence[str], file: Path | None = None) -> None:
    """Show notes; where they are too many, all of them are written to a file."""
    for note in notes[:_NOTES]:
        click.echo(f"note: {note}", err=True)
    if len(notes) > _NOTES:
        place = ""
        if file is not None:
            write_private(file, "".join(f"{note}\n" for note in notes))
            place = f"; all of them: {file}"
        click.echo(f"note: and {len(notes) - _NOTES} more of the kind{place}", err=True)
