r"""LaTeX with biblatex: ``publications.bib`` and a ``publications.tex`` that prints it in the order of the list.

Who is the owner, and the other marks of names, are data annotations (biblatex manual, 3.7: ``author+an = {2=owner}``),
which ``\mkbibcompletename`` tests. Each section is a refsection with its own ``\nocite``, so that a work may be in
two sections in different places; numbers, notes and links are set by key in the .tex file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bibtool.cv.targets import Files, _tex, _texchars
from bibtool.cv.targets._typeset import changed_name, clean, label_width, word
from bibtool.cv.targets.alfolio import file_key, unique_keys
from bibtool.lazy import lazy_pattern
from bibtool.model.names import Name, Names
from bibtool.model.record import Arxiv, Record, Verbatim
from bibtool.model.richtext import Math, Span, Text
from bibtool.model.text.inert import inert_lines
from bibtool.model.text.texmath import is_safe_math
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibtool.cv.document import Author, Entry, PublicationList, Section
    from bibtool.cv.targets import Existing, TargetOptions
    from bibtool.model.record import Value
    from bibtool.model.richtext import Node

BIB: Final = "publications.bib"
TEX: Final = "publications.tex"

# what biblatex's standard styles print; anything else of a record (abstract, keywords, notes of sources, fields such as
# ``execute``, whose value TeX would run) does not go into the file
_PRINTED: Final = frozenset(
    """
    title title-short container-title container-title-short collection-title author editor translator container-author
    volume issue number number-of-volumes number-of-pages part page chapter-number edition version genre publisher
    publisher-place event-title event-place event-date issued original-date original-title DOI ISBN ISSN URL
    """.split()
)
# the marks whose meaning is a word of `bibtool.cv.words`
_MOST_NAMES: Final = 25  # of an entry; beyond that the first ones and the owner represent all
_FIRST_NAMES: Final = 8
# after a backslash it keeps the writer from seeing a command of the source; taken out of the file again
_GUARD: Final = "\ue000"
_TEX_IN_NAME = lazy_pattern(r"[\\{}$%#^~_&]|--|``|''")
# @online prints its address whatever url=false says
_NO_ADDRESS: Final = "\\AtEveryBibitem{\\clearfield{url}\\clearfield{urlyear}}\n"
_BAD_IN_MARK = lazy_pattern(r"[^A-Za-z0-9-]+")


def write_files(cv: PublicationList, options: TargetOptions, existing: Existing) -> Files:
    """Both files, where they differ from the existing ones."""
    keys = _keys(cv)
    marks = _marks(cv)
    made = {BIB: _bib(cv, keys, marks), TEX: _tex_file(cv, options, keys, marks)}
    return Files(write={path: data for path, data in made.items() if existing.get(path) != data})


def _keys(cv: PublicationList) -> dict[str, str]:
    r"""The key of each work as BibTeX and ``\nocite`` can take it, different for different works."""
    works = {entry.key: entry for entry in cv.entries}
    return dict(zip(works, unique_keys([file_key(work) for work in works.values()], set()), strict=True))


def _marks(cv: PublicationList) -> dict[str, tuple[str, str]]:
    """Mark -> its name as an annotation, its sign."""
    named = {line.mark: (_BAD_IN_MARK.sub("-", line.mark).strip("-"), clean(line.sign)) for line in cv.legend}
    return {mark: (name, sign) for mark, (name, sign) in named.items() if name and sign and name != "owner"}


# the .bib file


def _bib(cv: PublicationList, keys: Mapping[str, str], marks: Mapping[str, tuple[str, str]]) -> bytes:
    from bibtool.formats.registry import write_bytes

    entries = {entry.key: entry for entry in cv.entries}
    records = [_record(entry, keys[key], marks) for key, entry in entries.items()]
    data = write_bytes(records, "biblatex").data.decode("utf-8").replace(_GUARD, "")
    return inert_lines(data).encode("utf-8")


def _record(entry: Entry, key: str, marks: Mapping[str, tuple[str, str]]) -> Record:
    """The record with what is printed of it, its names marked; nothing of it is a command."""
    source = entry.record
    variables: dict[str, Value] = {}
    for name, value in source.variables.items():
        if name not in _PRINTED or (name == "URL" and (source.text("DOI") or source.arxiv)):
            continue
        variables[name] = _value(value)
    if entry.authors:
        shown = _kept(entry.authors)
        names = tuple(_marked(author, marks) for author in shown)
        of_list = tuple(marks[mark][0] for mark in source.names("author").marks if mark in marks)
        cut = entry.truncated or len(shown) < len(entry.authors)
        variables["author"] = Names(names, truncated=cut, marks=of_list)
    arxiv = source.arxiv or (entry.preprint.arxiv if entry.preprint is not None else None)
    known = Arxiv(id=arxiv.id) if arxiv is not None and arxiv.id is not None else None
    return Record(key=key, type=source.type, variables=variables, arxiv=known)


def _value(value: Value) -> Value:
    if isinstance(value, Text):
        return Text(tuple(_node(node) for node in value.nodes))
    if isinstance(value, Names):
        return Names(tuple(_name(name) for name in value), truncated=value.truncated)
    if isinstance(value, Verbatim):
        return Verbatim(re.sub(r"[\\{}\s]", "", clean(value.text)))
    return value


def _kept(authors: Sequence[Author]) -> list[Author]:
    """All names, or of a very long list the first ones and the owner: biblatex can only cut off the end."""
    if len(authors) <= _MOST_NAMES:
        return list(authors)
    return [author for at, author in enumerate(authors) if at < _FIRST_NAMES or author.owner]


def _marked(author: Author, marks: Mapping[str, tuple[str, str]]) -> Name:
    owner = ("owner",) if author.owner else ()
    return replace(_name(author.name), marks=owner + tuple(marks[mark][0] for mark in author.marks if mark in marks))


def _name(name: Name) -> Name:
    """The parts of the name; one with characters of TeX in it stays whole, for biber's initials would break them."""
    bare = replace(name, marks=(), orcid="", homonym="")
    if _TEX_IN_NAME.search(bare.inverted()):
        return Name(literal=_guarded(bare.display()))
    return changed_name(bare, clean)


