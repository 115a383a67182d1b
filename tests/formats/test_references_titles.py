"""The rules for the beginning and the end of a title: each on labels that break it, and on labels that keep it."""

from __future__ import annotations

import pytest

from tests.formats.test_references_repair import Pieces, parts_after

LIND = ("Lind, A.", "author")
DATED = (" (2003). ", "date")
PRESS: Pieces = [(". ", ""), ("Ellery", "place"), (": ", ""), ("Pier Press", "publisher"), (", ", ""), ("2003", "date")]
PRESSED = [("place", "Ellery"), ("publisher", "Pier Press"), ("date", "2003")]
ARTICLE: Pieces = [("12", "volume"), (", ", ""), ("33–40", "pages"), (", ", ""), ("2003", "date")]
COUNTED = [("volume", "12"), ("pages", "33–40"), ("date", "2003")]

BEGINNINGS: dict[str, tuple[Pieces, list[tuple[str, str]]]] = {
    "the first part in quotation marks": (
        [LIND, (", “", ""), ("Tides at Night", "container"), (",” in ", ""), ("Clocks of the Coast", "container"),
         *PRESS],
        [("author", "Lind, A"), ("title", "Tides at Night"), ("container", "Clocks of the Coast"), *PRESSED],
    ),
    "a journal right after the quoted title": (
        [LIND, (" ‘", ""), ("Tides at Night’ Harbour Review Vol", "title"), (" ", ""), *ARTICLE],
        [("author", "Lind, A"), ("title", "Tides at Night"), ("container", "Harbour Review"),
         ("volume", "Vol 12"), *COUNTED[1:]],
    ),
    "words after the quoted title that go on": (
        [LIND, (" “", ""), ("Tides at Night” and other tales", "title"), *PRESS],
        [("author", "Lind, A"), ("title", "“Tides at Night” and other tales"), *PRESSED],
    ),
    "a quoted name": (
        [("Anna “Night Tide” Lind", "author"), (". ", ""), ("Clocks", "title"), *PRESS],
        [("author", "Anna “Night Tide” Lind"), ("title", "Clocks"), *PRESSED],
    ),
    "the last name before a quoted title": (
        [("Bo Lind", "author"), (", ", ""), ("Jo van der Smythe, “Tides at Night", "title"), (",” ", ""),
         ("Harbour Review", "container"), (" ", ""), *ARTICLE],
        [("author", "Bo Lind, Jo van der Smythe"), ("title", "Tides at Night"), ("container", "Harbour Review"),
         *COUNTED],
    ),
    "an office before the year": (
        [("Ministry of Tides", "publisher"), DATED, ("Living with the sea", "title"), (", ", ""), ("24 p.", "pages")],
        [("author", "Ministry of Tides"), ("date", "2003"), ("title", "Living with the sea"), ("pages", "24 p")],
    ),
    "a work without an author before the year": (
        [("Anonymous", "other"), DATED, ("Living with the sea", "title"), *PRESS[:4]],
        [("date", "2003"), ("title", "Living with the sea"), *PRESSED[:2]],
    ),
    "a name that ends with a particle": (
        [("LIND, Ana", "author"), (" ", ""), ("Ribeiro da. Marés da noite", "title"), *PRESS],
        [("author", "LIND, Ana Ribeiro da"), ("title", "Marés da noite"), *PRESSED],
    ),
    "the last of the names": (
        [("Bo Lind", "author"), (", ", ""), ("JoanaMarie Smythe, and Mei Tan. Tides at night", "title"), *PRESS],
        [("author", "Bo Lind, JoanaMarie Smythe, and Mei Tan"), ("title", "Tides at night"), *PRESSED],
    ),
    "a title of names": (
        [("Bo Lind", "author"), (", ", ""), ("Harbour y Ellery. Tides at night", "title"), *PRESS],
        [("author", "Bo Lind"), ("title", "Harbour y Ellery. Tides at night"), *PRESSED],
    ),
    "a stop before the last of the names": (
        [("Lind, Anna. Winds", "author"), (", ", ""), ("Tides and Clocks", "title"), *PRESS],
        [("author", "Lind, Anna"), ("title", "Winds, Tides and Clocks"), *PRESSED],
    ),
    "a list after inverted names": (
        [("Lind, A., & Smythe, K. H. Winds", "author"), (", ", ""), ("Tides, and Clocks", "title"), *PRESS],
        [("author", "Lind, A., & Smythe, K. H"), ("title", "Winds, Tides, and Clocks"), *PRESSED],
    ),
    "a list after names with their initials": (
        [("Lind A, Smythe K. Winds", "author"), (", ", ""), ("Tides, and Clocks", "title"), *PRESS],
        [("author", "Lind A, Smythe K"), ("title", "Winds, Tides, and Clocks"), *PRESSED],
    ),
    "a list after names in their order": (
        [("A. Lind, K. H. Winds", "author"), (", ", ""), ("Tides, and Clocks", "title"), *PRESS],
        [("author", "A. Lind, K. H. Winds"), ("title", "Tides, and Clocks"), *PRESSED],
    ),
    "a name before an article": (
        [("Anna Lind, The Night Tide", "title"), (", ", ""), ("Pier Press", "publisher"), (", ", ""), ("2003", "date")],
        [("author", "Anna Lind"), ("title", "The Night Tide"), ("publisher", "Pier Press"), ("date", "2003")],
    ),
    "an office of the United States": (
        [("U.S.", "author"), (" ", ""), ("Institute of Tides. Living with the sea", "title"), *PRESS],
        [("author", "U.S. Institute of Tides"), ("title", "Living with the sea"), *PRESSED],
    ),
    "a short form of a given name": (
        [("Lind, Joanna", "author"), (" (", ""), ("Jo). Tides at night", "title"), *PRESS],
        [("author", "Lind, Joanna"), ("title", "Tides at night"), *PRESSED],
    ),
    "the second of two years": (
        [LIND, (" ", ""), ("1984", "date"), ("–", ""), ("1985. Tides at night", "title"), *PRESS[:4]],
        [("author", "Lind, A"), ("date", "1984–1985"), ("title", "Tides at night"), *PRESSED[:2]],
    ),
    "a formula that begins the title": (
        [("HFC-23", "volume"), (" ", ""), ("(CHF3) over the sea", "title"), (" ", ""), LIND, (" ", ""),
         ("2003", "date")],
        [("title", "HFC-23 (CHF3) over the sea"), ("author", "Lind, A"), ("date", "2003")],
    ),
}  # fmt: skip

