"""More entries than anybody would write, each of them empty.

Earns: 0
Class: 14 15
Form: build
"""

import zipfile


def build(folder, files):
    with zipfile.ZipFile(folder / "attack.zip", "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
        for number in range(100_100):
            archive.writestr(f"shapes/{number}", "")
    return folder / "attack.zip"
