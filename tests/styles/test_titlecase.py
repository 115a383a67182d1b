"""Title case of hyphenated compounds."""

from __future__ import annotations

import pytest

from tests.styles.data import record, style_source
from tests.styles.test_processor import made

TITLE = style_source('<layout><text variable="title" text-case="title"/></layout>')


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("word-of-mouth advertising", "Word-of-Mouth Advertising"),
        ("a run-of-the-river plant", "A Run-of-the-River Plant"),
        ("word\u2010of\u2010mouth rumours", "Word\u2010of\u2010Mouth Rumours"),
        ("non\u2011fat and up\u2011to\u2011date text", "Non\u2011Fat and Up\u2011to\u2011Date Text"),
        ("a primer: door-to-door sales", "A Primer: Door-to-Door Sales"),
        ("why <i>cost</i>-of-<i>living</i> counts", "Why Cost-of-Living Counts"),
        ("an on-site and by-product study", "An On-Site and By-Product Study"),  # the first element of a compound
        ("the well-to-do and the out-of-work", "The Well-to-Do and the Out-of-Work"),
        ("counting the passers-by", "Counting the Passers-By"),  # the last word of all
    ],
)  # fmt: skip
def test_stop_words_inside_a_compound_stay_small(title: str, wanted: str) -> None:
    assert made(TITLE, record("a", title=title)).cite("a") == wanted
