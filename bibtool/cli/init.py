"""``bibtool init``: a first bibtool.toml for a folder."""

from __future__ import annotations

from pathlib import Path

import click

from bibtool.cli.common import App, common_options
from bibtool.errors import UsageError

FILE_NAME = "bibtool.toml"

EPILOG = """\b
Examples:
  bibtool init                  write bibtool.toml for what is in this folder
  bibtool init --print          only show it
  bibtool init --git            and let git merge and show .bib files with bibtool
  bibtool init --cv 'Bea Ash'   settings of the publication list of that person
"""


@click.command(epilog=EPILOG)
@click.option("--print", "only_print", is_flag=True, help="Print the settings and write nothing.")
@click.option("--git", "with_git", is_flag=True, help="Set git up too, as `bibtool git-setup` does.")
@click.option("--cv", "owner", metavar="NAME", help="Write settings for the publication list of NAME instead.")
@common_options
@click.pass_obj
def command(app: App, only_print: bool, with_git: bool, owner: str | None) -> int:
    """Write a commented bibtool.toml that fits the documents and bibliographies in this folder.

    A file that is there already is never replaced.
    """
    folder = Path.cwd()
    if owner is not None:
        from bibtool.cli.cvtemplate import propose_cv

        text = propose_cv([owner])
        if only_print:
            click.echo(text, nl=False)
            return 0
        _write_new(app, folder, text, hint=f"`bibtool init --cv {owner!r} --print >> {FILE_NAME}` adds to it")
        app.say("next: look it over, then bibtool cv")
        return 0
    from bibtool.cli.gitsetup import set_up, tell
    from bibtool.project.templates import propose

    proposal = propose(folder)
    if only_print:
        click.echo(proposal.text, nl=False)
        return 0
    if with_git and (folder / FILE_NAME).exists():  # a project that has its settings may still want git set up
        tell(app, set_up(folder))
        return 0
    _write_new(app, folder, proposal.text)
    app.say(f"  documents: {', '.join(proposal.documents) or 'none found yet'}")
    app.say(f"  sources: {', '.join(proposal.sources)}")
    app.say(f"  output: {proposal.output}")
    if with_git:
        tell(app, set_up(folder))
    app.say("next: look it over, then bibtool refs")
    return 0


def _write_new(app: App, folder: Path, text: str, *, hint: str = "change it in an editor") -> None:
    try:
        with (folder / FILE_NAME).open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise UsageError("bibtool.toml is there already; it was left as it is", hint=hint) from None
    app.say(f"wrote {FILE_NAME}")
