"""More ways in which people, their programs and optical recognition write true references; see `false_references`."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from bibtool.model.names import Name, Names
from bibtool.model.record import Record

Changed = Record | None


def with_values(record: Record, **values: object) -> Record:
    return record.with_values(values)  # type: ignore[arg-type] # with_values converts and checks plain values


def people_of(record: Record) -> tuple[Name, ...]:
    return record.names("author").names


def _each_person(record: Record, change: Callable[[Name], Name]) -> Changed:
    people = tuple(change(name) for name in people_of(record))
    return (
        with_values(record, author=Names(people, record.names("author").truncated))
        if people != people_of(record)
        else None
    )


# ---- true: people ---------------------------------------------------------------------------------------------------


def parts_of(given: str) -> list[str]:
    return [part for part in re.split(r"[ -]", given) if part]


def _bare_initials(record: Record, rng: random.Random) -> Changed:
    """As PubMed writes them: ``Bruna JA``."""
    return _each_person(record, lambda name: replace(name, given="".join(part[0] for part in parts_of(name.given))))


def _first_initial(record: Record, rng: random.Random) -> Changed:
    return _each_person(record, lambda name: replace(name, given=f"{name.given[0]}." if name.given else ""))


def _hyphenated_initials(record: Record, rng: random.Random) -> Changed:
    def short(name: Name) -> Name:
        parts = name.given.split()
        return replace(name, given=" ".join("-".join(f"{one[0]}." for one in part.split("-") if one) for part in parts))

    return _each_person(record, short)


def _mixed_initials(record: Record, rng: random.Random) -> Changed:
    return _each_person(
        record, lambda name: replace(name, given=f"{name.given[0]}.") if name.given and rng.random() < 0.5 else name
    )


def _et_al_as_a_name(record: Record, rng: random.Random) -> Changed:
    people = people_of(record)
    if len(people) < 3:
        return None
    cut = rng.randint(1, min(len(people) - 1, 6))
    last = rng.choice(
        (Name(literal="et al."), Name(family="al.", given="et"), Name(family="et al."), Name(family="..."))
    )
    return with_values(record, author=Names((*people[:cut], last)))


def _swapped_parts(record: Record, rng: random.Random) -> Changed:
    """Given and family name in each other's place, as with Chinese and Hungarian names; of all, or of one."""
    people = list(people_of(record))
    whole = [at for at, name in enumerate(people) if len(name.given) > 2 and not name.literal and "." not in name.given]
    if not whole:
        return None
    for at in whole if rng.random() < 0.5 else [rng.choice(whole)]:
        people[at] = replace(people[at], given=people[at].family, family=people[at].given)
    return with_values(record, author=Names(tuple(people)))


def _capital_families(record: Record, rng: random.Random) -> Changed:
    return _each_person(record, lambda name: replace(name, family=name.family.upper()))


_DIGRAPHS = {
    "ä": "ae",
    "ö": "oe",
    "ü": "ue",
    "ø": "oe",
    "å": "aa",
    "ß": "ss",
    "æ": "ae",
    "Ä": "Ae",
    "Ö": "Oe",
    "Ü": "Ue",
    "Ø": "Oe",
    "Å": "Aa",
}


def _digraphs(record: Record, rng: random.Random) -> Changed:
    table = str.maketrans(_DIGRAPHS)
    return _each_person(
        record, lambda name: replace(name, given=name.given.translate(table), family=name.family.translate(table))
    )


_SHORT_NAMES = dict(
    pair.split("=")
    for pair in (
        "Michael=Mike Robert=Bob William=Bill James=Jim Thomas=Tom Christopher=Chris Daniel=Dan David=Dave "
        "Matthew=Matt Andrew=Andy Joseph=Joe Anthony=Tony Richard=Rick Edward=Ed Benjamin=Ben Samuel=Sam "
        "Alexander=Alex Nicholas=Nick Gregory=Greg Jeffrey=Jeff Stephen=Steve Steven=Steve Timothy=Tim Kenneth=Ken "
        "Patrick=Pat Peter=Pete Ronald=Ron Lawrence=Larry Charles=Charlie Katherine=Kate Elizabeth=Liz Jennifer=Jen "
        "Margaret=Maggie Susan=Sue Deborah=Debbie Philip=Phil Donald=Don Frederick=Fred Douglas=Doug Geoffrey=Geoff "
        "Jonathan=Jon Rebecca=Becky Victoria=Vicky Zachary=Zach Joshua=Josh Kimberly=Kim Leonard=Len"
    ).split(" ")
)


def _short_names(record: Record, rng: random.Random) -> Changed:
    def short(name: Name) -> Name:
        first, _, rest = name.given.partition(" ")
        return replace(name, given=f"{_SHORT_NAMES.get(first, first)} {rest}".strip())

    return _each_person(record, short)


