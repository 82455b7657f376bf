"""Read the lists of words that several tables of assignment.toml share."""

import re
import sys
from collections.abc import Collection

from autograder.assignment.spec import NEEDS, CodeRules
from autograder.assignment.suggestion import did_you_mean
from autograder.assignment.tables import Table

RULE_KEYS = ("allowed_imports", "banned_imports", "banned_names")


def read_needs(table: Table, who: str, own: Collection[str] = ()) -> tuple[str, ...]:
    """Read what `who`, "an item" or "a notebook", needs; `own` are the course's own datasets."""
    needs, known = [], (*NEEDS, *own)
    for number, word in table.words("needs"):
        if word not in known:
            remedy = did_you_mean(word, known) or f"use only {', '.join(known)}"
            table.complain("needs", f"'{word}' is not something {who} can need", remedy, number)
        needs.append(word)
    return tuple(needs)


def read_code_rules(table: Table, name: str) -> CodeRules:
    """Read what code may use in the package or notebook `name`, or for an item ("")."""
    if table.has("allowed_imports") and table.has("banned_imports"):
        what = "both 'allowed_imports' and 'banned_imports' are given"
        table.complain("banned_imports", what, "remove one: what is not allowed is banned anyway")
    allowed = _read_top_level_names(table, "allowed_imports", name)
    banned = _read_top_level_names(table, "banned_imports", name)
    return CodeRules(
        allowed if table.has("allowed_imports") else None, banned, _read_banned_names(table)
    )


def _read_top_level_names(table: Table, key: str, name: str) -> tuple[str, ...]:
    verb = key.partition("_")[0].removesuffix("ned").removesuffix("ed")  # ban, allow
    names = []
    for number, word in table.words(key):
        top = word.split(".")[0]
        if not word.isidentifier() or word == name:
            remedy = f"write the top-level name, '{top}'" if top != word else "remove it"
            if verb == "allow" and top != word and top.isidentifier():
                remedy += ", and ban the rest by banned_names"
            table.complain(key, f"'{word}' is not a name to {verb}", remedy, number)
        elif verb == "allow" and word in sys.stdlib_module_names:
            what = f"'{word}' is in the standard library, which is always allowed"
            table.complain(key, what, "remove it", number)
        names.append(word)
    return tuple(names)


def _read_banned_names(table: Table) -> tuple[str, ...]:
    names = []
    for number, word in table.words("banned_names"):
        top, *rest = word.split(".")
        parts = [re.sub(r"[*?]|\[!?[\w-]+\]", "x", part) for part in rest]
        if not top.isidentifier() or not all(part.isidentifier() for part in parts):
            remedy = "write it in full from its library, such as 'torch.nn.Linear' or 'torch.nn.*'"
            table.complain("banned_names", f"'{word}' is not a name to ban", remedy, number)
        elif not rest:
            what = f"'{word}' is a whole library"
            table.complain("banned_names", what, "list it under banned_imports", number)
        elif top in sys.stdlib_module_names:
            what = f"'{word}' is in the standard library, where names cannot be banned"
            table.complain("banned_names", what, "remove it", number)
        names.append(word)
    return tuple(names)
