"""Random modules: right ones lose exactly their solutions, spoilt ones are errors."""

import ast
import textwrap
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import AssignmentErrors
from autograder.release.comments import resembled_marker

ITEMS = ("t1-square", "t1-row-sums")

# Statements with a word in place of `@`, which tells where they end up.
SIMPLE = (
    "@ = 1",
    "@ = [\n    1,\n    2,\n]",
    '@ = """\nleft\n    deep # not a comment\n"""',
    "@ = 'use # the solution here'",
    "# @ is prose",
    "@ = 1; twin_@ = 2",
    "import math as @",
    "@ = lambda: (  # @\n    3\n)",
    "assert '@'",
)
COMPOUND = (
    "if @_a:\n    @_b = 1\nelif not @_c:\n    pass\nelse:\n    @_d = 2",
    "for @_i in range(3):\n    # @ inside\n    continue",
    "try:\n    @_a = 1\nexcept ValueError:\n    @_b = 2\nfinally:\n    pass",
    "with open('@') as @_file:\n    pass",
    "@staticmethod_of_@\ndef @_f(x, y=1):\n    '''@'''\n    return x",
    "class @_C:\n    '''@'''\n    x = 1",
    "match 1:\n    case 1:\n        @_a = 1\n    case _:\n        pass",
)


@dataclass
class Module:
    """A generated module, and what is known of it because it was generated."""

    lines: list[str] = field(default_factory=list)
    markers: list[int] = field(default_factory=list)  # indices of lines
    secrets: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    stubs: list[str] = field(default_factory=list)  # what each stub must say, in order
    words: int = 0

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"

    def add(self, code: str, depth: int, words: list[str]) -> None:
        """Append a statement with a word of its own, which is noted in `words`."""
        self.words += 1
        word = f"{'secret' if words is self.secrets else 'shown'}_{self.words}x"
        words.append(word)
        code = code.replace("@staticmethod_of_@", f"@staticmethod_of({word!r})").replace(
            "@_", f"{word}_"
        )
        if "@staticmethod_of(" in code:
            head, rest = code.split("\n", 1)
            code = f"{head}\n{rest.replace('@', word)}"
        else:
            code = code.replace("@", word)
        self.lines += textwrap.indent(code, "    " * depth).split("\n")

    def mark(self, marker: str, depth: int) -> None:
        self.markers.append(len(self.lines))
        self.lines.append("    " * depth + marker)


@st.composite
def modules(draw):
    """A module with regions at random places."""
    module = Module()
    module.lines.append('"""A module."""')
    for _ in range(draw(st.integers(0, 2))):
        module.add(draw(st.sampled_from(SIMPLE)), 0, module.shown)
    for number in range(draw(st.integers(1, 3))):
        if draw(st.booleans()):
            module.lines.append(f"class C{number}:")
            for method in range(draw(st.integers(1, 2))):
                _function(draw, module, f"C{number}.f{method}", 1)
        else:
            _function(draw, module, f"f{number}", 0)
    return module


def _function(draw, module, name, depth):
    module.lines.append("    " * depth + f"def {name.rpartition('.')[2]}(x):")
    depth += 1
    if draw(st.booleans()):
        module.lines.append("    " * depth + '"""Do."""')
    for _ in range(draw(st.integers(0, 2))):
        module.add(draw(st.sampled_from(SIMPLE)), depth, module.shown)
    for _ in range(draw(st.integers(0, 2))):
        module.lines.append(
            "    " * depth
            + draw(st.sampled_from(["if x:", "while x:", "for i in x:", "with x:", "def inner():"]))
        )
        if module.lines[-1].endswith("inner():"):
            name += ".inner"
        depth += 1
        module.add("@ = 0", depth, module.shown)
    item = draw(st.sampled_from(ITEMS))
    module.mark(f"# BEGIN SOLUTION {item}", depth)
    codes = draw(st.lists(st.sampled_from(SIMPLE + COMPOUND), min_size=1, max_size=3))
    module.add("@ = 0", depth, module.secrets)
    for code in codes:
        module.add(code, depth, module.secrets)
    module.mark("# END SOLUTION", depth)
    if draw(st.booleans()):
        module.mark("# BEGIN PROMPT", depth)
        module.add("# @ is a prompt", depth, module.shown)
        module.mark("# END PROMPT", depth)
    module.stubs.append(f'"tiny/{item}: write {name} in shapes/area.py"')
    module.add("@ = 0", depth, module.shown)


@settings(max_examples=120, deadline=None)
@given(modules())
def test_a_stub_holds_all_that_is_shown_no_secret_and_each_raise_in_order(stub, module):
    made = stub(module.text)
    assert "secret" not in made
    assert all(word in made for word in module.shown)
    raised = [node for node in ast.walk(ast.parse(made)) if isinstance(node, ast.Raise)]
    raised.sort(key=lambda node: node.lineno)
    expected = [f"raise NotImplementedError({message})" for message in module.stubs]
    assert [ast.dump(node) for node in raised] == [
        ast.dump(ast.parse(one).body[0]) for one in expected
    ]


@settings(max_examples=60, deadline=None)
@given(modules())
def test_a_solution_is_the_same_program_without_any_marker(complete, module):
    made = complete(module.text)
    assert ast.dump(ast.parse(made)) == ast.dump(ast.parse(module.text))
    assert all(word in made for word in module.secrets)
    assert not [line for line in made.split("\n") if line.strip().startswith(("# BEGIN", "# END"))]


