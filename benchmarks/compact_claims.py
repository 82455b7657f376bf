"""Make claims about networks on MNIST small: keep only as many bits of each weight as it needs.

The repository keeps the weights of many networks (solutions/<id>/claims). Each network is rounded
to the fewest significant bits with which its accuracy on the test images changes by no more than
TOLERANCE, and the file is compressed. The stated numbers remain those of the run. It needs the
dataset that the claims are about.
"""

import argparse
import hashlib
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from autograder import datasets
from autograder.rubric.audit_claims import audit

Array = npt.NDArray[np.generic]
Network = dict[str, Array]

TOLERANCE = 0.15  # of the accuracy, in per cent
BITS = range(4, 24)  # single precision has 24, half precision 11


def main() -> int:
    """Rewrite the weights, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("claims", metavar="FILE.json", type=Path)
    file = parser.parse_args().claims
    document = json.loads(file.read_text(encoding="utf-8"))
    data = datasets.mnist()
    if document["data"]["sha256"] != data.sha256:
        print(f"{file}: it is about other data than {data}", file=sys.stderr)
        return 1
    weights = file.with_suffix(".npz")
    with np.load(weights, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    for name, network in networks_in(arrays).items():
        bits = fewest_bits(network, data)
        print(f"{name}: {bits} bits", flush=True)
        arrays |= rounded(network, bits)
    write(weights, arrays)
    document["weights_sha256"] = hashlib.sha256(weights.read_bytes()).hexdigest()
    file.write_text(json.dumps(document, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    return 0


def networks_in(arrays: Network) -> dict[str, Network]:
    """Return the arrays of each network; the names of its arrays begin with its name and a dot."""
    networks: dict[str, Network] = {}
    for key, array in arrays.items():
        networks.setdefault(key.partition(".")[0], {})[key] = array
    return networks


def fewest_bits(network: Network, data: datasets.Dataset) -> int:
    """Return how many significant bits the weights of a network need."""
    right = accuracy(network, data)
    for bits in BITS:
        if abs(accuracy(rounded(network, bits), data) - right) <= TOLERANCE:
            return bits
    return BITS.stop


def accuracy(network: Network, data: datasets.Dataset) -> float:
    """Return the accuracy on the test images, in per cent."""
    return audit(network, data.test_images, data.test_labels, to_rows, "ReLU").accuracy


def to_rows(images: Array) -> Array:
    """Return images as rows from 0 to 1."""
    return images.reshape(len(images), -1).astype(np.float32) / 255


def rounded(network: Network, bits: int) -> Network:
    """Return a network whose weights have so many significant bits."""
    return {key: _rounded(array, bits) for key, array in network.items()}


def _rounded(array: Array, bits: int) -> Array:
    fraction, exponent = np.frexp(array.astype(np.float64))
    kept = np.ldexp(np.round(fraction * 2**bits) / 2**bits, exponent)
    return np.asarray(kept, array.dtype)


def write(file: Path, arrays: Network) -> None:
    """Write a compressed `.npz`, the same bytes for the same arrays."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as entry:
                np.lib.format.write_array(entry, array, version=(1, 0), allow_pickle=False)


if __name__ == "__main__":
    sys.exit(main())
