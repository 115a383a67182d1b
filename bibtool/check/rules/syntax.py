"""Syntax. All rules but SYN010 report problems that `Document` found, each kind under a code of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.faults import deletion, fault_rule, insertion
from bibtool.check.rule import project_rule
from bibtool.check.source import Hit
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context

broken_entry = fault_rule(
    "SYN001",
    "broken-entry",
    severity=Severity.ERROR,
    doc="""A block that can't be read.

    ## What it does
    Reports blocks that begin like an entry, a `@string` or a `@preamble` but can't be read to their end: a brace or
    quote that is never closed, text where a field name was expected, a value that can't begin as it does.

    ## Why is this bad
    BibTeX and biber skip such an entry, and often the ones after it. bibtool keeps the text as it is and reads on at
    the next entry, but nobody can cite this one.

    ## Known limits
    Where the missing brace belongs is a guess: the place that is reported is where reading began or stopped, and the
    fault may be some lines before it. Entries that were skipped are reported as missing by REF001 too.

    ## Example
    ```bibtex
    @article{knuth84,
      title = {Literate Programming,
      year = 1984
    }
    ```

    ## Use instead
    ```bibtex
    @article{knuth84,
      title = {Literate Programming},
      year = 1984
    }
    ```

    ## References
    * `bibtex.web`, sections 223 to 276: what BibTeX reads, and where it gives up
    """,
)


missing_separator = fault_rule(
    "SYN002",
    "missing-separator",
    severity=Severity.ERROR,
    fixable=True,
    fixes={
        "missing-comma": insertion(",", "comma inserted"),
        "missing-equals": insertion(" =", "equals sign inserted"),
    },
    doc="""A comma or an equals sign is missing.

    ## What it does
    Reports a field that isn't separated by a comma from what comes before it, and a field name without `=`.

    ## Why is this bad
    BibTeX stops at that place and ignores the rest of the entry; other programs read the two fields as one.

    ## Fix
    Safe: the missing character is inserted, as only one reading makes sense.

    ## Known limits
    Only where one character is missing. If a closing brace is missing too, the block is a broken entry (SYN001).

    ## Example
    ```bibtex
    @article{knuth84,
      title = {Literate Programming}
      year = 1984
    }
    ```

    ## Use instead
    ```bibtex
    @article{knuth84,
      title = {Literate Programming},
      year = 1984
    }
    ```

    ## References
    * `bibtex.web`, section 276: "I was expecting a `,' or a `}'"
    """,
)


extra_comma = fault_rule(
    "SYN003",
    "extra-comma",
    fixable=True,
    fixes={"extra-comma": deletion("comma removed")},
    doc="""One comma too many.

    ## What it does
    Reports commas with nothing between them. A comma after the last field is allowed and not reported.

    ## Why is this bad
    BibTeX expects a field name after each comma and ignores the rest of the entry.

    ## Fix
    Safe: the comma is removed.

    ## Known limits
    Commas within a value are text and not judged here; for names see NAM001.

    ## Example
    ```bibtex
    @article{knuth84,
      title = {Literate Programming},,
      year = 1984
    }
    ```

    ## Use instead
    ```bibtex
    @article{knuth84,
      title = {Literate Programming},
      year = 1984
    }
    ```

    ## References
    * `bibtex.web`, sections 274 and 275
    """,
)


bad_value = fault_rule(
    "SYN004",
    "bad-value",
    severity=Severity.ERROR,
    doc="""A value without proper delimiters.

    ## What it does
    Reports values that are neither in braces nor in quotes nor a number nor a macro, quotes inside quotes, a `#` with
    nothing after it, and fields without any value.

    ## Why is this bad
    BibTeX takes a bare word for the name of a macro and ends a quoted value at the first quote outside of braces. What
    follows is lost.

    ## Known limits
    A bare word that a `@string` happens to define is a macro and not reported, even if text was meant.

    ## Example
    ```bibtex
    @article{knuth84,
      title = "The "TeX" book",
      note = to appear
    }
    ```

    ## Use instead
    ```bibtex
    @article{knuth84,
      title = {The "TeX" book},
      note = {to appear}
    }
    ```

    ## References
    * btxdoc.tex, section 2.1: how strings are delimited
    """,
)


comment_in_entry = fault_rule(
    "SYN005",
    "comment-in-entry",
    doc="""A `%` inside an entry.

    ## What it does
    Reports `%` between the fields of an entry.

    ## Why is this bad
    `%` doesn't start a comment in a BibTeX file. Inside an entry BibTeX stops at it, while biber reads on, so that
    the two see different entries.

    ## Known limits
    A `%` within a value is not reported here, but by TXT006.

    ## Example
    ```bibtex
    @article{knuth84,
      % check this
      title = {Literate Programming}
    }
    ```

    ## Use instead
    ```bibtex
    % check this
    @article{knuth84,
      title = {Literate Programming}
    }
    ```

    ## References
    * btxdoc.tex, section 2.1: everything between entries is a comment
    """,
)


swallowed_entry = fault_rule(
    "SYN006",
    "swallowed-entry",
    doc="""An entry inside a value or a comment.

    ## What it does
    Reports lines that look like the beginning of an entry but were read as part of a value or of a `@comment`, and
    comments that are never closed.

    ## Why is this bad
    Most often a closing brace is missing somewhere before. The swallowed entries can't be cited.

    ## Known limits
    A line within a value that begins like an entry on purpose, such as an abstract that shows BibTeX code, is reported
    too.

    ## Example
    ```bibtex
    @article{knuth84,
      title = {Literate Programming,
    @book{knuth86,
      title = {The TeXbook}
    }}}
    ```

    ## Use instead
    ```bibtex
    @article{knuth84,
      title = {Literate Programming}
    }
    @book{knuth86,
      title = {The TeXbook}
    }
    ```

    ## References
    * `bibtex.web`, section 253: a value reaches to its own closing brace
    """,
)


stray_text = fault_rule(
    "SYN007",
    "stray-text",
    severity=Severity.ERROR,
    doc="""Text outside of entries that looks as if it belonged to one.

    ## What it does
    Reports fields and braces after an entry that was already closed, and entries that begin in the middle of a line of
    text.

    ## Why is this bad
    The text after a closed entry is not read by any program. An entry in the middle of a line is read, although a `%`
    before it looks as if it were switched off.

    ## Known limits
    Text between entries that doesn't look like a part of one is a comment and not reported, even if an entry was meant.
    A sentence that ends in `@` and a word in front of a brace is reported.

    ## Example
    ```bibtex
    @article{knuth84,
      title = {Literate Programming}},
      year = 1984
    }
    ```

    ## Use instead
    ```bibtex
    @article{knuth84,
      title = {Literate Programming},
      year = 1984
    }
    ```

    ## References
    * btxdoc.tex, section 2.1: everything between entries is a comment
    """,
)


encoding = fault_rule(
    "SYN008",
    "encoding",
    doc=r"""The file is not UTF-8.

    ## What it does
    Reports files with bytes that are not UTF-8, and files with NUL characters.

    ## Why is this bad
    Each program then guesses the characters in its own way. bibtool keeps the bytes, and reads them as Windows-1252.

    ## Known limits
    Which encoding was meant is not known: a file in Windows-1251 or Shift JIS is said to be read as Windows-1252. A
    file whose bytes happen to be UTF-8 is not reported.

    ## Example
    ```bibtex
    title = {Caf\xe9}   % the byte E9 of Latin-1
    ```

    ## Use instead
    ```bibtex
    title = {Café}      % the bytes C3 A9 of UTF-8
    ```

    ## References
    * biblatex manual, section 3.12.1.2 (`bibencoding`): UTF-8 is the default of biber
    """,
)


bad_string = fault_rule(
    "SYN009",
    "bad-string",
    doc="""A `@string` that doesn't define exactly one macro.

    ## What it does
    Reports `@string` blocks with several macros or with none.

    ## Why is this bad
    BibTeX reads one macro from each `@string` and complains about the rest of the block.

    ## Known limits
    A macro that is defined twice is not reported: the later definition is the one that counts from there on.

    ## Example
    ```bibtex
    @string{jacm = {Journal of the ACM}, cacm = {Communications of the ACM}}
    ```

    ## Use instead
    ```bibtex
    @string{jacm = {Journal of the ACM}}
    @string{cacm = {Communications of the ACM}}
    ```

    ## References
    * `bibtex.web`, section 243
    """,
)


@project_rule("SYN010", "unreadable-file", severity=Severity.ERROR)
def unreadable_file(context: Context) -> Iterator[Hit]:
    """A file that can't be opened.

    ## What it does
    Reports files that don't exist or can't be read. The other files are checked all the same.

    ## Why is this bad
    Nothing in the file was checked.

    ## Known limits
    Says what the operating system says; a file that can be opened but is not a bibliography is judged by the other
    rules.

    ## Example
    ```bibtex
    $ bibtool check refs.bob
    ```

    ## Use instead
    ```bibtex
    $ bibtool check refs.bib
    ```

    ## References
    * `bibtool check --help`
    """
    for file in context.files:
        if file.error:
            yield Hit(file=file, start=0, end=0, message=file.error)


conflict_marker = fault_rule(
    "SYN011",
    "conflict-marker",
    severity=Severity.ERROR,
    doc="""Markers of an unfinished merge.

    ## What it does
    Reports the lines `<<<<<<<`, `=======` and `>>>>>>>` that git leaves in a file when two people changed the same
    place.

    ## Why is this bad
    The file holds both versions of the place: BibTeX reads some fields or entries twice and stops at the marks.

    ## Known limits
    The marker of the common ancestor (`|||||||`) alone is not reported.

    ## Example
    ```bibtex
    @article{knuth84,
    <<<<<<< HEAD
      year = 1984,
    =======
      year = 1983,
    >>>>>>> theirs
      title = {Literate Programming}
    }
    ```

    ## Use instead
    ```bibtex
    @article{knuth84,
      year = 1984,
      title = {Literate Programming}
    }
    ```

    ## References
    * git manual, git-merge, "How conflicts are presented"
    """,
)
