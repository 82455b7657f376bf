"""Follow references through the files of a folder on a student's own machine."""

from collections.abc import Collection, Mapping
from pathlib import Path

from autograder.handing_in.own_files import is_scanned, listing_of
from autograder.handing_in.references import References

_SCANNED_BYTES = 100_000_000


def follow(folder: Path, packages: Collection[str], notebooks: Collection[str]) -> References:
    """Return what the packages and notebooks in a folder refer to.

    Args:
        folder: the folder that contains them.
        packages: folders, such as `shapes/`, and single modules.
        notebooks: files.
    """
    listing = listing_of(folder)
    folders = tuple(one for one in packages if one.endswith("/"))
    single = {*packages, *notebooks}
    asked = [path for path in listing if path in single or path.startswith(folders)]
    return follow_from(folder, listing, asked)


def follow_from(folder: Path, listing: Mapping[str, int], asked: Collection[str]) -> References:
    """Return what the files asked for refer to.

    Args:
        folder: the folder that contains them.
        listing: the files below it, with their sizes.
        asked: the files that are handed in anyway.
    """
    references = References(listing, asked)
    queue = list(asked)
    while queue:
        path = queue.pop()
        listed = references.taken.get(path, path)
        if is_scanned(path) and listing.get(listed, 0) <= _SCANNED_BYTES:
            try:
                queue += references.scan(path, (folder / listed).read_bytes())
            except OSError:
                continue  # the code that needs the file reports it
    return references
