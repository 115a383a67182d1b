"""The one table of formats. Command line, suffix guessing, docs and tests read it; modules load at first use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from bibtool.errors import InputError, UnknownNameError, UsageError
from bibtool.files import load_bytes, write_atomic
from bibtool.formats.base import ReadOptions, WriteOptions, gathered
from bibtool.lazy import load
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bibtool.formats.base import (
        Pieces,
        Reader,
        ReaderByOne,
        ReadResult,
        Records,
        Writer,
        WriterByOne,
        WriteResult,
    )
    from bibtool.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format. ``reader``, ``writer`` and ``sniffer`` are "module:function", empty where there is none.

    ``reader_by_one`` and ``writer_by_one`` do the same record by record, see `bibtool.formats.base`.
    A sniffer takes the first 64 KiB of an input as bytes and gives 0 (no) to 100 (certainly). ``aliases`` work but are
    not advertised.
    """

    name: str
    title: str
    suffixes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    reader: str = ""
    writer: str = ""
    sniffer: str = ""
    reader_by_one: str = ""
    writer_by_one: str = ""


def _format(
    name: str,
    title: str,
    module: str,
    suffixes: str = "",
    aliases: str = "",
    *,
    writer: str = "write",
) -> Format:
    """The format whose module has ``read``, ``sniff`` and ``writer`` ("" for a format that is read only)."""
    home = f"bibtool.formats.{module}"
    return Format(
        name=name,
        title=title,
        suffixes=tuple(suffixes.split()),
        aliases=tuple(aliases.split()),
        reader=f"{home}:read",
        writer=f"{home}:{writer}" if writer else "",
        sniffer=f"{home}:sniff",
    )


_BIBTEX = "bibtool.formats.bibtex"
_CSL = "bibtool.formats.csl"
FORMATS: tuple[Format, ...] = (
    Format(
        name="bibtex",
        title="BibTeX",
        suffixes=(".bib",),
        aliases=("bib",),
        reader=f"{_BIBTEX}.reader:read",
        writer=f"{_BIBTEX}.writer:write_bibtex",
        sniffer=f"{_BIBTEX}.sniff:sniff",
        reader_by_one=f"{_BIBTEX}.reader:read_each",
        writer_by_one=f"{_BIBTEX}.writer:write_each_bibtex",
    ),
    Format(
        name="biblatex",
        title="BibLaTeX",
        reader=f"{_BIBTEX}.reader:read_biblatex",
        writer=f"{_BIBTEX}.writer:write_biblatex",
        reader_by_one=f"{_BIBTEX}.reader:read_each_biblatex",
        writer_by_one=f"{_BIBTEX}.writer:write_each_biblatex",
    ),
    Format(
        name="csl-json",
        title="CSL-JSON",
        suffixes=(".json",),
        aliases=("csljson", "json", "csl"),
        reader=f"{_CSL}.json:read",
        writer=f"{_CSL}.jsonwriter:write",
        sniffer=f"{_CSL}.jsonsniff:sniff",
        reader_by_one=f"{_CSL}.json:read_each",
        writer_by_one=f"{_CSL}.jsonwriter:write_each",
    ),
    _format("csl-yaml", "CSL-YAML, as pandoc's references", "csl.yaml", ".yaml .yml", "cslyaml yaml"),
    _format("ris", "RIS", "ris", ".ris"),
    _format("endnote-xml", "EndNote XML", "endnotexml", ".xml", "endnote endnotexml"),
    _format("nbib", "PubMed (MEDLINE, NBIB)", "nbib", ".nbib", "pubmed medline"),
    _format("mods", "MODS", "mods", ".mods"),
    _format("hayagriva", "Hayagriva YAML (Typst)", "hayagriva", aliases="typst"),
    _format("cff", "CITATION.cff", "cff", ".cff", "citation.cff"),
    _format("crossref", "Crossref JSON", "crossref", writer=""),
    _format("jats", "JATS XML", "jats", ".nxml .jats", writer=""),
    _format("datacite", "DataCite JSON", "datacite", writer=""),
    _format("refer", "EndNote's tagged format (Refer)", "refer", ".enw .refer", "enw endnote-refer bibix"),
    _format("wos", "Web of Science, tagged", "wos", ".ciw .isi", "web-of-science isi ciw", writer=""),
    _format("pubmed-xml", "PubMed XML", "pubmedxml", aliases="pubmedxml medline-xml", writer=""),
    _format("marcxml", "MARCXML", "marcxml", ".marcxml .mrcx", "marc-xml marc21-xml", writer=""),
    _format(
        "zotero", "Zotero JSON, also Better BibTeX's", "zotero", aliases="zotero-json betterbibtex-json", writer=""
    ),
    _format("bibjson", "BibJSON", "bibjson", ".bibjson", writer=""),
    _format("json-ld", "JSON-LD (schema.org)", "jsonld", ".jsonld", "jsonld schema.org", writer=""),
    _format("html", "Web page with works in its markup or in its text", "html", ".html .htm .xhtml", "htm", writer=""),
    _format("bbl", "LaTeX bibliography (.bbl of BibTeX and biblatex)", "bbl", ".bbl", "bibitem", writer=""),
    _format("docx", "Word document with a list of publications", "worddoc", ".docx", "word", writer=""),
    _format("scopus", "Scopus CSV", "scopus", aliases="scopus-csv", writer=""),
    _format("csv", "CSV with CSL variables as columns", "csvtable", ".csv .tsv", "tsv"),
    _format("ids", "List of identifiers (arXiv ids, DOIs, PMIDs, ISBNs, URLs)", "ids", ".ids", "id"),
    _format("references", "Formatted references, in any style", "references.reader", writer=""),
    _format(
        "listing",
        "Pasted text: pages, lists of publications, mails",
        "listing.reader",
        ".txt .md .markdown",
        "paste text markdown",
        writer="",
    ),
)


