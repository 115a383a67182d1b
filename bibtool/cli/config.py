"""The settings of a project: the nearest ``bibtool.toml``, or ``[tool.bibtool]`` in a pyproject.toml.

Unknown settings are errors, so that a misspelt one is not silently ignored.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any

from bibtool.errors import ConfigError, UnknownNameError, UsageError
from bibtool.lazy import load
from bibtool.settings import Setting, setting, settings_of
from bibtool.structs import dataclass, field
from bibtool.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from bibtool.check.settings import CheckSettings
    from bibtool.cv.settings import CvSettings, OwnerSettings
    from bibtool.enrich.sources.settings import SourcesSettings
    from bibtool.project.settings import RefsSettings

FILE_NAME = "bibtool.toml"


# The tables that have a class of their own, which is loaded when the file has the table or somebody asks for it.
_HOMES = {
    "check": "bibtool.check.settings:CheckSettings",
    "refs": "bibtool.project.settings:RefsSettings",
    "owner": "bibtool.cv.settings:OwnerSettings",
    "cv": "bibtool.cv.settings:CvSettings",
    "sources": "bibtool.enrich.sources.settings:SourcesSettings",
}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of a project; ``folder`` is the folder of the settings file, None without one.

    ``fmt`` has the options of tidying that were chosen, by their names in `TidyOptions`; ``lines`` the full names of
    the settings that the file sets (``refs.output``), each with its line; ``tables`` what it sets in the tables that
    have a class of their own.
    """

    path: Path | None = None
    lines: Mapping[str, int] = field(default_factory=dict)
    library: str = setting("Path or URL of the library of records.")
    key_template: str = setting("How citation keys are made.", name="keys.template")
    style: str = setting("The style of formatted lists.", name="export.style")
    omit: tuple[str, ...] = setting(
        "Fields that `bibtool export` and `bibtool convert` leave out, such as abstract.", (), name="export.omit"
    )
    fmt: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @cached_property
    def check(self) -> CheckSettings:
        """The settings under ``[check]``."""
        from bibtool.check.settings import CheckSettings

        return CheckSettings(**self.tables.get("check", {}))

    @cached_property
    def refs(self) -> RefsSettings:
        """The settings under ``[refs]``."""
        from bibtool.project.settings import RefsSettings

        return RefsSettings(**self.tables.get("refs", {}))

    @cached_property
    def owner(self) -> OwnerSettings:
        """The settings under ``[owner]``."""
        from bibtool.cv.settings import OwnerSettings

        return OwnerSettings(**self.tables.get("owner", {}))

    @cached_property
    def cv(self) -> CvSettings:
        """The settings under ``[cv]``."""
        from bibtool.cv.settings import CvSettings

        return CvSettings(**self.tables.get("cv", {}))

    @cached_property
    def sources(self) -> SourcesSettings:
        """The settings under ``[sources]``."""
        from bibtool.enrich.sources.settings import SourcesSettings

        return SourcesSettings(**self.tables.get("sources", {}))

    @property
    def given(self) -> frozenset[str]:
        """The full names of the settings that the file sets."""
        return frozenset(self.lines)

    def error_in(
        self, name: str, error: UsageError, *, within: str = "", number: int = 1, joined: str = ": "
    ) -> ConfigError:
        """What is wrong with the value of a setting, with the line that sets it.

        ``within`` is the full name of a part of it, such as ``cv.headings.book``, if that may have a line of its own,
        and ``number`` that of the table, from 1, for ``cv.sections.where``. ``joined`` is what comes between the name
        and the message.
        """
        line = None
        if self.path is not None and within:  # looked for here only: a table may have thousands of parts
            line = _line_of(self.path.read_bytes().decode("utf-8-sig", "replace"), within, number, exactly=True)
        line = line or self.lines.get(name) or self.lines.get(name.rpartition(".")[0])
        path = str(self.path) if self.path else None
        return ConfigError(f"{name}{joined}{error.message}", path=path, line=line, hint=error.hint)

    @property
    def folder(self) -> Path | None:
        """The folder that paths in the settings are relative to."""
        return self.path.parent if self.path else None


