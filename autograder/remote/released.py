"""Worker: put files of the release where student code runs, as on a student's machine."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path


def put_released(source: Path, released: Mapping[str, bool], folder: Path, link: bool) -> None:
    """Put files of the release into the folder that code runs in.

    Args:
        source: the folder that has them.
        released: their paths -> whether code may change its copy.
        folder: where code runs.
        link: whether a link will do where code only reads a file. It cannot change what lies in
            `source` then, and large files are not copied for each process.
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
