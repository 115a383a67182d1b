"""Formatted lists and citations for the command line: which style, which engine, which output."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bibtool.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.cli.common import App
    from bibtool.model.record import Record
    from bibtool.problems import Problem
    from bibtool.styles.style import Style, StyleIndex
    from bibtool.styles.stylenames import Meaning

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

LIST_SUFFIXES = {
    "text": (".txt",),
    "markdown": (".md",),
    "html": (".html",),
    "latex": (".tex",),
    "rtf": (".rtf",),
    "typst": (".typ",),
    "rst": (".rst",),
    "docx": (".docx",),
}


def style_index(app: App) -> StyleIndex:
    """The styles of the user's own folder and of the installed collection, their index kept in the cache.

    A name that stands for a style of another name is reported once.
    """
    from pathlib import Path

    from bibtool.cli.ownfolders import own_folder
    from bibtool.problems import Problem, Severity
    from bibtool.styles.style import StyleIndex

    own = Path(own_folder("config"), "styles")

    def tell(meaning: Meaning) -> None:
        if meaning.name not in app.told:
            app.told.add(meaning.name)
            app.report([Problem(code="style-name", message=meaning.message, severity=Severity.NOTE)])

    return StyleIndex([own], cache=app.cache_folder(), tell=tell)


def find_style(app: App, name: str) -> Style:
    """The CSL style of a name, title, journal, ISSN, URL or path; relative paths of the settings start there."""
    if name not in app.styles:
        try:
            app.styles[name] = style_index(app).load(name)
        except UnknownNameError as error:
            if name == app.style_of("export.style", app.settings.style):
                raise app.settings.error_in("export.style", error) from error
            raise
    return app.styles[name]


def check_list_options(app: App, target: str, style: str | None, locale: str | None, *, sorts: bool = False) -> None:
    """Raise what `render_list` would raise for the style and the locale, before any files are read.

    Raises `UsageError` where there is a style or a locale, and the target is not a formatted list; a locale is also
    taken where the call ``sorts``.
    """
    if locale is not None:
        from bibtool.project.formatted import checked_locale

        checked_locale(locale)
    if target not in LISTS:
        for name, value in (("--style", style), ("--locale", locale)):
            if value and not (sorts and name == "--locale"):
                raise UsageError(f"{name} is for formatted lists ({', '.join(LISTS)}), not for {target}")
        return
    from bibtool.styles.pybtex_styles import STYLES

    name = app.style_name(style)
    if name.endswith(".bst"):
        from bibtool.project.formatted import bst_path

        bst_path(name)
    elif name not in STYLES:
        find_style(app, name)


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
    """The list in the style of the call, else of the settings; see `bibtool.project.formatted.render_list`."""
    from bibtool.project import formatted

    find = partial(find_style, app)
    name = app.style_name(style)
    return formatted.render_list(records, target, name, find, locale=locale, keep_order=keep_order, page=page)
