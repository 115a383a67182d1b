"""Entry types and the fields of an entry: unknown types, fields that are missing, empty or repeated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.check.entrytypes import KNOWN, STAND_INS, in_standard_styles, is_control, missing
from bibtool.check.rule import entry_rule
from bibtool.lazy import lazy_pattern
from bibtool.problems import Severity
from bibtool.suggest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bibtool.check.context import Context
    from bibtool.check.source import CheckedEntry, Hit


@entry_rule("REQ001", "missing-field")
def missing_field(entry: CheckedEntry, context: Context) -> Iterator[Hit]:
    """A field that the entry type requires is missing or empty.

    ## What it does
    Reports entries without a field that their type requires. Each file is judged by BibTeX's or BibLaTeX's rules,
    whichever it is written for (`--dialect` or the project's setting decides). Fields from `crossref` and `xdata`
    count, and so do the other names of a field: `journal` and `journaltitle`, `year` and `date`, `school` and
    `institution`. Only biber takes the title of a `crossref` parent as the `booktitle` of its child; for BibTeX the
    parent needs a `booktitle`. Author and date of `@misc` and `@online`, the note of `@unpublished`, and the journal of
    an article with an `eprint` are not asked for, nor are the people of manuals, journals, dictionaries, their articles
    and `@bookinbook` in BibLaTeX, the people of an entry with `key` or `label`, which stands in for them, or of one
    that is only `related` to another, the date of what `pubstate` or `note` says has not appeared, author and title of
    a whole issue that articles inherit from, and anything but the title of an entry that only explains its `shorthand`.

    ## Why is this bad
    The printed reference has a gap where the field belongs, and BibTeX warns about it.

    ## Known limits
    An anonymous `@book` or `@inproceedings` is reported: give it a `key` or `label`, or name the editor. What a style
    of your own asks for or leaves out is not known, nor that a field is filled with dummies such as `??`. In a file
    without fields of BibLaTeX, the rules are those of BibTeX: choose the dialect.

    ## Example
    ```bibtex
    @article{knuth84,
      author = {Donald E. Knuth},
      title = {Literate Programming},
      year = 1984
    }
    ```

    ## Use instead
    ```bibtex
    @article{knuth84,
      author = {Donald E. Knuth},
      title = {Literate Programming},
      journal = {The Computer Journal},
      year = 1984
    }
    ```

    ## References
    * btxdoc.tex, section 3.1
    * biblatex manual, section 2.1.1
    """
    if entry.type not in KNOWN:
        return
    names = context.available(entry)
    if names is None:
        return
    biblatex = context.dialect(entry) == "biblatex"
    absent: Sequence[str] = missing(entry.type, names, biblatex=biblatex)
    if absent and (absent := _not_excused(absent, entry, names, context)):
        what = "fields that it needs are" if len(absent) > 1 else "a field that it needs is"
        hint = f"judged by the rules of {'BibLaTeX' if biblatex else 'BibTeX'}"
        if "booktitle" in absent and "crossref" in entry and not biblatex:
            hint = (
                "BibTeX doesn't take the title of a parent as booktitle, only biber does; add a booktitle to the parent"
            )
        yield entry.hit(f"this @{entry.type} is incomplete; {what} missing: {', '.join(absent)}", hint=hint)


_NOT_APPEARED = lazy_pattern(r"press|appear|forthcoming|submi|prepar|accept|unpublished", re.IGNORECASE)
_IMPRINT = frozenset({"date", "year", "publisher", "institution", "school", "location", "address"})
_NAMED = frozenset({"author", "shortauthor", "editor", "shorteditor"})
_OF_AN_ISSUE = frozenset({"author", "title"})  # that a whole issue doesn't have
_IN_PLACE_OF_NAMES = frozenset({"key", "label"})  # btxdoc.tex, section 3.2; biblatex manual, section 2.2.3
_PEOPLE = ("author or editor", "author", "editor")
_DATES = ("date or year", "year", "date")


def _not_excused(absent: Sequence[str], entry: CheckedEntry, names: frozenset[str], context: Context) -> Sequence[str]:
    """Those of the missing fields that an entry of this kind could have."""
    if "shorthand" in names and names.isdisjoint(_IMPRINT):  # for a list of abbreviations
        return [name for name in absent if name == "title" and names.isdisjoint(_NAMED)]
    if not names.isdisjoint(_IN_PLACE_OF_NAMES) or entry.key in context.related_keys:
        absent = [name for name in absent if name not in _PEOPLE]
    if any(name in _DATES for name in absent) and _NOT_APPEARED.search(f"{entry.get('pubstate')} {entry.get('note')}"):
        absent = [name for name in absent if name not in _DATES]
    if entry.type == "article" and not _OF_AN_ISSUE.isdisjoint(absent) and entry.key.casefold() in context.parent_keys:
        absent = [name for name in absent if name not in _OF_AN_ISSUE]
    return absent


@entry_rule("REQ002", "unknown-entry-type")
def unknown_entry_type(entry: CheckedEntry, _: Context) -> Iterator[Hit]:
    """An entry type that neither BibTeX nor BibLaTeX knows.

    ## What it does
    Reports entry types that are in neither manual, with the nearest one that is.

    ## Why is this bad
    BibTeX warns and prints the entry by the rules of `@misc`; biber drops it or does the same.

    ## Known limits
    Types that a style or package of yours adds, such as `@package` or `@bookinarticle`, are not known and reported. The
    nearest type is nearest in spelling, and not always what was meant.

    ## Example
    ```bibtex
    @inproceeding{turing50,
      title = {A Title}
    }
    ```

    ## Use instead
    ```bibtex
    @inproceedings{turing50,
      title = {A Title}
    }
    ```

    ## References
    * btxdoc.tex, section 3.1
    * biblatex manual, sections 2.1.1 to 2.1.3
    """
    if entry.type not in KNOWN:
        near = nearest(entry.type[:40], KNOWN, most=1, cutoff=0.8)
        yield entry.hit(
            f"@{entry.type[:40]} is not an entry type of BibTeX or BibLaTeX",
            hint=f"did you mean @{near[0]}?" if near else "@misc is for everything that fits nowhere else",
            on_type=True,
        )


@entry_rule("REQ005", "type-not-in-styles", severity=Severity.NOTE)
def type_not_in_styles(entry: CheckedEntry, context: Context) -> Iterator[Hit]:
    r"""An entry type that BibTeX's standard styles don't define.

    ## What it does
    Where the dialect is BibTeX by `--dialect` or by the project's settings, reports types of BibLaTeX such as
    `@online`, `@report` and `@thesis`, as a note that doesn't change the exit code: some styles (IEEEtran,
    ACM-Reference-Format) define a few of them.

    ## Why is this bad
    With `plain`, `alpha`, `abbrv`, `unsrt` and the styles of natbib, BibTeX says that the type "isn't style-file
    defined" and prints the entry by the rules of `@misc`, without address, institution or kind of thesis.

    ## Known limits
    Which types your style defines is not known.

    ## Example
    ```bibtex
    @online{ctan,
      title = {CTAN},
      url = {https://ctan.org}
    }
    ```

    ## Use instead
    ```bibtex
    @misc{ctan,
      title = {CTAN},
      howpublished = {\url{https://ctan.org}}
    }
    ```

    ## References
    * btxdoc.tex, section 3.1
    """
    by_choice = context.chosen_dialect == "bibtex"
    if by_choice and entry.type in KNOWN and not in_standard_styles(entry.type) and not is_control(entry.type):
        instead = STAND_INS.get(entry.type, "misc")
        yield entry.hit(
            f"the standard styles of BibTeX don't define @{entry.type}",
            hint=f"use @{instead}, unless your style defines @{entry.type}",
            on_type=True,
        )


@entry_rule("REQ003", "empty-field", fixable=True)
def empty_field(entry: CheckedEntry, _: Context) -> Iterator[Hit]:
    """A field without content.

    ## What it does
    Reports fields whose value is empty or white space.

    ## Why is this bad
    An empty field adds nothing, but some styles print its punctuation, and in biber it hides the value that a
    `crossref` parent would give.

    ## Fix
    Safe: the field is removed, with its comma and its line. A macro that is empty is left alone.

    ## Known limits
    A value of empty braces, commands or dummies such as `????` is not called empty.

    ## Example
    ```bibtex
    @book{knuth86,
      title = {The TeXbook},
      note = {}
    }
    ```

    ## Use instead
    ```bibtex
    @book{knuth86,
      title = {The TeXbook}
    }
    ```

    ## References
    * btxhak.tex, section 4: `empty$` and missing fields
    """
    for field in () if is_control(entry.type) else entry.fields:  # there, an empty value switches something off
        if field.content.strip() or field.raw.value == field.raw.value_end:
            continue
        yield field.name_hit(
            f"the field {field.shown!r} is empty",
            hint="fill it or remove it",
            fix=field.removal(f"empty field {field.name} removed") if field.inner >= 0 else None,
        )


@entry_rule("REQ004", "duplicate-field", fixable=True)
def duplicate_field(entry: CheckedEntry, _: Context) -> Iterator[Hit]:
    """A field that occurs twice in one entry.

    ## What it does
    Reports fields with the name of a field that the entry already has.

    ## Why is this bad
    BibTeX uses the first one, other programs the last one.

    ## Fix
    Safe where both values are identical: the later field is removed. Otherwise it has to be done by hand.

    ## Known limits
    Fields with two names, such as `date` and `year` or `journal` and `journaltitle`, are not compared. A field that a
    data base repeats on purpose, such as `subject`, is reported: no program reads the second one.

    ## Example
    ```bibtex
    @book{knuth86,
      title = {The TeXbook},
      title = {The METAFONTbook}
    }
    ```

    ## Use instead
    ```bibtex
    @book{knuth86,
      title = {The TeXbook}
    }
    ```

    ## References
    * `bibtex.web`, section 263: the extra field is ignored
    """
    if len(entry.fields) == len(entry.names):
        return
    for field in entry.fields:
        first = entry.field(field.name)
        if first is None or first is field:
            continue
        same = first.value == field.value
        yield field.name_hit(
            f"the field {field.shown!r} occurs again" + (" with the same value" if same else " with another value"),
            hint="BibTeX uses the first one; remove one of the two",
            fix=field.removal(f"repeated field {field.name} removed") if same else None,
        )
