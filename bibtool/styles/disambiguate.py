"""Disambiguation of cites (CSL 1.0.2, "Disambiguation"): given names, more names, the condition, year-suffixes.

Works on rendered cites: items whose bare cites have the same characters are ambiguous. Only those are rendered again.
"""

from __future__ import annotations

from bibtool.styles.context import NO_DISAMBIGUATION, Disambiguation
from bibtool.styles.initials import initialize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bibtool.styles.context import Context, ListedNames
    from bibtool.styles.engine import Engine
    from bibtool.styles.item import Item, Person
    from bibtool.styles.spelling import Spelling

MAX_TRIES = 100_000  # cites rendered to disambiguate one set


def _rounds(group: Sequence[Item]) -> int:
    """How many forms of the names may be tried for a set: many for a small one, a few for thousands of twins."""
    return max(6, MAX_TRIES // len(group))


def _differ(lists: Sequence[Sequence[ListedNames]], index: int, place: int) -> bool:
    """True where not all cites have the same person in that place: only such a name can disambiguate them."""
    seen = None
    for number, blocks in enumerate(lists):
        people = blocks[index].people if index < len(blocks) else ()
        raw = people[place].raw if place < len(people) else None
        if number and raw is not seen and raw != seen:
            return True
        seen = raw
    return False


class Disambiguator:
    """One run over the items of a document.

    ``notes`` has the number of the note in which an item is first cited, by its id: cites that lead to different notes
    are not ambiguous.
    """

    def __init__(self, engine: Engine, notes: Mapping[str, str]) -> None:
        self.engine = engine
        self.notes = notes
        self.result: dict[str, Disambiguation] = {}
        self._ctx: Context | None = None

    def _text(self, item: Item, how: Disambiguation) -> str:
        """The characters of a bare cite."""
        spelling = self.engine.speller.of(item)
        text = None if spelling is None else spelling.text(self._spelt(item, how))
        return self.engine.characters(self.engine.cite(self._bare(item, how))) if text is None else text

    def _lists(self, item: Item, how: Disambiguation) -> Sequence[ListedNames]:
        """The lists of names in a bare cite."""
        return self._cite(item, how)[1]

    def _cite(self, item: Item, how: Disambiguation) -> tuple[str, Sequence[ListedNames]]:
        """The characters of a bare cite, and its lists of names."""
        spelling = self.engine.speller.of(item)
        if spelling is not None:
            ctx = self._spelt(item, how)
            text = spelling.text(ctx)
            if text is not None:
                return text, spelling.names(ctx)
        ctx = self._bare(item, how)
        return self.engine.characters(self.engine.cite(ctx)), ctx.blocks

    def _asked(self, item: Item, how: Disambiguation) -> int:
        """How many ``disambiguate`` conditions are looked at for a bare cite."""
        ctx = self._bare(item, how)
        self.engine.cite(ctx)
        return ctx.conditions

    def _bare(self, item: Item, how: Disambiguation) -> Context:
        return self.engine.bare(item, how, self.notes.get(item.id, ""))

    def _spelt(self, item: Item, how: Disambiguation) -> Context:
        """The one context of all cites that are spelled, which that doesn't change."""
        if self._ctx is None:
            self._ctx = self.engine.bare(item, how)
        self._ctx.item = item
        self._ctx.disambiguation = how
        return self._ctx

    def run(self, items: Sequence[Item]) -> dict[str, Disambiguation]:
        """How to render each item, by id, year-suffixes left out; and ``groups`` of what needs a suffix.

        Items that need nothing are not in the result.
        """
        engine = self.engine
        start: dict[str, Disambiguation] = {}
        texts: dict[str, str] = {}
        if engine.add_givenname and engine.name_rule != "by-cite":
            start, texts = self._by_names(items)
        groups: dict[str, list[Item]] = {}
        for item in items:
            text = texts.get(item.id)
            if text is None:
                text = self._text(item, start.get(item.id, NO_DISAMBIGUATION))
            groups.setdefault(text, []).append(item)
        self.result = dict(start)
        self.suffix_groups: list[list[Item]] = []
        for text, members in groups.items():
            if len(members) > 1 and text:  # cites that print nothing can't be disambiguated
                self._resolve(members)
        return self.result

    # method 1, for the rules that look at names and not at cites

    def _by_names(self, items: Sequence[Item]) -> tuple[dict[str, Disambiguation], dict[str, str]]:
        """What each item needs, and the cites with that which are known by now, by id.

        Whose names a cite prints is known without spelling it, as long as it can be spelled. Most cites need more than
        they have, so that it would be done twice.
        """
        people: dict[str, Sequence[tuple[Person, ...]]] = {}
        bare: dict[str, str] = {}
        spelled: list[tuple[Item, Spelling]] = []
        for item in items:
            spelling = self.engine.speller.of(item)
            lists = None if spelling is None else spelling.people(item)
            if spelling is None or lists is None:
                self._print_bare(item, bare, people)
            else:
                people[item.id] = lists
                spelled.append((item, spelling))

        def spell(item: Item, spelling: Spelling, needed: Mapping[str, Disambiguation]) -> str | None:
            return spelling.text(self._spelt(item, needed.get(item.id, NO_DISAMBIGUATION)))

        needed = self._global_names(people)
        texts = {item.id: spell(item, spelling, needed) for item, spelling in spelled}
        others = [item for item, _ in spelled if texts[item.id] is None]
        spelt = {item.id: people[item.id] for item in others}
        for item in others:
            self._print_bare(item, bare, people)
        if any(people[name] != lists for name, lists in spelt.items()):
            before, needed = needed, self._global_names(people)
            for item, spelling in spelled:
                if before.get(item.id, NO_DISAMBIGUATION).levels != needed.get(item.id, NO_DISAMBIGUATION).levels:
                    texts[item.id] = spell(item, spelling, needed)
        known = {name: text for name, text in texts.items() if text is not None}
        return needed, {**known, **{name: text for name, text in bare.items() if name not in needed}}

    def _print_bare(self, item: Item, texts: dict[str, str], people: dict[str, Sequence[tuple[Person, ...]]]) -> None:
        """Note the characters of a bare cite, and the persons in each of its lists of names."""
        text, lists = self._cite(item, NO_DISAMBIGUATION)
        texts[item.id] = text
        people[item.id] = [block.people for block in lists]

    def _global_names(self, shown: Mapping[str, Sequence[tuple[Person, ...]]]) -> dict[str, Disambiguation]:
        """The forms of names that distinguish persons, by item; ``shown`` has the lists of names of each item."""
        most = 1 if self.engine.name_rule.startswith("primary-name") else None  # the first name of the cite
        persons: set[Person] = set()
        for lists in shown.values():
            for people in lists[:most]:
                persons.update(people[:most])
        levels = self._levels(persons)
        found: dict[str, Disambiguation] = {}
        for name, lists in shown.items():
            wanted = {}
            for index, people in enumerate(lists[:most]):
                for position, person in enumerate(people[:most]):
                    if person in levels:
                        wanted[index, position] = levels[person]
            if wanted:
                found[name] = Disambiguation(levels=wanted)
        return found

    def _levels(self, people: Iterable[Person]) -> dict[Person, int]:
        """In which form each of the persons has to be shown: those who need none are not there."""
        initials_only = self.engine.name_rule.endswith("-with-initials")
        keys = {
            person: self._name_keys(person)
            for person in people
            if person.literal == "" and (person.raw.family or person.raw.given)
        }
        registry: dict[str, dict[str, set[str]]] = {}
        for family, initials, full in keys.values():
            registry.setdefault(family, {}).setdefault(initials, set()).add(full)
        levels: dict[Person, int] = {}
        for person, (family, initials, _) in keys.items():
            forms = registry[family]
            if not initials_only and len(forms[initials]) > 1:
                levels[person] = 2
            elif len(forms) > 1:
                levels[person] = 1
        return levels

    def _name_keys(self, person: Person) -> tuple[str, str, str]:
        raw = person.raw
        family = f"{raw.non_dropping_particle} {raw.family}".replace(".", "")  # the short form
        full = " ".join(raw.given.replace(".", " ").split())
        if not person.initial_key:
            person.initial_key = initialize(full, "\1") or "\1"
        return family, person.initial_key, full

    # the set of cites that look the same

    def _resolve(self, members: list[Item]) -> None:
        engine = self.engine
        rest = [members]
        by_cite = engine.add_givenname and engine.name_rule == "by-cite"
        if by_cite:
            rest = [left for group in rest for left in self._expand_names(group)]
        if engine.add_names:
            rest = [left for group in rest for left in self._add_names(group, expand=by_cite)]
        if engine.has_condition:
            rest = [left for group in rest for left in self._try_conditions(group)]
        self.suffix_groups.extend(group for group in rest if len(group) > 1)

    def _how(self, item: Item) -> Disambiguation:
        return self.result.get(item.id, NO_DISAMBIGUATION)

    def _partition(self, group: list[Item], hows: dict[str, Disambiguation]) -> list[list[Item]]:
        parts: dict[str, list[Item]] = {}
        for item in group:
            parts.setdefault(self._text(item, hows[item.id]), []).append(item)
        return list(parts.values())

    def _accept(self, parts: list[list[Item]], hows: dict[str, Disambiguation]) -> list[list[Item]]:
        """Fix the names of all members; what is still ambiguous comes back."""
        for part in parts:
            for item in part:
                self.result[item.id] = hows[item.id]
        return [part for part in parts if len(part) > 1]

    def _expand_names(self, group: list[Item]) -> list[list[Item]]:
        """Method 1 by cite: show more names, first to last, as long as that disambiguates members."""
        work = [group]
        left: list[list[Item]] = []
        rounds = 0
        while work:
            current = work.pop(0)
            if len(current) < 2:
                continue
            parts = None
            shown = [self._lists(item, self._how(item)) for item in current]
            blocks = shown[0]
            positions = [
                (index, place)
                for index, block in enumerate(blocks)
                for place in range(block.shown)
                if _differ(shown, index, place)
            ]
            for spot in positions:
                rounds += 1
                if rounds > _rounds(group):
                    break
                for level in (1, 2) if blocks[spot[0]].has_initials else (2,):
                    hows = {item.id: self._raised(item, spot, level) for item in current}
                    attempt = self._partition(current, hows)
                    if len(attempt) > 1:
                        parts = self._accept(attempt, hows)
                        break
                if parts is not None:
                    break
            if parts is None:
                left.append(current)
            else:
                work.extend(parts)
        return left

    def _raised(self, item: Item, spot: tuple[int, int], level: int) -> Disambiguation:
        how = self._how(item)
        levels = dict(how.levels)
        levels[spot] = max(level, levels.get(spot, 0))
        return how.replace(levels=levels)

    def _add_names(self, group: list[Item], *, expand: bool) -> list[list[Item]]:
        """Method 2: show one more name at a time, expanded where that helps."""
        work: list[tuple[list[Item], int]] = [(group, 0)]
        left: list[list[Item]] = []
        while work:
            current, added = work.pop(0)
            if len(current) < 2:
                continue
            shown = {item.id: self._lists(item, self._how(item)) for item in current}
            most = max((block.total for blocks in shown.values() for block in blocks[:1]), default=0)
            least = max((block.shown for blocks in shown.values() for block in blocks[:1]), default=0)
            parts = None
            lists = list(shown.values())
            totals = {block.total for blocks in lists for block in blocks[:1]} - {most}
            # a list that is complete differs from one that goes on with "et al."
            counts = [count for count in range(least + 1, most + 1) if count in totals or _differ(lists, 0, count - 1)]
            for count in counts[: _rounds(group)]:
                hows = {item.id: self._with_names(item, count, shown[item.id]) for item in current}
                attempt = self._partition(current, hows)
                if len(attempt) > 1:
                    parts = self._accept(attempt, hows)
                    break
                if expand:
                    for level in (1, 2):
                        raised = {
                            item.id: hows[item.id].replace(levels={**hows[item.id].levels, (0, count - 1): level})
                            for item in current
                        }
                        attempt = self._partition(current, raised)
                        if len(attempt) > 1:
                            parts = self._accept(attempt, raised)
                            break
                    if parts is not None:
                        break
            if parts is None:
                left.append(current)
            else:
                work.extend((part, added + 1) for part in parts)
        return left

    def _with_names(self, item: Item, count: int, blocks: Sequence[object]) -> Disambiguation:
        how = self._how(item)
        names = list(how.names) or [0]
        names[0] = count
        del blocks
        return how.replace(names=tuple(names))

    def _try_conditions(self, group: list[Item]) -> list[list[Item]]:
        """Method 3: make the ``disambiguate`` conditions true one by one, as long as that distinguishes members."""
        work = [(group, 1)]
        left: list[list[Item]] = []
        while work:
            current, count = work.pop(0)
            asked = max(self._asked(item, self._how(item)) for item in current)
            parts: list[list[Item]] = []
            while count <= asked and len(parts) < 2:
                hows = {item.id: self._with_conditions(item, count) for item in current}
                # a condition that is true may hold others
                asked = max(asked, *(self._asked(item, hows[item.id]) for item in current))
                parts = self._partition(current, hows)
                count += 1
            if len(parts) > 1:
                work.extend((part, count) for part in self._accept(parts, hows))
            else:
                left.append(current)
        return left

    def _with_conditions(self, item: Item, conditions: int) -> Disambiguation:
        how = self._how(item).replace()
        how.conditions = conditions
        return how
