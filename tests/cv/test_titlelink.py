"""The title in a reference as a link: found in the style's own spelling, never across other marks."""

from __future__ import annotations

import pytest

from bibtool.cv.titlelink import with_title_link
from bibtool.styles.output import renderer
from bibtool.styles.rich import CLOSE, OPEN, Mark

URL = "https://doi.org/10.5555/x"
ITALIC, NOT_ITALIC = OPEN["italic"], CLOSE["italic"]


@pytest.mark.parametrize(
    ("run", "title", "expected"),
    [
        (["Ash (2020). On Trees. Nature."], "On Trees", "Ash (2020). [On Trees](URL). Nature."),
        (["Ash. On trees. Nature."], "On Trees.", "Ash. [On trees](URL). Nature."),
        (["Ash. ", ITALIC, "On Trees", NOT_ITALIC, "."], "On Trees", "Ash. *[On Trees](URL)*."),
        (["Ash. ", ITALIC, "On Trees. Nature", NOT_ITALIC, "."], "On Trees", "Ash. *[On Trees](URL). Nature*."),
        (["Ash. On ", ITALIC, "E. coli", NOT_ITALIC, ". Nature."], "On E. coli", "Ash. [On *E. coli*](URL). Nature."),
        (["“The “Tree”’s 1–2”, ", "Nature"], 'The "Tree"\'s 1-2', "“[The “Tree”’s 1–2](URL)”, Nature"),
        (["On ", "Tr", "ees"], "On Trees", "[On Trees](URL)"),
        (["Ash. Something else."], "On Trees", "Ash. Something else."),
        (["Ash. On ", ITALIC, "Trees. Nature", NOT_ITALIC, "."], "On Trees", "Ash. On *Trees. Nature*."),
        (["Ash (2020). It."], "It", "Ash (2020). It."),
        ([Mark("link", href=URL), "On Trees", Mark("link", close=True)], "On Trees", "[On Trees](URL)"),
        ([], "On Trees", ""),
    ],
)
def test_the_title_is_linked_where_it_is_whole(run: list[str | Mark], title: str, expected: str) -> None:
    made = renderer("markdown").inline(with_title_link(run, title, URL))
    assert made.replace("\\", "").replace(f"<{URL}>", URL) == expected.replace("URL", URL)
    assert "".join(one for one in with_title_link(run, title, URL) if isinstance(one, str)) == "".join(
        one for one in run if isinstance(one, str)
    )


def test_no_address_no_link() -> None:
    assert with_title_link(["On Trees"], "On Trees", "") == ["On Trees"]
