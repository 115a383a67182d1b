"""One entry as a record: the mapping of types and fields applied.

In addition to CSL's variables, a record keeps as leftovers

* ``bibtex``: the fields that no CSL variable fits, unchanged;
* ``bibtex-form``: the form of a value in the file, where the writer's own choice would be another field or form
  (``entrytype`` for ``@manual``, ``organization`` for a publisher). The writer uses it as long as it still means the
  same as the record.
"""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from bibtool.bib.annotations import Annotations, base_of
from bibtool.bib.latex import from_latex, verbatim_from_latex
from bibtool.errors import IdentifierError
from bibtool.formats.bibtex.arxiv_fields import arxiv_id_of, eprint_kind, is_preprint_container, split_note
from bibtool.formats.bibtex.builder import FORM, SOURCE, FieldFault, RecordBuilder, read_field
from bibtool.formats.bibtex.datefields import read_date, read_date_in_parts
from bibtool.formats.bibtex.mapping import (
    DATE_FIELDS,
    DATES_IN_PARTS,
    EDITOR_ROLES,
    EDITOR_TYPES,
    EDITORS,
    EPRINT_FIELDS,
    PUBLISHERS,
    PUBLISHERS_OF,
    SITES,
    WHOLE_BOOKS,
    Dialect,
    containers_of,
)
from bibtool.formats.bibtex.mapping_biblatex import BIBLATEX
from bibtool.formats.bibtex.mapping_bibtex import BIBTEX
from bibtool.formats.bibtex.shapes import read as read_by_shape
from bibtool.formats.bibtex.shapes import settled
from bibtool.formats.bibtex.titleparts import PARTS_OF_TITLES, join_titles
from bibtool.lazy import lazy_pattern
from bibtool.model.identifiers import parse_pmid
from bibtool.model.names import Names
from bibtool.model.record import Arxiv, Leftover, Provenance, Record, Value, Verbatim, checked_record
from bibtool.model.richtext import Text, parse_markup
from bibtool.model.vocabulary import TYPES
from bibtool.model.works.preprints import as_preprint, names_only_a_server
from bibtool.structs import NamedTuple, replace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from bibtool.formats.bibtex.shapes import Shape
    from bibtool.model.identifiers import ArxivId

PREPRINT = "Preprint"  # ``howpublished`` of a preprint that has no number
_PREPRINT_ENTRIES = frozenset({"misc", "online", "electronic", "www", "webpage"})
_SUBTYPES = {"magazine": "article-magazine", "newspaper": "article-newspaper"}


# fields that have a variable only where another one does not say it: the title of all volumes where no part of them is
# named, what is printed at the end of an entry without a note
_AFTER = {"maintitle": "booktitle", "addendum": "note"}


# fields that are not just the value of a variable
_SPECIAL = frozenset(
    {*DATE_FIELDS, *DATES_IN_PARTS, *EPRINT_FIELDS, *_AFTER, *EDITORS, *EDITOR_TYPES}
    | {"ids", "booktitle", "organization", "howpublished", "type", "note", "entrysubtype"}
)


class Converted(NamedTuple):
    """A record, and what was wrong."""

    record: Record
    findings: tuple[FieldFault, ...]


def csl_type(entry_type: str, fields: Mapping[str, str], dialect: Dialect, *, on_arxiv: bool) -> str:
    """The CSL type of an entry; ``document`` for unknown entry types."""
    subtype = fields.get("entrysubtype", "").strip().casefold()
    if subtype in TYPES and entry_type in {BIBTEX.entry_of_type[subtype], BIBLATEX.entry_of_type[subtype]}:
        return subtype
    if subtype in _SUBTYPES and entry_type == "article":
        return _SUBTYPES[subtype]
    row = dialect.type_of_entry.get(entry_type) or BIBLATEX.type_of_entry.get(entry_type)
    csl = row.csl if row else "document"
    if entry_type in _PREPRINT_ENTRIES and any(
        names_only_a_server(from_latex(fields[name]).plain())
        for name in ("howpublished", "publisher", "organization")
        if name in fields
    ):
        return "article"
    if on_arxiv:
        if entry_type in _PREPRINT_ENTRIES:
            return "article"
        if csl == "article-journal":
            journal = fields.get("journal") or fields.get("journaltitle")
            if not journal or is_preprint_container(journal):
                return "article"
    return csl


