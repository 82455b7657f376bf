"""Images and words are recognised in figures as a person would."""

import numpy as np
import pytest

from autograder.rubric.pictures import has_words, index_of

IMAGES = np.random.default_rng(4).integers(0, 256, size=(40, 6, 6, 3)).astype(np.uint8)


@pytest.mark.parametrize(
    "drawn",
    [
        lambda image: image,
        lambda image: image / 255,
        lambda image: (image / 255).astype(np.float32),
        lambda image: (image.astype(np.float32) / 255 - 0.5) / 0.5 * 0.5 + 0.5,
        lambda image: np.dstack([image, np.full((6, 6), 255, np.uint8)]),
        lambda image: image.astype(np.int64),
    ],
)
def test_an_image_is_recognised(drawn):
    assert [index_of(drawn(image), IMAGES) for image in IMAGES] == list(range(40))


@pytest.mark.parametrize(
    "shown",
    [
        255 - IMAGES[3],
        IMAGES[3][:5],
        IMAGES[3][..., 0],
        np.full((6, 6, 3), np.nan),
        np.full((6, 6, 3), np.inf),
        np.zeros((6, 6, 3), dtype=bool),
    ],
)
def test_another_image_is_none_of_them(shown):
    assert index_of(shown, IMAGES) == -1


def test_grey_images_and_no_images():
    grey = IMAGES[..., 0]
    assert index_of(grey[7] / 255, grey) == 7
    assert index_of(grey[7], grey[:0]) == -1


@pytest.mark.parametrize(
    "text",
    ["Red cell", "true: red-cell", "red_cell (0.93)", "a red\ncell!", "RED CELL", "Red cells"],
)
def test_words_are_found(text):
    assert has_words(text, "red cell")


@pytest.mark.parametrize(
    "text",
    [
        "a red ce\nll",
        "red ce-\nll (0.9)",
        "re\nd\ncell",
        "true: r\ned_cell",
        "RED\nCE\nLL",
        "red ce \n ll",
    ],
)
def test_a_line_may_end_within_a_word(text):
    assert has_words(text, "red cell")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "red",
        "cell red",
        "reds cell",
        "infrared cell",
        "red cellist",
        "red ce ll",
    ],
)
def test_other_words_are_not(text):
    assert not has_words(text, "red cell")
