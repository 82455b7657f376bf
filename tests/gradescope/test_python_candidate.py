"""Ubuntu 22.04's Python 3.11 is a release candidate; what it lacks is put in, and only there."""

import subprocess
import sys
import sysconfig
from collections import namedtuple

from autograder.gradescope import python_candidate

Version = namedtuple("Version", "releaselevel")


def test_a_released_python_is_left_alone(monkeypatch, tmp_path):
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path))
    monkeypatch.setattr(sys, "version_info", Version("final"))
    python_candidate.mend()
    assert list(tmp_path.iterdir()) == []
    assert sys.get_int_max_str_digits is not python_candidate.get_int_max_str_digits


def test_a_candidate_has_it_from_its_start_on(monkeypatch, tmp_path):
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path))
    monkeypatch.setattr(sys, "version_info", Version("candidate"))
    python_candidate.mend()
    [start] = tmp_path.iterdir()
    assert start.name > "tool.pth"  # which says where the tool lies, in the image
    code = (
        "import sys; del sys.get_int_max_str_digits, sys.set_int_max_str_digits\n"
        f"exec({start.read_text()!r})\n"
        "print(sys.get_int_max_str_digits(), sys.set_int_max_str_digits(maxdigits=5))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "None"]
