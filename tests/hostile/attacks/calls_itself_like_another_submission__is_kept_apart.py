"""Has the same name as the submission that is graded next, so that one overwrites the other.

Earns: 2
Class: 18
Form: build
"""


def build(folder, files):
    folder = folder / "Solution"
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder
