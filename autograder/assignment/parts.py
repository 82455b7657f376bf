"""The parts of an assignment.toml while it is read."""

from dataclasses import dataclass, field

from autograder.assignment.spec import Item, Notebook, Package, ProblemSpec


@dataclass
class Parts:
    """What assignment.toml says; an entry with a mistake is left out."""

    id: str = ""
    title: str = ""
    course: str = ""
    packages: list[Package] = field(default_factory=list)
    notebooks: list[Notebook] = field(default_factory=list)
    copy: list[str] = field(default_factory=list)
    submission_files: list[str] = field(default_factory=list)
    problems: list[ProblemSpec] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    written: set[str] = field(default_factory=set)  # ids of all items of that kind, ...
    known: set[str] = field(default_factory=set)  # ... and of all items, also of those left out
