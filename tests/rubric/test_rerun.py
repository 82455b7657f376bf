"""What a run has left is reported; what another item lacks is charged to no other item."""

import pytest

from autograder.rubric import CheckFailed, StudentError
from autograder.rubric.failures import Frame
from autograder.rubric.rerun import left_by_run
from autograder.rubric.session import RemoteRef


class Notebook(RemoteRef):
    """Stands for the handle of a notebook: variables, and errors of those that are missing."""

    def __init__(self, **variables):
        object.__setattr__(self, "variables", variables)

    def __getattr__(self, name):
        value = self.variables.get(name)
        if value is None:
            value = StudentError("AttributeError", f"defines no `{name}`", (), name)
        if isinstance(value, StudentError):
            raise value
        return value


def raised(kind, message=""):
    return StudentError(kind, message, (Frame("a.ipynb", 1, "", ""),), "a variable")


def test_a_variable_is_returned():
    assert left_by_run(Notebook(loss=[1.0]), "loss") == [1.0]


@pytest.mark.parametrize("kind", ["NotImplementedError", "ValueError", "CellTimeout"])
def test_what_a_cell_could_not_make_is_none(kind):
    assert left_by_run(Notebook(loss=raised(kind)), "loss") is None


def test_what_no_cell_makes_is_the_items_own_fault_only():
    with pytest.raises(StudentError, match="defines no `loss`"):
        left_by_run(Notebook(), "loss")
    assert left_by_run(Notebook(), "loss", own=False) is None


def test_a_cell_above_the_one_that_it_needs_is_told():
    notebook = Notebook(loss=raised("NameError", "name 'model' is not defined"), model="there")
    with pytest.raises(CheckFailed, match="the cell of `loss` needs `model`, which a cell further"):
        left_by_run(notebook, "loss")
    assert left_by_run(notebook, "loss", own=False) is None


def test_a_name_that_nobody_defines_is_none():
    notebook = Notebook(loss=raised("NameError", "name 'model' is not defined"))
    assert left_by_run(notebook, "loss") is None
