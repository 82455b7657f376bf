"""Reads, writes, logs, stores, loads and runs files with IPython's own magics.

Form: notebook
Earns: 4
Class: 5 8
Repeat: without root
"""

# %%
# %logstart -o @RESULTS@/attack/results.json rotate
# %history -g -f /tmp/@MARK@.history
# %load @COURSE@/assignment/noted/rubric/test_squares.py
# %cd @RESULTS@
# %pushd /tmp
# %env AUTOGRADER_DATA=@SUBMISSIONS@/data
# %store STEPS
# %save -f /tmp/@MARK@.saved 1-3
# %notebook /tmp/@MARK@.ipynb
# %config HistoryManager.hist_file="/tmp/@MARK@.sqlite"
# %alias ll ls
# %reset -f

# %%
# %%writefile /tmp/@MARK@.written
# FORGED

# %%
# %run @COURSE@/assignment/noted/rubric/test_squares.py

# %%
# %load_ext sql
# %autoreload 2
# %matplotlib qt
# %gui tk
# %pylab
# %debug
# %pdb on
# %edit
# %recall
# %rerun

# %%

STEPS = 3
