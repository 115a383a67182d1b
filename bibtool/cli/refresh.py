"""``bibtool refresh`` and ``bibtool outdated``: what arXiv has that is newer than library, BibTeX files and lock."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bibtool.cli.common import (
    App,
    NumberWithin,
    common_options,
    count,
    json_option,
    library_option,
    print_json,
    use_colour,
    verbose_option,
)
from bibtool.cli.exits import DONE, FAILED, NOT_ASKED, worst
from bibtool.cli.grouping import MAX_NAMED, grouped
from bibtool.cli.library import printable, put_changed
from bibtool.errors import InputError, UnknownNameError, UsageError
from bibtool.structs import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bibtool.enrich.arxiv import ArxivClient
    from bibtool.model.record import Record
    from bibtool.project.publications import Known
    from bibtool.project.refresh import Published, Refreshed
    from bibtool.project.verify import Fact, NoFact

EPILOG = """\b
Examples:
  bibtool outdated refs.bib               what is new on arXiv
  bibtool refresh refs.bib                take it
  bibtool refresh                         a project: its lock, and works cited by arXiv id; then `bibtool refs`
  bibtool refresh --library my.sqlite     a whole library
  bibtool refresh --review review.bib     write what is only suggested to a file; check and correct it, then:
  bibtool refresh --apply review.bib

\b
Keys and arXiv ids are never changed. `bibtool undo` undoes a refresh of the library, git one of a file.
"""


@dataclass(slots=True)
class _Target:
    """A library, a .bib file or a lock: its records, and how changes are written (gives keys that could not be).

    ``stays`` says of a key whether its preprint is what the settings want. ``remake`` makes a result again from a
    record that somebody has changed meanwhile, by its place. ``cited`` maps keys to the arXiv numbers of works that
    documents cite and that no source has; ``fresh`` to what arXiv says of them. ``code`` is the exit code of reading.
    """

    name: str
    records: list[Record]
    write: Callable[[_Target], list[str]]
    stays: Callable[[str], bool] = lambda _key: False
    cited: dict[str, str] = field(default_factory=dict)
    results: list[Refreshed] = field(default_factory=list)
    remake: Callable[[int, Record], Refreshed] | None = None
    fresh: dict[str, Fact] = field(default_factory=dict)
    troubles: list[tuple[str, NoFact]] = field(default_factory=list)
    code: int = DONE


def _options(function: Any) -> Any:
    function = click.option(
        "--older-than",
        type=NumberWithin(0, kind=click.FLOAT),
        metavar="DAYS",
        default=7.0,
        show_default="7",
        help="Ask again for answers older than this.",
    )(function)
    return click.argument("targets", nargs=-1, metavar="[FILE|KEY]...")(function)


@click.command("refresh", epilog=EPILOG)
@_options
@click.option("--accept", multiple=True, metavar="KEY", help="Take the suggested publication. May be repeated.")
@click.option("--review", metavar="FILE", help="Write all suggested publications to a BibTeX file, to be edited.")
@click.option("--apply", "applied", metavar="FILE", help="Take the publications of an edited review file.")
@click.option("-n", "--dry-run", is_flag=True, help="Show what would change, change nothing.")
@verbose_option
@json_option
@library_option
@common_options
@click.pass_obj
def command(
    app: App,
    targets: tuple[str, ...],
    older_than: float,
    accept: tuple[str, ...],
    review: str | None,
    applied: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Bring records with an arXiv id up to date: published version, authors, title, withdrawal.

    FILEs are BibTeX files or a bibtool.lock, KEYs records of the library. Without either, it is the project of this
    folder, or outside of a project the whole library. A published version is taken as a whole or not at all. One that
    is not certain, such as a conference paper without DOI, is a suggestion: --accept and --review are for those. The
    indexes of sources.index are searched for publications too. Services are asked for those that they name, or have
    under the number of the preprint; then Crossref, DBLP and OpenReview are searched by title. Exit code 4 if a service
    could not be asked, 1 if a change could not be written.
    """
    if applied is not None:
        if accept or review is not None:
            raise UsageError("--apply doesn't ask arXiv, so it can't be combined with --accept or --review")
        wanted = _apply(app, targets, applied)
    else:
        if review is not None and Path(review).exists():
            raise UsageError(f"{review} exists already", hint=f"`bibtool refresh --apply {review}` applies it")
        wanted = _look(app, targets, older_than, accept)
    failed: list[str] = []
    if not dry_run:
        for target in wanted:
            failed += target.write(target)
    _tell(app, wanted, as_json=as_json, dry_run=dry_run, reviewed=review is not None)
    if review is not None:
        _write_review(app, wanted, review, targets)
    for key in failed:
        app.say(f"{key}: the change could not be written, so the entry was left as it is")
    return worst(FAILED if failed else DONE, _code(wanted))


