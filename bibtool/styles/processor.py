"""The processor: records and a style to a bibliography and citations."""

from __future__ import annotations

from bibtool.collector import collector_paused
from bibtool.errors import UnknownNameError
from bibtool.structs import dataclass, replace
from bibtool.styles.bibliography import EntryOptions, Substitution, entry_options, render_entry, with_article_number
from bibtool.styles.context import NO_DISAMBIGUATION, Context, Disambiguation
from bibtool.styles.engine import Engine
from bibtool.styles.fieldtext import affix_piece
from bibtool.styles.item import Item, Shared
from bibtool.styles.numbers import suffix_letters
from bibtool.styles.output import renderer
from bibtool.styles.sort import sorted_by
from bibtool.styles.writer import flatten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bibtool.model.record import Record
    from bibtool.styles.cites import Citation, CitationItem
    from bibtool.styles.cluster import Placed
    from bibtool.styles.locale import Locale
    from bibtool.styles.namemarks import NameMarks
    from bibtool.styles.output import Renderer
    from bibtool.styles.rich import Run
    from bibtool.styles.sort import SortKey
    from bibtool.styles.style import Style

# Printed for a citation of which the style prints nothing. The specification leaves that open; text that is missing
# without a sign would be found by readers only. The words are those of citeproc-js.
NO_PRINTED_FORM = "[NO_PRINTED_FORM]"


@dataclass(frozen=True, slots=True, kw_only=True)
class BibliographyEntry:
    """One entry: the key of its record, and its text in the output format without what surrounds an entry."""

    key: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bibliography:
    """The entries in the order of the style; ``str()`` is the whole list in the output format."""

    entries: tuple[BibliographyEntry, ...]
    options: EntryOptions
    document: str

    def __str__(self) -> str:
        return self.document


