"""One page per paper in the folder of a web site, updated without touching what people wrote.

A page of ours says so in its front matter::

    bibtool:
      ids: ["arxiv:2203.91360", "doi:10.5555/x", "key:ash2024field"]    by which the paper is known again
      written: [title, authors, date]                                   the keys that were written by bibtool
      keep: [title]                                                     yours: keys to leave alone; "body" is the text

Only the keys in ``written`` are updated, and the text between the two marks in the body. A key that is
there already and not in ``written`` is somebody's own and stays, also in a page that is handed over by giving it
``bibtool: {ids: [...]}``. A page keeps its path whatever happens to title, venue and key, for addresses must not
change, and no page is ever deleted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from bibtool.cv import facts
from bibtool.cv.frontmatter import Table, edited, new_page, read_page, written
from bibtool.cv.targets import Files
from bibtool.errors import InputError
from bibtool.lazy import lazy_pattern
from bibtool.problems import Position, Problem, Severity
from bibtool.structs import dataclass
from bibtool.web.pages import free_name

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from bibtool.cv.document import Entry
    from bibtool.cv.frontmatter import Page

OWN: Final = "bibtool"
BEGIN: Final = "<!-- bibtool: begin. Text between these marks is replaced; write above or below them. -->"
END: Final = "<!-- bibtool: end -->"
_BLOCK: Final = lazy_pattern(r"<!-- bibtool: begin\b[^\n]*-->\n(?:.*?\n)?<!-- bibtool: end\b[^\n]*-->", re.DOTALL)
_MARK: Final = lazy_pattern(r"<!-- bibtool: (?:begin|end)\b")
_OURS: Final = lazy_pattern(rb"^[ \t]*\"?bibtool\"?[ \t]*[:=]|^\[(?:params\.)?bibtool\]", re.MULTILINE)
_ID_IN_BYTES: Final = lazy_pattern(rb"(?:arxiv|doi|key):[^\s\"',\]}]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page of one paper should contain.

    ``values``   front matter that is kept up to date, in its order; values of None are left out
    ``once``     front matter that is written when the page is made and is the user's from then on
    ``text``     the generated part of the body, "" for none
    ``stem``     the path of a new page without its end
    """

    entry: Entry
    values: Mapping[str, Any]
    once: Mapping[str, Any]
    text: str
    stem: str


@dataclass(frozen=True, slots=True)
class _Known:
    path: str
    page: Page
    ids: tuple[str, ...]


def update(
    wanted: Sequence[Wanted], existing: Mapping[str, bytes], *, inside: str, path_of: Callable[[str], str]
) -> Files:
    """The pages to write, those whose paper has gone, and those that could not be followed.

    Looks at the Markdown files below ``inside`` ("" for the folder itself). ``path_of`` makes a path of a stem.
    """
    problems: list[Problem] = []
    known: list[_Known] = []
    broken: dict[str, frozenset[str]] = {}
    taken: dict[str, str] = {}
    for path in sorted(existing):
        taken.setdefault(path.casefold(), path)
        if not path.startswith(inside) or not path.casefold().endswith((".md", ".markdown")):
            continue
        _look_at(path, existing[path], known, broken, problems)
    pages = _partners(wanted, known)
    write: dict[str, bytes] = {}
    for at, paper in enumerate(wanted):
        ids = facts.identities(paper.entry)
        partner = pages.get(at)
        if partner is not None:
            changed = _changed(partner, paper, ids, problems)
            if changed != existing[partner.path]:
                write[partner.path] = changed
            continue
        if any(not broken_ids.isdisjoint(ids) for broken_ids in broken.values()):
            continue  # its page is there, but can't be read: a second one would be worse
        path = _free_path(paper, path_of, taken)
        blocker = taken.get(path_of(paper.stem).casefold())
        if blocker is not None and blocker in existing and _is_about(existing[blocker], paper):
            problems.append(_not_ours(blocker, paper, ids))
            continue
        taken[path.casefold()] = path
        write[path] = _made(paper, ids)
    orphans = []
    matched = {partner.path for partner in pages.values()}
    for page in known:
        if page.path in matched:
            continue
        first = next((at for at in pages if set(page.ids) <= set(facts.identities(wanted[at].entry))), None)
        if first is None:
            orphans.append(page.path)
        else:
            problems.append(_second(page, pages[first], wanted[first]))
    return Files(write=write, orphans=tuple(orphans), problems=tuple(problems))


