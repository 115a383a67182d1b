"""The settings of a project: ``bibtool.toml``, or ``[tool.bibtool]`` in pyproject.toml, searched upward.

Unknown settings are errors, so that a misspelt one is not silently without effect.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bibtool.errors import ConfigError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

FILE_NAME = "bibtool.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a project has chosen; ``folder`` is that of the settings file, None where there is none.

    What each field means stands in `SETTINGS`. ``cv`` has the settings of publication lists by their names there.
    """

    path: Path | None = None
    library: str = ""
    key_template: str = ""
    style: str = ""
    fmt: Mapping[str, Any] = field(default_factory=dict)
    check_select: tuple[str, ...] = ()
    check_ignore: tuple[str, ...] = ()
    check_dialect: str = "auto"
    check_per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sources: tuple[str, ...] = ("library",)
    documents: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    output: str = "refs.bib"
    dialect: str = "bibtex"
    prefer: str = "published"
    prefer_for: Mapping[str, str] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    lock: str = "bibtool.lock"
    cite_commands: tuple[str, ...] = ()
    as_of: str = ""
    owner_names: tuple[str, ...] = ()
    owner_orcid: str = ""
    owner_arxiv_author: str = ""
    owner_not: tuple[str, ...] = ()
    cv: Mapping[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path | None:
        """The folder that relative paths of the settings start from."""
        return self.path.parent if self.path else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of the file: its name there, the field of `Settings`, and what it may be.

    ``kind`` is word, words, choice (one of ``choices``), day, flag, count, table-of-words (a list of words each),
    table-of-word, table-of-choices, or tables (a list of tables, whose settings are ``parts``).
    """

    name: str
    field: str
    kind: str
    help: str
    choices: tuple[str, ...] = ()
    parts: tuple[Setting, ...] = ()


PREFERENCES = ("published", "preprint", "both")


def _cv_settings() -> tuple[tuple[str, str, str, tuple[str, ...], tuple[Setting, ...]], ...]:
    """Name, kind, help, choices and parts of the settings of `bibtool cv`."""
    none: tuple[Setting, ...] = ()
    parts = (
        Setting(name="heading", field="heading", kind="word", help="The heading of the section."),
        Setting(name="where", field="where", kind="word", help="What stands in it, as in --where."),
        Setting(name="keys", field="keys", kind="words", help="The works in it, by citation key, in this order."),
        Setting(name="newest", field="newest", kind="count", help="Only the newest so many."),
    )
    return (
        ("to", "word", "The target, such as html, latex, markdown.", (), none),
        ("output", "word", "The file or folder that is written.", (), none),
        ("title", "word", "The title of the list.", (), none),
        ("style", "word", "The citation style of the list (default: that of [export], or apa).", (), none),
        ("locale", "word", "The language of the list, such as de-DE.", (), none),
        ("where", "word", "Only works that fit, as in --where.", (), none),
        ("prefer", "choice", "The version that is listed of a preprint and its publication.", PREFERENCES[:2], none),
        ("group", "choice", "How the list is cut into sections.", ("type", "year", "none"), none),
        ("kinds", "words", "The kinds whose sections come first: journal, conference, preprint ...", (), none),
        ("headings", "table-of-word", "Kind = heading of its section.", (), none),
        ("sections", "tables", "Sections of your own; a work stands in the first one that takes it.", (), parts),
        ("sort", "word", "The order within sections, as in --sort (default: newest first).", (), none),
        ("number", "choice", "How works are numbered.", ("down", "up", "none"), none),
        ("number-sections", "flag", "Whether each section is numbered by itself.", (), none),
        ("max-authors", "count", "Names shown at most (0: all); the owner is always shown.", (), none),
        (
            "mark-owner",
            "choice",
            "How the owner's name is set off.",
            ("bold", "underline", "italic", "bold-underline", "none"),
            none,
        ),
        ("links", "words", "The links behind a work: doi, arxiv, pdf, code, url.", (), none),
        ("legend", "table-of-word", "Mark = what it means: for marks of your own, or in other words.", (), none),
        ("summary", "flag", "Whether counts and a chart of papers a year are shown.", (), none),
        ("abstracts", "flag", "Whether abstracts are shown, folded away, in HTML.", (), none),
        ("everyone", "flag", "Whether works that the owner is no author of are listed too.", (), none),
        ("template", "word", "The file of your own template.", (), none),
    )


SETTINGS: tuple[Setting, ...] = (
    Setting(name="library", field="library", kind="word", help="Path or URL of the library of records."),
    Setting(name="keys.template", field="key_template", kind="word", help="How citation keys are made."),
    Setting(name="export.style", field="style", kind="word", help="The style of formatted lists."),
    Setting(name="check.select", field="check_select", kind="words", help="The rules to check, by code."),
    Setting(name="check.ignore", field="check_ignore", kind="words", help="The rules not to check."),
    Setting(name="check.dialect", field="check_dialect", kind="word", help="auto, bibtex or biblatex."),
    Setting(
        name="check.per-file-ignores",
        field="check_per_file_ignores",
        kind="table-of-words",
        help="File pattern = rules not to check there.",
    ),
    Setting(
        name="refs.sources",
        field="sources",
        kind="words",
        help="Where entries come from, first one wins: library, or files and patterns (.bib, CSL-JSON, listings).",
    ),
    Setting(
        name="refs.documents",
        field="documents",
        kind="words",
        help="The documents that cite, as patterns; what they take in is followed.",
    ),
    Setting(name="refs.exclude", field="exclude", kind="words", help="Documents to leave out, as patterns."),
    Setting(name="refs.output", field="output", kind="word", help="The .bib file that is written."),
    Setting(
        name="refs.dialect",
        field="dialect",
        kind="choice",
        choices=("bibtex", "biblatex"),
        help="How records that come from no .bib file are written.",
    ),
    Setting(
        name="refs.prefer",
        field="prefer",
        kind="choice",
        choices=PREFERENCES,
        help="Which version of a work is cited where a preprint and a published one are known.",
    ),
    Setting(
        name="refs.prefer-for",
        field="prefer_for",
        kind="table-of-choices",
        choices=PREFERENCES,
        help="Citation key = preference for this work.",
    ),
    Setting(name="refs.drop", field="drop", kind="words", help="Fields that are not written, such as abstract."),
    Setting(name="refs.lock", field="lock", kind="word", help="The name of the lock file."),
    Setting(
        name="refs.cite-commands",
        field="cite_commands",
        kind="words",
        help=r"LaTeX commands of your own that cite: name, or name:2 where the keys are the second argument.",
    ),
    Setting(
        name="refs.as-of",
        field="as_of",
        kind="day",
        help="The day on which listings were copied, for dates without year.",
    ),
    Setting(
        name="owner.names",
        field="owner_names",
        kind="words",
        help="Whose publication list it is: the name, and others under which the person has published.",
    ),
    Setting(name="owner.orcid", field="owner_orcid", kind="word", help="The owner's ORCID iD."),
    Setting(
        name="owner.arxiv-author",
        field="owner_arxiv_author",
        kind="word",
        help="The owner's author id on arXiv, such as bruna_j_1.",
    ),
    Setting(
        name="owner.not",
        field="owner_not",
        kind="words",
        help="Names of other people that must not be taken for the owner.",
    ),
    *(
        Setting(name=f"cv.{name}", field="cv", kind=kind, help=told, choices=choices, parts=parts)
        for name, kind, told, choices, parts in _cv_settings()
    ),
)
_KNOWN = {one.name: one for one in SETTINGS}
# tables whose names are the user's own
_TABLES = frozenset(one.name for one in SETTINGS if one.kind.startswith("table-of-"))


def schema() -> dict[str, Any]:
    """The JSON schema of the settings file, made of the table and of the options of tidying."""
    root = _object("Settings of bibtool: bibtool.toml, or [tool.bibtool] in pyproject.toml")
    root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    for one in SETTINGS:
        *tables, last = one.name.split(".")
        place = root
        for table in tables:
            place = place["properties"].setdefault(table, _object(f"[{table}]"))
        place["properties"][last] = {"description": one.help, **_schema_of(one)}
    fmt = root["properties"]["fmt"] = _object("[fmt]: the options of bibtool fmt")
    for name, (_, default) in _tidy_settings().items():
        fmt["properties"][name.partition(".")[2]] = (
            {"type": ["array", "string"], "items": {"type": "string"}}
            if isinstance(default, tuple)
            else {"type": {bool: "boolean", int: "integer"}.get(type(default), "string")}
        )
    return root


def _object(title: str) -> dict[str, Any]:
    return {"title": title, "type": "object", "additionalProperties": False, "properties": {}}


def _schema_of(setting: Setting) -> dict[str, Any]:
    words = {"type": "array", "items": {"type": "string"}}
    choice = {"type": "string", "enum": list(setting.choices)}
    kinds: dict[str, dict[str, Any]] = {
        "word": {"type": "string"},
        "words": words,
        "choice": choice,
        "day": {"type": "string", "format": "date"},
        "flag": {"type": "boolean"},
        "count": {"type": "integer", "minimum": 0},
        "table-of-word": {"type": "object", "additionalProperties": {"type": "string"}},
        "tables": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {part.name: {"description": part.help, **_schema_of(part)} for part in setting.parts},
            },
        },
        "table-of-words": {"type": "object", "additionalProperties": words},
        "table-of-choices": {"type": "object", "additionalProperties": choice},
    }
    return kinds[setting.kind]


def find_config(start: Path) -> Path | None:
    """The nearest bibtool.toml (or pyproject.toml with a [tool.bibtool] table) in ``start`` or above it, or None."""
    for folder in (start, *start.parents):
        candidate = folder / FILE_NAME
        if candidate.is_file():
            return candidate
        project = folder / "pyproject.toml"
        if project.is_file() and _has_table(project):
            return project
    return None


def _has_table(path: Path) -> bool:
    try:
        data = path.read_bytes()
        return b"tool.bibtool" in data and "bibtool" in tomllib.loads(data.decode("utf-8")).get("tool", {})
    except (OSError, ValueError):
        return False


def read_config(path: Path | None) -> Settings:
    """The settings of a file, defaults for None; raises `ConfigError` with file and line for what can't be followed."""
    if path is None:
        return Settings()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"can't be read: {error}", path=str(path)) from error
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"is no valid TOML: {error}", path=str(path)) from error
    if path.name != FILE_NAME and path.name == "pyproject.toml":
        data = data.get("tool", {}).get("bibtool", {})
    values: dict[str, Any] = {}
    tidy = _tidy_settings() if "fmt" in data else {}
    for name, value in _flatten(data):
        if name in tidy:
            values.setdefault("fmt", {})[tidy[name][0]] = _tidy_value(name, value, tidy[name][1], path, text)
            continue
        if name not in _KNOWN:
            unknown = UnknownNameError("setting", name, [*_KNOWN, *tidy])
            raise ConfigError(unknown.message, path=str(path), line=_line_of(text, name), hint=_home_of(name))
        found = _value(_KNOWN[name], value, path, text)
        if _KNOWN[name].field == "cv":
            values.setdefault("cv", {})[name.partition(".")[2]] = found
        else:
            values[_KNOWN[name].field] = found
    return Settings(path=path.absolute(), **values)


