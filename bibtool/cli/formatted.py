"""Formatted lists and citations for the command line: which style, which engine, which output."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from bibtool.errors import StyleError, UsageError
from bibtool.formats.presented import presented

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.cli.common import App
    from bibtool.model.record import Record
    from bibtool.problems import Problem
    from bibtool.styles.style import Style, StyleIndex

# formatted reference lists; everything else comes from the registry of formats
LISTS = {
    "text": "formatted list, plain text",
    "markdown": "formatted list, Markdown",
    "html": "formatted list, a page of HTML",
    "latex": "formatted list, LaTeX",
    "rtf": "formatted list, RTF",
    "typst": "formatted list, Typst",
    "rst": "formatted list, reStructuredText",
    "docx": "formatted list, Word document",
    "ansi": "formatted list for a terminal",
}

DEFAULT_STYLE = "apa"
_BIBTEX_OUTPUTS = frozenset({"text", "markdown", "html", "latex"})


def style_index(app: App) -> StyleIndex:
    """The styles of the user's own folder and of the installed collection, their index kept in the cache."""
    from platformdirs import user_config_path

    from bibtool.styles.style import StyleIndex

    own = user_config_path("bibtool", appauthor=False) / "styles"
    return StyleIndex([own], cache=app.cache_folder())


def checked_locale(name: str | None) -> str | None:
    """The name of a locale; raises `UnknownNameError` with suggestions where the engine would silently use English."""
    if name is not None:
        from bibtool.styles.locale import Locale

        Locale.load(name)
    return name


def find_style(app: App, name: str) -> Style:
    """The CSL style of a name, title, journal, ISSN, URL or path; relative paths of the settings start there."""
    return style_index(app).load(name)


def render_list(
    records: Sequence[Record],
    target: str,
    *,
    app: App,
    style: str | None = None,
    locale: str | None = None,
    keep_order: bool = False,
    page: bool = True,
) -> tuple[bytes, tuple[Problem, ...]]:
    """The records as a formatted list (``page``: html as a page of its own), and what could not be formatted well."""
    from bibtool.styles.pybtex_styles import STYLES

    name = style or app.settings.style or DEFAULT_STYLE
    problems: tuple[Problem, ...] = ()
    language, hanging = "en", False
    if name in STYLES or name.endswith(".bst"):
        if target not in _BIBTEX_OUTPUTS:
            wanted = ", ".join(sorted(_BIBTEX_OUTPUTS))
            raise UsageError(f"BibTeX's style {name} writes {wanted} only", hint="a CSL style such as apa writes all")
        text, problems = _by_bibtex(records, target, app, name, keep_order=keep_order)
    else:
        if target == "docx":
            return _docx(records, app, name, locale, keep_order=keep_order), ()
        from bibtool.styles.processor import Processor

        processor = Processor(
            find_style(app, name), map(presented, records), locale=checked_locale(locale), output=target, links=True
        )
        if keep_order:
            processor.register([record.key for record in records], sort=False)
        bibliography = processor.bibliography()
        text, hanging = str(bibliography), bibliography.options.hanging_indent
        language = processor.locale.lang or "en"
    if target == "html" and page:
        from bibtool.styles.lists import html_page

        text = html_page(text, language=language, hanging=hanging)
    if text and not text.endswith("\n"):
        text += "\n"
    return text.encode("utf-8"), problems


def _docx(records: Sequence[Record], app: App, name: str, locale: str | None, *, keep_order: bool) -> bytes:
    from bibtool.styles.output import docx
    from bibtool.styles.processor import Processor

    processor = Processor(
        find_style(app, name), map(presented, records), locale=checked_locale(locale), output="text", links=True
    )
    if keep_order:
        processor.register([record.key for record in records], sort=False)
    return docx.document(*processor.entry_runs())


def _by_bibtex(
    records: Sequence[Record], target: str, app: App, name: str, *, keep_order: bool
) -> tuple[str, tuple[Problem, ...]]:
    from bibtool.formats.registry import write_bytes
    from bibtool.styles import lists
    from bibtool.styles.pybtex_styles import join_entries, render_entries

    del app
    bibtex = write_bytes(records, "bibtex").data
    if not name.endswith(".bst"):
        entries, problems = render_entries(bibtex, name, target, keep_order=keep_order)
        return join_entries(entries, target), problems
    from bibtool.styles.bst import run_bst, run_of, split_bbl

    bbl = run_bst(bibtex, bst_path(name))
    if target == "latex":
        return bbl, ()
    from bibtool.bib.latex import from_latex
    from bibtool.styles.output import renderer

    output = renderer(target)
    rows = []
    for number, entry in enumerate(split_bbl(bbl), start=1):
        text = from_latex(entry.latex.replace("\\newblock", ""))
        label = from_latex(entry.label).plain() if entry.label else str(number)
        rows.append((entry.key, label, output.inline(run_of(text))))
    return lists.join(rows, target), ()


def bst_path(name: str) -> Path:
    """The file of a .bst style: as named, or where the TeX installation has it."""
    path = Path(name)
    if path.is_file():
        return path
    if path.name == name and (program := shutil.which("kpsewhich")):
        done = subprocess.run([program, name], capture_output=True, text=True, check=False)
        if done.returncode == 0 and done.stdout.strip():
            return Path(done.stdout.strip().splitlines()[0])
    raise StyleError("there is no such style", path=name, hint="name a file, or install it in the TeX tree")
