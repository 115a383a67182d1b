"""The places in which works appear: whether two records may mean one journal, one volume, one page. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.lazy import lazy_pattern
from bibtool.model.text.fold import fold, title_key
from bibtool.model.works.titles import ROMAN, SMALL_WORDS
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from bibtool.model.record import Record

_FIRST_PAGE = lazy_pattern(r"\s*([^\s,;\u2010-\u2015-]+)")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a work appeared, folded; "" for what is not said. ``page`` is the first one."""

    container: str = ""
    volume: str = ""
    issue: str = ""
    page: str = ""

    def is_same_page(self, other: Place) -> bool:
        """The same first page, and nothing that speaks against it; page 1 tells little without the volume."""
        if not self.page or self.page != other.page or contradict(self.volume, other.volume):
            return False
        same_volume = bool(self.volume) and self.volume == other.volume
        if self.container and other.container and not same_container(self.container, other.container):
            return self.page != "1" and same_volume
        return self.page != "1" or same_volume or self.container == other.container

    def differences(self, other: Place) -> list[str]:
        """How two places differ, in words; empty if they may be one."""
        reasons = []
        if contradict(self.page, other.page):
            reasons.append("different pages")
        if contradict(self.volume, other.volume):
            reasons.append("different volumes")
        if self.container and other.container and not same_container(self.container, other.container):
            reasons.append("different places of publication")
        return reasons


def place_of(record: Record) -> Place:
    """The place that a record names; pages and volumes of a preprint are left out, as they are those of its server."""
    return Place(
        title_key(record.text("container-title")),
        _number(record.text("volume")),
        _numbered(record.text("issue")),
        _first_page(record.text("page")),
    )


_COUNTED = lazy_pattern(r"(?:vol(?:ume)?|no|nr|num(?:ber)?|issue|iss|bd|band|tome|heft)\b[. ]*")
_WITH_ISSUE = lazy_pattern(r"(\d+) ?\([\w -]{1,12}\)")


def _numbered(text: str) -> str:
    """A volume or issue without the word before it: ``no. 3``."""
    folded = fold(text).strip()
    return folded if folded.isdigit() else _COUNTED.sub("", folded, count=1) or folded


_NUMERALS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def _number(text: str) -> str:
    """A volume as it can be compared: ``XII`` is 12, and so are ``vol. 12`` and ``12(3)``."""
    folded = _numbered(text)
    if folded.endswith(")") and (with_issue := _WITH_ISSUE.fullmatch(folded)):
        folded = with_issue[1]
    if not folded or not ROMAN.fullmatch(folded) or set(folded) - _NUMERALS.keys():
        return folded
    total, largest = 0, 0
    for letter in reversed(folded):
        value = _NUMERALS[letter]
        total += value if value >= largest else -value
        largest = max(largest, value)
    return str(total)


def _first_page(text: str) -> str:
    first = _FIRST_PAGE.match(fold(text))
    return first[1].lstrip("0") if first else ""


def contradict(value: str, other: str) -> bool:
    """Whether both say something, and not the same."""
    return bool(value) and bool(other) and value != other


def same_container(name: str, other: str) -> bool:
    """Whether two folded names may mean one journal or book: ``siam j numer anal``, an acronym, or nearly the same."""
    if name == other:
        return True
    a = [word for word in name.split() if word not in SMALL_WORDS]
    b = [word for word in other.split() if word not in SMALL_WORDS]
    short, long = sorted((a, b), key=lambda words: (len(words), len("".join(words))))
    if not short:
        return False
    if len(short) == 1 and len(long) > 1 and short[0] == "".join(word[0] for word in long):
        return True
    if len(short) == len(long) and all(x.startswith(y) or y.startswith(x) for x, y in zip(short, long, strict=True)):
        return True
    from rapidfuzz import fuzz

    return fuzz.ratio(" ".join(a), " ".join(b)) >= 90
