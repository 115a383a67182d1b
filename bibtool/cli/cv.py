"""``bibtool cv``: the publication list of a person, for many targets."""

from __future__ import annotations

import os.path
import shlex
import sys
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bibtool.cli.common import (
    App,
    NumberWithin,
    OptionWithAliases,
    as_of_option,
    common_options,
    count,
    json_option,
    library_option,
    print_json,
    read_files,
    refuse_terminal,
    use_colour,
    write_output,
)
from bibtool.cli.exits import worst
from bibtool.cli.streams import harmless
from bibtool.cli.targets import Writable, chosen_by_suffix
from bibtool.cli.watch import keep_up
from bibtool.cli.written import check_replaceable, note_written
from bibtool.cv.settings import CvSettings
from bibtool.cv.targets import TARGETS, Target, TargetOptions, file_target, find_target, folder_target
from bibtool.errors import BibtoolError, ConfigError, IdentifierError, UsageError
from bibtool.model.text.inert import inert
from bibtool.settings import choices_of
from bibtool.structs import NamedTuple, fields, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from bibtool.cv.bibtexstyle import BibtexStyle
    from bibtool.cv.build import Built, ListOptions
    from bibtool.cv.owner import Finder
    from bibtool.model.record import Record
    from bibtool.problems import Problem
    from bibtool.styles.style import Style

DEFAULT_TARGET = "text"
_NAMES = tuple(setting.name for setting in fields(CvSettings))

EPILOG = (
    """\b
Examples:
  bibtool cv                                            as text, on the terminal
  bibtool cv --owner 'Joan Bruna' --to html -o papers.html
  bibtool cv refs.bib --to latex --fragment -o papers.tex
  bibtool cv --where 'year>=2021 and type==preprint' --number none
  bibtool cv --selected 5 --to markdown
  bibtool cv --to hugo -o content/publications          one page per paper
  bibtool cv --watch                                    as set in bibtool.toml, whenever something changes

\b
Targets:
"""
    + "".join(f"  {target.name:<12} {target.help}\n" for target in TARGETS)
    + """
\b
`bibtool init --cv` writes a commented bibtool.toml with [owner] and [cv].
"""
)


def _one_of(name: str) -> click.Choice[str]:
    return click.Choice(choices_of(CvSettings, name))


