"""Which mutants there are, and what variants off by a rounding error are made of."""

import pytest

from autograder.assignment import load_assignment
from autograder.audit.marked import marked_regions
from autograder.audit.mutants import mutants_of, rounded, spread
from autograder.release import solution_files

SOLUTION = "solutions/tiny/shapes/area.py"


@pytest.fixture
def mutated(course):
    """The mutants of lines of code in the place of a solution's, as the lines that differ."""

    def mutated(*lines):
        path = course / SOLUTION
        text = path.read_text()
        code = "".join(f"    {line}\n" for line in lines)
        old = text[text.index("    # np.multiply makes") : text.index("    # END SOLUTION")]
        path.write_text(text.replace(old, code))
        assignment = load_assignment(course, "tiny")
        found = mutants_of(marked_regions(assignment))
        files = solution_files(assignment)
        for mutant in found:
            compile(mutant.make(files)["shapes/area.py"], "area.py", "exec")
        return {one.mutated for one in found if one.region.item == "t1-square"}

    return mutated


# a line -> what becomes of it, beside the result that is wrong by one per cent
MUTATED = {
    "return x + x": {"return x - x"},
    "return (x) * (x)": {"return (x) / (x)"},
    "return x.T @ x": {"return x.T * x", "return (x) @ x"},
    "return x ** 2.5": {"return x * 2.5", "return x ** 5.0"},
    "return x.sum(axis=0)": {
        "return x.mean(axis=0)", "return x.sum()", "return x.sum(axis=1)",
    },
    "return x.sum(keepdims=True)": {
        "return x.mean(keepdims=True)", "return x.sum(keepdims=False)", "return x.sum()",
    },
    "return x[2:len(x)]": {
        "return x[3:len(x)]", "return x[1:len(x)]", "return x[:len(x)]", "return x[2:]",
        "return x[2:(len(x)) - 1]",
    },
    "return x < 1": {"return x <= 1", "return x >= 1", "return x < 2", "return x < 0"},
    "return x is not None": {"return x is None"},
    "return x if x.any() and x.all() else -x": {
        "return x if x.all() and x.all() else -x", "return x if x.any() and x.any() else -x",
        "return x if x.any() or x.all() else -x", "return x if x.any() and x.all() else (x)",
        "return x if not (x.any() and x.all()) else -x",
    },
    "return np.sqrt(x)": {"return (x)"},
    "return np.maximum(x, x)": {"return np.minimum(x, x)"},
}  # fmt: skip


@pytest.mark.parametrize("line", MUTATED)
def test_a_line_becomes(mutated, line):
    value = line.removeprefix("return ")
    scaled = f"return 1.01 * ({value})"
    assert mutated(line) == MUTATED[line] | {scaled}


def test_statements_are_dropped_and_loops_end_early(mutated):
    found = mutated("for one in range(len(x)):", "    x[one] *= 1.5", "return x")
    assert found == {
        "for one in range((len(x)) - 1):",
        "pass",
        "x[one] /= 1.5",
        "x[one] *= 3.0",
        "return 1.01 * (x)",
    }


def test_a_change_in_place_becomes_another_array(mutated):
    found = mutated("for row in x:", "    row -= x.size", "return x")
    assert "row = row - (x.size)" in found


def test_messages_docstrings_and_imports_are_left_alone(mutated):
    found = mutated(
        "def helper(x: 1 = 0) -> 2:",
        '    """Return 1 + 1."""',
        "    raise ValueError(f'{x + 1} is more than {2}')",
        "import math as mathematics",
        "return helper",
    )
    assert found == {"def helper(x: 1 = 1) -> 2:", "return 1.01 * (helper)"}


def test_only_regions_are_changed(tiny):
    mutants = mutants_of(marked_regions(tiny))
    text = (tiny.root / SOLUTION).read_text().splitlines()
    assert {mutant.original for mutant in mutants} <= {line.strip() for line in text}
    for mutant in mutants:
        assert text[mutant.line - 1].strip() == mutant.original
    assert not any("N, D = X.shape" in mutant.original for mutant in mutants)


def test_the_same_mutants_come_out_every_time(course):
    assignment = load_assignment(course, "noted")
    notebooks = ["squares.ipynb"]
    one, other = (mutants_of(marked_regions(assignment), notebooks) for _ in range(2))
    assert [mutant.id for mutant in one] == [mutant.id for mutant in other]
    few = spread(one, 4)
    assert len(few) == 4 and [mutant for mutant in one if mutant in few] == few
    assert mutants_of(marked_regions(assignment)) == []


def test_a_mutant_of_a_notebook_changes_one_cell(course):
    assignment = load_assignment(course, "noted")
    files = solution_files(assignment)
    mutants = mutants_of(marked_regions(assignment), ["squares.ipynb"])
    assert mutants
    for mutant in mutants:
        before = files["squares.ipynb"].decode().splitlines()
        after = mutant.make(files)["squares.ipynb"].decode().splitlines()
        changed = sum(one != other for one, other in zip(before, after, strict=True))
        assert changed == 1, mutant


def test_results_off_by_a_rounding_error_are_computed_ones(tiny):
    files = solution_files(tiny)
    text = rounded(marked_regions(tiny), files)["shapes/area.py"].decode()
    namespace = {}
    exec(text, namespace)
    np = namespace["np"]
    x = np.array([3.0, 5.0])
    off = namespace["square"](x) / x**2 - 1
    assert np.all((off > 0) & (off < 1e-12))
    assert namespace["square"](np.array([3])).tolist() == [9]
    # The region below the first one as well.
    off = namespace["row_sums"](np.array([[3.0, 4.0]])) / 7.0 - 1
    assert np.all((off > 0) & (off < 1e-12))