OUTDATED_EPILOG = """\b
Examples:
  bibtool outdated refs.bib        a BibTeX file
  bibtool outdated                 this project, or the whole library
  bibtool outdated --json
"""


@click.command("outdated", epilog=OUTDATED_EPILOG)
@_options
@verbose_option
@json_option
@library_option
@common_options
@click.pass_obj
def outdated_command(app: App, targets: tuple[str, ...], older_than: float, as_json: bool) -> int:
    """List what `bibtool refresh` would change in FILEs, records of KEYs, this project, or the whole library.

    Exit code 1 if there is something, 4 if arXiv could not be asked.
    """
    wanted = _look(app, targets, older_than)
    _tell(app, wanted, as_json=as_json, dry_run=True)
    changed = any(target.fresh or any(result.change for result in target.results) for target in wanted)
    return worst(FAILED if changed else DONE, _code(wanted))


def _code(targets: Sequence[_Target]) -> int:
    """4 where arXiv could not be asked, 1 where a work could not be read, or looked up for another reason."""
    unasked = [result.unasked for target in targets for result in target.results if result.trouble]
    unasked += [fact.unasked for target in targets for _, fact in target.troubles]
    return worst(*(target.code for target in targets), *(NOT_ASKED if one else FAILED for one in unasked))


def _look(app: App, names: Sequence[str], older_than: float, accept: Sequence[str] = ()) -> list[_Target]:
    from bibtool.cli.enrich import make_client
    from bibtool.cli.indexed import publications_in_indexes
    from bibtool.model.identifiers import ArxivId
    from bibtool.model.record import Arxiv, Record
    from bibtool.model.works.manifestation import is_published
    from bibtool.project.publications import taken_from
    from bibtool.project.refresh import refresh_record
    from bibtool.project.verify import Fact, gather

    targets = _targets(app, names)
    _expect(targets, accept)
    client: ArxivClient = make_client(app, max_age_days=older_than)
    cited = [
        Record(key=key, arxiv=Arxiv(id=ArxivId(number))) for target in targets for key, number in target.cited.items()
    ]
    asked = [*(record for target in targets for record in target.records), *cited]
    facts = iter(gather(asked, client, search=False))
    for target in targets:
        answers = [next(facts) for _ in target.records]
        works = publications_in_indexes(app, target.records)

        def remake(
            at: int, record: Record, target: _Target = target, answers: Any = answers, works: Any = works
        ) -> Refreshed:
            upgrade = not target.stays(record.key)
            refreshed = refresh_record(
                record, answers[at], in_library=not target.name, upgrade=upgrade, accept=record.key in accept
            )
            return taken_from(refreshed, works[at]) if upgrade and works[at] else refreshed

        target.remake = remake
        target.results = [remake(at, record) for at, record in enumerate(target.records)]
        _follow_links(app, target, works, older_than)
    upgraded = {r.before.key for target in targets for r in target.results if r.change and is_published(r.after)}
    for key in dict.fromkeys(accept):
        if key not in upgraded:
            app.say(printable(f"{key}: there is no suggestion to accept"))
    for target in targets:
        for key in target.cited:
            fact = next(facts)
            if isinstance(fact, Fact):
                target.fresh[key] = fact
            else:
                target.troubles.append((key, fact))
    return targets


def _follow_links(app: App, target: _Target, works: list[list[Known]], older_than: float) -> None:
    """Add to ``works`` what services name as the publication of preprints of which none is known yet, and take it."""
    from bibtool.cli.linked import publications_by_links
    from bibtool.model.works.manifestation import is_preprint
    from bibtool.project.verify import NoFact

    places = [
        at
        for at, result in enumerate(target.results)
        if is_preprint(result.after) and not target.stays(result.before.key)
    ]
    preprints = [target.records[at] for at in places]
    named, unheard = publications_by_links(app, preprints, max_age_days=older_than)
    for at, known, reason in zip(places, named, unheard, strict=True):
        record = target.records[at]
        if known and target.remake is not None:
            works[at] = [*works[at], *known]
            target.results[at] = target.remake(at, record)
        if reason and not target.results[at].trouble:
            target.troubles.append((record.key, NoFact(reason, unasked=True)))


def _expect(targets: Sequence[_Target], keys: Sequence[str]) -> None:
    """Raises `UnknownNameError` for a key that no target has."""
    known = [record.key for target in targets for record in target.records]
    for key in keys:
        if key not in known:
            raise UnknownNameError("record", key, known)


