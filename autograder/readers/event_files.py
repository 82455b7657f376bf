"""Read TensorBoard's event files as series of numbers."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

MOST_BYTES = 64_000_000
MOST_FILES = 100
MOST_TAGS = 1_000
MOST_POINTS = 1_000_000
TAG_LENGTH = 200


def read(folder: str, paths: Sequence[str]) -> list[dict[str, Any]]:
    """Return the scalars of event files, one entry for each file.

    Args:
        folder: the folder that contains them.
        paths: their paths in it.

    Returns:
        Of each file its `path`; `series`: [tag, steps, wall times, values] with one array each;
        `cut_off`: whether the last record is not complete, as in a run that was stopped; and
        `fault`: why it could not be read to its end, as the rest of a sentence, or "".

    Raises:
        ImportError: tensorboard is not installed.
    """
    left = _Left()
    return [_of_file(Path(folder, path), path, left) for path in paths[:MOST_FILES]]


class _Left:
    """What may still be read of all files together."""

    def __init__(self) -> None:
        self.bytes, self.tags, self.points = MOST_BYTES, MOST_TAGS, MOST_POINTS


def _of_file(file: Path, path: str, left: _Left) -> dict[str, Any]:
    from tensorboard.compat.tensorflow_stub import errors

    found: dict[str, list[tuple[int, float, float]]] = {}
    entry: dict[str, Any] = {"path": path, "series": [], "cut_off": False, "fault": ""}
    left.bytes -= file.stat().st_size
    if left.bytes < 0:
        entry["fault"] = f"is too large: event files may have {MOST_BYTES // 1_000_000} MB together"
        return entry
    records = 0
    try:
        for event in _events(str(file)):
            records += 1
            for tag, value in _scalars(event):
                if tag not in found:
                    left.tags -= 1
                    found[tag] = []
                left.points -= 1
                if left.tags < 0 or left.points < 0:
                    entry["fault"] = (
                        f"has too much in it: event files may have {MOST_TAGS:,} tags and "
                        f"{MOST_POINTS:,} values together"
                    )
                    return entry
                found[tag].append((event.step, event.wall_time, value))
    except errors.OutOfRangeError:
        pass  # the end of the file
    except errors.DataLossError as error:
        entry["cut_off"] = "truncated" in str(error).lower()
        if not entry["cut_off"]:
            entry["fault"] = f"is damaged after {records:,} records"
    except Exception as error:  # protobuf raises its own kinds, and the library others
        if isinstance(error, MemoryError):
            raise
        entry["fault"] = f"is damaged after {records:,} records"
    entry["series"] = [_series(tag, points) for tag, points in found.items()]
    return entry


def _events(file: str) -> Iterator[Any]:
    """Yield the events of a file; end with the library's error, OutOfRangeError at its end."""
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import PyRecordReader_New

    reader = PyRecordReader_New(file, 0, "", None)
    while True:
        reader.GetNext()
        yield Event.FromString(reader.record())


def _scalars(event: Any) -> Iterator[tuple[str, float]]:
    for value in event.summary.value:
        kind = value.WhichOneof("value")
        if kind == "simple_value":
            yield value.tag[:TAG_LENGTH], float(value.simple_value)
        elif kind == "tensor" and value.metadata.plugin_data.plugin_name == "scalars":
            yield value.tag[:TAG_LENGTH], _of_tensor(value.tensor)


def _of_tensor(tensor: Any) -> float:
    from tensorboard.util.tensor_util import make_ndarray

    if sum(dimension.size for dimension in tensor.tensor_shape.dim) > 1:
        raise ValueError("a scalar has several entries")
    return float(make_ndarray(tensor).reshape(()))


def _series(tag: str, points: list[tuple[int, float, float]]) -> list[Any]:
    steps, walls, values = zip(*points, strict=True)
    return [tag, np.array(steps, np.int64), np.array(walls), np.array(values)]
