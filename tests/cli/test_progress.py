"""The progress bar counts what is done, and leaves out what need not be done."""

from autograder.cli.progress import Bar


def test_what_need_not_be_graded_counts_neither_as_done_nor_as_left():
    shown = []
    bar = Bar(3, lambda *words: shown.append(words))
    bar.skip("ada")
    bar.begin("bob", "first")
    bar.begin("bob", "second")
    bar.finish("bob")
    assert [(done, finished, skipped) for done, finished, skipped, _ in shown] == [
        (0, 0, 1), (0, 0, 1), (1, 0, 1), (3, 1, 1),
    ]  # fmt: skip
    assert "bob: second" in shown[2][3]
