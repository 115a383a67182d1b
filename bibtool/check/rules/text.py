"""Titles and other printed text: HTML, capitals, full stops, special characters of LaTeX."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.bib.latexsyntax import is_known
from bibtool.bib.latexwriting import to_latex
from bibtool.check.rule import field_rule, project_rule
from bibtool.check.source import Edit, Fix
from bibtool.check.vocabulary import (
    CONTAINERS,
    NAMES,
    PRINTED,
    TITLES,
    VERBATIM,
    WRITTEN,
    is_hidden,
    is_of_latex,
    letters,
    link_spans,
    pieces,
)
from bibtool.lazy import lazy_pattern
from bibtool.model.richtext import Text
from bibtool.problems import Severity, quoted
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.source import CheckedField, Hit

_REFERENCE = (
    r"(?:amp;)?(?:(?P<name>[A-Za-z][A-Za-z0-9]{1,31})|\\?#(?:(?P<decimal>\d{1,7})|[xX](?P<hex>[0-9A-Fa-f]{1,6})));"
)
# begins with a literal in each case, so that `re` skips what can't begin a match
_ENTITY = lazy_pattern(r"(?:\\\\{0,3}&|&)" + _REFERENCE)
_BARE_ENTITY = lazy_pattern("&" + _REFERENCE)  # a quick look: `re` finds a single letter many times as fast
_CHARACTERS = {"\xa0": "~", "<": "\\textless{}", ">": "\\textgreater{}"}


@project_rule("TXT001", "html-entity", fixable=True)
def html_entity(context: Context) -> Iterator[Hit]:
    r"""An HTML entity.

    ## What it does
    Reports `&amp;`, `&#39;`, `&eacute;` and all other entities of HTML in any value.

    ## Why is this bad
    They are printed as they are, and the `&` stops LaTeX.

    ## Fix
    Safe: the character that the entity stands for is written, as LaTeX where the file is in ASCII. Mathematics is left
    alone.

    ## Known limits
    `&` with a name that no entity has is left alone. Code that shows an entity on purpose is reported too.

    ## Example
    ```bibtex
    title = {Search &amp; Rescue}
    ```

    ## Use instead
    ```bibtex
    title = {Search \& Rescue}
    ```

    ## References
    * HTML standard, section 13.5 (named character references)
    """
    for file in context.files:
        if not _BARE_ENTITY.search(file.text):
            continue
        last_field, counted, dollars = None, 0, 0
        for field, first, last, entity in file.matches(_ENTITY):
            if field is not last_field:
                last_field, counted, dollars = field, 0, 0
            dollars += field.content.count("$", counted, first)
            counted = first
            meaning = _meaning(entity)
            if meaning is None:
                continue
            yield field.hit(
                f"{quoted(entity[0])} is HTML for {quoted(meaning)}",
                first,
                last,
                hint="write the character itself, or its LaTeX command",
                new=_written(meaning, field, in_math=bool(dollars % 2)),
                done="HTML entity replaced",
            )


def _meaning(entity: re.Match[str]) -> str | None:
    if entity["name"]:
        from html.entities import html5  # two thousand names, needed by few files

        return html5.get(entity["name"] + ";")
    number = int(entity["decimal"]) if entity["decimal"] else int(entity["hex"], 16)
    if not 32 <= number <= 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        return None
    char = chr(number)
    return char if char.isprintable() or char == "\xa0" else None


def _written(meaning: str, field: CheckedField, *, in_math: bool) -> str | None:
    """The character as LaTeX, in ASCII where the file is; as itself in links and identifiers; None inside of math."""
    if field.name in VERBATIM:
        return meaning if meaning.isprintable() and meaning not in "{}\\" else None
    if in_math or meaning == '"':
        return None  # which of the two quotation marks is meant?
    if meaning in _CHARACTERS:
        return _CHARACTERS[meaning]
    return to_latex(Text.of(meaning), ascii_only=field.file.text.isascii())


_TAG = lazy_pattern(
    r"</?(?P<name>i|b|u|p|a|em|strong|sub|sup|sc|scp|tt|br|span|div|small|italic|bold|inline-formula|tex-math|"
    r"(?:jats|mml):[\w-]{1,30})(?:\s[^<>{}]{0,300})?/?>",
    re.IGNORECASE,
)
_TAG_COMMANDS = {
    "i": "\\textit", "em": "\\textit", "italic": "\\textit", "b": "\\textbf", "strong": "\\textbf",
    "bold": "\\textbf", "sub": "\\textsubscript", "sup": "\\textsuperscript", "sc": "\\textsc",
    "scp": "\\textsc", "tt": "\\texttt",
}  # fmt: skip


@project_rule("TXT002", "html-tag", fixable=True)
def html_tag(context: Context) -> Iterator[Hit]:
    r"""An HTML or JATS tag.

    ## What it does
    Reports tags such as `<i>`, `<sub>`, `<p>` and `<jats:title>` in any value but links.

    ## Why is this bad
    They are printed as they are.

    ## Fix
    Safe for italics, bold, small capitals, typewriter, sub- and superscripts that are opened and closed in order.

    ## Known limits
    Tags that are meant as text, as in a title about HTML, are reported too. Tags with an unknown name, and those in
    mathematics, are not.

    ## Example
    ```bibtex
    title = {Growth of <i>E. coli</i>}
    ```

    ## Use instead
    ```bibtex
    title = {Growth of \textit{E. coli}}
    ```

    ## References
    * JATS, "Formatting elements"; HTML standard, section 4.5
    """
    for file in context.files:
        if "<" not in file.text:
            continue
        tagged: dict[int, tuple[CheckedField, list[tuple[int, int, str]]]] = {}
        for field, first, last, tag in file.matches(_TAG):
            if field.name not in VERBATIM:
                tagged.setdefault(id(field), (field, []))[1].append((first, last, tag[0]))
        for field, tags in tagged.values():
            if is_hidden(field.content, [first for first, _, _ in tags]):
                continue
            first, last, text = tags[0]
            hit = field.hit(
                f"{quoted(text[:40])} in {field.shown!r} is HTML"
                if len(tags) < 3
                else f"there are {len(tags)} tags of HTML in {field.shown!r}",
                first,
                last,
                hint="use LaTeX: \\textit{...}, \\textsubscript{...}",
            )
            edits = _edits(field, tags)
            yield replace(hit, fix=Fix("HTML tags replaced by LaTeX", edits)) if edits else hit


def _edits(field: CheckedField, tags: list[tuple[int, int, str]]) -> tuple[Edit, ...]:
    """Edits for all tags of a value; () unless each is a known one that is opened and closed in order."""
    edits: list[Edit] = []
    waiting: list[tuple[str, int]] = []
    for first, last, text in tags:
        name = text.strip("</> \t\r\n").partition(" ")[0].lower().removeprefix("jats:")
        if name not in _TAG_COMMANDS or text.endswith("/>"):
            return ()
        if text.startswith("</"):
            if not waiting or waiting[-1][0] != name:
                return ()
            _, begin = waiting.pop()
            if not _whole(field.content[begin:first]):
                return ()
            edits.append(Edit(field.inner + first, field.inner + last, "}"))
        else:
            if len(waiting) > 8:
                return ()
            waiting.append((name, last))
            edits.append(Edit(field.inner + first, field.inner + last, _TAG_COMMANDS[name] + "{"))
    return () if waiting else tuple(edits)


def _whole(text: str) -> bool:
    """Whether the braces within the tag match, so that the new ones can't cross them."""
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0


