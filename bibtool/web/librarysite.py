"""The pages of a library: a list to search and filter, and each record with what one comes for, ready to be copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from bibtool.errors import BibtoolError, UnknownNameError, UsageError
from bibtool.model.describe import doi_address, rows_of
from bibtool.model.identifiers import arxiv_id_of_doi
from bibtool.model.works.manifestation import manifestation_of
from bibtool.structs import dataclass, field
from bibtool.web.pages import attribute, classes_for_styles, clean, direction, href, text
from bibtool.web.serve import Page, failure, html_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bibtool.model.describe import DescribedValue
    from bibtool.model.record import Record
    from bibtool.store.base import Library

PER_PAGE: Final = 100
_BEST: Final = ("", "best match")  # only a search for words has an order of its own
# what a record can be copied as: name of the format, heading; the first one is open
_FORMATS: Final = (("bibtex", "BibTeX"), ("biblatex", "BibLaTeX"), ("csl-json", "CSL-JSON"), ("ris", "RIS"))
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

    ``open_library`` opens it for reading, again in each thread. ``reference`` gives a record's reference as markup of
    `bibtool.styles.output.html`, and ``style`` is the name of its style. ``name`` is that of the library's file.
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
                return failure(404, "Record not found", str(error), "")
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
        items = f'<ul class="records">\n{"".join(map(_item, shown))}</ul>\n' if shown else ""
        body = (
            f"<header>\n<h1>{text(self.name)}</h1>\n</header>\n<main>\n{_form(words, where, order, fault)}"
            f'<p class="count" role="status">{count}</p>\n{items}'
            f"{_pages({'q': words, 'where': where, 'sort': order}, start, len(records))}</main>\n"
            f"{_KEYS if shown else ''}"
        )
        title = f"{words or where} – {self.name}" if words or where else self.name
        return html_page(title, body, version=version, status=400 if fault else 200)

    def _record(self, record: Record, version: str) -> Page:
        title = record.title or record.key
        people = _people(record, 20)
        rows = "".join(_row(row) for row in rows_of(record))
        links = " ".join(_links(record))
        body = (
            f'<nav aria-label="Library"><a href="/">All records</a></nav>\n<main>\n'
            f"<h1{direction(title)}>{text(title)}</h1>\n"
            f"{f'<p class=people{direction(people)}>{text(people)}</p>' if people else ''}\n"
            f"<p class=facts>{_facts(record)}{f' &nbsp;{links}' if links else ''}</p>\n"
            f"{''.join(self._blocks(record))}"
            f'<details class="all">\n<summary>All fields, and where they come from</summary>\n'
            f'<dl class="values">\n{rows}</dl>\n</details>\n</main>\n'
        )
        return html_page(f"{title} – {self.name}", body, version=version)

    def _blocks(self, record: Record) -> Iterator[str]:
        """The reference and the record in each format, each with its button."""
        from bibtool.formats.registry import write_bytes

        try:
            reference = classes_for_styles(clean(self.reference(record)))
        except BibtoolError as error:
            reference = text(str(error))
        shown = f'<div class="reference" id="reference"{direction(reference)}>{reference}</div>'
        yield _block("reference", f"Reference ({self.style})", shown, is_open=True)
        for at, (name, heading) in enumerate(_FORMATS):
            source = write_bytes([record], name).data.decode("utf-8", "replace").strip("\r\n")
            yield _block(name, heading, f'<pre id="{name}" tabindex="0">{_lines(source)}</pre>', is_open=at == 0)


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
        '<div><label for="q">Search</label>'
        f'<input id="q" name="q" type="search" value="{attribute(words)}" autocomplete="off"></div>\n'
        '<div><label for="where">Filter</label>'
        f'<input id="where" name="where" value="{attribute(where)}" placeholder="for example year&gt;=2021" '
        f'autocomplete="off" autocapitalize="off" spellcheck="false"{marks}></div>\n'
        f'<div class="short"><label for="sort">Sort</label><select id="sort" name="sort">{options}</select></div>\n'
        f'<button type="submit">Search</button>\n</form>\n{told}'
    )


def _count(fitting: int, total: int, start: int, shown: int) -> str:
    if not total:
        return "The library is empty. <code>bibtool import FILE</code> adds records."
    everything = f"{total:,} record{'s' if total != 1 else ''}"
    if not fitting:
        return f'No matching records. <a href="/">Show all {everything}</a>'
    told = f"{fitting:,} of {everything}" if fitting != total else everything
    return told if shown == fitting else f"{told}, showing {start + 1:,} to {start + shown:,}"


_KEYS: Final = (
    '<p class="keys"><kbd>/</kbd> search &nbsp; <kbd>j</kbd> <kbd>k</kbd> next, previous record &nbsp; '
    "<kbd>Enter</kbd> open</p>\n"
)


def _item(record: Record) -> str:
    title = record.title or record.key
    people = _people(record, 4)
    links = " ".join(_links(record))
    return (
        f'<li><a class="title" href="/record?key={quote(record.key, safe="", errors="replace")}"'
        f"{direction(title)}>{text(title)}</a>"
        f"{f'<p{direction(people)}>{text(people)}</p>' if people else ''}"
        f'<p class="facts">{_facts(record)}{f" &nbsp;{links}" if links else ""}</p></li>\n'
    )


def _facts(record: Record) -> str:
    """Venue and year, what it is, and its key."""
    venue = record.text("container-title")
    year = str(record.year or "")
    where = ", ".join(part for part in (f"<i>{text(venue)}</i>" if venue else "", year) if part)
    return " · ".join(part for part in (where, text(_kind(record)), f"<code>{text(record.key)}</code>") if part)


def _kind(record: Record) -> str:
    """What the record describes, in a word: a preprint rather than CSL's ``article``."""
    return str(manifestation_of(record)) or record.type.replace("-", " ")


