"""Title case of compounds and single letters; sentence case."""

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


@pytest.mark.parametrize(
    ("language", "label", "wanted"),
    [
        ("fr-FR", '<label form="short" text-case="title" prefix=" "/>', "Ito Éd."),
        ("it-IT", '<label form="short" text-case="title" prefix=" "/>', "Ito A c. Di"),
        ("en-US", '<label form="short" text-case="title" prefix=" "/>', "Ito Ed."),
        ("fr-FR", '<label form="short" prefix=" "/>', "Ito éd."),
    ],
)
def test_a_term_in_title_case_whatever_the_language(language: str, label: str, wanted: str) -> None:
    source = style_source(
        f'<layout><names variable="editor"><name form="short"/>{label}</names></layout>',
        more=f'default-locale="{language}"',
    )
    assert made(source, record("a", editor="Ito, A")).cite("a") == wanted


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("война и мир", "Война и Мир"),
        ("sorting in x < y", "Sorting in x < y"),
        ("tools, e.g. hammers", "Tools, e.g. Hammers"),
        ("a day with a friend", "A Day with a Friend"),
    ],
)
def test_a_single_letter_stays_small(title: str, wanted: str) -> None:
    """It is a word of another language, a variable or a part of an abbreviation, and seldom the name of a plan."""
    assert made(TITLE, record("a", title=title)).cite("a") == wanted


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        # "Sentence Case Conversion": "For uppercase strings, the first character of the string remains capitalized. All
        # other letters are lowercased." In others, the first word is capitalized if it is lowercase.
        ("THE HOUSE OF CARDS", "The house of cards"),
        ("THE <i>HOUSE</i> OF CARDS", "The house of cards"),
        ("the house of cards", "The house of cards"),
        ("<i>NATO</i> and its allies", "NATO and its allies"),
        ("iPhone and its rivals", "iPhone and its rivals"),
    ],
)
def test_sentence_case(title: str, wanted: str) -> None:
    source = style_source('<layout><text variable="title" text-case="sentence"/></layout>')
    assert made(source, record("a", title=title)).cite("a") == wanted