_TABLE_OF = "table-of-"  # before the kind of the values


@cache
def all_settings() -> tuple[Setting, ...]:
    """All settings that a settings file can have, but the options of tidying."""
    return (*settings_of(Settings), *(setting for table in _HOMES for setting in _settings_in(table)))


@cache
def _settings_in(table: str) -> tuple[Setting, ...]:
    return tuple(settings_of(load(_HOMES[table]), table))


def schema() -> dict[str, Any]:
    """The JSON schema of the settings file, made from the table and from the options of tidying."""
    root = _object("Settings of bibtool: bibtool.toml, or [tool.bibtool] in pyproject.toml")
    root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    for known in all_settings():
        *tables, last = known.name.split(".")
        place = root
        for table in tables:
            place = place["properties"].setdefault(table, _object(f"[{table}]"))
        place["properties"][last] = _described(known)
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


def _described(setting: Setting) -> dict[str, Any]:
    parts = {part.name: _described(part) for part in setting.parts}
    kinds: dict[str, dict[str, Any]] = {
        "word": {"type": "string"},
        "words": {"type": "array", "items": {"type": "string"}},
        "choice": {"type": "string", "enum": list(setting.choices)},
        "day": {"type": "string", "format": "date"},
        "flag": {"type": "boolean"},
        "count": {"type": "integer", "minimum": 0},
        "tables": {"type": "array", "items": {"type": "object", "additionalProperties": False, "properties": parts}},
    }
    schema = kinds[_kind_of(setting)]
    if setting.kind.startswith(_TABLE_OF):
        schema = {"type": "object", "additionalProperties": schema}
    return {"description": setting.help, **schema}


def _kind_of(setting: Setting) -> str:
    """The kind of the setting; for a table whose names are chosen by the user, the kind of its values."""
    kind = setting.kind.removeprefix(_TABLE_OF)
    return "choice" if kind == "choices" else kind


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
        if b"tool.bibtool" not in data:
            return False
        tool = tomllib.loads(data.decode("utf-8")).get("tool")
        return isinstance(tool, dict) and "bibtool" in tool
    except (OSError, ValueError):
        return False


def read_config(path: Path | None) -> Settings:
    """The settings of a file, defaults for None; raises `ConfigError` with file and line for what is not valid."""
    if path is None:
        return Settings()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"can't be read: {error}", path=str(path)) from error
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _invalid_toml(error, path) from error
    if path.name != FILE_NAME and path.name == "pyproject.toml":
        data = _own_part(data, path, text)
    values: dict[str, Any] = {}
    tables: dict[str, dict[str, Any]] = {}
    tidy = _tidy_settings() if "fmt" in data else {}
    homes = (_settings_in(table) for table in _HOMES if table in data)
    known = {setting.name: setting for settings in (settings_of(Settings), *homes) for setting in settings}
    flat = _flatten(data, {*known, *tidy})
    for name, value in flat:
        if name in tidy:
            values.setdefault("fmt", {})[tidy[name][0]] = _tidy_value(name, value, tidy[name][1], path, text)
            continue
        if name not in known and value == {}:
            raise _unknown_table(name, path, text)
        if name not in known:
            unknown = UnknownNameError("setting", name, [*(setting.name for setting in all_settings()), *tidy])
            raise ConfigError(unknown.message, path=str(path), line=_line_of(text, name), hint=_home_of(name))
        table = name.partition(".")[0]
        place = tables.setdefault(table, {}) if table in _HOMES else values
        place[known[name].field] = _value(known[name], value, path, text)
    settings = Settings(
        path=path.absolute(), lines={name: _line_of(text, name) or 1 for name, _ in flat}, tables=tables, **values
    )
    for name, value in flat:
        if name in _CHECKED and value not in ("", _DEFAULT_KEYS):
            try:
                load(_CHECKED[name])(value)
            except UsageError as error:
                raise settings.error_in(name, error) from error
    return settings


