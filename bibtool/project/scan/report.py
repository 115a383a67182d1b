"""Citations compared with a bibliography: undefined keys with near misses, unused entries, keys that differ in case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.project.scan.base import Kind
from bibtool.structs import dataclass
from bibtool.suggest import ranked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bibtool.project.scan.base import Citation

MAX_NEAR = 3
MAX_COMPARED = 5_000_000  # pairs of keys; beyond that, near misses of the first undefined keys only
_CLOSE = 0.72
_MIN_PREFIX = 6  # characters


@dataclass(frozen=True, slots=True)
class Undefined:
    """A cited key that the bibliography does not have, all places where it is cited, and the nearest keys."""

    key: str
    citations: tuple[Citation, ...]
    near: tuple[str, ...] = ()


def resolve(citation: Citation, keys: Collection[str], names: Mapping[tuple[str, str], str]) -> str | None:
    """The key of the entry that is cited: the key itself, or that of the entry with such a name, or None.

    ``names`` are other names of entries: pairs such as ``("arxiv", "2301.01234")`` (`Identifier.folded`, and the same
    that `bibtool.model.works.merge.identifiers` gives), and ``("key", alias)``.
    """
    if citation.key in keys:
        return citation.key
    if (key := names.get(("key", citation.key))) is not None:
        return key
    return names.get(citation.identifier.folded) if citation.identifier else None


def undefined(
    citations: Iterable[Citation], keys: Collection[str], *, names: Mapping[tuple[str, str], str] | None = None
) -> tuple[Undefined, ...]:
    """The keys without an entry, in the order of their first citation.

    ``keys`` are best a set; ``names`` as for `resolve`.
    """
    missing: dict[str, list[Citation]] = {}
    for citation in citations:
        if citation.kind is not Kind.ALL and resolve(citation, keys, names or {}) is None:
            missing.setdefault(citation.key, []).append(citation)
    if not missing:
        return ()
    near = _near_misses([key for key, places in missing.items() if places[0].kind is Kind.KEY], keys)
    return tuple(Undefined(key, tuple(places), near.get(key, ())) for key, places in missing.items())


def _near_misses(wanted: list[str], keys: Collection[str]) -> dict[str, tuple[str, ...]]:
    if not keys or not wanted:
        return {}
    choices = sorted(keys)
    folded = [_folded(key) for key in choices]
    near: dict[str, tuple[str, ...]] = {}
    for key in wanted[: max(1, MAX_COMPARED // len(choices))]:
        bare = _folded(key)
        cutoff = min(_CLOSE, _one_off(bare))
        scores = dict(ranked(bare, folded, most=MAX_NEAR, cutoff=cutoff))
        if len(bare) >= _MIN_PREFIX:  # recipes differ in how many words of the title a key holds
            longer = [index for index, known in enumerate(folded) if _is_prefix(bare, known)]
            for index in longer[:MAX_NEAR]:
                scores.setdefault(index, _CLOSE)
        order = sorted(scores, key=lambda index: (-scores[index], choices[index]))
        near[key] = tuple(choices[index] for index in order[:MAX_NEAR])
    return near


def _one_off(key: str) -> float:
    """The similarity of a short key with one wrong character, which is low."""
    return max(0.5, 1 - 1 / max(len(key), 1)) - 1e-9


def _is_prefix(left: str, right: str) -> bool:
    return right.startswith(left) or (len(right) >= _MIN_PREFIX and left.startswith(right))


def _folded(key: str) -> str:
    """For comparison: without case and without the punctuation on which key recipes differ."""
    bare = "".join(character for character in key.casefold() if character.isalnum())
    return bare or key


def unused(
    keys: Iterable[str],
    citations: Iterable[Citation],
    *,
    names: Mapping[tuple[str, str], str] | None = None,
    parents: Mapping[str, Iterable[str]] | None = None,
) -> tuple[str, ...]:
    r"""The entries that nothing needs, in the order given; none where ``\nocite{*}`` asks for all.

    ``parents`` are the keys, or other keys, of the entries that an entry refers to (as `parents_in` gives them): those
    of a cited entry are needed too, and theirs.
    """
    entries = dict.fromkeys(keys)
    used: dict[str, None] = {}
    for citation in citations:
        if citation.kind is Kind.ALL:
            return ()
        if (key := resolve(citation, entries, names or {})) is not None:
            used[key] = None
    waiting = list(used)
    while waiting:
        for name in (parents or {}).get(waiting.pop(), ()):
            parent = name if name in entries else (names or {}).get(("key", name))
            if parent is not None and parent not in used:
                used[parent] = None
                waiting.append(parent)
    return tuple(key for key in entries if key not in used)


def differ_in_case(keys: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Groups of keys that differ only in case, which BibTeX treats as an error; sorted."""
    groups: dict[str, set[str]] = {}
    for key in keys:
        groups.setdefault(key.casefold(), set()).add(key)
    return tuple(sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1))
