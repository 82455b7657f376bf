"""Make pages of the written answers that `grade` has kept, for the person who grades them.

make.py        makes all of them
markdown.py    renders a student's markdown as HTML that can do nothing
colours.py     keeps the colours of an answer as one of a few inks
formulas.py    converts LaTeX formulas to MathML, which browsers show without any script
answers.py     renders one answer: its cells, pictures and outputs, or its files
files.py       draws PDFs and pictures that answer an item, in a confined process
limited.py     renders in a process of its own, with limits
pages.py       makes the pages around the answers
pdf.py         prints pages as PDF, by Chromium or by pandoc and LaTeX
"""

from autograder.report.written.make import (
    WRITTEN_INDEX,
    WrittenMade,
    answers_in,
    make_written,
    print_written,
)

__all__ = ["WRITTEN_INDEX", "WrittenMade", "answers_in", "make_written", "print_written"]
