"""Run a student's notebook from a clean start, cell by cell, with their other code.

    document.py   reads a submitted .ipynb, whichever program saved it
    cells.py      analyses cells: assigned names, fast parameters, cells made by the build
    blame.py      finds the cell responsible for a missing variable
    imported.py   finds the libraries that code imports, from its text
    asking.py     replaces input()
    stand_ins.py  replaces modules of Colab and Kaggle by ones that do nothing
    one_process.py  makes libraries work without further processes
    cell_magics.py  implements %%time and %%capture
    telling.py    prints notes on skipped operations in a cell's output
    run.py        runs a notebook: namespace, output, figures and errors
    shell.py      IPython's shell without server, history, files or programs
    surroundings.py  changes global state of the process for a run, and restores it
    figures.py    converts matplotlib's figures to plain data
    showing.py    records the figures that cells show; backend.py is the matplotlib backend
    libraries.py  makes libraries work without processes, threads, windows and widgets
    output.py     records what cells print

Importing this package is fast: IPython, matplotlib and torch are imported by a run.
"""