def _apply(app: App, names: Sequence[str], path: str) -> list[_Target]:
    """The targets with what the review file says; arXiv is not asked."""
    from bibtool.cli.common import load_input
    from bibtool.project.review import read_review, reviewed

    entries, empty = read_review(load_input(path), path)
    targets = _targets(app, names, cited=False)
    _expect(targets, [*entries])
    for key in empty:
        app.say(printable(f"{key}: skipped: the entry has no journal, book title or publisher"))
    now = app.now()
    for target in targets:

        def remake(at: int, record: Record) -> Refreshed:
            del at
            return reviewed([record], entries, when=now)[0]

        target.remake = remake
        target.results = reviewed(target.records, entries, when=now)
    return targets


def _published(targets: Sequence[_Target]) -> list[tuple[Record, Published]]:
    """The publications that were not taken, with the records as they are now; a work of two targets once."""
    found = {
        result.before.key: (result.after, result.published)
        for target in targets
        for result in target.results
        if result.published is not None
    }
    return list(found.values())


def _write_review(app: App, targets: Sequence[_Target], path: str, names: Sequence[str]) -> None:
    import shlex

    from bibtool.files import write_atomic
    from bibtool.project.review import review_file

    suggestions = [(record, published) for record, published in _published(targets) if published.wanted]
    if not suggestions:
        app.say("there are no suggestions, so no review file was written")
        return
    command = shlex.join(["bibtool", "refresh", "--apply", path, *names])
    write_atomic(Path(path), review_file(suggestions, command=command).encode("utf-8", "replace"))
    app.say(f"wrote {path} with {count(len(suggestions), 'suggestion')}; check and edit it, then run `{command}`")


def _targets(app: App, targets: Sequence[str], *, cited: bool = True) -> list[_Target]:
    from bibtool.cli.bibtarget import is_file

    keys = [target for target in targets if not is_file(target) and not target.endswith(".lock")]
    if not targets and app.library is None and (project := _project_target(app, cited=cited)) is not None:
        return [project]
    read: list[_Target] = []
    if keys or not targets:
        with app.open_library() as library:
            chosen = [library.get(key) for key in keys] if keys else library.records()
            once = {record.key: record for record in chosen}
        read.append(_Target("", list(once.values()), lambda target: _save(app, target)))
    files = [name for name in targets if name not in keys]
    return read + [_lock_target(app, name) if name.endswith(".lock") else _file_target(app, name) for name in files]


def _project_target(app: App, *, cited: bool) -> _Target | None:
    """The lock of this folder's project and what its documents cite by arXiv id; None where there is no lock to write.

    What is cited since the last `bibtool refs` counts as if that had been run. A project without settings and without
    lock is none. Without ``cited`` the documents' citations by arXiv id are left out.
    """
    from bibtool.cli.refs_run import workspace
    from bibtool.project.plan import RefsRun
    from bibtool.project.settings import RefsSettings
    from bibtool.project.verify import NoFact

    space = workspace(app)
    lock = space.lock()
    if not lock.exists and app.settings.path is None:
        return None
    planned: bytes | None = None
    try:
        plan = space.plan(RefsRun(allow_missing=True))
        planned = plan.lock if plan.ok else None
        unresolved = set(plan.unresolved)
        places = {cited.key: cited.identifier for cited in space.scan().citations if cited.key in unresolved}
    except InputError as error:
        if lock.exists or app.settings.refs != RefsSettings():  # otherwise the settings are for a CV or the like
            app.say(f"skipping what the documents cite: {error}")
        places = {}
    works = {key: named for key, named in sorted(places.items()) if named is not None} if cited else {}
    if not lock.exists and not works and planned is None:
        return None
    target = _lock_target(app, str(space.lock_path), missing_ok=True, planned=planned)
    target.cited = {key: named.value for key, named in works.items() if named.scheme == "arxiv"}
    for key, named in works.items():
        if named.scheme != "arxiv":
            target.troubles.append((key, NoFact("only arXiv ids can be looked up; add the work to a source")))
    return target


def _file_target(app: App, name: str) -> _Target:
    from bibtool.cli.bibtarget import open_target
    from bibtool.files import rewrite
    from bibtool.project.refresh import apply_to_document

    opened = open_target(app, name, "refreshed")

    def write(target: _Target) -> list[str]:
        changed, failed = apply_to_document(opened.document, target.results)
        rewrite(opened.original, changed.to_bytes())
        return failed

    return _Target(name, list(opened.records), write, code=opened.code)


