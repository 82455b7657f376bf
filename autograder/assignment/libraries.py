"""Which libraries are installed where work is graded, so that students can be warned in advance.

The extra `assignments` of pyproject.toml and what it needs bring them; the grading image installs
it. A library that an assignment allows by name is taken to be there as well.
"""

INSTALLED = (
    "IPython", "PIL", "contourpy", "cycler", "dateutil", "joblib", "matplotlib",
    "matplotlib_inline", "medmnist", "mpl_toolkits", "mpmath", "networkx", "numpy", "pandas",
    "plotly", "scipy", "seaborn", "skimage", "sklearn", "sympy", "torch", "torchvision",
    "tqdm", "traitlets", "typing_extensions",
)  # fmt: skip
"""Top-level names that can be imported."""
