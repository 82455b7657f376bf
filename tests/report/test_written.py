"""Pages of written answers: complete, readable, and harmless to whoever opens them."""

import base64
import re
import shutil
import time
import zlib
from html.parser import HTMLParser

import pytest

from autograder.errors import AutograderError, UsageError
from autograder.report import templates
from autograder.report.written import answers, limited, make, make_written, pdf, print_written
from autograder.report.written.formulas import formula
from autograder.report.written.markdown import markdown_to_html
from autograder.results import write_answers


def png():
    """A picture of one pixel."""

    def chunk(kind, data):
        crc = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + crc

    header = b"\0\0\0\1\0\0\0\1\x08\2\0\0\0"
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")).decode()


PICTURE = {"mime": "image/png", "data": png()}


def cell(text, kind="markdown", attachments=None, outputs=()):
    return {
        "kind": kind, "text": text, "attachments": attachments or {}, "outputs": list(outputs)
    }  # fmt: skip


def answer(item, *cells, status="answered", note="", points=2.0):
    return {
        "item": item, "title": f"The title of {item} & more", "points": points,
        "problem": "Fits", "notebook": "report.ipynb", "status": status, "note": note,
        "cells": list(cells),
    }  # fmt: skip


@pytest.fixture
def results(tmp_path, monkeypatch):
    """A results folder of two submissions, on a machine without a program for PDFs."""
    monkeypatch.setattr(make, "find_pdf_maker", lambda: None)
    why, how = cell("Because $x^2$."), cell("So.")
    write(tmp_path, "anna", answer("s1-why", why), answer("s1-how", how))
    lost = answer("s1-how", status="not found", note="report.ipynb is empty", points=1.0)
    write(tmp_path, "ben", answer("s1-why", status="not answered"), lost)
    return tmp_path


def write(folder, name, *kept):
    document = {"schema": "autograder.written/1", "assignment": "small", "title": "A small one",
                "name": name, "answers": list(kept)}  # fmt: skip
    return write_answers(folder, document).parent


