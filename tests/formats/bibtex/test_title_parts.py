"""Titles in several fields, eprints that have an address, and what is printed at the end of an entry."""

from __future__ import annotations

import pytest

from bibtool.formats.registry import read_bytes, write_bytes

ENTRIES = [
    ("@book{k, title={Rivers}, subtitle={A history}}", {"title": "Rivers: A history", "title-short": "Rivers"}),
    ("@book{k, title={Rivers?}, titleaddon={Revised text}}", {"title": "Rivers? Revised text"}),
    ("@book{k, title={Rivers}, titleaddon={Revised text}}", {"title": "Rivers. Revised text"}),
    (
        "@book{k, title={Rivers}, subtitle={A history}, titleaddon={Revised text}, shorttitle={Riv.}}",
        {"title": "Rivers: A history. Revised text", "title-short": "Riv."},
    ),
    ("@book{k, title={Rivers}, subtitle={A history}, shorttitle={Rivers}}", {"title-short": "Rivers"}),
    ("@image{k, titleaddon={[Photograph of a dam]}}", {"title": "[Photograph of a dam]", "title-short": ""}),
    (
        "@incollection{k, title={T}, booktitle={Rivers}, booksubtitle={All}, booktitleaddon={New}}",
        {"container-title": "Rivers: All. New", "title-short": ""},
    ),
    (
        "@article{k, title={T}, journaltitle={Waves}, journalsubtitle={B}, issuetitle={Wind}, issuesubtitle={One}}",
        {"container-title": "Waves: B", "volume-title": "Wind: One"},
    ),
    ("@article{k, title={T}, eprint={2307485}, eprinttype={jstor}}", {"URL": "https://www.jstor.org/stable/2307485"}),
    ("@book{k, title={T}, eprint={2027/x.b3}, eprinttype={hdl}}", {"URL": "https://hdl.handle.net/2027/x.b3"}),
    ("@book{k, title={T}, eprint={hdl:2027/x.b3}, eprinttype={HDL}}", {"URL": "https://hdl.handle.net/2027/x.b3"}),
    (
        "@book{k, title={T}, eprint={https://hdl.handle.net/2027/x.b3}, eprinttype={handle}}",
        {"URL": "https://hdl.handle.net/2027/x.b3"},
    ),
    (
        "@book{k, title={T}, eprint={k2sTBw}, eprinttype={googlebooks}}",
        {"URL": "https://books.google.com/books?id=k2sTBw"},
    ),
    ("@book{k, title={T}, eprint={1}, eprinttype={jstor}, url={https://a.org}}", {"URL": "https://a.org"}),
    ("@book{k, title={T}, eprint={12}, eprinttype={local}}", {"URL": ""}),
    ("@book{k, title={T}, addendum={With a map}}", {"note": "With a map"}),
    ("@book{k, title={T}, addendum={With a map}, note={Signed}}", {"note": "Signed"}),
]


@pytest.mark.parametrize(("entry", "values"), ENTRIES)
def test_the_parts_of_a_title_are_one_title_and_come_back(entry: str, values: dict[str, str]) -> None:
    (record,) = read_bytes(entry.encode(), "biblatex").records
    assert {name: record.text(name) for name in values} == values
    written = write_bytes(record, "biblatex").data.decode()
    fields = {line.strip().rstrip(",") for line in written.splitlines() if "=" in line}
    asked = {part.strip() for part in entry[entry.index(",") + 1 : -1].split("}, ")}
    assert {" ".join(line.split()).replace(" = ", "=") for line in fields} == {
        " ".join(part.rstrip("}").split()) + "}" for part in asked
    }


@pytest.mark.parametrize(
    "entry",
    [
        "@book{k, title={Study of DNA}, subtitle={The RNA Side}, titleaddon={A Report on GPUs}}",
        "@book{k, title={Vitamin}, subtitle={C and {iPad}}}",
        "@image{k, titleaddon={Photograph by NASA}}",
        "@article{k, title={T}, journaltitle={IEEE Waves}, journalsubtitle={Series B}}",
    ],
)
def test_parts_with_capitals_come_back_from_csl_json(entry: str) -> None:
    items = write_bytes(read_bytes(entry.encode(), "biblatex").records, "csl-json").data
    written = write_bytes(read_bytes(items, "csl-json").records, "biblatex").data
    text = " ".join(written.decode().replace("{DNA}", "DNA").replace("{NASA}", "NASA").split())
    for part in entry[entry.index(",") + 1 : -1].split("}, "):
        name, _, value = part.strip().partition("=")
        assert f" {name} = {value.rstrip('}')}" in text


def test_a_short_title_of_another_program_is_kept() -> None:
    item = b'[{"id": "k", "type": "book", "title": "Rivers: A history", "title-short": "Rivers"}]'
    (record,) = read_bytes(item, "csl-json").records
    assert b"shorttitle    = {Rivers}" in write_bytes(record, "biblatex").data


def test_bibtex_has_the_whole_title_and_no_short_one() -> None:
    (record,) = read_bytes(b"@book{k, title={Rivers}, subtitle={A history}, eprint={1}, eprinttype={jstor}}").records
    written = write_bytes(record, "bibtex").data.decode()
    assert "title         = {Rivers: A history}" in written
    assert "shorttitle" not in written
    assert "url" not in written
