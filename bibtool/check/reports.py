"""Findings as text, JSON, GitHub annotations and SARIF 2.1.0.

The JSON is stable: fields are added, never renamed or removed, and ``version`` counts up if that ever changes. See
`to_json`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from bibtool.check.table import rules
from bibtool.model.text.inert import workflow_text
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bibtool.check.rule import Finding, Rule
    from bibtool.check.source import CheckedFile

JSON_VERSION: Final = 1
SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
MAX_SHOWN: Final = 160  # characters of the source line under a finding


Paint = Callable[[str, str], str]
"""Highlights a part of a report: takes the part's name (a key of `PARTS`) and its text."""
PARTS: Final = ("path", "code", "mark", "separator", "caret")


def _plain(_part: str, text: str) -> str:
    return text


def to_concise(findings: Iterable[Finding], paint: Paint = _plain) -> str:
    """One line a finding: ``path:line:column: CODE message``."""
    return "".join(
        f"{_painted_place(finding, paint)} {paint('code', finding.code)} {_one_line(finding.hit.message)}\n"
        for finding in findings
    )


def to_text(findings: Iterable[Finding], paint: Paint = _plain) -> str:
    """As `to_concise`, with a mark where there is a fix, the line of the source, and the hint."""
    lines: list[str] = []
    for finding in findings:
        mark = f"[{paint('mark', '*')}] " if finding.hit.fix else ""
        note = "note: " if finding.severity is Severity.NOTE else ""
        code = paint("code", finding.code)
        lines.append(f"{_painted_place(finding, paint)} {code} {mark}{note}{_one_line(finding.hit.message)}")
        lines += _excerpt(finding, paint)
        if finding.hit.hint:
            lines.append(f"    {paint('separator', '=')} {_one_line(finding.hit.hint)}")
    return "".join(line + "\n" for line in lines)


def _painted_place(finding: Finding, paint: Paint) -> str:
    colon = paint("separator", ":")
    path = paint("path", _clean(_one_line(finding.hit.file.path)))
    return f"{path}{colon}{finding.line}{colon}{finding.column}{colon}"


def to_json(
    findings: Sequence[Finding], *, fixed: Sequence[Finding] = (), entries: int = 0, files: Sequence[str] = ()
) -> str:
    """One JSON object.

    ::

        {"version": 1, "files": [path, ...], "entries": 3,
         "summary": {"findings": 2, "errors": 1, "warnings": 1, "notes": 0, "fixable": 1, "fixed": 0},
         "findings": [FINDING, ...], "fixed": [FINDING, ...]}

    FINDING has ``code``, ``name``, ``severity`` (error, warning, note), ``message``, ``path``, ``line``, ``column``,
    ``end_line``, ``end_column`` (from 1; columns in characters; the end is after the last character), ``key`` and
    ``hint`` (or null), ``fix`` (null, or ``description`` and ``edits`` with the same four numbers and ``text``),
    ``related`` (a list of ``path``, ``line``, ``column``, ``message``).
    """
    levels = Counter(str(finding.severity) for finding in findings)
    data = {
        "version": JSON_VERSION,
        "files": list(files),
        "entries": entries,
        "summary": {
            "findings": len(findings),
            "errors": levels["error"],
            "warnings": levels["warning"],
            "notes": levels["note"],
            "fixable": sum(finding.hit.fix is not None for finding in findings),
            "fixed": len(fixed),
        },
        "findings": [_finding(finding) for finding in findings],
        "fixed": [_finding(finding) for finding in fixed],
    }
    return _clean(json.dumps(data, ensure_ascii=False, indent=2)) + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    hit = finding.hit
    fix: dict[str, Any] | None = None
    if hit.fix is not None:
        fix = {
            "description": hit.fix.description,
            "edits": [{**_region(hit.file, edit.start, edit.end), "text": edit.text} for edit in hit.fix.edits],
        }
    return {
        "code": finding.code,
        "name": finding.rule.name,
        "severity": str(finding.severity),
        "message": hit.message,
        "path": hit.file.path,
        **_region(hit.file, hit.start, hit.end),
        "key": finding.key,
        "hint": hit.hint,
        "fix": fix,
        "related": [
            {
                "path": related.file.path,
                "line": related.file.document.line_of(related.at),
                "column": related.file.document.column_of(related.at),
                "message": related.message,
            }
            for related in hit.related
        ],
    }


def _region(file: CheckedFile, start: int, end: int) -> dict[str, int]:
    document = file.document
    return {
        "line": document.line_of(start),
        "column": document.column_of(start),
        "end_line": document.line_of(end),
        "end_column": document.column_of(end),
    }


def to_github(findings: Iterable[Finding]) -> str:
    """Workflow commands that GitHub shows as annotations on the lines.

    Source: GitHub's documentation, "Workflow commands": in messages %, CR and LF are escaped, in properties also : and
    the comma.
    """
    levels = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
    lines: list[str] = []
    for finding in findings:
        where = _region(finding.hit.file, finding.hit.start, finding.hit.end)
        properties = {
            "title": f"bibtool ({finding.code})",
            "file": finding.hit.file.path,
            "line": where["line"],
            "col": where["column"],
            "endLine": where["end_line"],
        }
        if where["end_line"] == where["line"]:  # GitHub refuses columns of a range over several lines
            properties["endColumn"] = where["end_column"]
        written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
        hint = f" ({finding.hit.hint})" if finding.hit.hint else ""
        text = f"{_place(finding)}: {finding.code} {finding.hit.message}{hint}"
        lines.append(f"::{levels[finding.severity]} {written}::{workflow_text(text)}")
    return "".join(line + "\n" for line in lines)


