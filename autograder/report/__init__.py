"""Make the pages that people read after grading: static HTML without scripts.

make.py        makes all pages: what `autograder report DIR` does
written/       the written answers, for the people who grade them
student/       a page for each student: points, and why some are missing
whole_class/   a page for instructors: the class, its items, frequent mistakes
templates.py   the frame of pages: escaping, and what a browser may load
messages.py    splits the judge's messages into parts for a page
"""

from autograder.report.make import KINDS, Made, Wishes, make_report

__all__ = ["KINDS", "Made", "Wishes", "make_report"]
