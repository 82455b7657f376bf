"""Tell the kind of a submitted file by its name: archive, notebook, module or other."""

ARCHIVES = (
    ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz",
)  # fmt: skip
"""Suffixes of archives that are opened."""

CLOSED_ARCHIVES = {".rar": "a RAR archive", ".7z": "a 7z archive"}
"""Suffixes of archives that are not opened, and their kinds."""

LOOSE = (".ipynb", ".py", ".ipynb.json", ".ipynb.txt")
"""Suffixes of notebooks and modules; Safari appends to a notebook's."""

_ALL = sorted((*ARCHIVES, *CLOSED_ARCHIVES, *LOOSE), key=len, reverse=True)


def is_archive(name: str) -> bool:
    """Return whether a file is an archive that is opened."""
    return name.casefold().endswith(ARCHIVES)


def is_loose(name: str) -> bool:
    """Return whether a file is a notebook or a module."""
    return name.casefold().endswith(LOOSE)


def closed_archive(name: str) -> str:
    """Return the kind of an archive that cannot be opened; "" for any other file."""
    for ending, kind in CLOSED_ARCHIVES.items():
        if name.casefold().endswith(ending):
            return kind
    return ""


def stem_of(name: str) -> str:
    """Return a file's name without its suffix, if it is one of those above."""
    ending = next((one for one in _ALL if name.casefold().endswith(one)), "")
    return name[: len(name) - len(ending)]
