"""What a test looks into, such as the notebook itself, comes as a plain number.

Form: notebook
Earns: 4
Class: 11
Ends: n1-figure=partial
"""

# %%
from shapes.tools import replace_operation

replace_operation("module", lambda name: 3)
