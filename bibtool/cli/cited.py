"""``bibtool cited``: the keys that documents cite, and how they fit a bibliography."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bibtool.cli.common import App, common_options, count, json_option, print_json, use_colour, wrapped
from bibtool.cli.exits import DONE, FAILED
from bibtool.cli.streams import harmless
from bibtool.errors import InputError, UsageError
from bibtool.problems import Position, Problem, Severity
from bibtool.structs import dataclass, field
from bibtool.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bibtool.project.scan.base import Citation, Command
    from bibtool.project.scan.follow import Cited
    from bibtool.project.scan.report import Undefined

EPILOG = """\b
Examples:
  bibtool cited                               the documents of this project
  bibtool cited paper.tex                     with everything that it includes
  bibtool cited --keys paper.tex > keys.txt
  bibtool cited --bib refs.bib paper.tex      undefined keys, unused entries
  bibtool cited --json '*.tex'
  bibtool cited --command mycite paper.tex    \\mycite{key} is a citation, too
"""


def _commands(_ctx: click.Context, _param: click.Parameter, values: Sequence[str]) -> dict[str, Command]:
    from bibtool.project.scan.base import Command

    commands: dict[str, Command] = {}
    for value in values:
        parts = re.fullmatch(r"\\?([A-Za-z@][A-Za-z@_-]*)(?::([1-9]))?", value.strip())
        if parts is None:
            raise click.BadParameter(
                f"{value!r} is not a command name; write it as mycite, or mycite:2 for the 2nd argument"
            )
        commands[parts[1]] = Command(arguments=(int(parts[2] or 1),))
    return commands


@click.command(epilog=EPILOG)
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER]...")
@click.option("--keys", "only_keys", is_flag=True, help="Only the keys, each once, sorted.")
@click.option("--bib", "bibs", multiple=True, metavar="FILE", help="Report what is undefined or unused in this file.")
@click.option(
    "--command",
    "commands",
    multiple=True,
    metavar="NAME",
    callback=_commands,
    help="A citation command of your own; NAME:2 if the key is its second argument.",
)
@click.option("--no-follow", is_flag=True, help="Leave out the files that documents include.")
@json_option
@common_options
@click.pass_obj
def command(
    app: App,
    files: tuple[str, ...],
    only_keys: bool,
    bibs: tuple[str, ...],
    commands: dict[str, Command],
    no_follow: bool,
    as_json: bool,
) -> int:
    """List the citation keys in documents as path:line:column: key, on a terminal as a table with counts.

    Reads LaTeX, .aux and .bcf, Markdown, Quarto and R Markdown, Typst, Org and reStructuredText, with the files that
    these include. Folders are searched; patterns like 'chapters/*.tex' work, too. Without arguments, the documents of
    the project are read, as set in bibtool.toml. Exit code 1 if a file can't be read, a cited key is undefined in the
    files of --bib, or two cited keys differ in case only.
    """
    from bibtool.project.documents import parse_commands
    from bibtool.project.scan.base import Kind, ScanOptions
    from bibtool.project.scan.follow import scan_files

    documents, problems = _documents(files) if files else (_project_documents(app), [])
    commands = {**parse_commands(app.settings.refs.cite_commands), **commands}
    reader = _Reader()
    cited = scan_files(documents, reader, ScanOptions(commands=commands), follow=not no_follow)
    by_bibtex = _dialect(app, reader) == "bibtex"
    problems = [*cited.problems, *problems]
    missing: tuple[Undefined, ...] = ()
    unused: tuple[str, ...] = ()
    respelled: dict[str, str] = {}
    if bibs:
        from bibtool.project.scan.report import undefined
        from bibtool.project.scan.report import unused as find_unused

        bibliography = _bibliography(app, bibs)
        entries, names = bibliography.files, bibliography.names
        problems += bibliography.problems
        if by_bibtex:
            respelled = _respelled(cited.citations, bibliography)
            names.update((("key", key), own) for key, own in respelled.items())
            names.update((("key", key), own) for key, own in _respelled_parents(bibliography).items())
        missing = undefined(cited.citations, entries.keys(), names=names)
        unused = find_unused(entries, cited.citations, names=names, parents=bibliography.parents)
        problems += [_undefined_problem(undefined_key) for undefined_key in missing]
        problems += _respelled_problems(respelled, entries)
    clashes = _clashes(cited, by_bibtex=by_bibtex)
    problems += clashes[1]
    if as_json:
        answer = _answer(cited, [*problems, *(_unused_problem(key, entries[key]) for key in unused)])
        answer["differ_in_case"] = [list(group) for group in clashes[0]]
        if bibs:
            answer["undefined"] = [{"key": absent.key, "near": list(absent.near)} for absent in missing]
            answer["unused"] = list(unused)
            answer["respelled"] = respelled
        print_json(answer)
    elif only_keys:
        for key in cited.keys:
            click.echo(harmless(key) if sys.stdout.isatty() else key)
    elif sys.stdout.isatty():
        _table(cited)
    else:
        for citation in cited.citations:
            click.echo(harmless(f"{citation.path}:{citation.line}:{citation.column}: {citation.key}"))
    app.report([*problems, *(_unused_problems(unused, entries) if unused and not as_json else ())])
    everything = " and all entries" if any(citation.kind is Kind.ALL for citation in cited.citations) else ""
    app.say(f"{count(len(cited.keys), 'key')}{everything} in {count(len(cited.files), 'file')}")
    return DONE if all(problem.severity is Severity.NOTE for problem in problems) else FAILED


def _answer(cited: Cited, problems: Sequence[Problem]) -> dict[str, Any]:
    return {
        "citations": [citation.to_dict() for citation in cited.citations],
        "files": list(cited.files),
        "bibliographies": [
            {"path": named.path, "line": named.line, "name": named.name} for named in cited.bibliographies
        ],
        "problems": [problem.to_dict() for problem in problems],
    }


def _table(cited: Cited) -> None:
    counts = Counter(harmless(citation.key) for citation in cited.citations)
    first = {harmless(citation.key): f"{citation.path}:{citation.line}" for citation in reversed(cited.citations)}
    width = min(50, max((len(key) for key in counts), default=3))
    colour = use_colour(sys.stdout)
    head = f"{'key':<{width}}  {'cited':>5}  first"
    click.echo(click.style(head, bold=True) if colour else head)
    for key in sorted(counts):
        name, place = f"{key:<{width}}", harmless(first[key])
        if colour:
            name, place = click.style(name, fg="cyan"), click.style(place, dim=True)
        click.echo(f"{name}  {counts[key]:>5,}  {place}")


# -- documents ---------------------------------------------------------------------------------------------------------


def _documents(arguments: Sequence[str]) -> tuple[list[str], list[Problem]]:
    """The files that the arguments name, each once, and what could not be found."""
    documents: dict[str, None] = {}
    problems: list[Problem] = []
    for argument in arguments:
        path = Path(argument)
        if path.is_dir():
            documents.update(dict.fromkeys(_search(path)))
        elif not path.exists() and any(mark in argument for mark in "*?["):
            from glob import glob

            hits = sorted(glob(argument, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
            if not hits:
                problems.append(_unreadable(argument, "no file matches this pattern"))
            for hit in hits:
                inside = _search(Path(hit)) if Path(hit).is_dir() else [hit]
                documents.update((Path(name).as_posix(), None) for name in inside)
        else:
            documents[path.as_posix()] = None
    return list(documents), problems


def _project_documents(app: App) -> list[str]:
    """The documents of the project, relative to the working folder.

    Raises `UsageError` outside of a project, `InputError` for a project without documents.
    """
    from bibtool.project.documents import documents_of

    folder = app.settings.folder
    if folder is None:
        raise UsageError("which documents?", hint="`bibtool cited paper.tex`, or a folder")
    # all by way of the project's folder, as included files are, so that each file has one name
    start = Path(os.path.relpath(folder))
    return [(start / name).as_posix() for name in documents_of(app.settings.refs, app.places)]


def _search(folder: Path) -> Iterator[str]:
    """The documents in a folder and below it, sorted, without files such as README.md; links are not followed."""
    from bibtool.project.documents import search

    return ((folder / name).as_posix() for name in search(folder))


class _Reader:
    """Reads documents; ``biblatex`` says whether one of them loads that."""

    def __init__(self) -> None:
        self.biblatex = False

    def __call__(self, path: str) -> bytes | None:
        """The bytes, or None for a file that does not exist; raises `InputError`."""
        from bibtool.project.keycase import loads_biblatex

        data = _read(path)
        self.biblatex = self.biblatex or (data is not None and loads_biblatex(data))
        return data


def _read(path: str) -> bytes | None:
    from bibtool.files import load_bytes

    target = Path(path)
    try:
        if not target.exists():
            return None
    except OSError as error:  # a name that the system refuses
        raise InputError(str(error.strerror or error), path=path) from error
    if not target.is_file():
        raise InputError("this is not a regular file", path=path)
    return load_bytes(target)


def _unreadable(path: str, message: str) -> Problem:
    return Problem(code="scan-unreadable", message=message, position=Position(path))


# -- bibliographies ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Bibliography:
    """The file of each key, the other names of entries, what entries refer to, and what is wrong."""

    files: dict[str, str] = field(default_factory=dict)
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    parents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def _bibliography(app: App, paths: Sequence[str]) -> _Bibliography:
    """What the files of --bib have; the first one with a key wins."""
    from bibtool.bib.entrytext import parents_in
    from bibtool.formats.registry import read_path
    from bibtool.model.works.identity import identifiers

    read = _Bibliography()
    for path in paths:
        result = read_path(path, None, app.read_options(path))
        read.problems += [problem for problem in result.problems if problem.severity is Severity.ERROR]
        for record in result.records:
            if not record.key:
                continue
            read.files.setdefault(record.key, path)
            read.parents.setdefault(record.key, parents_in({left.name: left.value for left in record.leftovers}))
            for pair in (*identifiers(record), *(("key", alias) for alias in record.aliases)):
                read.names.setdefault(pair, record.key)
    return read


def _dialect(app: App, reader: _Reader) -> str:
    """The dialect of the bibliography: from the project's settings, or from what the documents load."""
    if app.settings.path is not None:
        return app.settings.refs.dialect
    return "biblatex" if reader.biblatex else "bibtex"


