"""A small finished list for the tests of targets, and one whose text tries to break out of each of them."""

from __future__ import annotations

from bibtool.cv.document import (
    Author,
    Entry,
    LegendLine,
    Link,
    Profile,
    PublicationList,
    Section,
    Summary,
)
from bibtool.model.dates import Date
from bibtool.model.identifiers import ArxivId
from bibtool.model.names import Name, Names, parse_name
from bibtool.model.record import Arxiv, Record, Verbatim
from bibtool.model.richtext import Text
from bibtool.styles.rich import CLOSE, OPEN, Mark


def entry(
    key: str, title: str, authors: list[str], year: int, *, owner: int = 0, kind: str = "journal", number: int = 1
) -> Entry:
    """An entry as the list builder makes it: "A. One, **B. Owner** (2020). *Title*. Journal 1."."""
    people = [parse_name(one) for one in authors]
    record = Record(
        key=key,
        type={"journal": "article-journal", "preprint": "article", "conference": "paper-conference"}[kind],
        variables={
            "title": Text.of(title),
            "author": Names(tuple(people)),
            "issued": Date.of(year, 3),
            "container-title": Text.of("Journal of Tests & Trials"),
            "DOI": Verbatim(f"10.5555/{key}"),
            "abstract": Text.of("What was done, and what came of it."),
        },
        arxiv=Arxiv(id=ArxivId("2203.91360")),
    )
    run: list[str | Mark] = []
    for index, name in enumerate(people):
        run += [", "] if index else []
        run += [OPEN["bold"], name.display(), CLOSE["bold"]] if index == owner else [name.display()]
    run += [f" ({year}). ", OPEN["italic"], title, CLOSE["italic"], ". Journal of Tests & Trials 1."]
    return Entry(
        key=key,
        number=number,
        run=tuple(run),
        record=record,
        authors=tuple(
            Author(name=name, owner=index == owner, marks=("equal",) if index == 0 else (), signs="*" * (index == 0))
            for index, name in enumerate(people)
        ),
        links=(
            Link(kind="doi", label="DOI", url=f"https://doi.org/10.5555/{key}"),
            Link(kind="arxiv", label="arXiv:2203.91360", url="https://arxiv.org/abs/2203.91360"),
        ),
        kind=kind,
        year=year,
    )


def sample() -> PublicationList:
    """Two sections, three entries, numbered down over all; a legend; a summary."""
    journal = (
        entry("ash2024field", "Fields, Rivers and 3D Maps", ["Bea Ash", "Çelik Öz"], 2024, owner=0, number=3),
        entry("oz2022index", "An Index of Rivers", ["Çelik Öz", "Bea Ash", "Dan de la Cruz"], 2022, owner=1, number=2),
    )
    preprint = (entry("ash2023draft", "A Draft on Maps", ["Bea Ash"], 2023, kind="preprint"),)
    return PublicationList(
        title="Publications",
        profile=Profile(
            name="Bea Ash",
            links=(Link(kind="orcid", label="0000-0002-1825-0097", url="https://orcid.org/0000-0002-1825-0097"),),
        ),
        sections=(
            Section(id="journal", heading="Journal articles", entries=journal),
            Section(id="preprint", heading="Preprints", entries=preprint),
        ),
        legend=(LegendLine("*", "equal contribution", "equal"),),
        summary=Summary(
            total=3,
            by_kind=(("journal", "Journal articles", 2), ("preprint", "Preprints", 1)),
            by_year=((2022, 1), (2023, 1), (2024, 1)),
        ),
        hanging=True,
    )


HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    r"\input{/etc/passwd}\write18{touch x}\end{document}\csname x\endcsname ^^M % ~ $x$ & # _",
    "{{ 7*7 }}{% for x in y %}{# c #}${7*7}<%= 7*7 %>#{7*7}",
    "right\u202eto left\u202c \u2066isolate\u2069 zero\u200bwidth",
    "`code` **bold** [link](javascript:alert(1)) | cell |\n---\n# heading\n- item",
    '#import "x": *\n#eval("1") $ x $ @label <label>',
    "---\nkey: value\n...\n!!python/object:os.system 'x' &anchor *anchor ]]>  \x00\x1b[31m\x07",
    r"{\rtf1 \field{\*\fldinst HYPERLINK} } \'41 \u65?",
    "=HYPERLINK(\"http://x\")\t+cmd|' /C calc'!A0",
)


def hostile() -> PublicationList:
    """A list in which every text that a record brings along is one of `HOSTILE`."""
    entries = []
    for at, text in enumerate(HOSTILE):
        base = entry(f"bad{at}", text, ["Bea Ash", "X Y"], 2020 + at % 3, number=at + 1)
        people = (Name(literal=text), Name(family="Ash", given=text))
        record = base.record.with_values(
            {"author": Names(people), "abstract": Text.of(text), "container-title": Text.of(text)}
        )
        entries.append(
            Entry(
                key=base.key,
                number=base.number,
                run=(text, OPEN["bold"], text, CLOSE["bold"], Mark("link", href=f"javascript:{text}"), text,
                     Mark("link", close=True)),
                record=record,
                authors=(Author(name=people[0], owner=True), Author(name=people[1], signs="*")),
                links=(Link(kind="code", label=text, url='https://example.org/"><script>alert(1)</script>?a=b&c={{x}}'),),
                status=text,
                kind="journal",
                year=base.year,
                tags=(text,),
            )
        )  # fmt: skip
    return PublicationList(
        title=HOSTILE[0],
        profile=Profile(name=HOSTILE[1]),
        sections=(Section(id="journal", heading=HOSTILE[2], entries=tuple(entries)),),
        legend=(LegendLine("*", HOSTILE[3], "equal"),),
        summary=Summary(total=len(entries), by_kind=(("journal", HOSTILE[0], len(entries)),), by_year=((2020, 9),)),
    )
