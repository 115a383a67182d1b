"""Labelled references out of records: set by CSL styles, which know the place of every variable."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from unittest import mock

from benchmarks.references.labelled import Labelled, Span
from bibtool.errors import BibtoolError
from bibtool.styles import engine as engines
from bibtool.styles.bibliography import Substitution, render_entry, with_article_number
from bibtool.styles.compile import Compiler
from bibtool.styles.context import NO_DISAMBIGUATION
from bibtool.styles.engine import Engine
from bibtool.styles.item import Item
from bibtool.styles.rich import Frame, Mark, Node, node_of
from bibtool.styles.style import Style, default_index

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from bibtool.model.record import Record
    from bibtool.styles.context import Context
    from bibtool.styles.elements import Render
    from bibtool.styles.rich import Out
    from bibtool.xmltree import Element

# the variables, and the labels of the model; what is not here is "other"
LABELS = {
    "title": "title", "title-short": "title", "container-title": "container", "container-title-short": "container",
    "collection-title": "series", "collection-number": "series", "publisher": "publisher", "authority": "publisher",
    "publisher-place": "place", "event-place": "place", "volume": "volume", "issue": "issue", "page": "pages",
    "page-first": "pages", "number-of-pages": "pages", "edition": "edition", "genre": "genre", "DOI": "doi",
    "URL": "url", "number": "number", "ISBN": "number", "ISSN": "number", "PMID": "number", "PMCID": "number",
    "issued": "date", "author": "author", "editor": "editor", "collection-editor": "editor",
    "editorial-director": "editor", "container-author": "editor", "director": "author", "composer": "author",
    "translator": "translator", "citation-number": "citation-number", "citation-label": "citation-number",
}  # fmt: skip
# the styles that most lists are set in, and their families: the model that is measured learned from none of them
COMMON = (
    "apa", "ieee", "elsevier-vancouver", "chicago-author-date", "harvard-cite-them-right",
    "modern-language-association", "nature", "springer-basic-author-date", "acm-sig-proceedings",
    "american-medical-association", "american-chemical-society", "springer-lecture-notes-in-computer-science",
)  # fmt: skip
FAMILIES = re.compile(
    r"^apa|^ieee|vancouver|^chicago|turabian|harvard|modern-language|^mla|^nature|^springer|^acm|association-for-comp|"
    r"american-medical|^ama|american-chemical|^acs"
)
_BLOCKS = frozenset({"block", "left-margin", "right-inline", "indent"})
_NUMBER = re.compile(r"\W*1\s*[\])./]+\s*")


class LabellingCompiler(Compiler):
    """Compiles the elements of a style so that the text of each variable carries its label, as a link to it."""

    def element(self, element: Element) -> Render | None:
        """One compiled element, what it prints marked by its variable."""
        render = super().element(element)
        if render is None or self.place.area != "bibliography" or self.place.sorting:
            return render
        if element.name == "names":
            return _labelled_names(render)
        variable = element.get("variable").strip()
        if not variable or element.name not in {"text", "number", "date", "label"}:
            return render
        label = LABELS.get(variable, "other")

        def labelled(ctx: Context, out: list[Out]) -> None:
            start = len(out)
            render(ctx, out)
            for index in range(start, len(out)):
                out[index] = _linked(out[index], label)

        return labelled


def _linked(piece: Out, label: str) -> Node:
    return node_of([piece], Frame(link=label))


def _labelled_names(render: Render) -> Render:
    def labelled(ctx: Context, out: list[Out]) -> None:
        start, known = len(out), len(ctx.blocks)
        render(ctx, out)
        blocks = ctx.blocks[known:]
        for block in blocks:
            block.list_node.frame = Frame(tag="list", link=LABELS.get(block.variable, "other"))
        if blocks:
            label = LABELS.get(blocks[0].variable, "other")
            for index in range(start, len(out)):
                out[index] = _linked(out[index], label)

    return labelled


@lru_cache(maxsize=64)
def labelling_engine(name: str, locale: str = "") -> Engine | None:
    """The engine of a style whose output is labelled; None for a style without a bibliography, or a broken one."""
    try:
        style = Style.load(name)
        if style.bibliography is None:
            return None
        with mock.patch.object(engines, "Compiler", LabellingCompiler):
            return Engine(style, style.locale(locale or None))
    except BibtoolError:
        return None


def render(engine: Engine, record: Record, source: str = "", language: str = "") -> Labelled | None:
    """A record in a style, with its labels; None where the style prints too little of it."""
    item = Item(with_article_number(engine, record))
    try:
        run, _ = render_entry(
            engine, item, number=1, disambiguation=NO_DISAMBIGUATION, year_suffix="",
            substitution=Substitution(engine), align="",
        )  # fmt: skip
    except (BibtoolError, RecursionError):
        return None
    text = ""
    spans: list[Span] = []
    stack: list[str] = []
    for piece in run:
        if isinstance(piece, Mark):
            if piece.kind == "link":
                stack.pop() if piece.close else stack.append(piece.href)
            elif piece.kind in _BLOCKS:
                text += " "
            continue
        if stack and piece.strip():
            spans.append((len(text), len(text) + len(piece), stack[-1]))
        text += piece
    labelled = _without_number(text, spans)
    if not {"title", "author"} & {label for _, _, label in labelled[1]} or len(labelled[0]) < 20:
        return None
    return Labelled(labelled[0], tuple(labelled[1]), source, language)


def _without_number(text: str, spans: list[Span]) -> tuple[str, list[Span]]:
    """The text without the number of the entry, which is taken off before the words are labelled; one space each."""
    start = 0
    if spans and spans[0][2] == "citation-number":
        while spans and spans[0][2] == "citation-number":
            start = spans.pop(0)[1]
        start += len(text[start:]) - len(text[start:].lstrip(" .)]\t:\u00a0"))
    elif number := _NUMBER.match(text):
        start = number.end()
    moved: list[int] = []
    kept: list[str] = []
    for index, char in enumerate(text):
        moved.append(len(kept))
        if index >= start:
            shown = " " if char.isspace() else char
            if shown != " " or (kept and kept[-1] != " "):
                kept.append(shown)
    moved.append(len(kept))
    good = [
        (moved[a], moved[b], "other" if label == "citation-number" else label) for a, b, label in spans if a >= start
    ]
    return "".join(kept).rstrip(), good


def style_names(*, common: bool) -> list[str]:
    """The independent styles of the installed collection, without the common families unless ``common``."""
    names = [entry.name for entry in default_index().entries if not entry.parent]
    return [name for name in names if common or not FAMILIES.search(name)]


def render_many(
    records: Sequence[Record], styles: Sequence[str], count: int, rng: random.Random, per_style: int = 6
) -> list[Labelled]:
    """References in all the styles in turn, a few records each; in the language of the record where it has one."""
    made: list[Labelled] = []
    order = list(styles)
    rng.shuffle(order)
    at = 0
    while len(made) < count and at < 20 * len(order):
        name = order[at % len(order)]
        at += 1
        picked = [rng.choice(records) for _ in range(per_style)]
        for record in picked:
            language = str(record.variables.get("language", ""))[:2]
            locale = LOCALES.get(language, "") if language != "en" else ""
            engine = labelling_engine(name, locale if rng.random() < 0.8 else "")
            if engine is None:
                break
            line = render(engine, record, f"csl:{name}", language)
            if line is not None:
                made.append(line)
    return made[:count]


LOCALES = {
    "de": "de-DE", "fr": "fr-FR", "es": "es-ES", "it": "it-IT", "pt": "pt-BR", "nl": "nl-NL", "pl": "pl-PL",
    "ru": "ru-RU", "zh": "zh-CN", "ja": "ja-JP", "sv": "sv-SE", "cs": "cs-CZ", "tr": "tr-TR",
}  # fmt: skip
