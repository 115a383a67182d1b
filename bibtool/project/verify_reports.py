"""Verdicts as SARIF 2.1.0, and as one page of HTML for co-authors.

Both name what is not confirmed, with both values and whose word it is, and neither calls anything false: sources may
lack a work, or be wrong.
"""

from __future__ import annotations

import json
from collections import Counter
from html import escape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from bibtool.model.text.inert import inert, no_templates
from bibtool.project.verify import CONFIRMED, CONTRADICTS, NOT_CHECKED, NOT_FOUND, VERDICTS, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.project.verify import Place, Verified

SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_RETRACTED: Final = "retracted"
# verdict -> id and description of the rule, level of its results
_RULES: Final = {
    _RETRACTED: ("retracted", "A source says that the work was retracted.", "error"),
    CONTRADICTS: ("contradicts", "A source has the work, and states something differently.", "error"),
    NOT_FOUND: ("not-found", "All sources answered, and none has anything like it.", "error"),
    NOT_CHECKED: ("could-not-check", "No source has such works, or it could not be asked.", "note"),
}
LIMITS: Final = (
    "A contradiction does not prove an error, and a confirmation does not prove that the work says what it is cited "
    "for: sources may be wrong or lack a work. What could not be checked is neither right nor wrong."
)


def _rule_of(result: Verified) -> str:
    return _RETRACTED if result.retracted else result.verdict


def to_sarif(results: Sequence[tuple[Verified, Place]], version: str, *, strict: bool = False) -> str:
    """A SARIF log with one run, a result for each entry that is not confirmed.

    Source: OASIS SARIF 2.1.0, sections 3.19 (toolComponent) and 3.27 (result). A record without a file has no location.
    """
    order = {name: number for number, name in enumerate(_RULES)}
    rules = [{"id": rule, "shortDescription": {"text": text}} for rule, text, _ in _RULES.values()]
    found = []
    for result, place in results:
        name = _rule_of(result)
        if name == CONFIRMED:
            continue
        rule, _, level = _RULES[name]
        said: dict[str, Any] = {
            "ruleId": rule,
            "ruleIndex": order[name],
            "level": "error" if strict else level,
            "message": {"text": inert(sentence(result))},
        }
        if place.path:
            uri = quote(place.path.replace("\\", "/"), safe="/:~!$&'()*+,;=@", errors="replace")
            region = {"region": {"startLine": place.line}} if place.line else {}
            said["locations"] = [{"physicalLocation": {"artifactLocation": {"uri": uri}, **region}}]
        found.append(said)
    driver = {"name": "bibtool verify", "version": version, "rules": rules}
    data = {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": found}]}
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "replace").decode("utf-8") + "\n"


_STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1d1d1f;
  background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
article { border-left: 4px solid #8a8a8e; padding: 0.1rem 1rem; margin: 1rem 0; }
article.bad { border-color: #b3261e; } article h3 { font-size: 1rem; margin: 0.3rem 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.2rem 0.6rem; }
th { font-weight: 600; } thead th { border-bottom: 1px solid #8a8a8e; } p.note, td.note { color: #55555a; }
"""
_HEADINGS: Final = {
    _RETRACTED: "Retracted", CONTRADICTS: "A source says something else", NOT_FOUND: "Not found",
    NOT_CHECKED: "Could not be checked", CONFIRMED: "Confirmed",
}  # fmt: skip


def to_html(results: Sequence[tuple[Verified, Place]], *, when: str) -> str:
    """One page without scripts and without anything from elsewhere; ``when`` is the day of the check."""
    counts = Counter(_rule_of(result) for result, _ in results)
    summary = ", ".join(f"{counts[name]} {name}" for name in (_RETRACTED, *VERDICTS) if counts[name]) or "no entries"
    head = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n<title>References checked</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>References checked</h1>\n"
        f"<p>{_shown(when)}: {summary}.</p>\n<p class=note>{LIMITS}</p>\n"
    )
    parts = [head]
    for name, heading in _HEADINGS.items():
        chosen = [(result, place) for result, place in results if _rule_of(result) == name]
        if not chosen:
            continue
        parts.append(f"<h2>{heading} ({len(chosen)})</h2>\n")
        if name == CONFIRMED:
            parts.append("<table>\n")
            parts += [
                f"<tr><td>{_shown(result.record.key)}<td>{_shown(result.record.title)}"
                f"<td class=note>{_shown(', '.join(result.sources))}</tr>\n"
                for result, _ in chosen
            ]
            parts.append("</table>\n")
        else:
            parts += [_article(result, place) for result, place in chosen]
    return "".join([*parts, "</body>\n</html>\n"])


def _article(result: Verified, place: Place) -> str:
    record = result.record
    bad = "" if result.verdict == NOT_CHECKED and not result.retracted else " class=bad"
    where = f" <span class=note>{_shown(str(place))}</span>" if place.path else ""
    lines = [f"<article{bad}>\n<h3>{_shown(record.key)}{where}</h3>\n<p>{_shown(record.title)}</p>\n"]
    if result.retracted:
        lines.append(f"<p><strong>Retracted</strong>: {_shown(result.retracted)}</p>\n")
    if result.contradictions:
        lines.append("<table>\n<thead><tr><th>Field<th>The entry<th>The source<th>Whose word</thead>\n")
        lines += [
            f"<tr><td>{_shown(each.field)}<td>{_shown(each.mine)}<td>{_shown(each.theirs)}"
            f"<td class=note>{_shown(each.source)}</tr>\n"
            for each in result.contradictions
        ]
        lines.append("</table>\n")
    if result.reason:
        lines.append(f"<p>{_shown(result.reason)}</p>\n")
    if result.nearest is not None and result.verdict == NOT_FOUND:
        near = f"{result.nearest.record.title} ({result.nearest.ratio:.0%} alike, in {result.nearest.source})"
        lines.append(f"<p class=note>Nearest: {_shown(near)}</p>\n")
    if result.notices:
        lines.append(f"<p>Notices: {_shown('; '.join(result.notices))}</p>\n")
    if result.not_compared:
        lines.append(f"<p class=note>Not compared: {_shown(', '.join(result.not_compared))}</p>\n")
    return "".join([*lines, "</article>\n"])


def _shown(text: str) -> str:
    return no_templates(escape(inert(text.encode("utf-8", "replace").decode("utf-8"))))
