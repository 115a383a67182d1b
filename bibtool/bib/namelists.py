r"""Lists of names that are not written as BibTeX wants them: what is wrong, and what is meant where that is certain.

BibTeX and biber take a name apart whatever it says, so that ``Smith, John, Jr.`` is a person with the first name "Jr."
(btxdoc.tex, section 4). One place finds such lists: readers take what is meant and report it, `bibtool check` shows it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bibtool.lazy import lazy_pattern
from bibtool.model.names import looks_like_organisation
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MAX_NAME: Final = 5_000  # characters; a longer text is not a name and is judged by its commas alone

_BRACES = lazy_pattern(r"[{}]|[^{}]+")
_JUNIOR = lazy_pattern(r"(?:jr|sr|i{1,3}|iv|vi{0,3}|filho|neto|j\x27r|ph\.?d|m\.?d|esq)\.?", re.IGNORECASE)
# generations that no given or family name is; in capitals, for "Sr" may be a word in any language
_GENERATION = lazy_pattern(r"(?:Jr|Sr)\.?|II|III|IV")
_INITIALS_FIRST = lazy_pattern(
    r"(?P<initials>(?:[^\W\d_]\.[-\s~]*)+)(?P<family>[^\W\d_][^\W\d_'’-]+(?:\s[^\W\d_][^\W\d_'’-]+)?)"
)
_ONLY_INITIALS = lazy_pattern(r"(?:[^\W\d_]\.[-\s~]*)+")
_GIVEN = lazy_pattern(r"[^\W\d_][^\W\d_'’-]+(?:[\s~]+[^\W\d_]\.)*")
_FULL_NAME = lazy_pattern(r"[^\W\d_a-z][^\W\d_]* [^\W\d_a-z][^\W\d_]*")
_ENTITY = lazy_pattern(r"&(?:#?\w{1,31});")
_INITIALS_LAST = lazy_pattern(r"(?P<family>[^\W\d_][^\W\d_'’-]+)\s(?P<initials>[A-Z]{1,3})")  # Doe JR, as PubMed has it
# one word, a comma, a given name: by far most names in a list with commas, and nothing below finds a fault in them
_PLAIN = lazy_pattern(r"[^\W\d_][\w'’-]+,\s?[^\s,;&{}=][^,;&{}=]*")
_AMPERSAND = lazy_pattern(r"[^\s\\]\s*\\?&\s*\S")
_DOUBLED = lazy_pattern(r",(?:\s*,)+")
_ET_AL = lazy_pattern(r"[\s,~]+(?:\{|\\(?:emph|textit)\{)?et\.?[\s~]+al(?:ii|\.)?\}?\.?$", re.IGNORECASE)
_AT_END: Final = " \t\r\n,"  # may be missing after a name
_SEPARATE: Final = "separate names by and"


class NameFault(NamedTuple):
    """What is wrong from ``first`` to ``last`` of a list of names, what to do, what to write where it is certain."""

    first: int
    last: int
    message: str
    hint: str
    new: str | None = None
    done: str = ""


def as_meant(name: str, parts_of: Callable[[str], Sequence[Sequence[str]]]) -> list[str] | None:
    """The names that one name of a list stands for, in BibTeX's form; None where it is right, or not certain.

    ``parts_of`` gives first, von, last and Jr words of a name. Ends of lists ("et al.") are not looked at here.
    """
    if "=" in name or len(name) > MAX_NAME:
        return None
    bare = name.rstrip(_AT_END)
    if ";" in bare and "{" not in bare and "&" not in bare:
        pieces = [piece.strip() for piece in bare.split(";") if piece.strip()]
        return pieces if len(pieces) > 1 and all(piece.count(",") <= 1 for piece in pieces) else None
    if "&" in bare and "{" not in bare and not _ENTITY.search(bare):
        pieces = [piece.strip(_AT_END) for piece in re.split(r"\\?&", bare)]
        if all(piece.count(",") == 1 for piece in pieces) and not looks_like_organisation(bare):
            return pieces
        return None
    single = _DOUBLED.sub(",", bare) if ",," in bare.replace(" ", "") and "{" not in bare else bare
    if "," not in single:
        return _with_generation(single, parts_of)
    meant = _from_commas(single, parts_of)
    return meant or ([single] if single != name.strip() else None)


def _with_generation(name: str, parts_of: Callable[[str], Sequence[Sequence[str]]]) -> list[str] | None:
    """``Rick Roe Jr.``, whose last word BibTeX takes for the family name."""
    head, _, last = name.rpartition(" ")
    if not _GENERATION.fullmatch(last) or " " not in head.strip() or "{" in last or looks_like_organisation(name):
        return None
    return _inverted(head, last, parts_of)


def _inverted(name: str, suffix: str, parts_of: Callable[[str], Sequence[Sequence[str]]]) -> list[str] | None:
    """The name with its suffix in the middle; None where it has no given name."""
    first, von, family, _ = parts_of(name.strip())
    return [f"{' '.join([*von, *family])}, {suffix}, {' '.join(first)}"] if first else None


def _from_commas(name: str, parts_of: Callable[[str], Sequence[Sequence[str]]]) -> list[str] | None:
    parts = [part.strip() for part in raw_parts(name)]
    if not all(parts):
        return None
    if len(parts) == 2 and _GENERATION.fullmatch(parts[1]) and " " in parts[0]:
        return _inverted(parts[0], parts[1], parts_of)
    if len(parts) == 3 and _is_generation_last(parts):
        return [f"{parts[0]}, {parts[2]}, {parts[1]}"]
    if "{" in name or any(is_suffix(part) for part in parts):
        return None
    last_initials = [_INITIALS_LAST.fullmatch(part) for part in parts]
    if all(last_initials) and not is_suffix(parts[0].split()[-1]):
        return [f"{found['family']}, {_dotted(found['initials'])}" for found in last_initials if found]
    if all(_INITIALS_FIRST.fullmatch(part) for part in parts):
        return parts
    if len(parts) > 2 and all(_FULL_NAME.fullmatch(part) for part in parts):
        return parts
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    if len(parts) > 2 and len(parts) % 2 == 0 and all(_ONLY_INITIALS.fullmatch(given) for _, given in pairs):
        return [f"{family}, {given}" for family, given in pairs]
    return None


def _dotted(initials: str) -> str:
    return " ".join(f"{letter}." for letter in initials)


def without_et_al(name: str) -> str:
    """The name without an "et al." after it; the name as it is where there is none."""
    return name[: found.start()] if "al" in name[-9:].lower() and (found := _ET_AL.search(name)) else name


def faults_of(content: str, names: Sequence[str]) -> Iterator[NameFault]:
    """What is wrong with a list of names that is split into ``names``; "et al." is left to who looks for it."""
    yield from _ands_at_the_ends(content)
    if all(map(_PLAIN.fullmatch, names)):  # whatever is left of one without "et al."; none begins with a second "and"
        return
    yield from _doubled_ands(content)
    if "," not in content and ";" not in content and "&" not in content and not _may_have_generation(content):
        return
    plain = [name for name in names if name]
    for whole_name, first in spans(content, names):
        name = without_et_al(whole_name)
        last = first + len(name)
        if _PLAIN.fullmatch(name):
            continue
        if (name.startswith("{") and name.endswith("}")) or "=" in name:  # an organisation; an extended name
            continue
        bare = without_groups(_ENTITY.sub("e", name))
        if ";" in bare:
            parts = [part.strip() for part in name.split(";") if part.strip()]
            whole = "{" not in name and "&" not in name and all(part.count(",") <= 1 for part in parts)
            yield NameFault(
                first,
                last,
                "names are separated by semicolons",
                "separate them by and",
                " and ".join(parts) if whole and len(parts) > 1 else None,
                "names separated by and",
            )
        elif _AMPERSAND.search(bare) and not looks_like_organisation(bare) and "," in bare:
            yield NameFault(first, last, "two names are joined by an ampersand", "separate them by and")
        elif _DOUBLED.search(bare.rstrip(_AT_END)):
            single = _DOUBLED.sub(",", name.rstrip(_AT_END))
            whole = "{" not in name and single.count(",") <= 2
            yield NameFault(
                first,
                last,
                f"there are two commas in a row in {name[:40]!r}",
                f"write {single[:80]}" if whole else "remove one of them",
                single if whole else None,
                "doubled comma removed",
            )
        elif fault := _comma_fault(bare.rstrip(_AT_END), name):
            yield NameFault(first, last, *fault)
        elif bare.rstrip().endswith(","):
            yield NameFault(
                first,
                last,
                "there is a comma at the end of a name",
                "remove the comma",
                name.rstrip(_AT_END),
                "comma after a name removed",
            )
        elif fault := _generation_fault(bare):
            yield NameFault(first, last, *fault)
        elif first == content.find(plain[0]) and _is_mixed(bare, plain[1:]):
            yield NameFault(first, last, f"{name[:60]!r} is read as one person, but may be two", _SEPARATE)


def _may_have_generation(content: str) -> bool:
    return any(word in content for word in ("Jr", "Sr", "II", "IV"))


_LEADING = lazy_pattern(r"\s*(?:and\s+)+(?=\S)", re.IGNORECASE)
_TRAILING = lazy_pattern(r"(?:\s+and)+\s*$", re.IGNORECASE)
_AND_AND = lazy_pattern(r"[Aa][Nn][Dd]\s+[Aa][Nn][Dd]\s")  # a quick look before the slow one
_DOUBLE = lazy_pattern(r"\s+and(?:\s+and)+\s+", re.IGNORECASE)


def _ands_at_the_ends(content: str) -> Iterator[NameFault]:
    low = content[:5].lower() + content[-5:].lower()
    if "and" in low:
        for pattern, where in ((_LEADING, "begins"), (_TRAILING, "ends")):
            found = pattern.match(content) if where == "begins" else pattern.search(content)
            if found is not None and found.end() - found.start() < len(content):
                message = f'the list {where} with "and"'
                yield NameFault(found.start(), found.end(), message, "remove it", "", '"and" without a name removed')


def _doubled_ands(content: str) -> Iterator[NameFault]:
    if "{" not in content and _AND_AND.search(content):
        for found in _DOUBLE.finditer(content):
            if found.start() and found.end() < len(content):
                message = 'there is no name between two "and"'
                yield NameFault(
                    found.start(), found.end(), message, "remove one", " and ", '"and" without a name removed'
                )


def _generation_fault(bare: str) -> tuple[str, str] | None:
    head, _, last = bare.rpartition(" ")
    if "," in bare or not _GENERATION.fullmatch(last) or " " not in head.strip() or looks_like_organisation(bare):
        return None
    return f"{last!r} is read as the family name", f"write Family, {last}, Given"


def _is_mixed(bare: str, others: Sequence[str]) -> bool:
    """Whether ``John Smith, Kate Doe`` is followed by names without commas, so that its comma is none of BibTeX's."""
    parts = bare.split(", ")
    return (
        len(parts) == 2
        and bool(others)
        and all(_FULL_NAME.fullmatch(part) for part in parts)
        and all(_FULL_NAME.fullmatch(name) for name in others)
    )


