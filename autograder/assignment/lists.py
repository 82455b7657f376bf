"""Read the lists of words that several tables of an assignment.toml have."""

from autograder.assignment.spec import NEEDS
from autograder.assignment.suggestion import did_you_mean
from autograder.assignment.tables import Table


def read_needs(table: Table, who: str) -> tuple[str, ...]:
    """Read what `who`, "an item" or "a notebook", needs."""
    needs = []
    for number, word in table.words("needs"):
        if word not in NEEDS:
            remedy = did_you_mean(word, NEEDS) or f"write words out of {', '.join(NEEDS)}"
            table.complain("needs", f"'{word}' is nothing {who} can need", remedy, number)
        needs.append(word)
    return tuple(needs)


def read_banned_imports(table: Table, name: str) -> tuple[str, ...]:
    """Read what may not be imported in the package or notebook of that name."""
    banned = []
    for number, word in table.words("banned_imports"):
        if not word.isidentifier() or word == name:
            top = word.split(".")[0]
            remedy = f"write the top-level name, '{top}'" if top != word else "remove it"
            table.complain("banned_imports", f"'{word}' is no name to ban", remedy, number)
        banned.append(word)
    return tuple(banned)
