"""CSL-YAML: the items of CSL-JSON as pandoc takes them from a metadata block, ``references: [...]``.

All scalars are read as text, so that YAML 1.1's traps (``no``, ``012``, ``1e3``, dates) do no harm; see `safeyaml`.
What goes where is `bibtool.formats.csl.itemreader`'s and `bibtool.formats.csl.itemwriter`'s.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bibtool.formats import safeyaml
from bibtool.formats.base import ReadResult, WriteResult, head_text, with_provenance
from bibtool.formats.csl.itemreader import ItemReader, is_empty
from bibtool.formats.csl.itemwriter import item_of
from bibtool.formats.csl.properties import FIELDS
from bibtool.formats.fields import as_list
from bibtool.lazy import lazy_pattern
from bibtool.model.keys import keyed
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.base import ReadOptions, WriteOptions
    from bibtool.model.record import Record

SOURCE = "csl-yaml"
_RESTART = lazy_pattern(r"^ {0,4}- (?=\w)", re.MULTILINE)


def read(data: bytes, options: ReadOptions) -> ReadResult:
    """The items as records. An item that can't be read is a problem with its line and its text."""
    documents, problems = safeyaml.load(data, options, _RESTART)
    records: list[Record] = []
    line = 1

    def report(code: str, message: str, raw: str, is_note: bool) -> None:
        severity = Severity.NOTE if is_note else Severity.WARNING
        problems.append(options.problem(line, code, message, raw or None, severity=severity))

    reader = ItemReader(report)
    items = [item for document in documents for item in _items(document)]
    if not items and (problems or not any(isinstance(document, (dict, list)) for document in documents)):
        safeyaml.refuse_empty(problems, "this is not CSL-YAML: it has no list of references", options)
    keys: set[str] = set()
    for item in items:
        if not isinstance(item, safeyaml.Mapping):
            message = "an item has to be a mapping"
            problems.append(options.problem(line, "not-an-item", message, str(item)[:200], severity=Severity.ERROR))
            continue
        line = item.line
        record = reader.read(item)
        if is_empty(record):
            problems.append(options.empty(line, SOURCE))
            continue
        if record.key and record.key.casefold() in keys:
            report("duplicate-key", f"the id {record.key!r} occurs twice; both are kept", "", False)
        keys.add(record.key.casefold())
        records.append(with_provenance(record, SOURCE, options, line))
    return ReadResult(tuple(records), tuple(problems))


def _items(document: Any) -> list[Any]:
    if isinstance(document, list):
        return document
    if isinstance(document, dict):
        for member in ("references", "items"):
            if isinstance(document.get(member), list):
                return as_list(document[member])
        if "type" in document or "id" in document:
            return [document]
    return []


def write(records: Sequence[Record], options: WriteOptions) -> WriteResult:  # noqa: ARG001 -- no setting is ours
    """The records as ``references`` of one YAML document. Nothing is lost."""
    items = [item_of(record, key) for record, key in keyed(records)]
    text = "---\n" + safeyaml.dump({"references": items})
    return WriteResult(text.encode("utf-8", "replace"))


def sniff(head: bytes) -> int:
    """80 for YAML with a list of ``references`` or of items with ``id`` and ``type``."""
    text = head_text(head)
    if text.startswith(("[", "{", "<")):
        return 0
    if re.search(r"^references:\s*$", text, re.MULTILINE) and not re.search(r"^cff-version:", text, re.MULTILINE):
        return 80
    return 70 if re.match(r"(?:---\s*\n)?- (?:id|type): \S.*\n {2}\w", text) else 0


__all__ = ["FIELDS", "SOURCE", "read", "sniff", "write"]
