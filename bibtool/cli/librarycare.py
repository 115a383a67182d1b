"""``bibtool library``: whether the library is sound, its backups, and what to do with a damaged one."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bibtool.cli.common import App, common_options, count, json_option, library_option, print_json
from bibtool.cli.exits import DONE, FAILED
from bibtool.cli.librarymove import (
    copy_command,
    dump_command,
    info_command,
    is_dump,
    on_server,
    refuse_standard_output,
    restore_dump,
)
from bibtool.errors import LibraryDamagedError, LibraryError, UsageError

if TYPE_CHECKING:
    from bibtool.store.library import StoredLibrary

EPILOG = """\b
Examples:
  bibtool library check                             look for damage
  bibtool library backup                            make a backup next to the library
  bibtool library backup ~/usb/library.sqlite       make one elsewhere
  bibtool library restore                           list the backups
  bibtool library restore auto-2026-11-28.sqlite    put one in the place of the library
  bibtool library recover broken.sqlite -o new.sqlite
  bibtool library info
  bibtool library dump library.jsonl.gz
  bibtool library copy ~/.local/share/bibtool/library.sqlite copy.sqlite
"""


@click.group("library", epilog=EPILOG)
@common_options
def group() -> None:
    """Check the library, back it up, move it, and rescue a damaged one.

    Before the first change of each day, bibtool makes a backup in the folder NAME.backups next to the library and keeps
    the newest seven. A damaged library is never written to. Backups of a library on a server are dumps.
    """


for _command in (info_command, dump_command, copy_command):
    group.add_command(_command)


@group.command("check", short_help="Look for damage.")
@json_option
@library_option
@common_options
@click.pass_obj
def check_command(app: App, as_json: bool) -> int:
    """Look for damage: the structure of the file, every record, and what the indexes hold of it. Changes nothing.

    Exit code 1 if something is wrong.
    """
    try:
        with _opened(app.library_location()) as library:
            number, problems = len(library), library.examine()
    except LibraryDamagedError as error:
        if not as_json:
            raise
        print_json({"library": app.library_location(), "sound": False, "problems": [str(error)]})
        return FAILED
    if as_json:
        found = [problem.to_dict() for problem in problems]
        print_json({"library": library.location, "sound": not problems, "records": number, "problems": found})
    else:
        app.report(problems)
        if not problems:
            app.say(f"{library.location}: {count(number, 'record')}, no damage found")
    return FAILED if problems else DONE


@group.command("backup", short_help="Make a backup.")
@click.argument("target", metavar="[FILE]", required=False)
@library_option
@common_options
@click.pass_obj
def backup_command(app: App, target: str | None) -> int:
    """Make a copy of the library in FILE, or next to the library; it is whole also while others use the library.

    A library with damage is not backed up. Backups made by this command are never deleted by bibtool.
    """
    from bibtool.store.backups import back_up_now

    refuse_standard_output(target or "")
    path = _path(app)
    _refuse_damaged(path)
    made = back_up_now(path, app.library_location(), app.now(), Path(target) if target else None)
    app.say(f"wrote {made}")
    return DONE


@group.command("restore", short_help="List the backups, or restore one or a dump.")
@click.argument("backup", metavar="[BACKUP]", required=False)
@json_option
@library_option
@common_options
@click.pass_obj
def restore_command(app: App, backup: str | None, as_json: bool) -> int:
    """Put BACKUP in the place of the library; without it, list the backups.

    BACKUP is a file, also a dump, or the name of one in the folder of backups. It is checked first. The library as it
    was is kept in the folder of backups. On a server, only a dump is restored, and only to a schema without a library,
    or with an empty one.
    """
    from bibtool.store.backups import backups_of, folder_of, restore

    if backup is not None and on_server(app.library_location()):
        summary = restore_dump(Path(backup), app.library_location())
        if as_json:
            print_json({"restored": backup, "saved": None, **summary.as_dict()})
        else:
            app.say(f"restored {backup}: {count(summary.counts['record'], 'record')}")
        return DONE
    path = _path(app, missing_ok=True)
    if backup is None:
        known = backups_of(path)
        if as_json:
            print_json([{"file": str(one.path), "automatic": one.automatic, "bytes": one.size} for one in known])
            return DONE
        for one in known:
            click.echo(f"{one.path.name}  {one.size / 1e6:.1f} MB")
        app.say(f"in {folder_of(path)}" if known else f"no backups in {folder_of(path)} yet")
        return DONE
    chosen = next((file for file in (Path(backup), folder_of(path) / backup) if file.is_file()), None)
    if chosen is None:
        raise UsageError(f"no backup {backup!r}", hint="`bibtool library restore` lists the backups")
    if path.exists() and chosen.samefile(path):
        raise UsageError(f"{chosen} is the library itself")
    if is_dump(chosen):
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "library.sqlite"
            restore_dump(chosen, str(made))
            saved = restore(made, path, app.library_location(), app.now(), _refuse_damaged)
    else:
        saved = restore(chosen, path, app.library_location(), app.now(), _refuse_damaged)
    if as_json:
        print_json({"restored": str(chosen), "saved": str(saved) if saved else None})
        return DONE
    app.say(f"restored {chosen}")
    if saved:
        app.say(f"the library as it was is kept as {saved}")
    return DONE


@group.command("recover", short_help="Save what can be read of a damaged library.")
@click.argument("damaged", metavar="FILE")
@click.option("-o", "--output", metavar="NEW", required=True, help="The new library; it must not exist yet.")
@json_option
@common_options
@click.pass_obj
def recover_command(app: App, damaged: str, output: str, as_json: bool) -> int:
    """Read whatever can still be read of the damaged library FILE, and write it to the new library NEW.

    FILE is not changed. The history is not taken over. Exit code 1 if a record was lost or nothing could be read.
    """
    from bibtool.store import open_library
    from bibtool.store.salvage import check_target, salvage

    refuse_standard_output(output)
    target = Path(output)
    check_target(target)
    result = salvage(Path(damaged))
    if not result.records:
        raise LibraryError("no record can be read", path=damaged, hint="restore a backup: `bibtool library restore`")
    with open_library(target) as library, library.change(f"recover {damaged}") as change:
        change.put_all(record for _, record in sorted(result.records.items()))
    if as_json:
        counts = {"from_pages": result.from_pages, "unreadable": result.unreadable}
        print_json({"output": output, "records": len(result.records), **counts})
    else:
        app.say(f"saved {count(len(result.records), 'record')} in {output}")
        if result.from_pages:
            app.say(
                f"{result.from_pages:,} of them come from pages that the index no longer leads to; "
                "some may have been removed or changed before the damage"
            )
        if result.unreadable:
            app.say(f"{count(result.unreadable, 'record')} could not be read")
    return FAILED if result.unreadable else DONE


def _path(app: App, *, missing_ok: bool = False) -> Path:
    """The file of the library; raises `LibraryError` if there is none."""
    from bibtool.store.opening import path_of

    location = app.library_location()
    path = path_of(location)
    if not missing_ok and not path.exists():
        raise LibraryError(f"no library at {location} yet", hint="`bibtool import FILE` creates it")
    return path


def _opened(location: str | Path) -> StoredLibrary:
    """The library, not to be written to; raises `LibraryError`."""
    from bibtool.store import open_library
    from bibtool.store.library import StoredLibrary

    library = open_library(location, read_only=True)
    assert isinstance(library, StoredLibrary)
    return library


def _refuse_damaged(path: Path) -> None:
    """Raise `LibraryError` for a file that is not a sound library."""
    from bibtool.store.sqlite import SqliteLibrary

    with _opened(path) as library:
        assert isinstance(library, SqliteLibrary)
        library.refuse_damaged()
