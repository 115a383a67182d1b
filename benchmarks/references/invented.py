"""Records of works that do not exist, in ten languages and more: names and words from Faker, titles glued from them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bibtool.model.dates import Date
from bibtool.model.names import Name, Names
from bibtool.model.record import Record

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

FAKER = {
    "en": "en_US", "de": "de_DE", "fr": "fr_FR", "es": "es_ES", "it": "it_IT", "pt": "pt_BR", "nl": "nl_NL",
    "pl": "pl_PL", "ru": "ru_RU", "zh": "zh_CN", "ja": "ja_JP", "sv": "sv_SE", "cs": "cs_CZ", "tr": "tr_TR",
}  # fmt: skip

LANGUAGES: dict[str, dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_name("languages.toml").read_text(encoding="utf-8")
)

MONTHS = "January February March April May June July August September October November December".split()
COUNTRIES = (
    "USA", "Germany", "Canada", "China", "Australia", "Italy", "Spain", "South Korea", "Republic of Korea", "UK",
    "Japan", "Austria", "Greece", "Rwanda", "Brazil", "The Netherlands", "Singapore", "Sweden", "Portugal",
)  # fmt: skip
ORDINALS = (
    "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth", "Eleventh",
    "Twelfth", "Thirteenth", "Seventeenth", "Twentieth", "Twenty-First", "Twenty-Second", "Twenty-Sixth",
    "Thirtieth", "Thirty-First", "Thirty-Fourth",
)  # fmt: skip
STATES = ("CA", "NY", "British Columbia", "Hawaii", "TX", "Massachusetts", "Quebec", "Nevada", "NSW", "WA", "Florida")


class Inventor:
    """Makes records in a language; the same ones for the same seed."""

    def __init__(self, language: str, rng: random.Random, seed: int, venues: Sequence[str] = ()) -> None:
        from faker import Faker

        self.language = language
        self.rng = rng
        self.faker: Any = Faker(FAKER[language])
        self.faker.seed_instance(seed)
        self.venues = venues
        words = LANGUAGES["words"].get(language)
        self.words: list[str] = list(words) if words else list(self.faker.words(nb=400, unique=False))
        self.words = [word for word in self.words if len(word) > 1 or language in {"zh", "ja"}]
        self.glue = LANGUAGES["glue"][language]

    def names(self, most: int) -> Names:
        """One to ``most`` names, given names in full or as initials."""
        rng = self.rng
        count = min(most, rng.choice((1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 9)))
        style = rng.random()
        names = []
        for _ in range(count):
            given, family = self.faker.first_name(), self.faker.last_name()
            family = re.sub(r"^(?:Dr|Prof)\.\s*", "", family)
            particle = ""
            if self.language in {"nl", "de"} and " " in family:
                particle, _, family = family.rpartition(" ")
            if self.language in {"zh", "ja"}:
                names.append(Name(family=family, given=given))
                continue
            if style < 0.35:
                given = f"{given[0]}." + (f" {self.faker.first_name()[0]}." if rng.random() < 0.4 else "")
            elif rng.random() < 0.25:
                given += f" {self.faker.first_name()[0]}."
            names.append(Name(family=family, given=given, non_dropping_particle=particle))
        if rng.random() < 0.03 and self.language not in {"zh", "ja"}:
            names = [Name(literal=f"{self.pattern('publishers')} {rng.choice(('Group', 'Institute', 'Consortium'))}")]
        return Names(tuple(names))

    def phrase(self, least: int, most: int) -> str:
        """A few words with small ones between."""
        rng = self.rng
        if self.language in {"zh", "ja"}:
            return "".join(
                rng.choice(self.words) + (rng.choice(self.glue) if rng.random() < 0.3 else "")
                for _ in range(rng.randint(2, 5))
            )
        words: list[str] = []
        for _ in range(rng.randint(least, most)):
            if words and rng.random() < 0.45:
                words.append(rng.choice(self.glue))
            words.append(rng.choice(self.words))
        return " ".join(words).replace("’ ", "’")

    def title(self) -> str:
        """A title, sometimes with a subtitle, a year, a number, a question mark."""
        rng = self.rng
        title = self.phrase(2, 8)
        if self.language == "en" and rng.random() < 0.4:
            title = " ".join(word if len(word) < 4 else word[:1].upper() + word[1:] for word in title.split(" "))
        elif self.language == "de":
            title = " ".join(
                word if word in self.glue or rng.random() < 0.5 else word[:1].upper() + word[1:]
                for word in title.split(" ")
            )
        title = title[:1].upper() + title[1:]
        chance = rng.random()
        if chance < 0.2 and self.language not in {"zh", "ja"}:
            rest = self.phrase(2, 5)
            title += (
                rng.choice((": ", ": ", ". ", " – ", ", "))
                + (rest[:1].upper() if rng.random() < 0.6 else rest[:1])
                + rest[1:]
            )
        elif chance < 0.26:
            title += "?"
        elif chance < 0.32:
            first = rng.randint(1700, 2010)
            title += (
                f" {rng.choice(self.glue)} {first}"
                if rng.random() < 0.3
                else f", {first}–{first + rng.randint(3, 80)}"
                if rng.random() < 0.5
                else f" ({first}-{first + 9})"
            )
        elif chance < 0.36:
            title += f" {rng.choice(('I', 'II', 'III', '2.0', '3D', 'of Type 2', 'in ' + self.faker.city()))}"
        elif chance < 0.39:
            title = f"{self.rng.choice(self.words).upper()}{rng.choice(('', '-Net', '-2'))}: {title}"
        elif chance < 0.42:
            title = f"‘{rng.choice(self.words)}’ {title}"
        return title

    def table(self, name: str) -> list[str]:
        """What the language has of a table, or English."""
        table = LANGUAGES[name]
        return table.get(self.language, table["en"])

    def pattern(self, table: str) -> str:
        """One of the patterns of the language, filled."""
        rng = self.rng
        pattern = rng.choice(self.table(table))

        def fill(match: re.Match[str]) -> str:
            kind = match[1]
            if kind in "dea":
                return (
                    str(rng.randint(1, 12) + (18 if kind == "e" else 0)) if kind != "a" else f"{rng.randint(0, 24):02}"
                )
            if kind in "MN":
                return rng.choice(MONTHS)
            if kind in "KS":
                return rng.choice(COUNTRIES if kind == "K" else STATES)
            word = self.phrase(1, 2)
            if kind == "W":
                return " ".join(part if part in self.glue else part[:1].upper() + part[1:] for part in word.split(" "))
            if kind == "A":
                return rng.choice("ABCDEFGHIJKLMNOPRSTUW")
            filled: dict[str, str] = {
                "w": word, "n": str(rng.randint(4, 40)), "y": str(rng.randint(1990, 2024)), "F": self.faker.last_name(),
                "C": self.faker.city(),
            }  # fmt: skip
            return filled[kind]

        return re.sub(r"\{(\w)\}", fill, pattern)

    def acronym(self) -> str:
        """Three to six capital letters, as a meeting or a society has."""
        rng = self.rng
        word = "".join(rng.choice("ABCDEFGHIKLMNOPRSTUVW") for _ in range(rng.choice((3, 4, 4, 4, 5, 6))))
        return word if rng.random() < 0.85 else word.capitalize()

    def capitals(self, least: int, most: int) -> str:
        """A few words, the long ones with capitals."""
        words = self.phrase(least, most).split(" ")
        return " ".join(word if word in self.glue else word[:1].upper() + word[1:] for word in words)

    def named_meeting(self, year: int) -> str:
        """The name of a meeting without place and time, with a number or not: ``The 23rd XYZ Conference on Soil``."""
        rng = self.rng
        number = rng.randint(2, 48)
        ending = "th" if 10 < number < 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        count = rng.choice(("", f"{number}{ending} ", f"{rng.choice(ORDINALS)} ", f"{year} ", ""))
        body = rng.choice(
            ("", "", "International ", "Annual ", f"{self.acronym()} ", "International Joint ", "European ")
        )
        kind = rng.choice(("Conference", "Conference", "Conference", "Symposium", "Workshop", "Meeting", "Congress"))
        if rng.random() < 0.12:
            return f"Advances in {self.capitals(2, 3)} Systems {number}"
        if rng.random() < 0.06:
            return f"{self.capitals(1, 3)} {kind}"
        society = f" of the {self.capitals(1, 3)} Association" if rng.random() < 0.1 else f" on {self.capitals(1, 4)}"
        return f"{rng.choice(('', '', 'The ')) if count else ''}{count}{body}{kind}{society}"

    def days(self, year: int) -> str:
        """The days of a meeting: ``May 3-7, 2021``, ``3-7 May 2021``, ``May 31 - June 4, 2021``."""
        rng = self.rng
        month = rng.randrange(12)
        first = rng.randint(1, 25)
        start, end = (f"{first:02}", f"{first + 5:02}") if rng.random() < 0.15 else (str(first), str(first + 4))
        dash = rng.choice(("-", "-", "–", " - "))
        if rng.random() < 0.2:
            return f"{MONTHS[month]} {first + 5} - {MONTHS[(month + 1) % 12]} {rng.randint(1, 4)}, {year}"
        if rng.random() < 0.3:
            return f"{start}{dash}{end} {MONTHS[month]} {year}"
        return f"{MONTHS[month]} {start}{dash}{end}, {year}"

    def venue(self) -> str:
        """Where a meeting is: ``Lisbon, Portugal``, ``Palace of Reeds, Denver, CO, USA``, ``Virtual Event``."""
        rng = self.rng
        if rng.random() < 0.1:
            return rng.choice(("virtual", "Virtual Event", "Online", f"Virtual Event, {rng.choice(COUNTRIES)}"))
        parts = [self.faker.city(), rng.choice(COUNTRIES)]
        if rng.random() < 0.35:
            parts = [self.faker.city(), rng.choice(STATES), rng.choice(("USA", "USA", "Canada", "Australia"))]
        if rng.random() < 0.08:
            parts.insert(0, f"{rng.choice(('Palace', 'House', 'University', 'Center'))} of {self.capitals(1, 1)}")
        elif rng.random() < 0.08:
            parts[0] += f" and {self.faker.city()}"
        return ", ".join(parts)

    def full_meeting(self, year: int) -> str:
        """The title of proceedings as publishers and DBLP have it: name, short name, place and days in some order."""
        rng = self.rng
        short = self.acronym()
        named = rng.choice(
            (f"{short} {year}", f"{short} {year}", f"{short} '{year % 100:02}", f"{short} ’{year % 100:02}", short)
        )
        name = self.named_meeting(year)
        if rng.random() < 0.35:
            name = f"Proceedings of the {name.removeprefix('The ')}"
        elif name.startswith("Advances") and rng.random() < 0.7:
            name += f": Annual Conference on {self.capitals(2, 3)} Systems {year}"
        chance = rng.random()
        if chance < 0.6:
            title = f"{name}, {named}"
        elif chance < 0.7:
            title = f"{named}{rng.choice((': ', ', ', ' - '))}{name}"
        elif chance < 0.76:
            title = f"{name} ({named})"
        else:
            title = name
        for _ in range(rng.choice((0, 0, 0, 0, 0, 0, 0, 1, 2))):
            title += f", {self.named_meeting(year)}, {self.acronym()} {year}"
        where, when = self.venue(), self.days(year)
        chance = rng.random()
        if chance < 0.4:
            title += f", {where}, {when}"
        elif chance < 0.68:
            title += f", {when}, {where}"
        elif chance < 0.76:
            title += f", {rng.choice((where, when))}"
        if rng.random() < 0.14:
            part = rng.choice(("", "", ", Part II", " (1)", ", Volume 1: Long Papers"))
            track = rng.choice(("", "", "Online ", "Workshop Track ", "Conference Track "))
            title += f"{rng.choice((', ', ', ', '. '))}{track}Proceedings{part}"
        return title

    def house(self) -> str:
        """Who publishes proceedings: a society, a press, or an address."""
        rng = self.rng
        chance = rng.random()
        if chance < 0.25:
            return self.acronym()
        if chance < 0.4:
            name = rng.choice((self.acronym(), self.acronym().lower(), f"{self.capitals(1, 1)}{self.capitals(1, 1)}"))
            name = f"{name.replace(' ', '')}.{rng.choice(('org', 'net', 'org', 'com', 'io'))}"
            return f"www.{name}" if rng.random() < 0.15 else name
        if chance < 0.5:
            society, others = self.acronym(), self.acronym()
            both = society + rng.choice(("", f"/{others}"))
            return f"{both} {rng.choice(('Press', 'Press', 'Association', 'Society'))}"
        if chance < 0.75:
            return rng.choice(
                ("ACM", "IEEE", "Springer", "IEEE Computer Society", "Association for Computing Machinery")
            )
        return self.pattern("publishers")

    def proceedings(self, values: dict[str, Any], year: int) -> None:
        """What a paper in proceedings has, as publishers and DBLP give it."""
        rng = self.rng
        values["container-title"] = self.full_meeting(year)
        self.maybe(values, 0.6, editor=self.names(6))
        self.maybe(values, 0.8, publisher=self.house())
        if rng.random() < 0.35:
            values["collection-title"] = rng.choice(
                (
                    f"Proceedings of {self.capitals(1, 2)} Research",
                    f"Lecture Notes in {self.capitals(1, 2)}",
                    f"{self.acronym()} Workshop and Conference Proceedings",
                    f"{self.acronym()} Workshop Proceedings",
                    f"{self.capitals(1, 2)} Series",
                    f"Advances in {self.capitals(1, 3)}",
                )
            )
            self.maybe(values, 0.8, volume=str(rng.choice((rng.randint(1, 250), rng.randint(500, 14_000)))))
        else:
            self.maybe(values, 0.1, volume=str(rng.randint(1, 250)))
        self.maybe(values, 0.4, DOI=f"10.{rng.randint(1000, 99999)}/{self.code()}")
        self.maybe(values, 0.3, URL=f"https://www.{self.code().lower()}.org/{self.code()}.html")

    def record(self, number: int, *, in_proceedings: bool = False) -> Record:
        """A record of a type by chance, with the variables that such a work has, some left out.

        ``in_proceedings``: a paper in proceedings as computer scientists cite it.
        """
        rng = self.rng
        year = rng.choice((rng.randint(1950, 2024), rng.randint(1995, 2024)))
        values: dict[str, Any] = {"title": self.title(), "author": self.names(9), "language": self.language}
        values["issued"] = Date.of(year, rng.randint(1, 12)) if rng.random() < 0.25 else Date.of(year)
        if rng.random() < 0.1:
            values["issued"] = Date.of(year, rng.randint(1, 12), rng.randint(1, 28))
        kind = rng.choices(
            ("article-journal", "paper-conference", "chapter", "book", "thesis", "report", "webpage"),
            (45, 17, 10, 14, 5, 4, 5),
        )[0]
        kind = "paper-conference" if in_proceedings else kind
        first = rng.randint(1, 1800)
        pages = (
            f"{first}-{first + rng.randint(2, 40)}"
            if rng.random() < 0.93
            else rng.choice((str(first), f"e{first}", f"S{first}-S{first + 6}", f"{first}:1-{first}:{first % 40 + 2}"))
        )
        place = self.faker.city()
        if in_proceedings:
            self.maybe(values, 0.85, page=pages)
            self.proceedings(values, year)
        elif kind == "article-journal":
            values["container-title"] = (
                rng.choice(self.venues) if self.venues and rng.random() < 0.6 else self.pattern("journals")
            )
            self.maybe(values, 0.92, volume=str(rng.choice((rng.randint(1, 60), rng.randint(1, 400)))))
            self.maybe(
                values,
                0.6,
                issue=rng.choice(
                    (str(rng.randint(1, 12)), str(rng.randint(1, 12)), f"{rng.randint(1, 6)}–{rng.randint(7, 12)}")
                ),
            )
            self.maybe(values, 0.9, page=pages)
            self.maybe(values, 0.3, DOI=f"10.{rng.randint(1000, 9999)}/{self.code()}")
        elif kind in {"paper-conference", "chapter"}:
            values["container-title"] = self.pattern("meetings") if kind == "paper-conference" else self.title()
            self.maybe(values, 0.85, page=pages)
            if kind == "chapter" or rng.random() < 0.15:
                self.maybe(values, 0.85, editor=self.names(3))
            self.maybe(values, 0.9 if kind == "chapter" else 0.4, publisher=self.pattern("publishers"))
            self.maybe(values, 0.6, **{"publisher-place": place})
            self.maybe(values, 0.12, volume=str(rng.randint(1, 90)))
            self.maybe(values, 0.15, **{"collection-title": self.pattern("journals").replace("Journal", "Studies")})
            self.maybe(values, 0.2, DOI=f"10.{rng.randint(1000, 9999)}/{self.code()}")
        elif kind == "book":
            self.maybe(values, 0.95, publisher=self.pattern("publishers"))
            self.maybe(values, 0.7, **{"publisher-place": place})
            self.maybe(values, 0.2, edition=str(rng.randint(2, 9)))
            self.maybe(values, 0.1, **{"collection-title": self.phrase(1, 3).capitalize()})
            self.maybe(values, 0.15, **{"number-of-pages": str(rng.randint(60, 900))})
            self.maybe(values, 0.05, volume=str(rng.randint(1, 6)))
            if rng.random() < 0.12:
                values["editor"] = values.pop("author")
            elif rng.random() < 0.08:
                values["translator"] = self.names(2)
        elif kind == "thesis":
            values["genre"] = rng.choice(self.table("theses"))
            values["publisher"] = f"University of {place}" if self.language == "en" else f"Univ. {place}"
            self.maybe(values, 0.3, **{"publisher-place": place})
        elif kind == "report":
            self.maybe(
                values, 0.8, genre=rng.choice(("Technical Report", "Working Paper", "Discussion Paper", "Tech. Rep."))
            )
            self.maybe(
                values,
                0.7,
                number=rng.choice(
                    (str(rng.randint(1, 900)), f"{rng.choice('ABCT')}R-{rng.randint(10, 99)}-{rng.randint(1, 99)}")
                ),
            )
            values["publisher"] = self.pattern("publishers")
        else:
            values["URL"] = (
                f"https://www.{self.code().lower()}.{rng.choice(('org', 'com', 'de', 'edu'))}/{self.code().lower()}"
            )
            self.maybe(values, 0.6, **{"container-title": self.pattern("publishers")})
            self.maybe(values, 0.7, accessed=Date.of(rng.randint(2005, 2024), rng.randint(1, 12), rng.randint(1, 28)))
        if rng.random() < 0.05:
            values["URL"] = f"https://{self.code().lower()}.org/{self.code()}"
        if rng.random() < 0.02 and kind != "webpage":
            values.pop("author", None)
        if kind == "article-journal" and rng.random() < 0.01:
            values.pop("issued")
        return Record(f"invented{number}", kind, **values)

    def maybe(self, values: dict[str, Any], chance: float, **more: object) -> None:
        """Add the values by chance."""
        if self.rng.random() < chance:
            values.update(more)

    def code(self) -> str:
        """Letters and digits as in a DOI."""
        rng = self.rng
        return rng.choice(("j.{}.{}", "s{}-{}", "{}x{}", "{}.{}")).format(
            rng.choice(("abc", "phys", "joc", "0123", "cell")), rng.randint(1000, 99999)
        )


def invented(count: int, rng: random.Random, venues: Sequence[str] = ()) -> list[Record]:
    """Records in all the languages; English ones are a third."""
    languages = [*FAKER, *("en",) * 5]
    each = count // len(languages) + 1
    records: list[Record] = []
    for index, language in enumerate(languages):
        inventor = Inventor(language, rng, 1000 + index, venues if language == "en" else ())
        records += [inventor.record(len(records) + number) for number in range(each)]
    return records[:count]


def in_proceedings(count: int, rng: random.Random) -> list[Record]:
    """Records of English papers in proceedings, as computer scientists cite them."""
    inventor = Inventor("en", rng, 2000)
    return [inventor.record(number, in_proceedings=True) for number in range(count)]