def _comma_fault(bare: str, name: str) -> tuple[str, str] | None:
    """What is wrong with the commas of a name and what to do; ``bare`` has an x for each group in braces."""
    parts = [part.strip() for part in bare.split(",")]
    shown = [part.strip()[:40] for part in raw_parts(name)]
    if len(parts) > 3:
        return f"there are {len(parts) - 1} commas in one name", _SEPARATE
    if len(parts) == 3 and parts[2] and not any(map(is_suffix, shown[1:])):
        what = f"{shown[1]!r} between two commas is not a suffix such as Jr"
        if any(" " in part for part in parts):
            return f"{what}: these are several names", _SEPARATE
        return what, f"write {shown[0]}, {shown[2]}, {shown[1]} for one person; separate several names by and"
    if len(parts) == 3 and parts[1] and _is_generation_last(shown):
        return f"{shown[2]!r} is read as the given name", f"write {shown[0]}, {shown[2]}, {shown[1]}"
    if len(parts) < 2 or len(bare) > MAX_NAME or not parts[1]:
        return None
    if initials := _INITIALS_FIRST.fullmatch(parts[0]):
        if len(parts) == 2 and is_suffix(shown[1]):
            return f"{shown[1]!r} after the only comma is read as the first name", f"write Family, {shown[1]}, Given"
        if len(parts) == 2 and shown[0] == parts[0] and _GIVEN.fullmatch(parts[1]):
            middle, family = initials["initials"].rstrip(" \t~-"), initials["family"]
            return (
                f"the initials {middle!r} come before the family name and are read as a part of it",
                f"write {family}, {shown[1]} {middle}; separate two names by and",
            )
        return f"{shown[0]!r} before the comma is a whole name: these are several names", _SEPARATE
    if len(parts) == 2 and _GENERATION.fullmatch(shown[1]) and " " in parts[0]:
        return f"{shown[1]!r} after the only comma is read as the first name", f"write Family, {shown[1]}, Given"
    in_pairs = len(parts) == 2 and all(_INITIALS_LAST.fullmatch(part) for part in parts)
    if in_pairs and not is_suffix(parts[0].split()[-1]):
        return f"{shown[0]!r} and {shown[1]!r} are two names", _SEPARATE
    return None


