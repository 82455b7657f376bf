"""Prepare the datasets of one run: whole ones for the judge, small ones for the workers."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Notebook
from autograder.datasets import Data, DatasetError, reduce, write_prepared
from autograder.errors import AutograderError
from autograder.grading.config import GradingConfig
from autograder.rubric.seeds import derived_seed
from autograder.sandbox.access_times import note_no_reading
from autograder.sandbox.temporary import remove_temporary_folder, temporary_folder


@dataclass(frozen=True)
class RunData:
    """The datasets of a run, which all of its submissions use.

    Attributes:
        whole: the datasets for the tests of the rubric; workers cannot read them.
        small: for each notebook, by its name, the folder that `AUTOGRADER_DATA` names in it.
        secrets: the files and folders that workers must not be able to read.
    """

    whole: Data
    small: Mapping[str, Path]
    secrets: tuple[str, ...]


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
        _prepare(config.datasets, whole)
        data = Data(whole)
        small = {
            notebook.name: _small_folder(config, notebook, data, folder)
            for notebook in config.notebooks
            if set(notebook.needs) & set(config.datasets)
        }
        yield RunData(data, small, (str(whole),))
    except DatasetError as error:
        raise AutograderError(
            str(error).rstrip("."), "the datasets", "set AUTOGRADER_DATA to a folder with them"
        ) from None
    finally:
        remove_temporary_folder(folder)


def _prepare(names: list[str], folder: Path) -> None:
    """Write datasets in a format that numpy can read.

    This runs in a separate process: the published files are read with PyTorch's loaders, which
    would otherwise stay in the memory of every judge.
    """
    command = [sys.executable, "-m", "autograder.datasets.prepare", *names, "--into", str(folder)]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise AutograderError(
            f"{' and '.join(names)} not available",
            "the datasets",
            "read the lines above, or set AUTOGRADER_DATA to a folder with these datasets",
        )


def _small_folder(config: GradingConfig, notebook: Notebook, data: Data, folder: Path) -> Path:
    place = folder / notebook.name
    place.mkdir()
    sizes = {} if config.full else notebook.data
    for name in sorted(set(notebook.needs) & set(config.datasets)):
        seed = derived_seed(config.run_seed, f"small {name} of {notebook.path}")
        written = write_prepared(reduce(data.named(name), sizes, seed), place)
        written.chmod(0o644)
    place.chmod(0o755)
    note_no_reading(str(place))
    return place
