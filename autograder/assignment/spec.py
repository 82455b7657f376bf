"""What an assignment is: items, points, tests and the folders they live in.

    Assignment ─┬─ packages   what students hand in
                ├─ notebooks  the same
                ├─ problems   what the handout asks, with points
                ├─ items      what is scored, each a part of one problem
                └─ tests      the rubric's tests, each for one auto item

All of it is plain data: `course.load_assignment` reads and checks it.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from autograder.assignment.patterns import matches
from autograder.assignment.suggestion import did_you_mean
from autograder.errors import Problem, UsageError

KINDS = ("auto", "written", "file")
FORMATS = ("pdf", "image", "text")
VISIBILITIES = ("visible", "hidden", "after_due_date", "after_published")
DATASETS = ("bloodmnist", "cifar-10", "fashion-mnist", "mnist")
NEEDS = ("torch", "cuda-optional", *DATASETS)
INPUTS = ("numpy", "torch")
SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class CodeRules:
    """What student code may use.

    Attributes:
        allowed_imports: top-level names that it may import, in addition to the standard library and
            what was handed in; None where anything may be imported that is not banned.
        banned_imports: top-level names that it may not import.
        banned_names: dotted patterns of what it may not use within libraries.
    """

    allowed_imports: tuple[str, ...] | None = None
    banned_imports: tuple[str, ...] = ()
    banned_names: tuple[str, ...] = ()

    def __and__(self, other: "CodeRules") -> "CodeRules":
        """Return the rules that hold where both hold."""
        allowed = self.allowed_imports
        if allowed is None:
            allowed = other.allowed_imports
        elif other.allowed_imports is not None:
            allowed = tuple(name for name in allowed if name in other.allowed_imports)
        return CodeRules(
            allowed,
            tuple(dict.fromkeys(self.banned_imports + other.banned_imports)),
            tuple(dict.fromkeys(self.banned_names + other.banned_names)),
        )

    def as_plain(self) -> dict[str, list[str] | None]:
        """Return the fields of `autograder.remote.code_rules.CodeRules`."""
        return {
            "allowed_imports": None if self.allowed_imports is None else list(self.allowed_imports),
            "banned_imports": list(self.banned_imports),
            "banned_names": list(self.banned_names),
        }


@dataclass(frozen=True)
class Package:
    """A Python package, or a single module, that students complete and hand in.

    Attributes:
        path: its place at the top of the release and of a submission: a folder with the final
            slash, or the file of a module, such as `train.py`.
        rules: what its modules may use.
        given: its files that ship complete, as paths from the top of the release.
    """

    path: str
    rules: CodeRules = CodeRules()
    given: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name that Python imports it by."""
        return self.path.removesuffix(".py").rstrip("/")

    @property
    def is_module(self) -> bool:
        """Whether it is a single module and not a folder."""
        return self.path.endswith(".py")

    def contains(self, path: str) -> bool:
        """Return whether a path, from the top of the release, is of one of its files."""
        return path == self.path if self.is_module else path.startswith(self.path)

    def files_in(self, root: Path) -> Iterator[Path]:
        """Yield its files below the top folder `root`, in no particular order, without caches."""
        place = root / self.path
        if self.is_module:
            yield from [place] if place.is_file() else []
            return
        for file in place.rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file


@dataclass(frozen=True)
class Notebook:
    """A notebook that students complete, run and hand in.

    Attributes:
        path: its file at the top of the release and of a submission.
        timeout_s: seconds that its whole run may take in grading.
        cell_timeout_s: seconds that one cell of it may take.
        full_timeout_s: seconds that its whole run may take with the full data and parameters.
        needs: what must be there to run it, words out of `NEEDS`.
        rules: what its own code may use.
        fast: values that variables assigned at the top of a cell get in the fast rerun.
        data: sizes of the splits of the reduced data of the fast rerun, by `SPLITS`.
        line: where assignment.toml declares it.
    """

    path: str
    timeout_s: float = 60.0
    cell_timeout_s: float = 30.0
    full_timeout_s: float = 3600.0
    needs: tuple[str, ...] = ()
    rules: CodeRules = CodeRules()
    fast: Mapping[str, object] = field(default_factory=dict)
    data: Mapping[str, int] = field(default_factory=dict)
    line: int = 0

    @property
    def name(self) -> str:
        """The name that rubric tests call it by."""
        return self.path.removesuffix(".ipynb")

    @property
    def source(self) -> str:
        """The file in the solutions folder that it is made from."""
        return f"{self.name}.py"


