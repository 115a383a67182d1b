"""Identifiers anywhere in a text: each becomes a record that has nothing else yet, to be completed.

DOIs, arXiv ids, PMIDs, PMCIDs and ISBNs where the text says that they are such, and addresses of publishers' pages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bibtool.formats.addresses import of_address
from bibtool.formats.ids import parse_identifier
from bibtool.formats.listing import layouts
from bibtool.formats.listing.build import ListedRecord
from bibtool.formats.listing.profile import LayoutResult
from bibtool.formats.listing.venues import ARXIV
from bibtool.formats.references.segment import LINKS
from bibtool.lazy import lazy_pattern
from bibtool.model.record import Leftover, Provenance, Record, Verbatim
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from bibtool.formats.base import ReadOptions
    from bibtool.formats.listing.lines import Line

_SICI = r"<\d{1,5}:[^\s<>]{1,20}>"  # in a DOI of an older article: 17:15/16<1661::AID-SIM968>3.0.CO;2-2
_END = rf"(?:{_SICI}|[^\s<>\"'\]}}|]){{1,200}}"
_URL = rf"(?:{_SICI}|[^\s<>\"\]}}|]){{4,400}}"
_ARCHIVES = (
    r"acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga|"
    r"funct-an|gr-qc|hep-(?:ex|lat|ph|th)|math|math-ph|mtrl-th|nlin|nucl-(?:ex|th)|patt-sol|physics|plasm-ph|q-alg|q-bio|"
    r"quant-ph|solv-int|supr-con"
)
_PATTERN: Final = lazy_pattern(
    rf"(?P<url>https?://{_URL})"
    rf"|(?<![\w/.@-])(?P<host>(?:www\.)?(?:(?:dx\.)?doi|(?:export\.)?arxiv)\.org/{_URL})"
    rf"|(?<![\w/.])(?:info:doi/|doi\s?[:=]?\s{{0,2}})?(?P<doi>10\.\d{{4,9}}/{_END})"
    rf"|(?<![\w/.-])(?P<old>(?:{_ARCHIVES})(?:\.[A-Z]{{2}})?/\d{{7}}(?:v\d{{1,2}})?)(?![\w/-])"
    rf"|\barxiv(?:\s?(?:e-?prints?|preprint))?\s?[:.]?\s?(?:abs/)?(?P<arxiv>{ARXIV})(?![\d.]\d)"
    r"|\bPMID\s?[:=]?\s?(?P<pmid>\d{4,9})\b|\b(?P<pmcid>PMC\d{4,9})\b"
    r"|\bISBN(?:-1[03])?\s?[:=]?\s?(?P<isbn>(?:97[89][- ]?)?(?:\d[- ]?){9}[\dX])\b",
    re.IGNORECASE,
)
_TYPES: Final = (("aclanthology.org", "paper-conference"), ("openreview.net", "paper-conference"),
                 ("proceedings.mlr.press", "paper-conference"), ("neurips.cc", "paper-conference"),
                 ("nips.cc", "paper-conference"), ("thecvf.com", "paper-conference"))  # fmt: skip
MAX_LINE: Final = 20_000
MAX_BUTTONS: Final = 400  # characters of a row of buttons
SOURCE: Final = "identifiers"


def identifiers_in(text: str) -> Iterator[tuple[int, str]]:
    """(offset, identifier) of each identifier in a text, in a form that `parse_identifier` or a URL has."""
    for match in _PATTERN.finditer(text[:MAX_LINE]):
        kind = match.lastgroup or ""
        value = _trimmed(match[kind])
        if kind in ("url", "host"):
            if made := of_address(value if kind == "url" else f"https://{value}"):
                yield match.start(), made
        else:
            prefix = {"doi": "doi:", "arxiv": "arXiv:", "old": "arXiv:", "pmid": "PMID:", "isbn": "ISBN "}.get(kind, "")
            yield match.start(), prefix + value


def _trimmed(token: str) -> str:
    """The token without the punctuation of the sentence around it; a bracket that it opens itself stays closed."""
    while token and token[-1] in ".,;:)'\"\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}*_>":
        if token[-1] == ")" and token.count("(") >= token.count(")"):
            break
        token = token[:-1]
    return token


def record_of(identifier: str) -> Record | None:
    """The record of one identifier, None where its check digit or form is wrong."""
    if identifier.startswith("http"):
        kind = next((csl for site, csl in _TYPES if site in identifier), "document")
        return Record(type=kind, variables={"URL": Verbatim(identifier)})
    return parse_identifier(identifier)


def identity(record: Record) -> str:
    """What two records of the same identifier have in common, "" for a record without any."""
    if record.arxiv is not None and record.arxiv.id is not None:
        return f"arxiv:{record.arxiv.id.number}"
    for variable in ("DOI", "PMID", "PMCID", "ISBN", "URL"):
        if text := record.text(variable):
            return f"{variable}:{text.casefold()}"
    return ""


def read_identifiers(lines: Sequence[Line], options: ReadOptions, known: frozenset[str] = frozenset()) -> LayoutResult:
    """A record for each identifier in the lines that ``known`` has not; the line itself is kept with it."""
    seen = set(known)
    records: list[ListedRecord] = []
    used: set[int] = set()
    for line in lines:
        for _, identifier in identifiers_in(line.text):
            record = record_of(identifier)
            if record is None:
                continue
            used.add(line.number)
            if (name := identity(record)) in seen:
                continue
            seen.add(name)
            records.append(ListedRecord(record=_noted(record, line, options), lines=(line.number,)))
    return LayoutResult(tuple(records), (), tuple(line for line in lines if line.number not in used))


def with_their_links(
    records: Sequence[ListedRecord], lines: Sequence[Line], rest: Sequence[Line], options: ReadOptions
) -> tuple[list[ListedRecord], list[Line]]:
    """The records with the DOIs of rows of buttons below them (``Abs DOI Bib``), and the lines that are left.

    ``lines`` are all lines, ``rest`` those of no record.
    """
    made = list(records)
    owners = {number: place for place, listed in enumerate(made) for number in listed.lines}
    left = {line.number for line in rest}
    before = dict(zip((line.number for line in lines[1:]), (line.number for line in lines), strict=False))
    alone = _dois_below(lines, owners, left)
    for line in lines:
        place = owners.get(before.get(line.number, -1))
        if line.number not in left or place is None or len(line.text) > MAX_BUTTONS:
            continue
        words = _PATTERN.sub(" ", line.text).split()
        is_row = words and (
            LINKS.fullmatch(" ".join(words)) or all(layouts.BUTTONS.fullmatch(f"[{word}]") for word in words)
        )
        if line.number not in alone and not is_row:
            continue
        owners[line.number] = place
        found = [record for _, identifier in identifiers_in(line.text) if (record := record_of(identifier))]
        listed = made[place]
        if len(found) == 1 and "DOI" in found[0].variables and "DOI" not in listed.record.variables:
            doi = _noted(found[0], line, options)
            record = replace(
                listed.record,
                variables={**listed.record.variables, "DOI": doi.variables["DOI"]},
                provenance={**listed.record.provenance, "DOI": doi.provenance["DOI"]},
            )
            made[place] = ListedRecord(record=record, lines=(*listed.lines, line.number))
            left.discard(line.number)
    return made, [line for line in rest if line.number in left]


def _dois_below(lines: Sequence[Line], owners: Mapping[int, int], left: Collection[int]) -> frozenset[int]:
    """The lines with a DOI and nothing else, where most works of a list have one right below them, and one only."""
    alone = [line.number in left and not _PATTERN.sub("", line.text).strip(" .;,<>") for line in lines]
    below = [
        place
        for place, line in enumerate(lines)
        if alone[place] and place and not line.gap and lines[place - 1].number in owners
    ]
    if any(alone[place + 1 : place + 2] == [True] for place in below):
        return frozenset()  # a list of DOIs comes after the works
    works = len({owners[lines[place - 1].number] for place in below})
    return frozenset(lines[place].number for place in below) if works * 2 > len(set(owners.values())) else frozenset()


def _noted(record: Record, line: Line, options: ReadOptions) -> Record:
    """The record with its line, and its provenance."""
    origin = Provenance(source=SOURCE, detail=f"{options.path}:{line.number}", when=options.when, confidence=1.0)
    names = [*record.variables, *(["arxiv.id"] if record.arxiv is not None else [])]
    leftovers = (*record.leftovers, Leftover(SOURCE, "line", line.text[:1000]))
    return replace(record, leftovers=leftovers, provenance=dict.fromkeys(names, origin))
