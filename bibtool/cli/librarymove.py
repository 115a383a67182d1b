"""``bibtool library info``, ``dump`` and ``copy``: what a library is, and all of it in a file or another store."""

from __future__ import annotations

import gzip
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bibtool.cli.common import App, common_options, count, json_option, library_option, print_json
from bibtool.cli.exits import DONE
from bibtool.errors import LibraryError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader

    from bibtool.store.library import StoredLibrary
    from bibtool.store.transfer import Summary

_GZIP = b"\x1f\x8b"
_MAX_LINE = 64 << 20  # bytes; a record is never so long
_DUMP = b'{"bibtool"'


@click.command("info", short_help="Say where the library is, and what is in it.")
@click.option("--hash", "with_hash", is_flag=True, help="Also a hash over all records and the history.")
@json_option
@library_option
@common_options
@click.pass_obj
def info_command(app: App, with_hash: bool, as_json: bool) -> int:
    """Say where the library is, what keeps it, how much is in it, and whether you may write to it.

    Libraries with the same records and history have the same --hash, in a file as on a server.
    """
    location = app.library_location()
    with _opened(location, create=False) as library:
        last = library.history(1)
        facts: dict[str, object] = {
            "library": location,
            **library.engine.describe(),
            "records": len(library),
            "last_change": f"{last[0].when} {last[0].what}" if last else None,
        }
        if with_hash:
            from bibtool.store.transfer import summary_of

            summary = summary_of(library)
            facts |= {"changes": summary.counts["change"], "hash": summary.hash}
    if as_json:
        print_json(facts)
        return DONE
    for name, fact in facts.items():
        click.echo(f"{name.replace('_', ' '):<12} {_shown(fact)}")
    return DONE


def _shown(fact: object) -> str:
    """A fact in words."""
    if fact is None:
        return "none"
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    return f"{fact:,}" if isinstance(fact, int) else str(fact)


@click.command("dump", short_help="Write the whole library to a file.")
@click.argument("file", metavar="FILE")
@library_option
@common_options
@click.pass_obj
def dump_command(app: App, file: str) -> int:
    """Write the library with its history to the new FILE, as lines of JSON; compressed if its name ends in .gz.

    "-" is standard output. The dump has one state of the library, also while others write. `bibtool library restore
    FILE` reads it, into a file or on a server, and finds out if a byte of it is missing or different.
    """
    from bibtool.files import new_file
    from bibtool.store.transfer import Summary, dump_lines

    path, summary = Path(file), Summary()
    if file == "-":
        with _opened(app.library_location(), create=False) as library:
            for line in dump_lines(library, summary):
                sys.stdout.buffer.write(line.encode("ascii") + b"\n")
        return DONE
    try:
        with (
            _opened(app.library_location(), create=False) as library,
            new_file(path) as temporary,
            temporary.open("wb") as plain,
            gzip.GzipFile("", "wb", fileobj=plain, mtime=0) if path.suffix == ".gz" else plain as stream,
        ):
            for line in dump_lines(library, summary):
                stream.write(line.encode("ascii") + b"\n")
    except FileExistsError as error:
        raise LibraryError("this file exists already", path=file, hint="name another file") from error
    except OSError as error:
        raise LibraryError(f"can't be written: {error.strerror or error}", path=file) from error
    app.say(f"wrote {file}: {count(summary.counts['record'], 'record')}, {count(summary.counts['change'], 'change')}")
    return DONE


@click.command("copy", short_help="Copy the whole library to another place.")
@click.argument("source", metavar="SOURCE")
@click.argument("target", metavar="TARGET")
@json_option
@common_options
@click.pass_obj
def copy_command(app: App, source: str, target: str, as_json: bool) -> int:
    """Copy the library SOURCE with its history to TARGET, where none is yet: files and servers in any direction.

    Both are paths or addresses. What arrived is read again and compared by counts and a hash; if anything differs,
    nothing is kept.
    """
    from bibtool.store.opening import refuse_password
    from bibtool.store.transfer import copy_library

    for location in (source, target):
        refuse_password(location)
    with _opened(source, create=False) as reading, _made(target) as writing:
        summary = copy_library(reading, writing)
    if as_json:
        print_json({"source": source, "target": target, **summary.as_dict()})
    else:
        records, changes = summary.counts["record"], summary.counts["change"]
        app.say(f"copied {count(records, 'record')} and {count(changes, 'change')} to {target}")
    return DONE


def refuse_standard_output(target: str) -> None:
    """Raise `UsageError` for "-" where a library, which is a file, is to be written."""
    if target == "-":
        raise UsageError(
            "a library is not written to standard output", hint="`bibtool library dump -` writes all of it as JSON"
        )


def on_server(location: str) -> bool:
    """Whether a library is not a file."""
    return "://" in location and not location.lower().startswith("sqlite://")


def is_dump(path: Path) -> bool:
    """Whether a file is a dump, and not a library itself."""
    with path.open("rb") as file:
        head = file.read(len(_DUMP))
    return head == _DUMP or head.startswith(_GZIP)


def restore_dump(path: Path, location: str) -> Summary:
    """Read a dump into the library at ``location``, which is empty or is made now; raises `BibtoolError`."""
    from bibtool.store.transfer import fill, read_dump

    if not path.is_file():
        raise UsageError(f"no file {str(path)!r}")
    if not is_dump(path):
        raise UsageError(
            f"{path} is not a dump",
            hint="`bibtool library copy FILE ADDRESS` copies a library from its file to a server",
        )
    with _opened(location, create=True) as library:
        return fill(library, read_dump(_lines(path), str(path)))


def _lines(path: Path) -> Iterator[str]:
    """The lines of a dump, compressed or not; raises `LibraryError`."""
    with path.open("rb") as plain:
        compressed = plain.read(len(_GZIP)) == _GZIP
        plain.seek(0)
        with gzip.GzipFile("", "rb", fileobj=plain) if compressed else plain as stream:
            try:
                while line := _line(stream):
                    yield line
            except (OSError, EOFError, ValueError) as error:
                raise LibraryError(
                    f"the dump is damaged: {error}", path=str(path), hint="nothing was written; use another dump"
                ) from error


def _line(stream: gzip.GzipFile | BufferedReader) -> str:
    """The next line, "" at the end; raises `ValueError` for one that no dump has."""
    line = stream.readline(_MAX_LINE + 1)
    if len(line) > _MAX_LINE:
        raise ValueError("a line is longer than any record")
    return line.decode("ascii")


@contextmanager
def _made(location: str) -> Iterator[StoredLibrary]:
    """The library, which is made where none is yet; a file that was made goes again if what is done with it fails."""
    from bibtool.store.opening import path_of

    path = None if on_server(location) else path_of(location)
    is_new = path is not None and not path.exists()
    try:
        with _opened(location, create=True) as library:
            yield library
    except BaseException:
        if path is not None and is_new and path.exists():
            with _opened(location, create=False) as library:
                is_empty = not len(library) and not library.history(1)
            if is_empty:  # nobody else has used it meanwhile
                path.unlink()
        raise


def _opened(location: str, *, create: bool) -> StoredLibrary:
    """The library; only to be read, unless it is made where none is yet."""
    from bibtool.store import open_library
    from bibtool.store.library import StoredLibrary

    library = open_library(location, create=create, read_only=not create)
    assert isinstance(library, StoredLibrary)
    return library
