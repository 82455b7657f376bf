"""A release is planned from the two folders alone, the same bytes anywhere, or refused."""

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import autograder
from autograder.errors import AssignmentErrors
from autograder.release import plan_release, solution_files, write_release
from autograder.release.tool_file import SHIPPED_PACKAGES, tool_file, tool_modules, with_modules

AREA = "solutions/tiny/shapes/area.py"


@pytest.fixture
def refusal(load):
    """Plan the release, and return what the build refuses it for."""

    def plan() -> list[str]:
        with pytest.raises(AssignmentErrors) as caught:
            plan_release(load())
        return [str(problem) for problem in caught.value.problems]

    return plan


def test_a_release_holds_what_students_need_and_nothing_else(load):
    plan = plan_release(load())
    assert plan.keys() == {
        "README.md", "autograder.pyz", "hand_in.py", "handout.md", "pytest.ini", "requirements.txt",
        "shapes/__init__.py", "shapes/area.py", "tests/assignment.json",
        "tests/support/scaling.py", "tests/test_area.py",
    }  # fmt: skip
    assert list(plan) == sorted(plan)


def test_modules_are_stubbed_and_all_other_files_ship_as_they_are(load, course):
    plan = plan_release(load())
    assert b"raise NotImplementedError" in plan["shapes/area.py"]
    assert b"np.multiply" not in plan["shapes/area.py"]
    for path, source in {
        "shapes/__init__.py": "solutions/tiny/shapes/__init__.py",
        "requirements.txt": "solutions/tiny/requirements.txt",
        "handout.md": "assignment/tiny/handout.md",
        "tests/test_area.py": "assignment/tiny/rubric/test_area.py",
        "tests/support/scaling.py": "assignment/tiny/rubric/support/scaling.py",
    }.items():
        assert plan[path] == (course / source).read_bytes()


def test_the_tools_own_modules_ship_and_need_nothing_that_does_not(load):
    plan = plan_release(load())
    with zipfile.ZipFile(io.BytesIO(plan["autograder.pyz"])) as archive:
        shipped = {name: archive.read(name) for name in archive.namelist()}
    package = Path(autograder.__file__).parent
    paths = [path for name in SHIPPED_PACKAGES for path in package.glob(f"{name}/*.py")]
    paths += [package / "atomic.py", package / "bounded_file.py"]
    expected = {f"autograder/{path.relative_to(package).as_posix()}" for path in paths}
    assert shipped.keys() == expected | {"autograder/__init__.py"}
    imported = {
        line.split()[1]
        for data in shipped.values()
        for line in data.decode().split("\n")
        if line.lstrip().startswith(("from autograder", "import autograder"))
    }
    assert {name.split(".")[1] for name in imported if "." in name} <= {
        *SHIPPED_PACKAGES,
        "atomic",
        "bounded_file",
    }


def test_the_file_of_the_tool_depends_on_its_modules_only():
    modules = tool_modules()
    reverse = dict(reversed(modules.items()))
    assert tool_file(modules) == tool_file(reverse)
    with zipfile.ZipFile(io.BytesIO(tool_file(modules))) as archive:
        kinds = {(one.compress_type, one.date_time[0]) for one in archive.infolist()}
        assert archive.namelist() == sorted(modules)
    assert kinds == {(zipfile.ZIP_STORED, 1980)}


def test_the_release_is_read_with_the_modules_in_the_file_of_the_tool():
    data = tool_file({"autograder/a.py": b"x = 1\n"})
    assert with_modules({"autograder.pyz": data, "b.py": b""}) == {
        "autograder.pyz/autograder/a.py": b"x = 1\n", "b.py": b"",
    }  # fmt: skip
    assert with_modules({"autograder.pyz": b"no zip"}) == {"autograder.pyz": b"no zip"}


def test_the_readme_lists_items_points_and_public_checks_only(load):
    readme = plan_release(load())["README.md"].decode()
    assert "| `t1-row-sums` | Sum of each row | 2 | 1 | `row_sums` in `shapes/area.py` |" in readme
    assert "| `t1-why` | Why no loop is needed | 1 | read by a person | see the handout |" in readme
    assert "5 points in all" in readme
    assert "At first every check fails" in readme
    assert "pip install -r requirements.txt\n    pytest\n" in readme


