"""Title and authors out of one line in which they are glued together: ``... Evolution EquationsJoan Bruna, Eric ...``.

Each place where the title may end is a candidate. Its cost is the sum of what speaks against it on both sides: an
unlikely end of a title, an unlikely first name, unlikely names after it. The cheapest candidate wins; its distance to
the next one gives the confidence. Nothing is decided by one sign alone, since capitals occur inside titles (PyTorch)
and inside names (McKenzie), and some names begin in lower case (van der Berg).
"""

from __future__ import annotations

import math
import re
from typing import Final, TypeAlias

from bibtool.formats.listing import facts
from bibtool.formats.listing.namecost import (
    IMPOSSIBLE,
    MATH_MARK,
    NO_EVIDENCE,
    Evidence,
    ending_cost,
    given_cost,
    is_joiner,
    is_uncased,
    name_cost,
)
from bibtool.lazy import lazy_pattern
from bibtool.structs import dataclass

MAX_SPLIT_LENGTH: Final = 8000  # longer lines are not titles with authors
MAX_LIST_LENGTH: Final = 100_000  # characters of a list of nothing but names; some collaborations have thousands
MAX_NAMES: Final = 400

_ET_AL = lazy_pattern(
    r"(?:(?:\s*[,;]\s*|\s+)(?:et\.?\s+al\b\.?|and\s+others\b\.?|\.\.\.|\N{HORIZONTAL ELLIPSIS})"
    r"|(?<=[^\W\d_]{2})(?:\.\.\.|\N{HORIZONTAL ELLIPSIS}))$",
    re.IGNORECASE,
)
_MATH = lazy_pattern(r"\$[^$\n]{1,400}\$")
_SEPARATOR = lazy_pattern(
    r"\s*[,;]\s+|\s*[\N{IDEOGRAPHIC COMMA}\N{FULLWIDTH COMMA}]\s*|\s+[\N{MIDDLE DOT}\N{BULLET}|]\s+"
)
_SUFFIX_SEGMENT = lazy_pattern(r"(?:Jr|Sr)\.?|II|III|IV")
_AND = lazy_pattern(r"^(?:and|&|und|et) ")
_INNER_AND = lazy_pattern(r" (?:and|&) ")
_SHORT_INITIALS = lazy_pattern(r"^[^\W\d_a-z]{1,4}(?:-[^\W\d_a-z])? (?=\w)")  # as Scholar writes them: DP Kingma
_MAX_WORDS = 9  # of one name
_MAX_ENDING = 100  # letters looked at before a boundary
_MAX_TAIL = 40  # letters of a name's first word
_MID_WORD = 1.0  # extra cost of a boundary between two small letters
_MID_CAPITALS = 1.5  # and of one between capitals that no small letter follows: GPT, not TJoan
_SURE_NAME = 0.45  # names cheaper than this begin with a known given name or with initials
_LONE_WORD = 2.2  # "..., Xiao": titles seldom end in one word after a comma, names are often cut there
_KEEP = 24.0  # candidates beyond this are not considered

# the commonest family names in Han characters; a name in Han characters has no space and no capital
_HAN_FAMILY: Final = frozenset(
    "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧许許傅沈曾彭吕呂苏蘇卢盧"
    "蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鍾汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段"
    "佐鈴高田渡伊山中小加吉松井木林斎清森池橋石前藤岡後村長近"
)


_Places: TypeAlias = "tuple[tuple[int, int], ...]"


@dataclass(frozen=True, slots=True)
class Split:
    """The parts of a line: ``title`` and ``names`` unchanged, ``offset`` of the first name in the line.

    ``confidence`` is between 0 and 1; ``second`` the title of the next best reading, "" if there is none.
    """

    title: str
    names: tuple[str, ...]
    truncated: bool
    offset: int
    cost: float
    confidence: float
    second: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    cost: float
    at: int
    names: _Places


def strip_et_al(text: str) -> tuple[str, bool]:
    """The text without a closing "et al.", and whether there was one."""
    if et_al := _ET_AL.search(text, max(0, len(text) - 24)):
        return text[: et_al.start()].rstrip(), True
    return text, False


