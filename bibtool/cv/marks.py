"""Marks of names as signs with a legend: equal contribution, corresponding author, supervised student, and own ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bibtool.cv.document import LegendLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# the order in which signs are printed behind a name, and lines in the legend
_SIGNS: Final = {"equal": "*", "corresponding": "†", "student": "‡", "alphabetical": "α"}
_MORE: Final = ("§", "¶", "‖", "#", "◊", "△", "□", "○")


@dataclass(frozen=True, slots=True)
class Signs:
    """The sign of each mark that a list uses, and its meaning. The mark ``owner`` has none."""

    signs: Mapping[str, str]
    texts: Mapping[str, str]

    def of(self, marks: Iterable[str]) -> str:
        """The signs of these marks, in the order of the legend."""
        held = set(marks)
        return "".join(sign for mark, sign in self.signs.items() if mark in held)

    def legend(self, used: Iterable[str]) -> tuple[LegendLine, ...]:
        """A line for each mark that is used."""
        held = set(used)
        return tuple(LegendLine(sign, self.texts[mark], mark) for mark, sign in self.signs.items() if mark in held)


def make_signs(marks: Iterable[str], words: Mapping[str, str], own: Mapping[str, str]) -> Signs:
    """The signs of a list in which these marks occur.

    ``own`` is mark -> meaning by the user's settings: other words for the known marks, or marks of the user's own. A
    mark without a meaning is its own.
    """
    names = dict.fromkeys([*_SIGNS, *own, *sorted(marks)])
    names.pop("owner", None)
    more = iter(_MORE)
    signs: dict[str, str] = {}
    for name in names:
        signs[name] = _SIGNS.get(name) or next(more, "") or f"[{name}]"
    texts = {name: own.get(name) or (words[name] if name in _SIGNS else name.replace("-", " ")) for name in names}
    return Signs(signs, texts)
