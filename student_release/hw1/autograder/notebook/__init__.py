"""Runs a student's notebook from a clean start, cell by cell, beside their other code.

    document.py   reads a submitted .ipynb, whichever program has saved it
    cells.py      what a cell's code assigns; fast parameters; the cells that the build has made
    blame.py      which cell a missing variable is owed to
    imported.py   which libraries code imports, by its text
    asking.py     what input() is
    stand_ins.py  modules of Colab and Kaggle, which do nothing
    one_process.py  libraries that would start processes do without
    cell_magics.py  %%time and %%capture
    telling.py    says in a cell's output what was passed over
    run.py        runs a notebook: its namespace, output and figures, and what went wrong
    shell.py      IPython's shell without server, history, files or programs
    surroundings.py  what a run changes in this process, and puts back
    figures.py    matplotlib's figures as plain data
    showing.py    keeps the figures that cells show; backend.py is matplotlib's side of it
    libraries.py  has libraries get along without processes, threads, windows and widgets
    output.py     keeps what cells print

Importing the room costs nothing: IPython, matplotlib and torch are imported by a run.
"""
