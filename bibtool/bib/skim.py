"""The entries of a .bib file by their keys, each read only when somebody asks for it.

Of a large file few entries are cited. To find them one has to know where all others begin, and that none of them
reaches beyond the next, which takes a tenth of the time of reading them. For that the at signs, braces and percent
signs of the whole file are cut out at once. Between two at signs at the beginnings of lines is one block, an entry or a
broken one, if its first brace is closed there; and no ``%`` may come between its fields, as that hides what follows it
on its line. All else (strings, comments, at signs in values) is read as in `blocks`, with the same result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.bib.blocks import KEY, block_from
from bibtool.bib.scan import Scanner
from bibtool.lazy import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.bib.blocks import RawBlock

_HEAD = lazy_pattern(rf"(?<=\n)@(?!(?i:comment|preamble|string)\b)\w++[ \t]*+\{{\s*+({KEY})\s*+,")
_HIDDEN = bytes({*range(256)} - {*b"@{}%"})
_GROUP = rb"\{(?:%|\{(?:%|\{(?:%|\{%*+\})*+\})*+\})*+\}"  # as far down as is usual
_CLOSED = lazy_pattern(rb"\{(?:" + _GROUP + rb")*+\}")
MAX_READ = 100  # blocks that are read whatever their share is


class Skim:
    """The entries of a text: their keys, and where each begins or, of those that had to be read, the block.

    ``others`` are the strings, preambles and comments, and what is broken as far as it was read.
    """

    def __init__(
        self, scanner: Scanner, keys: Sequence[str], places: Sequence[int | RawBlock], others: Sequence[RawBlock]
    ) -> None:
        self._scanner = scanner
        self._keys = keys
        self._places = places
        self._first = dict(zip(reversed(keys), range(len(keys) - 1, -1, -1), strict=True))
        self._found: dict[str, RawBlock | None] = {}  # a key is asked for as often as it is cited
        self.others = others

    def entry(self, key: str) -> RawBlock | None:
        """The first entry with this key, as `outline` has it."""
        if key not in self._found:
            self._found[key] = self._find(key)
        return self._found[key]

    def _find(self, key: str) -> RawBlock | None:
        index = self._first.get(key)
        while index is not None:
            place = self._places[index]
            block = _read(self._scanner, place) if isinstance(place, int) else place
            if block is not None and block.kind == "entry":
                return block
            # it is broken; only then one has to know whether there are more of that key
            index = next((at for at in range(index + 1, len(self._keys)) if self._keys[at] == key), None)
        return None


def skim(text: str) -> Skim | None:
    """What has to be known of a text to find an entry in it; None if it is better read as a whole."""
    scanner = Scanner(text)
    braces = text.encode("utf-8", "surrogatepass").translate(None, _HIDDEN).split(b"@")
    closed = {between for between in set(braces) if _CLOSED.match(between)}
    head_at, find = _HEAD.match, text.find
    keys: list[str] = []
    places: list[int | RawBlock] = []
    others: list[RawBlock] = []
    read = 0
    number = 1  # of the at sign
    at = find("@")
    head = head_at(text, at) if at >= 0 else None
    while at >= 0:
        following = find("@", at + 1)
        next_head = head_at(text, following) if following >= 0 else None
        if head is not None and (next_head is not None or following < 0) and braces[number] in closed:
            keys.append(head[1])
            places.append(at)
            number += 1
        else:
            block = _read(scanner, at)
            if block is None:
                break
            if block.kind != "entry":
                others.append(block)
            elif block.key:
                keys.append(block.key)
                places.append(block)
            read += 1
            if read > MAX_READ and 4 * read > len(keys):
                return None
            following = find("@", block.end)
            number += text.count("@", at, following)
            next_head = head_at(text, following) if following >= 0 else None
        at, head = following, next_head
    return Skim(scanner, keys, places, others)


def _read(scanner: Scanner, at: int) -> RawBlock | None:
    """The first block from this ``@`` on, without its faults."""
    block = block_from(scanner, at)
    return block._replace(faults=()) if block is not None and block.faults else block
