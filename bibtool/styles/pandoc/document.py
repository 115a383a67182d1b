"""A document with its citations written out and its bibliography in place."""

from __future__ import annotations

from bibtool.errors import InputError
from bibtool.structs import dataclass, field
from bibtool.styles.cites import Citation, CitationItem
from bibtool.styles.cluster import render_citation, render_in_parts, sort_cites
from bibtool.styles.pandoc.folding import FOLDED, unfolded
from bibtool.styles.pandoc.inlines import SPACE, Inline, Kept, text_of
from bibtool.styles.pandoc.locators import LocatorReader
from bibtool.styles.pandoc.punctuation import is_raised, moved
from bibtool.styles.processor import Processor
from bibtool.styles.session import first_notes, place_cites

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from bibtool.model.record import Record
    from bibtool.styles.cluster import Placed
    from bibtool.styles.style import Style

REFS = "refs"
EVERYTHING = "*"  # the key of ``@*`` in ``nocite``
_OWN_META = ("nocite", "references", "bibliography", "csl")
_CLOSING = "”’\"'»›"
_PLAIN = frozenset({"Str", "Space", "SoftBreak", "LineBreak", FOLDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a document says of its citations."""

    locale: str | None = None
    link_citations: bool = False
    link_bibliography: bool = True
    suppress_bibliography: bool = False
    notes_after_punctuation: bool | None = None  # None: in styles of notes
    section_title: tuple[Inline, ...] = ()
    abbreviations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class _Cite:
    """A citation of the document: its node, and whether it is in a note that the author wrote."""

    node: Inline
    in_note: bool
    note: int
    citation: Citation = field(default_factory=Citation)
    missing: tuple[str, ...] = ()
    in_text: bool = False  # the names are part of the sentence


class _Finder:
    """Finds the citations of a tree in reading order, and the lists of inlines that hold them."""

    def __init__(self, folded: list[str] | None = None) -> None:
        self.folded = folded or []
        self.cites: list[_Cite] = []
        self.holders: list[list[Inline]] = []
        self.refs: dict[str, Any] | None = None
        self.note = 0

    def walk(self, value: Any, *, in_note: bool = False) -> None:
        """Look through a value of the tree."""
        if isinstance(value, list):
            holds = False
            for item in value:
                if isinstance(item, dict):
                    kind = item.get("t")
                    if kind in _PLAIN:
                        continue
                    if kind == "Cite":
                        holds = True
                    self._node(kind, item, in_note)
                elif isinstance(item, list):
                    self.walk(item, in_note=in_note)
            if holds:
                self.holders.append(value)
        elif isinstance(value, dict):
            if "t" in value:
                self._node(value["t"], value, in_note)
            else:
                for item in value.values():
                    self.walk(item, in_note=in_note)

    def _node(self, kind: Any, node: dict[str, Any], in_note: bool) -> None:
        if kind == "Cite":
            if self.folded and FOLDED in str(node.get("c")):  # seldom, and quicker asked than looked through
                node["c"] = unfolded(node.get("c"), self.folded)
            _check(node)
            if not in_note:
                self.note += 1
            self.cites.append(_Cite(node, in_note, self.note))
            return
        if kind == "Note":
            self.note += not in_note
            self.walk(node.get("c"), in_note=True)
            return
        if kind == "Div" and node["c"][0][0] == REFS:
            self.refs = node
        contents = node.get("c")
        if contents.__class__ is not str:
            self.walk(contents, in_note=in_note)

    def keys(self) -> list[str]:
        """The keys of what was found."""
        return [item["citationId"] for cite in self.cites for item in cite.node["c"][0]]


def _check(node: dict[str, Any]) -> None:
    """Raise `InputError` for a citation that pandoc would not write."""
    contents = node.get("c")
    if isinstance(contents, list) and len(contents) == 2 and isinstance(contents[0], list):
        for item in contents[0]:
            if not isinstance(item, dict) or not {
                "citationId", "citationPrefix", "citationSuffix", "citationMode"
            } <= item.keys():  # fmt: skip
                break
        else:
            return
    raise InputError("a citation of the document is not one of pandoc's")


def keys_in(value: Any) -> list[str]:
    """The keys of all citations in a value of the metadata, such as ``nocite``."""
    finder = _Finder()
    finder.walk(value)
    return finder.keys()


@dataclass(frozen=True, slots=True)
class Cited:
    """What a document cites: its citations, and their keys and those of ``nocite``, each once, as they are written."""

    finder: _Finder
    keys: tuple[str, ...]
    everything: bool

    @classmethod
    def of(cls, document: Mapping[str, Any], folded: list[str] | None = None) -> Cited:
        """The citations of a document; ``folded`` are the runs of words that it has placeholders for (`fold`)."""
        finder = _Finder(folded)
        meta: dict[str, Any] = document["meta"]
        for name, value in meta.items():
            if name not in _OWN_META:
                finder.walk(value)
        finder.walk(document["blocks"])
        keys = dict.fromkeys([*finder.keys(), *keys_in(meta.get("nocite"))])
        return cls(finder, tuple(key for key in keys if key != EVERYTHING), EVERYTHING in keys)


@dataclass(frozen=True, slots=True)
class Formatted:
    """A document, the keys that it cites without a record, and its citations that print nothing, by their keys."""

    document: dict[str, Any]
    missing: tuple[str, ...]
    empty: tuple[tuple[str, ...], ...]


def format_document(
    document: dict[str, Any],
    style: Style,
    records: Sequence[Record],
    options: Options,
    cited: Cited | None = None,
) -> Formatted:
    """The document, changed in place, and what is wrong with its citations.

    ``records`` are all that can be cited; of several with one key the first counts. ``cited`` is what the document
    cites, where that is known already.
    """
    return _Formatting(document, style, records, options, cited or Cited.of(document)).run()


class _Formatting:
    def __init__(
        self,
        document: dict[str, Any],
        style: Style,
        records: Sequence[Record],
        options: Options,
        cited: Cited,
    ) -> None:
        self.document = document
        self.options = options
        self.style = style
        self.homes: dict[str, str] = {}
        for record in reversed(records):
            self.homes.update(dict.fromkeys(record.aliases, record.key))
        self.homes.update({record.key: record.key for record in records})
        self.records = {record.key: record for record in reversed(records)}
        self.cited = cited
        self.finder = cited.finder
        self.kept = Kept()
        self.empty: list[tuple[str, ...]] = []

    def run(self) -> Formatted:
        wanted = [*self.cited.keys, *(self.records if self.cited.everything else ())]
        keys = list(dict.fromkeys(self.homes[key] for key in wanted if key in self.homes))
        missing = [key for key in self.cited.keys if key not in self.homes]
        self.processor = Processor(
            self.style,
            [self.records[key] for key in keys],
            locale=self.options.locale,
            output="text",  # no output is asked for: runs become inlines here
            links=self.options.link_bibliography,
            abbreviations=self.options.abbreviations,
        )
        self.locators = LocatorReader(self.processor.locale)
        for cite in self.finder.cites:
            self._read(cite)
        self.processor.register(keys, first_notes=first_notes(cite.citation for cite in self.finder.cites))
        self._cites()
        if not self.options.suppress_bibliography:
            self._bibliography()
        return Formatted(self.document, tuple(missing), tuple(self.empty))

    # citations

    def _cites(self) -> None:
        processor = self.processor
        is_note = self.style.is_note
        clusters: list[list[Placed]] = []
        for cite in self.finder.cites:
            placed = processor.placed(cite.citation.items)
            if cite.citation.sort and len(placed) > 1:
                placed = sort_cites(processor.engine, placed, in_document=True)
            if self.options.link_citations:
                for place in placed:
                    place.link = f"#ref-{place.item.id}"
            clusters.append(placed)
        place_cites([cite.citation for cite in self.finder.cites], clusters, processor.engine.near_distance)
        for cite, placed in zip(self.finder.cites, clusters, strict=True):
            cite.node["c"][1] = self._text(cite, placed)
        if not any(is_raised(cite.node["c"][1]) for cite in self.finder.cites):
            return
        into_quotes = processor.locale.punctuation_in_quote
        asked = self.options.notes_after_punctuation
        after = is_note if asked is None else asked
        for holder in self.finder.holders:
            holder[:] = moved(holder, into_quotes=into_quotes, after_punctuation=after)

    def _read(self, cite: _Cite) -> None:
        is_note = self.style.is_note
        items: list[CitationItem] = []
        missing = []
        listed = cite.node["c"][0]
        for item in listed:
            key = self.homes.get(item["citationId"])
            if key is None:
                missing.append(item["citationId"])
                continue
            label, locator, suffix = self.locators.read(self.kept.markup(item["citationSuffix"]))
            prefix = self.kept.markup(item["citationPrefix"])
            if is_note and not cite.in_note and not items and prefix[:1].islower():
                prefix = prefix[0].upper() + prefix[1:]  # the note is a sentence of its own
            items.append(
                CitationItem(
                    key=key,
                    locator=locator,
                    label=label,
                    prefix=prefix and f"{prefix.rstrip()} ",
                    suffix=suffix.rstrip(),
                    suppress_author=item["citationMode"]["t"] == "SuppressAuthor",
                )
            )
        cite.in_text = bool(listed) and listed[0]["citationMode"]["t"] == "AuthorInText"
        cite.missing = tuple(missing)
        note = cite.note if is_note else 0
        cite.citation = Citation(items=tuple(items), note=note, sort=not cite.in_text)

    def _text(self, cite: _Cite, placed: list[Placed]) -> list[Inline]:
        names: list[Inline] = []
        rest: list[Inline] = []
        if cite.in_text and placed:
            author, others = render_in_parts(self.processor.engine, placed)
            names, rest = self.kept.inlines_of(author), self.kept.inlines_of(others)
        elif placed:
            rest = self.kept.inlines_of(render_citation(self.processor.engine, placed))
        if placed and not names and not rest:
            self.empty.append(tuple(item.key for item in cite.citation.items))  # which pandoc prints nothing for, too
        for key in cite.missing:
            unknown: list[Inline] = [{"t": "Strong", "c": [{"t": "Str", "c": f"{key}?"}]}]
            rest = [*rest, SPACE, *unknown] if rest else unknown
        if not placed and not self.style.is_note:
            rest = [{"t": "Str", "c": "("}, *rest, {"t": "Str", "c": ")"}]
        if not self.style.is_note:
            return [*names, SPACE, *rest] if names and rest else names or rest
        if not cite.in_note:
            return [*names, {"t": "Note", "c": [{"t": "Para", "c": rest}]}] if rest else names
        rest = _without_stop(rest)
        if names:
            return [*names, {"t": "Str", "c": ","}, SPACE, *rest] if rest else names
        return rest if cite.in_text else [{"t": "Str", "c": "("}, *rest, {"t": "Str", "c": ")"}]

    # bibliography

    def _bibliography(self) -> None:
        if self.processor.engine.bibliography is None:
            return
        runs, options = self.processor.entry_runs()
        entries = [_entry(key, self.kept.inlines_of(run)) for key, run in runs if run]
        if not entries:
            return
        element = self.style.bibliography
        classes = ["references", "csl-bib-body"]
        if options.hanging_indent:
            classes.append("hanging-indent")
        attributes = [
            [name, element.get(name)] for name in ("entry-spacing", "line-spacing") if element and element.get(name)
        ]
        blocks: list[Any] = self.document["blocks"]
        div = self.finder.refs
        if div is not None:
            (_, own_classes, own_attributes), contents = div["c"]
            title = self._title()
            merged = list(dict.fromkeys([*own_classes, *classes]))
            div["c"] = [[REFS, merged, [*own_attributes, *attributes]], [*contents, *entries]]
            if title:
                div["c"][1] = [*contents, *title, *entries]
            return
        title = self._title()
        if not title and blocks and blocks[-1].get("t") == "Header":
            level, (name, own, pairs), inlines = blocks[-1]["c"]
            own = own if "unnumbered" in own else [*own, "unnumbered"]
            blocks[-1] = {"t": "Header", "c": [level, [name, own, pairs], inlines]}
        blocks += [*title, {"t": "Div", "c": [[REFS, classes, attributes], entries]}]

    def _title(self) -> list[Any]:
        title = list(self.options.section_title)
        return [{"t": "Header", "c": [1, ["bibliography", ["unnumbered"], []], title]}] if title else []


def _entry(key: str, inlines: list[Inline]) -> dict[str, Any]:
    return {"t": "Div", "c": [[f"ref-{key}", ["csl-entry"], []], [{"t": "Para", "c": inlines}]]}


def _without_stop(inlines: list[Inline]) -> list[Inline]:
    """The inlines without a full stop at the end, also inside quotation marks: the sentence of the note goes on."""
    last = inlines[-1] if inlines else SPACE
    if last.get("t") != "Str":
        return inlines
    text: str = last["c"]
    bare = text.rstrip(_CLOSING)
    if not bare.endswith(".") or bare.endswith(".."):
        return inlines
    text = bare[:-1] + text[len(bare) :]
    return [*inlines[:-1], {"t": "Str", "c": text}] if text else inlines[:-1]


def titles_of(value: Any) -> Iterable[Inline]:
    """The inlines of a value of the metadata, such as ``reference-section-title``."""
    if not isinstance(value, dict):
        return ()
    contents = value.get("c")
    if value.get("t") == "MetaInlines" and isinstance(contents, list):
        return contents
    return (
        [{"t": "Str", "c": text}]
        if (text := text_of([value]) or (contents if isinstance(contents, str) else ""))
        else ()
    )
