"""A first bibtool.toml, made from what a folder holds."""

from __future__ import annotations

import json
import posixpath
from glob import escape
from pathlib import PurePath
from typing import TYPE_CHECKING

from bibtool.project.bibchoice import choose
from bibtool.project.documents import find_documents
from bibtool.project.scan.doctypes import type_of
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from bibtool.project.bibchoice import BibChoice, NameChange

MAX_LISTED = 8  # documents; more are named by patterns
MAX_SHOWN = 4  # names in a sentence
MAX_LINE = 100  # characters of a list
_LANGUAGES = {".md": "Markdown", ".markdown": "Markdown", ".qmd": "Quarto", ".rmd": "R Markdown", ".rnw": "knitr"}

TEMPLATE = r"""# Settings of bibtool for this project. Lines that begin with # show the default or an example.

# library = "~/papers/library.sqlite"    # where your library of records is, unless in the usual place

[refs]
# Where entries come from; the first source that has a key wins. Files may be .bib, CSL-JSON and other formats that
# bibtool reads; patterns work. "library" is your own library of records, which your co-authors don't need: the lock
# holds what it says.
sources = {sources}

# The documents that cite, as files or patterns. Files that they include (\input, \include ...) are read too.
{documents}
{exclude}

# The bibliography that `bibtool refs` maintains, and its lock. Keep both in git.
output = {output}
{keep}
# lock = "bibtool.lock"

# Other bibliography files that the documents read: their entries are neither changed nor copied to the output.
{read_only}

# "bibtex" or "biblatex": how records of the library are written. Entries of .bib files are copied as they are.
dialect = {dialect}

# Where both a preprint and a published version are known: "published", "preprint" or "both", which is the published
# one with the eprint of the other.
# prefer = "published"
# prefer-for = {{ "some:key" = "preprint" }}

# Fields that are not written.
# drop = ["abstract", "file", "keywords"]

# Citation commands of your own; "name:2" if the keys are the second argument.
# cite-commands = ["mycite", "footcitealso:2"]

# The day on which listings were copied, for dates without a year.
# as-of = 2026-11-23

[keys]
# How keys are made for records that have none.
# template = "{{auth:lower}}{{year}}{{word:lower}}"

[export]
# The style of formatted lists; `bibtool styles` lists them.
# style = "apa"
# Fields that `bibtool export` and `bibtool convert` leave out.
# omit = ["abstract"]
"""

KEEP = """\
# The documents read this file. It stays as its authors wrote it: cited entries that it lacks are added, nothing is
# deleted, moved or rewritten.
keep = true"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The text of the file, what it says of this folder, and the same in sentences.

    ``documents`` and ``exclude`` are as the settings have them. ``lines`` are three: documents, bibliography, and what
    `bibtool refs` will do; ``notes`` say what else should be known or done, ``next_step`` what to type next.
    """

    text: str
    documents: tuple[str, ...]
    exclude: tuple[str, ...]
    choice: BibChoice
    lines: tuple[str, ...]
    notes: tuple[str, ...]
    next_step: str


def propose(folder: Path, *, library: bool = False, split: bool = False) -> Proposal:
    """Settings for a folder; parameters as for `bibtool.project.bibchoice.choose`.

    Raises `InputError` for a folder with more documents than can be looked at.
    """
    choice = choose(folder, library=library, split=split)
    documents, exclude = _patterns(folder, [document.path for document in choice.documents])
    keep = KEEP if choice.keep else "# keep = false"
    if choice.keep and not choice.is_named:
        keep = keep.replace("The documents read this file.", "This is the only .bib file here.")
    text = TEMPLATE.format(
        sources=_list(choice.sources),
        documents=f"documents = {_list(documents)}" if documents else '# documents = ["paper.tex"]',
        exclude=f"exclude = {_list(exclude)}" if exclude else '# exclude = ["old/**"]',
        output=_quoted(choice.output),
        keep=keep,
        read_only=f"read-only = {_list(choice.read_only)}" if choice.read_only else '# read-only = ["strings.bib"]',
        dialect=_quoted(choice.dialect),
    )
    return Proposal(
        text=text,
        documents=documents,
        exclude=exclude,
        choice=choice,
        lines=_lines(choice),
        notes=tuple(_notes(choice)),
        next_step=_next_step(choice),
    )


