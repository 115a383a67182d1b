"""The rules that hold for a whole reference: each is applied to labels that break it, and to labels that keep it."""

from __future__ import annotations

import pytest

from bibtool.formats.references.parts import parts_of
from bibtool.formats.references.repair import repaired
from bibtool.formats.references.tokens import gaps_of, tokens_of

Pieces = list[tuple[str, str]]


def labelled(pieces: Pieces) -> tuple[str, list[str]]:
    """The text of pieces, and the label of each of its tokens; what has no label is ``other``."""
    text, spans = "", []
    for piece, label in pieces:
        spans.append((len(text), len(text) + len(piece), label or "other"))
        text += piece
    labels = [next(label for start, end, label in spans if start <= token.start < end) for token in tokens_of(text)]
    return text, labels


def parts_after(pieces: Pieces) -> list[tuple[str, str]]:
    """Label and text of each part after the rules, without those that are ``other``."""
    text, labels = labelled(pieces)
    tokens = tokens_of(text)
    changed = repaired(text, tokens, gaps_of(text, tokens), labels)
    assert len(changed) == len(labels)
    parts = parts_of(text, tokens, changed, [1.0] * len(tokens))
    return [(part.label, part.text.rstrip(".")) for part in parts if part.label != "other"]


CASES: dict[str, tuple[Pieces, list[tuple[str, str]]]] = {
    "a quoted title ends with its mark": (
        [("Lind, A.", "author"), (" “", ""), ("Tides and Tables", "title"), (": ", ""), ("A Survey,", "container"),
         ("” ", ""), ("Harbour Review", "container"), (" 12 ", "volume"), ("(1999)", "date")],
        [("author", "Lind, A"), ("title", "Tides and Tables: A Survey"), ("container", "Harbour Review"),
         ("volume", "12"), ("date", "1999")],
    ),
    "a quoted word of a title changes nothing": (
        [("Lind, A.", "author"), (" ", ""), ("On “tidal” clocks and “lunar” ones", "title"), (". ", ""),
         ("Harbour Review", "container")],
        [("author", "Lind, A"), ("title", "On “tidal” clocks and “lunar” ones"), ("container", "Harbour Review")],
    ),
    "a role in brackets belongs to the names before it": (
        [("Lind, A. and Smythe, J.", "author"), (" ", ""), ("(eds.) Clocks of the Coast", "title"), (". Ellery: ", ""),
         ("Pier Press", "publisher"), (", ", ""), ("2003", "date")],
        [("author", "Lind, A. and Smythe, J. (eds.)"), ("title", "Clocks of the Coast"), ("publisher", "Pier Press"),
         ("date", "2003")],
    ),
    "a name with a role after a title": (
        [("Smythe, Jane", "author"), (", ", ""), ("Clocks of the Coast, Anna Lind (trans.)", "title"), (" (", ""),
         ("Pier Press", "publisher"), (", ", ""), ("2003", "date"), (")", "")],
        [("author", "Smythe, Jane"), ("title", "Clocks of the Coast"), ("translator", "Anna Lind (trans.)"),
         ("publisher", "Pier Press"), ("date", "2003")],
    ),
    "a title between two names": (
        [("Smythe, Jane, Coast Clocks, Anna Lind (ed.)", "author"), (" (", ""), ("Pier Press", "publisher"), (", ", ""),
         ("2003", "date"), (")", "")],
        [("author", "Smythe, Jane"), ("title", "Coast Clocks"), ("editor", "Anna Lind (ed.)"),
         ("publisher", "Pier Press"), ("date", "2003")],
    ),
    "edited by somebody": (
        [("Smythe, Jane.", "author"), (" ", ""), ("Clocks. Edited and translated by", "title"), (" ", ""),
         ("Anna Lind", "place"), (". ", ""), ("Pier Press", "publisher"), (", 2003", "date")],
        [("author", "Smythe, Jane"), ("title", "Clocks"), ("editor", "Anna Lind"), ("publisher", "Pier Press"),
         ("date", "2003")],
    ),
    "a word for in": (
        [("Lind, A.", "author"), (" ", ""), ("Tides", "title"), (", ", ""), ("in: Harbour Symposium", "container")],
        [("author", "Lind, A"), ("title", "Tides"), ("container", "Harbour Symposium")],
    ),
    "a journal whose name begins with in": (
        [("Lind, A.", "author"), (" ", ""), ("Tides", "title"), (". ", ""), ("In Practice", "container")],
        [("author", "Lind, A"), ("title", "Tides"), ("container", "In Practice")],
    ),
    "a title that was taken for a name": (
        [("Lind, Anna, Unmoored", "author"), (": ", ""), ("Life at sea", "title"), (", ", ""),
         ("Pier Press", "publisher"), (", 2003", "date")],
        [("author", "Lind, Anna"), ("title", "Unmoored: Life at sea"), ("publisher", "Pier Press"), ("date", "2003")],
    ),
    "names in pairs before a colon": (
        [("Lind, Anna, Smythe, Jane", "author"), (": ", ""), ("Life at sea", "title"), (", ", ""),
         ("Pier Press", "publisher")],
        [("author", "Lind, Anna, Smythe, Jane"), ("title", "Life at sea"), ("publisher", "Pier Press")],
    ),
    "a comma in the name of a journal": (
        [("Lind, A.", "author"), (" (2003). ", "date"), ("Clocks at sea. Review of Navigation", "title"), (", ", ""),
         ("Tides and Wind", "container"), (", 12", "volume")],
        [("author", "Lind, A"), ("date", "2003"), ("title", "Clocks at sea"),
         ("container", "Review of Navigation, Tides and Wind"), ("volume", "12")],
    ),
    "a comma in the title": (
        [("Lind, A.", "author"), (" (2003). ", "date"), ("Clocks", "title"), (", ", ""),
         ("winds and waves. Harbour Review", "container"), (", 12", "volume")],
        [("author", "Lind, A"), ("date", "2003"), ("title", "Clocks, winds and waves"),
         ("container", "Harbour Review"), ("volume", "12")],
    ),
    "a book without a title": (
        [("Lind, A.", "author"), (" ", ""), ("Clocks of the Coast", "container"), (". Ellery: ", "place"),
         ("Pier Press", "publisher"), (", 2003", "date")],
        [("author", "Lind, A"), ("title", "Clocks of the Coast"), ("place", "Ellery"), ("publisher", "Pier Press"),
         ("date", "2003")],
    ),
    "an article without a title": (
        [("Lind, A.", "author"), (" ", ""), ("Harbour Review", "container"), (" 12", "volume"), (", 33", "pages"),
         (", 2003", "date")],
        [("author", "Lind, A"), ("container", "Harbour Review"), ("volume", "12"), ("pages", "33"), ("date", "2003")],
    ),
    "a place of two words": (
        [("Lind, A.", "author"), (" ", ""), ("Tides", "title"), (". ", ""), ("Pier Press, Port", "publisher"),
         (" ", ""), ("Ellery", "place"), (", 2003", "date")],
        [("author", "Lind, A"), ("title", "Tides"), ("publisher", "Pier Press"), ("place", "Port Ellery"),
         ("date", "2003")],
    ),
    "a university that has a place in its name": (
        [("Lind, A.", "author"), (" ", ""), ("Tides", "title"), (". Ellery: ", "place"),
         ("University of New", "publisher"), (" ", ""), ("Harbour", "place"), (", 2003", "date")],
        [("author", "Lind, A"), ("title", "Tides"), ("place", "Ellery"), ("publisher", "University of New Harbour"),
         ("date", "2003")],
    ),
    "a publisher with its place after a space": (
        [("Lind, A.", "author"), (" ", ""), ("Tides", "title"), (". ", ""), ("Pier Press", "publisher"), (" ", ""),
         ("Ellery", "place"), (", 2003", "date")],
        [("author", "Lind, A"), ("title", "Tides"), ("publisher", "Pier Press"), ("place", "Ellery"), ("date", "2003")],
    ),
    "a second title after a word for in": (
        [("Lind, A.", "author"), (" “", ""), ("Tides", "title"), (",” in ", ""), ("A Book of Clocks", "title"),
         (", ", ""), ("2003", "date")],
        [("author", "Lind, A"), ("title", "Tides"), ("container", "A Book of Clocks"), ("date", "2003")],
    ),
    "a volume that looks like a year": (
        [("Lind, A.", "author"), (" (2015). ", "date"), ("Tides", "title"), (". ", ""), ("Marine Acta", "container"),
         (", 1847(11)", "date"), (", 33", "pages")],
        [("author", "Lind, A"), ("date", "2015"), ("title", "Tides"), ("container", "Marine Acta"),
         ("volume", "1847"), ("issue", "11"), ("pages", "33")],
    ),
    "place and days of a meeting": (
        [("Lind, A.", "author"), (" ", ""), ("Tides", "title"), (". In ", ""),
         ("9th Conference on Clocks, COC 2021", "container"), (", ", ""), ("Ellery, Wales", "place"), (", ", ""),
         ("May 3-7, 2021", "date"), ("; ", ""), ("Pier Press", "publisher"), (", ", ""), ("2021", "date")],
        [("author", "Lind, A"), ("title", "Tides"),
         ("container", "9th Conference on Clocks, COC 2021, Ellery, Wales, May 3-7, 2021"),
         ("publisher", "Pier Press"), ("date", "2021")],
    ),
    "a place after the days of a meeting": (
        [("Lind, A.", "author"), (" (2020). ", "date"), ("Tides", "title"), (". ", ""),
         ("Advances in Clocks 33, COC 2020", "container"), (", ", ""), ("December 6-12, 2020", "date"), (", ", ""),
         ("virtual", "place"), (", ", ""), ("1–9", "pages")],
        [("author", "Lind, A"), ("date", "2020"), ("title", "Tides"),
         ("container", "Advances in Clocks 33, COC 2020, December 6-12, 2020, virtual"), ("pages", "1–9")],
    ),
    "what follows the days is not of the meeting": (
        [("Lind, A.", "author"), (" (2021). ", "date"), ("Tides", "title"), (". In ", ""),
         ("Conference on Clocks, Ellery, May 3-7, 2021; Smythe", "container"), (", ", ""), ("J., Eds.", "editor")],
        [("author", "Lind, A"), ("date", "2021"), ("title", "Tides"),
         ("container", "Conference on Clocks, Ellery, May 3-7, 2021"), ("editor", "Smythe, J., Eds")],
    ),
    "days in brackets are a date": (
        [("Lind, A.", "author"), (" (2021). ", "date"), ("Tides", "title"), (". ", ""),
         ("Conference on Clocks", "container"), (" (", ""), ("Ellery, May 3-7, 2021", "place"), (")", "")],
        [("author", "Lind, A"), ("date", "2021"), ("title", "Tides"), ("container", "Conference on Clocks"),
         ("place", "Ellery, May 3-7, 2021")],
    ),
    "the only date is no part of the container": (
        [("Lind, A.", "author"), (" ", ""), ("Tides", "title"), (", ", ""),
         ("Conference on Clocks, Ellery, May 3-7, 2021", "container")],
        [("author", "Lind, A"), ("title", "Tides"), ("container", "Conference on Clocks, Ellery"),
         ("date", "May 3-7, 2021")],
    ),
    "the day of a visit is no date": (
        [("Lind, A.", "author"), (" ", ""), ("Tides", "title"), (". ", ""), ("Harbour Review", "container"),
         (", accessed 3 May 2021", "")],
        [("author", "Lind, A"), ("title", "Tides"), ("container", "Harbour Review")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_labels_keep_the_rules(name: str) -> None:
    pieces, expected = CASES[name]
    assert parts_after(pieces) == expected


def test_nothing_to_repair() -> None:
    assert repaired("", [], [""], []) == []