_PARTICLE = re.compile(r"(?:van|von|de|der|den|del|della|di|da|dos|la|le|el|al|ten|ter)[ -]", re.IGNORECASE)


def _particles(record: Record, rng: random.Random) -> Changed:
    """A particle that belongs to the given name, or has a capital, or is glued to the name."""

    def moved(name: Name) -> Name:
        particle = name.non_dropping_particle or name.dropping_particle
        if not particle:
            return name
        bare = replace(name, non_dropping_particle="", dropping_particle="")
        return rng.choice(
            (
                replace(bare, given=f"{name.given} {particle}"),
                replace(bare, family=f"{particle.title()} {name.family}"),
                replace(bare, family=f"{particle.replace(' ', '')}{name.family}"),
                replace(name, non_dropping_particle="", dropping_particle=particle),
            )
        )

    return _each_person(record, moved)


def _double_names(record: Record, rng: random.Random) -> Changed:
    """Of a double family name one half, or the hyphen gone."""

    def half(name: Name) -> Name:
        parts = re.split(r"[ -]", name.family)
        if len(parts) != 2 or len(parts[0]) < 4 or len(parts[1]) < 4 or _PARTICLE.match(name.family):
            return name
        return replace(name, family=rng.choice((" ".join(parts), "-".join(parts), parts[0], parts[1])))

    return _each_person(record, half)


def _joined_given(record: Record, rng: random.Random) -> Changed:
    """``Xiao-Ming``, ``Xiao Ming``, ``Xiaoming``."""

    def joined(name: Name) -> Name:
        parts = name.given.split("-")
        if len(parts) != 2 or not all(parts):
            return name
        return replace(name, given=rng.choice((" ".join(parts), parts[0] + parts[1].lower(), "".join(parts))))

    return _each_person(record, joined)


def _long_list_cut(record: Record, rng: random.Random) -> Changed:
    people = people_of(record)
    return with_values(record, author=Names(people[: rng.choice((1, 3, 5))], True)) if len(people) > 6 else None


# ---- true: titles ---------------------------------------------------------------------------------------------------

_LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ"}


def _ligatures(record: Record, rng: random.Random) -> Changed:
    """As text copied from a PDF has them."""
    title = record.title
    for letters, ligature in _LIGATURES.items():
        title = title.replace(letters, ligature)
    return with_values(record, title=title) if title != record.title else None


def _broken_lines(record: Record, rng: random.Random) -> Changed:
    """A word divided at the end of a line, as text copied from a PDF has it."""
    words = record.title.split()
    long = [at for at, word in enumerate(words) if re.fullmatch(r"[A-Za-z]?[a-z]{8,}", word)]
    if not long:
        return None
    at = rng.choice(long)
    place = rng.randint(3, len(words[at]) - 3)
    words[at] = f"{words[at][:place]}{rng.choice(('- ', chr(0xAD), '-'))}{words[at][place:]}"
    return with_values(record, title=" ".join(words))


def _other_signs(record: Record, rng: random.Random) -> Changed:
    """Dashes, quotation marks and colons of another kind."""
    title = record.title
    for sign, others in (
        (": ", (" - ", ". ", " — ", " – ", " : ")),
        ("'", ("’", "`")),
        ('"', ("“", "''")),
        ("-", ("‐", "–", "‑")),
        (" & ", (" and ", r" \& ")),
        (" and ", (" & ",)),
        ("?", ("",)),
        (", ", (" ",)),
        ("/", (" / ",)),
    ):
        title = title.replace(sign, rng.choice(others))
    return with_values(record, title=title) if title != record.title else None


def _footnote_in_title(record: Record, rng: random.Random) -> Changed:
    return with_values(record, title=record.title + rng.choice(("*", "†", ".", " (Extended Abstract)", " [online]")))


def _quoted_title(record: Record, rng: random.Random) -> Changed:
    left, right = rng.choice((("“", "”"), ('"', '"'), ("``", "''"), ("‘", ",’"), ("“", ",”")))
    return with_values(record, title=f"{left}{record.title}{right}")


def _entities(record: Record, rng: random.Random) -> Changed:
    title = record.title.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("'", "&#39;")
    return with_values(record, title=title) if title != record.title else None


_BRITISH = (
    ("ization", "isation"),
    ("izing", "ising"),
    ("ize", "ise"),
    ("odeling", "odelling"),
    ("ehavior", "ehaviour"),
    ("olor", "olour"),
    ("enter", "entre"),
    ("abeling", "abelling"),
    ("alyz", "alys"),
    ("avor", "avour"),
)


