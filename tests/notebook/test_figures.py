"""Figures come out as what a reader sees on them."""

import numpy as np
import pytest

HEAD = "import matplotlib.pyplot as plt\nimport numpy as np"


@pytest.fixture
def shown(run):
    """The figures that a cell shows."""

    def shown(*cells, **rules):
        done = run(HEAD, *cells, **rules)
        assert done.failures == []
        return done.figures

    return shown


@pytest.fixture
def axes_of(shown):
    """The only axes of the only figure that a cell shows."""

    def axes_of(source):
        [figure] = shown(source)
        [axes] = figure["axes"]
        return axes

    return axes_of


def test_words_of_a_plot(axes_of):
    axes = axes_of(
        "plt.plot([1, 2, 3], label='train')\nplt.plot([2, 3], [4, 5], label='validation')\n"
        "plt.title('Loss')\nplt.xlabel('epoch')\nplt.ylabel('nats')\nplt.legend()\n"
        "plt.text(1, 1, 'here')\nplt.suptitle('All')\nplt.xticks([0, 1], ['one', 'two'])"
    )
    assert (axes["title"], axes["xlabel"], axes["ylabel"]) == ("Loss", "epoch", "nats")
    assert axes["legend"] == ["train", "validation"] and axes["texts"] == ["here"]
    assert axes["xticklabels"] == ["one", "two"]
    assert [line["label"] for line in axes["lines"]] == ["train", "validation"]
    assert axes["lines"][0]["x"].tolist() == [0, 1, 2]
    assert axes["lines"][1]["y"].tolist() == [4, 5]


def test_figures_belong_to_the_cells_that_show_them(shown):
    figures = shown(
        "plt.plot([1])\nplt.show()\nplt.plot([2])",
        "figure, axes = plt.subplots()\naxes.set_title('kept')\nplt.close(figure)",
        "figure.suptitle('again')\nfigure",
        "plt.figure()\nplt.title('not shown')\nplt.close()",
        "from IPython.display import display\nfor i in range(2):\n"
        "    f = plt.figure()\n    f.suptitle(i)\n    f.show()\n    display(f)\n    plt.close(f)",
    )
    assert [figure["cell"] for figure in figures] == [2, 2, 4, 6, 6]
    assert [figure["title"] for figure in figures] == ["", "", "again", "0", "1"]


def test_a_figure_of_a_failing_cell_is_shown_as_far_as_it_came(run):
    done = run(HEAD, "plt.plot([1])\n1 / 0\nplt.title('x')")
    assert len(done.figures) == 1 and len(done.failures) == 1


@pytest.mark.parametrize(
    "source",
    [
        "plt.plot([1], label='a')\nplt.plot([2], label='b')\nplt.legend()",
        "plt.plot([1])\nplt.plot([2])\nplt.legend(['a', 'b'])",
        "plt.plot([[1, 2], [3, 4]], label=['a', 'b'])\nplt.legend()",
        "a, = plt.plot([1])\nb, = plt.plot([2])\nplt.legend([a, b], ['a', 'b'])",
        "import pandas\npandas.DataFrame({'a': [1, 2], 'b': [3, 4]}).plot()",
        "plt.plot([1], label='a')\nplt.plot([2], label='b')\nplt.axhline(1)\nplt.legend()",
        "plt.plot([1], label='a')\nplt.plot([2], label='b')\nplt.axvline(1)\nplt.legend()",
        "plt.plot([1], label='a')\nplt.errorbar([1], [2], [1], capsize=2, label='b')\nplt.legend()",
        "plt.semilogy([1], label='a')\nplt.step([1], [1], label='b')\nplt.gcf().legend()",
    ],
)
def test_lines_and_their_names(axes_of, source):
    axes = axes_of(source)
    assert [line["label"] for line in axes["lines"]] == ["a", "b"]
    assert axes["legend"][:2] == ["a", "b"]


