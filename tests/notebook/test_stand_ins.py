"""What belongs to Colab, Kaggle or VS Code does nothing in a run, and says so in one line."""

import os
import sys

import pytest

from autograder.notebook.stand_ins import is_stand_in

HARMLESS = [
    "from google.colab import drive\ndrive.mount('/content/drive')",
    "import google.colab\ngoogle.colab.drive.mount('/content/drive', force_remount=True)",
    "from google import colab\ncolab.files.download('a.png')",
    "from google.colab import files\nfor name in files.upload():\n    print(name)",
    "from google.colab import output\noutput.clear()\nwith output.temporary():\n    pass",
    "from google.colab.patches import cv2_imshow\ncv2_imshow([[1]])",
    "from google.colab import userdata\nkey = userdata.get('KEY').strip()",
    "from google.colab import *\nx = 0",
    (
        "from kaggle_secrets import UserSecretsClient\n"
        "key = UserSecretsClient().get_secret('wandb').upper()"
    ),
    "from IPython.display import set_matplotlib_formats\nset_matplotlib_formats('svg')",
    "from IPython.core.display import display, HTML\ndisplay(HTML('<style></style>'))",
    (
        "import matplotlib_inline\n"
        "matplotlib_inline.backend_inline.set_matplotlib_formats('retina', 'png')"
    ),
    "from matplotlib_inline.backend_inline import set_matplotlib_formats as f\nf('pdf')",
    "import getpass\ntoken = getpass.getpass('token: ').strip()",
    "import os\nos.chdir('/content/drive/MyDrive/course')",
    "%cd /content/drive/MyDrive",
    "%cd",
    "%cd -q nowhere\n%cd -",
    "%pushd nowhere\n%popd\n%popd",
    "%bookmark here\n%dhist\n%dirs",
    "get_ipython().run_line_magic('cd', 'nowhere')",
    "%load_ext tensorboard\n%tensorboard --logdir runs",
    "%load_ext autoreload\n%autoreload 2",
    "%matplotlib widget",
    "%matplotlib ipympl",
    "%config InlineBackend.figure_formats = ['svg']",
    "%store x\n%history\n%save a.py 1\n%logstart",
    "%shell ls\n%nvidia_smi",
    "%%javascript\nalert(1)",
    "%%shell\nls",
    "%%a_magic_of_an_extension --option\nanything at all",
]


@pytest.mark.parametrize("source", HARMLESS)
def test_it_does_nothing_and_the_next_cell_has_what_the_cell_imports(run, source):
    above = "" if source.startswith("%%") else "import json\n"
    done = run(f"{above}{source}", "import json\nx = json.dumps(1)")
    assert done.failures == [] and done.blame.value("x") == "1"


@pytest.mark.parametrize("rules", [{"allowed_imports": ["numpy"]}, {"banned_imports": ["torch"]}])
@pytest.mark.parametrize("source", [*HARMLESS[:9], *HARMLESS[9:13], *HARMLESS[20:24]])
def test_it_may_be_imported_whatever_an_assignment_allows(hand_in, source, rules):
    student = hand_in(f"{source}\nimport numpy as np", "x = float(np.ones(1)[0])", **rules)
    assert student.failures("analysis") == [] and student.analysis.x == 1


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "from google.colab import drive\nfor i in range(3):\n    drive.mount('/content')",
            "[google.colab.drive.mount() does nothing when notebooks are graded]\n",
        ),
        ("%cd nowhere", "[%cd nowhere: this folder does not exist when notebooks are graded]\n"),
        (
            "import os\nos.chdir('/kaggle/working')",
            (
                "[the folder /kaggle/working does not exist when notebooks are graded; it is not "
                "entered]\n"
            ),
        ),
    ],
)
def test_it_says_so_in_one_line(run, source, said):
    assert run(source).output == {1: said}


def test_a_folder_of_the_notebook_is_entered_and_left(run):
    done = run(
        "import os\nos.makedirs('figures/deep', exist_ok=True)\n%cd figures\na = os.getcwd()",
        "%pushd deep\nb = os.getcwd()\n%popd\nc = os.getcwd()\n%cd ..\n%cd -\nd = os.getcwd()",
    )
    assert os.path.basename(done.blame.value("a")) == "figures"
    assert os.path.basename(done.blame.value("b")) == "deep"
    assert done.blame.value("a") == done.blame.value("c") == done.blame.value("d")


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("import os\nos.chdir('my_results')", "FileNotFoundError"),
        ("%time 1 / 0", "ZeroDivisionError"),
        ("import google.generativeai", "ModuleNotFoundError"),
        ("from kaggle_secrets_of_mine import x", "ModuleNotFoundError"),
        ("from IPython.display import a_name_that_never_was", "ImportError"),
    ],
)
def test_errors_of_the_code_itself_stay_errors(run, source, kind):
    done = run(source)
    assert [type(failure.error).__name__ for failure in done.failures] == [kind]


def test_no_stand_in_stays_behind(run):
    run("from google.colab import drive")
    assert not [name for name in sys.modules if is_stand_in(name)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("google.colab", True),
        ("google.colab.drive", True),
        ("google", False),
        ("google.colaboratory", False),
        ("google.protobuf", False),
        ("kaggle_secrets", True),
        ("kaggle", False),
    ],
)
def test_only_these_are_stand_ins(name, expected):
    assert is_stand_in(name) is expected
