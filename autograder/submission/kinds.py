"""What a file that was handed in is, by its name: an archive, a notebook or module, or else."""

ARCHIVES = (
    ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz",
)  # fmt: skip
"""Endings of archives that are opened."""

CLOSED_ARCHIVES = {".rar": "a RAR archive", ".7z": "a 7z archive"}
"""Endings of archives that are not opened, and what they are."""

LOOSE = (".ipynb", ".py", ".ipynb.json", ".ipynb.txt")
"""Endings of notebooks and modules; Safari adds to that of a notebook."""

_ALL = sorted((*ARCHIVES, *CLOSED_ARCHIVES, *LOOSE), key=len, reverse=True)


def is_archive(name: str) -> bool:
    """Whether a file is an archive that is opened."""
    return name.casefold().endswith(ARCHIVES)


def is_loose(name: str) -> bool:
    """Whether a file is a notebook or a module."""
    return name.casefold().endswith(LOOSE)


def closed_archive(name: str) -> str:
    """Return what kind of archive a file is that cannot be opened; "" for any other file."""
    for ending, kind in CLOSED_ARCHIVES.items():
        if name.casefold().endswith(ending):
            return kind
    return ""


def stem_of(name: str) -> str:
    """Return a file's name without its ending, if it is one of those above."""
    ending = next((one for one in _ALL if name.casefold().endswith(one)), "")
    return name[: len(name) - len(ending)]
