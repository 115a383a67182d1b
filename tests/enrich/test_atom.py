"""Bodies to entries, and entries to records."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bibtool.bib.latex import detex
from bibtool.enrich.atom import AtomEntry, Feed, author_names, clean_author, parse_feed, to_record
from bibtool.errors import NetworkError, RefusedError
from bibtool.model.dates import Date
from bibtool.model.identifiers import ArxivId
from bibtool.model.names import Name
from bibtool.model.richtext import Math
from tests.support.arxiv_faults import BOMB, BUSY_PAGE, DENIED_PAGE

HEAD = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" '
    'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
)


def feed(*entries: str, head: str = HEAD) -> bytes:
    return (head + "".join(f"<entry>{entry}</entry>" for entry in entries) + "</feed>").encode()


def entry(inside: str, number: str = "2203.01360v4") -> AtomEntry:
    found = parse_feed(feed(f"<id>http://arxiv.org/abs/{number}</id>{inside}"))
    return found.entries[0]


# -- recorded bodies --------------------------------------------------------------------------------------------------

# What a file must give, beyond "it parses": total, entries, and whatever its edge is. Files that are not named here
# must parse if they are feeds of the query API and fail as a service error if they are not.
EXPECTED: dict[str, dict[str, object]] = {
    "new-id-latest-version-v7-1706.03762.xml": {"total": 1, "ids": ["1706.03762v7"], "doi": "", "journal_ref": ""},
    "new-id-malformed-http400-error-feed.xml": {"error": "incorrect id format for abc"},
    "legacy-id-malformed-http400-error-feed.xml": {"error": "incorrect id format for INVALIDID"},
    "legacy2007-manual-error-malformed-id.xml": {"error": "incorrect id format for 1234.12345"},
    "new-id-missing-0000.0000-zero-entries.xml": {"total": 0, "ids": []},
    "new-id-missing-five-digits-in-2008-zero-entries.xml": {"total": 0, "ids": []},
    "legacy-id-missing-single.xml": {"total": 1, "ids": [], "received": 0},
    "legacy-idlist-four-three-missing.xml": {"total": 4, "ids": ["2201.13452v1"], "received": 4},
    "new20251111-idlist-four-three-missing.xml": {"total": 1, "ids": ["2201.13452v1"]},
    "new-id-oldstyle-hep-ex-v1.xml": {"ids": ["hep-ex/0406020v1"]},
    "new-id-oldstyle-v1-requested.xml": {"ids": ["quant-ph/0201082v1"]},
    "new-id-title-is-the-digit-0.xml": {"ids": ["2104.12255v1"], "title": "0"},
    "new-idlist-two-one-missing-34-authors.xml": {"total": 1, "ids": ["1707.08567v1"], "authors": 34},
    "new-search-ti-phrase-max1-of-702.xml": {"total": 702, "received": 1},
    "new-search-unprefixed-page-start0-max100.xml": {"total": 214881, "received": 100},
    "new-search-unprefixed-page-start5-max10-overlap.xml": {"start": 5},
    "legacy-id-oldstyle-collaboration-as-affiliation.xml": {"ids": ["astro-ph/9812133v1"], "authors": 32},
    "legacy-id-single-no-optional-fields.xml": {"doi": "", "journal_ref": "", "comment": ""},
    "legacy-id-oldstyle-math-never-in-journal.xml": {"categories": ("math.DG",)},
    "legacy-id-v2-requested-doi-journalref.xml": {"ids": ["1111.2011v2"]},
    "legacy2007-manual-sample-collaboration-author.xml": {"total": 1000, "ids": ["hep-ex/0307015"], "authors": 1},
}


def index(shared: Path) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads((shared / "arxiv-api" / "feeds-index.json").read_text("utf-8"))
    return rows


@pytest.mark.slow
def test_every_recorded_body_parses_or_fails_as_its_list_says(shared: Path) -> None:
    rows = index(shared)
    assert len(rows) == 57
    for row in rows:
        name = str(row["file"])
        body = (shared / "arxiv-api" / "feeds" / name).read_bytes()
        if name.startswith("oai-") or not name.endswith(".xml"):
            with pytest.raises(NetworkError):
                parse_feed(body)
            continue
        found = parse_feed(body)
        if not found.error:
            assert all(e.title for e in found.entries), name
            assert all(e.authors for e in found.entries), name
            assert not any("\n" in e.title + e.summary + e.comment or e.summary[:1] == " " for e in found.entries)
        wanted = EXPECTED.get(name, {})
        assert found.error == wanted.get("error", ""), name
        for field in ("total", "received", "start"):
            if field in wanted:
                assert getattr(found, field) == wanted[field], (name, field)
        if "ids" in wanted:
            assert [str(e.id) for e in found.entries] == wanted["ids"], name
        for field in ("title", "doi", "journal_ref", "comment", "categories"):
            if field in wanted:
                assert getattr(found.entries[0], field) == wanted[field], (name, field)
        if "authors" in wanted:
            assert len(found.entries[0].authors) == wanted["authors"], name
    assert set(EXPECTED) <= {str(row["file"]) for row in rows}


def test_the_same_paper_reads_the_same_from_both_servers(shared: Path) -> None:
    folder = shared / "arxiv-api" / "feeds"
    name = "id-doi-journalref-comment-v3-2206.06921.xml"
    old = parse_feed((folder / f"legacy-{name}").read_bytes()).entries[0]
    new = parse_feed((folder / f"new20251111-{name}").read_bytes()).entries[0]
    assert old.id == new.id
    assert (old.title, old.authors, old.doi, old.journal_ref) == (new.title, new.authors, new.doi, new.journal_ref)
    assert old.categories == new.categories == ("math.CA", "math.DS", "math.MG")
    assert "Hölder" in old.summary
    assert "Hölder" in new.summary


def test_hand_made_withdrawal(shared: Path) -> None:
    found = parse_feed((shared / "arxiv-api" / "feeds" / "handmade-withdrawn-two-entries.xml").read_bytes())
    assert [e.withdrawn for e in found.entries] == [True, False]


# -- bodies that are no answer ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n ",
        b"Rate exceeded.",
        BUSY_PAGE,
        b"<html><body>hello</body></html>",
        BOMB,
        feed("<id>http://arxiv.org/abs/2203.01360v1</id><title>cut"),
        feed()[:-3],
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b'<?xml version="1.0" encoding="no-such-code"?><feed/>',
        b"<rss/>",
        b"<a>" * 5000,
        (HEAD + "<x>" * 200 + "</x>" * 200 + "</feed>").encode(),
    ],
)
def test_no_feed_is_a_service_error(body: bytes) -> None:
    with pytest.raises(NetworkError) as caught:
        parse_feed(body)
    assert not isinstance(caught.value, RefusedError)


def test_the_page_that_blocks_robots_is_a_refusal() -> None:
    with pytest.raises(RefusedError):
        parse_feed(DENIED_PAGE)


def test_a_feed_with_a_bom_and_a_declaration() -> None:
    assert parse_feed(b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>' + feed()) == Feed()


# -- entries ----------------------------------------------------------------------------------------------------------


def test_shells_without_id_are_counted_not_read() -> None:
    good = "<id>http://arxiv.org/abs/2203.01360v1</id><title>A</title>"
    found = parse_feed(feed('<category term=""/>', good, "<id>nonsense</id>"))
    assert [str(e.id) for e in found.entries] == ["2203.01360v1"]
    assert found.received == 3


def test_several_dois_and_arxivs_own() -> None:
    inside = (
        "<arxiv:doi>10.48550/arXiv.2203.01360</arxiv:doi><arxiv:doi>10.1000/a 10.1000/b</arxiv:doi>"
        "<arxiv:doi>nonsense</arxiv:doi>"
    )
    found = entry(inside)
    assert found.dois == ("10.48550/arXiv.2203.01360", "10.1000/a", "10.1000/b")
    assert found.doi == "10.1000/a"
    assert entry("<arxiv:doi>10.48550/arXiv.2203.01360</arxiv:doi>").doi == ""


def test_msc_and_acm_classes_are_no_categories() -> None:
    terms = [
        "math.CA",
        "28A80 (Primary) 39B62 (Secondary)",
        "35",
        "I.2.6",
        "cond-mat.str-el",
        "physics.ao-ph",
        "hep-th",
    ]
    found = entry("".join(f'<category term="{term}"/>' for term in terms))
    assert found.categories == ("math.CA", "cond-mat.str-el", "physics.ao-ph", "hep-th")


@pytest.mark.parametrize(
    ("comment", "summary", "withdrawn"),
    [
        ("This paper has been withdrawn by the author", "We study trees.", True),
        ("Withdrawn: a lemma is wrong", "We study trees.", True),
        ("", "This submission has been withdrawn by arXiv administrators", True),
        ("", "This preprint has been withdrawn.", True),
        ("withdrawn from a conference, now 12 pages", "We study trees.", False),
        ("12 pages", "Money is withdrawn from accounts at random.", False),
        ("", "", False),
    ],
)
def test_withdrawal_is_read_from_comment_and_summary(comment: str, summary: str, withdrawn: bool) -> None:
    found = entry(f"<summary>{summary}</summary><arxiv:comment>{comment}</arxiv:comment>")
    assert found.withdrawn is withdrawn


@pytest.mark.parametrize(
    ("sent", "names", "places"),
    [
        ("Joan Bruna", ["Joan Bruna"], ()),
        ("  Joan\n Bruna ", ["Joan Bruna"], ()),
        ("Joan Bruna,", ["Joan Bruna"], ()),
        (", Joan Bruna,,", ["Joan Bruna"], ()),
        ("Joan Bruna,, Eric Vanden-Eijnden", ["Joan Bruna", "Eric Vanden-Eijnden"], ()),
        ("Jakob Maier (DYOGENE)", ["Jakob Maier"], ("DYOGENE",)),
        ("Jakob Maier(DYOGENE)", ["Jakob Maier"], ("DYOGENE",)),
        ("Jakob Maier (1) (2)", ["Jakob Maier"], ("1", "2")),
        ("Robert King, Jr.", ["Robert King, Jr."], ()),
        (":", [], ()),
        ("", [], ()),
        (" The LIGO Scientific Collaboration", ["The LIGO Scientific Collaboration"], ()),
        ("Teresa Example for the IceCube Collaboration", ["Teresa Example", "the IceCube Collaboration"], ()),
        ("I. -L. Chen", ["I.-L. Chen"], ()),
        (r"Petar Veli\v{c}kovi\'c", ["Petar Veličković"], ()),
    ],
)
def test_author_fields_as_they_come(sent: str, names: list[str], places: tuple[str, ...]) -> None:
    found = clean_author(sent)
    assert [author.name for author in found] == names
    assert (found[0].affiliations if found else ()) == places


def test_collaborations_are_literal_names() -> None:
    people = ["The LIGO Scientific Collaboration", "the Virgo Collaboration", "Ludwig van Beethoven"]
    found = entry("".join(f"<author><name>{name}</name></author>" for name in people))
    assert author_names(found).names == (
        Name(literal="The LIGO Scientific Collaboration"),
        Name(literal="the Virgo Collaboration"),
        Name(given="Ludwig", non_dropping_particle="van", family="Beethoven"),
    )


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"H\"older", "Hölder"),
        (r"H\"{o}lder", "Hölder"),
        (r"H{\"o}lder", "Hölder"),
        (r"Fran\c{c}ois", "François"),
        (r"Fran\c cois", "François"),
        (r"Erd\H{o}s", "Erdős"),
        (r"Na\"{\i}ve", "Naïve"),
        (r"Wei\ss", "Weiß"),
        (r"{\L}ukasz {\o}re", "Łukasz øre"),
        (r"$\theta\"o$ in H\"older", r"$\theta\"o$ in Hölder"),
        (r"\emph{x} \url{y}", r"\emph{x} \url{y}"),
        (r"{A {\'e} B}", "{A é B}"),
    ],
)
def test_tex_accents_become_letters_outside_of_mathematics(tex: str, text: str) -> None:
    assert detex(tex) == text


# -- records ----------------------------------------------------------------------------------------------------------


def test_an_entry_as_a_record() -> None:
    found = entry(
        "<title>Sharp $L^2$ bounds\n  for A &lt; B &amp; C</title><published>2022-03-02T23:30:00-04:00</published>"
        "<updated>2024-08-12T11:56:51Z</updated><summary>  Text.</summary><author><name>Joan Bruna</name></author>"
        '<arxiv:primary_category term="math.NA"/><category term="math.NA"/><category term="cs.LG"/>'
        "<arxiv:doi>10.1000/x</arxiv:doi><arxiv:journal_ref>J. Y 1</arxiv:journal_ref>"
    )
    record = to_record(found, when="2026-03-01")
    assert record.type == "article"
    assert record.title == "Sharp $L^2$ bounds for A < B & C"
    assert Math("L^2") in getattr(record.variables["title"], "nodes", ())
    assert record.date() == Date.of(2022, 3, 3)  # the day in UTC
    assert record.text("DOI") == "10.1000/x"
    assert record.text("URL") == "https://arxiv.org/abs/2203.01360"
    assert record.arxiv is not None
    assert (record.arxiv.id, record.arxiv.latest) == (ArxivId("2203.01360"), 4)
    assert record.arxiv.categories == ("math.NA", "cs.LG")
    assert (record.arxiv.journal_ref, record.arxiv.updated) == ("J. Y 1", "2024-08-12")
    assert {(o.source, o.detail, o.when) for o in record.provenance.values()} == {
        ("arxiv", "2203.01360v4", "2026-03-01")
    }


def test_a_title_of_one_digit_is_a_title() -> None:
    assert to_record(entry("<title>0</title>")).title == "0"


def test_an_entry_with_nothing_but_an_id() -> None:
    record = to_record(entry(""))
    assert set(record.variables) == {"URL"}
