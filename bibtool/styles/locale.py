"""Locales: terms, date formats and options, with the fall-back of CSL 1.0.2 ("Locale Fallback")."""

from __future__ import annotations

import os
from functools import lru_cache

from bibtool.errors import MissingPackageError, StyleError, UnknownNameError
from bibtool.structs import dataclass, field
from bibtool.styles.xmltree import parse_xml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Literal, TypeAlias

    from bibtool.xmltree import Element

Form: TypeAlias = 'Literal["long", "short", "verb", "verb-short", "symbol"]'

FALLBACK_LOCALE = "en-US"

# "Locale Fallback": the dialect that stands for a language without one
PRIMARY_DIALECTS = {
    "af": "af-ZA", "bg": "bg-BG", "ca": "ca-AD", "cs": "cs-CZ", "cy": "cy-GB", "da": "da-DK", "de": "de-DE",
    "el": "el-GR", "en": "en-US", "es": "es-ES", "et": "et-EE", "fa": "fa-IR", "fi": "fi-FI", "fr": "fr-FR",
    "gl": "gl-ES", "he": "he-IL", "hi": "hi-IN", "hr": "hr-HR", "hu": "hu-HU", "id": "id-ID", "is": "is-IS",
    "it": "it-IT", "ja": "ja-JP", "km": "km-KH", "ko": "ko-KR", "lt": "lt-LT", "lv": "lv-LV", "mn": "mn-MN",
    "ms": "ms-MY", "nb": "nb-NO", "nl": "nl-NL", "nn": "nn-NO", "pl": "pl-PL", "pt": "pt-PT", "ro": "ro-RO",
    "ru": "ru-RU", "sk": "sk-SK", "sl": "sl-SI", "sr": "sr-RS", "sv": "sv-SE", "th": "th-TH", "tr": "tr-TR",
    "uk": "uk-UA", "vi": "vi-VN", "zh": "zh-CN",
}  # fmt: skip

