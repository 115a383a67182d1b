"""What the settings file says about a publication list and its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bibtool.settings import setting
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerSettings:
    """The table ``[owner]``."""

    names: tuple[str, ...] = setting(
        "Whose publication list it is: the full name, then other names the person has published under.", ()
    )
    orcid: str = setting("The owner's ORCID iD.")
    arxiv_author: str = setting("The owner's author id on arXiv, such as bruna_j_1.")
    others: tuple[str, ...] = setting("Names of other people who could be mistaken for the owner.", (), name="not")


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionSettings:
    """One table of ``[[cv.sections]]``."""

    heading: str = setting("The heading of the section.")
    where: str = setting("Which works are in it, as in --where.")
    keys: tuple[str, ...] = setting("The works in it, by citation key, in this order.", ())
    newest: int | None = setting("Only the newest N works.", None, kind="count")


@dataclass(frozen=True, slots=True, kw_only=True)
class CvSettings:
    """The table ``[cv]``; what it does not set is None, so that options of the command line and defaults count."""

    to: str | None = setting("The target, such as html, latex, markdown.", None)
    output: str | None = setting("The file or folder that is written.", None)
    title: str | None = setting("The title of the list.", None)
    style: str | None = setting("The citation style of the list (default: that of [export], or apa).", None)
    locale: str | None = setting("The language of the list, such as de-DE.", None)
    where: str | None = setting("Only works that match, as in --where.", None)
    prefer: str | None = setting(
        "Which version is listed of a preprint and its publication.", None, choices=("published", "preprint")
    )
    group: str | None = setting("How the list is divided into sections.", None, choices=("type", "year", "none"))
    kinds: tuple[str, ...] | None = setting(
        "The kinds whose sections come first: journal, conference, preprint ...", None, kind="words"
    )
    headings: Mapping[str, str] | None = setting("Kind = heading of its section.", None, kind="table-of-word")
    sections: tuple[Mapping[str, Any], ...] | None = setting(
        "Your own sections; a work is listed in the first one that takes it.",
        None,
        kind="tables",
        parts=SectionSettings,
    )
    sort: str | None = setting("The order within sections, as in --sort (default: newest first).", None)
    number: str | None = setting("How works are numbered.", None, choices=("down", "up", "none"))
    number_sections: bool | None = setting("Whether each section is numbered on its own.", None, kind="flag")
    max_authors: int | None = setting("Names shown at most (0: all); the owner is always shown.", None, kind="count")
    mark_owner: str | None = setting(
        "How the owner's name is highlighted.", None, choices=("bold", "underline", "italic", "bold-underline", "none")
    )
    links: tuple[str, ...] | None = setting("The links after a work: doi, arxiv, pdf, code, url.", None, kind="words")
    legend: Mapping[str, str] | None = setting(
        "Mark = what it means: for your own marks, or to reword the known ones.", None, kind="table-of-word"
    )
    summary: bool | None = setting("Whether counts and a chart of publications per year are shown.", None, kind="flag")
    abstracts: bool | None = setting("Whether abstracts are shown, folded away, in HTML.", None, kind="flag")
    everyone: bool | None = setting("Whether works by others are listed too.", None, kind="flag")
    template: str | None = setting("The file of your own Jinja2 template.", None)
