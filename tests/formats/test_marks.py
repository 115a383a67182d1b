"""Marks and ORCID iDs of names in each format: where they stand, and that a loss is told."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given

from bibtool.formats import cff, crossref, datacite, jats, mods, nbib
from bibtool.formats.base import ReadOptions, WriteOptions
from bibtool.formats.csl import json as csljson
from bibtool.formats.csl import jsonwriter
from bibtool.formats.registry import FORMATS, reader_of, writer_of
from bibtool.model.marks import bare, has_marks, has_orcids
from bibtool.model.names import Name, Names
from bibtool.model.record import Leftover, Record
from bibtool.model.richtext import Text
from tests.property import strategies as own
from tests.property.test_formats import TOLERANT

OPTIONS = ReadOptions()
CARBERRY, OTHER = "0000-0002-1825-0097", "0000-0001-5109-3700"
ASH = Name(family="Ash", given="Bea", marks=("equal", "corresponding"), orcid=CARBERRY)
BELL = Name(family="Bell", given="Cy", orcid=OTHER)
TEAM = Name(literal="The Invented Team", marks=("house-mark",))
RECORD = Record(
    key="k",
    type="article-journal",
    variables={"title": Text.of("T"), "author": Names((ASH, BELL, TEAM), False, ("alphabetical",))},
)
WHOLE = ["csl-json", "csl-yaml", "bibtex", "biblatex"]
WITH_ORCIDS = ["cff", "mods", "nbib"]
WRITERS = [one.name for one in FORMATS if one.writer and one.reader and one.name != "ids"]


@pytest.mark.parametrize("name", WRITERS)
def test_a_format_keeps_them_or_says_that_it_does_not(name: str) -> None:
    written = writer_of(name)([RECORD], WriteOptions())
    told = " ".join(problem.message for problem in written.problems if problem.code == "not-representable")
    names = reader_of(name)(written.data, OPTIONS).records[0].names("author")
    assert bare(names) == bare(RECORD.names("author"))
    if name in WHOLE:
        assert names == RECORD.names("author")
        assert told == ""
        return
    assert not has_marks(names)
    assert "marks of author" in told
    assert has_orcids(names) == (name in WITH_ORCIDS)
    assert ("ORCID iDs of author" in told) == (name not in WITH_ORCIDS)


@pytest.mark.slow
@pytest.mark.parametrize("name", WITH_ORCIDS)
@TOLERANT
@given(record=own.plain_articles(), orcids=own.orcids)
def test_articles_with_orcid_ids_come_back(name: str, record: Record, orcids: str) -> None:
    names = record.names("author")
    marked = Names((replace(names[0], orcid=orcids), *names.names[1:]))
    record = record.with_values({"author": marked})
    written = writer_of(name)([record], WriteOptions())
    assert written.problems == ()
    assert reader_of(name)(written.data, OPTIONS).records == (record,)


# -- CSL -------------------------------------------------------------------------------------------------------------


def test_csl_json_holds_them_beside_the_names() -> None:
    item = json.loads(jsonwriter.write([RECORD], WriteOptions()).data)[0]
    assert item["author"][0] == {"family": "Ash", "given": "Bea"}
    assert item["custom"]["bibtool"]["marks"] == {
        "author": {
            "names": [
                {"at": 1, "name": "Bea Ash", "marks": ["equal", "corresponding"], "orcid": CARBERRY},
                {"at": 2, "name": "Cy Bell", "orcid": OTHER},
                {"at": 3, "name": "The Invented Team", "marks": ["house-mark"]},
            ],
            "list": ["alphabetical"],
        }
    }


def read_csl(item: dict[str, object]) -> Names:
    return csljson.read(json.dumps([item]).encode(), OPTIONS).records[0].names("author")


def test_nobody_is_marked_in_anothers_place() -> None:
    item = json.loads(jsonwriter.write([RECORD], WriteOptions()).data)[0]
    item["author"] = [{"family": "New", "given": "Ann"}, item["author"][2], item["author"][0]]
    assert read_csl(item).names == (Name(family="New", given="Ann"), TEAM, ASH)
    item["author"] = [{"family": "Ash", "given": "Bea"}] * 2 + [{"family": "Ash", "given": "B."}]
    assert [name.orcid for name in read_csl(item)] == [CARBERRY, "", ""]


@pytest.mark.parametrize(
    "damaged",
    [
        [],
        {"author": []},
        {"author": {"names": [3, {"at": "x"}, {"at": 1, "name": "Bea Ash", "marks": ["Not A Mark", 1], "orcid": "1"}]}},
        {"author": {"names": {}, "list": "alphabetical"}},
        {"title": {"list": ["alphabetical"]}},
    ],
)
def test_a_damaged_member_is_passed_over(damaged: object) -> None:
    item = json.loads(jsonwriter.write([RECORD], WriteOptions()).data)[0]
    item["custom"]["bibtool"]["marks"] = damaged
    assert read_csl(item) == bare(RECORD.names("author"))


def test_crossrefs_csl_json_has_the_orcid_with_the_name() -> None:
    people = [
        {"family": "Ash", "given": "Bea", "ORCID": f"http://orcid.org/{CARBERRY}"},
        {"family": "Bell", "given": "Cy", "ORCID": "0000-0000"},
    ]
    record = csljson.read(json.dumps([{"id": "k", "author": people}]).encode(), OPTIONS).records[0]
    assert [name.orcid for name in record.names("author")] == [CARBERRY, ""]
    assert [left.name for left in record.leftovers] == ["author/1/ORCID"]


# -- read only -------------------------------------------------------------------------------------------------------


def test_crossref() -> None:
    people = [
        {"family": "Ash", "given": "Bea", "ORCID": f"https://orcid.org/{CARBERRY}", "sequence": "first"},
        {"family": "Bell", "given": "Cy", "ORCID": "https://orcid.org/0000-0002-1825-0098", "sequence": "first"},
    ]
    record = crossref.read(json.dumps({"DOI": "10.5555/a", "author": people}).encode(), OPTIONS).records[0]
    # "sequence" is the place in the list, which is no mark
    assert record.names("author").names == (replace(ASH, marks=()), replace(BELL, orcid=""))
    assert record.leftovers == (Leftover("crossref", "author.ORCID", "Cy Bell: https://orcid.org/0000-0002-1825-0098"),)


def test_datacite() -> None:
    def known(scheme: str, text: str) -> dict[str, str]:
        return {"nameIdentifierScheme": scheme, "nameIdentifier": text}

    creators = [
        {
            "name": "Ash, Bea", "familyName": "Ash", "givenName": "Bea",
            "nameIdentifiers": [known("ISNI", "0000 0001 2103 2683"), known("ORCID", f"https://orcid.org/{CARBERRY}")],
        },
        {"name": "Bell, Cy", "nameIdentifiers": [known("ISNI", OTHER), known("ORCID", "0000-0000")]},
    ]  # fmt: skip
    work = {"data": {"attributes": {"doi": "10.5555/a", "creators": creators, "titles": [{"title": "T"}]}}}
    record = datacite.read(json.dumps(work).encode(), OPTIONS).records[0]
    assert [name.orcid for name in record.names("author")] == [CARBERRY, ""], "an ISNI looks like an ORCID iD"
    assert [left.value for left in record.leftovers if left.name.endswith("nameIdentifier")] == [
        "Bea Ash: 0000 0001 2103 2683",
        f"Cy Bell: {OTHER}",
        "Cy Bell: 0000-0000",
    ]


def article(contribs: str, notes: str = "") -> Record:
    text = f"""<article><front><article-meta><title-group><article-title>T</article-title></title-group>
      <contrib-group>{contribs}</contrib-group><author-notes>{notes}</author-notes></article-meta></front></article>"""
    return jats.read(text.encode(), OPTIONS).records[0]


def contrib(family: str, inner: str = "", attributes: str = "") -> str:
    name = f"<name><surname>{family}</surname></name>"
    return f'<contrib contrib-type="author" {attributes}>{name}{inner}</contrib>'


def test_jats() -> None:
    orcid = '<contrib-id contrib-id-type="orcid" authenticated="true">{}</contrib-id>'
    record = article(
        contrib("Ash", orcid.format(f"https://orcid.org/{CARBERRY}"), 'corresp="yes" equal-contrib="yes"')
        + contrib("Bell", '<xref ref-type="corresp" rid="cor1">*</xref><xref ref-type="fn" rid="eq1 fn2"/>')
        + contrib("Cole", '<xref ref-type="fn" rid="fn2"/>' + orcid.format("0000-0000"), 'corresp="no"')
        + contrib("Dee", f"{orcid.format(CARBERRY)}{orcid.format(OTHER)}<on-behalf-of>A Team</on-behalf-of>"),
        '<corresp id="cor1">write</corresp><fn id="eq1" fn-type="equal"><p>x</p></fn><fn id="fn2" fn-type="con"/>',
    )
    assert record.names("author").names == (
        Name(family="Ash", marks=("equal", "corresponding"), orcid=CARBERRY),
        Name(family="Bell", marks=("equal", "corresponding")),
        Name(family="Cole"),
        Name(family="Dee", orcid=CARBERRY),
        Name(literal="A Team"),
    )
    assert record.leftovers == (
        Leftover("jats", "contrib-id", "Cole: 0000-0000"),
        Leftover("jats", "contrib-id", f"Dee: {OTHER}"),
    )


# -- read and written ------------------------------------------------------------------------------------------------


def test_cff_writes_the_address_and_keeps_what_is_none() -> None:
    text = f"""cff-version: 1.2.0
