"""Settings as fields of dataclasses: each class is in the module that uses its settings, and says what they mean.

The settings file, its JSON schema, the reference and the choices of the command line are made from `settings_of`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bibtool.structs import dataclass, field, fields

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of the file: its name there (``refs.output``), the field that holds it, and what it may be.

    ``kind`` is word, words, choice (one of ``choices``), day, flag, count, table-of-words (a list of words each),
    table-of-word, table-of-choices, or tables (a list of tables, whose settings are ``parts``).
    """

    name: str
    field: str
    kind: str
    help: str
    choices: tuple[str, ...] = ()
    parts: tuple[Setting, ...] = ()
    default: Any = None


def setting(
    help_: str,
    default: Any = "",
    *,
    kind: str = "",
    choices: tuple[str, ...] = (),
    name: str = "",
    parts: Any = None,
) -> Any:
    """A field of a dataclass that is a setting; see `Setting`.

    Without ``kind`` it is a choice if there are ``choices``, words if the default is a tuple, otherwise a word.
    ``name`` is for one whose name in the file is not that of the field with hyphens; ``parts`` is the class of the
    tables in it. A default of None says that whoever uses the setting has one.
    """
    kind = kind or ("choice" if choices else "words" if isinstance(default, tuple) else "word")
    told = {"help": help_, "kind": kind, "choices": choices, "name": name, "parts": parts, "default": default}
    if isinstance(default, dict):
        return field(default_factory=dict, metadata=told)
    return field(default=default, metadata=told)


def settings_of(home: Any, table: str = "") -> Iterator[Setting]:
    """The settings among the fields of a dataclass, in their order; ``table`` goes before their names."""
    for one in fields(home):
        if "help" in one.metadata:
            told = dict(one.metadata)
            name = told.pop("name") or one.name.replace("_", "-")
            parts = told.pop("parts")
            yield Setting(
                name=f"{table}.{name}" if table else name,
                field=one.name,
                parts=tuple(settings_of(parts)) if parts else (),
                **told,
            )


def choices_of(home: Any, field_name: str) -> tuple[str, ...]:
    """What a setting that is a choice can be."""
    return next(one.choices for one in settings_of(home) if one.field == field_name)
