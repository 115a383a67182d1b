"""JSON Resume 1.0.0: the owner and the publications, or only the array of publications.

Facts from the schema (https://github.com/jsonresume/resume-schema, MIT): a publication has ``name``, ``publisher``,
``releaseDate`` (a year between 1000 and 2999, with or without month and day), ``url`` and ``summary``, all of them
optional strings; further members are allowed everywhere. It has no place for authors, so that they open the summary.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from bibtool.cv import facts
from bibtool.cv.targets._typeset import status_sentence, web_links
from bibtool.lazy import lazy_pattern

if TYPE_CHECKING:
    from bibtool.cv.document import Entry, PublicationList
    from bibtool.cv.targets import TargetOptions

SCHEMA: Final = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"
_DATE: Final = lazy_pattern(r"[12]\d{3}-[01]\d-[0-3]\d|[12]\d{3}-[01]\d|[12]\d{3}", re.ASCII)
_NETWORKS: Final = {"orcid": "ORCID", "arxiv-author": "arXiv"}


def write(cv: PublicationList, options: TargetOptions) -> bytes:
    """The resume as JSON; as a fragment only the array, to be used as the value of ``publications``."""
    publications = [publication(entry) for entry in cv.entries]
    return (
        json.dumps(publications if options.fragment else resume(cv, publications), ensure_ascii=False, indent=2) + "\n"
    ).encode()


def resume(cv: PublicationList, publications: list[dict[str, str]]) -> dict[str, Any]:
    """The resume: who it is, and the publications."""
    basics: dict[str, Any] = {}
    if name := facts.line(cv.profile.name):
        basics["name"] = name
    profiles = [
        {"network": _NETWORKS.get(link.kind, link.label), "username": link.label, "url": link.url}
        for link in web_links(cv.profile.links)
    ]
    if profiles:
        basics["profiles"] = profiles
    return {
        "$schema": SCHEMA,
        "basics": basics,
        "publications": publications,
        "meta": {"canonical": SCHEMA, "version": "v1.0.0"},
    }


def publication(entry: Entry) -> dict[str, str]:
    """One publication; members without a value are left out."""
    date = facts.iso_date(entry)
    members = {
        "name": facts.title(entry),
        "publisher": facts.container(entry),
        "releaseDate": date if _DATE.fullmatch(date) else "",
        "url": facts.address(entry, "doi", "arxiv", "url", "pdf", "code"),
        "summary": _summary(entry),
    }
    return {name: value for name, value in members.items() if value}


def _summary(entry: Entry) -> str:
    names = [
        name + facts.line(author.signs)
        for name, author in zip(facts.author_names(entry), entry.authors, strict=True)
        if name
    ]
    if entry.truncated:
        names.append("et al.")
    people = ", ".join(names)
    if people and not people.endswith("."):
        people += "."
    return " ".join(part for part in (people, status_sentence(entry)) if part)
