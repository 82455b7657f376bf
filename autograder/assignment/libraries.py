"""List the libraries installed where work is graded, to warn students in advance.

They come with the extra `assignments` of pyproject.toml and its dependencies, which the grading
image installs. Libraries that an assignment allows by name are assumed to be installed too.
"""

INSTALLED = (
    "IPython", "PIL", "contourpy", "cycler", "dateutil", "joblib", "matplotlib",
    "matplotlib_inline", "medmnist", "mpl_toolkits", "mpmath", "networkx", "numpy", "pandas",
    "plotly", "scipy", "seaborn", "skimage", "sklearn", "sympy", "torch", "torchvision",
    "tqdm", "traitlets", "typing_extensions",
)  # fmt: skip
"""Top-level names that can be imported."""
