"""Make the release: what students get, from one annotated source, proved free of leaks.

    build.py            plans a release: every file, as bytes
      folder.py         writes it, or compares it with the committed one
    sources.py          reads everything in solutions/<id>/
      comments.py       distinguishes markers from other comments and from near misses
      markers.py        finds and pairs marker lines
      blocks.py         finds statements, lines and comments
      regions.py        parses an annotated module: regions are whole statements
      stub.py           makes the student's and the complete text of a module
    notebook_sources.py reads notebooks that are written as text
      cells.py          splits the text into cells; magics.py refuses magics in it
      notebook_files.py makes the .ipynb files
    documents.py        files written by the tool: README, test set-up, the tool itself
      tool_file.py      the tool as one zip from which Python imports
      hand_in_script.py the text of hand_in.py
      otter_tests.py    otter's checks, which run the public tests
    otter_bundle.py     makes zips for otter

The leak scan:

    leaks.py            searches a finished release for what only the instructor may have
      secret_lines.py   lines of solutions, model answers and hidden tests
      binary_files.py   searches files that are not text, also inside archives
      renamed.py        searches for code of solutions under other names
        fragments.py    cuts solutions into fragments
        trees.py        represents programs as trees; formulas.py orders sums and products
        ordinary.py     knows what every training loop contains
        normal_form.py  brings two ways to write one formula into the same form
        matching.py     compares fragments with code
        prose.py        finds code in text: comments, docstrings, Markdown
      waivers.py        reads leaks.toml: code that ships on purpose
"""

from autograder.release.build import (
    build_into,
    leaks_in,
    plan_release,
    solution_files,
    solution_module,
)
from autograder.release.folder import Difference, Written, compare_release, write_release

__all__ = [
    "Difference",
    "Written",
    "build_into",
    "compare_release",
    "leaks_in",
    "plan_release",
    "solution_files",
    "solution_module",
    "write_release",
]
