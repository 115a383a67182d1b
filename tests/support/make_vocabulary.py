"""Writes bibtool/model/vocabulary.py from the CSL schema: ``python -m tests.support.make_vocabulary SCHEMA_FOLDER``."""

from __future__ import annotations

import json
import re
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Strings that must never be touched; the schema does not tell them apart.
VERBATIM = {
    "DOI", "ISBN", "ISSN", "PMCID", "PMID", "URL", "call-number", "citation-key", "language", "year-suffix",
    "archive_location", "dimensions",
}  # fmt: skip
# CSL-JSON's names for number variables that the specification calls otherwise
JSON_ALIASES = {"part": "part-number", "printing": "printing-number", "supplement": "supplement-number"}
NOT_RECORD_DATA = {
    "citation-number",
    "first-reference-note-number",
    "locator",
    "citation-label",
    "id",
    "type",
    "custom",
}


def _names_of(rnc: str, block: str) -> list[str]:
    found = re.search(rf"variables\.{block} =(.*?)(?:\n  \n|\n}}|\Z)", rnc, re.DOTALL)
    assert found, block
    body = "\n".join(line for line in found[1].splitlines() if not line.strip().startswith("##"))
    body = re.sub(r"#[^\n]*", "", body)
    return re.findall(r'"([^"]+)"', body)


def _quoted(names: Iterable[str], indent: int, end: str = "") -> list[str]:
    """The names in order as the lines of one string literal, with what follows it."""
    lines = textwrap.wrap(" ".join(sorted(names)), 116 - indent - len(end), break_on_hyphens=False)
    return [" " * indent + f'"{line} "' for line in lines[:-1]] + [" " * indent + f'"{lines[-1]}"{end}']


def generate(schema: Path) -> str:
    """The text of the module."""
    rnc = (schema / "csl-variables.rnc").read_text(encoding="utf-8")
    data = json.loads((schema / "csl-data.json").read_text(encoding="utf-8"))["items"]["properties"]
    kinds: dict[str, str] = {}
    for block, kind in (
        ("dates", "date"),
        ("names", "names"),
        ("numbers", "number"),
        ("titles", "text"),
        ("strings", "text"),
    ):
        for name in _names_of(rnc, block):
            kinds[name] = "verbatim" if name in VERBATIM else kind
    types = sorted(data["type"]["enum"])
    in_json = {name for name in data if name in kinds} | {JSON_ALIASES[n] for n in data if n in JSON_ALIASES}
    lines = [
        '"""The CSL 1.0.2 vocabulary: item types, and the kind of each variable. Generated; do not edit.',
        "",
        "Made by ``python -m tests.support.make_vocabulary``",
        "from csl-variables.rnc and csl-data.json of the CSL schema 1.0.2.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "TYPE_CHECKING = False",
        "if TYPE_CHECKING:",
        "    from typing import Final, Literal, TypeAlias",
        "",
        'Kind: TypeAlias = \'Literal["names", "date", "number", "text", "verbatim"]\'',
        "",
        'SCHEMA_VERSION: Final = "1.0.2"',
        "",
        "TYPES: Final[frozenset[str]] = frozenset(",
        *_quoted(types, 4, ".split()"),
        ")",
        "",
        "_OF_KIND: Final[dict[Kind, str]] = {",
    ]
    for kind in ("names", "date", "number", "text", "verbatim"):
        quoted = _quoted((name for name in kinds if kinds[name] == kind), 8)
        one_line = [f'    "{kind}": {quoted[0].strip()},']
        lines += one_line if len(quoted) == 1 and len(one_line[0]) <= 120 else [f'    "{kind}": (', *quoted, "    ),"]
    lines += [
        "}",
        "VARIABLES: Final[dict[str, Kind]] = dict(",
        "    sorted((name, kind) for kind, names in _OF_KIND.items() for name in names.split())",
        ")",
        "",
        "# set by a processor while it renders, never stored in a record",
        "RENDER_TIME: Final[frozenset[str]] = frozenset(",
        *_quoted(NOT_RECORD_DATA & set(kinds), 4, ".split()"),
        ")",
        "",
        "# variables that CSL-JSON 1.0.2 (csl-data.json) has a property for, and its other spelling of three of them",
        "IN_CSL_JSON: Final[frozenset[str]] = frozenset(VARIABLES).difference("
        + _quoted(set(kinds) - in_json, 0, ".split())")[0],
        "",
        "CSL_JSON_NAMES: Final[dict[str, str]] = {",
        *(f'    "{JSON_ALIASES[name]}": "{name}",' for name in sorted(JSON_ALIASES)),
        "}",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    target = Path(__file__).parents[2] / "bibtool" / "model" / "vocabulary.py"
    target.write_text(generate(Path(sys.argv[1])), encoding="utf-8")
