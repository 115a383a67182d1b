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
        [("Lind, A. and Smythe, J.", "author"), (" ", ""), ("(eds.) Clocks of the Coast", "title"),
         (". Ellery: ", ""),
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
        [("Smythe, Jane, Coast Clocks, Anna Lind (ed.)", "author"), (" (", ""), ("Pier Press", "publisher"),
         (", ", ""),
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
        [("author", "Lind, A"), ("title", "Tides"), ("publisher", "Pier Press"), ("place", "Ellery"),
         ("date", "2003")],
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
    "a short name of a journal before the volume": (
        [("Lind, A.", "author"), (" 1998, ", "date"), ("HaRv, 517", "volume"), (", 565", "pages")],
        [("author", "Lind, A"), ("date", "1998"), ("container", "HaRv"), ("volume", "517"), ("pages", "565")],
    ),
    "the section of a journal before the volume": (
        [("Lind, A.", "author"), (" (1972). ", "date"), ("Tides", "title"), (". ", ""),
         ("J. R. Clock Soc.", "container"),
         (" B, 34", "volume"), (", 1–20", "pages")],
        [("author", "Lind, A"), ("date", "1972"), ("title", "Tides"), ("container", "J. R. Clock Soc. B"),
         ("volume", "34"), ("pages", "1–20")],
    ),
    "a word for the volume stays with it": (
        [("Lind, A.", "author"), (" ", ""), ("Tides", "title"), (". ", ""), ("Clocks", "container"), (", ", ""),
         ("Ser. 34", "volume"), (", 1999", "date")],
        [("author", "Lind, A"), ("title", "Tides"), ("container", "Clocks"), ("volume", "Ser. 34"), ("date", "1999")],
    ),
    "an edition that was taken for a volume": (
        [("LIND, Anna.", "author"), (" ", ""), ("Tides", "title"), (". ", ""), ("17", "volume"),
         (". ed. ", "edition"),
         ("Ellery", "place"), (": ", ""), ("Pier Press", "publisher"), (", 1987", "date")],
        [("author", "LIND, Anna"), ("title", "Tides"), ("edition", "17. ed"), ("place", "Ellery"),
         ("publisher", "Pier Press"), ("date", "1987")],
    ),
    "an edition at the end of a title": (
        [("Lind, A.", "author"), (" ", ""), ("Tides of the Coast. Editio decima", "title"), (". ", ""),
         ("Pier Press", "publisher"), (", Ellery", "place"), (", 1758", "date")],
        [("author", "Lind, A"), ("title", "Tides of the Coast"), ("edition", "Editio decima"),
         ("publisher", "Pier Press"), ("place", "Ellery"), ("date", "1758")],
    ),
    "the volume of a series": (
        [("A. Lind.", "author"), (" ", ""), ("Tidal Sums", "container"), (", ", ""), ("volume 52", "volume"),
         (" ", ""), ("of Notes on Clocks", "title"), (". ", ""), ("Pier Press", "publisher"), (", 1977", "date")],
        [("author", "A. Lind"), ("title", "Tidal Sums"), ("volume", "volume 52"), ("series", "Notes on Clocks"),
         ("publisher", "Pier Press"), ("date", "1977")],
    ),
    "a volume with a title of its own": (
        [("Lind, A., ed.", "editor"), (" ", ""), ("A History of Tides", "container"), (", ", ""),
         ("Volume 4", "volume"),
         (": ", ""), ("The Coast", "title"), (". Ellery: ", "place"), ("Pier Press", "publisher"),
         (", 2003", "date")],
        [("editor", "Lind, A., ed"), ("title", "A History of Tides, Volume 4: The Coast"), ("place", "Ellery"),
         ("publisher", "Pier Press"), ("date", "2003")],
    ),
    "the first abbreviation of a journal": (
        [("Lind A", "author"), (" 2016 ", "date"), ("Tides of the coast Phys. Rev", "title"), (". ", ""),
         ("Lett.", "container"), (" 116", "volume")],
        [("author", "Lind A"), ("date", "2016"), ("title", "Tides of the coast"), ("container", "Phys. Rev. Lett"),
         ("volume", "116")],
    ),
    "the letter of a journal after initials": (
        [("Lind, A. D. J.", "author"), (" ", ""), ("Chem. Tides", "container"), (" 1993, ", "date"), ("98", "volume"),
         (", 5648", "pages")],
        [("author", "Lind, A. D"), ("container", "J. Chem. Tides"), ("date", "1993"), ("volume", "98"),
         ("pages", "5648")],
    ),
    "a kind of thesis before the school": (
        [("Lind, A.", "author"), (" (1998). ", "date"), ("Tides", "title"), (". ", ""),
         ("Dissertation, Univ. Ellery", "publisher")],
        [("author", "Lind, A"), ("date", "1998"), ("title", "Tides"), ("genre", "Dissertation"),
         ("publisher", "Univ. Ellery")],
    ),
    "a kind of thesis after the title": (
        [("Lind, A.", "author"), (" ", ""), ("Les marées hautes. Thèse de doctorat", "title"), (", ", ""),
         ("Université d’Ellery", "publisher"), (", 1924", "date")],
        [("author", "Lind, A"), ("title", "Les marées hautes"), ("genre", "Thèse de doctorat"),
         ("publisher", "Université d’Ellery"), ("date", "1924")],
    ),
    "the days of a visit are no pages": (
        [("Lind, A.", "author"), (" ", ""), ("Tides", "title"), (". ", ""), ("1985", "date"), (". Accessed: ", ""),
         ("2021-03", "pages"), ("-12", "pages")],
        [("author", "Lind, A"), ("title", "Tides"), ("date", "1985")],
    ),
    "the number of an article before both pages": (
        [("Lind, A.", "author"), (" (2021). ", "date"), ("Tides", "title"), (". ", ""), ("J. Clocks", "container"),
         (", 22, 27", "volume"), (":", ""), ("1–27:63", "pages")],
        [("author", "Lind, A"), ("date", "2021"), ("title", "Tides"), ("container", "J. Clocks"), ("volume", "22"),
         ("pages", "27:1–27:63")],
    ),
    "long numbers with a dash are pages": (
        [("Lind, A.", "author"), (" ", ""), ("Tides", "title"), (". ", ""), ("Conference on Clocks", "container"),
         (", ", ""), ("4339–4348", "volume"), (", 2018", "date")],
        [("author", "Lind, A"), ("title", "Tides"), ("container", "Conference on Clocks"), ("pages", "4339–4348"),
         ("date", "2018")],
    ),
    "a volume before the journal and a page after it": (
        [("A. Lind", "author"), (", ", ""), ("Tides at Law", "title"), (", ", ""), ("3", "volume"), (" ", ""),
         ("Ellery L. Rev.", "container"), (" ", ""), ("12", "volume"), (" (1960)", "date")],
        [("author", "A. Lind"), ("title", "Tides at Law"), ("volume", "3"), ("container", "Ellery L. Rev"),
         ("pages", "12"), ("date", "1960")],
    ),
    "letters and a number after a title": (
        [("A. Lind", "author"), (". ", ""), ("Generic tides: a syntax. RFC 3986", "title"),
         (", January 2005", "date")],
        [("author", "A. Lind"), ("title", "Generic tides: a syntax"), ("number", "RFC 3986"),
         ("date", "January 2005")],
    ),
    "days of a meeting without its place": (
        [("Lind, A.", "author"), (" (2018). ", "date"), ("Tides", "title"), (". ", ""),
         ("2018 Conference on Clocks, COC 2018", "container"), (", ", ""), ("Ellery, Wales", "place"), (", ", ""),
         ("June 18-22, 2018", "container"), (", 1–9", "pages")],
        [("author", "Lind, A"), ("date", "2018"), ("title", "Tides"),
         ("container", "2018 Conference on Clocks, COC 2018, Ellery, Wales, June 18-22, 2018"), ("pages", "1–9")],
    ),
    "a publisher before a town": (
        [("A. Lind", "author"), (", ", ""), ("Maree", "title"), (", ", ""), ("Molo, Milano", "place"),
         (" 1979", "date")],
        [("author", "A. Lind"), ("title", "Maree"), ("publisher", "Molo"), ("place", "Milano"), ("date", "1979")],
    ),
    "a publisher after a town": (
        [("A. Lind", "author"), (", ", ""), ("Marées", "title"), (", ", ""), ("Paris, Quai", "place"),
         (", 1958", "date")],
        [("author", "A. Lind"), ("title", "Marées"), ("place", "Paris"), ("publisher", "Quai"), ("date", "1958")],
    ),
    "a town and its country are both places": (
        [("A. Lind", "author"), (". ", ""), ("Tides", "title"), (". ", ""), ("Paris, France", "place"),
         (", 1958", "date")],
        [("author", "A. Lind"), ("title", "Tides"), ("place", "Paris, France"), ("date", "1958")],
    ),
    "a subtitle before a town": (
        [("Lind, Anna", "author"), (": ", ""), ("Gezeiten", "title"), (". ", ""),
         ("Studien zur Uhr, Frankfurt am Main", "container"), (" 1990", "date")],
        [("author", "Lind, Anna"), ("title", "Gezeiten. Studien zur Uhr"), ("place", "Frankfurt am Main"),
         ("date", "1990")],
    ),
    "a title of one word after initials": (
        [("Lind, Anna W. Tides", "author"), (". ", ""), ("Ellery", "place"), (": ", ""), ("Pier Press", "publisher"),
         (", 1979", "date")],
        [("author", "Lind, Anna W"), ("title", "Tides"), ("place", "Ellery"), ("publisher", "Pier Press"),
         ("date", "1979")],
    ),
    "an abbreviated journal after initials": (
        [("Lind, A. W. Tidew", "author"), (". ", ""), ("Chem., Int. Ed.", "container"), (" 2001, ", "date"),
         ("40", "volume"), (", 2004", "pages")],
        [("author", "Lind, A. W"), ("container", "Tidew. Chem., Int. Ed"), ("date", "2001"), ("volume", "40"),
         ("pages", "2004")],
    ),
    "editors without a role": (
        [("Lind, A. W.", "editor"), (" ", ""), ("Tides", "title"), (". ", ""), ("Ellery", "place"),
         (", 1979", "date")],
        [("author", "Lind, A. W"), ("title", "Tides"), ("place", "Ellery"), ("date", "1979")],
    ),
    "names end after the one with the and": (
        [("Lind, Anna and Bo van der Moor, Coast Law", "author"), (": ", ""), ("Cases and Tides", "title"),
         (" (", ""),
         ("Pier Press", "publisher"), (" 2020", "date"), (")", "")],
        [("author", "Lind, Anna and Bo van der Moor"), ("title", "Coast Law: Cases and Tides"),
         ("publisher", "Pier Press"), ("date", "2020")],
    ),
    "an initial is no and": (
        [("Lind A, Ma Y, Moor K, Zong S", "author"), (", ", ""), ("Tides and clocks", "title"), (", ", ""),
         ("2015", "date")],
        [("author", "Lind A, Ma Y, Moor K, Zong S"), ("title", "Tides and clocks"), ("date", "2015")],
    ),
    "editors before a role and a colon": (
        [("Lind, Anna / Moor", "author"), (", ", ""), ("Jo (Hrsg.): Gezeiten der Uhr", "title"), (", ", ""),
         ("Ellery", "place"), (" 1972", "date")],
        [("editor", "Lind, Anna / Moor, Jo (Hrsg.)"), ("title", "Gezeiten der Uhr"), ("place", "Ellery"),
         ("date", "1972")],
    ),
    "the given name after a family name of several words": (
        [("Le Roy Lind", "author"), (", ", ""), ("Emma, Tides and clocks of the coast", "title"), (", ", ""),
         ("1978", "date")],
        [("author", "Le Roy Lind, Emma"), ("title", "Tides and clocks of the coast"), ("date", "1978")],
    ),
    "names after a stroke": (
        [("Линд, А. Б. Приливы и часы / А. Б.", "author"), (" ", ""), ("Линд", "title"), (". – М. : ", "place"),
         ("Пирс", "publisher"), (", 1999", "date")],
        [("author", "Линд, А. Б"), ("title", "Приливы и часы"), ("place", "М"), ("publisher", "Пирс"),
         ("date", "1999")],
    ),
    "a mark of the kind of work": (
        [("林安. 潮汐时钟", "author"), ("[M]. ", ""), ("北京", "place"), (": ", ""), ("码头出版社", "publisher"),
         (", 1985", "date")],
        [("author", "林安"), ("title", "潮汐时钟"), ("place", "北京"), ("publisher", "码头出版社"), ("date", "1985")],
    ),
    "titles in Chinese marks": (
        [("林安：《潮汐时钟》，《", "author"), ("海岸研究", "author"), ("》", ""), ("2006", "date"),
         ("年第", ""), ("3", "volume"),
         ("期，第", ""), ("1-38", "pages"), ("页。", "")],
        [("author", "林安"), ("title", "潮汐时钟"), ("container", "海岸研究"), ("date", "2006"), ("issue", "3"),
         ("pages", "1-38")],
    ),
    "a book in Chinese marks": (
        [("林安：《潮汐时钟》，北京", "author"), ("：", ""), ("码头出版社", "author"), ("，2001年。", "date")],
        [("author", "林安"), ("title", "潮汐时钟"), ("place", "北京"), ("publisher", "码头出版社"),
         ("date", "2001年")],
    ),
    "titles in Japanese marks": (
        [("林安子・森部太郎", "author"), ("「", ""), ("潮汐の時計に関する研究」『海岸学会誌", "title"), ("』第", ""),
         ("45巻第2", "pages"), ("号、", ""), ("2008", "date"), ("年、", ""), ("123-130頁", "pages")],
        [("author", "林安子・森部太郎"), ("title", "潮汐の時計に関する研究"), ("container", "海岸学会誌"),
         ("volume", "45"),
         ("issue", "2"), ("date", "2008"), ("pages", "123-130頁")],
    ),
    "marks inside of a title change nothing": (
        [("林安", "author"), (". ", ""), ("论《潮汐》的结构", "title"), (". ", ""), ("海岸研究", "container"),
         (", 2010", "date")],
        [("author", "林安"), ("title", "论《潮汐》的结构"), ("container", "海岸研究"), ("date", "2010")],
    ),
    "a name that is far too long": (
        [("林安子, 潮汐に関する時計", "author"), (", ", ""), ("海岸学会誌", "container"), (", 1993", "date")],
        [("author", "林安子"), ("title", "潮汐に関する時計"), ("container", "海岸学会誌"), ("date", "1993")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_labels_keep_the_rules(name: str) -> None:
    pieces, expected = CASES[name]
    assert parts_after(pieces) == expected


def test_nothing_to_repair() -> None:
    assert repaired("", [], [""], []) == []
