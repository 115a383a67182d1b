"""The rich text that a style renders: a small tree, and the run of marked text that it is flattened to.

A piece of output is plain ``str`` or a `Node`. Affixes, delimiters and formatting stay apart until
`bibtool.styles.writer` writes them out in order.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final, TypeAlias

Out: TypeAlias = "str | Node | Span"
Face: TypeAlias = "tuple[str, str, str, str, str]"  # font-style, -variant and -weight, text-decoration, vertical-align


class Fmt:
    """The formatting attributes of one element; "" where the attribute is not set."""

    __slots__ = ("decoration", "display", "known", "marked", "plain", "quotes", "style", "valign", "variant", "weight")

    def __init__(
        self,
        *,
        style: str = "",
        variant: str = "",
        weight: str = "",
        decoration: str = "",
        valign: str = "",
        quotes: bool = False,
        display: str = "",
    ) -> None:
        self.style = style
        self.variant = variant
        self.weight = weight
        self.decoration = decoration
        self.valign = valign
        self.quotes = quotes
        self.display = display
        self.plain = not (style or variant or weight or decoration or valign)
        self.marked = quotes or not self.plain
        # face before it, and whether what it holds has italics -> as `bibtool.styles.faces.switched` says
        self.known: dict[tuple[Face, bool], tuple[list[Mark], list[Mark], Face]] = {}


ELLIPSIS: Final = "\N{HORIZONTAL ELLIPSIS}"  # for names that are left out
MEET: Final = frozenset(" .,;:!?\u00a0\u2026")  # marks of punctuation and spaces, of which two may become one


class Frame:
    """What is around the pieces of a node and between them: formatting, affixes, a link, the delimiter; and its tag.

    Never changed, so that all nodes of an element share one. The others say what the writer asks of each node: whether
    there is nothing ``around``, whether the affixes are a pair of parentheses, and so on.
    """

    __slots__ = (
        "around",
        "delim",
        "delim_meets",
        "delim_stays",
        "encloses",
        "fmt",
        "is_made",
        "is_number",
        "link",
        "prefix",
        "prefix_meets",
        "prefix_stays",
        "suffix",
        "suffix_meets",
        "tag",
    )  # fmt: skip

    def __init__(
        self,
        fmt: Fmt | None = None,
        prefix: Out = "",
        suffix: Out = "",
        delim: str = "",
        tag: str = "",
        link: str = "",
    ) -> None:
        self.fmt = fmt
        self.prefix = prefix
        self.suffix = suffix
        self.delim = delim
        self.tag = tag
        self.link = link
        self.around = fmt is not None or prefix != "" or suffix != "" or link != ""
        self.delim_meets = delim[:1] in MEET
        self.delim_stays = delim[-1:] != " "
        self.prefix_meets = _begins_with_mark(prefix)
        self.prefix_stays = not isinstance(prefix, str) or prefix[-1:] != " "
        self.suffix_meets = _begins_with_mark(suffix)
        self.encloses = _are_parentheses(prefix, suffix)
        self.is_made = tag not in ("substitute", "term")  # by an element of the style
        self.is_number = tag == "digits"  # a number variable, after which punctuation is kept as in citeproc-js

    def with_affixes(self, prefix: Out, suffix: Out) -> Frame:
        """The same with other affixes."""
        if prefix == self.prefix and suffix == self.suffix:
            return self
        return Frame(self.fmt, prefix, suffix, self.delim, self.tag, self.link)


def _begins_with_mark(affix: Out) -> bool:
    return isinstance(affix, str) and affix[:1] in MEET


def _are_parentheses(prefix: Out, suffix: Out) -> bool:
    if not isinstance(prefix, str) or not isinstance(suffix, str):
        return False
    return prefix.count("(") - prefix.count(")") == 1 and suffix.count(")") - suffix.count("(") == 1


BARE: Final = Frame()
DIGITS: Final = Frame(tag="digits")
NUMBER: Final = Frame(tag="number")  # of a cite
SUFFIX: Final = Frame(tag="suffix")  # of a year
YEAR: Final = Frame(tag="year")
LIST: Final = Frame(tag="list")  # of names


# Whether a node is one value, a formatted group or macro, or the only or first thing in one without formatting.
UNBOXED, GROUP, ALONE, LEADING = range(4)


class Node:
    """Pieces in their frame. Mutable while a citation is put together, never shared between two.

    Without ``__init__``, with which making one would take twice as long: an entry has ten. Where most of these are made
    the attributes are set there, elsewhere by `node_of`.
    """

    __slots__ = ("boxed", "frame", "kids")

    boxed: int
    frame: Frame
    kids: list[Out]


def node_of(kids: list[Out], frame: Frame = BARE, boxed: int = UNBOXED) -> Node:
    """The pieces in a frame."""
    node = Node()
    node.kids = kids
    node.frame = frame
    node.boxed = boxed
    return node


# Nodes of names, which a cite holds on to when it collapses or replaces them: changed in place, others are copied.
HELD: Final = frozenset({"names", "list", "substitute", "term"})


class Span:
    """Formatting that the text of a record brings along: it toggles what surrounds it ("flip-flop")."""

    __slots__ = ("kids", "kind")

    def __init__(self, kind: str, kids: list[Out]) -> None:
        self.kind = kind
        self.kids = kids


class Mark:
    """The start or end of formatting in a flattened text."""

    __slots__ = ("close", "href", "kind")

    def __init__(self, kind: str, *, close: bool = False, href: str = "") -> None:
        self.kind = kind
        self.close = close
        self.href = href

    def __repr__(self) -> str:
        return f"</{self.kind}>" if self.close else f"<{self.kind}>"


Run: TypeAlias = "list[str | Mark]"

_KINDS = (
    "italic", "oblique", "style-normal", "small-caps", "variant-normal", "bold", "light", "weight-normal", "underline",
    "decoration-none", "sup", "sub", "baseline", "block", "left-margin", "right-inline", "indent", "code", "math",
)  # fmt: skip
OPEN: Final = {kind: Mark(kind) for kind in _KINDS}
CLOSE: Final = {kind: Mark(kind, close=True) for kind in _KINDS}


class Quotes:
    """The quotation marks of a locale and its rule for punctuation next to them.

    ``brackets`` says that parentheses in parentheses are brackets.
    """

    __slots__ = ("brackets", "close", "inner_close", "inner_open", "inside", "open")

    def __init__(self, outer: tuple[str, str], inner: tuple[str, str], *, inside: bool, brackets: bool = False) -> None:
        self.brackets = brackets
        self.open, self.close = outer
        self.inner_open, self.inner_close = inner
        self.inside = inside


def has_text(piece: Out) -> bool:
    """True where there is at least one character to print."""
    first = piece
    while first.__class__ is not str:
        kids = first.kids  # type: ignore[union-attr] # no text
        if not kids:
            break
        first = kids[0]
    else:
        if first:
            return True
    return piece.__class__ is not str and any(map(has_text, piece.kids))  # type: ignore[union-attr] # no text


def plain(run: Sequence[str | Mark]) -> str:
    """The characters of a run."""
    return "".join([piece for piece in run if piece.__class__ is str])
