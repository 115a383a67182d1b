"""Values: page ranges, braces, mathematics, invisible and wrongly decoded characters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.check.rule import field_rule, project_rule
from bibtool.check.vocabulary import PRINTED
from bibtool.lazy import lazy_pattern
from bibtool.problems import Severity, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.source import CheckedField, Hit

_DASHES = r"---?|[\u2010-\u2015\u2212]+|\\textendash(?:\{\}|\s)|-"
_RANGE = lazy_pattern(
    r"(?:pp?\.?[\s~]{0,9})?(?P<from>(?P<prefix>[A-Za-z]{0,5})(?:\d{1,9}:)?(?P<first>\d{1,9})[a-z]?|[ivxlc]{1,9})"
    rf"(?P<dash>\s*(?:{_DASHES})\s*)"
    r"(?P<to>(?P<prefix2>[A-Za-z]{0,5})(?:\d{1,9}:)?(?P<last>\d{1,9})[a-z]?|[ivxlc]{1,9})",
    re.ASCII,
)


@field_rule("VAL003", "page-range-dash", fields={"pages"}, fixable=True)
def page_range_dash(field: CheckedField, context: Context) -> Iterator[Hit]:
    """A page range with a single hyphen or a Unicode dash.

    ## What it does
    Reports page ranges that are not written with two hyphens: `97-111`, `97–111`, `97---111`. Numbers of articles and
    pages with a hyphen of their own (`S-12`, `3-1--3-20`) are left alone, and so are all ranges in BibLaTeX: biber
    reads every dash as that of a range.

    ## Why is this bad
    `97-111` is typeset with a hyphen in place of a dash, and programs that look for `--` see no range.

    ## Fix
    Safe: only the dash is replaced.

    ## Known limits
    Hyphens that may belong to a page number (`S-12`, `3-1`) and ranges whose end is smaller are left alone, even if a
    range was meant. One page written twice (`5-5`) is not reported.

    ## Example
    ```bibtex
    pages = {97-111}
    ```

    ## Use instead
    ```bibtex
    pages = {97--111}
    ```

    ## References
    * btxdoc.tex, section 3.2: `pages`
    * biblatex manual, 2.2.1: range fields
    """
    content = field.content
    if len(content) > 10_000 or ("-" not in content and "\\" not in content and content.isascii()):
        return
    at = 0
    for part in content.split(","):
        bare = part.strip("{} \t\r\n")
        begin = at + part.find(bare)
        at += len(part) + 1
        pages = _RANGE.fullmatch(bare)
        if pages is None or pages["dash"].strip() == "--" or not _is_range(pages):
            continue
        if context.dialect(field.entry) == "biblatex":
            return
        first, last = (begin + offset for offset in pages.span("dash"))
        what = "a single hyphen" if pages["dash"].strip() == "-" else f"{pages['dash'].strip()!r}"
        yield field.hit(
            f"the page range {quoted(bare)} is written with {what}",
            first,
            last,
            hint=f"write {pages['from']}--{pages['to']}",
            new="--",
            done="page range with two hyphens",
        )


def _is_range(pages: re.Match[str]) -> bool:
    """Whether the second page comes after the first, written in full or without its leading digits."""
    if pages["first"] is None or pages["last"] is None:
        return pages["first"] is None and pages["last"] is None
    if pages["prefix2"] and pages["prefix"].lower() != pages["prefix2"].lower():
        return False
    first, last = pages["first"], pages["last"]
    if pages["dash"].strip() != "-" and len(last) >= len(first):
        return True
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return int(last) > int(first) or ":" in pages["from"]


_BRACE = lazy_pattern(r"\\.|[{}]", re.DOTALL)


@project_rule("VAL004", "unbalanced-braces")
def unbalanced_braces(context: Context) -> Iterator[Hit]:
    r"""Braces that don't match for LaTeX.

    ## What it does
    Reports values in which BibTeX counts the same number of opening and closing braces but LaTeX doesn't, as a
    backslash comes before one of them. (Braces that BibTeX itself can't match make the whole entry unreadable:
    SYN001.)

    ## Why is this bad
    LaTeX stops with an error far from the cause.

    ## Known limits
    Braces within `\verb` are counted too.

    ## Example
    ```bibtex
    title = {The set \{ a } of all sets}
    ```

    ## Use instead
    ```bibtex
    title = {The set \{ a \} of all sets}
    ```

    ## References
    * btxdoc.tex, section 2.1: braces must balance, whatever comes before them
    """
    for file in context.files:
        if "\\{" not in file.text and "\\}" not in file.text:
            continue
        for entry in file.entries:
            for field in entry.fields:
                if ("\\{" in field.content or "\\}" in field.content) and not _balanced(field.content):
                    yield field.hit(
                        f"the braces of {field.shown!r} don't match for LaTeX, which doesn't count \\{{ and \\}}",
                        hint="write \\{ and \\} in pairs, or \\lbrace and \\rbrace",
                    )


def _balanced(content: str) -> bool:
    depth = 0
    for brace in _BRACE.finditer(content):
        if brace[0] == "{":
            depth += 1
        elif brace[0] == "}":
            depth -= 1
            if depth < 0:
                return False
    return depth == 0


_DOLLAR = lazy_pattern(r"\\.|\$", re.DOTALL)


@field_rule("VAL005", "unbalanced-dollar", fields=PRINTED, severity=Severity.ERROR)
def unbalanced_dollar(field: CheckedField, _: Context) -> Iterator[Hit]:
    r"""An odd number of dollar signs.

    ## What it does
    Reports values with a `$` that begins mathematics and none that ends it. `\$` is a dollar and is not counted.

    ## Why is this bad
    LaTeX sets the rest of the reference, often of the whole page, as mathematics, or stops.

    ## Known limits
    Two missing dollars, or a price and a formula in one value, make an even number and are not found.

    ## Example
    ```bibtex
    title = {The cost of $O(n log n) sorting}
    ```

    ## Use instead
    ```bibtex
    title = {The cost of $O(n \log n)$ sorting}
    ```

    ## References
    * The TeXbook, chapter 16
    """
    if "$" not in field.content:
        return
    places = [sign.start() for sign in _DOLLAR.finditer(field.content) if sign[0] == "$"]
    if len(places) % 2:
        yield field.hit(
            f"{field.shown!r} has a $ without its partner",
            places[-1],
            places[-1] + 1,
            hint="write \\$ for the sign, or close the mathematics",
        )


_BAD = lazy_pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]+")
# taking these away joins or changes nothing that was meant to be separate
_NOTHING = lazy_pattern("[\x00-\x08\x0e-\x1f\x7f\u200b\u2060\ufeff]+")


@project_rule("VAL007", "control-character", fixable=True)
def control_character(context: Context) -> Iterator[Hit]:
    """A character that can't be seen.

    ## What it does
    Reports control characters, zero-width spaces, byte order marks and marks of writing direction inside values.

    ## Why is this bad
    They come with text copied from web pages and PDF files. Links and identifiers with them are broken, searches fail,
    and LaTeX stops at them.

    ## Fix
    Safe for characters that mean nothing; separators and marks of direction are left for you.

    ## Known limits
    Spaces of other widths, soft hyphens and the joiners that Persian and Indian scripts need are not reported.

    ## Example
    ```bibtex
    doi = {10.1093/comjnl<U+200B>/27.2.97}
    ```

    ## Use instead
    ```bibtex
    doi = {10.1093/comjnl/27.2.97}
    ```

    ## References
    * Unicode Standard, section 23 (special areas and format characters)
    """
    for file in context.files:
        for field, first, last, run in file.unusual_matches(_BAD):
            names = " ".join(f"U+{ord(char):04X}" for char in run[0][:4])
            yield field.hit(
                f"{field.shown!r} has an invisible character: {names}",
                first,
                last,
                hint="remove it",
                new="" if _NOTHING.fullmatch(run[0]) else None,
                done="invisible character removed",
            )


_HIGH = "\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122"
_PAIRS = f"[\u00c2-\u00df][{_HIGH}]|[\u00e0-\u00ef][{_HIGH}]{{2}}|\u00f0[{_HIGH}]{{3}}"
# The first class lets `re` skip through a whole file; the lookbehinds then tell which letter it was.
_SUSPECT = lazy_pattern(
    f"[\u00c2-\u00f0\ufffd](?:(?:(?<=[\u00c2-\u00df])[{_HIGH}]|(?<=[\u00e0-\u00ef])[{_HIGH}]{{2}}|(?<=\u00f0)[{_HIGH}]{{3}})"
    f"(?:{_PAIRS})*|(?<=\ufffd)\ufffd*)"
)
_QUOTES = lazy_pattern("[\u2013-\u201e\u2039\u203a\u00ab\u00bb\u2026]")


@project_rule("VAL008", "mojibake", fixable=True)
def mojibake(context: Context) -> Iterator[Hit]:
    """Letters that were read in the wrong encoding.

    ## What it does
    Reports sequences such as `Ã©` for `é` and `â€“` for a dash: UTF-8 that was read as Windows-1252 or Latin-1 and
    saved again. Also reports U+FFFD, the sign for a letter that is lost.

    ## Why is this bad
    Names and titles are misspelt in print and not found in searches.

    ## Fix
    Safe: the letters that UTF-8 gives are written in their place. U+FFFD can't be fixed.

    ## Known limits
    Only UTF-8 read as Windows-1252 or Latin-1; other mixed-up encodings look like text. A single pair that people do
    write, such as an accented capital before a quote, is left alone. Letters that were replaced by `?` are not
    found.

    ## Example
    ```bibtex
    author = {LÃ©vesque, Hector}
    ```

    ## Use instead
    ```bibtex
    author = {Lévesque, Hector}
    ```

    ## References
    * Unicode Standard, section 3.9 (UTF-8), and the code page Windows-1252
    """
    for file in context.files:
        if file.text.isascii() or not file.is_utf8:
            continue
        for field, first, last, run in file.unusual_matches(_SUSPECT):
            text = run[0]
            if text[0] == "\ufffd":
                yield field.hit(
                    f"a letter of {field.shown!r} is lost (U+FFFD)", first, last, hint="look it up and write it again"
                )
                continue
            reread = _reread(text)
            if reread is None or _is_natural(text, field.content[max(0, first - 1) : first]):
                continue
            yield field.hit(
                f"{quoted(text)} is probably {quoted(reread)}, read in the wrong encoding",
                first,
                last,
                hint=f"write {quoted(reread)}",
                new=reread,
                done="letters read in the right encoding",
            )


def _reread(text: str) -> str | None:
    """The text that the characters give when their bytes are read as UTF-8; None if that fails or is not printable."""
    data = bytearray()
    for char in text:
        try:
            data += char.encode("cp1252")
        except UnicodeEncodeError:
            data += char.encode("latin-1", "replace")
    try:
        reread = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return reread if all(char.isprintable() or char == "\xa0" for char in reread) else None


def _is_natural(text: str, before: str) -> bool:
    """Whether people write this: a capital before a quote or dash (``SOCI\u00c9T\u00c9\u201d``), or one rare pair."""
    if text[0] in "\u00e2\u00c2\u00c3" and not (before.isupper() and _QUOTES.match(text[1:])):
        return text[0] == "\u00c3" and bool(_QUOTES.match(text[1:])) and not before.isalpha()
    if len(text) >= 4:
        return False
    return bool(_QUOTES.match(text[1:])) or text[0] not in "\u00c2\u00c3\u00c4\u00c5\u00e2"
