"""Reads the records of pages by their descriptions in `bibtool.formats.listing.layouts`.

A layout is accepted only where most of its anchors have all required lines around them, and what it calls titles and
names looks like titles and names: a page that is nearly one of ours is refused, and what was missing is said.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bibtool.formats.listing.layouts import BUTTONS, LAYOUTS
from bibtool.formats.listing.oneline import title_and_venue
from bibtool.formats.listing.people import people_of
from bibtool.formats.listing.profile import LayoutResult
from bibtool.formats.listing.sound import is_sound_list, plain_name, title_cost
from bibtool.formats.listing.venues import ARXIV, DOI, VENUE_WORDS
from bibtool.formats.listing.works import make_work
from bibtool.lazy import lazy_pattern
from bibtool.structs import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.formats.base import ReadOptions
    from bibtool.formats.listing.build import ListedRecord
    from bibtool.formats.listing.layouts import PageLayout, Slot
    from bibtool.formats.listing.lines import Line

_MAX_LINE: Final = 4000  # characters; longer lines are abstracts
_LONG_VENUE: Final = 90  # characters; a longer line that ends as prose does is an abstract
_MAX_REPEATS: Final = 60  # lines of names, one each
_NO_NAMES: Final = 2.6  # a line that costs more holds no names
_MOST: Final = 0.6  # of the anchors need their lines
_ENOUGH: Final = 0.2  # of the lines of the text belong to a single record
_LEFT_NAME: Final = 0.4  # cost of a line that looks like a name next to the names of a record
_KNOWN_PERSON: Final = 2.0  # cost of a title that is the name of several other lines
_AGAINST_HABIT: Final = 1.0  # cost of an optional line that most other records of the page have, or have not

_PLAIN_KINDS: Final = ("title", "names")
# the identifier of a link, which readers of marked-up pages show after its words
_LINKED = lazy_pattern(rf"(?<=\S)\s+(?:doi:(?P<DOI>{DOI})|arXiv:(?P<arxiv>{ARXIV}))$")
_NUMBER = lazy_pattern(r"[\[(]?(?P<number>\d{1,4})[.)\]]\s+(?=\S)")
_BULLET = lazy_pattern(r"[-*\N{BULLET}\N{EN DASH}\N{MIDDLE DOT}\N{WHITE BULLET}\N{BLACK SMALL SQUARE}]\s+(?=\S)")
Match = tuple[tuple["Slot", int], ...]  # the slot of each line, with its place among the lines


@dataclass(slots=True)
class Fit:
    """How well a layout fits a text: the lines of its records, and what the other anchors lack."""

    layout: PageLayout
    anchors: int = 0
    blocks: list[Match] = field(default_factory=list)
    missing: Counter[str] = field(default_factory=Counter)
    lacking: list[tuple[int, str]] = field(default_factory=list)
    """The places of anchors without a record, and what each lacks."""

    def miss(self, place: int, lacking: str) -> None:
        """Note that the anchor at this place has no record around it."""
        self.missing[lacking] += 1
        self.lacking.append((place, lacking))

    @property
    def is_most(self) -> bool:
        """True where most anchors have all lines of a record."""
        return bool(self.blocks) and len(self.blocks) >= _MOST * self.anchors


def read_pages(lines: Sequence[Line], options: ReadOptions, *, named: bool = False) -> tuple[LayoutResult, Fit | None]:
    """The records of all layouts among the lines, and the layout that came nearest to what is left.

    ``named``: only of the layouts of pages that have a name, not of those that any list may have.
    """
    records: list[ListedRecord] = []
    lost: list[tuple[Line, PageLayout, str]] = []
    rest = list(lines)
    people = _people_of_page(lines)
    nearest: Fit | None = None
    for _ in range(4):  # kinds of pages in one paste
        best: tuple[int, list[ListedRecord], Fit] | None = None
        nearest = None
        for layout in LAYOUTS:
            if named and layout.generic:
                continue
            fit, made = _Reading(layout, rest, options, people).records()
            if made:
                claimed = sum(len(record.lines) for record in made)
                if best is None or claimed > best[0]:
                    best = claimed, made, fit
            elif fit.anchors and not layout.generic and (nearest is None or len(fit.blocks) > len(nearest.blocks)):
                nearest = fit
        if best is None:
            break
        records.extend(best[1])
        lost.extend(_lost(best[2], rest))
        used = {number for record in best[1] for number in record.lines}
        rest = [line for line in rest if line.number not in used]
    left = {line.number for line in rest}
    problems = [
        line.problem(
            options,
            "listing-unread-work",
            f"this looks like a record of {layout.name} that lacks {lacking}: {line.text[:60]!r}",
            hint="give its DOI or arXiv id, or copy the page again with all of its lines",
        )
        for line, layout, lacking in lost
        if line.number in left
    ]
    return LayoutResult(tuple(records), tuple(problems), tuple(rest)), nearest


def _lost(fit: Fit, lines: Sequence[Line]) -> list[tuple[Line, PageLayout, str]]:
    """The anchors between the records of a page that have no record themselves: something was left out there."""
    if fit.layout.generic:
        return []  # any line with a year may be an anchor of these
    first, last = fit.blocks[0][0][1], fit.blocks[-1][-1][1]
    return [(lines[place], fit.layout, lacking) for place, lacking in fit.lacking if first < place < last]


def _without_identifiers(text: str) -> str:
    """The text without an identifier at its end, which a link of a title has."""
    if "doi:" not in text and "arXiv:" not in text:
        return text
    linked = _LINKED.search(text[:_MAX_LINE])
    return text[: linked.start()] if linked else text


def _without_labels(texts: list[str]) -> list[str]:
    """The texts without bullets, and without the numbers of a list that counts up or down."""
    numbered = [(place, match) for place, text in enumerate(texts) if (match := _NUMBER.match(text))]
    steps = {int(after[1]["number"]) - int(before[1]["number"]) for before, after in pairwise(numbered)}
    labels = dict(numbered) if steps in ({1}, {-1}) else {}
    labels |= {place: match for place, text in enumerate(texts) if (match := _BULLET.match(text))}
    if not labels:
        return texts
    return [text[labels[place].end() :] if place in labels else text for place, text in enumerate(texts)]


def _people_of_page(lines: Sequence[Line]) -> frozenset[str]:
    """The names that several lines of names have."""
    counts: Counter[str] = Counter()
    for line in lines:
        if len(line.text) <= 300 and (people := people_of(line.text)).cost <= 1.0:
            counts.update({plain_name(name) for name in people.names.names})
    return frozenset(name for name, count in counts.items() if count > 1)


class _Reading:
    """One layout tried on the lines of a text."""

    def __init__(
        self, layout: PageLayout, lines: Sequence[Line], options: ReadOptions, people: frozenset[str] = frozenset()
    ) -> None:
        self.layout = layout
        self.lines = lines
        self.options = options
        self.costs: dict[tuple[str, int], float | None] = {}
        self.habits: Counter[str] = Counter()
        self.people = people
        own = layout.patterns.keys() - {"title", "names", "venue", "work"}
        self.own_kinds = () if layout.generic else tuple(sorted(own))
        self.texts = _without_labels([_without_identifiers(line.text) for line in lines])
        anchors = [i for i, slot in enumerate(layout.slots) if slot.anchor]
        self.at = anchors[0]

    def records(self) -> tuple[Fit, list[ListedRecord]]:
        """The records, none where the layout is not accepted."""
        fit = self._fit()
        if not fit.is_most or not self._confirmed(fit):
            return fit, []
        made = [self._record(block, following) for block, following in self._with_following(fit.blocks)]
        covered = sum(len(record.lines) for record in made)
        if len(made) == 1 and covered < _ENOUGH * len(self.lines):
            fit.missing["a second record"] += 1
            return fit, []
        if self.layout.generic and len(made) < 2:
            return fit, []
        if not is_sound_list([record.record for record in made]):
            fit.missing["titles and names that look like such"] += 1
            return fit, []
        return fit, made

    def _fit(self) -> Fit:
        fit = Fit(self.layout)
        anchor = self.layout.slots[self.at]
        places = [i for i in range(len(self.lines)) if self._cost(anchor, i) is not None]
        fit.anchors = len(places)
        if not places:
            return fit
        for attempt in (1, 2):  # the second time what most records have is known
            fit.blocks, fit.missing, fit.lacking = [], Counter(), []
            heads = self._heads(places)
            for number, (place, head) in enumerate(zip(places, heads, strict=True)):
                if head is None:
                    fit.miss(place, self._lacking(place))
                    continue
                end = len(self.lines)
                if number + 1 < len(places):
                    following = heads[number + 1]
                    end = following[0][1] if following else places[number + 1]
                tail = self._match(self.layout.slots[self.at + 1 :], place + 1, end, step=1)
                if tail is None:
                    fit.miss(place, self._lacking(place))
                    continue
                fit.blocks.append((*head, (anchor, place), *tail[1]))
            self.habits = Counter(slot.kind for block in fit.blocks for slot in {slot for slot, _ in block})
            if attempt == 1 and not fit.is_most:
                break
        return fit

    def _heads(self, places: Sequence[int]) -> list[Match | None]:
        """For each anchor the lines before it, in the order of the text; None where a required one is missing."""
        before = tuple(reversed(self.layout.slots[: self.at]))
        heads: list[Match | None] = []
        last = -1
        for place in places:
            found = self._match(before, place - 1, last, step=-1)
            heads.append(None if found is None else tuple(reversed(found[1])))
            if found is not None:  # what has no record before it may be a line of the next one, as a title with a year
                last = place
        return heads

    def _match(self, slots: Sequence[Slot], at: int, stop: int, step: int) -> tuple[float, Match] | None:
        """The cheapest way to give lines from ``at`` (up to, not with, ``stop``) to the slots in their order."""
        if not slots:
            return 0.0, ()
        slot, others = slots[0], slots[1:]
        usual = self.habits[slot.kind] * 2 > max(self.habits.values(), default=0)
        best: tuple[float, Match] | None = None
        if slot.times == "?":
            best = self._match(others, at, stop, step)
            if best is not None:
                best = best[0] + (_AGAINST_HABIT if usual and self.habits else 0.5), best[1]
        cost = 0.0
        taken: list[tuple[Slot, int]] = []
        run = self._run(slot, at, stop, step) if slot.times == "+" else 1
        for repeat in range(run):
            place = at + repeat * step
            if place == stop or not 0 <= place < len(self.lines):
                break
            line_cost = self._cost(slot, place)
            if line_cost is None:
                break
            taken.append((slot, place))
            cost += line_cost
            rest = self._match(others, place + step, stop, step)
            if rest is None:
                continue
            total = cost / len(taken) + rest[0] + _LEFT_NAME * (run - len(taken))
            if slot.times == "?" and self.habits and not usual:
                total += _AGAINST_HABIT
            if best is None or total < best[0] or (total == best[0] and len(taken) + len(rest[1]) > len(best[1])):
                best = total, (*taken, *rest[1])
        return best

    def _run(self, slot: Slot, at: int, stop: int, step: int) -> int:
        """How many lines from ``at`` on may be of a kind that is repeated."""
        count = 0
        while count < _MAX_REPEATS and at != stop and 0 <= at < len(self.lines) and self._cost(slot, at) is not None:
            count += 1
            at += step
        return count

    def _cost(self, slot: Slot, place: int) -> float | None:
        key = slot.kind, place
        if key not in self.costs:
            self.costs[key] = self._line_cost(slot, self._text(slot.kind, place))
        return self.costs[key]

    def _line_cost(self, slot: Slot, text: str) -> float | None:
        """What speaks against the line as one of that kind; None where it can't be one."""
        if len(text) > _MAX_LINE:
            return None
        pattern = self.layout.compiled.get(slot.kind)
        if pattern is not None:
            match = pattern.fullmatch(text)
            if match is None:
                return None
            groups = match.groupdict()
            if (names := groups.get("names")) and people_of(names).cost > _NO_NAMES:
                return None
            if (work := groups.get("work")) and title_and_venue(work) is None:
                return None
            return 0.0
        if BUTTONS.fullmatch(text) or ((buttons := self.layout.compiled.get("")) and buttons.fullmatch(text)):
            return None
        if any(self.layout.compiled[kind].fullmatch(text) for kind in self.own_kinds):
            return None  # a line of a kind of its own
        if slot.kind == "names":
            people = people_of(text)
            cost = people.cost
            if people.names.names and all(plain_name(name) in self.people for name in people.names.names):
                return 0.0
            return cost if cost <= _NO_NAMES and not (VENUE_WORDS.search(text) and cost > 0.6) else None
        if len(text) > 500 or not any(char.isalpha() for char in text):
            return None
        if slot.kind == "venue":
            if len(text) > _LONG_VENUE and text.endswith("."):
                return None  # an abstract
            people = people_of(text)
            cost = 0.8 if people.cost < 1.0 else 0.0
            return _KNOWN_PERSON if text in self.people else cost - (1.0 if VENUE_WORDS.search(text) else 0.0)
        against = title_cost(text)
        return against + _KNOWN_PERSON if against is not None and text in self.people else against

    def _text(self, kind: str, place: int) -> str:
        """The text of a line; a title and names are without the identifiers of their links."""
        return self.texts[place] if kind in _PLAIN_KINDS or self.layout.generic else self.lines[place].text

    def _lacking(self, place: int) -> str:
        """The required kind of line that no neighbour of an anchor is."""
        neighbours = [i for i in range(place - 6, place + 7) if 0 <= i < len(self.lines)]
        for slot in self.layout.slots:
            if slot.times != "?" and not slot.anchor and all(self._cost(slot, i) is None for i in neighbours):
                return _WORDS.get(slot.kind, f"a line of its {slot.kind}")
        return "title and names next to each other"

    def _confirmed(self, fit: Fit) -> bool:
        """True where most records have the line that tells this page from others."""
        pattern = self.layout.compiled.get("confirm")
        if pattern is None:
            return True
        with_line = 0
        for block, following in self._with_following(fit.blocks):
            if any(pattern.fullmatch(line.text[:1000]) for line in following) and block:
                with_line += 1
        if with_line * 2 < len(fit.blocks):
            fit.missing["the buttons of that page"] += len(fit.blocks) - with_line
            return False
        return True

    def _with_following(self, blocks: Sequence[Match]) -> list[tuple[Match, Sequence[Line]]]:
        """Each record with the lines up to the next one, at most thirty."""
        starts = [block[0][1] for block in blocks]
        out: list[tuple[Match, Sequence[Line]]] = []
        for block, end in zip(blocks, [*starts[1:], len(self.lines)], strict=True):
            behind = block[-1][1] + 1
            out.append((block, self.lines[behind : max(behind, min(end, behind + 30))]))
        return out

    def _record(self, block: Match, following: Sequence[Line]) -> ListedRecord:
        fields: dict[str, tuple[Line, str]] = {}
        names: list[tuple[Line, str]] = []
        links: list[Line] = []
        used = [self.lines[place] for _, place in block]
        for slot, place in block:
            line = self.lines[place]
            pattern = self.layout.compiled.get(slot.kind)
            text = self._text(slot.kind, place)
            match = pattern.fullmatch(text) if pattern else None
            groups = match.groupdict() if match else {slot.kind: text}
            if text != line.text:
                links.append(line)
            for name, value in groups.items():
                if not value:
                    continue
                if name == "names":
                    names.append((line, value))
                elif name == "work":
                    title, venue = title_and_venue(value) or (value, "")
                    fields.update(title=(line, title), venue=(line, venue))
                else:
                    fields.setdefault(name, (line, value))
        for line in links:
            if linked := _LINKED.search(line.text):
                fields.update((name, (line, value)) for name, value in linked.groupdict().items() if value)
        buttons = self.layout.compiled.get("")
        for line in following:
            text = line.text
            if len(text) > _MAX_LINE:
                continue
            for pattern in self.layout.compiled_after:
                if match := pattern.fullmatch(text):
                    used.append(line)
                    for name, value in match.groupdict().items():
                        if value and name == "names":
                            names.append((line, value))
                        elif value:
                            fields.setdefault(name, (line, value))
                    break
            else:
                if BUTTONS.fullmatch(text) or (buttons and buttons.fullmatch(text)):
                    used.append(line)
        return make_work(fields, names, used, self.options, type_hint=self.layout.type)


_WORDS: Final = {"names": "a line of names", "title": "a title", "venue": "a venue"}
