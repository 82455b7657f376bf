"""Draw blood cells: a stand-in for BloodMNIST if the real one is not available.

Each image is a smear under the microscope, 28 × 28 in colour: red cells in the background, one cell
in the middle with the outline, cytoplasm, nucleus lobes and granules of its class, and a stain,
light and noise of its own. The classes are as unbalanced as in BloodMNIST and overlap similarly: a
young neutrophil looks like an immature granulocyte.

The bytes are the same on every machine: pixels are computed with +, −, ·, / and square root only,
which IEEE 754 defines to the last bit. exp, sin and sums over arrays are not, and numpy's differ
between processors.
"""

from dataclasses import fields

import numpy as np
import numpy.typing as npt

from autograder.datasets.looks import BETWEEN, CLASSES, COUNTS, LOOKS, Look

Floats = npt.NDArray[np.float32]

SIDE = 28
CHUNK = 512  # images drawn at once: their planes fit into a processor's cache
SEED = 20260
VERSION = 2  # increase it whenever the bytes change

_X, _Y = (
    plane.reshape(1, -1).astype(np.float32)
    for plane in np.meshgrid(
        (np.arange(SIDE) - 13.5) / 14, (np.arange(SIDE) - 13.5) / 14, indexing="xy"
    )
)


_TABLE = {
    field.name: np.array([getattr(LOOKS[name], field.name) for name in CLASSES], np.float32)
    for field in fields(Look)
}
_OTHERS = [[CLASSES.index(other) for other in BETWEEN[name][0]] for name in CLASSES]
_FURTHEST = np.array([BETWEEN[name][1] for name in CLASSES], np.float32)
# Variation between images in the strength of the stain, its tint, the hue of each part and the
# light, and the amount of noise.
STAIN, TINT, HUE, LIGHT, NOISE = 0.07, 0.01, 0.015, 0.02, 0.02
_BACKGROUND = np.array([0.96, 0.88, 0.78], np.float32)
_RED_CELL = np.array([0.90, 0.70, 0.64], np.float32)
_RED_CELLS = 5
_GRANULES = 14


def draw_split(split: str, seed: int = SEED) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Draw the images `(N, 28, 28, 3)` and labels `(N,)` of "train", "validation" or "test"."""
    rng = np.random.default_rng([seed, list(COUNTS).index(split)])
    labels = rng.permutation(np.repeat(np.arange(len(CLASSES)), COUNTS[split]))
    pieces = [draw(labels[i : i + CHUNK], rng) for i in range(0, len(labels), CHUNK)]
    return np.concatenate(pieces), labels.astype(np.int64)


def draw(labels: npt.NDArray[np.int64], rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Draw one cell of each of the classes `labels`: `(N, 28, 28, 3)`."""
    painter = _Painter(labels, rng)
    painter.red_cells()
    cell = painter.cytoplasm()
    nucleus = painter.nucleus(cell)
    painter.granules(cell, nucleus)
    return painter.develop()


