"""``bibtool refresh`` and ``bibtool outdated``: what arXiv has that is newer than library, BibTeX files and lock."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bibtool.cli.common import App, common_options, json_option, library_option, print_json, use_colour
from bibtool.cli.exits import DONE, FAILED, NOT_ASKED, worst
from bibtool.cli.library import printable, put_changed
from bibtool.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bibtool.enrich.arxiv import ArxivClient
    from bibtool.model.record import Record
    from bibtool.project.refresh import Refreshed
    from bibtool.project.verify import Fact, NoFact

EPILOG = """\b
Examples:
  bibtool outdated refs.bib               what is new on arXiv
  bibtool refresh refs.bib                take it
  bibtool refresh                         a project: its lock, and works cited by arXiv id; then `bibtool refs`
  bibtool refresh --library my.sqlite     a whole library

\b
Key and eprint stay. `bibtool undo` takes a refresh of the library back, git one of a file.
"""


@dataclass(slots=True)
class _Target:
    """A library, a .bib file or a lock: its records, and how changes are written (gives keys that could not be).

    ``stays`` says of a key whether its preprint is what the settings want.
    ``cited`` maps keys to the arXiv numbers of works that documents cite and that no source has; ``fresh`` to what
    arXiv says of them.
    """

    name: str
    records: list[Record]
    write: Callable[[_Target], list[str]]
    stays: Callable[[str], bool] = lambda _key: False
    cited: dict[str, str] = field(default_factory=dict)
    results: list[Refreshed] = field(default_factory=list)
    facts: list[Fact | NoFact] = field(default_factory=list)
    fresh: dict[str, Fact] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    unasked: bool = False  # whether one of the troubles is that arXiv could not be asked


def _options(function: Any) -> Any:
    function = click.option(
        "--older-than",
        type=click.FloatRange(min=0),
        metavar="DAYS",
        default=7.0,
        show_default=True,
        help="Ask again for what arXiv said longer ago.",
    )(function)
    return click.argument("targets", nargs=-1, metavar="[FILE|KEY]...")(function)


@click.command("refresh", epilog=EPILOG)
@_options
@click.option("-n", "--dry-run", is_flag=True, help="Show what would change, change nothing.")
@json_option
@library_option
@common_options
@click.pass_obj
def command(app: App, targets: tuple[str, ...], older_than: float, dry_run: bool, as_json: bool) -> int:
    """Bring records with an arXiv id up to date: published version, authors, title, withdrawal.

    FILEs are BibTeX files or a bibtool.lock, KEYs records of the library; without either it is the project of this
    folder, else the whole library. A published version is taken as a whole or not at all. Exit code 1 if something
    could not be written, 4 if arXiv could not be asked.
    """
    wanted = _look(app, targets, older_than)
    failed: list[str] = []
    if not dry_run:
        for target in wanted:
            failed += target.write(target)
    _tell(app, wanted, as_json=as_json, dry_run=dry_run)
    for key in failed:
        app.say(f"{key}: the change could not be written, so the entry was left as it is")
    return worst(FAILED if failed else DONE, _code(wanted))


OUTDATED_EPILOG = """\b
Examples:
  bibtool outdated refs.bib        a BibTeX file
  bibtool outdated                 this project, else the whole library
  bibtool outdated --json
