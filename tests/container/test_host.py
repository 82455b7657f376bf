"""Grading in containers, on an engine that is played: every way in which one can fail."""

import json
import shutil
import sys

import pytest
from click.testing import CliRunner

from autograder import __version__
from autograder.assignment import load_assignment
from autograder.cli.grade import command
from autograder.container.digest import built_from
from autograder.container.engine import Engine, find_engine, why_it_ended
from autograder.container.host import grade_in_containers, prepare_containers
from autograder.errors import AutograderError
from autograder.grading.events import (
    AnswersFound,
    GradingFailed,
    ItemBegins,
    ItemEnded,
    SubmissionGraded,
    encode,
)
from autograder.grading.judge_process import wanted_of
from autograder.grading.seeding import read_key
from autograder.grading.session import GradingRequest, GradingSession
from autograder.results import to_dict
from autograder.submission import Submission, content_hash, find_submissions

STUB = """\
#!{python}
# Plays docker: what it says and how it ends stands in plays.json, by the name of a submission.
import json, sys
from pathlib import Path
here = Path(__file__).parent
plays, words = json.loads((here / "plays.json").read_text()), sys.argv[1:]
with (here / "calls").open("a") as calls:
    calls.write(json.dumps(words) + "\\n")
kind = words[0]
if kind == "run" and words[-1].startswith("{{"):
    play = plays[json.loads(words[-1])["name"]]
    (here / words[words.index("--name") + 1]).write_text(json.dumps(play.get("state", {{}})))
elif kind == "inspect":
    play = {{"said": (here / words[-1]).read_text()}}
else:
    play = plays.get(kind, {{}})
print(play.get("said", ""))
print(play.get("complained", ""), file=sys.stderr)
sys.exit(play.get("code", 0))
"""


@pytest.fixture
def engine(tmp_path, monkeypatch, tiny):
    """An engine that is played, and what it plays, to be changed."""
    folder = tmp_path / "engine"
    folder.mkdir()
    (folder / "docker").write_text(STUB.format(python=sys.executable))
    (folder / "docker").chmod(0o755)
    monkeypatch.setenv("AUTOGRADER_DOCKER", str(folder / "docker"))
    for name in ("IMAGE", "DOCKER_MEMORY", "DOCKER_OPTIONS"):
        monkeypatch.delenv(f"AUTOGRADER_{name}", raising=False)

    class Played:
        def __init__(self):
            self.plays = {"run": {"said": json.dumps({"built_from": built_from(tiny)})}}

        def set(self, **plays):
            self.plays = self.plays | plays
            (folder / "plays.json").write_text(json.dumps(self.plays))

        def calls(self):
            return [json.loads(line) for line in (folder / "calls").read_text().splitlines()]

    played = Played()
    played.set()
    return played


def graded_in(session, submissions, jobs=1):
    run = prepare_containers(session.config)
    return grade_in_containers(run, session.tasks(submissions), jobs)


def session_in_containers(assignment, results, items=None):
    request = GradingRequest(assignment, items, 1, results, mode="docker")
    return GradingSession.open(request, elsewhere=True)


@pytest.fixture
def graded(engine, tiny, tmp_path):
    """Grade submissions of these names in containers that are played."""

    def graded(*names, jobs=1):
        for name in names:
            (tmp_path / "in" / name).mkdir(parents=True)
        submissions = find_submissions([tmp_path / "in" / name for name in names])
        session = session_in_containers(tiny, tmp_path / "results")
        return {record.name: record for record in graded_in(session, submissions, jobs)}

    return graded


@pytest.fixture
def record(grade, tiny, tiny_solution):
    [record] = grade(tiny, tiny_solution)
    return record


def lines(*events):
    return "\n".join(encode(event).decode() for event in events)


def statuses(record):
    return {item.id: (item.status, item.score) for item in record.items}


def refusal(call):
    with pytest.raises(AutograderError) as caught:
        call()
    return str(caught.value)


