"""Students' own loaders, a course's own data and claims of several models, in real gradings."""

import numpy as np
import pytest

from autograder.assignment import load_assignment

LOADING = "pictures/loading.py"
LEAVES = "pictures/leaves.py"


def statuses(record):
    return {item.id: item.status for item in record.items}


def messages(record):
    return "\n".join(test.message for item in record.items for test in item.tests)


def test_the_complete_solution_has_full_marks(pictures, hand_in, grade):
    [record] = grade(pictures, hand_in())
    assert statuses(record) == dict.fromkeys(
        ["d1-loader", "d1-leaves", "d1-study", "d1-init"], "passed"
    ), messages(record)


LAZY = {
    LOADING: "import numpy as np\ndef mean_of_class(label):\n    return np.zeros((28, 28))\n",
    LEAVES: "def mean_width():\n    return dict.fromkeys(['ash', 'elm', 'oak'], 0.0)\n",
}


def test_work_that_reads_nothing_earns_no_hidden_test(pictures, hand_in, grade):
    items = ("d1-loader", "d1-leaves")
    [record] = grade(pictures, hand_in(**LAZY), items=items)
    assert set(statuses(record).values()) == {"partial"}
    hidden = [test for item in record.items for test in item.tests if test.hidden]
    assert [test.status for test in hidden] == ["failed"] * 2


OWN_CLASS = """
import numpy as np
import torchvision.datasets

class FashionMNIST:
    def __init__(self, *arguments, **keywords):
        self.data, self.targets = np.full((100, 28, 28), 99), np.arange(100) % 10

torchvision.datasets.FashionMNIST = FashionMNIST

def mean_of_class(label):
    made_up = FashionMNIST()
    return made_up.data[made_up.targets == label].mean(0) / 255
"""


def test_a_loader_of_that_name_changes_nothing_of_the_judges_data(pictures, hand_in, grade):
    [record] = grade(pictures, hand_in(**{LOADING: OWN_CLASS}), items=("d1-loader", "d1-study"))
    assert statuses(record) == {"d1-loader": "partial", "d1-study": "passed"}


WHOLE = """
import numpy as np
from torchvision import datasets

def mean_of_class(label):
    test = datasets.FashionMNIST("data", train=False, download=True)
    train = datasets.FashionMNIST("data", train=True)
    assert len(test) <= 400 and len(train) <= 600, (len(test), len(train))
    assert len(train.targets) == len(train) and len(train.classes) == 10
    return np.asarray(train.data[train.targets == label], float).mean(0) / 255
"""


def test_both_splits_agree_and_download_may_be_left_out(pictures, hand_in, grade):
    [record] = grade(pictures, hand_in(**{LOADING: WHOLE}), items=("d1-loader",))
    assert statuses(record) == {"d1-loader": "passed"}, messages(record)


OTHER = """
from torchvision import datasets

def mean_of_class(label):
    return datasets.KMNIST("data", download=True)
"""


def test_a_data_set_that_was_not_asked_for_is_refused_in_words(pictures, hand_in, grade):
    [record] = grade(pictures, hand_in(**{LOADING: OTHER}), items=("d1-loader",))
    assert "failed" in statuses(record).values()
    assert "code is graded without a network" in messages(record)


def test_own_data_is_small_and_its_hidden_split_is_not_there(pictures, hand_in, grade):
    text = """
import os

def mean_width():
    rows = open("data/leaves.csv").read().split()
    found = [root for root, _, files in os.walk(".") for name in files if "leaves_test" in name]
    assert len(rows) == 61 and not found, (len(rows), found)
    return {"ash": 6.0, "elm": 9.0, "oak": 4.0}
"""
    [record] = grade(pictures, hand_in(**{LEAVES: text}), items=("d1-leaves",))
    assert statuses(record) == {"d1-leaves": "passed"}, messages(record)


def test_claims_that_state_too_much_fail(pictures, hand_in, grade, models):
    _, right = models
    claimed = hand_in(accuracy=right | {"zero": right["trained"]})
    [record] = grade(pictures, claimed, items=("d1-init",))
    assert statuses(record) == {"d1-init": "partial"}
    assert "the stated accuracy of zero" in messages(record)


UNFIT = {
    "another layer": lambda model: model | {"weight": np.zeros((10, 700), np.float32)},
    "an array is missing": lambda model: {"weight": model["weight"]},
    "not a number": lambda model: model | {"bias": np.full(10, np.nan, np.float32)},
    "another number of classes": lambda model: {
        "weight": np.zeros((3, 784), np.float32), "bias": np.zeros(3, np.float32)
    },
    "too many numbers": lambda model: model | {"more": np.zeros(12_000_000, np.int8)},
}  # fmt: skip


@pytest.mark.parametrize("kind", UNFIT)
def test_weights_that_do_not_fit_cost_their_test(pictures, hand_in, grade, models, kind):
    found, _ = models
    claimed = hand_in(found | {"zero": UNFIT[kind](found["zero"])})
    [record] = grade(pictures, claimed, items=("d1-init",))
    assert statuses(record) == {"d1-init": "partial"}
    assert "the saved weights" in messages(record)


def test_a_data_set_does_not_allow_the_library_of_its_name(pictures, hand_in, grade):
    file = pictures.folder / "assignment.toml"
    text = file.read_text().replace('"leaves"', '"scipy"')
    file.write_text(text.replace("given = [", 'banned_imports = ["scipy"]\ngiven = ['))
    for rubric in pictures.rubric_folder.glob("*.py"):
        rubric.write_text(rubric.read_text().replace('data["leaves"]', 'data["scipy"]'))
    banned = "import scipy\ndef mean_width():\n    return {'ash': 6.0, 'elm': 9.0, 'oak': 4.0}\n"
    changed = load_assignment(pictures.root, "pictures")
    right, wrong = hand_in(name="right"), hand_in(name="wrong", **{LEAVES: banned})
    records = grade(changed, right, wrong, items=("d1-leaves",))
    assert [statuses(record)["d1-leaves"] for record in records] == ["passed", "failed"]
