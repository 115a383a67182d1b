"""Names that are marked in a bibliography: formatted, followed by signs, and never left out of a long list.

For publication lists of a person, where "A. One et al." would hide whose list it is: a list that the style abbreviates
is written as "A. One, …, **B. Owner**, … (212 authors)".
"""

from __future__ import annotations

from bibtool.structs import dataclass, field
from bibtool.styles.rich import ELLIPSIS, Fmt, Frame, Out, node_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_RAISED = Frame(Fmt(valign="sup"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMark:
    """How one name is marked: its formatting, the signs after it, and whether it is always shown."""

    fmt: Fmt | None = None
    signs: str = ""
    always: bool = False

    def dress(self, name: Out) -> Out:
        """The rendered name, marked."""
        piece = name if self.fmt is None else node_of([name], Frame(self.fmt))
        return node_of([piece, node_of([self.signs], _RAISED)]) if self.signs else piece


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMarks:
    """The marked names of one record.

    ``names`` has (variable, position from 0) -> mark, ``list_signs`` variable -> signs after the whole list. ``most``
    names are shown at most: 0 all, None as the style says. ``count`` is the word after the number of names of an
    abbreviated list ("authors"), "" for no number.
    """

    names: Mapping[tuple[str, int], NameMark] = field(default_factory=dict)
    list_signs: Mapping[str, str] = field(default_factory=dict)
    most: int | None = None
    count: str = ""

    def positions(self, variable: str, total: int, shown: int, *, with_last: bool) -> list[int]:
        """The positions to show of a list of which the style would show the first ``shown``, ascending."""
        always = {at for (name, at), mark in self.names.items() if name == variable and mark.always and at < total}
        if self.most == 0:
            return list(range(total))
        if self.most is not None:
            if total <= self.most:
                return list(range(total))
            outside = sum(at >= self.most for at in always)
            shown, with_last = max(self.most - outside, 1), False
        if shown >= total:
            return list(range(total))
        kept = set(range(shown)) | always
        if with_last:
            kept.add(total - 1)
        # an ellipsis stands for two names at least
        kept |= {at for at in range(total) if at not in kept and _alone(at, kept, total)}
        return sorted(kept)

    def render(
        self, variable: str, positions: Iterable[int], name: Callable[[int], Out]
    ) -> tuple[list[Out], list[tuple[int, Out]]]:
        """The pieces of a list with an ellipsis for each gap, and the names among them by position."""
        pieces: list[Out] = []
        names: list[tuple[int, Out]] = []
        before = -1
        for at in positions:
            if at > before + 1:
                pieces.append(ELLIPSIS)
            piece = self.dress(variable, at, name(at))
            names.append((at, piece))
            pieces.append(piece)
            before = at
        return pieces, names

    def dress(self, variable: str, at: int, name: Out) -> Out:
        """A rendered name with its mark, if it has one."""
        mark = self.names.get((variable, at))
        return name if mark is None else mark.dress(name)

    def count_of(self, total: int) -> str:
        """The number of names, for an abbreviated list."""
        return f" ({total} {self.count})" if self.count else ""

    def behind(self, variable: str) -> list[Out]:
        """The signs after a list, whether abbreviated or not."""
        signs = self.list_signs.get(variable)
        return [node_of([signs], _RAISED)] if signs else []


def _alone(at: int, kept: set[int], total: int) -> bool:
    """Whether the position is a gap of one, between names or before the end."""
    before = at == 0 or at - 1 in kept
    after = at == total - 1 or at + 1 in kept
    return before and after
