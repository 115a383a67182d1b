"""Rules for references in Chinese and Japanese, whose marks say what each part is.

Titles of articles are in ``「」``, those of books and journals in ``『』`` or ``《》``; ``[M]``, ``[J]`` and the like
follow the title (GB/T 7714-2015, section 4.1.4 and appendix B), and numbers are followed by the word for what they
count (``第45巻第2号``, ``2006年第3期``, ``12页``). Each rule is applied where the labels break it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.formats.references.words import runs_of
from bibtool.lazy import lazy_pattern
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from bibtool.formats.references.words import Words

_WIDE = lazy_pattern("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_CLOSING: Final = {"「": "」", "『": "』", "《": "》"}
_KINDS: Final = frozenset("M J D N C R S P G A Z DB CP EB".split())
_COUNTED: Final = {
    "年": "date", "月": "date", "巻": "volume", "卷": "volume", "号": "issue", "期": "issue", "辑": "issue",
    "輯": "issue", "頁": "pages", "页": "pages",
}  # fmt: skip
_NAMES = lazy_pattern(
    r"(?:[^\W\d_]{2,6}|[^\W\d_]{1,3}\s[^\W\d_]{1,4})(?:\s*[,，、・·]\s*(?:[^\W\d_]{2,6}|[^\W\d_]{1,3}\s[^\W\d_]{1,4}))*"
    r"(?:[,，、]?\s*(?:等|ほか|他))?\s*(?:[（(\[［]?(?:編著|編|编著|主编|编|著)[)）\]］]?)?\s*[：:,，、.。]?\s*"
    r"(?:[（(\[]?\d{4}[a-z]?年?[)）\]]?\s*[：:,，、.。]?\s*)?"
)
_EDITED = lazy_pattern(r"(?:編|编|主编|編著|编著)[)）]?\s*[：:,，、]?\s*$")
_CONTAINED = lazy_pattern(r"[\s,，、：:。.]*(?:载于?|載|見|见|收入|收于|于)[\s,，、：:]*$")
_FOLLOWS: Final = frozenset("，,、。．.；;：:（( 第")
_IMPRINT = lazy_pattern(r"(?:出版|书店|書店|书局|書局|書房|印书馆|新社|社$|館$|馆$|堂$|大学)")

_TOWN = lazy_pattern("[^\\W\\d_]{1,7}[市县縣区區町村]")
_SOCIETY = lazy_pattern(r"(?:会|會|部|局|省|院|所|社|组|組|团|団|協|协|課|室|庁|委)$")
_PRESS = lazy_pattern("(?:出版社|出版会|书店|書店|书局|書局|書房|印书馆)$")
_TWO_NAMES = lazy_pattern("[\u4e00-\u9fff]{2,5}[と和][\u4e00-\u9fff]{2,5}")
_LONGEST_COUNTER: Final = 3  # characters, as in 年第
_LONGEST_NAME: Final = 6  # characters


class _Span(NamedTuple):
    """A part between marks: the mark, its first token and end, where the marks are in the text."""

    mark: str
    first: int
    end: int
    start: int
    stop: int


def widened(words: Words, labels: list[str]) -> None:
    """Change labels, in place, where the marks of a reference in Chinese or Japanese say something else."""
    if not _WIDE.search(words.text):
        return
    _kind_of_work(words, labels)
    _between_marks(words, labels)
    _town(words, labels)
    _press(words, labels)
    _counted(words, labels)


def _kind_of_work(words: Words, labels: list[str]) -> None:
    """``费孝通. 乡土中国[M]. 北京``: names up to the first stop, then the title up to the mark of its kind."""
    at = next(
        (
            index
            for index in range(1, len(labels))
            if words.tokens[index].text in _KINDS
            and "[" in words.gaps[index]
            and words.gaps[index + 1][:1] in {"]", "/"}
        ),
        0,
    )
    first = next((index for index in range(1, at) if "." in words.gaps[index] and _is_wide(words, index - 1)), 0)
    if not first or not _is_wide(words, first):
        return
    labels[:first] = ["author"] * first
    labels[first:at] = ["title"] * (at - first)
    labels[at] = "other"
    if words.tokens[at].text == "N" and "container" not in labels and at + 1 < len(labels) and _is_wide(words, at + 1):
        labels[at + 1] = "container"


def _between_marks(words: Words, labels: list[str]) -> None:
    """The first part in marks is the title, the second what it appeared in; names are before, publishers after."""
    spans = _spans(words)
    if not spans or spans[0].first == spans[0].end:
        return
    title = spans[0]
    before = words.text[: title.start]
    if before.strip() and not _NAMES.fullmatch(before):
        return
    edited = _EDITED.search(before) is not None
    for index in range(title.first):
        dated = words.shape(index) == "year" or (labels[index] == "date" and not _is_wide(words, index))
        labels[index] = "date" if dated else "editor" if edited else "author"
        if words.tokens[index].text == "年":
            labels[index] = "other"
    labels[title.first : title.end] = ["title"] * (title.end - title.first)
    rest = title.end
    if len(spans) > 1 and spans[1].mark != "「" and spans[1].end > spans[1].first:
        container = spans[1]
        between = words.text[title.stop : container.start]
        people = "editor" if _EDITED.search(between) and not _CONTAINED.match(between) else "other"
        labels[title.end : container.first] = [people] * (container.first - title.end)
        labels[container.first : container.end] = ["container"] * (container.end - container.first)
        rest = container.end
    wrong = {"title", "author"} | ({"container"} if rest > title.end or _is_imprint(words, rest) else set())
    for index in range(rest, len(labels)):
        if labels[index] in wrong:
            labels[index] = _after_marks(words, index)


def _after_marks(words: Words, index: int) -> str:
    """The label of what comes after the titles and was taken for one: a place, a publisher, or nothing."""
    if not _is_wide(words, index):
        return "other"
    if words.gaps[index + 1].startswith(":"):
        return "place"
    named = ":" in words.gaps[index] or words.gaps[index].strip().endswith('"')
    return "publisher" if named or _IMPRINT.search(words.tokens[index].text) else "other"


def _is_imprint(words: Words, index: int) -> bool:
    """True where the next part is a publisher: directly after the mark, or by its name."""
    if index >= len(words.tokens):
        return False
    return words.gaps[index].strip() == '"' or _IMPRINT.search(words.tokens[index].text) is not None


def _spans(words: Words) -> list[_Span]:
    """The parts in marks that stand for themselves: a title may have the marks of another one in it."""
    text = words.text
    spans = []
    at = 0
    while at < len(text):
        closing = _CLOSING.get(text[at])
        if closing is None:
            at += 1
            continue
        depth, stop = 1, at + 1
        while stop < len(text) and depth:
            depth += (text[stop] == text[at]) - (text[stop] == closing)
            stop += 1
        if depth:
            break
        follows = text[stop : stop + 1]
        free = not follows or follows in _FOLLOWS or follows.isdigit() or follows in _CLOSING or text[at] == "『"
        if free or (text[at] == "「" and ("編" in text[stop:] or "编" in text[stop:])):
            inside = [index for index, token in enumerate(words.tokens) if at < token.start < stop]
            if inside:
                spans.append(_Span(text[at], inside[0], inside[-1] + 1, at, stop))
        at = stop
    return spans


def _counted(words: Words, labels: list[str]) -> None:
    """A number is what the character after it says: ``45巻``, ``2号``, ``2008年``, ``123-130頁``."""
    inside = {index for start, end in runs_of(labels, "title") for index in range(start, end)}
    inside |= {index for start, end in runs_of(labels, "container") for index in range(start, end)}
    for index in range(len(labels) - 1):
        if index in inside or not words.shape(index).startswith(("d", "year")) or words.gaps[index + 1] != "":
            continue
        following = words.tokens[index + 1].text
        label = _COUNTED.get(following[0])
        if label is None or (label == "date" and words.shape(index) not in {"year", "d1", "d2"}):
            continue
        labels[index] = label
        if index and label == "pages" and words.gaps[index].strip() == "-" and words.shape(index - 1)[0] == "d":
            labels[index - 1] = label
        if index + 1 not in inside and len(following) <= _LONGEST_COUNTER and labels[index + 1] != label:
            labels[index + 1] = "other"


def long_name(words: Words, labels: list[str]) -> None:
    """Give the last of some names, in place, to the title where it is far too long for one; two names to the names."""
    author = next(runs_of(labels, "author"), None)
    if author is None:
        return
    end = author[1]
    named = labels[end : end + 2] in (["title", "date"], ["title", "title"]) and words.gaps[end].startswith(",")
    if named and _TWO_NAMES.fullmatch(words.tokens[end].text):
        labels[end] = "author"
        return
    if "title" in labels:
        return
    start, end = author
    last = end - 1
    text = words.tokens[last].text
    if last == start or not _is_wide(words, last) or len(text) <= _LONGEST_NAME or not words.gaps[last].strip():
        return
    if not _SOCIETY.search(text):
        labels[last] = "title"


def _town(words: Words, labels: list[str]) -> None:
    """``商务印书馆, 石家庄市``: a name that ends with the word for a town, alone between marks, is the place."""
    for index, label in enumerate(labels):
        if label not in {"publisher", "volume", "container"} or not _TOWN.fullmatch(words.tokens[index].text):
            continue
        parted = words.gaps[index][:1] in {",", ":", ";"} or (
            index and labels[index - 1] != label and words.gaps[index].strip()
        )
        last = index + 1 == len(labels) or labels[index + 1] != "place"
        alone = parted and words.gaps[index + 1].strip() and last
        if alone and (label != "container" or "container" in labels[:index]) and not words.gaps[index].startswith("("):
            labels[index] = "place"


def _press(words: Words, labels: list[str]) -> None:
    """``会议论文集. 人民出版社``: a house after a container is not of it."""
    if "publisher" in labels:
        return
    for start, end in runs_of(labels, "container"):
        for at in range(start + 1, end):
            if words.gaps[at][:1] in {".", ",", ":", ";"} and _PRESS.search(words.tokens[at].text):
                labels[at] = "publisher"
                return


def _is_wide(words: Words, index: int) -> bool:
    return words.shape(index).startswith("wide")
