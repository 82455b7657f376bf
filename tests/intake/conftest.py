"""Exports as the platforms make them, in small; as folders and as zips."""

import shutil
import zipfile
from pathlib import Path

import pytest

from autograder.intake import find_hand_ins


@pytest.fixture
def put(tmp_path):
    """Write files below the folder of a class: paths and texts; a dict is a zip with files."""

    def put(files, folder="class"):
        for path, content in files.items():
            target = tmp_path / folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, dict):
                with zipfile.ZipFile(target, "w") as archive:
                    for name, text in content.items():
                        archive.writestr(name, text)
            else:
                target.write_text(content)
        return tmp_path / folder

    return put


@pytest.fixture(params=["folder", "zip", "zip of a folder"])
def packed(request, put):
    """A class as a folder, as a zip of what is in it, and as a zip of the folder itself."""

    def packed(files):
        folder = put(files)
        if request.param == "folder":
            return folder
        root = folder if request.param == "zip" else folder.parent
        inside = None if request.param == "zip" else folder.name
        return Path(shutil.make_archive(str(folder.parent / folder.name), "zip", root, inside))

    return packed


@pytest.fixture
def found(tmp_path):
    """What is found in places."""
    intakes = []

    def found(*places, paths=()):
        workspace = tmp_path / f"workspace-{len(list(tmp_path.iterdir()))}"
        workspace.mkdir()
        intakes.append(find_hand_ins(paths, places, workspace))
        return intakes[-1]

    yield found
    for intake in intakes:
        intake.close()
