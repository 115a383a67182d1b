"""RenderCV's YAML: sections of ``PublicationEntry``, to be rendered as it is or taken over into a larger CV.

RenderCV (2.x, https://docs.rendercv.com) takes every text for Markdown, and what is left of it for Typst, where it
lets commands (``#name(...)[...]``) and mathematics between double dollars through on purpose. Backslashes do not stop
these, so a word joiner (U+2060, not printed) goes between the two characters that would begin one; a grave accent
would open raw text of Typst and becomes a quotation mark.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from bibtool.cv import facts
from bibtool.cv.targets._typeset import word
from bibtool.formats.safeyaml import dump
from bibtool.lazy import lazy_pattern
from bibtool.web.pages import free_name

if TYPE_CHECKING:
    from bibtool.cv.document import Author, Entry, Link, PublicationList
    from bibtool.cv.targets import TargetOptions

MAX_AUTHORS: Final = 15  # RenderCV prints all that it is given
_SHOWN: Final = 5  # of a longer list, and the owner in any case
_JOINER: Final = "\u2060"
# a tag of HTML, a command or mathematics of Typst; a label of a footnote; an address that becomes a link by itself
_OPENINGS: Final = lazy_pattern(r"<(?=[A-Za-z/!?])|#(?=[A-Za-z])|\$(?=\$)|&(?=[#A-Za-z])|(?<=:)/(?=/)|!(?=!!)")
_MARKDOWN: Final = lazy_pattern(r"[\\*_\[\]#]")
# what Typst takes at the start of a line: heading, list, numbered list, term, code of old Markdown
_LINE_START: Final = lazy_pattern(r"(?=[=+\-/]|\d+[.)]|!)")
_PLAIN_DOI: Final = lazy_pattern(r"10\.\d{4,9}/[A-Za-z0-9.:;/-]+(?:[(_][A-Za-z0-9.:;/-]+\)?)*", re.ASCII)
_NOT_IN_NAMES: Final = lazy_pattern(r"[^\w\s.,'’()·-]|_")
_ORCID: Final = lazy_pattern(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", re.ASCII)


def write(cv: PublicationList, options: TargetOptions) -> bytes:
    """The CV as YAML; as a fragment only the mapping of sections, for use below ``sections:``."""
    sections = _sections(cv, options)
    if options.fragment:
        return dump(sections).encode() if sections else b"{}\n"
    about: dict[str, Any] = {}
    # RenderCV makes names of files of it
    if name := text(_NOT_IN_NAMES.sub("", facts.line(cv.profile.name))):
        about["name"] = name
    networks = [
        {"network": "ORCID", "username": link.label}
        for link in cv.profile.links
        if link.kind == "orcid" and _ORCID.fullmatch(link.label)
    ]
    if networks:
        about["social_networks"] = networks[:1]
    return dump({"cv": {**about, "sections": sections}}).encode()


def text(words: str) -> str:
    """Words on one line that neither Markdown nor Typst takes for anything but words."""
    words = facts.line(words).replace("`", "\N{LEFT SINGLE QUOTATION MARK}")
    words = _OPENINGS.sub(lambda match: match[0] + _JOINER, words)
    words = _MARKDOWN.sub(lambda match: "\\" + match[0], words)
    return _JOINER + words if _LINE_START.match(words) else words


def _sections(cv: PublicationList, options: TargetOptions) -> dict[str, list[dict[str, Any]]]:
    sections: dict[str, list[dict[str, Any]]] = {}
    for section in cv.sections:
        if not section.entries:
            continue
        name = free_name(text(section.heading) or text(cv.title) or "Publications", sections, "{} ({})")
        sections[name] = [publication(cv, entry, options) for entry in section.entries]
    return sections


def publication(cv: PublicationList, entry: Entry, options: TargetOptions) -> dict[str, Any]:
    """One entry; ``number`` is not a field of RenderCV's own, but its templates can use it."""
    fields: dict[str, Any] = {"title": text(facts.title(entry)), "authors": _authors(cv, entry, options)}
    doi = facts.doi(entry)
    shown: set[str] = set()
    if _PLAIN_DOI.fullmatch(doi) and doi.count("(") == doi.count(")"):
        fields["doi"] = doi
        shown.add("doi")
    elif link := next((link for link in facts.links(entry) if link.kind in {"doi", "arxiv", "url", "pdf"}), None):
        fields["url"] = _address(link)
        shown.add(link.kind)
    if journal := facts.venue(entry):
        fields["journal"] = text(journal)
    if date := facts.iso_date(entry):
        fields["date"] = int(date) if date.isdigit() else date
    others = [link for link in facts.links(entry) if link.kind not in shown]
    if options.links and others:
        fields["summary"] = facts.SEPARATOR.join(f"[{text(link.label)}]({_address(link)})" for link in others)
    if entry.number is not None:
        fields["number"] = str(entry.number)  # RenderCV stops at a number in a field that it does not know
    return fields


def _authors(cv: PublicationList, entry: Entry, options: TargetOptions) -> list[str]:
    people = list(entry.authors)
    names: list[str] = []
    if len(people) > MAX_AUTHORS:
        for at, author in enumerate(people):
            if at < _SHOWN or author.owner:
                names.append(_author(author))
            elif names[-1] != "…":
                names.append("…")
        names.append(f"({len(people)} {text(word(cv, options, 'authors'))})")
    else:
        names = [_author(author) for author in people]
    return [*names, "et al."] if entry.truncated else names


def _author(author: Author) -> str:
    name = text(author.name.display() + author.signs)
    return f"**{name}**" if author.owner and name.strip(_JOINER) else name


def _address(link: Link) -> str:
    """The address without a fragment, which Typst would take for a command, and without marks of Markdown."""
    url = link.url.partition("#")[0]
    scheme, _, rest = url.partition("://")
    return f"{scheme}://" + re.sub(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", "%5F", quote(rest, safe="/:?=&%+,;.-_~@"))