def _patterns(folder: Path, names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The documents as the settings name them: one by one, or by patterns where there are many.

    A pattern may mean a few files more, which the second tuple leaves out.
    """
    if len(names) <= MAX_LISTED:
        return tuple(names), ()
    patterns: dict[str, None] = {}
    for name in names:
        path = PurePath(name)
        patterns[(PurePath(escape(str(path.parent))) / f"*{path.suffix}").as_posix()] = None
    if len(patterns) > MAX_LISTED:
        patterns = dict.fromkeys(f"**/*{PurePath(name).suffix}" for name in names)
    extra = [name for name in find_documents(folder, tuple(patterns)) if name not in names]
    if len(extra) > MAX_LISTED:
        return tuple(names), ()
    return tuple(patterns), tuple(extra)


def _lines(choice: BibChoice) -> tuple[str, ...]:
    """What was found, and what will happen, in three lines."""
    return (
        f"documents: {_documents(choice)}",
        f"bibliography: {_bibliography(choice)}",
        f"bibtool refs: {_what_happens(choice)}",
    )


def _documents(choice: BibChoice) -> str:
    if not choice.documents:
        return "none yet"
    parts = {part for document in choice.documents for part in document.parts}
    more = f" and {count(len(parts), 'included file')}" if parts else ""
    languages = dict.fromkeys(_language(document.path) for document in choice.documents)
    return f"{_shown([document.path for document in choice.documents])}{more} ({', '.join(languages)})"


def _language(path: str) -> str:
    suffix = PurePath(path).suffix.lower()
    kind = type_of(path)
    return _LANGUAGES.get(suffix) or (kind.title if kind else "")


def _bibliography(choice: BibChoice) -> str:
    dialect = {"bibtex": "BibTeX", "biblatex": "BibLaTeX"}[choice.dialect]
    size = count(choice.entries, "entry", "entries") if choice.keep else "new"
    described = f"{choice.output} ({size}, {dialect})"
    if choice.places:
        described += f", named in {choice.places[0].path}:{choice.places[0].line}"
    if choice.read_only:
        described += f"; also named: {_shown(choice.read_only)}"
    if choice.sources:
        described += f"; sources: {_shown(choice.sources)}"
    return described


def _what_happens(choice: BibChoice) -> str:
    sources = _shown(choice.sources)
    if choice.keep and choice.sources:
        return f"will add the cited entries that {choice.output} lacks, from {sources}, and change nothing else in it"
    if choice.keep:
        return f"will leave {choice.output} as it is, and report cited keys that have no entry"
    if choice.sources:
        return f"will write the cited entries of {sources} to {choice.output}"
    return f"will write {choice.output} as soon as bibtool.toml names a source"


def _notes(choice: BibChoice) -> Iterator[str]:
    """What the user should know or has to do in addition."""
    for (path, line), changes in _by_line(choice.changes).items():
        old = " and ".join(dict.fromkeys(change.old for change in changes))
        yield f"on line {line} of {path}, change {old} to {changes[0].new}"
    if choice.documents and not choice.is_named and not choice.changes:
        yield f"no document names a bibliography yet; name {choice.output} in {choice.documents[0].path}"
    if choice.absent:
        yield f"named, but not found: {_shown(choice.absent)}"
    if choice.other_works:
        folders = {posixpath.dirname(document.path) for document in choice.other_works}
        hint = f" (run `bibtool init` in {folders.pop()})" if len(folders) == 1 and "" not in folders else ""
        shown = _shown([document.path for document in choice.other_works])
        yield f"left out because of a bibliography of its own: {shown}{hint}"
    if choice.unused:
        yield f"not used: {_shown(choice.unused)}; add a file to sources to copy entries from it"


def _next_step(choice: BibChoice) -> str:
    if not choice.documents:
        return "write a document that cites, then bibtool refs"
    if not choice.keep and not choice.sources:
        return "add a source to bibtool.toml, then bibtool refs"
    return "bibtool refs"


def _by_line(changes: Iterable[NameChange]) -> dict[tuple[str, int], list[NameChange]]:
    lines: dict[tuple[str, int], list[NameChange]] = {}
    for change in changes:
        lines.setdefault((change.path, change.line), []).append(change)
    return lines


def _shown(names: Sequence[str]) -> str:
    """The names, the first few of many."""
    some = ", ".join(names[:MAX_SHOWN])
    return some if len(names) <= MAX_SHOWN else f"{some} and {len(names) - MAX_SHOWN} more"


def count(number: int, singular: str, plural: str = "") -> str:
    """``1 file``, ``2,000 files``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def _list(words: Sequence[str]) -> str:
    quoted = [_quoted(word) for word in words]
    line = "[" + ", ".join(quoted) + "]"
    return line if len(line) <= MAX_LINE else "[\n" + "".join(f"    {word},\n" for word in quoted) + "]"


def _quoted(word: str) -> str:
    return json.dumps(word, ensure_ascii=False)
