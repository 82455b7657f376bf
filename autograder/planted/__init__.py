"""Change the complete solution: known mistakes, and the code that students' tests are run on.

    changes.py     makes one change to the files of the solution; the audit's catalogue uses it too
      cells.py     the cells of a notebook as text
    entries.py     reads assignment/<id>/planted/<item>.toml: right implementations and mistakes
    disguise.py    compiles an implementation so that its form says nothing about its origin

Nothing of it ships to students: the leak scan searches a release for the code in these entries.
"""

from autograder.planted.entries import PlantedEntry, planted_file, planted_texts, read_entries

__all__ = ["PlantedEntry", "planted_file", "planted_texts", "read_entries"]
