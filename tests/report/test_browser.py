"""The pages in a real browser: they open from disk, run nothing, ask for nothing, and fit."""

import json
import re
import shutil
import subprocess

import pytest

from autograder.report import Wishes, make_report
from autograder.results import write_results

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed"),
]

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync --hide-scrollbars"
).split()


@pytest.fixture
def chromium(tmp_path):
    """Run Chromium on a page, with a profile of its own."""

    def run(page, *options):
        command = ["chromium", *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", *options,
                   page.as_uri()]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=180)
        return done.stdout

    return run


def size_of(picture):
    """Width and height of a PNG."""
    head = picture.read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")


def test_the_page_of_five_hundred_is_whole(large, chromium):
    make_report(large, Wishes("Homework", kinds=("class", "students")))
    dom = chromium(large / "index.html", "--dump-dom")
    assert "<title>Homework: the class</title>" in dom
    students = dom.partition('<h2 id="students">')[2]
    assert students.count("<tr>") == 501
    assert students.count('href="for-students/') == 500
    assert dom.count("<svg") == 3 and dom.rstrip().endswith("</html>")


def test_nothing_is_wider_than_a_phone(large, chromium, tmp_path):
    """Tables and pictures scroll in their own frames; measured by a script of the test's."""
    make_report(large, Wishes("Homework", kinds=("class", "students")))
    for name in ("index.html", "for-students/n0003.html"):
        page = (large / name).read_text()
        script = (
            "<script>document.title = JSON.stringify([document.documentElement.scrollWidth,"
            "innerWidth])</script></body>"
        )
        measured = tmp_path / "measured.html"
        measured.write_text(re.sub(r"<meta http-equiv[^>]*>", "", page).replace("</body>", script))
        dom = chromium(measured, "--dump-dom", "--window-size=500,900")
        width, window = json.loads(re.search(r"<title>(.*?)</title>", dom)[1])
        assert width <= window, name


def test_it_prints(large, chromium, tmp_path):
    make_report(large, Wishes("Homework", kinds=("class", "students")))
    target = tmp_path / "class.pdf"
    chromium(large / "index.html", "--no-pdf-header-footer", f"--print-to-pdf={target}")
    pages = re.findall(rb"/Type\s*/Page\b", target.read_bytes())
    assert 10 < len(pages) < 60


def test_a_picture_of_it_can_be_taken(large, chromium, tmp_path):
    make_report(large, Wishes("Homework", kinds=("class",)))
    target = tmp_path / "class.png"
    chromium(large / "index.html", f"--screenshot={target}", "--window-size=1200,2000")
    assert size_of(target) == (1200, 2000)
    assert target.stat().st_size > 20_000, "it is not blank"


def test_no_script_of_a_student_runs(graded, chromium):
    """The title is what a script would change; a page that ran it would have another one."""
    from dataclasses import replace

    from autograder.results.class_results import read_class

    attack = "<script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\">"
    record = read_class(graded).records["doubles"]
    items = tuple(
        replace(item, message=attack, student_message=attack,
                tests=tuple(replace(test, message=attack, student_message=attack)
                            for test in item.tests))
        for item in record.items
    )  # fmt: skip
    write_results(graded, replace(record, items=items, notices=(attack,)))
    make_report(graded, Wishes("Shapes"))
    for page, title in (("index.html", "the class"), ("for-students/doubles.html", "doubles")):
        dom = chromium(graded / page, "--dump-dom")
        assert f"<title>Shapes: {title}</title>" in dom
        assert "&lt;script&gt;" in dom or page == "index.html"


def test_the_browser_would_refuse_a_script_and_a_request(graded, chromium, tmp_path):
    """What the first line of a page promises: even with a hole in our escaping nothing happens."""
    make_report(graded, Wishes("Shapes"))
    page = (graded / "for-students/solved.html").read_text()
    attack = "<script>document.title='pwned'</script><p onclick='x' id=holed>here</p></body>"
    holed = tmp_path / "holed.html"
    holed.write_text(page.replace("</body>", attack))
    dom = chromium(holed, "--dump-dom")
    assert 'id="holed"' in dom and "<title>Shapes: solved</title>" in dom
    open_page = re.sub(r"<meta http-equiv[^>]*>", "", holed.read_text())
    holed.write_text(open_page)
    assert "<title>pwned</title>" in chromium(holed, "--dump-dom"), "or this test proves nothing"
