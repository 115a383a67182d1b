"""Works among the records of many files, found block by block: what the processes of `bibtool batch dedupe` do.

The same as `bibtool.model.works.groups` does in memory, in five steps, between which everything is in files:

1. ``read``    a file -> its records, as far as they are compared
2. ``words``   some of these files -> how often the words of titles are there
3. ``blocks``  the same files -> each record for each of its blocks; the hash of a block says in which part it belongs
4. ``links``   one part of all of them -> pairs of records that are one work, certainly or perhaps
5. ``groups``  pairs that hold together -> groups

A block is in one part as a whole, records have a number from the order of the names of their files, and a block is
sorted by what its records are. So neither the number of parts nor the order in which they are done can show.

A process holds one part of the blocks, which is some ten thousand records, and the cards of one block, or of some
thousand records, at a time.
"""

from __future__ import annotations

import json
import zlib
from array import array
from collections import Counter
from hashlib import blake2b
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from bibtool.batch.spill import works_of
from bibtool.batch.work import FAILED, Outcome, digest_of
from bibtool.errors import BibtoolError, InputError
from bibtool.model.codec import decode
from bibtool.model.works.candidates import SORTS, pairs_within, telling_words
from bibtool.model.works.card import card_of
from bibtool.model.works.groups import Link, grouped, links_of
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bibtool.batch.files import Folder
    from bibtool.batch.work import Job
    from bibtool.model.works.card import Card
    from bibtool.model.works.groups import Group

WORK: Final = ".bibtool-batch/dedupe"
FREQUENCY: Final = f"{WORK}/frequency"
_COUNTERS: Final = 1 << 20  # for words, by hash: so many numbers, however many words there are
_OFFSET: Final = 8  # bytes of a place in a file
_CARDS: Final = 5000  # kept, as a record is in several blocks


@dataclass(frozen=True, slots=True)
class Task:
    """A step's work on some files: ``number`` is that of the part or of the first record, ``sources`` what it reads."""

    name: str
    sources: tuple[str, ...]
    number: int = 0


def do_task(job: Job, folder: Folder, task: Task) -> Outcome:
    """What became of a task; its result is in the folder then, under its name."""
    try:
        result = _STEPS[job.kind](folder, task, job.options)
        folder.write(f"{WORK}/{task.name}", result)
    except BibtoolError as error:
        return Outcome(task.name, status=FAILED, failed=True, problems=[str(error)])
    return Outcome(task.name, output=f"{WORK}/{task.name}", output_digest=digest_of(result))


def read_all(folder: Folder, name: str) -> bytes:
    """A file of an earlier step; raises `InputError` if it is gone."""
    data = folder.read(name)
    if data is None:
        raise InputError("was removed while the run went on", path=folder.place(name))
    return data


def _records(folder: Folder, task: Task) -> Iterator[tuple[str, int | None, dict[str, Any]]]:
    """The name of the file, the line and the data of each record."""
    for name in task.sources:
        for text in read_all(folder, works_of(name)).splitlines():
            line, data = json.loads(text)
            yield name, line, data


# ---- 2: words -------------------------------------------------------------------------------------------------------