"""


@click.command("outdated", epilog=OUTDATED_EPILOG)
@_options
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
    """4 where arXiv could not be asked, 1 where a work could not be looked up for another reason."""
    unasked = any(target.unasked or any(result.trouble for result in target.results) for target in targets)
    refused = any(target.troubles and not target.unasked for target in targets)
    return worst(FAILED if refused else DONE, NOT_ASKED if unasked else DONE)


def _look(app: App, names: Sequence[str], older_than: float) -> list[_Target]:
    from bibtool.cli.enrich import make_client
    from bibtool.model.identifiers import ArxivId
    from bibtool.model.record import Arxiv, Record
    from bibtool.project.refresh import refresh_record
    from bibtool.project.verify import Fact, gather

    targets = _targets(app, names)
    client: ArxivClient = make_client(app, max_age_days=older_than)
    cited = [
        Record(key=key, arxiv=Arxiv(id=ArxivId(number))) for target in targets for key, number in target.cited.items()
    ]
    asked = [*(record for target in targets for record in target.records), *cited]
    facts = iter(gather(asked, client, search=False))
    for target in targets:
        target.facts = [next(facts) for _ in target.records]
        target.results = [
            refresh_record(record, fact, in_library=not target.name, upgrade=not target.stays(record.key))
            for record, fact in zip(target.records, target.facts, strict=True)
        ]
    for target in targets:
        for key in target.cited:
            fact = next(facts)
            if isinstance(fact, Fact):
                target.fresh[key] = fact
            else:
                target.troubles.append(f"{key}: {fact.reason}")
                target.unasked = target.unasked or fact.unasked
    return targets


def _targets(app: App, targets: Sequence[str]) -> list[_Target]:
    from bibtool.cli.verify import is_file

    keys = [target for target in targets if not is_file(target) and not target.endswith(".lock")]
    if not targets and app.library is None and (project := _project_target(app)) is not None:
        return [project]
    read: list[_Target] = []
    if keys or not targets:
        with app.open_library() as library:
            chosen = [library.get(key) for key in keys] if keys else library.records()
            once = {record.key: record for record in chosen}
        read.append(_Target("", list(once.values()), lambda target: _save(app, target)))
    files = [name for name in targets if name not in keys]
    return read + [_lock_target(app, name) if name.endswith(".lock") else _file_target(app, name) for name in files]


def _project_target(app: App) -> _Target | None:
    """The lock of this folder's project and what its documents cite by arXiv id; None where there is no lock to write.

    What is cited since the last `bibtool refs` counts as if that had been run. A project without settings and without
    lock is none.
    """
    from bibtool.cli.refs import workspace
    from bibtool.project.plan import RefsRun

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
        app.say(f"what the documents cite is left out: {error}")
        places = {}
    works = {key: named for key, named in sorted(places.items()) if named is not None}
    if not lock.exists and not works and planned is None:
        return None
    target = _lock_target(app, str(space.lock_path), missing_ok=True, planned=planned)
    target.cited = {key: named.value for key, named in works.items() if named.scheme == "arxiv"}
    for key, named in works.items():
        if named.scheme != "arxiv":
            target.troubles.append(f"{key}: only arXiv ids can be looked up; add the work to a source")
    return target


def _file_target(app: App, name: str) -> _Target:
    from bibtool.bib.document import Document
    from bibtool.files import load_bytes, write_atomic
    from bibtool.formats.bibtex.reader import read_document
    from bibtool.formats.registry import guess_format
    from bibtool.project.refresh import apply_to_document

    if name == "-":
        raise UsageError("standard input can't be refreshed", hint="name a file")
    data = load_bytes(name)
    if Path(name).suffix.casefold() != ".bib" and guess_format(data, name).name != "bibtex":
        raise UsageError(f"{name} is no BibTeX file", hint="import it into the library, and refresh that")
    document = Document.from_bytes(data, path=name)
    records = list(read_document(document, app.read_options(name)).records)

    def write(target: _Target) -> list[str]:
        changed, failed = apply_to_document(document, target.results)
        write_atomic(Path(name), changed.to_bytes())
        return failed

    return _Target(name, records, write)


def _lock_target(app: App, name: str, *, missing_ok: bool = False, planned: bytes | None = None) -> _Target:
    from bibtool.files import load_bytes, write_atomic
    from bibtool.project.lock import read_lock
    from bibtool.project.refresh import apply_to_lock, pin_of, records_of_lock

    data = planned
    if data is None and not (missing_ok and not Path(name).exists()):
        data = load_bytes(name)
    lock = read_lock(data, name)

    def write(target: _Target) -> list[str]:
        now = app.now()
        changed, failed = apply_to_lock(lock, target.results, when=now)
        pins = [pin_of(key, fact, dialect=app.settings.refs.dialect, when=now) for key, fact in target.fresh.items()]
        changed = changed.with_pins([*changed.pins.values(), *pins])
        if changed.pins != lock.pins:
            write_atomic(Path(name), changed.to_bytes())
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
    """Writes the changed records in one change; one that somebody else has changed meanwhile is done anew."""
    from bibtool.project.refresh import refresh_record

    changes = [
        (result.before, result.after, lambda now, fact=fact: refresh_record(now, fact, in_library=True).after)
        for result, fact in zip(target.results, target.facts, strict=True)
        if result.change is not None
    ]
    if changes:
        with app.open_library() as library:
            put_changed(library, "refresh", changes)
    return []


def _tell(app: App, targets: Sequence[_Target], *, as_json: bool, dry_run: bool) -> None:
    from bibtool.cli.diff import lines_of
    from bibtool.project.compare import Comparison, summary, to_json

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
                "not_asked": [{"key": r.before.key, "reason": r.trouble} for _, r in results if r.trouble],
            }
        )
        return
    for line in lines_of(compared, colour=use_colour(sys.stdout)):
        click.echo(line)
    troubles: Counter[str] = Counter()
    for _, result in results:
        for note in result.notes:
            click.echo(printable(f"! {result.before.key}: {note}"))
        if result.trouble:
            troubles[result.trouble] += 1
            if troubles[result.trouble] == 1:
                app.say(printable(f"{result.before.key}: could not check: {result.trouble}"))
    for target in targets:
        for trouble in target.troubles:
            app.say(printable(trouble))
    verb = "would be " if dry_run and not compared.same else ""
    app.say(f"{verb}{summary(compared.counts())}")