@field_rule("TXT003", "all-caps-title", fields={"title", "booktitle", "subtitle", "maintitle"})
def all_caps_title(field: CheckedField, _: Context) -> Iterator[Hit]:
    """A title in capitals only.

    ## What it does
    Reports titles of several words without a single lower-case letter, and those in which four or more words in a row
    are in capitals and too long for acronyms.

    ## Why is this bad
    It shouts, and no style can undo that without guessing which words are names.

    ## Known limits
    Rows of three words or less, and titles of short words only, look like acronyms and are not reported. Scripts
    without capitals are not judged.

    ## Example
    ```bibtex
    title = {ON COMPUTABLE NUMBERS, WITH AN APPLICATION}
    ```

    ## Use instead
    ```bibtex
    title = {On Computable Numbers, with an Application}
    ```

    ## References
    * Chicago Manual of Style, 17th edition, 8.157 to 8.167
    """
    hint = "write it as a sentence, names and acronyms in capitals"
    if all_capitals(field.content):
        yield field.hit("the title is all in capitals", hint=hint)
    elif loud := _loud_part(field.content):
        yield field.hit("a part of the title is all in capitals", *loud, hint=hint)


def all_capitals(content: str) -> bool:
    """Whether a title has several words, one of them longer than acronyms are, and no lower-case letter."""
    if len(content) > 20_000 or (not content.isupper() and "\\" not in content and "$" not in content):
        return False
    text = ""
    for _, part, _ in pieces(content):
        text += part
        if not part.isupper() and part.lower() != part.upper():
            return False  # at the first small letter, as in nearly all titles
    if not text.isupper():
        return False
    # letters of scripts without capitals, such as Chinese, are neither loud nor quiet
    words = "".join(char if char.isupper() else " " for char in text).split()
    return len(words) > 1 and sum(map(len, words)) >= 12 and max(map(len, words)) >= 7


