r"""Name lists of BibTeX and BibLaTeX.

BibTeX's rules (btxdoc.tex, section 4; btxhak.tex, "names"): ``and`` at brace depth 0 splits the list, a name is ``First
von Last``, ``von Last, First`` or ``von Last, Jr, First``, and a word is von if its first letter at depth 0 is lower
case (`bibtool.bib.persons`). The commonest forms are split here by a pattern; a property test holds the two equal.

Beyond BibTeX: a name that is one brace group is an organisation; ``and others`` is a flag; a number of four digits
after a name is how DBLP distinguishes namesakes; ``family=..., given=...`` are biblatex's extended names (biblatex
manual, 3.2.3 "Name lists").
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from bibtool.bib.latex import from_latex
from bibtool.bib.latexcommands import without_conditionals
from bibtool.bib.latexwriting import to_latex
from bibtool.bib.namelists import as_meant, faults_of, without_et_al
from bibtool.bib.persons import person_parts
from bibtool.lazy import lazy_pattern
from bibtool.model.names import Name, Names, name_of, names_of
from bibtool.model.richtext import Text
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LENGTH = 4000  # of one name; a longer text is not a name
MAX_DEPTH = 50  # of braces in it

_AND = lazy_pattern(r"\sand\s", re.IGNORECASE)
_WHITE = lazy_pattern(r"[ \t\r\n]+")
_OTHER_SPACE = lazy_pattern(r"[^\S ]")
# words that all begin with a capital letter, with only such braces as DBLP has: "Li{-}Wei Chen", "Petr Motl{\'{\i}}cek"
_SIMPLE_WORD = r"[A-ZÀ-ÖØ-ÞŁŚŠŽČĆĐŐŞŻŹ](?:[^\s,{}\\~\"=]|\{-\}|\{\\['`^\"~=.a-zA-Z]\{?\\?[a-zA-Z]?\}?\})*"
_SIMPLE = lazy_pattern(
    rf"(?P<first>{_SIMPLE_WORD}(?: {_SIMPLE_WORD})*) (?P<last>{_SIMPLE_WORD})(?: (?P<homonym>\d{{4}}))?"
)
_INVERTED = lazy_pattern(
    rf"(?P<last>{_SIMPLE_WORD}(?: {_SIMPLE_WORD})*)(?: (?P<homonym>\d{{4}}))?"
    rf", (?P<first>{_SIMPLE_WORD}(?: {_SIMPLE_WORD})*)"
)
# the same without anything that TeX reads in another way than it is written: the parts are those of the name
_PLAIN_WORD = r"[A-ZÀ-ÖØ-ÞŁŚŠŽČĆĐŐŞŻŹ][^\s,;&{}\\~\"=$`'-]*+(?:['-](?!['-])[^\s,;&{}\\~\"=$`'-]*+)*+"
_PLAIN = lazy_pattern(rf"({_PLAIN_WORD}(?: {_PLAIN_WORD})*) ({_PLAIN_WORD})(?: (\d{{4}}))?")
_HOMONYM = lazy_pattern(r"[\s~]+(\d{4})$")
# options of a whole list or of one name (biblatex manual, 3.1.2.3, 3.1.3 and 3.2.3)
_OPTIONS = (
    "useprefix|juniorcomma|nosortothers|uniquelist|uniquename|nametemplates|sortingnamekeytemplatename|"
    "uniquenametemplatename|labelalphanametemplatename|nohashothers|gender|id|hash"
)
_EXTENDED = lazy_pattern(rf"\s*(?:(?:family|given|prefix|suffix|middle|patronymic)(?:-i)?|{_OPTIONS})\s*=")
_OPTION = lazy_pattern(rf"\s*(?:{_OPTIONS})\s*=[^,=]*")
_OTHERS = frozenset({"others", "et al.", "et al", "et~al.", "{others}"})
_GRAVE = lazy_pattern(r"\\textasciigrave\{\}(?=(\S))")


def split_names(value: str) -> list[str]:
    """The names of a list, unchanged, split at ``and`` outside of braces."""
    value = value.strip()
    names = value.split(" and ")
    lower = value.lower()
    # a space is the only printable white space; with one between any two, each "and" was found that is in lower case
    if not value.isprintable() or " and and " in lower or lower.count(" and ") != len(names) - 1:
        names = _AND.split(value)
    if "{" in value and len(names) > 1 and any(name.count("{") != name.count("}") for name in names):
        names = []
        depth = 0
        start = 0
        # an "and" can only split where as many braces were closed as opened before it
        for piece in re.finditer(r"(?P<open>\{)|(?P<close>\})|(?P<and>\s[Aa][Nn][Dd](?=\s))", value):
            if piece["open"]:
                depth += 1
            elif piece["close"]:
                depth = max(0, depth - 1)
            elif depth == 0 and piece.start() >= start:
                names.append(value[start : piece.start()])
                start = piece.end() + 1
        names.append(value[start:])
    return [name.strip() for name in names]


def parse_names(value: str) -> Names:
    """The names of a BibTeX or BibLaTeX name field. Never raises; empty names are left out.

    What is written against BibTeX's rules is read as it is meant where that is certain; see `read_names`.
    """
    return read_names(value)[0]


def read_names(value: str) -> tuple[Names, str]:
    """The names of a name field, and what is wrong with the list; "" for nothing."""
    names = []
    truncated = broken = False
    if "\n" in value or "\t" in value or "  " in value:
        value = " ".join(value.split()) if value.isascii() else _WHITE.sub(" ", value)
    if "\\ifmmode" in value:
        value = without_conditionals(value)
    raws = split_names(value)
    if raws[-1][-4:].lower() == " and":
        raws[-1] = raws[-1][:-4].rstrip()
        broken = True
    for raw in raws:
        if (plain := _plain_name(raw)) is not None:
            names.append(plain)
            continue
        while raw[3:4] == " " and raw[:3].lower() == "and":
            raw = raw[4:].lstrip()  # noqa: PLW2901  (the name without it)
            broken = True
        if not raw or (len(raw) == 3 and raw.lower() == "and"):
            broken = broken or len(raws) > 1
        elif raw in _OTHERS:
            truncated = True
        elif "=" in raw and _OPTION.fullmatch(raw):
            continue  # of the list, not a person
        elif (raw[-1] in _LAST or "," in raw or ";" in raw or "&" in raw) and _is_suspect(raw):
            if without_et_al(f"x {raw}") == "x":  # \\emph{et al.} in the place of others
                broken = truncated = True
                continue
            bare = without_et_al(raw)
            truncated = truncated or bare != raw
            meant = as_meant(bare, person_parts)
            broken = True
            names += [parse_name(name) for name in meant or [bare]]
        else:
            names.append(parse_name(raw))
    if broken or (len(raws) > 1 and "," in raws[0] and not any("," in raw for raw in raws[1:])):
        fault = next(faults_of(value, split_names(value)), None)
        return Names(tuple(names), truncated), fault.message if fault is not None else ""
    return (Names(tuple(names), truncated) if truncated else names_of(tuple(names))), ""


_ENDS = ("al.", "al", "al.}", "al}", "alii", "Jr", "Jr.", "Sr", "Sr.", "II", "IV")
_LAST = frozenset(end[-1] for end in _ENDS)


def _is_suspect(raw: str) -> bool:
    """A quick look: whether a name may be written against the rules."""
    if ";" in raw or "&" in raw or raw.endswith(_ENDS):
        return True
    return "," in raw and (raw[-1] == "," or raw.count(",") > 1 or raw[1:2] == "." or raw[-1].isupper())


@lru_cache(maxsize=1 << 13)
def _plain_name(raw: str) -> Name | None:
    """What `parse_name` makes of most names of a list; None for all that need a second look."""
    plain = _PLAIN.fullmatch(raw)
    if plain is None or raw.endswith(_ENDS) or raw[:4] in {"And ", "AND ", "ANd ", "AnD "}:
        return None
    first, last, number = plain.groups("")
    return Name(family=last, given=first, homonym=number) if number else name_of(last, first)


@lru_cache(maxsize=1 << 13)
def parse_name(raw: str) -> Name:
    """One name by BibTeX's rules; an extended name of biblatex if it is written so."""
    if simple := _SIMPLE.fullmatch(raw) or _INVERTED.fullmatch(raw):
        homonym = simple["homonym"] or ""
        return Name(family=_decode(simple["last"]), given=_decode(simple["first"]), homonym=homonym)
    raw = _OTHER_SPACE.sub(" ", raw)  # as between words, where all white space and "~" separate alike, also in braces
    if raw[:1] == "{" and raw[-1:] == "}" and _is_one_group(raw):
        return Name(literal=_decode(raw[1:-1]) or raw)
    if len(raw) > MAX_LENGTH or _depth(raw) > MAX_DEPTH:
        return Name(literal=_decode(raw) or raw)
    if "=" in raw and _EXTENDED.match(raw):
        return _parse_extended(raw)
    homonym = ""
    if number := _HOMONYM.search(raw):
        homonym, raw = number[1], raw[: number.start()]
    first, von, last, lineage = person_parts(raw)
    if von and "," in raw:
        von, last = _leading_particles([*von, *last])
    if not homonym and len(last) > 1 and re.fullmatch(r"\d{4}", last[-1]):
        homonym = last.pop()
    if homonym and len(last) == 1 and not (first or von or lineage) and _is_one_group(last[0]):
        return Name(literal=_decode(last[0][1:-1]) or raw, homonym=homonym)
    name = Name(
        family=_decode(" ".join(last)),
        given=_decode(" ".join(first)),
        non_dropping_particle=_decode(" ".join(von)),
        suffix=_decode(" ".join(lineage)),
        homonym=homonym,
    )
    if not (name.family or name.given or name.non_dropping_particle or name.suffix):
        return Name(literal=_decode(raw) or raw, homonym=homonym)
    return name


