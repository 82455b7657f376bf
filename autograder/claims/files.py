"""Define how the two files of a claim are named."""

SCHEMA = "autograder.claims/1"
SCHEMA_OF_MODELS = "autograder.claims/2"
"""The form of claims about several models, or without data; graders before it refuse them."""
NO_DATA = {"name": "none", "kind": "none", "sha256": ""}
"""What is read where claims are about no dataset."""
FOLDER = "claims"