@dataclass(frozen=True)
class DatasetSpec:
    """A course's own data, as `autograder.datasets.course_data.CourseFiles`.

    Attributes:
        name: what rubrics and `needs` call it.
        files: split -> a path, or an address that begins with "https://".
        sha256: split -> the checksum of the file.
        labels: the array whose classes keep their shares in small data; "" for none.
        small: split -> how many samples it has in grading.
    """

    name: str
    files: Mapping[str, str]
    sha256: Mapping[str, str]
    labels: str = ""
    small: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ProblemSpec:
    """A problem of the handout.

    Attributes:
        points: the sum of its items' points; without those of its extra items, unless the whole
            problem is extra credit.
        extra: whether all of its items are extra credit.
    """

    id: str
    title: str
    points: float
    extra: bool = False


@dataclass(frozen=True)
class RequestedFiles:
    """The files that answer an item of the kind "file".

    Attributes:
        patterns: their paths in a submission, such as `derivations.pdf` or `scans/*.jpg`.
        accepts: the formats they may have, words out of `FORMATS`.
        most_bytes: the largest size of one file.
    """

    patterns: tuple[str, ...]
    accepts: tuple[str, ...]
    most_bytes: int


@dataclass(frozen=True)
class Item:
    """The smallest thing that has a score of its own.

    Attributes:
        timeout_s: seconds that all its tests together may take.
        all_or_nothing: full points only if every test passes.
        needs: what must be there to grade it, words out of `NEEDS`.
        line: where assignment.toml declares it.
        notebook: path of the notebook that it is judged in, or that its answer is written in;
            "" where it belongs to none.
        rules: what student code may use while it is judged, on top of the rules of its package or
            notebook.
        builds_on: ids of the items before it whose faults it follows: what they have cost is not
            charged again.
        extra: whether its points are extra credit, which count above the assignment's points.
        tests: path of the pytest file that students write for it; "" where the rubric's tests
            score it.
        against: paths of the modules that such a file tests; grading puts right and wrong
            implementations in their place (`autograder.planted`).
        inputs: "torch" where arrays that its tests pass to student code become tensors there.
        requested: the files that answer it, for an item of the kind "file".
    """

    id: str
    problem: str
    title: str
    points: float
    kind: str
    visibility: str
    timeout_s: float
    all_or_nothing: bool
    needs: tuple[str, ...]
    line: int
    notebook: str = ""
    rules: CodeRules = CodeRules()
    builds_on: tuple[str, ...] = ()
    extra: bool = False
    tests: str = ""
    against: tuple[str, ...] = ()
    inputs: str = "numpy"
    requested: RequestedFiles | None = None

    @property
    def is_by_hand(self) -> bool:
        """Whether a person gives its points."""
        return self.kind != "auto"


def points_of(items: Iterable[Item]) -> float:
    """Return what items are worth together, without extra credit."""
    return math.fsum(item.points for item in items if not item.extra)


def extra_points_of(items: Iterable[Item]) -> float:
    """Return the extra credit that items can give."""
    return math.fsum(item.points for item in items if item.extra)


def is_hidden(file: str) -> bool:
    """Whether a file of the rubric is hidden: its name ends in `_hidden.py`, and it never ships."""
    return file.endswith("_hidden.py")


@dataclass(frozen=True)
class RubricTest:
    """One test function of the rubric, as read from its source without running it.

    Attributes:
        name: `test_x`, or `TestClass::test_x`, as pytest writes it.
        title: first line of its docstring, which students read.
        weight: its share of the item's points, relative to the item's other tests.
        file: its file, relative to the rubric folder.
        line: line of its `def`.
        hidden: whether its file is hidden (`is_hidden`).
        counts_with: public tests of the same item; unless they pass, it earns nothing.
    """

    name: str
    title: str
    item: str
    weight: float
    file: str
    line: int
    hidden: bool
    counts_with: tuple[str, ...] = ()

    @property
    def node_id(self) -> str:
        """What pytest calls it when it runs in the rubric folder."""
        return f"{self.file}::{self.name}"

    @property
    def function(self) -> str:
        """The name of its function."""
        return self.name.rpartition("::")[2]


