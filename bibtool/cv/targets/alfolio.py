"""al-folio: ``_bibliography/papers.bib`` in the folder of the site, updated without touching what people wrote.

jekyll-scholar prints that file (https://github.com/alshedivat/al-folio, ``_layouts/bib.liquid``). An entry is found
again by arXiv id, DOI, citation key, then title and year. Of an entry that is there

- the fields that say what the work is (`KEPT_UP`) are set where they say something else than the list, each as a local
  edit; a value that says the same in other words of LaTeX, and a name with the marks of al-folio (``Ash*``), stays;
- ``arxiv`` and a missing one of those fields are added;
- everything else is the user's, above all al-folio's own fields (``abbr``, ``selected``, ``preview``, ``pdf`` ...);
- ``bibtool_keep = {title, journal}`` takes fields away from bibtool too, ``bibtool_keep = {all}`` the whole entry.

New entries go on top, newest first. No entry is deleted, and no key of an entry changes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bibtool.bib.document import Document
from bibtool.bib.edit import Editor
from bibtool.bib.latexwriting import to_latex
from bibtool.cv import facts
from bibtool.cv.document import Entry as Work
from bibtool.cv.folder import once_each, partners
from bibtool.cv.targets import Files
from bibtool.cv.targets import _alfoliotext as inert
from bibtool.cv.targets._alfoliomerge import brought_up_to_date, folded
from bibtool.errors import BibtoolError
from bibtool.formats.bibtex.amend import NewEntry, add_on_top, amend, dialect_of
from bibtool.formats.bibtex.from_record import Written, from_record
from bibtool.formats.bibtex.mapping_bibtex import BIBTEX
from bibtool.lazy import lazy_pattern
from bibtool.model.identifiers import arxiv_id_of_doi
from bibtool.model.record import Arxiv, Record, Verbatim
from bibtool.model.richtext import Text
from bibtool.model.works.verdict import may_be_one_under_key
from bibtool.problems import Position, Problem, Severity
from bibtool.structs import replace
from bibtool.web.pages import free_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibtool.bib.document import Entry
    from bibtool.cv.document import PublicationList
    from bibtool.cv.targets import Existing, TargetOptions
    from bibtool.model.record import Value

PATH: Final = "_bibliography/papers.bib"
KEEP: Final = "bibtool_keep"
KEPT_UP: Final = frozenset("title author journal booktitle volume number pages year month doi".split())

_START: Final = "---\n---\n\n"  # al-folio's own file begins so
# variables of a new entry; what a source noted down (keywords, notes, annotations) is nobody else's business
_WRITTEN: Final = (
    "title author editor container-title collection-title volume issue number page edition genre publisher "
    "publisher-place issued"
).split()
_LINKS: Final = {"pdf": "pdf", "code": "code", "url": "website"}
_BAD_IN_KEY: Final = lazy_pattern(r"[^A-Za-z0-9:.+/_-]+")
_NUMBERED: Final = lazy_pattern(r"-\d+\Z")
_PLAIN_DOI: Final = lazy_pattern(r"10\.[A-Za-z0-9._;()/:+-]+", re.ASCII)
_FATAL: Final = frozenset({"conflict-marker", "nul"})


def write_files(cv: PublicationList, options: TargetOptions, existing: Existing) -> Files:
    """The file, where it is new or changed; a file that can't be read to its end is left alone."""
    works = once_each(cv.entries)
    data = existing.get(PATH)
    document = Document.from_text(_START) if data is None else Document.from_bytes(data, PATH)
    if bad := _unreadable(document):
        return Files(problems=bad)
    problems: list[Problem] = []
    standing = _Standing(document)
    keys = unique_keys([file_key(work) for work in works], set())
    names = [_names(work, key) for work, key in zip(works, keys, strict=True)]

    def fits(at: int, entry: int, kind: str) -> bool:
        return kind != "key:" or may_be_one_under_key(works[at].record, standing.works[entry].record)

    pairs = partners(names, standing.names, ("arxiv:", "doi:", "key:", "title:", "like:"), fits)
    listed = {entry: works[at] for at, entry in pairs.items()}
    changed, failed = _changed(document, standing, listed)
    new = {keys[at]: work for at, work in enumerate(works) if at not in pairs}
    made = _with_new(changed, new, options, problems)
    # where they are now, below the new ones
    entries = [entry for entry in made.entries if entry.type != "xdata"][len(made.entries) - len(document.entries) :]
    problems += [_not_written(entries[at].key, entries[at]) for at in failed]
    orphans = _left_over(entries, standing, listed, problems)
    written = made.to_bytes()
    return Files(
        write={} if written == data or (data is None and not new) else {PATH: written},
        orphans=orphans,
        problems=tuple(problems),
    )


