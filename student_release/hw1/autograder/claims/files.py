"""What the two files of a claim are called."""

SCHEMA = "autograder.claims/1"
FOLDER = "claims"
