"""Rendering of dates (CSL 1.0.2, "Date", "Date-part", "Date Ranges")."""

from __future__ import annotations

from bibtool.structs import dataclass
from bibtool.styles.fieldtext import string_piece
from bibtool.styles.literal import whole
from bibtool.styles.rich import BARE, YEAR, Frame, Node, Out, node_of
from bibtool.styles.textcase import convert, convert_string, is_dotted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bibtool.model.dates import Date, DateParts
    from bibtool.styles.locale import Locale

AD_BELOW = 500  # the specification says 1000; processors agree on 500
EN_DASH = "\N{EN DASH}"
_RANK = {"year": 0, "month": 1, "day": 2}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DatePart:
    """``cs:date-part`` after the localized format and the style's own element were merged."""

    name: str
    form: str = ""
    frame: Frame = BARE
    text_case: str = ""
    strip_periods: bool = False
    range_delimiter: str = EN_DASH

    @property
    def is_plain(self) -> bool:
        """Whether a year is printed as it is."""
        return not (self.form == "short" or self.frame.around or self.text_case)


def render_parts(parts: Sequence[DatePart], date: Date, locale: Locale, year_suffix: Out, delim: str) -> list[Out]:
    """The pieces of a date, in order, still without the delimiter; empty where the date has none of the parts.

    ``year_suffix`` goes after the first year.
    """
    start = date.start or date.end
    if start is None:
        if not date.literal:
            return []
        for part in parts:
            if part.name == "year":
                return [_decorated(string_piece(date.literal), part, Frame(part.frame.fmt), language=locale.lang)]
        return []
    end = date.end if date.start is not None else None
    if end is None:
        pieces = _sequence(parts, start, locale, year_suffix)
        if date.open_start and pieces and any(part.name == "year" for part in parts):
            return [EN_DASH, *pieces]
        if date.open_end and pieces and any(part.name == "year" for part in parts):
            return [*pieces[:-1], _bare_suffix(pieces[-1]), EN_DASH]
        return pieces
    return _range(parts, start, end, locale, year_suffix, delim)


def usual_date(parts: Sequence[DatePart], locale: Locale, delim: str) -> Callable[[Date], Out | None]:
    """What the parts make of a single day, month or year of our time; None for any other date.

    Most dates are such. Their year is not tagged, as it must be where citations collapse.
    """
    years = [part for part in parts if part.name == "year"]
    year_of = years[0] if len(years) == 1 and not years[0].text_case else DatePart(name="")
    frame, has_year, is_short = year_of.frame, year_of.name != "", year_of.form == "short"
    joins = len(parts) > 1 and all(part.frame.fmt is None for part in parts)
    known: dict[tuple[int, int, int | None], str] = {}  # "" for a date that is more than one text

    def render(date: Date) -> Out | None:
        start = date.start
        if start is None or date.end is not None or date.open_start or date.open_end:
            return None
        year, month = start.year, start.month
        if year < AD_BELOW or start.season is not None:
            return None
        if month is None:
            if not has_year or start.day is not None:
                return None
            text = f"{year % 100:02d}" if is_short else str(year)
            return node_of([text], frame) if frame.around else text
        if not joins:
            return None
        key = year, month, start.day
        found = known.get(key)
        if found is None:
            if len(known) == _MOST_KNOWN:
                known.clear()
            found = known[key] = _as_text(parts, start, locale, delim)
        return node_of([found]) if found else None

    return render


_MOST_KNOWN = 4096


def _as_text(parts: Sequence[DatePart], date: DateParts, locale: Locale, delim: str) -> str:
    """The text that several parts without formatting make of a date; "" if it is more than that, or a single part."""
    texts: list[str] = []
    for part in parts:
        text = _value(part, date, locale)
        if text:
            if part.text_case:
                text = convert_string(part.text_case, text, is_dotted(locale.lang))
            prefix, suffix = part.frame.prefix, part.frame.suffix
            if "(" in prefix:  # type: ignore[operator] # text, as all affixes of a style
                return ""  # in other parentheses it may become a bracket
            texts.append(f"{prefix}{text}{suffix}")
    text = delim.join(texts) if len(texts) > 1 else ""
    return text if whole((text,)) is not None else ""


def _bare_suffix(piece: Out) -> Out:
    if isinstance(piece, Node) and piece.frame.suffix:
        return node_of(piece.kids, piece.frame.with_affixes(piece.frame.prefix, ""))
    return piece


def _sequence(parts: Sequence[DatePart], date: DateParts, locale: Locale, year_suffix: Out) -> list[Out]:
    pieces: list[Out] = []
    for part in parts:
        text = _value(part, date, locale)
        if text:
            piece = _decorated(text, part, part.frame, year_suffix, language=locale.lang)
            era = _era(date.year, locale) if part.name == "year" else ""
            pieces.append(node_of([piece, era]) if era else piece)
    return pieces