def _lock_target(app: App, name: str, *, missing_ok: bool = False, planned: bytes | None = None) -> _Target:
    from bibtool.files import read_for_rewrite, rewrite
    from bibtool.project.lock import read_lock
    from bibtool.project.refresh import apply_to_lock, pin_of, records_of_lock

    original = read_for_rewrite(name, missing_ok=missing_ok)
    data = planned
    if data is None and original.exists:
        data = original.data
    lock = read_lock(data, name)

    def write(target: _Target) -> list[str]:
        now = app.now()
        changed, failed = apply_to_lock(lock, target.results, when=now)
        pins = [pin_of(key, fact, dialect=app.settings.refs.dialect, when=now) for key, fact in target.fresh.items()]
        changed = changed.with_pins([*changed.pins.values(), *pins])
        if changed.pins != lock.pins:
            rewrite(original, changed.to_bytes())
            app.say("next: bibtool refs")
        return failed

    settings = app.settings.refs
    return _Target(
        name,
        records_of_lock(lock),
        write,
        stays=lambda key: settings.prefer_for.get(key, settings.prefer) == "preprint",
    )


def _save(app: App, target: _Target) -> list[str]:
    """Write the changed records in one change; a record that was changed meanwhile is refreshed again."""
    changes = [
        (result.before, result.after, lambda now, at=at: target.remake(at, now).after if target.remake else now)
        for at, result in enumerate(target.results)
        if result.change is not None
    ]
    if changes:
        with app.open_library() as library:
            put_changed(library, "refresh", changes)
    return []


def _tell(app: App, targets: Sequence[_Target], *, as_json: bool, dry_run: bool, reviewed: bool = False) -> None:
    """What has changed, or would; ``reviewed``: the suggestions are written to a review file anyway."""
    from bibtool.cli.diff import lines_of
    from bibtool.project.compare import Comparison, conditional_summary, summary, to_json

    results = [(target, result) for target in targets for result in target.results]
    changes = tuple(result.change for _, result in results if result.change is not None)
    added = [replace(fact.record, key=key) for target in targets for key, fact in target.fresh.items()]
    compared = Comparison(added=tuple(added), changed=changes)
    if as_json:
        print_json(
            {
                "dry_run": dry_run,
                "summary": summary(compared.counts()),
                "counts": compared.counts(),
                "added": to_json(compared)["added"],
                "changed": to_json(compared)["changed"],
                "notes": [{"key": r.before.key, "note": note} for _, r in results for note in r.notes],
                "published": [_published_json(record, published) for record, published in _published(targets)],
                "not_asked": [
                    *({"key": r.before.key, "reason": r.trouble} for _, r in results if r.trouble),
                    *({"key": key, "reason": fact.reason} for target in targets for key, fact in target.troubles),
                ],
            }
        )
        return
    for line in lines_of(compared, colour=use_colour(sys.stdout)):
        click.echo(line)
    for _, result in results:
        for note in result.notes:
            click.echo(printable(f"! {result.before.key}: {note}"))
    _tell_published(app, _published(targets), reviewed=reviewed)
    troubles = [(result.before.key, result.trouble) for _, result in results if result.trouble]
    troubles += [(key, fact.reason) for target in targets for key, fact in target.troubles]
    for line in grouped("not checked", troubles, verbose=app.verbose):
        app.say(printable(line))
    app.say((conditional_summary if dry_run else summary)(compared.counts()))


def _published_json(record: Record, published: Published) -> dict[str, Any]:
    data: dict[str, Any] = {"key": record.key, "reference": published.reference, "doi": published.doi or None}
    data["suggestion"] = None
    if published.publication is not None and published.wanted:
        data["suggestion"] = {name: str(value) for name, value in published.publication.values().items() if value}
        data["suggestion"]["type"] = published.publication.type
    return data


def _tell_published(app: App, publications: Sequence[tuple[Record, Published]], *, reviewed: bool) -> None:
    """What is published and was not taken: some one by one, many as a number, all of them with ``--verbose``."""
    suggested = [(r.key, p) for r, p in publications if p.wanted and p.publication is not None]
    unknown = [(r.key, p) for r, p in publications if p.wanted and p.publication is None]
    preprints = [(r.key, p) for r, p in publications if not p.wanted]
    groups = (
        (suggested, "suggestion: published in {}", "were published, according to their journal references on arXiv"),
        (unknown, "published as {!r}, details unknown", "more were published, details unknown"),
        (
            preprints,
            "published as {!r}; kept as a preprint, as [refs] prefer says",
            "were published; kept as preprints",
        ),
    )
    for group, one, many in groups:
        if len(group) > MAX_NAMED and not app.verbose:
            app.say(f"{len(group):,} {many}; --verbose lists them")
            continue
        for key, published in group:
            click.echo(printable(f"! {key}: {one.format(str(published.publication or published))}"))
    if suggested and not reviewed:
        app.say("`bibtool refresh --accept KEY` takes a suggestion; --review FILE writes all of them to a file to edit")
