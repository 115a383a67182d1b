"""What ``import bibtool`` offers beside its types: one function for each thing that the commands do.

Nothing here prints, reads the environment or knows the user's folders: caches and files are named by the caller.
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
    """Records and problems of a file: its path, or the open file.

    The format is guessed by content and suffix where it is not named. For the content itself there are `read_bytes`
    and `read_text`. Raises `InputError` where nothing can be read.

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
    """Records and problems of a text, such as one entry of BibTeX; the format is guessed where it is not named.

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
    """The records written to a path or a file open for bytes, or to nothing: then only ``data`` of the result holds it.

    The format may be left out where the suffix of the path tells it. A file is replaced as a whole or not at all.
    ``problems`` of the result name what the format can't hold. Raises `UsageError` where the format is not known.

    >>> bibtool.write(record, "out.json").problems
    ()
    >>> print(bibtool.write(record, format="bibtex").text.partition(",")[0])
    @article{doe20
    """
    if isinstance(target, (str, Path)):
        return write_path(records, target, format, options)
    if format is None:
        raise TypeError("write needs a format where it has no path")
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
    """What the rules of ``bibtool check`` find in a BibTeX file: its path, its bytes, or a `BibFile`; by line.

    ``select`` and ``ignore`` take codes and their beginnings (``"DUP"``, ``"VAL006"``); ``dialect`` is auto, bibtex or
    biblatex. Raises `UnknownNameError` for a code that means nothing, `InputError` for a file that can't be read.

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
    """The records confirmed on arXiv and completed: ``results`` has ``before``, ``after`` and a verdict for each.

    ``accept`` maps citation keys to the arXiv ids that you have chosen. ``cache`` is a folder for the answers and for
    the pace that all processes keep which name it; with None answers are forgotten. ``offline`` asks nobody; answers
    older than ``max_age_days`` (30) are asked for again. ``contact`` is a mail address by which arXiv can reach you.
    Requests are three seconds apart; ``delay_s`` may lengthen that. A service that fails is a verdict, not an error.

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
    """For each record whether arXiv confirms it, contradicts it (with both values), or why that could not be checked.

    Records without arXiv id are searched for by title and authors unless ``search`` is false. For the other
    parameters see `enrich`.

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
    """The reference list in a style: a CSL style by name, title, journal or path, one of BibTeX's, or a .bst file.

    ``output`` is text, markdown, html, latex, rtf, typst, rst or ansi. The order is the style's, or that of the records
    with ``keep_order``. Raises `UnknownNameError` for a style, output or locale that there is not.

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
    """The citation of these keys as it stands in a text; the records are all that the text cites, in their order.

    Raises `UnknownNameError` for a key without record, a style, an output or a locale that there is not.

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
    """The publications of a person, grouped and numbered: ``problems`` tells what is doubtful, ``write()`` gives bytes.

    Without an owner the works of everybody are listed. ``options`` chooses and orders works, see `bibtool.cv`.

    >>> built = bibtool.publication_list(records, "Jane Doe")
    >>> page = built.write("html")
    """
    from bibtool.cv.build import build_list

    return build_list(records_of(records), style, owner=owner, options=options, locale=locale)
