"""The commands: where each is, its line in ``bibtool --help``, and words that people type for it.

The lines are here and not with the commands so that ``bibtool --help`` imports none of them.
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` alone would take half of the start
if TYPE_CHECKING:
    from collections.abc import Mapping

# section of the help -> name -> (module:command, one line of help)
SECTIONS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "Library": {
        "import": ("bibtool.cli.importing:command", "Add the records of files, and works by identifier."),
        "add": ("bibtool.cli.add:command", "Add works by identifier or title, also to a .bib file."),
        "list": ("bibtool.cli.library:list_command", "List records."),
        "search": ("bibtool.cli.search:command", "Search titles, names, abstracts and venues."),
        "show": ("bibtool.cli.library:show_command", "Show everything known about a record."),
        "open": ("bibtool.cli.opening:command", "Open the web page of a record in the browser."),
        "edit": ("bibtool.cli.library:edit_command", "Set or remove fields of a record."),
        "remove": ("bibtool.cli.library:remove_command", "Remove records."),
        "undo": ("bibtool.cli.library:undo_command", "Undo the last change."),
        "redo": ("bibtool.cli.library:redo_command", "Redo what was undone."),
        "history": ("bibtool.cli.history:command", "List the changes of the library."),
        "library": ("bibtool.cli.librarycare:group", "Check, back up, restore or recover the library."),
        "export": ("bibtool.cli.export:command", "Write records as BibTeX, CSL-JSON, a formatted list, ..."),
        "serve": ("bibtool.cli.serve:command", "Show the library in the browser."),
    },
    "Files": {
        "convert": ("bibtool.cli.convert:command", "Convert a file to another format or a formatted list."),
        "fmt": ("bibtool.cli.fmt:command", "Tidy BibTeX files in place, losing nothing."),
        "check": ("bibtool.cli.check:command", "Find mistakes in BibTeX files, and fix the safe ones."),
        "dedupe": ("bibtool.cli.dedupe:command", "Find and merge duplicates in files or in the library."),
        "diff": ("bibtool.cli.diff:command", "Compare two bibliographies by meaning."),
        "batch": ("bibtool.cli.batch:group", "Convert, enrich, check, verify or compare many files."),
    },
    "Project": {
        "init": ("bibtool.cli.init:command", "Write a bibtool.toml for the documents in this folder."),
        "refs": ("bibtool.cli.refs:command", "Write the bibliography of what the documents cite."),
        "cited": ("bibtool.cli.cited:command", "List cited keys; find undefined and unused ones."),
    },
    "Publication lists and citations": {
        "cv": ("bibtool.cli.cv:command", "Write a person's publication list for a CV or a web page."),
        "cite": ("bibtool.cli.styles:cite_command", "Format a citation as it appears in a text."),
        "preview": ("bibtool.cli.styles:preview_command", "Show a record in several citation styles."),
        "styles": ("bibtool.cli.styles:styles_command", "Search the citation styles."),
    },
    "Sources": {
        "enrich": ("bibtool.cli.enrich:command", "Confirm and complete records of the library."),
        "verify": ("bibtool.cli.verify:command", "Compare entries with what sources say of them."),
        "index": ("bibtool.cli.index:group", "Make an index of dumps and files for `bibtool verify`."),
        "outdated": ("bibtool.cli.refresh:outdated_command", "List what is new on arXiv."),
        "refresh": ("bibtool.cli.refresh:command", "Bring a library, files or a project up to date."),
    },
    "Git": {
        "install-hook": ("bibtool.cli.install_hook:command", "Run `bibtool refs` before each commit."),
        "git-setup": ("bibtool.cli.merge_driver:setup_command", "Let git merge and diff .bib files with bibtool."),
        "merge-driver": ("bibtool.cli.merge_driver:driver_command", "Merge BibTeX files by entry and field, for git."),
        "textconv": ("bibtool.cli.merge_driver:textconv_command", "Print a BibTeX file for `git diff`."),
    },
    "Help": {
        "help": ("bibtool.cli.helping:command", "Show the help of a command."),
        "formats": ("bibtool.cli.formats:command", "List the formats that bibtool reads and writes."),
        "doctor": ("bibtool.cli.doctor:command", "Check the installation, the settings and the library."),
        "completion": ("bibtool.cli.completion:command", "Print a completion script for bash, zsh or fish."),
    },
}

COMMANDS: dict[str, tuple[str, str]] = {name: place for section in SECTIONS.values() for name, place in section.items()}

# what other programs call it, and what people try -> our commands
_WORDS: Mapping[str, str] = {
    "add": "new insert doi fetch get",
    "import": "new insert load read get fetch pull",
    "list": "ls all records entries",
    "search": "find grep query lookup",
    "show": "view cat info details get print describe",
    "open": "browse url page doi",
    "edit": "set change modify rename",
    "remove": "rm delete del drop uninstall",
    "history": "log changes blame",
    "undo": "revert rollback restore",
    "library": "backup restore recover repair rescue integrity",
    "export": "write save dump output bibtex",
    "serve": "web gui browse browser server ui",
    "convert": "transform translate to",
    "fmt": "format tidy prettify pretty beautify clean reformat normalize normalise sort",
    "check": "lint validate test",
    "dedupe": "merge duplicates dedup deduplicate dups unique uniq",
    "diff": "compare",
    "batch": "parallel many bulk cluster dask all duplicates",
    "init": "new create setup start config configure settings",
    "refs": "bib bibliography references build sync lock extract",
    "cited": "citations cites keys scan used unused",
    "cv": "publications publist publication papers resume",
    "cite": "citation",
    "styles": "style csl",
    "enrich": "complete lookup fetch",
    "verify": "confirm validate",
    "outdated": "status",
    "refresh": "update upgrade sync pull",
    "install-hook": "hook hooks pre-commit precommit",
    "git-setup": "git setup",
    "merge-driver": "merge",
    "formats": "targets",
    "doctor": "config settings status debug env",
    "completion": "complete completions autocomplete",
}


def _by_word() -> dict[str, tuple[str, ...]]:
    commands_of: dict[str, tuple[str, ...]] = {}
    for command, words in _WORDS.items():
        for word in words.split():
            commands_of[word] = (*commands_of.get(word, ()), command)
    return commands_of


SYNONYMS: Mapping[str, tuple[str, ...]] = _by_word()

# options by the names that people try; only those that the command has are offered
OPTION_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "--bib": ("--library",),
    "--csl": ("--style",),
    "--database": ("--library",),
    "--db": ("--library",),
    "--dry": ("--dry-run",),
    "--exclude": ("--ignore",),
    "--file": ("--output",),
    "--filter": ("--where",),
    "--force": ("--yes", "--apply", "--allow-missing"),
    "--format": ("--to", "--output-format", "--from"),
    "--in-place": ("--fix",),
    "--include": ("--select",),
    "--input": ("--from",),
    "--lang": ("--locale",),
    "--language": ("--locale",),
    "--name": ("--owner",),
    "--author": ("--owner", "--where"),
    "--order": ("--sort",),
    "--out": ("--output",),
    "--output": ("--format",),
    "--output-format": ("--format", "--to", "--json"),
    "--query": ("--where",),
    "--rules": ("--list-rules",),
    "--silent": ("--quiet",),
    "--to": ("--format",),
    "--type": ("--to", "--format"),
    "--write": ("--fix", "--apply"),
    "-f": ("--to", "--output-format", "--from"),
    "-t": ("--to", "--format"),
}
