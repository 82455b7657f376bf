"""Grade submissions at paths, and classes: reuse what is known, grade the rest, keep all of it.

grade_paths.py      grades the submissions that a person has named
grade_class.py      grades a class, from what was handed in to the files of the results folder
class_run.py        decides for each submission what is reused and what is graded
reuse.py            what of an earlier grading still holds
naming.py           gives each submission its name
owners.py           reads and writes owners.csv
students.py         writes students.json: which submission counts for which student
changes.py          what a regrade has changed
notes.py            the notes about a class
cluster.py          sends submissions to the workers of a Dask scheduler
cluster_worker.py   runs in such a worker, and starts grading_server.py
submission_zip.py   packs a submission to be sent to a worker
progress.py         how a run reports its progress
"""