def _by_folded_key(bibliography: _Bibliography) -> dict[str, str]:
    """The first key of the entries that BibTeX takes for the same, by its folded form."""
    from bibtool.project.keycase import folded

    by_folded: dict[str, str] = {}
    for key in bibliography.files:
        by_folded.setdefault(folded(key), key)
    return by_folded


def _respelled_parents(bibliography: _Bibliography) -> dict[str, str]:
    """Key that an entry refers to -> key of the entry that BibTeX finds for it, which has another case."""
    from bibtool.project.keycase import folded

    known, names = bibliography.files, bibliography.names
    absent = {
        parent
        for parents in bibliography.parents.values()
        for parent in parents
        if parent not in known and ("key", parent) not in names
    }
    by_folded = _by_folded_key(bibliography) if absent else {}
    return {parent: by_folded[folded(parent)] for parent in absent if folded(parent) in by_folded}


def _respelled(citations: Sequence[Citation], bibliography: _Bibliography) -> dict[str, str]:
    """Cited key -> key of the entry that BibTeX finds for it, which has another case."""
    from bibtool.project.keycase import folded, goes_by_bibtex
    from bibtool.project.scan.report import resolve

    by_folded = _by_folded_key(bibliography)
    places: dict[str, list[Citation]] = {}
    for citation in citations:
        if resolve(citation, bibliography.files, bibliography.names) is None:
            places.setdefault(citation.key, []).append(citation)
    return {
        key: by_folded[folded(key)]
        for key, cited in places.items()
        if folded(key) in by_folded and goes_by_bibtex(cited)
    }


