"""Make a page for each student: points by problem, and for each item that is not full, why.

The page is made to be handed out, so it contains what a student may read and nothing else:
`student_message`s and titles of public tests. It has no times, and of items that stay hidden it
does not even show that they exist.
"""

from autograder.report.student.page import Figure, student_page

__all__ = ["Figure", "student_page"]
