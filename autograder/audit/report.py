"""Create the report of an audit: findings, figures, and results by item, entry and test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.assignment import Assignment, extra_points_of, points_of
from autograder.audit.findings import (
    EntryVerdict,
    Finding,
    of_accepted,
    of_catalogue,
    of_equivalents,
    of_hints,
    of_reference,
    of_verdict,
    verdict,
)
from autograder.audit.hints import Hint, hints_of, of_ambiguous_hints
from autograder.audit.limits import Limit, limits_of, of_draws, of_limits
from autograder.audit.outcomes import ItemOutcome
from autograder.audit.run import Results
from autograder.audit.test_value import Worth, worth_of_tests
from autograder.audit.trials import AuditPlan


@dataclass(frozen=True)
class AuditReport:
    """The results of an audit.

    Attributes:
        assignment: the audited assignment.
        findings: the faults found.
        remarks: observations that are not faults.
        verdicts: the verdicts of mistakes, variants and mutants.
        reference: the outcomes of the complete solution.
        release: the outcomes of the untouched release.
        tests: the value of each test.
        quick: whether only part of the audit was done.
        seed: the source of every random draw.
        seconds: the duration.
        only: the kinds of trials that were graded, if not all.
        hints: the hints of the checks that the complete solution has reached.
        limits: the limits of the rubric, and how close draws came to them.
    """

    assignment: Assignment
    findings: tuple[Finding, ...]
    remarks: tuple[Finding, ...]
    verdicts: tuple[EntryVerdict, ...]
    reference: Mapping[str, ItemOutcome]
    release: Mapping[str, ItemOutcome]
    tests: tuple[Worth, ...]
    quick: bool
    seed: int
    seconds: float
    only: frozenset[str] = frozenset()
    hints: tuple[Hint, ...] = ()
    limits: tuple[Limit, ...] = ()

    @property
    def is_partial(self) -> bool:
        """Whether some of the changes were not tried, so that no finding proves little."""
        return self.quick or bool(self.only)

    @property
    def silent(self) -> list[Hint]:
        """The hints that no mistake and no mutant got, if both were tried."""
        return [] if self.is_partial else [one for one in self.hints if not one.is_told]

    def of_kind(self, *kinds: str) -> list[EntryVerdict]:
        """Return the verdicts of some kinds of trials."""
        return [it for it in self.verdicts if it.trial.kind in kinds]

    @property
    def redundant(self) -> list[Worth]:
        """The tests that catch nothing beyond what other tests of their item catch."""
        return [test for test in self.tests if not test.alone]


@dataclass(frozen=True)
class ItemRow:
    """The audit's results for one item.

    Attributes:
        item: its id.
        points: its maximum points.
        mistakes: the number of mistakes that should cost it.
        caught: how many of these were caught.
        named: how many of these were named to the student.
        blamed: the number of mistakes that cost it but should not.
        variants: the number of variants graded.
        refused: how many of these lost points.
        mutants: the number of mutants of its regions.
        killed: how many of these were killed.
        explained: how many of these are explained.
        cheats: the number of cheats graded.
        stopped: how many of these earned at most their honest part.
        seconds: the duration of its tests for the complete solution.
    """

    item: str
    points: float
    mistakes: int
    caught: int
    named: int
    blamed: int
    variants: int
    refused: int
    mutants: int
    killed: int
    explained: int
    cheats: int
    stopped: int
    seconds: float


def make_report(
    assignment: Assignment,
    plan: AuditPlan,
    results: Results,
    found: Sequence[Finding],
    *,
    quick: bool,
    seed: int,
    seconds: float,
    only: frozenset[str] = frozenset(),
) -> AuditReport:
    """Sum up an audit.

    Args:
        assignment: the audited assignment.
        plan: the trials.
        results: their results.
        found: the findings about the release.
        quick: whether only part of the audit was done.
        seed: the source of every random draw.
        seconds: the duration.
        only: the kinds of trials that were graded, if not all.
    """
    verdicts = [verdict(trial, plan, results) for trial in plan.others]
    findings = [*found, *of_reference(results)]
    findings += of_catalogue(assignment, plan, quick or bool(only))
    for it in verdicts:
        findings += of_verdict(it)
    findings += [*of_hints(verdicts), *of_equivalents(plan), *of_accepted(plan, results)]
    tests = worth_of_tests(results["reference"], verdicts)
    draws = {name: of for name, of in results.items() if name.startswith("draw-")}
    first = {"reference": results["reference"]}
    limits = limits_of(first | draws) if draws else []
    findings += [*of_ambiguous_hints(assignment, first | draws), *of_draws(draws)]
    findings += of_limits(assignment, limits)
    return AuditReport(
        assignment,
        tuple(findings),
        tuple(_remarks(plan, verdicts)),
        tuple(verdicts),
        results["reference"],
        results.get("release", {}),
        tuple(tests),
        quick,
        seed,
        seconds,
        only,
        tuple(hints_of(results["reference"], verdicts)),
        tuple(limits),
    )


def rows(report: AuditReport) -> list[ItemRow]:
    """Return a row for each auto item."""
    return [_row(report, item_id, outcome) for item_id, outcome in report.reference.items()]


def figures(report: AuditReport) -> dict[str, dict[str, float]]:
    """Return the key figures of an audit."""
    mistakes, mutants = report.of_kind("mistake"), report.of_kind("mutant")
    variants, cheats = report.of_kind("variant", "rounded"), report.of_kind("cheat")
    return {
        "reference": _points(report.assignment, report.reference),
        "release": _points(report.assignment, report.release),
        "mistakes": {
            "total": len(mistakes),
            "caught": sum(not it.missed for it in mistakes),
            "exact": sum(not it.missed and not it.blamed for it in mistakes),
            "named": sum(it.hint_named for it in mistakes),
        },
        "variants": {
            "total": len(variants),
            "generated": sum(it.trial.kind == "rounded" for it in variants),
            "full": sum(not it.lost for it in variants),
        },
        "mutants": {
            "total": len(mutants),
            "killed": sum(bool(it.lost) for it in mutants),
            "explained": sum(bool(it.reason) and not it.lost for it in mutants),
        },
        "cheats": {
            "total": len(cheats),
            "generated": sum(it.trial.entry is None for it in cheats),
            "stopped": sum(not it.gained for it in cheats),
        },
        "tests": {"total": len(report.tests), "redundant": len(report.redundant)},
        "hints": {"total": len(report.hints), "never_told": len(report.silent)},
        "limits": {
            "total": len(report.limits),
            "near": sum(limit.is_near for limit in report.limits),
            "draws": max((limit.draws for limit in report.limits), default=0),
        },
    }


def _remarks(plan: AuditPlan, verdicts: Sequence[EntryVerdict]) -> list[Finding]:
    remarks = []
    for it in verdicts:
        if it.trial.kind == "mistake" and it.is_caught and not it.hint_named and it.trial.entry:
            words = f"no student reads {it.trial.entry.hint!r}"
            remarks.append(Finding("unnamed", it.trial.name, words))
        for item_id, earns in it.trial.earns.items():
            score = it.outcomes[item_id].score
            if 0 < score < earns:  # the score depends on the data
                words = f"{item_id}: it may earn {earns:g} but earns {score:g}"
                remarks.append(Finding("earns less", it.trial.name, words))
    if plan.left_out:
        words = f"{plan.left_out} mutants were not graded: at_most is {plan.mutation.at_most}"
        remarks.append(Finding("left out", plan.mutation.source, words))
    return remarks


def _row(report: AuditReport, item_id: str, outcome: ItemOutcome) -> ItemRow:
    mistakes = [it for it in report.of_kind("mistake") if item_id in it.expected]
    variants = [it for it in report.of_kind("variant", "rounded") if item_id in it.outcomes]
    mutants = [
        it
        for it in report.of_kind("mutant")
        if it.trial.mutant is not None and it.trial.mutant.region.item == item_id
    ]
    cheats = [it for it in report.of_kind("cheat") if item_id in it.outcomes]
    return ItemRow(
        item_id,
        outcome.points,
        len(mistakes),
        sum(item_id in it.lost for it in mistakes),
        sum(it.hint_named for it in mistakes),
        sum(item_id in it.blamed for it in report.of_kind("mistake")),
        len(variants),
        sum(item_id in it.lost for it in variants),
        len(mutants),
        sum(bool(it.lost) for it in mutants),
        sum(bool(it.reason) and not it.lost for it in mutants),
        len(cheats),
        sum(item_id not in it.gained for it in cheats),
        round(outcome.seconds, 3),
    )


def _points(assignment: Assignment, outcomes: Mapping[str, ItemOutcome]) -> dict[str, float]:
    """Return the points that outcomes have earned; only the score includes extra credit."""
    items = [assignment.item(item_id) for item_id in outcomes]
    return {
        "score": round(sum(outcome.score for outcome in outcomes.values()), 2),
        "possible": round(points_of(items), 2),
        "extra": round(extra_points_of(items), 2),
    }
