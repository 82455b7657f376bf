"""The part of the grader that runs on a student's machine; the checks in tests/ use it.
It is generated: whatever is changed here has no effect on grading."""