def split_line(text: str, evidence: Evidence = NO_EVIDENCE) -> Split | None:
    """The most likely reading of ``text`` as a title with authors glued to it, or None where there is none.

    Spaces at the ends are ignored. The work is linear in the length of the line.
    """
    if len(text) > MAX_SPLIT_LENGTH:
        return None
    line, truncated = strip_et_al(" ".join(text.split()))
    if not line:
        return None
    masked = _MATH.sub(lambda formula: MATH_MARK * len(formula[0]), line)
    candidates = _candidates(masked, truncated=truncated, evidence=evidence)
    if not candidates:
        return None
    best = min(candidates, key=lambda c: (c.cost, -c.at))
    weight = sum(math.exp(best.cost - c.cost) for c in candidates if c.at != best.at or c is best)
    doubt = math.exp(-max(0.0, best.cost - 4.0) / 6.0)
    rivals = sorted((c for c in candidates if c.at != best.at), key=lambda c: c.cost)
    names = tuple(line[a:b].strip() for a, b in best.names)
    return Split(
        title=line[: best.at].rstrip(),
        names=names,
        truncated=truncated,
        offset=_offset(text, line[: best.at]),
        cost=best.cost,
        confidence=round(doubt / weight, 4),
        second=line[: rivals[0].at] if rivals else "",
    )


def _offset(text: str, title: str) -> int:
    """Where in ``text`` the characters of ``title`` end, with spaces between them ignored."""
    left = len(title) - title.count(" ")
    for index, char in enumerate(text):
        if left == 0:
            return index
        left -= not char.isspace()
    return len(text)


def names_of_list(text: str) -> tuple[tuple[str, ...], bool, float]:
    """The names of a line that holds nothing but names, the "et al." flag, and the mean cost of a name.

    Empty text, or a line that is too long, costs `IMPOSSIBLE`.
    """
    if len(text) > MAX_LIST_LENGTH:
        return (), False, IMPOSSIBLE
    line, truncated = strip_et_al(" ".join(text.split()))
    if not line:
        return (), truncated, IMPOSSIBLE
    names: list[str] = []
    for start, end in _segments(line):
        piece = _AND.sub("", line[start:end])
        names.extend(name.strip() for name in _INNER_AND.split(piece) if name.strip())
    if not names:
        return (), truncated, IMPOSSIBLE
    costs = (min(name_cost(_SHORT_INITIALS.sub("J. ", name)), IMPOSSIBLE) for name in names)
    return tuple(names), truncated, sum(costs) / len(names)


def _segments(masked: str) -> list[tuple[int, int]]:
    """The pieces between separators as (start, end); ", Jr." stays with the name before it."""
    out: list[tuple[int, int]] = []
    at = 0
    for separator in _SEPARATOR.finditer(masked):
        _push(out, masked, at, separator.start())
        at = separator.end()
    _push(out, masked, at, len(masked))
    return out


def _push(out: list[tuple[int, int]], masked: str, start: int, end: int) -> None:
    while end > start and (masked[end - 1].isspace() or masked[end - 1] == ","):
        end -= 1
    if out and _SUFFIX_SEGMENT.fullmatch(masked, start, end):
        out[-1] = (out[-1][0], end)
    elif end > start or not out:
        out.append((start, end))


def _candidates(masked: str, *, truncated: bool, evidence: Evidence) -> list[_Candidate]:
    segments = _segments(masked)
    out: list[_Candidate] = []
    behind: list[tuple[int, int]] = []  # names after the current segment
    behind_cost = 0.0
    for index in range(len(segments) - 1, max(-1, len(segments) - 1 - MAX_NAMES), -1):
        start, end = segments[index]
        is_last = index == len(segments) - 1
        inside_of: dict[int, float] = {}
        for at in _boundaries(masked, start, end):
            word_start = max(masked.rfind(" ", start, at) + 1, start)
            if word_start not in inside_of:
                inside_of[word_start] = _inside_title(masked, segments, index, word_start, evidence)
            left = masked[max(word_start, at - _MAX_ENDING) : at]
            ending = ending_cost(left, evidence)
            if index and word_start == start and left.isalpha() and left.istitle():
                ending += _LONE_WORD
            ending += inside_of[word_start]
            ending += _seam_cost(masked, at)
            for names, cost in _readings(masked, at, end, is_last=is_last, truncated=truncated, evidence=evidence):
                total = cost + behind_cost + ending
                total += _count_cost(len(names) + len(behind), truncated=truncated, evidence=evidence)
                if total < _KEEP:
                    out.append(_Candidate(total, at, (*names, *reversed(behind))))
        whole_cost, places = _whole(masked, start, end, is_last=is_last, evidence=evidence)
        behind_cost += whole_cost
        behind.extend(reversed(places))
        if behind_cost > _KEEP:
            break
    return out


def _seam_cost(masked: str, at: int) -> float:
    """The cost of a boundary that nothing marks, since the letters on both sides are alike."""
    before, char, after = masked[at - 1], masked[at], masked[at + 1 : at + 2]
    if char.islower() and before.islower():
        return _MID_WORD
    if char.isupper() and before.isupper() and (after.isupper() or after in (" ", "")):
        return _MID_CAPITALS
    return 0.0