message: x
type: software
title: T
authors:
  - family-names: Ash
    given-names: Bea
    orcid: https://orcid.org/{CARBERRY}
  - name: A Team
    orcid: https://orcid.org/0000-0002-1825-0098
"""
    record = cff.read(text.encode(), OPTIONS).records[0]
    assert [name.orcid for name in record.names("author")] == [CARBERRY, ""]
    assert [left.name for left in record.leftovers] == ["message", "authors/1/orcid"]
    written = cff.write([record], WriteOptions()).data.decode()
    assert written.count(f"https://orcid.org/{CARBERRY}") == written.count("0000-0002-1825-0098") == 1


def test_pubmed_has_the_orcid_behind_its_author() -> None:
    text = f"""PMID- 1
TI  - T
FAU - Ash, Bea
AU  - Ash B
AUID- ORCID: https://orcid.org/{CARBERRY}
AD  - Somewhere
FAU - Bell, Cy
AU  - Bell C
AUID- ISNI: {OTHER}
"""
    record = nbib.read(text.encode(), OPTIONS).records[0]
    assert [name.orcid for name in record.names("author")] == [CARBERRY, ""]
    assert Leftover("nbib", "AUID", f"ISNI: {OTHER}") in record.leftovers


def test_mods_keeps_identifiers_that_are_none() -> None:
    name = (
        '<name type="personal"><namePart type="family">Ash</namePart><nameIdentifier type="orcid">{}</nameIdentifier>'
    )
    text = '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>T</title></titleInfo>' + name + "</name></mods>"
    good, bad = (mods.read(text.format(one).encode(), OPTIONS).records[0] for one in (CARBERRY, "0000-0000"))
    assert (good.names("author")[0].orcid, good.leftovers) == (CARBERRY, ())
    assert bad.names("author") == Names((Name(family="Ash"),))
    assert [left.name for left in bad.leftovers] == ["nameIdentifier"]
