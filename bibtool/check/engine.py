"""Runs the rules over files; one pass over the entries, each field handed only to the rules that ask for it.

Duplicates are found by hashing and text rules by one search through the file, so that the whole is linear.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from bibtool.check.context import Context
from bibtool.check.rule import Finding
from bibtool.check.suppress import Suppressions
from bibtool.check.table import choose, expand, rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bibtool.check.rule import Hit, Rule
    from bibtool.check.source import Field, Source

MAX_KEY = 200  # characters of a key in a report
UNUSED = "SUP002"  # asked last, when it is known what the comments have hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to look for; ``per_file_ignores`` maps file patterns to selectors, ``dialect`` is auto, bibtex, biblatex."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dialect: str = "auto"

    def codes(self) -> frozenset[str]:
        """The codes that are on; raises `UnknownNameError` for a selector that means nothing."""
        for selectors in self.per_file_ignores.values():
            for one in selectors:
                expand(one)
        return choose(self.select, self.ignore)


def check(sources: Sequence[Source], options: Options | None = None) -> tuple[Finding, ...]:
    """What the rules found in these files, checked together; in the order of the files and of their lines."""
    options = options or Options()
    codes = options.codes()
    context = Context(sources, options.dialect)
    asked = [rule for code, rule in rules().items() if code in codes]
    suppressions = {id(source): Suppressions(source) for source in context.sources}
    ignored = {id(source): _ignored_in(source.path, options) for source in context.sources}
    found: list[Finding] = []
    for rule, hit in _hits(asked, context):
        if rule.code in ignored[id(hit.source)]:
            continue
        finding = _finding(rule, hit)
        if not suppressions[id(hit.source)].covers(finding):
            found.append(finding)
    if UNUSED in codes:
        from bibtool.check.rules.sup002_unused_suppression import RULE, hits

        for source in context.sources:
            if UNUSED not in ignored[id(source)]:
                unused = suppressions[id(source)].unused(codes)
                found += [_finding(RULE, hit) for hit in hits(source, unused)]
    order = {id(source): number for number, source in enumerate(context.sources)}
    found.sort(key=lambda one: (order[id(one.hit.source)], one.hit.start, one.code, one.hit.end))
    return tuple(found)


def _finding(rule: Rule, hit: Hit) -> Finding:
    return Finding(
        rule=rule,
        hit=hit,
        severity=hit.severity or rule.severity,
        key=((hit.entry.key if hit.entry is not None else hit.key) or "")[:MAX_KEY] or None,
    )


def _hits(asked: Iterable[Rule], context: Context) -> Iterator[tuple[Rule, Hit]]:
    by_entry: list[Rule] = []
    by_field: dict[str, list[Rule]] = {}
    for rule in asked:
        if rule.on_project is not None:
            for hit in rule.on_project(context):
                yield rule, hit
        if rule.on_entry is not None:
            by_entry.append(rule)
        for name in rule.fields:
            by_field.setdefault(name, []).append(rule)
    if not by_entry and not by_field:
        return
    for entry in context.entries:
        for rule in by_entry:
            assert rule.on_entry is not None
            for hit in rule.on_entry(entry, context):
                yield rule, hit
        for one in entry.fields:
            if one.name in by_field:
                yield from _field_hits(one, by_field[one.name], context)


def _field_hits(one: Field, asked: Iterable[Rule], context: Context) -> Iterator[tuple[Rule, Hit]]:
    for rule in asked:
        assert rule.on_field is not None
        for hit in rule.on_field(one, context):
            yield rule, hit


def _ignored_in(path: str, options: Options) -> frozenset[str]:
    codes: frozenset[str] = frozenset()
    name = path.replace("\\", "/")
    for pattern, selectors in options.per_file_ignores.items():
        if fnmatchcase(name, pattern) or fnmatchcase(name, "*/" + pattern):
            codes = codes.union(*(expand(one) for one in selectors))
    return codes
