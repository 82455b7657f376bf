"""Zips made to write elsewhere, to exhaust the machine or to confuse who reads them."""

import io
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from autograder.submission import Limits, Submission, SubmissionError, collect, content_hash

from .conftest import AREA, ORDINARY, SHAPES, Collect, MakeZip


def entry(name: str, kind: int = 0, **fields: int) -> zipfile.ZipInfo:
    """Return a header of that exact name, with a file type and other fields of its own."""
    info = zipfile.ZipInfo("x")
    info.filename = info.orig_filename = name
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = (kind | 0o777) << 16
    for field, value in fields.items():
        setattr(info, field, value)
    return info


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../evil.py", "points outside the submission"),
        ("shapes/../../evil.py", "points outside the submission"),
        ("..\\evil.py", "points outside the submission"),
        ("shapes/" + "a" * 201, "has a name longer than 200 bytes"),
        ("shapes/" + f"{'a' * 150}/" * 3 + "a.py", "has a path longer than 400 bytes"),
        ("shapes/" + "a/" * 21 + "a.py", "is more than 20 folders deep"),
        ("shapes/tab\there.py", "has a character in its name that cannot be shown"),
        ("shapes/\x9b2Jred.py", "has a character in its name that cannot be shown"),
        ("shapes/\u202eyp.live.py", "has a character in its name that cannot be shown"),
        ("shapes/\x1b[2Jred.py", "has a character in its name that cannot be shown"),
        ("shapes/fast.so", "is compiled code; submit its source"),
        ("shapes/fast.cp311-win_amd64.PYD", "is compiled code; submit its source"),
    ],
)
def test_an_entry_of_a_harmful_name_is_left_out(
    make_zip: MakeZip, collect_from: Collect, name: str, reason: str
) -> None:
    collected = collect_from(make_zip([*ORDINARY.items(), (entry(name), b"evil")]))
    assert collected.files == tuple(sorted(ORDINARY))
    (notice,) = collected.notices
    assert notice.startswith("ignored: `")
    assert notice.endswith(f"` {reason}.")
    assert notice.isprintable()


def test_a_name_with_a_nul_is_left_out_and_not_cut(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    path = make_zip([*ORDINARY.items(), (entry("shapes/evil.py#.txt"), b"evil")])
    path.write_bytes(path.read_bytes().replace(b"evil.py#", b"evil.py\0"))
    collected = collect_from(path)
    assert collected.files == tuple(sorted(ORDINARY))
    assert collected.notices == (
        r"ignored: `shapes/evil.py\x00.txt` has a character in its name that cannot be shown.",
    )


def test_backslashes_of_windows_tools_are_read_as_slashes(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    pairs = [(entry(path.replace("/", "\\")), content) for path, content in ORDINARY.items()]
    assert collect_from(make_zip(pairs)).files == tuple(sorted(ORDINARY))


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (stat.S_IFLNK, "is a link"),
        (stat.S_IFIFO, "is not a plain file"),
        (stat.S_IFCHR, "is not a plain file"),
        (stat.S_IFBLK, "is not a plain file"),
        (stat.S_IFSOCK, "is not a plain file"),
        (stat.S_IFDIR, "is not a plain file"),
    ],
)
def test_an_entry_that_is_no_plain_file_is_left_out(
    make_zip: MakeZip, collect_from: Collect, kind: int, reason: str
) -> None:
    special = entry("shapes/special.py", kind)
    collected = collect_from(make_zip([*ORDINARY.items(), (special, b"/etc/passwd")]))
    assert collected.files == tuple(sorted(ORDINARY))
    assert collected.notices == (f"ignored: `shapes/special.py` {reason}.",)


