"""The settings of a project: ``bibtool.toml``, or ``[tool.bibtool]`` in pyproject.toml, searched upward.

Unknown settings are errors, so that a misspelt one is not silently without effect.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bibtool.errors import ConfigError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE_NAME = "bibtool.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a project has chosen; ``folder`` is that of the settings file, None where there is none."""

    path: Path | None = None
    library: str = ""
    key_template: str = ""
    style: str = ""
    fmt: Mapping[str, Any] = field(default_factory=dict)
    check_select: tuple[str, ...] = ()
    check_ignore: tuple[str, ...] = ()
    check_dialect: str = "auto"
    check_per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def folder(self) -> Path | None:
        """The folder that relative paths of the settings start from."""
        return self.path.parent if self.path else None


# setting in the file -> (field of Settings, type)
_KNOWN: dict[str, tuple[str, type]] = {
    "library": ("library", str),
    "keys.template": ("key_template", str),
    "export.style": ("style", str),
    "check.select": ("check_select", list),
    "check.ignore": ("check_ignore", list),
    "check.dialect": ("check_dialect", str),
    "check.per-file-ignores": ("check_per_file_ignores", dict),
}
# tables whose names are the user's own
_TABLES = frozenset({"check.per-file-ignores"})


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
            raise ConfigError(unknown.message, path=str(path), line=_line_of(text, name))
        target, kind = _KNOWN[name]
        if not isinstance(value, kind):
            raise ConfigError(
                f"{name} must be a {kind.__name__}, not {value!r}", path=str(path), line=_line_of(text, name)
            )
        values[target] = _frozen(name, value, path, text)
    return Settings(path=path.absolute(), **values)


def _frozen(name: str, value: Any, path: Path, text: str) -> Any:
    """Lists as tuples of words, in tables too; raises `ConfigError` for a list of anything else."""
    if isinstance(value, dict):
        return {pattern: _frozen(name, listed, path, text) for pattern, listed in value.items()}
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    if isinstance(value, list) or name in _TABLES:
        raise ConfigError(f"{name} must list words, not {value!r}", path=str(path), line=_line_of(text, name))
    return value


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
