"""Entries of a document with the first field of each name, and how one finds its parents."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from bibtool.formats.bibtex.inherit import RawEntry
from bibtool.lazy import lazy_pattern

if TYPE_CHECKING:
    from bibtool.bib.document import Document, Entry


def raw_entry(entry: Entry) -> tuple[RawEntry, list[tuple[str, str]]]:
    """The first field of each name with a content, and the others."""
    plain = entry.plain_fields
    if plain is not None and "" not in plain.values():
        return RawEntry(entry.type, entry.key, plain), []
    fields: dict[str, str] = {}
    repeated: list[tuple[str, str]] = []
    for name, expanded in entry.items():
        content = expanded or _macro_name(entry, name)  # a macro that nobody defines keeps its name
        if fields.get(name):  # an empty field before says nothing
            repeated.append((name, content))
        else:
            fields[name] = content
    return RawEntry(entry.type, entry.key, fields), repeated


def _macro_name(entry: Entry, name: str) -> str:
    field = entry.field(name)
    raw = field.raw.strip() if field is not None else ""
    return raw if raw and raw[0] not in '{"' and "#" not in raw else ""


_IDS = lazy_pattern(r"ids\s*(?:=|\Z)")  # what a piece ends with may go on in the next one
_PIECE = 1 << 16  # characters
_KEY = r"[^\s\"#%'(),={}\\@]++"
_PLAIN_KEY = lazy_pattern(_KEY)
# what stands where an entry has its key; that of an entry is all of it, if it has only characters of a plain key
_KEYS = lazy_pattern(rf"@\s*+[^\s\"#%'(),={{}}@]++\s*+[{{(]\s*+({_KEY})")


class Parents:
    """The entries of a document as `inherit` looks them up: the first of each key, and by aliases that are not keys.

    As biber does, for which keys in another case are other keys. Not so for BibTeX: with ``any_case`` a key that no
    entry has as it is spelt is found in another case (btxdoc.tex, section 2.3). Each is read when it is asked for.

    The document is cut no further than to the parent, and not for a parent that is nowhere in it.
    """

    def __init__(self, document: Document, *, any_case: bool) -> None:
        self._document = document
        self._any_case = any_case
        self._by_key: dict[str, Entry] = {}
        self._following = document.each_entry()

    def get(self, key: str) -> RawEntry | None:
        """The entry of a key or alias, or None."""
        if not self._is_named(key):
            return None
        entry = self._of_key(key) or self._by_alias.get(key)
        if entry is None and self._any_case:
            entry = self._by_folded.get(key.casefold())
        return None if entry is None else raw_entry(entry)[0]

    def _is_named(self, key: str) -> bool:
        """Whether an entry may have this key; True where only cutting the whole text could tell."""
        if self._has_aliases or _PLAIN_KEY.fullmatch(key) is None:
            return True
        return (key.casefold() if self._any_case else key) in self._keys

    @cached_property
    def _keys(self) -> frozenset[str]:
        keys = _KEYS.findall(self._document.text)
        return frozenset(map(str.casefold, keys) if self._any_case else keys)

    @cached_property
    def _has_aliases(self) -> bool:
        # a pattern for both cases takes longer; in pieces, as `lower` takes ten times the memory of a text that is not
        # all ASCII
        text = self._document.text
        pieces = (text[at : at + _PIECE].lower() for at in range(0, len(text), _PIECE - len("id")))
        return any(map(_IDS.search, pieces))

    def _of_key(self, key: str) -> Entry | None:
        by_key = self._by_key
        while key not in by_key and (entry := next(self._following, None)) is not None:
            by_key.setdefault(entry.key, entry)
        return by_key.get(key)

    @cached_property
    def _by_alias(self) -> dict[str, Entry]:
        by_alias: dict[str, Entry] = {}
        if self._has_aliases:
            for entry in self._document.entries:
                for alias in raw_entry(entry)[0].fields.get("ids", "").split(","):
                    if alias.strip():
                        by_alias.setdefault(alias.strip(), entry)
        return by_alias

    @cached_property
    def _by_folded(self) -> dict[str, Entry]:
        by_folded: dict[str, Entry] = {}
        for known, entry in (*self._document.by_key.items(), *self._by_alias.items()):
            by_folded.setdefault(known.casefold(), entry)
        return by_folded
