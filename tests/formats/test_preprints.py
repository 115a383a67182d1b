"""Preprints: one record and one reference from all the forms in which they are exported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bibtool.api import format_list
from bibtool.cv.kinds import kind_of
from bibtool.formats.registry import read_bytes, write_bytes
from bibtool.model.works.preprints import as_preprint, names_only_a_server

if TYPE_CHECKING:
    from bibtool.model.record import Record

_WHO = "title={On swans}, author={Doe, Jane}, year={2023}"
_ARXIV = {
    "scholar": "@article{k, WHO, journal={arXiv preprint arXiv:2303.00017}}",
    "scholar misc": "@misc{k, WHO, journal={arXiv preprint arXiv:2303.00017}}",
    "dblp": "@article{k, WHO, journal={CoRR}, volume={abs/2303.00017}, url={https://doi.org/10.48550/arXiv.2303.00017},"
    " doi={10.48550/ARXIV.2303.00017}, eprinttype={arXiv}, eprint={2303.00017}}",
    "semantic scholar": "@article{k, WHO, journal={ArXiv}, volume={abs/2303.00017}}",
    "zotero 5": "@article{k, WHO, journal={arXiv:2303.00017}, note={arXiv: 2303.00017}}",
    "zotero 6": "@misc{k, WHO, publisher={arXiv}, number={arXiv:2303.00017}, note={arXiv:2303.00017},"
    " doi={10.48550/arXiv.2303.00017}, url={http://arxiv.org/abs/2303.00017}}",
    "zotero report": "@techreport{k, WHO, type={arXiv preprint}, number={arXiv:2303.00017}, institution={arXiv},"
    " note={arXiv:2303.00017 type: article}, url={http://arxiv.org/abs/2303.00017}}",
    "ads": "@ARTICLE{k, WHO, journal={arXiv e-prints}, eid={arXiv:2303.00017}, pages={arXiv:2303.00017},"
    " archivePrefix={arXiv}, eprint={2303.00017}, doi={10.48550/arXiv.2303.00017}}",
    "better bibtex": "@online{k, title={On swans}, author={Doe, Jane}, date={2023}, number={arXiv:2303.00017},"
    " eprint={2303.00017}, eprinttype={arxiv}, publisher={arXiv}, doi={10.48550/arXiv.2303.00017}}",
    "inspire": '@article{k, WHO, eprint="2303.00017", archivePrefix="arXiv"}',
    "arxiv": "@misc{k, WHO, eprint={2303.00017}, archivePrefix={arXiv}, url={https://arxiv.org/abs/2303.00017}}",
    "datacite": "@misc{k, WHO, publisher={arXiv}, doi={10.48550/ARXIV.2303.00017},"
    " url={https://arxiv.org/abs/2303.00017}}",
    "proceedings": "@inproceedings{k, WHO, booktitle={arXiv preprint arXiv:2303.00017}}",
    "unpublished": "@unpublished{k, WHO, note={arXiv preprint arXiv:2303.00017}}",
}


def _record(text: str) -> Record:
    return read_bytes(text.replace("WHO", _WHO).encode(), "bibtex").records[0]


@pytest.mark.parametrize("form", _ARXIV)
def test_one_record_of_a_paper_on_arxiv_from_each_export(form: str) -> None:
    record = _record(_ARXIV[form])
    assert record.type == "article"
    assert sorted(record.variables) == ["author", "issued", "title"]
    assert record.arxiv is not None
    assert str(record.arxiv.id) == "2303.00017"
    assert kind_of(record) == "preprint"
    written = write_bytes([record], "bibtex").data.decode()
    assert written == write_bytes([_record(_ARXIV["arxiv"])], "bibtex").data.decode()
    assert re.search(r"@misc\{k,.*eprint += \{2303.00017\}.*doi += \{10.48550/arXiv.2303.00017\}", written, re.DOTALL)
    again = read_bytes(written.encode(), "bibtex").records[0]
    assert (again.type, again.variables, again.arxiv) == (record.type, record.variables, record.arxiv)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("style", "printed"),
    [
        ("apa", "Doe, J. (2023). On swans (arXiv:2303.00017). arXiv. https://doi.org/10.48550/arXiv.2303.00017"),
        ("ieee", "[1] J. Doe, “On swans,” 2023, arXiv: arXiv:2303.00017. doi: 10.48550/arXiv.2303.00017."),
    ],
)
def test_styles_print_one_reference(style: str, printed: str) -> None:
    for text in _ARXIV.values():
        assert format_list([_record(text)], style=style).strip() == printed


_OTHERS = [
    # Google Scholar and the server itself
    ("@article{k, WHO, journal={bioRxiv}, pages={2023--05}, publisher={Cold Spring Harbor Laboratory}}",
     {"publisher": "bioRxiv"}),
    (("@article{k, WHO, journal={medRxiv}, elocation-id={2023.05.12.091793}, doi={10.1101/2023.05.12.091793},"
      " publisher={Cold Spring Harbor Laboratory Press}}"),
     {"publisher": "medRxiv", "DOI": "10.1101/2023.05.12.091793"}),
    # an address alone
    ("@misc{k, WHO, url={https://www.biorxiv.org/content/10.1101/2023.05.12.091793v1}}",
     {"publisher": "bioRxiv", "DOI": "10.1101/2023.05.12.091793",
      "URL": "https://www.biorxiv.org/content/10.1101/2023.05.12.091793v1"}),
    ("@article{k, WHO, journal={Available at SSRN 3456789}}",
     {"publisher": "SSRN", "number": "3456789", "DOI": "10.2139/ssrn.3456789", "genre": "SSRN Scholarly Paper"}),
    ("@article{k, WHO, journal={SSRN Electronic Journal}, publisher={Elsevier BV}, doi={10.2139/ssrn.3456789}}",
     {"publisher": "SSRN", "number": "3456789", "DOI": "10.2139/ssrn.3456789", "genre": "SSRN Scholarly Paper"}),
    (("@techreport{k, WHO, institution={Social Science Research Network}, type={{SSRN} {Scholarly} {Paper}},"
      " number={3456789}}"),
     {"publisher": "SSRN", "number": "3456789", "DOI": "10.2139/ssrn.3456789", "genre": "SSRN Scholarly Paper"}),
    ("@article{k, WHO, journal={{IACR} Cryptol. ePrint Arch.}, volume={2023}, pages={123}}",
     {"publisher": "Cryptology ePrint Archive", "number": "Paper 2023/123", "URL": "https://eprint.iacr.org/2023/123"}),
    ("@article{k, WHO, journal={{IACR} Cryptol. ePrint Arch.}, pages={123}}",
     {"publisher": "Cryptology ePrint Archive", "number": "Paper 2023/123", "URL": "https://eprint.iacr.org/2023/123"}),
    ("@article{k, WHO, journal={{IACR} Cryptol. ePrint Arch.}, volume={2023}, pages={7}}",
     {"publisher": "Cryptology ePrint Archive", "number": "Paper 2023/007", "URL": "https://eprint.iacr.org/2023/007"}),
    (("@article{k, WHO, journal={{IACR} Cryptol. ePrint Arch.}, volume={2023}, pages={77},"
      " url={https://eprint.iacr.org/2023/077}}"),
     {"publisher": "Cryptology ePrint Archive", "number": "Paper 2023/077", "URL": "https://eprint.iacr.org/2023/077"}),
    ("@article{k, WHO, journal={{IACR} Cryptol. ePrint Arch.}, pages={12--34}}",
     {"publisher": "Cryptology ePrint Archive", "page": "12-34"}),
    (("@misc{k, WHO, howpublished={Cryptology {ePrint} Archive, Report 2023/123},"
      " url={https://eprint.iacr.org/2023/123}}"),
     {"publisher": "Cryptology ePrint Archive", "number": "Paper 2023/123", "URL": "https://eprint.iacr.org/2023/123"}),
    ("@misc{k, WHO, publisher={OSF}, doi={10.31234/osf.io/abcde}}",
     {"publisher": "PsyArXiv", "DOI": "10.31234/osf.io/abcde"}),
    ("@article{k, WHO, journal={PsyArXiv}}", {"publisher": "PsyArXiv"}),
    ("@article{k, WHO, journal={ChemRxiv}, publisher={Cambridge University Press}}", {"publisher": "ChemRxiv"}),
    ("@misc{k, WHO, publisher={Research Square Platform LLC}, doi={10.21203/rs.3.rs-123/v1}}",
     {"publisher": "Research Square", "DOI": "10.21203/rs.3.rs-123/v1"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "values"), _OTHERS)
def test_one_record_on_other_servers(text: str, values: dict[str, str]) -> None:
    record = _record(text)
    assert record.type == "article"
    assert {name: record.text(name) for name in record.variables if name not in ("author", "title", "issued")} == values
    assert kind_of(record) == "preprint"
    for dialect in ("bibtex", "biblatex"):
        again = read_bytes(write_bytes([record], dialect).data, dialect).records[0]
        assert (again.type, dict(again.variables)) == ("article", dict(record.variables))


@pytest.mark.parametrize(
    ("format_name", "data"),
    [
        ("ris", "TY  - JOUR\nTI  - On swans\nPY  - 2023\nJO  - arXiv preprint arXiv:2303.00017\nER  -\n"),
        ("csl-json", (
            '[{"id": "k", "type": "article-journal", "title": "On swans", "issued": {"date-parts": [[2023]]},'
            ' "container-title": "ArXiv", "volume": "abs/2303.00017"}]')),
        ("csv", "type,title,container-title,DOI\narticle-journal,On swans,CoRR,10.48550/arXiv.2303.00017\n"),
    ],
)  # fmt: skip
def test_other_formats_go_through_the_same_function(format_name: str, data: str) -> None:
    record = read_bytes(data.encode(), format_name).records[0]
    assert record.arxiv is not None
    assert (record.type, str(record.arxiv.id)) == ("article", "2303.00017")
    assert {"container-title", "volume", "DOI"}.isdisjoint(record.variables)


@pytest.mark.parametrize(
    "text",
    [
        "@article{k, WHO, journal={Nature}, volume={3}, eprint={2303.00017}, archivePrefix={arXiv}}",
        "@article{k, WHO, journal={arXiv preprint arXiv:2303.00017, to appear in Ann. Math.}}",
        "@inproceedings{k, WHO, booktitle={Proceedings of the SSRN Workshop}}",
        "@phdthesis{k, WHO, school={MIT}, eprint={2303.00017}, archivePrefix={arXiv}}",
        "@dataset{k, WHO, publisher={OSF}}",
        "@article{k, WHO, journal={Genome Research}, doi={10.1101/gr.123456.111}}",
    ],
)
def test_what_is_published_or_says_more_keeps_its_container(text: str) -> None:
    record = _record(text)
    assert as_preprint(record.type, record.variables, record.arxiv) is None
    assert record.text("container-title") or record.type in ("thesis", "dataset")


@pytest.mark.parametrize(
    ("text", "only"),
    [("arXiv:math/0309136v2 [math.GT]", True), ("CoRR", True), ("Preprint", True), ("SSRN Electronic Journal", True),
     ("Journal of arXiv studies", False), ("", False), ("bioRxiv and medRxiv", False), ("Preprint series 3", False)],
)  # fmt: skip
def test_names_only_a_server(text: str, only: bool) -> None:
    assert names_only_a_server(text) is only


@pytest.mark.parametrize("format_name", ["bibtex", "biblatex"])
@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ("publisher = {arXiv}, eprint = {1706.03762}, archiveprefix = {arXiv}, shortjournal = {J. X}", "J. X"),
        ("publisher = {bioRxiv}, doi = {10.1101/2020.01.01.123456}, shortjournal = {J. X}", "J. X"),
        ("howpublished = {Preprint}, shortjournal = {J. X}", "J. X"),
        ("journal = {arXiv}, eprint = {1706.03762}, archiveprefix = {arXiv}, shortjournal = {ArX}", ""),
        ("publisher = {arXiv}, eprint = {1706.03762}, archiveprefix = {arXiv}, shortjournal = {arXiv}", ""),
    ],
)
def test_only_the_short_title_of_a_server_goes_with_it(fields: str, kept: str, format_name: str) -> None:
    (record,) = read_bytes(f"@misc{{k, title = {{T}}, {fields}}}".encode(), format_name)
    assert (record.type, record.text("container-title-short")) == ("article", kept)
    (again,) = read_bytes(write_bytes(record, format_name).data, format_name)
    assert again.text("container-title-short") == kept