class Processor:
    """Formats records by a style.

    ``records`` are taken as cited in this order. ``locale`` is a dialect (``de-DE``, default: the style's). ``output``
    is a name of `bibtool.styles.output.OUTPUTS`. ``links`` makes DOIs and URLs links where the output has links.
    ``abbreviations`` gives short forms by variable and long form. ``empty`` is printed for a reference of which the
    style prints nothing, and ``empty_citation`` for a whole citation of that kind, such as the names alone in a style
    that cites by numbers. ``marks`` has the marked names of records by citation key; they show in the bibliography.
    """

    @collector_paused()
    def __init__(
        self,
        style: Style,
        records: Iterable[Record],
        *,
        locale: str | Locale | None = None,
        output: str = "html",
        links: bool = False,
        abbreviations: Mapping[str, Mapping[str, str]] | None = None,
        empty: str = "",
        empty_citation: str = NO_PRINTED_FORM,
        marks: Mapping[str, NameMarks] | None = None,
    ) -> None:
        resolved = style.locale(locale) if locale is None or isinstance(locale, str) else locale
        self.engine = Engine(style, resolved, links=links, abbreviations=abbreviations)
        self.empty = empty
        self.empty_citation = empty_citation
        self.renderer: Renderer = renderer(output)
        self.items: dict[str, Item] = {}
        shared = Shared()
        for record in records:
            shown = with_article_number(self.engine, record)
            self.items[record.key] = Item(shown, marks.get(record.key) if marks else None, shared)
        self._order = list(self.items)
        self._registered: Registry | None = None

    @property
    def style(self) -> Style:
        """The style."""
        return self.engine.style

    @property
    def locale(self) -> Locale:
        """The locale in use."""
        return self.engine.locale

    @property
    def registry(self) -> Registry:
        """Order, numbers and disambiguation of the items, made at first need."""
        if self._registered is None:
            self._registered = Registry(self.engine, [self.items[key] for key in self._order])
        return self._registered

    def register(
        self,
        keys: Sequence[str],
        *,
        sort: bool = True,
        disambiguate: bool = True,
        first_notes: Mapping[str, str] | None = None,
    ) -> None:
        """Make these items, in order of their first citation, the content of the document.

        ``disambiguate=False`` is for lists that nothing cites: no year-suffixes, no names spelt out. ``first_notes``
        says which works are first cited in the same note, see `bibtool.styles.session.first_notes`.
        """
        notes = dict(first_notes) if first_notes and self.engine.cites_first_note else {}
        if (
            keys != self._order
            or self._registered is None
            or self._registered.sort is not sort
            or self._registered.first_notes != notes
            or not disambiguate
        ):
            self._order = list(keys)
            items = [self.items[key] for key in keys]
            self._registered = Registry(self.engine, items, sort=sort, disambiguate=disambiguate, first_notes=notes)

    def item(self, key: str) -> Item:
        """The item of a key; raises `UnknownNameError` with suggestions."""
        found = self.items.get(key)
        if found is None:
            raise UnknownNameError("record", key, list(self.items))
        return found

    # results

    @collector_paused()
    def entry_runs(self, *, substitute: bool = True) -> tuple[list[tuple[str, Run]], EntryOptions]:
        """The entries as runs of marked text, for renderers, and their options.

        ``substitute=False`` writes names out where the style has a dash for those of the entry before.
        """
        rendered = list(self._rendered(substitute=substitute))
        return [(key, run) for key, run, _ in rendered], self._options(length for _, _, length in rendered)

    def _rendered(self, *, substitute: bool) -> Iterator[tuple[str, Run, int]]:
        """Key, run and length of the first field of each entry."""
        engine = self.engine
        align = entry_options(engine).second_field_align
        registry = self.registry
        substitution = Substitution.of(engine) if substitute else Substitution(engine)
        for item in registry.bibliography:
            run, length = render_entry(
                engine,
                item,
                number=registry.numbers[item.id],
                disambiguation=registry.how(item.id),
                year_suffix=registry.suffix(item.id),
                substitution=substitution,
                align=align,
                empty=self.empty,
            )
            yield item.id, run, length

    def _options(self, lengths: Iterable[int]) -> EntryOptions:
        """The options of a list whose entries have first fields of these lengths."""
        return replace(entry_options(self.engine), max_offset=max(lengths, default=0))

    @collector_paused()
    def bibliography(self) -> Bibliography:
        """All entries. Empty where the style has no bibliography."""
        if self.engine.bibliography is None:
            return Bibliography(entries=(), options=EntryOptions(), document="")
        inline = self.renderer.inline
        entries: list[BibliographyEntry] = []
        lengths: list[int] = []
        for key, run, length in self._rendered(substitute=True):  # runs of a long list are not kept
            entries.append(BibliographyEntry(key=key, text=inline(run)))
            lengths.append(length)
        options = self._options(lengths)
        document = self.renderer.document([entry.text for entry in entries if entry.text], options)
        return Bibliography(entries=tuple(entries), options=options, document=document)

    def cite(self, items: Sequence[CitationItem | str] | CitationItem | Citation | str) -> str:
        """One citation, as if it were the first of the document. Keys stand for cites without anything else.

        A single key or cite stands for a list of it.

        Raises `UnknownNameError` for a key without a record.
        """
        from bibtool.styles.cites import Citation, CitationItem
        from bibtool.styles.cluster import sort_cites

        if isinstance(items, (str, CitationItem)):
            items = [items]
        citation = (
            items
            if isinstance(items, Citation)
            else Citation(items=tuple(CitationItem(key=x) if isinstance(x, str) else x for x in items))
        )
        placed = self.placed(citation.items)
        if citation.sort:
            placed = sort_cites(self.engine, placed)
        return self.render(placed, citation)

    def placed(self, items: Sequence[CitationItem]) -> list[Placed]:
        """The cites with numbers and disambiguation, all in first position."""
        from bibtool.styles.cluster import Placed

        registry = self.registry
        return [
            Placed(
                item=self.item(cite.key),
                cite=cite,
                disambiguation=registry.how(cite.key),
                number=registry.numbers.get(cite.key, 0),
                year_suffix=registry.suffix(cite.key),
            )
            for cite in items
        ]

    def render(self, placed: list[Placed], citation: Citation) -> str:
        """A citation whose cites are sorted and placed, in the output format.

        The mode ``composite`` gives the names in the text, the infix, and the rest: "Doe (2020)". Cites that
        print nothing give what `Processor` has for an empty citation; no cites give "".
        """
        text = self._citation(placed, citation)
        return text if text or not placed else self.renderer.inline([self.empty_citation])

    def _citation(self, placed: list[Placed], citation: Citation) -> str:
        if citation.mode == "composite":
            names = self._render(placed, citation, "author-only")
            rest = self._render(placed, citation, "suppress-author")
            infix = citation.infix.strip()
            if infix:
                infix = self.renderer.inline(flatten([affix_piece(infix)], self.engine.quotes))
            glued = names + infix if infix[:1] in tuple(".,;:!?'’") and infix else f"{names} {infix}".strip()
            return " ".join(part for part in (glued, rest) if part)
        return self._render(placed, citation, citation.mode)

    def _render(self, placed: list[Placed], citation: Citation, mode: str) -> str:
        from bibtool.styles.cluster import render_citation

        run = render_citation(
            self.engine, placed, prefix=citation.prefix, suffix=citation.suffix, mode=mode, empty=self.empty
        )
        return self.renderer.inline(run)


