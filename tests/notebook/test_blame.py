"""A missing variable raises the error of the cell that owes it, and no other."""

import pytest


def error_of(run, name):
    with pytest.raises(BaseException) as caught:  # noqa: PT011
        run.blame.value(name)
    return caught.value


STUB = "raise NotImplementedError('a1/{0}: write its cell in analysis.ipynb')"


def test_what_stands_before_the_failing_line_is_there(run):
    done = run("a = 1\nb = 1 / 0\nc = 3")
    assert done.blame.value("a") == 1
    for name in "bc":
        assert isinstance(error_of(done, name), ZeroDivisionError)


def test_a_later_cell_can_make_up_for_it(run):
    assert run("a = 1 / 0", "a = 2").blame.value("a") == 2


def test_an_earlier_value_stands_where_a_later_cell_fails(run):
    assert run("a = 1", "a = 1 / 0").blame.value("a") == 1


@pytest.mark.parametrize("placeholder", ["None", "..."])
def test_a_placeholder_does_not_stand_for_the_value(run, placeholder):
    done = run(f"a = {placeholder}", "a = 1 / 0")
    assert isinstance(error_of(done, "a"), ZeroDivisionError)


def test_a_list_that_was_to_be_filled_is_not_taken_as_it_is(run):
    done = run("losses = []\nother = []", "for i in range(3):\n    losses.append(1 / (1 - i))")
    assert isinstance(error_of(done, "losses"), ZeroDivisionError)
    assert done.blame.value("other") == []


def test_code_that_is_no_python_owes_what_it_seems_to_assign(run):
    done = run("def area(:\n    pass\nwidth = 3", "x = 1")
    for name in ("area", "width"):
        assert isinstance(error_of(done, name), SyntaxError)
    assert done.blame.value("x") == 1


def test_what_follows_from_a_stub_is_the_stub(run):
    done = run(
        f"def train():\n    {STUB.format('train')}",
        "history = train()",
        "best = max(history)",
        "def plot():\n    return best\nshown = plot()",
    )
    for name in ("history", "best", "shown"):
        assert str(error_of(done, name)).startswith("a1/train: ")


def test_a_stub_at_the_top_of_a_cell_owes_what_its_words_speak_of(run):
    done = run(
        "# %% [markdown]\nCount the images: `sizes` has one number for each part.",
        STUB.format("count"),
        "# mean: of all images\n" + STUB.format("mean"),
        "total = sum(sizes)",
    )
    assert str(error_of(done, "sizes")).startswith("a1/count: ")
    assert str(error_of(done, "mean")).startswith("a1/mean: ")
    assert str(error_of(done, "total")).startswith("a1/count: ")


def test_lists_that_a_stub_was_to_fill_are_not_attempted(run):
    done = run(
        "EPOCHS = 3\nhistory = {'loss': []}\n" + STUB.format("train"), "a = history['loss'][0]"
    )
    assert str(error_of(done, "history")).startswith("a1/train: ")
    assert str(error_of(done, "a")).startswith("a1/train: ")
    assert done.blame.value("EPOCHS") == 3


def test_a_name_that_nothing_speaks_of_may_be_what_a_stub_is_for(run):
    done = run("x = 1", STUB.format("mean"))
    error = error_of(done, "something")
    assert isinstance(error, NotImplementedError)
    assert str(error) == (
        "analysis.ipynb defines no `something`; still to be written: a1/mean: write its cell in "
        "analysis.ipynb"
    )


def test_without_stubs_it_is_missing(run):
    done = run("history = 1", "1 / 0")
    assert str(error_of(done, "x")) == "analysis.ipynb defines no `x`"
    assert "did you mean `history`?" in str(error_of(done, "histori"))
    assert type(error_of(done, "x")) is AttributeError


def test_star_imports_owe_what_nobody_else_does(run):
    done = run("from a_package_that_is_missing import *", "x = 1")
    assert isinstance(error_of(done, "anything"), ModuleNotFoundError)


def test_names_of_builtins_are_nobodys(run):
    done = run("# print the mean\n" + STUB.format("mean"), "x = print.missing", "y = undefined")
    assert isinstance(error_of(done, "x"), AttributeError)
    assert isinstance(error_of(done, "y"), NameError)


def test_errors_that_lie_about_themselves_do_no_harm(run):
    done = run(
        "class Odd(NameError):\n    name = property(lambda self: 1 / 0)",
        "a = 1\nraise Odd()\nb = 2",
        "error = NameError('x')\nerror.name = ['a']\nraise error",
    )
    assert len(done.failures) == 2 and type(error_of(done, "b")).__name__ == "Odd"
