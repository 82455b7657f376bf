"""Run a student's notebook from a clean start, cell by cell, in the worker's process.

    document.py     reads a submitted .ipynb, whichever program has saved it
    cells.py        names that a cell assigns; fast parameters; cells that the build has made
    run.py          runs a notebook: namespace, output, figures, errors
    shell.py        IPython's shell without server, history, files or programs
    surroundings.py what a run changes in this process and restores
    output.py       keeps what cells print
    figures.py      matplotlib's figures as plain data
    class_sources.py  lets inspect.getsource find the classes of a notebook
    showing.py      keeps the figures that cells show; backend.py is matplotlib's side of it

    blame.py        which cell should have assigned a missing variable
    reuse.py        variables that another cell assigns again further down
    imported.py     which libraries code imports, from its text

    stand_ins.py    modules of Colab and Kaggle, which do nothing
    one_process.py  makes libraries work without starting processes
    libraries.py    makes loaded libraries work without threads, windows and widgets
    cell_magics.py  %%time and %%capture
    asking.py       input()
    telling.py      notes in a cell's output what was skipped

Importing the package is cheap: IPython, matplotlib and torch are imported by a run.
"""