# what raises an error for a value of the right kind that means nothing
_CHECKED = {
    "keys.template": "bibtool.model.keys:check_template",
    "fmt.generate-keys": "bibtool.model.keys:check_template",
    "fmt.generate_keys": "bibtool.model.keys:check_template",
    "refs.cite-commands": "bibtool.project.documents:parse_commands",
}
_DEFAULT_KEYS = "default"  # for fmt.generate-keys, see `TidyOptions`


def _own_part(data: dict[str, Any], path: Path, text: str) -> dict[str, Any]:
    """The table [tool.bibtool] of a pyproject.toml."""
    tool = data.get("tool")
    own = tool.get("bibtool", {}) if isinstance(tool, dict) else {}
    if not isinstance(own, dict):
        raise ConfigError("tool.bibtool must be a table", path=str(path), line=_line_of(text, "bibtool"))
    return own


def _unknown_table(name: str, path: Path, text: str) -> ConfigError:
    """The error for a table that has no settings and is none of bibtool's."""
    known = [*_table_names(), *(setting.name for setting in all_settings() if setting.kind.startswith(_TABLE_OF))]
    return ConfigError(UnknownNameError("table", name, known).message, path=str(path), line=_line_of(text, name))


def _table_names() -> tuple[str, ...]:
    """The tables that a settings file can have."""
    return tuple(dict.fromkeys((*(one.name.partition(".")[0] for one in all_settings() if "." in one.name), "fmt")))


def _invalid_toml(error: tomllib.TOMLDecodeError, path: Path) -> ConfigError:
    place = re.search(r" \(at line (\d+), column (\d+)\)$", str(error))
    line, column = (int(place[1]), int(place[2])) if place else (None, None)
    reason = str(error)[: place.start()] if place else str(error)
    return ConfigError(f"not valid TOML: {reason[:1].lower()}{reason[1:]}", path=str(path), line=line, column=column)


