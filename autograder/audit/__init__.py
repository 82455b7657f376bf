"""Prove the grader before it is used: mistakes, variants, mutants and cheats.

audit.py         audits an assignment: trials in, report out
catalogue.py     reads known mistakes, variants and cheats
trials.py        what is graded: reference, release and every changed solution
  marked.py      the marked regions of the solution
  mutants.py     generated mutants; mutations.py what one changes
  cosmetic.py    prints, labels and styles, which are not changed where no test sees them
  cheats.py      generated cheats; cheating/ the code that they contain
  sample.py      writes a solution with known mistakes, to grade by hand
run.py           grades the trials with the judges and workers of grading
  dependencies.py  which parts of a submission an item depends on
  outcomes.py    keeps outcomes, so that an audit can continue
findings.py      what is wrong with the rubric: one sentence for each finding
  asked.py       what checks asked of the complete solution
  hints.py       hints that cannot be distinguished, or were never triggered
  limits.py      how far the complete solution is from the rubric's limits
  tolerances.py  tolerances out of bounds without a reason
  equivalent.py  declared mutants that are not mistakes
  test_value.py  which mistakes only one test catches
report.py        the report; summary.py its figures in words
  table.py       on a terminal
  page.py        as an HTML page; matrix.py its picture
  document.py    as JSON

This package has the name of a function of the Python API, so it can be called: `autograder.audit()`
is the same before and after the package was imported.
"""

import sys
from types import ModuleType
from typing import Any

import autograder
from autograder.audit.catalogue import Catalogue, CatalogueEntry, apply_entry, load_catalogue

__all__ = ["Catalogue", "CatalogueEntry", "apply_entry", "load_catalogue"]


class _CallablePackage(ModuleType):
    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return autograder.__getattr__("audit")(*arguments, **options)


sys.modules[__name__].__class__ = _CallablePackage
