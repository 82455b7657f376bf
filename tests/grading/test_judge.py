"""Gradings of the tiny assignment: right, untouched, broken and hostile submissions."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from autograder.assignment import load_assignment


def items_of(record):
    return {item.id: item for item in record.items}


def outcome(record):
    return {item.id: (item.status, item.score) for item in record.items}


FULL = {
    "t1-square": ("passed", 2.0),
    "t1-row-sums": ("passed", 2.0),
    "t1-why": ("awaiting_manual", 0.0),
}


@pytest.mark.repeated_without_root
def test_the_complete_solution_gets_full_marks(grade, tiny, tiny_solution):
    [record] = grade(tiny, tiny_solution)
    assert outcome(record) == FULL
    assert (record.score, record.possible, record.notices) == (4.0, 4.0, ())


def test_the_untouched_release_gets_nothing_and_says_where_to_write(grade, tiny, tiny_release):
    [record] = grade(tiny, tiny_release)
    assert record.score == 0
    for item in record.items:
        if item.status != "awaiting_manual":
            assert item.status == "not_attempted"
            assert f"tiny/{item.id}: write " in item.student_message


def test_a_wrong_answer_costs_its_item_and_is_told_why(grade, tiny, submission):
    [record] = grade(tiny, submission("return 2 * x"))
    assert record.score == 2.0
    square = items_of(record)["t1-square"]
    assert square.status == "failed"
    assert "square(x) has wrong values in 12 of 12 entries" in square.message
    assert "hint: doubled" in square.student_message


def test_a_test_earns_nothing_where_the_one_that_it_counts_with_fails(grade, course, submission):
    hidden = course / "assignment/tiny/rubric/test_area_hidden.py"
    marker = '@pytest.mark.item("t1-square"'
    text = hidden.read_text().replace(
        f"{marker})", f'{marker}, counts_with="test_square_of_an_array")'
    )
    # Without its checks of values, the hidden test passes for a function that does nothing.
    begin = text.index("    check(student.shapes.area.square(held)")
    body = """    student.shapes.area.square(held)
    check(student.read(held), "x after square(x)").close(x)
