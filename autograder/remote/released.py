"""Worker: put files of the release where student code runs, as on a student's machine."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path


def put_released(source: Path, released: Mapping[str, bool], folder: Path, link: bool) -> None:
    """Put files of the release into the folder in which code runs.

    Args:
        source: the folder that contains them.
        released: their paths -> whether code may change its copy.
        folder: the folder in which code runs.
        link: whether a link suffices for a file that code only reads. This requires that code
            cannot change files in `source`; large files are then not copied for each process.
    """
    for path, may_change in released.items():
        target = folder / path
        if not (source / path).is_file() or os.path.lexists(target):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if link and not may_change:
            target.symlink_to(source / path)
        else:
            shutil.copyfile(source / path, target)
            if not may_change and os.name == "posix":  # elsewhere it could not be removed
                target.chmod(0o444)
