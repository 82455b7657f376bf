"""Judge a submission: run the rubric here, and the student's code in a worker.

benches.py  one clean worker per rubric item, with the item's deadline
verdict.py  what an outcome means: for the record, for the instructor, for the student
judge.py    runs the rubric's pytest files over one submission
batch.py    one judge process per submission, several at a time
"""
