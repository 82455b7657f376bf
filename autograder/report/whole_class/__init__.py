"""Make a page for instructors: the class, its items, and what went wrong.

page.py        what the page shows
scores.py      how the points are distributed
items.py       how difficult each item is, how well it distinguishes students, its time
mistakes.py    what went wrong most often, by the hints that were given
refused.py     what the sandbox refused, as far as records show it
attention.py   what a person has to look at
plots.py       the pictures
"""

from autograder.report.whole_class.page import Links, class_page

__all__ = ["Links", "class_page"]
