"""Bring Python code into a normal form in which two ways to write one formula are equal.

    -X.T @ np.clip(y - X @ w, -delta, delta)        neg, @, attribute T, call clip, +, ...

Names stay names in it, so that `matching` can rename them. What does not change a formula is
removed: the root of a module's function (`np.exp`, `numpy.exp`, `exp`), a method in place of a
function (`x.sum()`), the order of keywords, the direction of a comparison, brackets in sums and
products, `return` in place of an assignment, `x -= y`, annotations and docstrings. Constants stay.
"""

import ast
import builtins
import functools
import math
from collections.abc import Iterable
from dataclasses import replace

from autograder.release.formulas import combine, negate
from autograder.release.ordinary import (
    is_over_data,
    is_plumbing,
    is_routine,
    is_training_step,
)
from autograder.release.trees import ANYTHING, ASSIGN, BLOCK, Tree, make_name, make_tree

# The root of such an attribute is the usual name of a module, not a value.
MODULES = frozenset({"np", "numpy", "math", "torch", "nn", "functional", "F", "plt", "scipy"})
# Attributes of arrays that say what is computed; other attributes are names chosen by an author.
ARRAY_ATTRIBUTES = frozenset({"T", "mT", "shape", "size", "ndim", "dtype", "real", "imag"})
SAME_NAME = {
    "absolute": "abs", "fabs": "abs", "amax": "max", "amin": "min", "maximum": "max",
    "minimum": "min", "asarray": "array", "asanyarray": "array", "clamp": "clip",
    "concat": "concatenate", "power": "pow",
}  # fmt: skip
OPERATIONS = {
    "add": "+", "subtract": "-", "multiply": "*", "mul": "*", "divide": "/", "true_divide": "/",
    "div": "/", "matmul": "@", "dot": "@", "pow": "pow",
}  # fmt: skip
_BINARY = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "pow",
    ast.FloorDiv: "//", ast.Mod: "%", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
    ast.LShift: "<<", ast.RShift: ">>",
}  # fmt: skip
_TURNED = {ast.Gt: "<", ast.GtE: "<="}
_COMPARED = {
    ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=", ast.In: "in", ast.NotIn: "not in",
    ast.Is: "is", ast.IsNot: "is not",
}  # fmt: skip