def _property(text: str) -> str:
    return workflow_text(text).replace(":", "%3A").replace(",", "%2C")


def to_sarif(findings: Sequence[Finding], version: str) -> str:
    """A SARIF 2.1.0 log with one run: the rules that found something, and the results with their regions.

    Source: OASIS SARIF 2.1.0, sections 3.19 (toolComponent), 3.27 (result), 3.30 (region) and 3.55 (fix); columns count
    Unicode code points.
    """
    used: dict[str, Rule] = {finding.code: finding.rule for finding in findings}
    order = {code: number for number, code in enumerate(sorted(used))}
    data = {
        "$schema": SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "columnKind": "unicodeCodePoints",
                "tool": {
                    "driver": {
                        "name": "bibtool",
                        "version": version,
                        "rules": [_sarif_rule(used[code]) for code in order],
                    }
                },
                "results": [_sarif_result(finding, order) for finding in findings],
            }
        ],
    }
    return _clean(json.dumps(data, ensure_ascii=False, indent=2)) + "\n"


def _sarif_rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.doc},
        "help": {"text": rule.doc, "markdown": rule.doc},
        "defaultConfiguration": {"level": str(rule.severity)},
    }


def _sarif_result(finding: Finding, order: Mapping[str, int]) -> dict[str, Any]:
    hit = finding.hit
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": order[finding.code],
        "level": str(finding.severity),
        "message": {"text": hit.message + (f" ({hit.hint})" if hit.hint else "")},
        "locations": [{"physicalLocation": _sarif_place(hit.file, hit.start, hit.end)}],
    }
    if hit.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _sarif_place(related.file, related.at, related.at),
                "message": {"text": related.message},
            }
            for number, related in enumerate(hit.related, start=1)
        ]
    if hit.fix is not None:
        changes = [
            {
                "deletedRegion": _sarif_region(hit.file, edit.start, edit.end),
                "insertedContent": {"text": edit.text},
            }
            for edit in hit.fix.edits
        ]
        artifact = {"uri": _uri(hit.file.path)}
        result["fixes"] = [
            {
                "description": {"text": hit.fix.description},
                "artifactChanges": [{"artifactLocation": artifact, "replacements": changes}],
            }
        ]
    return result


def _sarif_place(file: CheckedFile, start: int, end: int) -> dict[str, Any]:
    return {"artifactLocation": {"uri": _uri(file.path)}, "region": _sarif_region(file, start, end)}


def _sarif_region(file: CheckedFile, start: int, end: int) -> dict[str, int]:
    where = _region(file, start, end)
    return {
        "startLine": where["line"],
        "startColumn": where["column"],
        "endLine": where["end_line"],
        "endColumn": where["end_column"],
    }


def _uri(path: str) -> str:
    """A path as a URI reference; a relative one stays relative, so that it means the same in a checkout."""
    return quote(_clean(path).replace("\\", "/"), safe="/:~!$&'()*+,;=@")


def counts(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """The ``code`` and ``name`` of each rule, its ``count`` and how many are ``fixable``; the most frequent first."""
    fixable = Counter(finding.code for finding in findings if finding.hit.fix)
    ordered = sorted(Counter(finding.code for finding in findings).items(), key=lambda item: (-item[1], item[0]))
    return [
        {"code": code, "name": rules()[code].name, "count": number, "fixable": fixable[code]}
        for code, number in ordered
    ]


def statistics(findings: Sequence[Finding]) -> str:
    """One line a rule, the most frequent first: how often, code, whether it can be fixed, name."""
    rows = counts(findings)
    width = len(str(rows[0]["count"])) if rows else 0
    return "".join(
        f"{row['count']:>{width}}  {row['code']}  [{'*' if row['fixable'] else ' '}]  {row['name']}\n" for row in rows
    )


def _place(finding: Finding) -> str:
    return f"{_clean(_one_line(finding.hit.file.path))}:{finding.line}:{finding.column}"


def _excerpt(finding: Finding, paint: Paint) -> list[str]:
    """The line of the source and a marker under the place, cut around it where the line is long."""
    text = finding.hit.file.text
    first, last = finding.hit.file.document.line_span(finding.hit.start)
    start = min(finding.hit.start, last)
    begin = max(first, min(start - MAX_SHOWN // 4, last - MAX_SHOWN))
    line = text[begin : min(last, begin + MAX_SHOWN)].rstrip()
    if not line:
        return []
    shown = "".join(char if char.isprintable() else " " for char in line)
    number = str(finding.line)
    marker = "^" * max(1, min(finding.hit.end - start, begin + len(line) - start))
    bar = paint("separator", "|")
    return [
        f"    {paint('separator', number)} {bar} {shown}",
        f"    {' ' * len(number)} {bar} {' ' * (start - begin)}{paint('caret', marker)}",
    ]


def _one_line(text: str) -> str:
    return _clean("".join(char if char.isprintable() else " " for char in text))


def _clean(text: str) -> str:
    """The text without lone surrogates, so that it can be written."""
    return text.encode("utf-8", "replace").decode("utf-8")
