"""``bibtool refs``: the bibliography of what the documents cite."""

from __future__ import annotations

from typing import Any

import click

from bibtool.cli.common import App, common_options, json_option, library_option
from bibtool.cli.refs_run import run

EPILOG = """\b
Examples:
  bibtool refs                          write refs.bib and bibtool.lock
  bibtool refs --check                  change nothing; exit code 1 if they are not current
  bibtool refs --diff                   show what would change in refs.bib
  bibtool refs --allow-missing          write what there is, whatever is undefined
  bibtool refs --prune --dry-run        list the entries that nothing cites and no source has
  bibtool refs --watch                  write again whenever a document or a source changes
"""


@click.command(epilog=EPILOG)
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 if something is not current.")
@click.option("-n", "--dry-run", is_flag=True, help="Change nothing; say what would be changed.")
@click.option("--diff", is_flag=True, help="Change nothing; show the difference in the output file.")
@click.option("--allow-missing", is_flag=True, help="Write what there is, even if cited keys are undefined.")
@click.option("--prune", is_flag=True, help="Delete entries of the output that are not cited and in no source.")
@click.option("--yes", is_flag=True, help="With --prune: delete even what git has no copy of; a backup is kept.")
@click.option(
    "--relock", multiple=True, metavar="KEY", help="Accept that this key now means another work than the lock says."
)
@click.option(
    "--exit-non-zero-on-write", "--hook", "hook", is_flag=True, help="Exit code 1 if a file was written, for hooks."
)
@click.option("--watch", is_flag=True, help="Write again whenever a document or a source changes; Ctrl-C ends it.")
@click.option("-v", "--verbose", is_flag=True, help="Show every finding and change in a line of its own.")
@library_option
@json_option
@common_options
@click.pass_obj
def command(app: App, /, **options: Any) -> int:
    """Write a .bib file with just what the documents cite, and the lock that lets others write the same.

    Sources, documents and output are set under [refs] in bibtool.toml; `bibtool init` writes one. New entries
    are laid out as by `bibtool fmt`; entries of the output that say the same already are left as they are. With
    `keep = true` the output is your own file: missing entries are added to it, nothing else changes. No network is
    used. A key that no source, no lock and no output has is an error with its place, and nothing is written.

    --prune deletes entries that exist nowhere else, so it needs a committed copy of the file in git, or --yes.
    """
    return run(app, **options)
