"""Run the checks of the release for a limited time."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

SHOWN = 12
"""The most items that a message names; the others are counted."""


def run_checks(folder: Path, seconds: float) -> tuple[bool, str]:
    """Run pytest in the release; return whether all checks passed, and what to print."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--no-header",
        "--tb=no",
        "-p",
        "no:cacheprovider",
    ]
    with tempfile.TemporaryFile() as output:
        # A separate session, so that any process the student's code starts can be ended too.
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False, f"the checks took longer than {seconds:g} seconds and were stopped"
        except KeyboardInterrupt:
            return False, "the checks were stopped"
        finally:
            _end(process)
        output.seek(0)
        lines = [line.strip() for line in output.read().decode("utf-8", "replace").splitlines()]
    last = next((line for line in reversed(lines) if line), "").strip("= ")
    if code == 0:
        return True, f"the checks: {last}"
    if code == 1:
        return False, f"the checks: {last}{_items(lines)}; `pytest` shows what is wrong"
    return False, f"the checks could not be run: {last or f'pytest ended with {code}'}"


def _items(lines: list[str]) -> str:
    """Return the items with failing checks, from the summary that the release's plugin prints."""
    found = (re.fullmatch(r"(\S+)\s+(\d+) of (\d+) passed.*", line) for line in lines)
    items = [f"{one[1]} {one[2]} of {one[3]}" for one in found if one and one[2] != one[3]]
    more = f" and {len(items) - SHOWN} more" if len(items) > SHOWN else ""
    return f" (passed: {', '.join(items[:SHOWN])}{more})" if items else ""


def _end(process: "subprocess.Popen[bytes]") -> None:
    if sys.platform == "win32":
        if process.poll() is None:
            kill = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
            subprocess.run(kill, capture_output=True, check=False)
    else:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass  # all its processes have ended
    process.wait()
