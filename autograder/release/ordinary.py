"""Recognise code that every training loop contains, and that reveals nothing about a solution.

    for inputs, labels in train_loader:         the header of a loop over data
        inputs = inputs.to(device)              a move to a device
        optimizer.zero_grad()                   the steps in the order that every tutorial has
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)      a running total of the loss

The list is of what is allowed: a line or statement of any other form is compared as before.
"""

import ast
from collections.abc import Sequence

# Methods of models, losses, optimizers and tensors that are ordinary without arguments.
_STEPS = frozenset({"zero_grad", "backward", "step"})
_PLUMBING = frozenset({
    "item", "detach", "cpu", "cuda", "numpy", "to", "train", "eval", "no_grad", "inference_mode",
})  # fmt: skip
_MOVES = frozenset({"to", "cuda", "cpu"})
_ITERATIONS = frozenset({"enumerate", "zip", "range", "tqdm", "len"})


def is_routine_call(node: ast.Call) -> bool:
    """Tell whether a call is a step of training, a guard, or reads or moves a named value."""
    if not isinstance(node.func, ast.Attribute) or not _is_name(node.func.value):
        return False
    name = node.func.attr
    if name == "zero_grad":
        return not node.args and all(word.arg == "set_to_none" for word in node.keywords)
    if name == "to":
        return len(node.args) == 1 and not node.keywords and _is_name(node.args[0])
    return name in _STEPS | _PLUMBING and not node.args and not node.keywords


def is_plumbing(node: ast.Call) -> bool:
    """Tell whether a call says nothing wherever it occurs, such as `loss.item()`."""
    return is_routine_call(node) and _attribute(node.func) in _PLUMBING


def is_training_step(body: Sequence[ast.stmt]) -> bool:
    """Tell whether statements take a step: they call `backward` and `step` of named objects."""
    called = {
        one.value.func.attr
        for one in body
        if isinstance(one, ast.Expr)
        and isinstance(one.value, ast.Call)
        and isinstance(one.value.func, ast.Attribute)
        and is_routine_call(one.value)
    }
    return {"backward", "step"} <= called


def is_routine(statement: ast.stmt) -> bool:
    """Tell whether a statement of a training step is one of those that every such step has."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Call) and is_routine_call(statement.value)
    if isinstance(statement, ast.Assign):
        return _is_move(statement) or _is_prediction(statement) or _is_loss(statement)
    return isinstance(statement, ast.AugAssign) and _is_total(statement)


def is_ordinary_line(line: str) -> bool:
    """Tell whether a line, exactly as it is written, occurs in training loops everywhere."""
    try:
        (statement,) = ast.parse(f"{line} pass" if line.endswith(":") else line).body
    except (SyntaxError, ValueError):
        return False
    if isinstance(statement, ast.For):
        return is_over_data(statement)
    if isinstance(statement, ast.With):
        calls = [item.context_expr for item in statement.items]
        return all(isinstance(one, ast.Call) and is_routine_call(one) for one in calls)
    if isinstance(statement, ast.Assign):
        return _is_move(statement) or _is_loss(statement)
    return isinstance(statement, ast.Expr) and is_routine(statement)


def is_over_data(loop: ast.For) -> bool:
    """Tell whether a loop runs over a named value, or over `enumerate`, `range` ... of some."""
    return _are_names(loop.target) and _is_iteration(loop.iter)


def _is_iteration(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and not node.keywords:
        is_known = isinstance(node.func, ast.Name) and node.func.id in _ITERATIONS
        is_count = _name(node.func) != "range" or len(node.args) == 1
        return is_known and is_count and all(map(_is_iteration, node.args))
    return _is_name(node) or (isinstance(node, ast.Constant) and node.value in (0, 1))


def _is_move(statement: ast.Assign) -> bool:
    """Tell whether it is `x = x.to(device)`, or this for several names."""
    value = statement.value
    values = value.elts if isinstance(value, ast.Tuple) else [value]
    return _are_names(statement.targets[0]) and all(
        isinstance(one, ast.Call) and is_routine_call(one) and _attribute(one.func) in _MOVES
        for one in values
    )


def _is_prediction(statement: ast.Assign) -> bool:
    """Tell whether it is `outputs = model(inputs)`."""
    return _are_names(statement.targets[0]) and _is_call_of_names(statement.value, 1)


def _is_loss(statement: ast.Assign) -> bool:
    """Tell whether it is `loss = criterion(outputs, y)`, or with `model(x)` in it."""
    value = statement.value
    if not _are_names(statement.targets[0]) or not isinstance(value, ast.Call):
        return False
    if not _is_name(value.func) or value.keywords or len(value.args) != 2:
        return False
    first, second = value.args
    return _is_name(second) and (_is_name(first) or _is_call_of_names(first, 1))


def _is_call_of_names(node: ast.expr, arguments: int) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and not node.keywords
        and len(node.args) == arguments
        and all(map(_is_name, node.args))
    )


def _is_total(statement: ast.AugAssign) -> bool:
    """Tell whether it is `total += loss.item()`, possibly times the size of the batch."""
    if not isinstance(statement.op, ast.Add) or not _is_name(statement.target):
        return False
    factors = [statement.value]
    if isinstance(statement.value, ast.BinOp) and isinstance(statement.value.op, ast.Mult):
        factors = [statement.value.left, statement.value.right]
    return all(_is_reading(factor) or _is_length(factor) for factor in factors)


def _is_reading(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and is_routine_call(node) and _attribute(node.func) == "item"


def _is_length(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _is_call_of_names(node, 1) and _name(node.func) == "len"


def _attribute(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _are_names(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple):
        return all(map(_are_names, node.elts))
    return isinstance(node, ast.Name)


def _is_name(node: ast.expr) -> bool:
    """Tell whether it is a name, or an attribute of one such as `self.optimizer`."""
    return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and _is_name(node.value))
