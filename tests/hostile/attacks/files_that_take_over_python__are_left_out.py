"""conftest, sitecustomize, .pth, plugins, fake numpy and autograder beside the package.

Earns: 2
Class: 6 12
Form: build
"""

NAMES = (
    "conftest.py", "sitecustomize.py", "usercustomize.py", "numpy.py", "numpy/__init__.py",
    "pytest.py", "msgpack/__init__.py", "evil.pth", "autograder/__init__.py", "pyproject.toml",
    "tests/conftest.py", "shapes/conftest.py", "shapes/numpy.py", "shapes/random.py", "tox.ini",
    "autograder/rubric/check.py", "rubric_support_scaling.py", "shapes/test_area_hidden.py",
)  # fmt: skip


def build(folder, files):
    evil = b"import os\nos._exit(0)\nraise SystemExit('FORGED')\n"
    for path, content in (dict.fromkeys(NAMES, evil) | files).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")
    return folder
