"""Plain lists of identifiers: arXiv ids, DOIs, PMIDs, PMCIDs, ISBNs and URLs, one per line or several.

Separated by white space, commas or semicolons; ``#`` begins a comment. A record has nothing but its identifier, from
which `enrich` starts. Anything else is a problem with line and column.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.errors import IdentifierError, InputError
from bibtool.formats.base import ReadResult, Row, WriteResult, decode_text, head_text, with_provenance
from bibtool.lazy import lazy_pattern
from bibtool.model.categories import CATEGORIES
from bibtool.model.identifiers import (
    arxiv_id_of_doi,
    parse_arxiv_id,
    parse_doi,
    parse_isbn,
    parse_pmcid,
    parse_pmid,
)
from bibtool.model.record import Arxiv, Record, Verbatim
from bibtool.model.text.lines import LineIndex
from bibtool.problems import Position, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bibtool.formats.base import ReadOptions, WriteOptions

SOURCE = "ids"
_MAX_UNCLEAR = 1000
FIELDS: tuple[Row, ...] = (
    Row("2203.01360, math/0309136, arXiv:..., an arXiv URL, 10.48550/arXiv....", "", "the arXiv id; type article"),
    Row("10.NNNN/..., doi:..., https://doi.org/...", "DOI"), Row("PMID: 123456, or six to nine digits", "PMID"),
    Row("PMC1234567", "PMCID"), Row("ISBN 978-...", "ISBN", "type book"), Row("https://...", "URL", "type webpage"),
)  # fmt: skip

_TOKEN = lazy_pattern(
    r"(?P<comment>(?<!\S)#[^\r\n]*)"
    r"|(?P<category>\[[A-Za-z-]{2,12}(?:\.[A-Za-z-]{2,10})?\])"
    r"|(?P<isbn>isbn(?:-1[03])?[ \t]*:?[ \t]*\d(?:[ \t\-\u2010-\u2015]?[\dXx]){8,13})"
    r"|(?P<token>(?:(?:arxiv|doi|pmid|pmcid)[ \t]*[:=][ \t]*)?[^\s,;]\S{0,2000})",
    re.IGNORECASE,
)
# a comma inside a token ends it only where an identifier begins after it: DOIs may hold commas and semicolons
_INNER = lazy_pattern(
    r"[,;]+(?=$|10\.\d{4}|\d{4}\.\d{4}|[a-z-]{2,}/\d{7}|https?://|arxiv|doi:|pmid|pmc\d|isbn|97[89]|\d{6,9}(?:$|,))",
    re.IGNORECASE,
)


# what a number begins with, its parser, the variable and the type of the record
_KINDS: tuple[tuple[re.Pattern[str], Callable[[str], str], str, str], ...] = (
    (re.compile(""), parse_doi, "DOI", "document"),
    (
        re.compile(r"pmc|https?://(?:www\.ncbi\.nlm\.nih\.gov/pmc|pmc\.ncbi)", re.IGNORECASE),
        parse_pmcid,
        "PMCID",
        "article-journal",
    ),
    (
        re.compile(r"pmid|https?://\S*ncbi\.nlm\.nih\.gov/|[0-9]{6,9}\Z", re.IGNORECASE),
        lambda text: parse_pmid(text.replace("=", ":")),
        "PMID",
        "article-journal",
    ),
    (re.compile(""), parse_isbn, "ISBN", "book"),
)


def parse_identifier(token: str) -> Record | None:
    """The record of one identifier, or None where it is not clear which one it is."""
    text = (
        token.strip("<>\"'()[]{}") if not token.casefold().startswith(("10.", "doi", "http")) else token.strip("<>\"'")
    )
    try:
        return Record(type="article", arxiv=Arxiv(id=parse_arxiv_id(text)))
    except IdentifierError:
        pass
    for beginning, parse, variable, record_type in _KINDS:
        if beginning.match(text):
            try:
                number = parse(text)
            except IdentifierError:
                continue
            if variable == "DOI" and (arxiv_id := arxiv_id_of_doi(number)):
                return Record(type="article", arxiv=Arxiv(id=arxiv_id))
            return Record(type=record_type, variables={variable: Verbatim(number)})
    if re.fullmatch(r"https?://[^\s/.]+\.\S{2,2000}", text, re.IGNORECASE):
        from bibtool.formats.addresses import of_address

        if (held := of_address(text)) and not held.startswith("http"):  # on a page of a publisher
            return parse_identifier(held)
        return Record(type="webpage", variables={"URL": Verbatim(text)})
    return None


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """A record for each identifier, in their order; a repeated one is kept and noted."""
    text, first = decode_text(data, options)
    lines = LineIndex(text, options.path)
    problems = list(first)
    records: list[Record] = []
    for match in _TOKEN.finditer(text):
        if match["comment"]:
            continue
        if match["category"]:
            name = match["category"][1:-1]
            last = records[-1] if records else None
            if last is not None and last.arxiv is not None and name in CATEGORIES and not last.arxiv.primary_category:
                records[-1] = Record(type=last.type, arxiv=Arxiv(id=last.arxiv.id, primary_category=name))
            continue
        at = match.start()
        for part in _INNER.split(match[0]):
            token = part.strip(",;")
            if token:
                record = parse_identifier(token)
                position = lines.position(text.find(token, at))
                if record is None:
                    problems.append(_unclear(token, position))
                    if len(problems) > _MAX_UNCLEAR and len(records) < len(problems) // 10:
                        raise InputError(
                            f"this is not a list of identifiers: {_MAX_UNCLEAR} words of it are not",
                            path=options.path,
                            line=position.line,
                        )
                else:
                    records.append(with_provenance(record, SOURCE, options, position.line))
            at += len(part)
    return ReadResult(tuple(records), tuple(problems))


def _unclear(token: str, position: Position) -> Problem:
    hint = ""
    try:
        if re.fullmatch(r"[\d-]{9,}X?", token):
            parse_isbn(token)
        elif re.match(r"\d{4}\.|\S+/\d{7}", token):
            parse_arxiv_id(token)
    except IdentifierError as error:
        hint = error.reason
    return Problem(
        code="unclear-identifier",
        message=f"{token[:80]!r} is not an identifier",
        position=position,
        raw=token,
        hint=hint or "write doi:, arXiv:, PMID: or ISBN before it",
    )


def write(records: Sequence[Record], options: WriteOptions) -> WriteResult:  # noqa: ARG001 -- no setting is ours
    """One identifier a line: the arXiv id, else DOI, PMID, PMCID, ISBN, URL. A record without any is a problem."""
    lines: list[str] = []
    problems: list[Problem] = []
    more = 0
    for record in records:
        identifier = _identifier(record)
        if identifier:
            lines.append(identifier)
            more += bool(record.variables.keys() - {"DOI", "PMID", "PMCID", "ISBN", "URL"})
            continue
        name = record.key or record.title[:60]
        lines.append("# no identifier: " + " ".join(name.split()))
        problems.append(
            Problem(
                code="not-representable",
                message=f"{name!r} has no identifier",
                key=record.key or None,
            )
        )
    if more:
        message = f"a list of ids holds nothing but ids; {more} records have more"
        problems.append(Problem(code="ids-only", message=message, severity=Severity.NOTE))
    return WriteResult("".join(f"{line}\n" for line in lines).encode("utf-8", "replace"), tuple(problems))


def _identifier(record: Record) -> str:
    if record.arxiv is not None and record.arxiv.id is not None:
        return f"arXiv:{record.arxiv.id}"
    for variable, prefix in (("DOI", "doi:"), ("PMID", "PMID:"), ("PMCID", ""), ("ISBN", "ISBN "), ("URL", "")):
        text = prefix + record.text(variable).strip()
        if variable == "DOI" and len(_INNER.split(text)) > 1:  # a comma of its own, after which the next could begin
            from urllib.parse import quote

            text = f"https://doi.org/{quote(record.text(variable).strip(), safe='/:.()')}"
        if text != prefix and parse_identifier(text) is not None and not re.search(r"\s", text.removeprefix("ISBN ")):
            return text
    return ""


def sniff(head: bytes) -> int:
    """75 where each of the first words (comments aside) is an identifier, less where nearly each is."""
    text = head_text(head)[:4_000]
    if not text or text[0] in "@%{[<" or ("\n" not in text and len(text) >= 4_000):
        return 0
    words = [match[0] for match in _TOKEN.finditer(text.rsplit("\n", maxsplit=1)[0] if len(text) == 4_000 else text)]
    words = [part.strip(",;") for word in words if word[0] not in "#[" for part in _INNER.split(word)]
    words = [word for word in words if word][:60]
    if not words:
        return 0
    known = sum(parse_identifier(word) is not None for word in words)
    if known == len(words):
        return 75
    return 45 if known >= 3 and known * 10 >= len(words) * 8 else 0
