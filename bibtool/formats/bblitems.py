r"""The items of a ``thebibliography``: where each begins, its key, and the values that some styles name.

The styles of ACM and of REVTeX print each value with its name, ``\bibinfo{year}{2018}``; such an item is written as an
entry of BibTeX. Source: ACM-Reference-Format.bst, apsrev4-2.bst.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bibtool.lazy import lazy_pattern
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

START = lazy_pattern(r"\\bibitem(?![A-Za-z])(?=(?:\s|%[^\n]{0,200}\n){0,20}[\[{])")
_SPACE = lazy_pattern(r"(?:\s|%[^\n]{0,200}\n){0,40}")
_VALUE = lazy_pattern(r"\\bibinfo\s{0,5}\{\s?([a-z]{2,20})\s?\}\s{0,5}\{")
_PEOPLE = lazy_pattern(r"\\bibfield\s{0,5}\{\s?(author|editor)s?\s?\}\s{0,5}\{")
_ARTICLE_TITLE = lazy_pattern(r"\\showarticletitle\s{0,5}\{")
_DOI = lazy_pattern(r"doi\.org/(10\.\d{4,9}/[^\s{}]{1,200})|\\(?:showDOI|doi)\s?\{\s?(10\.\d{4,9}/[^\s{}]{1,200})\s?\}")
_FONTS = lazy_pattern(r"\\(?:bibf?namefont|citenamefont|emph|textbf|textit|showeprint)\s{0,3}(?=\{)")
_LONGEST_LABEL: Final = 2_000
_LONGEST_VALUE: Final = 20_000
_FIELDS: Final = {
    "journal": "journal", "booktitle": "booktitle", "title": "title", "volume": "volume", "number": "number",
    "pages": "pages", "year": "year", "date": "month", "publisher": "publisher", "address": "address",
    "edition": "edition", "institution": "institution", "organization": "organization", "school": "school",
    "series": "series", "chapter": "chapter", "type": "type", "note": "note", "howpublished": "howpublished",
    "eprint": "eprint", "numpages": "pagetotal",
}  # fmt: skip


class BibItem(NamedTuple):
    """An item: where it begins, its key, and where its text begins and ends."""

    start: int
    key: str
    text_start: int
    end: int


def bibitems(text: str) -> list[BibItem]:
    r"""The ``\bibitem``\ s of a text in order."""
    heads: list[tuple[int, str, int]] = []
    for match in START.finditer(text):
        at = _after_space(text, match.end())
        if text[at] == "[":
            at = _after_space(text, _after_label(text, at))
        if text[at : at + 1] != "{":
            continue
        closing = text.find("}", at, at + 201)
        if closing >= 0:
            heads.append((match.start(), text[at + 1 : closing].strip(), closing + 1))
    if not heads:
        return []
    last = text.find("\\end{thebibliography}", heads[-1][2])
    ends = [*(start for start, _, _ in heads[1:]), last if last >= 0 else len(text)]
    return [BibItem(start, key, at, end) for (start, key, at), end in zip(heads, ends, strict=True)]


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _after_label(text: str, at: int) -> int:
    """Where the label in square brackets that begins here ends; brackets in braces are of it."""
    depth = 0
    for place in range(at + 1, min(len(text), at + _LONGEST_LABEL)):
        mark = text[place]
        if mark in "{}":
            depth += 1 if mark == "{" else -1
        elif mark == "]" and depth <= 0:
            return place + 1
    return at + 1


def closing_brace(text: str, start: int) -> int:
    """Where the brace that opens at ``start`` is closed; the end of the text, or of what is looked at, if nowhere."""
    depth = 0
    stop = min(len(text), start + _LONGEST_VALUE)
    for at in range(start, stop):
        if text[at] == "{":
            depth += 1
        elif text[at] == "}":
            depth -= 1
            if depth == 0:
                return at
    return stop


def entry_of(item: BibItem, text: str) -> str:
    r"""An item whose values are named, as an entry of BibTeX; "" for one that names no people or no title."""
    raw = text[item.text_start : min(item.end, item.text_start + _LONGEST_VALUE)]
    if "\\bibinfo" not in raw:
        return ""
    body = re.sub(r"(?<!\\)%[^\n]*\n?\s*", "", raw)
    values: dict[str, str] = {}
    for kind, people in _people(body):
        values.setdefault(kind, " and ".join(people))
    for match in _VALUE.finditer(body):
        field = _FIELDS.get(match[1])
        if field:
            values.setdefault(field, _cleaned(body[match.end() : closing_brace(body, match.end() - 1)]))
    if (article := _ARTICLE_TITLE.search(body)) is not None:
        values["title"] = _cleaned(body[article.end() : closing_brace(body, article.end() - 1)])
    elif "title" not in values and "booktitle" in values:
        values["title"] = values.pop("booktitle")
    if (doi := _DOI.search(body)) is not None:
        values["doi"] = doi[1] or doi[2]
    if "title" not in values or not {"author", "editor"} & values.keys():
        return ""
    fields = ", ".join(f"{name} = {{{value}}}" for name, value in values.items() if _is_balanced(value))
    return f"@{_type_of(values)}{{{item.key}, {fields}}}"


def _people(body: str) -> Iterator[tuple[str, list[str]]]:
    r"""Authors and editors, of ``\bibfield{author}{...}``."""
    for match in _PEOPLE.finditer(body):
        group = body[match.end() : closing_brace(body, match.end() - 1)]
        names = [
            _cleaned(group[name.end() : closing_brace(group, name.end() - 1)])
            for name in _VALUE.finditer(group)
            if name[1] in {"person", "author", "editor"}
        ]
        if re.search(r"\bet~?\s?al\b", group):
            names.append("others")
        if names:
            yield match[1], names


def _cleaned(value: str) -> str:
    """A value without the commands for its looks, in one line; a comma after a name or a title is not of it."""
    value = _FONTS.sub("", value)
    while (bare := re.sub(r"(?<![\\\w])\{([^{}\\]*)\}", r"\1", value)) != value and value.startswith("{"):
        value = bare
    return " ".join(value.split()).rstrip(" ,")


def _is_balanced(value: str) -> bool:
    return value.count("{") == value.count("}")


def _type_of(values: dict[str, str]) -> str:
    if "journal" in values:
        return "article"
    if "school" in values:
        return "phdthesis"
    if "booktitle" in values:
        return "inproceedings"
    if "institution" in values:
        return "techreport"
    return "book" if "publisher" in values else "misc"
