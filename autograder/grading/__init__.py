"""Judge a submission: run the rubric here, and the student's code in a worker.

benches.py  one clean worker per rubric item, with the item's deadline
verdict.py  what an outcome means: for the record, for the instructor, for the student
judge.py    runs the rubric's pytest files over one submission
judge_pool.py   judge processes, each for many submissions; judge_process.py is what one does
batch.py    grades many submissions, several at a time
"""
