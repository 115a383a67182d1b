"""Lists of names as one text: in cites and sort keys that are only compared, and in entries where that is all there is.

What is between and after names depends on how many there are and how many of them are shown, and most names are the
same wherever they are. So a list is put together from texts that are there already.
"""

from __future__ import annotations

from bibtool.styles.context import ListedNames
from bibtool.styles.literal import literal
from bibtool.styles.names import MARK, base_level, how_many, joined_names, level_of, render_name, without_mark

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Final, TypeAlias

    from bibtool.styles.context import Context
    from bibtool.styles.item import Person
    from bibtool.styles.names import NameOptions, NameTerms
    from bibtool.styles.rich import Out

    # the texts of single names by person, for options, whether inverted, whether printed
    NameTexts: TypeAlias = "dict[tuple[NameOptions, bool, bool], dict[Person, str]]"

_MANY: Final = 1_000_000_000


class NameSpelling:
    """Spells the names of one variable, as `bibtool.styles.names.render_list` prints them.

    ``index`` counts the lists of a cite. What is between and after names is put together once for each number of them,
    a name without disambiguation once for each person: ``known`` has those that other lists have, and gets new ones.
    Where the text is ``printed``, names with formatting of their own are not spelled.
    """

    __slots__ = (
        "_all_inverted",
        "_base",
        "_by_person",
        "_first",
        "_first_inverted",
        "_frames",
        "_later",
        "_least",
        "_options",
        "_printed",
        "_terms",
        "index",
        "variable",
    )

    def __init__(
        self,
        variable: str,
        options: NameOptions,
        terms: NameTerms,
        known: NameTexts,
        index: int,
        *,
        printed: bool = False,
    ) -> None:
        self.variable = variable
        self._printed = printed
        self.index = index
        self._options = options
        self._base = base_level(options)
        self._all_inverted = options.sort_order == "all"
        self._first_inverted = options.sort_order in ("all", "first")
        self._terms = terms
        self._least = min(least for least in (options.et_al_min, options.et_al_subsequent_min, _MANY) if least)
        self._later = known.setdefault((options, self._all_inverted, printed), {})
        self._first = known.setdefault((options, self._first_inverted, printed), {})
        self._by_person = "after-inverted-name" in (options.precedes_last, options.precedes_et_al)
        self._frames: dict[tuple[int, int, bool, bool], str] = {}

    def __call__(self, ctx: Context) -> str:
        """The characters for the item and the disambiguation of the context, which stays as it is.

        "" where nothing is shown, or where only rendering knows them.
        """
        people = ctx.item.names.get(self.variable)
        if not people:
            return ""
        people, is_truncated = without_mark(people) if people[-1].raw.literal == MARK else (people, False)
        total = shown = len(people)
        if total >= self._least:
            shown = how_many(total, self._options, ctx, self.index)
            if shown < total:
                people = people[:shown]
        if not shown:
            return ""
        names = list(map(self._later.get, people))
        if self._first is not self._later:
            names[0] = self._first.get(people[0])
        if ctx.disambiguation.levels:
            self._change(names, people, ctx.disambiguation.levels)
        if not all(names):
            if None in names:
                self._add(names, people)
            if "" in names:
                return ""
        is_person = not self._by_person or self._ends_in_person(people, is_whole=shown == total and not is_truncated)
        key = (shown, total, is_truncated, is_person)
        frame = self._frames.get(key)
        if frame is None:
            frame = self._frames[key] = self._frame(*key)
        return frame % tuple(names) if frame else ""

    def shown(self, ctx: Context) -> ListedNames:
        """The list, for disambiguation."""
        options = self._options
        people, _ = without_mark(ctx.item.names[self.variable])
        has_initials = options.initialize_with is not None and options.initialize
        return ListedNames(people, how_many(len(people), options, ctx, self.index), has_initials=has_initials)

    def _ends_in_person(self, people: Sequence[Person], *, is_whole: bool) -> bool:
        """Whether the name before the last one, or before "et al.", is that of a person and not of an institution."""
        return people[-2 if is_whole and len(people) > 1 else -1].literal == ""

    def _frame(self, shown: int, total: int, is_truncated: bool, is_person: bool) -> str:
        """What is between and after so many names, with a place for each of them; "" where that is not known."""
        options, terms = self._options, self._terms
        if options.et_al_use_last and total - shown >= 2:
            return ""
        hidden = is_truncated or shown < total
        kids = joined_names(
            ["\0"] * shown,
            options,
            terms,
            hidden=hidden,
            use_last=False,
            inverted=is_person and self._inverts(shown, hidden),
        )
        texts = [self._text(kid) for kid in kids]
        return "" if None in texts else "".join(texts).replace("%", "%%").replace("\0", "%s")  # type: ignore[arg-type]

    def _inverts(self, shown: int, hidden: bool) -> bool:
        order = self._options.sort_order
        return order == "all" or (order == "first" and shown < (2 if hidden else 3))

    def _add(self, names: list[str | None], people: Sequence[Person]) -> None:
        """Make the names that are missing."""
        for position, person in enumerate(people):
            if names[position] is None:
                names[position] = self._name(person, position, 0)
                (self._later if position else self._first)[person] = names[position] or ""

    def _change(self, names: list[str | None], people: Sequence[Person], levels: Mapping[tuple[int, int], int]) -> None:
        """Put names in the form that disambiguation asks for."""
        for (index, position), asked in levels.items():
            if index == self.index and position < len(names):
                names[position] = self._name(people[position], position, asked)

    def _name(self, person: Person, position: int, asked: int) -> str:
        level = max(self._base, level_of(self._options, asked)) if asked else self._base
        inverted = self._all_inverted if position else self._first_inverted
        piece = render_name(person, self._options, level, inverted=inverted)
        return piece if piece.__class__ is str else self._text(piece) or ""

    def _text(self, piece: Out) -> str | None:
        """The characters of a piece; None if it has formatting that has to be kept, or is not known as text."""
        if piece.__class__ is str:
            return piece
        return None if self._printed else literal(piece)
