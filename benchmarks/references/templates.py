"""Labelled references in the layouts of BibTeX's own styles, of home pages and of CVs, which no CSL style has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from benchmarks.references.invented import LANGUAGES
from benchmarks.references.labelled import Labelled, build
from bibtool.model.dates import Date
from bibtool.model.names import Names
from bibtool.styles.textcase import convert

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from bibtool.model.names import Name
    from bibtool.model.record import Record

BADGES = (
    "[pdf]",
    "[PDF] [code]",
    "[link]",
    "(Oral)",
    "Best Paper Award",
    "[arXiv] [slides]",
    "(to appear)",
    "[doi]",
    "PDF | Code",
    "(Spotlight)",
)

Pieces = list[tuple[str, str]]


def _initials(given: str, dot: str, space: str) -> str:
    words = [word for word in re.split(r"[\s.]+", given) if word]
    return space.join("-".join(f"{half[:1].upper()}{dot}" for half in word.split("-") if half) for word in words)


def name(person: Name, form: str) -> str:
    """A name in a form: ``First Last``, ``F. Last``, ``Last, F.``, ``Last F``, ``Last, First``."""
    if person.literal:
        return person.literal
    family = f"{person.non_dropping_particle} {person.family}".strip()
    given = person.given
    if not given:
        return family
    text = {
        "First Last": f"{given} {family}",
        "F. Last": f"{_initials(given, '.', ' ')} {family}",
        "F.G. Last": f"{_initials(given, '.', '')} {family}",
        "FG Last": f"{_initials(given, '', '')} {family}",
        "Last, F.": f"{family}, {_initials(given, '.', ' ')}",
        "Last, F.G.": f"{family}, {_initials(given, '.', '')}",
        "Last FG": f"{family} {_initials(given, '', '')}",
        "Last F.": f"{family} {_initials(given, '.', '')}",
        "Last F. G.": f"{family} {_initials(given, '.', ' ')}",
        "Last, First": f"{family}, {given}",
        "LAST, First": f"{family.upper()}, {given}",
        "LAST, F.": f"{family.upper()}, {_initials(given, '.', ' ')}",
        "LAST F.": f"{family.upper()} {_initials(given, '.', '')}",
        "LAST First": f"{family.upper()} {given}",
    }[form]
    return f"{text}, {person.suffix}" if person.suffix else text


FORMS = (
    "First Last", "First Last", "F. Last", "F. Last", "F.G. Last", "FG Last", "Last, F.", "Last, F.", "Last, F.G.",
    "Last FG", "Last F.", "Last F. G.", "Last, First", "LAST, First", "LAST, F.", "LAST F.", "LAST First",
)  # fmt: skip


class Layout:
    """One layout with all its choices made: how a list is set."""

    def __init__(self, rng: random.Random, language: str) -> None:
        self.rng = rng
        language = language if language in LANGUAGES["and"] else "en"
        self.form = rng.choice(FORMS)
        inverted = "," in self.form
        self.between = rng.choice((", ", ", ", "; ")) if inverted else rng.choice((", ", ", ", ", ", "; "))
        words = LANGUAGES["and"][language]
        self.last = rng.choice(
            (
                f" {rng.choice(words)} ",
                f" {rng.choice(words)} ",
                f", {rng.choice(words)} ",
                self.between,
            )
        )
        self.only_first = self.form in {"Last, First", "Last, F."} and rng.random() < 0.25
        self.most = rng.choice((99, 99, 99, 99, 3, 6, 1))
        self.into = rng.choice(LANGUAGES["in"][language])
        self.pages = rng.choice(LANGUAGES["pages"][language])
        self.volume = rng.choice(LANGUAGES["volume"][language])
        self.issue = rng.choice(LANGUAGES["issue"][language])
        self.dash = rng.choice(("-", "–", "--", "–", " - "))
        self.numbers = rng.choice(
            (
                "v(i):p",
                "v(i):p",
                "v (i), p",
                "v(i), p",
                "Vv, Ii, Pp",
                "v, Ii, Pp",
                "v.i (y): p",
                "v:p",
                "Vv(i), Pp",
                "v/i, Pp",
                "v i p",
                "v (i): p",
            )
        )
        self.quotes = rng.choice(
            (
                ("", ""),
                ("", ""),
                ("", ""),
                ("“", "”"),
                ('"', '"'),
                ("„", "“") if language == "de" else ("“", "”"),
                ("«", "»") if language in {"fr", "ru", "it", "es"} else ("‘", "’"),
            )
        )
        self.stop = rng.choice((". ", ". ", ". ", ", ", ", "))
        self.year = rng.choice(
            (
                "end",
                "end",
                "end",
                "(end)",
                "after authors (y).",
                "after authors y.",
                "after venue",
                "(after venue)",
                "front",
                "after authors y,",
                "[y]",
            )
        )
        self.month = rng.random() < 0.3
        self.lower = rng.random() < 0.35
        self.order = rng.choice(("atv", "atv", "atv", "atv", "atv", "tav", "tav", "a:tv", "tva"))
        self.period = rng.random() < 0.8
        self.badges = rng.random() < 0.15 or (self.order != "atv" and rng.random() < 0.4)
        self.link = (
            rng.choice(("doi:", "DOI: ", "https://doi.org/", "http://dx.doi.org/", "doi: ", ""))
            if rng.random() < 0.8
            else None
        )
        self.place_first = rng.random() < 0.5
        self.colon = rng.choice((": ", ": ", ", "))
        self.bracketed = rng.random() < 0.15
        self.starred = self.order != "atv" and rng.random() < 0.2

    def people(self, names: Names, *, first: bool = True) -> str:
        """A list of names."""
        shown = [
            name(person, self.form if not (self.only_first and index) else "First Last")
            for index, person in enumerate(names)
        ]
        if self.starred and len(shown) > 1 and first:
            shown[0] += "*"
        cut = len(shown) > self.most
        if cut:
            return self.between.join(shown[: max(1, self.most)]) + self.rng.choice(
                (" et al.", ", et al.", " et al", ", and others")
            )
        if len(shown) < 2:
            return "".join(shown)
        return self.between.join(shown[:-1]) + self.last + shown[-1]

    def date(self, record: Record) -> str:
        """Year, with the month where this layout has it."""
        date = record.variables.get("issued")
        if not isinstance(date, Date) or date.year is None:
            return ""
        start = date.start
        month = start.month if start is not None else None
        if self.month and month and 0 < month < 13:
            return f"{MONTHS[month - 1]} {date.year}"
        return str(date.year)

    def set(self, record: Record, source: str) -> Labelled | None:
        """The record in this layout."""
        rng = self.rng
        values = record.variables
        title = str(record.title)
        if not title or any(char in title for char in "<{$"):
            return None
        if self.lower and len(title) > 3:
            lowered = convert("sentence", title)
            title = lowered if isinstance(lowered, str) else title
        authors: Pieces = []
        names = values.get("author")
        if isinstance(names, Names) and names:
            authors = [(self.people(names), "author")]
        elif isinstance(names := values.get("editor"), Names) and names:
            authors = [
                (self.people(names), "editor"),
                (rng.choice((", editors", ", editor", " (Eds.)", " (Hrsg.)", ", eds")), "editor"),
            ]
        date = self.date(record)
        published = {"publisher", "publisher-place"} & values.keys()
        if self.bracketed and published and record.type in {"book", "chapter", "paper-conference"}:
            date = ""  # which is in the brackets
        year_pieces: Pieces = []
        if date and self.year.startswith("after authors"):
            year_pieces = {
                "(y).": [(" (", ""), (date, "date"), (")", "")],
                "y.": [(rng.choice((". ", " ", ", ")), ""), (date, "date")],
                "y,": [(", ", ""), (date, "date")],
            }[self.year.split()[-1]]
        stop = ": " if self.order == "a:tv" else self.stop
        opening, closing = self.quotes
        titled: Pieces = [
            (opening, ""),
            (title, "title"),
            (rng.choice((",", ".", "")) + closing if closing else "", ""),
        ]
        venue = self.venue(record, date)
        front: Pieces = (
            [(date, "date"), (rng.choice((" ", ". ", ": ", " – ")), "")] if date and self.year == "front" else []
        )
        after_title = (
            " " if closing and titled[2][0][0] in ",." else ("" if title[-1] in "?!." else self.stop.strip()) + " "
        )
        if self.order == "tav":
            pieces = [*front, *titled, (after_title, ""), *authors, *year_pieces, (self.stop, ""), *venue]
        elif self.order == "tva":
            pieces = [*front, *titled, (after_title, ""), *venue, (self.stop, ""), *authors]
        else:
            lead = [
                *authors,
                *year_pieces,
                (stop if authors and not (year_pieces and authors[0][0].endswith("x")) else "", ""),
            ]
            pieces = [*front, *lead, *titled, (after_title, ""), *venue]
        if self.period:
            pieces.append((".", ""))
        if self.link is not None and "DOI" in values:
            pieces += [(" ", ""), (self.link + str(values["DOI"]), "doi"), (rng.choice(("", ".")), "")]
        elif "URL" in values and rng.random() < 0.7:
            pieces += [
                (rng.choice((" ", " URL ", " Available at: ", " Retrieved from ")), ""),
                (str(values["URL"]), "url"),
            ]
        if self.badges:
            pieces += [(" ", ""), (rng.choice(BADGES), "other")]
        return tidy(build(pieces, source, str(values.get("language", ""))[:2]))

    def venue(self, record: Record, date: str) -> Pieces:
        """What comes after the title: journal and numbers, or book, editor, publisher, place; and the date."""
        rng = self.rng
        text = {key: str(value) for key, value in record.variables.items() if not isinstance(value, Names)}
        container = text.get("container-title", "")
        pieces: Pieces = []
        if container and record.type == "article-journal":
            pieces += [(container, "container"), (rng.choice((", ", " ", ", ", ". ")), "")]
            if date and self.year in {"after venue", "(after venue)"}:
                pieces += (
                    [("(", ""), (date, "date"), ("), ", "")]
                    if "(" in self.year
                    else [(date, "date"), ("; " if rng.random() < 0.6 else ", ", "")]
                )
            pieces += self.counted(text)
        elif container:
            pieces += [(self.into, "other"), (container, "container")]
            editor = record.variables.get("editor")
            if isinstance(editor, Names) and editor:
                named = self.people(editor, first=False)
                before = rng.random() < 0.4
                role = rng.choice((", editors", ", editor", " (Eds.)", " (ed.)", ", eds.", " (Hrsg.)"))
                if before:
                    pieces = [(self.into, "other"), (named + role, "editor"), (", ", ""), (container, "container")]
                else:
                    pieces += [
                        (rng.choice((", ", ". ", " ")), ""),
                        (rng.choice(("edited by ", "ed. ", "eds. ", "")) + named, "editor"),
                    ]
            if "volume" in text:
                pieces += [(", ", ""), (self.volume + text["volume"], "volume")]
                if "collection-title" in text:
                    pieces += [(" of ", ""), (text["collection-title"], "series")]
            elif "collection-title" in text and rng.random() < 0.7:
                pieces += [
                    (rng.choice((", ", " (", ". ")), ""),
                    (text["collection-title"], "series"),
                    (rng.choice(("", ")")), ""),
                ]
            if "page" in text:
                pieces += [
                    (", ", ""),
                    (self.pages + text["page"].replace("-", self.dash).replace("–", self.dash), "pages"),
                ]
            pieces += self.published(text)
        else:
            if "genre" in text:
                pieces += [(text["genre"], "genre"), (" ", "")]
                if "number" in text:
                    pieces += [(text["number"], "number")]
                pieces += [(", ", "")]
            if "edition" in text:
                pieces += [
                    (
                        f"{text['edition']}{rng.choice(('nd', 'th', '.'))} {rng.choice(('edition', 'ed.', 'Aufl.'))}",
                        "edition",
                    ),
                    (rng.choice((", ", ". ")), ""),
                ]
            if "volume" in text:
                pieces += [(self.volume + text["volume"], "volume"), (", ", "")]
            published = self.published(text)
            pieces += published if self.bracketed else published[1:]
            if "number-of-pages" in text:
                pieces += [
                    (", ", ""),
                    (text["number-of-pages"] + rng.choice((" p.", " pp.", " S.", " pages")), "pages"),
                ]
        if date and (
            self.year in {"end", "(end)", "[y]"}
            or (self.year.endswith("after venue)") and record.type != "article-journal")
            or (self.year == "after venue" and record.type != "article-journal")
        ):
            opening, closing = ("(", ")") if "(" in self.year else ("[", "]") if "[" in self.year else ("", "")
            pieces += [
                (" " if opening else rng.choice((", ", ", ", ". ", " ")), ""),
                (opening, ""),
                (date, "date"),
                (closing, ""),
            ]
        return pieces

    def published(self, text: dict[str, str]) -> Pieces:
        """Publisher and place."""
        publisher, place = text.get("publisher", ""), text.get("publisher-place", "")
        if self.bracketed and (publisher or place) and (year := text.get("issued", "")[:4]).isdecimal():
            inside: Pieces = [(place, "place"), (": " if publisher and place else "", ""), (publisher, "publisher")]
            return [(" ", ""), ("(", ""), *inside, (", ", ""), (year, "date"), (")", "")]
        if publisher and place:
            both: Pieces = (
                [(place, "place"), (self.colon, ""), (publisher, "publisher")]
                if self.place_first
                else [(publisher, "publisher"), (", ", ""), (place, "place")]
            )
            return [(self.stop, ""), *both]
        if publisher or place:
            return [(self.stop, ""), (publisher or place, "publisher" if publisher else "place")]
        return []

    def counted(self, text: dict[str, str]) -> Pieces:
        """Volume, issue and pages of a journal."""
        number, issue = text.get("volume", ""), text.get("issue", "")
        pages = text.get("page", "").replace("-", self.dash).replace("–", self.dash)
        pieces: Pieces = []
        for part in re.findall(r"[Vv]v|[IP][ip]|[vip]|[^vip]+", self.numbers.replace("Vv", "Vv").replace("(y)", "")):
            if part in {"Vv", "v"} and number:
                pieces.append(((self.volume if part == "Vv" else "") + number, "volume"))
            elif part in {"Ii", "i"} and issue:
                pieces.append(((self.issue if part == "Ii" else "") + issue, "issue"))
            elif part in {"Pp", "p"} and pages:
                pieces.append(((self.pages if part == "Pp" else "") + pages, "pages"))
            elif part not in {"Vv", "v", "Ii", "i", "Pp", "p"}:
                pieces.append((part, ""))
        return pieces


MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_EMPTY = re.compile(
    r"\(\)|\[\]|(?<=[\s(])[.,:;]+(?=[\s.,:;)])|\s(?=[,.;:)\]](?:\s|$))|(?<=[,;:])[,;:.](?=\s)|(?<=\.)\.(?=\s|$)|(?<=\s)\s+"
)


def tidy(line: Labelled) -> Labelled:
    """The line without empty brackets, double marks and double spaces; its spans moved."""
    text, spans = line.text, list(line.spans)
    while match := _EMPTY.search(text):
        start, end = match.span()
        size = end - start
        text = text[:start] + text[end:]
        spans = [
            (a if a <= start else max(start, a - size), b if b <= start else max(start, b - size), label)
            for a, b, label in spans
        ]
    return Labelled(text, tuple(span for span in spans if span[1] > span[0]), line.source, line.language)


def set_many(records: Sequence[Record], count: int, rng: random.Random, per_layout: int = 5) -> list[Labelled]:
    """References in layouts by chance, a few records each."""
    made: list[Labelled] = []
    number = 0
    by_language: dict[str, list[Record]] = {}
    for record in records:
        by_language.setdefault(str(record.variables.get("language", "en"))[:2], []).append(record)
    languages = [lang for lang in by_language if lang not in {"zh", "ja"}]
    weights = [len(by_language[lang]) for lang in languages]
    while len(made) < count:
        number += 1
        language = rng.choices(languages, weights)[0]
        layout = Layout(rng, language)
        for _ in range(per_layout):
            line = layout.set(rng.choice(by_language[language]), f"layout:{number}")
            if line is not None and len(line.text) > 20:
                made.append(line)
    return made[:count]


def noisy(line: Labelled, rng: random.Random) -> Labelled:
    """The line as it may arrive: other dashes and quotation marks, a hyphen of a broken word, a stop lost or added."""
    text, spans = line.text, list(line.spans)
    chance = rng.random()
    if chance < 0.15:
        text = text.replace("–", rng.choice(("-", "−", "‐")))
    elif chance < 0.25:
        for mark in "“”„«»":
            text = text.replace(mark, '"')
    elif chance < 0.35:
        places = [match.start() for match in re.finditer(r"(?<=[a-zß-ÿ]{3})(?=[a-zß-ÿ]{3})", text)]
        if places:
            text, spans = _inserted(text, spans, rng.choice(places), "-")
    elif chance < 0.42 and text.endswith("."):
        text = text[:-1]
    elif chance < 0.47:
        places = [match.end() for match in re.finditer(r"[^\W\d_]{3}[.,] ", text)]
        if places:
            at = rng.choice(places) - 1
            text = text[:at] + text[at + 1 :]
            spans = [(a - (a > at), b - (b > at), label) for a, b, label in spans]
    elif chance < 0.5:
        text = text.replace("’", "'").replace("‘", "'")
    return Labelled(text, tuple(spans), line.source, line.language)


def _inserted(
    text: str, spans: list[tuple[int, int, str]], at: int, mark: str
) -> tuple[str, list[tuple[int, int, str]]]:
    return text[:at] + mark + text[at:], [(a + (a > at), b + (b > at), label) for a, b, label in spans]