def test_the_local_checks_are_told_packages_bans_and_items(load):
    told = json.loads(plan_release(load())["tests/assignment.json"])
    assert (told["id"], told["title"]) == ("tiny", "Shapes of arrays")
    assert told["packages"]["shapes"]["banned_imports"] == ["torch"]
    assert [(item["id"], item["points"]) for item in told["items"]] == [
        ("t1-square", 2.0), ("t1-row-sums", 2.0), ("t1-why", 1.0),
    ]  # fmt: skip


def test_the_complete_solution_is_what_a_student_would_hand_in(load, course):
    files = solution_files(load())
    assert list(files) == ["shapes/__init__.py", "shapes/area.py"]
    complete = files["shapes/area.py"].decode()
    assert "return np.multiply(x, x)" in complete
    assert "SOLUTION" not in complete
    assert "PROMPT" not in complete


def test_the_same_bytes_come_out_on_another_machine(course, tmp_path):
    script = (
        "import sys, hashlib, pathlib\n"
        "from autograder.assignment import load_assignment\n"
        "from autograder.release import plan_release\n"
        "plan = plan_release(load_assignment(pathlib.Path(sys.argv[1]), 'tiny'))\n"
        "print(list(plan), hashlib.sha256(repr(plan).encode()).hexdigest())\n"
    )
    elsewhere = tmp_path / "else where"
    shutil.copytree(course, elsewhere)
    for path in elsewhere.rglob("*"):
        os.utime(path, (0, 0))
        if path.suffix in (".py", ".md", ".toml", ".txt"):
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    machines = [
        (course, tmp_path, {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "UTC"}),
        (elsewhere, elsewhere, {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo"}),
    ]
    repository = str(Path(autograder.__file__).parents[1])
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script, str(root)],
            cwd=folder, env={**os.environ, **extra, "PYTHONPATH": repository},
            capture_output=True, check=True,
        ).stdout
        for root, folder, extra in machines
    }  # fmt: skip
    assert len(outputs) == 1


def test_no_path_of_this_machine_is_in_a_release(load, course):
    everything = b"".join(plan_release(load()).values())
    assert str(course).encode() not in everything
    assert str(Path.home()).encode() + b"/" not in everything
    assert sys.prefix.encode() not in everything


def test_caches_in_solutions_are_left_out(load, add):
    add("solutions/tiny/shapes/__pycache__/junk.pyc", "not text")
    add("solutions/tiny/.ruff_cache/x", "")
    assert not [path for path in plan_release(load()) if "cache" in path]


def test_a_file_that_no_one_listed_is_refused(add, refusal):
    add("solutions/tiny/shapes/notes.txt", "x\n")
    add("solutions/tiny/helper.py", "x = 1\n")
    add("solutions/tiny/shapes_more/area.py", "x = 1\n")
    assert [problem.split(";")[0] for problem in refusal()] == [
        "solutions/tiny/helper.py: is listed nowhere",
        "solutions/tiny/shapes/notes.txt: is listed nowhere",
        "solutions/tiny/shapes_more/area.py: is listed nowhere",
    ]


def test_a_module_without_a_marker_is_refused(add, refusal):
    add("solutions/tiny/shapes/plain.py", "def f(x):\n    return x\n")
    (problem,) = refusal()
    assert problem == (
        "solutions/tiny/shapes/plain.py: has no marker, so it would ship complete; mark its "
        "solutions, or list it under given of its [[package]]"
    )


def test_a_module_with_the_markers_of_another_course_is_refused(add, refusal):
    add(
        "solutions/tiny/shapes/plain.py",
        "def f(x):\n    # ASSIGN1.5\n    return x\n    # END ASSIGN1.5\n",
    )
    assert "has no marker, so it would ship complete" in refusal()[0]


def test_a_given_module_with_a_region_is_refused(add, refusal):
    add(
        "solutions/tiny/shapes/__init__.py",
        "\n\ndef f(x):\n    # BEGIN SOLUTION t1-square\n    return x\n    # END SOLUTION\n",
    )
    assert refusal()[0].startswith(
        "solutions/tiny/shapes/__init__.py:5: has a region, but is listed to be released unchanged"
    )