def _leading_particles(words: list[str]) -> tuple[list[str], list[str]]:
    r"""Particles and family name before a comma: only the words in lower case at its beginning are particles.

    So biber reads ``Ortega y Gasset, Jos{\'e}`` (and CSL wants it). BibTeX has "Ortega y" as particle, but prints the
    same.
    """
    at = 0
    while at < len(words) - 1 and _is_lower(words[at]):
        at += 1
    return words[:at], words[at:]


def _is_lower(word: str) -> bool:
    if word[:1] == "{" and word[1:2] != "\\":
        return False
    return next((char for char in _decode(word) if char.isalpha()), "").islower()


def _depth(raw: str) -> int:
    """How deep the braces nest."""
    if raw.count("{") <= MAX_DEPTH:
        return 0
    depth = deepest = 0
    for char in raw:
        depth += (char == "{") - (char == "}" and depth > 0)
        deepest = max(deepest, depth)
    return deepest


def _is_one_group(raw: str) -> bool:
    r"""True if the whole is ``{...}`` and not an accented letter (``{\'E}``)."""
    if len(raw) < 3 or raw[0] != "{" or raw[-1] != "}" or raw[1] == "\\":
        return False
    depth = 0
    for index, char in enumerate(raw):
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return index == len(raw) - 1
    return False


