"""Make the code that the tests of students are run on: right implementations, planted mistakes.

    changes.py          makes one change to the complete solution; the audit's catalogue uses it too
      cells.py          the cells of a notebook as text
    entries.py          reads assignment/<id>/planted/<item>.toml
    implementations.py  makes the implementations from the solution and the entries
    disguise.py         compiles an implementation so that its form says nothing about its origin

Nothing of it ships to students: the leak scan searches a release for the lines of these files.
"""

from autograder.planted.implementations import (
    Implementation,
    PlantedCode,
    PlantedMistake,
    load_planted,
    most_runs,
)

__all__ = ["Implementation", "PlantedCode", "PlantedMistake", "load_planted", "most_runs"]
