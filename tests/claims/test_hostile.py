"""Claims that are made to do harm, or broken by accident."""

import hashlib
import io
import json
import os
import random
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest

from autograder.claims import ClaimsError, load_claims

HEADER = "{{'descr': '{0}', 'fortran_order': False, 'shape': {1}, }}\n"


def npy(header, data=b""):
    text = header.encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


def zipped(entries, compression=zipfile.ZIP_STORED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return stream.getvalue()


def bomb(size=200 * 2**20):
    """200 MB of zeros in 200 kB."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("w.npy", "w") as entry,
    ):
        entry.write(npy(HEADER.format("<f4", f"({size // 4},)")))
        for _ in range(size // 2**20):
            entry.write(bytes(2**20))
    return stream.getvalue()


def lying_bomb():
    """The same, with a table of contents that says 100 bytes."""
    content = bytearray(bomb())
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", 100)
    return bytes(content)


def pickled():
    stream = io.BytesIO()
    np.savez(stream, w=np.array([print, {}], dtype=object))
    return stream.getvalue()


def structured():
    stream = io.BytesIO()
    np.savez(stream, w=np.zeros(3, dtype=[("a", "<f4"), ("b", "O")]))
    return stream.getvalue()


def locked():
    content = bytearray(zipped([("w.npy", npy(HEADER.format("<f4", "(1,)"), bytes(4)))]))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + offset] |= 1
    return bytes(content)


def array_of(dtype, shape, data=bytes(12)):
    return zipped([("w.npy", npy(HEADER.format(dtype, shape), data))])


GOOD = npy(HEADER.format("<f4", "(3,)"), bytes(12))
DEEP = "(" * 5000 + ")" * 5000

NPZ = {
    "empty": (b"", "damaged or is not an .npz"),
    "text": (b"weights", "damaged or is not an .npz"),
    "a pickle": (b"\x80\x04cos\nsystem\n(S'touch /tmp/harm'\ntR.", "damaged or is not an .npz"),
    "a lone array": (GOOD, "damaged or is not an .npz"),
    "cut off": (zipped([("w.npy", GOOD)])[:-30], "damaged or is not an .npz"),
    "a bomb": (bomb, "more than 64 MB of weights"),
    "a lying bomb": (lying_bomb, "damaged or is not an .npz"),
    "many bombs": (lambda: zipped([(f"{i}.npy", bytes(2**20)) for i in range(65)]), "64 MB"),
    "too many arrays": (zipped([(f"{i}.npy", GOOD) for i in range(201)]), "more than 200 arrays"),
    "very many entries": (
        lambda: zipped([(f"{i:0100}.npy", b"") for i in range(9000)]),
        "damaged or is not an .npz",
    ),
    "pickled objects": (pickled(), "'w' in claims/p4.npz is something else than an array of"),
    "objects in a structure": (structured(), "is something else than an array of"),
    "texts": (array_of("<U3", "(1,)"), "is something else than an array of"),
    "complex": (array_of("<c8", "(1,)"), "is something else than an array of"),
    "wider than any": (array_of("<f16", "(1,)"), "is something else than an array of"),
    "dates": (array_of("<M8[s]", "(1,)"), "is something else than an array of"),
    "a huge shape": (array_of("<f4", "(999999999, 999999999)"), "as its shape"),
    "a shape of gigabytes": (array_of("<f4", "(999999999,)"), "as its shape"),
    "a shape of negative lengths": (array_of("<f4", "(-3, -1)"), "is something else"),
    "seventeen axes": (array_of("<f4", "(" + "1, " * 17 + ")"), "is something else"),
    "a shape that is code": (array_of("<f4", "(__import__('os').getpid(),)"), "something else"),
    "a nested shape": (array_of("<f4", DEEP), "is something else"),
    "a shape of many short lengths": (
        array_of("<f4", "(" + "1" * 140 + "x)"),
        "is something else",
    ),
    "a shape of many digits": (array_of("<f4", "(" + "9" * 5000 + ",)"), "is something else"),
    "too little data": (array_of("<f4", "(4,)"), "does not hold as many numbers"),
    "too much data": (array_of("<f4", "(2,)"), "does not hold as many numbers"),
    "another version": (zipped([("w.npy", GOOD.replace(b"Y\x01", b"Y\x07"))]), "something else"),
    "an empty array file": (zipped([("w.npy", b"")]), "is something else"),
    "a script": (zipped([("run.sh", b"rm -rf /")]), "holds something else than arrays"),
    "an empty name": (zipped([(".npy", GOOD)]), "holds something else than arrays"),
    "a very long name": (zipped([("n" * 5000 + ".npy", GOOD)]), "something else than arrays"),
    "a locked zip": (locked(), "damaged or is not an .npz"),
    "another compression": (
        zipped([("w.npy", GOOD)], zipfile.ZIP_LZMA),
        "damaged or is not an .npz",
    ),
}


def replace_weights(folder, content):
    """Put other weights there, and let the numbers have been stated for them."""
    (folder / "claims" / "p4.npz").write_bytes(content)
    change_json(folder, weights_sha256=hashlib.sha256(content).hexdigest())


def change_json(folder, **changes):
    file = folder / "claims" / "p4.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


@pytest.mark.parametrize("kind", NPZ)
def test_hostile_weights_are_refused(saved, kind):
    content, words = NPZ[kind]
    replace_weights(saved, content() if callable(content) else content)
    tracemalloc.start()
    try:
        with pytest.raises(ClaimsError, match=words) as caught:
            load_claims(saved, "p4")
        assert tracemalloc.get_traced_memory()[1] < 100 * 2**20
    finally:
        tracemalloc.stop()
    assert len(str(caught.value)) < 300 and "\n" not in str(caught.value)


def test_a_good_array_in_the_same_clothes_is_read(saved):
    replace_weights(saved, zipped([("w.npy", GOOD)], zipfile.ZIP_DEFLATED))
    assert load_claims(saved, "p4")["weights"]["w"].tolist() == [0, 0, 0]


def test_two_arrays_of_one_name_are_refused(saved):
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = zipped([("w.npy", GOOD), ("w.npy", GOOD)])
    replace_weights(saved, content)
    with pytest.raises(ClaimsError, match="something else than arrays"):
        load_claims(saved, "p4")


def test_weights_that_are_a_very_large_file_are_not_read(saved):
    os.truncate(saved / "claims" / "p4.npz", 2**36)
    with pytest.raises(ClaimsError, match="more than 64 MB"):
        load_claims(saved, "p4")


def test_random_damage_never_raises_anything_else(saved):
    whole = (saved / "claims" / "p4.npz").read_bytes()
    rng = random.Random(1)
    for _ in range(600):
        content = bytearray(whole)
        for _ in range(rng.choice([1, 2, 8])):
            content[rng.randrange(len(content))] = rng.randrange(256)
        replace_weights(saved, bytes(content[: rng.choice([len(content), rng.randrange(600)])]))
        try:
            weights = load_claims(saved, "p4")["weights"]
        except ClaimsError:
            continue
        assert all(array.dtype.kind in "fiu" for array in weights.values())


DOCUMENTS = {
    "empty": ("", "is damaged or is not JSON"),
    "half": ('{"schema": "autograder.claims/1", "num', "is damaged or is not JSON"),
    "not text": (b"\xff\xfe\x00", "is damaged or is not JSON"),
    "a number": ("5", "'schema' is not 'autograder.claims/1'"),
    "a list": ("[]", "'schema' is not"),
    "another schema": ('{"schema": "autograder.grade/1"}', "'schema' is not"),
    "deep": ("[" * 100_000 + "]" * 100_000, "is damaged or is not JSON"),
    "rather deep": ("[" * 50 + "]" * 50, "lists in lists, more than 12 deep"),
    "many values": ("[" + "1," * 100_000 + "1]", "more than 40,000 values"),
    "a huge integer": ('{"schema": ' + "9" * 5000 + "}", "is damaged or is not JSON"),
    "a large integer": ('{"schema": ' + "9" * 40 + "}", "an integer of more than 64 bits"),
    "a long text": ('{"schema": "' + "x" * 50_000 + '"}', "a text of more than"),
    "large": ('"' + "x" * 5 * 2**20 + '"', "is larger than 4 MB"),
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_hostile_documents_are_refused(saved, kind):
    content, words = DOCUMENTS[kind]
    content = content if isinstance(content, bytes) else content.encode()
    (saved / "claims" / "p4.json").write_bytes(content)
    with pytest.raises(ClaimsError, match=words) as caught:
        load_claims(saved, "p4")
    assert len(str(caught.value)) < 300 and "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [None, 3, "text", [], [["accuracy", 1]], True])
@pytest.mark.parametrize("key", ["numbers", "data", "weights_sha256"])
def test_fields_of_another_type_are_refused(saved, key, value):
    if key == "weights_sha256" and value == "text":
        return  # the right type; other weights are a test of their own
    change_json(saved, **{key: value})
    with pytest.raises(ClaimsError, match=f"'{key}' is not"):
        load_claims(saved, "p4")


@pytest.mark.parametrize("key", ["name", "kind", "sha256"])
def test_data_that_are_not_named_are_refused(saved, key):
    data = {"name": "mnist", "kind": "real", "sha256": "00"}
    for value in (None, 5, ["mnist"], {}):
        change_json(saved, data=data | {key: value})
        with pytest.raises(ClaimsError, match=f"'{key}' is not a text"):
            load_claims(saved, "p4")


def test_nan_and_infinity_that_json_should_not_have_are_texts(saved):
    file = saved / "claims" / "p4.json"
    file.write_text(file.read_text().replace("86.3", "[NaN, Infinity, 1e999]"))
    assert load_claims(saved, "p4")["numbers"]["accuracy"] == ["nan", "inf", "inf"]


def test_weights_of_another_run_are_refused(saved):
    (saved / "claims" / "p4.npz").write_bytes(zipped([("w.npy", GOOD)]))
    with pytest.raises(ClaimsError, match=r"are not those that the numbers in .* stated for"):
        load_claims(saved, "p4")


@pytest.mark.parametrize("ending", ["json", "npz"])
def test_what_is_missing_has_not_been_done_yet(saved, ending):
    (saved / "claims" / f"p4.{ending}").unlink()
    with pytest.raises(
        NotImplementedError, match=rf"claims/p4\.{ending} is missing; running the whole notebook"
    ):
        load_claims(saved, "p4")


def test_where_nothing_was_saved_nothing_has_been_done_yet(tmp_path):
    for name in ("p4", "\0", "../../etc/passwd", "x" * 5000):
        with pytest.raises(NotImplementedError, match="is missing"):
            load_claims(tmp_path, name)


@pytest.mark.parametrize("ending", ["json", "npz"])
@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_what_is_no_plain_file_is_refused(saved, ending, kind):
    file = saved / "claims" / f"p4.{ending}"
    file.rename(saved / "away")
    {
        "folder": file.mkdir,
        "link": lambda: file.symlink_to(saved / "away"),
        "pipe": lambda: os.mkfifo(file),
    }[kind]()
    with pytest.raises(ClaimsError, match="is not a plain file"):
        load_claims(saved, "p4")
