"""Works as CSL-JSON, from the answers of services that have a form of their own.

What a record can't hold is kept next to it in ``custom``: notices, and DOIs of other manifestations.
"""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any

from bibtool.enrich.sources.bodies import packed
from bibtool.enrich.sources.facts import Facts, Notice
from bibtool.lazy import lazy_pattern
from bibtool.model.names import looks_like_organisation, parse_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bibtool.model.record import Record

_TAG = lazy_pattern(r"</?[A-Za-z][A-Za-z:]*(?:\s[^<>]*)?>")


def item_of(kind: str, title: str, people: Iterable[str | dict[str, str]], **values: Any) -> dict[str, Any]:
    """A CSL item; empty values are left out.

    People are names as text, or parts of names. Besides CSL's variables with ``_`` for ``-``, ``year`` is the year of
    ``issued``, and ``arxiv`` an arXiv id.
    """
    item: dict[str, Any] = {"type": kind, "title": title}
    if names := [person(name) if isinstance(name, str) else name for name in people if name]:
        item["author"] = names
    year, arxiv = values.pop("year", None), values.pop("arxiv", "")
    if str(year or "").isdigit():
        item["issued"] = {"date-parts": [[int(year)]]}
    if arxiv:
        item["note"] = f"arXiv: {arxiv}"
    item |= {name.replace("_", "-"): value for name, value in values.items() if value}
    return item


def person(text: str) -> dict[str, str]:
    """The parts of a name that is given as one text."""
    if looks_like_organisation(text):
        return {"literal": text}
    name = parse_name(text)
    parts = {
        "family": name.family,
        "given": name.given,
        "suffix": name.suffix,
        "non-dropping-particle": name.non_dropping_particle,
        "dropping-particle": name.dropping_particle,
        "literal": name.literal,
    }
    return {part: words for part, words in parts.items() if words}


def quoted_title(record: Record) -> str:
    """The title as a phrase of a query, in quotation marks; "" where there is none."""
    title = " ".join(record.title.replace('"', " ").split())[:300]
    return f'"{title}"' if title else ""


def found_by(words: str, items: Iterable[dict[str, Any]]) -> dict[str, bytes]:
    """The items that have a title, under the words that were searched for; empty where there are none."""
    titled = [item for item in items if item["title"]]
    return {words: packed(titled)} if titled else {}


def plain(text: Any) -> str:
    """A title without markup, entities and runs of spaces; "" for what is not text."""
    if not isinstance(text, str):
        return ""
    for _ in range(3):  # some are escaped twice
        unescaped = html.unescape(text)
        if unescaped == text:
            break
        text = unescaped
    return " ".join(_TAG.sub("", text).split()) if "<" in text else " ".join(text.split())


def without_stop(title: str) -> str:
    """A title without the full stop that a service puts after each."""
    return title[:-1] if title.endswith(".") and not title.endswith(("..", "Inc.", "Jr.", "Co.", "St.")) else title


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, or the object that stands for a list of one."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def with_facts(item: dict[str, Any], facts: Facts) -> dict[str, Any]:
    """The item together with what a record can't hold."""
    notices = [[notice.kind, notice.doi, notice.when] for notice in facts.notices]
    custom = {"notices": notices, "published": list(facts.published), "preprints": list(facts.preprints)}
    custom = {name: value for name, value in custom.items() if value}
    return {**item, "custom": custom} if custom else item


def facts_of(part: bytes) -> Facts:
    """The facts that `with_facts` has put next to an item."""
    custom = json.loads(part).get("custom") or {}
    return Facts(
        notices=tuple(Notice(*notice) for notice in custom.get("notices", ())),
        published=tuple(custom.get("published", ())),
        preprints=tuple(custom.get("preprints", ())),
    )
