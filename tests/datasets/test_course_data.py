"""A course's own data is read as it was declared, or refused in words."""

import hashlib
import io

import numpy as np
import pytest

from autograder.datasets import CourseFiles, DatasetError
from autograder.datasets.course_data import (
    read_course_data,
    read_table,
    small_table,
    write_table,
)

CSV = b"width,kind,count\n1.5,oak,3\n2.5,ash,4\n"


def sha256(content):
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def leaves(tmp_path):
    (tmp_path / "train.csv").write_bytes(CSV)
    return CourseFiles("leaves", {"train": "train.csv"}, {"train": sha256(CSV)})


def npz(**arrays):
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def test_columns_are_numbers_or_texts(tmp_path, leaves):
    train = read_course_data(leaves, [tmp_path]).train
    assert train["width"].tolist() == [1.5, 2.5] and train["count"].dtype == np.int64
    assert train["kind"].tolist() == ["oak", "ash"]


def test_line_ends_of_another_system_do_not_matter(tmp_path, leaves):
    (tmp_path / "train.csv").write_bytes(CSV.replace(b"\n", b"\r\n"))
    assert read_course_data(leaves, [tmp_path]).train["count"].tolist() == [3, 4]


def test_a_changed_file_is_refused(tmp_path, leaves):
    (tmp_path / "train.csv").write_bytes(CSV.replace(b"oak", b"elm"))
    with pytest.raises(DatasetError, match="is not the file whose sha256"):
        read_course_data(leaves, [tmp_path])


def test_a_missing_split_is_an_error_where_it_is_asked_for(tmp_path, leaves):
    about = CourseFiles(
        "leaves", {**leaves.files, "test": "test.csv"}, {**leaves.sha256, "test": "00"}
    )
    with pytest.raises(DatasetError, match=r"test\.csv of the dataset 'leaves' is missing"):
        read_course_data(about, [tmp_path])
    found = read_course_data(about, [tmp_path], partial=True)
    assert len(found.train["kind"]) == 2
    with pytest.raises(DatasetError, match="has no test split here"):
        _ = found.test


def test_an_address_is_answered_from_the_given_folder(given, tmp_path):
    content = npz(x=np.arange(3))
    (given / "stars.npz").write_bytes(content)
    about = CourseFiles("stars", {"train": "https://example.org/stars.npz"},
                        {"train": sha256(content)})  # fmt: skip
    assert read_course_data(about, []).train["x"].tolist() == [0, 1, 2]
    (given / "stars.npz").write_bytes(content + b"x")
    with pytest.raises(DatasetError, match=r"put it into the folder AUTOGRADER_DATA as stars\.npz"):
        read_course_data(about, [])


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "a.csv"),
        (b"a,b\n1\n", "a.csv"),
        (b"a,a\n1,2\n", "a.csv"),
        (b"a,b\n", "a.csv"),
        (b"\xff\xfe\x00", "a.csv"),
        (b"", "a.npz"),
        (b"a,b\n1,2\n", "a.npz"),
        (npz(x=np.arange(3), y=np.arange(4)), "a.npz"),
        (npz(x=np.array(3)), "a.npz"),
        (npz(x=np.array([print, {}], dtype=object)), "a.npz"),
        (npz(), "a.npz"),
        (npz(x=np.arange(3))[:40], "a.npz"),
    ],
)
def test_files_that_are_no_tables_are_refused_in_words(content, place):
    with pytest.raises(DatasetError, match=r"^a\.\w+ (cannot be read|needs arrays)") as caught:
        read_table(content, place)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("place", ["a.csv", "a.npz"])
def test_what_is_written_is_read(place):
    table = {"x": np.array([1.25, 1e-9]), "n": np.array([3, 4]), "word": np.array(["a,b", "ä"])}
    read = read_table(write_table(table, place), place)
    assert {name: array.tolist() for name, array in read.items()} == {
        name: array.tolist() for name, array in table.items()
    }
    assert write_table(table, place) == write_table(table, place)


def test_classes_keep_their_shares_in_small_data():
    table = {"kind": np.repeat(["oak", "ash"], [75, 25]), "x": np.arange(100)}
    small = small_table(table, 20, "kind", seed=1)
    assert sorted(small["kind"].tolist()).count("oak") == 15
    assert len(set(small["x"].tolist())) == 20
    np.testing.assert_array_equal(np.where(small["x"] < 75, "oak", "ash"), small["kind"])
    assert small_table(table, 20, "", seed=2)["x"].tolist() != small["x"].tolist()
    assert len(small_table(table, 500, "", seed=2)["x"]) == 100
