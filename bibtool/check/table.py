"""The rule table: every rule by its code. A rule module that isn't listed here doesn't exist; a test sees to it."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

from bibtool.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bibtool.check.rule import Rule

GROUPS: Final[dict[str, str]] = {
    "SYN": "Syntax",
    "KEY": "Citation keys",
    "DUP": "Duplicates",
    "REQ": "Entries and their fields",
    "REF": "References within the file",
    "IDS": "Identifiers",
    "VAL": "Values",
    "NAM": "Names",
    "TXT": "Text",
    "SUP": "Suppressions",
}

MODULES: Final = (
    "syn001_broken_entry",
    "syn002_missing_separator",
    "syn003_extra_comma",
    "syn004_bad_value",
    "syn005_comment_in_entry",
    "syn006_swallowed_entry",
    "syn007_stray_text",
    "syn008_encoding",
    "syn009_bad_string",
    "syn010_unreadable_file",
    "syn011_conflict_marker",
    "key001_duplicate_key",
    "key002_key_differs_by_case",
    "key003_missing_key",
    "key004_non_ascii_key",
    "key005_uncitable_key",
    "key006_key_not_for_typst",
    "dup001_duplicate_doi",
    "dup002_duplicate_arxiv_id",
    "dup003_duplicate_work",
    "dup004_preprint_beside_published",
    "req001_missing_field",
    "req002_unknown_entry_type",
    "req003_empty_field",
    "req004_duplicate_field",
    "ref001_unresolved_crossref",
    "ref002_unresolved_xdata",
    "ref003_undefined_string",
    "ref004_unused_string",
    "ref005_crossref_order",
    "ref006_crossref_cycle",
    "ids001_malformed_doi",
    "ids002_doi_as_url",
    "ids003_malformed_arxiv_id",
    "ids004_bad_isbn",
    "ids005_bad_issn",
    "ids006_url_repeats_doi",
    "ids007_arxiv_doi_in_published",
    "ids008_decorated_arxiv_id",
    "val001_bad_year",
    "val002_bad_date",
    "val003_page_range_dash",
    "val004_unbalanced_braces",
    "val005_unbalanced_dollar",
    "val006_month_not_macro",
    "val007_control_character",
    "val008_mojibake",
    "nam001_names_not_separated",
    "nam002_and_others",
    "nam003_et_al",
    "nam004_split_organisation",
    "txt001_html_entity",
    "txt002_html_tag",
    "txt003_all_caps_title",
    "txt004_unprotected_capitals",
    "txt005_full_stop_in_title",
    "txt006_unescaped_character",
    "sup001_unknown_code",
    "sup002_unused_suppression",
)


@cache
def rules() -> Mapping[str, Rule]:
    """All rules by code, in the order of the table."""
    found: dict[str, Rule] = {}
    for module in MODULES:
        rule: Rule = import_module(f"bibtool.check.rules.{module}").RULE
        found[rule.code] = rule
    return found


def find_rule(text: str) -> Rule:
    """The rule of that code or name, in any case; raises `UnknownNameError` with suggestions."""
    wanted = text.strip()
    for rule in rules().values():
        if wanted.upper() == rule.code or wanted.lower() == rule.name:
            return rule
    raise unknown(text)


def unknown(text: str) -> UnknownNameError:
    """The error for a text that is no code, name or group."""
    from difflib import get_close_matches

    names = [*rules(), *GROUPS, *(rule.name for rule in rules().values())]
    known = [name for name in names if get_close_matches(text.upper(), [name.upper()], cutoff=0.6)]
    return UnknownNameError("rule", text, known or names, hint="`bibtool check --list-rules` lists them")


def expand(selector: str) -> frozenset[str]:
    """The codes that a selector means: ``ALL``, a code, the beginning of codes (``IDS``, ``IDS00``), or a name.

    Raises `UnknownNameError`.
    """
    codes = codes_of(selector)
    if not codes:
        raise unknown(selector)
    return codes


@lru_cache(maxsize=1024)
def codes_of(selector: str) -> frozenset[str]:
    """As `expand`, but empty for a selector that means nothing."""
    wanted = selector.strip()
    upper = wanted.upper()
    if upper == "ALL":
        return frozenset(rules())
    codes = frozenset(code for code in rules() if upper and code.startswith(upper))
    return codes or frozenset(rule.code for rule in rules().values() if rule.name == wanted.lower())


def defaults() -> frozenset[str]:
    """The codes of the rules that are on without being asked for."""
    return frozenset(code for code, rule in rules().items() if rule.default)


def choose(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> frozenset[str]:
    """The codes that are on: those selected (else the defaults) without those ignored.

    Where a code is both selected and ignored, the longer selector wins, so that ``--select IDS001 --ignore IDS``
    leaves one rule; at the same length it is ignored. Raises `UnknownNameError`.
    """
    chosen = tuple(select)
    weight: dict[str, int] = dict.fromkeys(() if chosen else defaults(), 0)
    for one in chosen:
        for code in expand(one):
            weight[code] = max(weight.get(code, -1), _precision(one))
    for one in ignore:
        for code in expand(one):
            if code in weight and _precision(one) >= weight[code]:
                del weight[code]
    return frozenset(weight)


def _precision(selector: str) -> int:
    """How narrow a selector is; a name is as narrow as a whole code."""
    wanted = selector.strip().upper()
    return 0 if wanted == "ALL" else min(len(wanted), 6)
