"""Weights that say they are small and inflate to gigabytes, in a zip that overlaps itself.

Form: notebook build
Earns: 4
Class: 14 15
Ends: n1-claims=partial|failed, n1-sums=passed
"""

import hashlib
import json
import zipfile

HEADER = b"{'descr': '<f4', 'fortran_order': False, 'shape': (16, 784), }"


def build(folder, files):
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    bomb = folder / "claims" / "n1.npz"
    entry = b"\x93NUMPY\x01\x00\x76\x00" + HEADER.ljust(117) + b"\n" + bytes(300 * 2**20)
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.weight.npy", entry)
    data = bytearray(bomb.read_bytes())
    # The table of contents says that it holds as much as fits the header.
    start = data.rindex(b"PK\x01\x02")
    data[start + 24 : start + 28] = (128 + 16 * 784 * 4).to_bytes(4, "little")
    bomb.write_bytes(data)
    stated = json.loads((folder / "claims" / "n1.json").read_text())
    stated["weights_sha256"] = hashlib.sha256(data).hexdigest()
    stated["numbers"]["accuracy"] = 10.0
    (folder / "claims" / "n1.json").write_text(json.dumps(stated))
    return folder