_LOUD = lazy_pattern(r"(?<!\w)[^\W\d_a-z]+(?:[^\w{}$\\]+[^\W\d_a-z]+(?!\w)){3,}")
_LOUD_WORD = 7  # letters; acronyms are shorter
_LONG_WORD = lazy_pattern("[A-Z\x80-\uffff][A-Z\x80-\uffff]{6}")  # a quick look before the slow one
_LOUD_AT_LEAST = 20  # letters in a row of words


def _loud_part(content: str) -> tuple[int, int] | None:
    """First and last offset of the first row of words in capitals that are too long for acronyms, or None."""
    if len(content) > 20_000 or not _LONG_WORD.search(content):
        return None
    for row in _LOUD.finditer(content):
        words = "".join(char if char.isalpha() else " " for char in row[0]).split()
        capitals = [word for word in words if word.isupper()]
        letters_in_row = sum(map(len, capitals))
        if len(capitals) == len(words) and letters_in_row >= _LOUD_AT_LEAST and len(max(words, key=len)) >= _LOUD_WORD:
            return row.span()
    return None


_WORD = lazy_pattern(r"[^\W_]+(?:['’][^\W_]+)*")
# French, Italian and Catalan write articles and prepositions so; the word proper comes after them
_ELISION = lazy_pattern(
    r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|d?all|[dn]ell|sull|coll|un|quell|quest|sant|bell)['’]"
    r"(?=[^\W\d_])",
    re.IGNORECASE,
)
# their titles are printed as they are by the standard styles
_WHOLE = frozenset(
    "book mvbook collection mvcollection proceedings mvproceedings reference mvreference periodical manual phdthesis "
    "booklet xdata set".split()
)


@field_rule("TXT004", "unprotected-capitals", fields={"title", "subtitle"}, fixable=True)
def unprotected_capitals(field: CheckedField, _: Context) -> Iterator[Hit]:
    r"""Capitals inside a word that a style would lose.

    ## What it does
    Reports words with capitals after the first letter (`DNA`, `BERT`, `LaTeX`, `McDonald`) outside of braces, in
    titles that styles set in lower case. Ordinary title case is not reported, nor are titles of whole books, nor those
    in capitals (TXT003).

    ## Why is this bad
    `plain` and many other styles print the title of an article in lower case: `Dna repair in bert`.

    ## Fix
    Safe: each of the words is put in braces.

    ## Known limits
    Proper names with one capital (`Bayesian`, `London`) look like title case and are not reported. `@misc` and
    `@online` are judged too, though some styles keep their capitals, as are titles in languages whose capitals biblatex
    keeps by `langid`.

    ## Example
    ```bibtex
    title = {DNA Repair in E. coli}
    ```

    ## Use instead
    ```bibtex
    title = {{DNA} Repair in E. coli}
    ```

    ## References
    * btxhak.tex, section 4: `change.case$`
    * biblatex manual, section 4.6.4: `\MakeSentenceCase`
    """
    content = field.content
    if field.entry.type in _WHOLE or len(content) > 20_000 or not _INNER_CAPITAL.search(content):
        return
    if all_capitals(content):
        return
    spans = list(_words(content))
    if not spans or (len(spans) > 2 and _loud_part(content)):
        return
    words = list(dict.fromkeys(content[first:last] for first, last in spans))
    shown = ", ".join(words[:5]) + (" ..." if len(words) > 5 else "")
    hit = field.hit(f"capitals without braces: {shown}", *spans[0], hint=f"write {{{words[0]}}}")
    if field.inner < 0:
        yield hit
        return
    edits = (Edit(field.inner + first, field.inner + last, f"{{{content[first:last]}}}") for first, last in spans)
    yield replace(hit, fix=Fix("capitals in braces", tuple(edits)))