# "Terms": a form that is nowhere defined falls back to these, in order
_FORM_FALLBACK: dict[str, tuple[str, ...]] = {
    "long": ("long",),
    "short": ("short", "long"),
    "verb": ("verb", "long"),
    "verb-short": ("verb-short", "verb", "long"),
    "symbol": ("symbol", "short", "long"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """One form of a term; both numbers are the same where the locale gives only one. ``match`` is for ordinals."""

    single: str
    multiple: str
    match: str = ""


@dataclass(frozen=True, slots=True)
class LocaleData:
    """What one source (a locale file, or a style's ``cs:locale``) defines."""

    lang: str
    terms: Mapping[tuple[str, str], Term]
    ordinals: Mapping[tuple[str, str], Term]  # (name, gender form)
    genders: Mapping[str, str]  # term -> "feminine" or "masculine"
    dates: Mapping[str, Element]
    options: Mapping[str, str]
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class Locale:
    """The result of the fall-back for one language: every unit drawn from the first source that has it."""

    lang: str
    terms: Mapping[tuple[str, str], Term]
    ordinals: Mapping[tuple[str, str], Term]
    genders: Mapping[str, str]
    dates: Mapping[str, Element]
    punctuation_in_quote: bool = False
    limit_day_ordinals: bool = False
    _ordinal_cache: dict[tuple[int, str], str] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def load(cls, lang: str) -> Locale:
        """The locale of a language or dialect (``de``, ``de-AT``), without a style's own terms.

        A dialect without a file uses its language's, anything else raises `UnknownNameError` with suggestions.
        """
        if not locale_path(_dialect(lang)) and PRIMARY_DIALECTS.get(_language(lang)) is None:
            raise UnknownNameError("locale", lang, known_locales())
        return resolve(lang, ())

    def defines(self, name: str, form: str = "long") -> bool:
        """True where the term is there in exactly this form."""
        return (name, form) in self.terms

    def symbol_for_and(self) -> str:
        """The symbol that stands for "and"."""
        return (self.term("and", "symbol") if self.defines("and", "symbol") else "") or "&"

    def term(self, name: str, form: str = "long", *, plural: bool = False) -> str | None:
        """A term, by the fall-back of forms; None where no form of it is known."""
        terms = self.terms
        for candidate in _FORM_FALLBACK.get(form, ("long",)):
            found = terms.get((name, candidate))
            if found is not None:
                return found.multiple if plural else found.single
        return None

    def ordinal_suffix(self, number: int, gender: str, *, ungendered: str = "feminine") -> str:
        """The suffix of an ordinal number ("Ordinal Suffixes").

        ``ungendered`` is the gender that counts for a noun without one in languages of which all ordinals have one:
        that of "edition" in all these, the word that is numbered most.
        """
        if not gender and ("ordinal", "") not in self.ordinals and ("ordinal", ungendered) in self.ordinals:
            gender = ungendered
        key = (number, gender)
        known = self._ordinal_cache.get(key)
        if known is None:
            known = self._ordinal_cache[key] = self._find_ordinal(number, gender)
        return known

    def _find_ordinal(self, number: int, gender: str) -> str:
        ordinals = self.ordinals
        if not any(name == "ordinal" for name, _ in ordinals) and ("ordinal-04", "") in ordinals:
            return self._old_ordinal(number)
        last_two = number % 100
        for name, value, default in (
            (f"ordinal-{last_two:02d}", last_two, "last-two-digits"),
            (f"ordinal-{number % 10:02d}", number % 10, "last-digit"),
        ):
            if value < 10 and default == "last-two-digits":
                continue
            for form in dict.fromkeys((gender, "")):
                term = ordinals.get((name, form))
                if term is not None and _matches(term.match or default, number, value):
                    return term.single
        for form in dict.fromkeys((gender, "")):
            term = ordinals.get(("ordinal", form))
            if term is not None:
                return term.single
        return ""

    def _old_ordinal(self, number: int) -> str:
        """The rule of CSL 1.0: 1, 2, 3 by the last digit but not 11, 12, 13; else 4."""
        last = number % 10
        digit = last if last in (1, 2, 3) and number % 100 not in (11, 12, 13) else 4
        term = self.ordinals.get((f"ordinal-{digit:02d}", ""))
        return term.single if term else ""

    def long_ordinal(self, number: int, gender: str) -> str | None:
        """``first`` ... ``tenth``, or None."""
        if not 1 <= number <= 10:
            return None
        name = f"long-ordinal-{number:02d}"
        for form in dict.fromkeys((gender, "", "feminine")):
            term = self.ordinals.get((name, form))
            if term is not None:
                return term.single
        return None


def _matches(match: str, number: int, value: int) -> bool:
    if match == "whole-number":
        return number == value
    if match == "last-two-digits":
        return number % 100 == value
    return number % 10 == value if value < 10 else number % 100 == value


def _language(lang: str) -> str:
    return lang.replace("_", "-").partition("-")[0].lower()


def _dialect(lang: str) -> str:
    """The tag without what it says of the order (``de-u-co-phonebk``)."""
    return lang.partition("-u-")[0]


def parse_locale(root: Element, *, path: str | None = None, is_file: bool = False) -> LocaleData:
    """The data of a ``cs:locale`` element, of a file or inside a style."""
    if root.name != "locale":
        raise StyleError(f"<{root.name}> is not a locale", path=path, line=root.line)
    terms: dict[tuple[str, str], Term] = {}
    ordinals: dict[tuple[str, str], Term] = {}
    genders: dict[str, str] = {}
    dates: dict[str, Element] = {}
    options: dict[str, str] = {}
    for child in root.children:
        if child.name == "terms":
            for term in child.all("term"):
                _add_term(term, terms, ordinals, genders, path)
        elif child.name == "date":
            form = child.get("form")
            if form not in ("text", "numeric"):
                raise StyleError('<date> of a locale needs form="text" or "numeric"', path=path, line=child.line)
            dates[form] = child
        elif child.name == "style-options":
            options.update(child.attributes)
    return LocaleData(root.get("lang"), terms, ordinals, genders, dates, options, is_file)


def _add_term(
    element: Element,
    terms: dict[tuple[str, str], Term],
    ordinals: dict[tuple[str, str], Term],
    genders: dict[str, str],
    path: str | None,
) -> None:
    attributes = element.attributes
    name = attributes.get("name")
    if not name:
        raise StyleError("<term> without a name", path=path, line=element.line)
    if element.children:
        single, multiple = element.first("single"), element.first("multiple")
        one = single.own_text if single else ""
        many = multiple.own_text if multiple else one
    else:
        one = many = element.own_text if element.own_text.strip() else ""
    term = Term(one, many, attributes.get("match", ""))
    if name.startswith(("ordinal", "long-ordinal")):
        ordinals[name, attributes.get("gender-form", "")] = term
        return
    if gender := attributes.get("gender"):
        genders[name] = gender
    if not attributes.get("gender-form"):
        terms[name, attributes.get("form", "long")] = term


def sources_of(lang: str) -> list[str]:
    """The locale files to look into, nearest first: the dialect, its language's primary dialect, en-US."""
    names = []
    if locale_path(lang):
        names.append(lang)
    primary = PRIMARY_DIALECTS.get(_language(lang))
    if primary and primary not in names and locale_path(primary):
        names.append(primary)
    if FALLBACK_LOCALE not in names:
        names.append(FALLBACK_LOCALE)
    return names


def resolve(lang: str, in_style: Iterable[LocaleData]) -> Locale:
    """The locale that a style sees: its own ``cs:locale`` elements first, then the files."""
    chosen = lang.replace("_", "-")
    if "-" not in chosen:
        chosen = PRIMARY_DIALECTS.get(chosen.lower(), chosen)
    dialect = _dialect(chosen)
    language = _language(chosen)
    own = list(in_style)
    ranked = [
        *[data for data in own if data.lang.lower() == dialect.lower()],
        *[data for data in own if data.lang.lower() == language and data.lang.lower() != dialect.lower()],
        *[data for data in own if not data.lang],
        *[load_file(name) for name in sources_of(dialect)],
    ]
    terms: dict[tuple[str, str], Term] = {}
    ordinals: dict[tuple[str, str], Term] = {}
    genders: dict[str, str] = {}
    dates: dict[str, Element] = {}
    options: dict[str, str] = {}
    for data in reversed(ranked):
        terms.update(data.terms)
        if any(name.startswith("ordinal") for name, _ in data.ordinals):
            # (re)defining one ordinal replaces all that were there before
            ordinals = {key: term for key, term in ordinals.items() if key[0].startswith("long-")}
        if data.is_file:  # "first" is no neuter form of "primeira"
            for name, form in data.ordinals:
                if form:
                    ordinals.pop((name, ""), None)
        ordinals.update(data.ordinals)
        # a term's gender comes with its long form: a source that redefines that one decides
        for name, form in data.terms:
            if form == "long":
                genders.pop(name, None)
        genders.update(data.genders)
        dates.update(data.dates)
        if data.is_file:
            options.clear()  # an option that a file leaves out is off, whatever the next one says
        options.update(data.options)
    return Locale(
        chosen,
        terms,
        ordinals,
        genders,
        dates,
        punctuation_in_quote=options.get("punctuation-in-quote") == "true",
        limit_day_ordinals=options.get("limit-day-ordinals-to-day-1") == "true",
    )


@lru_cache(maxsize=1)
def _folder() -> str:
    """The folder of the locale files, or ""."""
    from importlib.util import find_spec

    spec = find_spec("citeproc")  # data only: the engine of that package is never imported
    if spec is None or not spec.submodule_search_locations:
        return ""
    folder = os.path.join(next(iter(spec.submodule_search_locations)), "data", "locales")
    return folder if os.path.isdir(folder) else ""


def locale_path(lang: str) -> str:
    """The locale file of exactly this dialect, or ""."""
    folder = _folder()
    if not folder or not lang.replace("-", "").isalnum():
        return ""
    path = os.path.join(folder, f"locales-{lang}.xml")
    return path if os.path.isfile(path) else ""


def known_locales() -> tuple[str, ...]:
    """The dialects that have a file, sorted."""
    folder = _folder()
    if not folder:
        return ()
    names = [name for name in os.listdir(folder) if name.startswith("locales-") and name.endswith(".xml")]
    return tuple(sorted(name[len("locales-") : -len(".xml")] for name in names))


@lru_cache(maxsize=80)
def load_file(lang: str) -> LocaleData:
    """The data of one locale file; raises `StyleError` where it is not installed or broken."""
    path = locale_path(lang)
    if not path:
        if not _folder():
            raise MissingPackageError("citeproc")
        raise StyleError(f"no locale file for {lang}")
    with open(path, "rb") as file:
        source = file.read()
    return parse_locale(parse_xml(source, path=path), path=path, is_file=True)