@settings(max_examples=40, deadline=None)
@given(modules(), st.sampled_from([b"\n", b"\r\n"]), st.booleans(), st.booleans())
def test_line_ends_byte_order_marks_and_repetition_change_nothing(
    stub, module, ending, with_mark, without_last
):
    data = module.text.encode().replace(b"\n", ending)
    data = (b"\xef\xbb\xbf" if with_mark else b"") + data
    data = data.removesuffix(ending) if without_last else data
    assert stub(data) == stub(module.text) == stub(module.text)


SLIPS = st.sampled_from(["drop", "double", "case", "swap", "replace", "look-alike"])
ALIKE = {"B": "\u0412", "E": "\u0415", "I": "\u0406", "O": "\u041e", "S": "\u0405", "T": "\u03a4"}


def slip(draw, text: str) -> str:
    """The text with one slip of the pen in its marker words."""
    length = len(" ".join(text.split()[1:3]))
    place = text.index(text.split()[1]) + draw(st.integers(0, length - 1))
    letter, rest = text[place], text[place + 1 :]
    kind = draw(SLIPS)
    if kind == "drop":
        return text[:place] + rest
    if kind == "double":
        return text[:place] + letter * 2 + rest
    if kind == "case":
        return text[:place] + letter.lower() + rest
    if kind == "swap" and rest:
        return text[:place] + rest[0] + letter + rest[1:]
    if kind == "look-alike":
        return text[:place] + ALIKE.get(letter, letter) + rest
    return text[:place] + draw(st.sampled_from("ABXZ_-0. \t#\u00e9\u0416")) + rest


@settings(max_examples=100, deadline=None)
@given(modules(), st.data())
def test_a_slip_in_a_marker_is_an_error_that_names_its_line(mistakes, module, data):
    index = data.draw(st.sampled_from(module.markers))
    right = module.lines[index]
    module.lines[index] = right[: len(right) - len(right.lstrip())] + slip(
        data.draw, right.lstrip()
    )
    found = mistakes(module.text)
    if module.lines[index] == right:
        assert found == []
    else:
        assert index + 1 in [line for line, _ in found]


@settings(max_examples=80, deadline=None)
@given(modules(), st.data())
def test_slips_in_every_marker_at_once_ship_nothing(mistakes, module, data):
    for index in module.markers:
        right = module.lines[index]
        indent = right[: len(right) - len(right.lstrip())]
        module.lines[index] = indent + slip(data.draw, right.lstrip())
        if module.lines[index] == right:
            module.lines[index] = right.lower()
    assert {index + 1 for index in module.markers} <= {line for line, _ in mistakes(module.text)}


DAMAGES = (
    "remove", "repeat", "swap", "hash", "no blank", "behind code", "into a string", "dedent",
    "indent", "lower", "up", "down", "reword", "other marker", "add words",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(modules(), st.data())
def test_whatever_is_done_to_a_marker_is_an_error_or_ships_no_secret(stub, module, data):
    lines, index = module.lines, data.draw(st.sampled_from(module.markers))
    line, damage = lines[index], data.draw(st.sampled_from(DAMAGES))
    is_begin, indent = "BEGIN" in line, line[: len(line) - len(line.lstrip())]
    if damage == "remove":
        del lines[index]
    elif damage == "repeat":
        lines.insert(index, line)
    elif damage == "swap":
        lines[index] = line.replace("BEGIN", "END") if is_begin else line.replace("END", "BEGIN")
    elif damage == "hash":
        lines[index] = line.replace(
            "#", data.draw(st.sampled_from(["##", "###", "#:", "#!", "# #"]))
        )
    elif damage == "no blank":
        lines[index] = line.replace("# ", "#")
    elif damage == "behind code":
        lines[index] = f"{indent}x = 1  {line.strip()}"
    elif damage == "into a string":
        lines[index] = f'{indent}"""\n{line}\n{indent}"""'
    elif damage == "dedent":
        lines[index] = line[data.draw(st.integers(1, len(indent) or 1)) :] if indent else line
    elif damage == "indent":
        lines[index] = " " * data.draw(st.integers(1, 8)) + line
    elif damage == "lower":
        lines[index] = line.lower()
    elif damage == ("up" if is_begin else "down"):
        # BEGIN only upwards and END only downwards: the other way an author unmarks a line.
        other = index - 1 if is_begin else min(index + 1, len(lines) - 1)
        lines[index], lines[other] = lines[other], lines[index]
    elif damage == "reword":
        word = data.draw(st.sampled_from(["BEGIN_", "START ", "begin the ", "END OF ", "My "]))
        lines[index] = line.replace("BEGIN ", word).replace("END ", word)
    elif damage == "other marker":
        lines[index] = indent + data.draw(
            st.sampled_from(
                ["# BEGIN PROMPT", "# END PROMPT", "# END SOLUTION", "# BEGIN SOLUTION t1-square"]
            )
        )
    elif damage == "add words":
        lines[index] = line + data.draw(st.sampled_from([" ", ".", " t1-square", " here", ":"]))
    problems, made = (), ""
    try:
        made = stub(module.text)
    except AssignmentErrors as error:
        problems = error.problems
    assert "secret" not in made
    assert made or problems
    assert all(1 <= problem.line <= module.text.count("\n") for problem in problems)
    assert all(problem.what and problem.remedy for problem in problems)


WORDS = st.sampled_from(
    "a the of is x we for then in matrix row sum loss mean gradient find add solve shape "
    "unique system first value model promptly".split()
)


@given(st.lists(WORDS, min_size=1, max_size=8))
def test_plain_prose_is_no_near_miss(words):
    assert not resembled_marker("# " + " ".join(words))
    assert not resembled_marker("# " + " ".join(words).capitalize() + ".")
