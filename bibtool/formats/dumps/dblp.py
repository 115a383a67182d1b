"""``dblp.xml``, read as a stream: ISO-8859-1, with named entities that its DTD defines, one element per record.

Source: "DBLP -- Some Lessons Learned" and ``dblp.dtd``. Entities are those of HTML 4, so the DTD is not needed.
Records of persons (``www``) and of data are left out. A ``crossref`` names the volume, whose title is ``booktitle``
here anyway.
"""

from __future__ import annotations

import contextlib
from html.entities import name2codepoint
from typing import IO, TYPE_CHECKING, Any, Final
from xml.parsers import expat

from bibtool.errors import IdentifierError, InputError
from bibtool.formats.dumps.base import DumpRecord, Tally
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date, DateParts
from bibtool.model.identifiers import arxiv_id_of_doi, parse_arxiv_id, parse_doi
from bibtool.model.names import Names, parse_name
from bibtool.model.record import Arxiv, Record

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_TYPES: Final = {
    "article": "article-journal", "inproceedings": "paper-conference", "proceedings": "book", "book": "book",
    "incollection": "chapter", "phdthesis": "thesis", "mastersthesis": "thesis",
}  # fmt: skip
_CHUNK: Final = 1 << 20
_ENTITY: Final = lazy_pattern(rb"&([A-Za-z][A-Za-z0-9]*);")
_BUILT_IN: Final = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))


def _numeric(entity: re.Match[bytes]) -> bytes:
    if entity[1] in _BUILT_IN:
        return entity[0]
    code = name2codepoint.get(entity[1].decode("ascii"))
    return b"&#%d;" % code if code else b"?"


class _Reading:
    """The record that is being read, and those that are complete."""

    def __init__(self) -> None:
        self.depth = 0
        self.complete: list[tuple[str, dict[str, str], list[tuple[str, str]]]] = []
        self.kind = ""
        self.attributes: dict[str, str] = {}
        self.fields: list[tuple[str, str]] = []
        self.text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 2:
            self.kind, self.attributes, self.fields = name, attributes, []
        elif self.depth == 3:
            self.text = []

    def end(self, name: str) -> None:
        if self.depth == 2:
            self.complete.append((self.kind, self.attributes, self.fields))
        elif self.depth == 3:
            self.fields.append((name, "".join(self.text)))
        self.depth -= 1

    def data(self, text: str) -> None:
        if self.depth >= 3:
            self.text.append(text)


def _refuse_entity(*_: Any) -> None:
    raise InputError("declares entities of its own, which dblp.xml does not")


def records_of(stream: IO[bytes], tally: Tally) -> Iterator[DumpRecord]:
    """The records of the dump one by one. Raises `InputError` where the XML is broken."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    reading = _Reading()
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.data
    parser.EntityDeclHandler = _refuse_entity
    rest = b""
    while True:
        chunk = stream.read(_CHUNK)
        data = rest + chunk
        cut = data.rfind(b"&", -40) if chunk else -1  # an entity may go on in the next chunk
        data, rest = (data[:cut], data[cut:]) if cut >= 0 else (data, b"")
        try:
            parser.Parse(_ENTITY.sub(_numeric, data), not chunk)
        except expat.ExpatError as error:
            raise InputError(f"not well-formed XML: {error}", line=error.lineno) from error
        for kind, attributes, fields in reading.complete:
            if kind in _TYPES:
                try:
                    yield _row(kind, attributes, fields)
                except ValueError as error:
                    tally.lose(f"{attributes.get('key', '')}: {error}")
        reading.complete.clear()
        if not chunk:
            return


def _row(kind: str, attributes: dict[str, str], fields: list[tuple[str, str]]) -> DumpRecord:
    first: dict[str, str] = {}
    people: dict[str, list[str]] = {"author": [], "editor": []}
    addresses: list[str] = []
    for name, text in fields:
        if name in people:
            people[name].append(text)
        elif name == "ee":
            addresses.append(text)
        else:
            first.setdefault(name, text)
    key, sort = attributes.get("key", ""), attributes.get("publtype", "")
    title = " ".join(first.get("title", "").split())
    year = first.get("year", "")[:4]
    variables: dict[str, Any] = {
        "title": title[:-1] if title.endswith(".") and not title.endswith("..") else title,
        "author": Names(tuple(map(parse_name, people["author"]))),
        "editor": Names(tuple(map(parse_name, people["editor"]))),
        "issued": Date(start=DateParts(int(year))) if year.isdigit() else None,
        "container-title": first.get("booktitle") or first.get("journal") or "",
        "volume": first.get("volume", ""),
        "issue": first.get("number", ""),
        "page": first.get("pages", ""),
        "publisher": first.get("publisher") or first.get("school") or "",
        "collection-title": first.get("series", ""),
    }
    number = first.get("volume", "").removeprefix("abs/") if first.get("journal") == "CoRR" else ""
    arxiv = None
    if number:
        with contextlib.suppress(IdentifierError):
            arxiv = Arxiv(id=parse_arxiv_id(number))
    for address in addresses:
        if "doi.org/" not in address:
            continue
        with contextlib.suppress(IdentifierError):
            doi = parse_doi(address)
            own = arxiv_id_of_doi(doi)
            if own is None:
                variables.setdefault("DOI", doi)
            elif arxiv is None:
                arxiv = Arxiv(id=own)
    if kind in ("book", "proceedings") and first.get("isbn"):
        variables["ISBN"] = first["isbn"]
    elif first.get("journal") == "CoRR":
        variables["volume"] = ""
    record = Record(
        f"DBLP:{key}" if key else "",
        "article" if first.get("journal") == "CoRR" else _TYPES[kind],
        variables={name: value for name, value in variables.items() if value},
        arxiv=arxiv,
    )
    return DumpRecord(record, key or title, "withdrawn, says dblp" if sort == "withdrawn" else "")
