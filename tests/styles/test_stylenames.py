"""Names of styles that have no file."""

from __future__ import annotations

from pathlib import Path

import pytest

from bibtool.errors import UnknownNameError
from bibtool.styles.sources import collection_folder
from bibtool.styles.style import StyleIndex
from bibtool.styles.stylenames import CHOICES, EDITIONS, MEANT, OTHERS, Meaning, plain_name
from tests.cli.runner import process
from tests.styles.data import style_source


@pytest.mark.slow
def test_the_tables_name_styles_of_the_collection_and_none_of_it_is_hidden() -> None:
    folder = collection_folder()
    assert folder is not None
    known = {path.stem for path in folder.rglob("*.csl")}
    named = {
        *MEANT.values(),
        *EDITIONS,
        *(style for table in (OTHERS, CHOICES) for row in table.values() for style in row),
    }
    assert named - known == set()
    assert {*MEANT, *CHOICES} & known == set()
    assert all(name == plain_name(name) for name in (*MEANT, *CHOICES, *OTHERS))
    assert set(OTHERS) <= set(MEANT)


@pytest.mark.parametrize(
    ("name", "style"),
    [
        ("vancouver", "nlm-citation-sequence"),
        ("Vancouver", "nlm-citation-sequence"),
        ("http://www.zotero.org/styles/vancouver", "nlm-citation-sequence"),
        ("vancouver.csl", "nlm-citation-sequence"),
        ("vancouver-superscript", "nlm-citation-sequence-superscript"),
        ("vancouver-superscript-brackets-year-only", "nlm-citation-sequence-superscript-brackets-year-only"),
        ("harvard1", "harvard-cite-them-right"),
        ("harvard", "harvard-cite-them-right"),
        ("chicago-fullnote-bibliography", "chicago-notes-bibliography"),
        ("chicago-fullnote-bibliography-17th-edition", "chicago-notes-bibliography-17th-edition"),
        ("chicago-fullnote-bibliography-fr", "chicago-notes-bibliography-fr"),
        ("chicago-note-bibliography", "chicago-shortened-notes-bibliography"),
        ("chicago-note-bibliography-16th-edition", "chicago-shortened-notes-bibliography-16th-edition"),
        ("chicago-author-date-18th-edition", "chicago-author-date"),
        ("ama", "american-medical-association"),
        ("AMA 10th edition", "american-medical-association-10th-edition"),
        ("ama11", "american-medical-association"),
        ("acs", "american-chemical-society"),
        ("mla", "modern-language-association"),
        ("mla9", "modern-language-association"),
        ("apa6", "apa-6th-edition"),
        ("apa 6th", "apa-6th-edition"),
        ("apa7", "apa"),
        ("apa-7th-edition", "apa"),
        ("american-psychological-association-6th-edition", "apa-6th-edition"),
        ("modern-language-association-9th-edition", "modern-language-association"),
        ("modern-humanities-research-association", "mhra-notes"),
        ("gb-t-7714-2015-numeric", "china-national-standard-gb-t-7714-2015-numeric"),
    ],
)
def test_what_a_name_means(name: str, style: str) -> None:
    told: list[Meaning] = []
    index = StyleIndex(tell=told.append)
    assert index.find(name).stem == style
    assert [meaning.style for meaning in told] == [style]
    assert style in told[0].message


@pytest.mark.parametrize("name", ["apa", "ieee", "nature", "apa-6th-edition", "chicago-author-date"])
def test_a_name_with_a_file_means_that_file(name: str) -> None:
    told: list[Meaning] = []
    assert StyleIndex(tell=told.append).find(name).stem == name
    assert told == []


@pytest.mark.parametrize("name", ["chicago", "Chicago", "turabian", "cse", "iso-690", "nlm", "springer", "gb-t-7714"])
def test_names_of_several_styles_ask(name: str) -> None:
    with pytest.raises(UnknownNameError, match="did you mean") as raised:
        StyleIndex().find(name)
    assert len(raised.value.suggestions) == 3
    assert raised.value.hint is not None


def test_a_file_of_ones_own_comes_first(tmp_path: Path) -> None:
    (tmp_path / "vancouver.csl").write_text(style_source())
    assert StyleIndex([tmp_path]).find("vancouver") == tmp_path / "vancouver.csl"


@pytest.mark.slow
def test_an_edition_that_no_style_follows_is_not_guessed() -> None:
    with pytest.raises(UnknownNameError, match="did you mean"):
        StyleIndex().find("apa5")


@pytest.mark.slow
def test_the_command_line_says_it_once(tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_text("@book{k, title={T}, author={Doe, Jane}, year=2020}")
    done = process("convert", "a.bib", "--to", "text", "--style", "ama", cwd=tmp_path)
    assert done.code == 0
    assert done.err.count("american-medical-association") == 1
    assert "american-marketing-association" in done.err
    done = process("convert", "a.bib", "--to", "text", "--style", "chicago", cwd=tmp_path)
    assert done.code == 2
    assert "chicago-author-date" in done.err
