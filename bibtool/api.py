"""The functions that ``import bibtool`` offers: one for each task of the commands.

Nothing here prints, reads the environment or knows the user's folders: the caller names caches and files.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias

from bibtool.bib.document import Document as BibFile
from bibtool.files import load_bytes
from bibtool.formats.registry import read_bytes, write_bytes, write_path
from bibtool.model.record import records_of
from bibtool.problems import Position, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bibtool.cv.build import Built, ListOptions
    from bibtool.cv.owner import Finder, Owner
    from bibtool.enrich.arxiv import ArxivClient
    from bibtool.enrich.report import EnrichReport
    from bibtool.formats.base import ReadOptions, ReadResult, WriteOptions, WriteResult
    from bibtool.model.record import Record
    from bibtool.project.verify import Verified
    from bibtool.styles.style import Style

__all__ = [
    "BibFile", "check", "cite", "enrich", "format_list", "publication_list", "read", "read_text", "verify", "write",
]  # fmt: skip

Records: TypeAlias = "Record | Iterable[Record]"


def read(
    source: str | Path | IO[bytes] | IO[str],
    format: str | None = None,  # noqa: A002  (--format)
    options: ReadOptions | None = None,
) -> ReadResult:
    """Records and problems of a file, given by its path or as an open file.

    Without ``format``, content and suffix determine the format. To read content directly, use `read_bytes` or
    `read_text`. Raises `InputError` if nothing can be read.

    >>> result = bibtool.read("refs.bib")
    >>> result["doe20"].title
    'A title'
    """
    from bibtool.formats.base import ReadOptions

    if isinstance(source, (str, Path)):
        return read_bytes(load_bytes(source), format, options or ReadOptions(path=str(source)))
    if not hasattr(source, "read"):
        raise TypeError(f"read takes a path or an open file, not {type(source).__name__}; see read_bytes, read_text")
    data = source.read()
    name = getattr(source, "name", None)
    given = options or ReadOptions(path=name if isinstance(name, str) else "<stream>")
    return read_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogateescape"), format, given)


def read_text(text: str, format: str | None = None, options: ReadOptions | None = None) -> ReadResult:  # noqa: A002  (--format)
    """Records and problems of a text, such as one BibTeX entry; without ``format``, the content determines the format.

    >>> bibtool.read_text("@book{b, title = {X}, author = {A. Bee}}")["b"].authors[0].family
    'Bee'
    """
    from bibtool.formats.base import ReadOptions

    return read_bytes(text.encode("utf-8", "surrogateescape"), format, options or ReadOptions(path="<text>"))


def write(
    records: Records,
    target: str | Path | IO[bytes] | None = None,
    format: str | None = None,  # noqa: A002  (--format)
    options: WriteOptions | None = None,
) -> WriteResult:
    """The result of writing records to a path or a binary file; without ``target``, only its ``data`` has them.

    The format can be omitted if the suffix of the path determines it. A file is replaced as a whole or not at all.
    ``problems`` of the result name what the format can't hold. Raises `UsageError` for an unknown format.

    >>> bibtool.write(record, "out.json").problems
    ()
    >>> print(bibtool.write(record, format="bibtex").text.partition(",")[0])
    @article{doe20
    """
    if isinstance(target, (str, Path)):
        return write_path(records, target, format, options)
    if format is None:
        raise TypeError("write needs a format if the target is not a path")
    result = write_bytes(records, format, options)
    if target is not None:
        target.write(result.data)
    return result


def check(
    source: str | Path | bytes | BibFile,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    dialect: str = "auto",
) -> tuple[Problem, ...]:
    """What the rules of ``bibtool check`` find in a BibTeX file (a path, bytes or a `BibFile`), in the order of lines.

    ``select`` and ``ignore`` take codes and prefixes of codes (``"DUP"``, ``"VAL006"``); ``dialect`` is auto, bibtex or
    biblatex. Raises `UnknownNameError` for an unknown code, `InputError` if the file can't be read.

    >>> [problem.code for problem in bibtool.check(b"@article{a, title = {X}}", select=["REQ"])]
    ['REQ001']
    """
    from bibtool.check.engine import check as run_rules
    from bibtool.check.settings import CheckSettings
    from bibtool.check.source import CheckedFile

    if isinstance(source, (str, Path)):
        source = BibFile.open(source)
    elif isinstance(source, bytes):
        source = BibFile.from_bytes(source)
    settings = CheckSettings(select=tuple(select), ignore=tuple(ignore), dialect=dialect)
    findings = run_rules([CheckedFile(source, source.path or "<bytes>")], settings)
    return tuple(
        Problem(
            code=finding.code,
            message=finding.hit.message,
            severity=finding.severity,
            position=Position(source.path, finding.line, finding.column),
            key=finding.key,
            hint=finding.hit.fix.description if finding.hit.fix else None,
        )
        for finding in findings
    )


def enrich(
    records: Records,
    *,
    accept: Mapping[str, str] | None = None,
    cache: str | Path | None = None,
    offline: bool = False,
    max_age_days: float | None = None,
    contact: str = "",
    url: str | None = None,
    delay_s: float | None = None,
) -> EnrichReport:
    """The records confirmed and completed by arXiv: ``results`` has ``before``, ``after`` and a verdict for each.

    ``accept`` maps citation keys to arXiv ids of your choice. ``cache`` is a folder for answers and for the request
    rate that all processes with this folder share; with None, answers are not kept. ``offline`` sends no requests;
    answers older than ``max_age_days`` (30) are requested again. ``contact`` is a mail address at which arXiv can reach
    you. Requests are three seconds apart; ``delay_s`` can lengthen that. A failing service is a verdict, not an error.

    >>> report = bibtool.enrich(records, cache="answers", contact="me@example.org")  # doctest: +SKIP
    >>> completed = [result.after for result in report.results]  # doctest: +SKIP
    """
    from bibtool.enrich.service import enrich as confirm
    from bibtool.model.identifiers import parse_arxiv_id

    chosen = {key: parse_arxiv_id(number) for key, number in (accept or {}).items()}
    client = _client(cache, url, delay_s, contact, offline=offline, max_age_days=max_age_days)
    return confirm(records_of(records), client, accept=chosen)


def verify(
    records: Records,
    *,
    search: bool = True,
    cache: str | Path | None = None,
    offline: bool = False,
    max_age_days: float | None = None,
    contact: str = "",
    url: str | None = None,
    delay_s: float | None = None,
) -> tuple[Verified, ...]:
    """For each record, whether arXiv confirms or contradicts it (with both values), or why it could not be checked.

    Records without an arXiv id are looked up by title and authors unless ``search`` is false. The other parameters are
    those of `enrich`.

    >>> for result in bibtool.verify(records, cache="answers"):  # doctest: +SKIP
    ...     print(result.record.key, result.verdict, *result.contradictions)
    """
    from bibtool.project.verify import gather
    from bibtool.project.verify import verify as judge_all

    given = records_of(records)
    client = _client(cache, url, delay_s, contact, offline=offline, max_age_days=max_age_days)
    return tuple(judge_all(given, gather(given, client, search=search)))


def _client(
    cache: str | Path | None,
    url: str | None,
    delay_s: float | None,
    contact: str,
    *,
    offline: bool,
    max_age_days: float | None,
) -> ArxivClient:
    from bibtool.enrich.connect import connect

    folder = None if cache is None else Path(cache)
    return connect(
        url=url,
        cache=folder and folder / "arxiv",
        pace=folder and folder / "pace",
        delay_s=delay_s,
        contact=contact,
        offline=offline,
        max_age_days=max_age_days,
    )


def format_list(
    records: Records,
    style: str = "apa",
    output: str = "text",
    *,
    locale: str | None = None,
    keep_order: bool = False,
) -> str:
    """The reference list in a style: a CSL style by name, title, journal or path, a BibTeX style, or a .bst file.

    ``output`` is text, markdown, html, latex, rtf, typst, rst or ansi. The style determines the order, unless
    ``keep_order`` keeps that of the records. Raises `UnknownNameError` for an unknown style, output or locale.

    >>> print(bibtool.format_list(record, "apa"), end="")
    Doe, J., & Lind, B. (2020). A title. Journal of Things, 3.
    """
    from bibtool.project.formatted import render_list
    from bibtool.styles.output import OUTPUTS, renderer
    from bibtool.styles.style import Style

    if output not in OUTPUTS:
        renderer(output)
    data, _ = render_list(
        records_of(records), output, style, Style.load, locale=locale, keep_order=keep_order, page=False
    )
    return data.decode("utf-8")


def cite(
    records: Records,
    keys: str | Iterable[str],
    style: str | Style = "apa",
    output: str = "text",
    *,
    locale: str | None = None,
) -> str:
    """The citation of these keys as it appears in a text. ``records`` are all records that the text cites, in order.

    A citation of which the style prints nothing is "[NO_PRINTED_FORM]".

    Raises `UnknownNameError` for an unknown key, style, output or locale.

    >>> bibtool.cite([record], "doe20")
    '(Doe & Lind, 2020)'
    """
    from bibtool.project.formatted import processor_of
    from bibtool.styles.style import Style

    loaded = Style.load(style) if isinstance(style, str) else style
    processor = processor_of(records_of(records), loaded, output, locale=locale)
    return processor.cite([keys] if isinstance(keys, str) else list(keys))


def publication_list(
    records: Records,
    owner: Finder | Owner | str | None = None,
    *,
    style: str = "apa",
    options: ListOptions | None = None,
    locale: str | None = None,
) -> Built:
    """The publications of a person, grouped and numbered; ``problems`` lists doubtful ones, ``write()`` returns bytes.

    Without an owner, the works of everybody are listed. ``options`` selects and orders works; see `bibtool.cv`.

    >>> built = bibtool.publication_list(records, "Jane Doe")
    >>> page = built.write("html")
    """
    from bibtool.cv.build import build_list

    return build_list(records_of(records), style, owner=owner, options=options, locale=locale)
