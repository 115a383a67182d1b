"""Lists with one work a line, or a paragraph: one form of line serves the whole list, or the list is not read.

A form is written as it looks: ``{names} ({year}). {title}. {venue}``. Each item is cut at the separators of the form
where that costs least (see `bibtool.formats.listing.namecost`); the form that most items have is the one of the list.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bibtool.formats.listing.people import people_of
from bibtool.formats.listing.profile import LayoutResult
from bibtool.formats.listing.sound import is_sound_list, title_cost
from bibtool.formats.listing.venues import DOI, VENUE_WORDS, YEAR, venue_parts
from bibtool.formats.listing.works import make_work
from bibtool.lazy import lazy_pattern
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bibtool.formats.base import ReadOptions
    from bibtool.formats.listing.build import ListedRecord
    from bibtool.formats.listing.lines import Line

# private characters that readers of marked-up lists put around emphasised text, and between blocks of an item
EM, END_EM, BLOCK = "\ue001", "\ue002", "\ue003"

# "//" is where the source itself marks the next block; "<" and ">" mark emphasised text
FORMS: Final[tuple[str, ...]] = (
    "{names}: {title}. {venue}",
    "{names} ({year}). {title}. {venue}",
    "{names} ({year}): {title}. {venue}",
    "{names} ({year}) {title}. {venue}",
    "{names}, {year}. {title}. {venue}",
    "{names}. {year}. {title}. {venue}",
    "{names} ({year}). \u201c{title}\u201d {venue}",
    "{names} \u201c{title}\u201d {venue}",
    "\u201c{title}\u201d {names}. {venue}",
    "{names} ({year}). // {title} // {venue}",
    "{names} // {title} // {venue}",
    "{title} // {names} // {venue}",
    "{names} <{title}> {venue}",
    "<{title}> {names}. {venue}",
    "{names}. {title}. {venue}",
    "{title}. {names}. {venue}",
    "{title}, by {names}. {venue}",
    "{title} | {names} | {venue}",
    "{title} - {names} - {venue}",
    "{names} - {title} - {venue}",
    "{names}, {title}, {venue}",
)
_SEPARATORS: Final = {
    ". ": r"(?<!\b[^\W\d_]\.)(?<![^\W\d_]\.\s[^\W\d_]\.)(?:(?<=[.?!])|(?<=[.?!][\"\u201d]))\s+(?=\S)",
    ": ": r":\s+",
    " (": r",?\s*\((?=(?:1[5-9]|20)\d\d)",
    "). ": r"[a-z]?\)\.\s+",
    "). // ": rf"[a-z]?\)[.,:]?\s*{BLOCK}\s*",
    "): ": r"[a-z]?\):\s+",
    ") ": r"[a-z]?\),?\s+(?![.:])",
    ", ": r",\s+",
    ", by ": r",?\s+by:?\s+",
    " | ": r"\s*[|\u2022]\s*",
    " - ": r"\s+[-\u2013\u2014]\s+",
    " // ": rf"\s*{BLOCK}\s*",
    " \u201c": '[,.:]?\\s*[\u201c"\u201e\u00ab]',
    "\u201c": '[\u201c"\u201e\u00ab]',
    "\u201d ": '[,.]?[\u201d"\u201c\u00bb][,.]?\\s+',
    "). \u201c": '[a-z]?\\)[.,:]?\\s*[\u201c"\u201e\u00ab]',
    " <": rf"[,.:]?\s*{EM}",
    "<": rf"\s*{EM}",
    "> ": rf"[,.]?{END_EM}[,.]?\s*",
}
# what the source itself marks is worth more than a full stop, and commas are everywhere
_FOR_OR_AGAINST: Final = {
    "{names} ({year}). // {title} // {venue}": -0.5,
    "{names} // {title} // {venue}": -0.5,
    "{title} // {names} // {venue}": -0.5,
    "{names} <{title}> {venue}": -0.4,
    "{names}, {title}, {venue}": 1.0,
}
_FORMS_OF_PAGES: Final = frozenset(
    form for form in FORMS if form.startswith(("{title}", "<", "\u201c", "{names}: {title}"))
)
_FIELD = lazy_pattern(r"\{(\w+)\}")
_MAX_CUTS: Final = 24
_MAX_ITEM: Final = 3000
_MOST: Final = 0.8
_DEAREST: Final = 2.2
LABEL: Final = lazy_pattern(
    r"(?:\[[^\[\]]{1,24}\]|\(?\d{1,4}[.)\]]|\(?[A-Z]{1,2}-?\d{1,3}[.):\]]|"
    r"[-*\N{BULLET}\N{EN DASH}\N{MIDDLE DOT}\N{WHITE BULLET}\N{BLACK SMALL SQUARE}])\s+"
)
_BADGE_WORDS = (
    r"(?:pdf|code|slides?|video|bibtex|bib|doi|arxiv|poster|project(?: page)?|supplement\w*|abs(?:tract)?|html|"
    r"data(?:set)?|"
    r"demo|talk|website|paper|preprint|link|cite|github|openreview|appendix|blog|url|full text|software|journal)"
)
_BADGES = lazy_pattern(
    rf"(?:[\s,;|]*(?:[\[(]{{1,2}}\s?{_BADGE_WORDS}\s?[\])]{{1,2}}|(?<=[\])|.\s]){_BADGE_WORDS}(?=\W*$|"
    rf"\s*[\[(|])))+[\s,;|.]*$",
    re.IGNORECASE,
)
_DOI_BEHIND = lazy_pattern(rf"(?:https?://(?:dx\.)?doi\.org/|doi:\s?)(?P<DOI>{DOI})(?=[\s,;.)\]]*$)", re.IGNORECASE)
_INVERTED = lazy_pattern(r"(?:[^\W\d_A-ZÀ-Þ][\w’']*\s)*[^\s,.]+,\s*[^\W\d_]")
_ODD_VENUE = lazy_pattern(r"https?://|\d\s?\(\d|(?<=[^\W\d_]{2}):\s[^\W\d_a-zß-ÿ]|\d[-\u2013]\d+[.,]")
# what chapters, papers in books and theses have, and no title of an article: they are not of the form of their list
_OTHER_KIND = lazy_pattern(
    r"[(\[](?:eds?|editors?|hrsg|hg|dirs?|coords?|orgs?|ред|red)\.?[)\]]|\((?:[^()]{0,30}, )?pp?\. ?\d|"
    r"\[[^\[\]]{0,40}\b(?:dissertation|thesis)\b|\((?:report|tech\w*|working|discussion)\b[^()]{0,30}\bno\b",
    re.IGNORECASE,
)
_IN_TITLE = lazy_pattern(r"[.?!][\"\u201d]? In:? [^\W\d_a-zß-ÿ]")
_HAS_YEAR = lazy_pattern(rf"(?<!\d){YEAR}(?!\d)|arxiv:\s?\d{{4}}\.\d", re.IGNORECASE)
# words that journals and proceedings are abbreviated with, after ISO 4; a stop after one ends no title
_ABBREVIATED: Final = frozenset(
    "abstr acad acoust adv aerosp agric algebr am amer anal ann annu appl arch artif assoc astron astrophys atmos "
    "autom automat biochem bioinform biol biomed bull bus chem clin cogn collab comb combin comm commun comp comput "
    "conf constr contr cryptogr cryptol curr cybern decis demogr des dev differ digit discret distrib doc dyn ecol "
    "econ econom educ electr electron endow eng entom environ ergod eur evol exp finan found funct "
    "fundam gen genet geogr geol geom geophys geosci grad hist hum imag ind inf inform innov inst instrum int intell "
    "interact intern intl jpn knowl lang lett libr linguist log mach mag magn manag manage manuf mater math meas mech "
    "med mem methodol microbiol mob mod mol multim multimed nat natl navig netw neurol neurosci numer oceanogr "
    "oper opt optim percept perform pers perspect pharmacol philos phys physiol polit pract proc process prod prog "
    "program propag psychol publ quant quart recognit reliab rep res resour rev robot sci secur sel semant sens "
    "ser serv simul soc sociol softw spectr stat statist stoch stud suppl surg surv symb symp syst tech technol "
    "telecommun theor theoret top topol trans transp univ veh vis wirel zool".split()
)
_WORD_BEFORE = lazy_pattern(r"(?<![^\W\d_])[^\W\d_]+$")
_ENDS = lazy_pattern(r"[.?!][\"\N{RIGHT DOUBLE QUOTATION MARK}]?\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Item:
    """A work of a list: its lines, and its text without label and badges, emphasis and blocks marked."""

    lines: tuple[Line, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Cut:
    """An item cut by a form, and what speaks against it."""

    fields: dict[str, str]
    cost: float


def strip_badges(text: str) -> str:
    """The text without "[pdf] [code]" after it."""
    if len(text) > _MAX_ITEM:
        return text
    badges = _BADGES.search(text, max(0, len(text) - 200))
    return text[: badges.start()].rstrip() if badges and badges.start() else text


@lru_cache(maxsize=1024)
def title_and_venue(text: str) -> tuple[str, str] | None:
    """``Title. Venue 35(8): 1-9 (2013)`` cut in two, None where no venue with a year follows a full stop."""
    best: tuple[float, str, str] | None = None
    for number, end in enumerate(_ENDS.finditer(text[:_MAX_ITEM])):
        if number >= _MAX_CUTS:
            break
        title, venue = text[: end.start() + 1], text[end.end() :]
        cost = _venue_cost(venue, abbreviated=True)
        if cost is None or (against := title_cost(title)) is None:
            continue
        # the first full stop ends the title, and a question mark does where no full stop follows
        cost += against + 0.4 * number + (0.9 if end[0][0] != "." else 0.0)
        cost += _abbreviation_cost(title)
        if best is None or cost < best[0]:
            best = cost, title, venue
    return best[1:] if best else None


def _is_abbreviation(before: str) -> bool:
    """Whether the text before a full stop ends in a word that is one of a venue, or in a letter."""
    word = _WORD_BEFORE.search(before, max(0, len(before) - 20))
    return word is not None and word[0][0].isupper() and (len(word[0]) == 1 or word[0].lower() in _ABBREVIATED)


def _abbreviation_cost(title: str) -> float:
    """What speaks against the end of a title: it is an abbreviation, or a last sentence of one short word."""
    if not title.endswith("."):
        return 0.0
    if _is_abbreviation(title[:-1]):
        return 2.0
    before, _, last = title[:-1].rpartition(". ")
    word = _WORD_BEFORE.search(before, max(0, len(before) - 20))
    ended = word is not None and len(word[0]) > 3  # not "vs."
    return 1.2 if ended and last.isalpha() and last.istitle() and len(last) < 8 else 0.0


def _venue_cost(venue: str, *, dated: bool = False, abbreviated: bool = False) -> float | None:
    """What speaks against a text as venue, year and pages; None for one that holds none of these.

    ``abbreviated``: full stops after abbreviations are those of a name, ``IEEE Trans. Inf. Theory``.
    """
    parts = venue_parts(venue)
    has_year = dated or "year" in parts or "issued" in parts
    name = parts.get("container-title", "")
    if not name and "arxiv" not in parts and "DOI" not in parts:
        return None
    if not has_year and not parts.get("arxiv"):
        return None
    cost = 0.0 if VENUE_WORDS.search(name) or "volume" in parts or "arxiv" in parts else 0.5
    if not name:
        cost += 0.3
    if name[:1].islower() or len(name) > 250:
        cost += 1.0
    stops = [name[: end.start()] for end in _ENDS.finditer(name)]
    return cost + 0.8 * sum(not (abbreviated and _is_abbreviation(before)) for before in stops)


@lru_cache(maxsize=64)
def _compiled(form: str) -> tuple[str, tuple[tuple[str, re.Pattern[str] | None], ...]]:
    """The separator that a form begins with, and its fields, each with the pattern of the separator after it."""
    pieces = _FIELD.split(form)
    fields = []
    for name, behind in zip(pieces[1::2], pieces[2::2], strict=True):
        fields.append((name, re.compile(_SEPARATORS[behind], re.IGNORECASE) if behind else None))
    return pieces[0], tuple(fields)


def cut(text: str, form: str) -> Cut | None:
    """The cheapest way to cut a text by a form, None where it does not have that form."""
    opening, fields = _compiled(form)
    if opening:
        start = re.compile(_SEPARATORS[opening]).match(text)
        if start is None:
            return None
        text = text[start.end() :]
    if "<" not in form:
        text = text.replace(EM, "").replace(END_EM, "")
    if "//" not in form:
        text = " ".join(text.replace(BLOCK, " ").split())
    return _cut(text, fields, dated=False)


def _cut(text: str, fields: Sequence[tuple[str, re.Pattern[str] | None]], *, dated: bool) -> Cut | None:
    name, behind = fields[0]
    if behind is None:
        cost = _cost(name, text, dated=dated)
        return None if cost is None else Cut({name: text}, cost)
    best: Cut | None = None
    last = fields[1][0] == "venue" and name == "title"
    for number, separator in enumerate(behind.finditer(text)):
        if number >= _MAX_CUTS:
            break
        value = text[: separator.start()]
        cost = _cost(name, value, dated=dated)
        if cost is None or cost > _DEAREST:
            continue
        if best is not None and cost >= best.cost:
            continue
        rest = _cut(text[separator.end() :], fields[1:], dated=dated or name == "year")
        if rest is None:
            continue
        total = cost + rest.cost + (0.4 * number if last else 0.0)
        if last and value.endswith(("?", "!")):
            total += 0.9
        if last:
            total += _abbreviation_cost(value.strip())
        if best is None or total < best.cost:
            best = Cut({name: value, **rest.fields}, total)
    return best


def _cost(name: str, value: str, *, dated: bool) -> float | None:
    value = value.strip(f" ,;{EM}{END_EM}{BLOCK}")
    if not value:
        return None
    if name == "names":
        people = people_of(value.replace(EM, "").replace(END_EM, ""))
        return people.cost if people.cost <= _DEAREST else None
    if name == "year":
        return 0.0 if re.fullmatch(rf"{YEAR}[a-z]?|in press|to appear", value) else None
    if _OTHER_KIND.search(value):
        return None
    if name == "title":
        is_title = len(value) <= 400 and value[0] != "(" and _IN_TITLE.search(value) is None
        return title_cost(value) if is_title else None
    return _venue_cost(value.replace(EM, "").replace(END_EM, "").replace(BLOCK, " "), dated=dated, abbreviated=True)


def items_of(lines: Sequence[Line]) -> list[Item]:
    """The items of a list: lines with labels and what continues them, paragraphs between blank lines, or lines."""
    labelled = [LABEL.match(line.text) is not None for line in lines]
    groups: list[list[Line]] = []
    if sum(labelled) >= 2:
        for line, is_start in zip(lines, labelled, strict=True):
            if is_start:
                groups.append([line])
            elif groups and not line.gap and len(groups[-1]) < 12 and not _HEADING.fullmatch(line.text):
                groups[-1].append(line)
            else:
                groups.append([line])
    elif _is_wrapped(lines):
        for line in lines:
            if line.gap or not groups or len(groups[-1]) >= 12:
                groups.append([line])
            else:
                groups[-1].append(line)
    else:
        groups = [[line] for line in lines]
    return [Item(tuple(group), item_text(line.text for line in group)) for group in groups]


_HEADING = lazy_pattern(r"(?=.{1,60}$)[A-Z][^.,;:?!\d]*(?:\(\d+\))?:?|#{1,6} .{1,80}|[A-Z &-]{4,60}")


def _is_wrapped(lines: Sequence[Line]) -> bool:
    """True for paragraphs of several lines between blank ones, of which most lines are too short for a work."""
    gaps = sum(line.gap for line in lines)
    with_year = sum(_HAS_YEAR.search(line.text[:_MAX_ITEM]) is not None for line in lines)
    return gaps > 1 and gaps * 1.4 < len(lines) and with_year < 0.8 * len(lines)


def item_text(texts: Iterable[str]) -> str:
    """The lines of an item as one, without its label and badges; a word that was broken at a line's end is whole."""
    joined = ""
    for text in texts:
        if joined.endswith("-") and len(joined) > 1 and joined[-2].isalnum() and text[:1].isalnum():
            number = re.match(r"[\d.]+[-\N{EN DASH}]", text)
            if text[0].islower() or number:
                joined = joined[:-1]
            joined += text
        else:
            joined += (" " if joined else "") + text
    label = LABEL.match(joined)
    return strip_badges(joined[label.end() :] if label else joined)


