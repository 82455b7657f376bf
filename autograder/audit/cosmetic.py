"""Tell what in a solution only looks nice, and which of it the tests of an item can see.

    print(f"loss {loss}")                       seen by tests that read what was printed
    plt.xlabel("epoch"); ax.legend()            seen by tests that read figures
    plt.show(); plt.tight_layout()              seen by none, and neither are sizes and styles
    plt.plot(x, y, marker="o")                  the keyword is not seen, the rest is

A mutant of what no test can see says nothing about the tests.
"""

import ast
from collections.abc import Iterable

from autograder.assignment import Assignment
from autograder.audit.dependencies import Reach, names_in

_PRINTED, _FIGURES = "printed", "figures"
# Words in the code of tests that read what was printed, or figures.
_SEEN_BY = {
    _PRINTED: frozenset({"output", "stdout", "capsys", "printed"}),
    _FIGURES: frozenset({"figures", "axes", "figure"}),
}
_PRINTS = frozenset({"print", "display", "pprint"})
_LABELS = frozenset({
    "title", "suptitle", "xlabel", "ylabel", "set_title", "set_xlabel", "set_ylabel", "set",
    "legend", "text", "annotate", "axhline", "axvline", "axis", "colorbar", "xlim", "ylim",
    "set_xlim", "set_ylim", "xscale", "yscale", "set_xscale", "set_yscale", "xticks", "yticks",
    "set_xticks", "set_yticks", "set_xticklabels", "set_yticklabels",
})  # fmt: skip
_NEVER_SEEN = frozenset({
    "show", "tight_layout", "subplots_adjust", "set_size_inches", "set_figwidth",
    "set_figheight", "grid", "set_axis_off", "set_aspect", "margins", "tick_params",
})  # fmt: skip
# Arguments that are styles if they are constants: `c=labels` shows something.
_STYLES = frozenset({
    "alpha", "aspect", "c", "cmap", "color", "constrained_layout", "desc", "dpi", "edgecolor",
    "figsize", "fontsize", "ha", "leave", "linestyle", "linewidth", "loc", "ls", "lw", "marker",
    "markersize", "ms", "pad", "rotation", "s", "va", "zorder",
})  # fmt: skip
_DRAWS = _LABELS | {
    "bar", "barh", "boxplot", "errorbar", "figure", "fill_between", "hist", "imshow", "loglog",
    "matshow", "pcolormesh", "plot", "savefig", "scatter", "semilogx", "semilogy", "step",
    "subplot", "subplots", "tqdm", "trange",
}  # fmt: skip

Seen = frozenset[str]
EVERYTHING: Seen = frozenset({_PRINTED, _FIGURES})


def seen_by_items(assignment: Assignment) -> dict[str, Seen]:
    """Return what the tests of each auto item, and those that build on it, may see."""
    reach = Reach(assignment)
    support: set[str] = set()
    for name, data in reach.support.items():
        support |= names_in(f"{name}.py", data).words
    seen: dict[str, set[str]] = {item.id: set() for item in assignment.auto_items}
    for item in assignment.auto_items:
        words = set(support) if item.id in reach.with_support else set()
        for file in {test.file for test in assignment.tests_of(item.id)}:
            words |= names_in(file, reach.rubric[file]).words
        for one in assignment.with_foundations([item.id]):
            seen[one] |= {what for what, named in _SEEN_BY.items() if words & named}
    return {item_id: frozenset(kinds) for item_id, kinds in seen.items()}


def is_unseen(node: ast.AST, seen: Seen) -> bool:
    """Tell whether a statement only prints or decorates what no test of the item can see.

    Args:
        node: a node of a solution; a call is cosmetic, or an `if` around such calls.
        seen: what the tests can see.
    """
    if isinstance(node, ast.If):  # such as `if epoch % 10 == 0: print(...)`
        return all(is_unseen(one, seen) for one in (*node.body, *node.orelse))
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    call = node.value
    if any(isinstance(part, ast.NamedExpr) for part in ast.walk(call)):
        return False
    name = _name(call)
    if isinstance(call.func, ast.Name) and name in _PRINTS:
        return _PRINTED not in seen
    if not isinstance(call.func, ast.Attribute):
        return False
    return name in _NEVER_SEEN or (name in _LABELS and _FIGURES not in seen)


def unseen_keywords(node: ast.AST) -> Iterable[ast.keyword]:
    """Return the arguments of a call that only set a style or a size."""
    if not isinstance(node, ast.Call) or _name(node) not in _DRAWS:
        return ()
    return [word for word in node.keywords if word.arg in _STYLES and _is_constant(word.value)]


def _is_constant(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple | ast.List):
        return all(map(_is_constant, node.elts))
    return isinstance(node, ast.Constant | ast.JoinedStr)


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""