_OMITTING = frozenset({"bibtex", "biblatex"})  # whose writers know their fields themselves
_IN_TEXTS = frozenset({"bibtex", "ris", "nbib"})  # whose records people paste among other things


def find_format(name: str) -> Format:
    """The format of that name or alias; raises `UnknownNameError` with suggestions."""
    wanted = name.casefold()
    for entry in FORMATS:
        if wanted == entry.name or wanted in entry.aliases:
            return entry
    raise UnknownNameError("format", name, [f.name for f in FORMATS], hint="`bibtool formats` lists them")


def reader_of(name: str) -> Reader:
    """The reader of a format; raises `UsageError` if it can only be written."""
    entry = find_format(name)
    if not entry.reader:
        raise UsageError(f"bibtool can't read {entry.title}, only write it")
    read = cast("Reader", load(entry.reader))

    def read_with_faults(data: bytes, options: ReadOptions) -> ReadResult:
        options = replace(options, faults=[])
        result = read(data, options)
        return replace(result, problems=(*result.problems, *options.faults)) if options.faults else result

    return read_with_faults


def _given(result: ReadResult) -> Records:
    """What a reader gave at once, record by record."""
    yield from result.records
    return result.problems


def _with_faults(records: Records, options: ReadOptions) -> Records:
    problems = yield from records
    return (*problems, *options.faults)


def writer_of(name: str) -> Writer:
    """The writer of a format; raises `UsageError` if it can only be read."""
    entry = find_format(name)
    if not entry.writer:
        raise UsageError(f"the format {entry.name!r} can be read but not written")
    return cast("Writer", load(entry.writer))


def guess_format(data: bytes, path: str = "") -> Format:
    """The format of an input: by its content, and by its suffix where the content leaves it open.

    Raises `InputError` where neither tells.
    """
    head = data[: 1 << 16]
    if not head.strip():
        raise InputError("the input is empty", path=path or None)
    suffix = Path(path).suffix.casefold() if path else ""
    best: Format | None = None
    best_score = 0
    for entry in sorted(FORMATS, key=lambda known: suffix not in known.suffixes):
        if not entry.reader or not entry.sniffer:
            continue
        score = cast("int", load(entry.sniffer)(head))
        if score and suffix in entry.suffixes:
            score += 10
        if score > best_score:
            best, best_score = entry, score
        if best_score >= 100:
            break  # nothing can be more certain, and the readers of the others need not be loaded
    if best is not None and best.name in _IN_TEXTS and suffix not in best.suffixes:
        from bibtool.formats.listing.parts import kinds_of_parts

        if kinds_of_parts(head.decode("utf-8", "replace")) > 1:
            return find_format("listing")
    if best is None and suffix in {"", ".json"} and (missing := _missing_members(head)):
        raise InputError(missing, path=path or None, hint="if it has records all the same, name the format with --from")
    if best is None:
        best = next((f for f in FORMATS if f.reader and suffix and suffix in f.suffixes), None)
    if best is None:
        from bibtool.formats.otherfiles import recognise

        if (other := recognise(data)) is not None:
            raise InputError(
                f"this looks like {other.what}, which has no records", path=path or None, hint=other.advice
            )
        raise InputError(
            "the format of the input is not clear",
            path=path or None,
            hint="name it with --from; `bibtool formats` lists what can be read",
        )
    return best


