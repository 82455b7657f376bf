"""A region is whole statements of one function body; everything else is an error at its line."""

import textwrap

import pytest


def dedent(text: str) -> str:
    """The text without its common indentation and its first line feed."""
    return textwrap.dedent(text).lstrip("\n")


# title: (source, lines of the mistakes, what is said of the first)
MISTAKES = {
    "a region is never ended": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
            return x
        """, [2], "'# BEGIN SOLUTION' is never ended; write '# END SOLUTION' after its last"),
    "a region is never begun": ("""
        def f(x):
            return x
            # END SOLUTION
        """, [3], "'# END SOLUTION' without its BEGIN"),
    "a region is inside a region": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
            y = x
            # BEGIN SOLUTION t1-square
            return y
            # END SOLUTION
            # END SOLUTION
        """, [4, 7], "'# BEGIN SOLUTION' inside the block that begins on line 2; write '# END"),
    "a prompt is inside a region": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
            # BEGIN PROMPT
            # Think.
            # END PROMPT
            return x
            # END SOLUTION
        """, [3, 7], "'# BEGIN PROMPT' inside the block that begins on line 2"),
    "a prompt has no region before it": ("""
        def f(x):
            # BEGIN PROMPT
            # Think.
            # END PROMPT
            # BEGIN SOLUTION t1-square
            return x
            # END SOLUTION
        """, [2], "a prompt that does not directly follow a region; put it on the line below"),
    "a prompt follows its region after a blank line": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
            return x
            # END SOLUTION

            # BEGIN PROMPT
            # Think.
            # END PROMPT
        """, [6], "a prompt that does not directly follow a region"),
    "a region has two prompts": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
            return x
            # END SOLUTION
            # BEGIN PROMPT
            # Think.
            # END PROMPT
            # BEGIN PROMPT
            # Think twice.
            # END PROMPT
        """, [8], "a prompt that does not directly follow a region"),
    "a prompt holds code": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
            y = x
            # END SOLUTION
            # BEGIN PROMPT
            y = None
            # END PROMPT
            return y
        """, [6], "a prompt that contains more than comments"),
    "a prompt holds a blank line": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
            return x
            # END SOLUTION
            # BEGIN PROMPT
            # Think.

            # END PROMPT
        """, [7], "a prompt that contains more than comments"),
    "a prompt is empty": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
            return x
            # END SOLUTION
            # BEGIN PROMPT
            # END PROMPT
        """, [5], "a prompt without a line"),
    "a prompt is never ended": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
            return x
            # END SOLUTION
            # BEGIN PROMPT
            # Think.
        """, [5], "'# BEGIN PROMPT' is never ended"),
    "a region is empty": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
            # END SOLUTION
            return x
        """, [2], "a region without a whole statement"),
    "a region holds comments only": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
            # Square it.

            # END SOLUTION
            return x
        """, [2], "a region without a whole statement"),
    "a region begins inside an expression": ("""
        def f(x):
            return (
            # BEGIN SOLUTION t1-square
                x * x
            # END SOLUTION
            )
        """, [3, 5], "'# BEGIN SOLUTION' is in the middle of a statement"),
    "a region ends inside an expression": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
            return (
                x * x
            # END SOLUTION
            )
        """, [5], "'# END SOLUTION' is in the middle of a statement"),
    "a region ends inside a loop that it holds": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
            for y in x:
                y += 1
            # END SOLUTION
                y += 2
            return x
        """, [3], "a region that cuts a statement, or joins two bodies"),
    "a region runs from a body into the else": ("""
        def f(x):
            if x:
                # BEGIN SOLUTION t1-square
                y = 1
            else:
                # END SOLUTION
                y = 2
            return y
        """, [5], "a region that cuts a statement, or joins two bodies"),
    "a region holds an else without its if": ("""
        def f(x):
            if x:
                y = 1
            # BEGIN SOLUTION t1-square
            else:
                y = 2
            # END SOLUTION
            return y
        """, [5], "a region that cuts a statement"),
    "a region runs from a function into the next": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
            return x

        def g(x):
            # END SOLUTION
            return x
        """, [5], "a region that cuts a statement, or joins two bodies"),
    "a region runs over a case": ("""
        def f(x):
            match x:
                case 1:
                    # BEGIN SOLUTION t1-square
                    y = 1
                case _:
                    y = 2
                    # END SOLUTION
            return y
        """, [6], "a region that cuts a statement, or joins two bodies"),
    "a region is outside of any function": ("""
        # BEGIN SOLUTION t1-square
        TABLE = [1, 4, 9]
        # END SOLUTION
        """, [1], "a region outside of a function: its stub would break the import"),
    "a region holds a whole function of the module": ("""
        # BEGIN SOLUTION t1-square
        def f(x):
            return x * x
        # END SOLUTION
        """, [1], "a region outside of a function"),
    "a region is in a class body": ("""
        class Shape:
            # BEGIN SOLUTION t1-square
            sides = 4
            # END SOLUTION
        """, [2], "a region outside of a function"),
    "a region is in an if of the module": ("""
        if True:
            # BEGIN SOLUTION t1-square
            sides = 4
            # END SOLUTION
        """, [2], "a region outside of a function"),
    "a region holds the docstring": ('''
        def f(x):
            # BEGIN SOLUTION t1-square
            """Square x."""
            return x * x
            # END SOLUTION
        ''', [2], "a region that holds the docstring; begin it after the docstring"),
    "both markers are indented too far": ("""
        def f(x):
                # BEGIN SOLUTION t1-square
            return x
                # END SOLUTION
        """, [2], "markers that are not indented as their statements; indent the markers by 4"),
    "the markers are at the margin": ("""
        def f(x):
        # BEGIN SOLUTION t1-square
            return x
        # END SOLUTION
        """, [2], "markers that are not indented as their statements"),
    "the END is indented in another way": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
            return x
        # END SOLUTION
        """, [4], "'# END SOLUTION' is indented by 0 columns; indent it by 4"),
    "a region is in a try, which might catch the stub's raise": ("""
        def f(x):
            try:
                # BEGIN SOLUTION t1-square
                return 1 / x
                # END SOLUTION
            except Exception:
                return 0
        """, [3], "a region in a try statement, which may catch what the stub raises"),
    "a region takes a global statement away": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
            global count
            count = x
            # END SOLUTION
            count += 1
        """, [3], "'global' in a region: without it the rest of the function means another thing"),
    "a region takes away what a nonlocal needs": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
            count = 0
            # END SOLUTION

            def g():
                nonlocal count
                count += 1

            return g
        """, [7], "without its solutions the file does not compile: no binding for nonlocal"),
    "the Python is wrong": ("""
        def f(x):
            return x +
        """, [2], "does not compile: invalid syntax"),
    "a return is outside of a function": ("""
        return 1
        """, [1], "does not compile: 'return' outside function"),
    "the first line declares another encoding": ("""
        # -*- coding: latin-1 -*-
        x = 1
        """, [1], "does not compile: its first lines declare iso-8859-1 in place of utf-8"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_wrong_region_is_an_error_at_its_line(mistake, mistakes):
    text, lines, said = MISTAKES[mistake]
    found = mistakes(dedent(text))
    assert [line for line, _ in found] == lines
    assert found[0][1].startswith(said)


RIGHT = {
    "a method": ("""
        class Square:
            def area(self):
                # BEGIN SOLUTION t1-square
                return self.side ** 2
                # END SOLUTION
        """, "Square.area"),
    "a function in a function": ("""
        def outer():
            def inner():
                # BEGIN SOLUTION t1-square
                return 1
                # END SOLUTION
            return inner
        """, "outer.inner"),
    "an async generator": ("""
        async def pairs(x):
            # BEGIN SOLUTION t1-square
            yield await x
            # END SOLUTION
        """, "pairs"),
    "a decorated function as a statement": ("""
        def outer(x):
            # BEGIN SOLUTION t1-square
            @staticmethod
            @(lambda f:
                f)
            def inner():
                return x
            return inner
            # END SOLUTION
        """, "outer"),
    "statements that share a line": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
            \u00e9 = x; y = \u00e9
            return y
            # END SOLUTION
        """, "f"),
    "a string at the margin": ('''
        def f(x):
            # BEGIN SOLUTION t1-square
            text = """
        at the margin
        """
            return text
            # END SOLUTION
        ''', "f"),
    "comments around the statements": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
        # at the margin

            return x
                # deep
            # END SOLUTION
        """, "f"),
    "the body of an else": ("""
        def f(x):
            if x:
                return 0
            else:
                # BEGIN SOLUTION t1-square
                return 1
                # END SOLUTION
        """, "f"),
    "the body of a case": ("""
        def f(x):
            match x:
                case 1:
                    # BEGIN SOLUTION t1-square
                    return 1
                    # END SOLUTION
        """, "f"),
    "a whole try statement": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
            try:
                return 1 / x
            except ZeroDivisionError:
                return 0
            # END SOLUTION
        """, "f"),
    "a nonlocal of a function of its own": ("""
        def f(x):
            # BEGIN SOLUTION t1-square
            def g():
                nonlocal x
                x += 1
            g()
            return x
            # END SOLUTION
        """, "f"),
}  # fmt: skip


