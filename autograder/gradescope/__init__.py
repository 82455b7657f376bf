"""Gradescope: the zip that is uploaded there, and what runs of it for each submission.

`autograder bundle` makes the zip on an instructor's machine (`bundle.py`). Gradescope runs its
`setup.sh` once, which ends in `install.py`, and its `run_autograder` for each submission, which is
`run.py`.
"""
