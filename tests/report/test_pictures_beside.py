"""Pages show pictures in files and attachments, say the truth about others, and stay harmless."""

import re

import pytest

from autograder.report.written import answers, make, make_written
from autograder.report.written.markdown import markdown_to_html

from .test_written import HOSTILE, PICTURE, answer, assert_harmless, cell, elements, write

HEIC = {"mime": "image/heic", "data": "AAAAJGZ0eXBoZWlj"}
FILES = {"a.png": PICTURE, "img/deep one.jpg": {**PICTURE, "mime": "image/jpeg"}, "p.heic": HEIC}


def shown(text, files=FILES, left_out=None):
    return markdown_to_html(text, {}, files, left_out or {})


LINKS = [
    "![x](a.png)",
    "![x](./a.png)",
    "![x](A.PNG)",
    "![x](pictures/a.png)",
    "![x](C:\\Users\\anna\\a.png)",
    "![x](file:///home/anna/a.png)",
    "![x](/home/anna/a.png 'a title')",
    "![x](a.png?raw=true)",
    "![x][1]\n\n[1]: a.png",
    "<img src=a.png>",
    '<IMG alt="x > y" SRC="a.png">',
    "<img width=300 src='img/a.png' />",
    "<p><img\nsrc='a.png'\n></p>",
    "<table><tr><td><img src='./a.png'></td></tr></table>",
    "![x](img/deep%20one.jpg)",
    "![x](<img/deep one.jpg>)",
    "<img src='img/deep one.jpg'>",
    "<img src='deep%20one.jpg'>",
]


@pytest.mark.parametrize("text", LINKS)
def test_a_file_is_shown_where_a_text_shows_it(text):
    html = shown(text)
    found = [attributes for tag, attributes in elements(html) if tag == "img"]
    assert [one["src"].startswith("data:image/") for one in found] == [True], html
    assert "not handed in" not in html
    assert_harmless(html)


def test_the_width_of_a_picture_is_kept():
    assert re.search(r'<img src="data:[^"]+" width="200">', shown('<img src="a.png" width="200">'))


@pytest.mark.parametrize("mime", ["image/gif", "image/webp", "image/avif"])
def test_other_kinds_that_browsers_show_are_shown(mime):
    html = shown("![x](b)", {"b": {**PICTURE, "mime": mime}})
    assert f'<img src="data:{mime};base64,' in html
    inline = f"![x](data:{mime};base64,AAAA)"
    assert f'src="data:{mime};base64,AAAA"' in shown(inline)


@pytest.mark.parametrize("text", ["![x](p.heic)", "<img src='p.heic'>", "see p.heic"])
def test_a_heic_picture_can_be_saved(text):
    html = answers.answer_html(answer("i", {**cell(text), "files": {"p.heic": HEIC}}))
    link = f'<a download="p.heic" href="data:image/heic;base64,{HEIC["data"]}">'
    assert html.count(link) == 1
    assert "which browsers do not show" in html and "<img" not in html


@pytest.mark.parametrize(
    "name", ["../../x.html.heic", "a\"b'<c>.heic", ".heic", "x" * 500 + ".heic"]
)
def test_the_name_to_save_a_picture_by_is_harmless(name):
    html = answers.answer_html(answer("i", {**cell("see"), "files": {name: HEIC}}))
    [saved] = [attributes for tag, attributes in elements(html) if tag == "a"]
    assert re.fullmatch(r"[\w-]{1,60}\.heic", saved["download"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("![x](b.png)", "[a picture that was not handed in: b.png]"),
        ("<img src='b.png'>", "[a picture that was not handed in: b.png]"),
        ("![x](big.jpg)", "a picture that was handed in, but is not shown here: big.jpg; it"),
        (
            "<img src='pics/big.jpg'>",
            "a picture that was handed in, but is not shown here: pics/big",
        ),
        ("![x](attachment:gone.png)", "an attached picture that the notebook does not hold: gone"),
        ("![x](https://example.org/a.png)", "a picture on the web, which is not loaded here"),
        ("<img src='https://example.org/a b.svg'>", "a picture that was not handed in: https"),
    ],
)
def test_what_is_said_of_a_picture_that_is_not_shown_is_true(text, words):
    html = shown(text, {}, {"big.jpg": "it is large"})
    assert words in html
    assert_harmless(html)


def test_of_two_files_with_one_name_none_is_taken_for_the_other():
    files = {"one/a.png": PICTURE, "two/a.png": {**PICTURE, "data": "iVBORw0KGgo="}}
    assert files["two/a.png"]["data"] in shown("![x](two/a.png)", files)
    assert "not handed in" in shown("![x](three/a.png)", files)


IN_ATTRIBUTES = [
    "<a href='https://x/<img src=a.png>'>x</a>",
    "<a title='<img src=a.png>' href='https://x'>x</a>",
    '<a href="https://x/" title="<img src=\'a.png\' onerror=alert(1)>">x</a>',
    "<img src=a.png onerror=alert(1)>",
    "<img src=a.png style='position:fixed'>",
    "<img src='a.png' width='1\" onclick=\"alert(1)'>",
    "<img alt='<img src=a.png>' src='a.png'>",
    "<img src=a.png src=https://example.org/spy.png>",
    "<img data-src=a.png src=https://example.org/spy.png>",
    "<script><img src=a.png></script>",
    "<style><img src=a.png></style>",
    "<!-- <img src=a.png> --><svg><img src=a.png></svg>",
    "<img src='a.png'<script>alert(1)</script>>",
    "`<img src=a.png>` <code><img src=a.png></code>",
]


@pytest.mark.parametrize("text", [*IN_ATTRIBUTES, *HOSTILE])
def test_nothing_can_act_where_files_are_known(text):
    evil = {"mime": 'image/png" onload="alert(1)', "data": 'A/onclick=alert(1)">'}
    for files in (FILES, {"a.png": evil}, {'x" onerror="alert(1)': PICTURE}):
        html = shown(text, files, {"a.png": "<script>alert(1)</script>"})
        for tag, attributes in elements(html):
            assert not any(name.startswith("on") for name in attributes), html
            assert set(attributes) <= {
                "src", "href", "width", "height", "download", "class", "align", "start", "display",
                "colspan", "rowspan",
            } or tag.startswith("m")  # fmt: skip
            assert "example.org/spy" not in (attributes.get("src") or "")
        assert_harmless(html.replace("data:image/heic", "data:image/png"))


def test_a_page_of_all_answers_has_an_end_and_leads_to_the_pictures(tmp_path, monkeypatch):
    monkeypatch.setattr(make, "QUESTION_PAGE_BYTES", 150)
    files = {name: FILES[name] for name in ("a.png", "p.heic")}
    text = cell('![x](a.png) <img src="a.png" width="30"> see p.heic')
    for name in ("anna", "ben", "clara"):
        write(tmp_path, name, answer("s1-why", {**text, "files": files}))
    make_written(tmp_path)
    page = (tmp_path / "by-question/s1-why.html").read_text()
    assert "<img" not in page and "data:image" not in page
    assert page.count('on <a href="../clara/written.html">the page of this submission</a>') == 3
    assert (tmp_path / "clara/written.html").read_text().count("<img") == 2