_ACCENT_GROUP = lazy_pattern(r"\{\\[^A-Za-z\s]\{?\\?[A-Za-z]\}{1,2}|\{-\}")


@lru_cache(maxsize=4096)
def _accent(group: str) -> str:
    return from_latex(group).plain()


def _decode(latex: str) -> str:
    if "{" in latex:
        latex = _ACCENT_GROUP.sub(_decode_group, latex)
    text = _characters(latex)
    # a word that prints nothing leaves its spaces
    return (
        text if "  " not in text and text[:1] != " " and text[-1:] != " " else " ".join(filter(None, text.split(" ")))
    )


def _characters(latex: str) -> str:
    plain = "{" not in latex and "\\" not in latex and "~" not in latex and "-" not in latex and "$" not in latex
    if plain and "`" not in latex and "''" not in latex:
        return latex
    return from_latex(latex.replace("~", " ")).plain() if "\\~" not in latex else from_latex(latex).plain()


def _decode_group(match: re.Match[str]) -> str:
    group = match[0]
    return _accent(group) if group.count("{") == group.count("}") else group


def _parse_extended(raw: str) -> Name:
    values: dict[str, str] = {}
    for part in _split_commas(raw):
        label, equals, value = part.partition("=")
        if equals:
            value = value.strip()
            if value[:1] == '"' and value[-1:] == '"' and len(value) > 1:
                value = value[1:-1]
            if _is_one_group(value):
                value = value[1:-1]
            values[label.strip().casefold()] = _decode(value)
    family, given = values.get("family", ""), values.get("given", "")
    prefix = values.get("prefix", "")
    dropping = values.get("useprefix", "").casefold() == "false"
    name = Name(
        family=family,
        given=given,
        dropping_particle=prefix if dropping else "",
        non_dropping_particle="" if dropping else prefix,
        suffix=values.get("suffix", ""),
    )
    return name if name != Name() else Name(literal=_decode(raw))