def _counter_of(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big") % _COUNTERS


def _words(folder: Folder, task: Task, options: Mapping[str, Any]) -> bytes:
    del options
    found: Counter[int] = Counter()
    for _, _, data in _records(folder, task):
        found.update(map(_counter_of, telling_words(card_of(decode(data)))))
    return json.dumps(sorted(found.items())).encode()


def total(counts: Iterable[bytes]) -> bytes:
    """The frequency of all words, from that in each part."""
    numbers = array("I", bytes(4 * _COUNTERS))
    for part in counts:
        for at, number in json.loads(part):
            numbers[at] += number
    return zlib.compress(numbers.tobytes(), 1)


# ---- 3: blocks ------------------------------------------------------------------------------------------------------


def _blocks(folder: Folder, task: Task, options: Mapping[str, Any]) -> bytes:
    """The records of each part, each compressed by itself; before them, where each begins and the last one ends."""
    frequency = array("I", zlib.decompress(read_all(folder, FREQUENCY)))
    parts: list[list[str]] = [[] for _ in range(options["parts"])]

    def rarity(word: str) -> tuple[int, str]:
        return frequency[_counter_of(word)], word

    for number, (name, line, data) in enumerate(_records(folder, task), task.number):
        row = json.dumps([number, name, line, data])
        keys: dict[int, list[str]] = {}
        card = card_of(decode(data))
        for kind, sort in enumerate(SORTS):
            for key in sort.keys(card, rarity):
                told = json.dumps([kind, key])
                hashed = int.from_bytes(blake2b(told.encode(), digest_size=8).digest(), "big")
                keys.setdefault(hashed % len(parts), []).append(told)
        for part, some in keys.items():
            parts[part].append(f"{json.dumps(some)}\t{row}\n")
    packed = [zlib.compress("".join(part).encode(), 1) for part in parts]
    starts = accumulate(map(len, packed), initial=_OFFSET * (len(packed) + 1))
    return b"".join([*(start.to_bytes(_OFFSET, "big") for start in starts), *packed])


def _rows(folder: Folder, source: str, part: int) -> Iterator[tuple[list[str], str]]:
    """The keys of the blocks in a part, and the row of the record that is in them, from one file of blocks."""
    bounds = folder.read_part(source, _OFFSET * part, 2 * _OFFSET)
    start, end = (int.from_bytes(bounds[at : at + _OFFSET], "big") for at in (0, _OFFSET))
    for text in zlib.decompress(folder.read_part(source, start, end - start)).decode().splitlines():
        keys, _, row = text.partition("\t")
        yield json.loads(keys), row


# ---- 4: links -------------------------------------------------------------------------------------------------------


class _Cards:
    """The cards of rows, some of them kept."""

    def __init__(self, rows: Mapping[int, str]) -> None:
        self._rows = rows
        self._kept: dict[int, Card] = {}

    def of(self, number: int) -> Card:
        """The card of a record by its number."""
        card = self._kept.get(number)
        if card is None:
            if len(self._kept) >= _CARDS:
                self._kept.clear()
            card = self._kept[number] = card_of(decode(json.loads(self._rows[number])[3]))
        return card


def _links(folder: Folder, task: Task, options: Mapping[str, Any]) -> bytes:
    """Both numbers, whether it is certain, the kind and the reason of each link, and the rows of both records."""
    del options
    sizes: Counter[str] = Counter()
    for source in task.sources:
        for keys, _ in _rows(folder, source, task.number):
            sizes.update(keys)
    blocks: dict[str, list[int]] = {key: [] for key, size in sizes.items() if size > 1}
    del sizes
    rows: dict[int, str] = {}
    for source in task.sources:
        for keys, row in _rows(folder, source, task.number):
            shared = [key for key in keys if key in blocks]
            if shared:
                number = int(row[1 : row.index(",")])
                rows[number] = row
                for key in shared:
                    blocks[key].append(number)
    kept = _Cards(rows)
    found: dict[tuple[int, int], str] = {}
    for key in sorted(blocks):
        sort = SORTS[json.loads(key)[0]]
        members = sorted(
            ((kept.of(number), number) for number in blocks[key]), key=lambda pair: (pair[0].signature, pair[1])
        )
        cards = [card for card, _ in members]
        pairs = (
            (first, second)
            for some in pairs_within(cards, range(len(cards)), sort.finer, sort.window)
            for first, second in some
            if (members[first][1], members[second][1]) not in found
        )
        for link in links_of(cards, pairs):
            first, second = members[link.first][1], members[link.second][1]
            said = json.dumps([first, second, link.certain, link.kind, link.reason])
            found[first, second] = f"{said}\t{rows[first]}\t{rows[second]}\n"
    return zlib.compress("".join(found[pair] for pair in sorted(found)).encode(), 1)


def unpacked(data: bytes) -> list[bytes]:
    """The lines of a step's result."""
    return zlib.decompress(data).splitlines(keepends=True)


# ---- 5: groups ------------------------------------------------------------------------------------------------------


def _groups(folder: Folder, task: Task, options: Mapping[str, Any]) -> bytes:
    """A line of JSON for each group, in the order of the numbers of their records, which come first."""
    del options
    rows: dict[int, list[Any]] = {}
    said: dict[tuple[int, int], list[Any]] = {}
    for source in task.sources:
        for text in unpacked(read_all(folder, source)):
            link, *both = map(json.loads, text.split(b"\t"))
            said[link[0], link[1]] = link
            rows.update((row[0], row) for row in both)
    members = sorted(((card_of(decode(row[3])), row[0]) for row in rows.values()), key=lambda m: (m[0].signature, m[1]))
    position = {number: at for at, (_, number) in enumerate(members)}
    links = [
        Link(position[first], position[second], certain, kind, reason)
        for first, second, certain, kind, reason in (said[pair] for pair in sorted(said))
    ]
    groups = grouped([card for card, _ in members], links, [number for _, number in members])
    lines = sorted((group.members, not group.certain, _line(group, rows)) for group in groups)
    return "".join(f"{json.dumps(numbers)}\t{line}\n" for numbers, _, line in lines).encode()


def _storable(text: str) -> str:
    """The text as UTF-8 can hold it, which has no lone surrogates."""
    return text.encode("utf-8", "backslashreplace").decode()


def _line(group: Group, rows: Mapping[int, Sequence[Any]]) -> str:
    """The group as a line of the result."""
    place = {number: at for at, number in enumerate(group.members)}
    members = []
    for number in group.members:
        _, path, line, data = rows[number]
        record = decode(data)
        key, title = _storable(record.key), _storable(record.title)
        members.append({"path": _storable(path), "line": line, "key": key, "title": title})
    links = [
        {
            "first": place[link.first],
            "second": place[link.second],
            "certain": link.certain,
            "kind": link.kind,
            "reason": _storable(link.reason),
        }
        for link in group.links
    ]
    reasons = list(map(_storable, group.reasons))
    said = {"certain": group.certain, "reasons": reasons, "members": members, "links": links}
    return json.dumps(said, ensure_ascii=False)


_STEPS: Final = {"words": _words, "blocks": _blocks, "links": _links, "groups": _groups}
