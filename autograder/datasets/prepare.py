"""Write datasets as files that can be read with numpy alone.

    python -m autograder.datasets.prepare mnist bloodmnist --into FOLDER

`--published` writes them in the file formats in which the originals are published.

A dataset that needed torch is also kept in the user's cache, so that the next run does not need it.
"""

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.datasets.dataset import Dataset, DatasetError
from autograder.datasets.find import SOURCES, find
from autograder.datasets.places import cache_folder, given_folder, say
from autograder.datasets.prepared import load_prepared, source_of, write_prepared
from autograder.datasets.published import write_published


def prepare(name: str, folder: Path) -> Path:
    """Find a dataset and write it to `<folder>/<name>.npz`; return that path.

    Raises:
        DatasetError: it is not available, or the folder is not writable.
    """
    return write_prepared(_quickly(name), folder)


def _quickly(name: str) -> Dataset:
    kept, source = cache_folder() / "prepared", _fingerprint(name)
    try:
        if source and source_of(kept / f"{name}.npz") == source:
            return load_prepared(kept, name)
    except DatasetError as error:
        say(f"autograder: {error}")
    dataset = find(name)
    if dataset.kind == "real":
        try:
            write_prepared(dataset, kept, source=_fingerprint(name))
        except DatasetError:
            pass  # only the next run is slower
    return dataset


def _fingerprint(name: str) -> str:
    """Identify the published files that `find` would read, without reading them."""
    if name not in SOURCES:
        return ""
    folders = [folder for folder in (given_folder(), cache_folder()) if folder is not None]
    for folder in folders:
        files = [folder / name for name in SOURCES[name].files]
        if (folder / f"{name}.npz").exists() and folder / f"{name}.npz" not in files:
            return ""  # already prepared
        if all(file.is_file() for file in files):
            facts = [(str(f.resolve()), f.stat().st_size, f.stat().st_mtime_ns) for f in files]
            return hashlib.sha256(repr(facts).encode()).hexdigest()
    return ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m autograder.datasets.prepare")
    parser.add_argument("names", nargs="+", metavar="NAME", help=" or ".join(SOURCES))
    parser.add_argument("--into", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("--published", action="store_true", help="in the published file format")
    given = parser.parse_args(arguments)
    try:
        for name in given.names:
            if given.published:
                write_published(find(name), given.into)
            else:
                prepare(name, given.into)
    except DatasetError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