def _split_commas(raw: str) -> list[str]:
    parts = []
    depth = start = 0
    quoted = False
    for index, char in enumerate(raw):
        depth += (char == "{") - (char == "}")
        if char == '"' and depth == 0:
            quoted = not quoted
        elif char == "," and depth == 0 and not quoted:
            parts.append(raw[start:index])
            start = index + 1
    parts.append(raw[start:])
    return parts


# -- and back --------------------------------------------------------------------------------------------------------


def write_names(names: Names, *, ascii_only: bool = False, extended: bool = False) -> str:
    """The value of a name field; ``extended`` allows biblatex's extended names where BibTeX's form can't hold one."""
    written = [write_name(name, ascii_only=ascii_only, extended=extended) for name in names]
    if names.truncated:
        written.append("others")
    return " and ".join(name for name in written if name)


@lru_cache(maxsize=1 << 16)
def write_name(name: Name, *, ascii_only: bool = False, extended: bool = False) -> str:
    """``von Last, Jr, First``; an organisation in braces; more braces only where the name would be read otherwise."""
    latex = _latex_of(name, ascii_only=ascii_only)
    if name.literal:
        return _braced(latex["literal"]) + (f" {name.homonym}" if name.homonym else "")
    von, family, given, suffix = _parts_of(latex)
    if (not name.dropping_particle or not extended) and (exact := _exact(name, latex)):
        return exact
    if extended:
        if name.homonym:  # an extended name has no place for it, so the plain form of the rest may do
            return write_name(replace(name, homonym=""), ascii_only=ascii_only, extended=True)
        if name.dropping_particle and name.non_dropping_particle:
            # biblatex has one prefix; the particle that stays with the family name is written as a part of it
            whole = Name(family=name.family, non_dropping_particle=name.non_dropping_particle).display()
            bare = replace(name, family=whole, non_dropping_particle="")
            return write_name(bare, ascii_only=ascii_only, extended=True)
        return _extended(name, latex)
    if von and given and not suffix and not name.homonym:
        # before a comma, a word in capitals ends the particles; between given and family name, it does not
        inner = f"{given} {von} {family}"
        if _is_safe(inner) and parse_name(inner) == _wanted(name):
            return inner
    for attempt in _attempts(von, family, given, suffix, name.homonym) if given or suffix else ():
        if attempt and _is_safe(attempt) and (read := parse_name(attempt)).display() == name.display():
            # as the name that it is read as would be written, so that the next writing changes nothing
            return _exact(read, _latex_of(read, ascii_only=ascii_only)) or attempt
    whole = " ".join(part for part in (given, von, family, suffix) if part)
    return _braced(whole)


