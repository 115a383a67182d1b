"""The names of a line, whichever way it writes them: in natural order, family name first, or as PubMed does."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bibtool.formats.listing.build import make_names
from bibtool.formats.listing.namecost import IMPOSSIBLE
from bibtool.formats.listing.split import names_of_list, strip_et_al
from bibtool.lazy import lazy_pattern
from bibtool.model.names import Name, Names, parse_name
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_NAMES_LINE: Final = 20_000
_UNSURE: Final = 0.6  # cost of a comma that may be one of a list

_BRACKETS = lazy_pattern(r"\s?\([^()]{0,200}\)|\s?\[[^\[\]]{0,60}\]")
_MARKS = lazy_pattern(
    r"(?<=[^\W\d_])(?:\s?[*\N{DAGGER}\N{DOUBLE DAGGER}\N{SECTION SIGN}\N{PILCROW SIGN}#]+|"
    r"\d{1,2}(?:,\d{1,2})*)(?=\s|,|;|$)"
)
_WIDE = lazy_pattern(r"\s*(?:\t| {2,}|[|\N{BULLET}\N{MIDDLE DOT}])\s*")
_LEAD = lazy_pattern(r"(?:authors?|by|contributors?|with)\s?:?\s(?=[^\W\d_a-z])", re.IGNORECASE)
_MORE = lazy_pattern(
    r"(?:\s*[,;]?\s*(?:(?:and|\+)\s)?\+?\s?\d{1,4} (?:more|others|more authors|authors)\b.{0,12}|"
    r"\s*[,;]\s*(?:\[?(?:\.\.\.|\N{HORIZONTAL ELLIPSIS})\]?))$",
    re.IGNORECASE,
)
_GAP = lazy_pattern(r"[,;]\s*\[?(?:\.\.\.|\N{HORIZONTAL ELLIPSIS})\]?\s*[,;]?\s+(?=\w)")
_AND = lazy_pattern(r"(?:(?:(?<!\s)\s+)?[,;]\s+|(?<!\s)\s+)(?:and|und|et|y|e|&|\\&)\s+")
_COMMA = lazy_pattern(r"(?:(?<!\s)\s+)?[,\N{IDEOGRAPHIC COMMA}\N{FULLWIDTH COMMA}]\s*")
_INITIALS = r"(?:[^\W\d_a-z](?:[^\W\d_A-Z]{1,2}(?=\.))?\.?(?:[ -]{0,1})){1,5}"
_PARTICLE = r"(?:v\.|d\.|(?:van|von|de|der|den|di|da|du|del|la|le|ter|ten|zu)\b)"
_GIVEN = lazy_pattern(rf"(?!(?:Jr|Sr)\b){_INITIALS}(?: ?{_PARTICLE}){{0,3}}(?: (?:Jr|Sr)\b\.?)?")
_SUFFIX = lazy_pattern(r",\s+(?=(?:Jr|Sr)\b)")
_PARTICLES_AFTER = lazy_pattern(
    r"(?P<given>.+?)\s+(?P<particle>(?:(?:v\.|d\.|(?:van|von|de|der|den|di|da|du|del|la|le|ter|ten|zu)\b)\s?){1,3})"
)
_FAMILY = r"[^\W\d_][\w'\N{RIGHT SINGLE QUOTATION MARK}-]*"
# one person, family name first; two people in a list have a given name each
_FAMILY_ALONE = lazy_pattern(rf"(?:{_PARTICLE} ){{0,3}}[^\W\d_a-z][\w'\N{{RIGHT SINGLE QUOTATION MARK}}-]+")
_GIVEN_ALONE = lazy_pattern(r"[^\W\d_a-z][\w'-]+(?: (?:[^\W\d_a-z]\.|[^\W\d_a-z][\w'-]+)){0,2}")
_NLM = lazy_pattern(
    rf"(?P<family>{_FAMILY}(?: {_FAMILY}){{0,3}}) "
    r"(?P<given>[^\W\d_a-z]{1,3}(?:-[^\W\d_a-z])?|[^\W\d_a-z]\.(?:[ -]?[^\W\d_a-z]\.){0,3})"
    r"(?:,? (?P<suffix>(?:Jr|Sr)\b\.?|[23][nr]d))?"
)


@dataclass(frozen=True, slots=True)
class People:
    """The names of a line; ``cost`` as of `names_of_list` (the mean of a name), `IMPOSSIBLE` for a line of none."""

    names: Names
    cost: float


NOBODY: Final = People(Names(()), IMPOSSIBLE)


@lru_cache(maxsize=4096)
def people_of(text: str) -> People:
    """The names of a line of nothing but names, with their affiliations in brackets and note marks left out."""
    if not text or len(text) > MAX_NAMES_LINE:
        return NOBODY
    line = _LEAD.sub("", text.strip().rstrip(":"), count=1)
    line = _MARKS.sub("", _BRACKETS.sub("", line))
    line = re.sub(r";(?=\S)", "; ", line)
    line = re.sub(r"\.{3,6}\W{0,3}$", "\N{HORIZONTAL ELLIPSIS}", line)  # not the full stop of the line
    line = line.strip(" ,;.:") + _final_stop(line)
    more = _MORE.search(line, max(0, len(line) - 60))
    line = line[: more.start()] if more else line
    line, cut = strip_et_al(line)
    truncated = cut or more is not None
    if _GAP.search(line):
        line, truncated = _GAP.sub(", ", line), True
    line = _WIDE.sub("; " if ";" in line or _looks_inverted(line) else ", ", line.strip())
    if not line or any(char in line for char in '?!"=<>{}[]/@'):
        return NOBODY
    return (
        _inverted(line, truncated=truncated)
        or _pubmed(line, truncated=truncated)
        or _natural(line, truncated=truncated)
    )


def _final_stop(line: str) -> str:
    """The full stop of a last initial, which belongs to it; the one of a sentence does not."""
    return "." if re.search(r"(?:^|[\s.-])[^\W\d_]\.\W{0,3}$", line) else ""


def _looks_inverted(line: str) -> bool:
    return bool(re.match(r"[^\W\d_][^,;]{0,40}, [^,;]{1,40}(?:\t| {2,})", line))


def _people(names: Sequence[Name], plain: Sequence[str], *, truncated: bool) -> People:
    """The names with the cost of their natural form."""
    costs = [min(names_of_list(name)[2], IMPOSSIBLE) for name in plain]
    return People(Names(tuple(names), truncated), sum(costs) / len(costs)) if costs else NOBODY


def _inverted(line: str, *, truncated: bool) -> People | None:
    """Family, Given; Family, Given -- or with commas between, where the given names are initials."""
    if ";" in line:
        pieces = [piece for piece in re.split(r"\s*;\s*(?:and\s|&\s)?", line) if piece]
        pairs = [tuple(piece.split(", ", 1)) if ", " in piece else (piece, "") for piece in pieces]
        if not any(given for _, given in pairs) or any("," in given for _, given in pairs):
            return None
    else:
        flat = [piece for piece in _COMMA.split(_SUFFIX.sub(" ", _AND.sub(", ", line))) if piece]
        if len(flat) < 2:
            return None
        if len(flat) == 2 and _FAMILY_ALONE.fullmatch(flat[0]) and _GIVEN_ALONE.fullmatch(flat[1]):
            person = _people([_family_first(*flat)], [f"{flat[1]} {flat[0]}"], truncated=truncated)
            return People(person.names, person.cost + _UNSURE)
        pairs = []
        at = 0
        while at < len(flat):
            given = flat[at + 1] if at + 1 < len(flat) else ""
            if _GIVEN.fullmatch(given) and not _GIVEN.fullmatch(flat[at]):
                pairs.append((flat[at], given))
                at += 2
            elif at and " " in flat[at] and len(pairs) < 2:  # Quillon, M. and T. Abara: only the first is inverted
                pairs.append((flat[at], ""))
                at += 1
            else:
                return None
    made = [_family_first(family, given) if given else parse_name(family) for family, given in pairs]
    return _people(made, [f"{given} {family}".strip() for family, given in pairs], truncated=truncated)


def _family_first(family: str, given: str) -> Name:
    if suffix := re.search(r",? ((?:Jr|Sr)\.?)$", given):
        return parse_name(f"{family}, {suffix[1]}, {given[: suffix.start()]}")
    behind = _PARTICLES_AFTER.fullmatch(given)
    if behind:
        return parse_name(f"{behind['particle'].strip()} {family}, {behind['given']}")
    return parse_name(f"{family}, {given}")


def _pubmed(line: str, *, truncated: bool) -> People | None:
    """Family FM, Family G., or with semicolons between: family names with initials after them."""
    pieces = re.split(r"\s*;\s*", line) if ";" in line else _COMMA.split(_AND.sub(", ", line))
    matches = [_NLM.fullmatch(piece) or _NLM.fullmatch(piece.rstrip(".")) for piece in pieces]
    if not all(matches):
        return None
    names = []
    for m in matches:
        if m:
            name = _family_first(m["family"], " ".join(f"{c}." for c in m["given"] if c not in "-. "))
            names.append(replace(name, suffix=m["suffix"]) if m["suffix"] else name)
    plain = [f"{m['given'][0]}. {m['family']}" for m in matches if m]
    return _people(names, plain, truncated=truncated)


def _natural(line: str, *, truncated: bool) -> People:
    names, cut, cost = names_of_list(_AND.sub(", ", line))
    return People(make_names(names, truncated=truncated or cut), cost)