def test_a_given_module_with_a_near_miss_is_refused(add, refusal):
    add("solutions/tiny/shapes/__init__.py", "# begin solution\n")
    assert refusal()[0].startswith(
        "solutions/tiny/shapes/__init__.py:2: '# begin solution' is nearly"
    )


def test_an_auto_item_that_no_region_solves_is_refused(edit, refusal):
    edit(AREA, "# BEGIN SOLUTION t1-row-sums", "# BEGIN SOLUTION t1-square")
    (problem,) = refusal()
    assert problem == (
        "assignment/tiny/assignment.toml:29: no region solves item 't1-row-sums'; write "
        "'# BEGIN SOLUTION t1-row-sums' in solutions/tiny/"
    )


@pytest.mark.parametrize("head", [
    "# %%\nx = 1\n",
    "x = 1\n\n# %% [markdown]\n# Text\n",
    "# ---\n# jupyter:\n#   jupytext:\n#     text_representation:\n# ---\n",
])  # fmt: skip
def test_a_notebook_source_that_no_one_declared_is_refused(head, course, refusal):
    (course / "solutions/tiny/shapes/book.py").write_text(head, encoding="utf-8")
    assert "looks like a notebook as text, but no [[notebook]] declares it" in refusal()[0]


def test_a_link_in_solutions_is_refused(course, refusal):
    (course / "solutions/tiny/shapes/link.py").symlink_to(course / AREA)
    assert refusal()[0].startswith("solutions/tiny/shapes/link.py: is a link")


def test_a_name_that_not_every_system_has_is_refused(add, refusal):
    add("solutions/tiny/shapes/a b.py", "x = 1\n")
    assert "has a name that not every system has" in refusal()[0]


def test_two_names_that_differ_in_case_only_are_refused(add, edit, refusal):
    add("solutions/tiny/Requirements.txt", "numpy\n")
    edit("assignment/tiny/assignment.toml", '["requirements.txt"]',
         '["requirements.txt", "Requirements.txt"]')  # fmt: skip
    assert "is the same as 'Requirements.txt' where case does not count" in refusal()[0]


def test_a_binary_file_is_refused_although_it_is_listed(course, edit, refusal):
    (course / "solutions/tiny/data.txt").write_bytes(b"\x00\x01")
    edit("assignment/tiny/assignment.toml", '["requirements.txt"]',
         '["requirements.txt", "data.txt"]')  # fmt: skip
    assert refusal()[0].startswith("solutions/tiny/data.txt:1: control character")


def test_a_missing_handout_is_refused(course, refusal):
    (course / "assignment/tiny/handout.md").unlink()
    assert refusal() == [
        "assignment/tiny/handout.md: is missing; write there what students are asked to do"
    ]


def test_a_release_without_requirements_is_refused(course, edit, refusal):
    edit("assignment/tiny/assignment.toml", 'copy = ["requirements.txt"]', "copy = []")
    (course / "solutions/tiny/requirements.txt").unlink()
    assert "copy of [release] lacks 'requirements.txt'" in refusal()[0]


def test_mistakes_of_all_sources_are_reported_at_once(add, refusal):
    add(AREA, "# SOLUTION\n")
    add("solutions/tiny/shapes/plain.py", "x = (\n")
    add("solutions/tiny/stray.txt", "")
    assert [problem.split(":")[0] for problem in refusal()] == [
        AREA, "solutions/tiny/shapes/plain.py", "solutions/tiny/stray.txt",
    ]  # fmt: skip


def run_checks(folder: Path) -> str:
    """What pytest prints in a release, without any other copy of the tool in sight."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    environment.pop("PYTHONPATH", None)
    command = [sys.executable, "-P", "-m", "pytest", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    return done.stdout + done.stderr


def test_at_first_every_check_fails_and_names_the_place_to_write(load, tmp_path):
    write_release(plan_release(load()), tmp_path / "release")
    printed = run_checks(tmp_path / "release")
    assert "2 failed" in printed
    assert "passed" not in printed.splitlines()[-1]
    assert "tiny/t1-square: write square in shapes/area.py" in printed
    assert "tiny/t1-row-sums: write row_sums in shapes/area.py" in printed


def test_with_the_complete_solution_every_check_passes(load, tmp_path):
    write_release({**plan_release(load()), **solution_files(load())}, tmp_path / "release")
    assert "2 passed" in run_checks(tmp_path / "release")
