"""ORCID iDs: form and check digit."""

from __future__ import annotations

import pytest

from bibtool.errors import IdentifierError
from bibtool.model.identifiers import parse_orcid


@pytest.mark.parametrize(
    "text",
    [
        "0000-0002-1825-0097",
        "0000000218250097",
        " https://orcid.org/0000-0002-1825-0097/ ",
        "http://www.orcid.org/0000-0002-1825-0097",
        "orcid.org/0000-0002-1825-0097",
        "ORCID: 0000-0002-1825-0097",
        "ORCID iD: https://orcid.org/0000-0002-1825-0097",
        "<https://orcid.org/0000-0002-1825-0097>",
        "0000‑0002‑1825‑0097",
    ],
)
def test_every_writing_of_an_orcid_id_is_the_same(text: str) -> None:
    assert parse_orcid(text) == "0000-0002-1825-0097"


def test_the_check_digit_may_be_x() -> None:
    assert parse_orcid("0000-0002-1694-233x") == "0000-0002-1694-233X"


@pytest.mark.parametrize("at", range(16))
def test_one_wrong_digit_is_always_noticed(at: int) -> None:
    digits = "0000000218250097"
    for digit in set("0123456789") - {digits[at]}:
        with pytest.raises(IdentifierError, match="check digit"):
            parse_orcid(digits[:at] + digit + digits[at + 1 :])


@pytest.mark.parametrize(
    "text",
    ["", "0000-0002-1825-009", "0000-0002-1825-00977", "bruna_j_1", "X000-0002-1825-0097", "٠000-0002-1825-0097"],
)
def test_other_text_is_no_orcid_id(text: str) -> None:
    with pytest.raises(IdentifierError, match="sixteen digits"):
        parse_orcid(text)
