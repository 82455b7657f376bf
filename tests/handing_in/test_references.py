"""Files of a student's own are found by what code and text say, and nothing else is taken."""

import json

import pytest

from autograder.handing_in import own_files
from autograder.handing_in.following import follow
from autograder.handing_in.references import References

HELPER = "def total(values):\n    return sum(values)\n"


def book(*cells):
    nodes = [
        {"cell_type": "markdown" if text.startswith("#") else "code", "source": text}
        for text in cells
    ]
    return json.dumps({"cells": nodes, "nbformat": 4})


@pytest.fixture
def taken(tmp_path):
    """Write files next to a notebook; return what is handed in with it."""

    def take(notebook, **files):
        for path, text in {"report.ipynb": notebook, **files.pop("files", {})}.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        return follow(tmp_path, ["shapes/"], ["report.ipynb"])

    return take


IMPORTS = {
    "from helpers import total": "helpers.py",
    "import helpers": "helpers.py",
    "import numpy as np, helpers as h": "helpers.py",
    "    import helpers.more": "helpers/more.py",
    "from helpers.deep.more import f": "helpers/deep/more.py",
    "try:\n    import helpers\nexcept ImportError: pass": "helpers.py",
    "x = 1; import helpers": "helpers.py",
    "if True: from helpers import *": "helpers.py",
    "import importlib\nh = importlib.import_module('helpers')": "helpers.py",
    "h = __import__('helpers')": "helpers.py",
    "%run helpers.py": "helpers.py",
    "exec(open('helpers.py').read())": "helpers.py",
    "import sys\nsys.path.append('src')\nimport helpers": "src/helpers.py",
    "sys.path.insert(0, './src/')\nfrom helpers import total": "src/helpers.py",
    "from helpers import (\n    total,\n)": "helpers.py",
    "größe = 1\nimport prüfung": "prüfung.py",
    "%%time\nimport helpers": "helpers.py",
    "this is no Python (\nimport helpers": "helpers.py",
}


@pytest.mark.parametrize("code", IMPORTS)
def test_a_module_that_is_imported_is_taken(taken, code):
    path = IMPORTS[code]
    found = taken(book(code), files={path: HELPER, "other.py": "x = 1\n"})
    assert list(found.taken) == [path]


def test_modules_that_modules_import_are_taken_with_what_leads_to_them(taken):
    files = {
        "shapes/area.py": "import one\n",
        "one.py": "from two import x\n",
        "two/__init__.py": "from .three import x\n",
        "two/three.py": "x = open('table.csv')\n",
        "two/table.csv": "1,2\n",
        "four.py": "import one\n",
    }
    found = taken(book("import four"), files=files)
    assert sorted(found.taken) == [
        "four.py", "one.py", "two/__init__.py", "two/table.csv", "two/three.py"
    ]  # fmt: skip
    roots = {name: module.roots for name, module in found.modules.items()}
    both = ("report.ipynb", "shapes/")
    assert roots == {"one": both, "two": both, "four": ("report.ipynb",)}


DATA = {
    "np.load('table.npz')": "table.npz",
    "np.load('data/table.npz')": "data/table.npz",
    'np.load("./data/table.npz")': "data/table.npz",
    "pd.read_csv(Path('data') / 'my table.csv')": "data/my table.csv",
    "os.path.join('data', 'deep', 'table.csv')": "data/deep/table.csv",
    "open(f'{folder}/table.csv')": "data/table.csv",
    "open('C:\\\\Users\\\\anna\\\\table.csv')": "table.csv",
    "open('/home/anna/course/table.csv')": "table.csv",
    "Image('Photo 1 (2).JPG')": "Photo 1 (2).JPG",
    "!wc -l notes.txt": "notes.txt",
    "ImageFolder('pictures')": "pictures/a/1.png",
    "for one in Path('pictures').glob('*.png'): pass": "pictures/1.png",
    "torch.load('modell_größe.pt')": "modell_größe.pt",
}


@pytest.mark.parametrize("code", DATA)
def test_data_that_code_names_are_taken(taken, code):
    found = taken(book(code), files={DATA[code]: "x", "more.csv": "x"})
    assert list(found.taken) == [DATA[code]]
    assert found.referred_by("report.ipynb") == (DATA[code],)


LINKS = {
    "# Proof\n![proof](proof.png)": "proof.png",
    "# Proof\n![proof](<my proof.png>)": "my proof.png",
    "# Proof\n![proof](my%20proof.heic)": "my proof.heic",
    "# Proof\n![proof](img/proof.webp 'a title')": "img/proof.webp",
    "# Proof\n<img src='proof.gif' width=30>": "proof.gif",
    '# Proof\n<IMG width="3" SRC="./img/proof.jpeg">': "img/proof.jpeg",
    "# Proof\n[scan](scan.pdf)": "scan.pdf",
    "# Proof\n![proof][1]\n\n[1]: proof.tiff": "proof.tiff",
    "# Proof\n![x](file:///C:/Users/anna/proof.jpg)": "proof.jpg",
    "# Proof\n![x](..\\pictures\\proof.jpg)": "proof.jpg",
    "# Proof\n![x](beweis_größe.png)": "beweis_größe.png",
}


