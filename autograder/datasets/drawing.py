"""Draw small pictures from simple shapes, for the stand-ins of garments.py and objects.py.

A picture is made of parts, painted one after another. A part is a quad, whose left and right edge
are straight lines from its top to its bottom, or an oval. All numbers of a part vary from picture
to picture.

The bytes are the same on every machine: pixels are computed with +, −, ·, / and square root only,
as in cells.py.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

CHUNK = 512  # pictures drawn at once: their planes fit into a processor's cache


def quad(
    top: float,
    bottom: float,
    half_top: float,
    half_bottom: float,
    x_top: float = 0.0,
    x_bottom: float = 0.0,
) -> tuple[float, ...]:
    """Return a quad: its vertical extent, half widths and centres at its top and its bottom."""
    return (0.0, top, bottom, half_top, half_bottom, x_top, x_bottom)


def oval(x: float, y: float, half_width: float, half_height: float) -> tuple[float, ...]:
    """Return an oval: its centre and half axes."""
    return (1.0, x, y, half_width, half_height, 0.0, 0.0)


class Painter:
    """The canvases of some pictures of one side length, and the methods that paint on them.

    A canvas is `(n, side²)`; coordinates go from −1 to 1, x to the right and y down.

    Args:
        count: the number of pictures.
        side: their height and width, in pixels.
        colours: how many planes a picture has.
        rng: draws what varies between pictures.
    """

    def __init__(self, count: int, side: int, colours: int, rng: np.random.Generator) -> None:
        self.count, self.side, self.rng = count, side, rng
        axis = (np.arange(side) - (side - 1) / 2) / (side / 2)
        x, y = np.meshgrid(axis, axis, indexing="xy")
        self.x = np.repeat(x.reshape(1, -1).astype(np.float32), count, axis=0)
        self.y = np.repeat(y.reshape(1, -1).astype(np.float32), count, axis=0)
        self.planes = [np.zeros((count, side * side), np.float32) for _ in range(colours)]

    def place(self, shift: float, stretch: float, slant: float, mirrored: bool = False) -> None:
        """Move, stretch and slant the coordinates of each picture by random amounts."""
        x, y = self.x - self.normal(0, shift), self.y - self.normal(0, shift)
        x = x + y * self.normal(0, slant)
        if mirrored:
            x = x * np.where(self.uniform(0, 1) < 0.5, np.float32(1), np.float32(-1))
        self.x = x * self.normal(1, stretch)
        self.y = y * self.normal(1, stretch)

    def mask(self, part: Floats, softness: float = 0.08) -> Floats:
        """Return how much of each pixel is inside a part, given as `(n, 7)`: from 0 to 1."""
        kind, a, b, c, d, e, f = (part[:, i : i + 1] for i in range(7))
        if kind[0, 0]:
            c, d = np.maximum(c, np.float32(0.02)), np.maximum(d, np.float32(0.02))
            u, v = (self.x - a) / c, (self.y - b) / d
            distance = (np.sqrt(u * u + v * v) - 1) * np.minimum(c, d)
        else:
            along = np.clip((self.y - a) / np.maximum(b - a, np.float32(0.02)), 0, 1)
            aside = np.abs(self.x - e - (f - e) * along) - c - (d - c) * along
            distance = np.maximum(aside, np.maximum(a - self.y, self.y - b))
        ramp: Floats = np.float32(0.5) - distance / np.float32(softness)
        return np.clip(ramp, 0, 1)

    def paint(self, mask: Floats, tones: Sequence[Floats]) -> None:
        """Paint the pixels of a mask, each plane in its tone."""
        for plane, tone in zip(self.planes, tones, strict=True):
            plane += mask * (tone - plane)

    def normal(self, mean: float, spread: float) -> Floats:
        """Draw one number for each picture, `(n, 1)`."""
        draws = self.rng.standard_normal((self.count, 1)) * spread + mean
        return draws.astype(np.float32)

    def uniform(self, low: float, high: float) -> Floats:
        """Draw one number for each picture, `(n, 1)`, each as likely as another."""
        return (self.rng.random((self.count, 1)) * (high - low) + low).astype(np.float32)

    def vary(self, part: Floats, spread: float) -> Floats:
        """Return a part whose numbers, but for its kind, vary from picture to picture."""
        draws = self.rng.standard_normal(part.shape) * spread
        draws[:, 0] = 0
        varied: Floats = part + draws.astype(np.float32)
        return varied

    def waves(self, direction: Floats, period: Floats) -> Floats:
        """Return stripes, from 0 to 1, across (0) or along (1) each picture."""
        place = np.where(direction < 0.5, self.x, self.y) / period
        wave: Floats = np.abs(place - np.floor(place) - np.float32(0.5)) * 2
        return wave

    def develop(self, noise: float) -> npt.NDArray[np.uint8]:
        """Add noise and return the pictures, `(n, side, side)` or with a last axis of colours."""
        planes = []
        for plane in self.planes:
            plane = plane + self.rng.standard_normal(plane.shape, np.float32) * np.float32(noise)
            planes.append(np.clip(plane * 255, 0, 255).astype(np.uint8))
        shape = (self.count, self.side, self.side)
        if len(planes) == 1:
            return planes[0].reshape(shape)
        return np.stack(planes, axis=-1).reshape(*shape, len(planes))