def _links(record: Record) -> Iterator[str]:
    """Links out of the library: arXiv and DOI."""
    if record.arxiv is not None and record.arxiv.id is not None:
        yield f'<a href="{href(record.arxiv.id.url)}">arXiv:{text(str(record.arxiv.id))}</a>'
    doi = record.text("DOI")
    if doi and arxiv_id_of_doi(doi) is None:
        yield f'<a href="{href(doi_address(doi))}" aria-label="DOI {attribute(doi)}">DOI</a>'


def _people(record: Record, most: int) -> str:
    names = record.names("author") or record.names("editor")
    shown = [name.display() for name in names][:most]
    more = names.truncated or len(names) > most
    return ", ".join(shown) + (" et al." if more else "")


def _pages(query: Mapping[str, str], start: int, total: int) -> str:
    def link(at: int, label: str, rel: str) -> str:
        fields = {name: value for name, value in query.items() if value} | ({"from": str(at)} if at else {})
        return f'<a href="/?{attribute(urlencode(fields, errors="replace"))}" rel="{rel}">{label}</a>'

    if total <= PER_PAGE:
        return ""
    before = link(max(start - PER_PAGE, 0), "Previous", "prev") if start else "<span></span>"
    after = link(start + PER_PAGE, "Next", "next") if start + PER_PAGE < total else "<span></span>"
    return f'<nav class="pages" aria-label="Pages">{before}{after}</nav>\n'


def _block(anchor: str, title: str, shown: str, *, is_open: bool) -> str:
    """A part to be copied: its button is there whether it is open or folded."""
    return (
        f'<section class="copy" aria-label="{attribute(title)}">\n'
        f'<button type="button" data-copy="{anchor}" aria-label="Copy {attribute(title)}" hidden>Copy</button>\n'
        f"<details{' open' if is_open else ''}>\n<summary><h2>{text(title)}</h2></summary>\n{shown}\n</details>\n"
        "</section>\n"
    )


def _lines(source: str) -> str:
    return "\n".join(text(line.replace("\t", "    ")) for line in source.split("\n"))


def _row(row: DescribedValue) -> str:
    address = href(row.address)
    shown = f'<a href="{address}">{text(row.value)}</a>' if address else text(row.value)
    source = f"<dd>{text(row.origin)}</dd>" if row.origin else ""
    return f"<div><dt>{text(row.name)}</dt><dd{direction(row.value)}>{shown}</dd>{source}</div>\n"
