"""What runs in the same interpreter as student code: it carries values in and out, and no secret.

    values.py     plain Python values and arrays <-> trees of plain nodes and raw buffers:
                  nodes.py their form, packing.py there, unpacking.py back
    imports.py    imports the student's modules so that one broken file costs only what it defines
    object_server.py  the table of the student's objects and the operations on them
    notebooks.py  their notebooks, run when they are first asked for
    arrays.py     arrays out of lists and tensors
    failures.py   exceptions and warnings in plain words, with the student's own lines

The worker process runs this beside a submission; a student's own pytest runs the same code
in-process. It needs numpy only, because the student release carries a copy of it.
"""
