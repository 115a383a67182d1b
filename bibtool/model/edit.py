"""Changes of a record as a person types them: ``title=...``, ``author=Bruna, Joan; ...``, ``issued=2022-03``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.errors import IdentifierError, UnknownNameError, UsageError
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date, parse_date
from bibtool.model.identifiers import parse_arxiv_id, parse_doi, parse_isbn, parse_issn, parse_pmcid, parse_pmid
from bibtool.model.marks import with_marks, with_orcids
from bibtool.model.names import Name, Names, parse_name
from bibtool.model.normal.values import normalised
from bibtool.model.numbers import Number
from bibtool.model.query import TYPE_WORDS, resolve
from bibtool.model.record import Arxiv, Provenance, Record, Value, Verbatim
from bibtool.model.richtext import parse_markup
from bibtool.model.vocabulary import TYPES, VARIABLES
from bibtool.model.works.people import united
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_CHECKED: dict[str, Callable[[str], str]] = {
    "DOI": parse_doi,
    "ISBN": parse_isbn,
    "ISSN": parse_issn,
    "PMID": parse_pmid,
    "PMCID": parse_pmcid,
}
# what BibTeX and people call a variable or one of our fields, besides the names that conditions know
_TYPED = {
    "authors": "author", "editors": "editor", "eprint": "arxiv", "arxivid": "arxiv", "venue": "container-title",
    "journaltitle": "container-title", "series": "collection-title", "address": "publisher-place",
    "location": "publisher-place", "school": "publisher", "institution": "publisher", "organization": "publisher",
    "eventtitle": "event-title", "shorttitle": "title-short", "shortjournal": "container-title-short",
    "urldate": "accessed", "annotation": "annote", "pagetotal": "number-of-pages", "volumes": "number-of-volumes",
}  # fmt: skip
_PERSON = lazy_pattern(r"((?:\{[^{}]*\}|(?!\sand\s)[^;])*+)(?:;|\sand\s|$)")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def parse_value(variable: str, text: str) -> Value:
    """The value of a CSL variable from what a person typed; raises `UsageError` or `IdentifierError`.

    Names are as in `parse_names`. Dates are EDTF. Text may have CSL-JSON's markup.
    """
    kind = VARIABLES[variable]
    if kind == "names":
        return parse_names(text)
    if kind == "date":
        date = parse_date(text)
        if date.literal:
            raise UsageError(f"{variable}: {text!r} is not a date", hint="write 2022-03-02, 2022-03, 2022 or 2020/2022")
        return date
    if kind == "number":
        return Number(normalised(variable, text).text)
    if kind == "verbatim":
        text = normalised(variable, text).text
        return Verbatim(_CHECKED[variable](text) if variable in _CHECKED else text)
    return parse_markup(text)


def parse_names(text: str) -> Names:
    """Names separated by semicolons or, as in BibTeX, by ``and``; those in braces stay whole.

    ``et al.`` or ``and others`` at the end sets the truncated flag.
    Raises `UsageError` for a name without a letter or digit, such as a comma on its own.
    """
    people: list[Name] = []
    truncated = False
    for piece in _PERSON.findall(text):
        part = piece.strip()
        if part.casefold() in {"et al.", "et al", "and others", "others"}:
            truncated = True
        elif part.startswith("{") and part.endswith("}") and part[1:-1].strip():
            people.append(Name(literal=part[1:-1].strip()))
        elif part and not any(char.isalnum() for char in part):
            raise UsageError(f"{part!r} is not a name", hint="write names as `Bruna, Joan; Li, Bo`")
        elif part:
            people.append(parse_name(part))
    return Names(tuple(people), truncated)


def apply_changes(record: Record, changes: Sequence[tuple[str, str]], *, when: str) -> Record:
    """The record with these fields set by the user; an empty value removes a field.

    ``author+an`` sets the marks of the authors and of their list, ``author+an:orcid`` their ORCID iDs, as
    `bibtool.model.marks` reads them; the names themselves do not change. Names that are set keep what was known of
    the people who are still among them. Besides the names that conditions know, fields may have BibTeX's
    names; year and month set their part of the date. Raises `UnknownNameError` for a field or type that does not exist,
    `UsageError` for a value that can't be read.
    """
    origin = Provenance(source="user", when=when)
    # the month is a part of the date that the year sets
    for raw_name, text in sorted(changes, key=lambda change: change[0].casefold() == "month"):
        if "+" in raw_name:
            record = _annotated(record, raw_name, text)
            continue
        name = raw_name.casefold()
        if name in ("year", "month"):
            record = _dated(record, name, text, origin)
            continue
        name = raw_name if raw_name in VARIABLES else _TYPED.get(name) or resolve(raw_name)
        if name == "key":
            record = replace(record, key=_checked_key(text))
        elif name == "type":
            record = replace(record, type=_checked_type(text), provenance={**record.provenance, "type": origin})
        elif name == "arxiv":
            record = _set_arxiv(record, text, origin)
        elif name not in VARIABLES:
            raise UsageError(f"{raw_name} can't be set", hint="arXiv or the import says it; `arxiv` sets the id")
        else:
            try:
                value = parse_value(name, text) if text else None
            except IdentifierError as error:
                raise UsageError(str(error)) from error
            known = record.provenance.get(name)
            if isinstance(value, Names):
                value = united(value, record.names(name))[0]
            if value is not None and record.variables.get(name) == value and known and known.source == "user":
                continue
            record = record.with_values({name: value}, origin)
    return record


def _dated(record: Record, part: str, text: str, origin: Provenance) -> Record:
    """The record with another year or month of its date; an empty year removes the date, an empty month the month.

    Another year takes no month over: nobody has said that it is still the right one. A month needs a year.
    """
    issued = record.date()
    start = issued.start if issued is not None else None
    if part == "year":
        if not text:
            return record.with_values({"issued": None}, origin)
        if not re.fullmatch(r"\d{4}", text):
            return record.with_values({"issued": parse_value("issued", text)}, origin)
        if record.year == int(text):
            return record
        return record.with_values({"issued": Date.of(int(text))}, origin)
    if start is None:
        raise UsageError("the month needs a year", hint="set both, e.g. year=2024 month=3")
    return record.with_values({"issued": Date.of(start.year, _month(text))}, origin)


def _month(text: str) -> int | None:
    """The number of a month that is a number or its English name, at least three letters of it; None for no text."""
    if not text:
        return None
    number = _MONTHS.index(text[:3].casefold()) + 1 if text[:3].casefold() in _MONTHS else Number(text).value or 0
    if not 1 <= number <= 12:
        raise UsageError(f"{text!r} is not a month", hint="write 3, mar or March")
    return number


def _checked_type(text: str) -> str:
    """The CSL type of that name, or the one that people call so: ``preprint``, ``journal``, ``conference``."""
    if text in TYPES:
        return text
    if known := TYPE_WORDS.get(text.casefold()):
        return min(known)
    raise UnknownNameError("type", text, [*sorted(TYPES), *TYPE_WORDS])


def _annotated(record: Record, raw_name: str, text: str) -> Record:
    """The record with other marks or ORCID iDs on a list of names. It replaces an annotation that was only kept."""
    base, _, annotation = raw_name.partition("+")
    set_them = {"an": with_marks, "an:default": with_marks, "an:orcid": with_orcids}.get(annotation.casefold())
    name = resolve(base)
    if set_them is None or VARIABLES.get(name) != "names":
        raise UsageError(f"{raw_name} can't be set", hint="author+an sets marks, author+an:orcid ORCID iDs")
    names = record.names(name)
    if text and not names:
        raise UsageError(f"{raw_name}: the record has no {name}", hint=f"set {name} first")
    try:
        # spaces around "=" are a slip here, though not in a file
        names = set_them(names, re.sub(r"\s*=\s*", "=", text.strip()))
    except UsageError as error:
        raise UsageError(f"{raw_name}: {error}", hint=error.hint) from error
    annotations = ("an", "an:default") if set_them is with_marks else ("an:orcid",)
    replaced = {f"{base}+{name}".casefold() for name in annotations}
    left = tuple(item for item in record.leftovers if item.source != "bibtex" or item.name.casefold() not in replaced)
    variables = {**record.variables, name: names} if names else record.variables
    return replace(record, variables=variables, leftovers=left)


def _checked_key(text: str) -> str:
    if not text or any(char in text for char in " \t\n,{}\"'#%~\\()=@") or not text.isprintable():
        raise UsageError(f"{text!r} is not a valid citation key", hint="use letters, digits and - _ : . / +")
    return text


def _set_arxiv(record: Record, text: str, origin: Provenance) -> Record:
    old = record.arxiv or Arxiv()
    try:
        number = parse_arxiv_id(text) if text else None
    except IdentifierError as error:
        raise UsageError(str(error)) from error
    provenance = {name: value for name, value in record.provenance.items() if name != "arxiv.id"}
    if number is not None:
        provenance["arxiv.id"] = origin
    if old.id is not None and (number is None or number.number != old.id.number):
        old = Arxiv()  # what was known belongs to the other paper
    return replace(record, arxiv=replace(old, id=number) if number or old != Arxiv() else None, provenance=provenance)