def _value(setting: Setting, value: Any, path: Path, text: str) -> Any:
    """The value as `Settings` holds it; raises `ConfigError` with its line for a value of the wrong kind."""

    def wrong(wanted: str, given: object, hint: str | None = None) -> ConfigError:
        line = _line_of(text, setting.name)
        return ConfigError(f"{setting.name} must be {wanted}, not {given!r}", path=str(path), line=line, hint=hint)

    def choice(given: object) -> object:
        if given not in setting.choices:
            near = did_you_mean(nearest(str(given), setting.choices, most=1))
            raise wrong("one of " + ", ".join(setting.choices), given, near or None)
        return given

    def day(given: object) -> str:
        import datetime as dt

        if isinstance(given, dt.date) and not isinstance(given, dt.datetime):
            return given.isoformat()
        if not isinstance(given, str):
            raise wrong("a string", given)
        try:
            return dt.date.fromisoformat(given).isoformat()
        except ValueError:
            raise wrong("a date such as 2026-11-23", given) from None

    def tables(given: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
        parts = {part.name: part for part in setting.parts}
        for number, name in ((number, name) for number, table in enumerate(given, start=1) for name in table):
            if name not in parts:
                whole = f"{setting.name}.{name}"
                unknown = UnknownNameError("setting", whole, [f"{setting.name}.{x}" for x in parts])
                raise ConfigError(unknown.message, path=str(path), line=_line_of(text, whole, number))
        return tuple(
            {
                name: in_line(number, name, partial(_value, parts[name], value, path, text))
                for name, value in table.items()
            }
            for number, table in enumerate(given, start=1)
        )

    def in_line(number: int, name: str, make: Callable[[], Any]) -> Any:
        """What is made of a part of the value; what is wrong with it has the line of the part."""
        try:
            return make()
        except ConfigError as error:
            error.line = _line_of(text, f"{setting.name}.{name}", number, exactly=True) or error.line
            raise

    def is_list(given: object, of: type) -> bool:
        return isinstance(given, list) and all(isinstance(member, of) for member in given)

    # what the value has to be, in words and as a test, and how it is stored
    kinds: dict[str, tuple[str, Callable[[Any], bool], Callable[[Any], Any]]] = {
        "word": ("a string", lambda given: isinstance(given, str), str),
        "words": ('a list of strings, ["..."]', lambda given: is_list(given, str), tuple),
        "choice": ("", lambda _: True, choice),
        "day": ("", lambda _: True, day),
        "flag": ("true or false", lambda given: isinstance(given, bool), bool),
        "count": ("a number", lambda given: type(given) is int and given >= 0, int),
        "tables": (f"tables, [[{setting.name}]]", lambda given: is_list(given, dict), tables),
    }
    wanted, fits, make = kinds[_kind_of(setting)]

    def made(given: object) -> Any:
        if not fits(given):
            raise wrong(wanted, given)
        return make(given)

    if not setting.kind.startswith(_TABLE_OF):
        return made(value)
    if not isinstance(value, dict):
        raise wrong("a table", value)
    return {name: in_line(1, name, partial(made, given)) for name, given in value.items()}


def _tidy_settings() -> dict[str, tuple[str, object]]:
    """``fmt.sort-fields`` (underscores work too) -> name and default of the option."""
    from bibtool.formats.bibtex.tidy.options import option_table

    known: dict[str, tuple[str, object]] = {}
    for name, default, _, _ in option_table():
        known[f"fmt.{name.replace('_', '-')}"] = (name, default)
        known[f"fmt.{name}"] = (name, default)
    return known


_MOST_SPACES = 10_000  # an indent of a billion would fill the memory
_WANTED = {bool: "true or false", int: "a whole number", str: "text in quotation marks"}


def _tidy_value(name: str, value: object, default: object, path: Path, text: str) -> object:
    """The value as the option expects it: a list of names may be a string with commas."""
    if isinstance(default, tuple):
        if isinstance(value, str):
            value = value.split(",")
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            return tuple(part.strip().lower() for part in value if part.strip())
    elif type(value) is type(default) and (type(value) is not int or 0 <= value <= _MOST_SPACES):
        return value
    wanted = "a list of field names" if isinstance(default, tuple) else _WANTED[type(default)]
    if type(default) is int:
        wanted += f" from 0 to {_MOST_SPACES:,}"
    raise ConfigError(f"{name} must be {wanted}, not {value!r}", path=str(path), line=_line_of(text, name))


def _home_of(name: str) -> str | None:
    """A hint where a setting with this last part belongs; None if there is none."""
    last = name.rsplit(".", 1)[-1]
    names = (setting.name for setting in all_settings())
    home = next((known for known in names if known != name and known.rsplit(".", 1)[-1] == last), None)
    if home is None:
        return None
    table, _, short = home.rpartition(".")
    return f"it belongs in the table [{table}]: {short} = ..." if table else f"it goes before all tables: {short} = ..."


def _flatten(data: dict[str, Any], whole: Collection[str], prefix: str = "") -> list[tuple[str, Any]]:
    """Full names and values; a table is a value if it is that of a setting (of ``whole``), or unknown and empty."""
    values: list[tuple[str, Any]] = []
    for name, value in data.items():
        full = prefix + name
        if isinstance(value, dict) and full not in whole and (value or full in _table_names()):
            values += _flatten(value, whole, f"{full}.")
        else:
            values.append((full, value))
    return values


def _line_of(text: str, name: str, nth: int = 1, *, exactly: bool = False) -> int | None:
    """The line that sets ``name`` or begins the table: in its table, the ``nth`` of those with its name.

    Otherwise, if not ``exactly``, the first with its last part before an equals sign.
    """
    last = name.rsplit(".", 1)[-1]
    table, first, passed = "", None, 0
    for number, line in enumerate(text.splitlines(), start=1):
        left = line.partition("=")[0].strip()
        if "=" not in line and left.startswith("["):
            table = left.partition("]")[0].strip("[ ").removeprefix("tool.bibtool").lstrip(".")
            passed += left.startswith("[[") and name.startswith(f"{table}.")
            if table == name:
                return number
            continue
        path = ".".join(part.strip().strip("\"'") for part in left.split("."))
        if (f"{table}.{path}" if table else path).removeprefix("tool.bibtool.") == name and passed in (0, nth):
            return number
        if first is None and path.rsplit(".", 1)[-1] == last:
            first = number
    return None if exactly else first
