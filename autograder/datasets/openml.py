"""Answer OpenML's requests about "mnist_784", as `sklearn.datasets.fetch_openml` makes them."""

import hashlib
import json
import urllib.error
import urllib.parse
from typing import Any

import numpy as np

from autograder.datasets.dataset import Dataset

_NAME, _NUMBER = "mnist_784", "554"
_FILE = "https://www.openml.org/data/v1/download/52667/mnist_784.arff"
_PIXELS = 784


def openml_answer(url: str, mnist: Dataset) -> bytes:
    """Return what OpenML answers about MNIST, with the images of a small one.

    Raises:
        URLError: the request is about something else.
    """
    path = urllib.parse.urlsplit(url).path
    if path.endswith("mnist_784.arff"):
        return _arff(mnist)
    if f"/data/list/data_name/{_NAME}/" in path:
        return _json(data={"dataset": [_about()]})
    if path.endswith(f"/data/features/{_NUMBER}"):
        return _json(data_features={"feature": _features()})
    if path.endswith(f"/data/qualities/{_NUMBER}"):
        size = sum(len(mnist.arrays()[place]) for place in (1, 3, 5))
        quality = {"name": "NumberOfInstances", "value": str(size)}
        return _json(data_qualities={"quality": [quality]})
    if path.endswith(f"/data/{_NUMBER}"):
        digest = hashlib.md5(_arff(mnist), usedforsecurity=False).hexdigest()
        more = {"url": _FILE, "md5_checksum": digest, "description": "Small data of a grading."}
        return _json(data_set_description=_about() | more)
    raise urllib.error.URLError(f"{url} is not available: of OpenML, only {_NAME} is provided")


def _about() -> dict[str, Any]:
    return {
        "did": int(_NUMBER),
        "id": _NUMBER,
        "name": _NAME,
        "version": "1",
        "status": "active",
        "format": "ARFF",
    }


def _features() -> list[dict[str, str]]:
    kinds = [(f"pixel{number}", "numeric") for number in range(1, _PIXELS + 1)]
    return [
        {
            "index": str(index),
            "name": name,
            "data_type": kind,
            "is_target": "true" if name == "class" else "false",
            "is_ignore": "false",
            "is_row_identifier": "false",
            "number_of_missing_values": "0",
        }
        for index, (name, kind) in enumerate([*kinds, ("class", "nominal")])
    ]


def _arff(mnist: Dataset) -> bytes:
    """Return the images, first those of training, in OpenML's text format."""
    images, labels = mnist.all_train()
    images = np.concatenate([images, mnist.test_images]).reshape(-1, _PIXELS)
    labels = np.concatenate([labels, mnist.test_labels])
    head = ["@RELATION mnist_784"]
    head += [f"@ATTRIBUTE pixel{number} real" for number in range(1, _PIXELS + 1)]
    head += ["@ATTRIBUTE class {" + ",".join(mnist.classes) + "}", "@DATA"]
    table = np.concatenate([images, labels[:, None].astype(np.uint8)], axis=1)
    rows = (",".join(map(str, row)) for row in table.tolist())
    return "\n".join([*head, *rows, ""]).encode()


def _json(**document: Any) -> bytes:
    return json.dumps(document).encode()
