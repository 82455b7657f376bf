"""Prove the grader before it is used, with known mistakes and correct variants of the solution."""

from autograder.audit.catalogue import Catalogue, CatalogueEntry, apply_entry, load_catalogue

__all__ = ["Catalogue", "CatalogueEntry", "apply_entry", "load_catalogue"]
