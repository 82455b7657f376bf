"""Find submissions, read them without trusting them, and collect what an assignment asks for.

find.py          the submissions that a command line names
collect.py       copies what an assignment asks for, and nothing else
  choose.py      chooses packages, notebooks and files among the entries
  loose.py       single files: notebooks, and files that match patterns
  modules.py     modules that were handed in without their package's folder
  referred.py    files that the chosen ones refer to
  settle.py      one file for each path: duplicates, names that differ only in case
fingerprint.py   a hash that changes whenever the grading could

entries.py       an entry of a submission, with a checked name or a fault; size limits
archives.py      opens a file that was handed in, by its kind (kinds.py)
  folder.py      a folder; follows no link, opens plain files only
  unpack.py      a zip, never extracted
  untar.py       a tar archive, never extracted
  nested.py      archives inside a submission
opening.py       opens paths step by step with O_NOFOLLOW
temporary.py     files without a name, for compressed data
names.py         safe names for submissions and files
plain_text.py    makes students' text harmless for terminals, JSON and web pages
"""

from autograder.submission.choose import Wanted
from autograder.submission.collect import Collected, code_hash, collect, content_hash
from autograder.submission.entries import Limits, SubmissionError, UnreadableError
from autograder.submission.find import Submission, find_submissions
from autograder.submission.fingerprint import fingerprint
from autograder.submission.names import safe_name

__all__ = [
    "Collected",
    "Limits",
    "Submission",
    "SubmissionError",
    "UnreadableError",
    "Wanted",
    "code_hash",
    "collect",
    "content_hash",
    "find_submissions",
    "fingerprint",
    "safe_name",
]
