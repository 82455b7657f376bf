"""The seed of a submission: repeatable where it may be, and of no use to a student."""

import stat

from autograder.gradescope.seed import make_key, seed_of


def test_a_submission_graded_again_has_the_same_inputs(tmp_path):
    make_key(tmp_path)
    assert seed_of(tmp_path, "123").number == seed_of(tmp_path, "123").number


def test_other_submissions_and_other_installations_have_others(tmp_path):
    seeds = set()
    for installation in ("a", "b"):
        folder = tmp_path / installation
        folder.mkdir()
        make_key(folder)
        seeds |= {seed_of(folder, str(number)).number for number in range(100)}
    assert len(seeds) == 200


def test_the_key_is_drawn_once_and_nobody_else_may_read_it(tmp_path):
    make_key(tmp_path)
    key = (tmp_path / "seed.key").read_text()
    make_key(tmp_path)
    assert (tmp_path / "seed.key").read_text() == key
    assert len(bytes.fromhex(key)) == 32
    assert stat.S_IMODE((tmp_path / "seed.key").stat().st_mode) == 0o600


def test_without_a_key_or_a_number_it_is_drawn_afresh(tmp_path):
    draws = {seed_of(tmp_path, "123").number for _ in range(20)}
    (tmp_path / "seed.key").write_text("short")
    draws |= {seed_of(tmp_path, "123").number for _ in range(20)}
    (tmp_path / "seed.key").unlink()
    make_key(tmp_path)
    draws |= {seed_of(tmp_path, "").number for _ in range(20)}
    assert len(draws) == 60


def test_every_reader_of_json_keeps_it_exactly(tmp_path):
    make_key(tmp_path)
    numbers = [seed_of(tmp_path, str(number)).number for number in range(500)]
    assert all(int(float(number)) == number for number in numbers)
    assert max(numbers) > 2**52
