"""Draw garments, shoes and bags: a stand-in for Fashion-MNIST if the real one is not available.

Each image is one garment, 28 × 28 in grey on black, made of six parts with the measures of its
class, and a tone, stripes, shading, prints and noise of its own. Garments of one kind lie between
the classes of that kind: a shirt resembles a T-shirt, a pullover or a coat more or less.
"""

import numpy as np
import numpy.typing as npt

from autograder.datasets.drawing import CHUNK, Floats, Painter, quad

CLASSES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
    "Ankle boot",
)  # fmt: skip
COUNTS = {"train": 10_000, "validation": 2_000, "test": 2_000}
SIDE = 28
SEED = 20262
VERSION = 1  # increase it whenever the bytes change


def _top(
    body: tuple[float, ...],
    sleeve: tuple[float, ...],
    neck: tuple[float, ...],
    line: tuple[float, ...],
    dark: float,
) -> list[tuple[float, ...]]:
    """Return the parts of an upper garment, each with its tone; 0 cuts a hole."""
    kind, y0, y1, half0, half1, x0, x1 = sleeve
    return [
        (*sleeve, 0.93),
        (kind, y0, y1, half0, half1, -x0, -x1, 0.93),
        (*body, 1.0),
        (*neck, 0.0),
        (*line, dark),
        (*quad(0.1, 0.22, 0.1, 0.1, 0.24, 0.24), 0.9),
    ]


def _shoe(
    shaft: tuple[float, ...],
    upper: tuple[float, ...],
    sole: tuple[float, ...],
    openings: tuple[tuple[float, ...], tuple[float, ...]],
    heel: tuple[float, ...],
) -> list[tuple[float, ...]]:
    """Return the parts of a shoe, each with its tone; 0 cuts a hole."""
    parts = [(*shaft, 0.95), (*upper, 1.0), *((*one, 0.0) for one in openings)]
    return [*parts, (*sole, 0.75), (*heel, 0.7)]


_NO_LINE = quad(-0.5, 0.7, 0.01, 0.01)
PARTS = {
    "T-shirt/top": _top(
        quad(-0.75, 0.76, 0.5, 0.48), quad(-0.75, -0.15, 0.17, 0.14, 0.52, 0.74),
        quad(-0.85, -0.58, 0.22, 0.12), _NO_LINE, 1.0,
    ),
    "Pullover": _top(
        quad(-0.72, 0.76, 0.48, 0.48), quad(-0.7, 0.72, 0.16, 0.12, 0.52, 0.76),
        quad(-0.85, -0.62, 0.18, 0.1), _NO_LINE, 1.0,
    ),
    "Dress": _top(
        quad(-0.88, 0.92, 0.28, 0.44), quad(-0.85, -0.45, 0.12, 0.08, 0.3, 0.38),
        quad(-0.95, -0.68, 0.15, 0.08), _NO_LINE, 1.0,
    ),
    "Coat": _top(
        quad(-0.8, 0.9, 0.45, 0.5), quad(-0.76, 0.66, 0.16, 0.13, 0.5, 0.72),
        quad(-0.9, -0.5, 0.18, 0.03), quad(-0.55, 0.9, 0.035, 0.035), 0.45,
    ),
    "Shirt": _top(
        quad(-0.78, 0.84, 0.46, 0.47), quad(-0.76, 0.36, 0.16, 0.13, 0.51, 0.74),
        quad(-0.88, -0.58, 0.17, 0.06), quad(-0.55, 0.84, 0.025, 0.025), 0.72,
    ),
    "Trouser": [
        (*quad(-0.92, 0.93, 0.18, 0.13, -0.15, -0.25), 1.0),
        (*quad(-0.92, 0.93, 0.18, 0.13, 0.15, 0.25), 1.0),
        (*quad(-0.95, -0.72, 0.32, 0.33), 0.9),
        (*quad(-0.35, 0.97, 0.01, 0.12), 0.0),
        (*quad(-0.9, -0.4, 0.02, 0.02), 0.8),
        (*quad(-0.7, -0.55, 0.1, 0.1, 0.2, 0.2), 0.9),
    ],
    "Sandal": _shoe(
        quad(-0.15, 0.35, 0.14, 0.2, 0.5, 0.45), quad(0.0, 0.4, 0.16, 0.35, -0.35, -0.35),
        quad(0.36, 0.5, 0.8, 0.82),
        (quad(0.08, 0.3, 0.1, 0.12, -0.1, -0.1), quad(0.05, 0.32, 0.1, 0.14, 0.25, 0.25)),
        quad(0.4, 0.62, 0.16, 0.12, 0.6, 0.62),
    ),
    "Sneaker": _shoe(
        quad(-0.25, 0.3, 0.3, 0.4, 0.45, 0.38), quad(-0.02, 0.42, 0.3, 0.75, -0.05, -0.08),
        quad(0.36, 0.54, 0.86, 0.84),
        (quad(-0.3, -0.12, 0.14, 0.1, 0.48, 0.45), quad(0.1, 0.16, 0.12, 0.12, -0.2, -0.2)),
        quad(0.44, 0.56, 0.25, 0.25, 0.58, 0.58),
    ),
    "Ankle boot": _shoe(
        quad(-0.82, 0.4, 0.36, 0.42, 0.38, 0.36), quad(-0.05, 0.52, 0.3, 0.72, -0.05, -0.1),
        quad(0.5, 0.64, 0.84, 0.84),
        (quad(-0.9, -0.74, 0.22, 0.18, 0.38, 0.38), quad(-0.4, -0.1, 0.04, 0.04, 0.3, 0.3)),
        quad(0.56, 0.78, 0.2, 0.18, 0.56, 0.58),
    ),
    "Bag": [
        (*quad(-0.82, -0.2, 0.3, 0.44), 0.85),
        (*quad(-0.68, -0.2, 0.2, 0.34), 0.0),
        (*quad(-0.3, 0.78, 0.68, 0.76), 1.0),
        (*quad(-0.26, 0.1, 0.6, 0.55), 0.88),
        (*quad(0.06, 0.2, 0.08, 0.08), 0.5),
        (*quad(0.66, 0.78, 0.74, 0.76), 0.8),
    ],
}  # fmt: skip
# For each class, those that its garments resemble, and the furthest step towards them.
BETWEEN = {
    "T-shirt/top": (("Shirt", "Shirt", "Dress", "Pullover"), 0.6),
    "Trouser": (("Trouser",), 0.0),
    "Pullover": (("Shirt", "Coat", "T-shirt/top"), 0.6),
    "Dress": (("T-shirt/top", "Coat", "Shirt"), 0.5),
    "Coat": (("Pullover", "Shirt"), 0.6),
    "Sandal": (("Sneaker", "Ankle boot"), 0.6),
    "Shirt": (("T-shirt/top", "Pullover", "Coat"), 0.75),
    "Sneaker": (("Sandal", "Ankle boot"), 0.7),
    "Bag": (("Bag",), 0.0),
    "Ankle boot": (("Sneaker", "Sandal"), 0.6),
}
_TABLE = np.array([PARTS[name] for name in CLASSES], np.float32)  # (classes, parts, 8)
_OTHERS = [[CLASSES.index(other) for other in BETWEEN[name][0]] for name in CLASSES]
_FURTHEST = np.array([BETWEEN[name][1] for name in CLASSES], np.float32)