def _range(
    parts: Sequence[DatePart], start: DateParts, end: DateParts, locale: Locale, year_suffix: Out, delim: str
) -> list[Out]:
    """Parts that both ends share are written once: "1-4 May 2008", "May-July 2008"."""
    shown = [part for part in parts if _value(part, start, locale) or _value(part, end, locale)]
    differing = _largest_difference(shown, start, end)
    if differing is None:
        return _sequence(parts, start, locale, year_suffix)
    rank = _RANK[differing.name]
    inside = [index for index, part in enumerate(shown) if _RANK[part.name] >= rank]
    low, high = inside[0], inside[-1]
    if rank == 0:
        low, high = 0, len(shown) - 1
    middle = shown[low : high + 1]
    first = _sequence(middle, start, locale, "" if rank else year_suffix)
    last = _sequence(middle, end, locale, "")
    pieces = _sequence(shown[:low], start, locale, year_suffix)
    if first and last:
        first[-1] = _bare_suffix(first[-1])
        head = last[0]
        if isinstance(head, Node) and head.frame.prefix:
            last[0] = node_of(head.kids, head.frame.with_affixes("", head.frame.suffix))
        # the two ends are one piece: the delimiter of the date does not go between them
        between = Frame(delim=delim)
        ends: list[Out] = [node_of(first, between), differing.range_delimiter, node_of(last, between)]
        pieces.append(node_of(ends))
    else:
        pieces.extend(first or last)
    pieces.extend(_sequence(shown[high + 1 :], start, locale, year_suffix))
    return pieces


def _largest_difference(parts: Sequence[DatePart], start: DateParts, end: DateParts) -> DatePart | None:
    by_name = {part.name: part for part in parts}
    for name in ("year", "month", "day"):
        part = by_name.get(name)
        if part is None:
            continue
        if name == "month":
            if (start.month, start.season) != (end.month, end.season):
                return part
        elif getattr(start, name) != getattr(end, name):
            return part
    return None


def _value(part: DatePart, date: DateParts, locale: Locale) -> str:
    name = part.name
    if name == "year":
        return _year(date.year, part.form)
    if name == "month":
        return _month(part, date, locale)
    if date.day is None:
        return ""
    return _day(date, part.form, locale)


def _year(year: int, form: str) -> str:
    if year == 0:
        return ""
    if form == "short" and year >= AD_BELOW:
        return f"{year % 100:02d}"
    return str(abs(year))


def _era(year: int, locale: Locale) -> str:
    """The era after an early year ("AD and BC"); it follows the affixes of the year, as in Japanese dates."""
    if year < 0:
        return locale.term("bc") or ""
    return (locale.term("ad") or "") if 0 < year < AD_BELOW else ""


def _month(part: DatePart, date: DateParts, locale: Locale) -> str:
    form = part.form or "long"
    month = date.month
    if month is None:
        if date.season is None:
            return ""
        text = locale.term(f"season-{date.season:02d}") or ""
    elif form == "numeric":
        return str(month)
    elif form == "numeric-leading-zeros":
        return f"{month:02d}"
    else:
        text = locale.term(f"month-{month:02d}", "short" if form == "short" else "long") or ""
    return text.replace(".", "") if part.strip_periods else text


def _day(date: DateParts, form: str, locale: Locale) -> str:
    day = date.day or 0
    if form == "numeric-leading-zeros":
        return f"{day:02d}"
    if form == "ordinal" and not (locale.limit_day_ordinals and day != 1):
        gender = locale.genders.get(f"month-{date.month:02d}", "") if date.month else ""
        return f"{day}{locale.ordinal_suffix(day, gender, ungendered='masculine')}"
    return str(day)


def _decorated(piece: Out, part: DatePart, frame: Frame, year_suffix: Out = "", *, language: str) -> Out:
    if part.text_case:
        changed = convert(part.text_case, piece, language)
        piece = changed
    if part.name == "year":
        # tagged, so that collapsing can leave the year out and keep its suffix
        if year_suffix != "":
            return node_of([node_of([piece], YEAR), year_suffix], frame)
        piece = node_of([piece], YEAR)
    return node_of([piece], frame) if frame.around else piece


def plain_year(date: Date) -> str:
    """The year of a single date that needs no era; "" for other dates."""
    start = date.start
    if start is None or start.year < AD_BELOW or date.end is not None or date.open_start or date.open_end:
        return ""
    return str(start.year)


def sort_key(date: Date, names: frozenset[str]) -> str:
    """A string that orders dates as the specification asks ("Sorting Variables"), by the given parts only.

    Negative years come first; the end of a range after the start; a single date before a range.
    """
    start = date.start or date.end
    if start is None:
        return ""
    first = _key_of(start, names)
    if date.end is not None and date.start is not None:
        return f"{first}-{_key_of(date.end, names)}"
    return f"{first}-000000000"


def date_key(date: Date, names: frozenset[str]) -> str:
    """What a date is sorted by: `sort_key`, or the words that stand for it."""
    return sort_key(date, names) or date.literal


def _key_of(parts: DateParts, names: frozenset[str]) -> str:
    year = parts.year if "year" in names else 0
    month = (parts.month or 0) if "month" in names else 0
    day = (parts.day or 0) if "day" in names else 0
    return f"{year + 5_000_000:07d}{month:02d}{day:02d}"
