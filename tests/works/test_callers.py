"""Import, dedupe, check, cv and diff, asked of every pair: all give the same answer, and nothing is lost.

`tests/works/test_judge.py` asks the judge itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import pytest

from bibtool.check.engine import check
from bibtool.check.settings import CheckSettings
from bibtool.check.source import CheckedFile
from bibtool.cv.build import build_list
from bibtool.errors import UnknownNameError
from bibtool.model.names import Names
from bibtool.model.works.groups import find_duplicates
from bibtool.model.works.manifestation import Manifestation, manifestation_of
from bibtool.project.compare import match
from bibtool.store import import_records, open_library
from bibtool.styles import Style
from tests.store.made import clock, count_keys
from tests.works.table import Pair, pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bibtool.model.record import Record, Value
    from bibtool.model.works.merge import Conflict
    from bibtool.store import Library

EVERY_PAIR = pytest.mark.parametrize("pair", pairs(), ids=str)

# what belongs to one manifestation: it comes from one record or not at all
FACTS = (
    "container-title", "container-title-short", "collection-title", "volume", "issue", "page", "issued", "DOI",
    "publisher", "publisher-place", "event-title", "event-place", "event-date", "edition",
)  # fmt: skip


def facts(record: Record) -> dict[str, Value]:
    return {name: record.variables[name] for name in FACTS if name in record.variables}


# ---- import ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Imported:
    """A library after an import: its records, the conflicts that were reported, and what the keys of the pair find.

    ``pair`` has None for a key that finds nothing, and one record twice where both became one.
    """

    records: tuple[Record, ...]
    conflicts: tuple[Conflict, ...]
    pair: tuple[Record | None, ...]


def import_pair(pair: Pair, path: Path, runs: Sequence[Sequence[Record]]) -> Imported:
    """A fresh library after these imports."""
    conflicts: list[Conflict] = []
    with open_library(path, clock=clock) as library:
        for records in runs:
            report = import_records(library, records, key_maker=count_keys)
            conflicts += [conflict for _, conflict in report.conflicts]
        return Imported(
            records=tuple(library.records()),
            conflicts=tuple(conflicts),
            pair=tuple(found(library, record.key) for record in pair.both),
        )


def found(library: Library, key: str) -> Record | None:
    try:
        return library.get(key)
    except UnknownNameError:
        return None


Importer: TypeAlias = "Callable[[Pair], tuple[Imported, ...]]"


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Importer:
    """What becomes of a pair: both records at once, and in the other order, one import each."""
    folder = tmp_path_factory.mktemp("libraries")

    @cache
    def libraries(pair: Pair) -> tuple[Imported, ...]:
        backwards = [*pair.beside, *pair.both[::-1]]
        return (
            import_pair(pair, folder / f"{id(pair)}-at-once.sqlite", [[*pair.both, *pair.beside]]),
            import_pair(pair, folder / f"{id(pair)}-in-turn.sqlite", [[record] for record in backwards]),
        )

    return libraries


@pytest.mark.slow
@EVERY_PAIR
def test_import_adds_or_completes(pair: Pair, imported: Importer) -> None:
    for library in imported(pair):
        assert len(library.records) == len(pair.beside) + (1 if pair.merged else 2)
        if pair.merged:
            assert library.pair[0] is not None
            assert library.pair[0] == library.pair[1]
        else:
            assert library.pair == pair.both


@pytest.mark.slow
@EVERY_PAIR
def test_import_loses_nothing(pair: Pair, imported: Importer) -> None:
    for library in imported(pair):
        for record, kept in zip(pair.both, library.pair, strict=True):
            assert kept is not None
            assert list(lost(record, kept, library.conflicts)) == []


@pytest.mark.slow
@EVERY_PAIR
def test_import_mixes_no_publications(pair: Pair, imported: Importer) -> None:
    for library in imported(pair):
        for record in library.pair:
            assert record is not None
            if pair.kind == "preprint":  # its publication is taken whole
                assert facts(record) == facts(pair.second)
            elif pair.verdict == "same":
                known = [facts(pair.first), facts(pair.second)]
                assert all(any(side.get(name) == value for side in known) for name, value in facts(record).items())
            else:
                assert facts(record) in (facts(pair.first), facts(pair.second))


def lost(record: Record, kept: Record, conflicts: Sequence[Conflict]) -> Iterator[str]:
    """The values of a record that stand neither in the kept one, nor in its leftovers, nor in a reported conflict."""
    leftovers = [plain(leftover.value) for leftover in kept.leftovers]
    reported: dict[str, list[str]] = {}
    for conflict in conflicts:
        reported.setdefault(conflict.field, []).extend((plain(conflict.kept), plain(conflict.other)))
    for name, value in record.variables.items():
        mine = kept.variables.get(name)
        if mine is not None and says(mine, value):
            continue
        text = plain(show(value))
        if any(text in said for said in (*leftovers, *reported.get(name, ()))) or says_arxiv(kept, text):
            continue
        yield name
    said = [plain(show(value)) for value in kept.variables.values()]
    for leftover in record.leftovers:
        if leftover.source.endswith("-form"):
            continue  # how a value was written in its file
        text = plain(leftover.value)
        if text not in leftovers and not any(text in other for other in said) and not says_arxiv(kept, text):
            yield leftover.name
    if record.type not in (kept.type, "document", "article") and record.type not in reported.get("type", ()):
        yield "type"
    if number_of(record) not in ("", number_of(kept)):
        yield "arxiv.id"


def number_of(record: Record) -> str:
    """The arXiv number without version, "" for none."""
    return record.arxiv.id.number if record.arxiv is not None and record.arxiv.id is not None else ""


def says(kept: Value, value: Value) -> bool:
    """Whether a value says all that another one does: the same, a longer list, a fuller name, a more precise date."""
    if isinstance(kept, Names) and isinstance(value, Names):
        if len(kept) < len(value) or (len(kept) > len(value) and not value.truncated):
            return False
        return all(
            all(any(long.startswith(short) for long in words(mine.display())) for short in words(name.display()))
            for mine, name in zip(kept, value, strict=False)
        )
    mine, theirs = plain(show(kept)), plain(show(value))
    return mine == theirs or (bool(re.fullmatch(r"\d{4}(-\d\d)?", theirs)) and mine.startswith(theirs + "-"))


SERVER = re.compile(r"(?:corr|arxiv(?: preprint| e-prints)?|computing research repository)?[\s:]*(?:abs/|arxiv:)?")


def says_arxiv(kept: Record, text: str) -> bool:
    """Whether a text is nothing but arXiv's name, or address, and the number that the record has as its arXiv id."""
    number = number_of(kept).casefold()
    if not number:
        return False
    bare = re.sub(r"^(?:10\.48550/|https?://arxiv\.org/abs/)", "", text)
    if bare == number:
        return True
    rest = re.sub(re.escape(number) + r"(?:v\d+)?", "", bare)
    return SERVER.fullmatch(rest.rstrip(".")) is not None