class _Painter:
    """The canvases of one chunk of images, and the methods that paint on them.

    A canvas is three planes `(n, 784)`, one per colour; parameters of an image are columns `(n,
    1)`.
    """

    def __init__(self, labels: npt.NDArray[np.int64], rng: np.random.Generator) -> None:
        self.labels, self.rng, self.n = labels, rng, len(labels)
        self.other, self.way = self._between()
        self.stain = self._normal(1.0, STAIN)
        self.tint = [self._normal(0.0, TINT) for _ in range(3)]
        self.canvas = [np.full((self.n, SIDE * SIDE), tone, np.float32) for tone in _BACKGROUND]
        self.x, self.y = self._normal(0, 0.05), self._normal(0, 0.05)

    def red_cells(self) -> None:
        """Paint pale discs around the middle, lighter inside."""
        for _ in range(_RED_CELLS):
            along, across = self._directions()
            distance = self._uniform(0.75, 1.5)
            there = self._distance(along * distance, across * distance)
            radius = self._normal(0.36, 0.04)
            disc = _inside(there - radius, 0.10)
            pale = _inside(there - radius * 0.45, 0.35)
            tone = self._uniform(0.6, 1.0)
            self._paint(disc * tone * (1 - 0.45 * pale), [self._column(c) for c in _RED_CELL])

    def cytoplasm(self) -> Floats:
        """Paint the cell without its content; return its mask."""
        radius = np.maximum(self._of("cell_radius"), 0.1)
        x, y = _X - self.x, _Y - self.y
        along, across = self._directions()
        stretch = self._normal(0, 0.07)
        u, v = (x * along + y * across) * (1 + stretch), (y * along - x * across) * (1 - stretch)
        mask = _inside(np.sqrt(u * u + v * v) - radius, 0.12)
        self._paint(mask, self._colours("cytoplasm"))
        return mask

    def nucleus(self, cell: Floats) -> Floats:
        """Paint the lobes, which lie on an arc within the cell; return their mask."""
        fewest, most = self._numbers("lobes")
        lobes = np.floor(self._uniform(0, 1) * (most - fewest + 1)) + fewest
        distance, turn = self._of("lobe_distance"), self._of("lobe_turn")
        base = self._of("lobe_radius")
        along, across = self._directions()
        cosine, sine = _direction(turn)
        mask = np.zeros_like(cell)
        for lobe in range(int(_TABLE["lobes"].max())):
            radius = np.maximum(base * self._normal(1, 0.1), 0.04)
            there = self._distance(self.x + along * distance, self.y + across * distance)
            mask = np.maximum(mask, _inside(there - radius, 0.10) * (lobe < lobes))
            along, across = along * cosine - across * sine, across * cosine + along * sine
        mask *= cell
        self._paint(mask, self._colours("nucleus"))
        return mask

    def granules(self, cell: Floats, nucleus: Floats) -> None:
        """Paint small dots over the cell."""
        (cover,) = self._numbers("granules_cover_nucleus")
        radius = np.maximum(self._of("cell_radius"), 0.1)
        dots = np.zeros_like(cell)
        for _ in range(_GRANULES):
            along, across = self._directions()
            distance = np.sqrt(self._uniform(0, 1)) * radius
            there = self._distance(self.x + along * distance, self.y + across * distance)
            dots = np.maximum(dots, _inside(there - 0.05, 0.10) * self._uniform(0.5, 1))
        strength = np.maximum(self._of("granule_strength"), 0)
        where = cell * (1 - (1 - cover) * nucleus)
        self._paint(dots * strength * where, self._colours("granules"))

    def develop(self) -> npt.NDArray[np.uint8]:
        """Add stain, light and noise, and return the image."""
        along, across = self._directions()
        light = self._normal(1.0, LIGHT) + (_X * along + _Y * across) * self._normal(0, 0.03)
        planes = []
        for canvas, tint, ground in zip(self.canvas, self.tint, _BACKGROUND, strict=True):
            plane = (ground + (canvas - ground) * self.stain + tint) * light
            plane += self.rng.standard_normal(plane.shape, np.float32) * np.float32(NOISE)
            planes.append(np.clip(plane * 255, 0, 255).astype(np.uint8))
        return np.stack(planes, axis=-1).reshape(self.n, SIDE, SIDE, 3)

    def _between(self) -> tuple[npt.NDArray[np.int64], Floats]:
        """Return another class for each cell, and how far it is towards it, usually not far."""
        choice = self.rng.random(self.n)
        other = [
            others[int(part * len(others))]
            for part, others in zip(choice, (_OTHERS[label] for label in self.labels), strict=True)
        ]
        furthest = _FURTHEST[self.labels].reshape(-1, 1)
        return np.array(other), furthest * self._uniform(0, 1) ** 2

    def _paint(self, mask: Floats, colours: list[Floats]) -> None:
        for canvas, colour in zip(self.canvas, colours, strict=True):
            canvas += mask * (colour - canvas)

    def _colours(self, name: str) -> list[Floats]:
        """Return the colour of each cell: that of its class with a random variation."""
        return [tone + self._normal(0, HUE) for tone in self._numbers(name)]

    def _numbers(self, name: str) -> list[Floats]:
        own = _TABLE[name][self.labels].reshape(self.n, -1)
        other = _TABLE[name][self.other].reshape(self.n, -1)
        values = own + (other - own) * self.way
        return [values[:, i : i + 1] for i in range(values.shape[1])]

    def _of(self, name: str) -> Floats:
        mean, spread = self._numbers(name)
        return mean + spread * self._normal(0, 1)

    def _distance(self, x: Floats, y: Floats) -> Floats:
        return np.sqrt((_X - x) ** 2 + (_Y - y) ** 2)

    def _column(self, value: float) -> Floats:
        return np.full((self.n, 1), value, np.float32)

    def _normal(self, mean: float, spread: float) -> Floats:
        draws = self.rng.standard_normal((self.n, 1)) * spread + mean
        return draws.astype(np.float32)

    def _uniform(self, low: float, high: float) -> Floats:
        return (self.rng.random((self.n, 1)) * (high - low) + low).astype(np.float32)

    def _directions(self) -> tuple[Floats, Floats]:
        """Return roughly uniform random directions: an eighth of the circle, mirrored."""
        cosine, sine = _direction(self._uniform(0, 2**0.5 - 1))
        flips = self.rng.random((3, self.n, 1)) < 0.5
        cosine, sine = np.where(flips[0], cosine, sine), np.where(flips[0], sine, cosine)
        return np.where(flips[1], cosine, -cosine), np.where(flips[2], sine, -sine)


def _direction(half_tangent: Floats) -> tuple[Floats, Floats]:
    """Return cosine and sine from the tangent of half the angle: equal on every machine."""
    square = half_tangent * half_tangent
    return (1 - square) / (1 + square), 2 * half_tangent / (1 + square)


def _inside(distance: Floats, softness: float) -> Floats:
    """Return 1 where the signed distance to an edge is negative, 0 outside, a ramp between."""
    ramp: Floats = np.float32(0.5) - distance / np.float32(softness)
    return np.clip(ramp, 0, 1)
