"""Check a student's work before it is handed in, and make the zip.

    command.py          `python hand_in.py`: checks the work, prints what was found, writes the zip
    asked.py            what the assignment asks for, and which files of it are there
    own.py              files of the student's own that these refer to
    references.py       what code and text refer to; following.py: in a folder; own_files.py: limits
    notebooks.py        a notebook's cells, from any program; was it run, in order, to its end
    answers.py          the written answers in a notebook
    requested.py        formats and sizes of the files that answer an item
    claims.py           whether the claims belong to the notebooks
    imports.py          libraries that code imports and grading does not have
    machine_paths.py    paths in code that exist on one machine only
    public_checks.py    runs the checks of the release
    archive.py          submission.zip and its receipt

All modules are plain Python without third-party packages, because they must run where nothing is
installed yet. What they find are warnings; a zip is made in any case.
"""
