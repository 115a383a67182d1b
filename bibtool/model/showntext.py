"""Marked text for formats and readers that know neither mathematics nor quotations as such."""

from __future__ import annotations

from bibtool.model.richtext import Math, Node, Span, Text, normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final


def shown_text(text: Text) -> Text:
    """The text with simple mathematics as characters and scripts, and quotations in quotation marks.

    CSL-JSON's markup has no element for a quotation (CSL 1.0.2, appendix V, and citeproc-js, "Rich text"). The same
    object comes back if the text has neither.
    """
    nodes = text.nodes
    if len(nodes) == 1 and type(nodes[0]) is str:  # as most are
        return text
    return Text(_shown_nodes(nodes)) if _is_changed(nodes) else text


def _is_changed(nodes: tuple[Node, ...]) -> bool:
    for node in nodes:
        if type(node) is str:
            continue
        if isinstance(node, Math) or (isinstance(node, Span) and (node.kind == "quote" or _is_changed(node.nodes))):
            return True
    return False


_MARKS: Final = (("“", "”"), ("‘", "’"))  # of a quotation, and of one in it


def _shown_nodes(nodes: tuple[Node, ...], depth: int = 0) -> tuple[Node, ...]:
    out: list[Node] = []
    for node in nodes:
        if isinstance(node, Math):
            from bibtool.model.mathshown import shown  # few texts have any

            simple = shown(node.tex)
            out += (node,) if simple is None else simple
        elif isinstance(node, Span) and node.kind == "quote":
            before, after = _MARKS[depth % 2]
            out += (before, *_shown_nodes(node.nodes, depth + 1), after)
        elif isinstance(node, Span):
            out.append(Span(node.kind, _shown_nodes(node.nodes, depth)))
        else:
            out.append(node)
    return normal(out)
