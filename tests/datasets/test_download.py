"""Downloads, from a server of our own; no test goes further than this machine."""

import gc
import gzip
import hashlib
import http.server
import os
import threading
import time
import urllib.request

import numpy as np
import pytest

from autograder import datasets
from autograder.datasets import download, places

torchvision = pytest.importorskip("torchvision", reason="torchvision is not installed")
# torchvision does not close the connections of downloads that fail.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves `server.files`; of `server.cut` only a half."""

    def do_GET(self):
        name = self.path.split("?")[0].lstrip("/")
        content = self.server.files.get(name)
        if content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content[: len(content) // 2] if name in self.server.cut else content)

    def do_HEAD(self):
        self.do_GET()

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.delenv("AUTOGRADER_OFFLINE")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.files, server.cut = {"": b"here"}, set()
        server.address = f"http://127.0.0.1:{server.server_port}/"
        monkeypatch.setattr(download, "MNIST_ADDRESS", server.address)
        monkeypatch.setattr(download, "MEDMNIST_ADDRESS", server.address)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
        gc.collect()  # here, where warnings of unclosed connections are not errors


@pytest.fixture
def mnist_server(server, write_mnist, tmp_path, monkeypatch):
    """The server with a small MNIST, which torchvision takes for the published one."""
    raw = write_mnist(tmp_path / "served")
    resources = []
    for file in sorted(raw.iterdir()):
        content = gzip.compress(file.read_bytes())
        server.files[f"{file.name}.gz"] = content
        resources.append((f"{file.name}.gz", hashlib.md5(content).hexdigest()))
    monkeypatch.setattr(torchvision.datasets.MNIST, "mirrors", [server.address])
    monkeypatch.setattr(torchvision.datasets.MNIST, "resources", resources)
    return server


def test_mnist_is_downloaded_and_kept(mnist_server, machine, capsys):
    first = datasets.mnist()
    assert first.train_labels.shape == (50,)
    assert "autograder: downloading MNIST" in capsys.readouterr().err
    assert [path.name for path in machine.iterdir()] == ["MNIST"]
    mnist_server.files.clear()
    assert datasets.mnist().sha256 == first.sha256


def test_a_download_replaces_what_was_damaged(mnist_server, machine, write_mnist):
    (write_mnist(machine) / "train-images-idx3-ubyte").write_bytes(b"half")
    assert datasets.mnist().train_labels.shape == (50,)
    assert [path.name for path in machine.iterdir()] == ["MNIST"]


def test_a_server_that_answers_with_an_error_is_there(mnist_server, tmp_path):
    del mnist_server.files[""]  # what is asked for first
    download.download_mnist(tmp_path)
    assert (tmp_path / "MNIST/raw/train-images-idx3-ubyte").is_file()


@pytest.mark.parametrize("trouble", ["half", "other", "missing"])
def test_a_failed_download_leaves_nothing_behind(mnist_server, machine, capsys, trouble):
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    name = "t10k-images-idx3-ubyte.gz"
    if trouble == "half":
        mnist_server.cut.add(name)
    elif trouble == "other":
        mnist_server.files[name] = gzip.compress(b"something else")
    else:
        del mnist_server.files[name]
    assert datasets.mnist().kind == "stand-in"
    assert "NOT THE REAL MNIST: it was not found, and the download" in capsys.readouterr().err
    assert list(machine.iterdir()) == []


def test_without_a_cache_a_download_is_used_and_not_kept(mnist_server, monkeypatch, capsys):
    monkeypatch.setenv("AUTOGRADER_CACHE", "/dev/null/cache")
    assert datasets.mnist().train_labels.shape == (50,)
    assert "/dev/null/cache is not writable" in capsys.readouterr().err


def test_ctrl_c_ends_a_download_and_leaves_nothing_behind(mnist_server, machine, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(torchvision.datasets.MNIST, "download", interrupted)
    with pytest.raises(KeyboardInterrupt):
        datasets.mnist()
    assert list(machine.iterdir()) == []


def test_bloodmnist_is_downloaded_and_kept(
    server, machine, blood_arrays, tmp_path, monkeypatch, capsys
):
    medmnist = pytest.importorskip("medmnist", reason="medmnist is not installed")
    np.savez(tmp_path / "served.npz", **blood_arrays)
    content = (tmp_path / "served.npz").read_bytes()
    server.files["bloodmnist.npz"] = content
    info = medmnist.INFO["bloodmnist"]
    monkeypatch.setitem(info, "url", f"{server.address}bloodmnist.npz?download=1")
    monkeypatch.setitem(info, "MD5", hashlib.md5(content).hexdigest())
    dataset = datasets.bloodmnist()
    assert dataset.kind == "real" and dataset.train_labels.shape == (40,)
    assert [path.name for path in machine.iterdir()] == ["bloodmnist.npz"]


def test_a_machine_without_a_network_is_not_kept_waiting(monkeypatch):
    def hang(*_, **__):
        waiting.wait(30)

    waiting = threading.Event()
    monkeypatch.delenv("AUTOGRADER_OFFLINE")
    monkeypatch.setattr(urllib.request, "urlopen", hang)
    monkeypatch.setattr(download, "ANSWER_SECONDS", -0.8)
    started = time.monotonic()
    with pytest.raises(download.NoDownload, match="cannot be reached"):
        download.download_mnist(None)
    assert time.monotonic() - started < 2
    waiting.set()


def test_what_was_killed_at_its_work_is_swept_up_a_day_later(machine):
    machine.mkdir()
    old, new = machine / ".unfinished-old", machine / ".unfinished-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "half").write_text("half")
    os.utime(old, (0, 0))
    with places.fresh_folder(machine) as folder:
        assert folder.parent == machine
    assert list(machine.iterdir()) == [new]