def _value(setting: Setting, value: Any, path: Path, text: str) -> Any:
    """The value as `Settings` holds it; raises `ConfigError` with the line for one of another kind."""

    def wrong(wanted: str, found: object, hint: str | None = None) -> ConfigError:
        line = _line_of(text, setting.name)
        return ConfigError(f"{setting.name} must be {wanted}, not {found!r}", path=str(path), line=line, hint=hint)

    def word(one: object) -> str:
        if not isinstance(one, str):
            raise wrong("a word in quotes", one)
        return one

    def choice(one: object) -> str:
        if not isinstance(one, str) or one not in setting.choices:
            unknown = UnknownNameError(setting.name, str(one), setting.choices)
            near = f"did you mean {unknown.suggestions[0]!r}?" if unknown.suggestions else None
            raise wrong("one of " + ", ".join(setting.choices), one, near)
        return one

    def words(several: object) -> tuple[str, ...]:
        if not isinstance(several, list) or not all(isinstance(one, str) for one in several):
            raise wrong('a list of words, ["..."]', several)
        return tuple(several)

    def day(one: object) -> str:
        import datetime as dt

        if isinstance(one, dt.date) and not isinstance(one, dt.datetime):
            return one.isoformat()
        try:
            return dt.date.fromisoformat(word(one)).isoformat()
        except ValueError:
            raise wrong("a day such as 2026-11-23", one) from None

    def flag(one: object) -> bool:
        if not isinstance(one, bool):
            raise wrong("true or false", one)
        return one

    def count(one: object) -> int:
        if not isinstance(one, int) or isinstance(one, bool) or one < 0:
            raise wrong("a number", one)
        return one

    def tables(several: object) -> tuple[dict[str, Any], ...]:
        if not isinstance(several, list) or not all(isinstance(one, dict) for one in several):
            raise wrong(f"tables, [[{setting.name}]]", several)
        parts = {part.name: part for part in setting.parts}
        for name in (name for one in several for name in one):
            if name not in parts:
                unknown = UnknownNameError("setting", f"{setting.name}.{name}", [f"{setting.name}.{x}" for x in parts])
                raise ConfigError(unknown.message, path=str(path), line=_line_of(text, name))
        return tuple({name: _value(parts[name], part, path, text) for name, part in one.items()} for one in several)

    kinds: dict[str, Callable[[object], Any]] = {
        "word": word,
        "words": words,
        "choice": choice,
        "day": day,
        "flag": flag,
        "count": count,
        "tables": tables,
    }
    if setting.kind.startswith("table-of-"):
        if not isinstance(value, dict):
            raise wrong("a table", value)
        each = kinds[{"choices": "choice"}.get(rest := setting.kind.removeprefix("table-of-"), rest)]
        return {name: each(one) for name, one in value.items()}
    return kinds[setting.kind](value)


