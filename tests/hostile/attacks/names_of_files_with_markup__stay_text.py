"""Files and folders whose names are HTML, escapes, formulas, or cannot be shown.

Earns: 2
Class: 15 17
Form: build
"""

import zipfile

NAMES = (
    "<img src=x onerror=alert(1)>.py", "\x1b[2J.py", "[red]x[/].py", "=1+1.py", "\u202eyp.py",
    "a\nFORGED 5 of 5 points.py", "\x00null.py", "x" * 300 + ".py", ".", "CON.py", "-rf",
)  # fmt: skip


def build(folder, files):
    with zipfile.ZipFile(folder / "=cmd [red]<b>.zip", "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
        for name in NAMES:
            archive.writestr(f"shapes/{name}", "x")
        archive.writestr("../\x1b[31m<script>", "x")
    return folder / "=cmd [red]<b>.zip"
