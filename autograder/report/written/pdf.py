"""Print pages as PDF, by whichever program is installed: Chromium, or pandoc with LaTeX."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

SECONDS = 180.0

MISSING = (
    "no PDF was made: neither Chromium nor pandoc with xelatex was found; print written.html from "
    "a browser, or install one of them"
)

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ENGINES = ("xelatex", "lualatex")

MakePdf = Callable[[Path, Path], bool]


def find_pdf_maker() -> MakePdf | None:
    """Return a function that makes a PDF of a page and returns whether it did, or None."""
    browser = _first(_BROWSERS)
    if browser:
        return lambda page, target: _by_browser(browser, page, target)
    engine = _first(_ENGINES)
    pandoc = shutil.which("pandoc")
    if engine and pandoc:
        return lambda page, target: _by_pandoc(pandoc, engine, page, target)
    return None


def _first(names: tuple[str, ...]) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def _by_browser(browser: str, page: Path, target: Path) -> bool:
    """Print a page, without the network; the page itself forbids scripts."""
    with tempfile.TemporaryDirectory(prefix="autograder-report-") as profile:
        command = [browser, "--headless", "--disable-gpu", "--no-first-run",
                   f"--user-data-dir={profile}", "--host-resolver-rules=MAP * ~NOTFOUND",
                   "--no-pdf-header-footer",
                   f"--print-to-pdf={target.resolve()}"]  # fmt: skip
        if os.geteuid() == 0:
            command.append("--no-sandbox")  # with its sandbox, it refuses to start as root
        return _run([*command, page.resolve().as_uri()], target)


def _by_pandoc(pandoc: str, engine: str, page: Path, target: Path) -> bool:
    """Convert a page; LaTeX sees what pandoc has parsed, never what a student has typed."""
    with tempfile.TemporaryDirectory(prefix="autograder-report-") as scratch:
        header = Path(scratch) / "header.tex"
        header.write_text("\\let\\asbefore\\subsection\n"
                          "\\renewcommand\\subsection{\\clearpage\\asbefore}\n")  # fmt: skip
        command = [pandoc, "--from=html", "--standalone", f"--pdf-engine={engine}",
                   "--pdf-engine-opt=-no-shell-escape", f"--include-in-header={header}",
                   "--variable=geometry:margin=2.5cm", f"--output={target.resolve()}",
                   str(page.resolve())]  # fmt: skip
        return _run(command, target)


def _run(command: list[str], target: Path) -> bool:
    target.unlink(missing_ok=True)
    try:
        subprocess.run(command, capture_output=True, check=True, timeout=SECONDS)
    except (OSError, subprocess.SubprocessError):
        return False
    return target.is_file()
