"""What an attack names of autograder, so that a renaming cannot make the attack miss its target.

An attack that patches a function of an old name, or looks for a class that is called something else
now, earns nothing, and its test passes without a defence. Therefore every such name is taken out of
the source here, also of source that the attack keeps as text.
"""

import ast
import builtins
import importlib
import inspect
import re
import sys
import types
from functools import cache
from pathlib import Path

import autograder
from autograder.remote.object_server import ObjectServer
from autograder.sandbox.channel import MAGIC
from autograder.sandbox.worker_spec import WorkerSpec

TOOL = Path(autograder.__file__).parent
SCHEMAS = ("autograder.students", "autograder.zip", "autograder.pyz")  # of files, and no modules
FOREIGN = {"_y"}  # private attributes of objects of other libraries
NAMES = ("__name__", "__qualname__")


def missing_names(text):
    """Names of autograder in a source that autograder does not have, each with its line."""
    return sorted(set(_Reader(text).missing))


class _Reader(ast.NodeVisitor):
    """Reads one source; `bound` are its names of modules and objects of autograder."""

    def __init__(self, text):
        self.missing = []
        self.bound = {}
        self.functions = {}
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._bind(node)
            if isinstance(node, ast.FunctionDef):
                self.functions[node.name] = node.args
        self.visit(tree)

    def miss(self, node, name):
        self.missing.append((node.lineno, name))

    def _bind(self, node):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if not alias.name.startswith("autograder"):
                    continue
                found = _module(alias.name)
                if found is None:
                    self.miss(node, alias.name)
                elif alias.asname:
                    self.bound[alias.asname] = found
                else:
                    self.bound["autograder"] = autograder
        elif (node.module or "").startswith("autograder"):
            for alias in node.names:
                found = _lookup(f"{node.module}.{alias.name}")
                if found is None:
                    self.miss(node, f"{node.module}.{alias.name}")
                self.bound[alias.asname or alias.name] = found

    def visit_Constant(self, node):
        text = node.value
        if isinstance(text, bytes) and text.startswith(b"AG") and text != MAGIC:
            self.miss(node, f"magic {text.decode()}")
        if not isinstance(text, str):
            return
        if re.fullmatch(r"autograder(\.\w+)+", text) and text not in SCHEMAS:
            if _lookup(text) is None:
                self.miss(node, text)
        for prefix in re.findall(r"autograder-[a-z]+-(?=\*)", text):
            if not _occurs(rf'"{prefix}"'):
                self.miss(node, prefix)
        if "import" in text and "\n" in text:
            for _, name in _Reader(text).missing if _is_source(text) else ():
                self.miss(node, name)

    def visit_Dict(self, node):
        """Names that are to be set in modules: {module: (name, ...)}."""
        for key, value in zip(node.keys, node.values, strict=True):
            module = getattr(key, "value", None)
            if str(module).startswith("autograder") and isinstance(value, ast.Tuple):
                for name in value.elts:
                    if _lookup(f"{module}.{name.value}") is None:
                        self.miss(name, f"{module}.{name.value}")
        self.generic_visit(node)

    def visit_Attribute(self, node):
        path = _path_of(node)
        if path and path[0] in self.bound and self.bound[path[0]] is not None:
            if _follow(self.bound[path[0]], path[1:]) is None:
                self.miss(node, ".".join(path))
        elif _is_private(node.attr) and not (path and _is_module(path[0])):
            if node.attr not in FOREIGN and not _occurs(rf"\b{node.attr}\b"):
                self.miss(node, node.attr)
        if isinstance(node.value, ast.Call) and _called(node.value) == "worker_job":
            if node.attr not in WorkerSpec.__dataclass_fields__:
                self.miss(node, f"WorkerSpec.{node.attr}")
        self.generic_visit(node)

    def visit_Compare(self, node):
        """A name that classes or functions are looked for by."""
        sides = [node.left, *node.comparators]
        if any(isinstance(side, ast.Attribute) and side.attr in NAMES for side in sides):
            for constant in ast.walk(node):
                name = getattr(constant, "value", None)
                if not isinstance(constant, ast.Constant) or not isinstance(name, str):
                    continue
                within = isinstance(node.ops[0], ast.In) and constant is node.left
                pattern = rf"def \w*{name}" if within else rf"class {name}\b"
                if not hasattr(types, f"{name.title()}Type") and not _occurs(pattern):
                    if name.isidentifier() and name != "hidden":
                        self.miss(constant, name)
        self.generic_visit(node)

    def visit_Call(self, node):
        """An operation that is replaced: its name, and what the replacement is called with."""
        if _called(node) == "replace_operation" and isinstance(node.args[0], ast.Constant):
            self._operation(node, node.args[0].value, node.args[1])
        if _called(node) == "forge" and isinstance(_first(node), ast.Dict):
            for key in node.args[0].keys:
                if isinstance(key, ast.Constant) and not _occurs(f'"{key.value}":'):
                    self.miss(key, f"reply {key.value}")
        self.generic_visit(node)

    def visit_Subscript(self, node):
        if isinstance(node.value, ast.Attribute) and node.value.attr == "_operations":
            if isinstance(node.slice, ast.Constant):
                self._operation(node, node.slice.value, None)
        self.generic_visit(node)

    def visit_Assign(self, node):
        """A replacement of a function takes what the function is called with."""
        for target in node.targets:
            path = _path_of(target)
            if isinstance(target, ast.Attribute) and path and path[0] in self.bound:
                usual = _follow(self.bound[path[0]], path[1:])
                if inspect.isfunction(usual):
                    self._takes(node, ".".join(path), usual, node.value)
        self.generic_visit(node)

    def _operation(self, node, name, function):
        usual = _operations().get(name)
        if usual is None:
            self.miss(node, f"operation {name}")
        elif function is not None:
            self._takes(node, f"operation {name}", usual, function)

    def _takes(self, node, name, usual, function):
        if isinstance(function, ast.Lambda):
            arguments = function.args
        else:
            arguments = self.functions.get(getattr(function, "id", ""))
        if arguments is not None and not _accepts(arguments, inspect.signature(usual)):
            self.miss(node, f"{name} is called with {inspect.signature(usual)}")


