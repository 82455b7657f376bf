"""Random zips: whatever is in them, nothing is written elsewhere and no cap is exceeded."""

import re
import stat
import tempfile
import warnings
import zipfile
from pathlib import Path

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from autograder.submission import (
    Collected,
    Limits,
    Submission,
    SubmissionError,
    Wanted,
    collect,
)
from autograder.text import plain_text

WANTED = Wanted(("shapes/",), ("report.ipynb",), ("claims/*.json", "claims/*.npz"))
TAKEN = re.compile(r"shapes/.+|report\.ipynb|claims/[^/]+\.(json|npz)", re.DOTALL | re.IGNORECASE)
LIMITS = Limits(
    files=8,
    file_bytes=20_000,
    total_bytes=40_000,
    ratio=20,
    ratio_from_bytes=10_000,
    listed=40,
    depth=6,
    name_bytes=30,
)

PARTS = (
    "shapes", "Shapes", "SHAPES", "..", ".", "", "C:", "~", "__MACOSX", "._x", ".git", "area.py",
    "AREA.py", "__init__.py", "report.ipynb", "Report (1).ipynb", "Copy of report.ipynb", "claims",
    "CLAIMS", "r.json", "r (1).json", "R.npz", "a\\b", "..\\..", "x\0y", "con", "a" * 40,
    "é", "e\u0301",
)  # fmt: skip
parts = st.one_of(st.sampled_from(PARTS), st.text(max_size=8))
names = st.builds(
    lambda start, parts, end: start + "/".join(parts) + end,
    st.sampled_from(["", "", "", "shapes/", "hw/shapes/", "/", "//", "C:\\", "\\\\", "../"]),
    st.lists(parts, min_size=1, max_size=8),
    st.sampled_from(["", "", "", "/"]),
)
kinds = st.sampled_from(
    [0, 0, stat.S_IFREG, stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFBLK, stat.S_IFSOCK]
)
small = st.binary(max_size=200)
large = st.integers(0, 60_000).map(bytes)
contents = st.one_of(small, small, small, small, large, st.just(b"../../../etc/passwd"))
ordinary = st.sampled_from(
    "shapes/__init__.py shapes/area.py hw/shapes/area.py report.ipynb claims/r.json claims/r.npz"
    " hw/report.ipynb hw/claims/r.json".split()
)


@st.composite
def zips(draw: st.DrawFn) -> bytes:
    """Return the bytes of a zip with hostile names, types and, now and then, changed bytes."""
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w") as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # duplicate names are meant
            for name in draw(st.lists(ordinary, max_size=3)) + draw(st.lists(names, max_size=9)):
                info = zipfile.ZipInfo("x")
                info.filename = name.encode("utf-8", "replace").decode()
                info.external_attr = (draw(kinds) | 0o777) << 16
                info.compress_type = draw(st.sampled_from([0, 8, 8, 8, 12, 14]))
                archive.writestr(info, draw(contents))
        file.seek(0)
        raw = bytearray(file.read())
    if draw(st.integers(0, 3)) == 0:
        for position in draw(st.lists(st.integers(0, len(raw) - 1), max_size=4)):
            raw[position] = draw(st.integers(0, 255))
    if draw(st.integers(0, 9)) == 0:
        del raw[draw(st.integers(0, len(raw))) :]
    return bytes(raw)


@given(zips())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_random_zip_is_collected_within_the_caps_or_refused(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "anna.zip"
        path.write_bytes(raw)
        into = folder / "a" / "b" / "into"
        _collect_or_refuse(path, into)
        assert sorted(folder.iterdir()) == [folder / "a", path]
        assert list((folder / "a").rglob("*"))[:2] == [folder / "a/b", into]


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_random_bytes_are_refused(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "anna.zip"
        path.write_bytes(b"PK\x03\x04" + raw + b"PK\x05\x06" + raw[:18])
        _collect_or_refuse(path, Path(name) / "into")


def _collect_or_refuse(path: Path, into: Path) -> None:
    words = ""
    try:
        _check(collect(Submission("anna", path), WANTED, into, LIMITS), into)
    except SubmissionError as refusal:
        words = str(refusal)
    event("refused" if words else "collected")
    if words:
        assert words == plain_text(words)
        assert list(into.iterdir()) == []


def _check(collected: Collected, into: Path) -> None:
    found = [path for path in into.rglob("*") if not path.is_dir() or path.is_symlink()]
    assert collected.files == tuple(sorted(str(path.relative_to(into)) for path in found))
    assert 0 < len(found) <= LIMITS.files
    assert all(stat.S_ISREG(path.lstat().st_mode) for path in found)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o644 for path in found)
    assert sum(path.stat().st_size for path in found) <= LIMITS.total_bytes
    assert all(TAKEN.fullmatch(path) for path in collected.files)
    assert len({path.casefold() for path in collected.files}) == len(found)
    assert len(collected.notices) <= LIMITS.notices + 1
    assert all(notice == plain_text(notice) for notice in collected.notices)
