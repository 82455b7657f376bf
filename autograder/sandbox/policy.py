"""Which layers a mode cannot do without, and what to say where one of them is missing.

Two things are asked of a worker before student code is there: its mandatory layers are on, and
every attempt of the self-test to break out has failed. The second is what counts; the first tells a
person where to look.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.sandbox.confine import ACTIVE, LAYERS
from autograder.sandbox.selftest import HELD, SHARED_FOLDERS

_ALWAYS = ("process", "rlimits", "watch", "no_new_privs", "seccomp")

_REMEDIES = {
    "seccomp": "install libseccomp (Debian and Ubuntu: libseccomp2)",
    "landlock": "use Linux 5.13 or newer with Landlock switched on, or grade as root or in Docker",
    "uid": "use a Python that all users can run",
    "no_new_privs": "use Linux 3.5 or newer",
}


@dataclass(frozen=True)
class SandboxReport:
    """What a worker says of itself before student code is there.

    Attributes:
        layers: each layer -> `active`, or `absent: why`.
        probes: each attempt to break out -> `held`, or what happened.
    """

    layers: Mapping[str, str]
    probes: Mapping[str, str]


def mandatory_layers(mode: str, report: SandboxReport) -> tuple[str, ...]:
    """The layers that a mode cannot do without.

    A user id of its own does most of the work where the grader is root. Without it, as a plain
    user or where Python lies in a closed folder, Landlock has to.
    """
    if mode == "local-user" or report.layers["uid"] != ACTIVE:
        return (*_ALWAYS, "landlock")
    return (*_ALWAYS, "uid")


def shortcomings(mode: str, report: SandboxReport) -> list[str]:
    """What is missing for a mode, each in one sentence that names the layer; empty if nothing."""
    missing = []
    for layer in mandatory_layers(mode, report):
        state = report.layers[layer]
        if state != ACTIVE:
            remedy = _REMEDIES.get(layer, "see docs/security.md")
            missing.append(f"the layer {layer} is missing ({state}): {remedy}")
    for attempt, outcome in report.probes.items():
        if outcome != HELD and not is_tolerated(attempt, report):
            missing.append(f"student code could {attempt} ({outcome})")
    return missing


def is_tolerated(attempt: str, report: SandboxReport) -> bool:
    """Whether a failed attempt of the self-test may stand.

    What an id of its own leaves in shared folders is found by that id and removed.
    """
    return attempt == SHARED_FOLDERS and report.layers["uid"] == ACTIVE


def is_report(tree: object) -> bool:
    """Whether a message has the form of a report, with every layer in it."""
    if type(tree) is not dict or tree.keys() != {"layers", "probes"}:
        return False
    layers, probes = tree["layers"], tree["probes"]
    return (
        type(layers) is dict
        and set(layers) == set(LAYERS)
        and type(probes) is dict
        and all(type(text) is str for text in [*layers.values(), *probes, *probes.values()])
    )