class Elements(HTMLParser):
    """Everything in a page that could do something."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def elements(text):
    parser = Elements()
    parser.feed(text)
    return parser.found


ACTIVE = set(
    "script iframe object embed form input link meta svg style base video audio button section"
    " annotation-xml".split()
)


def assert_harmless(text):
    for tag, attributes in elements(text):
        assert tag not in ACTIVE, tag
        for name, value in attributes.items():
            assert not name.startswith("on") and name not in {"style", "srcdoc", "id"}, name
            if name in {"href", "src", "action", "xlink:href"}:
                safe = ("https://", "http://", "mailto:", "data:image/png", "data:image/jpeg")
                assert (value or "").startswith(safe), value


def body_of(page):
    return page.partition("</head>")[2]


def test_each_submission_has_a_page_with_each_question_and_its_rubric_line(results):
    made = make_written(results)
    assert set(made.folders) == {"anna", "ben"}
    assert made.questions == ("s1-why", "s1-how")
    page = (results / "anna/written.html").read_text()
    assert page.count('<section class="question">') == 2
    assert page.index("s1-why") < page.index("s1-how")
    for words in (
        "The title of s1-why &amp; more",
        "<code>s1-why</code>, Fits",
        "____ of 2 points",
        "A small one: written answers of anna",
        "Because <math",
        "break-before: page",
    ):
        assert words in page
    page = (results / "ben/written.html").read_text()
    assert "not answered" in page and "____ of 1 point<" in page
    assert "no answer was found (report.ipynb is empty)" in page


def test_each_question_has_a_page_with_all_submissions(results):
    make_written(results)
    page = (results / "by-question/s1-why.html").read_text()
    assert page.index("anna") < page.index("ben")
    assert "Because <math" in page and "not answered" in page and "s1-how" not in page
    assert 'href="../anna/written.html"' in page


def test_the_index_leads_to_all_pages(results):
    write(results, "c d %2f <b>", answer("s1-why", cell("x")))
    make_written(results)
    page = (results / "written.html").read_text()
    links = re.findall(r'href="([^"]+)"', page)
    assert len(links) == 5
    from urllib.parse import unquote

    assert all((results / unquote(link)).is_file() for link in links)
    assert "<b>" not in page and "not asked" in page


def test_pages_ask_for_nothing_from_elsewhere_and_forbid_scripts(results):
    make_written(results)
    paths = [*results.rglob("*.html")]
    assert len(paths) > 1
    for path in paths:
        page = path.read_text()
        assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in page
        assert "http" not in page.replace("http-equiv", "")
        assert "<script" not in page


def test_pictures_stand_where_they_belong():
    text = markdown_to_html("Before ![it](attachment:a.png) after.", {"a.png": PICTURE})
    assert re.search(r'Before <img src="data:image/png;base64,[^"]+"> after', text)
    shown = answers.answer_html(
        answer("i", cell("plot()", "code", outputs=[PICTURE, {"text": "<3"}]))
    )
    assert shown.index("plot()") < shown.index("<img") < shown.index("&lt;3")


def test_a_picture_that_the_text_does_not_name_is_shown_below_it():
    attachments = {"a.png": PICTURE, "b.png": PICTURE}
    shown = answers.answer_html(
        answer("i", cell("![x](attachment:a.png) text", "markdown", attachments))
    )
    assert shown.count("<img") == 2
    assert shown.index("<img") < shown.index("text") < shown.rindex("<img")


def test_tables_lists_code_and_links_are_kept():
    text = markdown_to_html(
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n- [ ] open\n\n```python\nx = 1\n```\n"
        "**b** <sub>2</sub> ~~no~~ https://example.org/x", {}
    )  # fmt: skip
    for words in (
        "<td>1</td>",
        "☑ done",
        "☐ open",
        '<span class="n">x</span>',
        "<strong>b</strong>",
        "<sub>2</sub>",
        "<del>no</del>",
        '<a href="https://example.org/x">',
    ):
        assert words in text


FORMULAS = {
    r"\frac{\partial L}{\partial W} = x^\top": "<mfrac>",
    r"\mathbf{J} = \frac{1}{\tau}(\operatorname{diag}(y) - y y^T)": "<mfrac>",
    r"\begin{cases} r & |r| \le \delta \\ \delta & \text{else} \end{cases}": "<mtable",
    r"\sum_{i=1}^n \hat{y}_i": "<mo>∑</mo>",
    r"\text{a < b}": "<mtext>a\xa0&lt;\xa0b</mtext>",
}


@pytest.mark.parametrize("latex", FORMULAS)
def test_formulas_become_mathml(latex):
    for text in (formula(latex, True), markdown_to_html(f"a ${latex}$ b", {})):
        assert FORMULAS[latex] in text
        assert_harmless(text)


@pytest.mark.parametrize(
    "latex", [r"\frac{", "{" * 3_000, "x" * 5_000, r"\begin{cases}", "", r"\left("]
)
def test_a_formula_that_cannot_be_read_is_shown_as_it_was_typed(latex):
    assert formula(latex, False) in (
        f'<code class="typed">${latex}$</code>', '<math display="inline"><mrow></mrow></math>'
    )  # fmt: skip


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='https://example.org/spy.png'>",
    "![spy](https://example.org/spy.png)",
    "![spy](//example.org/spy.png)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "[a](javascript:alert(1))",
    "[a](data:text/html,<script>alert(1)</script>)",
    "[a](JaVaScRiPt&#58;alert(1))",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<svg onload=alert(1)>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<style>body { display: none }</style>",
    "<div style='position: fixed; top: 0'>full marks</div>",
    "<section class='question'>",
    "</div></section></body><script>alert(1)</script>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action=https://example.org><input name=a></form>",
    "<base href=https://example.org>",
    "<meta http-equiv=refresh content='0; url=https://example.org'>",
    "<link rel=stylesheet href=https://example.org>",
    "<!-- --!><script>alert(1)</script> -->",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "```mermaid\n<script>alert(1)</script>\n```",
    "```html\n<script>alert(1)</script>\n```",
    r"$\text{</mtext><script>alert(1)</script>}$",
    r"$\href{javascript:alert(1)}{x}$",
    r"$\style{position:fixed}{x}$ $\class{question}{x}$",
    '$\\color{red" onclick="alert(1)}{x}$',
    "<img alt='$x$' title='$y$' src='$z$'>",
    '![$\\text{"onerror=alert(1) x=}$](attachment:a.png)',
    '[x](https://example.org "$\\text{\'>}$")',
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "$$\n</code><script>alert(1)</script>\\frac{\n$$",
    "\\begin{x}<script>alert(1)</script>\\end{x}",
    "<x" * 500,
    "<font color='red' onclick=alert(1)>x</font>",
    "<font color='red\"><script>alert(1)</script>'>x</font>",
    "<span style='color: red; position: fixed; background: url(https://example.org)'>x</span>",
    "<span style='color: red' style='display: none'>x</span>",
    "<span style=\"color: red\" onmouseover='alert(1)'>x</span>",
    "<p style='color:expression(alert(1))'>x</p>",
    "<font color='$x$'>x</font></font></font>",
    "<font " + "color='red' " * 500,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_an_answer_can_act(text):
    shown = markdown_to_html(text, {"a.png": PICTURE, '"><script>': PICTURE})
    assert_harmless(shown)
    classes = {attributes.get("class") for _, attributes in elements(shown)} - {None, "typed"}
    assert all(re.fullmatch(r"highlight|[a-z]{1,2}\d?|ink-[a-z]+", name) for name in classes)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_cannot_be_rendered_is_shown_typed_and_cannot_act_either(text):
    assert_harmless(answers.plain_answer_html(answer("i", cell(text, attachments={"a": PICTURE}))))
    assert_harmless(
        answers.answer_html(answer("i", cell(text, kind="raw", outputs=[{"text": text}])))
    )


def test_names_with_markup_stay_text(results):
    write(results, "<script>alert(1)</script>", answer("s1-why", cell("x")))
    make_written(results)
    paths = [*results.rglob("*.html")]
    assert len(paths) > 1
    for path in paths:
        assert "<script" not in path.read_text()


def test_a_text_that_takes_for_ever_costs_only_its_looks(results, monkeypatch):
    def render(kept):
        time.sleep(60 if "slow" in kept["cells"][0]["text"] else 0)
        return "rendered"

    monkeypatch.setattr(make, "answer_html", render)
    monkeypatch.setattr(limited, "SECONDS", 3.0)  # for the fast ones on a busy machine
    write(results, "ben", answer("s1-why", cell("slow *text*")))
    made = make_written(results)
    assert made.notices[0] == "the answers of ben are shown as they were typed"
    assert "<pre>slow *text*</pre>" in (results / "ben/written.html").read_text()
    assert "rendered" in (results / "anna/written.html").read_text()


@pytest.mark.parametrize("work", [lambda: 1 / 0, lambda: ["x" * (1 << 33)], lambda: exit(3)])
def test_rendering_that_fails_gives_nothing(work):
    assert list(limited.limited([work])) == [None]


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_rendering_in_several_processes_keeps_the_order(at_once):
    def work(number):
        time.sleep(0.2 if number == 0 else 0)
        if number == 2:
            raise ValueError
        return [str(number), "x" * 300_000]  # more than a pipe holds

    works = [lambda number=number: work(number) for number in range(5)]
    found = list(limited.limited(works, at_once))
    assert [texts and texts[0] for texts in found] == ["0", "1", None, "3", "4"]


def test_rendering_that_is_given_up_leaves_no_process():
    import multiprocessing

    works = [lambda: ["first"], lambda: time.sleep(60) or [], lambda: time.sleep(60) or []]
    rendered = limited.limited(works, 3)
    assert next(rendered) == ["first"]
    rendered.close()
    assert multiprocessing.active_children() == []


def test_a_folder_without_answers_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="no written answers were found"):
        make_written(tmp_path)


def test_answers_that_were_tampered_with_are_refused(results):
    path = results / "anna/written.json"
    path.write_text(path.read_text().replace("s1-why", "../../evil"))
    with pytest.raises(UsageError, match=r"cannot be read; .*grade the submission once more"):
        make_written(results)


def test_a_missing_package_is_said(results, monkeypatch):
    missing = {"nbconvert"}
    monkeypatch.setattr(templates, "find_spec", lambda name: None if name in missing else object())
    with pytest.raises(AutograderError) as error:
        make_written(results)
    assert str(error.value) == (
        "nbconvert is not installed; autograder report; install what it needs: "
        "pip install 'autograder[notebooks]'"
    )


def test_without_a_program_for_pdfs_it_says_what_is_missing(results, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert pdf.find_pdf_maker() is None
    made = make_written(results)
    assert made.notices == ()
    assert print_written(results, made.folders.values()) == (0, (pdf.MISSING,))


def test_pandoc_alone_is_not_enough_and_with_latex_it_is(monkeypatch):
    there = {"pandoc"}
    monkeypatch.setattr(shutil, "which", lambda name: name if name in there else None)
    assert pdf.find_pdf_maker() is None
    there.add("xelatex")
    assert pdf.find_pdf_maker() is not None


def test_pandoc_is_told_to_print_the_page(results, monkeypatch, tmp_path):
    for name in ("pandoc", "xelatex"):
        program = tmp_path / name
        program.write_text('#!/bin/sh\nfor word; do case "$word" in --output=*) '
                           'echo "%PDF- $@" > "${word#--output=}";; esac; done\n')  # fmt: skip
        program.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(tmp_path / name)
                        if name in ("pandoc", "xelatex") else None)  # fmt: skip
    monkeypatch.setattr(make, "find_pdf_maker", pdf.find_pdf_maker)
    assert print_written(results, make_written(results).folders.values()) == (2, ())
    said = (results / "anna/written.pdf").read_text()
    assert "-no-shell-escape" in said and said.strip().endswith("anna/written.html")


def test_a_program_that_fails_gives_a_notice(results, monkeypatch, tmp_path):
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(broken) if name == "chromium" else None)
    monkeypatch.setattr(make, "find_pdf_maker", pdf.find_pdf_maker)
    printed, notices = print_written(results, make_written(results).folders.values())
    assert printed == 0 and len(notices) == 2
    assert notices[0] == f"no PDF could be made of {results / 'anna/written.html'}"


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed")
def test_chromium_prints_one_sheet_for_each_question(results, monkeypatch):
    monkeypatch.setattr(make, "find_pdf_maker", pdf.find_pdf_maker)
    assert print_written(results, make_written(results).folders.values()) == (2, ())
    data = (results / "anna/written.pdf").read_bytes()
    assert data.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", data)) == 2


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed")
@pytest.mark.parametrize("text", ["\n\n".join(HOSTILE)])
def test_chromium_runs_nothing_of_an_answer(results, text, tmp_path):
    """The page's title is what a script would change."""
    import subprocess

    write(
        results, "ben", answer("s1-why", cell(text.replace("alert(1)", "document.title='pwned'")))
    )
    make_written(results)
    page = results / "ben/written.html"
    command = ["chromium", "--headless", "--disable-gpu", "--no-sandbox", "--dump-dom",
               f"--user-data-dir={tmp_path / 'profile'}", page.as_uri()]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert "<title>A small one: written answers of ben</title>" in done.stdout


def test_pages_are_where_the_report_says(results):
    make_written(results)
    assert {str(path.relative_to(results)) for path in results.rglob("*.html")} == {
        "written.html", "by-question/s1-how.html", "by-question/s1-why.html",
        "anna/written.html", "ben/written.html",
    }  # fmt: skip
