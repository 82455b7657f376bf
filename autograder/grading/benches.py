"""One clean process per rubric item, opened when a test first asks and ended with the item."""

from collections.abc import Mapping, Sequence

from autograder.assignment import Item
from autograder.grading.isolation import Policy
from autograder.grading.item_bench import ItemBench, OwnWorker
from autograder.grading.notebook_bench import BranchOfNotebook, NotebookBench
from autograder.grading.workplace import Options, Workplace, options_of
from autograder.rubric.student import Student
from autograder.sandbox.process import Zygote


class Benches:
    """The benches of one submission: a new one for each item, while the next one is prepared.

    Args:
        place: where the submission is graded.
        sittings: ids of the items in the order in which each gets a process; an item that has more
            than one sitting has its time limit once.
        zygotes: where workers come from, by what they have to have imported.
        policy: what is asked of workers.
    """

    def __init__(
        self,
        place: Workplace,
        sittings: Sequence[str],
        zygotes: Mapping[Options, Zygote],
        policy: Policy,
    ) -> None:
        self._place, self._zygotes, self._policy = place, zygotes, policy
        self._waiting = [place.assignment.item(one) for one in sittings]  # have no bench yet
        self._seconds_left = {item.id: item.timeout_s for item in self._waiting}
        self._notebooks: dict[str, NotebookBench] = {}
        self._bench: ItemBench | None = None
        self._next: ItemBench | None = None

    def student(self, item_id: str) -> Student:
        """The handle for a test of an item."""
        if self._bench is None or item_id != self._bench.item.id:
            self._go_on_to(item_id)
        assert self._bench is not None
        return self._bench.student()

    def distrust(self) -> None:
        """Give the present process up."""
        if self._bench is not None:
            self._bench.distrust()

    def close(self) -> None:
        """End all processes."""
        for bench in (self._bench, self._next):
            if bench is not None:
                bench.source.close()
        for notebook in self._notebooks.values():
            notebook.close()
        self._bench = self._next = None
        self._notebooks.clear()

    def _go_on_to(self, item_id: str) -> None:
        last = self._bench
        if last is not None:
            last.source.close_soon()
            self._seconds_left[last.item.id] = last.seconds_left
        if self._next is None or self._next.item.id != item_id:
            self._skip_to(item_id)
        self._bench, self._next = self._next, None
        assert self._bench is not None
        self._bench.seconds_left = self._seconds_left[item_id]
        if last is not None:
            # What has seen hidden inputs must be gone before other student code runs: it could be
            # heard, such as by the locks that it holds on files.
            last.source.close()
        self._close_notebooks_done()
        if self._waiting:
            self._next = self._new_bench(self._waiting.pop(0))
            self._next.source.prepare()

    def _skip_to(self, item_id: str) -> None:
        """Make the bench of an item the next one; items before it have not asked for theirs."""
        if self._next is not None:
            self._next.source.close()
        while self._waiting and self._waiting[0].id != item_id:
            self._waiting.pop(0)
        if self._waiting:
            self._waiting.pop(0)
        self._next = self._new_bench(self._place.assignment.item(item_id))

    def _close_notebooks_done(self) -> None:
        """End the workers of notebooks that no further item is judged by."""
        assert self._bench is not None
        needed = {item.notebook for item in (self._bench.item, *self._waiting)}
        for path in self._notebooks.keys() - needed:
            self._notebooks.pop(path).close()

    def _new_bench(self, item: Item) -> ItemBench:
        if item.notebook:
            source: OwnWorker | BranchOfNotebook = BranchOfNotebook(self._notebook(item))
        else:
            source = OwnWorker(self._place, item, self._zygote_for(item), self._policy)
        return ItemBench(item, source, self._place.submission)

    def _notebook(self, item: Item) -> NotebookBench:
        """The bench of an item's notebook."""
        if item.notebook not in self._notebooks:
            items = [item, *(one for one in self._waiting if one.notebook == item.notebook)]
            self._notebooks[item.notebook] = NotebookBench(
                self._place,
                self._place.assignment.notebook(item.notebook),
                len(items),
                max(one.timeout_s for one in items),
                self._zygote_for(item),
                self._policy,
            )
        return self._notebooks[item.notebook]

    def _zygote_for(self, item: Item) -> Zygote:
        return self._zygotes[options_of(self._place.assignment, item)]
