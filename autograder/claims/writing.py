"""Write claims: numbers as JSON, weights as `.npz`."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from autograder.atomic import write_atomic
from autograder.claims.files import FOLDER, SCHEMA, SCHEMA_OF_MODELS
from autograder.claims.models import are_models, checked_names
from autograder.claims.plain import NotPlain, plain
from autograder.claims.weights import (
    DTYPES,
    MAX_BYTES,
    MAX_NAME,
    Array,
    ClaimsError,
    most_arrays,
)


class DataFacts(Protocol):
    """What identifies a dataset."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def sha256(self) -> str: ...


def save_claims(
    name: str, weights: object, /, *, data: DataFacts | None, **numbers: object
) -> None:
    """Write `claims/<name>.json` and `claims/<name>.npz` below the current folder.

    Args:
        name: the name of the claims, such as "p4".
        weights: a model: a torch module, its state dict, or a dict or list of arrays. Or several
            models, in a dict by the names of their runs.
        data: the dataset that the numbers were measured on; None if it is none of the tool's.
        numbers: what is stated: numbers, lists, arrays, or dicts of them.

    Raises:
        ClaimsError: a part of the claims cannot be saved.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", name):
        raise ClaimsError(f"{name!r} cannot be a file's name; use letters, digits, _ and -.")
    models = _named_models(weights)
    arrays = _all_arrays(weights, models)
    content = _npz(arrays)
    stated = _stated(numbers)
    facts = None if data is None else {"name": data.name, "kind": data.kind, "sha256": data.sha256}
    document = {
        "schema": SCHEMA if facts and not models else SCHEMA_OF_MODELS,
        "name": name,
        "data": facts,
        **({"models": list(models)} if models else {}),
        "numbers": stated,
        "weights": f"{name}.npz",
        "weights_sha256": hashlib.sha256(content).hexdigest(),
    }
    text = json.dumps(document, indent=1, allow_nan=False) + "\n"
    _write(name, content, text)
    count = sum(array.size for array in arrays.values())
    of_models = f" of {len(models)} models" if models else ""
    on_data = "about no dataset" if data is None else f"on {data.name} ({data.kind})"
    print(
        f"{FOLDER}/{name}.json and .npz written: {', '.join(stated) or 'no numbers'}; {count:,} "
        f"weights in {len(arrays)} arrays{of_models}; {on_data}; "
        f"SHA-256 {hashlib.sha256(text.encode()).hexdigest()[:12]}."  # hand_in.py looks for it
    )


def _stated(numbers: Mapping[str, object]) -> dict[str, Any]:
    stated = {}
    for key, value in numbers.items():
        try:
            stated[key] = plain(value)
        except NotPlain as error:
            raise ClaimsError(
                f"{key} cannot be stated, it has {error}; state numbers, lists and arrays."
            ) from None
    return stated


def _write(name: str, weights: bytes, numbers: str) -> None:
    folder = Path(FOLDER)
    try:
        folder.mkdir(exist_ok=True)
        write_atomic(folder / f"{name}.npz", weights, durable=True)
        write_atomic(folder / f"{name}.json", numbers.encode(), durable=True)
    except OSError as error:
        raise ClaimsError(
            f"{folder}/ cannot be written to ({error.strerror or error}); make room for it."
        ) from None


def _named_models(weights: object) -> dict[str, object]:
    """Return several models by name; none if the weights are those of one model."""
    if not isinstance(weights, Mapping) or not are_models(weights):
        return {}
    models = {str(name): model for name, model in weights.items()}
    try:
        checked_names(list(map(str, weights)))
    except ValueError as error:
        raise ClaimsError(f"The models cannot be saved: {error}; name them otherwise.") from None
    return models


def _all_arrays(weights: object, models: Mapping[str, object]) -> dict[str, Array]:
    arrays = {} if models else _arrays(weights)
    for number, model in enumerate(models.values()):
        arrays |= {f"{number}/{name}": array for name, array in _arrays(model).items()}
    most = most_arrays(max(1, len(models)))
    if len(arrays) > most or sum(array.nbytes for array in arrays.values()) > MAX_BYTES:
        remedy = "save fewer models, or half precision" if models else "save one model only"
        raise ClaimsError(
            f"These are more than {most} arrays or {MAX_BYTES // 2**20} MB of weights; {remedy}."
        )
    return arrays


def _arrays(weights: object) -> dict[str, Array]:
    state = getattr(weights, "state_dict", None)
    if callable(state):
        weights = state()
    if isinstance(weights, list | tuple):
        weights = {str(index): array for index, array in enumerate(weights)}
    if not isinstance(weights, Mapping) or not weights:
        raise ClaimsError(
            f"Weights of type {type(weights).__name__} cannot be saved; give the model, or a list "
            f"of its arrays."
        )
    return {str(key): _array(value, str(key)) for key, value in weights.items()}


def _array(value: Any, name: str) -> Array:
    if not 0 < len(name) <= MAX_NAME or "/" in name:
        raise ClaimsError(f"{name[:40]!r} cannot be the name of an array; use the model's names.")
    if hasattr(value, "detach"):  # a torch tensor
        value = value.detach().cpu()
        value = value.float() if str(value.dtype) == "torch.bfloat16" else value
    try:
        array = np.asarray(value)
    except Exception as error:
        raise ClaimsError(
            f"The weights {name!r} are not an array ({error}); save arrays of numbers."
        ) from None
    array = array.astype(np.uint8) if array.dtype == np.bool_ else array
    array = array.astype(array.dtype.newbyteorder("<"), copy=False)
    if array.dtype.str not in DTYPES:
        raise ClaimsError(
            f"The weights {name!r} have the type {array.dtype}; save arrays of floating-point "
            f"numbers or integers."
        )
    return array


def _npz(arrays: Mapping[str, Array]) -> bytes:
    """Return the bytes that `np.savez` would write, without its restrictions on array names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as entry:
                np.lib.format.write_array(entry, array, version=(1, 0), allow_pickle=False)
    return stream.getvalue()
