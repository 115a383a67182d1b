"""ISBNs and ISSNs as catalogues and databases write them, with labels, remarks and several in one field.

Sources: ISBN Users' Manual (7th ed.), sections 4 and 5.2 (parts separated by hyphens or spaces, the label ``ISBN``,
remarks such as the binding in parentheses); ISO 3297 and the ISSN Manual, section 2.1 (``ISSN 1234-567X``); MARC 21,
fields 020 and 022 (qualifiers such as ``(pbk. : acid-free)``).
"""

from __future__ import annotations

import re

from bibtool.errors import IdentifierError
from bibtool.lazy import lazy_pattern
from bibtool.model.identifiers import parse_isbn, parse_issn
from bibtool.structs import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_DASH = r"[\s\-\u2010-\u2015\u2212]"
# qualifiers, and the price of MARC 21's 020 $c (": $20.00", ": EUR 12")
_REMARK = lazy_pattern(
    r"\((?![^()]*\d{9})[^()]{0,80}\)|\[[^\[\]]{0,80}\]|\s:\s?(?:[$£€¥]|(?:[A-Z]{2,3}|DM|Fr\.)[$£]?)\s?\d[\d.,]{0,12}(?:\s?[A-Z]{2,3}\b)?"
)
_LABEL = lazy_pattern(
    r"(?:urn\s*:\s*)?(?:\b[ep]|print|online|electronic|linking)?[\s\-]?\b[ep]?-?IS[BS]N(?:-L\b)?(?:\s?-?1[03](?=\s*[:\s\-]))?"
    r"[\s:.\-\u2010-\u2015]*",
    re.IGNORECASE,
)
_FINDERS: dict[str, tuple[re.Pattern[str], Callable[[str], str]]] = {
    "ISBN": (
        lazy_pattern(
            rf"(?<![\dXx])(?:97[89]{_DASH}?(?:\d{_DASH}?){{9}}\d|(?:\d{_DASH}?){{9}}[\dXx])(?![\dXx])", re.ASCII
        ),
        parse_isbn,
    ),
    "ISSN": (lazy_pattern(rf"(?<![\dXx])\d{{4}}{_DASH}?\d{{3}}[\dXx](?![\dXx])", re.ASCII), parse_issn),
}
_BETWEEN = lazy_pattern(
    r"(?:\b(?:and|und|et|y|or|bd|vol|v|set|print|online|electronic|linking|pbk|hbk|hardback|hardcover|paperback|hard|"
    r"cloth|paper|pb|hb|alk|acid-free|ebook|e-book|pdf|epub|hc|sc|cover)\b|[\d\s,;/|:.&+()-])*",
    re.IGNORECASE,
)
_MAX_LENGTH = 2_000


@dataclass(frozen=True, slots=True)
class StandardNumber:
    """A number in a text: ``ISBN`` or ``ISSN``, its characters, and what is wrong with it ("" for nothing)."""

    variable: str
    text: str
    fault: str


def standard_numbers(text: str, variables: tuple[str, ...] = ("ISBN", "ISSN")) -> list[StandardNumber]:
    """The numbers of a text in its order, wrong ones among them; empty where it says something else as well.

    An ISSN comes back as ``1234-567X``, an ISBN with its hyphens.
    """
    if len(text) > _MAX_LENGTH:
        return []
    bare = _LABEL.sub(" ", _REMARK.sub(" ", text))
    spans: list[tuple[int, int, StandardNumber]] = []
    for variable in variables:
        finder, parse = _FINDERS[variable]
        for match in finder.finditer(bare):
            if any(start < match.end() and match.start() < end for start, end, _ in spans):
                continue
            number = match[0]
            fault = ""
            try:
                parsed = parse(number)
                number = parsed if variable == "ISSN" else number
            except IdentifierError as error:
                fault = error.message
            spans.append((match.start(), match.end(), StandardNumber(variable, number, fault)))
    spans.sort()
    ends = [0, *(end for _, end, _ in spans)]
    starts = [*(start for start, _, _ in spans), len(bare)]
    if any(_BETWEEN.fullmatch(bare, end, start) is None for end, start in zip(ends, starts, strict=True)):
        return []
    return [number for _, _, number in spans]