def test_a_missing_engine_is_told(monkeypatch, graded):
    monkeypatch.setenv("AUTOGRADER_DOCKER", "/nowhere/docker")
    words = refusal(graded)
    assert words.startswith("Docker is not installed; the command /nowhere/docker; install it")


def test_a_service_that_does_not_run_is_told(engine, graded):
    engine.set(version={"code": 1, "complained": "Cannot connect to the Docker daemon"})
    assert "does not answer (Cannot connect to the Docker daemon)" in refusal(graded)


def test_a_missing_image_is_told(engine, graded):
    engine.set(image={"code": 1, "complained": "No such image"})
    words = refusal(graded)
    assert words.startswith("the image does not exist; autograder:tiny; build it with `make image")
    assert "ASSIGNMENT=tiny" in words


def test_an_image_of_another_version_is_told(engine, graded, tiny):
    other = built_from(tiny) | {"version": "0.0.9", "tool": "0"}
    engine.set(run={"said": json.dumps({"built_from": other})})
    words = refusal(graded)
    assert f"the image is of autograder 0.0.9, this is {__version__}" in words
    assert "make image" in words


@pytest.mark.parametrize(("part", "word"), [("tool", "tool"), ("assignment", "rubric")])
def test_an_image_that_would_grade_otherwise_is_told(engine, graded, tiny, part, word):
    other = built_from(tiny) | {part: "0"}
    engine.set(run={"said": json.dumps({"built_from": other})})
    assert f"the image has another {word} than this folder" in refusal(graded)


@pytest.mark.parametrize("said", ["", "hello", "[]", '{"built_from": 3}', '{"refused": ["x"]}'])
def test_an_image_that_is_none_of_ours_is_told(engine, graded, said):
    engine.set(run={"said": said, "complained": "no module named autograder", "code": 1})
    assert "the image does not grade tiny (no module named autograder)" in refusal(graded)


def test_a_record_comes_back_as_it_was(engine, graded, record):
    engine.set(anna={"said": lines(SubmissionGraded(record))})
    assert to_dict(graded("anna")["anna"]) == to_dict(record) | {"name": "anna"}


def test_a_container_that_used_too_much_memory_costs_nobody_else(engine, graded, record):
    first = lines(ItemBegins("t1-square"), ItemEnded(record.items[0]))
    engine.set(
        eater={"said": first, "code": 137, "state": {"OOMKilled": True, "ExitCode": 137}},
        anna={"said": lines(SubmissionGraded(record))},
    )
    records = graded("eater", "anna")
    assert statuses(records["anna"])["t1-row-sums"] == ("passed", 2.0)
    assert statuses(records["eater"]) == {
        "t1-square": ("passed", 2.0),  # it was done by then
        "t1-row-sums": ("grader_error", 0.0),
        "t1-why": ("awaiting_manual", 0.0),
    }
    lost = records["eater"].items[1]
    assert "more than its 6g of memory; AUTOGRADER_DOCKER_MEMORY" in lost.message
    assert "memory" not in lost.student_message


@pytest.mark.parametrize(
    ("play", "words"),
    [
        ({"code": 125, "complained": "docker: no space left", "state": {"ExitCode": 125}},
         "ended early (exit code 125): docker: no space left"),
        ({"said": lines(GradingFailed("no layers; mode docker; see doctor", refused=True))},
         "no layers; mode docker; see doctor"),
        ({"said": "hello"}, "reported something that is not a result"),
        ({"said": '[{"record": {"name": "anna"}, "reusable": true}]'},
         "reported something that is not a result"),
        ({"said": '[{"ended": {"id": "t1-square"}}]'}, "reported something that is not a result"),
        ({"said": "[1, 2]"}, "reported something that is not a result"),
    ],
)  # fmt: skip
def test_whatever_a_container_does_ends_in_a_record(engine, graded, record, play, words):
    engine.set(anna=play, ben={"said": lines(SubmissionGraded(record))})
    records = graded("anna", "ben", jobs=2)
    assert {item.status for item in records["anna"].items} == {"grader_error", "awaiting_manual"}
    assert words in records["anna"].items[0].message
    assert statuses(records["ben"])["t1-square"] == ("passed", 2.0)


