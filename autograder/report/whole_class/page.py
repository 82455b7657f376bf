"""Collect what the page of a class shows."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograder.report.templates import page
from autograder.report.whole_class.attention import concerns, waiting_for_a_person
from autograder.report.whole_class.items import FEW, LOW_DISCRIMINATION, item_statistics
from autograder.report.whole_class.mistakes import SHOWN, frequent_mistakes, hints_share
from autograder.report.whole_class.plots import item_plot, score_plot, time_plot
from autograder.report.whole_class.refused import refusals
from autograder.report.whole_class.scores import distribution
from autograder.results.class_results import ClassResults, StudentResults
from autograder.results.record import SubmissionRecord


@dataclass(frozen=True)
class Links:
    """The addresses of the other pages, relative to this one.

    Attributes:
        students: of each student's page, by the student's id.
        written: of each submission's written answers, by its name.
        questions: of the page of all answers to a written item, by its id.
        answers: of the index of written answers; "" if it does not exist.
    """

    students: Mapping[str, str]
    written: Mapping[str, str]
    questions: Mapping[str, str]
    answers: str = ""


@dataclass(frozen=True)
class _Line:
    """A student in the table of all students."""

    student: StudentResults
    record: SubmissionRecord | None

    def count(self, statuses: Iterable[str]) -> int:
        """Return how many items ended in one of these statuses."""
        items = self.record.items if self.record else ()
        return sum(item.status in statuses for item in items)


def class_page(
    title: str, results: ClassResults, links: Links, graded: Iterable[tuple[str, str]] = ()
) -> str:
    """Return the page of a class, for instructors.

    Args:
        title: the assignment's title.
        results: the results of the class.
        links: where the other pages are.
        graded: pairs (submission, item) of the written items that a person has graded.
    """
    records = list(results.records.values())
    items = item_statistics(records)
    mistakes = frequent_mistakes(records)
    scores = distribution(records)
    return page(
        "class.html",
        title=f"{title}: the class",
        assignment=title,
        links=links,
        students=[_Line(student, results.record_of(student)) for student in results.students],
        submissions=len(records),
        concerns=concerns(records),
        waiting=waiting_for_a_person(records, graded),
        scores=scores,
        score_plot=score_plot(scores),
        items=items,
        item_plot=item_plot(items) if items else "",
        time_plot=time_plot(items) if any(one.seconds for one in items) else "",
        few=FEW,
        low=LOW_DISCRIMINATION,
        mistakes=mistakes[:SHOWN],
        more_mistakes=max(len(mistakes) - SHOWN, 0),
        hints_share=hints_share(mistakes),
        brought=[(record.name, record.brought) for record in records if record.brought],
        refusals=refusals(records),
        isolation=_isolation(records),
    )


def _isolation(records: Iterable[SubmissionRecord]) -> list[tuple[str, str, int]]:
    """Return how submissions were isolated: (mode, layers, submissions)."""
    found = Counter(
        (
            record.isolation["mode"],
            ", ".join(f"{layer} {state}" for layer, state in record.isolation["layers"].items()),
        )
        for record in records
    )
    return [(mode, layers, count) for (mode, layers), count in found.most_common()]
