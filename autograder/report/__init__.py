"""Make the pages that people read after grading, all of them static HTML without a script.

make.py        all of it: what `autograder report DIR` does
written/       pages of the written answers, for whoever grades them
student/       a page for each student: points, and why some are missing
whole_class/   a page for instructors: the class, its items, what went wrong
templates.py   the frame of pages: escaping, what a browser may load
messages.py    what the judge has said, taken apart
"""

from autograder.report.make import KINDS, Made, Wishes, make_report

__all__ = ["KINDS", "Made", "Wishes", "make_report"]
