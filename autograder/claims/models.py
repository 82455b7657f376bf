"""Tell one model from several, and name the arrays of several models in one `.npz`.

The arrays of the model number 2 are named `2/weight`, `2/bias` and so on. The models' names may
have any characters, so they are only in the JSON.
"""

from collections.abc import Mapping
from typing import Any

from autograder.claims.weights import Array, ClaimsError

MAX_MODELS = 24
MAX_MODEL_NAME = 80


def are_models(weights: object) -> bool:
    """Return whether a value holds several models by name, and not the arrays of one."""
    return isinstance(weights, Mapping) and bool(weights) and all(map(_is_model, weights.values()))


def _is_model(value: object) -> bool:
    if callable(getattr(value, "state_dict", None)) or isinstance(value, Mapping):
        return True
    return isinstance(value, list | tuple) and any(hasattr(item, "shape") for item in value)


def checked_names(names: object) -> list[str]:
    """Return the names of models.

    Raises:
        ValueError: there are too many, or a name is used twice, too long or not printable; the
            message says it as part of a sentence.
    """
    if not isinstance(names, list) or not 0 < len(names) <= MAX_MODELS:
        raise ValueError(f"from 1 to {MAX_MODELS} models may be named")
    for name in names:
        if not isinstance(name, str) or not 0 < len(name) <= MAX_MODEL_NAME:
            raise ValueError(f"the name of a model is a text of 1 to {MAX_MODEL_NAME} characters")
        if not name.isprintable():
            raise ValueError(f"the name {name!a} has characters that cannot be printed")
    if len(set(names)) < len(names):
        raise ValueError("two models have the same name")
    return names


def split_models(weights: Mapping[str, Array], names: list[str], shown: str) -> dict[str, Any]:
    """Return the arrays of each model by its name.

    Raises:
        ClaimsError: an array belongs to no model, or a model has none.
    """
    models: dict[str, dict[str, Array]] = {name: {} for name in names}
    for key, array in weights.items():
        number, slash, name = key.partition("/")
        if not slash or not number.isdecimal() or not number.isascii() or len(number) > 3:
            raise _mismatch(shown)
        if int(number) >= len(names) or number != str(int(number)) or not name:
            raise _mismatch(shown)
        models[names[int(number)]][name] = array
    if not all(models.values()):
        raise _mismatch(shown)
    return models


def _mismatch(shown: str) -> ClaimsError:
    return ClaimsError(
        f"{shown} does not hold the arrays of the models that its .json names; run the notebook's "
        "last cell again."
    )
