"""Begin an assignment, and make what only its solution can make.

new.py           writes a small complete assignment from the files in template/, to be changed
claims.py        runs the notebooks of a solution, and saves the claims that they write
  run_solution.py  runs one notebook in a process of its own
"""

from autograder.starter.claims import SavedClaims, save_claims_of
from autograder.starter.new import write_assignment

__all__ = ["SavedClaims", "save_claims_of", "write_assignment"]
