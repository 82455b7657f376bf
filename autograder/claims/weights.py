"""Read an `.npz` of weights that anyone may have made, and check every size first.

The zip's table of contents states the sizes. They are compared with the limits before anything is
decompressed, and the decompressed bytes are compared with the header of each array. Only plain
numbers are read; nothing is unpickled.
"""

import math
import re
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from autograder.bounded_file import BoundedFile

Array = npt.NDArray[np.generic]

MAX_ARRAYS = 200  # of one model
MAX_ARRAYS_IN_ALL = 1000
MAX_BYTES = 64 * 2**20
MAX_NAME = 200
DTYPES = frozenset("<f2 <f4 <f8 |i1 <i2 <i4 <i8 |u1".split())
MAGIC = b"\x93NUMPY\x01\x00"
# The form that every numpy writes for plain numbers; a shape has at most 16 lengths.
_HEADER = re.compile(
    rb"\{'descr': '([^']*)', 'fortran_order': (True|False), "
    rb"'shape': \(((?:\d{1,9}(?:, \d{1,9}){0,15},?)?)\), \} *\n"
)
_INDEX_BYTES = 2**20  # of the zip's table of contents, which is read in one piece
_PIECE = 2**16
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # a compression method that zipfile does not support
    OSError,
    OverflowError,
    RuntimeError,  # a file that needs a password
    ValueError,
    struct.error,
)


class ClaimsError(Exception):
    """The error for claims that cannot be used; the message is a sentence for the student."""


def read_weights(file: Path, shown: str, models: int = 1) -> dict[str, Array]:
    """Return the arrays of an `.npz` by name.

    Args:
        file: a regular file.
        shown: its name in messages.
        models: how many models it may hold.

    Raises:
        ClaimsError: the file is not an `.npz`, is damaged or too large, or contains something
            other than numbers.
    """
    if file.stat().st_size > MAX_BYTES + _INDEX_BYTES:
        raise _too_large(shown)
    refusal = zipfile.BadZipFile("the table of contents is too large")
    try:
        with BoundedFile(file, _INDEX_BYTES, refusal) as stream, zipfile.ZipFile(stream) as archive:
            return _read_all(archive, shown, most_arrays(models))
    except _UNREADABLE:
        raise ClaimsError(
            f"{shown} is damaged or is not an .npz file; run the notebook's last cell again."
        ) from None


def most_arrays(models: int) -> int:
    """Return how many arrays so many models may have together."""
    return min(MAX_ARRAYS * models, MAX_ARRAYS_IN_ALL)


def _read_all(archive: zipfile.ZipFile, shown: str, most: int) -> dict[str, Array]:
    infos = archive.infolist()
    if len(infos) > most:
        raise ClaimsError(f"{shown} holds more than {most} arrays; save one model's weights.")
    if sum(info.file_size for info in infos) > MAX_BYTES:
        raise _too_large(shown)
    weights: dict[str, Array] = {}
    for info in infos:
        name = info.filename.removesuffix(".npy")
        if not 0 < len(name) <= MAX_NAME or name in weights or name == info.filename:
            raise ClaimsError(f"{shown} holds something else than arrays; save weights only.")
        weights[name] = _array(_inflate(archive, info), f"{name[:40]!r} in {shown}")
    return weights


def _inflate(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile("another compression")
    pieces = []
    with archive.open(info) as stream:  # returns at most `file_size` bytes and checks them
        while piece := stream.read(_PIECE):
            pieces.append(piece)
    return b"".join(pieces)


def _array(data: bytes, where: str) -> Array:
    """Parse the `.npy` format: magic, length of the header, header, raw numbers.

    numpy's own parser evaluates the header as Python; this one accepts a single form of it.
    """
    start = len(MAGIC) + 2
    end = start + int.from_bytes(data[start - 2 : start], "little")
    header = _HEADER.fullmatch(data[start:end])
    if not data.startswith(MAGIC) or header is None or header[1].decode("ascii") not in DTYPES:
        raise ClaimsError(
            f"{where} is something else than an array of floating-point numbers or integers; save "
            f"weights with save_claims."
        )
    dtype, by_columns = np.dtype(header[1].decode("ascii")), header[2] == b"True"
    shape = [int(length) for length in re.findall(rb"\d+", header[3])]
    if math.prod(shape) * dtype.itemsize != len(data) - end:
        raise ClaimsError(
            f"{where} does not hold as many numbers as its shape {tuple(shape)} says; run the "
            f"notebook's last cell again."
        )
    flat = np.frombuffer(data, dtype, offset=end)
    return flat.reshape(shape, order="F" if by_columns else "C").copy()


def _too_large(shown: str) -> ClaimsError:
    return ClaimsError(
        f"{shown} holds more than {MAX_BYTES // 2**20} MB of weights; save one model's weights, "
        f"as 32-bit numbers."
    )
