"""Draw vehicles and animals: a stand-in for CIFAR-10 if the real one is not available.

Each image is one object, 32 × 32 in colour, in front of a sky, a meadow, water or a road. Where it
is, how large, which way it looks and its colours differ from image to image, so that a single pixel
says little: what counts is the form.
"""

import numpy as np
import numpy.typing as npt

from autograder.datasets.drawing import CHUNK, Floats, Painter, oval, quad

CLASSES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip
COUNTS = {"train": 10_000, "validation": 2_000, "test": 2_000}
SIDE = 32
SEED = 20263
VERSION = 1  # increase it whenever the bytes change

MAIN, SECOND, DARK = 0, 1, 2  # the colours of a part
_LEGS = [
    (quad(0.2, 0.72, 0.05, 0.05, -0.34, -0.36), MAIN),
    (quad(0.2, 0.72, 0.05, 0.05, 0.3, 0.32), MAIN),
]
PARTS = {
    "airplane": [
        (quad(-0.42, 0.0, 0.06, 0.16, 0.1, -0.06), SECOND), (oval(0.0, 0.0, 0.78, 0.13), MAIN),
        (quad(0.0, 0.45, 0.16, 0.07, -0.06, 0.14), SECOND),
        (quad(-0.34, 0.0, 0.06, 0.12, 0.72, 0.6), MAIN), (oval(-0.6, -0.03, 0.08, 0.05), DARK),
    ],
    "automobile": [
        (quad(-0.38, 0.02, 0.28, 0.48), MAIN), (quad(-0.3, 0.0, 0.2, 0.34), SECOND),
        (quad(-0.04, 0.3, 0.74, 0.8), MAIN), (oval(-0.45, 0.3, 0.17, 0.17), DARK),
        (oval(0.45, 0.3, 0.17, 0.17), DARK), (oval(-0.74, 0.1, 0.06, 0.05), SECOND),
    ],
    "bird": [
        (quad(-0.12, 0.16, 0.04, 0.12, 0.62, 0.42), SECOND), (oval(0.0, 0.06, 0.42, 0.27), MAIN),
        (oval(-0.38, -0.26, 0.17, 0.16), MAIN), (quad(-0.3, -0.2, 0.02, 0.1, -0.58, -0.56), DARK),
        (quad(0.3, 0.66, 0.025, 0.025, -0.05, -0.08), DARK), (oval(0.1, 0.04, 0.24, 0.12), SECOND),
        (oval(-0.42, -0.3, 0.04, 0.04), DARK),
    ],
    "cat": [
        (quad(-0.78, -0.22, 0.01, 0.19, -0.36, -0.32), MAIN),
        (quad(-0.78, -0.22, 0.01, 0.19, 0.36, 0.32), MAIN), (oval(0.0, 0.02, 0.52, 0.46), MAIN),
        (oval(-0.2, -0.06, 0.08, 0.09), DARK), (oval(0.2, -0.06, 0.08, 0.09), DARK),
        (oval(0.0, 0.2, 0.16, 0.1), SECOND), (oval(0.0, 0.14, 0.05, 0.04), DARK),
    ],
    "deer": [
        *_LEGS, (oval(0.0, 0.12, 0.44, 0.2), MAIN),
        (quad(-0.34, 0.12, 0.07, 0.13, -0.46, -0.34), MAIN), (oval(-0.52, -0.36, 0.16, 0.1), MAIN),
        (quad(-0.85, -0.42, 0.03, 0.03, -0.56, -0.46), DARK),
        (quad(-0.85, -0.42, 0.03, 0.03, -0.22, -0.42), DARK),
        (oval(0.42, 0.04, 0.07, 0.09), SECOND),
    ],
    "dog": [
        (oval(-0.46, 0.0, 0.15, 0.38), SECOND), (oval(0.46, 0.0, 0.15, 0.38), SECOND),
        (oval(0.0, 0.0, 0.42, 0.52), MAIN), (oval(0.0, 0.26, 0.24, 0.2), SECOND),
        (oval(-0.17, -0.12, 0.07, 0.07), DARK), (oval(0.17, -0.12, 0.07, 0.07), DARK),
        (oval(0.0, 0.17, 0.11, 0.08), DARK),
    ],
    "frog": [
        (oval(-0.52, 0.34, 0.26, 0.16), MAIN), (oval(0.52, 0.34, 0.26, 0.16), MAIN),
        (oval(0.0, 0.14, 0.56, 0.36), MAIN), (oval(-0.26, -0.24, 0.14, 0.13), MAIN),
        (oval(0.26, -0.24, 0.14, 0.13), MAIN), (oval(-0.26, -0.25, 0.06, 0.06), DARK),
        (oval(0.26, -0.25, 0.06, 0.06), DARK), (oval(0.0, 0.3, 0.34, 0.16), SECOND),
    ],
    "horse": [
        *_LEGS, (oval(0.0, 0.08, 0.48, 0.26), MAIN),
        (quad(-0.5, 0.1, 0.1, 0.2, -0.48, -0.32), MAIN),
        (quad(-0.52, -0.28, 0.1, 0.17, -0.62, -0.56), MAIN),
        (quad(-0.54, 0.0, 0.05, 0.08, -0.36, -0.16), DARK),
        (quad(-0.02, 0.5, 0.05, 0.07, 0.48, 0.6), DARK),
    ],
    "ship": [
        (quad(-0.75, -0.2, 0.025, 0.025, 0.1, 0.1), DARK), (quad(-0.32, 0.12, 0.3, 0.36), SECOND),
        (quad(-0.55, -0.3, 0.08, 0.08, 0.15, 0.15), MAIN), (quad(0.1, 0.45, 0.8, 0.58), MAIN),
        (quad(-0.2, -0.1, 0.24, 0.24), DARK), (quad(0.14, 0.2, 0.74, 0.72), SECOND),
    ],
    "truck": [
        (quad(-0.52, 0.24, 0.52, 0.52, 0.2, 0.2), MAIN),
        (quad(-0.22, 0.26, 0.18, 0.24, -0.54, -0.54), SECOND),
        (quad(-0.16, 0.0, 0.12, 0.15, -0.56, -0.57), DARK), (oval(-0.5, 0.32, 0.14, 0.14), DARK),
        (oval(0.22, 0.32, 0.14, 0.14), DARK), (oval(0.54, 0.32, 0.14, 0.14), DARK),
    ],
}  # fmt: skip

