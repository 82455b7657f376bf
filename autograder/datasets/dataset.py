"""Define a dataset: three splits of images and labels, and their origin."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Images = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.int64]
Split = tuple[Images, Labels]

KINDS = ("real", "stand-in", "reduced")
SHAPES = ((28, 28), (28, 28, 3), (32, 32, 3))
"""The shapes of an image."""


class DatasetError(Exception):
    """The data cannot be used; the message names the file and what to do."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images and labels in three splits.

    Images are uint8, `(N, 28, 28)` grey, or `(N, 28, 28, 3)` or `(N, 32, 32, 3)` in colour; labels
    are int64 `(N,)`, indices into `classes`.

    Attributes:
        name: "mnist", "fashion-mnist", "cifar-10" or "bloodmnist".
        kind: "real" if the arrays are known to be the published ones, "stand-in" if they are
            anything else, "reduced" for a subset drawn by `reduce`.
        sha256: identifies the arrays; computed if it is not given.
    """

    name: str
    kind: str
    train_images: Images
    train_labels: Labels
    validation_images: Images
    validation_labels: Labels
    test_images: Images
    test_labels: Labels
    classes: tuple[str, ...]
    sha256: str = field(default="")

    def __post_init__(self) -> None:
        if not self.sha256:
            object.__setattr__(self, "sha256", checksum(self.arrays()))

    @classmethod
    def of(
        cls,
        name: str,
        kind: str,
        splits: Sequence[Split],
        classes: Sequence[str],
        sha256: str = "",
    ) -> "Dataset":
        """Create a dataset from its train, validation and test split."""
        train, validation, test = splits
        return cls(name, kind, *train, *validation, *test, tuple(classes), sha256)

    def arrays(self) -> tuple[npt.NDArray[np.generic], ...]:
        """Return images and labels of train, validation and test, in this order."""
        return (
            self.train_images,
            self.train_labels,
            self.validation_images,
            self.validation_labels,
            self.test_images,
            self.test_labels,
        )

    def all_train(self) -> Split:
        """Return images and labels of train and validation together."""
        images = np.concatenate([self.train_images, self.validation_images])
        return images, np.concatenate([self.train_labels, self.validation_labels])

    def __repr__(self) -> str:
        return (
            f"<{self.name}, {self.kind}: {len(self.train_labels):,} train, "
            f"{len(self.validation_labels):,} validation, {len(self.test_labels):,} test>"
        )


def checksum(arrays: Sequence[npt.NDArray[np.generic]]) -> str:
    """Return the SHA-256 over types, shapes and values of arrays."""
    total = hashlib.sha256()
    for array in arrays:
        little_endian = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        total.update(f"{little_endian.dtype.str}{little_endian.shape}".encode())
        total.update(little_endian.data)
    return total.hexdigest()


def checked_split(
    images: npt.NDArray[np.generic], labels: npt.NDArray[np.generic], where: str, classes: int
) -> Split:
    """Return images and labels of one split in the form that `Dataset` requires.

    Args:
        images: the images as read.
        labels: the labels as read, `(N,)` or `(N, 1)`.
        where: file and split, the beginning of error messages.
        classes: the number of classes.

    Raises:
        DatasetError: a dtype, a shape or a label is invalid.
    """
    if images.dtype != np.uint8 or images.shape[1:] not in SHAPES:
        raise DatasetError(
            f"{where} holds images of shape {images.shape} and type {images.dtype}, expected "
            f"(N, 28, 28), (N, 28, 28, 3) or (N, 32, 32, 3) and uint8; fetch the file anew."
        )
    if labels.dtype.kind not in "iu" or labels.shape not in (images.shape[:1], (len(images), 1)):
        raise DatasetError(
            f"{where} holds labels of shape {labels.shape} and type {labels.dtype} for "
            f"{len(images):,} images, expected ({len(images)},) integers; fetch the file anew."
        )
    plain = labels.reshape(-1).astype(np.int64)
    if not len(plain) or plain.min() < 0 or plain.max() >= classes:
        what = f"labels beyond 0 to {classes - 1}" if len(plain) else "no images"
        raise DatasetError(f"{where} holds {what}; fetch the file anew.")
    return images.astype(np.uint8, copy=False), plain
