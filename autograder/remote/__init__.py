"""Code that runs in the same interpreter as student code; it does not contain anything secret.

    both sides  messages.py       plain values and arrays <-> messages: pack and unpack
                operators.py      the operators that tests may use on a student's objects
    worker      object_server.py  the table of the student's objects, and the operations on them
                content.py        subclasses of plain types -> plain values, read by the methods of
                                  their base classes
                imports.py        imports the student's modules so that a broken file affects only
                                  what it defines
                code_rules.py     what student code may import and use, checked in its source
                notebooks.py      the student's notebooks, run when they are first requested
                arrays.py         arrays from lists and tensors, tensors from arrays
                torch_modules.py  parameters and gradients of torch modules, data loaders
                failures.py       exceptions and warnings as text, with the student's lines
                released.py       files of the release that student code may read

With messages.py, the judge unpacks what a worker has packed. On a student's machine pytest runs the
worker's part in its own process. This package needs only numpy, because a release contains a copy
of the package.
"""
