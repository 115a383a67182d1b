"""Years, dates, months."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bibtool.bib.values import MONTH_MACROS, month_macro
from bibtool.check.rule import field_rule
from bibtool.check.source import Edit, Fix, Hit
from bibtool.formats.bibtex.dates import parse_year_month
from bibtool.lazy import lazy_pattern
from bibtool.model.monthnames import MONTH_NAMES
from bibtool.problems import Severity, quoted
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.source import CheckedField

_PLAIN = lazy_pattern(r"\d{4}", re.ASCII)
_ANY = lazy_pattern(r"(?<!\d)\d{4}(?!\d)", re.ASCII)
_UNKNOWN = lazy_pattern(r"\d{0,3}[?xX-]{1,4}", re.ASCII)  # 19xx, 198?, ????: the gap is there on purpose
_STATE = lazy_pattern(r"press|appear|forthcoming|submi|prepar|accept|review|preprint|draft", re.IGNORECASE)
_WORDS = lazy_pattern(
    rf"{_STATE.pattern}|undated|unpublished|n\.?\s?d\.?$|no date|"
    r"s\.\s?[ad]\.|\bc\.|\bca\b|circa|before|after|century|\bb?\.?c\.?e?\.?$|\ba\.?d\b|^-|unknown|ongoing|present",
    re.IGNORECASE,
)


@field_rule("VAL001", "bad-year", fields={"year"}, fixable=True)
def bad_year(field: CheckedField, _: Context) -> Iterator[Hit]:
    """A year that can't be one.

    ## What it does
    Reports values of `year` without a number of four digits, with letters or marks after it, with a month or season
    in addition, or beyond 2100. Ranges, circa, years before the common era and `198?` are fine. Words such as
    `in press` are reported as a note, which doesn't change the exit code.

    ## Why is this bad
    Styles sort and label by the year; anything else ends up in the wrong place.

    ## Fix
    Safe for a comma, full stop or semicolon after the year, which is removed.

    ## Known limits
    A wrong year with four digits is not found, nor one that differs from `date`. Years in other scripts and calendars
    are not judged.

    ## Example
    ```bibtex
    year = {20I9}
    ```

    ## Use instead
    ```bibtex
    year = {2019}
    ```

    ## References
    * btxdoc.tex, section 3.2: the last four characters of `year` should be digits
    """
    value = field.content.strip("{} \t\r\n")
    if not value:
        return
    if _PLAIN.fullmatch(value):
        if not 1 <= int(value) <= 2100:
            yield field.hit(f"{value} can't be the year")
        return
    if _STATE.search(value) and not _ANY.search(value):
        yield replace(
            field.hit(
                f"{quoted(value[:40])} is not a year to sort and label by",
                hint="write the year that is expected, and this in pubstate (BibLaTeX) or note",
            ),
            severity=Severity.NOTE,
        )
        return
    if _WORDS.search(value) or _UNKNOWN.fullmatch(value) or not value.isascii():
        return
    if re.fullmatch(r"\d+", value):
        yield field.hit(f"{quoted(value[:40])} is not a year: it has {len(value)} digits", hint="write all four digits")
    elif re.fullmatch(r"\d{4}[.,;]", value):
        yield field.hit(
            f"there is a {value[-1]!r} after the year",
            hint="remove it",
            new=value[:4],
            done="mark after the year removed",
        )
    elif re.fullmatch(r"\d{4}[a-z]", value):
        yield field.hit(
            f"{quoted(value)} has a letter after the year", hint="styles add such letters themselves; remove it"
        )
    elif not _ANY.search(value):
        yield field.hit(f"{quoted(value[:40])} is not a year", hint="write four digits")
    else:
        yield from _more_than_a_year(field, value)


def _more_than_a_year(field: CheckedField, value: str) -> Iterator[Hit]:
    """A hit for a year with a month or season, or with the year of the copyright."""
    date, _, _ = parse_year_month(value)
    if date.start is None or date.literal:
        return
    if date.start.month is not None or date.start.season is not None:
        hint = "write the four digits alone, and the month in month"
        yield field.hit(f"{quoted(value[:40])} says more than the year", hint=hint)
    elif "copyright" in value:
        yield field.hit(f"{quoted(value[:40])} says more than the year", hint=f"write {date.start.year}")


_SIDE = lazy_pattern(
    r"(?:-?\d{4}|\d{3}X|\d{2}XX|Y-?\d{5,9})(?:-(\d{2}|XX)(?:-(\d{2}|XX))?)?"
    r"(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?[?~%]?",
    re.ASCII | re.IGNORECASE,
)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@field_rule("VAL002", "bad-date", fields={"date", "origdate", "eventdate", "urldate"})
def bad_date(field: CheckedField, context: Context) -> Iterator[Hit]:
    """A date that biblatex can't read.

    ## What it does
    Reports values of `date`, `origdate`, `eventdate` and, in files written for BibLaTeX, `urldate` that are not
    dates of ISO 8601-2 (EDTF), or name a day that doesn't exist.

    ## Why is this bad
    biber warns and leaves the date out.

    ## Known limits
    EDTF beyond what biber reads, such as `1XXX` or sets, is called wrong. Whether the end comes before the beginning is
    not checked. A data base's own field `date` in a BibTeX file is judged too: no style of BibTeX reads it, but biber
    would.

    ## Example
    ```bibtex
    date = {30.2.2022}
    ```

    ## Use instead
    ```bibtex
    date = {2022-02-28}
    ```

    ## References
    * biblatex manual, section 2.3.8 (date and time specifications)
    """
    value = field.content.strip("{} \t\r\n")
    if not value or (field.name == "urldate" and context.dialect(field.entry) == "bibtex"):
        return
    sides = value.split("/")
    if len(sides) <= 2 and all(_is_date(side) or (len(sides) == 2 and side in ("", "..")) for side in sides):
        return
    yield field.hit(f"{quoted(value[:60])} is not a date to biblatex", hint="write it as 2022-02-28, 2022-02 or 2022")


def _is_date(text: str) -> bool:
    date = _SIDE.fullmatch(text)
    if not date:
        return False
    month, day = date[1], date[2]
    if month is None or not month.isdigit():
        return True
    if 21 <= int(month) <= 41:
        return day is None
    if not 1 <= int(month) <= 12:
        return False
    if int(month) == 2 and day == "29" and text[:4].isdigit():
        year = int(text[:4])
        return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return day is None or not day.isdigit() or 1 <= int(day) <= _DAYS[int(month) - 1]


def _is_mistaken(month: str) -> bool:
    """Whether a text was meant to be one month, and is none."""
    if month.isalpha():
        return len(month) > 3 and bool(get_close_matches(month, [name.casefold() for name in MONTH_NAMES], 1, 0.75))
    return re.fullmatch(r"\d{1,2}|\d{4}(?:-\d{1,2}){0,2}", month) is not None


@field_rule("VAL006", "month-not-macro", fields={"month"}, fixable=True)
def month_not_macro(field: CheckedField, context: Context) -> Iterator[Hit]:
    """A month that isn't written as a macro.

    ## What it does
    Reports months that are written out, abbreviated in braces, or, in files for BibTeX, as numbers. Words that are
    almost the name of a month (`Septembr`), and numbers that are not 1 to 12, are reported as well; they are lost in
    lists.

    ## Why is this bad
    Styles define `jan` to `dec` in the language and length that they want; text in braces stays English and can't be
    sorted.

    ## Fix
    Safe: every style defines the twelve macros.

    ## Known limits
    Months in languages other than English are not recognised, nor seasons.

    ## Example
    ```bibtex
    month = {January}
    ```

    ## Use instead
    ```bibtex
    month = jan
    ```

    ## References
    * btxdoc.tex, section 3.2: `month`
    * biblatex manual, section 2.3.9 (months and journal issues)
    """
    value = field.value
    text = value.strip('{}" \t\r\n').rstrip(".").casefold()
    if len(text) > 40 or value.casefold() in MONTH_MACROS or "#" in value:
        return
    macro = month_macro(text)
    if macro is None:
        more = re.fullmatch(r"([^\W\d_]+)\.?[\s~/\u2013-]+(.*)", text) if field.inner >= 0 else None
        if more and (first := month_macro(more[1])):
            last = re.fullmatch(r"(?:and |\\?& )?([^\W\d_]+)", more[2])
            second = month_macro(last[1]) if last else None
            days = re.fullmatch(r"(\d{1,2})(?:[-\u2013]+(\d{1,2}))?", more[2])
            day = "--".join(filter(None, days.groups())) if days else "12"
            with_day = f'write {first} # "~{day}"' + ("" if days else " for a day") + ", or a date field"
            hint = f'write {first} # "--" # {second}' if second else with_day
            if _PLAIN.fullmatch(more[2]):
                dated = "year" in field.entry or "date" in field.entry
                hint = f"write {first}, " + ("without the year" if dated else f"and year = {{{more[2]}}}")
            yield field.hit(f"{quoted(field.content.strip())} is not just a month", hint=hint)
        elif field.inner >= 0 and _is_mistaken(text) and not parse_year_month("2000", field.content)[1]:
            yield field.hit(f"{quoted(field.content.strip())} is not a month", hint="write jan to dec, without braces")
        return
    if text.isdigit() and context.dialect(field.entry) == "biblatex":
        return
    start, end = field.raw.value, field.raw.value_end
    yield Hit(
        file=field.file,
        entry=field.entry,
        start=start,
        end=end,
        message=f"the month is written as {value[:40]} and not as a macro",
        hint=f"write {macro}, without braces",
        fix=Fix(f"month as the macro {macro}", (Edit(start, end, macro),)),
    )