@click.command(epilog=EPILOG)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option(
    "--to",
    "-t",
    "--format",
    "-f",
    "target",
    cls=OptionWithAliases,
    metavar="TARGET",
    help="What to write; see the list below.",
)
@click.option("-o", "--output", metavar="FILE|DIR", help="Write there instead of to standard output.")
@click.option(
    "--owner", "names", multiple=True, metavar="NAME", help="Whose list it is; repeat it for other spellings."
)
@click.option("--everyone", is_flag=True, default=None, help="List works by others too.")
@click.option("--where", metavar="CONDITION", help="Only works that match, e.g. 'year>=2021 and type==preprint'.")
@click.option("--tag", "tags", multiple=True, metavar="WORD", help="Only works with this keyword.")
@click.option("--selected", metavar="FILE|N", help="Only the works whose keys are in FILE, or the newest N.")
@click.option("--prefer", type=_one_of("prefer"), help="Which version of a work is listed.")
@click.option("--group", type=_one_of("group"), help="How the list is divided into sections.")
@click.option("--sort", metavar="FIELDS", help="Order in a section, e.g. -year,title (default: newest first).")
@click.option("--number", type=_one_of("number"), help="How works are numbered (default: down).")
@click.option("--number-sections/--number-all", default=None, help="Number each section on its own, or all works.")
@click.option("--max-authors", type=NumberWithin(0), help="Show at most N names (0: all).")
@click.option("--mark-owner", type=_one_of("mark_owner"), help="How the owner's name is highlighted (default: bold).")
@click.option(
    "--style", metavar="NAME", help="As for export: a CSL style (`bibtool styles`), plain, a .bst file (default: apa)."
)
@click.option("--locale", metavar="LANG", help="The language of the list, e.g. de-DE.")
@click.option("--title", metavar="TEXT", help="The title of the list.")
@click.option("--links/--no-links", default=None, help="Print links after the works (default: yes).")
@click.option("--summary/--no-summary", default=None, help="Print counts and a chart of publications per year.")
@click.option("--abstracts/--no-abstracts", default=None, help="Print abstracts, folded away (html).")
@click.option("--fragment", is_flag=True, help="Only the list, for use in your own page or document.")
@click.option("--template", metavar="FILE", help="Your own Jinja2 template; see docs/how-to/templates.md.")
@click.option("--from", "source", metavar="FORMAT", help="The format of the FILEs, instead of guessing it.")
@as_of_option
@click.option("--watch", is_flag=True, help="Write again whenever a file or the library changes, until Ctrl-C.")
@click.option("--preview", is_flag=True, help="Show the list in the browser while you edit; nothing is written.")
@json_option
@library_option
@common_options
@click.pass_obj
def command(app: App, /, watch: bool, preview: bool, **given: Any) -> int:
    """Write the publication list of a person from the library, or from FILEs.

    The owner is marked in every entry, a preprint and its publication are listed once, works are grouped and numbered.
    [owner] in bibtool.toml sets who the owner is, and [cv] what the list looks like; options override both.
    """
    if preview:
        return _preview(app, given)
    if not watch:
        return _once(app, given)[0]
    if given["as_json"]:
        raise UsageError("--watch can't be used with --json")

    def once() -> set[Path]:
        app.forget_settings()
        try:
            return _once(app, given)[1]
        except BibtoolError as error:
            click.echo(harmless(f"bibtool: {error}"), err=True)
            return _watched(app, given)

    return keep_up(app, once)


