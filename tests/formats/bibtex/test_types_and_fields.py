"""Entry types and fields whose meaning depends on more than their name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bibtool.api import format_list
from bibtool.formats.registry import read_bytes, write_bytes
from bibtool.model.names import Name, Names
from bibtool.model.record import Record
from bibtool.model.richtext import Text

if TYPE_CHECKING:
    from bibtool.model.record import Value

_DOE = "author={Doe, Jo}, title={A title}, year={2001}"


def _read(text: str, dialect: str = "bibtex") -> Record:
    return read_bytes(text.replace("DOE", _DOE).encode(), dialect).records[0]


def _again(record: Record, dialect: str) -> Record:
    return read_bytes(write_bytes([record], dialect).data, dialect).records[0]


@pytest.mark.parametrize(
    "text",
    [
        "@collection{k, title={Essays}, editor={Ed, Ann}}",
        "@mvcollection{k, title={Essays}, editor={Ed, Ann}}",
        "@proceedings{k, title={Essays}, booktitle={Essays of 2001}, editor={Ed, Ann}}",
        "@book{k, title={Essays}, booktitle={{Essays}}, editor={Ed, Ann}}",
        "@mvproceedings{k, title={Essays}, booktitle={Essays}, editor={Ed, Ann}}",
    ],
)
def test_edited_volumes_are_books_without_a_container(text: str) -> None:
    record = _read(text)
    assert record.type == "book"
    assert not record.text("container-title")
    assert format_list([record], "apa").startswith("Ed, A. (Ed.). (n.d.). Essays")
    written = write_bytes([record], "biblatex").data.decode()
    assert written.startswith(text[: text.index("{")])
    assert ("booktitle" in text) == ("booktitle" in written)


@pytest.mark.parametrize(
    ("fields", "publisher"),
    [
        ("@book{k, DOE, howpublished={Paperback}, publisher={Pub}}", "Pub"),
        ("@inproceedings{k, DOE, organization={Org}, publisher={Pub}, booktitle={B}}", "Pub"),
        ("@incollection{k, DOE, organization={Org}, publisher={Pub}, booktitle={B}}", "Pub"),
        ("@phdthesis{k, DOE, publisher={ProQuest}, school={MIT}}", "MIT"),
        ("@techreport{k, DOE, publisher={Pub}, institution={NIST}}", "NIST"),
        ("@online{k, DOE, publisher={Pub}, organization={W3C}}", "W3C"),
        ("@misc{k, DOE, howpublished={Paperback}, institution={NIST}, publisher={Pub}}", "Pub"),
    ],
)
def test_publisher_by_rank_and_not_by_order(fields: str, publisher: str) -> None:
    head, _, rest = fields.partition("DOE, ")
    record = _read(fields)
    turned = _read(f"{head}{', '.join(reversed(rest[:-1].split(', ')))}, DOE}}")
    assert record.text("publisher") == turned.text("publisher") == publisher
    for dialect in ("bibtex", "biblatex"):
        written = write_bytes([record], dialect).data.decode()
        assert all(f"{{{value}}}" in written for value in ("Pub", "Org", "MIT", "NIST", "W3C") if value in fields)


@pytest.mark.parametrize(
    ("fields", "values"),
    [
        ("howpublished={\\url{https://x.org/a}}", {"URL": "https://x.org/a"}),
        ("howpublished={ \\url{ https://x.org/a } }, url={https://x.org/a}, publisher={P}",
         {"URL": "https://x.org/a", "publisher": "P"}),
        ("howpublished={Available at \\url{https://x.org/a_b}}", {"URL": "https://x.org/a_b"}),
        ("howpublished={Online: https://x.org/a.}", {"URL": "https://x.org/a"}),
        ("note={\\url{https://x.org/a}}", {"URL": "https://x.org/a"}),
        ("note={\\url{https://x.org/a}}, doi={10.1234/x}", {"DOI": "10.1234/x", "note": "https://x.org/a"}),
        ("note={See \\url{https://x.org/a} and more}", {"note": "See https://x.org/a and more"}),
    ],
)  # fmt: skip
def test_addresses_in_howpublished_and_note(fields: str, values: dict[str, str]) -> None:
    record = _read(f"@misc{{k, DOE, {fields}}}")
    assert {name: record.text(name) for name in record.variables if name not in ("author", "title", "issued")} == values
    again = _again(record, "bibtex")
    assert again.variables == record.variables
    assert all(word in write_bytes([record], "bibtex").data.decode() for word in ("https://x.org/a",))


@pytest.mark.parametrize(
    ("fields", "roles"),
    [
        ("editor={Dir, Ed}, editortype={director}", {"director": "Dir"}),
        ("editor={Com, Ed}, editortype={compiler}", {"compiler": "Com"}),
        ("editor={Red, Ed}, editortype={redactor}", {"editor": "Red"}),
        ("editor={Ann, Ed}, editora={Org, Al}, editoratype={organizer}", {"editor": "Ann", "organizer": "Org"}),
        ("editora={Ill, Al}, editoratype={illustrator}, editorb={Dir, Bo}, editorbtype={director}",
         {"illustrator": "Ill", "director": "Dir"}),
        ("editor={Ann, Ed}, editora={Fou, Al}, editoratype={founder}", {"editor": "Ann"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
def test_editors_of_all_types(fields: str, roles: dict[str, str], dialect: str) -> None:
    record = _read(f"@movie{{k, title={{A title}}, {fields}}}", "biblatex")
    assert {name: names[0].family for name, names in record.variables.items() if isinstance(names, Names)} == roles
    written = write_bytes([record], dialect).data.decode()
    for field in fields.replace("}, ", "}\0").split("\0"):
        name, _, value = field.partition("=")
        assert f"{name} " in written
        assert value in written
    again = read_bytes(written.encode(), dialect).records[0]
    assert {name: again.variables.get(name) for name in roles} == {name: record.variables[name] for name in roles}


@pytest.mark.parametrize("role", ["director", "compiler", "contributor", "editorial-director"])
def test_roles_without_a_field_are_editors_of_a_type(role: str) -> None:
    values: dict[str, Value] = {role: Names((Name(family="Dir", given="Di"),))}
    for dialect in ("bibtex", "biblatex"):
        result = write_bytes(
            [Record("k", "motion_picture", variables={"title": Text.of("A title"), **values})], dialect
        )
        assert not result.problems
        assert read_bytes(result.data, dialect).records[0].names(role) == values[role]


@pytest.mark.slow
@pytest.mark.parametrize(("style", "printed"), [("nature", "65, 124106 (2001)"), ("apa", "65, Article 124106"),
                                                ("american-chemical-society", "124106")])  # fmt: skip
def test_article_number_is_printed_by_every_style(style: str, printed: str) -> None:
    text = format_list([_read("@article{k, DOE, journal={Phys. Rev. B}, volume={65}, eid={124106}}")], style)
    assert printed in text
    assert text.count("124106") == 1


def test_article_number_does_not_replace_pages() -> None:
    text = format_list([_read("@article{k, DOE, journal={J}, volume={65}, eid={e12}, pages={1--9}}")], "nature")
    assert "65, 1–9 (2001)" in text
    assert "e12" not in text


def test_event_and_site_are_written_where_styles_print_them() -> None:
    paper = Record("k", "paper-conference", variables={"title": "T", "event-title": "Meeting of Swans"})
    assert "booktitle     = {Meeting of Swans}" in write_bytes([paper], "bibtex").data.decode()
    site = Record("k", "webpage", variables={"title": "T", "container-title": "Swan Site", "URL": "https://x.org"})
    assert "organization  = {Swan Site}" in write_bytes([site], "biblatex").data.decode()
    assert "howpublished  = {Swan Site}" in write_bytes([site], "bibtex").data.decode()
    for record in (paper, site):
        assert _again(record, "biblatex").variables == record.variables


@pytest.mark.parametrize("name", ["address", "location", "city"])
def test_places(name: str) -> None:
    assert _read(f"@book{{k, DOE, {name}={{Bonn}}}}").text("publisher-place") == "Bonn"
