"""Notebooks and claims: found under the names that systems give them, never guessed between."""

from pathlib import Path

import pytest

from autograder.submission import Limits, SubmissionError
from autograder.submission.loose import original_name, resembles

from .conftest import ORDINARY, Collect, MakeFolder, MakeZip

REPORT = b'{"cells": []}'
BOOKS = ("report.ipynb",)
CLAIMS = ("claims/*.json", "claims/*.npz")


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_notebooks_and_claims_are_taken_beside_the_package(
    make_zip: MakeZip, make_folder: MakeFolder, collect_from: Collect, kind: str
) -> None:
    asked = {"report.ipynb": REPORT, "claims/r.json": b"{}", "claims/r.npz": b"PK", **ORDINARY}
    others = ["other.ipynb", "claims/r.pkl", "claims/deep/r.json", "r.json", "data/claims.npz"]
    contents = asked | dict.fromkeys(others, b"x")
    path = make_zip(contents) if kind == "zip" else make_folder(contents)
    collected = collect_from(path, "shapes/", notebooks=BOOKS, patterns=CLAIMS)
    assert collected.files == tuple(sorted(asked))
    assert collected.notices == ()
    assert (collected.root / "report.ipynb").read_bytes() == REPORT


def test_the_hash_covers_notebooks_and_claims(
    make_zip: MakeZip, collect_from: Collect, tmp_path: Path
) -> None:
    hashes = set()
    for number, (report, claim) in enumerate([(b"1", b"1"), (b"2", b"1"), (b"1", b"2")]):
        path = make_zip({"report.ipynb": report, "claims/r.json": claim}, f"{number}.zip")
        collected = collect_from(path, notebooks=BOOKS, patterns=CLAIMS[:1])
        hashes.add(collected.sha256)
        for file in collected.files:
            (collected.root / file).unlink()
        (collected.root / "claims").rmdir()
    assert len(hashes) == 3


@pytest.mark.parametrize("above", ["hw/", "anna lee/hw (1)/final/", "./"])
def test_all_of_it_may_lie_in_a_folder(
    make_zip: MakeZip, collect_from: Collect, above: str
) -> None:
    contents = {above + "report.ipynb": REPORT, above + "claims/r.json": b"{}"}
    collected = collect_from(make_zip(contents), notebooks=BOOKS, patterns=CLAIMS[:1])
    assert collected.files == ("claims/r.json", "report.ipynb")
    assert collected.notices == ()


COPIES = [
    "Report.ipynb",
    "REPORT.IPYNB",
    "report (1).ipynb",
    "report(12).ipynb",
    "Copy of report.ipynb",
    "Copy of Copy of Report.ipynb",
    "report-Copy1.ipynb",
    "report copy.ipynb",
    "report copy 2.ipynb",
    "report - Copy.ipynb",
    "report - Copy (2).ipynb",
    "report.ipynb.json",
    "report (1).ipynb.txt",
]


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_that_stands_alone_is_graded_with_a_notice(
    make_zip: MakeZip, collect_from: Collect, name: str
) -> None:
    path = make_zip({f"hw/{name}": REPORT, "hw/shapes/area.py": b""})
    collected = collect_from(path, "shapes/", notebooks=BOOKS)
    assert collected.files == ("report.ipynb", "shapes/area.py")
    assert collected.notices == (f"`hw/{name}` was graded as `report.ipynb`.",)


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_beside_its_original_is_left_out_and_named(
    make_zip: MakeZip, collect_from: Collect, name: str
) -> None:
    collected = collect_from(make_zip({name: b"old", "report.ipynb": REPORT}), notebooks=BOOKS)
    assert (collected.root / "report.ipynb").read_bytes() == REPORT
    assert collected.notices == (f"graded `report.ipynb`; ignored `{name}`.",)


@pytest.mark.parametrize(
    "name",
    ["my_report.ipynb", "report2.ipynb", "report_final.ipynb", "report.py", "photocopy.ipynb"],
)
def test_another_name_is_not_taken_for_a_copy(name: str) -> None:
    assert not resembles(name, "report.ipynb")
    assert original_name(name) == name


def test_names_may_differ_in_spaces_and_hyphens() -> None:
    assert resembles("Problem 4.ipynb", "problem_4.ipynb")
    assert resembles("problem-4 (1).ipynb", "problem_4.ipynb")
    assert not resembles("problem_44.ipynb", "problem_4.ipynb")