def _missing_members(head: bytes) -> str:
    """What an input that is JSON lacks of every format, "" for one that is not JSON."""
    from bibtool.formats.jsonitems import json_head

    if not json_head(head):
        return ""
    from bibtool.formats.jsonitems import member_names

    if member_names(head) & {"title", "author"}:
        return "this JSON has a title or an author, but most of its members are not bibliographic"
    return (
        "this JSON has no bibliographic members: no title, author, issued, DOI, itemType, creators or @type of a work"
    )


def read_bytes(data: bytes, format: str | None = None, options: ReadOptions | None = None) -> ReadResult:  # noqa: A002  (--format)
    """Records and problems of ``data``; the format is guessed where it is not named."""
    if not isinstance(data, bytes):  # text or a path, in a program that no type checker has seen
        raise TypeError("read_bytes takes bytes; read_text takes text, read the path of a file")
    options = options or ReadOptions()
    name = format or guess_format(data, options.path).name
    if not find_format(name).reader_by_one:
        return reader_of(name)(data, options)
    records = read_each(data, name, options)
    del data  # where nobody else holds the bytes, they are gone once they were decoded
    return gathered(records)


def read_each(data: bytes, format: str | None = None, options: ReadOptions | None = None) -> Records:  # noqa: A002  (--format)
    """What `read_bytes` gives, record by record where the format is read so, with the problems as its return value.

    Raises at once what `read_bytes` raises.
    """
    options = options or ReadOptions()
    entry = find_format(format or guess_format(data, options.path).name)
    if not entry.reader_by_one:
        return _given(read_bytes(data, entry.name, options))
    options = replace(options, faults=[])
    return _with_faults(cast("ReaderByOne", load(entry.reader_by_one))(data, options), options)


def read_path(path: str | Path, format: str | None = None, options: ReadOptions | None = None) -> ReadResult:  # noqa: A002  (--format)
    """Records and problems of a file; raises `InputError` if it can't be opened."""
    options = options or ReadOptions(path=str(path))
    return read_bytes(load_bytes(path), format, options)


def write_bytes(records: Record | Iterable[Record], format: str, options: WriteOptions | None = None) -> WriteResult:  # noqa: A002  (--format)
    """The records in a format, with the problems of what it could not hold."""
    from bibtool.model.record import records_of

    chosen, options = find_format(format).name, options or WriteOptions()
    given: Sequence[Record] = records_of(records)
    if options.omit and chosen not in _OMITTING:
        from bibtool.formats.omit import without_fields

        given = without_fields(given, options.omit)
    return writer_of(chosen)(given, options)


def write_each(records: Iterable[Record], format: str, options: WriteOptions | None = None) -> Pieces:  # noqa: A002  (--format)
    """What `write_bytes` gives, in pieces, with the problems as its return value.

    Takes the records one by one where the format is written so, else all at once.
    """
    entry, options = find_format(format), options or WriteOptions()
    if not entry.writer_by_one:
        result = write_bytes(records, entry.name, options)
        yield result.data
        return result.problems
    if options.omit and entry.name not in _OMITTING:
        from bibtool.formats.omit import each_without_fields

        records = each_without_fields(records, options.omit)
    return (yield from cast("WriterByOne", load(entry.writer_by_one))(records, options))


def write_path(
    records: Record | Iterable[Record],
    path: str | Path,
    format: str | None = None,  # noqa: A002  (--format)
    options: WriteOptions | None = None,
) -> WriteResult:
    """The records written to a file, in the format of its suffix where none is named; see `write_bytes`.

    The file is replaced as a whole or not at all. Raises `UsageError` for a suffix of no format, `OutputError` where
    the file can't be written.
    """
    suffix = Path(path).suffix.casefold()
    name = format or next((known.name for known in FORMATS if known.writer and suffix in known.suffixes), None)
    if name is None:
        message = f"no format is written to files named *{suffix}" if suffix else f"{str(path)!r} has no suffix"
        if any(str(path) in (known.name, *known.aliases) for known in FORMATS):
            raise UsageError(message, hint=f"format={str(path)!r} gives the text, without a file")
        raise UsageError(message, hint="name the format, as in format='bibtex'")
    result = write_bytes(records, name, options)
    write_atomic(Path(path), result.data)
    return result