def _tidy_settings() -> dict[str, tuple[str, object]]:
    """``fmt.sort-fields`` (underscores work too) -> name and default of the option."""
    from bibtool.formats.bibtex.tidy.options import option_table

    known: dict[str, tuple[str, object]] = {}
    for name, default, _, _ in option_table():
        known[f"fmt.{name.replace('_', '-')}"] = (name, default)
        known[f"fmt.{name}"] = (name, default)
    return known


def _tidy_value(name: str, value: object, default: object, path: Path, text: str) -> object:
    """The value as the option wants it: a list of names may be one string with commas."""
    if isinstance(default, tuple):
        if isinstance(value, str):
            value = value.split(",")
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            return tuple(part.strip().lower() for part in value if part.strip())
    elif isinstance(value, type(default)) and isinstance(value, bool) == isinstance(default, bool):
        return value
    wanted = "list of field names" if isinstance(default, tuple) else type(default).__name__
    raise ConfigError(f"{name} must be a {wanted}, not {value!r}", path=str(path), line=_line_of(text, name))


def _home_of(name: str) -> str | None:
    """Where a setting of that last name belongs."""
    last = name.rsplit(".", 1)[-1]
    found = next((one for one in _KNOWN if one != name and one.rsplit(".", 1)[-1] == last), None)
    if found is None:
        return None
    table, _, short = found.rpartition(".")
    return (
        f"it belongs in the table [{table}]: {short} = ..." if table else f"it stands before all tables: {short} = ..."
    )


def _flatten(data: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in data.items():
        if isinstance(value, dict) and prefix + name not in _TABLES:
            found += _flatten(value, f"{prefix}{name}.")
        else:
            found.append((prefix + name, value))
    return found


def _line_of(text: str, name: str) -> int | None:
    """The line that sets ``name``: the first with its last part before an equals sign."""
    last = name.rsplit(".", 1)[-1]
    for number, line in enumerate(text.splitlines(), start=1):
        left = line.partition("=")[0].strip().strip('"')
        if left.rsplit(".", 1)[-1].strip().strip('"') == last:
            return number
    return None
