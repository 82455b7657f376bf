"""One clean process for each item, branched from a worker that has loaded the submission."""

from collections.abc import Mapping, Sequence

from autograder.assignment import Item
from autograder.grading.isolation import Policy
from autograder.grading.item_bench import ItemBench
from autograder.grading.loaded_worker import LoadedWorker, notebook_for, packages_for
from autograder.grading.turns import Turn, judged_by
from autograder.grading.workplace import Options, Workplace, options_of
from autograder.rubric.seeds import derived_seed
from autograder.rubric.student import Student
from autograder.sandbox.process import Zygote


class Benches:
    """The benches of one submission, one after another.

    Args:
        place: where the submission is graded.
        turns: of the items whose tests run, in their order; an item that has more than one has its
            time limit once.
        zygotes: where workers come from, by what they have to have imported.
        policy: what is asked of workers.
    """

    def __init__(
        self,
        place: Workplace,
        turns: Sequence[Turn],
        zygotes: Mapping[Options, Zygote],
        policy: Policy,
    ) -> None:
        self._place, self._zygotes, self._policy = place, zygotes, policy
        self._waiting = list(turns)  # have no bench yet
        items = {item_id: place.assignment.item(item_id) for item_id, _ in turns}
        self._seconds_left = {item.id: item.timeout_s for item in items.values()}
        self._loaded: dict[str, LoadedWorker] = {}
        self._turn: Turn | None = None
        self._bench: ItemBench | None = None
        self._paused: dict[str, ItemBench] = {}  # until their items' next turns

    def student(self, turn: Turn) -> Student:
        """The handle for a test of an item."""
        if self._bench is None or turn != self._turn:
            self._go_on_to(turn)
        assert self._bench is not None
        return self._bench.student()

    def distrust(self) -> None:
        """Give the present process up."""
        if self._bench is not None:
            self._bench.distrust()

    def close(self) -> None:
        """End all processes."""
        for bench in (self._bench, *self._paused.values()):
            if bench is not None:
                bench.close()
        for loaded in self._loaded.values():
            loaded.close()
        self._bench = None
        self._paused.clear()
        self._loaded.clear()

    def _go_on_to(self, turn: Turn) -> None:
        self._leave_bench()
        while self._waiting and self._waiting.pop(0) != turn:
            pass  # the tests of that turn have not asked for anything
        item = self._place.assignment.item(turn[0])
        self._close_loaded_done(item)
        self._turn, self._bench = turn, self._bench_for(item)

    def _leave_bench(self) -> None:
        """Keep the present process for the item's next turn, or end it.

        What has seen hidden inputs must be gone before other student code runs: it could be heard,
        such as by the locks that it holds on files. Hidden tests are an item's last.
        """
        bench, self._bench = self._bench, None
        if bench is None:
            return
        self._seconds_left[bench.item.id] = bench.seconds_left
        if bench.item in self._items_waiting() and bench.pause():
            self._paused[bench.item.id] = bench
        else:
            bench.close()

    def _bench_for(self, item: Item) -> ItemBench:
        paused = self._paused.pop(item.id, None)
        if paused is not None:
            if paused.go_on():
                return paused
            paused.close()
        seed = derived_seed(self._place.seed, f"generators of {item.id}")
        left = self._seconds_left[item.id]
        return ItemBench(item, self._loaded_for(item), self._place.submission, seed, left)

    def _close_loaded_done(self, item: Item) -> None:
        """End the workers that no further item is judged by."""
        needed = {judged_by(one) for one in (item, *self._items_waiting())}
        for name in self._loaded.keys() - needed:
            self._loaded.pop(name).close()

    def _loaded_for(self, item: Item) -> LoadedWorker:
        """What an item's process is branched from."""
        name = judged_by(item)
        if name not in self._loaded:
            others = [one for one in self._items_waiting() if judged_by(one) == name]
            items = [item, *others]
            loading = (
                notebook_for(
                    self._place, self._place.assignment.notebook(item.notebook), items, len(items)
                )
                if item.notebook
                else packages_for(self._place, items, len(items))
            )
            zygote = self._zygotes[options_of(self._place.assignment, item)]
            self._loaded[name] = LoadedWorker(self._place, loading, zygote, self._policy)
        return self._loaded[name]

    def _items_waiting(self) -> list[Item]:
        """The items whose turns are still to come, once for each turn."""
        return [self._place.assignment.item(item_id) for item_id, _ in self._waiting]