def test_what_stands_in_for_data_is_told_once(engine, graded, record, capsys):
    play = {"said": lines(SubmissionGraded(record)), "complained": "NOT THE REAL MNIST"}
    engine.set(anna=play, ben=play)
    graded("anna", "ben")
    assert capsys.readouterr().err.count("NOT THE REAL MNIST") == 1


@pytest.mark.parametrize("where", ["AUTOGRADER_DATA", "AUTOGRADER_CACHE"])
def test_the_data_sets_of_this_machine_are_mounted(
    engine, graded, record, tmp_path, monkeypatch, where
):
    for name in ("AUTOGRADER_DATA", "AUTOGRADER_CACHE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "data").mkdir()
    monkeypatch.setenv(where, str(tmp_path / "data"))
    engine.set(anna={"said": lines(SubmissionGraded(record))})
    graded("anna")
    [words] = [call for call in engine.calls() if call[0] == "run" and call[-1].startswith("{")]
    assert f"type=bind,source={tmp_path}/data,target=/data,readonly" in words


def test_answers_are_kept(engine, graded, record, tmp_path):
    answers = {"schema": "autograder.written/1", "name": "ben"}
    engine.set(anna={"said": lines(AnswersFound(answers), SubmissionGraded(record))})
    graded("anna")
    assert json.loads((tmp_path / "results/anna/written.json").read_text())["name"] == "anna"


def test_a_submission_that_is_not_there_takes_no_container(engine, tiny, tmp_path):
    session = session_in_containers(tiny, tmp_path, ("t1-square",))
    run = prepare_containers(session.config)
    before = len(engine.calls())
    submissions = find_submissions([tmp_path / "nowhere.zip"])
    [record] = grade_in_containers(run, session.tasks(submissions), 1)
    assert record.items[0].message == "The submission was not found: no such folder or zip."
    assert record.items[0].status == "failed"
    assert "run" not in [call[0] for call in engine.calls()[before:]]


def test_every_container_is_removed(engine, graded, record):
    engine.set(anna={"code": 1}, ben={"said": lines(SubmissionGraded(record))})
    graded("anna", "ben")
    calls = engine.calls()
    started = {call[call.index("--name") + 1] for call in calls if call[0] == "run"}
    assert {call[-1] for call in calls if call[0] == "rm"} == started


def test_stopping_early_removes_what_runs(engine, tiny, tmp_path, record):
    engine.set(anna={"said": lines(SubmissionGraded(record))}, ben={"code": 1}, cleo={"code": 1})
    for name in ("anna", "ben", "cleo"):
        (tmp_path / name).mkdir()
    submissions = find_submissions([tmp_path / name for name in ("anna", "ben", "cleo")])
    records = graded_in(session_in_containers(tiny, tmp_path, ("t1-square",)), submissions)
    next(records)
    records.close()
    calls = engine.calls()
    started = {call[call.index("--name") + 1] for call in calls if call[0] == "run"}
    assert started <= {call[-1] for call in calls if call[0] == "rm"}


def test_containers_are_started_with_as_little_as_they_need(monkeypatch, tmp_path):
    engine = Engine(("docker",), "image", "3g", ("--gpus", "all"))
    words = engine.run_words("a", [(tmp_path / "o'brien, zoë", "/handed-in")])
    text = " ".join(words)
    for part in (
        "--network none", "--read-only", "--memory 3g --memory-swap 3g", "--cap-drop ALL",
        "--pids-limit 1024", "--security-opt no-new-privileges", "--gpus all image",
    ):  # fmt: skip
        assert part in text
    assert "privileged" not in text.replace("new-privileges", "")
    added = [words[place + 1] for place, word in enumerate(words) if word == "--cap-add"]
    assert not {"SYS_ADMIN", "NET_ADMIN", "SYS_MODULE", "MKNOD"} & set(added)
    mount = words[words.index("--mount") + 1]
    assert mount == f'type=bind,"source={tmp_path}/o\'brien, zoë",target=/handed-in,readonly'


def test_settings_are_taken_from_the_environment(engine, monkeypatch):
    monkeypatch.setenv("AUTOGRADER_IMAGE", "mine:1")
    monkeypatch.setenv("AUTOGRADER_DOCKER_MEMORY", "2g")
    monkeypatch.setenv("AUTOGRADER_DOCKER_OPTIONS", "--gpus 'device=0'")
    engine.set(image={"said": "sha256:ab\n"})
    found = find_engine("tiny")
    assert (found.image, found.memory, found.options) == ("sha256:ab", "2g", ("--gpus", "device=0"))
    assert ["image", "inspect", "--format", "{{.Id}}", "mine:1"] in engine.calls()


def test_why_it_ended_without_the_engine_knowing():
    assert why_it_ended({}, "", "6g") == "the container ended early (exit code None)"
    killed = why_it_ended({"OOMKilled": False, "ExitCode": 137}, "", "6g")
    assert "was killed, probably because it used more than its 6g of memory" in killed


def test_a_class_is_graded_in_containers(engine, course, record, tmp_path, monkeypatch):
    """What is known needs no container the next time; what a container lost is tried again."""
    monkeypatch.chdir(course)
    for name in ("anna", "ben"):
        (tmp_path / "in" / name).mkdir(parents=True)
    engine.set(anna={"said": lines(SubmissionGraded(record))}, ben={"code": 1})
    words = ["tiny", "--from", str(tmp_path / "in"), "--isolation", "docker"]
    started = []
    for _ in range(2):
        done = CliRunner().invoke(command, [*words, "--out", str(tmp_path / "out")])
        assert done.exit_code == 1, done.output  # ben has no grading
        started.append(sum(call[0] == "run" and call[-1][0] == "{" for call in engine.calls()))
    assert started == [2, 3]
    scores = {
        name: json.loads((tmp_path / "out" / name / "record.json").read_text())["score"]
        for name in ("anna", "ben")
    }
    assert scores == {"anna": 4.0, "ben": 0.0}


@pytest.mark.parametrize("words", [["--from", "{}"], ["{}/anna", "{}/ben"]])
def test_a_container_gets_the_seed_of_its_submission_and_no_key(
    engine, course, record, tmp_path, monkeypatch, words
):
    monkeypatch.chdir(course)
    for name in ("anna", "ben"):
        shutil.copytree(course / "solutions/tiny/shapes", tmp_path / "in" / name / "shapes")
        (tmp_path / "in" / name / "shapes/own.py").write_text(name)
        engine.set(**{name: {"said": lines(SubmissionGraded(record))}})
    words = [word.format(tmp_path / "in") for word in words]
    out = tmp_path / "out"
    options = ["--isolation", "docker", "--out", str(out), "--json"]
    done = CliRunner().invoke(command, ["tiny", *words, *options])
    assert done.exit_code == 0, done.output
    asked = [
        json.loads(call[-1]) for call in engine.calls() if call[0] == "run" and "{" in call[-1]
    ]
    key = read_key(out)
    seeds = {
        name: key.submission_seed(
            content_hash(
                Submission(name, tmp_path / "in" / name), wanted_of(load_assignment(course, "tiny"))
            )
        )
        for name in ("anna", "ben")
    }
    assert len(set(seeds.values())) == 2
    assert {one["name"]: one["seed"] for one in asked} == seeds
    assert {one["data_seed"] for one in asked} == {key.seed("data sets")}
    text = json.dumps(engine.calls())
    assert key.secret.hex() not in text and "seed.key" not in text and str(out) not in text


def test_containers_are_not_for_a_cluster(course, tmp_path, monkeypatch):
    monkeypatch.chdir(course)
    words = ["tiny", "--from", str(tmp_path), "--isolation", "docker", "--scheduler", "tcp://x:1"]
    with pytest.raises(AutograderError, match="leave one of them out"):
        CliRunner().invoke(command, words, catch_exceptions=False)
