"""Hold the parts of an assignment.toml while it is read."""

from dataclasses import dataclass, field

from autograder.assignment.spec import DatasetSpec, Item, Notebook, Package, ProblemSpec

README = "README.md"
GENERATED = (README, "handout.md", "pytest.ini", "tests", "autograder")
"""Names at the top of a release that belong to the tool."""


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
    # Ids of items that a person grades -> their kind, and ids of all items, also of those left out.
    written: dict[str, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