def test_a_link_that_a_later_entry_writes_through_is_left_out(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    pairs = [(entry("shapes", stat.S_IFLNK), b"/tmp"), *ORDINARY.items()]
    assert collect_from(make_zip(pairs)).files == tuple(sorted(ORDINARY))


def test_a_package_that_is_a_link_is_no_package(make_zip: MakeZip, collect_from: Collect) -> None:
    with pytest.raises(SubmissionError) as refusal:
        collect_from(make_zip([(entry("shapes", stat.S_IFLNK), b"/root")]))
    assert "The submission has no folder `shapes/`: `shapes` is a link." in str(refusal.value)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_duplicate_names_the_last_is_graded_as_unzip_would(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    collected = collect_from(make_zip([*ORDINARY.items(), ("shapes/area.py", b"later")]))
    assert (collected.root / "shapes/area.py").read_bytes() == b"later"
    assert collected.notices == (
        "`shapes/area.py` occurs more than once; the last one was graded.",
    )


@pytest.mark.parametrize("twin", ["shapes/AREA.py", "shapes/Area.py"])
def test_of_names_equal_but_for_case_one_is_graded(
    make_zip: MakeZip, collect_from: Collect, twin: str
) -> None:
    collected = collect_from(make_zip([(twin, b"twin"), *ORDINARY.items()]))
    assert collected.files == tuple(sorted(ORDINARY))
    assert collected.notices == (f"ignored: `{twin}` differs from `shapes/area.py` only by case.",)


@pytest.mark.parametrize("path", ["shapes/area.py/inner.py", "shapes/Area.PY/a/b.py"])
def test_a_path_that_is_both_file_and_folder_is_the_file(
    make_zip: MakeZip, collect_from: Collect, path: str
) -> None:
    collected = collect_from(make_zip({path: b"x", **ORDINARY}))
    assert collected.files == tuple(sorted(ORDINARY))
    assert collected.notices == (f"ignored: `{path}` is in a folder whose name is also a file's.",)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"",
            "The submitted file is empty. Create the zip again and check it before you upload it.",
        ),
        (b"print('hello')\n", "The submitted file is not a zip. Submit a zip."),
        (b"\0" * 5000, "The submitted file is not a zip. Submit a zip."),
        (b"Rar!\x1a\x07\x01\0", "The submitted file is a RAR archive, not a zip. Submit a zip."),
        (b"7z\xbc\xaf\x27\x1c\0", "The submitted file is a 7z archive, not a zip. Submit a zip."),
        (
            b"\x1f\x8b\x08\0\0",
            "The archive is damaged or was cut off. Create it again and upload it again.",
        ),
    ],
)
def test_a_file_that_is_no_zip_is_named_for_what_it_is(
    tmp_path: Path, collect_from: Collect, content: bytes, sentence: str
) -> None:
    path = tmp_path / "anna.zip"
    path.write_bytes(content)
    with pytest.raises(SubmissionError) as refusal:
        collect_from(path)
    assert str(refusal.value) == sentence


def test_a_zip_without_entries_is_empty(make_zip: MakeZip, collect_from: Collect) -> None:
    with pytest.raises(SubmissionError, match="The zip is empty"):
        collect_from(make_zip({}))