def to_record(
    entry_type: str,
    key: str,
    fields: Mapping[str, str],
    dialect: Dialect,
    *,
    provenance: Provenance | None = None,
    repeated: Sequence[tuple[str, str]] = (),
    inherited: Collection[str] = (),
) -> Converted:
    """The record of one entry. ``fields`` are the contents by lower-case name, in order. Never raises.

    ``repeated`` are fields that occurred a second time; ``provenance`` is noted for everything in the record.
    ``inherited`` names the fields that come from a parent: identifiers among them are noted as the parent's.
    """
    made = None if repeated or inherited else by_shape(entry_type, fields, dialect)
    if made is None:
        made = read_carefully(entry_type, fields, dialect, repeated)
    csl, variables, arxiv, left, findings = made
    aliases: tuple[str, ...] = ()
    if "ids" in fields:
        aliases = tuple(dict.fromkeys(alias.strip() for alias in fields["ids"].split(",") if alias.strip()))
    if provenance is FROM_BIBTEX and not inherited:
        origins = _from_bibtex(tuple(variables), arxiv is not None)
    else:
        origins = _origins(variables, arxiv, provenance, _of_parent(fields, inherited))
    record = checked_record(key, csl, aliases, variables, arxiv, tuple(left), origins)
    return Converted(record, tuple(findings))


FROM_BIBTEX = Provenance(source=SOURCE)  # for all values of a file whose records nobody keeps


def _origins(
    variables: Iterable[str], arxiv: Arxiv | None, provenance: Provenance | None, of_parent: Collection[str]
) -> Mapping[str, Provenance]:
    """Where the values of a record come from; empty without ``provenance``."""
    origins: dict[str, Provenance] = {}
    if provenance is not None:
        origins = dict.fromkeys(variables, provenance)
        origins["type"] = provenance
        if arxiv is not None:
            origins["arxiv.id"] = provenance
        for name in of_parent:
            if name in origins:
                origins[name] = replace(provenance, inherited=True)
    return MappingProxyType(origins)


@lru_cache(maxsize=1024)
def _from_bibtex(variables: tuple[str, ...], on_arxiv: bool) -> Mapping[str, Provenance]:
    """The same for `FROM_BIBTEX`, shared by all records with these variables."""
    return _origins(variables, Arxiv() if on_arxiv else None, FROM_BIBTEX, ())


class Made(NamedTuple):
    """What a record is made of."""

    csl: str
    variables: dict[str, Value]
    arxiv: Arxiv | None
    left: list[Leftover]
    findings: list[FieldFault]


@lru_cache(maxsize=1024)  # entries of few shapes make up a file
def _shape(entry_type: str, names: tuple[str, ...], dialect_name: str) -> Shape | None:
    """The shape of entries of a type and fields, if these settle how they are read."""
    dialect = BIBTEX if dialect_name == BIBTEX.name else BIBLATEX
    row = dialect.type_of_entry.get(entry_type) or BIBLATEX.type_of_entry.get(entry_type)
    if (row is not None and row.genre) or not PARTS_OF_TITLES.isdisjoint(names):
        return None
    if entry_type in _PREPRINT_ENTRIES and "publisher" in names:
        return None
    csl = csl_type(entry_type, {}, dialect, on_arxiv=False)
    return None if csl == "thesis" else settled(csl, entry_type, written_type(csl, {}, dialect), names, dialect)


def by_shape(entry_type: str, fields: Mapping[str, str], dialect: Dialect) -> Made | None:
    """What `read_carefully` makes of an entry of a settled shape and without doubts; None for any other."""
    shape = _shape(entry_type, tuple(fields), dialect.name)
    if shape is None or (read := read_by_shape(shape, fields)) is None:
        return None
    variables, left, findings = read
    if as_preprint(shape.csl, variables, None) is not None:
        return None
    return Made(shape.csl, variables, None, left, findings)