_INNER_CAPITAL = lazy_pattern("[\\w'’][A-Z\x80-\U0010ffff]")  # a quick look before the slow one


def _words(content: str) -> Iterator[tuple[int, int]]:
    """First and last offset of each word outside of braces that has a capital after its first character."""
    for at, text, depth in pieces(content):
        if depth or not _INNER_CAPITAL.search(text):
            continue
        has_apostrophe = "'" in text or "’" in text
        for run in _WORD.finditer(text):
            for first, last in [run.span()] if text.isascii() else _cased_parts(text, *run.span()):
                elided = _ELISION.match(text, first, last) if has_apostrophe else None
                start = elided.end() if elided else first
                tail = text[start + 1 : last]
                if tail != tail.lower():
                    yield at + start, at + last


def _cased_parts(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The parts of a word between letters without case: Chinese and Japanese have no space before an acronym."""
    start = first
    for at in range(first, last):
        if text[at].isalpha() and text[at].lower() == text[at].upper():
            if start < at:
                yield start, at
            start = at + 1
    if start < last:
        yield start, last


_END = lazy_pattern(r"(?P<word>[^\W\d_]{4,}|[)\]])\}?(?P<stop>\.)\s*$")
_SHORTENED = lazy_pattern(r"[^\W\d_]{2,}\.")
_ABBREVIATIONS = frozenset(
    "corp dept univ conf proc symp sect suppl assoc intl spec prof chap figs incl approx".split()
)


@field_rule("TXT005", "full-stop-in-title", fields=TITLES, fixable=True)
def full_stop_in_title(field: CheckedField, _: Context) -> Iterator[Hit]:
    """A full stop at the end of a title.

    ## What it does
    Reports titles that end in a full stop. Abbreviations, initials and ellipses are not reported, nor are titles of
    one word and titles in which another word is abbreviated (`Hist. natur.`).

    ## Why is this bad
    Styles add their own punctuation: the reader gets `Programming.,` or `Programming..`.

    ## Fix
    Safe: the full stop is removed.

    ## Known limits
    A title that ends in an abbreviation of four letters or more that is not in the list is reported (`... in the
    Trans.`). One-word titles are not.

    ## Example
    ```bibtex
    title = {Literate Programming.}
    ```

    ## Use instead
    ```bibtex
    title = {Literate Programming}
    ```

    ## References
    * btxhak.tex, section 4: `add.period$`
    """
    tail = field.content[-80:]
    if "." not in tail[-10:]:
        return
    end = _END.search(tail)
    if end is None or end["word"].casefold() in _ABBREVIATIONS or end["word"][1:] != end["word"][1:].lower():
        return
    at = len(field.content) - len(tail) + end.start("stop")
    words = letters(field.content[:at]).split()
    if len(words) < 2 or (len(words) < 4 and any(_SHORTENED.fullmatch(word) for word in words)):
        return
    yield field.hit("the title ends in a full stop", at, at + 1, hint="remove it", new="", done="full stop removed")


_WORD_COMMAND = lazy_pattern(r"\\(?P<name>[A-Za-z]{2,40})(?![A-Za-z])")
_JOURNALS = ("journal", "journaltitle")
_UNCHECKED = NAMES | TITLES | CONTAINERS | frozenset({"publisher", "address", "location", "note", "howpublished"})


@project_rule("TXT007", "unknown-command", severity=Severity.NOTE)
def unknown_command(context: Context) -> Iterator[Hit]:
    r"""A command that bibtool does not know.

    ## What it does
    Reports, once for each command in a file and as a note that doesn't change the exit code, commands of LaTeX outside
    of mathematics that bibtool can't turn into text, unless a `@preamble` names them. A command that the preamble of a
    document defines is reported too: name it in a `@preamble`, or ignore the rule.

    ## Why is this bad
    LaTeX stops at them where no package of the document defines them. Lists in HTML or Markdown, and files in other
    formats, show the command itself.

    ## Known limits
    Definitions in the document are not seen: name the command in a `@preamble`, or ignore the rule. Files whose
    `@preamble` reads in another file are not judged. Each command is named once per file. A command that is all of a
    journal's name is left to `journal-command`.

    ## Example
    ```bibtex
    title = {Data from \ours}
    ```

    ## Use instead
    ```bibtex
    title = {Data from OURS}
    ```

    ## References
    * btxdoc.tex, section 2.2: `@preamble`
    """
    for file in context.files:
        if "\\" not in file.text:
            continue
        uses: dict[str, list[tuple[CheckedField, int, int]]] = {}
        known: set[str] = set()
        for field, first, last, command in file.matches(_WORD_COMMAND):
            name = command["name"]
            if name in known or field.name not in _UNCHECKED:
                continue
            if is_of_latex(name) or is_known(name):
                known.add(name)
            elif field.name in _JOURNALS and field.content.strip() == command[0]:
                continue  # REF007 says it
            elif not is_hidden(field.content, [first]):
                uses.setdefault(name, []).append((field, first, last))
        if not uses or file.reads_definitions:
            continue
        for name, places in uses.items():
            if file.defines(name):
                continue
            times = f" ({len(places):,} times)" if len(places) > 1 else ""
            field, first, last = places[0]
            yield field.hit(
                f"the command \\{name} is not known{times}",
                first,
                last,
                hint="write the text without it, or define it in a @preamble",
            )


_SPECIAL = lazy_pattern(r"&(?!#?\w{2,31};)|[#%_]")
_LINK = lazy_pattern(r"\b(?:https?|ftp)://|www\.", re.IGNORECASE)
# what TeX sees when it reads a field as an argument, in mathematics and in \url too
_ARGUMENT = lazy_pattern(r"\\.|&#\w{1,31};|[%#]", re.DOTALL)


@field_rule("TXT006", "unescaped-character", fields=PRINTED | WRITTEN, fixable=True)
def unescaped_character(field: CheckedField, context: Context) -> Iterator[Hit]:
    r"""A character that LaTeX takes for a command.

    ## What it does
    Reports `&`, `#`, `%`, and `_` without a backslash in fields that are printed, outside of mathematics and links.
    Where a file may be meant for BibLaTeX, also reports `%` and `#` in the fields that biblatex reads without printing
    them (`abstract`, `annotation`, `keywords` and others), and in links inside of other fields.

    ## Why is this bad
    `&`, `#` and `_` stop LaTeX with an error, `%` hides the rest of the line. biber writes all text fields to the .bbl
    file: one `%` in an abstract, and LaTeX reads on to the end of the file and stops without a bibliography.

    ## Fix
    Safe: a backslash is put before the character. Links are left alone, as `\url` without hyperref would print the
    backslash: move them to the field `url`, where every character is allowed.

    ## Known limits
    A value with a link is only judged for `%` and `#`, and only for BibLaTeX. A command that takes such a character on
    purpose, other than `\url` and its like, is not known.

    ## Example
    ```bibtex
    publisher = {Taylor & Francis}
    ```

    ## Use instead
    ```bibtex
    publisher = {Taylor \& Francis}
    ```

    ## References
    * The TeXbook, chapter 7 (the ten special characters)
    * biblatex's blx-dm.def: the fields that biber writes
    """
    content = field.content
    if not ("&" in content or "#" in content or "%" in content or "_" in content):  # most have none, and it is quick
        return
    written = field.name in WRITTEN
    reported: set[int] = set()
    if not written and not _LINK.search(content) and "\\verb" not in content:
        for at, text, _depth in pieces(content):
            reported.update(at + special.start() for special in _SPECIAL.finditer(text))
    for at in sorted(reported):
        yield _special_hit(field, at)
    if context.dialect(field.entry) == "biblatex" or (written and context.chosen_dialect != "bibtex"):
        links = list(link_spans(content))
        for special in _ARGUMENT.finditer(content):
            at = special.start()
            if special[0] in ("%", "#") and at not in reported:
                yield _special_hit(field, at, in_link=any(first <= at < last for first, last in links))


def _special_hit(field: CheckedField, at: int, *, in_link: bool = False) -> Hit:
    special = field.content[at]
    return field.hit(
        f"{special!r} in {field.shown!r} is a command for LaTeX",
        at,
        at + 1,
        hint="move the link to the field url" if in_link else f"write \\{special}",
        new=None if in_link else "\\" + special,
        done=f"{special} with a backslash",
    )