ENDS: dict[str, tuple[Pieces, list[tuple[str, str]]]] = {
    "a bracket in a bracket": (
        [LIND, (" ", ""), ("Growth of kelp (Laminaria nova", "title"), (" (", ""), ("L.) ", "other"),
         ("Lind) in the north", "title"), (". ", ""), ("Harbour Review", "container"), (" ", ""), *ARTICLE],
        [("author", "Lind, A"), ("title", "Growth of kelp (Laminaria nova (L.) Lind) in the north"),
         ("container", "Harbour Review"), *COUNTED],
    ),
    "a bracket of the journal": (
        [LIND, (" ", ""), ("Tides at night, EOS (Trans", "title"), (". ", ""), ("Harb. Soc.)", "container"), (", ", ""),
         *ARTICLE],
        [("author", "Lind, A"), ("title", "Tides at night"), ("container", "EOS (Trans. Harb. Soc.)"), *COUNTED],
    ),
    "years in brackets in a title": (
        [LIND, (" ", ""), ("Tides at night (1997", "title"), ("?", ""), ("2001", "date"), ("). ", ""),
         ("Harbour Review", "container"), (" ", ""), *ARTICLE],
        [("author", "Lind, A"), ("title", "Tides at night (1997?2001)"), ("container", "Harbour Review"), *COUNTED],
    ),
    "a subtitle": (
        [LIND, (" ", ""), ("Night Tides", "title"), (": ", ""), ("A Modern Edition", "container"), *PRESS],
        [("author", "Lind, A"), ("title", "Night Tides: A Modern Edition"), *PRESSED],
    ),
    "a list in a subtitle": (
        [LIND, (" ", ""), ("Night Tides: Clocks", "title"), (", ", ""), ("Winds and Waves", "container"), *PRESS],
        [("author", "Lind, A"), ("title", "Night Tides: Clocks, Winds and Waves"), *PRESSED],
    ),
    "a journal after a colon": (
        [LIND, (" ", ""), ("Night tides", "title"), (": ", ""), ("Harbour Review", "container"), (" ", ""), *ARTICLE],
        [("author", "Lind, A"), ("title", "Night tides"), ("container", "Harbour Review"), *COUNTED],
    ),
    "no mark at the end of the title": (
        [LIND, (" ", ""), ("Tides among", "title"), (" ", ""), ("the rocks of the north. Harbour Review", "container"),
         (" ", ""), *ARTICLE],
        [("author", "Lind, A"), ("title", "Tides among the rocks of the north"), ("container", "Harbour Review"),
         *COUNTED],
    ),
    "the article of a journal": (
        [LIND, (" ", ""), ("Night tides The", "title"), (" ", ""), ("Harbour Review", "container"), (" ", ""),
         *ARTICLE],
        [("author", "Lind, A"), ("title", "Night tides"), ("container", "The Harbour Review"), *COUNTED],
    ),
    "years of which a book tells": (
        [LIND, (" ", ""), ("Night Tides", "title"), (", ", ""), ("750-900", "pages"), (", ", ""), ("Ellery", "place"),
         (", ", ""), ("2003", "date")],
        [("author", "Lind, A"), ("title", "Night Tides, 750-900"), ("place", "Ellery"), ("date", "2003")],
    ),
    "where it will appear": (
        [LIND, (" ", ""), ("Night tides, to appear in Harbour Review", "title")],
        [("author", "Lind, A"), ("title", "Night tides"), ("container", "Harbour Review")],
    ),
    "a report": (
        [LIND, (" ", ""), ("Night tides. Technical Report 12", "title"), (", ", ""), ("Pier Institute", "publisher"),
         (", ", ""), ("2003", "date")],
        [("author", "Lind, A"), ("title", "Night tides"), ("genre", "Technical Report 12"),
         ("publisher", "Pier Institute"), ("date", "2003")],
    ),
    "a kind of report in brackets": (
        [LIND, DATED, ("Night tides (Policy Brief 2003-1)", "title"), *PRESS[:4]],
        [("author", "Lind, A"), ("date", "2003"), ("title", "Night tides"), ("genre", "Policy Brief 2003-1"),
         *PRESSED[:2]],
    ),
    "a translator in brackets": (
        [LIND, DATED, ("Night tides, (B. Smythe, Trans.)", "title"), *PRESS[:4]],
        [("author", "Lind, A"), ("date", "2003"), ("title", "Night tides"), ("translator", "B. Smythe, Trans"),
         *PRESSED[:2]],
    ),
    "a volume": (
        [LIND, DATED, ("Night Tides. Vol. 3. (Clocks of the Coast)", "title"), *PRESS[:4]],
        [("author", "Lind, A"), ("date", "2003"), ("title", "Night Tides"), ("volume", "Vol. 3"), *PRESSED[:2]],
    ),
    "a word for in after a comma": (
        [LIND, (", ", ""), ("Night Tides, in CLOCKS OF THE COAST", "title"), (" (", ""), ("2003", "date"), (")", "")],
        [("author", "Lind, A"), ("title", "Night Tides"), ("container", "CLOCKS OF THE COAST"), ("date", "2003")],
    ),
    "a word for in after a comma that goes on": (
        [LIND, (", ", ""), ("Night Tides, in which clocks are set", "title"), *PRESS],
        [("author", "Lind, A"), ("title", "Night Tides, in which clocks are set"), *PRESSED],
    ),
    "a word for in after a stop, with pages": (
        [LIND, (". ", ""), ("Night tides. In Clocks of the Coast", "title"), (", ", ""), ("33–40", "pages"), *PRESS],
        [("author", "Lind, A"), ("title", "Night tides"), ("container", "Clocks of the Coast"), ("pages", "33–40"),
         *PRESSED],
    ),
    "a title with a sentence that begins with in": (
        [LIND, (". ", ""), ("Night tides. In Defence of Clocks", "title"), *PRESS],
        [("author", "Lind, A"), ("title", "Night tides. In Defence of Clocks"), *PRESSED],
    ),
    "a meeting": (
        [LIND, (", ", ""), ("Night tides, First Harbour Conference on Clocks", "title"), (". ", ""), ("2003", "date")],
        [("author", "Lind, A"), ("title", "Night tides"), ("container", "First Harbour Conference on Clocks"),
         ("date", "2003")],
    ),
    "a series": (
        [LIND, (". ", ""), ("Night Tides. Graduate texts in clocks", "title"), (". ", ""), ("Pier Press", "publisher"),
         (", ", ""), ("2003", "date")],
        [("author", "Lind, A"), ("title", "Night Tides"), ("series", "Graduate texts in clocks"),
         ("publisher", "Pier Press"), ("date", "2003")],
    ),
    "a newspaper in quotation marks": (
        [LIND, (": ", ""), ("Night tides. „Harbour News”", "title"), (" ", ""), ("2003", "date")],
        [("author", "Lind, A"), ("title", "Night tides"), ("container", "Harbour News"), ("date", "2003")],
    ),
    "a publisher before a place": (
        [LIND, (" ", ""), ("Night tides. Pier Press", "title"), (", ", ""), ("Ellery", "place"), (", ", ""),
         ("2003", "date")],
        [("author", "Lind, A"), ("title", "Night tides"), ("publisher", "Pier Press"), ("place", "Ellery"),
         ("date", "2003")],
    ),
    "a town with a colon": (
        [LIND, (", ", ""), ("Night Tides and Clocks Toronto: Pier Press", "title"), (", ", ""), ("2003", "date")],
        [("author", "Lind, A"), ("title", "Night Tides and Clocks"), ("place", "Toronto"), ("publisher", "Pier Press"),
         ("date", "2003")],
    ),
    "a town that a title is about": (
        [LIND, (", ", ""), ("The clocks of Toronto: a history", "title"), *PRESS],
        [("author", "Lind, A"), ("title", "The clocks of Toronto: a history"), *PRESSED],
    ),
    "a town in the last sentence": (
        [LIND, (". ", ""), ("Night Tides. Hamburg und Leipzig", "title"), (", ", ""), ("1893", "date")],
        [("author", "Lind, A"), ("title", "Night Tides"), ("place", "Hamburg und Leipzig"), ("date", "1893")],
    ),
    "two years after a title": (
        [LIND, (", ", ""), ("Tides of the coast in", "title"), (" ", ""), ("2009, 2012", "date"), (".", "")],
        [("author", "Lind, A"), ("title", "Tides of the coast in 2009"), ("date", "2012")],
    ),
    "a second title": (
        [LIND, (". ", ""), ("Night Tides", "title"), (". ", ""), ("1984", "date"), (". ", ""),
         ("Studies of the Coast and Its Many Clocks", "title"), *PRESS[:4]],
        [("author", "Lind, A"), ("title", "Night Tides"), ("date", "1984"),
         ("container", "Studies of the Coast and Its Many Clocks"), *PRESSED[:2]],
    ),
    "a title and a journal with a comma between": (
        [LIND, DATED, ("Tidings, Harbour News Magazine", "container"), (", ", ""), ("44", "volume"), (", ", ""),
         ("11", "pages")],
        [("author", "Lind, A"), ("date", "2003"), ("title", "Tidings"), ("container", "Harbour News Magazine"),
         ("volume", "44"), ("pages", "11")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", [*BEGINNINGS, *ENDS])
def test_the_title_is_found_whole(name: str) -> None:
    pieces, expected = (BEGINNINGS | ENDS)[name]
    assert parts_after(pieces) == expected
