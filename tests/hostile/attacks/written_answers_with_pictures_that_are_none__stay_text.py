"""Attachments and outputs that are pages, drawings or scripts, under names that end an attribute.

Form: notebook build
Earns: 4
Class: 17
"""

import base64
import json

PAGE = base64.b64encode(b"<html><script>alert(1)</script></html>").decode()
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n<script>alert(1)</script>").decode()


def build(folder, files):
    document = json.loads(files["squares.ipynb"])
    names = ["a.svg", '"><script>alert(1)</script>', "x' onerror='alert(1)", "a)](javascript:b)"]
    kinds = [
        "image/svg+xml",
        "image/png",
        "text/html",
        'image/png;base64,AA" onerror="a',
        "image/jpeg",
    ]
    text = "**Your answer to `n1-why`**\n" + "".join(f"![{n}](attachment:{n})\n\n" for n in names)
    attachments = {name: dict.fromkeys(kinds, PAGE) | {"image/png": PNG} for name in names}
    outputs = [
        {"output_type": "display_data", "data": {kind: data}}
        for kind in [*kinds, "application/javascript", "text/latex", "text/markdown", "text/plain"]
        for data in (PAGE, "<script>alert(1)</script>", ["<svg/onload=alert(1)>"])
    ]
    outputs += [{"output_type": "stream", "text": "<script>alert(1)</script>\x1b[31m\u202e"}]
    document["cells"] += [
        {"cell_type": "markdown", "source": text, "attachments": attachments, "metadata": {}},
        {"cell_type": "code", "source": "pass # <script>", "outputs": outputs, "metadata": {}},
        {"cell_type": "raw", "source": "<script>alert(1)</script>", "metadata": {"format": "html"}},
    ]
    files["squares.ipynb"] = json.dumps(document).encode()
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    return folder