def _choice(app: App, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the settings say, and the options of the call over it, by the names of the settings with ``_``."""
    choice = {name: value for name in _NAMES if (value := getattr(app.settings.cv, name)) is not None}
    if "style" in choice and not given["style"]:
        choice["style"] = app.style_of("cv.style", choice["style"])
    if "template" in choice and not given["template"]:
        choice["template"] = os.path.relpath(app.places.to_read(choice["template"], "cv.template"))
    choice.update({name: value for name, value in given.items() if value not in (None, ()) and name != "fragment"})
    if given["group"] or given["selected"]:
        choice.pop("sections", None)  # what is asked for now wins over the sections of the settings
    return choice


def _preview(app: App, given: Mapping[str, Any]) -> int:
    from bibtool.cli.preview import preview

    def make() -> bytes:
        app.forget_settings()
        choice = _choice(app, given)
        listing, options = _listing(app, choice, given), _target_options(choice, fragment=False)
        built = _build(app, _records(app, given)[0], listing)
        app.report(_told(app, built, choice))
        return file_target(find_target("html")).write(built.cv, options)

    return preview(app, make, lambda: _watched(app, given), open_browser=True)


def _once(app: App, given: Mapping[str, Any]) -> tuple[int, set[Path]]:
    """One run: the exit code, and the files that it depends on."""
    choice = _choice(app, given)
    with _blaming(app, given, "to"):
        target = _target(choice, given)
    output = _output(app, choice, given, target)
    if target.is_folder and (output is None or output == "-"):
        raise UsageError(f"{target.name} is written as several files", hint=f"bibtool cv --to {target.name} -o FOLDER")
    if target.is_binary and output in (None, "-") and not given["as_json"]:
        refuse_terminal()
    if target.requires:
        import_module(target.requires)
    listing = _listing(app, choice, given)
    template = choice.get("template", "") if target.name == "template" else ""
    options = _target_options(choice, fragment=given["fragment"], template=template)
    records, code = _records(app, given)
    built = _build(app, records, listing)
    code = worst(code, app.report(_told(app, built, choice)))
    if given["as_json"]:
        from bibtool.cv.context import context

        listed = context(built.cv, TargetOptions())
        print_json({"problems": [problem.to_dict() for problem in built.problems], "list": listed})
        return code, set()
    if not built.cv.sections:
        left = "" if output is None else f"; {output} was not changed"
        hint = "" if given["files"] or records else "\n  `bibtool import FILE` adds records to the library"
        click.echo(f"bibtool: no works to list{left}{hint}", err=True)
        return 1, _watched(app, given)
    if output is not None and not given["output"] and not target.is_folder:
        check_replaceable(app, Path(output))
    code = worst(code, _write(app, built, target, output, options))
    if output is not None and not target.is_folder:
        note_written(app, Path(output))
    return code, _watched(app, given)


def _target(choice: Mapping[str, Any], given: Mapping[str, Any]) -> Target:
    named = given["target"] or ("template" if given["template"] else None) or choice.get("to")
    if named:
        target = find_target(named)
        if target.name != "template":  # a template may make any kind of file
            _by_suffix(target.name, given["output"])
        return target
    if choice.get("template"):
        return find_target("template")
    return find_target(_by_suffix(None, given["output"]) or DEFAULT_TARGET)


def _by_suffix(named: str | None, output: str | None) -> str | None:
    writables = [Writable(target.name, (target.suffix,) if target.suffix else ()) for target in TARGETS]
    return chosen_by_suffix(named, output, writables, option="--to")


def _output(app: App, choice: Mapping[str, Any], given: Mapping[str, Any], target: Target) -> str | None:
    """Where the list goes: -o, or the setting where the target is the setting's too; None for standard output."""
    if given["output"]:
        return str(given["output"])
    folder = app.settings.folder
    if "output" in choice and folder is not None and target == _target(choice, {**given, "target": None}):
        return str(os.path.relpath(app.places.to_write(choice["output"], "cv.output")))
    return None


def _records(app: App, given: Mapping[str, Any]) -> tuple[list[Record], int]:
    if not given["files"]:
        with app.open_library() as library:
            return list(library.records(None)), 0
    records, code = read_files(app, given["files"], given["source"], given["as_of"])
    return app.make_keys(records), code


def finder_of(app: App, names: Sequence[str] = ()) -> Finder | None:
    """The owner of the list: of the call, else of the settings; None where neither says who it is."""
    from bibtool.cv.owner import Finder, make_owner

    settings = app.settings
    chosen = tuple(names) or settings.owner.names
    if not chosen and not settings.owner.orcid:
        return None
    if names:
        return Finder(make_owner(chosen, others=settings.owner.others))
    # names, then what is added to them step by step
    given: dict[str, dict[str, Any]] = {
        "owner.names": {},
        "owner.orcid": {"orcid": settings.owner.orcid},
        "owner.arxiv-author": {"arxiv_author": settings.owner.arxiv_author},
        "owner.not": {"others": settings.owner.others},
    }
    known: dict[str, Any] = {}
    for name, more in given.items():
        known.update(more)
        try:
            owner = make_owner(chosen, **known)
        except (UsageError, IdentifierError) as error:
            line = settings.lines.get(name)
            raise ConfigError(f"[owner]: {error}", path=str(settings.path), line=line, hint=error.hint) from error
    return Finder(owner)


class _Listing(NamedTuple):
    """What a list is made with, apart from its records: made first, so that a usage error comes before all else."""

    finder: Finder | None
    everyone: bool
    style: Style | BibtexStyle
    options: ListOptions
    locale: str | None


@contextmanager
def _blaming(app: App, given: Mapping[str, Any], name: str, within: str = "", number: int = 0) -> Iterator[None]:
    """What is wrong with a value of [cv] is said with its line, unless an option of the call goes before it.

    ``within`` is the part of it with a line of its own; with a ``number``, that of one of several tables, it is also
    what the error is about, see `Settings.error_in`.
    """
    try:
        yield
    except UsageError as error:
        is_set = f"cv.{name}" in app.settings.given and given.get("target" if name == "to" else name) in (None, ())
        if not is_set or (isinstance(error, ConfigError) and error.path):
            raise
        said = within if number else name
        part = f"cv.{within}" if within else ""
        raise app.settings.error_in(f"cv.{said}", error, within=part, number=number or 1) from error


def _listing(app: App, choice: Mapping[str, Any], given: Mapping[str, Any]) -> _Listing:
    from bibtool.cli.formatted import find_style
    from bibtool.cv.bibtexstyle import bibtex_style
    from bibtool.project.formatted import bst_path, checked_locale

    name = app.style_name(choice.get("style"))
    finder = finder_of(app, choice.get("names", ()))
    with _blaming(app, given, "style"):
        style = bibtex_style(name, bst_path) or find_style(app, name)
    options = _list_options(choice, partial(_blaming, app, given))
    with _blaming(app, given, "locale"):
        locale = checked_locale(choice.get("locale"))
    return _Listing(finder, bool(choice.get("everyone")), style, options, locale)


def _build(app: App, records: Sequence[Record], listing: _Listing) -> Built:
    from bibtool.cv.build import build_list

    if listing.finder is None and not listing.everyone:
        app.say(_no_owner(records))
    return build_list(records, listing.style, owner=listing.finder, options=listing.options, locale=listing.locale)


def _no_owner(records: Sequence[Record]) -> str:
    """That nobody is marked, and the name that the list is probably about."""
    from bibtool.cv.ownership import most_frequent_author

    name, works = most_frequent_author(records)
    if works * 2 > len(records) > 1:
        example = f"--owner {shlex.quote(inert(name))} (an author of {works} of {len(records)} works)"
    else:
        example = "--owner NAME"
    return f"no owner is set, so no name is highlighted: use {example}, or [owner] in bibtool.toml"


def _hints_once(problems: Sequence[Problem]) -> list[Problem]:
    """The problems, a hint that several in a row share only after the last of them."""
    following = [*[problem.hint for problem in problems[1:]], None]
    return [
        replace(problem, hint=None) if problem.hint == hint else problem
        for problem, hint in zip(problems, following, strict=False)
    ]


def _told(app: App, built: Built, choice: Mapping[str, Any]) -> list[Problem]:
    """What is printed of the problems; not what the owner of the settings leaves out, which is so in every run."""
    is_set_up = bool(app.settings.owner.names) and not choice.get("names") and bool(built.cv.sections)
    return _hints_once([problem for problem in built.problems if not (is_set_up and problem.code == "cv-not-owner")])


def _list_options(choice: Mapping[str, Any], blaming: Callable[..., AbstractContextManager[None]]) -> ListOptions:
    """The options of the list as settings and options of the call say, by the names of the settings with ``_``."""
    from bibtool.cv.build import ListOptions
    from bibtool.cv.kinds import KINDS
    from bibtool.cv.links import LINK_KINDS
    from bibtool.cv.sections import SectionRule
    from bibtool.errors import UnknownNameError
    from bibtool.model.query import parse_where, sort_records

    def known(kind: str, names: Sequence[str], allowed: Sequence[str]) -> tuple[str, ...]:
        for name in names:
            if name not in allowed:
                raise UnknownNameError(kind, name, allowed, hint=f"known: {', '.join(allowed)}")
        return tuple(names)

    keys, newest = _selection(choice.get("selected"))
    links = choice.get("links", LINK_KINDS)
    simple = {
        name: choice[name]
        for name in ("title", "prefer", "group", "sort", "number", "max_authors", "mark_owner", "everyone", "legend")
        if name in choice
    }
    with blaming("where"):
        where = parse_where(condition) if (condition := _condition(choice)) else None
    with blaming("sort"):
        sort_records([], choice.get("sort", ""))
    with blaming("kinds"):
        kinds = known("kind", choice.get("kinds", ()), KINDS)
    headings = {}
    for kind, text in choice.get("headings", {}).items():
        with blaming("headings", f"headings.{kind}"):
            headings[known("kind", (kind,), KINDS)[0]] = text
    with blaming("links"):
        shown = (LINK_KINDS if links else ()) if isinstance(links, bool) else known("link", links, LINK_KINDS)
    sections = []
    for number, section in enumerate(choice.get("sections", ()), start=1):
        with blaming("sections", "sections.where", number):
            test = parse_where(section["where"]) if section.get("where") else None
        rule = SectionRule(
            heading=section.get("heading", ""), test=test, keys=section.get("keys", ()), newest=section.get("newest")
        )
        sections.append(rule)
    return ListOptions(
        where=where,
        keys=keys,
        newest=newest,
        per_section=choice.get("number_sections", False),
        kinds=kinds,
        headings=headings,
        links=shown,
        sections=tuple(sections),
        **simple,
    )


def _condition(choice: Mapping[str, Any]) -> str:
    from bibtool.model.query import parse_where

    parts = []
    if where := choice.get("where"):
        parse_where(where)  # what is wrong with it is said of it alone
        parts.append(f"({where})")
    for tag in choice.get("tags", ()):
        if '"' in tag:
            raise UsageError(f"--tag: {tag!r} has a quotation mark")
        parts.append(f'tag~"{tag}"')
    return " and ".join(parts)


def _selection(selected: str | None) -> tuple[tuple[str, ...], int | None]:
    """The keys of --selected, or the number of the newest works."""
    if selected is None:
        return (), None
    if not selected:
        raise UsageError("--selected is empty", hint="give a file with one key per line, or a number")
    if selected.isascii() and selected.isdigit():
        return (), int(selected)
    from bibtool.files import load_bytes

    lines = load_bytes(selected).decode("utf-8-sig", "replace").splitlines()
    keys = tuple(key for line in lines if (key := line.partition("#")[0].strip().rstrip(",")))
    if not keys:
        raise UsageError(f"{selected} has no citation keys", hint="write one key per line; # begins a comment")
    return keys, None


# ---- writing --------------------------------------------------------------------------------------------------------


def _write(app: App, built: Built, target: Target, output: str | None, options: TargetOptions) -> int:
    if output is None and target.name == "text" and use_colour(sys.stdout):
        options = replace(options, terminal=True)
    if not target.is_folder:
        write_output(file_target(target).write(built.cv, options), output, app)
        return 0
    assert output is not None
    from bibtool.cli.folders import FolderFiles, write_folder

    folder = Path(output)
    existing = FolderFiles(folder, target.reads)
    files = folder_target(target).write_files(built.cv, options, existing)
    code = app.report([problem.at(str(folder / (problem.position.path or ""))) for problem in files.problems])
    written = write_folder(folder, files.write, existing)
    app.say(f"wrote {count(len(written), 'file')} in {folder}" if written else f"{folder} is up to date")
    for orphan in files.orphans:
        app.say(f"{folder / orphan}: its paper is no longer in the list; the file was not changed")
    return code


def _target_options(choice: Mapping[str, Any], *, fragment: bool, template: str = "") -> TargetOptions:
    return TargetOptions(
        fragment=fragment,
        links=choice.get("links") is not False,
        summary=choice.get("summary", False),
        abstracts=choice.get("abstracts", False),
        template=_template(template),
        template_name=template,
        is_isolated=bool(template),
    )


def _template(template: str) -> str:
    if not template:
        return ""
    from bibtool.files import load_bytes

    path = Path(template)
    data = load_bytes(str(path))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path}: byte {error.start + 1} is not valid UTF-8", hint="save the template as UTF-8"
        ) from error


def _watched(app: App, given: Mapping[str, Any]) -> set[Path]:
    paths = {Path(name) for name in (*given["files"], given["template"]) if name and name != "-"}
    if not given["files"] and "://" not in (location := app.library_location()):
        paths.add(Path(location))
    if app.settings.path is not None:
        paths.add(app.settings.path)
    if given["selected"] and not given["selected"].isdigit():
        paths.add(Path(given["selected"]))
    return paths
