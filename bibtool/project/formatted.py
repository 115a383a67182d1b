"""Records as formatted lists: by a CSL style, by one of BibTeX's styles, or by a .bst file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from bibtool.errors import StyleError, UsageError
from bibtool.model.standins import presented
from bibtool.programs import run_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bibtool.model.record import Record
    from bibtool.problems import Problem
    from bibtool.styles.processor import Processor
    from bibtool.styles.style import Style

DEFAULT_STYLE = "apa"
_BIBTEX_OUTPUTS = frozenset({"text", "markdown", "html", "latex"})


def checked_locale(name: str | None) -> str | None:
    """The name of a locale; raises `UnknownNameError` with suggestions where the engine would silently use English."""
    if name is not None:
        from bibtool.styles.locale import Locale

        Locale.load(name)
    return name


def processor_of(
    records: Sequence[Record], style: Style, output: str, *, locale: str | None = None, keep_order: bool = False
) -> Processor:
    """The processor of the records as a style should see them, with links; ``keep_order`` against the style's."""
    from bibtool.styles.processor import Processor

    processor = Processor(style, map(presented, records), locale=checked_locale(locale), output=output, links=True)
    if keep_order:
        processor.register([record.key for record in records], sort=False)
    return processor


def render_list(
    records: Sequence[Record],
    target: str,
    style: str,
    find_style: Callable[[str], Style],
    *,
    locale: str | None = None,
    keep_order: bool = False,
    page: bool = True,
) -> tuple[bytes, tuple[Problem, ...]]:
    """The records as a formatted list (``page``: html as a page of its own), and what could not be formatted well.

    ``find_style`` gives the CSL style of a name. Raises `UsageError` for an output that a style does not have.
    """
    from bibtool.styles.pybtex_styles import STYLES

    problems: tuple[Problem, ...] = ()
    language, hanging = "en", False
    if style in STYLES or style.endswith(".bst"):
        if target not in _BIBTEX_OUTPUTS:
            wanted = ", ".join(sorted(_BIBTEX_OUTPUTS))
            raise UsageError(f"BibTeX's style {style} writes {wanted} only", hint="a CSL style such as apa writes all")
        text, problems = _by_bibtex(records, target, style, keep_order=keep_order)
    else:
        output = "text" if target == "docx" else target
        processor = processor_of(records, find_style(style), output, locale=locale, keep_order=keep_order)
        if not keep_order:
            problems = order_problems(processor, records)
        if target == "docx":
            from bibtool.styles.output import docx

            return docx.document(*processor.entry_runs()), (*problems, *_printed_commands(records))
        bibliography = processor.bibliography()
        text, hanging = str(bibliography), bibliography.options.hanging_indent
        language = processor.locale.lang or "en"
    problems = (*problems, *_printed_commands(records))
    if target == "latex" and not text.isascii():
        from bibtool.bib.latexforms import without_form

        problem = without_form(text)
        problems += (problem,) if problem else ()
    if target == "html" and page:
        from bibtool.web.listpage import list_page

        text = list_page(text, language=language, hanging=hanging)
    if text and not text.endswith("\n"):
        text += "\n"
    return text.encode("utf-8", "replace"), problems


def _printed_commands(records: Sequence[Record]) -> Iterable[Problem]:
    if not any(record.leftovers for record in records):
        return ()
    from bibtool.formats.bibtex.commands import printed_commands

    return printed_commands(records)


def order_problems(processor: Processor, records: Iterable[Record]) -> tuple[Problem, ...]:
    """A note where names or titles have characters that the order of the list's language has only with ICU."""
    if not processor.engine.bibliography_keys or processor.locale.lang[:2] not in ("zh", "ko"):
        return ()
    from bibtool.model.names import Names
    from bibtool.model.text.collation import not_ordered
    from bibtool.problems import Problem, Severity

    def sorted_texts() -> Iterator[str]:
        for record in records:
            people = record.variables.get("author") or record.variables.get("editor")
            if isinstance(people, Names):
                yield from (f"{person.literal or ''}{person.family or ''}{person.given or ''}" for person in people)
            else:
                yield record.text("title")

    char = not_ordered(processor.locale.lang, sorted_texts())
    if not char:
        return ()
    message = (
        f"{char} and other rare characters come after the usual ones: their order in {processor.locale.lang} needs ICU"
    )
    hint = "install bibtool[icu], or python -m pip install pyicu-wheels"
    return (Problem(code="order-needs-icu", message=message, severity=Severity.NOTE, hint=hint),)


def _by_bibtex(
    records: Sequence[Record], target: str, name: str, *, keep_order: bool
) -> tuple[str, tuple[Problem, ...]]:
    from bibtool.formats.base import WriteOptions
    from bibtool.formats.registry import write_bytes
    from bibtool.styles import lists
    from bibtool.styles.pybtex_styles import join_entries, render_entries

    # the styles hand on what they get, and what they write is compiled or shown
    bibtex = write_bytes(records, "bibtex", WriteOptions(extra={"commands": "text"})).data
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
    if path.name == name:
        try:
            done = run_program("kpsewhich", names=[name])
        except OSError:
            done = None
        if done is not None and done.returncode == 0 and (found := done.stdout.strip()):
            return Path(os.fsdecode(found.splitlines()[0]))
    raise StyleError("there is no such style", path=name, hint="name a file, or install it in the TeX tree")
