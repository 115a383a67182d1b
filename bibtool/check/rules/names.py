"""Lists of names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.bib.namelists import faults_of
from bibtool.bib.namelists import spans as name_spans
from bibtool.bib.names import split_names
from bibtool.check.rule import field_rule
from bibtool.check.vocabulary import NAMES
from bibtool.lazy import lazy_pattern
from bibtool.problems import Severity, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.source import CheckedField, Hit


@field_rule("NAM001", "names-not-separated", fields=NAMES, severity=Severity.ERROR, fixable=True)
def names_not_separated(field: CheckedField, _: Context) -> Iterator[Hit]:
    """Names that are separated by something other than `and`.

    ## What it does
    Reports lists of names with commas, semicolons or `&` where `and` should be. It is sure of it where a name has more
    than two commas, where the part between two commas is not a suffix such as `Jr`, and where initials show that there
    is a whole name before a comma. Also reports names that end in a comma or have two commas in a row, `and` without a
    name before or after it, and `Jr` where BibTeX takes it for a given or family name.

    ## Why is this bad
    BibTeX takes the whole list for one person, or for a person with a strange first name.

    ## Fix
    Safe for semicolons between plain names, which become `and`, and for a comma at the end of a name or after another
    comma, which is removed, as is an `and` too many. Other commas have to be judged by a person.

    ## Known limits
    Two full names around one comma (`Jane Doe, Kim Roe`) look like family and given name, and are only reported if the
    other names have no comma and no initials. `Saint`, `Lord` and other titles after a second comma are reported, as
    BibTeX has no place for them.

    ## Example
    ```bibtex
    author = {D. E. Knuth, L. Lamport, and P. Halmos}
    ```

    ## Use instead
    ```bibtex
    author = {D. E. Knuth and L. Lamport and P. Halmos}
    ```

    ## References
    * btxdoc.tex, section 4: names are separated by `and`
    """
    for fault in faults_of(field.content, split_names(field.content)):
        first, last, message, hint, new, done = fault
        yield field.hit(message, first, last, hint=hint, new=new, done=done)


_OTHERS = lazy_pattern(r"\sand\s+(?:others|\{others\})\s*$", re.IGNORECASE)


@field_rule("NAM002", "and-others", fields=NAMES, severity=Severity.NOTE)
def and_others(field: CheckedField, _: Context) -> Iterator[Hit]:
    """A list of names that ends in `and others`.

    ## What it does
    Reports, as a note that doesn't change the exit code, lists of authors or editors that end in `and others`.

    ## Why is this bad
    The list is incomplete: styles that print all names can't do so, and searches miss the names left out.

    ## Known limits
    Lists that were cut without a word are not seen.

    ## Example
    ```bibtex
    author = {Aad, Georges and others}
    ```

    ## Use instead
    ```bibtex
    author = {Aad, Georges and Abbott, Brad and Abdallah, Jalal}
    ```

    ## References
    * btxdoc.tex, section 4: `and others`
    """
    if "others" in field.content[-40:].casefold() and (ending := _OTHERS.search(field.content)):
        yield field.hit(
            f'the list of {field.name}s is cut off by "and others"',
            ending.start() + 1,
            len(field.content.rstrip()),
            hint="give all names; styles shorten the list themselves",
        )


_ET_AL = lazy_pattern(
    r"(?<![^\s~{])(?:\{|\\(?:emph|textit)\{|\{\\(?:it|em)\s)?et\.?[\s~]{1,9}al(?:ii|\.)?(?:\\/)?\}{0,9}\.?",
    re.IGNORECASE,
)
_AND = lazy_pattern(r"and\b", re.IGNORECASE)


@field_rule("NAM003", "et-al", fields=NAMES, severity=Severity.ERROR, fixable=True)
def et_al(field: CheckedField, _: Context) -> Iterator[Hit]:
    """`et al.` in a list of names.

    ## What it does
    Reports `et al.` typed into a field of names, in any spelling.

    ## Why is this bad
    BibTeX takes it for (a part of) a name: the last author is called `al.`. It has to be `and others`.

    ## Fix
    Safe at the end of a list, where it becomes `and others`.

    ## Known limits
    Words for it in other languages (`u. a.`, `y otros`) are not known. In the middle of a list it is reported without a
    fix.

    ## Example
    ```bibtex
    author = {Aad, Georges et al.}
    ```

    ## Use instead
    ```bibtex
    author = {Aad, Georges and others}
    ```

    ## References
    * btxdoc.tex, section 4: `and others`
    """
    content = field.content
    folded = content.casefold()
    if "et" not in folded or "al" not in folded:
        return
    for mention in _ET_AL.finditer(content):
        after = _skip_space(content, mention.end())
        if (
            after < len(content)
            and content[after] != ","
            and not (after > mention.end() and _AND.match(content, after))
        ):
            continue
        first = _end_of_name(content, mention.start())
        if first == 0:
            continue
        whole = mention[0].count("{") == mention[0].count("}")
        yield field.hit(
            f"{quoted(mention[0])} is read as a name",
            first,
            mention.end(),
            hint="write and others",
            new=" and others" if after == len(content) and whole else None,
            done="et al. as and others",
        )


def _skip_space(content: str, at: int) -> int:
    """The first offset from ``at`` on that is not white space."""
    while at < len(content) and content[at].isspace():
        at += 1
    return at


def _end_of_name(content: str, at: int) -> int:
    """The offset where the name before ``at`` ends; white space, one "and" and one comma are skipped."""
    for word in ("and", ","):
        while at and content[at - 1] in " \t\r\n~":
            at -= 1
        before = content[max(0, at - 4) : at].casefold()
        if word == "," and before.endswith(","):
            at -= 1
        elif word == "and" and before in (" and", "\nand", "\tand", "~and"):
            at -= 3
    while at and content[at - 1] in " \t\r\n~":
        at -= 1
    return at


_WORDS = lazy_pattern(
    r"(?<![\w-])(?:collaborations?|consortium|team|university|universit[àäéy]\w*|institutes?|laborator(?:y|ies)|agency|"
    r"association|committee|society|council|foundation|department|ministry|organi[sz]ation|corporation|"
    r"inc\.?|gmbh|ltd\.?|observatory|federation|commission|contributors|(?:working|task|study|research)\s+group|"
    r"task\s+force|developers|project)(?![\w-])",
    re.IGNORECASE,
)
# a quick look before the slow one: each match of the patterns holds one of these
_STEMS = (
    "ation", "ator", "consorti", "team", "universit", "institut", "agency", "committee", "society", "council",
    "department", "ministry", "inc", "gmbh", "ltd", "commission", "contrib", "develop", "group", "project", "for", "of",
)  # fmt: skip
_FOR = lazy_pattern(r"\S\s+(?:for|of\s+the)\s+\S")


@field_rule("NAM004", "split-organisation", fields=NAMES - {"shortauthor", "shorteditor"}, fixable=True)
def split_organisation(field: CheckedField, _: Context) -> Iterator[Hit]:
    """An organisation that is split into first and last name.

    ## What it does
    Reports names without braces that hold a word such as `Collaboration`, `University`, `Team` or `Institute`.

    ## Why is this bad
    It is sorted under its last word and abbreviated as `W. H. Organization`.

    ## Fix
    Safe: the name is put in braces. Names with a comma have to be put in order by hand, and so have those with `and`
    that may be cut in two, such as `Centers for Disease Control and Prevention`.

    ## Known limits
    Organisations without a word that says so (`Stack Overflow`) are not found, nor those named in most languages other
    than English. A person with such a word for a name (`Peter Project`) is reported. Of an organisation that `and` cuts
    in two, only one half may be reported.

    ## Example
    ```bibtex
    author = {World Health Organization}
    ```

    ## Use instead
    ```bibtex
    author = {{World Health Organization}}
    ```

    ## References
    * btxdoc.tex, section 4: braces keep a name together
    """
    content = field.content
    folded = content.casefold()
    for stem in _STEMS:  # not `any`, whose generator takes longer than what is asked
        if stem in folded:
            break
    else:
        return
    names = list(spans(content))
    for index, (name, first) in enumerate(names):
        if not _is_organisation(name):
            continue
        halved = any(_may_be_a_half(other, of=name) for other, _ in [*names[max(0, index - 1) : index + 2]])
        whole = "," not in name and "&" not in name and not halved
        yield field.hit(
            f"{quoted(name[:80])} is an organisation, but is read as first and last name",
            first,
            first + len(name),
            hint=f"{_in_order(name)}{_IF_HALVED if halved else ''}",
            new="{" + name + "}" if whole else None,
            done="organisation in braces",
        )


_IF_HALVED = '; if the "and" next to it belongs to its name, put the whole in braces'
_INITIAL = lazy_pattern(r"(?<![^\W\d_])[^\W\d_]\.")
_INNER_CAPITAL = lazy_pattern(r"[^\W\d_][A-Z]")


def _is_organisation(name: str) -> bool:
    """Whether a name of several words without braces has a word that only organisations have."""
    if "{" in name or len(name) > 500 or not re.search(r"[\s~]", name):
        return False
    return bool(_WORDS.search(name) or _FOR.search(name))


def _may_be_a_half(name: str, of: str) -> bool:
    """Whether the name next to an organisation may belong to it: ``Centers for Disease Control and Prevention``.

    A name with a comma or initials is a person. One of two words may be one, next to an organisation that
    begins with "The" or has a name of its own, such as LIGO.
    """
    if any(char in name for char in ",{.") or name == of or name.casefold() == "others" or _is_organisation(name):
        return False
    own = of.startswith("The ") or _INNER_CAPITAL.search(of)
    return not (own and " " in name) and not _INITIAL.search(name)


def _in_order(name: str) -> str:
    """What to write for an organisation: with its own last word last, where a program has put that before a comma."""
    before, comma, after = name.partition(",")
    if not comma:
        return f"write {{{name[:80]}}}"
    if "," in after or not _WORDS.fullmatch(before.strip()):
        return "put it in braces, in the order in which it is to be printed"
    return f"write {{{after.strip()[:80]} {before.strip()}}}"


def spans(content: str) -> Iterator[tuple[str, int]]:
    """Each name of a list as written, and its offset in the content."""
    return name_spans(content, split_names(content))
