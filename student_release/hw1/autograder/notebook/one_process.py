"""Make libraries work in one process: no data-loading workers, no compiler, no pools.

Grading allows student code one process. Libraries that use more only for speed do without them; if
code requests processes itself, the error says what to write instead.
"""

import functools
import threading
from collections.abc import Callable
from typing import Any

from autograder.notebook.telling import say_once

_WORDS = (
    "grading allows one process, so {what} cannot start others; call the function in this one: "
    "`results = [work(x) for x in inputs]` in place of `pool.map(work, inputs)`"
)
# The positional parameters of DataLoader after the dataset.
_BY_PLACE = (
    "batch_size shuffle sampler batch_sampler num_workers collate_fn pin_memory drop_last timeout "
    "worker_init_fn multiprocessing_context generator"
).split()


class ProcessRefused(PermissionError):
    """Student code requested another process; libraries with an alternative avoid this."""


def load_in_this_process(dataloader: Any) -> None:
    """Let `DataLoader(num_workers=2)`, which would start processes, load in this one."""
    kind = dataloader.DataLoader
    original = kind.__init__
    if hasattr(original, "__wrapped__"):
        return

    @functools.wraps(original)
    def without_processes(self: Any, dataset: Any, *arguments: Any, **keywords: Any) -> None:
        given = dict(zip(_BY_PLACE, arguments, strict=False)) | keywords
        given.update(num_workers=0, pin_memory=False)
        for name in ("prefetch_factor", "persistent_workers", "multiprocessing_context", "timeout"):
            given.pop(name, None)
        original(self, dataset, **given)

    kind.__init__ = without_processes


def run_eagerly(torch: Any) -> None:
    """Let `torch.compile`, which runs a C++ compiler, return its argument."""

    def give_back(model: Any = None, *arguments: Any, **options: Any) -> Any:
        say_once("torch.compile() has no effect when code is graded: no compiler is available")
        return (lambda function: function) if model is None else model

    def stay(self: Any, *arguments: Any, **options: Any) -> None:
        give_back(self)

    torch.compile = give_back
    torch.nn.Module.compile = stay


class _Threads:
    """The context that a thread pool needs, without locks between processes."""

    Lock = staticmethod(threading.Lock)

    def SimpleQueue(self) -> Any:  # noqa: N802
        from multiprocessing.queues import SimpleQueue

        return SimpleQueue(ctx=self)


def refuse_pool(pool: Any) -> None:
    """Refuse `multiprocessing.Pool` and the pools of libraries based on it; allow thread pools."""
    original, threads = pool.Pool.__init__, pool.ThreadPool

    @functools.wraps(original)
    def refused(self: Any, *arguments: Any, **keywords: Any) -> None:
        if not isinstance(self, threads):
            raise ProcessRefused(_WORDS.format(what="multiprocessing.Pool"))
        original(self, *arguments, **{**keywords, "context": _Threads()})

    pool.Pool.__init__ = refused
    pool.Pool.__del__ = lambda self: None  # for a pool whose creation failed


def explain_start(process: Any) -> None:
    """Explain the failure of `multiprocessing.Process(...).start()`."""
    process.BaseProcess.start = _explained(process.BaseProcess.start, "multiprocessing.Process")


def refuse_executor(module: Any) -> None:
    """`concurrent.futures.ProcessPoolExecutor`."""
    module.ProcessPoolExecutor.__init__ = _refuser("ProcessPoolExecutor")


def refuse_programs(popen: Any) -> None:
    """Refuse start methods that run a new interpreter, which would fail silently."""
    popen.Popen.__init__ = _refuser("multiprocessing.Process")


def refuse_manager(managers: Any) -> None:
    """`multiprocessing.Manager`."""
    managers.BaseManager.start = _refuser("multiprocessing.Manager")


def explain_locks(synchronize: Any) -> None:
    """Explain failures of locks and queues between processes; the bare error names neither."""
    lock = synchronize.SemLock
    lock.__init__ = _explained(lock.__init__, "multiprocessing")


def _explained(original: Callable[..., None], what: str) -> Callable[..., None]:
    @functools.wraps(original)
    def explained(self: Any, *arguments: Any, **keywords: Any) -> None:
        try:
            original(self, *arguments, **keywords)
        except OSError:
            raise ProcessRefused(_WORDS.format(what=what)) from None

    return explained


def _refuser(what: str) -> Callable[..., None]:
    def refused(self: object, *arguments: object, **keywords: object) -> None:
        raise ProcessRefused(_WORDS.format(what=what))

    return refused


WITHOUT_WORKERS: dict[str, Callable[[Any], None]] = {
    "torch": run_eagerly,
    "torch.utils.data.dataloader": load_in_this_process,
}
"""Modules that work without more processes, and the change for each."""
WITHOUT_POOLS: dict[str, Callable[[Any], None]] = {
    "concurrent.futures.process": refuse_executor,
    "multiprocessing.managers": refuse_manager,
    "multiprocessing.pool": refuse_pool,
    "multiprocessing.popen_forkserver": refuse_programs,
    "multiprocessing.popen_spawn_posix": refuse_programs,
    "multiprocessing.process": explain_start,
    "multiprocessing.synchronize": explain_locks,
}
"""The same for modules that exist to start processes; for workers only (sandbox/worker.py)."""
