"""What `save_claims` writes, `load_claims` reads."""

import json
import types

import numpy as np
import pytest

from autograder.claims import ClaimsError, load_claims, save_claims

DATA = types.SimpleNamespace(name="mnist", kind="real", sha256="cd" * 32)


def stated(here, **numbers):
    save_claims("p9", [np.zeros(2)], data=DATA, **numbers)
    return load_claims(here, "p9")["numbers"]


def test_numbers_weights_and_data_come_back(saved):
    claims = load_claims(saved, "p4")
    assert claims["numbers"] == {"accuracy": 86.3, "confusion": [[1, 0], [0, 1]]}
    assert claims["data"] == {"name": "bloodmnist", "kind": "stand-in", "sha256": "ab" * 32}
    np.testing.assert_array_equal(claims["weights"]["w"], [[0, 1, 2], [3, 4, 5]])
    assert claims["weights"]["w"].dtype == np.float32
    assert claims["weights"]["b"].dtype == np.float64


def test_a_line_says_what_was_written(here, capsys):
    save_claims("p9", [np.zeros((3, 4)), np.zeros(3)], data=DATA, accuracy=1, loss=[2.0])
    said = capsys.readouterr().out
    assert said.startswith(
        "claims/p9.json and .npz written: accuracy, loss; 15 weights in 2 arrays; on mnist (real)"
    )
    assert said.count("\n") == 1


def test_the_json_is_for_people_too(saved):
    document = json.loads((saved / "claims" / "p4.json").read_text())
    assert document["schema"] == "autograder.claims/1"
    assert document["name"] == "p4" and document["weights"] == "p4.npz"


def test_numpy_reads_the_weights(saved):
    with np.load(saved / "claims" / "p4.npz", allow_pickle=False) as weights:
        assert sorted(weights.files) == ["b", "w"]


def test_the_same_claims_are_the_same_bytes(saved):
    before = {file.name: file.read_bytes() for file in (saved / "claims").iterdir()}
    weights = {"w": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.zeros(2)}
    data = types.SimpleNamespace(name="bloodmnist", kind="stand-in", sha256="ab" * 32)
    save_claims("p4", weights, data=data, accuracy=86.3, confusion=np.eye(2, dtype=int))
    assert {file.name: file.read_bytes() for file in (saved / "claims").iterdir()} == before


def test_numbers_of_every_kind_become_plain(here):
    numbers = stated(
        here,
        scalar=np.float32(0.5),
        count=np.int64(3),
        truth=np.bool_(True),
        nested={"losses": (1, 2.5), 3: None},
        text="lymphocyte",
        table=np.ones((2, 2)),
    )
    assert numbers == {
        "scalar": 0.5,
        "count": 3,
        "truth": True,
        "nested": {"losses": [1, 2.5], "3": None},
        "text": "lymphocyte",
        "table": [[1.0, 1.0], [1.0, 1.0]],
    }


def test_what_json_has_no_number_for_becomes_text(here):
    numbers = stated(here, a=float("nan"), b=[np.inf, -np.inf], c=np.array([np.nan]))
    assert numbers == {"a": "nan", "b": ["inf", "-inf"], "c": ["nan"]}


def test_a_torch_module_its_state_and_tensors_can_be_saved(here):
    torch = pytest.importorskip("torch", reason="torch is not installed")
    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    for weights in (model, model.state_dict()):
        save_claims("p9", weights, data=DATA, loss=torch.tensor(0.5), curve=torch.ones(2))
        claims = load_claims(here, "p9")
        np.testing.assert_array_equal(claims["weights"]["0.weight"], model[0].weight.detach())
        assert claims["weights"]["1.num_batches_tracked"].shape == ()
        assert claims["numbers"] == {"loss": 0.5, "curve": [1.0, 1.0]}
    save_claims("p9", [torch.ones(2, dtype=torch.bfloat16, requires_grad=True)], data=DATA)
    assert load_claims(here, "p9")["weights"]["0"].dtype == np.float32


@pytest.mark.parametrize(
    "array",
    [
        np.float16([1.5]),
        np.int8([[1], [2]]),
        np.uint8([200]),
        np.int64(5),
        np.zeros((0, 3)),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(3, dtype=">f4"),
        np.arange(10)[::3],
        [1.0, 2.0],
    ],
    ids=lambda array: str(getattr(array, "dtype", "list")),
)
def test_arrays_of_every_kind_come_back(here, array):
    save_claims("p9", {"file": array}, data=DATA)
    loaded = load_claims(here, "p9")["weights"]["file"]
    np.testing.assert_array_equal(loaded, array)
    assert loaded.shape == np.shape(array)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (None, "Weights of type NoneType cannot be saved; give the model"),
        ({}, "cannot be saved"),
        (3.0, "Weights of type float"),
        ({"w": object()}, "'w' have the type object"),
        ({"w": "text"}, "'w' have the type <U4"),
        ({"w": [[1], [2, 3]]}, "'w' are not an array"),
        ({"w": np.zeros(2, complex)}, "'w' have the type complex128"),
        ({"a/b": np.zeros(2)}, "cannot be the name of an array"),
        ({"w" * 300: np.zeros(2)}, "cannot be the name of an array"),
        ([np.zeros(1)] * 201, "more than 200 arrays"),
        ([np.broadcast_to(np.zeros(1), (9, 2**20))], "64 MB of weights"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_weights_that_cannot_be_saved(here, weights, message):
    with pytest.raises(ClaimsError, match=message):
        save_claims("p9", weights, data=DATA)
    assert not (here / "claims").exists()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (object(), "value cannot be stated, it has a value of type object"),
        ([[[]]] * 20_000, "more than 40,000 values"),
        (np.zeros(50_000), "more than 40,000 values"),
        ({1.5: 2}, "a key of type float"),
        (2**70, "an integer of more than 64 bits"),
        ("x" * 20_000, "a text of more than 10,000 characters"),
        (1j, "a value of type complex"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_numbers_that_cannot_be_stated(here, value, message):
    with pytest.raises(ClaimsError, match=message):
        save_claims("p9", [np.zeros(1)], data=DATA, value=value)


def test_lists_within_themselves_cannot_be_stated(here):
    endless = []
    endless.append(endless)
    with pytest.raises(ClaimsError, match="more than 12 deep"):
        save_claims("p9", [np.zeros(1)], data=DATA, value=endless)


@pytest.mark.parametrize("name", ["", "../p4", "p 4", "p4.json", "x" * 61])
def test_a_name_is_a_plain_word(here, name):
    with pytest.raises(ClaimsError, match="cannot be a file's name"):
        save_claims(name, [np.zeros(1)], data=DATA)


def test_a_place_that_cannot_be_written_to_is_named(here):
    (here / "claims").write_text("in the way")
    with pytest.raises(ClaimsError, match="claims/ cannot be written to"):
        save_claims("p9", [np.zeros(1)], data=DATA)


def test_claims_that_are_saved_again_are_replaced(saved):
    save_claims("p4", [np.ones(1)], data=DATA)
    assert list(load_claims(saved, "p4")["weights"]) == ["0"]
    assert sorted(file.name for file in (saved / "claims").iterdir()) == ["p4.json", "p4.npz"]