def once_each(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries without those that come again in a later section."""
    by_key: dict[str, Entry] = {}
    for entry in entries:
        by_key.setdefault(entry.key or str(id(entry)), entry)
    return tuple(by_key.values())


def _look_at(
    path: str, data: bytes, known: list[_Known], broken: dict[str, frozenset[str]], problems: list[Problem]
) -> None:
    if _OURS.search(data) is None:
        return
    try:
        page = read_page(data, path)
    except InputError as error:
        broken[path] = frozenset(name.decode("utf-8", "replace") for name in _ID_IN_BYTES.findall(data))
        problems.append(
            Problem(
                code="page-unreadable",
                message=error.message,
                position=Position(path, error.line),
                hint="the page was not changed; fix its front matter",
            )
        )
        return
    own = page.data(OWN)
    ids = own.get("ids") if isinstance(own, dict) else None
    if isinstance(ids, list) and (names := tuple(name for name in ids if isinstance(name, str))):
        known.append(_Known(path, page, names))


def _partners(wanted: Sequence[Wanted], known: Sequence[_Known]) -> dict[int, _Known]:
    """Index of a paper -> its page: by the surest identity that both have, at last by title and year."""
    names = [frozenset((*map(_folded, facts.identities(paper.entry)), *_titled(paper.values))) for paper in wanted]
    pages = [
        frozenset((*map(_folded, page.ids), *_titled({name: page.page.data(name) for name in ("title", "date")})))
        for page in known
    ]
    pairs = partners(names, pages, ("arxiv:", "doi:", "key:", "title:"), alone=("title:",))
    return {at: known[page] for at, page in pairs.items()}


def _folded(name: str) -> str:
    return name if name.startswith("key:") else name.casefold()


def _titled(values: Mapping[str, Any]) -> list[str]:
    """Title and year as a name that both a paper and its page have, where nothing else is left; none without both."""
    title, date = values.get("title"), values.get("date")
    words = facts.slug(title) if isinstance(title, str) else ""
    return [f"title:{words} {date[:4]}"] if words and isinstance(date, str) else []


def _made(paper: Wanted, ids: Sequence[str]) -> bytes:
    own = Table(ids=list(ids), written=[name for name, value in paper.values.items() if value is not None])
    return written(new_page({**paper.values, **paper.once, OWN: own}, _block(paper.text)))


def _block(text: str) -> str:
    return f"\n{BEGIN}\n\n{text}\n\n{END}\n" if text else ""


def _changed(known: _Known, paper: Wanted, ids: Sequence[str], problems: list[Problem]) -> bytes:
    """The page with our part updated."""
    page = known.page
    own = page.data(OWN)
    keep = frozenset(_words(own.get("keep")))
    before = _words(own.get("written"))
    values: dict[str, Any] = {}
    ours: list[str] = []
    for name, value in paper.values.items():
        if name not in before and name in page.keys:
            continue  # somebody's own
        if name in keep:
            ours += [name] if name in before else []
            continue
        if value is not None:
            values[name] = value
            ours.append(name)
        elif name in before:
            values[name] = None
    table = {**own, "ids": list(ids), "written": ours}
    if own != table:
        plain = all(
            isinstance(names, list) and all(isinstance(word, str) for word in names) for names in table.values()
        )
        values[OWN] = Table(table) if plain else table
    body = page.body if "body" in keep else _new_body(known.path, page.body, paper.text, problems)
    return written(edited(page, values, body))


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


def _new_body(path: str, body: str, text: str, problems: list[Problem]) -> str:
    """The body with the text between the marks replaced; a body without marks belongs to the user."""
    if _MARK.search(body) is None:
        return body
    blocks = list(_BLOCK.finditer(body))
    if len(blocks) != 1 or len(_MARK.findall(body)) != 2:
        problems.append(
            Problem(
                code="page-marks",
                message="the marks around the generated text are not a pair",
                severity=Severity.WARNING,
                position=Position(path),
                hint="the text was not changed; remove the remaining mark, or put both back",
            )
        )
        return body
    block = blocks[0]
    return f"{body[: block.start()]}{BEGIN}\n\n{text}\n\n{END}{body[block.end() :]}"


def _free_path(paper: Wanted, path_of: Callable[[str], str], taken: Mapping[str, str]) -> str:
    """The path of a new page; with a number if another file is there."""
    return path_of(free_name(paper.stem, taken, fold=lambda stem: path_of(stem).casefold()))


def _is_about(data: bytes, paper: Wanted) -> bool:
    """Whether a page that is not ours seems to be of this paper: it has the same title."""
    try:
        title = read_page(data, "").data("title")
    except InputError:
        return False
    listed = paper.values.get("title")
    return isinstance(title, str) and isinstance(listed, str) and facts.slug(title) == facts.slug(listed)


def _not_ours(path: str, paper: Wanted, ids: Sequence[str]) -> Problem:
    return Problem(
        code="page-not-ours",
        message="a page of this paper that bibtool did not write is there already",
        severity=Severity.WARNING,
        position=Position(path),
        key=paper.entry.key,
        hint=f'to let bibtool update it, add to its front matter: bibtool: {{ids: ["{ids[0]}"]}}' if ids else None,
    )


def _second(second: _Known, first: _Known, paper: Wanted) -> Problem:
    return Problem(
        code="page-twice",
        message=f"this page is about the same paper as {first.path}; only that one is updated",
        severity=Severity.WARNING,
        position=Position(second.path),
        key=paper.entry.key,
        hint="remove `bibtool:` from the front matter of a copy",
    )


# ---- which work is which one of those that are there already, by the surest name that both have ------------------


def partners(
    wanted: Sequence[frozenset[str]],
    known: Sequence[frozenset[str]],
    kinds: Sequence[str],
    fits: Callable[[int, int, str], bool] = lambda _wanted, _known, _kind: True,
    *,
    alone: Container[str] = (),
) -> dict[int, int]:
    """Index of a wanted work -> index of its known one; both are sets of names such as ``doi:10.5555/x``.

    ``kinds`` are the beginnings of names, the surest first. A name that two wanted works share says nothing; of two
    known ones that have it, the one is taken that has more names in common with the work, of equals the first.
    ``fits`` may refuse a pair that a name of that kind brings together. A name of the kinds in ``alone`` brings nobody
    together where several known works still have it.
    """
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for kind in kinds:
        works = _by_name(wanted, pairs, kind)
        named = _by_name(known, taken, kind)
        for name, sharing in works.items():
            if len(sharing) > 1 or sharing[0] in pairs:
                continue
            at = sharing[0]
            candidates = [
                candidate for candidate in named.get(name, ()) if candidate not in taken and fits(at, candidate, kind)
            ]
            if candidates and (len(candidates) == 1 or kind not in alone):
                # most names in common, of equals the first
                _, best = min((-len(wanted[at] & known[candidate]), candidate) for candidate in candidates)
                pairs[at] = best
                taken.add(best)
    return pairs


def _by_name(sets: Sequence[frozenset[str]], done: Container[int], kind: str) -> dict[str, list[int]]:
    by_name: dict[str, list[int]] = {}
    for at, names in enumerate(sets):
        if at not in done:
            for name in sorted(names):
                if name.startswith(kind):
                    by_name.setdefault(name, []).append(at)
    return by_name
