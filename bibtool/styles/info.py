"""What ``cs:info`` says of a style."""

from __future__ import annotations

from bibtool.structs import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bibtool.xmltree import Element


@dataclass(frozen=True, slots=True)
class StyleInfo:
    """What ``cs:info`` says of a style; ``parent`` is the URL of a dependent style's parent."""

    id: str = ""
    title: str = ""
    title_short: str = ""
    parent: str = ""
    issns: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    citation_format: str = ""
    updated: str = ""


def _text(info: Element, name: str) -> str:
    child = info.first(name)
    return child.own_text.strip() if child is not None else ""


def read_info(root: Element) -> StyleInfo:
    """The metadata of a ``cs:style`` or ``cs:info`` element; empty where there is none."""
    info = root if root.name == "info" else root.first("info")
    if info is None:
        return StyleInfo()
    parent = ""
    for link in info.all("link"):
        if link.get("rel") == "independent-parent":
            parent = link.get("href")
    categories = info.all("category")
    issns = [child.own_text.strip() for name in ("issn", "eissn", "issnl") for child in info.all(name)]
    return StyleInfo(
        id=_text(info, "id"),
        title=" ".join(_text(info, "title").split()),
        title_short=" ".join(_text(info, "title-short").split()),
        parent=parent,
        issns=tuple(dict.fromkeys(issn for issn in issns if issn)),
        fields=tuple(child.get("field") for child in categories if child.get("field")),
        citation_format=next((c.get("citation-format") for c in categories if c.get("citation-format")), ""),
        updated=_text(info, "updated"),
    )