@pytest.mark.parametrize("place", RIGHT)
def test_a_region_may_be_in(place, parse, stub):
    text, function = RIGHT[place]
    (region,) = parse(dedent(text)).regions
    assert region.function == function
    made = stub(dedent(text))
    assert f'"tiny/t1-square: write {function} in shapes/area.py"' in made
    compile(made, "stub", "exec")


def test_in_notebook_code_a_region_may_be_outside_of_functions(parse, mistakes):
    text = "x = 1\n# BEGIN SOLUTION t1-square\ny = await x * x\n# END SOLUTION\n"
    (region,) = parse(text, "notebook").regions
    assert (region.item, region.function) == ("t1-square", "")
    assert mistakes(text, "notebook") == []
    future = "# BEGIN SOLUTION t1-square\nfrom __future__ import annotations\n# END SOLUTION\n"
    assert mistakes(future, "notebook")[0][0] == 2


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (b"x = 1\ny = '\xe9'\n", 2, "byte 0xe9 is not UTF-8; save the file as UTF-8"),
        (b"x = 1\n\x0cy = 2\n", 2, "control character '\\x0c'"),
        (b"x = 1\ry = 2\n", 1, "control character '\\r'"),
        (b"x = 1\n\x00\n", 2, "control character '\\x00'"),
        ("x = '\u2028'\n".encode(), 1, "control character '\\u2028'"),
        ("x = 1\n".encode("utf-16"), 1, "byte 0xff is not UTF-8"),
    ],
)
def test_a_source_that_is_no_plain_utf_8_is_an_error(data, line, said, mistakes):
    ((found_line, words),) = mistakes(data)
    assert found_line == line
    assert words.startswith(said)


def test_all_near_misses_of_a_file_are_reported_at_once(mistakes):
    text = "# begin solution\nx = 1  # SOLUTION\n# BEGIN SOLUTION t1-sqare\n"
    assert [line for line, _ in mistakes(text)] == [1, 2, 3]
