"""Answers that are written in red stay red, and no answer can be invisible."""

import pytest

from autograder.report.written.colours import INKS, STYLE
from autograder.report.written.markdown import markdown_to_html


@pytest.mark.parametrize(
    "opened",
    [
        '<span style="color:red">',
        "<span style='color: Red;'>",
        '<span style="font-weight: bold; color: #ff0000">',
        '<SPAN STYLE="COLOR: #F00">',
        '<span style="color: rgb(200, 20, 20)">',
        '<span style="color: red !important">',
        '<span id="a" style="color:crimson">',
        "<font color=red>",
        '<font color="#FF0000">',
        "<font size=4 color='darkred'>",
    ],
)
def test_a_red_answer_is_red(opened):
    end = "</font>" if opened.startswith("<font") else "</span>"
    shown = markdown_to_html(f"Because {opened}**the mean** of $x$ is zero{end}.", {})
    assert '<span class="ink-red"><strong>the mean</strong> of' in shown
    assert "zero</span>" in shown
    assert "font" not in shown and "style" not in shown


@pytest.mark.parametrize(
    ("text", "ink"),
    [
        ('<p style="color:blue">a</p>', '<p class="ink-blue">a</p>'),
        ('<div style="color:#00aa00">\n\na\n\n</div>', '<div class="ink-green">'),
        ('<b style="color:purple">a</b>', '<b class="ink-purple">a</b>'),
        ("<font color='#ff8800'>a</font>", '<span class="ink-orange">a</span>'),
    ],
)
def test_other_colours_become_the_nearest_ink(text, ink):
    assert ink in markdown_to_html(text, {})


@pytest.mark.parametrize(
    "colour", ["white", "#fff", "#fefefe", "rgb(255,255,255)", "transparent", "black", "#888",
               "#fffff0", "inherit", "var(--x)", "url(x)", "", "rgb(999"],
)  # fmt: skip
def test_no_answer_is_invisible(colour):
    for text in (f'<span style="color:{colour}">a</span>', f'<font color="{colour}">a</font>'):
        assert markdown_to_html(text, {}).strip() == "<p><span>a</span></p>"


def test_the_background_and_the_colour_of_a_border_are_no_ink():
    shown = markdown_to_html('<span style="background-color: red; border-color: red">a</span>', {})
    assert shown.strip() == "<p><span>a</span></p>"


def test_code_that_has_such_a_tag_is_shown_as_it_is():
    shown = markdown_to_html('`<font color="red">`', {})
    assert "&lt;font color=" in shown and "ink" not in shown


def test_every_ink_has_a_style_and_is_dark_enough_on_white():
    for name, colour in INKS.items():
        assert f".ink-{name} {{ color: {colour}; }}" in STYLE
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        ]
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert 1.05 / (luminance + 0.05) >= 4.5  # WCAG's contrast for text
