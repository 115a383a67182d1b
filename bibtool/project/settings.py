"""What the settings file says about the bibliography of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.settings import setting
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFERENCES = ("published", "preprint", "both")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefsSettings:
    """The table ``[refs]``."""

    sources: tuple[str, ...] = setting(
        "Where entries come from, the first match wins: library, or files and patterns (.bib, CSL-JSON, listings).",
        ("library",),
    )
    documents: tuple[str, ...] = setting(
        "The documents that cite, as patterns; files that they include are read too.", ()
    )
    exclude: tuple[str, ...] = setting("Documents to leave out, as patterns.", ())
    output: str = setting("The .bib file to write.", "refs.bib")
    keep: bool = setting(
        "Keep the output as its author wrote it: only add entries that are missing, change and delete nothing.",
        default=False,
        kind="flag",
    )
    read_only: tuple[str, ...] = setting(
        "Other bibliography files that the documents name: their entries are neither changed nor copied to the output.",
        (),
    )
    dialect: str = setting(
        "The dialect of the bibliography: how records are written in it, and what `bibtool check` goes by.",
        "bibtex",
        choices=("bibtex", "biblatex"),
    )
    prefer: str = setting(
        "Which version of a work is cited if both a preprint and a published one are known.",
        "published",
        choices=PREFERENCES,
    )
    prefer_for: Mapping[str, str] = setting(
        "Citation key = preference for this work.", {}, kind="table-of-choices", choices=PREFERENCES
    )
    drop: tuple[str, ...] = setting("Fields to leave out, such as abstract.", ())
    lock: str = setting("The name of the lock file.", "bibtool.lock")
    cite_commands: tuple[str, ...] = setting(
        r"LaTeX commands of your own that cite: name, or name:2 if the keys are the second argument.", ()
    )
    as_of: str = setting("The day on which listings were copied, for dates without year.", kind="day")