def _is_generation_last(parts: Sequence[str]) -> bool:
    """Whether the last of three parts is a suffix, which belongs in the middle; ``V.`` is an initial."""
    return is_suffix(parts[2]) and not is_suffix(parts[1]) and not _ONLY_INITIALS.fullmatch(parts[2])


def raw_parts(name: str) -> list[str]:
    """The parts of a name between commas outside of braces, as written."""
    if "{" not in name:
        return name.split(",")
    parts: list[str] = [""]
    depth = 0
    for char in name:
        depth = max(0, depth + (char == "{") - (char == "}"))
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def is_suffix(part: str) -> bool:
    """Whether a part of a name is Jr, III or a degree."""
    return bool(_JUNIOR.fullmatch(part.strip("{} \t\r\n")))


def spans(content: str, names: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Each name of a list as written, and its offset in the content."""
    end = 0
    for name in names:
        start = content.find(name, end)
        if name and start >= 0:
            yield name, start
            end = start + len(name)


def without_groups(text: str) -> str:
    """The text with an ``x`` in place of each group in braces, which may hold anything."""
    depth = 0
    parts: list[str] = []
    for part in _BRACES.findall(text):
        if part == "{":
            depth += 1
        elif part == "}":
            depth = max(0, depth - 1)
            if not depth:
                parts.append("x")
        elif not depth:
            parts.append(part)
    return "".join(parts)
