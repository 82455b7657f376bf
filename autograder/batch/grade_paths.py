"""Grade the submissions at the paths that a person has named."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from autograder.batch.progress import GradingProgress, Watch, unwatched
from autograder.grading.session import GradingRequest, GradingSession
from autograder.submission import Submission

if TYPE_CHECKING:
    from autograder.results import SubmissionRecord


def grade_paths(
    request: GradingRequest, submissions: Sequence[Submission], watch: Watch = unwatched
) -> "list[SubmissionRecord]":
    """Grade submissions, and write the results of each as soon as it is graded.

    Args:
        request: what is graded, and how; it has a results folder.
        submissions: the submissions, whose names are unique.
        watch: shows progress.

    Returns:
        The records, in the order of the submissions.

    Raises:
        AutograderError: nothing can be graded here, or results cannot be written.
    """
    in_containers = request.mode == "docker"
    with GradingSession.open(request, elsewhere=in_containers) as session:
        from autograder.results import grade_document, write_grade_document, write_results

        folder = request.results
        assert folder is not None
        by_name = {}
        with watch(len(submissions), len(session.config.auto_wanted)) as progress:
            if in_containers:
                graded = _in_containers(session, submissions, progress)
            else:
                graded = session.grade(submissions, progress.begin)
            for record in graded:
                write_results(folder, record)
                by_name[record.name] = record
                progress.finish(record.name)
        records = [by_name[submission.name] for submission in submissions]
        write_grade_document(folder, grade_document(request.assignment.id, records))
        return records


def _in_containers(
    session: GradingSession, submissions: Sequence[Submission], progress: GradingProgress
) -> "Iterator[SubmissionRecord]":
    from autograder.container.host import grade_in_containers, prepare_containers

    run, jobs = prepare_containers(session.config), session.request.jobs
    return grade_in_containers(run, session.tasks(submissions), jobs, progress.begin)
