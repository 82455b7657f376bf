"""Read claims that anyone may have made, without trusting their content."""

import hashlib
import json
import stat
from pathlib import Path
from typing import Any

from autograder.claims.files import FOLDER, NO_DATA, SCHEMA, SCHEMA_OF_MODELS
from autograder.claims.models import checked_names, split_models
from autograder.claims.plain import NotPlain, plain
from autograder.claims.weights import ClaimsError, read_weights

MAX_JSON_BYTES = 4 * 2**20
_DATA = ("name", "kind", "sha256")
_SCHEMAS = (SCHEMA, SCHEMA_OF_MODELS)


def load_claims(folder: Path | str, name: str) -> dict[str, Any]:
    """Read `<folder>/claims/<name>.json` and the weights next to it.

    Returns:
        "numbers": as stated, with NaN and infinities as text. "weights": arrays by name. "models":
        such arrays by the name of each model, if there are several; "weights" is empty then.
        "data": "name", "kind" and "sha256" of the dataset that the claims are about, `NO_DATA`
        for none.

    Raises:
        NotImplementedError: a file is missing, so this work has not been done yet.
        ClaimsError: a file is not what `save_claims` writes.
    """
    numbers_name, weights_name = (f"{FOLDER}/{name}{ending}" for ending in (".json", ".npz"))
    numbers_file, weights_file = Path(folder) / numbers_name, Path(folder) / weights_name
    _must_be_there(numbers_file, numbers_name)
    _must_be_there(weights_file, weights_name)
    document = _read_json(numbers_file, numbers_name)
    numbers, facts = _object(document, "numbers", numbers_name), _data(document, numbers_name)
    names = _names(document, numbers_name)
    stated_for = _text(document, "weights_sha256", numbers_name)
    weights = read_weights(weights_file, weights_name, max(1, len(names)))
    if stated_for != _sha256(weights_file):
        raise ClaimsError(
            f"The weights in {weights_name} are not those that the numbers in {numbers_name} were "
            f"stated for; run the notebook's last cell again and hand in both files."
        )
    models = split_models(weights, names, weights_name) if names else {}
    return {
        "numbers": numbers,
        "weights": {} if names else weights,
        "models": models,
        "data": facts,
    }


def _data(document: dict[str, Any], shown: str) -> dict[str, str]:
    if document["schema"] == SCHEMA_OF_MODELS and document.get("data", {}) is None:
        return dict(NO_DATA)
    data = _object(document, "data", shown)
    return {key: _text(data, key, shown) for key in _DATA}


def _names(document: dict[str, Any], shown: str) -> list[str]:
    """Return the names of the models; none if the claims are about one model."""
    if document["schema"] != SCHEMA_OF_MODELS or document.get("models") is None:
        return []
    try:
        return checked_names(document["models"])
    except ValueError as error:
        raise ClaimsError(
            f"{shown} was not written by save_claims: {error}; run the notebook's last cell again."
        ) from None


def _must_be_there(file: Path, shown: str) -> None:
    try:
        mode = file.lstat().st_mode
    except (OSError, ValueError):
        raise NotImplementedError(
            f"{shown} is missing; running the whole notebook writes it."
        ) from None
    if not stat.S_ISREG(mode):
        raise ClaimsError(f"{shown} is not a plain file; run the notebook's last cell again.")


def _read_json(file: Path, shown: str) -> dict[str, Any]:
    if file.stat().st_size > MAX_JSON_BYTES:
        raise ClaimsError(
            f"{shown} is larger than {MAX_JSON_BYTES // 2**20} MB; state fewer numbers."
        )
    try:
        document = plain(json.loads(file.read_bytes().decode("utf-8")))
    except NotPlain as error:
        raise ClaimsError(f"{shown} has {error}; state fewer and plainer numbers.") from None
    except (OSError, ValueError, RecursionError, MemoryError):
        raise ClaimsError(
            f"{shown} is damaged or is not JSON; run the notebook's last cell again."
        ) from None
    if not isinstance(document, dict) or document.get("schema") not in _SCHEMAS:
        raise _wrong(shown, "schema", repr(SCHEMA))
    return document


def _object(document: dict[str, Any], key: str, shown: str) -> dict[str, Any]:
    value = document.get(key)
    if not isinstance(value, dict):
        raise _wrong(shown, key, "an object")
    return value


def _text(document: dict[str, Any], key: str, shown: str) -> str:
    value = document.get(key)
    if not isinstance(value, str):
        raise _wrong(shown, key, "a text")
    return value


def _wrong(shown: str, key: str, expected: str) -> ClaimsError:
    return ClaimsError(
        f"{shown} was not written by save_claims: {key!r} is not {expected}; run the notebook's "
        f"last cell again."
    )


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