def draw_split(split: str, seed: int = SEED) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Draw the images `(N, 28, 28)` and labels `(N,)` of "train", "validation" or "test"."""
    rng = np.random.default_rng([seed, list(COUNTS).index(split)])
    labels = rng.permutation(np.arange(COUNTS[split]) % len(CLASSES))
    pieces = [draw(labels[i : i + CHUNK], rng) for i in range(0, len(labels), CHUNK)]
    return np.concatenate(pieces), labels.astype(np.int64)


def draw(labels: npt.NDArray[np.int64], rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Draw one garment of each of the classes `labels`: `(N, 28, 28)`."""
    painter = Painter(len(labels), SIDE, 1, rng)
    painter.place(shift=0.09, stretch=0.12, slant=0.08)
    measures = _measures(labels, painter)
    bright = painter.uniform(0.3, 1.0)
    texture = _texture(painter)
    for number in range(measures.shape[1]):
        part = painter.vary(measures[:, number, :7], 0.035)
        tone = measures[:, number, 7:]
        painter.paint(painter.mask(part), [bright * tone * np.where(tone > 0.2, texture, 1)])
    return painter.develop(noise=0.05)


def _measures(labels: npt.NDArray[np.int64], painter: Painter) -> Floats:
    """Return the parts of each garment, `(n, parts, 8)`: between its class and another one."""
    choice = painter.rng.random(len(labels))
    others = [
        _OTHERS[label][int(part * len(_OTHERS[label]))]
        for part, label in zip(choice, labels, strict=True)
    ]
    step = _FURTHEST[labels].reshape(-1, 1) * painter.uniform(0, 1) ** 2
    own, other = _TABLE[labels], _TABLE[np.array(others)]
    measures: Floats = own + (other - own) * step[:, :, None]
    return measures


def _texture(painter: Painter) -> Floats:
    """Return stripes, shading and a print on each garment, as a factor for its tone."""
    waves = painter.waves(painter.uniform(0, 1), painter.uniform(0.18, 0.6))
    strength = np.maximum(painter.normal(-0.1, 0.35), 0)
    shade = painter.x * painter.normal(0, 0.15) + painter.y * painter.normal(0, 0.15)
    place = np.repeat(np.array([quad(-0.1, 0.3, 0.2, 0.2)], np.float32), painter.count, axis=0)
    print_ = painter.mask(painter.vary(place, 0.15)) * painter.normal(0, 0.25)
    texture: Floats = np.clip(1 - strength * waves + shade + print_, 0.15, 1.4)
    return texture
