"""One clean process for each item, branched from a worker that has loaded the submission."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from autograder.assignment import Item
from autograder.grading.isolation import SandboxPolicy
from autograder.grading.item_bench import ItemBench
from autograder.grading.loaded_worker import LoadedWorker
from autograder.grading.loading import notebook_for, packages_for
from autograder.grading.resting import Resting
from autograder.grading.submission_dir import Options, SubmissionDir, options_of
from autograder.grading.test_phases import TestPhase, judged_by
from autograder.rubric.seeds import derived_seed
from autograder.rubric.sources import lines_of
from autograder.rubric.student import StudentProxy
from autograder.sandbox.client import Zygote


class Benches:
    """The benches of one submission, one after another.

    Args:
        place: where the submission is graded.
        turns: of the items whose tests run, in their order; an item that has more than one has its
            time limit once.
        zygotes: where workers come from, by what they have to have imported.
        policy: what is asked of workers.
        files: those handed in whose lines may be shown, by their paths.
    """

    def __init__(
        self,
        place: SubmissionDir,
        turns: Sequence[TestPhase],
        zygotes: Mapping[Options, Zygote],
        policy: SandboxPolicy,
        files: Mapping[str, bytes] = MappingProxyType({}),
    ) -> None:
        self._place, self._zygotes, self._policy = place, zygotes, policy
        self._waiting = list(turns)  # have no bench yet
        items = {item_id: place.assignment.item(item_id) for item_id, _ in turns}
        self._seconds_left = {item.id: item.timeout_s for item in items.values()}
        self._loaded: dict[str, LoadedWorker] = {}
        self._resting = Resting()
        self._lines = lines_of(files)
        self._has_hidden_begun = False
        self._turn: TestPhase | None = None
        self._bench: ItemBench | None = None
        self._paused: dict[str, ItemBench] = {}  # until their items' next turns

    def student(self, turn: TestPhase) -> StudentProxy:
        """The handle for a test of an item."""
        if self._bench is None or turn != self._turn:
            self._go_on_to(turn)
        assert self._bench is not None
        return self._bench.student()

    def distrust(self) -> None:
        """Give the present process up."""
        if self._bench is not None:
            self._bench.distrust()

    def look(self) -> None:
        """Look at what the present process uses, when it is not waited for.

        Raises:
            WorkerLost: it is too much, and the process has been ended.
        """
        if self._bench is not None:
            self._bench.look()

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

    def _go_on_to(self, turn: TestPhase) -> None:
        item_id, is_hidden = turn
        if self._has_hidden_begun and not is_hidden:
            raise RuntimeError(f"public tests of {item_id} would run after hidden ones")
        self._has_hidden_begun = is_hidden
        last = self._turn
        self._leave_bench()
        while self._waiting and self._waiting.pop(0) != turn:
            pass  # the tests of that turn have not asked for anything
        item = self._place.assignment.item(item_id)
        self._close_loaded_done(item)
        if last is not None:
            self._leave_worker(self._place.assignment.item(last[0]), item)
        self._turn, self._bench = turn, self._bench_for(item)

    def _leave_worker(self, last: Item, item: Item) -> None:
        """Have the worker that was at work rest, where the next item is judged by another one."""
        loaded = self._loaded.get(judged_by(last))
        if loaded is not None and judged_by(item) != judged_by(last):
            self._resting.add(loaded)

    def _leave_bench(self) -> None:
        """Keep the present process for the item's next turn, or end it after its last one."""
        bench, self._bench = self._bench, None
        if bench is None:
            return
        self._seconds_left[bench.item.id] = bench.seconds_left
        if bench.item in self._items_waiting() and bench.pause():
            self._paused[bench.item.id] = bench
        else:
            bench.close()

    def _bench_for(self, item: Item) -> ItemBench:
        if judged_by(item) in self._loaded:
            self._resting.take(self._loaded[judged_by(item)])
        paused = self._paused.pop(item.id, None)
        if paused is not None:
            if paused.go_on():
                return paused
            paused.close()
        seed = derived_seed(self._place.seed, f"generators of {item.id}")
        left = self._seconds_left[item.id]
        return ItemBench(item, self._loaded_for(item), self._lines, seed, left)

    def _close_loaded_done(self, item: Item) -> None:
        """End the workers that no further item is judged by."""
        needed = {judged_by(one) for one in (item, *self._items_waiting())}
        for name in self._loaded.keys() - needed:
            done = self._loaded.pop(name)
            self._resting.forget(done)
            done.close()

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
            beside = self._resting.look_after
            self._loaded[name] = LoadedWorker(self._place, loading, zygote, self._policy, beside)
        return self._loaded[name]

    def _items_waiting(self) -> list[Item]:
        """The items whose turns are still to come, once for each turn."""
        return [self._place.assignment.item(item_id) for item_id, _ in self._waiting]
