"""Hold the parts of an assignment.toml while it is read."""

from dataclasses import dataclass, field

from autograder.assignment.spec import DatasetSpec, Item, Notebook, Package, ProblemSpec


@dataclass
class Parts:
    """The content of assignment.toml; entries with mistakes are left out."""

    id: str = ""
    title: str = ""
    course: str = ""
    packages: list[Package] = field(default_factory=list)
    notebooks: list[Notebook] = field(default_factory=list)
    datasets: list[DatasetSpec] = field(default_factory=list)
    copy: list[str] = field(default_factory=list)
    submission_files: list[str] = field(default_factory=list)
    problems: list[ProblemSpec] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    written: set[str] = field(default_factory=set)  # ids of all written items, ...
    known: set[str] = field(default_factory=set)  # ... and of all items, including those left out