def _latex_of(name: Name, *, ascii_only: bool) -> dict[str, str]:
    return {part: _encode(getattr(name, part), ascii_only=ascii_only) for part in _PARTS}


def _parts_of(latex: dict[str, str]) -> tuple[str, str, str, str]:
    """Particles, family name, given names and suffix."""
    von = " ".join(part for part in (latex["dropping_particle"], latex["non_dropping_particle"]) if part)
    return von, latex["family"], latex["given"], latex["suffix"]


def _exact(name: Name, latex: dict[str, str]) -> str:
    """The first way to write the name that is read as just this name; "" for none."""
    wanted = _wanted(name)
    for attempt in _attempts(*_parts_of(latex), name.homonym):
        if attempt and _is_safe(attempt) and parse_name(attempt) == wanted:
            return attempt
    return ""


def _attempts(von: str, family: str, given: str, suffix: str, homonym: str) -> Iterator[str]:
    """Ways to write a name, from few braces to many."""
    yield _form(von, family, given, suffix, homonym)
    yield _form(von, _braced(family), given, suffix, homonym)
    yield _form(von, _braced(family), _braced(given), _braced(suffix), homonym)
    yield _form(von, _words_braced(family), _words_braced(given), _braced(suffix), homonym)


_PARTS = ("family", "given", "dropping_particle", "non_dropping_particle", "suffix", "literal")


def _encode(text: str, *, ascii_only: bool) -> str:
    if not text:
        return ""
    # biber reads the command as a character and takes "`{" for an initial, which breaks its .bbl file
    written = to_latex(Text.of(text), ascii_only=ascii_only)
    return _GRAVE.sub(lambda grave: "\\textasciigrave" + " " * grave[1].isalpha(), written)


def _wanted(name: Name) -> Name:
    """The name as BibTeX can hold it: particles of one kind, no ordering flags."""
    particles = " ".join(part for part in (name.dropping_particle, name.non_dropping_particle) if part)
    return Name(
        family=name.family,
        given=name.given,
        non_dropping_particle=particles,
        suffix=name.suffix,
        homonym=name.homonym,
    )


def _form(von: str, family: str, given: str, suffix: str, homonym: str) -> str:
    last = " ".join(part for part in (von, family, homonym) if part)
    if suffix:
        return f"{last}, {suffix}, {given}"
    return f"{last}, {given}" if given else last


def _braced(latex: str) -> str:
    """In braces that are no "special character" of BibTeX and no protection that a reader would drop."""
    if not latex:
        return ""
    return "{{" + latex + "}}" if latex.startswith("\\") else "{" + latex + "}"


def _words_braced(latex: str) -> str:
    return " ".join(_braced(word) for word in latex.split(" ") if word)


def _is_safe(attempt: str) -> bool:
    """True if a list splits neither inside nor next to the name, nor takes it for a flag or for several names."""
    if _is_suspect(attempt) and as_meant(attempt, person_parts) not in (None, [attempt]):
        return False
    padded = f" {attempt.lower()} "
    if " and " not in padded and "\n" not in attempt:
        return attempt not in _OTHERS and attempt == attempt.strip()
    if padded.startswith(" and ") or padded.endswith(" and "):  # which `read_names` leaves out
        return False
    return split_names(f"x and {attempt} and x") == ["x", attempt, "x"] and attempt not in _OTHERS


def _extended(name: Name, latex: dict[str, str]) -> str:
    particle = latex["dropping_particle"] or latex["non_dropping_particle"]
    pairs = [
        ("family", latex["family"]),
        ("given", latex["given"]),
        ("prefix", particle),
        ("useprefix", ("false" if name.dropping_particle else "true") if particle else ""),
        ("suffix", latex["suffix"]),
    ]
    return ", ".join(f"{label}={{{value}}}" for label, value in pairs if value)
