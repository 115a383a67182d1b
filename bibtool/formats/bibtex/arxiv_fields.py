"""What BibTeX entries say of arXiv: eprint fields, URLs, DOIs, journals that are none, and the note."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.bib.latex import from_latex, verbatim_from_latex
from bibtool.errors import IdentifierError
from bibtool.lazy import lazy_pattern
from bibtool.model.identifiers import ArxivId, arxiv_id_of_doi, parse_arxiv_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bibtool.model.record import Arxiv

# "arXiv preprint arXiv:1706.03762", "CoRR", "ArXiv e-prints": no journal
_NO_JOURNAL = lazy_pattern(r"(?:corr|(?:preprint[,\s]+)?arxiv\b.{0,120}|abs/[\w./-]+)", re.IGNORECASE | re.DOTALL)
_IN_TEXT = lazy_pattern(
    r"arxiv\s*(?:preprint\s*)?(?:arxiv\s*)?[:\s]\s*((?:\d{4}\.\d{4,5}|[a-z-]{2,12}(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,3})?)",
    re.IGNORECASE | re.ASCII,
)
_ABS = lazy_pattern(r"abs/([\w./-]+)", re.ASCII)


def is_preprint_container(latex: str) -> bool:
    """True for the "journals" that only say that a paper is on arXiv."""
    return bool(_NO_JOURNAL.fullmatch(from_latex(latex).plain().strip()))


def arxiv_id_of(fields: Mapping[str, str]) -> ArxivId | None:
    """The arXiv id that the fields of an entry say, or None: eprint first, then DOI, URL, journal, volume."""
    kind = eprint_kind(fields)
    if kind in {"arxiv", ""} and fields.get("eprint"):
        arxiv_id = _parsed(verbatim_from_latex(fields["eprint"]))
        if arxiv_id is not None:
            return arxiv_id
    for name in ("arxivid", "arxiv"):
        if fields.get(name) and (arxiv_id := _parsed(verbatim_from_latex(fields[name]))):
            return arxiv_id
    if (doi := fields.get("doi")) and "48550" in doi:
        text = verbatim_from_latex(doi)
        if arxiv_id := arxiv_id_of_doi(text[text.find("10.") :]):
            return arxiv_id
    url = fields.get("url") or fields.get("howpublished") or ""
    if "arxiv.org/" in url and (arxiv_id := _parsed(verbatim_from_latex(url))):
        return arxiv_id
    return _id_in_text(fields)


def _id_in_text(fields: Mapping[str, str]) -> ArxivId | None:
    journal = fields.get("journal") or fields.get("journaltitle") or ""
    volume = _ABS.match(fields.get("volume", "")) if journal else None
    if volume and is_preprint_container(journal) and (parsed := _parsed(volume[1])):
        return parsed
    for name in ("journal", "journaltitle", "howpublished", "note"):
        text = fields.get(name, "")
        if "rxiv" in text.casefold() and (match := _IN_TEXT.match(from_latex(text).plain().strip())):
            return _parsed(match[1])
    return None


def eprint_kind(fields: Mapping[str, str]) -> str:
    """The archive that ``eprint`` belongs to in lower case, "" if it is not said."""
    return (fields.get("eprinttype") or fields.get("archiveprefix") or "").strip(" {}").casefold()


def _parsed(text: str) -> ArxivId | None:
    try:
        return parse_arxiv_id(text)
    except IdentifierError:
        return None


# -- the note --------------------------------------------------------------------------------------------------------

_WITHDRAWN = "Withdrawn from arXiv"
_PUBLISHED = "Published as: "
_COMMENT = "arXiv comment: "
_NOTE = lazy_pattern(
    rf"(?P<note>.*?)(?:(?:^|; )(?P<withdrawn>{_WITHDRAWN}))?(?:(?:^|; ){_PUBLISHED}(?P<journal>.*?))?"
    rf"(?:(?:^|; ){_COMMENT}(?P<comment>.*))?",
    re.DOTALL,
)


def note_of(note: str, arxiv: Arxiv, *, published: bool) -> str:
    """The markup of a note with what arXiv says: withdrawn, the journal reference, the comment.

    The journal reference is left out where the entry is the published article itself.
    """
    pieces = [note] if note else []
    if arxiv.withdrawn:
        pieces.append(_WITHDRAWN)
    if arxiv.journal_ref and not published:
        pieces.append(_PUBLISHED + arxiv.journal_ref)
    if arxiv.comment:
        pieces.append(_COMMENT + arxiv.comment)
    return "; ".join(pieces)


def split_note(note: str) -> tuple[str, bool, str, str]:
    """Note, withdrawn, journal reference, comment of a note that `note_of` made; any other is all note."""
    if _WITHDRAWN not in note and _PUBLISHED not in note and _COMMENT not in note:
        return note, False, "", ""
    parts = _NOTE.fullmatch(note)
    if parts is None:
        return note, False, "", ""
    return parts["note"], parts["withdrawn"] is not None, parts["journal"] or "", parts["comment"] or ""
