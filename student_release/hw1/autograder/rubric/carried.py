"""Follow-through marking ("error carried forward"): a fault costs points once.

    check(dW, "dL/dW of a second call").close(
        right, carried={"divided by the batch size": right / N}
    )

Each entry of `carried` maps a fault that may already have cost points to the value that is right
for code with that fault. The value is accepted only if the fault has been charged: in this item, or
in an item that this one builds on (`builds_on` in assignment.toml). The judge keeps the charges;
student code cannot create one. On a student's machine nothing is charged, so every check reports
what is wrong.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import numpy as np

from autograder.rubric.differences import derivative
from autograder.rubric.failures import StudentError

Array = np.ndarray
Carried = Mapping[str, object]

_STEP = 1e-5  # of the differences: the error is near 1e-10 for values of order one


class _Unfit(Exception):
    """The value returned by a forward cannot be differentiated."""


@dataclass(frozen=True)
class Charge:
    """A failed test of a submission that has cost points.

    Attributes:
        item: id of the item that lost the points.
        item_title: its title.
        test: name of the test's function.
        title: what the test requires; "" if students may not read it.
        hint: the known mistake that the student's value matched, or "".
    """

    item: str
    item_title: str
    test: str
    title: str
    hint: str


class FollowThrough:
    """The faults that a test may follow: those charged in its item and in items it builds on.

    Args:
        item: id of the test's item.
        tests: names of the item's test functions.
        builds_on: ids of the items that the item builds on.
        charges: the submission's charges so far.

    Attributes:
        notes: sentences on what the test was judged against.
        followed: names of the item's tests whose charges were followed.
    """

    def __init__(
        self,
        item: str,
        tests: Collection[str],
        builds_on: Collection[str],
        charges: Sequence[Charge],
    ) -> None:
        self._item, self._tests, self._builds_on = item, tests, builds_on
        self._charges = [one for one in charges if one.item in (item, *builds_on)]
        self.notes: list[str] = []
        self.followed: set[str] = set()

    def charge(self, fault: str) -> Charge | None:
        """Return the charge of a fault, or None if it has cost nothing.

        Args:
            fault: words of a hint, the name of a test of this item, or the id of an item that it
                builds on.

        Raises:
            ValueError: it is none of these.
        """
        if " " in fault:
            return next((one for one in self._charges if fault in one.hint), None)
        if fault in self._builds_on:
            return next((one for one in self._charges if one.item == fault), None)
        if fault in self._tests:
            own = (one for one in self._charges if one.item == self._item)
            return next((one for one in own if one.test == fault), None)
        raise ValueError(
            f"carried: {fault!r} is neither a test of {self._item} nor in its builds_on; write "
            "several words of a hint, the name of a test or the id of an item"
        )

    def note(self, charge: Charge) -> None:
        """Note that a value was judged against what a charged fault produces."""
        where = "above" if charge.item == self._item else f'in "{charge.item_title}"'
        what = charge.hint or charge.title.rstrip(".") or "a hidden check"
        judged = "judged against your own code's values"
        words = f"{judged}; this fault has already cost points {where}: {what}"
        if words not in self.notes:
            self.notes.append(words)
        if charge.item == self._item:
            self.followed.add(charge.test)


_present: ContextVar[FollowThrough | None] = ContextVar("follow_through", default=None)


@contextmanager
def following(follow: FollowThrough) -> Iterator[None]:
    """Let the checks of one test follow the charged faults."""
    token = _present.set(follow)
    try:
        yield
    finally:
        _present.reset(token)


def is_carried(carried: Carried, fits: Callable[[object], bool]) -> bool:
    """Return whether a wrong value is wrong only by a fault that has already cost points.

    Args:
        carried: fault -> the value that is right with it, or a function that returns it.
        fits: whether the student's value equals the argument.
    """
    follow = _present.get()
    if follow is None:
        return False
    for fault, value in carried.items():
        charge = follow.charge(fault)
        if charge is None:
            continue
        value = value() if callable(value) else value
        if _takes_work(value) and fits(value):
            follow.note(charge)
            return True
    return False


def own_derivative(
    forward: Callable[[Array], object], x: Array, upstream: Array | float
) -> Array | None:
    """Differentiate Σ upstream ⊙ forward(x) by x numerically, with the student's own forward.

        own = lambda: own_derivative(student.layers.Clip().forward, x, dy)
        check(dx, "dL/dx").close(right, carried={"test_clip_forward": own})

    Args:
        forward: a function of the student's.
        x: the point, an array of float64.
        upstream: of the shape of forward(x).

    Returns:
        An array of the shape of x. None if there is nothing to differentiate: `forward` raises,
        returns anything but finite numbers of that shape, or is only a multiple of x.
    """

    def summed(moved: Array) -> Array:
        value = forward(moved)
        if not isinstance(value, int | float | np.number | np.ndarray):
            raise _Unfit
        is_one_number = np.size(value) == np.size(upstream) == 1
        if np.shape(value) != np.shape(upstream) and not is_one_number:
            raise _Unfit
        if np.asarray(value).dtype.kind not in "fiu":
            raise _Unfit
        return np.asarray(np.sum(upstream * np.asarray(value)))

    try:
        gradient = derivative(summed, x, _STEP)
    except (StudentError, _Unfit):
        return None
    return None if _is_multiple(gradient, np.asarray(upstream)) else gradient


def _is_multiple(gradient: Array, upstream: Array) -> bool:
    """Return whether a gradient is that of a multiple of x, which takes no work."""
    if gradient.shape != upstream.shape:
        return False
    scale = np.sum(gradient * upstream) / max(float(np.sum(upstream**2)), 1e-300)
    return bool(np.allclose(gradient, scale * upstream, rtol=1e-4, atol=1e-6))


def _takes_work(value: object) -> bool:
    """Return whether a value is more than code without any work would return."""
    if value is None or isinstance(value, bool):
        return False
    if isinstance(value, int | float | np.number | np.ndarray):
        array = np.asarray(value)
        finite = array[np.isfinite(array)]
        return finite.size > 0 and bool(finite.any()) and (array.size == 1 or np.ptp(finite) > 0)
    return bool(value)