def _british(record: Record, rng: random.Random) -> Changed:
    title = record.title
    for here, there in _BRITISH:
        title = re.sub(rf"(?<=[a-z]){here}(?=s?\b|d\b|ed\b)", there, title)
    return with_values(record, title=title) if title != record.title else None


def _all_capitals(record: Record, rng: random.Random) -> Changed:
    changed = with_values(record, title=record.title.upper())
    return _capital_families(changed, rng) or changed


# ---- true: places ---------------------------------------------------------------------------------------------------


def _page_forms(record: Record, rng: random.Random) -> Changed:
    found = re.fullmatch(r"(\d+)[-–]+(\d+)", record.text("page"))
    if not found:
        return None
    first, last = found[1], found[2]
    common = 0
    while len(first) == len(last) and common < len(last) - 1 and first[common] == last[common]:
        common += 1
    return with_values(
        record,
        page=rng.choice(
            (
                f"pp. {first}-{last}",
                f"{first} - {last}",
                f"p. {first}",
                f"{first}ff.",
                f"{first}+",
                f"{first}–{last[common:]}",
                f"{first}—{last}",
                f"pages {first} to {last}",
                f"{first}--{last}.",
                f"{first}–",
                f"{first}-+",
            )
        ),
    )


def _pages_of_article(record: Record, rng: random.Random) -> Changed:
    """``12:1-12:25`` is article 12 with 25 pages."""
    found = re.fullmatch(r"(\d+):1[-–]+\1:(\d+)", record.text("page"))
    if not found:
        return None
    number, count = found[1], found[2]
    return with_values(
        record, page=rng.choice((number, f"1-{count}", f"{number}:1-{count}", f"Article {number}", f"{number}:{count}"))
    )


def _volume_forms(record: Record, rng: random.Random) -> Changed:
    volume, issue = record.text("volume"), record.text("issue")
    if not volume or record.journal == "CoRR":
        return None
    wordy = {"volume": f"vol. {volume}", "issue": f"no. {issue}" if issue else None}
    joined = {"volume": f"{volume}({issue})" if issue else volume, "issue": None}
    return with_values(record, **rng.choice((wordy, joined, {"issue": None})))


@lru_cache(maxsize=4000)
def acronym_of(venue: str) -> str:
    """The acronym in a name as DBLP writes it; "" for none."""
    found = re.search(r"(?:^|, )([A-Z][A-Za-z]*[A-Z][A-Za-z]*) (?:'\d\d|\d{4})[:,]", venue)
    return found[1] if found else ""


def _venue_forms(record: Record, rng: random.Random) -> Changed:
    """A conference as authors write it."""
    acronym, year = acronym_of(record.journal), record.year
    if not acronym or not year:
        return None
    short = f"{year % 100:02}"
    return with_values(
        record,
        **{
            "container-title": rng.choice(
                (
                    f"{acronym}'{short}",
                    f"{acronym} '{short}",
                    f"{acronym}-{short}",
                    f"{acronym}, {year}",
                    f"In {acronym}",
                    f"Proceedings of {acronym} {year}",
                    f"{year} {acronym}",
                    f"Proc. of the {acronym} Conference",
                    f"{acronym} ({year})",
                    f"Proceedings of the {acronym}",
                    f"{acronym.upper()}",
                    f"{acronym}{year}",
                )
            )
        },
    )


_WORDS_OF_VENUES = dict(
    pair.split("=")
    for pair in (
        "Proceedings=Proc. International=Int. Conference=Conf. Symposium=Symp. Annual=Annu. Computer=Comput. "
        "Computing=Comput. Computational=Comput. Systems=Syst. Processing=Process. Recognition=Recognit. "
        "Transactions=Trans. Journal=J. Engineering=Eng. Science=Sci. Sciences=Sci. Technology=Technol. "
        "Communications=Commun. Networks=Netw. Intelligence=Intell. Artificial=Artif. Learning=Learn. Machine=Mach. "
        "Research=Res. Applications=Appl. Applied=Appl. Information=Inf. Management=Manag. Letters=Lett. "
        "Mathematics=Math. Mathematical=Math. Medical=Med. Medicine=Med. Biology=Biol. Software=Softw. "
        "Robotics=Robot. Automation=Autom. Language=Lang. Languages=Lang. Linguistics=Linguist. Electronics=Electron. "
        "Security=Secur. Society=Soc. Association=Assoc. American=Am. European=Eur. Magazine=Mag. Review=Rev. "
        "Advances=Adv. Analysis=Anal. Acoustics=Acoust. Vision=Vis. Human=Hum. Empirical=Empir. Natural=Nat. "
        "Discovery=Discov. Distributed=Distrib. Programming=Program. Design=Des. Multimedia=Multimed. Wireless=Wirel. "
        "Statistics=Stat. Numerical=Numer. Optimization=Optim. Theoretical=Theor. Physics=Phys. Chemistry=Chem. "
        "Education=Educ. Graphics=Graph."
    ).split(" ")
)
_FIRST_PART = re.compile(r"(.*?)(?:, [A-Z][\w' -]* \d{4}\b.*|, (?=[A-Z][a-z]+, ).*)")