def _node(node: Node) -> Node:
    if isinstance(node, str):
        return _guarded(node)
    if isinstance(node, Math):
        return node if is_safe_math(node.tex) else _guarded(f"${node.tex}$")
    return Span(node.kind, tuple(_node(inner) for inner in node.nodes))


def _guarded(text: str) -> str:
    return clean(text.replace(_GUARD, "")).replace("\\", "\\" + _GUARD)


# the .tex file


def _tex_file(
    cv: PublicationList, options: TargetOptions, keys: Mapping[str, str], marks: Mapping[str, tuple[str, str]]
) -> bytes:
    digits = label_width(cv)
    sections = "\n".join(_section(section, cv, options, keys) for section in cv.sections if section.entries)
    summary = _tex.summary(cv, options)
    legend = _tex.legend(cv)
    shown = _tex.title_block(cv) + summary + ("\n" if summary else "") + sections
    if legend:
        shown += f"\n\\par\\medskip{{\\footnotesize {legend}\\par}}\n"
    of_lists = {mark for entry in cv.entries for mark in entry.record.names("author").marks}
    signs = "".join(_sign_test(name, _tex.text(sign), of_list=mark in of_lists) for mark, (name, sign) in marks.items())
    characters = _texchars.definitions(shown + signs + _bib(cv, keys, marks).decode("utf-8"))
    label = "0" * digits + "." if digits else ""
    source = (
        "% Publication list written by bibtool: latexmk -pdf publications.tex (or -lualatex, -xelatex).\n"
        f"{_tex.preamble(cv)}"
        "% The links after the entries are those of this file; doi=true, eprint=true print biblatex's own.\n"
        "\\usepackage[backend=biber,style=numeric,sorting=none,maxbibnames=99,\n"
        "  doi=false,eprint=false,url=false,isbn=false]{biblatex}\n"
        f"{_NO_ADDRESS if options.links else ''}"
        f"\\addbibresource{{{BIB}}}\n"
        f"{_tex.commands(heading=_tex.SECTION, color='cvlink!55')}"
        f"{characters}"
        "% The owner and the other marks of names are annotations: author+an = {2=owner}.\n"
        "\\renewcommand*{\\mkbibcompletename}[1]{%\n"
        f"  \\ifitemannotation{{owner}}{{\\mkbibbold{{#1}}}}{{#1}}{signs}}}\n"
        "\\defbibheading{cv}{\\cvheading{#1}}\n"
        f"\\defbibenvironment{{bibliography}}{{\\begin{{cvlist}}{{{label}}}}}{{\\end{{cvlist}}}}\n"
        "  {\\item[\\csuse{cvnumber@\\thefield{entrykey}}]}\n"
        "\\renewbibmacro*{finentry}{\\finentry\\csuse{cvnote@\\thefield{entrykey}}}\n"
        "% key, number, what follows the reference\n"
        "\\newcommand*{\\cvwork}[3]{\\nocite{#1}\\csdef{cvnumber@#1}{#2}\\csdef{cvnote@#1}{#3}}\n"
        "\\begin{document}\n"
        f"{shown}"
        "\\end{document}\n"
    )
    return source.encode("utf-8")


def _sign_test(name: str, sign: str, *, of_list: bool) -> str:
    r"""TeX that prints a sign after a name that has the mark, or after the last name of a list that has it."""
    raised = rf"\textsuperscript{{{sign}}}"
    test = rf"\ifitemannotation{{{name}}}{{{raised}}}{{}}"
    if of_list:
        whole = rf"\iffieldannotation{{{name}}}{{{raised}}}{{}}"
        test += rf"%{chr(10)}  \ifnumequal{{\value{{listcount}}}}{{\value{{liststop}}}}{{{whole}}}{{}}"
    return f"%\n  {test}"


def _section(section: Section, cv: PublicationList, options: TargetOptions, keys: Mapping[str, str]) -> str:
    lines = [r"\begin{refsection}"]
    for entry in section.entries:
        number = f"{entry.number}." if entry.number is not None else ""
        lines.append(rf"\cvwork{{{keys[entry.key]}}}{{{number}}}{{{_note(entry, cv, options)}}}")
    heading = _tex.text(section.heading)
    lines.append(
        rf"\printbibliography[heading=cv,title={{{heading}}}]" if heading else r"\printbibliography[heading=none]"
    )
    return "\n".join([*lines, r"\end{refsection}"]) + "\n"


def _note(entry: Entry, cv: PublicationList, options: TargetOptions) -> str:
    parts = []
    if len(_kept(entry.authors)) < len(entry.authors) and not entry.truncated:
        parts.append(rf" ({len(entry.authors)}~{_tex.text(word(cv, options, 'authors'))})")
    return "".join(parts) + _tex.after_reference(entry, options)
