"""The device of a result: what student code really computes on."""

from dataclasses import replace

import pytest

from autograder.grading import versions
from autograder.grading.config import GradingConfig
from autograder.grading.isolation import SandboxPolicy
from autograder.grading.submission_dir import make_submission_dir


@pytest.fixture
def card(tmp_path, monkeypatch):
    """A graphics card as NVIDIA's driver tells of it, with a PyTorch that can use it."""
    (tmp_path / "0000:01:00.0").mkdir()
    text = "Model: \t\t NVIDIA Example 9000\nIRQ:   \t\t 55\n"
    (tmp_path / "0000:01:00.0" / "information").write_text(text)
    monkeypatch.setattr(versions, "CARDS", tmp_path)
    monkeypatch.setattr(versions, "torch_has_cuda", lambda: True)


def asking_for(assignment, *needs):
    items = tuple(replace(item, needs=needs) for item in assignment.items)
    return replace(assignment, items=items)


def config(assignment):
    wanted = tuple(item.id for item in assignment.items)
    return GradingConfig(
        assignment, wanted, 1, SandboxPolicy("docker"), {"mode": "docker", "layers": {}}
    )


def test_a_card_that_nothing_can_use_is_not_the_device(card, tiny):
    assert versions.device() == "cuda (NVIDIA Example 9000)"
    assert config(tiny).device == "cpu"
    assert config(asking_for(tiny, "torch")).device == "cpu"


def test_a_card_is_used_where_an_item_can(card, tiny):
    able = asking_for(tiny, "torch", "cuda-optional")
    assert config(able).device == "cuda (NVIDIA Example 9000)"
    assert config(able).options == [(), ("torch",)]


def test_without_a_card_or_a_pytorch_for_it_it_is_the_cpu(tiny, monkeypatch, tmp_path, card):
    able = asking_for(tiny, "torch", "cuda-optional")
    monkeypatch.setattr(versions, "torch_has_cuda", lambda: False)
    assert config(able).device == "cpu"
    monkeypatch.setattr(versions, "torch_has_cuda", lambda: True)
    monkeypatch.setattr(versions, "CARDS", tmp_path / "none")
    assert config(able).device == "cpu"


def test_cuda_may_reserve_any_address_space_and_nothing_else_may(card, tiny, tmp_path):
    limits = []
    for number, needs in enumerate([("torch",), ("torch", "cuda-optional"), ("cuda-optional",)]):
        submission = tmp_path / f"place{number}" / "submission"
        submission.mkdir(parents=True)
        place = make_submission_dir(asking_for(tiny, *needs), submission, 1)
        job = place.packages_spec(place.assignment.items[0].needs, 10, place.new_scratch())
        limits.append((job.graphics, job.address_bytes))
        assert job.memory_bytes == 4 * 2**30  # what it may use stays bounded
    assert limits == [(False, 32 * 2**30), (True, 2**62), (True, 2**62)]