def words(text: str) -> list[str]:
    return re.findall(r"\w+", plain(text))


def show(value: Value) -> str:
    return "; ".join(name.display() for name in value) if isinstance(value, Names) else str(value)


def plain(text: str) -> str:
    text = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)", "", " ".join(text.casefold().split()))
    return text.replace("–", "-").replace("--", "-")


# ---- dedupe ---------------------------------------------------------------------------------------------------------


@EVERY_PAIR
def test_dedupe_groups_them(pair: Pair) -> None:
    records = [*pair.both, *pair.beside]
    for order in (records, records[::-1]):
        at = {order.index(record) for record in pair.both}
        groups = [group for group in find_duplicates(order) if at <= set(group.members)]
        if pair.shown is not None:
            assert [group.certain for group in groups] == ([pair.merged] if pair.merged or pair.shown else [])
        assert not any(group.certain for group in groups) or pair.merged
        assert all(group.reasons for group in groups)


# ---- check ----------------------------------------------------------------------------------------------------------

BY_IDENTIFIER = {"DUP001", "DUP002"}


@pytest.mark.parametrize("pair", [pair for pair in pairs() if pair.format == "bibtex"], ids=str)
def test_check_reports_them(pair: Pair) -> None:
    source = CheckedFile.from_bytes(pair.text.encode(), "refs.bib")
    codes = {finding.code for finding in check([source], CheckSettings(select=("DUP",)))}
    if pair.verdict == "same":
        assert codes == ({"DUP003"} if not codes & BY_IDENTIFIER else codes & BY_IDENTIFIER)
        assert bool(codes & BY_IDENTIFIER) is common_identifier(pair)
    elif pair.kind == "preprint":
        preprints = all(manifestation_of(record) is Manifestation.PREPRINT for record in pair.both)
        assert codes - BY_IDENTIFIER == ({"DUP003"} if preprints else {"DUP004"})  # two servers, or a publication
    elif pair.verdict == "different":
        assert codes == set()
    else:
        assert codes <= BY_IDENTIFIER


def common_identifier(pair: Pair) -> bool:
    """Whether both have one DOI or arXiv number."""
    dois = {plain(record.text("DOI")) for record in pair.both}
    numbers = {number_of(record) or plain(record.text("DOI")).partition("10.48550/arxiv.")[2] for record in pair.both}
    return any(len(values) == 1 and values != {""} for values in (dois, numbers))


# ---- cv -------------------------------------------------------------------------------------------------------------


# which works are listed is no matter of style, so this one prints titles only
STYLE = Style.parse(
    """<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text">
      <info><title>Titles</title><id>titles</id><updated>2026-01-01T00:00:00Z</updated></info>
      <citation><layout><text variable="title"/></layout></citation>
      <bibliography><layout><text variable="title"/></layout></bibliography>
    </style>"""
)


@EVERY_PAIR
def test_cv_lists_a_work_once(pair: Pair) -> None:
    built = build_list([*pair.both, *pair.beside], STYLE)
    keys = {record.key for record in pair.both}
    listed = [entry.key for section in built.cv.sections for entry in section.entries if entry.key in keys]
    assert len(listed) == (1 if pair.merged else 2)
    named = [problem.message for problem in built.problems if all(key in problem.message for key in keys)]
    if pair.verdict != "manifestation":  # a talk and its article may well be asked about
        assert bool(named) is (pair.verdict == "doubtful")


# ---- diff -----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("pair", [pair for pair in pairs() if pair.merged or pair.verdict == "different"], ids=str)
def test_diff_knows_an_entry_under_another_key(pair: Pair) -> None:
    for old, new in (pair.both, pair.both[::-1]):
        matched, removed, added = match([old], [new])
        assert (len(matched), len(removed), len(added)) == ((1, 0, 0) if pair.merged else (0, 1, 1))