def read_carefully(
    entry_type: str, fields: Mapping[str, str], dialect: Dialect, repeated: Sequence[tuple[str, str]] = ()
) -> Made:
    """The type and values of any entry, by all rules."""
    arxiv_id = arxiv_id_of(fields)
    csl = csl_type(entry_type, fields, dialect, on_arxiv=arxiv_id is not None)
    builder = RecordBuilder(dialect, csl)
    annotations: Annotations | None = None
    dated = False
    for name, content in _ranked(fields, csl, dialect):
        if not content or content.isspace():
            continue
        if name not in _SPECIAL and "+" not in name:
            builder.field(name, content)
        elif name in DATE_FIELDS:
            if not dated:
                dated = True
                read_date(fields, builder)
        elif name in DATES_IN_PARTS:
            read_date_in_parts(name, fields, builder)
        elif "+" in name and base_of(name):
            annotations = annotations or Annotations(fields, builder.reading)
            if not annotations.take(name, content):
                builder.leftover(name, content)
        elif name in EPRINT_FIELDS or name == "ids":
            continue
        elif name == "booktitle" and csl == "book" and _is_own_title(entry_type, content, fields):
            builder.leftover(name, content)
        elif csl in SITES and name in ("organization", "howpublished") and content == fields.get("booktitle"):
            continue  # the site again, for styles
        elif csl == "paper-conference" and name == "booktitle" and content == fields.get("eventtitle"):
            continue  # the event again, for styles
        elif name in _AFTER and fields.get(_AFTER[name], "").strip():
            builder.leftover(name, content)
        elif name in EDITORS or name in EDITOR_TYPES:
            _read_editor(name, content, fields, builder)
        elif name == "howpublished":
            _read_howpublished(content, builder, csl, address="URL" not in builder.variables and not fields.get("url"))
        elif name == "type" and content.strip().casefold() in _WORDS_OF_TYPE.get(csl, ()):
            builder.leftover("type", content)  # "Article" in an article, as Scopus exports it
        elif name == "note" and "://" in content and _is_only_address(content, fields, builder):
            continue
        elif name == "entrysubtype" and (content.strip() == csl or csl in _SUBTYPES.values()):
            if content.strip() != csl:
                builder.form(name, content)
        else:
            builder.field(name, content)
    if annotations is not None:
        for variable in annotations.variables():
            names = builder.variables.get(variable)
            if isinstance(names, Names):
                builder.variables[variable] = annotations.apply(variable, names)
        builder.findings.extend(FieldFault(*fault) for fault in annotations.faults)
    join_titles(fields, builder)
    row = dialect.type_of_entry.get(entry_type) or BIBLATEX.type_of_entry.get(entry_type)
    if row is not None and row.genre and "genre" not in builder.variables:
        builder.variables["genre"] = Text.of(row.genre)
    if entry_type != written_type(csl, builder.variables, dialect):
        builder.form("entrytype", entry_type)
    arxiv = _read_arxiv(arxiv_id, fields, builder)
    if (preprint := as_preprint(csl, builder.variables, arxiv)) is not None:
        csl, builder.variables, arxiv = preprint.type, preprint.variables, preprint.arxiv
        _forget_forms(builder)
    for name, content in repeated:
        if content:
            builder.leftover(name, content)
    return Made(csl, builder.variables, arxiv, builder.left, builder.findings)


def _ranked(fields: Mapping[str, str], csl: str, dialect: Dialect) -> Iterable[tuple[str, str]]:
    """The fields in order, except that those of publishers and of containers are sorted by their rank for the type."""
    items: Iterable[tuple[str, str]] = fields.items()
    for ranks in (PUBLISHERS_OF.get(csl, PUBLISHERS), containers_of(csl, dialect)):
        named = [(name, fields[name]) for name in ranks if name in fields]
        if len(named) > 1:
            ranked = iter(named)
            items = [next(ranked) if name in ranks else (name, content) for name, content in items]
    return items


