"""The value of one field, written again: white space, delimiters, and what the options ask for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtool.bib.values import month_macro
from bibtool.lazy import lazy_pattern
from bibtool.model.text.white import evened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.bib.document import Field
    from bibtool.bib.values import Piece
    from bibtool.formats.bibtex.tidy.options import TidyOptions

NAME_FIELDS = frozenset(
    {"author", "editor", "editora", "editorb", "editorc", "translator", "bookauthor", "annotator", "commentator",
     "introduction", "foreword", "afterword", "holder", "shortauthor", "shorteditor", "sortname"}
)  # fmt: skip
TITLE_FIELDS = frozenset({"title", "booktitle", "subtitle", "maintitle", "booksubtitle", "shorttitle"})
# their white space and characters are data
VERBATIM_FIELDS = frozenset({"url", "doi", "eprint", "file", "pdf", "verba", "verbb", "verbc", "uri", "urlraw"})
# keys of entries, which are names and no text (biblatex manual, 2.2.3); what they name is not changed either
LINK_FIELDS = frozenset({"crossref", "xref", "xdata", "related", "entryset"})
KEY_FIELDS = LINK_FIELDS | {"ids"}
_PARAGRAPHS = frozenset({"abstract", "annote", "annotation", "note", "comment", "review"})

_SPACE = lazy_pattern(r"\s+", re.ASCII)
_PARAGRAPH = lazy_pattern(r"[^\S\r\n]*(?:\r\n?+|\n)[^\S\r\n]*(?:(?:\r\n?+|\n)\s*)+", re.ASCII)
# mathematics and addresses: in \url{https://x.org/\~user}, \~u is a tilde and a u, not an accented letter
_NO_TEXT = lazy_pattern(
    r"((?<!\\)\$(?:[^$\\]|\\.)*\$"
    r"|\\(?:url|nolinkurl|path|href)(?![A-Za-z])\s*\{[^{}]*+(?:\{[^{}]*+\}[^{}]*+)*+\})",
    re.DOTALL,
)
_PLAIN_NUMBER = lazy_pattern(r"0|[1-9][0-9]{0,17}")
_PAGES = lazy_pattern(r"\s*([0-9A-Za-z.:]+)\s*(?:-{1,3}|–|—|−)\s*([0-9A-Za-z.:]+)\s*")
_WEB = lazy_pattern(r"[^A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%\\{}]")


def one_line(content: str, name: str, newline: str) -> str:
    """The content with each run of white space as one space; paragraphs of prose fields stay apart."""
    if "  " not in content and content.isprintable():  # most values: any other white space is not printable
        return content.strip()
    if name in _PARAGRAPHS and _PARAGRAPH.search(content):
        parts = map(evened, _PARAGRAPH.split(content))
        return (newline + newline).join(part for part in parts if part)
    return evened(content)


def render(field: Field, options: TidyOptions, newline: str, encoding: str) -> str:
    """The value expression as it is to be written, delimiters included; "" where the field has no value."""
    pieces = field.pieces
    if not pieces:
        return field.raw
    name = field.name
    if len(pieces) > 1:
        return " # ".join(map(_joined, pieces))
    piece = pieces[0]
    if piece.kind == "bare":
        return field.raw
    if piece.kind == "macro":
        return _month(piece.content, options, name) or piece.content
    return _rendered(piece.kind, piece.content, name, options, newline, encoding)


_KINDS = {"{": "braced", '"': "quoted"}


def render_one(value: str, name: str, options: TidyOptions, newline: str, encoding: str) -> str:
    """The same for a value in braces, in quotes or of digits, as written."""
    kind = _KINDS.get(value[0], "number")
    return _rendered(kind, value if kind == "number" else value[1:-1], name, options, newline, encoding)


def _rendered(kind: str, content: str, name: str, options: TidyOptions, newline: str, encoding: str) -> str:
    if kind == "number":
        if month := _month(content, options, name):
            return month
        if options.numeric or not options.curly:
            return content
    content = change(one_line(content, name, newline), name, options, newline, encoding)
    if month := _month(content, options, name):
        return month
    if options.numeric and _PLAIN_NUMBER.fullmatch(content):
        return content
    if kind == "quoted" and not options.curly and '"' not in content.replace("{", "").replace("}", ""):
        return f'"{content}"'
    return f"{{{content}}}"


def _joined(piece: Piece) -> str:
    """An operand of ``#`` as it is: spaces at its ends belong to the joined value."""
    if piece.kind == "braced":
        return "{" + _SPACE.sub(" ", piece.content) + "}"
    if piece.kind == "quoted":
        return '"' + _SPACE.sub(" ", piece.content) + '"'
    return piece.content


