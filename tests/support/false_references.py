"""A closed world of references: records, true references to them as people write them, and false ones of each kind.

Everything comes from the seed. False references are made of true records by one change each, named by its kind; true
ones vary as real bibliographies do: abbreviated venues, initials, missing fields, accents as LaTeX, ``and others``.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bibtool.formats.registry import write_bytes
from bibtool.model.identifiers import ArxivId
from bibtool.model.names import Name, Names
from bibtool.model.record import Arxiv, Record
from tests.support.reference_fakes import MORE_FALSE
from tests.support.reference_noise import MORE_TRUE, with_values


@dataclass(frozen=True)
class Reference:
    """A reference under a key of its own; ``kind`` is "true: ..." or what was falsified."""

    record: Record
    kind: str

    @property
    def is_true(self) -> bool:
        return self.kind.startswith("true")


# ---- a world --------------------------------------------------------------------------------------------------------

_GIVEN = (
    "Ada Bjørn Chloé Dmitri Elif Farid Greta Hiroshi Inés Jürgen Kavita Li Maria Nadia Oskar Priya Quentin Rosa Søren "
    "Tomás Ulla Viktor Wei Xiaoming Yuki Zoë Anna-Lena Jean-Luc Mohammed Ruth".split()
)
_FAMILY = (
    "Abbott Brandão Castillo Dvořák Eriksson Fontaine Grünwald Hashimoto Iyer Jankowski Köhler Lindqvist Moreau "
    "Nakamura Okafor Petrov Quispe "
    "Rossi Schäfer Takahashi Ueda Vasquez "
    "Weber Xu Yilmaz Zhang Łukasik O'Neill Ferreira Nguyen "
    "Holmberg Karlsson Tanaka Moretti Baumann Kowalczyk Fischer Andersen Silva Haddad".split()
)
_SUBJECTS = (
    "lattice codes|sparse tensors|image segmentation|program synthesis|stream processing|query optimization|"
    "protein folding|crowd simulation|wireless scheduling|speech separation|graph coloring|robot grasping|"
    "medical imaging|traffic forecasting|type inference|cache coherence|memory safety|topic models|route planning|"
    "sensor fusion|key exchange|anomaly detection|dialogue systems|texture synthesis|floorplan generation|"
    "bandit problems|matrix completion|code review|log analysis|energy markets"
).split("|")
_METHODS = (
    "variational inference|randomized rounding|contrastive learning|symbolic execution|spectral methods|diffusion|"
    "reinforcement learning|convex relaxation|attention|bilevel optimization|message passing|kernel regression|"
    "abstract interpretation|active sampling|hashing|genetic search|linear programming|self-training|"
    "curriculum design|adaptive meshes"
).split("|")
_ADJECTIVES = (
    "Fast Robust Provable Adaptive Scalable Private Distributed Online Certified Incremental Lazy Fair".split()
)
_FORMS = (
    "{adj} {s} with {m}", "Towards {adj2} {s} by {m}", "{adj} {m} for {s} in {x} Environments",
    "On {s} and {m}: {x} Bounds", "{adj} and {adj2} {s} using {m}",
    "Learning {s} from {x} Data via {m}", "A {adj2} Approach to {s} without {m}",
    "How {adj2} is {s}? A Study of {m} under {x} Noise",
    "{m} Meets {s}: {adj} Algorithms for {x} Inputs",
)  # fmt: skip
_X = "Noisy Dynamic Large Mobile Hostile Sparse Mixed Partial Legacy Streaming Rural Urban Offline Remote".split()
_CONFERENCES = (
    ("IEEE/CVF Conference on Computer Vision and Pattern Recognition, CVPR {y}, Seattle, WA, USA, June 13-19, {y}",
     ("CVPR", "Proceedings of the IEEE/CVF Conference on Computer Vision and Pattern Recognition", "Proc. CVPR",
      "IEEE Conf. Comput. Vis. Pattern Recognit."), "10.1109/CVPR52688.{y}.{n}"),
    (("Advances in Neural Information Processing Systems {v}: Annual Conference on Neural Information Processing "
     "Systems {y}, NeurIPS {y}, December 6-12, {y}, virtual"),
     ("NeurIPS", "Advances in Neural Information Processing Systems", "NeurIPS {v}", "NeurIPS {y}"), ""),
    ("Proceedings of the {o} International Conference on Machine Learning, ICML {y}, 13-18 July {y}, Virtual Event",
     ("ICML", "International Conference on Machine Learning", "Proc. of ICML {y}", "Int. Conf. Mach. Learn."), ""),
    (("Proceedings of the {y} Conference on Empirical Methods in Natural Language Processing, EMNLP {y}, Online, "
     "November 16-20, {y}"),
     ("EMNLP", "Empirical Methods in Natural Language Processing", "Proc. EMNLP"), "10.18653/v1/{y}.emnlp-main.{n}"),
    (("KDD '{s}: The {o} ACM SIGKDD Conference on Knowledge Discovery and Data Mining, Virtual Event, CA, USA, August "
     "23-27, {y}"),
     ("KDD", "ACM SIGKDD Conference on Knowledge Discovery and Data Mining", "Proceedings of KDD"),
     "10.1145/{n}.{n}"),
    (("{o} Annual Conference of the International Speech Communication Association, Interspeech {y}, Graz, Austria, "
     "September 15-19, {y}"), ("Interspeech", "INTERSPEECH {y}", "Proc. Interspeech"), "10.21437/Interspeech.{y}-{n}"),
)  # fmt: skip
_JOURNALS = (
    ("IEEE Transactions on Pattern Analysis and Machine Intelligence",
     ("IEEE Trans. Pattern Anal. Mach. Intell.", "TPAMI"), "10.1109/TPAMI.{y}.{n}"),
    ("Journal of Machine Learning Research", ("J. Mach. Learn. Res.", "JMLR"), ""),
    ("Communications of the ACM", ("Commun. ACM",), "10.1145/{n}"),
    ("SIAM Journal on Numerical Analysis", ("SIAM J. Numer. Anal.",), "10.1137/{n}"),
    ("Artificial Intelligence", ("Artif. Intell.",), "10.1016/j.artint.{y}.{n}"),
)  # fmt: skip


def make_world(size: int, seed: int = 1) -> list[Record]:
    """Records of invented papers: conference papers, articles, and preprints, some of which were published later."""
    rng = random.Random(seed)
    records: list[Record] = []
    while len(records) < size:
        at = len(records)
        title = _invented_title(rng)
        people = _people(rng)
        year = rng.randint(2005, 2024)
        roll = rng.random()
        if roll < 0.2:
            records.append(_preprint(rng, f"p{at}", title, people, year))
            if roll < 0.07:
                records.append(_published(rng, f"c{at}", title, people, year + 1))
        else:
            records.append(_published(rng, f"c{at}", title, people, year))
    return records[:size]


def _invented_title(rng: random.Random) -> str:
    adj, adj2 = rng.sample(_ADJECTIVES, 2)
    text = rng.choice(_FORMS).format(
        adj=adj, adj2=adj2, s=rng.choice(_SUBJECTS).title(), m=rng.choice(_METHODS).title(), x=rng.choice(_X)
    )
    return f"{_coined(rng)}: {text}" if rng.random() < 0.3 else text


def _coined(rng: random.Random) -> str:
    return "".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in range(3)).title() + rng.choice(
        ("", "Net")
    )


def _people(rng: random.Random) -> Names:
    number = rng.choice((1, 2, 2, 3, 3, 4, 5, 8))
    families = rng.sample(_FAMILY, number)
    return Names(tuple(Name(given=_given(rng), family=family) for family in families))


def _given(rng: random.Random) -> str:
    given = rng.choice(_GIVEN)
    return f"{given} {rng.choice('ABCDEFGHJKLM')}." if rng.random() < 0.3 else given


def _preprint(rng: random.Random, key: str, title: str, people: Names, year: int) -> Record:
    year = max(year, 2008)
    digits = 4 if year < 2015 else 5
    number = f"{year % 100:02}{rng.randint(1, 12):02}.{rng.randint(1, 9999):0{digits}}"
    arxiv = Arxiv(id=ArxivId(number), latest=rng.randint(1, 4))
    return Record(
        key, "article-journal", title=title, author=people, issued=year, arxiv=arxiv,
        variables={"container-title": "CoRR", "volume": f"abs/{number}"},
    )  # fmt: skip


def _published(rng: random.Random, key: str, title: str, people: Names, year: int) -> Record:
    number, first = rng.randint(10_000, 9_999_999), rng.randint(1, 3000)
    volume = year - 1987
    formed = {"y": year, "n": number, "v": volume, "s": f"{year % 100:02}", "o": f"{year - 1985}th"}
    values: dict[str, str] = {"page": f"{first}-{first + rng.randint(5, 30)}"}
    if rng.random() < 0.65:
        name, _, doi = rng.choice(_CONFERENCES)
        kind = "paper-conference"
    else:
        name, _, doi = rng.choice(_JOURNALS)
        kind = "article-journal"
        values |= {"volume": str(volume), "issue": str(rng.randint(1, 12))}
    if doi:
        values["DOI"] = doi.format(**formed)
    values["container-title"] = name.format(**formed)
    return Record(key, kind, title=title, author=people, issued=year, variables=values)


# ---- true references ------------------------------------------------------------------------------------------------


def _abbreviated_venue(record: Record, rng: random.Random) -> Record | None:
    venue = record.journal
    for name, short, _ in (*_CONFERENCES, *_JOURNALS):
        pattern = re.escape(name)
        for mark, digits in (("y", r"\d{4}"), ("v", r"\d+"), ("s", r"\d\d"), ("o", r"\d+th")):
            pattern = pattern.replace(re.escape(f"{{{mark}}}"), digits)
        if re.fullmatch(pattern, venue):
            year = record.year or 0
            return with_values(record, **{"container-title": rng.choice(short).format(y=year, v=year - 1987)})
    if acronym := re.search(r", ([A-Z][A-Za-z-]*[A-Z]) \d{4}, ", venue):  # DBLP's way
        return with_values(record, **{"container-title": rng.choice((acronym[1], f"Proc. {acronym[1]}"))})
    head, _, rest = venue.partition(",")
    if not re.search(r"\d{4}", rest.split(",")[0]):  # a comma within the name
        return None
    return with_values(record, **{"container-title": head}) if head != venue and len(head.split()) > 4 else None


def _initials(record: Record, rng: random.Random) -> Record | None:
    people = record.names("author").names
    if not people or any(name.literal for name in people):
        return None
    short = tuple(
        replace(name, given=" ".join(f"{part[0]}." for part in re.split(r"[ -]", name.given) if part))
        for name in people
    )
    return with_values(record, author=Names(short))


def _fewer_fields(record: Record, rng: random.Random) -> Record | None:
    dropped = rng.sample(("DOI", "page", "volume", "issue", "publisher", "editor", "URL"), 4)
    return with_values(record, **dict.fromkeys(dropped))


def _cut_with_others(record: Record, rng: random.Random) -> Record | None:
    people = record.names("author").names
    return (
        with_values(record, author=Names(people[: rng.randint(1, len(people) - 1)], True)) if len(people) > 2 else None
    )


def _capitals(record: Record, rng: random.Random) -> Record | None:
    text = record.title
    return with_values(record, title=rng.choice((text.lower(), text.upper(), text.replace("-", " "), f"{text}.")))


def _first_page(record: Record, rng: random.Random) -> Record | None:
    pages = record.text("page")
    return with_values(record, page=re.split("[-–]+", pages)[0]) if re.fullmatch(r"\d+[-–]+\d+", pages) else None


def _homonyms_away(record: Record, rng: random.Random) -> Record | None:
    people = record.names("author").names
    return with_values(record, author=Names(tuple(replace(name, homonym="") for name in people))) if people else None


_SUBTITLE = re.compile(r"(.{8,}?)[:?] ")


def _without_subtitle(record: Record, rng: random.Random) -> Record | None:
    found = _SUBTITLE.match(record.title)
    return with_values(record, title=found[1]) if found and len(found[1].split()) > 1 else None


def _accents_lost(record: Record, rng: random.Random) -> Record | None:
    people = record.names("author").names
    if not people or all(name.display().isascii() for name in people):
        return None
    return with_values(
        record, author=Names(tuple(replace(n, given=_plain(n.given), family=_plain(n.family)) for n in people))
    )


_UNCOMPOSED = {ord(letter): plain for letter, plain in zip("øØłŁßæœđı", "o O l L ss ae oe d i".split(), strict=True)}


def _plain(text: str) -> str:
    text = text.translate(_UNCOMPOSED)
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _middle_names_gone(record: Record, rng: random.Random) -> Record | None:
    people = record.names("author").names
    if not any(" " in name.given for name in people):
        return None
    return with_values(record, author=Names(tuple(replace(name, given=name.given.split(" ")[0]) for name in people)))


def _title_case(record: Record, rng: random.Random) -> Record | None:
    return with_values(record, title=" ".join(word[:1].upper() + word[1:] for word in record.title.split(" ")))


def _bare(record: Record, rng: random.Random) -> Record | None:
    """No more than people, title and year, as a list of references in a preprint has."""
    kept = {"title", "author", "issued", "container-title"}
    return with_values(record, **dict.fromkeys(name for name in record.variables if name not in kept))


def _other_type(record: Record, rng: random.Random) -> Record | None:
    """The wrong type of entry: an article of a conference paper, and the other way round."""
    other = {"paper-conference": "article-journal", "article-journal": "paper-conference"}.get(record.type)
    return replace(record, type=other) if other and record.journal != "CoRR" else None


def _as_eprint(record: Record, rng: random.Random) -> Record | None:
    if record.journal != "CoRR" or record.arxiv is None or record.arxiv.id is None:
        return None
    name = rng.choice(("arXiv", "arXiv preprint", f"arXiv preprint arXiv:{record.arxiv.id.number}", "arXiv e-prints"))
    return with_values(
        record, **{"container-title": name, "volume": rng.choice((None, f"abs/{record.arxiv.id.number}"))}
    )


def _online_year(record: Record, rng: random.Random) -> Record | None:
    """The year in which an article appeared online, before or after that of its issue."""
    if record.type != "article-journal" or record.journal == "CoRR" or not record.year:
        return None
    return with_values(record, issued=record.year + rng.choice((-1, 1)))


def _series_as_venue(record: Record, rng: random.Random) -> Record | None:
    series = record.text("collection-title")
    return with_values(record, **{"container-title": series, "collection-title": None}) if series else None


def _doi_as_address(record: Record, rng: random.Random) -> Record | None:
    doi = record.doi
    return (
        with_values(record, DOI=rng.choice((doi.upper(), doi.lower())), URL=f"https://doi.org/{doi}") if doi else None
    )


def _several(record: Record, rng: random.Random) -> Record | None:
    """Some of these ways together."""
    changed = record
    for change in rng.sample((_initials, _abbreviated_venue, _fewer_fields, _capitals, _accents_lost, _first_page), 3):
        changed = change(changed, rng) or changed
    return changed


def _same(record: Record, rng: random.Random) -> Record | None:
    return record


TRUE: dict[str, Callable[[Record, random.Random], Record | None]] = {
    "as it is": _same, "venue abbreviated": _abbreviated_venue, "initials": _initials, "fewer fields": _fewer_fields,
    "and others": _cut_with_others, "case and hyphens": _capitals, "first page only": _first_page,
    "no homonym numbers": _homonyms_away, "subtitle dropped": _without_subtitle, "accents lost": _accents_lost,
    "middle names gone": _middle_names_gone, "title case": _title_case, "people, title, venue and year": _bare,
    "other type of entry": _other_type, "arXiv in other words": _as_eprint, "year of online version": _online_year,
    "series as venue": _series_as_venue, "DOI in other case": _doi_as_address, "several ways together": _several,
}  # fmt: skip


# ---- false references -----------------------------------------------------------------------------------------------


def _invented_doi(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    if not record.doi:
        return None
    return with_values(
        record, DOI=f"{record.doi.split('/')[0]}/{rng.randint(10**6, 10**7)}.{rng.randint(10**6, 10**7)}"
    )


def _invented_venue(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    if not record.journal or record.journal == "CoRR":
        return None
    subject = rng.choice(_SUBJECTS).title()
    name = rng.choice(
        (f"International Conference on Applied {subject}", f"Journal of {subject} and Society", f"{subject} Letters")
    )
    return with_values(record, **{"container-title": name})


_PLACEHOLDERS = (
    (("A.", "Author"), ("B.", "Author")), (("Firstname", "Lastname"),), (("John", "Doe"), ("Jane", "Smith")),
    (("First", "Author"), ("Second", "Author")), (("", "Anonymous"),), (("X.", "Y"), ("Z.", "W")),
)  # fmt: skip


def _placeholder_authors(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    names = tuple(Name(given=given, family=family) for given, family in rng.choice(_PLACEHOLDERS))
    return with_values(record, author=Names(names))


def _future_year(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    return with_values(record, issued=2027 + rng.randint(0, 3))


def _invented_title_of_real_people(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    return with_values(record, title=_invented_title(rng), DOI=None, page=None)


def _wrong_venue(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    if not record.journal or record.journal == "CoRR":
        return None
    mine = set(re.findall(r"[A-Za-z]{4,}", record.journal.casefold()))
    for _ in range(50):
        other = rng.choice(world).journal
        theirs = set(re.findall(r"[A-Za-z]{4,}", other.casefold()))
        if other and other != "CoRR" and len(mine & theirs) * 3 < len(mine | theirs):
            return with_values(record, **{"container-title": other.split(",")[0]})
    return None


def _swapped_authors(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    people = list(record.names("author").names)
    if len(people) < 2:
        return None
    at = rng.randrange(len(people) - 1)
    people[at], people[at + 1] = people[at + 1], people[at]
    return with_values(record, author=Names(tuple(people)))


def _cut_authors(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    people = record.names("author").names
    return with_values(record, author=Names(people[: rng.randint(1, len(people) - 1)])) if len(people) > 1 else None


def _added_author(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    people = [*record.names("author").names]
    if not people:
        return None
    people.insert(rng.randint(0, len(people)), Name(given="Quirin", family="Zettelmann"))
    return with_values(record, author=Names(tuple(people)))


def _preprint_published_elsewhere(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    twins = [other for other in world if other.title == record.title and other is not record]
    if record.journal != "CoRR" or twins:
        return None
    _name, short, _ = rng.choice(_CONFERENCES)
    return replace(
        with_values(record, **{"container-title": rng.choice(short).format(y=record.year, v="31"), "volume": None}),
        type="paper-conference",
    )


def _doi_of_another(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    dois = [other.doi for other in rng.sample(world, min(60, len(world))) if other.doi and other.doi != record.doi]
    return with_values(record, DOI=dois[0]) if dois else None


def _two_merged(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    other = rng.choice(world)
    if other.title == record.title or not other.names("author") or other.names("author") == record.names("author"):
        return None
    return with_values(record, author=other.names("author"))


_OTHER_WORDS = {
    "for": "towards", "with": "without", "of": "from", "and": "versus", "in": "beyond", "on": "against", "a": "the",
    "using": "via", "by": "through", "towards": "for", "from": "for", "via": "with", "to": "for", "under": "for",
}  # fmt: skip
_REPLACEMENTS = "Efficient Deep Hierarchical Neural Bayesian Secure Dynamic Modular Quantum Federated".split()


def _title_off_by_a_word(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    words = record.title.split()
    if len(words) < 4:
        return None
    places = [at for at, word in enumerate(words) if word.casefold() in _OTHER_WORDS]
    if places and rng.random() < 0.5:
        at = rng.choice(places)
        words[at] = _OTHER_WORDS[words[at].casefold()]
    elif rng.random() < 0.5:
        at = rng.randrange(len(words))
        words[at] = rng.choice([word for word in _REPLACEMENTS if word not in words])
    else:
        words.insert(rng.randrange(len(words)), rng.choice([word for word in _REPLACEMENTS if word not in words]))
    return with_values(record, title=" ".join(words))


def _wholly_invented(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    made = _published(rng, record.key, _invented_title(rng), _people(rng), rng.randint(2010, 2025))
    return with_values(made, DOI=None) if rng.random() < 0.5 else made


def _versions_mixed(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    """The venue of the publication with the year of another one, or a version that a preprint does not have."""
    if record.arxiv is not None and record.arxiv.id is not None:
        late = replace(record.arxiv.id, version=(record.arxiv.latest or 1) + rng.randint(1, 5))
        return replace(record, arxiv=replace(record.arxiv, id=late)) if record.arxiv.latest else None
    year = record.year
    return with_values(record, issued=year + rng.choice((-3, -2, 2, 3))) if year else None


def _publication_as_preprint_year(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    """The publication with the year of its preprint, or the preprint with pages and year of the publication."""
    twins = _twins(world).get(record.title, [])
    others = [other for other in twins if (other.journal == "CoRR") != (record.journal == "CoRR")]
    if not others or others[0].year == record.year:
        return None
    changed = with_values(record, issued=others[0].year)
    return with_values(changed, page=others[0].text("page") or None) if record.journal == "CoRR" else changed


_TWINS: dict[int, dict[str, list[Record]]] = {}


def _twins(world: Sequence[Record]) -> dict[str, list[Record]]:
    if id(world) not in _TWINS:
        by_title: dict[str, list[Record]] = {}
        for record in world:
            by_title.setdefault(record.title, []).append(record)
        _TWINS[id(world)] = by_title
    return _TWINS[id(world)]


def _author_replaced(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    people = list(record.names("author").names)
    at = rng.randrange(len(people))
    people[at] = rng.choice(rng.choice(world).names("author").names or (Name(given="Quirin", family="Zettelmann"),))
    return with_values(record, author=Names(tuple(people))) if people[at] not in record.names("author").names else None


def _given_name_changed(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    people = list(record.names("author").names)
    at = rng.randrange(len(people))
    given = rng.choice([name for name in _GIVEN if name[0] != people[at].given[:1]])
    people[at] = replace(people[at], given=given)
    return with_values(record, author=Names(tuple(people))) if people[at].family else None


def _wrong_volume(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    volume = record.text("volume")
    return with_values(record, volume=str(int(volume) + rng.randint(2, 9))) if volume.isdigit() else None


def _other_edition(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    """A venue of another year than the paper's."""
    found = re.search(r"\b([A-Z][A-Za-z]*[A-Z]) (\d{4}),", record.journal)
    return (
        with_values(record, **{"container-title": f"{found[1]} {int(found[2]) + rng.choice((-2, 2))}"})
        if found
        else None
    )


