"""Prepare the datasets of one run: whole ones for the judge, small ones for the workers."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from autograder.assignment import Assignment
from autograder.assignment.spec import DATASETS
from autograder.datasets import (
    CourseDataset,
    CourseFiles,
    Data,
    DatasetError,
    reduce,
    write_prepared,
)
from autograder.datasets.course_data import (
    file_content,
    read_course_data,
    read_table,
    small_table,
    write_table,
)
from autograder.datasets.served import ADDRESSES
from autograder.errors import AutograderError
from autograder.grading.config import GradingConfig
from autograder.rubric.seeds import derived_seed
from autograder.sandbox.access_times import note_no_reading
from autograder.sandbox.temporary import remove_temporary_folder, temporary_folder

PACKAGES = ""
"""The place of the packages among the notebooks."""
SIZES_OF_PACKAGES = {"train": 2000, "validation": 400, "test": 400}


@dataclass(frozen=True)
class RunData:
    """The datasets of a run, which all of its submissions use.

    Attributes:
        whole: the datasets for the tests of the rubric; workers cannot read them.
        small: for each notebook, by its name, and for the packages (""), the folder that
            `AUTOGRADER_DATA` names there.
        secrets: the files and folders that workers must not be able to read.
        files: small data in place of files of the release, by their paths.
    """

    whole: Data
    small: Mapping[str, Path]
    secrets: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)


@contextmanager
def run_data(config: GradingConfig) -> Iterator[RunData]:
    """Prepare the datasets that a run needs, and remove the copies when it ends.

    Workers get data from the training and validation splits only: they never get the labels of the
    test split, even if notebooks run in full.

    Raises:
        AutograderError: a dataset is not available.
    """
    if not config.datasets:
        yield RunData(Data(), {}, ())
        return
    folder = temporary_folder("autograder-data-")
    try:
        folder.chmod(0o711)
        whole = folder / "whole"
        whole.mkdir(mode=0o700)
        _prepare([name for name in config.datasets if name in DATASETS], whole)
        data, own = Data(whole, own_readers(config.assignment)), _own_files(config)
        small = {
            path.removesuffix(".ipynb"): _small_folder(
                config, path, needs, sizes, data, folder, own
            )
            for path, needs, sizes in _wanted(config)
        }
        hidden = [str(config.assignment.folder / place) for place in own]
        secrets = (str(whole), *(one for one in hidden if Path(one).exists()))
        yield RunData(data, small, secrets, {p: c for p, c in own.items() if not _is_url(p)})
    except DatasetError as error:
        raise AutograderError(
            str(error).rstrip("."), "the datasets", "set AUTOGRADER_DATA to a folder with them"
        ) from None
    finally:
        remove_temporary_folder(folder)


def own_readers(assignment: Assignment) -> dict[str, Callable[[], CourseDataset]]:
    """Return, by name, the functions that read the course's own data."""
    return {
        one.name: partial(read_course_data, CourseFiles(**vars(one)), assignment.data_folders)
        for one in assignment.datasets
    }


def _own_files(config: GradingConfig) -> dict[str, bytes]:
    """Return the small files of the course's own data, by their paths and addresses."""
    files = {}
    for one in config.assignment.datasets:
        if one.name not in config.datasets:
            continue
        about = CourseFiles(**vars(one))
        for split, place in about.files.items():
            content = file_content(about, split, config.assignment.data_folders)
            assert content is not None  # it is not partial
            if split in about.small and not config.full:
                seed = derived_seed(config.run_seed, f"small {one.name} {split}")
                table = read_table(content, place)
                content = write_table(
                    small_table(table, about.small[split], about.labels, seed), place
                )
            files[place] = content
    return files


def keep_fetched(assignment: Assignment, folder: Path) -> None:
    """Put the files that have an address into a folder, for a machine without a network.

    Raises:
        DatasetError: one of them cannot be fetched.
    """
    for one in assignment.datasets:
        for split, place in one.files.items():
            content = None
            if _is_url(place):
                content = file_content(CourseFiles(**vars(one)), split, ())
            if content is not None:
                (folder / place.rpartition("/")[2]).write_bytes(content)


def _is_url(place: str) -> bool:
    return place.startswith("https://")


def _prepare(names: list[str], folder: Path) -> None:
    """Write datasets in a format that numpy can read.

    This runs in a separate process: the published files are read with PyTorch's loaders, which
    would otherwise stay in the memory of every judge.
    """
    if not names:
        return
    command = [sys.executable, "-m", "autograder.datasets.prepare", *names, "--into", str(folder)]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise AutograderError(
            f"{' and '.join(names)} not available",
            "the datasets",
            "read the lines above, or set AUTOGRADER_DATA to a folder with these datasets",
        )


def _wanted(config: GradingConfig) -> Iterator[tuple[str, set[str], Mapping[str, int]]]:
    """Yield who needs small datasets, which, and of which sizes: notebooks, and the packages."""
    for notebook in config.notebooks:
        needs = set(notebook.needs) & set(config.datasets)
        if needs:
            yield notebook.path, needs, {} if config.full else notebook.data
    needs = {need for item in config.judged if not item.notebook for need in item.needs}
    if needs & set(config.datasets):
        yield PACKAGES, needs & set(config.datasets), {} if config.full else SIZES_OF_PACKAGES


def _small_folder(
    config: GradingConfig,
    path: str,
    needs: set[str],
    sizes: Mapping[str, int],
    data: Data,
    folder: Path,
    own: Mapping[str, bytes],
) -> Path:
    place = folder / (path.removesuffix(".ipynb") or "packages-small")
    place.mkdir()
    _write_addresses(config.assignment, needs, own, place)
    for name in sorted(needs & set(DATASETS)):
        seed = derived_seed(config.run_seed, f"small {name} of {path}")
        written = write_prepared(reduce(data.named(name), sizes, seed), place)
        written.chmod(0o644)
    place.chmod(0o755)
    note_no_reading(str(place))
    return place


def _write_addresses(
    assignment: Assignment, needs: set[str], own: Mapping[str, bytes], place: Path
) -> None:
    """Write the files that answer requests for the course's own data."""
    urls = [
        file
        for one in assignment.datasets
        if one.name in needs
        for file in one.files.values()
        if _is_url(file)
    ]
    for number, url in enumerate(urls):
        (place / f"file-{number}").write_bytes(own[url])
        (place / f"file-{number}").chmod(0o644)
    if urls:
        known = {url: f"file-{number}" for number, url in enumerate(urls)}
        (place / ADDRESSES).write_text(json.dumps(known), encoding="utf-8")
        (place / ADDRESSES).chmod(0o644)