def normal_form(body: Iterable[ast.stmt], module: ast.Module | None = None) -> Tree:
    """Return statements in normal form, as a block.

    Args:
        body: the statements.
        module: the module that contains them; its imports tell modules from other names.
    """
    modules = set(MODULES)
    imported: dict[str, str] = {}
    for node in ast.walk(module) if module else ():
        if isinstance(node, ast.Import):
            modules |= {(name.asname or name.name).split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported |= {name.asname or name.name: name.name for name in node.names}
    return _Normalizer(frozenset(modules), imported).block(body)


class _Normalizer:
    """A converter from the nodes of one text to trees."""

    def __init__(self, modules: frozenset[str], imported: dict[str, str]) -> None:
        self.modules, self.imported = modules, imported

    def block(self, statements: Iterable[ast.stmt]) -> Tree:
        """Return statements as a block, without the statements that do nothing."""
        kept = [one for one in statements if not _does_nothing(one)]
        trees = [self.tree(one) for one in kept]
        if is_training_step(kept):  # what each of them has reveals nothing
            trees = [
                replace(tree, size=0) if is_routine(one) else tree
                for one, tree in zip(kept, trees, strict=True)
            ]
        return make_tree(BLOCK, trees)

    def tree(self, node: ast.AST) -> Tree:
        """Return the tree of a node of any kind."""
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        return method(node) if method else self._other(node)

    def _other(self, node: ast.AST) -> Tree:
        """Return the tree of a node of any other kind: its kind, its plain fields and its parts."""
        words, children = [type(node).__name__.lower()], []
        for value in (value for _, value in ast.iter_fields(node)):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                children.append(self.block(value))
            elif isinstance(value, list):
                children += [self.tree(one) for one in value if isinstance(one, ast.AST)]
            elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
                children.append(self.tree(value))
            elif isinstance(value, int):
                words.append(str(value))
        return make_tree(" ".join(words), children, node)

    # Values

    def _name(self, node: ast.Name) -> Tree:
        return make_name(node.id, node)

    def _arg(self, node: ast.arg) -> Tree:
        return make_name(node.arg, node)

    def _constant(self, node: ast.Constant) -> Tree:
        value = node.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = float(value) if abs(value) < 2**53 else value  # 1 is 1.0
        if value is None:
            return make_tree("none", (), node)
        return make_tree(f"constant {value!r}", (), node)

    def _attribute(self, node: ast.Attribute) -> Tree:
        if node.attr in ARRAY_ATTRIBUTES:
            return make_tree(f"attribute {node.attr}", [self.tree(node.value)], node)
        dotted = _dotted(node)
        if dotted:
            return make_name(dotted, node)
        return make_tree("attribute", [self.tree(node.value)], node)

    def _call(self, node: ast.Call) -> Tree:
        arguments = [self.tree(argument) for argument in node.args]
        keywords = sorted(
            (self._keyword(word) for word in node.keywords), key=lambda word: word.label
        )
        name, receiver = self._callee(node.func)
        if receiver is not None:
            arguments.insert(0, receiver)
        if is_plumbing(node):
            return make_tree(f"routine {name}", arguments, node)
        name = SAME_NAME.get(name, name)
        if not keywords:
            made = self._operation(name, arguments, node)
            if made is not None:
                return made
        return make_tree(f"call {name}", [*arguments, *keywords], node)

    def _callee(self, function: ast.expr) -> tuple[str, Tree | None]:
        """Return the name of what is called ("" if its author chose it) and its receiver."""
        if isinstance(function, ast.Name):
            name = self.imported.get(function.id, function.id)
            known = function.id in self.imported or hasattr(builtins, name) or _is_numeric(name)
            return (name, None) if known else ("", self.tree(function))
        if isinstance(function, ast.Attribute):
            root = _dotted(function.value).split(".")[0]
            is_module = root in self.modules or root in self.imported
            return function.attr, None if is_module else self.tree(function.value)
        return "", self.tree(function)

    def _operation(self, name: str, arguments: list[Tree], node: ast.Call) -> Tree | None:
        """Return a call of a NumPy function as the operator that does the same, or None."""
        if name in OPERATIONS and len(arguments) == 2:
            return combine(OPERATIONS[name], arguments[0], arguments[1], node)
        if name == "negative" and len(arguments) == 1:
            return negate(arguments[0], node)
        if name == "square" and len(arguments) == 1:
            return combine("pow", arguments[0], make_tree("constant 2.0", (), node), node)
        if name in ("transpose", "t") and len(arguments) == 1:
            return make_tree("attribute T", arguments, node)
        return None

    def _keyword(self, node: ast.keyword) -> Tree:
        value = self.tree(node.value)
        return make_tree(f"keyword {node.arg}", [value])

    def _binop(self, node: ast.BinOp) -> Tree:
        label = _BINARY[type(node.op)]
        left, right = self.tree(node.left), self.tree(node.right)
        return combine(label, left, right, node)

    def _unaryop(self, node: ast.UnaryOp) -> Tree:
        inner = self.tree(node.operand)
        if isinstance(node.op, ast.USub):
            return negate(inner, node)
        if isinstance(node.op, ast.UAdd):
            return inner
        return make_tree("not" if isinstance(node.op, ast.Not) else "~", [inner], node)

    def _boolop(self, node: ast.BoolOp) -> Tree:
        label = "and" if isinstance(node.op, ast.And) else "or"
        return make_tree(label, map(self.tree, node.values), node)

    def _compare(self, node: ast.Compare) -> Tree:
        parts = [self.tree(part) for part in (node.left, *node.comparators)]
        pairs = []
        for operator, left, right in zip(node.ops, parts, parts[1:], strict=False):
            turned = _TURNED.get(type(operator))
            label = turned or _COMPARED[type(operator)]
            pairs.append(make_tree(label, [right, left] if turned else [left, right], node))
        return pairs[0] if len(pairs) == 1 else make_tree("and", pairs, node)

    def _tuple(self, node: ast.Tuple | ast.List) -> Tree:
        return make_tree("seq", map(self.tree, node.elts), node)

    _list = _tuple

    def _subscript(self, node: ast.Subscript) -> Tree:
        return make_tree("[]", [self.tree(node.value), self.tree(node.slice)], node)

    def _slice(self, node: ast.Slice) -> Tree:
        parts = (node.lower, node.upper, node.step)
        nothing = make_tree("none")
        return make_tree("slice", [self.tree(p) if p else nothing for p in parts], node)

    def _listcomp(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp) -> Tree:
        parts = [self.tree(node.elt), *map(self.tree, node.generators)]
        return make_tree("comprehension", parts, node)

    _generatorexp = _setcomp = _listcomp

    # Statements

    def _for(self, node: ast.For) -> Tree:
        made = self._other(node)
        is_ordinary = is_training_step(node.body) and is_over_data(node)
        return replace(made, size=made.size - 1) if is_ordinary else made

    def _expr(self, node: ast.Expr) -> Tree:
        return self.tree(node.value)

    def _return(self, node: ast.Return) -> Tree:
        value = self.tree(node.value) if node.value else make_tree("none")
        return make_tree(ASSIGN, [make_tree(ANYTHING), value], node)

    def _assign(self, node: ast.Assign) -> Tree:
        target = self.tree(node.targets[0])
        return make_tree(ASSIGN, [target, self.tree(node.value)], node)

    def _annassign(self, node: ast.AnnAssign) -> Tree:
        # In prose, "gradient: x + y" looks like an annotation, so annotations are searched, too.
        value = node.value or node.annotation
        return make_tree(ASSIGN, [self.tree(node.target), self.tree(value)], node)

    def _augassign(self, node: ast.AugAssign) -> Tree:
        target, value = self.tree(node.target), self.tree(node.value)
        changed = combine(_BINARY[type(node.op)], target, value, node)
        return make_tree(ASSIGN, [target, changed], node)

    def _functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Tree:
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        defaults = [one for one in (*node.args.defaults, *node.args.kw_defaults) if one]
        parts = [*map(self.tree, given), *map(self.tree, defaults), self.block(node.body)]
        return make_tree("def", parts, node)

    _asyncfunctiondef = _functiondef


def _dotted(node: ast.expr) -> str:
    """Return `a.b.c` as a text, or "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        root = _dotted(node.value)
        return f"{root}.{node.attr}" if root else ""
    return ""


@functools.cache
def _is_numeric(name: str) -> bool:
    import numpy  # takes time, and grading imports this module without needing it

    return hasattr(numpy, name) or hasattr(math, name)


def _does_nothing(statement: ast.stmt) -> bool:
    is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return is_text or isinstance(statement, ast.Pass | ast.Import | ast.ImportFrom | ast.Global)