"""
    hidden.write_text(text[:begin] + body + text[text.index("\n\n\n", begin) :])
    tiny = load_assignment(course, "tiny")
    [right] = grade(tiny, submission(name="right"))
    assert outcome(right) == FULL
    [lazy] = grade(tiny, submission("return 0 * x", name="lazy"))
    square = items_of(lazy)["t1-square"]
    assert (square.status, square.score) == ("failed", 0.0)
    assert "a hidden check earns no points until this check passes: " in square.student_message


@pytest.mark.parametrize(
    ("square", "status", "words"),
    [
        ("return None", "failed", "square(x) is None"),
        ("return x[:1]", "failed", "has shape (1, 4), expected (3, 4)"),
        ("return np.full_like(x, np.nan)", "failed", "not finite"),
        ("return np.array([None])", "failed", "ndarray of object, expected a numpy array"),
        ("return 'text'", "failed", "is of type str, expected a numpy array"),
        ("return np.zeros(10 * 2**27)", "failed", "MemoryError"),
        ("return np.broadcast_to(x[0, 0], (2**30,))", "failed", "returned too much"),
        ("return lambda: 1", "failed", "function, expected a numpy array"),
        ("raise ValueError('no idea')", "failed", "raised ValueError: no idea"),
        ("import sys; sys.exit(0)", "failed", "ended the program"),
        ("raise KeyboardInterrupt", "failed", "KeyboardInterrupt"),
        ("import os; os._exit(0)", "crashed", "ended from within (exit code 0)"),
        ("import os; os.kill(os.getpid(), 11)", "crashed", "crashed (signal SIGSEGV)"),
        ("import os; os.kill(os.getppid(), 9)", "failed", "is None; did you forget"),
        ("import torch", "failed", "shapes/area.py, line 16 imports torch"),
        ("__import__('torch')", "failed", "torch may not be used"),
        ("return square(x)", "failed", "RecursionError"),
    ],
)
def test_what_goes_wrong_costs_only_its_item(grade, tiny, submission, square, status, words):
    [record] = grade(tiny, submission(square))
    items = items_of(record)
    assert items["t1-square"].status == status
    assert words in items["t1-square"].message
    if "torch" in words and "imports" in words:
        return  # a banned import is the whole module's fault
    assert items["t1-row-sums"].score == 2.0


@pytest.mark.repeated_without_root
def test_an_endless_loop_costs_its_item_after_its_time_limit(grade, course, submission):
    toml = course / "assignment" / "tiny" / "assignment.toml"
    toml.write_text(toml.read_text().replace("timeout_s = 10", "timeout_s = 1"))
    [record] = grade(load_assignment(course, "tiny"), submission("while True: pass"))
    assert outcome(record) == FULL | {"t1-square": ("timeout", 0.0)}
    assert "this item's time limit (1 s)" in items_of(record)["t1-square"].student_message


def test_printing_a_gigabyte_costs_nothing(grade, tiny, submission):
    [record] = grade(tiny, submission("[print('x' * 2**20) for _ in range(1000)]; return x * x"))
    assert outcome(record) == FULL


TAKE_OVERS = (
    "conftest.py",
    "sitecustomize.py",
    "usercustomize.py",
    "numpy.py",
    "pytest.py",
    "msgpack.py",
    "evil.pth",
    "autograder/__init__.py",
    "tests/conftest.py",
)


def test_files_that_would_take_over_python_or_pytest_are_left_out(grade, tiny, submission):
    files = dict.fromkeys(TAKE_OVERS, "raise SystemExit('taken over')")
    files["pytest.ini"] = "[pytest]\naddopts = --collect-only\n"
    [record] = grade(tiny, submission(**files))
    assert outcome(record) == FULL


@pytest.mark.parametrize(
    ("area", "words"),
    [
        ("def square(:", "shapes/area.py, line 1"),
        (b"x = '\xff\xfe'", "the file is not UTF-8 text"),
        ("raise RuntimeError('at import')", "RuntimeError: at import"),
        ("", "is missing: module 'shapes.area' has no attribute"),
        ("import sys; sys.exit(3)", "ended the program"),
    ],
)
def test_a_module_that_cannot_be_imported_says_so(grade, tiny, submission, area, words):
    [record] = grade(tiny, submission(**{"shapes/area.py": area}))
    assert [item.status for item in record.items] == ["failed", "failed", "awaiting_manual"]
    assert all(words in item.student_message for item in record.items[:2])


def test_a_missing_module_is_named(grade, tiny, submission):
    folder = submission()
    (folder / "shapes" / "area.py").unlink()
    [record] = grade(tiny, folder)
    assert "shapes/area.py does not exist" in record.items[0].student_message


def zipped(folder, target, prefix=""):
    with zipfile.ZipFile(target, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, prefix + str(file.relative_to(folder)))
    return target


def test_zips_are_graded_like_folders(grade, tiny, tiny_solution, tmp_path):
    flat = zipped(tiny_solution, tmp_path / "flat.zip")
    nested = zipped(tiny_solution, tmp_path / "nested.zip", "tiny/")
    with zipfile.ZipFile(nested, "a") as archive:
        archive.writestr("__MACOSX/tiny/shapes/._area.py", b"\0")
    records = grade(tiny, flat, nested, tiny_solution)
    assert [outcome(record) for record in records] == [FULL] * 3
    assert len({record.sha256 for record in records}) == 1


def unreadable_submissions(folder, solution):
    """Submissions that cannot be read as a whole: name -> path."""
    folder.mkdir()
    (folder / "empty").mkdir()
    (folder / "empty.zip").write_bytes(b"")
    (folder / "text.zip").write_text("I could not make a zip, sorry")
    whole = zipped(solution, folder / "whole.zip").read_bytes()
    (folder / "cut.zip").write_bytes(whole[: len(whole) // 2])
    (folder / "whole.zip").unlink()
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("shapes/area.py", bytes(2 * 10**8))
    with zipfile.ZipFile(folder / "other.zip", "w") as archive:
        archive.writestr("homework.docx", b"PK")
    return [*sorted(folder.iterdir()), folder / "not-there.zip"]


def test_what_cannot_be_read_is_said_plainly_and_the_others_are_graded(
    grade, tiny, tiny_solution, tmp_path
):
    bad = unreadable_submissions(tmp_path / "bad", tiny_solution)
    *records, good = grade(tiny, *bad, tiny_solution)
    assert outcome(good) == FULL
    for record in records:
        assert record.score == 0 and record.possible == 4
        for item in record.items[:2]:
            assert item.status == "failed"
            assert 20 < len(item.student_message) < 300
            assert "Traceback" not in item.student_message


def test_hostile_archive_entries_are_left_out_and_told(grade, tiny, tiny_solution, tmp_path):
    hostile = zipped(tiny_solution, tmp_path / "hostile.zip")
    link = zipfile.ZipInfo("shapes/passwords.py")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(hostile, "a") as archive:
        archive.writestr("../../escaped.py", "print('out')")
        archive.writestr(link, "/etc/passwd")
    [record] = grade(tiny, hostile)
    assert outcome(record) == FULL
    assert any("passwords.py" in notice for notice in record.notices)
    assert not list(tmp_path.parent.rglob("escaped.py"))


def test_the_same_seed_draws_the_same_inputs_and_another_seed_others(grade, tiny, submission):
    folder = submission("return 2 * x")
    first, again, other = (
        items_of(grade(tiny, folder, seed=seed)[0])["t1-square"].message for seed in (5, 5, 6)
    )
    assert first == again != other


def test_only_the_wanted_items_are_graded(grade, tiny, tiny_solution):
    [record] = grade(tiny, tiny_solution, items=["t1-row-sums"])
    assert [item.id for item in record.items] == ["t1-row-sums"]
    assert record.possible == 2.0


@pytest.mark.repeated_without_root
def test_several_at_a_time_give_the_same_as_one_by_one(grade, tiny, tiny_solution, submission):
    paths = [tiny_solution, submission("return 2 * x", name="b"), tiny_solution] * 2
    alone = [outcome(record) for record in grade(tiny, *paths)]
    assert [outcome(record) for record in grade(tiny, *paths, jobs=3)] == alone


@pytest.mark.repeated_without_root
def test_one_item_cannot_spoil_the_next(grade, tiny, submission):
    spoil = "np.ones = None; import builtins; builtins.len = None; return np.multiply(x, x)"
    [record] = grade(tiny, submission(spoil))
    assert items_of(record)["t1-row-sums"].score == 2.0


@pytest.mark.repeated_without_root
def test_nothing_is_left_behind(grade, tiny, submission, monkeypatch):
    temporary = Path(tempfile.mkdtemp())
    temporary.chmod(0o755)
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    square = "open('left.txt', 'w').write('x'); return np.multiply(x, x)"
    [record] = grade(tiny, submission(square))
    assert outcome(record) == FULL
    assert list(temporary.iterdir()) == []
    temporary.rmdir()


@pytest.mark.repeated_without_root
def test_a_closed_place_for_temporary_files_is_got_round(grade, tiny, tiny_solution, monkeypatch):
    closed = tempfile.mkdtemp()
    monkeypatch.setattr("tempfile.tempdir", closed)
    [record] = grade(tiny, tiny_solution)
    assert outcome(record) == FULL
    os.rmdir(closed)


def rewrite(course, change):
    rubric = course / "assignment" / "tiny" / "rubric" / "test_area_hidden.py"
    rubric.write_text(change(rubric.read_text()))
    return load_assignment(course, "tiny")


@pytest.mark.parametrize(
    "slip",
    ["undefined_name", "import no_such_module", "pytest.skip('not today')", "raise OSError(1)"],
)
def test_a_slip_of_the_rubric_is_a_grader_error_of_its_item_alone(
    grade, course, tiny_solution, slip
):
    assignment = rewrite(
        course, lambda text: text.replace("    held = ", f"    {slip}\n    held = ")
    )
    [record] = grade(assignment, tiny_solution)
    assert outcome(record) == FULL | {"t1-square": ("grader_error", 0.0)}
    assert "instructor has been informed" in items_of(record)["t1-square"].student_message


@pytest.mark.parametrize(
    ("line", "words"), [("import no_such_module", "no_such_module"), ("raise SystemExit(3)", "3")]
)
def test_a_rubric_file_that_cannot_be_run_is_a_grader_error_of_its_items(
    grade, course, tiny_solution, line, words
):
    assignment = rewrite(course, lambda text: f"{line}\n{text}")
    [record] = grade(assignment, tiny_solution)
    assert {item.status for item in record.items[:2]} == {"grader_error"}
    assert words in record.items[0].message


def test_a_rubric_is_read_once_for_all_submissions(grade, course, tiny_solution, tmp_path):
    log = tmp_path / "log"
    line = f"with open({str(log)!r}, 'a') as log: log.write('read ')"
    assignment = rewrite(course, lambda text: f"{line}\n{text}")
    assert [outcome(record) for record in grade(assignment, *[tiny_solution] * 3)] == [FULL] * 3
    assert log.read_text() == "read "


def test_a_changed_rubric_of_the_same_names_is_another_one(grade, course, tiny, tiny_solution):
    [record] = grade(tiny, tiny_solution)
    assignment = rewrite(
        course, lambda text: text.replace("    held = ", "    raise AssertionError\n    held = ")
    )
    [changed] = grade(assignment, tiny_solution)
    assert outcome(record) == FULL
    assert outcome(changed)["t1-square"] != FULL["t1-square"]


def test_what_a_rubric_prints_is_seen_nowhere(grade, course, tiny_solution, capfd):
    assignment = rewrite(
        course,
        lambda text: f"print('at import')\n{text.replace('held = ', 'print(1); held = ')}",
    )
    [record] = grade(assignment, tiny_solution)
    assert outcome(record) == FULL
    assert capfd.readouterr() == ("", "")


@pytest.mark.repeated_without_root
def test_a_judge_that_dies_costs_its_own_submission_a_grader_error(
    grade, tiny, tiny_solution, monkeypatch
):
    from autograder.grading import judge_process

    judge = judge_process.judge

    def dying_judge(order, name, *rest):
        if name == "solution":
            os._exit(7)
        return judge(order, name, *rest)

    monkeypatch.setattr(judge_process, "judge", dying_judge)
    dead, alive = grade(tiny, tiny_solution, tiny_solution)
    assert {item.status for item in dead.items[:2]} == {"grader_error"}
    assert "exit code 7" in dead.items[0].message
    assert outcome(alive) == FULL


@pytest.mark.parametrize(
    ("end", "left", "words"),
    [
        (lambda: os._exit(7), ("grader_error", 0.0), "exit code 7"),
        (lambda: (_ for _ in ()).throw(OSError("a defect")), ("passed", 2.0), ""),
    ],
    ids=["it is killed after one item", "it fails after all of them"],
)
def test_what_a_judge_has_found_before_it_fails_counts(
    grade, tiny, tiny_solution, monkeypatch, end, left, words
):
    from autograder.grading import judge_process

    judge = judge_process.judge

    def failing_judge(*arguments):
        *others, begins, ended = arguments
        whole = []

        def note(item):
            ended(item)
            whole.append(item.status != "grader_error")  # else not all of its tests have ended

        def end_after_one(item_id):
            begins(item_id)  # what has ended is sent with what begins next
            if words and any(whole):
                end()

        judge(*others, end_after_one, note)
        end()

    monkeypatch.setattr(judge_process, "judge", failing_judge)
    [record] = grade(tiny, tiny_solution)
    found = {item.id: (item.status, item.score) for item in record.items}
    assert found["t1-square"] == ("passed", 2.0)
    assert found["t1-row-sums"] == left
    assert words in items_of(record)["t1-row-sums"].message
    if words:
        public, hidden = items_of(record)["t1-row-sums"].tests
        assert (public.status, hidden.status) == ("passed", "grader_error")


def test_a_hidden_tests_inputs_do_not_reach_the_student(grade, tiny, submission):
    """The submission shouts whatever it is given; nothing of a hidden test may come through."""
    shout = "raise ValueError('seen: ' + repr(x.tolist()))"
    [record] = grade(tiny, submission(shout))
    square = items_of(record)["t1-square"]
    hidden = [test for test in square.tests if test.hidden]
    assert hidden and all("seen: " in test.message for test in hidden)
    for test in hidden:
        shown = test.message.partition("seen: ")[2][:30]
        assert shown not in square.student_message


def test_a_loaded_machine_gives_the_same_scores(grade, tiny, tiny_solution, submission):
    paths = [tiny_solution, submission("return 2 * x", name="wrong")]
    alone = [outcome(record) for record in grade(tiny, *paths)]
    burners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(6)]
    try:
        loaded = [outcome(record) for record in grade(tiny, *paths, jobs=2)]
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()
    assert loaded == alone


def test_a_signal_while_the_rubric_is_read_comes_through(grade, course, tiny_solution):
    class Ended(BaseException):
        pass

    def end(number, frame):
        raise Ended

    assignment = rewrite(
        course, lambda text: f"import os, signal\nos.kill(os.getpid(), signal.SIGTERM)\n{text}"
    )
    before = signal.signal(signal.SIGTERM, end)
    try:
        with pytest.raises(Ended):
            grade(assignment, tiny_solution)
    finally:
        signal.signal(signal.SIGTERM, before)


def test_settings_that_are_made_for_other_rubrics_change_nothing(
    grade, tiny, tiny_solution, monkeypatch
):
    monkeypatch.setenv("PYTEST_ADDOPTS", "-k nothing")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    [record] = grade(tiny, tiny_solution)
    assert outcome(record) == FULL
    assert os.environ["PYTEST_ADDOPTS"] == "-k nothing"


@pytest.mark.parametrize("figure", ["12.5", "float('nan')", "10**400", "None", "object()"])
def test_a_figure_that_is_no_finite_number_costs_its_item_only(course, grade, submission, figure):
    rubric = course / "assignment" / "tiny" / "rubric" / "test_area.py"
    text = rubric.read_text().replace("of_an_array(student, rng)", "of_an_array(student, measured)")
    line = "    x = rng.uniform(1.5, 3.0, size=(3, 4))\n"
    assert line in text
    noting = '    measured("of it", student.shapes.own.FIGURE)\n    x = np.ones((3, 4))\n'
    rubric.write_text(text.replace(line, noting))
    files = {"shapes/own.py": f"FIGURE = {figure}\n"}
    [record] = grade(load_assignment(course, "tiny"), submission(**files))
    right = figure == "12.5"
    assert outcome(record) == FULL | ({} if right else {"t1-square": ("partial", 1.0)})
    assert items_of(record)["t1-square"].measured == ({"of it": 12.5} if right else {})