def _abbreviated_words(record: Record, rng: random.Random) -> Changed:
    """A venue whose words are abbreviated one by one, with or without full stops."""
    venue = record.journal
    if found := _FIRST_PART.fullmatch(venue):
        venue = found[1]
    venue = re.sub(
        r"^[A-Z][\w-]* '\d\d: |^(?:19|20)\d\d |^(?:The )?(?:\d+(?:st|nd|rd|th)|[A-Z][a-z-]+(?:st|nd|rd|th)) ", "", venue
    )
    words = [
        _WORDS_OF_VENUES.get(word, word)
        for word in venue.split()
        if word not in ("of", "on", "the", "for", "and", "in", "The")
    ]
    name = " ".join(words)
    if name == record.journal or len(words) < 3 or record.journal == "CoRR" or "," in venue:
        return None
    return with_values(record, **{"container-title": name.replace(".", "") if rng.random() < 0.3 else name})


def _wordy_venue(record: Record, rng: random.Random) -> Changed:
    """With series, publisher, place or pages after the name."""
    venue, year = record.journal, record.year
    if not venue or venue == "CoRR":
        return None
    name = venue.split(",")[0] if record.type == "paper-conference" and acronym_of(venue) else venue
    if len(name.split()) < 3:
        return None
    before = (
        "In Proceedings of the "
        if record.type == "paper-conference" and not re.match("Proceedings|The|[A-Z]+ '", name)
        else ""
    )
    after = rng.choice(
        (f", {year}", f" ({acronym_of(venue)})" if acronym_of(venue) else "", ". IEEE", ". ACM, New York, NY, USA", "")
    )
    changed = f"{before}{name}{after}"
    return with_values(record, **{"container-title": changed}) if changed != venue else None


def _doi_forms(record: Record, rng: random.Random) -> Changed:
    doi = record.doi
    if not doi:
        return None
    if rng.random() < 0.3:
        return with_values(record, DOI=None, URL=f"http://dx.doi.org/{doi}")
    return with_values(
        record, DOI=rng.choice((f"https://doi.org/{doi}", f"doi:{doi}", f"{doi}.", f" {doi}", f"DOI {doi}"))
    )


def _more_besides(record: Record, rng: random.Random) -> Changed:
    """A note, a publisher and a place that the source does not know."""
    if record.journal == "CoRR":
        return None
    place = {"publisher-place": rng.choice(("Red Hook", "New York", "Cham"))}
    return with_values(record, publisher="Curran Associates, Inc.", note="Accepted", **place)


def _several_more(record: Record, rng: random.Random) -> Changed:
    """Some of these ways together."""
    changed = record
    for change in rng.sample(
        (
            _bare_initials,
            _abbreviated_words,
            _page_forms,
            _other_signs,
            _volume_forms,
            _doi_forms,
            _ligatures,
            _capital_families,
            _long_list_cut,
            _venue_forms,
        ),
        4,
    ):
        changed = change(changed, rng) or changed
    return changed


MORE_TRUE: dict[str, Callable[[Record, random.Random], Changed]] = {
    "initials without stops": _bare_initials, "first initial only": _first_initial,
    "initials with hyphens": _hyphenated_initials, "initials of some": _mixed_initials,
    "et al. as a name": _et_al_as_a_name, "given and family swapped": _swapped_parts,
    "families in capitals": _capital_families, "umlauts as two letters": _digraphs, "short given names": _short_names,
    "particles moved": _particles, "half a double name": _double_names, "given names joined": _joined_given,
    "long list cut": _long_list_cut, "ligatures": _ligatures, "words divided": _broken_lines,
    "other signs": _other_signs, "footnote in title": _footnote_in_title, "title in quotes": _quoted_title,
    "entities": _entities, "British spelling": _british, "all in capitals": _all_capitals,
    "forms of pages": _page_forms, "pages of an article": _pages_of_article, "forms of volumes": _volume_forms,
    "forms of conferences": _venue_forms, "venue abbreviated word by word": _abbreviated_words,
    "venue with more": _wordy_venue, "forms of DOIs": _doi_forms, "more than is known": _more_besides,
    "several of the new ways": _several_more,
}  # fmt: skip