def test_a_zip_cut_anywhere_is_damaged_and_never_a_traceback(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    path = make_zip(ORDINARY)
    whole = path.read_bytes()
    for length in range(4, len(whole) - 1, 7):
        path.write_bytes(whole[:length])
        with pytest.raises(SubmissionError, match="damaged or was cut off"):
            collect_from(path)


def test_a_zip_with_a_changed_byte_is_collected_or_refused(
    make_zip: MakeZip, tmp_path: Path
) -> None:
    path = make_zip(ORDINARY)
    whole = path.read_bytes()
    refusals = set()
    for position, byte in enumerate(whole):
        path.write_bytes(whole[:position] + bytes([byte ^ 0xFF]) + whole[position + 1 :])
        try:
            collect(Submission("a", path), SHAPES, tmp_path / f"into{position}")
        except SubmissionError as refusal:
            refusals.add(str(refusal))
    assert "The zip is damaged or was cut off. Create it again and upload it again." in refusals
    assert all(refusal.endswith(".") for refusal in refusals)


def test_a_damaged_file_costs_that_file_only(make_zip: MakeZip, collect_from: Collect) -> None:
    content = bytes(range(256)) * 4
    path = make_zip([*ORDINARY.items(), (entry("shapes/data.bin", compress_type=0), content)])
    path.write_bytes(path.read_bytes().replace(content, content[:-1] + b"!"))
    collected = collect_from(path)
    assert collected.files == tuple(sorted(ORDINARY))
    assert collected.notices == ("ignored: `shapes/data.bin` is damaged in the zip.",)


def test_a_zip_with_a_password_is_refused(make_zip: MakeZip, collect_from: Collect) -> None:
    path = make_zip({"shapes/area.py": AREA})
    path.write_bytes(_set_header_field(path.read_bytes(), local=6, central=8, value=1))
    with pytest.raises(SubmissionError, match="is locked with a password"):
        collect_from(path)


@pytest.mark.parametrize("method", [9, 12, 14, 93, 99, 65535])
def test_an_unusual_compression_is_refused(
    make_zip: MakeZip, collect_from: Collect, method: int
) -> None:
    path = make_zip({"shapes/area.py": AREA})
    path.write_bytes(_set_header_field(path.read_bytes(), local=8, central=10, value=method))
    with pytest.raises(SubmissionError, match="compressed with a method that only some"):
        collect_from(path)


@pytest.mark.parametrize("stated", [0, 1, 2**31, 2**32 - 2])
def test_a_size_that_lies_damages_the_file(
    make_zip: MakeZip, collect_from: Collect, stated: int
) -> None:
    path = make_zip({"shapes/area.py": AREA})
    raw = bytearray(path.read_bytes())
    struct.pack_into("<I", raw, 22, stated)
    struct.pack_into("<I", raw, raw.index(b"PK\x01\x02") + 24, stated)
    path.write_bytes(raw)
    with pytest.raises(SubmissionError, match="is damaged in the zip"):
        collect_from(path)


def test_too_many_files_are_refused(make_zip: MakeZip, collect_from: Collect) -> None:
    contents = {f"shapes/m{number}.py": b"" for number in range(2_001)}
    with pytest.raises(SubmissionError, match="more than 2,000 files in `shapes/`"):
        collect_from(make_zip(contents))


def test_many_files_that_nobody_asked_for_do_no_harm(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    contents = {f"env/lib/m{number}.py": b"" for number in range(5_000)}
    assert collect_from(make_zip(ORDINARY | contents)).files == tuple(sorted(ORDINARY))


def test_a_table_of_contents_of_millions_is_refused_before_it_is_read(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    path = make_zip(ORDINARY | {f"env/{number}": b"" for number in range(2_000)})
    with pytest.raises(SubmissionError, match="far too many entries"):
        collect_from(path, limits=Limits(index_bytes=70_000))
    with pytest.raises(SubmissionError, match="more than 1,000 files"):
        collect_from(path, limits=Limits(listed=1_000))


def test_a_submission_that_is_too_large_is_refused(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    path = make_zip({**ORDINARY, "shapes/weights.bin": bytes(3_000_000)})
    with pytest.raises(SubmissionError, match="larger than 2 MB"):
        collect_from(path, limits=Limits(total_bytes=2_000_000))


def test_a_bomb_is_refused_after_ten_megabytes(make_zip: MakeZip, collect_from: Collect) -> None:
    path = make_zip({**ORDINARY, "shapes/bomb.py": bytes(30_000_000)})
    with pytest.raises(SubmissionError, match="unpacks to more than 100 times its size"):
        collect_from(path)


def test_a_bomb_that_nobody_asked_for_is_not_even_opened(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    path = make_zip({**ORDINARY, "bomb.bin": bytes(30_000_000)})
    assert collect_from(path).files == tuple(sorted(ORDINARY))


def test_overlapping_entries_are_refused_or_left_out(tmp_path: Path, collect_from: Collect) -> None:
    """A thousand entries share one compressed megabyte: 20 GB for 20 kB."""
    path = tmp_path / "anna.zip"
    path.write_bytes(_overlapping(entries=1_000, size=20_000_000))
    with pytest.raises(SubmissionError, match=r"times its size|damaged"):
        collect_from(path)


def test_zips_inside_are_not_opened(make_zip: MakeZip, collect_from: Collect) -> None:
    inner = make_zip({"../evil.py": b""}, "inner.zip").read_bytes()
    collected = collect_from(make_zip({**ORDINARY, "inner.zip": inner, "env/inner.zip": inner}))
    assert collected.files == tuple(sorted(ORDINARY))


def _set_header_field(raw: bytes, *, local: int, central: int, value: int) -> bytes:
    changed = bytearray(raw)
    struct.pack_into("<H", changed, local, value)
    struct.pack_into("<H", changed, raw.index(b"PK\x01\x02") + central, value)
    return bytes(changed)


def _overlapping(entries: int, size: int) -> bytes:
    """Return a zip whose table of contents lists the same bytes again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = bytes(size)
    packed = packer.compress(content) + packer.flush()
    name = b"shapes/a.py"
    common = struct.pack(
        "<HHHHHIIIHH", 20, 0, 8, 0, 33, zlib.crc32(content), len(packed), size, len(name), 0
    )
    out = io.BytesIO()
    out.write(b"PK\x03\x04" + common + name + packed)
    start = out.tell()
    for number in range(entries):
        path = b"shapes/%d.py" % number if number else name
        head = common[:-4] + struct.pack("<HH", len(path), 0)
        out.write(b"PK\x01\x02" + b"\x14\0" + head + struct.pack("<HHHII", 0, 0, 0, 0, 0) + path)
    length = out.tell() - start
    out.write(b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, entries, entries, length, start, 0))
    return out.getvalue()


def test_entries_that_cannot_be_read_tell_nothing_past_the_hash(
    make_zip: MakeZip, tmp_path: Path
) -> None:
    """Who hands in again would keep the inputs, and bring their answers in names of folders."""
    whole = make_zip(ORDINARY, "whole.zip")
    again = make_zip({**ORDINARY, "shapes/answer_42/a.py": b"x = 1\n" * 50}, "again.zip")
    data = bytearray(again.read_bytes())
    with zipfile.ZipFile(again) as file:
        header = file.getinfo("shapes/answer_42/a.py")
        data[data.index(struct.pack("<L", header.CRC), header.header_offset)] ^= 1  # local header
        data[data.rindex(struct.pack("<L", header.CRC))] ^= 1  # table of contents
    again.write_bytes(data)
    collected = collect(Submission("a", again), SHAPES, tmp_path / "into")
    assert any("answer_42" in notice for notice in collected.notices)
    assert not (tmp_path / "into/shapes/answer_42").exists()
    hashes = {content_hash(Submission("a", one), SHAPES) for one in (whole, again)}
    assert len(hashes) == 2
    assert collected.sha256 in hashes
