"""Names out of the part of a reference that lists people: in any order, with any separators.

Lists are read by what their elements look like: initials (``J. R.``), a family name, a family name with initials
(``Doe JR``), initials with a family name (``J. Doe``), several full words (``Jane Doe``). Elements of initials belong
to the family name before them.
"""

from __future__ import annotations

import re
from typing import Final

from bibtool.lazy import lazy_pattern
from bibtool.model.names import Name, Names, looks_like_organisation, parse_name
from bibtool.structs import replace

MAX_LENGTH: Final = 6_000

_CONNECTORS = r"and|und|et|y|e|i|и|en|och|og|ja|ve|a|és|with|mit|avec|con|com|та|și|si"
_CONNECTOR = lazy_pattern(rf"\s*(?:,\s*|;\s*)?(?:&\s*(?:amp;)?|(?<![\w.])(?:{_CONNECTORS})(?=\s)|\+)\s*", re.IGNORECASE)
_AND = lazy_pattern(r"\s*[,;]?\s*(?:&(?:amp;)?|(?<=[\s,;.])(?:and|und|et|и|och|og|ve)(?=\s))\s*", re.IGNORECASE)
# Each takes a run of commas and spaces from its first one: from all of them, long runs take the square of the time.
_ET_AL = lazy_pattern(
    r"(?:(?<![\s,;&])[\s,;&]+)?"
    r"(?:(?:\(\s*)?(?:\bet|\band)\s+(?:al\b\.?|alii|collaborators|others|coll\b\.?)|\bu\.\s?a\.|\by otros\b|"
    r"\be outros\b|\bи др\.?|\bи соавт\.?|\bi in\.|\bi wsp\.|\bve ark\.|\bvd\.|\ba kol\.|\bm\.\s?fl\.|,?\s*[等他]+$|"
    r"\bet autres\b|\be\.\s?a\.|\bidr\.|\bin sod\.|\bi sur\.|\bm\.fl\.|\bdkk\b|"
    r"\bund andere\b|\bund weitere\b|\ben anderen?\b|\[?\.\.\.\]?$|…$)[\s)\].,;:]*",
    re.IGNORECASE,
)
_LEFT_OUT = lazy_pattern(r"[,;]\s?(?:&\s?)?(?:\.\s?\.\s?\.|\N{HORIZONTAL ELLIPSIS})\s?,?\s?(?:&\s?)?(?=[^\W\d_])")
_ROLE = lazy_pattern(
    r"(?:(?<![\s,;])[\s,;]+)?"
    r"[(\[]\s*(?:eds?|éds?|hrsg|hg|dir|coord|org|orgs|comp|ed lit|trans|ред|red|editors?|editor|coords?|"
    r"dirs?|comps?|writer/director|directors?|producers?|herausgeber|curator|a cura di|szerk|編|编|"
    r"主编)\b\.?[^)\]]*[)\]]"
    r"|(?<![\s,])[\s,]+(?:eds?\.?|éds?\.?|editors?|hrsg\.?|hg\.?|\(hrsg\)|coords?\.|dirs\.|szerk\.?|主编|编|編)[\s,.:;]*$",
    re.IGNORECASE,
)
_LEAD = lazy_pattern(
    r"^[\s\W]*?(?:(?:edited|herausgegeben|hrsg\.?|hg\.?|éd(?:ité)?|ed(?:itado)?|eds?|red|pod red|под ред|a cura|"
    r"bajo la|sous la|translated|transl?|übersetzt|übers|traduit|traducción|trad|vertaald|tłum|пер|dirigé|directed|"
    r"dir|prod|in|dans|by|von|par|por|door)\b"
    r"[\s.:]*(?:by|von|par|por|door|di|de|da|direction de|dirección de|с|в)?(?![.\w])"
    r"[\s.:]+)+",
    re.IGNORECASE,
)
# capital letters; those of Polish, Czech, Turkish and others are in no row: Ł, Š, Ž, Ş
_CAPITAL = f"A-ZÀ-ÞА-ЯΑ-Ω{''.join(letter for letter in map(chr, range(0x100, 0x250)) if letter.isupper())}"
_INITIAL = r"[^\W\d_a-zß-öø-ÿ](?:[a-zß-öø-ÿ]{0,2}\.)?"
_INITIALS = lazy_pattern(
    r"(?:[^\W\d_](?:[a-zß-ÿа-яё]{1,2})?\.\s*+(?:[-‐–]\s*+)?)++(?:[^\W\d_](?![\w.]))?"
    rf"|[{_CAPITAL}](?:[\s-]*[{_CAPITAL}]){{0,3}}(?![\w.])"
)
_LAST_INITIALS = lazy_pattern(
    r"(?P<family>.*?[^\W\d_]{2,}[’'`]?)[\s,]+"
    rf"(?P<given>(?:[{_CAPITAL}][a-z]?\.\s*+(?:[-‐–]\s*+)?)++(?:(?:de|da|van|von|der|la|do|dos)\.?)?"
    rf"|[{_CAPITAL}](?:[\s-]?[{_CAPITAL}]){{0,3}})"
)
# family names of few letters in capitals, which look like initials: "LEE C" among "JONES B, LEE C"
_SHORT_LAST = lazy_pattern(r"[^\W\d_a-zß-ÿ]{2,4} [^\W\d_a-zß-ÿ]{1,2}")
# as PubMed writes them: "Doe JB Jr", "Doe JB 3rd"
_SUFFIX_LAST = lazy_pattern(rf"(?P<name>\S.*\s[{_CAPITAL}]{{1,3}}),? (?P<suffix>(?:Jr|Sr)\.?|2nd|3rd|[4-9]th)")
_SEMICOLON = lazy_pattern(r"[;/]")
_GIVEN_IN_BRACKETS = lazy_pattern(r"(?P<family>[^\W\d_][^()]*?)\s+\((?P<given>[^\W\d_][^()\d]{0,24})\)")
_SHORT_AND = lazy_pattern(
    r"(?<=[\w.]),?\s+(?:y|e|i|en|ja|a|és|și)\s+(?=[^\W\d_a-zß-ÿ])"
    r"|(?<=\.),?\s+(?:y|e|i|en)\s+(?=(?:(?:d[eo]l?|d[ao]s?|la|las|los|van|von|der|den|ter|ten|di)\s+){1,3}[^\W\d_a-zß-ÿ])"
)
_LED_BY_AND = lazy_pattern(r"^(?:and|und|et|in|y|e|i|и|en|och|og|ja|ve|és|și|ter|si)\s+(?=[^\W\d_a-zß-ÿ])")
# words of offices that are no family names of many people, beyond those that `looks_like_organisation` knows
_OFFICE = lazy_pattern(
    r"\b(?:cent(?:er|re)s?|bureau|office|bank|news|statistics|administration|authority|government|parliament|museum|"
    r"academy|college|school|hospital|division|programme?|fund|forum|secretariat|press|nations|service|"
    r"minist[eéè]ri[oea]\w*|bundes(?:amt|ministerium|anstalt)|statistisches|académie|academia|secretaría|secretaria)\b",
    re.IGNORECASE,
)
_ONE_INITIAL = lazy_pattern(r"(?<![^\W\d_])[^\W\d_]\.")
_CONNECTOR_WORD = lazy_pattern(r"\s(?:and|und|et|y|e)\s")
_PREPOSITION = lazy_pattern(r"\s(?:of|for|für|de|da|do|del)\s")
_LAST_IN_CAPITALS = lazy_pattern(
    r"(?P<family>(?:(?:D[EIU]?|L[EA]?|DEL|DELLA|DOS|VAN|VON|DER|DEN|EL)[\s’'])*+(?:[^\W\d_a-zß-öø-ÿ][’'-]?){3,}"
    r"(?:\s[^\W\d_a-zß-öø-ÿ][^\W\d_a-zß-öø-ÿ’'-]+)?)\s+(?P<given>[^\W\d_a-zß-öø-ÿ][^\W\d_][\w.’' -]*)"
)
_SUFFIX = lazy_pattern(r"(?:Jr|Sr|II|III|IV|Jnr|[1-4](?:st|nd|rd|th))\.?", re.IGNORECASE)
_FINAL_STOP = lazy_pattern(r"(?<=[^\W\d_]{2})(?<!Jr)(?<!Sr)\.$")  # of the sentence: initials have one letter
_BARE_LAST = lazy_pattern(r"[^\W\d_a-zß-ÿ](?:[ -][^\W\d_a-zß-ÿ])+\.$")
_MARKS = lazy_pattern(r"[*†‡§¶⁎∗#✉⋆¹²³⁴-⁹]+|(?<=[^\W\d_])\d{1,2}(?=\s*(?:[,;&]|and\b|$))")
_SPACES = lazy_pattern(r"\s+")
_BARE_INITIALS = lazy_pattern(rf"[{_CAPITAL}]{{1,4}}(?:-[{_CAPITAL}])?")
_WIDE = lazy_pattern(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_WIDE_BETWEEN = lazy_pattern(
    r"\s*(?:[,，;；、·・&]|\s{2,}|(?<=[\s,，])と|と(?=\s)|\s(?:and|和|及)\s|(?<=[一-鿿])と(?=[一-鿿])|"
    r"(?<=.)[和与](?=[^,，]{2,4}$))\s*"
)
_WIDE_ET_AL = lazy_pattern(r"(?:(?<![\s,，、])[\s,，、]+)?(?:等|ほか|他|及其他|(?<=[一-鿿])ら|et al\.?)[\s.,，]*$")
_WIDE_ROLE = lazy_pattern(
    r"(?:(?<![\s,，])[\s,，]+)?[\[(（]?(?:编辑|編集者|编著|主编|編者|编|編|訳|译|著)\.?[\])）]?[\s.,，]*$"
)
_PARTICLES: Final = frozenset(
    "van von der den de la le du di da del della dos das do el al ben bin ibn ter ten zu zum zur af av y 't".split()
)

_TWO_CHARACTERS: Final = frozenset(
    "欧阳 歐陽 司马 司馬 诸葛 諸葛 上官 夏侯 皇甫 尉迟 尉遲 公孙 公孫 令狐 宇文 长孙 長孫 慕容 司徒 东方 東方 端木 "
    "独孤 南宫".split()
)


def names_of(text: str, *, japanese: bool = False) -> tuple[Names, float]:
    """The names of a list, and how regular it is: 1 where each element could be read, lower where some are odd.

    Other words (``eds.``, ``In``, ``translated by``) are left out. ``japanese``: names in Han characters have a family
    name of two, not of one. An empty text gives no names.
    """
    text = _SPACES.sub(" ", text[:MAX_LENGTH].replace("\u00a0", " ")).strip(" ,;:")
    text = _LEAD.sub("", _MARKS.sub("", text))
    text, roles = _ROLE.subn(" ", text)
    text = text.rstrip().removesuffix(" .") if roles else text  # the full stop after "(Ed.)"
    text, cut = _ET_AL.subn(" , ", text) if "et" in text or not text.isascii() or "." in text else (text, 0)
    text, left_out = _LEFT_OUT.subn(", ", text)
    cut += left_out
    text = _FINAL_STOP.sub("", text.strip(" ,;:/&(["))
    if text.count(".") == 1 and _BARE_LAST.search(text):
        text = text[:-1]  # the other initials have no stop
    if not text:
        return Names((), bool(cut)), 1.0 if cut else 0.0
    if _WIDE.search(text):
        return _wide_names(text, japanese=japanese, truncated=bool(cut)), 1.0
    if _is_office(text) or (text.count(" ") > 4 and text.islower()):
        return Names((Name(literal=text.rstrip(".")),), bool(cut)), 0.8
    groups = _groups(text)
    names: list[Name] = []
    odd = 0
    paired = len(groups) > 1 and all(_is_paired([_kind(element) for element in group]) for group in groups)
    for group in groups:
        read, faults = _read_group(group, first=not names, paired=paired)
        names += read
        odd += faults
    names = [_recased(name) for name in names if name != Name()]
    if not names:
        return Names((), bool(cut)), 0.0
    return Names(tuple(names), bool(cut)), max(0.0, 1.0 - odd / len(names))


def _is_office(text: str) -> bool:
    """True for a text that is one organisation, not people with one among them."""
    if looks_like_organisation(text):
        if re.search(r"[A-Z]\.,|;|&", text):
            return False
        elements = [element.strip() for element in text.split(",")]
        return not any(_kind(element) in {"NI", "IN"} and not looks_like_organisation(element) for element in elements)
    named = _OFFICE.search(text) is not None and _ONE_INITIAL.search(text) is None and not set(text) & set(";,&/")
    return named and (_CONNECTOR_WORD.search(text) is None or _PREPOSITION.search(text) is not None)


def has_role(text: str) -> bool:
    """True for a list that says that its people are editors: ``Doe, J. (Eds.)``, ``J. Doe, editor``."""
    return len(text) < MAX_LENGTH and _ROLE.search(text) is not None and "irector" not in text


def _groups(text: str) -> list[list[str]]:
    """The text cut at semicolons and words for "and"; in each group the elements between commas."""
    by_semicolon = ";" in text or "/" in text
    pieces = [part for half in _SEMICOLON.split(text) for part in _AND.split(half)]
    if not by_semicolon and len(pieces) == 1:
        pieces = _by_short_words(text)
    groups = []
    for piece in pieces:
        elements = [_LED_BY_AND.sub("", element.strip()) for element in piece.strip(" ,;:").split(",")]
        elements = [part for element in elements if element.strip(" .") for part in _without_suffix(element)]
        if elements:
            groups.append(elements)
    return groups


def _without_suffix(element: str) -> tuple[str, ...]:
    """A family name with initials and the suffix after them as two elements, any other as it is."""
    last = _SUFFIX_LAST.fullmatch(element)
    return (last["name"], last["suffix"]) if last else (element,)


def _by_short_words(text: str) -> list[str]:
    """Cut at one-letter connectors (``y``, ``e``, ``i``, ``a``), which are names in other languages."""
    pieces = _SHORT_AND.split(text)
    if len(pieces) == 2 and pieces[0].isalpha() and pieces[1].count(",") == 1 and pieces[1].partition(",")[0].isalpha():
        return [text]  # one name: "Ortega y Gasset, José"
    return pieces


def _kind(element: str) -> str:
    if _SUFFIX.fullmatch(element):
        return "S"
    if _INITIALS.fullmatch(element):
        return "I"
    words = element.split(" ")
    named = [word for word in words if word not in _PARTICLES]
    if len(named) > 1 and _LAST_INITIALS.fullmatch(element):
        return "NI"
    if _INITIALS.match(element) and len(named) > 1:
        return "IN"
    return "N" if len(named) <= 1 else "GN"


def _kinds(elements: list[str]) -> list[str]:
    """The kinds of the elements; where all are family names with initials, so are those of few letters."""
    kinds = [_kind(element) for element in elements]
    short = [
        kind == "I" and _SHORT_LAST.fullmatch(element) is not None
        for kind, element in zip(kinds, elements, strict=True)
    ]
    if not any(short) or not all(kind in {"NI", "S"} or flag for kind, flag in zip(kinds, short, strict=True)):
        return kinds
    return ["NI" if flag else kind for kind, flag in zip(kinds, short, strict=True)]


def _begins_name(names: list[Name], following: str, element: str) -> bool:
    """True for a short family name in capitals: the first of all, or one before initials where the last has some."""
    if not names:
        return following in {"N", "GN", "I"}
    return following == "I" and len(element) > 2 and bool(names[-1].given)


def _is_paired(kinds: list[str]) -> bool:
    """True for single words and given names in turn to the end: ``Hu, Xiang, Kong, Mary Ann``."""
    bare = [kind for kind in kinds if kind != "S"]
    return not len(bare) % 2 and set(bare[::2]) == {"N"} and set(bare[1::2]) <= {"N", "GN"}


def _read_group(elements: list[str], *, first: bool, paired: bool) -> tuple[list[Name], int]:
    """The names of the elements between two "and"s or semicolons, and how many are odd.

    ``paired``: all the groups of the list have their family names before the given ones.
    """
    kinds = _kinds(elements)
    names: list[Name] = []
    odd = at = 0
    pairs = paired or _pairs_of_words(kinds)
    while at < len(elements):
        kind, element = kinds[at], elements[at]
        following = kinds[at + 1] if at + 1 < len(elements) else ""
        if kind == "S" and names:
            names[-1] = replace(names[-1], suffix=element)
        elif named := _GIVEN_IN_BRACKETS.fullmatch(element):
            names.append(_inverted(named["family"], named["given"]))
        elif kind == "I" and len(element) > 1 and element.isalpha() and _begins_name(names, following, element):
            names.append(_inverted(element, elements[at + 1]))  # "ECO, Umberto", "DIAS, P."
            at += 1
        elif kind == "NI" and following != "I":
            names.append(_with_last_initials(element))
        elif following == "I" and kind in {"N", "GN", "IN", "NI"} and not (kind == "IN" and names):
            suffix = ""
            given = elements[at + 1]
            at += 1
            if at + 1 < len(elements) and kinds[at + 1] == "S":
                at += 1
                suffix = elements[at]
            names.append(_inverted(element, given, suffix))
        elif following == "S" and at + 2 < len(elements) and kinds[at + 2] == "I":
            names.append(_inverted(element, elements[at + 2], elements[at + 1]))
            at += 2
        elif (
            kind in {"N", "GN"}
            and at + 1 < len(elements)
            and (pairs or (not names and first and _first_pair(kinds, at)))
        ):
            names.append(_inverted(element, elements[at + 1]))
            at += 1
            if at + 1 < len(elements) and kinds[at + 1] == "S":
                at += 1
                names[-1] = replace(names[-1], suffix=elements[at])
        elif kind == "I":
            if names and not names[-1].given and not names[-1].literal:
                names[-1] = replace(names[-1], given=_spaced(element))
            elif len(element) > 2 and element.isalpha():
                names.append(Name(literal=element))  # an organisation by its letters
            else:
                odd += 1
                names.append(Name(family=element))
        else:
            names.append(_direct(element))
            odd += kind == "N" and not names[-1].literal
        at += 1
    return names, odd


def _pairs_of_words(kinds: list[str]) -> bool:
    """True for ``Doe, Jane, Smith, John Paul``: single words and words alternate to the end."""
    bare = [kind for kind in kinds if kind != "S"]
    if len(bare) < 2 or len(bare) % 2:
        return False
    return (
        all(kind == "N" for kind in bare[::2])
        and all(kind in {"N", "GN", "IN", "NI"} for kind in bare[1::2])
        and (len(bare) == 2 or any(kind != "N" for kind in bare[1::2]) or len(bare) <= 4)
    )


def _first_pair(kinds: list[str], at: int) -> bool:
    """True where the first name alone is inverted: ``Doe, Jane, John Smith``, ``van der Berg, Jan``."""
    return kinds[at] == "N" or (len(kinds) == at + 2 and kinds[at + 1] == "N")


def _inverted(family: str, given: str, suffix: str = "") -> Name:
    words = family.split(" ")
    at = 0
    while at < len(words) - 1 and words[at][:1].islower():
        at += 1
    last = words[-1]
    if _SUFFIX.fullmatch(last) and len(words) > at + 1 and not suffix:
        suffix = words.pop()
    given_words = given.split(" ")
    if len(given_words) > 1 and _SUFFIX.fullmatch(given_words[-1]) and not suffix and len(given_words[-1]) > 1:
        suffix = given_words.pop()
    particles = words[:at]
    while len(given_words) > 1 and given_words[-1] in _PARTICLES:  # "Berg, P. van den"
        particles.insert(0, given_words.pop())
    return Name(
        family=" ".join(words[at:]),
        non_dropping_particle=" ".join(particles),
        given=_spaced(" ".join(given_words)),
        suffix=suffix,
    )


def _with_last_initials(element: str) -> Name:
    match = _LAST_INITIALS.fullmatch(element)
    assert match is not None
    return _inverted(match["family"], match["given"])


def _direct(element: str) -> Name:
    element = element.strip("() ")
    if looks_like_organisation(element) or (len(element) > 2 and element.isalpha() and element.isupper()):
        return Name(literal=element)
    named = _LAST_IN_CAPITALS.fullmatch(element)
    if named and named["family"].isupper() and not named["given"].isupper():
        return _inverted(named["family"], named["given"])
    name = parse_name(element)
    return replace(name, given=_spaced(name.given)) if name.given else name


def _spaced(given: str) -> str:
    """Initials with full stops and spaces: ``JR``, ``J.R.`` and ``J R`` are ``J. R.``."""
    given = given.strip()
    words = []
    for word in given.split(" "):
        if _BARE_INITIALS.fullmatch(word) and (len(word) <= 3 or "-" in word):
            words.append("-".join(" ".join(f"{letter}." for letter in part) for part in word.split("-")))
        else:
            words.append(re.sub(r"\.(?=[^\W\d_])", ". ", word).replace(". -", ".-"))
    return " ".join(words)


def _recased(name: Name) -> Name:
    """Family names set in capitals get small letters: ``MICHEL`` is ``Michel``; ``NASA`` alone stays."""
    family = name.family.rstrip(".,;:") if len(name.family) > 2 else name.family
    full = any(map(str.islower, name.given))  # a given name in full, which is set otherwise
    if len(family) > (1 if full else 3) and family.isupper() and name.given:
        family = re.sub(r"[^\W\d_]+", lambda word: word[0][0] + word[0][1:].lower(), family)
    return replace(name, family=family) if family != name.family else name


def _wide_names(text: str, *, japanese: bool, truncated: bool) -> Names:
    """A list of names in Han characters, kana or Hangul, without the words for "and", "et al." and "editor"."""
    text, cut = _WIDE_ET_AL.subn("", _WIDE_ROLE.sub("", text))
    pieces = [piece.strip(" ()（）[]") for piece in _WIDE_BETWEEN.split(text)]
    names = tuple(_wide_name(piece, japanese=japanese) for piece in pieces if piece)
    return Names(names, truncated or bool(cut))


def _wide_name(text: str, *, japanese: bool) -> Name:
    """A name in Han characters, kana or Hangul: the family name is the first character, or the first two."""
    text = text.strip(" .")
    if " " in text:
        family, _, given = text.partition(" ")
        return Name(family=family, given=given)
    if not _WIDE.match(text):
        return parse_name(text)
    if len(text) > 4 + japanese or len(text) == 1:
        return Name(literal=text)
    size = 2 if len(text) == 4 or (japanese and len(text) > 2) or text[:2] in _TWO_CHARACTERS else 1
    return Name(family=text[:size], given=text[size:])
