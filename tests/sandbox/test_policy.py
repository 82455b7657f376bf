"""What a mode cannot do without stops grading with the layer's name; what it can, does not."""

import os

import pytest

from autograder.grading.isolation import IsolationRefused, SandboxPolicy, ensure, examine
from autograder.sandbox.confine import ACTIVE, LAYERS
from autograder.sandbox.launch import launch
from autograder.sandbox.modes import MODES, present_mode
from autograder.sandbox.policy import SandboxReport, is_report, mandatory_layers, shortcomings
from autograder.sandbox.requests import SandboxFailure
from autograder.sandbox.selftest import HELD, SHARED_FOLDERS

pytestmark = pytest.mark.repeated_without_root

PROBES = {"open sockets": HELD, "read secrets": HELD, SHARED_FOLDERS: HELD}


def report(probes=None, **layers):
    return SandboxReport(dict.fromkeys(LAYERS, ACTIVE) | layers, PROBES | (probes or {}))


@pytest.mark.parametrize("mode", MODES)
def test_everything_active_is_enough(mode):
    assert shortcomings(mode, report()) == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("layer", ["process", "rlimits", "watch", "no_new_privs", "seccomp"])
def test_these_layers_are_never_done_without(mode, layer):
    [sentence] = shortcomings(mode, report(**{layer: "absent: not there"}))
    assert layer in sentence and "not there" in sentence


@pytest.mark.parametrize("mode", MODES)
def test_namespaces_are_only_taken_where_they_can_be_had(mode):
    assert shortcomings(mode, report(namespaces="absent: refused")) == []


@pytest.mark.parametrize("mode", ["gradescope", "docker", "local-root"])
def test_a_user_id_and_landlock_stand_in_for_each_other_where_the_grader_is_root(mode):
    assert shortcomings(mode, report(uid="absent: closed home")) == []
    assert shortcomings(mode, report(landlock="absent: old kernel")) == []
    both = report(uid="absent: closed home", landlock="absent: old kernel")
    assert "landlock" in " ".join(shortcomings(mode, both))


def test_a_plain_user_needs_landlock():
    [sentence] = shortcomings("local-user", report(landlock="absent: old kernel"))
    assert "landlock" in sentence and "Docker" in sentence
    assert "landlock" in mandatory_layers("local-user", report())


@pytest.mark.parametrize("mode", MODES)
def test_an_attempt_that_broke_out_is_enough_to_refuse(mode):
    [sentence] = shortcomings(mode, report({"open sockets": "AF_INET can be opened"}))
    assert sentence == "student code could open sockets (AF_INET can be opened)"


def test_shared_folders_are_tolerated_only_where_what_is_left_is_found_by_its_owner():
    left = {SHARED_FOLDERS: "/tmp can be written to"}
    assert shortcomings("local-root", report(left)) == []
    assert shortcomings("local-root", report(left, uid="absent: closed")) != []


def test_refusing_names_the_layer_and_the_way_round():
    with pytest.raises(IsolationRefused) as caught:
        ensure(SandboxPolicy("local-user"), report(seccomp="absent: libseccomp is missing"))
    words = str(caught.value)
    assert "seccomp" in words and "--insecure" in words and "doctor" in words


def test_insecure_goes_on_and_says_so():
    policy = SandboxPolicy("local-user", insecure=True)
    weak = report(seccomp="absent: libseccomp is missing")
    ensure(policy, weak)
    policy.verify(weak)
    layers = policy.isolation(weak)["layers"]
    assert layers["policy"] == "waived by --insecure"
    assert layers["seccomp"].startswith("absent")


def test_each_worker_is_held_to_the_policy_and_not_only_the_first():
    with pytest.raises(SandboxFailure, match="landlock"):
        SandboxPolicy("local-user").verify(report(landlock="absent: gone"))


@pytest.mark.parametrize(
    "tree",
    [
        None,
        {},
        {"layers": {}, "probes": {}},
        {"layers": dict.fromkeys(LAYERS, 1), "probes": {}},
        {"layers": dict.fromkeys(LAYERS, ACTIVE), "probes": {"a": 1}},
        {"layers": dict.fromkeys(LAYERS, ACTIVE), "probes": {}, "more": 1},
    ],
)
def test_what_is_no_report_is_not_taken_for_one(tree):
    assert not is_report(tree)


def test_this_machine_holds():
    """The proof by effect, here: everything that the self-test tries is held."""
    launched = launch()
    try:
        found = examine(launched, [])
    finally:
        launched.close()
    assert shortcomings(present_mode(), found) == []
    assert set(found.probes) >= {"become root", "open sockets", "read secrets", "work at all"}


def test_without_layers_the_examination_refuses():
    """The same on a zygote that puts no layer on."""
    launched = launch("bare")
    try:
        found = examine(launched, [])
    finally:
        launched.close()
    assert len(shortcomings(present_mode(), found)) >= 5


def test_a_secret_that_can_be_read_is_found():
    """A file in a place that every worker must be able to read."""
    launched = launch()
    try:
        found = examine(launched, [os.path.dirname(os.__file__)])
    finally:
        launched.close()
    assert "can be read" in found.probes["read secrets"]
    assert any("read secrets" in sentence for sentence in shortcomings("local-root", found))
