"""Describe what is wrong with a grader according to its trials, one sentence per finding."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.assignment import Assignment
from autograder.audit.cheating.answers import BROKEN
from autograder.audit.outcomes import ItemOutcome
from autograder.audit.run import Results
from autograder.audit.trials import AuditPlan, Trial

HINTS_AT_LEAST = 0.9

Outcomes = Mapping[str, ItemOutcome]


@dataclass(frozen=True)
class Finding:
    """One fault of the grader.

    Attributes:
        kind: one of `KINDS`.
        about: the item, entry, mutant or file concerned.
        words: what is wrong, in one sentence.
    """

    kind: str
    about: str
    words: str


# kind -> its name in a report
KINDS = {
    "leak": "the release leaks",
    "stale": "the committed release differs from what the sources build",
    "tolerance": "a tolerance is out of bounds without a stated reason",
    "reference": "the complete solution loses points",
    "release": "the untouched release is not zero everywhere",
    "random": "grading twice gives different results",
    "drawn": "the complete solution loses points with other random inputs",
    "limit": "a limit is too close to what the complete solution reaches",
    "broken": "the grader itself fails",
    "misfit": "an entry does not fit the solution",
    "unproved": "no mistake in the catalogue costs an item",
    "missed": "a known mistake keeps its points",
    "blamed": "a known mistake costs an item that it does not list",
    "unattempted": "a known mistake is reported as not attempted",
    "hints": "too few mistakes are named to the student",
    "ambiguous": "a hint cannot be distinguished from another one or from the right value",
    "refused": "a correct variant loses points",
    "survived": "a mutant survives without an explanation",
    "cheat": "a cheat earns more than its honest part",
    "unneeded": "an explanation no longer applies",
}


@dataclass(frozen=True)
class EntryVerdict:
    """The result of one mistake, variant, mutant or cheat.

    Attributes:
        trial: the trial.
        outcomes: the outcomes of the graded items.
        expected: ids of the items that it should cost.
        lost: ids of the items that it costs.
        hint_named: whether the student reads the hint.
        reason: why a mutant is not a mistake, if it is explained.
    """

    trial: Trial
    outcomes: Outcomes
    expected: frozenset[str]
    lost: frozenset[str]
    hint_named: bool = False
    reason: str = ""

    @property
    def missed(self) -> frozenset[str]:
        """The items that it should cost but does not."""
        return self.expected - self.lost

    @property
    def gained(self) -> dict[str, ItemOutcome]:
        """The items at which a cheat earns more than its honest part, if it is a cheat."""
        return {
            item_id: outcome
            for item_id, outcome in self.outcomes.items()
            if self.trial.kind == "cheat" and outcome.score > self.trial.earns.get(item_id, 0.0)
        }

    @property
    def blamed(self) -> frozenset[str]:
        """The items that it costs but should not."""
        return self.lost - self.expected

    @property
    def is_caught(self) -> bool:
        """Whether an item that it should cost is lost."""
        return bool(self.lost & self.expected)


def verdict(trial: Trial, plan: AuditPlan, results: Results) -> EntryVerdict:
    """Judge a mistake, a variant, a mutant or a cheat by what it cost.

    Items that the complete solution itself loses are ignored.
    """
    reference, outcomes = results["reference"], results[trial.name]
    sound = {item_id for item_id in outcomes if reference[item_id].is_full}
    lost = frozenset(item_id for item_id in sound if not outcomes[item_id].is_full)
    expected = frozenset(trial.entry.costs if trial.kind == "mistake" and trial.entry else ())
    hint = trial.entry.hint if trial.entry else ""
    messages = [outcomes[item_id].student_message for item_id in lost & expected]
    explained = plan.mutation.explains(trial.mutant) if trial.mutant else None
    return EntryVerdict(
        trial,
        outcomes,
        expected & sound,
        lost,
        bool(hint) and any(hint in words for words in messages),
        explained.reason if explained else "",
    )


def of_reference(results: Results) -> Iterator[Finding]:
    """Yield findings about the reference, the release, and results that differ between runs."""
    for item_id, outcome in results["reference"].items():
        if not outcome.is_full:
            yield Finding("reference", item_id, f"{_score(outcome)}: {_failed_tests(outcome)}")
    for item_id, outcome in results.get("release", {}).items():
        if outcome.score or outcome.status != "not_attempted":
            words = f"{_score(outcome)}, {outcome.status}, expected 0 and not_attempted"
            yield Finding(
                "release", item_id, f"{words}: {_first_line(outcome.message) or 'passed'}"
            )
    for item_id, outcome in results.get("again", {}).items():
        before = results["reference"][item_id]
        if before.without_times != outcome.without_times:
            words = f"{_score(before)} first, {_score(outcome)} with the same seed"
            yield Finding("random", item_id, f"{words}: {_difference(before, outcome)}")


def of_verdict(it: EntryVerdict) -> Iterator[Finding]:
    """Yield findings about the grading of one trial."""
    about = it.trial.name
    for item_id, outcome in it.outcomes.items():
        if outcome.status == "grader_error":
            yield Finding("broken", about, f"{item_id}: {_first_line(outcome.message)}")
    if it.trial.kind == "mistake":
        yield from _of_mistake(it, about)
    elif it.trial.kind == "cheat":
        yield from _of_cheat(it)
    elif it.trial.mutant is None:
        for item_id in sorted(it.lost):
            outcome = it.outcomes[item_id]
            yield Finding("refused", about, f"{item_id} {_score(outcome)}: {_told(outcome)}")
    else:
        yield from _of_mutant(it)


def of_equivalents(plan: AuditPlan) -> Iterator[Finding]:
    """Yield explanations that match no mutant."""
    mutants = [trial.mutant for trial in plan.others if trial.mutant is not None]
    for one in plan.mutation.equivalents if mutants else ():
        if not any(one.is_meant(mutant) for mutant in mutants):
            change = f"{one.original} -> {one.mutated}"
            words = f"this mutant does not exist ({change}); remove it from {plan.mutation.source}"
            yield Finding("unneeded", f"{one.file} {one.function}".strip(), words)


def of_accepted(plan: AuditPlan, results: Results) -> Iterator[Finding]:
    """Yield points that cheats may earn but do not."""
    for one in plan.unmatched:
        words = f"the cheat {one.cheat!r} is not tried there; remove it from {one.source}"
        yield Finding("unneeded", one.item, words)
    for trial in plan.others:
        for item_id, earns in trial.earns.items():
            if not results[trial.name][item_id].score:
                words = f"it may earn {earns:g} but earns nothing; remove that"
                yield Finding("unneeded", trial.name, f"{item_id}: {words}")


def of_catalogue(assignment: Assignment, plan: AuditPlan, quick: bool) -> Iterator[Finding]:
    """Yield findings about the catalogue itself."""
    for entry, why in plan.misfits:
        yield Finding("misfit", entry.id, f"{why} ({entry.source})")
    entries = [trial.entry for trial in plan.others if trial.entry is not None]
    for item in assignment.auto_items if not quick else ():
        if not any(item.id in entry.costs for entry in entries):
            yield Finding("unproved", item.id, "add a mistake that costs it")


def of_hints(verdicts: list[EntryVerdict]) -> Iterator[Finding]:
    """Yield a finding if too few of the caught mistakes are named."""
    caught = [it for it in verdicts if it.is_caught]
    named = sum(it.hint_named for it in caught)
    if named < HINTS_AT_LEAST * len(caught):
        words = f"{named} of {len(caught)}, expected at least {HINTS_AT_LEAST:.0%}"
        yield Finding("hints", "the catalogue", words)


def _of_mistake(it: EntryVerdict, about: str) -> Iterator[Finding]:
    title = it.trial.title
    for item_id in sorted(it.missed):
        number = len(it.outcomes[item_id].tests)
        tests = "its test passes" if number == 1 else f"its {number} tests pass"
        yield Finding("missed", about, f"{item_id} keeps its points; {tests}: {title}")
    for item_id in sorted(it.blamed):
        outcome = it.outcomes[item_id]
        yield Finding("blamed", about, f"{item_id} {_score(outcome)}: {_told(outcome)}")
    for item_id in sorted(it.lost & it.expected):
        if it.outcomes[item_id].status == "not_attempted":
            yield Finding("unattempted", about, f"{item_id}: {_told(it.outcomes[item_id])}")


def _of_cheat(it: EntryVerdict) -> Iterator[Finding]:
    for item_id, outcome in it.outcomes.items():
        if BROKEN in outcome.message:
            yield Finding("broken", it.trial.name, f"{item_id}: {_first_line(outcome.message)}")
    for item_id, outcome in it.gained.items():
        honest = it.trial.earns.get(item_id, 0.0)
        more = f", {honest:g} of them honest" if honest else ""
        tests = ", ".join(test.name for test in outcome.tests if test.status == "passed")
        words = f"{it.trial.title}: {_score(outcome)}{more}; {tests} pass"
        yield Finding("cheat", f"{it.trial.name}", f"{item_id}: {words}")


def _of_mutant(it: EntryVerdict) -> Iterator[Finding]:
    mutant = it.trial.mutant
    assert mutant is not None
    place = f"{mutant.file}:{mutant.line}"
    if it.lost and it.reason:
        killed = ", ".join(sorted(it.lost))
        words = f"explained as not a mistake, but {killed} loses points: {it.trial.title}"
        yield Finding("unneeded", place, words)
    elif not it.lost and not it.reason:
        yield Finding("survived", place, f"{mutant.region.item}: {it.trial.title}")


def _score(outcome: ItemOutcome) -> str:
    return f"has {outcome.score:g} of {outcome.points:g}"


def _first_line(message: str) -> str:
    return message.partition("\n")[0]


def _failed_tests(outcome: ItemOutcome) -> str:
    failed = [test.name for test in outcome.tests if test.status != "passed"]
    return f"{', '.join(failed) or outcome.status}: {_first_line(outcome.message)}"


def _told(outcome: ItemOutcome) -> str:
    return _failed_tests(outcome)


def _difference(before: ItemOutcome, after: ItemOutcome) -> str:
    for one, other in zip(before.tests, after.tests, strict=False):
        if one.status != other.status:
            return f"{one.name} {one.status}, then {other.status}"
    return f"{_first_line(before.message)!r}, then {_first_line(after.message)!r}"
