"""Two files of the same name, names that differ by case or by composition, a file as a folder.

Earns: 2
Class: 15
Form: build
"""

import warnings
import zipfile


def build(folder, files):
    with warnings.catch_warnings(), zipfile.ZipFile(folder / "attack.zip", "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("shapes/area.py", "raise SystemExit")
        for path, content in files.items():
            archive.writestr(path, content)
        for name in ("shapes/AREA.py", "shapes/Tools.py", "shapes/area.py/inner.py",
                     "shapes/caf\u00e9.py", "shapes/cafe\u0301.py"):  # fmt: skip
            archive.writestr(name, "raise SystemExit")
    return folder / "attack.zip"
