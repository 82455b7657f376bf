"""List pairs of submissions that are suspiciously alike, for an instructor to read.

code.py      the code that students have written, from modules and notebooks
compare.py   what two submissions share beyond the released stub and what most share
page.py      the page, with the passages next to each other
caveats.py   what the list does not prove
"""

from autograder.similarity.caveats import CAVEATS
from autograder.similarity.code import Code, code_of, stub_of
from autograder.similarity.compare import Pair, Passage, alike
from autograder.similarity.page import similar_page

__all__ = ["CAVEATS", "Code", "Pair", "Passage", "alike", "code_of", "similar_page", "stub_of"]
