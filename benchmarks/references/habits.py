"""Labelled references as people set them by hand, by language and field: the patterns of ``habits.toml``, filled."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.references.invented import Inventor
from benchmarks.references.labelled import build
from benchmarks.references.templates import Pieces, name, tidy
from bibtool.model.dates import Date
from bibtool.model.names import Name, Names

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

    from benchmarks.references.labelled import Labelled
    from bibtool.model.record import Record

HABITS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("habits.toml").read_text(encoding="utf-8"))

_LABELS = {
    "a": "author", "A": "other", "O": "author", "e": "editor", "T": "translator", "t": "title", "c": "container",
    "s": "series", "v": "volume", "i": "issue", "p": "pages", "f": "pages", "y": "date", "m": "date", "P": "publisher",
    "L": "place", "E": "edition", "g": "genre", "N": "pages", "d": "doi", "u": "url",
}  # fmt: skip
_VARIABLES = {
    "t": "title", "c": "container-title", "s": "collection-title", "v": "volume", "i": "issue", "p": "page",
    "P": "publisher", "L": "publisher-place", "E": "edition", "g": "genre", "N": "number-of-pages", "d": "DOI",
}  # fmt: skip
_KINDS = {
    "article-journal": "article", "book": "book", "chapter": "chapter", "paper-conference": "chapter",
    "thesis": "thesis", "report": "book",
}  # fmt: skip
_CHOICE = re.compile(r"<([^<>]*)>")
_OPTIONAL = re.compile(r"⟨([^⟨⟩]*)⟩")
_FIELD = re.compile(r"\{(\w)(?:=([^{}]*))?\}")
_CUT = {"en": " et al.", "fr": " et al.", "it": " et al.", "de": " u. a.", "es": " et al.", "pt": " et al.",
        "ru": " и др.", "zh": ", 等", "ja": "ら"}  # fmt: skip


class Setter:
    """Sets records of a language by its habits."""

    def __init__(self, language: str, records: Sequence[Record], rng: random.Random) -> None:
        self.language = language
        self.rng = rng
        self.records = [record for record in records if record.type in _KINDS and _is_plain(str(record.title))]
        self.people = [names for record in self.records if isinstance(names := record.variables.get("author"), Names)]
        self.inventor = Inventor(language, rng, 3000)

    def set(self, source: str) -> Labelled | None:
        """One record by one habit; None where the record has too little for it."""
        rng = self.rng
        habit = rng.choice(HABITS[self.language])
        record = rng.choice(self.records)
        kind = _KINDS[record.type]
        offices = habit["names"] == ["organisation"]
        if offices and kind == "thesis":
            return None
        form, between, last = (rng.choice(habit[key]) for key in ("names", "between", "last"))
        last = last or between
        values = self.values(record, habit, form, between, last)
        for pattern in rng.sample(habit[kind], min(4, len(habit[kind]))):
            pieces = self.fill(pattern, values)
            if pieces is not None:
                return tidy(build(pieces, source, self.language))
        return None

    def values(self, record: Record, habit: Mapping[str, Any], form: str, between: str, last: str) -> dict[str, str]:
        """What stands for each letter of a pattern, "" for what the record does not have."""
        rng = self.rng
        known = record.variables
        values = {letter: str(known.get(variable, "")) for letter, variable in _VARIABLES.items()}
        date = known.get("issued")
        values["y"] = values["m"] = str(date.year) if isinstance(date, Date) and date.year else ""
        values["f"] = re.split(r"[-–]", values["p"])[0]
        values["u"] = f"{self.inventor.code().lower()}.org/{self.inventor.code()}"
        values["L"] = values["L"] or self.inventor.faker.city()
        values["O"] = self.organisation() if self.language == "en" else ""
        if self.language in {"zh", "ja"} and record.type == "thesis":
            values["P"] = f"{values['L']}{'大学' if self.language == 'zh' else '大学大学院'}"
        if (journals := HABITS["journals"].get(habit.get("journals", ""))) and rng.random() < 0.7:
            values["c"] = rng.choice(journals) if record.type == "article-journal" else values["c"]
        authors, editors = known.get("author"), known.get("editor")
        if form == "organisation":
            values["a"] = values["O"]
            if rng.random() < 0.3:
                values["P"] = values["a"]
        elif isinstance(authors, Names) and authors:
            values["a"] = self.named(authors, form, between, last)
        elif isinstance(editors, Names) and editors:
            values["a"] = self.named(editors, form, between, last)
            values["role"] = rng.choice(habit["role"])
        form = "Last, F." if form == "organisation" else form
        usual, full = (form, form) if form == "wide" else ("F. Last", "First Last")
        values["e"] = self.named(rng.choice(self.people), rng.choice((form, usual)), between, last)
        values["T"] = self.named(rng.choice(self.people), full, between, last)
        values["A"] = values.get("a", "")
        if self.language == "ru" and values["A"]:
            values["A"] = self.named(authors, "F. G. Last", between, last) if isinstance(authors, Names) else ""
        return values

    def named(self, names: Names, form: str, between: str, last: str) -> str:
        """A list of names."""
        shown = [_name(person, form) for person in names]
        most = self.rng.choice((99, 99, 99, 99, 99, 3, 1))
        if len(shown) > most:
            return between.join(shown[:most]) + _CUT[self.language]
        return between.join(shown[:-1]) + last + shown[-1] if len(shown) > 1 else shown[0]

    def organisation(self) -> str:
        """The name of an office or society."""
        return self.inventor.pattern("organisations")

    def fill(self, pattern: str, values: Mapping[str, str]) -> Pieces | None:
        """The pieces of a pattern; None where a part that it needs is not there."""
        rng = self.rng

        def has_all(text: str) -> bool:
            return all(values.get(field[1]) for field in _FIELD.finditer(text))

        while _CHOICE.search(pattern):
            pattern = _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), pattern, count=1)
        pattern = _OPTIONAL.sub(lambda match: match[1] if has_all(match[1]) and rng.random() < 0.8 else "", pattern)
        if not has_all(pattern):
            return None
        dash = rng.choice(("-", "-", "–", "–", "--"))
        pieces: Pieces = []
        end = 0
        for match in _FIELD.finditer(pattern):
            letter, around = match[1], match[2]
            value = values[letter]
            if letter in "pf":
                value = re.sub(r"[-–]+", dash, value)
            text = around.replace("$", value) if around is not None else value
            label = _LABELS[letter]
            pieces += [(pattern[end : match.start()], ""), (text, label)]
            if letter == "a" and values.get("role"):
                pieces[-1] = (text + values["role"], "editor")
            end = match.end()
        return [*pieces, (pattern[end:], "")]


def _is_plain(title: str) -> bool:
    return bool(title) and not set("<{$⟨") & set(title)


def _name(person: Name, form: str) -> str:
    if person.literal:
        return person.literal
    if form == "wide":
        return f"{person.family}{person.given}"
    if "(" in form and person.given:
        inner, outer = (name(person, "Last, First"), "First") if "First" in form else (name(person, "Last, F."), "F.")
        family, _, given = inner.partition(", ")
        return f"{family.upper() if form.startswith('LAST') else family} ({given})" if outer else family
    more = {"Last, F. G.": "Last, F.", "Last F G": "Last FG", "Last F.G.": "Last F.", "LAST, F. G.": "LAST, F.",
            "F. G. Last": "F. Last"}  # fmt: skip
    text = name(person, more.get(form, form))
    return re.sub(r"(?<= [A-Z])(?=[A-Z]+$)", " ", text) if form == "Last F G" else text


def by_habit(records: Sequence[Record], count: int, rng: random.Random) -> list[Labelled]:
    """References by the habits of all languages that there are records of; English ones are half."""
    by_language: dict[str, list[Record]] = {}
    for record in records:
        by_language.setdefault(str(record.variables.get("language") or "en")[:2], []).append(record)
    setters = {language: Setter(language, by_language[language], rng) for language in HABITS if language in by_language}
    languages = sorted(setters)
    weights = [len(languages) if language == "en" else 1 for language in languages]
    made: list[Labelled] = []
    for number in range(20 * count):
        if len(made) == count:
            break
        line = setters[rng.choices(languages, weights)[0]].set(f"habit:{number}")
        if line is not None and len(line.text) > 20:
            made.append(line)
    return made
