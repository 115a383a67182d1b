"""Runs the rules on files: the entries are visited once, each field is given only to the rules that ask for it.

Duplicates are found by hashing and text rules by a single search through the file, so the time is linear.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from bibtool.check.context import Context
from bibtool.check.entrytypes import is_control
from bibtool.check.rule import Finding
from bibtool.check.settings import CheckSettings
from bibtool.check.table import choose, expand, rules, selectors
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bibtool.check.rule import FieldCheck, Rule
    from bibtool.check.source import CheckedFile, Hit

MAX_KEY = 200  # characters of a key in a report


def codes_of(settings: CheckSettings) -> frozenset[str]:
    """The codes that are on; raises `UnknownNameError` for a selector that means nothing."""
    for ignored in settings.per_file_ignores.values():
        for selector in ignored:
            expand(selector)
    return choose(settings.select, settings.ignore)


def check(files: Sequence[CheckedFile], settings: CheckSettings | None = None) -> tuple[Finding, ...]:
    """What the rules found in these files, checked together; in the order of the files and of their lines."""
    settings = settings or CheckSettings()
    codes = codes_of(settings)
    context = Context(files, selectors(), codes, settings.dialect)
    asked = [rule for code, rule in rules().items() if code in codes]
    ignored = {file: _ignored_in(file.path, settings) for file in context.files}
    findings: list[Finding] = []
    for rule, hit in _hits(asked, context):
        if rule.code in ignored[hit.file]:
            continue
        if rule.last or not context.suppressions[hit.file].covers(rule.code, hit.start):
            findings.append(_finding(rule, hit))
    order = {file: number for number, file in enumerate(context.files)}
    findings.sort(key=lambda finding: (order[finding.hit.file], finding.hit.start, finding.code, finding.hit.end))
    return tuple(findings)


def _finding(rule: Rule, hit: Hit) -> Finding:
    if hit.fix is not None and all(hit.file.text[edit.start : edit.end] == edit.text for edit in hit.fix.edits):
        hit = replace(hit, fix=None)  # it would write what is there already
    return Finding(
        rule=rule,
        hit=hit,
        severity=hit.severity or rule.severity,
        key=((hit.entry.key if hit.entry is not None else hit.key) or "")[:MAX_KEY] or None,
    )


def _hits(asked: Sequence[Rule], context: Context) -> Iterator[tuple[Rule, Hit]]:
    """What the rules find: in all files together, in entry after entry, and at the end those that are ``last``."""
    by_entry = [(rule, rule.on_entry) for rule in asked if rule.on_entry is not None]
    by_field: dict[str, list[tuple[Rule, FieldCheck]]] = {}
    for rule in asked:
        if rule.on_field is not None:
            for name in rule.fields:
                by_field.setdefault(name, []).append((rule, rule.on_field))
    yield from _project_hits((rule for rule in asked if not rule.last), context)
    for entry in context.entries if by_entry or by_field else ():
        for rule, check_entry in by_entry:
            for hit in check_entry(entry, context):
                yield rule, hit
        for field in () if is_control(entry.type) else entry.fields:  # those are switches of a style
            for rule, check_field in by_field.get(field.name, ()):
                for hit in check_field(field, context):
                    yield rule, hit
    yield from _project_hits((rule for rule in asked if rule.last), context)


def _project_hits(asked: Iterable[Rule], context: Context) -> Iterator[tuple[Rule, Hit]]:
    for rule in asked:
        if rule.on_project is not None:
            for hit in rule.on_project(context):
                yield rule, hit


def _ignored_in(path: str, settings: CheckSettings) -> frozenset[str]:
    codes: frozenset[str] = frozenset()
    name = path.replace("\\", "/")
    for pattern, ignored in settings.per_file_ignores.items():
        if fnmatchcase(name, pattern) or fnmatchcase(name, "*/" + pattern):
            codes = codes.union(*(expand(selector) for selector in ignored))
    return codes
