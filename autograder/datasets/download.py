"""Download the published datasets with torchvision's own code, which verifies checksums.

Without a network an attempt fails quickly and leaves nothing behind.
"""

import contextlib
import io
import os
import queue
import socket
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from autograder.datasets.places import say

ANSWER_SECONDS = 3.0  # for a server's first answer
STALL_SECONDS = 20.0  # for the next bytes of a download
# The servers of torchvision and medmnist; checked first for a response.
MNIST_ADDRESS = "https://ossci-datasets.s3.amazonaws.com/mnist/"
FASHION_ADDRESS = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"
CIFAR_ADDRESS = "https://www.cs.toronto.edu/~kriz/"
MEDMNIST_ADDRESS = "https://zenodo.org/"


class NoDownload(Exception):
    """A download failed; the message says why, as part of a sentence."""


def download_mnist(folder: Path) -> None:
    """Download MNIST to `<folder>/MNIST/raw`.

    Raises:
        NoDownload: no network, no torchvision, or the downloaded files are not MNIST.
    """
    _download_by_torchvision("MNIST", "MNIST", MNIST_ADDRESS, folder)


def download_fashion_mnist(folder: Path) -> None:
    """Download Fashion-MNIST to `<folder>/FashionMNIST/raw`.

    Raises:
        NoDownload: no network, no torchvision, or the downloaded files are not Fashion-MNIST.
    """
    _download_by_torchvision("FashionMNIST", "Fashion-MNIST", FASHION_ADDRESS, folder)


def download_cifar10(folder: Path) -> None:
    """Download CIFAR-10 to `<folder>/cifar-10-batches-py`.

    Raises:
        NoDownload: no network, no torchvision, or the downloaded file is not CIFAR-10.
    """
    _download_by_torchvision("CIFAR10", "CIFAR-10", CIFAR_ADDRESS, folder)


def _download_by_torchvision(loader: str, title: str, address: str, folder: Path) -> None:
    _ask(address)
    try:
        from torchvision import datasets
    except ImportError:
        raise NoDownload("torchvision is not installed") from None
    with _downloading(title):
        getattr(datasets, loader)(str(folder), download=True)


def download_bloodmnist(folder: Path) -> None:
    """Download BloodMNIST to `<folder>/bloodmnist.npz`.

    Raises:
        NoDownload: no network, no medmnist, or the downloaded file is not BloodMNIST.
    """
    _ask(MEDMNIST_ADDRESS)
    try:
        from medmnist import INFO
        from torchvision.datasets.utils import download_url
    except ImportError:
        raise NoDownload("medmnist is not installed") from None
    info = INFO["bloodmnist"]
    with _downloading("BloodMNIST"):
        # Not with medmnist, which treats even Ctrl-C as a failed download.
        download_url(info["url"], str(folder), "bloodmnist.npz", info["MD5"])


def _ask(address: str) -> None:
    """Check that a server responds, before half of PyTorch is imported for nothing.

    It runs in a separate thread, because a name lookup can block much longer than any time limit.
    """
    if os.environ.get("AUTOGRADER_OFFLINE"):
        raise NoDownload("AUTOGRADER_OFFLINE is set")
    answers: queue.Queue[bool] = queue.Queue()

    def ask() -> None:
        request = urllib.request.Request(address, method="HEAD")
        try:
            urllib.request.urlopen(request, timeout=ANSWER_SECONDS).close()
        except urllib.error.HTTPError as answer:
            answer.close()
        except Exception:
            answers.put(False)
        answers.put(True)

    try:
        threading.Thread(target=ask, daemon=True).start()
        answered = answers.get(timeout=ANSWER_SECONDS + 1)
    except (queue.Empty, RuntimeError):  # RuntimeError: no thread can be started
        answered = False
    if not answered:
        raise NoDownload(f"{urllib.parse.urlsplit(address).hostname} cannot be reached")


@contextlib.contextmanager
def _downloading(title: str) -> Iterator[None]:
    """Limit the wait for a silent server, and show progress only on a terminal."""
    say(f"autograder: downloading {title}")
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(STALL_SECONDS)
    looks = sys.stderr.isatty() or "ipykernel" in sys.modules
    try:
        with contextlib.nullcontext() if looks else contextlib.redirect_stderr(io.StringIO()):
            yield
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise NoDownload(f"the download failed: {reason[:120]}") from None
    finally:
        socket.setdefaulttimeout(before)
