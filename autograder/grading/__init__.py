"""Judge a submission: run the rubric here, and the student's code in a worker.

benches.py  one clean worker per rubric item, with the item's deadline
verdict.py  what an outcome means: for the record, for the instructor, for the student
judge.py    runs the rubric's pytest files over one submission
session.py  opens a run: sandbox, seeds, configuration; every way to grade begins here
judge_pool.py   grades many submissions, several at a time, by judge processes
judge_process.py   what runs in a judge process; task.py is what it gets, events.py what it reports
"""