def _is_own_title(entry_type: str, booktitle: str, fields: Mapping[str, str]) -> bool:
    """Whether the ``booktitle`` of a whole book is only meant for its parts."""
    title = fields.get("title", "")
    return bool(title.strip()) and (
        entry_type in WHOLE_BOOKS or from_latex(title).plain() == from_latex(booktitle).plain()
    )


def _read_editor(name: str, content: str, fields: Mapping[str, str], builder: RecordBuilder) -> None:
    """``editor`` and ``editora`` to ``editorc`` with the role that their type gives (biblatex manual, 2.3.6)."""
    if name in EDITOR_TYPES:
        if not fields.get(EDITOR_TYPES[name], "").strip():
            builder.leftover(name, content)  # otherwise it is read with the names
        return
    raw = fields.get(f"{name}type", "")
    role = EDITOR_ROLES.get(raw.strip().casefold(), "editor") if raw.strip() else "editor"
    if role == "editor" and name != "editor":  # CSL has one list of editors
        role = ""
    names = read_field(role, name, content, False, False).value if role else None
    if names is None or role in builder.variables:
        builder.leftover(name, content)
        if raw.strip():
            builder.leftover(f"{name}type", raw)
        return
    builder.variables[role] = names
    if raw.strip():
        builder.form(f"{name}type", raw)


def _forget_forms(builder: RecordBuilder) -> None:
    """Drop the form that a preprint had in the file: there is only one form in which it is written."""
    said = {"entrytype", "howpublished", "publisher", "institution", "school", "organization"}
    builder.left = [left for left in builder.left if left.source != FORM or left.name not in said]


# an address may be that of a DOI
_IDENTIFIERS = {"doi": "DOI", "isbn": "ISBN", "pmid": "PMID", "pmcid": "PMCID", "url": "URL"}


def _of_parent(fields: Mapping[str, str], inherited: Collection[str]) -> set[str]:
    """The identifiers among the variables that an entry has only from its parents."""
    if not inherited:
        return set()
    names = {variable for name, variable in _IDENTIFIERS.items() if name in inherited}
    if arxiv_id_of({name: content for name, content in fields.items() if name not in inherited}) is None:
        names.add("arxiv.id")
    return names


def written_type(csl: str, variables: Mapping[str, Value], dialect: Dialect) -> str:
    """The entry type that a dialect has for a CSL type; the genre distinguishes BibTeX's two kinds of thesis."""
    if csl == "thesis" and dialect is BIBTEX:
        return "mastersthesis" if "master" in str(variables.get("genre", "")).casefold() else "phdthesis"
    return dialect.entry_of_type[csl]


_SCHEMES = ("http://", "https://")
_ADDRESS_LABEL = lazy_pattern(
    r"^(?:(?:available|accessible|retrieved|accessed)\s*(?:online\s*)?(?:at|from|via)?|online(?:\s+at)?|url|web\s?(?:site|page)|"
    r"see)\s*[:,]?\s*(?=https?://)|(?<=\S)\.$",
    re.IGNORECASE,
)


def address_in(text: str) -> str:
    """The address, if the text is only that, perhaps after "Available at"; "" otherwise."""
    target = _ADDRESS_LABEL.sub("", verbatim_from_latex(text)).strip()
    return target if target.startswith(_SCHEMES) and " " not in target else ""


def _read_howpublished(content: str, builder: RecordBuilder, csl: str, *, address: bool) -> None:
    """``howpublished``: the mark of a preprint, an address (where there is no other one), or who published it."""
    text = from_latex(content).plain().strip()
    if csl == "article" and text.casefold() == PREPRINT.casefold():
        if content != PREPRINT:
            builder.form("howpublished", content)
        return
    if target := address_in(text):
        if address:
            builder.variables["URL"] = Verbatim(target)
            builder.form("howpublished", content)
        else:  # never a publisher; the entry has its address in another field
            builder.leftover("howpublished", content)
        return
    builder.field("howpublished", content)


