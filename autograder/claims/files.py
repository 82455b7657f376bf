"""Define how the two files of a claim are named."""

SCHEMA = "autograder.claims/1"
FOLDER = "claims"
