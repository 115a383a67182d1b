"""The page around a formatted list: the same fonts, colours, print and dark as those of a publication list."""

from __future__ import annotations

from bibtool.web.pages import asset, classes_for_styles, direction, source_hash, text
from bibtool.web.pages import language as language_of


def list_page(body: str, *, title: str = "References", language: str = "en", hanging: bool = False) -> str:
    """The page; no script, and nothing may be loaded from outside (Content-Security-Policy).

    ``body`` is a ``csl-bib-body``. ``hanging`` indents all lines of an entry but the first, where a style asks for it.
    """
    style = f"{asset('_base.css')}\n{asset('_list.css')}"
    klass = ' class="bibtool-hanging"' if hanging else ""
    policy = f"default-src 'none'; style-src {source_hash(style)}; base-uri 'none'; form-action 'none'"
    shown = text(title)
    return (
        f"<!DOCTYPE html>\n<html {language_of(language)}>\n<head>\n"
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="strict-origin-when-cross-origin">\n'
        f"<title>{shown}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"<header>\n<h1{direction(title)}>{shown}</h1>\n</header>\n"
        f"<main{klass}>\n{classes_for_styles(body)}</main>\n</body>\n</html>\n"
    )