@dataclass(frozen=True)
class Assignment:
    """One assignment of a course, checked.

    Attributes:
        root: the course folder, absolute.
        folder: `assignment/<id>/` in it.
        solutions: `solutions/<id>/` in it; missing where only grading is done.
        copy: further files of `solutions` that ship as they are.
        submission_files: patterns of further files that are handed in, those of items of the kind
            "file" included; files of `solutions` that match belong to the complete solution only.
        datasets: the course's own data.
        untested: a problem for each auto item that no test scores; only an unfinished assignment
            has such items.
    """

    id: str
    title: str
    course: str
    root: Path
    folder: Path
    solutions: Path
    packages: tuple[Package, ...]
    copy: tuple[str, ...]
    problems: tuple[ProblemSpec, ...]
    items: tuple[Item, ...]
    tests: tuple[RubricTest, ...]
    notebooks: tuple[Notebook, ...] = ()
    submission_files: tuple[str, ...] = ()
    datasets: tuple[DatasetSpec, ...] = ()
    untested: tuple[Problem, ...] = ()

    @property
    def rubric_folder(self) -> Path:
        """Where the rubric's tests are."""
        return self.folder / "rubric"

    @property
    def release_folder(self) -> Path:
        """Where the generated release is committed."""
        return self.root / "student_release" / self.id

    @property
    def released_files(self) -> tuple[str, ...]:
        """The files that ship as they are and that student code reads: all but given modules."""
        given = (file for package in self.packages for file in package.given)
        return (*self.copy, *(file for file in given if not file.endswith(".py")))

    @property
    def points(self) -> float:
        """What the assignment is worth, without extra credit."""
        return points_of(self.items)

    @property
    def data_folders(self) -> tuple[Path, ...]:
        """Where files of `datasets` may be; those in the last folder never ship."""
        return self.solutions, self.release_folder, self.folder

    @property
    def auto_items(self) -> tuple[Item, ...]:
        """The items that tests score."""
        return tuple(item for item in self.items if item.kind == "auto")

    @property
    def written_items(self) -> tuple[Item, ...]:
        """The items that a person scores: written answers, and files that are handed in."""
        return tuple(item for item in self.items if item.is_by_hand)

    def item(self, item_id: str) -> Item:
        """Return the item of that id.

        Raises:
            UsageError: there is none; the error suggests what was meant.
        """
        if item_id in self._items_by_id:
            return self._items_by_id[item_id]
        known = [item.id for item in self.items]
        raise UsageError(
            f"no item '{item_id}'",
            f"assignment '{self.id}'",
            did_you_mean(item_id, known) or f"its items are {', '.join(known)}",
        )

    @cached_property
    def _items_by_id(self) -> dict[str, Item]:
        return {item.id: item for item in reversed(self.items)}  # of two with one id, the first

    @cached_property
    def _tests_by_item(self) -> dict[str, tuple[RubricTest, ...]]:
        found: dict[str, tuple[RubricTest, ...]] = {}
        for test in self.tests:
            found[test.item] = (*found.get(test.item, ()), test)
        return found

    def with_foundations(self, item_ids: Iterable[str]) -> set[str]:
        """Return the ids of auto items, and of all items that these build on."""
        found: set[str] = set()
        builds_on = {item.id: item.builds_on for item in self.auto_items}
        waiting = [item_id for item_id in item_ids if item_id in builds_on]
        while waiting:
            item_id = waiting.pop()
            if item_id not in found:
                found.add(item_id)
                waiting += builds_on[item_id]
        return found

    def package_of(self, path: str) -> Package | None:
        """Return the package that a path, from the top of the release, belongs to."""
        return next((package for package in self.packages if package.contains(path)), None)

    def notebook(self, path: str) -> Notebook:
        """Return the notebook of that path, which an item names."""
        return next(notebook for notebook in self.notebooks if notebook.path == path)

    def tests_of(self, item_id: str) -> tuple[RubricTest, ...]:
        """Return the tests that score the item, public ones first as their files sort."""
        return self._tests_by_item.get(item_id, ())

    def public_tests_of(self, item_id: str) -> tuple[RubricTest, ...]:
        """Return the tests of the item that ship to students."""
        return tuple(test for test in self.tests_of(item_id) if not test.hidden)

    def is_submission_file(self, path: str) -> bool:
        """Tell whether a path, from the top of a submission, is of a further file to hand in."""
        return any(matches(path, pattern) for pattern in self.submission_files)

    def show(self, path: Path) -> str:
        """Return `path` as a person in the course folder would type it."""
        return path.relative_to(self.root).as_posix()
