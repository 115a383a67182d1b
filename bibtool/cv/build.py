"""From records to a finished publication list. Pure: the style, the locale and the owner are handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.cv.bibtexstyle import BibtexStyle, bibtex_style
from bibtool.cv.document import Author, Entry, Link, Profile, PublicationList, Section
from bibtool.cv.kinds import is_withdrawn, kind_of, status_of
from bibtool.cv.links import LINK_KINDS, links_of
from bibtool.cv.listed import as_listed
from bibtool.cv.ownership import records_of_owner, report_owner, some_keys
from bibtool.cv.references import People, make_signs, render_references
from bibtool.cv.sections import Plan, by_keys, numbered, plan_own_sections, plan_sections, sort_works, summarise
from bibtool.cv.words import words_of
from bibtool.model.identifiers import arxiv_id_of_doi
from bibtool.model.names import Names
from bibtool.model.text.inert import inert
from bibtool.model.works.manifestation import is_published
from bibtool.model.works.versions import join_works
from bibtool.problems import Problem, Severity
from bibtool.structs import dataclass, field, replace
from bibtool.styles.rich import plain
from bibtool.styles.style import Style
from bibtool.web.pages import free_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bibtool.cv.owner import Finder, Hit, Owner
    from bibtool.cv.references import Signs
    from bibtool.cv.sections import SectionRule
    from bibtool.cv.targets import TargetOptions
    from bibtool.model.record import Record
    from bibtool.model.works.versions import Work
    from bibtool.styles.locale import Locale
    from bibtool.styles.rich import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOptions:
    """What is listed, and how.

    ``title``        of the list; "" for the word of the locale
    ``where``        a test of works (of the version that is listed)
    ``keys``         only these works, in this order; ``newest``: only the newest so many
    ``everyone``     also works by others
    ``prefer``       ``published`` or ``preprint``: the version that is listed where both are known
    ``group``        ``type``, ``year`` or ``none``; ``sections`` are the user's own and win over it
    ``kinds``        the kinds whose sections come first; ``headings`` kind -> heading instead of the locale's
    ``sort``         fields as in ``--sort``; "" for newest first
    ``number``       ``down``, ``up`` or ``none``; ``per_section``: each section is counted by itself
    ``max_authors``  names shown at most, 0 for all, None for the style's own rule; the owner stays either way
    ``mark_owner``   one of `bibtool.cv.references.OWNER_FORMATS`
    ``legend``       mark -> meaning, for marks of the user's own or in other words
    ``links``        the kinds of links to print, of `bibtool.cv.links.LINK_KINDS`, in this order
    """

    title: str = ""
    where: Callable[[Record], bool] | None = None
    keys: tuple[str, ...] = ()
    newest: int | None = None
    everyone: bool = False
    prefer: str = "published"
    group: str = "type"
    sections: tuple[SectionRule, ...] = ()
    kinds: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    number: str = "down"
    per_section: bool = False
    max_authors: int | None = None
    mark_owner: str = "bold"
    legend: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = LINK_KINDS


@dataclass(frozen=True, slots=True)
class Built:
    """The list, and what a person should look at: doubtful names, works left out."""

    cv: PublicationList
    problems: tuple[Problem, ...] = ()

    def write(self, target: str = "html", options: TargetOptions | None = None) -> bytes:
        """The list for a target of `TARGETS`; see `bibtool.cv.write`."""
        from bibtool.cv.targets import write

        return write(self.cv, target, options)


def build_list(
    records: Iterable[Record],
    style: Style | BibtexStyle | str = "apa",
    *,
    owner: Finder | Owner | str | None = None,
    options: ListOptions | None = None,
    locale: str | Locale | None = None,
) -> Built:
    """The publication list of the owner, or of everybody where no owner is given. No records give an empty list.

    ``style`` and ``owner`` may be names. Raises `UnknownNameError` for an unknown style.
    """
    options = options or ListOptions()
    if isinstance(style, str):
        style = bibtex_style(style) or Style.load(style)
    owner = _finder(owner)
    resolved = locale
    if isinstance(style, Style) and (locale is None or isinstance(locale, str)):
        resolved = style.locale(locale)
    language = (resolved if isinstance(resolved, str) else resolved.lang if resolved is not None else "") or "en-US"
    words = {**words_of(language), **options.headings}
    problems: list[Problem] = []
    own, hits = records_of_owner(_with_keys(records, problems), owner, everyone=options.everyone, problems=problems)
    works = _chosen(own, options, problems, language)
    if owner is not None:
        for work in works:
            if len(work.versions) > 1:  # joining has completed the names
                hits[work.record.key] = owner.find(work.record)
        report_owner(works, hits, problems)
    if options.prefer == "published":
        _report_publications(works, problems)
    signs = make_signs({mark for work in works for mark in _marks_in(work.record)}, words, options.legend)
    links = {work.record.key: links_of(work, words, options.links) for work in works}
    runs, hanging = render_references(
        [work.record for work in works],
        {work.record.key: _people(work.record, hits[work.record.key], signs) for work in works},
        style,
        locale=resolved,
        owner_format=options.mark_owner,
        most=options.max_authors,
        authors=words["authors"],
        linked=links,
    )
    sections = tuple(
        Section(
            id=plan.id,
            heading=inert(plan.heading),
            entries=tuple(
                _entry(work, runs.get(key := work.record.key, ()), hits[key], signs, words, links[key])
                for work in plan.works
            ),
        )
        for plan in _plans(works, words, options, problems)
    )
    sections = numbered(sections, options.number, per_section=options.per_section)
    entries = [entry for section in sections for entry in section.entries]
    used = {mark for entry in entries for mark in _marks_in(entry.record)}
    cv = PublicationList(
        title=inert(options.title or words["publications"]),
        language=language,
        profile=_profile(owner),
        sections=sections,
        legend=signs.legend(used),
        summary=summarise(entries, words),
        hanging=hanging,
    )
    return Built(cv, tuple(problems))


def _finder(owner: Finder | Owner | str | None) -> Finder | None:
    from bibtool.cv.owner import Finder, make_owner

    if owner is None or isinstance(owner, Finder):
        return owner
    return Finder(make_owner([owner]) if isinstance(owner, str) else owner)


# ---- which works ----------------------------------------------------------------------------------------------------


def _with_keys(records: Iterable[Record], problems: list[Problem]) -> list[Record]:
    """The records, each with a key that no other has: what is known of a work is stored under it."""
    by_key: dict[str, Record] = {}
    for record in records:
        key = free_name(record.key or "entry", by_key)
        if record.key and key != record.key:
            message = f"two records have the key {record.key}; the second one is listed as {key}"
            problems.append(Problem(code="cv-same-key", message=message, severity=Severity.NOTE, key=key))
        by_key[key] = record if key == record.key else replace(record, key=key)
    return list(by_key.values())


def _chosen(records: Sequence[Record], options: ListOptions, problems: list[Problem], language: str) -> list[Work]:
    """The works to list, in order."""
    works, doubts = join_works(records, prefer=options.prefer)
    if options.prefer == "published":
        works = [replace(work, record=as_listed(work.record)) for work in works]
    if options.where is not None:
        works = [work for work in works if options.where(as_listed(work.record))]
    standing = []
    for work in works:
        if is_withdrawn(work.record):
            # the list is right without it
            message = f"{work.record.key} is left out: it was withdrawn"
            hint = "--where 'not withdrawn' leaves it out without this note"
            problems.append(
                Problem(code="cv-withdrawn", message=message, severity=Severity.NOTE, key=work.record.key, hint=hint)
            )
        else:
            standing.append(work)
    listed = {record.key for work in standing for record in work.versions}
    for doubt in doubts:
        if set(doubt.keys) <= listed:
            keys = ", ".join(doubt.keys)
            # a talk and its article may well have one title
            message = f"{keys} may be one work and are listed apart: {doubt.reason}"
            hint = "if they are one work, give both the same DOI or arXiv id (`bibtool edit`), or remove one"
            problems.append(
                Problem(code="cv-same-work", message=message, severity=Severity.NOTE, key=doubt.keys[0], hint=hint)
            )
    if options.keys:
        chosen, missing = by_keys(standing, options.keys)
        for key in missing:
            message = f"no work has the key {key}"
            problems.append(Problem(code="cv-no-such-key", message=message, severity=Severity.WARNING, key=key))
        return sort_works(chosen, options.sort, language) if options.sort else chosen
    if options.newest is not None:
        standing = sort_works(standing)[: options.newest]
    return sort_works(standing, options.sort, language)


def _report_publications(works: Iterable[Work], problems: list[Problem]) -> None:
    """Say that preprints have appeared, where the details of the publication are not in the records yet."""
    known = [
        work.record.key
        for work in works
        if not is_published(work.record)
        and any((doi := version.text("DOI")) and arxiv_id_of_doi(doi) is None for version in work.versions)
    ]
    if known:
        many = f"{len(known)} works are" if len(known) > 1 else "1 work is"
        message = f"{many} listed as a preprint though the DOI of the publication is known: {some_keys(known)}"
        hint = "`bibtool refresh` takes over what is known of it; the rest can be set with `bibtool edit`"
        problems.append(Problem(code="cv-publication-known", message=message, severity=Severity.NOTE, hint=hint))


def _plans(
    works: Sequence[Work], words: Mapping[str, str], options: ListOptions, problems: list[Problem]
) -> list[Plan]:
    if not options.sections:
        group = "none" if options.keys and options.group == "type" else options.group
        return plan_sections(works, group, words, options.kinds)
    plans, left = plan_own_sections(works, options.sections)
    if left:
        keys = some_keys([work.record.key for work in left])
        many, verb = (f"{len(left)} works", "are") if len(left) > 1 else ("1 work", "is")
        message = f"{many} {verb} in none of the sections and {verb} left out: {keys}"
        hint = "add a last section without a condition: it takes all that is left"
        problems.append(Problem(code="cv-no-section", message=message, severity=Severity.WARNING, hint=hint))
    return plans


# ---- entries --------------------------------------------------------------------------------------------------------


def _marks_in(record: Record) -> set[str]:
    marks: set[str] = set()
    for value in record.variables.values():
        if isinstance(value, Names):
            marks.update(value.marks)
            for name in value.names:
                if name.marks:
                    marks.update(name.marks)
    return marks


def _people(record: Record, hit: Hit, signs: Signs) -> People:
    by_place: dict[tuple[str, int], str] = {}
    lists: dict[str, str] = {}
    for variable, value in record.variables.items():
        if isinstance(value, Names):
            if value.marks and (sign := signs.of(value.marks)):
                lists[variable] = sign
            for at, name in enumerate(value.names):
                if name.marks and (sign := signs.of(name.marks)):
                    by_place[variable, at] = sign
    return People(owner=frozenset(hit.places), signs=by_place, list_signs=lists)


def _entry(
    work: Work,
    run: tuple[str | Mark, ...],
    hit: Hit,
    signs: Signs,
    words: Mapping[str, str],
    links: tuple[Link, ...],
) -> Entry:
    record = work.record
    names = record.names("author") or record.names("editor")
    variable = "author" if record.names("author") else "editor"
    text = plain(run)
    status = inert(status_of(record, words))
    return Entry(
        key=record.key,
        run=run,
        record=record,
        preprint=work.preprint,
        authors=tuple(
            Author(name=name, owner=(variable, at) in hit.places, marks=name.marks, signs=signs.of(name.marks))
            for at, name in enumerate(names)
        ),
        truncated=names.truncated,
        links=links,
        status="" if status.casefold() in text.casefold() else status,
        kind=kind_of(record),
        year=record.year,
        tags=tuple(tag for part in record.text("keyword").replace(";", ",").split(",") if (tag := part.strip())),
    )


def _profile(owner: Finder | None) -> Profile:
    if owner is None:
        return Profile()
    person = owner.owner
    links = []
    if person.orcid:
        links.append(Link(kind="orcid", label=person.orcid, url=f"https://orcid.org/{person.orcid}"))
    if person.arxiv_author:
        label = f"arXiv: {person.arxiv_author}"
        links.append(Link(kind="arxiv-author", label=label, url=f"https://arxiv.org/a/{person.arxiv_author}"))
    return Profile(name=inert(person.names[0]) if person.names else "", links=tuple(links))
