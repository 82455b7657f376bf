"""A page for each student: points by problem, and for each item that is not full, why.

It is made to be handed out, so it has what a student may read and nothing else: `student_message`s,
titles of public tests, no times, and of items that stay hidden not even that they exist.
"""

from autograder.report.student.page import Figure, student_page

__all__ = ["Figure", "student_page"]
