"""What git calls: ``bibtool merge-driver`` and ``bibtool textconv``; and ``bibtool git-setup``, which sets that up."""

from __future__ import annotations

from pathlib import Path

import click

from bibtool.cli.common import App, NumberWithin, common_options, json_option, load_input, print_json, put_out
from bibtool.cli.library import printable
from bibtool.cli.streams import harmless

# git takes 1 to 128 for a conflict and more for a driver that failed, and then stops the merge (gitattributes(5))
FAILED = 129

DRIVER_EPILOG = """\b
Set it up with `bibtool git-setup`, or by hand:
  echo '*.bib merge=bibtool diff=bibtool' >> .gitattributes
  git config merge.bibtool.driver 'bibtool-hook merge-driver %O %A %B --marker-size %L --path %P'
  git config diff.bibtool.textconv 'bibtool-hook textconv --'
"""


@click.command("merge-driver", epilog=DRIVER_EPILOG)
@click.argument("base", metavar="BASE")
@click.argument("ours", metavar="OURS")
@click.argument("theirs", metavar="THEIRS")
@click.option(
    "--marker-size", type=NumberWithin(1, 1000), default=7, show_default=True, help="Length of the conflict markers."
)
@click.option("--path", metavar="PATH", default="", help="The name of the file, for messages.")
@click.option(
    "--label", "labels", nargs=2, metavar="OURS THEIRS", default=("ours", "theirs"), help="Names of the sides."
)
@common_options
@click.pass_obj
def driver_command(
    app: App, base: str, ours: str, theirs: str, marker_size: int, path: str, labels: tuple[str, str]
) -> int:
    """Merge two versions of a BibTeX file by entry and field, as git's merge driver; the result goes to OURS.

    The exit code is 0 for a clean merge, 1 if conflicts are marked in OURS, and 129 if nothing was done.
    """
    from bibtool.bib.document import Document
    from bibtool.bib.threeway import merge_documents
    from bibtool.files import load_bytes, read_for_rewrite, rewrite

    shown = path or ours
    try:
        original = read_for_rewrite(ours)
        contents = (load_bytes(base), original.data, load_bytes(theirs))
        versions = [Document.from_bytes(data, path=shown) for data in contents]
        merged = merge_documents(versions[0], versions[1], versions[2], labels, marker_size=marker_size)
        rewrite(original, merged.data)
    except Exception as error:  # noqa: BLE001 - any other exit code would let git take OURS as the merged file
        reason = " ".join(str(error).split()) or type(error).__name__
        click.echo(harmless(f"bibtool: {shown} was not merged: {reason}"), err=True)
        return FAILED
    for conflict in merged.conflicts:
        what = f" in {conflict.key}" if conflict.key else f" ({conflict.kind})"
        app.say(printable(f"{shown}: conflict{what}: {conflict.reason}"))
    return 0 if merged.clean else 1


TEXTCONV_EPILOG = """\b
Examples:
  bibtool textconv refs.bib
"""


@click.command("textconv", epilog=TEXTCONV_EPILOG)
@click.argument("file", metavar="FILE")
@common_options
@click.pass_obj
def textconv_command(app: App, file: str) -> int:
    """Print a BibTeX FILE for `git diff`: one field per line, without LaTeX markup and white space."""
    from bibtool.bib.document import Document
    from bibtool.project.compare import textconv

    del app
    put_out(textconv(Document.from_bytes(load_input(file), path=file)).encode())
    return 0


SETUP_EPILOG = """\b
Examples:
  bibtool git-setup
  bibtool git-setup --command bibtool     if git finds the right bibtool on PATH
"""


@click.command("git-setup", epilog=SETUP_EPILOG)
@click.option(
    "--command",
    "program",
    metavar="NAME",
    default="bibtool-hook",
    show_default=True,
    help="The program that git calls.",
)
@json_option
@common_options
@click.pass_obj
def setup_command(app: App, program: str, as_json: bool) -> int:
    """Make git merge and show .bib files with bibtool, in the repository of the current folder.

    Adds a line to .gitattributes, which you commit, and three entries to the configuration of this clone, which every
    other clone needs too. What is already in place stays.
    """
    from bibtool.cli.gitsetup import set_up, tell

    setup = set_up(Path.cwd(), program)
    if as_json:
        print_json({"done": list(setup.done), "left": list(setup.left)})
    else:
        tell(app, setup)
    return 0
