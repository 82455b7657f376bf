"""Hash everything except the submission that the outcome of an item depends on.

Two gradings of the same submission under the same hash have the same outcome. The audit and the
records of a class store outcomes by these hashes, and grade again only what a change affects.
"""

import ast
import platform
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType

import autograder
from autograder.assignment import Assignment, Item
from autograder.assignment.released import original_bytes
from autograder.grading.config import GradingConfig
from autograder.grading.planted_code import load_planted
from autograder.grading.run_data import RunData

_LIBRARIES = ("numpy", "pytest", "torch", "matplotlib", "scikit-learn", "ipython")

# Subpackages that the outcome of a grading does not depend on.
_OUTSIDE_GRADING = (
    "audit", "batch", "cli", "container", "gradebook", "gradescope", "intake", "live",
    "release", "report", "similarity", "starter",
)  # fmt: skip


@dataclass(frozen=True)
class CacheKeys:
    """Hashes of everything except the submission that a grading depends on.

    Attributes:
        parts: the name of each part, in an instructor's words, and a hash of it.
        items: for each auto item, a hash of everything that its outcome depends on.
    """

    parts: Mapping[str, str]
    items: Mapping[str, str]

    @property
    def hash(self) -> str:
        """The hash of all parts."""
        return digest(sorted(self.parts.items()), sorted(self.items.items()))

    def differences(self, parts: Mapping[str, str]) -> list[str]:
        """Return the parts that differ from those of other keys."""
        return [name for name in self.parts if parts.get(name) != self.parts[name]]


def make_cache_keys(config: GradingConfig, data: RunData) -> CacheKeys:
    """Return the hashes of what a run depends on."""
    assignment = config.assignment
    circumstances = {
        "the seed": digest(config.run_seed),
        # The name is stored with every grading; another one would count as a change.
        "the data sets": digest(
            [data.whole.sha256_of(name) for name in config.datasets],
            *(sorted(one.small.items()) for one in assignment.datasets),
        ),
        "what a missing layer of the sandbox means": digest(config.policy.insecure),
        "how notebooks are run": digest(config.full),
    }
    common = common_parts(assignment)
    looks = [
        (item.id, item.title, item.problem, item.visibility, item.points, item.extra)
        for item in assignment.items
    ]
    rubric = _rubric(assignment)
    return CacheKeys(
        {
            **common,
            **circumstances,
            "the rubric": digest(sorted(rubric.items())),
            "the list of items": digest(looks),
        },
        _items(common, circumstances, rubric),
    )


def item_digests(assignment: Assignment, circumstances: object) -> dict[str, str]:
    """Return, for each auto item, a hash of everything that its outcome depends on.

    Args:
        assignment: what is graded.
        circumstances: what outcomes depend on in addition to the assignment and this tool.
    """
    return _items(common_parts(assignment), circumstances, _rubric(assignment))


def _items(
    common: Mapping[str, str], circumstances: object, rubric: Mapping[str, str]
) -> dict[str, str]:
    everywhere = digest(common, circumstances)
    return {item_id: digest(everywhere, item_id, own) for item_id, own in rubric.items()}


def _rubric(assignment: Assignment) -> dict[str, str]:
    own = {item.id: digest_of_rubric(assignment, item) for item in assignment.auto_items}
    return {
        item_id: digest([own[one] for one in sorted(assignment.with_foundations([item_id]))])
        for item_id in own
    }


def common_parts(assignment: Assignment) -> dict[str, str]:
    """Return hashes of what the outcomes of all items depend on."""
    notebooks = [
        (replace(one, line=0, fast=MappingProxyType({}), data=MappingProxyType({})),
         sorted(one.fast.items()), sorted(one.data.items()))
        for one in assignment.notebooks
    ]  # fmt: skip
    handed_in = (assignment.id, assignment.packages, assignment.submission_files)
    originals = original_bytes(assignment)
    support = sorted((assignment.rubric_folder / "support").glob("*.py"))
    return {
        "what is handed in": digest(handed_in, notebooks),
        "the files of the release": digest(
            [(path, sha256(data).hexdigest()) for path, data in originals.items()]
        ),
        "the rubric's support modules": digest([(one.name, one.read_bytes()) for one in support]),
        "the autograder": _tool(),
        "Python and its libraries": digest(platform.python_version(), _libraries()),
    }


def digest_of_rubric(assignment: Assignment, item: Item) -> str:
    """Return a hash of an item's score settings and tests, not of other tests in their files."""
    scored = (item.points, item.timeout_s, item.all_or_nothing, item.needs, item.notebook,
              item.rules, item.builds_on, item.tests, item.against, item.inputs)  # fmt: skip
    planted = load_planted(assignment, item) if item.tests else None
    tests = assignment.tests_of(item.id)
    weights = [(test.name, test.weight, test.file, test.counts_with) for test in tests]
    files = sorted({test.file for test in tests})
    return digest(
        scored, planted, weights, [_without_others(assignment, item, file) for file in files]
    )


def digest(*parts: object) -> str:
    """Return a hash of plain values."""
    return sha256(repr(parts).encode()).hexdigest()[:32]


def _without_others(assignment: Assignment, item: Item, file: str) -> str:
    """Return the code of a test file without the tests of other items."""
    others = {test.name for test in assignment.tests if test.file == file and test.item != item.id}
    tree = ast.parse((assignment.rubric_folder / file).read_bytes())
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            node.body = [one for one in node.body if f"{node.name}::{_name(one)}" not in others]
    tree.body = [node for node in tree.body if _name(node) not in others]
    return ast.dump(tree)


def _name(node: ast.stmt) -> str:
    return node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else ""


def _libraries() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            # Builds for other processors differ only after the plus sign.
            found[name] = version(name).partition("+")[0]
        except PackageNotFoundError:
            found[name] = ""
    return found


def _tool() -> str:
    """Return a hash of the packages of this tool that take part in grading."""
    total = sha256()
    folder = Path(autograder.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        if path.relative_to(folder).parts[0] not in _OUTSIDE_GRADING:
            total.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:32]