def _month(content: str, options: TidyOptions, name: str) -> str:
    return (month_macro(content) or "") if options.months and name == "month" else ""


def change(content: str, name: str, options: TidyOptions, newline: str, encoding: str) -> str:
    """The content with the changes that the options ask for; each of them leaves the braces balanced.

    ``encoding`` is that of the file, which may lack a character that LaTeX has a command for.
    """
    if options.strip_enclosing_braces and name not in NAME_FIELDS:
        content = strip_outer(content)
    if name in VERBATIM_FIELDS:
        if options.encode_urls and name == "url":
            content = encode_url(content)
    elif options.unescape and name not in KEY_FIELDS:
        content = unescape(content, encoding)
    if options.max_authors and name in {"author", "editor"}:
        content = cut_names(content, options.max_authors)
    if name in options.remove_braces:  # after what may take the commands away that need braces
        content = one_line(_without_braces(content), name, newline)  # a pair of braces may be a word of its own
    if options.drop_all_caps and name in TITLE_FIELDS:  # as it reads: a letter that was a command counts
        content = drop_capitals(content)
    if options.escape and name not in VERBATIM_FIELDS and name not in KEY_FIELDS:
        content = escape(content)
    if options.page_ranges and name == "pages":
        content = ", ".join(_range(part) for part in content.split(","))
    if content and name in options.enclosing_braces and not is_one_group(content):
        content = f"{{{content}}}"
    return content


def is_one_group(content: str) -> bool:
    """True where one pair of braces is around the whole content."""
    if len(content) < 2 or content[0] != "{" or content[-1] != "}":
        return False
    depth = 0
    for index, char in enumerate(content):
        depth += (char == "{") - (char == "}")
        if depth == 0 and index < len(content) - 1:
            return False
    return depth == 0


def strip_outer(content: str) -> str:
    """The content without pairs of braces that are around the whole of it."""
    start, end = 0, len(content)
    while end - start >= 2 and content[start] == "{" and is_one_group(content[start:end]) and end > start:
        start, end = start + 1, end - 1
        if start > 10:  # a nesting bomb: stop here
            break
    return content[start:end].strip()


def _without_braces(content: str) -> str:
    """The content without braces; left as it is where commands or math may need them."""
    return content if "\\" in content or "$" in content else content.replace("{", "").replace("}", "")


def drop_capitals(content: str) -> str:
    """A title in capitals only with each word capitalised; anything else as it is."""
    letters = [char for char in content if char.isalpha()]
    if len(letters) < 4 or "\\" in content or "$" in content or any(char.islower() for char in letters):
        return content
    return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), content)


def encode_url(content: str) -> str:
    """The address with percent codes for characters that a URL can't have; LaTeX's backslashes stay."""
    return _WEB.sub(lambda piece: "".join(f"%{byte:02X}" for byte in piece[0].encode("utf-8", "replace")), content)


def escape(content: str) -> str:
    """Letters beyond ASCII as LaTeX commands; math, addresses and characters without a command stay."""
    if content.isascii():
        return content
    from bibtool.bib.latexwriting import to_latex
    from bibtool.model.richtext import Text
    from bibtool.model.text.decode import readable

    def command(letters: re.Match[str]) -> str:
        return to_latex(Text.of(readable(letters[0])), ascii_only=True)

    return "".join(
        piece if at % 2 else re.sub(r"[^\x00-\x7f]+", command, piece)
        for at, piece in enumerate(_NO_TEXT.split(content))
    )


