"""The key of the seeds: drawn once, kept, and secret; and the seeds derived from it."""

import os
import shutil
import stat
import subprocess
import sys
import traceback
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.errors import AutograderError
from autograder.grading.judge_process import wanted_of
from autograder.grading.seeding import KEY_FILE, SeedKey, keep_key, read_key, seeds_for
from autograder.submission import Submission, Wanted, collect, content_hash

pytestmark = pytest.mark.repeated_without_root

WANTED = Wanted(packages=("shapes/",))


def seed_of(folder, path, **options):
    options = {"wanted": WANTED, "given": None} | options
    return seeds_for(folder, **options).of(Submission("any", path))


def submit(place, files):
    for name, text in ({"shapes/__init__.py": ""} | files).items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    return place


# The key.


def test_the_key_is_drawn_once_and_for_its_owner_only(tmp_path):
    key = keep_key(tmp_path / "new/results")
    place = tmp_path / "new/results" / KEY_FILE
    assert keep_key(tmp_path / "new/results").secret == key.secret
    assert (
        read_key(tmp_path / "new/results").secret == key.secret == bytes.fromhex(place.read_text())
    )
    assert len(key.secret) == 32
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_the_umask_of_whoever_grades_does_not_matter(tmp_path):
    before = os.umask(0)
    try:
        keep_key(tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


def test_all_who_come_at_the_same_time_have_the_same_key(tmp_path):
    code = """
        import sys, pathlib
        from autograder.grading.seeding import keep_key
        sys.stdin.read(1)
        for number in range(50):
            print(keep_key(pathlib.Path(sys.argv[1]) / str(number)).secret.hex())
    """
    words = [sys.executable, "-c", "\n".join(line[8:] for line in code.splitlines())]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    several = [subprocess.Popen([*words, str(tmp_path)], **pipes) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        printed = list(pool.map(lambda one: one.communicate("\n")[0], several))
    assert len(set(printed)) == 1 and len(set(printed[0].split())) == 50


def test_a_file_that_a_killed_run_has_left_empty_is_filled(tmp_path):
    (tmp_path / KEY_FILE).touch(mode=0o644)
    assert keep_key(tmp_path).secret == bytes.fromhex((tmp_path / KEY_FILE).read_text())
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["short", "ab" * 31, "ab" * 33, "zz" * 32, "é" * 32, "\0" * 64])
def test_a_damaged_key_is_told_and_kept(tmp_path, text):
    place = tmp_path / KEY_FILE
    place.write_text(text)
    place.chmod(0o600)
    for use in (keep_key, read_key):
        with pytest.raises(AutograderError, match=r"is damaged; .*seed.key; put it back"):
            use(tmp_path)
    assert place.read_text() == text


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_that_others_can_read_is_told_and_not_used(tmp_path, mode):
    keep_key(tmp_path)
    (tmp_path / KEY_FILE).chmod(mode)
    for use in (keep_key, read_key):
        with pytest.raises(AutograderError, match=r"other users can read .*run `chmod 600"):
            use(tmp_path)


def make_link(place):
    (place.parent / "elsewhere").write_text("ab" * 32)
    (place.parent / "elsewhere").chmod(0o600)
    place.symlink_to(place.parent / "elsewhere")


@pytest.mark.parametrize("make", [make_link, os.mkdir, os.mkfifo], ids=["link", "folder", "pipe"])
def test_what_is_no_plain_file_is_told(tmp_path, make):
    make(tmp_path / KEY_FILE)
    for use in (keep_key, read_key):
        with pytest.raises(AutograderError, match="the key that random inputs are drawn from"):
            use(tmp_path)


def test_a_key_in_a_folder_that_has_none_is_not_made_by_reading(tmp_path):
    with pytest.raises(AutograderError, match="No such file"):
        read_key(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_key_is_in_no_text_that_is_made_of_it(tmp_path):
    key = keep_key(tmp_path)
    seeds = seeds_for(tmp_path, WANTED, None)
    try:
        raise ValueError(key, seeds)
    except ValueError as error:
        text = traceback.format_exc() + repr(error)
    for secret in (key.secret.hex(), repr(key.secret)[2:-1], str(key.secret)):
        assert secret not in text + repr(seeds) + str(key)


# The seeds.


def test_the_seed_depends_on_the_content_and_on_nothing_else(tmp_path):
    first = submit(tmp_path / "first", {"shapes/area.py": "x = 1"})
    seed = seed_of(tmp_path, first)
    same = [
        submit(tmp_path / "other name", {"shapes/area.py": "x = 1"}),
        submit(tmp_path / "others", {"shapes/area.py": "x = 1", "notes.txt": "a", "x/y.py": "b"}),
        submit(tmp_path / "deep/in/it", {"shapes/area.py": "x = 1"}).parent.parent,
    ]
    os.utime(first / "shapes/area.py", (10**9, 10**9))
    (first / "shapes/area.py").chmod(0o755)
    (first / "shapes/__pycache__").mkdir()
    (first / "shapes/__pycache__/area.cpython-312.pyc").write_bytes(b"compiled")
    same += [first, shutil.make_archive(str(tmp_path / "as_zip"), "zip", first)]
    with zipfile.ZipFile(tmp_path / "again.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"no. 2"
        archive.writestr(zipfile.ZipInfo("work/shapes/area.py", (2001, 1, 1, 0, 0, 0)), "x = 1")
        archive.writestr("work/shapes/__init__.py", "")
    same.append(tmp_path / "again.zip")
    assert {seed_of(tmp_path, Path(place)) for place in same} == {seed}


@pytest.mark.parametrize(
    "files",
    [
        {"shapes/area.py": "x = 2"},
        {"shapes/area.py": "x = 1", "shapes/b.py": ""},
        {"shapes/areas.py": "x = 1"},
        {"shapes/area.py": "x = ", "shapes/b.py": "1"},
        {"shapes/area.py": "x = 1", "shapes/__init__.py": " "},
        {"shapes/area.py": "x = 1", "shapes/table.npz": "data"},
    ],
)
def test_everything_that_student_code_can_read_changes_the_seed(tmp_path, files):
    first = submit(tmp_path / "first", {"shapes/area.py": "x = 1"})
    other = submit(tmp_path / "other", files)
    assert seed_of(tmp_path, first) != seed_of(tmp_path, other)


def test_text_cannot_be_moved_between_files_without_another_seed(tmp_path):
    """Where files are hashed one behind the other, the border between them could carry a table."""
    parts = {"shapes/area.py": "A'shapes/b.py'B\0shapes/b.pyB", "shapes/b.py": "C"}
    moved = {"shapes/area.py": "A", "shapes/b.py": "B'shapes/b.py'C\0shapes/b.pyB"}
    places = [submit(tmp_path / str(n), files) for n, files in enumerate((parts, moved))]
    assert seed_of(tmp_path, places[0]) != seed_of(tmp_path, places[1])


def test_the_hash_is_that_of_what_is_collected(tmp_path, tiny, tiny_solution):
    large = submit(tmp_path / "large", {"shapes/area.py": "x" * 100_000})
    (large / "shapes/link.py").symlink_to("/etc/passwd")
    zipped = shutil.make_archive(str(tmp_path / "zipped"), "zip", tiny_solution)
    for number, place in enumerate([tiny_solution, large, zipped]):
        submission = Submission("one", Path(place))
        collected = collect(submission, wanted_of(tiny), tmp_path / f"into-{number}")
        assert content_hash(submission, wanted_of(tiny)) == collected.sha256 != ""


def test_what_cannot_be_collected_has_no_hash_and_a_seed(tmp_path):
    (tmp_path / "broken.zip").write_bytes(b"PK not really")
    for name in ("broken.zip", "nowhere"):
        assert content_hash(Submission("one", tmp_path / name), WANTED) == ""
        assert seed_of(tmp_path, tmp_path / name) > 0


def test_two_results_folders_draw_different_inputs(tmp_path):
    place = submit(tmp_path / "one", {})
    assert seed_of(tmp_path / "a", place) != seed_of(tmp_path / "b", place)


def test_a_given_seed_is_that_of_all_and_takes_no_key(tmp_path):
    place = submit(tmp_path / "one", {})
    assert seed_of(tmp_path / "out", place, given=7) == 7
    assert seeds_for(tmp_path / "out", WANTED, 7).data == 7
    assert not (tmp_path / "out").exists()


def test_a_recorded_seed_is_kept_for_its_content_only(tmp_path):
    first, other = (submit(tmp_path / name, {"shapes/area.py": name}) for name in ("a", "b"))
    recorded = {content_hash(Submission("a", first), WANTED): 0}
    assert seed_of(tmp_path, first, recorded=recorded) == 0
    assert seed_of(tmp_path, other, recorded=recorded) == seed_of(tmp_path, other) != 0
    assert seed_of(tmp_path, first, recorded=recorded, given=5) == 5


def test_seeds_are_what_the_definition_says():
    """The first 53 bits of an HMAC, as `openssl dgst -sha256 -mac HMAC` computes it."""
    first_bytes = bytes.fromhex("c8eb0a6c9172d0bc")
    key = SeedKey(bytes(32))
    assert key.submission_seed("1") == int.from_bytes(first_bytes, "little") >> 11 < 2**53
    assert key.seed("data sets") != key.submission_seed("data sets")
