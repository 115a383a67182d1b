"""biblatex's localisation keys, which stand for words in some fields (biblatex manual, 4.9.2; words of english.lbx).

``type = {patentus}`` prints "U.S. patent". A record has the words, for every other program would print the key; where
it is written as BibLaTeX, it has the keys again. Editors' roles are in `bibtool.formats.bibtex.mapping`.
"""

from __future__ import annotations

from typing import Final

# 4.9.2.11 "Publication Type", 4.9.2.21 "Patents and patent requests"; the words begin with a capital as genres do
GENRES: Final[dict[str, str]] = {
    "bathesis": "Bachelor's thesis",
    "mathesis": "Master's thesis",
    "phdthesis": "PhD thesis",
    "candthesis": "Candidate thesis",
    "techreport": "Technical report",
    "resreport": "Research report",
    "software": "Computer software",
    "datacd": "CD-ROM",
    "audiocd": "Audio CD",
    "patent": "Patent",
    "patentde": "German patent",
    "patenteu": "European patent",
    "patentfr": "French patent",
    "patentuk": "British patent",
    "patentus": "U.S. patent",
    "patreq": "Patent request",
    "patreqde": "German patent request",
    "patreqeu": "European patent request",
    "patreqfr": "French patent request",
    "patrequk": "British patent request",
    "patrequs": "U.S. patent request",
}

# 4.9.2.13 "Publication State"
STATES: Final[dict[str, str]] = {
    "inpreparation": "in preparation",
    "submitted": "submitted",
    "forthcoming": "forthcoming",
    "inpress": "in press",
    "prepublished": "pre-published",
}

# 4.9.2.20 "Country Names"
COUNTRIES: Final[dict[str, str]] = {
    "countryde": "Germany",
    "countryeu": "European Union",
    "countryep": "European Union",
    "countryfr": "France",
    "countryuk": "United Kingdom",
    "countryus": "United States of America",
}

# 4.9.2.12 "Miscellaneous": series
SERIES: Final[dict[str, str]] = {"newseries": "new series", "oldseries": "old series"}

_OF_VARIABLE: Final[dict[str, dict[str, str]]] = {
    "genre": GENRES,
    "status": STATES,
    "publisher-place": COUNTRIES,
    "collection-title": SERIES,
}
KEYED: Final = frozenset(_OF_VARIABLE)  # the variables that have such keys
_KEY_OF: Final[dict[str, dict[str, str]]] = {
    variable: {words: key for key, words in reversed(table.items())} for variable, table in _OF_VARIABLE.items()
}


def words_of(variable: str, content: str) -> str:
    """The words that the content of a field stands for, item by item where it is a list; "" where it has no key."""
    table = _OF_VARIABLE.get(variable)
    if table is None:
        return ""
    whole = content.strip()
    if whole.casefold() in table:
        return table[whole.casefold()]
    items = [item.strip() for item in whole.split(" and ")] if variable == "publisher-place" else []
    if len(items) < 2 or not any(item.casefold() in table for item in items):
        return ""
    return " and ".join(table.get(item.casefold(), item) for item in items)


def key_of(variable: str, words: str) -> str:
    """The key that stands for just these words; "" for none."""
    table = _KEY_OF.get(variable)
    return table.get(words, "") if table is not None else ""


def language_of(content: str) -> str:
    """The first language of a list of them, ``langlatin`` as ``latin``: CSL has one language of an item."""
    first = content.split(" and ", 1)[0].strip()
    return first[4:] if first.startswith("lang") and first[4:].isalpha() else first