def _respelled_problems(respelled: dict[str, str], files: dict[str, str]) -> list[Problem]:
    """One note for all keys that are cited in another case than their entries have."""
    if not respelled:
        return []
    pairs = wrapped(f"{key} is {own}" for key, own in respelled.items())
    number = count(len(respelled), "key is", "keys are")
    message = f"{number} cited in another case than the entry has; BibTeX ignores it, biber does not"
    paths = {files[own] for own in respelled.values()}
    position = Position(paths.pop()) if len(paths) == 1 else Position()
    return [Problem(code="cited-key-case", message=message, severity=Severity.NOTE, position=position, hint=pairs)]


def _undefined_problem(absent: Undefined) -> Problem:
    first = absent.citations[0]
    more = f" and {count(len(absent.citations) - 1, 'more time')}" if len(absent.citations) > 1 else ""
    return Problem(
        code="cited-undefined",
        message=f"{absent.key!r} is cited here{more}, and no bibliography has it",
        position=Position(first.path, first.line, first.column),
        key=absent.key,
        hint=did_you_mean(absent.near) or None,
    )


def _unused_problem(key: str, path: str) -> Problem:
    return Problem(
        code="cited-unused",
        message=f"{key!r} is not cited",
        severity=Severity.NOTE,
        position=Position(path),
        key=key,
    )


def _unused_problems(keys: Sequence[str], files: dict[str, str]) -> list[Problem]:
    """One note for each file, with all of its keys that are not cited."""
    by_file: dict[str, list[str]] = {}
    for key in keys:
        by_file.setdefault(files[key], []).append(key)
    return [
        Problem(
            code="cited-unused",
            message=f"{count(len(unused), 'entry is', 'entries are')} not cited",
            severity=Severity.NOTE,
            position=Position(path),
            hint=wrapped(unused),
        )
        for path, unused in by_file.items()
    ]


def _clashes(cited: Cited, *, by_bibtex: bool) -> tuple[tuple[tuple[str, ...], ...], list[Problem]]:
    from bibtool.project.scan.report import differ_in_case

    groups = differ_in_case(citation.key for citation in cited.citations)
    first = {citation.key: citation for citation in reversed(cited.citations)}
    problems = [
        Problem(
            code="cited-case",
            message=f"{second!r} and {group[0]!r} differ in case only",
            severity=Severity.WARNING if by_bibtex else Severity.NOTE,
            position=Position(first[second].path, first[second].line, first[second].column),
            key=second,
            hint="BibTeX stops at this; use one spelling" if by_bibtex else "biber takes them for two keys",
        )
        for group in groups
        for second in group[1:]
    ]
    return groups, problems
