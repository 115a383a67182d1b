"""The references of a text: numbers and labels, hanging indents, blank lines, broken lines, running heads.

One list is set in one way, so that the way is found first, from all its lines, and then applied.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bibtool.lazy import lazy_pattern
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from re import Pattern

MAX_LENGTH: Final = 4_000  # of one reference; a longer block is no reference

_LABEL = lazy_pattern(
    r"(?:\[\s*(?P<bracket>[A-Za-z]{0,4}\d{1,4}[a-z]?|[A-Z][\w+*’'.-]{1,11}(?:\s?\d{2,4}[a-z]?)?)\s*\]|\((?P<paren>\d{1,3})\)|"
    r"(?P<number>\d{1,4})(?:[.)]|:(?=\s))|(?P<lettered>[A-Z]{1,2}-?\d{1,3})[.):](?=\s)|"
    r"(?P<bare>\d{1,4})(?=\t|\s{2,}))\s*[.:]?\s*(?=\S)"
)
_LONE_LABEL = lazy_pattern(
    r"(?:\[\s*(?P<bracket>\d{1,4}|[A-Z][A-Za-z+]{1,9}\d{2}[a-z]?)\s*\]|(?P<number>\d{1,3})[.)])\s*(?=\S)"
)
_LONE_NUMBER = lazy_pattern(r"(?P<bare>\d{1,4})\s+(?=[^\W\d_])")
_BULLET = lazy_pattern(r"[•●◦▪‣·∙*–—-]\s+(?=\S)")
_PAGE_NUMBER = lazy_pattern(
    r"(?:[-–—]\s*)?(?:page\s+|seite\s+|p\.\s*)?\d{1,4}(?:\s*(?:of|/|von|sur|de)\s*\d{1,4})?(?:\s*[-–—])?", re.IGNORECASE
)
# names and number of a page, "18 A. Lind et al.", and what a publisher prints on the pages that it sends
_PAGE_HEAD = lazy_pattern(r"\d{1,4}\s+[^\W\d_][^\d,;:]{1,40} et al\.?|[^\W\d_][^\d,;:]{1,40} et al\.?\s+\d{1,4}")
_NOTICE = lazy_pattern(
    r"(?:authorized licensed use limited to|downloaded (?:from|by|on|via) |this (?:article|content) (?:is|was) "
    r"(?:licensed|protected|downloaded)|all rights reserved|see https?://\S+ for |"
    r"(?:copyright\s+)?(?:©|\(c\))\s*(?:the authors?|\d{4})|creative commons).*",
    re.IGNORECASE,
)
# what publishers put under each reference of a page: "Article CAS PubMed Google Scholar", with a DOI or not
LINKS = lazy_pattern(
    r"(?:(?:doi:\s?|https?://doi\.org/)?(?P<DOI>10\.\d{4,9}/\S+)\s+)?"
    r"(?:(?:article|chapter|book|ads|cas|mathscinet|pubmed(?: central)?|pmc free article|cross[ -]?ref|google scholar|"
    r"web of science®?|scopus|view in scopus|view (?:article|pdf)|full text|abstract|pdf|open url|medline|isi|zbmath|"
    r"math|publisher site|direct link|wiley online library|export citation|download citation)"
    r"(?=[\s,|·•®]|google|view|$)[\s,|·•]*)+",
    re.IGNORECASE,
)
_HEADING = lazy_pattern(
    r"(?:\d+\.?\s+)?(?:references?|bibliography|literature(?: cited)?|works cited|cited works|publications?|"
    r"literatur(?:verzeichnis)?|bibliographie|références(?: bibliographiques)?|bibliografía|referencias|bibliografia|"
    r"riferimenti(?: bibliografici)?|referências|literatuur|referenties|literatura|spis literatury|"
    r"список литературы|литература|参考文献|文献|källor|referenser|litteratur|kaynakça|kirjallisuus)\s*:?",
    re.IGNORECASE,
)
_SECTION = lazy_pattern(r"[^\W\d_a-zß-ÿ](?:[\w&,’'/-]|\s){2,39}:?")  # a heading between two references
_OUTER_NUMBER = lazy_pattern(r"^#\s+|\s+#$")
_WIDEST: Final = 300  # a head has its page number far to the right now and then
_ENDS = lazy_pattern(r"[.\d)\]”\"’'»?!/]\s*$")
_YEAR = lazy_pattern(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_PARTICLES = r"(?:(?:v[ao]n|v\.|de[nlrs]?|d[aiou]s?|della|l[aeo]|te[rn]|'t|zu[rm]?|a[fv]|el|al|bin|ibn)\s){0,3}"
# what references without a year have in its place
NO_YEAR = lazy_pattern(
    r"\b(?:in press|forthcoming|to appear|in preparation|submitted|under review|accepted|n\.\s?d\.|s\.\s?d\.|o\.\s?J\.|"
    r"im Druck|im Erscheinen|[aà] paraître|en prensa|no prelo|in (?:corso di )?stampa|в печати)",
    re.IGNORECASE,
)
# in place of the names of the reference before: the dashes of Chicago and MLA, German and Latin words
SAME_NAMES = lazy_pattern(
    r"(?:[—–―]{2,}|-{3,}|_{3,}|(?:ders|dies|idem|eadem|id)\.?(?=[:,]))\s*(?=[.,:;(\s])", re.IGNORECASE
)
_STARTS = lazy_pattern(
    r"[—–―]{2,}|-{3,}|_{3,}|"
    r"[^\W\d_a-zß-ÿ][^.,()\d]{2,80}\.?\s\((?:1[5-9]\d\d|20\d\d|n\.\s?d\.)|"  # an organisation and a year
    rf"[“\"«]?{_PARTICLES}"
    r"(?:[^\W\d_a-zß-ÿ][\w’'-]+(?:\s[^\W\d_a-zß-ÿ][\w’'-]+)?,?\s(?:[^\W\d_]\.|[A-Z]{1,3}[,.\s])|(?:[^\W\d_]\.\s?-?)+\s?[^\W\d_]|"
    r"[^\W\d_a-zß-ÿ][\w’'-]+,\s[^\W\d_a-zß-ÿ])"
)
_SPACES = lazy_pattern(r"\s+")
_LINK = lazy_pattern(r"\[{1,2}([^\[\]]{0,300})\]{1,2}\(([^()\s]{1,500})\)")
_LEFT_BRACKETS = lazy_pattern(r"(?:\s*\[[\s|,/]*\]|\s*\([\s|,/]*\)|\s+[\]|])+\s*(?=$|https?://)")  # of buttons left out
_BUTTON = lazy_pattern(
    r"code|slides?|video|bib(?:tex)?|poster|project(?: page)?|supp(?:lement\w*)?|data(?:sets?)?|demo|talk|website|"
    r"github|software|blog|press|tweet|thread|errat(?:um|a)",
    re.IGNORECASE,
)
_PAPER = lazy_pattern(r"pdf|paper|preprint|abs(?:tract)?|html|link|cite|full text|appendix", re.IGNORECASE)
_STAR: Final = "\ue004"  # a star that Markdown shows as such
_EMPHASIS = lazy_pattern(r"(?<![\w*])([*_])([^*_\s](?:[^*_]{0,400}[^*_\s])?)\1(?![\w*])")
_TAG = lazy_pattern(r"</?(?:i|b|em|strong|italic|bold|u|small|span|sup|sub)>")
_LIGATURES: Final = {ord(char): unicodedata.normalize("NFKC", char) for char in "ﬀﬁﬂﬃﬄﬅﬆ"} | {
    ord("↵"): "ff", 0xAD: None, 0x200B: None, 0x200C: None, 0x200D: None, 0xFEFF: None, 0x2028: " ", 0x2029: " ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Segment:
    """One reference: its text on one line, the number of its first line (from 1), its lines as they are, its label."""

    text: str
    line: int
    raw: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Segments:
    """The references of a text, and its lines that are none: headings, page numbers, running heads, prose."""

    segments: tuple[Segment, ...]
    rest: tuple[tuple[int, str], ...]


@dataclass(slots=True)
class _Line:
    number: int
    raw: str  # with its indentation
    text: str
    indent: int
    blank_before: bool = False


def segments_of(lines: Iterable[tuple[int, str]]) -> Segments:
    """The references in numbered lines of text, in their order."""
    kept, rest = _kept(lines)
    if not kept:
        return Segments((), tuple(rest))
    starts, label = _starts(kept)
    segments: list[Segment] = []
    block: list[_Line] = []
    words = _hyphenated(kept)
    parted = not _is_wrapped(kept) and not _is_filled(kept, starts)
    for index, (line, begins) in enumerate(zip(kept, starts, strict=True)):
        if (
            not begins
            and (line.blank_before or not index)
            and starts[index + 1 : index + 2] == [True]
            and _SECTION.fullmatch(line.text)
        ):
            rest.append((line.number, line.text))
            continue
        if begins and block:
            segments.append(_segment(block, words, label, parted=parted))
            block = []
        block.append(line)
    segments.append(_segment(block, words, label, parted=parted))
    good = []
    for segment in segments:
        if segment.text and len(segment.text) <= MAX_LENGTH:
            good.append(segment)
        else:
            rest.append((segment.line, segment.raw))
    return Segments(tuple(good), tuple(sorted(rest)))


def clean(text: str) -> str:
    """The text with ligatures taken apart, without marks of Markdown and invisible characters, its spaces as one."""
    if "](" in text:  # a link is often the title, which would run into its address, so this goes to the end
        links = list(_LINK.finditer(text))
        addresses = [match[2] for match in links if not _is_button(match)]
        text = " ".join([_LINK.sub(lambda match: "" if _is_button(match) else match[1], text).rstrip(), *addresses])
        if len(addresses) < len(links):
            text = _LEFT_BRACKETS.sub("", text)
    if text.startswith("___"):
        text = "\N{EM DASH}\N{EM DASH}\N{EM DASH}" + text.lstrip("_")  # in place of names, and no emphasis
    if "*" in text or "__" in text:
        text = text.replace("\\*", _STAR)
        text = _EMPHASIS.sub(r"\2", text.replace("**", "").replace("__", "")).replace(_STAR, "*")
    return _SPACES.sub(" ", unicodedata.normalize("NFC", _TAG.sub("", text.translate(_LIGATURES)))).strip()


def _is_button(link: re.Match[str]) -> bool:
    """True for "[code](...)" and its kind, which lead away from the work, and for "[pdf](paper.pdf)" on the site."""
    words, address = link[1].strip(), link[2]
    return _BUTTON.fullmatch(words) is not None or (
        _PAPER.fullmatch(words) is not None and not address.startswith(("http", "10.", "doi", "//", "www."))
    )


def _kept(lines: Iterable[tuple[int, str]]) -> tuple[list[_Line], list[tuple[int, str]]]:
    kept: list[_Line] = []
    rest: list[tuple[int, str]] = []
    blank = False
    every = list(lines)
    heads = _running_heads(every)
    for number, line in every:
        raw = line.replace("\x0c", "").rstrip()
        text = clean(raw)
        if not text:
            blank = True
            continue
        if (links := LINKS.fullmatch(text)) and kept:
            if links["DOI"] and links["DOI"] not in kept[-1].text:
                kept[-1].text += f" doi:{links['DOI']}"
            continue
        if text in heads or any(pattern.fullmatch(text) for pattern in (_PAGE_NUMBER, _HEADING, _PAGE_HEAD, _NOTICE)):
            rest.append((number, text))
            continue
        expanded = raw.expandtabs(4)
        kept.append(_Line(number, raw, text, len(expanded) - len(expanded.lstrip()), blank))
        blank = False
    return kept, rest


def _running_heads(lines: Sequence[tuple[int, str]]) -> set[str]:
    """Short lines that come again, except for a page number: the head or foot of a page."""
    shown = [
        (text, _head_of(text)) for _, raw in lines if len(raw) < _WIDEST and (text := clean(raw)) and len(text) < 90
    ]
    counted = Counter(head for _, head in shown)
    often = {head for head, times in counted.items() if times > 2 and len(head.strip("# .")) > 2}
    return {text for text, head in shown if head in often} if often else set()


def _head_of(text: str) -> str:
    """A line without its numbers, and without that of the page at its begin or end."""
    return _OUTER_NUMBER.sub("", re.sub(r"\d+", "#", text))


def _starts(lines: Sequence[_Line]) -> tuple[list[bool], Pattern[str]]:
    """For each line, whether a reference begins there; and the pattern of the label that it begins with."""
    labelled = _labelled(lines)
    if labelled is not None:
        return labelled
    return _unlabelled(lines), _LONE_LABEL


def _unlabelled(lines: Sequence[_Line]) -> list[bool]:
    blocks = [index for index, line in enumerate(lines) if line.blank_before or index == 0]
    if len(blocks) > 1 and len(lines) <= 6 * len(blocks):
        begins = (
            [index in set(blocks) for index in range(len(lines))] if len(blocks) < 50 else _marks(blocks, len(lines))
        )
        return _within_blocks(lines, begins)
    return _unmarked(lines)


def _marks(places: Sequence[int], count: int) -> list[bool]:
    marks = [False] * count
    for place in places:
        marks[place] = True
    return marks


def _within_blocks(lines: Sequence[_Line], begins: list[bool]) -> list[bool]:
    """A block between blank lines is one reference, unless its lines are references themselves."""
    whole: list[bool] = []
    at = 0
    while at < len(lines):
        end = at + 1
        while end < len(lines) and not begins[end]:
            end += 1
        whole += _unmarked(lines[at:end]) if end - at > 1 else [True]
        at = end
    return whole


def _labelled(lines: Sequence[_Line]) -> tuple[list[bool], Pattern[str]] | None:
    """Where references begin by their numbers or labels, None where they have none."""
    for pattern, kinds in ((_LABEL, ("bracket", "number", "paren", "bare", "lettered")), (_LONE_NUMBER, ("bare",))):
        for kind in kinds:
            places = []
            values = []
            for index, line in enumerate(lines):
                match = pattern.match(line.raw.strip())
                if match and match[kind]:
                    places.append(index)
                    values.append(match[kind])
            if places and places[0] <= 1 and _is_series(values, kind, len(lines)):
                places = _in_series(places, values) if values[0].isdigit() else places
                return _marks(places, len(lines)), pattern
    bullets = [index for index, line in enumerate(lines) if _BULLET.match(line.text)]
    if (
        bullets
        and bullets[0] <= 1
        and len(bullets) * 4 >= len(lines)
        and (len(lines) > 1 or lines[0].text[0] in "•●▪*")
    ):
        return _marks(bullets, len(lines)), _BULLET
    return None


def _is_series(values: Sequence[str], kind: str, lines: int) -> bool:
    if kind == "lettered":  # J3 and C1 of a person's own list; one alone may be a word
        return len(set(values)) == len(values) > 1 and len(values) * 5 >= lines
    if kind == "bracket" and not values[0].isdigit():
        return len(values) * 5 >= lines
    numbers = [int(value) for value in values if value.isdigit()]
    if len(numbers) == 1:
        return lines <= 8 and (kind != "bare" or numbers[0] < 500)
    near = sum(-1 <= b - a <= 2 for a, b in pairwise(numbers))
    sparse = len(numbers) * 8 < lines
    return (near * 10 >= (len(numbers) - 1) * 6 and not sparse) or (
        kind in {"bracket", "number"} and len(numbers) * 10 >= lines * 6 and not _are_years(numbers)
    )


def _are_years(numbers: Sequence[int]) -> bool:
    return sum(1500 <= number < 2040 for number in numbers) * 2 > len(numbers)


def _in_series(places: Sequence[int], values: Sequence[str]) -> list[int]:
    """The places whose numbers go on counting: a broken line may begin with a number of its own ("12. Aufl.")."""
    if len(values) < 3:
        return list(places)
    numbers = [int(value) if value.isdigit() else -1 for value in values]
    steps = Counter(b - a for a, b in pairwise(numbers))
    if steps.most_common(1)[0][1] * 2 < len(numbers) - 1:
        return list(places)
    step = steps.most_common(1)[0][0]
    good = []
    last = None
    for index, (place, number) in enumerate(zip(places, numbers, strict=True)):
        following = numbers[index + 1] if index + 1 < len(numbers) else None
        fits = last is None or number - last == step or (following is not None and following - number == step)
        if fits or abs(number - (last or 0)) <= 3:
            good.append(place)
            last = number
    return good


def _unmarked(lines: Sequence[_Line]) -> list[bool]:
    """Where references begin in lines without marks: by indentation, or by what the lines look like."""
    count = len(lines)
    if count == 1:
        return [True]
    least = min(line.indent for line in lines)
    outer = [line.indent <= least for line in lines]
    if not all(outer) and outer[0] and sum(outer) * 8 >= count:
        return outer  # a hanging indent
    if not all(outer) and not outer[0] and sum(not flag for flag in outer) * 8 >= count:
        return [not flag for flag in outer]  # first lines are indented
    if not _is_wrapped(lines):
        return [True] * count
    begins = [True]
    since = lines[0].text
    for before, line in pairwise(lines):
        text = line.text
        complete = bool(_ENDS.search(before.text)) and not before.text.endswith("-")
        starts = bool(_STARTS.match(text)) and bool(_YEAR.search(since) or NO_YEAR.search(since))
        begin = complete and starts
        begins.append(begin)
        since = text if begin else since + " " + text
    return begins


def _is_wrapped(lines: Sequence[_Line]) -> bool:
    """True for lines that were broken at a width: most of them end near the longest one, some do not end a sentence."""
    lengths = [len(line.text) for line in lines]
    longest = max(lengths)
    if longest > 140:
        return False
    full = sum(length > longest * 0.8 for length in lengths)
    unfinished = sum(not _ENDS.search(line.text) for line in lines[:-1])
    begun = sum(_STARTS.match(line.text) is not None for line in lines[1:])
    if not unfinished and begun * 3 >= 2 * (len(lines) - 1):
        return False  # each line ends as a reference, and most begin as one: what has no year is in press
    small = [line.text[0].islower() and not _STARTS.match(line.text) for line in lines[1:]]  # "de Vries, J." begins one
    lower = sum(low or not _YEAR.search(line.text) for low, line in zip(small, lines[1:], strict=True))
    inside = sum(low or line.text[0] in "&(" for low, line in zip(small, lines[1:], strict=True))
    if len(lines) > 4 and inside * 8 < len(lines):
        return False  # a break inside of sentences is followed by small letters now and then
    return lower * 4 >= len(lines) - 1 and (full * 3 >= len(lines) or unfinished * 4 >= len(lines))


def _is_filled(lines: Sequence[_Line], starts: Sequence[bool]) -> bool:
    """True where the lines that others of their reference follow on are all about as long: they were broken there."""
    lengths = [len(line.text) for line, follows in zip(lines, [*starts[1:], True], strict=True) if not follows]
    full = sum(length > max(lengths) * 0.75 for length in lengths)
    return len(lengths) > 1 and full * 10 >= len(lengths) * 9


_BROKEN_WORD = lazy_pattern(r"([^\W\d_]{2,})[-‐]$")
_JOINS: Final = ("-", "‐", "–", "/")
_COMPOUND = lazy_pattern(r"(?<![^\W\d_])[^\W\d_]++-[^\W\d_]++")


def _hyphenated(lines: Sequence[_Line]) -> frozenset[str]:
    """The words with a hyphen inside a line: a word broken there at a line end keeps its hyphen."""
    return frozenset(word.lower() for line in lines for word in _COMPOUND.findall(line.text))


def _segment(block: Sequence[_Line], compounds: frozenset[str], pattern: Pattern[str], *, parted: bool) -> Segment:
    """A reference out of its lines. ``parted``: the lines are parts, not broken anywhere, and a stop comes between."""
    raw = "\n".join(line.raw.strip() for line in block)
    pieces: list[str] = []
    length = 0
    for line in block:
        length += len(line.text)
        if length > 2 * MAX_LENGTH:
            break  # too long for a reference, whatever follows
        joint = _joint(pieces, line.text, compounds) if pieces else ""
        if joint and parted and pieces[-1][-1:].isalnum() and not line.text[0].islower():
            joint = ". "
        pieces.append(joint + line.text)
    text = "".join(pieces)
    label = ""
    if match := pattern.match(text):
        label = next((value for value in match.groupdict().values() if value), "")
        text = text[match.end() :]
    return Segment(text, block[0].number, raw, label)


def _joint(pieces: list[str], following: str, compounds: frozenset[str]) -> str:
    """What comes between the last piece and the line that follows; a hyphen that broke a word is taken off."""
    before = pieces[-1]
    match = _BROKEN_WORD.search(before[-60:])
    word = re.match(r"[^\W\d_]+", following)
    if match and word and word[0][0].islower() and f"{match[1]}-{word[0]}".lower() not in compounds:
        pieces[-1] = before[:-1]
        return ""
    breaks_address = before.endswith(".") and following[:1].islower() and re.search(r"https?://\S+$", before[-300:])
    return "" if before[-1:] in _JOINS or breaks_address else " "