def read_one_line_list(lines: Sequence[Line], options: ReadOptions) -> LayoutResult:
    """The records of the items that have the form of most items; nothing where no form is that of most."""
    return read_items_of_list(items_of(lines), lines, options)


def is_citation_list(lines: Sequence[Line]) -> bool:
    """True for a list in a form that citation styles have, too.

    Pages have their titles first, or a colon after the names; but after family names that come first (``Lind, Anna:``)
    styles have one as well.
    """
    form, cuts = _form_of_list(items_of(lines))
    if form not in _FORMS_OF_PAGES:
        return True
    inverted = sum(_INVERTED.match(made.fields.get("names", "")) is not None for _, made in cuts)
    return form.startswith("{names}: ") and inverted * 2 > len(cuts)


def _form_of_list(items: Sequence[Item]) -> tuple[str, list[tuple[Item, Cut]]]:
    """The form that most items have, and the items cut by it; "" where no form is that of most."""
    works = [item for item in items if 30 <= len(item.text) <= _MAX_ITEM and _HAS_YEAR.search(item.text)]
    sample = works[:40]
    best, least = "", 0.0
    for form in FORMS if len(works) > 1 else ():
        tried = [cut(item.text, form) for item in sample]
        good = [made.cost for made in tried if made is not None and made.cost <= _DEAREST + 1.0]
        if len(good) < _MOST * len(sample):
            continue
        share = len(good) / len(sample)
        mean = _FOR_OR_AGAINST.get(form, 0.0) + sum(good) / len(good) + 3.0 * (1 - share)
        if not best or mean < least - 1e-9:
            best, least = form, mean
    if not best:
        return "", []
    made_all = [(item, made) for item in works if (made := cut(item.text, best)) is not None]
    cuts = [(item, made) for item, made in made_all if made.cost <= _DEAREST + 1.0]
    return (best, cuts) if len(cuts) > 1 and len(cuts) >= _MOST * len(works) else ("", [])


