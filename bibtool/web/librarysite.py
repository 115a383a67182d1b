"""The pages of a library: a list with search, filter and order, and each record with all that is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from bibtool.errors import BibtoolError, UnknownNameError, UsageError
from bibtool.model.describe import rows_of
from bibtool.web.pages import attribute, classes_for_styles, clean, direction, href, text
from bibtool.web.serve import Page, failure, html_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bibtool.model.describe import DescribedValue
    from bibtool.model.record import Record
    from bibtool.store.base import Library

PER_PAGE: Final = 100
_BEST: Final = ("", "best first")  # only a search for words has an order of its own
_ORDERS: Final = (
    ("-year,title", "newest first"),
    ("year,title", "oldest first"),
    ("title", "by title"),
    ("author,-year", "by author"),
    ("key", "by key"),
)


@dataclass(slots=True)
class LibrarySite:
    """A library as a `bibtool.web.serve.Site`.

    ``open_library`` opens it to read, anew in each thread. ``reference`` gives a record's reference as markup of
    `bibtool.styles.output.html`, and ``style`` is the name of its style.
    """

    open_library: Callable[[], Library]
    reference: Callable[[Record], str]
    style: str
    name: str = "Library"
    _kept: tuple[str, tuple[Record, ...]] = field(default=("", ()), init=False)

    def version(self) -> str:
        """The state of the history: another one after every change, undo and redo."""
        with self.open_library() as library:
            return _version(library)

    def page(self, path: str, query: Mapping[str, str]) -> Page | None:
        """The list at ``/``, a record at ``/record?key=...``."""
        if path not in {"/", "/record"}:
            return None
        with self.open_library() as library:
            version = _version(library)
            if path == "/":
                return self._list(library, version, query)
            try:
                record = library.get(query.get("key", ""))
            except UnknownNameError as error:
                return failure(404, "There is no such record", str(error), "")
        return self._record(record, version)

    def _all(self, library: Library, version: str) -> tuple[Record, ...]:
        """All records, read again only after a change."""
        read_at, records = self._kept
        if read_at != version:
            records = tuple(library.records())
            self._kept = (version, records)
        return records

    def _list(self, library: Library, version: str, query: Mapping[str, str]) -> Page:
        from bibtool.model.query import parse_where, sort_records

        words, where, order = (query.get(name, "").strip() for name in ("q", "where", "sort"))
        if order not in {name for name, _ in _ORDERS}:
            order = ""
        records: Sequence[Record] = tuple(library.search(words)) if words else self._all(library, version)
        fault = ""
        if where:
            try:
                test = parse_where(where)
                records = [record for record in records if test(record)]
            except UsageError as error:
                fault, records = str(error).removeprefix("--where: "), ()
        if not order and not words:
            order = _ORDERS[0][0]
        if order:
            records = sort_records(records, order)
        start = _number(query.get("from", ""))
        start = start if start < len(records) else 0
        shown = records[start : start + PER_PAGE]
        count = "" if fault else _count(len(records), len(library), start, len(shown))
        body = (
            f"<header>\n<h1>{text(self.name)}</h1>\n</header>\n<main>\n{_form(words, where, order, fault)}"
            f'<p class="count" role="status">{count}</p>\n'
            f'<ul class="records">\n{"".join(map(_item, shown))}</ul>\n'
            f"{_pages({'q': words, 'where': where, 'sort': order}, start, len(records))}</main>\n"
        )
        title = f"{words or where} – {self.name}" if words or where else self.name
        return html_page(title, body, version=version, status=400 if fault else 200)

    def _record(self, record: Record, version: str) -> Page:
        from bibtool.formats.registry import write_bytes

        blocks = []
        try:
            reference = classes_for_styles(clean(self.reference(record)))
        except BibtoolError as error:
            reference = text(str(error))
        shown = f'<div class="reference" id="reference"{direction(reference)}>{reference}</div>'
        blocks.append(_block("reference", f"Reference ({self.style})", shown))
        for name, title in (("bibtex", "BibTeX"), ("csl-json", "CSL-JSON")):
            source = write_bytes([record], name).data.decode("utf-8", "replace").strip("\n")
            blocks.append(_block(name, title, f'<pre id="{name}" tabindex="0">{_lines(source)}</pre>'))
        title = record.title or record.key
        people = _people(record, 20)
        rows = "".join(_row(row) for row in rows_of(record))
        body = (
            f'<nav aria-label="Library"><a href="/">All records</a></nav>\n<main>\n'
            f"<h1{direction(title)}>{text(title)}</h1>\n"
            f"{f'<p class=people{direction(people)}>{text(people)}</p>' if people else ''}\n"
            f'<dl class="values">\n{rows}</dl>\n{"".join(blocks)}</main>\n'
        )
        return html_page(f"{title} – {self.name}", body, version=version)


def _version(library: Library) -> str:
    history = library.history()
    standing = next((change.number for change in history if not change.undone), 0)
    return f"{history[0].number if history else 0}.{standing}"


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 8 else 0


def _form(words: str, where: str, order: str, fault: str) -> str:
    options = "".join(
        f'<option value="{name}"{" selected" if name == order else ""}>{title}</option>'
        for name, title in ((_BEST, *_ORDERS) if words else _ORDERS)
    )
    told = f'<p class="wrong" id="wrong" role="alert">{text(fault)}</p>\n' if fault else ""
    marks = ' aria-invalid="true" aria-describedby="wrong"' if fault else ""
    return (
        '<form class="search" role="search" action="/" method="get">\n'
        '<div><label for="q">Words</label>'
        f'<input id="q" name="q" type="search" value="{attribute(words)}" autocomplete="off"></div>\n'
        '<div><label for="where">Condition</label>'
        f'<input id="where" name="where" value="{attribute(where)}" placeholder="year&gt;=2021 and doi" '
        f'autocomplete="off" spellcheck="false"{marks}></div>\n'
        f'<div class="short"><label for="sort">Order</label><select id="sort" name="sort">{options}</select></div>\n'
        f'<button type="submit">Search</button>\n</form>\n{told}'
    )


def _count(fitting: int, total: int, start: int, shown: int) -> str:
    if not total:
        return "The library is empty; <code>bibtool import FILE</code> fills it."
    if not fitting:
        return f"None of {total} records fits."
    told = f"{fitting} of {total} records" if fitting != total else f"{total} record{'s' if total != 1 else ''}"
    return told if shown == fitting else f"{told}, {start + 1} to {start + shown} shown"


def _item(record: Record) -> str:
    title = record.title or record.key
    people = _people(record, 4)
    place = ", ".join(
        part for part in (record.text("container-title"), str(record.year or ""), _identifier(record)) if part
    )
    return (
        f'<li><a href="/record?key={quote(record.key, safe="", errors="replace")}"{direction(title)}>{text(title)}</a>'
        f"{f'<p{direction(people)}>{text(people)}</p>' if people else ''}"
        f'<p class="hint">{text(record.key)} · {text(record.type)}{f" · {text(place)}" if place else ""}</p></li>\n'
    )


def _people(record: Record, most: int) -> str:
    names = record.names("author") or record.names("editor")
    shown = [name.display() for name in names][:most]
    more = names.truncated or len(names) > most
    return ", ".join(shown) + (" et al." if more else "")


def _identifier(record: Record) -> str:
    if record.arxiv is not None and record.arxiv.id is not None:
        return f"arXiv:{record.arxiv.id}"
    return record.text("DOI")


def _pages(query: Mapping[str, str], start: int, total: int) -> str:
    def link(at: int, label: str, rel: str) -> str:
        fields = {name: value for name, value in query.items() if value} | ({"from": str(at)} if at else {})
        return f'<a href="/?{attribute(urlencode(fields, errors="replace"))}" rel="{rel}">{label}</a>'

    if total <= PER_PAGE:
        return ""
    before = link(max(start - PER_PAGE, 0), "Previous", "prev") if start else "<span></span>"
    after = link(start + PER_PAGE, "Next", "next") if start + PER_PAGE < total else "<span></span>"
    return f'<nav class="pages" aria-label="Pages">{before}{after}</nav>\n'


def _block(anchor: str, title: str, shown: str) -> str:
    return (
        f'<section aria-labelledby="{anchor}-heading">\n<div class="copy"><h2 id="{anchor}-heading">{text(title)}</h2>'
        f'<button type="button" data-copy="{anchor}" aria-label="Copy {attribute(title)}" hidden>Copy</button></div>\n'
        f"{shown}\n</section>\n"
    )


def _lines(source: str) -> str:
    return "\n".join(text(line.replace("\t", "    ")) for line in source.split("\n"))


def _row(row: DescribedValue) -> str:
    address = href(row.address)
    shown = f'<a href="{address}">{text(row.value)}</a>' if address else text(row.value)
    source = f"<dd>{text(row.origin)}</dd>" if row.origin else ""
    return f"<div><dt>{text(row.name)}</dt><dd{direction(row.value)}>{shown}</dd>{source}</div>\n"