@pytest.mark.parametrize(
    "source",
    [
        "plt.bar(['cat', 'dog'], [3, 4])",
        "plt.bar([0, 1], [3, 4], tick_label=['cat', 'dog'])",
        "plt.bar(range(2), [3, 4])\nplt.xticks(range(2), ['cat', 'dog'], rotation=90)",
        "plt.barh(['cat', 'dog'], [3, 4])",
        "plt.bar([0, 1], [3, 4], label=['cat', 'dog'])\nplt.legend()",
        "plt.bar([0, 1], [3, 4], width=0.3)\nplt.gca().set_xticks([0.1, 1.1], ['cat', 'dog'])",
        "import pandas\npandas.Series([3, 4], ['cat', 'dog']).plot.bar()",
    ],
)
def test_bars_and_their_names(axes_of, source):
    [bars] = axes_of(source)["bars"]
    assert bars["heights"].tolist() == [3, 4] and bars["names"] == ["cat", "dog"]
    np.testing.assert_allclose(bars["positions"], [0, 1], atol=1e-9)


def test_groups_of_bars_and_histograms(axes_of):
    axes = axes_of(
        "x = np.arange(2)\nplt.bar(x - 0.2, [1, 2], 0.4, label='a')\n"
        "plt.bar(x + 0.2, [3, 4], 0.4, label='b')\nplt.xticks(x, ['cat', 'dog'])\nplt.legend()"
    )
    assert [bars["label"] for bars in axes["bars"]] == ["a", "b"]
    assert [bars["names"] for bars in axes["bars"]] == [["cat", "dog"]] * 2
    [bars] = axes_of("plt.hist([1, 1, 2, 3], bins=3)")["bars"]
    assert bars["heights"].tolist() == [2, 1, 1]


@pytest.mark.parametrize(
    "draw",
    [
        "plt.imshow(m, cmap='Blues')",
        "plt.matshow(m)",
        "plt.pcolormesh(m)\nplt.gca().invert_yaxis()",
        "plt.pcolor(m)",
        "plt.imshow(m)\nplt.colorbar()",
        "figure, axes = plt.subplots()\nfigure.colorbar(axes.imshow(m), ax=axes)",
        "import sklearn.metrics\nsklearn.metrics.ConfusionMatrixDisplay(m).plot()",
    ],
)
def test_heat_maps_are_images(axes_of, draw):
    axes = axes_of(f"m = np.arange(9.0).reshape(3, 3)\n{draw}")
    [image] = axes["images"]
    assert image["values"].tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert image["colour"] is False


def test_labels_of_a_confusion_matrix(axes_of):
    axes = axes_of(
        "from sklearn.metrics import ConfusionMatrixDisplay\n"
        "ConfusionMatrixDisplay(np.eye(2, dtype=int), display_labels=['cat', 'dog']).plot()"
    )
    assert axes["xticklabels"] == axes["yticklabels"] == ["cat", "dog"]
    assert (axes["xlabel"], axes["ylabel"]) == ("Predicted label", "True label")
    assert sorted(axes["texts"]) == ["0", "0", "1", "1"]


def test_a_grid_of_colour_images(shown):
    [figure] = shown(
        "figure, all_axes = plt.subplots(2, 3)\nfor i, axes in enumerate(all_axes.flat):\n"
        "    axes.axis('off')\n    axes.set_title(f'image {i}')\n"
        "    axes.imshow(np.full((4, 5, 3), i, np.uint8)) if i < 5 else None"
    )
    assert [axes["title"] for axes in figure["axes"]] == [f"image {i}" for i in range(6)]
    images = [axes["images"] for axes in figure["axes"]]
    assert [len(found) for found in images] == [1, 1, 1, 1, 1, 0]
    assert images[2][0]["values"].dtype == np.uint8 and images[2][0]["values"].shape == (4, 5, 3)
    assert images[2][0]["colour"] and (images[2][0]["values"] == 2).all()


