"""Code that runs in the same interpreter as student code: values in and out, and nothing secret.

    both sides  messages.py       plain values and arrays <-> messages: pack and unpack
    worker      object_server.py  the table of the student's objects and the operations on them
                content.py        subclasses of plain types -> plain values, read by the methods of
                                  their base classes
                imports.py        imports the student's modules so that a broken file costs only
                                  what it defines
                code_rules.py     what student code may import and use, found in its source
                notebooks.py      the student's notebooks, run when they are first asked for
                arrays.py         arrays out of lists and tensors
                failures.py       exceptions and warnings in plain words, with the student's lines
                released.py       files of the release for student code to read

The judge unpacks with messages.py what a worker has packed. On a student's machine pytest runs the
worker's part in its own process. It needs numpy only, because a release contains a copy of it.
"""