_SKY, _MEADOW, _WATER, _ROAD, _ROOM = range(5)
# The colours of the upper and the lower half of a background.
_GROUNDS = np.array(
    [
        [(0.55, 0.72, 0.90), (0.75, 0.83, 0.90)], [(0.60, 0.72, 0.60), (0.38, 0.52, 0.26)],
        [(0.66, 0.76, 0.84), (0.26, 0.42, 0.56)], [(0.62, 0.62, 0.60), (0.44, 0.43, 0.42)],
        [(0.60, 0.50, 0.42), (0.50, 0.40, 0.34)],
    ],
    np.float32,
)  # fmt: skip
# The background where objects of a class usually are; it is another one in every second image.
_USUAL = np.array([_SKY, _ROAD, _SKY, _ROOM, _MEADOW, _ROOM, _MEADOW, _MEADOW, _WATER, _ROAD])


def draw_split(split: str, seed: int = SEED) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Draw the images `(N, 32, 32, 3)` and labels `(N,)` of "train", "validation" or "test"."""
    rng = np.random.default_rng([seed, list(COUNTS).index(split)])
    order = rng.permutation(COUNTS[split])
    labels = np.sort(np.arange(COUNTS[split]) % len(CLASSES))
    pieces = []
    for label in range(len(CLASSES)):
        left = int((labels == label).sum())
        while left > 0:
            pieces.append(draw(label, min(left, CHUNK), rng))
            left -= CHUNK
    return np.concatenate(pieces)[order], labels[order].astype(np.int64)


def draw(label: int, count: int, rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Draw objects of one class: `(count, 32, 32, 3)`."""
    painter = Painter(count, SIDE, 3, rng)
    _background(painter, label)
    painter.place(shift=0.14, stretch=0.22, slant=0.16, mirrored=True)
    main, second = _colour(painter, 0.5), _colour(painter, 0.6)
    colours = {MAIN: main, SECOND: second, DARK: [painter.uniform(0.02, 0.2)] * 3}
    for part, colour in PARTS[CLASSES[label]]:
        whole = np.repeat(np.array([part], np.float32), count, axis=0)
        mask = painter.mask(painter.vary(whole, 0.03), 0.1)
        shade = 1 + painter.y * painter.normal(-0.15, 0.1)
        painter.paint(mask * painter.uniform(0.75, 1), [tone * shade for tone in colours[colour]])
    return painter.develop(noise=0.05)


def _background(painter: Painter, label: int) -> None:
    usual = painter.uniform(0, 1) < 0.5
    other = np.floor(painter.uniform(0, 1) * len(_GROUNDS)).astype(np.int64)
    ground = _GROUNDS[np.where(usual, _USUAL[label], other).reshape(-1)]  # (n, 2, 3)
    lower = np.clip((painter.y - painter.uniform(-0.3, 0.4)) * 4 + 0.5, 0, 1)
    light = painter.normal(1, 0.18)
    for colour, plane in enumerate(painter.planes):
        top, bottom = ground[:, 0, colour : colour + 1], ground[:, 1, colour : colour + 1]
        tint = painter.normal(0, 0.07)
        plane += (top + (bottom - top) * lower + tint) * light
    for _ in range(3):  # things that are not what the image shows
        place = np.repeat(np.array([oval(0, 0, 0.22, 0.16)], np.float32), painter.count, axis=0)
        spot = painter.mask(painter.vary(place, 0.45), 0.3) * painter.uniform(0, 0.6)
        painter.paint(spot, _colour(painter, 0.5))


def _colour(painter: Painter, mean: float) -> list[Floats]:
    """Draw a colour: a brightness, and a tint that is mostly faint."""
    light = painter.normal(mean, 0.22)
    return [np.clip(light + painter.normal(0, 0.13), 0.02, 1) for _ in range(3)]