def _wrong_pages(record: Record, rng: random.Random, world: Sequence[Record]) -> Record | None:
    first = rng.randint(4000, 9000)
    return (
        with_values(record, page=f"{first}-{first + 9}") if re.fullmatch(r"\d+[-–]+\d+", record.text("page")) else None
    )


FALSE: dict[str, Callable[[Record, random.Random, Sequence[Record]], Record | None]] = {
    "invented DOI": _invented_doi, "venue that does not exist": _invented_venue,
    "placeholder authors": _placeholder_authors, "future year": _future_year,
    "real people, invented title": _invented_title_of_real_people, "wrong venue": _wrong_venue,
    "authors swapped": _swapped_authors, "authors cut": _cut_authors, "author added": _added_author,
    "preprint said to be published": _preprint_published_elsewhere, "DOI of another paper": _doi_of_another,
    "two papers merged": _two_merged, "title off by a word": _title_off_by_a_word, "wholly invented": _wholly_invented,
    "versions mixed": _versions_mixed, "wrong pages": _wrong_pages,
    "year or pages of the other version": _publication_as_preprint_year, "author replaced": _author_replaced,
    "given name changed": _given_name_changed, "wrong volume": _wrong_volume, "venue of another year": _other_edition,
}  # fmt: skip


def references(world: Sequence[Record], number: int, seed: int = 2) -> Iterator[Reference]:
    """As many true as false references, evenly of all kinds that the world allows."""
    rng = random.Random(seed)
    papers = [record for record in world if record.title and record.names("author")]
    true, false = {**TRUE, **MORE_TRUE}, {**FALSE, **MORE_FALSE}
    for kinds, prefix in ((list(true), "true: "), (list(false), "")):
        made = tries = 0
        while made < number and tries < 20 * number:
            kind = kinds[tries % len(kinds)]
            tries += 1
            record = rng.choice(papers)
            changed = true[kind](record, rng) if prefix else false[kind](record, rng, world)
            if changed is None or (not prefix and changed == record):
                continue
            made += 1
            yield Reference(replace(changed, key=f"{'t' if prefix else 'f'}{made}"), prefix + kind)


def as_bibtex(given: Sequence[Reference], rng: random.Random | None = None) -> bytes:
    """The references as a BibTeX file: accents as LaTeX, and here and there a title in braces of its own."""
    text = write_bytes([each.record for each in given], "bibtex").data.decode()
    rng = rng or random.Random(3)
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if (found := re.match(r"(\s*title\s*=\s*)\{(.*)\},$", line)) and rng.random() < 0.2:
            lines[at] = f"{found[1]}{{{{{found[2]}}}}},"
    return "\n".join(lines).encode()
