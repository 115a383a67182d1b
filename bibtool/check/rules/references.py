"""References within the files: parents, data entries, macros."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.bib.journalmacros import JOURNAL_MACROS
from bibtool.bib.values import pieces_of
from bibtool.check.context import split_keys
from bibtool.check.faults import hit_of, problems_of
from bibtool.check.rule import field_rule, project_rule
from bibtool.check.source import Hit
from bibtool.lazy import lazy_pattern
from bibtool.problems import Severity
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.source import CheckedEntry, CheckedField


@field_rule("REF001", "unresolved-crossref", fields={"crossref", "xref"}, severity=Severity.ERROR)
def unresolved_crossref(field: CheckedField, context: Context) -> Iterator[Hit]:
    """A `crossref` or `xref` to an entry that isn't there.

    ## What it does
    Reports references to a parent that is in none of the files that are checked together.

    ## Why is this bad
    The entry lacks everything that the parent would give it: book title, editors, publisher, year.

    ## Known limits
    A parent in a file that is not checked along with this one is reported, as is a parent that could not be read
    (SYN001).

    ## Example
    ```bibtex
    @inproceedings{turing50,
      title = {A Title},
      crossref = {proc50}
    }
    ```

    ## Use instead
    ```bibtex
    @inproceedings{turing50,
      title = {A Title},
      crossref = {proc50}
    }
    @proceedings{proc50,
      title = {The Proceedings},
      year = 1950
    }
    ```

    ## References
    * btxdoc.tex, section 2.2 (cross references)
    * biblatex manual, section 2.4.1
    """
    key = field.content.strip()
    if key and context.find(key) is None:
        yield _unresolved(field, key, context)


def _unresolved(field: CheckedField, key: str, context: Context) -> Hit:
    return field.hit(
        f"{field.name} names {key[:80]!r}, but there is no entry with that key", hint=context.near_key(key)
    )


@field_rule("REF002", "unresolved-xdata", fields={"xdata", "related", "entryset"}, severity=Severity.ERROR)
def unresolved_xdata(field: CheckedField, context: Context) -> Iterator[Hit]:
    """An `xdata`, `related` or `entryset` that names an entry that isn't there.

    ## What it does
    Reports the keys in these lists that no entry of the checked files has, and `xdata` that names an entry of another
    type.

    ## Why is this bad
    biber warns and goes on without the data of that entry.

    ## Known limits
    As for REF001: all files have to be checked together. Which fields a granular `xdata` asks for is not compared with
    what the entry has.

    ## Example
    ```bibtex
    @book{knuth86,
      title = {The TeXbook},
      xdata = {aw}
    }
    ```

    ## Use instead
    ```bibtex
    @book{knuth86,
      title = {The TeXbook},
      xdata = {aw}
    }
    @xdata{aw,
      publisher = {Addison-Wesley}
    }
    ```

    ## References
    * biblatex manual, sections 3.14.3 to 3.14.6
    """
    for key in split_keys(field.content):
        entry = context.find(key)
        if entry is None:
            yield _unresolved(field, key, context)
        elif field.name == "xdata" and entry.type != "xdata":
            yield field.hit(
                f"xdata names {key[:80]!r}, which is a @{entry.type[:40]} and not an @xdata",
                hint="use crossref, or make that entry an @xdata",
            )


# defined by plain.bst and the styles made from it
_STANDARD = frozenset(
    (
        "acmcs acta cacm ibmjrd ibmsj ieeese ieeetc ieeetcad ipl jacm jcss scp sicomp tocs tods tog toms toois toplas "
        "tcs"
    ).split()
)
_MACRO = lazy_pattern(r"[^\s\"#%'(),={}]+")


@project_rule("REF003", "undefined-string", severity=Severity.ERROR)
def undefined_string(context: Context) -> Iterator[Hit]:
    """A macro that no `@string` defines.

    ## What it does
    Reports values that use an undefined macro, one that is defined further down, or one that is defined by itself.
    Months and the journals that the standard styles define are known; macros of all files that are checked together
    count.

    ## Why is this bad
    BibTeX warns and leaves the value empty.

    ## Known limits
    A macro in a file that is not checked along with this one, or that a style defines beyond the standard ones, is
    reported. Fields that no style prints count too, as BibTeX warns about them as well.

    ## Example
    ```bibtex
    @article{knuth84,
      title = {Literate Programming},
      journal = cj
    }
    ```

    ## Use instead
    ```bibtex
    @string{cj = {The Computer Journal}}
    @article{knuth84,
      title = {Literate Programming},
      journal = cj
    }
    ```

    ## References
    * btxdoc.tex, section 2.1; plain.bst for the abbreviations of journals
    """
    for file in context.files:
        for problem in problems_of(file, "REF003"):
            hit = hit_of(file, problem)
            macro = _MACRO.match(file.text, hit.start)
            name = macro[0] if macro else ""
            folded = name.lower()
            if problem.code == "undefined-macro" and (folded in _STANDARD or folded in context.macros):
                continue
            yield replace(hit, end=hit.start + max(1, len(name)), severity=None)


_JOURNAL_COMMAND = lazy_pattern(r"\{*\\(?P<name>[A-Za-z]{2,20})(?:\{\})?\}*")


@project_rule("REF007", "journal-command", severity=Severity.NOTE)
def journal_command(context: Context) -> Iterator[Hit]:
    r"""A journal that is given as a command.

    ## What it does
    Reports, once for each command in a file and as a note that doesn't change the exit code, `journal` fields that hold
    nothing but a command such as `\aap` or `\mnras`, unless a `@preamble` names it. The database ADS writes them.

    ## Why is this bad
    Only the classes of some astronomical journals define these commands. With any other class LaTeX stops at them, and
    programs without LaTeX print the command.

    ## Known limits
    Definitions in the document or its class are not seen. Files whose `@preamble` reads in another file are not judged.

    ## Example
    ```bibtex
    journal = {\aap}
    ```

    ## Use instead
    ```bibtex
    journal = {Astronomy and Astrophysics}
    ```

    ## References
    * ADS, "Journal macros for the Astrophysics Data System"
    """
    for file in context.files:
        uses: dict[str, list[CheckedField]] = {}
        for entry in file.entries:
            field = entry.first("journal", "journaltitle")
            command = _JOURNAL_COMMAND.fullmatch(field.content.strip()) if field and "\\" in field.content else None
            if field and command:
                uses.setdefault(command["name"], []).append(field)
        if not uses or file.reads_definitions:
            continue
        for name, fields in uses.items():
            if file.defines(name):
                continue
            journal = JOURNAL_MACROS.get(name)
            times = f" ({len(fields):,} times)" if len(fields) > 1 else ""
            yield fields[0].hit(
                f"the journal is given as the command \\{name}{times}, which only some classes define",
                hint=f"write {journal}" if journal else "write the name of the journal",
            )


@project_rule("REF004", "unused-string", default=False)
def unused_string(context: Context) -> Iterator[Hit]:
    """A `@string` that nothing uses.

    ## What it does
    Reports macros that no value in any of the checked files uses. Files without entries are taken for collections of
    macros and left alone.

    ## Why is this bad
    It does no harm, but is often left over from an entry that was removed, or points to a misspelt macro.

    ## Known limits
    Macros that only files outside of this call use are reported; collections of macros with entries of their own should
    be checked along with them.

    ## Example
    ```bibtex
    @string{jacm = {Journal of the ACM}}
    @book{knuth86,
      title = {The TeXbook}
    }
    ```

    ## Use instead
    ```bibtex
    @book{knuth86,
      title = {The TeXbook}
    }
    ```

    ## References
    * btxdoc.tex, section 2.1
    """
    used: set[str] = set()
    for file in context.files:
        document = file.document
        for entry in file.entries:
            for field in entry.fields:
                if field.inner < 0:
                    pieces = pieces_of(file.text, field.raw.value, field.raw.value_end)
                    used.update(piece.content.lower() for piece in pieces if piece.kind == "macro")
        for block in document.strings:
            for _, pieces in block.definitions:
                used.update(piece.content.lower() for piece in pieces if piece.kind == "macro")
    for file in context.files:
        if not file.entries:
            continue
        for block in file.document.strings:
            for name, _ in block.definitions:
                if name.lower() not in used:
                    yield Hit(
                        file=file,
                        start=block.start,
                        end=block.end,
                        message=f"nothing uses the macro {name[:80]!r}",
                        hint="remove it",
                    )


@field_rule("REF005", "crossref-order", fields={"crossref"})
def crossref_order(field: CheckedField, context: Context) -> Iterator[Hit]:
    r"""A `crossref` parent that comes before its child.

    ## What it does
    Reports, in files written for BibTeX, parents above an entry that refers to them. BibLaTeX files are not
    judged, as biber doesn't mind.

    ## Why is this bad
    BibTeX reads the file once: unless it has read the child before the parent, it says that the parent doesn't exist.

    ## Known limits
    Parents in another file are not judged, as their order is that of `\bibliography` in the document.

    ## Example
    ```bibtex
    @proceedings{proc50,
      title = {The Proceedings},
      year = 1950
    }
    @inproceedings{turing50,
      title = {A Title},
      crossref = {proc50}
    }
    ```

    ## Use instead
    ```bibtex
    @inproceedings{turing50,
      title = {A Title},
      crossref = {proc50}
    }
    @proceedings{proc50,
      title = {The Proceedings},
      year = 1950
    }
    ```

    ## References
    * btxdoc.tex, section 2.2 (cross references)
    """
    entry = field.entry
    parent = context.find(field.content.strip())
    if parent is None or parent.file is not entry.file or parent.block.start >= entry.block.start:
        return
    if context.file_dialect(entry.file) == "bibtex":
        yield field.hit(
            f"the parent {parent.shown!r} is above this entry, and BibTeX needs it below",
            hint="move the parent to the end of the file",
            related=(parent.related("the parent"),),
        )


@project_rule("REF006", "crossref-cycle", severity=Severity.ERROR)
def crossref_cycle(context: Context) -> Iterator[Hit]:
    """An entry that inherits from itself.

    ## What it does
    Reports entries whose `crossref` or `xdata` leads back to them, directly or via other entries.

    ## Why is this bad
    BibTeX and biber report an error, or inherit in an order that is hard to predict.

    ## Known limits
    Only circles of `crossref` and `xdata`; entries that name each other in `related` are fine.

    ## Example
    ```bibtex
    @book{a,
      title = {A},
      crossref = {b}
    }
    @book{b,
      title = {B},
      crossref = {a}
    }
    ```

    ## Use instead
    ```bibtex
    @book{a,
      title = {A},
      crossref = {b}
    }
    @book{b,
      title = {B}
    }
    ```

    ## References
    * biblatex manual, section 2.4.1: circular dependencies are an error
    """
    for entry in circular(context):
        yield entry.hit(
            f"{entry.shown!r} inherits from itself by crossref or xdata",
            hint="remove one of the references on the circle",
        )


def circular(context: Context) -> list[CheckedEntry]:
    """The entries on a circle of references, by Tarjan's components without recursion; linear in their number."""
    number: dict[CheckedEntry, int] = {}
    low: dict[CheckedEntry, int] = {}
    path: list[CheckedEntry] = []
    on_path: set[CheckedEntry] = set()
    on_circles: list[CheckedEntry] = []
    for root in context.entries:
        if root in number or not ("crossref" in root or "xdata" in root):
            continue
        work = [(root, iter(_parents(root, context)))]
        number[root] = low[root] = len(number)
        path.append(root)
        on_path.add(root)
        while work:
            entry, parents = work[-1]
            parent = next(parents, None)
            if parent is None:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[entry])
                if low[entry] == number[entry]:
                    on_circles += _component(entry, path, on_path, context)
            elif parent not in number:
                number[parent] = low[parent] = len(number)
                path.append(parent)
                on_path.add(parent)
                work.append((parent, iter(_parents(parent, context))))
            elif parent in on_path:
                low[entry] = min(low[entry], number[parent])
    return on_circles


def _component(
    entry: CheckedEntry, path: list[CheckedEntry], on_path: set[CheckedEntry], context: Context
) -> list[CheckedEntry]:
    """Take the component of ``entry`` off the path; its members if it is a circle."""
    members: list[CheckedEntry] = []
    while True:
        member = path.pop()
        on_path.discard(member)
        members.append(member)
        if member is entry:
            break
    if len(members) > 1 or any(parent is entry for parent in _parents(entry, context)):
        return members
    return []


def _parents(entry: CheckedEntry, context: Context) -> list[CheckedEntry]:
    return [parent for _, parent in context.parents(entry) if parent is not None]