def _accepts(arguments, usual):
    """Whether a function can be called as another one, by positions or by names."""
    wanted = usual.parameters
    own = [one.arg for one in arguments.args]
    by_position = arguments.vararg or len(own) >= len(wanted)
    return by_position or (arguments.kwarg and set(own) <= set(wanted))


def _first(call):
    return call.args[0] if call.args else None


def _called(call):
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _path_of(node):
    """The names of `a.b.c`; empty where it does not begin with a name."""
    if isinstance(node, ast.Name):
        return [node.id]
    path = _path_of(node.value) if isinstance(node, ast.Attribute) else []
    return [*path, node.attr] if path else []


def _is_private(name):
    return name.startswith("_") and not name.startswith("__")


def _is_module(name):
    """Whether a name is that of another library, or of the interpreter's."""
    if hasattr(builtins, name):
        return True
    try:
        return importlib.util.find_spec(name) is not None
    except ValueError:
        return False


def _is_source(text):
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def _module(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _lookup(dotted):
    """A module, or an object of one, by its name; None where it does not exist."""
    found = _module(dotted)
    if found is None:
        module, _, name = dotted.rpartition(".")
        found = _lookup(module) if module else None
        return getattr(found, name, None) if found is not None else None
    return found


def _follow(target, path):
    for name in path:
        try:
            target = getattr(target, name)
        except AttributeError:
            return None
    return target


@cache
def _source():
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(TOOL.rglob("*.py")))


@cache
def _occurs(pattern):
    return re.search(pattern, _source()) is not None


@cache
def _operations():
    server = ObjectServer(Path("/nowhere"), {}, Path("/nowhere"))
    sys.meta_path.remove(server.finder)
    return server._operations
