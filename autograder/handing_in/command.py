"""`python hand_in.py`: check what is there, print what was found, write the zip.

The exit code is 0 if a zip was written, regardless of what was found.
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from autograder.handing_in import claims, imports, notebooks
from autograder.handing_in.answers import find_answers
from autograder.handing_in.archive import RECEIPT, write_submission
from autograder.handing_in.asked import RequiredFiles, Unusable, find_files, read_asked
from autograder.handing_in.machine_paths import machine_paths
from autograder.handing_in.own import complaints, find_own
from autograder.handing_in.public_checks import run_checks

_SHOWN = 5
"""The most paths, of one file or of one kind, that a message names."""


def main(folder: Path, arguments: list[str]) -> int:
    """Make the zip of the release in `folder`, and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # some consoles support few characters
            stream.reconfigure(errors="replace")
    words = _parser().parse_args(arguments)
    try:
        asked = read_asked(folder)
        print(f"{asked.id}: {asked.title}\n\nLooking at your files ...", flush=True)
        files, warnings = find_files(asked, folder)
        if not files:
            raise Unusable(f"{folder} contains none of the files that the assignment asks for.")
        own, words_on_own = find_own(folder, files)
        if own:
            print(f"Also included, because your work refers to it: {_some(own)}")
        files = dict(sorted({**own, **files}.items()))
        warnings += words_on_own + look_over(asked, files, folder)
        _tell(warnings)
        if not words.no_checks:
            warnings += _check(folder, words.seconds)
        target = words.out or folder / "submission.zip"
        write_submission(asked.id, files, target)
    except Unusable as reason:
        print(f"\nNo zip was written. {reason}", file=sys.stderr)
        return 1
    total = target.stat().st_size / 1e6
    print(f"\n{target.name} is written: {len(files)} files, {total:.1f} MB")
    print(f"{RECEIPT}, in the zip and next to it, lists them with their SHA-256. Keep it.")
    if warnings:
        print(f"You can hand it in, but read the {len(warnings)} warnings (!) above first.")
    return 0


def look_over(asked: RequiredFiles, files: dict[str, Path], folder: Path) -> list[str]:
    """Return what is wrong with the files, one sentence each."""
    warnings: list[str] = []
    for path, file in files.items():
        if path in asked.notebooks:
            try:
                cells = notebooks.read_notebook(file.read_bytes())
            except notebooks.NotebookError as error:
                warnings.append(f"{path} {error}")
                continue
            warnings += _about_notebook(path, cells, asked.written.get(path, []))
            warnings += complaints(path, cells, files.keys())
            warnings += imports.missing_in_notebook(asked, path, cells, folder)
            warnings += claims.complaints(path, cells, folder)
        elif path.endswith(".py"):
            source = file.read_bytes().decode("utf-8", "replace")
            warnings += imports.missing_in_module(asked, path, source, folder)
            found = machine_paths(source)
            warnings += _about_paths([(f"{path}:{line}", where) for line, where in found])
    return warnings


def _about_notebook(
    path: str, cells: list[notebooks.NotebookCell], written: list[str]
) -> list[str]:
    warnings = [f"{path} {words}" for words in notebooks.complaints(cells)]
    for answer in find_answers(cells, written):
        if answer.status == "not found":
            warnings.append(f"{path} lacks the cell for the answer to {answer.item}")
        elif answer.status != "answered":
            warnings.append(f"{path}: the answer to {answer.item} is not written yet")
    places = [
        (f"{path}, {cell.shown}", where)
        for cell in cells
        if cell.kind == "code"
        for _, where in machine_paths(cell.source)
    ]
    return warnings + _about_paths(places)


def _about_paths(places: list[tuple[str, str]]) -> list[str]:
    warnings = [
        f"{place}: {path} exists on one machine only; use a path relative to the assignment"
        for place, path in places[:_SHOWN]
    ]
    more = len(places) - _SHOWN
    return warnings + ([f"... and {more} more such paths"] if more > 0 else [])


def _check(folder: Path, seconds: float) -> list[str]:
    print(
        f"Running the public checks, for at most {seconds:g} seconds (--no-checks leaves them "
        "out) ...",
        flush=True,
    )
    passed, words = run_checks(folder, seconds)
    if passed:
        print(f"  {words}")
        return []
    _tell([words])
    return [words]


def _some(paths: Iterable[str]) -> str:
    shown = list(paths)
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more


def _tell(warnings: list[str]) -> None:
    for warning in warnings:
        print(f"  ! {warning}")
    if not warnings:
        print("  no warnings")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hand_in.py", description="Check your work and write submission.zip."
    )
    parser.add_argument("--no-checks", action="store_true", help="do not run the public checks")
    parser.add_argument(
        "--seconds", type=float, default=600, help="time that the checks may take [%(default)s]"
    )
    parser.add_argument("--out", type=Path, help="where the zip goes [submission.zip]")
    return parser
