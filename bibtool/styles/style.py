"""A style: its metadata and its checked, frozen tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bibtool.errors import StyleError
from bibtool.styles.locale import Locale, LocaleData, parse_locale, resolve
from bibtool.styles.xmltree import Element, parse_xml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

MAX_PARENTS = 5


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


@dataclass(frozen=True, slots=True)
class Style:
    """An independent style, ready to be compiled for a locale.

    ``info`` is that of the style asked for, also where it depends on another one.
    """

    info: StyleInfo
    style_class: str
    default_locale: str
    options: Mapping[str, str]
    macros: Mapping[str, Element]
    citation: Element
    bibliography: Element | None
    locales: tuple[LocaleData, ...]
    path: str | None = None
    _resolved: dict[str, Locale] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def load(cls, name: str | Path) -> Style:
        """The style of a short name (``apa``), title, journal, ISSN, URL or path of a file.

        Raises `UnknownNameError` with suggestions, or `StyleError` where the file is no style.
        """
        from bibtool.styles.sources import default_index

        return default_index().load(name)

    @classmethod
    def parse(
        cls, source: bytes | str, *, path: str | None = None, find_parent: Callable[[str], bytes] | None = None
    ) -> Style:
        """The style of XML source; a dependent one is resolved by ``find_parent`` (URL of the parent -> source)."""
        return parse_style(source, path=path, find_parent=find_parent)

    @property
    def is_note(self) -> bool:
        """True for styles that cite in footnotes or endnotes."""
        return self.style_class == "note"

    def locale(self, lang: str | None = None) -> Locale:
        """The locale that the style sees: ``lang``, else the style's own default, else en-US."""
        wanted = lang or self.default_locale or "en-US"
        known = self._resolved.get(wanted)
        if known is None:
            known = self._resolved[wanted] = resolve(wanted, self.locales)
        return known


def read_info(root: Element) -> StyleInfo:
    """The metadata of a ``cs:style`` or ``cs:info`` element; empty where there is none."""
    info = root if root.name == "info" else root.find("info")
    if info is None:
        return StyleInfo()
    parent = ""
    for link in info.all("link"):
        if link.get("rel") == "independent-parent":
            parent = link.get("href")
    categories = info.all("category")
    issns = [child.text.strip() for name in ("issn", "eissn", "issnl") for child in info.all(name)]
    return StyleInfo(
        id=info.text_of("id"),
        title=" ".join(info.text_of("title").split()),
        title_short=" ".join(info.text_of("title-short").split()),
        parent=parent,
        issns=tuple(dict.fromkeys(issn for issn in issns if issn)),
        fields=tuple(child.get("field") for child in categories if child.get("field")),
        citation_format=next((c.get("citation-format") for c in categories if c.get("citation-format")), ""),
        updated=info.text_of("updated"),
    )


def parse_style(
    source: bytes | str, *, path: str | None = None, find_parent: Callable[[str], bytes] | None = None
) -> Style:
    """The style of XML source; raises `StyleError` with line and element for what the specification forbids."""
    from bibtool.styles.grammar import check_style

    root = parse_xml(source, path=path)
    info = read_info(root)
    default_locale = root.get("default-locale")
    here = path
    for _ in range(MAX_PARENTS):
        if root.name != "style":
            raise StyleError(f"<{root.name}> is not a style", path=here, line=root.line)
        parent = read_info(root).parent
        if root.find("citation") is not None or not parent:
            break
        if find_parent is None:
            raise StyleError(f"depends on the style {parent}", path=here, hint="load it by name or URL")
        here = parent
        root = parse_xml(find_parent(parent), path=here)
        default_locale = default_locale or root.get("default-locale")
    else:
        raise StyleError("depends on a chain of styles without an end", path=path)
    check_style(root, here)
    macros: dict[str, Element] = {}
    for macro in root.all("macro"):
        macros.setdefault(macro.get("name"), macro)
    citation = root.find("citation")
    if citation is None:
        raise StyleError("<style> without <citation>", path=here, line=root.line)
    return Style(
        info=info,
        style_class=root.get("class", "in-text"),
        default_locale=default_locale,
        options={key: value for key, value in root.attributes.items() if key not in ("class", "version")},
        macros=macros,
        citation=citation,
        bibliography=root.find("bibliography"),
        locales=tuple(parse_locale(child, path=here) for child in root.all("locale")),
        path=path,
    )
