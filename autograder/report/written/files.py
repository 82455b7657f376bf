"""Draw the files that answer items, so that a person can grade them: pages of PDFs, and pictures.

Such a file was made by a student, and the libraries that read it are large. So a confined process
that holds nothing else reads it (sandbox/reading.py), and answers with arrays of pixels. The page
of a submission shows these; the file itself is put next to the page.
"""

import base64
import io
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from autograder.errors import AutograderError
from autograder.sandbox.client import Zygote
from autograder.sandbox.modes import present_mode
from autograder.sandbox.policy import SandboxReport, shortcomings
from autograder.sandbox.reading import (
    READER_BYTES,
    READERS,
    ConfinedReader,
    LibraryMissing,
    ReadingFailed,
)
from autograder.sandbox.requests import SandboxFailure
from autograder.sandbox.temporary import temporary_folder
from autograder.sandbox.worker_spec import WorkerSpec

LONGEST = 1_200
"""Pixels on the longer side of a page or picture."""
PAGES = 40
"""How many pages of one file are shown."""
SECONDS = 20.0
"""How long one page or picture may take."""
FOLDER = "files"
"""The folder, next to the page of a submission, with the files themselves."""

_ENDINGS = {"pdf": ".pdf", "image": ".picture", "text": ".txt"}
_LIBRARIES = ("PIL", "pypdfium2")
_ANSWER_BYTES = 64 * 2**20

Document = Mapping[str, Any]


def draw_files(folder: Path, documents: Mapping[str, Document], notices: list[str]) -> None:
    """Draw the files that answer items; each gets `pictures`, and `fault` where it cannot be drawn.

    Args:
        folder: the results folder.
        documents: the answers of each submission, by its folder in the results folder; changed.
        notices: gets a sentence if nothing can be drawn here.
    """
    with_files = {name: files for name, one in documents.items() if (files := _files_of(one))}
    if not with_files:
        return
    missing = [name for name in _LIBRARIES if find_spec(name) is None]
    if missing:
        words = "files are not shown on the pages: run pip install 'autograder[files]'"
        notices.append(words)
    with closing(_Drawing()) as drawing:
        for name, files in with_files.items():
            _keep(folder / name / FOLDER, files)
            if not missing and not drawing.refused:
                drawing.draw(files)
        if drawing.refused:
            notices.append(f"files are not shown on the pages: {drawing.refused}")


def _files_of(document: Document) -> list[dict[str, Any]]:
    found = []
    for answer in document["answers"]:
        for number, file in enumerate(answer.get("files", ()), 1):
            file["name"] = f"{answer['item']}-{number}{_ENDINGS.get(file['format'], '')}"
            found.append(file)
    return found


def _keep(place: Path, files: Iterable[Mapping[str, Any]]) -> None:
    """Write the files next to the page of the submission, by names that no student chose."""
    try:
        for file in files:
            if "data" in file:
                place.mkdir(exist_ok=True)
                (place / file["name"]).write_bytes(base64.b64decode(file["data"]))
    except OSError as error:
        raise AutograderError(
            f"cannot be written ({error.strerror})", str(place), "free some space"
        ) from None


class _Drawing:
    """Draws the files of submissions, each submission in a process of its own.

    Attributes:
        refused: why no process can be confined here; "" as long as that is not known.
    """

    def __init__(self) -> None:
        self.refused = ""
        self._zygote: Zygote | None = None

    def close(self) -> None:
        """End the processes."""
        if self._zygote is not None:
            self._zygote.close()

    def draw(self, files: Iterable[dict[str, Any]]) -> None:
        """Draw the files of one submission."""
        place = temporary_folder("autograder-draw-")
        try:
            for name in ("handed-in", "scratch"):
                (place / name).mkdir()
            if self._zygote is None:
                self._zygote = Zygote()
            reader = ConfinedReader(self._zygote, lambda: _spec(place), _verify)
            with closing(reader):
                for file in files:
                    if "data" in file and not file["fault"]:
                        _draw(file, place / "handed-in" / file["name"], reader.call)
        except SandboxFailure as error:
            self.refused = str(error)
        finally:
            shutil.rmtree(place, ignore_errors=True)


def _draw(file: dict[str, Any], path: Path, call: Callable[..., object]) -> None:
    path.write_bytes(base64.b64decode(file["data"]))
    path.chmod(0o644)
    pictures: list[dict[str, str]] = []
    file["pictures"] = pictures
    try:
        if file["format"] == "image":
            drawn = call("images", "picture", str(path), LONGEST, seconds=SECONDS)
            pictures.append(_as_jpeg(drawn))
            return
        pages = call("pdf", "count", str(path), seconds=SECONDS)
        if type(pages) is not int:
            raise ReadingFailed("cannot be read")
        for number in range(min(pages, PAGES)):
            drawn = call("pdf", "page", str(path), number, LONGEST, seconds=SECONDS)
            pictures.append(_as_jpeg(drawn))
        if pages > PAGES:
            file["fault"] = f"has {pages:,} pages, and {PAGES} are shown"
    except ReadingFailed as error:
        file["fault"] = str(error)
    except LibraryMissing as error:
        raise AutograderError(
            f"{error} is not installed", "autograder report", "run pip install 'autograder[files]'"
        ) from None


def _as_jpeg(pixels: object) -> dict[str, str]:
    """Return a picture of an array that a reader has answered; it may have been taken over."""
    from PIL import Image

    if not (
        type(pixels) is np.ndarray
        and pixels.dtype == np.uint8
        and pixels.ndim == 3
        and pixels.shape[2] == 3
        and 0 < min(pixels.shape[:2]) <= max(pixels.shape[:2]) <= LONGEST + 1
    ):
        raise ReadingFailed("cannot be shown")
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=80)
    return {"mime": "image/jpeg", "data": base64.b64encode(buffer.getvalue()).decode("ascii")}


def _spec(place: Path) -> WorkerSpec:
    return WorkerSpec(
        folder=str(place / "handed-in"),
        packages={},
        support=str(READERS),
        scratch=str(place / "scratch"),
        traversed_folders=[str(place)],
        banned=[],
        seed=0,
        memory_bytes=READER_BYTES,
        cpu_seconds=int(PAGES * SECONDS),
        answer_bytes=_ANSWER_BYTES,
        judge=os.getpid(),
        secrets=[],
    )


def _verify(report: SandboxReport) -> None:
    missing = shortcomings(present_mode(), report)
    if missing:
        raise SandboxFailure("; ".join(missing))
