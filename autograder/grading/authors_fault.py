"""Judge: decide whether an exception in the rubric's own lines can come from a student's value.

`dW, db = student.f()` fails because of what the student returned, `rng.norml()` because of what the
author wrote. The traceback says which part of a line has failed. If no name in it may hold
something that has come from the fixture `student`, the author is to blame (student_values.py).

Where the source does not show it, the student's value counts as the cause. Then the complete
solution, which the audit grades, shows an author's mistake.
"""

import linecache
from pathlib import Path
from types import CodeType, TracebackType

from autograder.grading.student_values import Range, read_module
from autograder.rubric.check import Check


def can_come_from_student(error: BaseException, rubric: Path) -> bool:
    """Return whether a student's value can have caused an exception.

    Args:
        error: what was raised in a test.
        rubric: the folder of the rubric's tests.
    """
    if isinstance(error, AttributeError) and isinstance(error.obj, Check):
        return False  # `check(...)` is the tool's
    # The innermost lines first: a helper's argument has come from the line that called it.
    for code, place in reversed(_places(error.__traceback__, rubric)):
        text = "".join(linecache.getlines(code.co_filename))
        module = read_module(text)
        if module is None:
            return True
        answer = module.may_hold_student_value(code.co_firstlineno, place)
        if answer is not None:
            return answer
    return True


def _places(trace: TracebackType | None, rubric: Path) -> list[tuple[CodeType, Range]]:
    """Return the rubric's frames: their code, and the range of the expression that has failed."""
    found = []
    while trace is not None:
        code = trace.tb_frame.f_code
        if Path(code.co_filename).is_relative_to(rubric):
            positions = list(code.co_positions())
            line, end_line, column, end = positions[trace.tb_lasti // 2]
            place = (trace.tb_lineno, 0, trace.tb_lineno, 2**31)
            if line is not None and end_line is not None and column is not None and end is not None:
                place = (line, column, end_line, end)
            found.append((code, place))
        trace = trace.tb_next
    return found
