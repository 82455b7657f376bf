"""Find out what a grading uses: the versions of libraries, and the device of student code."""

import platform
from collections.abc import Collection
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from autograder import __version__

CPU = "cpu"
CARDS = Path("/proc/driver/nvidia/gpus")


def versions(device: str = CPU) -> dict[str, str]:
    """Return name -> version of each library, and the device that student code computes on."""
    found = {
        "autograder": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "pytest": pytest.__version__,
    }
    torch = _torch_version()
    if torch:
        found["torch"] = torch
    return found | {"device": device}


def uses_graphics(needs: Collection[str]) -> bool:
    """Return whether an item or notebook with these needs computes on a card of this machine."""
    return "cuda-optional" in needs and device() != CPU


def device() -> str:
    """Return `cpu`, or `cuda` with the names of the cards, without importing PyTorch."""
    cards = _cards(CARDS)
    return f"cuda ({', '.join(cards)})" if cards and torch_has_cuda() else CPU


def _cards(folder: Path) -> list[str]:
    """Return the names of the graphics cards that NVIDIA's driver lists."""
    names = []
    for file in sorted(folder.glob("*/information")):
        try:
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue
        names += [line.partition(":")[2].strip() for line in lines if line.startswith("Model:")]
    return names


@cache
def _torch_version() -> str:
    try:
        return version("torch")
    except PackageNotFoundError:
        return ""


@cache
def torch_has_cuda() -> bool:
    """Return whether the installed PyTorch was built for CUDA."""
    spec = find_spec("torch")
    if spec is None or spec.origin is None:
        return False
    lines = (Path(spec.origin).parent / "version.py").read_text(encoding="utf-8").splitlines()
    built_for = [line.partition("=")[2].strip() for line in lines if line.startswith("cuda")]
    return any(value not in ("", "None") for value in built_for)