def test_subplots_share_labels_and_legends(shown):
    [figure] = shown(
        "figure, (top, bottom) = plt.subplots(2, sharex=True)\nbottom.set_xlabel('depth')\n"
        "top.plot([1], label='he')\nbottom.plot([1], label='he')\nfigure.legend(['he'])\n"
        "figure.supylabel('value')"
    )
    assert [axes["xlabel"] for axes in figure["axes"]] == ["depth", "depth"]
    assert [axes["ylabel"] for axes in figure["axes"]] == ["value", "value"]
    assert [axes["legend"] for axes in figure["axes"]] == [["he"], ["he"]]


def test_both_sides_of_twin_axes(shown):
    [figure] = shown(
        "left = plt.gca()\nleft.plot([1], label='loss')\nleft.set_ylabel('loss')\n"
        "left.set_xlabel('epoch')\nright = left.twinx()\nright.plot([2], label='accuracy')\n"
        "right.set_ylabel('accuracy')"
    )
    assert [axes["ylabel"] for axes in figure["axes"]] == ["loss", "accuracy"]
    assert [axes["xlabel"] for axes in figure["axes"]] == ["epoch", "epoch"]


def test_points(axes_of):
    [points] = axes_of("plt.scatter([1, 2], [3, 4], label='cells')")["points"]
    assert (points["label"], points["x"].tolist(), points["y"].tolist()) == (
        "cells",
        [1, 2],
        [3, 4],
    )


def test_what_is_not_visible_is_left_out(axes_of):
    axes = axes_of(
        "line, = plt.plot([1])\nline.set_visible(False)\nplt.plot([], [])\nplt.axis('off')"
    )
    assert axes["lines"] == [] and axes["xticklabels"] == []


def test_large_things_are_cut(shown):
    [figure] = shown(
        "plt.plot(np.zeros(1_000_000))\nplt.imshow(np.zeros((3000, 2000)))\nplt.title('x' * 9999)"
    )
    [axes] = figure["axes"]
    assert len(axes["lines"][0]["x"]) == len(axes["lines"][0]["y"]) <= 50_000
    assert max(axes["images"][0]["values"].shape) <= 512 and len(axes["title"]) == 500
    assert len(
        shown("for i in range(300):\n    plt.figure()\n    plt.close() if i % 2 else plt.show()")
    )
    many = shown("for i in range(250):\n    plt.figure()\n    plt.show()")
    assert len(many) == 200


def test_objects_that_lie_are_skipped(shown):
    [figure] = shown(
        "line, = plt.plot([1, 2], label='a')\n"
        "class Line(type(line)):\n"
        "    def get_xdata(self, orig=True): raise SystemError\n"
        "class Text(str):\n"
        "    def strip(self): raise ValueError\n"
        "line.__class__ = Line\n"
        "plt.plot([3])\nplt.gca().title.get_text = lambda: 3\n"
        "plt.xlabel('fine')\nplt.gca().yaxis.label.get_text = lambda: Text('odd')"
    )
    [axes] = figure["axes"]
    assert len(axes["lines"]) == 1 and axes["title"] == "" and axes["xlabel"] == "fine"
    assert type(axes["ylabel"]) is str


def test_a_figure_that_cannot_be_read_costs_itself_only(run):
    done = run(
        HEAD,
        "from matplotlib.figure import Figure\nclass Odd(Figure):\n"
        "    axes = property(lambda self: None)\nplt.figure(FigureClass=Odd)\nplt.show()",
        "plt.plot([1])",
    )
    assert [figure["cell"] for figure in done.figures] == [3]


@pytest.mark.parametrize("backend", ["Agg", "TkAgg", "module://matplotlib_inline.backend_inline"])
def test_the_backend_is_not_for_the_notebook_to_choose(shown, backend):
    figures = shown(f"import matplotlib\nmatplotlib.use({backend!r})\nplt.plot([1])\nplt.show()")
    assert len(figures) == 1


def test_saving_and_layout_work(shown):
    figures = shown(
        "figure, axes = plt.subplots(1, 2, figsize=(4, 2))\nplt.tight_layout()\n"
        "plt.savefig('figure.png', dpi=20)\nplt.style.use('ggplot')\nplt.rcParams['font.size'] = 8"
        "\nplt.ion()\nplt.pause(0.001)\nplt.show(block=False)"
    )
    assert len(figures) == 1
