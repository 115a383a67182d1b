"""Lists of names in few words."""

from __future__ import annotations

import pytest

from bibtool.bib.names import parse_names


@pytest.mark.parametrize(
    ("names", "brief", "three"),
    [
        ("", "", ""),
        ("Roe, Ann", "Roe", "Roe"),
        ("Roe, Ann and Doe, Bob", "Roe and Doe", "Roe, Doe"),
        ("Roe, Ann and others", "Roe et al.", "Roe et al."),
        ("Roe, Ann and Doe, Bob and Poe, Cy", "Roe et al.", "Roe, Doe, Poe"),
        ("Roe, Ann and Doe, Bob and Poe, Cy and Moe, Di", "Roe et al.", "Roe, Doe, Poe et al."),
        ("{The Clock Society} and Roe, Ann", "The Clock Society and Roe", "The Clock Society, Roe"),
    ],
)
def test_names_in_few_words(names: str, brief: str, three: str) -> None:
    assert parse_names(names).in_brief() == brief
    assert parse_names(names).first_three() == three
