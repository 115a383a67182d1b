"""The one table of formats. Command line, suffix guessing, docs and tests read it; modules load at first use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bibtool.errors import InputError, UnknownNameError, UsageError
from bibtool.files import load_bytes, write_atomic
from bibtool.formats.base import ReadOptions, WriteOptions
from bibtool.lazy import load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bibtool.formats.base import Reader, ReadResult, Writer, WriteResult
    from bibtool.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format. ``reader``, ``writer`` and ``sniffer`` are "module:function", empty where there is none.

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


FORMATS: tuple[Format, ...] = (
    Format(
        name="bibtex",
        title="BibTeX",
        suffixes=(".bib",),
        aliases=("bib",),
        reader="bibtool.formats.bibtex.reader:read",
        writer="bibtool.formats.bibtex.writer:write_bibtex",
        sniffer="bibtool.formats.bibtex.sniff:sniff",
    ),
    Format(
        name="biblatex",
        title="BibLaTeX",
        reader="bibtool.formats.bibtex.reader:read_biblatex",
        writer="bibtool.formats.bibtex.writer:write_biblatex",
    ),
    Format(
        name="csl-json",
        title="CSL-JSON",
        suffixes=(".json",),
        aliases=("csljson", "json", "csl"),
        reader="bibtool.formats.csl.json:read",
        writer="bibtool.formats.csl.json:write",
        sniffer="bibtool.formats.csl.json:sniff",
    ),
    Format(
        name="csl-yaml",
        title="CSL-YAML, as pandoc's references",
        suffixes=(".yaml", ".yml"),
        aliases=("cslyaml", "yaml"),
        reader="bibtool.formats.csl.yaml:read",
        writer="bibtool.formats.csl.yaml:write",
        sniffer="bibtool.formats.csl.yaml:sniff",
    ),
    Format(
        name="ris",
        title="RIS",
        suffixes=(".ris",),
        reader="bibtool.formats.ris:read",
        writer="bibtool.formats.ris:write",
        sniffer="bibtool.formats.ris:sniff",
    ),
    Format(
        name="endnote-xml",
        title="EndNote XML",
        suffixes=(".xml",),
        aliases=("endnote", "endnotexml"),
        reader="bibtool.formats.endnotexml:read",
        writer="bibtool.formats.endnotexml:write",
        sniffer="bibtool.formats.endnotexml:sniff",
    ),
    Format(
        name="nbib",
        title="PubMed (MEDLINE, NBIB)",
        suffixes=(".nbib",),
        aliases=("pubmed", "medline"),
        reader="bibtool.formats.nbib:read",
        writer="bibtool.formats.nbib:write",
        sniffer="bibtool.formats.nbib:sniff",
    ),
    Format(
        name="mods",
        title="MODS",
        suffixes=(".mods",),
        reader="bibtool.formats.mods:read",
        writer="bibtool.formats.mods:write",
        sniffer="bibtool.formats.mods:sniff",
    ),
    Format(
        name="hayagriva",
        title="Hayagriva YAML (Typst)",
        aliases=("typst",),
        reader="bibtool.formats.hayagriva:read",
        writer="bibtool.formats.hayagriva:write",
        sniffer="bibtool.formats.hayagriva:sniff",
    ),
    Format(
        name="cff",
        title="CITATION.cff",
        suffixes=(".cff",),
        aliases=("citation.cff",),
        reader="bibtool.formats.cff:read",
        writer="bibtool.formats.cff:write",
        sniffer="bibtool.formats.cff:sniff",
    ),
    Format(
        name="crossref",
        title="Crossref JSON",
        reader="bibtool.formats.crossref:read",
        sniffer="bibtool.formats.crossref:sniff",
    ),
    Format(
        name="jats",
        title="JATS XML",
        suffixes=(".nxml", ".jats"),
        reader="bibtool.formats.jats:read",
        sniffer="bibtool.formats.jats:sniff",
    ),
    Format(
        name="datacite",
        title="DataCite JSON",
        reader="bibtool.formats.datacite:read",
        sniffer="bibtool.formats.datacite:sniff",
    ),
    Format(
        name="csv",
        title="CSV with CSL variables as columns",
        suffixes=(".csv", ".tsv"),
        aliases=("tsv",),
        reader="bibtool.formats.csvtable:read",
        writer="bibtool.formats.csvtable:write",
        sniffer="bibtool.formats.csvtable:sniff",
    ),
    Format(
        name="ids",
        title="List of identifiers (arXiv ids, DOIs, PMIDs, ISBNs, URLs)",
        suffixes=(".ids",),
        aliases=("id",),
        reader="bibtool.formats.ids:read",
        writer="bibtool.formats.ids:write",
        sniffer="bibtool.formats.ids:sniff",
    ),
    Format(
        name="listing",
        title="Publication listing, pasted as text from a profile page",
        suffixes=(".txt",),
        aliases=("paste",),
        reader="bibtool.formats.listing.reader:read",
        sniffer="bibtool.formats.listing.reader:sniff",
    ),
)


def find_format(name: str) -> Format:
    """The format of that name or alias; raises `UnknownNameError` with suggestions."""
    wanted = name.casefold()
    for one in FORMATS:
        if wanted == one.name or wanted in one.aliases:
            return one
    raise UnknownNameError("format", name, [f.name for f in FORMATS], hint="`bibtool formats` lists them")


def reader_of(name: str) -> Reader:
    """The reader of a format; raises `UsageError` if it can only be written."""
    found = find_format(name)
    if not found.reader:
        raise UsageError(f"bibtool can't read {found.title}, only write it")
    return cast("Reader", load(found.reader))


def writer_of(name: str) -> Writer:
    """The writer of a format; raises `UsageError` if it can only be read."""
    found = find_format(name)
    if not found.writer:
        raise UsageError(f"bibtool can't write {found.title}, only read it")
    return cast("Writer", load(found.writer))


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
    for one in sorted(FORMATS, key=lambda known: suffix not in known.suffixes):
        if not one.reader or not one.sniffer:
            continue
        score = cast("int", load(one.sniffer)(head))
        if score and suffix in one.suffixes:
            score += 10
        if score > best_score:
            best, best_score = one, score
        if best_score >= 100:
            break  # nothing can be more certain, and the readers of the others need not be loaded
    if best is None:
        best = next((f for f in FORMATS if f.reader and suffix and suffix in f.suffixes), None)
    if best is None:
        raise InputError("the format of the input is not clear", path=path or None, hint="name it with --from")
    return best


def read_bytes(data: bytes, format: str | None = None, options: ReadOptions | None = None) -> ReadResult:  # noqa: A002
    """Records and problems of ``data``; the format is guessed where it is not named."""
    if not isinstance(data, bytes):  # text or a path, in a program that no type checker has seen
        raise TypeError("read_bytes takes bytes; read_text takes text, read the path of a file")
    options = options or ReadOptions()
    name = format or guess_format(data, options.path).name
    return reader_of(name)(data, options)


def read_path(path: str | Path, format: str | None = None, options: ReadOptions | None = None) -> ReadResult:  # noqa: A002
    """Records and problems of a file; raises `InputError` if it can't be opened."""
    options = options or ReadOptions(path=str(path))
    return read_bytes(load_bytes(path), format, options)


def write_bytes(records: Record | Iterable[Record], format: str, options: WriteOptions | None = None) -> WriteResult:  # noqa: A002
    """The records in a format, with the problems of what it could not hold."""
    from bibtool.model.record import records_of

    return writer_of(format)(records_of(records), options or WriteOptions())


def write_path(
    records: Record | Iterable[Record],
    path: str | Path,
    format: str | None = None,  # noqa: A002
    options: WriteOptions | None = None,
) -> WriteResult:
    """The records written to a file, in the format of its suffix where none is named; see `write_bytes`.

    The file is replaced as a whole or not at all. Raises `UsageError` for a suffix of no format, `OutputError` where
    the file can't be written.
    """
    suffix = Path(path).suffix.casefold()
    name = format or next((known.name for known in FORMATS if known.writer and suffix in known.suffixes), None)
    if name is None:
        raise UsageError(f"no format is written to files named *{suffix}", hint="name the format")
    result = write_bytes(records, name, options)
    write_atomic(Path(path), result.data)
    return result
