"""Make pages of the written answers that `grade` has kept, for the person who grades them.

make.py        all of them
markdown.py    a student's markdown as HTML that can do nothing
formulas.py    LaTeX formulas as MathML, which browsers show without any script
answers.py     one answer: its cells, pictures and outputs
limited.py     rendering in a process of its own, with limits
pages.py       the pages around the answers
pdf.py         pages as PDF, by Chromium or by pandoc and LaTeX
"""

from autograder.report.written.make import (
    WRITTEN_INDEX,
    WrittenMade,
    answers_in,
    make_written,
    print_written,
)

__all__ = ["WRITTEN_INDEX", "WrittenMade", "answers_in", "make_written", "print_written"]
