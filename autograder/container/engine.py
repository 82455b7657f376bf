"""Use Docker's command line: find it and the image, run a container, say why it ended.

Settings, all optional, are environment variables:

    AUTOGRADER_DOCKER          the command; docker
    AUTOGRADER_IMAGE           the image; autograder:<id>
    AUTOGRADER_DOCKER_MEMORY   memory of one container; 6g
    AUTOGRADER_DOCKER_OPTIONS  further options of `docker run`, such as `--gpus all`
"""

import csv
import io
import json
import os
import secrets
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import AutograderError

_ANSWER_SECONDS = 60.0
_MAKE = "build it with `make image ASSIGNMENT={id}` (docs/docker.md)"

# The capabilities of root that isolating student code needs: to give files and processes another
# user id, to end those processes, and to remove those files. Workers have none of them.
_CAPABILITIES = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID")
_PIDS = 1024  # more than a worker may have (MAX_TASKS), so that sandbox/watch.py acts first

PYTHON = "/opt/autograder/bin/python"
"""The interpreter in the image."""


@dataclass(frozen=True)
class Engine:
    """The engine that starts containers, and its settings.

    Attributes:
        command: the engine's command and its fixed arguments.
        image: the grading image: its name, and later its id.
        memory: what one container may use, as Docker writes it.
        options: further options of `docker run`.
    """

    command: tuple[str, ...]
    image: str
    memory: str
    options: tuple[str, ...]

    def run_words(self, name: str, mounts: Sequence[tuple[Path, str]]) -> list[str]:
        """Return the command that starts a container, up to the image."""
        words = [*self.command, "run", "--name", name, "--network", "none", "--read-only"]
        words += ["--memory", self.memory, "--memory-swap", self.memory]
        words += ["--pids-limit", str(_PIDS), "--cap-drop", "ALL"]
        for capability in _CAPABILITIES:
            words += ["--cap-add", capability]
        words += ["--security-opt", "no-new-privileges", "--ulimit", "core=1"]
        words += ["--tmpfs", "/tmp:rw,nosuid,nodev,noexec,mode=1777"]
        words += ["--env", "AUTOGRADER_CACHE=/tmp/cache", "--user", "0:0"]
        for source, target in mounts:
            words += ["--mount", _mount(source, target)]
        return [*words, *self.options, self.image]

    def ask(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one of the engine's commands to its end.

        Raises:
            AutograderError: it cannot be run, or does not answer.
        """
        try:
            return subprocess.run(
                [*self.command, *words],
                capture_output=True, text=True, errors="replace", timeout=_ANSWER_SECONDS,
                check=False,
            )  # fmt: skip
        except OSError:
            raise AutograderError(
                "Docker is not installed",
                f"the command {self.command[0]}",
                "install it, or leave --isolation out and grade without containers",
            ) from None
        except subprocess.TimeoutExpired:
            raise AutograderError(
                "Docker does not answer", " ".join(self.command), "check its service"
            ) from None

    def state(self, name: str) -> dict[str, Any]:
        """Return the state of a container; an empty one if the engine does not know it."""
        done = self.ask("inspect", "--type", "container", "--format", "{{json .State}}", name)
        try:
            state = json.loads(done.stdout) if done.returncode == 0 else {}
        except ValueError:
            return {}
        return state if isinstance(state, dict) else {}

    def remove(self, name: str) -> None:
        """End a container and remove it."""
        self.ask("rm", "--force", "--volumes", name)


def find_engine(assignment_id: str) -> Engine:
    """Find the engine and the image.

    Raises:
        AutograderError: one of them is missing.
    """
    image = os.environ.get("AUTOGRADER_IMAGE") or f"autograder:{assignment_id}"
    command = tuple(shlex.split(os.environ.get("AUTOGRADER_DOCKER") or "docker"))
    memory = os.environ.get("AUTOGRADER_DOCKER_MEMORY") or "6g"
    options = tuple(shlex.split(os.environ.get("AUTOGRADER_DOCKER_OPTIONS") or ""))
    engine = Engine(command, image, memory, options)
    answer = engine.ask("version", "--format", "{{.Server.Version}}")
    if answer.returncode:
        raise AutograderError(
            f"Docker's service does not answer ({_last_line(answer.stderr)})",
            " ".join(command),
            "start it, or join its group; or leave --isolation out and grade without containers",
        )
    found = engine.ask("image", "inspect", "--format", "{{.Id}}", image)
    if found.returncode:
        raise AutograderError("the image does not exist", image, _MAKE.format(id=assignment_id))
    return Engine(command, found.stdout.strip(), memory, options)


def new_name() -> str:
    """Return a new name for a container."""
    return f"autograder-{secrets.token_hex(6)}"


def ensure_built_from(engine: Engine, assignment_id: str, here: dict[str, str]) -> None:
    """Refuse an image that would not grade as this tool does.

    Raises:
        AutograderError: it was built from other files, or is not an image of this tool.
    """
    name = new_name()
    words = engine.run_words(name, ())[len(engine.command) :]
    done = engine.ask(*words, PYTHON, "-m", "autograder.container.inside", assignment_id)
    engine.remove(name)
    image = os.environ.get("AUTOGRADER_IMAGE") or f"autograder:{assignment_id}"
    remedy = _MAKE.format(id=assignment_id)
    try:
        [there] = [json.loads(line) for line in done.stdout.splitlines()]
        found: dict[str, str] = there["built_from"]
        differs = [key for key in ("version", "tool", "assignment") if found[key] != here[key]]
    except (ValueError, LookupError, TypeError):
        why = _last_line(done.stderr) or _last_line(done.stdout) or "it says nothing"
        raise AutograderError(
            f"the image does not grade {assignment_id} ({why})", image, remedy
        ) from None
    if "version" in differs:
        what = f"the image is of autograder {found['version']}, this is {here['version']}"
        raise AutograderError(what, image, remedy)
    if differs:
        parts = " and ".join({"tool": "tool", "assignment": "rubric"}[part] for part in differs)
        raise AutograderError(f"the image has another {parts} than this folder", image, remedy)


_KILLED = 128 + 9  # the exit code of a process that SIGKILL has ended


def why_it_ended(state: dict[str, Any], said: str, memory: str) -> str:
    """Say why a container ended without a record."""
    code = state.get("ExitCode")
    if state.get("OOMKilled") or code == _KILLED:
        # When it is asked, an engine may not have noticed yet that memory ran out.
        sure = "was ended" if state.get("OOMKilled") else "was killed, probably"
        return (
            f"the container {sure} because it used more than its {memory} of memory; "
            f"AUTOGRADER_DOCKER_MEMORY gives it more"
        )
    last = _last_line(said)
    return f"the container ended early (exit code {code}){': ' + last if last else ''}"


def _mount(source: Path, target: str) -> str:
    """Return one mount for the command line, where commas separate and quotes group."""
    line = io.StringIO()
    fields = ["type=bind", f"source={source.resolve()}", f"target={target}", "readonly"]
    csv.writer(line, lineterminator="").writerow(fields)
    return line.getvalue()


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""
