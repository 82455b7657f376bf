"""Provide the command line: each command parses its options, calls the tool, and prints.

main.py           the group of commands, which are imported when they are run; shows errors
new.py list.py claims.py build.py audit.py grade.py gradebook.py report.py similar.py bundle.py
doctor.py         one command each
grade_class.py    `grade --from`: a class
class_summary.py  the summary at the end of a class run
progress.py       the progress bar on stderr
"""

from autograder.cli.main import main

__all__ = ["main"]
