"""Citation keys: missing, repeated, or not usable in every program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.context import split_keys
from bibtool.check.faults import fault_rule, hit_of, problems_of
from bibtool.check.rule import entry_rule, project_rule
from bibtool.lazy import lazy_pattern
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.source import CheckedEntry, Hit


@project_rule("KEY001", "duplicate-key", severity=Severity.ERROR)
def duplicate_key(context: Context) -> Iterator[Hit]:
    """Two entries have the same citation key.

    ## What it does
    Reports keys that occur more than once, in one file or in several that are checked together. The alias keys in
    biblatex's `ids` count too.

    ## Why is this bad
    BibTeX reports an error and drops the second entry, biber takes one of the two. Which work is cited depends on their
    order.

    ## Known limits
    Files are compared that are checked together: alternative bibliographies in one folder share keys on purpose. Check
    them one by one then, or ignore the rule for one of them.

    ## Example
    ```bibtex
    @book{knuth,
      title = {The TeXbook}
    }
    @book{knuth,
      title = {The METAFONTbook}
    }
    ```

    ## Use instead
    ```bibtex
    @book{knuth86tex,
      title = {The TeXbook}
    }
    @book{knuth86mf,
      title = {The METAFONTbook}
    }
    ```

    ## References
    * `bibtex.web`, section 268: "Repeated entry"
    * biblatex manual, section 2.2.3: `ids`
    """
    first: dict[str, CheckedEntry] = {}
    for entry in context.entries:
        own = [entry.key] if entry.key else []
        for key in dict.fromkeys([*own, *split_keys(entry.get("ids"))]):
            owner = first.setdefault(key, entry)
            if owner is not entry:
                yield entry.hit(
                    f"the key {key!r} is already taken by the entry {entry.place_of(owner)}",
                    hint="give one of the two another key, or remove it",
                    related=(owner.related("the first entry with this key"),),
                )


@project_rule("KEY002", "key-differs-by-case")
def key_differs_by_case(context: Context) -> Iterator[Hit]:
    """Two citation keys differ in upper and lower case only.

    ## What it does
    Reports keys that another entry has in a different spelling of upper and lower case.

    ## Why is this bad
    BibTeX compares keys without regard to case and refuses the second entry; biber and Typst take them for two keys.
    The document works with one program and not with the other.

    ## Known limits
    Keys that differ only in accents or in punctuation are not compared.

    ## Example
    ```bibtex
    @book{Knuth86,
      title = {The TeXbook}
    }
    @book{knuth86,
      title = {The METAFONTbook}
    }
    ```

    ## Use instead
    ```bibtex
    @book{Knuth86tex,
      title = {The TeXbook}
    }
    @book{Knuth86mf,
      title = {The METAFONTbook}
    }
    ```

    ## References
    * `bibtex.web`, section 267: keys are compared in lower case
    """
    spellings: dict[str, dict[str, CheckedEntry]] = {}
    for entry in context.entries:
        known = spellings.setdefault(entry.key.lower(), {})
        if entry.key and entry.key not in known:
            if known:
                first = next(iter(known.values()))
                yield entry.hit(
                    f"the key {entry.shown!r} differs only by case from {first.shown!r} {entry.place_of(first)}",
                    hint="give one of the two another key",
                    related=(first.related("the other spelling"),),
                )
            known[entry.key] = entry


missing_key = fault_rule(
    "KEY003",
    "missing-key",
    severity=Severity.ERROR,
    doc="""An entry without a citation key.

    ## What it does
    Reports entries whose key is missing or empty.

    ## Why is this bad
    Nothing can cite the entry, and BibTeX reads its first field as the key.

    ## Known limits
    `@book{title, year = 2000}` has the key `title`, even if a field was meant.

    ## Example
    ```bibtex
    @article{
      title = {Literate Programming}
    }
    ```

    ## Use instead
    ```bibtex
    @article{knuth84,
      title = {Literate Programming}
    }
    ```

    ## References
    * `bibtex.web`, section 266
    """,
)


@entry_rule("KEY004", "non-ascii-key")
def non_ascii_key(entry: CheckedEntry, _: Context) -> Iterator[Hit]:
    """A citation key with letters beyond ASCII.

    ## What it does
    Reports keys with accented or non-Latin letters.

    ## Why is this bad
    biber and Typst accept them, BibTeX compares bytes and pdfLaTeX may write the key to its files in another form, so
    the citation stays undefined.

    ## Known limits
    Says nothing about the key in the document. With biber, LuaLaTeX and XeLaTeX such keys work; ignore the rule if you
    use nothing else.

    ## Example
    ```bibtex
    @article{lévesque2006,
      title = {A Title}
    }
    ```

    ## Use instead
    ```bibtex
    @article{levesque2006,
      title = {A Title}
    }
    ```

    ## References
    * btxdoc.tex, section 2.1; biblatex manual, section 2.4.3 on 7-bit keys
    """
    if not entry.key.isascii():
        strange = "".join(dict.fromkeys(char for char in entry.key if not char.isascii()))[:20]
        yield entry.hit(f"the key {entry.shown!r} has letters beyond ASCII: {strange}", hint="write the key in ASCII")


_BAD = lazy_pattern(r"[\"#%'(),={}~\\@\s]")


@project_rule("KEY005", "uncitable-key")
def uncitable_key(context: Context) -> Iterator[Hit]:
    r"""A citation key with a character that BibTeX or biber can't read.

    ## What it does
    Reports keys with white space or one of the characters `"`, `#`, `%`, `'`, `(`, `)`, `,`, `=`, `{`, `}`, `~`, `\`
    and `@`.

    ## Why is this bad
    biber's parser refuses such a key, and `\cite` in LaTeX takes some of the characters for something else.

    ## Known limits
    Characters that only one style or package can't take, such as `:` with some settings of babel, are not reported.

    ## Example
    ```bibtex
    @article{o'neill(2001),
      title = {A Title}
    }
    ```

    ## Use instead
    ```bibtex
    @article{oneill2001,
      title = {A Title}
    }
    ```

    ## References
    * the manual page `bt_language` of btparse, the parser of biber: which characters a name may have
    * `bibtex.web`, sections 266 and 267
    """
    for file in context.files:
        for problem in problems_of(file, "KEY005"):
            yield hit_of(file, problem)
    for entry in context.entries:
        bad = dict.fromkeys(_BAD.findall(entry.key))
        if bad and not any(char.isspace() for char in bad):
            yield entry.hit(
                f"the key {entry.shown!r} has characters that BibTeX or biber can't read: {' '.join(bad)}",
                hint="use letters, digits and - _ : . / + only",
            )


_GOOD = lazy_pattern(r"[\w.:-]*[\w-]")


@entry_rule("KEY006", "key-not-for-typst", default=False)
def key_not_for_typst(entry: CheckedEntry, _: Context) -> Iterator[Hit]:
    """A citation key that Typst can't cite as `@key`.

    ## What it does
    Reports keys with characters other than letters, digits, `_`, `-`, `:` and `.`, and keys that end in `:` or `.`.

    ## Why is this bad
    In Typst `@DBLP:conf/x/y` ends before the slash. Such a key has to be cited as `#cite(label("DBLP:conf/x/y"))`.

    ## Known limits
    Only Typst's short form is judged; `#cite(label(...))` takes any key.

    ## Example
    ```bibtex
    @book{DBLP:books/knuth86,
      title = {The TeXbook}
    }
    ```

    ## Use instead
    ```bibtex
    @book{DBLP-books-knuth86,
      title = {The TeXbook}
    }
    ```

    ## References
    * Typst reference, "Label" and "Reference"
    """
    if entry.key and not _GOOD.fullmatch(entry.key):
        yield entry.hit(
            f"Typst can't cite the key {entry.shown!r} as @key", hint="use letters, digits and - _ : . only"
        )