@pytest.mark.parametrize("text", LINKS)
def test_pictures_that_text_names_are_taken_and_are_no_data(taken, text):
    found = taken(book(text), files={LINKS[text]: "x", "more.png": "x"})
    assert list(found.taken) == [LINKS[text]]
    assert found.referred_by("report.ipynb") == ()


NOT_TAKEN = {
    "autograder/live.py": "from autograder import live",
    "tests/test_area.py": "open('tests/test_area.py')",
    "claims/r.npz": "np.load('claims/r.npz')",
    "hand_in.py": "%run hand_in.py",
    "numpy.py": "import numpy",
    "numpy/__init__.py": "import numpy",
    "random.py": "import random",
    "conftest.py": "import conftest",
    "sitecustomize.py": "import sitecustomize",
    "support.py": "import support",
    "engine.so": "import engine",
    "old/report.ipynb": "grader = otter.Notebook('report.ipynb')",
    ".secret/key.txt": "open('.secret/key.txt')",
    "handout.md": "# see handout.md",
    "elsewhere.csv": "open('else.csv'); x = 'elsewhere.csvs'",
}


@pytest.mark.parametrize("path", NOT_TAKEN)
def test_other_files_are_not_taken(taken, path):
    assert list(taken(book(NOT_TAKEN[path]), files={path: "x = 1\n"}).taken) == []


def test_links_and_what_lies_outside_are_not_taken(taken, tmp_path):
    (tmp_path.parent / "outside.csv").write_text("secret")
    (tmp_path / "inside.csv").symlink_to(tmp_path.parent / "outside.csv")
    found = taken(book("open('inside.csv'); open('../outside.csv')"))
    assert list(found.taken) == []


@pytest.mark.parametrize(
    ("code", "listed", "path"),
    [
        ("open('data/Table.CSV')", "data/table.csv", "data/Table.CSV"),
        ("open('data/table.csv')", "table.csv", "data/table.csv"),
        ("open('../table.csv')", "table.csv", "table.csv"),
        ("open('claims/table.csv')", "table.csv", "table.csv"),
        ("open('shapes/table.csv')", "table.csv", "table.csv"),
        ("open('.x/table.csv')", "table.csv", "table.csv"),
        ("open('/etc/table.csv')", "table.csv", "table.csv"),
    ],
)
def test_a_loose_file_is_put_where_code_looks_for_it(code, listed, path):
    found = References({listed: 1}, ["report.ipynb", "shapes/area.py"])
    assert found.scan("report.ipynb", book(code).encode()) == [path]
    assert found.taken == {path: listed}


def test_no_file_is_put_into_a_file():
    listing = {"a.csv": 1, "x.png": 1}
    found = References(listing, ["report.ipynb"])
    found.scan("report.ipynb", book("open('a.csv'); open('a.csv/x.png')").encode())
    assert found.taken == {"a.csv": "a.csv"}


@pytest.mark.parametrize(
    ("limit", "most", "words"),
    [
        ("FILES", 2, "2.csv was left out: more than 2 files are referred to"),
        ("FILE_BYTES", 9, "0.csv was left out: it is larger than 0 MB"),
        ("TOTAL_BYTES", 25, "2.csv was left out: the files referred to have more than 0 MB"),
    ],
)
def test_what_is_beyond_the_limits_is_said(monkeypatch, limit, most, words):
    from autograder.handing_in import references

    monkeypatch.setattr(references, limit, most)
    found = References({f"{n}.csv": 10 for n in range(3)}, ["report.ipynb"])
    found.scan("report.ipynb", book("open('0.csv'); open('1.csv'); open('2.csv')").encode())
    assert words in found.notices


def test_a_large_folder_is_said_and_not_taken():
    listing = {"data/train.bin": own_files.FOLDER_BYTES + 1}
    found = References(listing, ["report.ipynb"])
    found.scan("report.ipynb", book("datasets.MNIST('data', download=True)").encode())
    assert found.taken == {}
    assert found.notices == ["data/ was left out: it holds 1 files with 20 MB"]


HOSTILE = {
    "many imports": "".join(f"import m{n}\n" for n in range(100_000)),
    "many strings": "".join(f"'d{n}'\n" for n in range(100_000)),
    "one long word": "a" * 1_000_000,
    "quotes": "'" * 1_000_000,
    "semicolons": ";import " * 100_000,
    "brackets": "![" * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_text_that_is_made_to_take_long_comes_to_an_end(name):
    listing = {f"d{n}/f {n}.csv": 1 for n in range(2_000)}
    found = References(listing, ["report.ipynb", "a.py"])
    found.scan("a.py", HOSTILE[name].encode())
    found.scan("report.ipynb", book("#" + HOSTILE[name]).encode())
    assert len(found.taken) <= own_files.FILES


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[" * 100_000, b'{"cells": 3}'])
def test_a_notebook_that_cannot_be_read_refers_to_nothing(data):
    assert References({"a.csv": 1}, ["report.ipynb"]).scan("report.ipynb", data) == []
