"""Prepare the data sets of one run: whole ones for the judge, small ones for the workers."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.datasets import Data, DatasetError, reduce, write_prepared
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
    """The data sets of a run, which all of its submissions use.

    Attributes:
        whole: the data sets for the tests of the rubric; workers cannot read them.
        small: for each notebook, by its name, and for the packages (""), the folder that
            `AUTOGRADER_DATA` names there.
        secrets: the files and folders that workers must not be able to read.
    """

    whole: Data
    small: Mapping[str, Path]
    secrets: tuple[str, ...]


@contextmanager
def run_data(config: GradingConfig) -> Iterator[RunData]:
    """Prepare the data sets that a run needs, and remove the copies when it ends.

    Workers get data from the training and validation splits only: they never get the labels of the
    test split, even if notebooks run in full.

    Raises:
        AutograderError: a data set is not available.
    """
    if not config.datasets:
        yield RunData(Data(), {}, ())
        return
    folder = temporary_folder("autograder-data-")
    try:
        folder.chmod(0o711)
        whole = folder / "whole"
        whole.mkdir(mode=0o700)
        _prepare(config.datasets, whole)
        data = Data(whole)
        small = {
            path.removesuffix(".ipynb"): _small_folder(config, path, needs, sizes, data, folder)
            for path, needs, sizes in _wanted(config)
        }
        yield RunData(data, small, (str(whole),))
    except DatasetError as error:
        raise AutograderError(
            str(error).rstrip("."), "the data sets", "set AUTOGRADER_DATA to a folder with them"
        ) from None
    finally:
        remove_temporary_folder(folder)


def _prepare(names: list[str], folder: Path) -> None:
    """Write data sets in a format that numpy can read.

    This runs in a separate process: the published files are read with PyTorch's loaders, which
    would otherwise stay in the memory of every judge.
    """
    command = [sys.executable, "-m", "autograder.datasets.prepare", *names, "--into", str(folder)]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise AutograderError(
            f"{' and '.join(names)} not available",
            "the data sets",
            "read the lines above, or set AUTOGRADER_DATA to a folder with these data sets",
        )


def _wanted(config: GradingConfig) -> Iterator[tuple[str, set[str], Mapping[str, int]]]:
    """Yield who needs small data sets, which, and of which sizes: notebooks, and the packages."""
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
) -> Path:
    place = folder / (path.removesuffix(".ipynb") or "packages-small")
    place.mkdir()
    for name in sorted(needs):
        seed = derived_seed(config.run_seed, f"small {name} of {path}")
        written = write_prepared(reduce(data.named(name), sizes, seed), place)
        written.chmod(0o644)
    place.chmod(0o755)
    note_no_reading(str(place))
    return place
