"""Grade on Gradescope: make the zip that is uploaded, and run it there.

bundle.py    makes the zip on the instructor's machine (`autograder bundle`)
  config.py  the settings in the zip: bundle.json
  needs.py   the dependencies and datasets that an assignment needs on another machine
install.py   the last step of `setup.sh`: datasets, the key of the seeds, permissions
  python_candidate.py  adds what Ubuntu 22.04's release candidate of Python 3.11 lacks
run.py       grades the submission that Gradescope provides (`run_autograder`)
  metadata.py  reads Gradescope's submission_metadata.json
  seed.py      the seed of a submission, from its number there
  submission_context.py  adds due date, lateness and earlier submissions to the results
files/       setup.sh and run_autograder
"""
