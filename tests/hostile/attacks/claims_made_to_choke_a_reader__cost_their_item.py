"""Numbers with thousands of digits, lists in lists, names that are equal, halves of characters.

Form: notebook build
Earns: 4
Class: 14
Ends: n1-claims=partial|failed, n1-sums=passed
"""

import json


def build(folder, files):
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    stated = json.loads((folder / "claims" / "n1.json").read_text())
    text = json.dumps(stated | {"numbers": "HERE"})
    numbers = '{"accuracy": NaN, "accuracy": 1e999, "\\ud800": ["\\udfff\\u202e"], "deep": '
    numbers += "[" * 100_000 + "]" * 100_000 + ', "long": ' + "9" * 100_000 + "}"
    (folder / "claims" / "n1.json").write_text(text.replace('"HERE"', numbers))
    return folder
