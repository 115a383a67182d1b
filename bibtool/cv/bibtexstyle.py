"""References in BibTeX's styles, with names marked afterwards: such a style knows nothing of owners and marks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from bibtool.bib.latex import from_latex
from bibtool.formats.base import WriteOptions
from bibtool.formats.registry import write_bytes
from bibtool.structs import dataclass, replace
from bibtool.styles.bst import run_bst, run_of, split_bbl
from bibtool.styles.pybtex_styles import STYLES, render_entries
from bibtool.styles.rich import CLOSE, OPEN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bibtool.model.names import Name
    from bibtool.model.record import Record
    from bibtool.styles.rich import Run

_BLANK = r"[\s\u00a0~]+"
_BETWEEN = r"[\s\u00a0~.\-\u2010]*"


@dataclass(frozen=True, slots=True)
class BibtexStyle:
    """A style of BibTeX instead of a CSL style: one of pybtex's (``plain``), or the .bst file at ``path``."""

    name: str
    path: Path | None = None


def bibtex_style(name: str, find: Callable[[str], Path] | None = None) -> BibtexStyle | None:
    """The style of BibTeX of that name or .bst file; None for a name that can only be a CSL style.

    ``find`` gives the file of a .bst style by its name; without it, the name is its path.
    """
    if name.endswith(".bst"):
        return BibtexStyle(name, find(name) if find is not None else Path(name))
    return BibtexStyle(name) if name in STYLES else None


def references(records: Sequence[Record], style: BibtexStyle) -> dict[str, Run]:
    """Key -> the reference as a run, without its label. Raises `StyleError` where a .bst file fails."""
    keys = {f"r{at}": record.key for at, record in enumerate(records)}
    # keys of our own: those of records may be ones that BibTeX can't take
    named = [replace(record, key=key, aliases=()) for key, record in zip(keys, records, strict=True)]
    bibtex = write_bytes(named, "bibtex", WriteOptions(extra={"commands": "text"})).data
    if style.path is None:
        entries, _ = render_entries(bibtex, style.name, "latex", keep_order=True)
        made = {entry.key: entry.text for entry in entries}
    else:
        made = {entry.key: entry.latex for entry in split_bbl(run_bst(bibtex, style.path))}
    return {keys[key]: run_of(from_latex(latex.replace("\\newblock", ""))) for key, latex in made.items()}


def mark_names(
    run: Run, record: Record, signs: Mapping[tuple[str, int], str], owner: frozenset[tuple[str, int]], kinds: str
) -> Run:
    """The run with the owner's names between these kinds of marks, and signs after the names that have them.

    A name is looked for in every form that styles give it: in full or with initials, family name first or last. One
    that can't be found is left as it is.
    """
    for variable, at in sorted({*signs, *owner}):
        names = record.names(variable)
        around, sign = kinds if (variable, at) in owner else "", signs.get((variable, at), "")
        if at >= len(names) or not (around or sign):
            continue
        pattern = _pattern(names[at])
        for place, piece in enumerate(run):
            if isinstance(piece, str) and (match := pattern.search(piece)):
                run = [*run[:place], *_marked(piece, match, around, sign), *run[place + 1 :]]
                break
    return run


def _marked(piece: str, match: re.Match[str], kinds: str, signs: str) -> Run:
    words = kinds.split()
    raised: Run = [OPEN["sup"], signs, CLOSE["sup"]] if signs else []
    middle: Run = [*(OPEN[kind] for kind in words), match[0], *(CLOSE[kind] for kind in reversed(words)), *raised]
    return [part for part in (piece[: match.start()], *middle, piece[match.end() :]) if part != ""]


def _pattern(name: Name) -> re.Pattern[str]:
    if name.literal:
        return re.compile(_words(name.literal))
    family = _words(" ".join(part for part in (name.non_dropping_particle, name.family) if part))
    given = _BETWEEN.join(
        f"(?:{re.escape(word)}|{re.escape(word[0])}\\.?)" for word in re.split(r"[\s\u00a0.\-]+", name.given) if word
    )
    if name.dropping_particle:
        given += f"(?:{_BLANK}{_words(name.dropping_particle)})?"
    if not given:
        return re.compile(rf"\b{family}\b")
    return re.compile(rf"\b(?:{given}{_BETWEEN}{family}|{family},?{_BLANK}{given})(?!\w)")


def _words(text: str) -> str:
    return _BLANK.join(map(re.escape, text.split()))