@pytest.mark.parametrize(
    "names",
    [
        ("report (1).ipynb", "report (2).ipynb"),
        ("Report.ipynb", "REPORT.ipynb"),
        ("old/report.ipynb", "new/report.ipynb"),
        ("report (1).ipynb", "old/report.ipynb"),
    ],
)
def test_between_two_notebooks_nobody_guesses(
    make_zip: MakeZip, collect_from: Collect, names: tuple[str, str]
) -> None:
    path = make_zip(ORDINARY | dict.fromkeys(names, REPORT))
    collected = collect_from(path, "shapes/", notebooks=BOOKS)
    assert collected.files == tuple(sorted(ORDINARY))
    (notice,) = collected.notices
    assert notice.startswith("It is not clear which file is `report.ipynb`: ")
    assert all(f"`{name}`" in notice for name in names)


def test_two_attempts_side_by_side_are_refused(make_zip: MakeZip, collect_from: Collect) -> None:
    contents = dict.fromkeys(("v1/a.ipynb", "v1/b.ipynb", "v2/a.ipynb", "v2/b.ipynb"), REPORT)
    with pytest.raises(SubmissionError) as refusal:
        collect_from(make_zip(contents), notebooks=("a.ipynb", "b.ipynb"))
    assert str(refusal.value) == (
        "The submission has `a.ipynb`, `b.ipynb` more than once, in `v1/` and in `v2/`. "
        "Submit only one of them."
    )