def _readings(
    masked: str, at: int, end: int, *, is_last: bool, truncated: bool, evidence: Evidence
) -> list[tuple[_Places, float]]:
    """What ``masked[at:end]`` may be: one name, or in the last segment two names with "and" between them."""
    text = masked[at:end]
    out: list[tuple[_Places, float]] = [(((at, end),), name_cost(text.strip(), evidence))]
    if is_last and not truncated and (conjunction := _INNER_AND.search(text)):
        first, second = text[: conjunction.start()], text[conjunction.end() :]
        cost = 0.5 + name_cost(first.strip(), evidence) + name_cost(second.strip(), evidence)
        out.append((((at, at + conjunction.start()), (at + conjunction.end(), end)), cost))
    return out


def _whole(
    masked: str, start: int, end: int, *, is_last: bool, evidence: Evidence
) -> tuple[float, list[tuple[int, int]]]:
    """The cost of a whole segment as a name, and the name's place; "and" may come before or within the last one."""
    text = masked[start:end]
    extra = 0.0
    if is_last and (conjunction := _AND.match(text)):
        start += conjunction.end()
        text = masked[start:end]
        extra = 0.3
    if is_last and (conjunction := _INNER_AND.search(text)):
        first, second = text[: conjunction.start()], text[conjunction.end() :]
        cost = name_cost(first.strip(), evidence) + name_cost(second.strip(), evidence)
        return extra + cost + 0.3, [(start, start + conjunction.start()), (start + conjunction.end(), end)]
    return extra + name_cost(text.strip(), evidence), [(start, end)]


def _count_cost(count: int, *, truncated: bool, evidence: Evidence) -> float:
    if count > 3:
        return 0.0 if evidence.long_lists else 2.5
    if truncated:
        return (0.0, 1.5, 1.2, 0.0)[count]
    return 0.3 if count == 1 else 0.0


def _inside_title(
    masked: str, segments: list[tuple[int, int]], index: int, word_start: int, evidence: Evidence
) -> float:
    """The cost of what would stay inside the title and looks like authors: glued words, names between commas.

    Only the two segments before are looked at, and 200 characters at most.
    """
    lower = max(segments[max(0, index - 2)][0], word_start - 200)
    cost = sum(_glued_cost(word, evidence) for word in masked[lower:word_start].split())
    for before, end in segments[max(1, index - 2) : index]:
        if end - before <= 60 and name_cost(masked[before:end], evidence) <= _SURE_NAME:
            cost += 2.0
    return min(cost, 6.0)


def _glued_cost(word: str, evidence: Evidence) -> float:
    """How much a word looks like the end of a title with the first word of a name: 3 is clearly, 0 not at all."""
    if len(word) < 4 or len(word) > 80 or word.islower() or word.istitle():
        return 0.0
    bare = word.strip("()[]\"',:;!?")
    if bare.isupper() or bare in facts.MIXED_WORDS or (evidence.words and bare.casefold() in evidence.words):
        return 0.0
    best = 3.0
    for at in range(1, len(word)):
        if word[at].isupper() and (
            not word[at - 1].isupper() or word[at + 1 : at + 2].islower() or word[at + 1 :] == "."
        ):
            best = min(best, max(0.0, ending_cost(word[:at], evidence)) + given_cost(word[at:].rstrip(","), evidence))
    return 3.0 - best


def _boundaries(masked: str, start: int, end: int) -> list[int]:
    """Places inside the last words of a segment where a name may begin."""
    words = list(re.finditer(r"\S+", masked[max(start, end - 400) : end]))[-_MAX_WORDS:]
    base = max(start, end - 400)
    out: list[int] = []
    for number, word in enumerate(words):
        first, last = base + word.start(), base + word.end()
        following = base + words[number + 1].start() if number + 1 < len(words) else None
        near = range(max(first + 1, last - _MAX_TAIL), last)
        out.extend(at for at in near if _may_begin(masked, first, at, last, following))
    return out


def _may_begin(masked: str, first: int, at: int, last: int, following: int | None) -> bool:
    before, char = masked[at - 1], masked[at]
    if char.isupper() or char.istitle():
        return True
    if is_uncased(char):
        if not is_uncased(before) or ord(before) < 0x3000 <= ord(char):
            return True
        return char in _HAN_FAMILY and 2 <= last - at <= 4 and at - first >= 2
    if following is None:
        return False
    if char.islower() and at + 2 == last and masked[at + 1] == ".":
        return not is_joiner(before)  # m. c. schraefel
    if char.islower() and masked[at:last] in facts.OPENING_PARTICLES:
        return not is_joiner(before)
    if char in "'\N{RIGHT SINGLE QUOTATION MARK}":
        return masked[at + 1 : last] == "t"
    return char.islower() and before in ')]?!"\N{RIGHT DOUBLE QUOTATION MARK}$' + MATH_MARK
