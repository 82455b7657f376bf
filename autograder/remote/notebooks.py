"""Worker: run the notebooks of a submission, each once, when a test first asks for it."""

import ast
import difflib
import shutil
import tempfile
import weakref
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from autograder.remote.code_rules import Inspector, RuleChecker
from autograder.remote.released import put_released

if TYPE_CHECKING:
    from autograder.notebook.run import NotebookRun, Rules

# Modules of the shell that runs a notebook: they cannot do more than `get_ipython()`, which is
# always available.
_SHELL = {"IPython", "matplotlib_inline"}

Around = Callable[[str], AbstractContextManager[object]]


class Namespace:
    """The variables of a notebook that has run; `student.<notebook>` is a reference to it."""

    def __init__(self, run: "NotebookRun") -> None:
        self.__run = run

    def __getattr__(self, name: str) -> Any:
        return self.__run.blame.value(name)

    def __setattr__(self, name: str, value: object) -> None:
        if name.startswith("_Namespace__"):
            object.__setattr__(self, name, value)
        else:
            self.__run.variables[name] = value


class Notebooks:
    """Runs notebooks, and keeps the runs.

    Args:
        folder: the files handed in.
        descriptions: name of each notebook -> the fields of `autograder.notebook.run.Rules`.
        scratch: the folder in which they run; a temporary folder is made if none is given.
        around: returns, for a notebook's name, the context in which it runs.
        own: names of the packages handed in with them.
        released: files of the release that are put into a temporary folder: their paths -> whether
            code may change its copy.
    """

    def __init__(
        self,
        folder: Path,
        descriptions: Mapping[str, Mapping[str, Any]],
        scratch: Path | None = None,
        around: Around = lambda name: nullcontext(),
        own: Collection[str] = (),
        released: Mapping[str, bool] = MappingProxyType({}),
    ) -> None:
        self._released = released
        self._own = frozenset(own)
        self.folder, self._descriptions, self._around = folder, descriptions, around
        self._scratch = scratch
        self._runs: dict[str, NotebookRun | Exception] = {}
        self.kept: set[str] = set()

    @property
    def names(self) -> list[str]:
        """The names of all notebooks."""
        return list(self._descriptions)

    def __contains__(self, name: object) -> bool:
        return name in self._descriptions

    def run(self, name: str) -> "NotebookRun":
        """Return the run of a notebook.

        Raises:
            LookupError: the assignment does not have a notebook with this name.
            NotebookUnreadable: its file is not a notebook.
        """
        if name not in self._runs:
            self._runs[name] = self._run(name)
        found = self._runs[name]
        if isinstance(found, Exception):
            raise found.with_traceback(None)
        return found

    def namespace(self, name: str) -> Namespace:
        """Return the variables of a notebook."""
        return Namespace(self.run(name))

    def cause_of(self, error: BaseException) -> BaseException | None:
        """Return the error that caused an error in a notebook's code, if any."""
        runs = [run for run in self._runs.values() if not isinstance(run, Exception)]
        causes = (run.blame.cause_of(error) for run in runs)
        return next((cause for cause in causes if cause is not None), None)

    def keep(self, name: str, run: Any) -> None:
        """Use an object with the attributes of a run, such as a student's session in Jupyter."""
        self._runs[name] = run
        self.kept.add(name)

    def claims_folder(self, claim: str) -> Path:
        """Return the folder to which a run has written the claims of that name.

        Notebooks that seem to write them are run, if they have not run yet.

        Raises:
            BaseException: the error that kept the notebook from writing them.
        """
        for name in self._descriptions:
            if self._writes(name, claim):
                run = self.run(name)
                if not (run.folder / "claims" / f"{claim}.json").is_file():
                    _raise_what_kept(run)
                return run.folder
        return self._folder()

    def _run(self, name: str) -> "NotebookRun | Exception":
        from autograder.notebook.document import NotebookUnreadable
        from autograder.notebook.run import Rules, run_notebook

        if name not in self._descriptions:
            close = difflib.get_close_matches(name, self._descriptions, n=1)
            also = f"; did you mean {close[0]}?" if close else ""
            raise LookupError(f"the assignment has no notebook {name!r}{also}")
        rules = Rules(**self._descriptions[name])
        _put_referred_files(self.folder, rules.referred_files, self._folder())
        with self._around(name):
            try:
                return run_notebook(
                    self.folder / rules.path,
                    rules,
                    self._folder(),
                    _inspector(rules, name, self._own),
                )
            except NotebookUnreadable as error:
                return error

    def _writes(self, name: str, claim: str) -> bool:
        from autograder.notebook.document import NotebookUnreadable, read_document

        try:
            document = read_document(self.folder / self._descriptions[name]["path"])
        except NotebookUnreadable:
            return False
        text = "\n".join(cell.source for cell in document.cells)
        return "save_claims" in text and (f'"{claim}"' in text or f"'{claim}'" in text)

    def _folder(self) -> Path:
        if self._scratch is None:
            self._scratch = Path(tempfile.mkdtemp(prefix="autograder-notebooks-"))
            weakref.finalize(self, shutil.rmtree, self._scratch, ignore_errors=True)
            put_released(self.folder, self._released, self._scratch, link=False)
        return self._scratch


def _put_referred_files(source: Path, paths: Sequence[str], folder: Path) -> None:
    """Copy the files that a notebook refers to where it runs; it may write to its copies."""
    for path in paths:
        target = folder / path
        if (source / path).is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / path, target)


def _raise_what_kept(run: Any) -> None:
    """Raise the error of the cell that should have saved claims."""
    for failure in run.failures:
        if "save_claims(" in failure.cell.source:
            raise failure.root.with_traceback(failure.root.__traceback__)


def _inspector(rules: "Rules", name: str, own: frozenset[str]) -> Callable[[ast.Module, int], None]:
    from autograder.notebook.document import place_of

    inspector = Inspector(RuleChecker.read(vars(rules)), name, own | _SHELL)

    def inspect(tree: ast.Module, cell: int) -> None:
        inspector.inspect(tree, place_of(rules.path, cell))

    return inspect