# words that only repeat the type: Scopus's and Web of Science's document types, and the entry types themselves
_WORDS_OF_TYPE: dict[str, frozenset[str]] = {
    "article-journal": frozenset(
        {"article", "journal article", "journal-article", "research article", "research-article"}
    ),
    "paper-conference": frozenset(
        {"conference paper", "conference-paper", "proceedings paper", "proceedings-article", "inproceedings"}
    ),
    "book": frozenset({"book"}),
    "chapter": frozenset({"book chapter", "book-chapter", "chapter", "incollection", "inbook"}),
    "review": frozenset({"review"}),
    "report": frozenset({"report"}),
    "thesis": frozenset({"thesis"}),
    "dataset": frozenset({"dataset", "data set"}),
    "software": frozenset({"software"}),
    "webpage": frozenset({"webpage", "web page", "website"}),
}


def _is_only_address(content: str, fields: Mapping[str, str], builder: RecordBuilder) -> bool:
    """Whether a note is an address that no other field has; it is then the address."""
    if "URL" in builder.variables or fields.get("url", "").strip() or fields.get("doi", "").strip():
        return False
    target = address_in(from_latex(content).plain().strip())
    if target:
        builder.variables["URL"] = Verbatim(target)
        builder.form("note", content)
    return bool(target)


# where the eprints of an archive are, by its name as biblatex writes it (biblatex manual, 3.14.7, and standard.bbx)
_EPRINT_ADDRESSES = {
    "jstor": "https://www.jstor.org/stable/",
    "hdl": "https://hdl.handle.net/",
    "handle": "https://hdl.handle.net/",
    "googlebooks": "https://books.google.com/books?id=",
    "google": "https://books.google.com/books?id=",
}


def eprint_address(fields: Mapping[str, str]) -> str:
    """The address of an eprint whose archive has one for each number; else ""."""
    kind = eprint_kind(fields)
    address = _EPRINT_ADDRESSES.get(kind.replace(" ", ""))
    number = verbatim_from_latex(fields.get("eprint", "")).strip()
    if address is None or not number or " " in number:
        return ""
    if number.startswith(_SCHEMES):
        return number
    return address + (number[4:] if number[:4].casefold() == "hdl:" else number)


def _read_arxiv(arxiv_id: ArxivId | None, fields: Mapping[str, str], builder: RecordBuilder) -> Arxiv | None:
    if arxiv_id is None and EPRINT_FIELDS.isdisjoint(fields):
        return None
    eprint = fields.get("eprint", "").strip()
    kind = eprint_kind(fields)
    if arxiv_id is not None:
        category = (fields.get("primaryclass") or fields.get("eprintclass") or "").strip(" {}")
        note, withdrawn, journal, comment = split_note(_markup(builder.variables.get("note")))
        if withdrawn or journal or comment:
            if note:
                builder.variables["note"] = parse_markup(note)
            else:
                del builder.variables["note"]
        if eprint and kind not in {"arxiv", ""}:
            _keep_eprint(fields, builder)
        return Arxiv(
            id=arxiv_id,
            primary_category=verbatim_from_latex(category),
            comment=comment,
            journal_ref=journal,
            withdrawn=withdrawn,
        )
    if kind in {"pubmed", "pmid"} and eprint and "PMID" not in builder.variables:
        try:
            builder.variables["PMID"] = Verbatim(parse_pmid(eprint))
        except IdentifierError as error:
            builder.findings.append(FieldFault("malformed-pmid", "eprint", error.message))
            _keep_eprint(fields, builder)
        return None
    if kind == "arxiv" and eprint:
        message = f"{eprint!r} is not a valid arXiv id"
        builder.findings.append(FieldFault("malformed-arxiv", "eprint", message))
    _keep_eprint(fields, builder)
    if kind and eprint and "URL" not in builder.variables and (address := eprint_address(fields)):
        builder.variables["URL"] = Verbatim(address)
    return None


def _keep_eprint(fields: Mapping[str, str], builder: RecordBuilder) -> None:
    for name in fields:
        if name in EPRINT_FIELDS and fields[name].strip():
            builder.leftover(name, fields[name])


def _markup(value: Value | None) -> str:
    return value.markup() if isinstance(value, Text) else ""
