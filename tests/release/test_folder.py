"""A release folder is made to hold the plan: nothing more, nothing half, nothing of others."""

import json
import os

import pytest

from autograder.errors import UsageError
from autograder.release import compare_release, plan_release, write_release
from autograder.release.folder import IDENTITY
from autograder.release.tool_file import tool_file

PLAN = {
    "README.md": b"one\ntwo\n",
    "shapes/area.py": b"x = 1\n",
    IDENTITY: json.dumps({"id": "tiny"}).encode(),
}


def contents(folder):
    """All files below a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def differences(folder):
    return [str(difference) for difference in compare_release(PLAN, folder)]


@pytest.fixture
def built(tmp_path):
    """A folder with the plan in it."""
    folder = tmp_path / "release"
    write_release(PLAN, folder)
    return folder


def test_a_new_folder_holds_the_plan(built):
    assert contents(built) == PLAN
    assert differences(built) == []


def test_a_second_build_writes_nothing(built):
    times = {path: path.stat().st_mtime_ns for path in built.rglob("*")}
    written = write_release(PLAN, built)
    assert (written.changed, written.removed) == ((), ())
    assert times == {path: path.stat().st_mtime_ns for path in built.rglob("*")}


def test_only_what_changed_is_written(built):
    written = write_release({**PLAN, "README.md": b"new\n"}, built)
    assert written.changed == ("README.md",)
    assert (built / "README.md").read_bytes() == b"new\n"


def test_stale_files_are_removed_and_named_with_the_folders_they_leave_empty(built):
    (built / "old" / "deep").mkdir(parents=True)
    (built / "old" / "deep" / "stale.py").touch()
    assert write_release(PLAN, built).removed == ("old/deep/stale.py",)
    assert not (built / "old").exists()


def test_caches_are_never_touched(built):
    cache = built / "shapes" / "__pycache__" / "area.pyc"
    cache.parent.mkdir()
    cache.touch()
    (built / ".pytest_cache").mkdir()
    (built / ".pytest_cache" / "x").touch()
    assert differences(built) == []
    assert write_release(PLAN, built).removed == ()
    assert cache.exists()


def test_each_difference_is_named_with_the_first_line_that_differs(built):
    (built / "README.md").write_bytes(b"one\nthree\n")
    (built / "shapes" / "area.py").unlink()
    (built / "extra.py").touch()
    assert differences(built) == [
        "README.md:2: changed",
        "extra.py: extra",
        "shapes/area.py: missing",
    ]


def test_a_file_that_only_goes_on_differs_where_it_should_end(built):
    (built / "README.md").write_bytes(b"one\ntwo\nthree\n")
    assert differences(built) == ["README.md:3: changed"]


def test_a_folder_that_is_not_there_lacks_everything(tmp_path):
    assert differences(tmp_path / "none") == [f"{path}: missing" for path in sorted(PLAN)]


def test_comparing_writes_nothing(built):
    (built / "extra.py").touch()
    before = contents(built)
    compare_release(PLAN, built)
    assert contents(built) == before


def test_a_folder_of_someone_else_is_refused_untouched(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match=r"holds other files: thesis\.txt.*empty or a new folder"):
        write_release(PLAN, tmp_path)
    assert contents(tmp_path) == {"thesis.txt": b"years of work"}


def test_the_release_of_another_assignment_is_refused(built):
    (built / IDENTITY).write_text(json.dumps({"id": "other"}))
    (built / "extra.py").touch()
    with pytest.raises(UsageError, match="holds other files"):
        write_release(PLAN, built)


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "release").touch()
    with pytest.raises(UsageError, match="not a folder"):
        write_release(PLAN, tmp_path / "release")


def test_an_interrupted_build_leaves_whole_files_and_the_next_one_cleans_up(built, monkeypatch):
    def interrupt(source, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_release({**PLAN, "README.md": b"new\n" * 1000}, built)
    assert (built / "README.md").read_bytes() == PLAN["README.md"]
    monkeypatch.undo()
    write_release(PLAN, built)
    assert contents(built) == PLAN


def test_an_interrupted_first_build_can_be_taken_up_again(tmp_path, monkeypatch):
    real, calls = os.replace, []

    def interrupt_third(source, target):
        calls.append(target)
        if len(calls) == 3:
            raise KeyboardInterrupt
        real(source, target)

    monkeypatch.setattr(os, "replace", interrupt_third)
    with pytest.raises(KeyboardInterrupt):
        write_release({**PLAN, "A.md": b"dropped later\n"}, tmp_path / "release")
    monkeypatch.undo()
    write_release(PLAN, tmp_path / "release")
    assert contents(tmp_path / "release") == PLAN


def test_a_link_in_the_folder_is_replaced_and_what_it_points_to_stays(built, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "keep.txt").write_text("keep")
    (built / "linked").symlink_to(outside)
    (built / "README.md").unlink()
    (built / "README.md").symlink_to(outside / "keep.txt")
    assert differences(built) == ["README.md: changed", "linked: extra"]
    write_release(PLAN, built)
    assert contents(built) == PLAN
    assert not (built / "README.md").is_symlink()
    assert (outside / "keep.txt").read_text() == "keep"


def test_a_folder_where_a_file_belongs_and_the_other_way_round_are_put_right(built):
    (built / "README.md").unlink()
    (built / "README.md").mkdir()
    (built / "README.md" / "inside.txt").touch()
    (built / "shapes" / "area.py").unlink()
    (built / "shapes").rmdir()
    (built / "shapes").touch()
    write_release(PLAN, built)
    assert contents(built) == PLAN


def test_the_tiny_release_is_written_and_found_to_be_up_to_date(load, tmp_path):
    plan = plan_release(load())
    write_release(plan, tmp_path / "release")
    assert compare_release(plan_release(load()), tmp_path / "release") == []


def test_of_the_tools_file_the_first_module_that_differs_is_named(tmp_path):
    modules = {"autograder/a.py": b"x = 1\n", "autograder/b.py": b"y = 1\nz = 1\n"}
    plan = {**PLAN, "autograder.pyz": tool_file(modules)}
    write_release({**plan, "autograder.pyz": tool_file(modules | {"autograder/b.py": b"y = 1\n"})},
                  tmp_path / "release")  # fmt: skip
    (difference,) = compare_release(plan, tmp_path / "release")
    assert str(difference) == "autograder.pyz/autograder/b.py:2: changed"


@pytest.mark.parametrize("damage", [lambda data: data + b"x", lambda data: b"no zip"])
def test_any_other_bytes_in_the_tools_file_are_a_difference(damage, tmp_path):
    plan = {**PLAN, "autograder.pyz": tool_file({"autograder/a.py": b"x = 1\n"})}
    write_release({**plan, "autograder.pyz": damage(plan["autograder.pyz"])}, tmp_path / "release")
    (difference,) = compare_release(plan, tmp_path / "release")
    assert difference.path.startswith("autograder.pyz")
    assert difference.kind == "changed"