class Registry:
    """The items of a document: their order, numbers, names to show and year-suffixes."""

    def __init__(
        self,
        engine: Engine,
        items: list[Item],
        *,
        sort: bool = True,
        disambiguate: bool = True,
        first_notes: Mapping[str, str] | None = None,
    ) -> None:
        self.engine = engine
        self.items = items
        self.sort = sort
        self.first_notes = first_notes or {}
        self.numbers: dict[str, int] = {item.id: number for number, item in enumerate(items, 1)}
        self.bibliography = self._sorted(items) if sort else list(items)
        self._number()
        self._how: dict[str, Disambiguation] = {}
        self._suffixes: dict[str, str] = {}
        if disambiguate and _needs_disambiguation(engine):
            from bibtool.styles.disambiguate import Disambiguator

            disambiguator = Disambiguator(engine, self._note_numbers())
            self._how = disambiguator.run(items)
            if engine.add_suffix:
                self._assign_suffixes(disambiguator.suffix_groups)

    def _sorted(self, items: list[Item]) -> list[Item]:
        engine = self.engine
        keys = engine.bibliography_keys
        if not keys or not items:
            return list(items)
        ctx = Context(items[0], in_bibliography=True)
        numbers = self.numbers

        def value(key: SortKey, item: Item) -> str:
            ctx.item = item
            ctx.number = numbers[item.id]
            return key.value(ctx)

        return sorted_by(items, keys, value, engine.collate)

    def _note_numbers(self) -> dict[str, str]:
        """Numbers that are the same for works first cited in the same note, and only for these."""
        place = {item.id: str(number) for number, item in enumerate(self.items, 1)} if self.first_notes else {}
        return {key: place[home] for key, home in self.first_notes.items() if home in place}

    def _number(self) -> None:
        keys = self.engine.bibliography_keys
        count = len(self.bibliography)
        descending = any(key.uses_number and key.descending for key in keys)
        for index, item in enumerate(self.bibliography):
            self.numbers[item.id] = count - index if descending else index + 1

    def _assign_suffixes(self, groups: list[list[Item]]) -> None:
        place = {item.id: index for index, item in enumerate(self.bibliography)}
        for group in groups:
            for number, item in enumerate(sorted(group, key=lambda item: place[item.id])):
                self._suffixes[item.id] = suffix_letters(number)

    def how(self, key: str) -> Disambiguation:
        """How far the names of the item are shown."""
        return self._how.get(key, NO_DISAMBIGUATION)

    def suffix(self, key: str) -> str:
        """The year-suffix of the item, or ""."""
        return self._suffixes.get(key, "")


def _needs_disambiguation(engine: Engine) -> bool:
    return engine.add_names or engine.add_givenname or engine.add_suffix or engine.has_condition
