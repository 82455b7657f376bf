"""Define which sandbox layers a mode requires, and the messages about missing ones.

A worker must meet two conditions before it loads student code: its mandatory layers are active, and
every break-out attempt of the self-test has failed. The second is what counts; the first shows
users where to look.
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
    """The sandbox report of a worker, made before student code is loaded.

    Attributes:
        layers: each layer -> `active`, or `absent: why`.
        probes: each break-out attempt -> `held`, or what happened.
    """

    layers: Mapping[str, str]
    probes: Mapping[str, str]


def mandatory_layers(mode: str, report: SandboxReport) -> tuple[str, ...]:
    """Return the layers that a mode requires.

    With a root grader, the worker's own user id gives most of the protection. Without it, for an
    unprivileged grader or a Python in a private folder, Landlock must.
    """
    if mode == "local-user" or report.layers["uid"] != ACTIVE:
        return (*_ALWAYS, "landlock")
    return (*_ALWAYS, "uid")


def shortcomings(mode: str, report: SandboxReport) -> list[str]:
    """Return what is missing for a mode, one sentence per layer; empty if nothing."""
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
    """Return whether a successful break-out attempt of the self-test is tolerated.

    Files that a worker with its own id leaves in shared folders are found by the id and removed.
    """
    return attempt == SHARED_FOLDERS and report.layers["uid"] == ACTIVE


def is_report(tree: object) -> bool:
    """Return whether a message has the form of a report, with every layer in it."""
    if type(tree) is not dict or tree.keys() != {"layers", "probes"}:
        return False
    layers, probes = tree["layers"], tree["probes"]
    return (
        type(layers) is dict
        and set(layers) == set(LAYERS)
        and type(probes) is dict
        and all(type(text) is str for text in [*layers.values(), *probes, *probes.values()])
    )