def read_items_of_list(items: Sequence[Item], lines: Sequence[Line], options: ReadOptions) -> LayoutResult:
    """As `read_one_line_list`, for items that another reader has found."""
    form, cuts = _form_of_list(items)
    if not form:
        return LayoutResult(rest=tuple(lines))
    records = [_record(item, made, options) for item, made in cuts]
    if not is_sound_list([record.record for record in records]):
        return LayoutResult(rest=tuple(lines))
    odd = sum(_ODD_VENUE.search(record.record.text("container-title")) is not None for record in records)
    if odd * 4 >= len(records) and form not in _FORMS_OF_PAGES:
        return LayoutResult(rest=tuple(lines))  # books, numbers in other places: for the reader of references
    used = {number for record in records for number in record.lines}
    return LayoutResult(tuple(records), (), tuple(line for line in lines if line.number not in used))


def _record(item: Item, made: Cut, options: ReadOptions) -> ListedRecord:
    line = item.lines[0]
    strip = f" {EM}{END_EM}{BLOCK}"
    texts = {name: value.strip(strip).replace(EM, "").replace(END_EM, "") for name, value in made.fields.items()}
    fields = {name: (line, value) for name, value in texts.items() if name != "names"}
    return make_work(fields, [(line, texts["names"])], item.lines, options, sure=max(0.5, 0.95 - made.cost / 10))