class _Standing:
    """The entries of the file: as they are, as works, the names by which each is known, the fields kept from us."""

    def __init__(self, document: Document) -> None:
        from bibtool.formats.base import ReadOptions
        from bibtool.formats.bibtex.reader import read_document

        self.entries = [entry for entry in document.entries if entry.type != "xdata"]
        records = read_document(document, ReadOptions(path=PATH)).records
        self.works = [Work(key=record.key, record=record) for record in records]
        self.names = [_names(work, work.key) for work in self.works]
        self.keep = [frozenset(re.findall(r"[\w-]+", (entry.get(KEEP) or "").casefold())) for entry in self.entries]


def _unreadable(document: Document) -> tuple[Problem, ...]:
    faults = [problem for block in document.broken for problem in block.problems[:1]]
    faults += [problem for problem in document.problems if problem.code in _FATAL and problem not in faults]
    left = "the file was left as it was"
    return tuple(
        replace(problem, code="bib-unreadable", message=f"{problem.message}; {left}", severity=Severity.ERROR, raw=None)
        for problem in faults
    )


# ---- who is who -----------------------------------------------------------------------------------------------------


def _names(work: Work, key: str) -> frozenset[str]:
    """What identifies a work; see `facts.identities`. ``key`` is its key in the file, which may differ."""
    names = {name if name.startswith("key:") else name.casefold() for name in facts.identities(work)}
    title = folded(facts.title(work))
    names.add(f"key:{key}")
    if title:
        names |= {f"title:{title} {record.year}" for record in facts.versions(work) if record.year is not None}
        names.add(f"like:{_NUMBERED.sub('', file_key(work)).casefold()} {title}")
    return frozenset(names)


# ---- entries that are there ---------------------------------------------------------------------------------------


def _changed(document: Document, standing: _Standing, works: Mapping[int, Work]) -> tuple[Document, list[int]]:
    """The document with its entries updated, and which of them could not be."""
    failed = []
    editor = Editor(document)
    for at, work in sorted(works.items()):
        entry, before, keep = standing.entries[at], standing.works[at].record, standing.keep[at]
        if "all" in keep:
            continue
        dialect = dialect_of(entry)
        after = brought_up_to_date(before, _listed(work), keep)
        number = facts.arxiv_id(work)
        arxiv = [Written("arxiv", str(number))] if number is not None and "arxiv" not in keep else []
        ascii_only = document.encoding != "utf-8"
        old, new = (from_record(record, dialect, ascii_only=ascii_only) for record in (before, after))
        old.fields, new.fields = inert.fields(old.fields), inert.fields(new.fields)
        done = amend(editor, entry, old, new, names=KEPT_UP - keep, retype=after.type != before.type, added=arxiv)
        if not done:
            failed.append(at)
    return editor.document(), failed


def _listed(work: Work) -> Record:
    """The work as the list has it, its values fit for the file."""
    return _record(work, work.record.variables)


def _record(work: Work, variables: Mapping[str, Value]) -> Record:
    made = {name: inert.value(variables[name]) for name in variables if name in _WRITTEN}
    if work.record.year is None:
        made.pop("issued", None)
    doi = facts.doi(work)
    if doi and arxiv_id_of_doi(doi) is None:
        made["DOI"] = Verbatim(doi if _PLAIN_DOI.fullmatch(doi) else _quoted(doi))
    number = facts.arxiv_id(work)
    return Record(
        key=file_key(work), type=work.record.type, variables=made, arxiv=None if number is None else Arxiv(id=number)
    )


def _quoted(doi: str) -> str:
    from urllib.parse import quote

    return quote(doi, safe="/:;()+")


# ---- new entries ----------------------------------------------------------------------------------------------------


