"""What an audit grades: the reference, the release, and every changed solution.

reference   the complete solution                      must have full marks
again       the same, graded once more                 must come out the same
draw        the same, with other random inputs         must keep away from limits
release     what students start from                   must have no marks at all
mistake     an entry of the catalogue                  must cost its items and no other
variant     an entry of the catalogue                  must keep full marks
rounded     generated: results off by 1e-13            must keep full marks
mutant      generated: one small change                must cost something, or be explained
cheat       generated, or an entry of the catalogue    must earn nothing but its honest part
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from autograder.assignment import Assignment
from autograder.audit.catalogue import Accepted, Catalogue, CatalogueEntry, apply_entry
from autograder.audit.cheats import CLAIMS, Cheat, cheats_of
from autograder.audit.cosmetic import seen_by_items
from autograder.audit.dependencies import Reach
from autograder.audit.equivalent import Mutation, read_mutation
from autograder.audit.marked import Files, Marked, marked_regions
from autograder.audit.mutants import Mutant, mutants_of, rounded, spread
from autograder.errors import AssignmentErrors

DRAWS = 30
"""How often items with limits are graded with other random inputs."""


@dataclass(frozen=True)
class Trial:
    """One submission that an audit grades.

    Attributes:
        name: unique, and safe as a file name.
        kind: see above.
        title: a description for people.
        make: creates its files.
        items: ids of the items that are graded.
        later: ids of the items that are graded too if `items` have lost nothing.
        entry: its catalogue entry, if any.
        mutant: its mutant, if any.
        cheat: the catalogue name of a generated cheat.
        earns: the points that a cheat may earn, by item.
        seed: the source of every random draw; None for the audit's seed.
    """

    name: str
    kind: str
    title: str
    make: Callable[[], Files]
    items: tuple[str, ...]
    later: tuple[str, ...] = ()
    entry: CatalogueEntry | None = None
    mutant: Mutant | None = None
    cheat: str = ""
    earns: Mapping[str, float] = field(default_factory=dict)
    seed: int | None = None

    @property
    def is_observed(self) -> bool:
        """Whether the checks are traced."""
        return self.kind in ("reference", "draw")


@dataclass(frozen=True)
class AuditPlan:
    """All trials of an audit.

    Attributes:
        first: the trials that others are compared with: reference and release.
        others: the other trials.
        mutation: the assignment's settings for mutants.
        misfits: the entries that cannot be tried, as (entry, why).
        left_out: the number of mutants beyond the maximum.
        unmatched: the settings about generated cheats that do not exist.
        draws: how often the reference is graded with other random inputs.
    """

    first: tuple[Trial, ...]
    others: tuple[Trial, ...]
    mutation: Mutation
    misfits: tuple[tuple[CatalogueEntry, str], ...]
    left_out: int
    unmatched: tuple[Accepted, ...] = ()
    draws: int = 0


def make_plan(
    assignment: Assignment,
    catalogue: Catalogue,
    solution: Files,
    release: Files | None,
    quick: bool,
    only: frozenset[str] = frozenset(),
) -> AuditPlan:
    """Plan an audit.

    Args:
        assignment: the assignment.
        catalogue: its catalogue.
        solution: the complete solution.
        release: the files that students start from, or None.
        quick: whether to try changes only on items outside of notebooks, and no mutants.
        only: the kinds of trials to run; all if it is empty.

    Raises:
        AssignmentErrors: the settings for mutants are invalid.
    """
    every = tuple(item.id for item in assignment.auto_items)
    wanted = tuple(item.id for item in assignment.auto_items if not (quick and item.notebook))
    mutation = read_mutation(assignment)
    regions, of_tests = _regions(assignment)
    first = _first(solution, release, every, quick)
    others, misfits = _entries(catalogue, solution, wanted)
    left_out = 0
    if not quick:
        others += _rounded(regions, solution, wanted)
        mutants = mutants_of(regions, mutation.notebooks, seen_by_items(assignment))
        chosen = spread(mutants, mutation.at_most)
        left_out = len(mutants) - len(chosen)
        others += [_mutant(mutant, solution, wanted, mutation) for mutant in chosen]
    with_support = Reach(assignment).with_support
    cheats = [_cheat(cheat, solution) for cheat in cheats_of(regions, with_support, quick)]
    cheats += [_cheat(cheat, solution) for cheat in cheats_of(of_tests, set(), quick, True)]
    if release is not None:
        cheats.append(_only_claims(solution, release, every))
    accepted = {(one.item, one.cheat): one for one in catalogue.accepted}
    others += _with_earnings(cheats, accepted, wanted)
    tried = {(item_id, trial.cheat) for trial in cheats for item_id in trial.items}
    unmatched = tuple(one for key, one in accepted.items() if key not in tried and not quick)
    if only:
        others = [trial for trial in others if trial.kind in only]
        first = first[:1]
    draws = DRAWS if "draw" in only or not (quick or only) else 0
    return AuditPlan(
        tuple(first), tuple(others), mutation, tuple(misfits), left_out, unmatched, draws
    )


def _regions(assignment: Assignment) -> tuple[list[Marked], list[Marked]]:
    """Return the marked regions of the solution: those of code, and those of students' own tests.

    A changed test says little: one that still catches every planted mistake is as good.
    """
    own_tests = {item.id for item in assignment.items if item.tests}
    regions = marked_regions(assignment)
    return (
        [region for region in regions if region.item not in own_tests],
        [region for region in regions if region.item in own_tests],
    )


def _first(
    solution: Files, release: Files | None, every: tuple[str, ...], quick: bool
) -> list[Trial]:
    """Return the trials that others are compared with."""
    first = [Trial("reference", "reference", "the complete solution", lambda: solution, every)]
    if release is not None:
        first.append(Trial("release", "release", "the release, untouched", lambda: release, every))
    if not quick:
        first.append(
            Trial("again", "again", "the complete solution again", lambda: solution, every)
        )
    return first


def _with_earnings(
    cheats: Sequence[Trial], accepted: Mapping[tuple[str, str], Accepted], wanted: tuple[str, ...]
) -> list[Trial]:
    """Return the cheats of wanted items with the points that each is accepted to earn."""
    return [
        replace(
            trial,
            earns={
                item_id: accepted[item_id, trial.cheat].earns
                for item_id in trial.items
                if (item_id, trial.cheat) in accepted
            },
        )
        for trial in cheats
        if set(trial.items) <= set(wanted)
    ]


def draws_of(reference: Trial, items: tuple[str, ...], seed: int, number: int) -> list[Trial]:
    """Return `number` trials of the reference with other random inputs.

    Args:
        reference: the complete solution.
        items: ids of the items that are graded.
        seed: the audit's seed.
        number: the number of trials.
    """
    title = "the complete solution with other random inputs"
    return [
        Trial(f"draw-{one}", "draw", title, reference.make, items, seed=(seed + one) % 2**63)
        for one in range(1, number + 1)
        if items
    ]


def _cheat(cheat: Cheat, solution: Files) -> Trial:
    name = f"cheat-{cheat.item}-{cheat.strategy}"
    make = partial(cheat.make, solution)
    return Trial(name, "cheat", cheat.title, make, (cheat.item,), cheat=cheat.strategy)


def _only_claims(solution: Files, release: Files, every: tuple[str, ...]) -> Trial:
    """Return a trial of the release with the additional files of the complete solution."""
    title = "does nothing, and claims another person's results"
    files = {**solution, **release}
    return Trial(f"cheat-{CLAIMS}", "cheat", title, files.copy, every, cheat=CLAIMS)


def _entries(
    catalogue: Catalogue, solution: Files, wanted: tuple[str, ...]
) -> tuple[list[Trial], list[tuple[CatalogueEntry, str]]]:
    trials: list[Trial] = []
    misfits: list[tuple[CatalogueEntry, str]] = []
    kinds = (
        ("mistake", catalogue.mistakes),
        ("variant", catalogue.variants),
        ("cheat", catalogue.cheats),
    )
    for kind, entries in kinds:
        for entry in entries:
            named = entry.costs if kind == "mistake" else entry.items
            if kind != "variant" and not set(named) & set(wanted):
                continue
            try:
                files = apply_entry(entry, solution)  # kept, so that unchanged files are shared
            except AssignmentErrors as error:
                misfits.append((entry, error.problems[0].what))
                continue
            name = f"{kind}-{entry.id}"
            items = wanted
            if kind == "cheat":
                items = tuple(item_id for item_id in wanted if item_id in entry.items)
            earns = {item_id: entry.earns for item_id in items if entry.earns}
            trials.append(
                Trial(name, kind, entry.title, files.copy, items, entry=entry, earns=earns)
            )
    return trials, misfits


def _rounded(regions: Sequence[Marked], solution: Files, wanted: tuple[str, ...]) -> list[Trial]:
    """Return a trial for each item: all results of its regions are slightly off."""
    trials = []
    for item_id in dict.fromkeys(region.item for region in regions):
        own = [region for region in regions if region.item == item_id]
        make = partial(rounded, own, solution)
        if make() != solution:
            title = f"results of {item_id} off by one part in 10^13"
            trials.append(Trial(f"rounded-{item_id}", "rounded", title, make, wanted))
    return trials


def _mutant(mutant: Mutant, solution: Files, wanted: tuple[str, ...], mutation: Mutation) -> Trial:
    own = mutant.region.item
    # An explained mutant is graded only by its own item, to check the explanation.
    rest = () if mutation.explains(mutant) else tuple(one for one in wanted if one != own)
    return Trial(
        f"mutant-{mutant.id}",
        "mutant",
        f"{mutant.original} -> {mutant.mutated}",
        partial(mutant.make, solution),
        (own,),
        rest,
        mutant=mutant,
    )
