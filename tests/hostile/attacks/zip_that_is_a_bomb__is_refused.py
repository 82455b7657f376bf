"""A zip of a hundred kilobytes that holds two hundred megabytes.

Earns: 0
Class: 14 15
Form: build
"""

import zipfile


def build(folder, files):
    with zipfile.ZipFile(folder / "attack.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
        archive.writestr("shapes/data.txt", bytes(2 * 10**8))
    return folder / "attack.zip"