def _with_new(
    document: Document, works: Mapping[str, Work], options: TargetOptions, problems: list[Problem]
) -> Document:
    keys = unique_keys(list(works), {entry.key.casefold() for entry in document.entries})
    dated = []
    for work, key in zip(works.values(), keys, strict=True):
        dated.append((facts.full_date(work), _new(work, key, options, ascii_only=document.encoding != "utf-8")))
    dated.sort(key=lambda entry: entry[0], reverse=True)  # stable: of one day in the order of the list
    try:
        return add_on_top(document, [entry for _, entry in dated])
    except BibtoolError:
        pass
    fit = []
    for _, entry in dated:
        try:
            add_on_top(document, [entry])
        except BibtoolError:
            problems.append(_not_written(entry.key, None))
        else:
            fit.append(entry)
    return add_on_top(document, fit)


def _new(work: Work, key: str, options: TargetOptions, *, ascii_only: bool) -> NewEntry:
    record = _listed(work)
    made = from_record(record, BIBTEX, ascii_only=ascii_only)
    fields = [field for field in inert.fields(made.fields) if field.name != "day"]
    if record.arxiv is not None and record.type == "article" and "container-title" not in record.variables:
        # bib.liquid names the place of articles, and nothing for @misc
        made.type = "article"
        fields = [field for field in fields if field.name not in ("doi", "url", "howpublished")]
        at = next((at for at, field in enumerate(fields) if field.name == "year"), len(fields))
        fields.insert(at, Written("journal", f"arXiv preprint arXiv:{record.arxiv.id}"))
    if abstract := facts.abstract(work):
        source = next(
            version.variables["abstract"] for version in facts.versions(work) if version.text("abstract").strip()
        )
        words = inert.text(source if isinstance(source, Text) else Text.of(abstract))
        fields += inert.fields([Written("abstract", to_latex(words, ascii_only=ascii_only))])
    if record.arxiv is not None:
        fields.append(Written("arxiv", str(record.arxiv.id)))
    if options.links:
        addresses = {field: facts.address(work, kind) for kind, field in _LINKS.items()}
        fields += [Written(name, inert.address(url)) for name, url in addresses.items() if url]
    fields.append(Written("bibtex_show", "true"))
    return NewEntry(made.type, key, fields)


def unique_keys(keys: Sequence[str], taken: set[str]) -> list[str]:
    """The keys, with a number after those that are taken; BibTeX compares keys without case."""
    unique = []
    for key in keys:
        unique.append(free_name(key, taken, fold=str.casefold))
        taken.add(unique[-1].casefold())
    return unique


def file_key(work: Work) -> str:
    """The key in the file: only characters that are allowed in an ``id`` of HTML and in all BibTeX programs."""
    return _BAD_IN_KEY.sub("-", work.key).strip("-") or "work"


# ---- what is left over ----------------------------------------------------------------------------------------------


def _left_over(
    entries: Sequence[Entry], standing: _Standing, works: Mapping[int, Work], problems: list[Problem]
) -> tuple[str, ...]:
    """The entries whose work is not in the list; a second one of a work is a problem."""
    by_id = {name: at for at, work in works.items() for name in _names(work, "") if name.startswith(("arxiv:", "doi:"))}
    orphans = []
    for at, entry in enumerate(entries):
        if at in works or "all" in standing.keep[at]:
            continue
        first = next((by_id[name] for name in sorted(standing.names[at]) if name in by_id), None)
        if first is None:
            orphans.append(f"{PATH}:{entry.line} ({facts.line(standing.works[at].key)})")
            continue
        problems.append(
            Problem(
                code="entry-twice",
                message=f"this is the same work as the entry on line {entries[first].line}; only that one is "
                "kept up to date",
                severity=Severity.WARNING,
                position=entry.position,
                key=standing.works[at].key,
                hint=f"remove one of them, or give this one {KEEP} = {{all}}",
            )
        )
    return tuple(orphans)


def _not_written(key: str, entry: Entry | None) -> Problem:
    return Problem(
        code="entry-not-written",
        message="what the list says of this work can't be written into the file",
        position=entry.position if entry is not None else Position(PATH),
        key=key,
        hint="save the file as UTF-8, or correct the record",
    )
