"""Claims of several models: thousands of names, names that are no texts or that act on a terminal
or a page, arrays that belong to no model, numbers that are none, and data that are none.

Form: notebook build
Earns: 4
Class: 14 17
Ends: n1-claims=partial|failed, n1-sums=passed
"""

import hashlib
import json
import zipfile

HEADER = b"{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"
NAMES = [
    *(f"run {number}" for number in range(20)),
    "<script>alert(1)</script>",
    "\x1b[2J\x1b]0;owned\x07",
    "../../../../etc/passwd",
    "\u202egnp.exe",
]


def build(folder, files):
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    weights = folder / "claims" / "n1.npz"
    entry = b"\x93NUMPY\x01\x00\x76\x00" + HEADER.ljust(117) + b"\n" + b"\x00\x00\xc0\x7f" * 2
    with zipfile.ZipFile(weights, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(990):
            archive.writestr(f"{number % 30}/{number}.npy", entry)
    stated = json.loads((folder / "claims" / "n1.json").read_text())
    stated["schema"] = "autograder.claims/2"
    stated["models"] = NAMES
    stated["data"] = None
    stated["weights_sha256"] = hashlib.sha256(weights.read_bytes()).hexdigest()
    stated["numbers"]["accuracy"] = dict.fromkeys(NAMES, 10.0)
    (folder / "claims" / "n1.json").write_text(json.dumps(stated))
    return folder
