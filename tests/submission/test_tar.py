"""Tar archives are taken as zips are: the same limits, links and names."""

import bz2
import gzip
import io
import lzma
import os
import tarfile

import pytest

from autograder.submission import Limits, Submission, SubmissionError, UnreadableError, collect

from .conftest import AREA, ORDINARY, SHAPES


def tarred(files, **changes):
    """The bytes of a tar archive; a file is bytes, or a TarInfo."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", **changes) as archive:
        for name, content in files:
            if isinstance(content, tarfile.TarInfo):
                content.name = name
                archive.addfile(content)
                continue
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return target.getvalue()


def special(kind, target=""):
    info = tarfile.TarInfo()
    info.type, info.linkname = kind, target
    return info


PLAIN = tarred(ORDINARY.items())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.tar", PLAIN),
        ("a.tar.gz", gzip.compress(PLAIN, mtime=0)),
        ("a.tgz", gzip.compress(PLAIN, mtime=0)),
        ("a.tar.bz2", bz2.compress(PLAIN)),
        ("a.tar.xz", lzma.compress(PLAIN)),
        ("a.zip", PLAIN),  # its content says what it is
        ("a", gzip.compress(PLAIN, mtime=0)),
        ("gnu.tar", tarred(ORDINARY.items(), format=tarfile.GNU_FORMAT)),
        ("pax.tar", tarred(ORDINARY.items(), format=tarfile.PAX_FORMAT)),
        ("old.tar", tarred([(f"./{name}", data) for name, data in ORDINARY.items()])),
        ("long.tar", tarred([(f"{'d' * 90}/{'e' * 90}/{name}", data)
                             for name, data in ORDINARY.items()], format=tarfile.GNU_FORMAT)),
        ("longer.tar", tarred([(f"{'ü' * 90}/{'e' * 90}/{name}", data)
                               for name, data in ORDINARY.items()], format=tarfile.PAX_FORMAT)),
    ],
)  # fmt: skip
def test_a_tar_archive_is_collected_like_a_folder(tmp_path, collect_from, name, data):
    (tmp_path / name).write_bytes(data)
    collected = collect_from(tmp_path / name)
    assert collected.files == tuple(sorted(ORDINARY))
    assert (collected.root / "shapes/area.py").read_bytes() == AREA
    assert collected.notices == ()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("shapes/link.py", special(tarfile.SYMTYPE, "/etc/passwd"), "is a link"),
        ("shapes/hard.py", special(tarfile.LNKTYPE, "shapes/area.py"), "is a link"),
        ("shapes/pipe.py", special(tarfile.FIFOTYPE), "is not a plain file"),
        ("shapes/device.py", special(tarfile.CHRTYPE), "is not a plain file"),
        ("shapes/sparse.py", special(tarfile.GNUTYPE_SPARSE), "is not a plain file"),
        ("../evil.py", b"x", "points outside the submission"),
        ("shapes/../../evil.py", b"x", "points outside the submission"),
        ("shapes/\x1b[2J.py", b"x", "has a character in its name that cannot be shown"),
        ("shapes/" + "a" * 201, b"x", "has a name longer than 200 bytes"),
        ("shapes/fast.so", b"x", "is compiled code; submit its source"),
    ],
)
def test_what_no_zip_may_hold_no_tar_may(tmp_path, collect_from, name, content, reason):
    (tmp_path / "a.tar").write_bytes(tarred([*ORDINARY.items(), (name, content)]))
    collected = collect_from(tmp_path / "a.tar")
    assert collected.files == tuple(sorted(ORDINARY))
    assert [notice.endswith(f"` {reason}.") for notice in collected.notices] == [True]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (gzip.compress(PLAIN, mtime=0)[:-20], "damaged"),
        (gzip.compress(PLAIN, mtime=0)[:60] + b"x" * 60, "damaged"),
        (PLAIN[:1536] + b"not a header" * 50, "damaged"),
        (gzip.compress(b"just text", mtime=0), "not a tar archive"),
        (bz2.compress(b""), "not a tar archive"),
        (lzma.compress(PLAIN)[:-30], "damaged"),
    ],
)
def test_a_damaged_archive_could_not_be_read(tmp_path, collect_from, data, words):
    (tmp_path / "a.tar.gz").write_bytes(data)
    with pytest.raises(UnreadableError, match=words):
        collect_from(tmp_path / "a.tar.gz")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_bomb_stops_at_the_limit(tmp_path, collect_from, pack):
    data = pack(tarred([*ORDINARY.items(), ("shapes/zeros.py", bytes(30_000_000))]))
    (tmp_path / "a.tar.gz").write_bytes(data)
    with pytest.raises(SubmissionError, match="more than 100 times its size"):
        collect_from(tmp_path / "a.tar.gz")


def test_unpacked_bytes_count_whether_wanted_or_not(tmp_path, collect_from):
    data = gzip.compress(tarred([*ORDINARY.items(), ("data.bin", os.urandom(200_000))]))
    (tmp_path / "a.tgz").write_bytes(data)
    with pytest.raises(SubmissionError, match="more than 0 MB"):
        collect_from(tmp_path / "a.tgz", limits=Limits(unpacked_bytes=100_000))


def test_a_plain_tar_may_hold_much_that_nobody_wants(tmp_path, collect_from):
    data = tarred([*ORDINARY.items(), ("data.bin", bytes(3_000_000))])
    (tmp_path / "a.tar").write_bytes(data)
    limits = Limits(total_bytes=1_000_000, unpacked_bytes=1_000_000)
    assert collect_from(tmp_path / "a.tar", limits=limits).files == tuple(sorted(ORDINARY))


def test_very_many_members_are_refused(tmp_path, collect_from):
    data = tarred([(f"f{number}", b"") for number in range(30)])
    (tmp_path / "a.tar").write_bytes(data)
    with pytest.raises(SubmissionError, match="more than 20 files"):
        collect_from(tmp_path / "a.tar", limits=Limits(listed=20))


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.XGLTYPE])
def test_a_header_that_claims_to_be_huge_is_not_read(tmp_path, collect_from, kind):
    header = special(kind)
    header.name, header.size = "x", 1 << 34
    (tmp_path / "a.tar").write_bytes(header.tobuf(tarfile.GNU_FORMAT) + PLAIN)
    with pytest.raises(SubmissionError):
        collect_from(tmp_path / "a.tar")


def test_a_member_that_is_cut_off_is_left_out(tmp_path, collect_from):
    data = tarred([*ORDINARY.items(), ("shapes/more.py", b"y" * 5000)])
    cut = data[: data.index(b"y" * 100) + 512]
    (tmp_path / "a.tar").write_bytes(cut)
    collected = collect_from(tmp_path / "a.tar")
    assert collected.files == tuple(sorted(ORDINARY))
    assert collected.notices == ("ignored: `shapes/more.py` is cut off in the archive.",)


def test_nothing_is_left_in_the_temporary_folder(tmp_path, monkeypatch):
    (tmp_path / "a.tgz").write_bytes(gzip.compress(PLAIN, mtime=0))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    collect(Submission("a", tmp_path / "a.tgz"), SHAPES, tmp_path / "into")
    assert list((tmp_path / "tmp").iterdir()) == []
