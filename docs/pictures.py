"""Takes the pictures of the README again: ``python docs/pictures.py``, with Chromium installed.

They show a publication list (`pictures/cv.png`) and findings of ``bibtool check`` (`pictures/check.png`), made from the
files in `fixtures/`, without network. Look at them before you commit them.
"""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

PICTURES = ROOT / "docs" / "pictures"
WIDTH = 900
SPACE = 28  # around the terminal, in pixels
# background, text, and the eight colours of a terminal, bright enough for the dark background
COLOURS = (
    (30, 34, 39),
    (215, 218, 224),
    [
        (92, 99, 112),
        (240, 113, 120),
        (152, 195, 121),
        (229, 192, 123),
        (97, 175, 239),
        (198, 120, 221),
        (86, 182, 194),
        (215, 218, 224),
    ],
)
FAULTY = """\
@article{ash2020,
  author  = {Ash, Bea and Oz, Celik},
  title   = {Rivers and Maps}
  journal = {Journal of Tests},
  year    = {2020},
}

@article{bruna2022neural,
  author  = {Bruna, Joan and Peherstorfer, Benjamin},
  title   = {Neural Galerkin Schemes},
  journal = {J. Comput. Phys.},
  year    = {20024},
  doi     = {https://doi.org/10.1016/j.jcp.2023.112588},
  pages   = {112588-112570},
}
"""
PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #fff }}
pre {{ margin: 0; padding: {space}px; background: #1e2227; color: #d7dae0; width: {width}px;
      box-sizing: border-box; white-space: pre-wrap; font: 15px/1.45 "DejaVu Sans Mono", monospace }}
</style><pre><span style="color:#8a919c">$</span> <b>bibtool check refs.bib</b>
{text}</pre>"""


def main(folder: Path = PICTURES) -> None:
    """Write both pictures into a folder."""
    from tests.support.browser import Browser

    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, Browser(Path(name) / "profile") as browser:
        work = Path(name)
        _photograph(browser, publication_list(work), folder / "cv.png", height=720)
        _photograph(browser, findings(work), folder / "check.png")


def publication_list(work: Path) -> Path:
    """The page of a publication list from the listing in `fixtures/`, confirmed by the server of the tests."""
    from tests.support.arxiv_server import Server

    listing = str(ROOT / "fixtures" / "listings" / "profile.txt")
    library = ("--library", str(work / "library.sqlite"))
    _bibtool(work, *library, "import", "--as-of", "2026-11-23", listing)
    with Server() as server:
        _bibtool(work, *library, "enrich", BIBTOOL_ARXIV_URL=server.url, BIBTOOL_ARXIV_DELAY="0")
    _bibtool(work, *library, "cv", "--owner", "Joan Bruna", "--to", "html", "-o", "cv.html")
    return work / "cv.html"


def findings(work: Path) -> Path:
    """A page with what ``bibtool check`` shows on a terminal for a file with mistakes."""
    from io import StringIO

    from rich.console import Console
    from rich.terminal_theme import TerminalTheme
    from rich.text import Text

    (work / "refs.bib").write_text(FAULTY, encoding="utf-8")
    shown = Text.from_ansi(_on_a_terminal(work, "check", "refs.bib"))
    console = Console(record=True, file=StringIO(), width=100, force_terminal=True, color_system="truecolor")
    console.print(shown, soft_wrap=True)
    html = console.export_html(theme=TerminalTheme(*COLOURS), inline_styles=True, code_format="{code}")
    page = work / "check.html"
    page.write_text(PAGE.format(space=SPACE, width=WIDTH, text=html.strip("\n")), encoding="utf-8")
    return page


def _photograph(browser: object, page: Path, target: Path, height: int = 0) -> None:
    """A picture of a page from its top, or of the whole page."""
    import base64

    from tests.support.browser import Browser

    assert isinstance(browser, Browser)
    browser.window((WIDTH, height or 100))
    browser.open(page.as_uri())
    if not height:
        browser.window((WIDTH, browser.ask("document.documentElement.scrollHeight")))
    data = base64.b64decode(browser.send("Page.captureScreenshot", format="png")["data"], validate=True)
    target.write_bytes(data)


def _environment(work: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BIBTOOL", "XDG_", "NO_COLOR"))}
    return {**kept, "HOME": str(work), "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "COLUMNS": "100"}


def _bibtool(work: Path, *arguments: str, **variables: str) -> None:
    command = [sys.executable, "-m", "bibtool", "--quiet", *arguments]
    environment = {**_environment(work), **variables}
    done = subprocess.run(command, cwd=work, env=environment, check=False, capture_output=True, text=True)
    if done.returncode not in {0, 1}:  # 1 where names are doubtful
        raise SystemExit(done.stderr)


def _on_a_terminal(work: Path, *arguments: str) -> str:
    """What a command shows on a terminal of 100 columns, with its colours."""
    main, side = pty.openpty()
    command = [sys.executable, "-m", "bibtool", *arguments]
    process = subprocess.Popen(command, cwd=work, env=_environment(work), stdout=side, stderr=side)
    os.close(side)
    shown = b""
    try:
        while data := os.read(main, 65536):
            shown += data
    except OSError:  # Linux says so when the other side is closed
        pass
    process.wait()
    os.close(main)
    return shown.decode().replace("\r\n", "\n")


if __name__ == "__main__":
    main()
