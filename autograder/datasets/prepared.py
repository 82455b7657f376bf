"""Store datasets as one `.npz` file, in MedMNIST's layout with four more keys.

    train_images, train_labels, val_images, val_labels, test_images, test_labels
    kind, sha256, classes, source

medmnist's own loader can read such a file; reading it here needs only numpy.
"""

import zipfile
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from autograder.datasets.dataset import KINDS, Dataset, DatasetError, checked_split, checksum
from autograder.datasets.places import fresh_file

SPLITS = ("train", "val", "test")
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ValueError,
    EOFError,
    KeyError,
    NotImplementedError,  # a compression that zipfile does not support
    RuntimeError,  # a password
    TypeError,  # a single .npy, which is not an archive
)


def write_prepared(dataset: Dataset, folder: Path | str, *, source: str = "") -> Path:
    """Write `<folder>/<name>.npz` completely or not at all; return its path.

    Args:
        dataset: the dataset to write.
        folder: created if it does not exist.
        source: identifies its source, for `source_of`.

    Raises:
        DatasetError: the folder is not writable.
    """
    file = Path(folder) / f"{dataset.name}.npz"
    arrays = dict(zip(_keys(), dataset.arrays(), strict=True))
    for split in SPLITS:  # as in MedMNIST's files
        arrays[f"{split}_labels"] = arrays[f"{split}_labels"].astype(np.uint8).reshape(-1, 1)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with fresh_file(file) as stream:
            np.savez(
                stream,
                kind=np.array(dataset.kind),
                sha256=np.array(dataset.sha256),
                classes=np.array(dataset.classes),
                source=np.array(source),
                **arrays,  # type: ignore[arg-type]
            )
    except OSError as error:
        raise DatasetError(
            f"{file} cannot be written ({error.strerror or error}); name a folder that can."
        ) from None
    return file


def load_prepared(folder: Path | str, name: str) -> Dataset:
    """Read `<folder>/<name>.npz` as written by `write_prepared`.

    Raises:
        DatasetError: the file is missing, damaged or of another kind.
    """
    file = Path(folder) / f"{name}.npz"
    if not file.is_file():
        raise DatasetError(f"{file} is missing; run `python -m autograder.datasets.prepare`.")
    arrays = read_arrays(file)
    kind, sha256 = (_text(arrays, key, file) for key in ("kind", "sha256"))
    if kind not in KINDS:
        raise DatasetError(f"{file} says that its kind is {kind!r}; make it anew.")
    classes = _classes(arrays, file)
    splits = [
        checked_split(
            _of(arrays, f"{split}_images", file),
            _of(arrays, f"{split}_labels", file),
            f"{split} in {file}",
            len(classes),
        )
        for split in SPLITS
    ]
    dataset = Dataset.of(name, kind, splits, classes, sha256)
    if checksum(dataset.arrays()) != sha256:
        raise DatasetError(f"{file} does not hold what its checksum says; make it anew.")
    return dataset


def is_prepared(file: Path) -> bool:
    """Return whether a file states that `write_prepared` created it."""
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            return "kind" in arrays.files
    except _DAMAGED:
        return False


def source_of(file: Path) -> str:
    """Return the `source` given to `write_prepared`; "" if it is missing or unreadable."""
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            return str(arrays["source"])
    except _DAMAGED:
        return ""


def read_arrays(file: Path) -> dict[str, npt.NDArray[np.generic]]:
    """Read all arrays of a `.npz` without unpickling.

    Raises:
        DatasetError: it is damaged or contains objects.
    """
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except _DAMAGED as error:
        reason = getattr(error, "strerror", None) or "damaged, cut off or not an .npz of arrays"
        raise DatasetError(
            f"{file} cannot be read ({reason}); delete it and it is fetched or made anew."
        ) from None


def _keys() -> tuple[str, ...]:
    return tuple(f"{split}_{what}" for split in SPLITS for what in ("images", "labels"))


def _of(
    arrays: dict[str, npt.NDArray[np.generic]], key: str, file: Path
) -> npt.NDArray[np.generic]:
    if key not in arrays:
        raise DatasetError(f"{file} has no array {key!r}; fetch or make it anew.")
    return arrays[key]


def _text(arrays: dict[str, npt.NDArray[np.generic]], key: str, file: Path) -> str:
    value = _of(arrays, key, file)
    if value.shape != () or value.dtype.kind != "U":
        raise DatasetError(f"{file} has something else than text in {key!r}; make it anew.")
    return str(value)


def _classes(arrays: dict[str, npt.NDArray[np.generic]], file: Path) -> tuple[str, ...]:
    value = _of(arrays, "classes", file)
    if value.ndim != 1 or value.dtype.kind != "U" or not 0 < len(value) <= 256:
        raise DatasetError(f"{file} has no list of names in 'classes'; make it anew.")
    return tuple(str(name) for name in value)
