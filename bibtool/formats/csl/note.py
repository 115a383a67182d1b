"""Lines ``Label: value`` in a note: how Zotero and others keep what their forms have no field for.

Zotero's manual ("Citing Fields from Extra") and citeproc-js's manual ("Cheater syntax", also ``{:label: value}``): the
label is a CSL variable in any spelling (``Original Date``, ``original-date``), or one of the identifiers below. Only
lines before the first line of another form are taken, as the rest is the user's own prose.
"""

from __future__ import annotations

from bibtool.lazy import lazy_pattern
from bibtool.model.vocabulary import RENDER_TIME, VARIABLES

# after "arXiv" a space is not needed: Zotero's translator for arXiv writes "arXiv:2203.01360 [cs]"
_LINE = lazy_pattern(r"(?P<label>[A-Za-z][A-Za-z _-]{1,30}):(?:[ \t]+|(?<=[aA]r[xX]iv:))(?P<value>\S[^\r\n]*)")
_BRACED = lazy_pattern(r"\{:(?P<label>[A-Za-z][A-Za-z _-]{1,30}):[ \t]*(?P<value>[^{}\r\n]+)\}")
_A_NUMBER = lazy_pattern(r"(?=[^0-9]{0,12}[0-9])[\w./-]{1,24}")
_SYNONYMS = {
    "citation key": "citation-key",
    "short title": "title-short",
    "journal abbreviation": "container-title-short",
    "number of pages": "number-of-pages",
    "event title": "event-title",
    "original date": "original-date",
    "archive collection": "archive_collection",
    "archive location": "archive_location",
}
_BY_LABEL = {name.casefold(): name for name in VARIABLES if name not in RENDER_TIME | {"note", "annote", "references"}}
# words that begin a sentence as often as they name a variable
_PROSE = frozenset({"source", "event", "section", "status", "part", "number", "language", "keyword", "abstract"})


def label_variable(label: str, value: str = "", *, braced: bool = False) -> str:
    """The CSL variable (or ``arXiv``, ``type``) that a label names, or "".

    Words that also begin sentences name a variable in braces, which nobody writes in prose, and those of numbers where
    the value is one (``number: e12``).
    """
    word = " ".join(label.replace("_", " ").split()).casefold()
    if word in {"arxiv", "type"}:
        return "arXiv" if word == "arxiv" else "type"
    if word in _SYNONYMS:
        return _SYNONYMS[word]
    variable = _BY_LABEL.get(word.replace(" ", "-"), "")
    if word not in _PROSE or braced:
        return variable
    return variable if VARIABLES.get(variable) == "number" and _A_NUMBER.fullmatch(value) else ""


def split_note(note: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """The (variable, value) pairs of a note, and what is left of it."""
    if ":" not in note:
        return (), note
    pairs: list[tuple[str, str]] = []
    lines = note.split("\n")
    at = 0
    for line in lines:
        labelled = _LINE.fullmatch(line.strip())
        variable = label_variable(labelled["label"], labelled["value"].rstrip()) if labelled else ""
        if labelled is None or not variable:
            break
        pairs.append((variable, labelled["value"].rstrip()))
        at += 1
    rest = "\n".join(lines[at:])
    if "{:" in rest:
        pieces: list[str] = []
        end = 0
        for braced in _BRACED.finditer(rest):
            variable = label_variable(braced["label"], braced=True)
            if variable:
                pairs.append((variable, braced["value"].strip()))
                pieces.append(rest[end : braced.start()])
                end = braced.end()
        pieces.append(rest[end:])
        rest = "".join(pieces)
    return (tuple(pairs), rest.strip() if pairs else note)
