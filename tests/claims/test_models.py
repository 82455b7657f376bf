"""Claims of several models, and claims about no dataset."""

import json

import numpy as np
import pytest

from autograder.claims import ClaimsError, load_claims, save_claims

MODEL = {"weight": np.ones((2, 3), np.float16), "bias": np.zeros(2, np.float32)}
ODD = "SGD, lr = 0.1 / [0, 1] «größer» ../../x"


def change(folder, **changes):
    file = folder / "claims" / "init.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


@pytest.fixture
def init(here):
    save_claims("init", {"xavier": MODEL, ODD: [np.ones(4)]}, data=None, accuracy={"xavier": 9})
    return here


def test_models_come_back_by_name(init):
    claims = load_claims(init, "init")
    assert list(claims["models"]) == ["xavier", ODD] and claims["weights"] == {}
    assert claims["models"]["xavier"]["weight"].dtype == np.float16
    np.testing.assert_array_equal(claims["models"][ODD]["0"], np.ones(4))
    assert claims["numbers"] == {"accuracy": {"xavier": 9}}
    assert claims["data"] == {"name": "none", "kind": "none", "sha256": ""}


def test_a_line_says_what_was_written(here, capsys):
    save_claims("init", {"a": MODEL, "b": MODEL}, data=None)
    said = capsys.readouterr().out
    assert "16 weights in 4 arrays of 2 models; about no dataset; SHA-256 " in said


def test_one_model_is_written_as_before(saved):
    document = json.loads((saved / "claims" / "p4.json").read_text())
    assert document["schema"] == "autograder.claims/1" and "models" not in document
    claims = load_claims(saved, "p4")
    assert claims["models"] == {} and sorted(claims["weights"]) == ["b", "w"]


def test_torch_modules_are_models(here):
    nn = pytest.importorskip("torch.nn", reason="torch is not installed")
    save_claims("init", {"default": nn.Linear(3, 2), "again": nn.Linear(3, 2)}, data=None)
    models = load_claims(here, "init")["models"]
    assert {name: sorted(model) for name, model in models.items()} == {
        "default": ["bias", "weight"], "again": ["bias", "weight"]
    }  # fmt: skip


def test_a_state_dict_is_one_model(here):
    save_claims("init", {"weight": [[1.0, 2.0]], "bias": [0.5]}, data=None)
    claims = load_claims(here, "init")
    assert sorted(claims["weights"]) == ["bias", "weight"] and claims["models"] == {}


def test_a_network_of_eleven_million_numbers_fits(here):
    arrays = {f"layer{number}": np.ones(1_862_327, np.float32) for number in range(6)}
    save_claims("init", arrays, data=None)
    read = load_claims(here, "init")["weights"]
    assert sum(array.size for array in read.values()) == 11_173_962


@pytest.mark.parametrize(
    ("models", "words"),
    [
        ({str(number): MODEL for number in range(25)}, "from 1 to 24 models may be named"),
        ({"x" * 81: MODEL}, "a text of 1 to 80 characters"),
        ({"": MODEL}, "a text of 1 to 80 characters"),
        ({"a\nb": MODEL}, "characters that cannot be printed"),
        ({"\x1b[2J": MODEL}, "characters that cannot be printed"),
        ({1: MODEL, "1": MODEL}, "two models have the same name"),
        ({"a": {}}, "cannot be saved; give the model"),
        ({"a": {f"{number}": np.ones(1) for number in range(1001)}}, "more than 200 arrays"),
        ({"a": {"w": np.zeros(9 * 2**20)}}, "save fewer models, or half precision"),
        ({"a": {"w": np.array([print])}}, "have the type object"),
    ],
)
def test_models_that_cannot_be_saved_are_told(here, models, words):
    with pytest.raises(ClaimsError, match=words) as caught:
        save_claims("init", models, data=None)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 300
    assert not (here / "claims").exists()


@pytest.mark.parametrize(
    "names",
    [
        "xavier", [], [1, 2], ["a"], ["a", "a"], ["a", None], ["a", "b", "c"], ["a", "x" * 100_00],
        ["a", "\u202e"], [str(number) for number in range(1000)], {"a": 1}, ["a", ["b"]], True,
    ],
)  # fmt: skip
def test_names_that_were_changed_are_refused(init, names):
    change(init, models=names)
    with pytest.raises(ClaimsError, match="run the notebook's last cell again") as caught:
        load_claims(init, "init")
    assert len(str(caught.value)) < 300 and "\n" not in str(caught.value)


def test_arrays_that_belong_to_no_model_are_refused(init):
    """The names are taken away, and the other way round."""
    change(init, models=None)
    claims = load_claims(init, "init")
    assert sorted(claims["weights"]) == ["0/bias", "0/weight", "1/0"] and claims["models"] == {}
    save_claims("init", {"w": np.ones(2)}, data=None)
    change(init, models=["a"])
    with pytest.raises(ClaimsError, match="does not hold the arrays of the models"):
        load_claims(init, "init")


@pytest.mark.parametrize("data", [5, [], "none", {}, {"name": None}])
def test_data_of_another_form_is_refused(init, data):
    change(init, data=data)
    with pytest.raises(ClaimsError, match="was not written by save_claims"):
        load_claims(init, "init")


def test_claims_of_the_first_form_need_data(init):
    change(init, schema="autograder.claims/1")
    with pytest.raises(ClaimsError, match="'data' is not an object"):
        load_claims(init, "init")