def unescape(content: str, encoding: str = "utf-8") -> str:
    """LaTeX commands for letters as characters; other commands, math, addresses and braces stay.

    So do commands for letters that ``encoding`` lacks.
    """
    if "\\" not in content:
        return content
    from bibtool.bib.latex import plain_from_latex

    def letters(piece: str) -> str:
        out: list[str] = []
        at = 0
        for command in _COMMAND.finditer(piece):
            if command.start() < at:
                continue  # inside one that is done
            start, end = command.start(), _end_of_letter(piece, command)
            braced = piece[start - 1 : start] == "{" and piece[end : end + 1] == "}" and start - 1 >= at
            if braced and not _BEFORE_ARGUMENT.search(piece[max(0, start - 40) : start - 1]):
                start, end = start - 1, end + 1
            plain = plain_from_latex(piece[start:end])
            if len(plain) == 1 and not plain.isascii() and plain.isalpha() and _has(encoding, plain):
                out += [piece[at:start], plain]
                at = end
            else:  # half of a stack of accents would be neither LaTeX nor Unicode
                out.append(piece[at:end])
                at = end
        return "".join(out) + piece[at:]

    pieces = _NO_TEXT.split(content)
    return "".join(piece if at % 2 or "\\" not in piece else letters(piece) for at, piece in enumerate(pieces))


def _has(encoding: str, char: str) -> bool:
    if encoding.startswith("utf"):
        return True
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


_COMMAND = lazy_pattern(
    r"\\(?P<accent>[`'^\"~=.]|[uvHtcdbkrhG](?![A-Za-z]))"
    r"|\\(?:aa|AA|ae|AE|oe|OE|ss|o|O|l|L|i|j|dh|DH|th|TH|dj|DJ|ng|NG)(?![A-Za-z])"
)


_BEFORE_ARGUMENT = lazy_pattern(r"\\[A-Za-z]+\*?\s*\Z|\]\Z")


def _end_of_letter(content: str, command: re.Match[str]) -> int:
    """The offset after an accent and its letter, or after a letter's command and the space or braces that end it."""
    from bibtool.bib.latexsyntax import pairs_of

    at = command.end()
    accents = 0
    while command["accent"]:
        while content[at : at + 1] == " ":
            at += 1
        following = _COMMAND.match(content, at)
        if following is None:
            if content[at : at + 1] == "{":
                group = content[at : at + 200]
                return at + pairs_of(group).get(0, -1) + 1
            return min(at + 1, len(content)) if content[at : at + 1].isalpha() else at
        command, at = following, following.end()
        accents += 1
        if accents > 5:
            return at
    if content.startswith("{}", at):
        return at + 2
    if command[0][-1].isalpha():
        while content[at : at + 1] == " ":
            at += 1
    return at


def _range(part: str) -> str:
    pages = _PAGES.fullmatch(part)
    return f"{pages[1]}--{pages[2]}" if pages else part.strip()


def cut_names(content: str, most: int) -> str:
    """A name list cut to that many names, with ``and others`` after them."""
    from bibtool.bib.names import split_names

    names = split_names(content)
    people = names[:-1] if names and names[-1].strip().casefold() == "others" else names
    if len(people) <= most:
        return content
    return " and ".join([*(name.strip() for name in people[:most]), "others"])


def field_order(names: Sequence[str]) -> dict[str, int]:
    """Rank of each field name; ``default`` in the list stands for the usual order."""
    from bibtool.formats.bibtex.tidy.options import DEFAULT_FIELD_ORDER

    expanded: list[str] = []
    for name in names:
        expanded += DEFAULT_FIELD_ORDER if name == "default" else (name,)
    return {name: rank for rank, name in reversed(list(enumerate(expanded)))}