def test_notebooks_may_lie_apart_from_each_other_and_from_the_package(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    contents = ORDINARY | {"one/a.ipynb": REPORT, "two/b.ipynb": REPORT, "two/claims/r.json": b""}
    collected = collect_from(
        make_zip(contents), "shapes/", notebooks=("a.ipynb", "b.ipynb"), patterns=CLAIMS[:1]
    )
    assert {"a.ipynb", "b.ipynb", "claims/r.json"} < set(collected.files)
    assert collected.notices == (
        "`one/a.ipynb` was graded as `a.ipynb`.",
        "`two/b.ipynb` was graded as `b.ipynb`.",
    )


def test_the_place_with_the_notebooks_goes_before_a_stray_copy_of_the_package(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    work = {f"hw/{path}": content for path, content in ORDINARY.items()}
    stray = dict.fromkeys(ORDINARY, b"stray")
    path = make_zip(stray | work | {"hw/report.ipynb": REPORT})
    collected = collect_from(path, "shapes/", notebooks=BOOKS)
    assert (collected.root / "shapes/area.py").read_bytes() == ORDINARY["shapes/area.py"]
    assert collected.notices == ("graded the files in `hw/`; ignored the copy in the top folder.",)


def test_what_is_missing_costs_a_notice_only(make_zip: MakeZip, collect_from: Collect) -> None:
    collected = collect_from(make_zip(ORDINARY), "shapes/", notebooks=BOOKS, patterns=CLAIMS)
    assert collected.files == tuple(sorted(ORDINARY))
    assert collected.notices == (
        "The submission has no notebook `report.ipynb`.",
        "The submission has no file `claims/*.json`.",
        "The submission has no file `claims/*.npz`.",
    )


@pytest.mark.parametrize("path", ["report.ipynb", "claims/r.json"])
def test_one_file_is_enough(make_zip: MakeZip, collect_from: Collect, path: str) -> None:
    collected = collect_from(
        make_zip({path: REPORT}), "shapes/", notebooks=BOOKS, patterns=CLAIMS[:1]
    )
    assert collected.files == (path,)
    assert "The submission has no folder `shapes/`." in collected.notices


def test_where_nothing_is_there_all_of_it_is_named(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    with pytest.raises(SubmissionError) as refusal:
        collect_from(make_zip({"essay.pdf": b""}), "shapes/", notebooks=BOOKS)
    assert str(refusal.value) == (
        "The submission contains nothing that the assignment asks for: `shapes/`, `report.ipynb`."
    )


def test_claims_of_two_attempts_are_never_mixed(make_zip: MakeZip, collect_from: Collect) -> None:
    path = make_zip({"report.ipynb": REPORT, "a/claims/r.json": b"a", "b/claims/r.npz": b"b"})
    collected = collect_from(path, notebooks=BOOKS, patterns=CLAIMS)
    assert collected.files == ("report.ipynb",)
    assert "match files in several places (a, b), so none was collected" in collected.notices[0]


def test_claims_at_the_right_place_go_before_others(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    path = make_zip({"Claims/r.json": b"right", "a/claims/r.json": b"wrong"})
    collected = collect_from(path, patterns=CLAIMS[:1])
    assert (collected.root / "claims/r.json").read_bytes() == b"right"


def test_a_renamed_claim_gets_its_name_back_unless_two_claim_it(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    names = ["a (1).json", "b (1).json", "b (2).json", "c.json", "c (1).json"]
    collected = collect_from(
        make_zip({f"claims/{name}": b"{}" for name in names}), patterns=CLAIMS[:1]
    )
    assert collected.files == ("claims/a.json", "claims/c.json")
    assert collected.notices[0] == "`claims/a (1).json` was graded as `claims/a.json`."
    assert len(collected.notices) == 4


def test_what_editors_leave_behind_is_no_notebook(
    make_folder: MakeFolder, collect_from: Collect
) -> None:
    clutter = [".ipynb_checkpoints/report.ipynb", "__MACOSX/report.ipynb", "._report.ipynb"]
    folder = make_folder({"report.ipynb": REPORT} | dict.fromkeys(clutter, b"x"))
    collected = collect_from(folder, notebooks=BOOKS)
    assert (collected.files, collected.notices) == (BOOKS, ())


def test_a_link_is_no_notebook_and_no_claim(
    make_folder: MakeFolder, collect_from: Collect, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(b"secret")
    folder = make_folder({**ORDINARY, "claims/s.json": b"{}"})
    (folder / "report.ipynb").symlink_to(secret)
    (folder / "claims/r.json").symlink_to(secret)
    collected = collect_from(folder, "shapes/", notebooks=BOOKS, patterns=CLAIMS[:1])
    assert collected.files == ("claims/s.json", *sorted(ORDINARY))
    assert collected.notices == (
        "ignored: `report.ipynb` is a link.",
        "The submission has no notebook `report.ipynb`.",
        "ignored: `claims/r.json` is a link.",
    )


def test_a_folder_of_claims_that_is_a_link_is_not_entered(
    make_folder: MakeFolder, collect_from: Collect, tmp_path: Path
) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "r.json").write_bytes(b"secret")
    folder = make_folder(ORDINARY)
    (folder / "claims").symlink_to(tmp_path / "secrets")
    collected = collect_from(folder, "shapes/", patterns=CLAIMS[:1])
    assert collected.files == tuple(sorted(ORDINARY))


def test_a_notebook_that_is_a_folder_is_missing(
    make_folder: MakeFolder, collect_from: Collect
) -> None:
    folder = make_folder({**ORDINARY, "report.ipynb/report.txt": b""})
    collected = collect_from(folder, "shapes/", notebooks=BOOKS)
    assert collected.notices == ("The submission has no notebook `report.ipynb`.",)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_entries_with_one_name_the_last_is_graded(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    path = make_zip([("report.ipynb", b"old"), ("report.ipynb", REPORT)])
    collected = collect_from(path, notebooks=BOOKS)
    assert (collected.root / "report.ipynb").read_bytes() == REPORT
    assert collected.notices == ("`report.ipynb` occurs more than once; the last one was graded.",)


@pytest.mark.parametrize("name", ["../report.ipynb", "a/../report.ipynb", "/../report.ipynb"])
def test_a_notebook_outside_is_not_taken(
    make_zip: MakeZip, collect_from: Collect, name: str
) -> None:
    collected = collect_from(make_zip({**ORDINARY, name: REPORT}), "shapes/", notebooks=BOOKS)
    assert collected.files == tuple(sorted(ORDINARY))
    assert "points outside the submission" in collected.notices[0]


@pytest.mark.parametrize("path", ["report.ipynb", "claims/r.npz"])
def test_a_single_file_that_is_too_large_costs_itself_only(
    make_folder: MakeFolder, collect_from: Collect, path: str
) -> None:
    folder = make_folder({**ORDINARY, path: b""})
    with open(folder / path, "wb") as file:
        file.truncate(1 << 40)
    collected = collect_from(folder, "shapes/", notebooks=BOOKS, patterns=CLAIMS)
    assert collected.files == tuple(sorted(ORDINARY))
    assert f"ignored: `{path}` is larger than 100 MB." in collected.notices


def test_many_claims_that_are_too_large_are_refused_in_the_end(
    make_folder: MakeFolder, collect_from: Collect
) -> None:
    folder = make_folder({f"claims/{number}.npz": bytes(200_000) for number in range(9)})
    with pytest.raises(SubmissionError, match="larger than 1 MB"):
        collect_from(
            folder, patterns=CLAIMS, limits=Limits(file_bytes=150_000, total_bytes=1_000_000)
        )


def test_a_hundred_thousand_odd_names_take_little_time(
    make_zip: MakeZip, collect_from: Collect
) -> None:
    odd = {f"{' ' * 90}{number}{' copy' * 10}.ipynb": b"" for number in range(2_000)}
    collected = collect_from(make_zip(ORDINARY | odd), "shapes/", notebooks=BOOKS, patterns=CLAIMS)
    assert collected.files == tuple(sorted(ORDINARY))
