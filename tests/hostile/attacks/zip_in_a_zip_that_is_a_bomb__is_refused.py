"""A zip in a zip, in which two hundred megabytes are a few hundred bytes.

Earns: 0
Class: 14 15
Form: build
"""

import io
import zipfile


def build(folder, files):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
        archive.writestr("shapes/data.txt", bytes(2 * 10**8))
    with zipfile.ZipFile(folder / "attack.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("hw.zip", inner.getvalue())
    return folder / "attack.zip"
