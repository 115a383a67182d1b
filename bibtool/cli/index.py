"""``bibtool index``: records of dumps and files, to be searched without a network."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bibtool.cli.common import App, NumberWithin, common_options, count, json_option, print_json
from bibtool.cli.exits import DONE, FAILED, worst
from bibtool.cli.streams import harmless
from bibtool.cli.tables import printable
from bibtool.errors import ConfigError, InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bibtool.project.indexing import Added, Progress
    from bibtool.store.index.base import Index, Indexed

EPILOG = """\b
Examples:
  bibtool index add dblp.xml.gz                     the whole of DBLP
  bibtool index add refs.bib more.ris --index my.index
  bibtool index info
  bibtool index search attention all you need
  bibtool index search 10.1145/3292500.3330701
  bibtool verify --index my.index paper.bib
"""

index_option = click.option(
    "--index",
    "index_path",
    metavar="PATH",
    help="The index: a file, or the address of a schema on PostgreSQL (default: the first of sources.index in "
    "bibtool.toml, or a file in the cache folder).",
)


@click.group("index", epilog=EPILOG)
@common_options
def group() -> None:
    """Make an index of bibliographic records: a source for `bibtool verify` that needs no network.

    It holds what identifies and places a work: a few hundred bytes per record in one SQLite file, or on a server of
    PostgreSQL, which several machines can fill.
    """


def index_path_of(app: App, named: str | None, *, to_write: bool = False) -> str:
    """The file or address of the index: as named, as in the settings, or a file in the cache folder."""
    if named:
        return named
    if names := app.settings.sources.index:
        return _configured(app, names[0], to_write=to_write)
    return str(app.cache_folder() / "records.index")


def configured_indexes(app: App) -> list[str]:
    """The indexes that the settings name."""
    return [_configured(app, name) for name in app.settings.sources.index]


def _configured(app: App, name: str, *, to_write: bool = False) -> str:
    """The file or address that the settings name; raises `ConfigError` for a folder."""
    from bibtool.store.index import is_address

    if is_address(name):
        from bibtool.cli.trust import allowed_server

        return allowed_server(app.settings, app.allow, name, "sources.index", "--index")
    place = app.places.to_write if to_write else app.places.to_read
    path = place(name, "sources.index")
    if path.is_dir():
        settings = app.settings
        raise ConfigError(
            f"sources.index: {name!r} is a folder, not an index",
            path=str(settings.path),
            line=settings.lines.get("sources.index"),
            hint="name the file that `bibtool index add FILE --index PATH` makes",
        )
    return str(path)


@contextlib.contextmanager
def opened(location: str, *, create: bool = False) -> Iterator[Index]:
    """The index in a file or on a server, closed at the end."""
    from bibtool.store.index import open_index

    index = open_index(location, create=create)
    try:
        yield index
    finally:
        index.close()


@group.command("add", short_help="Add the records of files.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--name", metavar="NAME", help="The name of the source in the index (default: that of the dump or file).")
@click.option("--again", is_flag=True, help="Also read files that were added before and have not changed.")
@index_option
@json_option
@common_options
@click.pass_obj
def add_command(
    app: App, files: tuple[str, ...], name: str | None, again: bool, index_path: str | None, as_json: bool
) -> int:
    """Add the records of FILEs: everything that bibtool reads, and public dumps as they are distributed.

    Dumps: dblp.xml, arXiv's metadata snapshot (JSON lines), Crossref's public data file (JSON, JSON lines, tar),
    OpenAlex's works (JSON lines) and the ACL Anthology's anthology.bib, all also as .gz. A later file of the same
    source updates its records. If a run is interrupted, the next one goes on where it stopped.
    """
    from bibtool.project.indexing import add_file
    from bibtool.store.index import is_address

    path = index_path_of(app, index_path, to_write=True)
    code, added = DONE, []
    if not (is_address(path) or Path(path).exists()) and None not in (faults := [_fault_of(file) for file in files]):
        for fault in faults:  # and no empty index is made
            click.echo(harmless(f"bibtool: error: {fault}"), err=True)
        if as_json:
            print_json({"index": path, "records": 0, "files": []})
        return FAILED
    with opened(path, create=True) as index:
        for file in files:
            show = _Shown(file) if sys.stderr.isatty() and not app.quiet else None
            try:
                result = add_file(index, Path(file), when=app.now(), source=name or "", again=again, progress=show)
            except InputError as error:
                click.echo(harmless(f"bibtool: error: {error}"), err=True)
                code = worst(code, FAILED)
                continue
            finally:
                if show is not None:
                    show.clear()
            added.append(result)
            code = worst(code, FAILED if result.lost else DONE)
            for reason in result.reasons:
                click.echo(harmless(reason), err=True)
            app.say(_sentence(result))
        total = index.info()
    if as_json:
        print_json({"index": path, "records": total.records, "files": [_added_json(each) for each in added]})
    else:
        app.say(f"{path}: {count(total.records, 'record')}, {total.size / 1e6:.1f} MB")
    return code


def _fault_of(file: str) -> InputError | None:
    """Why nothing of a file can be read, as far as its beginning tells."""
    from bibtool.formats.dumps.opening import kind_of

    try:
        kind_of(Path(file))
    except InputError as error:
        return error
    return None


class _Shown:
    """A line on the terminal that shows how far a file is."""

    def __init__(self, file: str) -> None:
        self._file = Path(file).name

    def __call__(self, progress: Progress) -> None:
        rate = progress.records / progress.seconds if progress.seconds else 0
        line = f"{self._file}: {progress.share:4.0%}, {progress.records:,} records, {rate:,.0f} per second"
        click.echo(f"\r\x1b[K{line}", err=True, nl=False)

    def clear(self) -> None:
        click.echo("\r\x1b[K", err=True, nl=False)


def _sentence(result: Added) -> str:
    if result.unchanged:
        return f"{result.path}: was added before and has not changed (--again reads it again)"
    rate = f", {result.records / result.seconds:,.0f} per second" if result.seconds > 1 else ""
    parts = [f"{count(result.records, 'record')}, {result.new:,} new{rate}"]
    if result.skipped:
        parts.append(f"{result.skipped:,} were there from an interrupted run")
    if result.lost:
        parts.append(f"{result.lost:,} could not be read")
    return f"{result.path}: {'; '.join(parts)} (source {result.source})"


def _added_json(result: Added) -> dict[str, Any]:
    return {
        "file": result.path,
        "source": result.source,
        "kind": result.kind,
        "records": result.records,
        "new": result.new,
        "skipped": result.skipped,
        "lost": result.lost,
        "seconds": round(result.seconds, 3),
        "unchanged": result.unchanged,
    }


@group.command("info", short_help="Show what the index holds.")
@index_option
@json_option
@common_options
@click.pass_obj
def info_command(app: App, index_path: str | None, as_json: bool) -> int:
    """Show the sources of the index, how many records it has of each, and its size."""
    with opened(index_path_of(app, index_path)) as index:
        info = index.info()
    if as_json:
        sources = [{"name": each.name, "records": each.records, "added": each.added} for each in info.sources]
        print_json(
            {
                "index": info.location,
                "records": info.records,
                "bytes": info.size,
                "sources": sources,
                "types": dict(info.types),
                "with_arxiv_id": info.with_arxiv,
                "published": info.published,
            }
        )
        return DONE
    per_record = f", {info.size / info.records:.0f} bytes per record" if info.records else ""
    click.echo(f"{printable(info.location)}: {count(info.records, 'record')}, {info.size / 1e6:.1f} MB{per_record}")
    for source in info.sources:
        click.echo(printable(f"  {source.name}: {count(source.records, 'record')}, added {source.added[:10]}"))
    for kind, number in info.types.items():
        click.echo(printable(f"  {number:,} {kind}"))
    return DONE


@group.command("search", short_help="Search by words or identifier.")
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option("-n", "--limit", type=NumberWithin(1), default=20, show_default=True, help="Show at most so many.")
@index_option
@json_option
@common_options
@click.pass_obj
def search_command(app: App, words: tuple[str, ...], limit: int, index_path: str | None, as_json: bool) -> int:
    """Show records with all WORDS in title or names of authors, or with a DOI, arXiv id or ISBN.

    Exit code 1 if there are none.
    """
    with opened(index_path_of(app, index_path)) as index:
        found = index.search(" ".join(words), most=limit)
    if as_json:
        print_json([_record_json(each) for each in found])
    else:
        for line in _lines(found):
            click.echo(printable(line))
        if not found:
            app.say("no matching records")
    return DONE if found else FAILED


def _lines(found: Sequence[Indexed]) -> Iterator[str]:
    for each in found:
        record = each.record
        where = ", ".join(part for part in (record.journal, record.doi) if part)
        retracted = f" RETRACTED ({each.retracted})" if each.retracted else ""
        who = record.authors.in_brief() or "?"
        yield f"{who} ({record.year or '?'}), {record.title}. {where} [{each.source}]{retracted}"


def _record_json(each: Indexed) -> dict[str, Any]:
    return {"source": each.source, "retracted": each.retracted or None, "record": each.record.to_csl()}


@group.command("remove", short_help="Remove the records of a source.")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@index_option
@json_option
@common_options
@click.pass_obj
def remove_command(app: App, sources: tuple[str, ...], index_path: str | None, as_json: bool) -> int:
    """Remove the records of SOURCEs, whose names `bibtool index info` shows."""
    removed: dict[str, int] = {}
    with opened(index_path_of(app, index_path, to_write=True)) as index:
        known = {source.name for source in index.info().sources}
        unknown = [source for source in sources if source not in known]
        if unknown:
            names = printable(", ".join(sorted(known))) or "none"
            raise UsageError(f"the index has no source {unknown[0]!r}", hint=f"its sources: {names}")
        for source in sources:
            removed[source] = index.remove(source)
    if as_json:
        print_json(removed)
    for source, number in removed.items():
        app.say(f"removed {source}: {count(number, 'record')}")
    return DONE
