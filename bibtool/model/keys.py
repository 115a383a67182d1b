"""Citation keys: deterministic, ASCII, valid for BibTeX, biber and Typst labels. A key that exists is never changed.

A template is text with fields in braces, each with filters after colons: ``{auth:lower}{year}{word:lower}`` gives
``bruna2022neural``.

Fields: ``auth`` (family name of the first author, else of the editor; the first word of an organisation; ``anon``),
``authors`` and ``authors2`` (all, or the first two ... family names), ``year``, ``shortyear`` (two digits), ``month``
(two digits), ``word`` (first significant word of the title), ``words3`` (the first three), ``title`` (all its
significant words), ``arxiv`` (the number), ``type`` (CSL type). Filters: ``lower``, ``upper``, ``capital`` (first
letter), and a number (so many characters from the front). A field without a value is empty; where name and title are
both empty, the key is made of an identifier, or of a hash of what the record says.

Letters become ASCII by table `TABLE_VERSION`, which will not change: Latin letters lose their diacritics (``ü`` is
``u``), ligatures are spelled out, Cyrillic and Greek are transliterated. Other scripts have no table.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from bibtool.errors import ConfigError
from bibtool.lazy import lazy_pattern
from bibtool.model.richtext import Span, Text
from bibtool.structs import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bibtool.model.names import Name
    from bibtool.model.record import Record
    from bibtool.model.richtext import Node

TABLE_VERSION = 1
DEFAULT_TEMPLATE = "{auth:lower}{year}{word:lower}"

_LATIN = (
    "ßss ẞSS æae ÆAE ǽae ǼAE œoe ŒOE øo ØO ǿo ǾO łl ŁL đd ĐD ðd ÐD þth ÞTH ıi ȷj ŋng ŊNG ĳij ĲIJ ħh "
    "ĦH ŧt ŦT ſs ĸk ŀl ĿL ŉn ƀb ƁB ƃb ƈc ƊD ɗd ɖd ƎE ǝe əe ƏE ɛe ƐE ƒf ƓG ɣg ɨi ƗI ƙk ƘK ƚl ɲn ƝN ɔo "
    "ƆO ɵo ƟO ƥp ƫt ƭt ƬT ɩi ʉu ɄU ʊu ƱU ʋv ƲV ƴy ƳY ƶz ƵZ ʒz ƷZ ǯz ɓb ɠg ɦh ɫl ʃsh ƩSH ʔ ʼ ʻ ʿ ʾ ﬀff "
    "ﬁfi ﬂfl ﬃffi ﬄffl ªa ºo"
)
_CYRILLIC = (
    "аa бb вv гg дd еe ёe жzh зz иi йi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ьэe юyu яya "
    "іi їi єie ґg ўu џdz ђdj јj љlj њnj ћc ѓg ќk ѕdz ѣe ѳf ѵi әa ғg қk ңn өo ұu үu һh"
).replace("ьэe", "ь эe")
_GREEK = "αa βb γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo ϑth ϕf ϖp ϰk ϱr ϵe"


def _table() -> dict[int, str]:
    table: dict[int, str] = {}
    for word in (_LATIN + " " + _CYRILLIC + " " + _GREEK).split(" "):
        char, ascii_text = word[0], word[1:]
        table[ord(char)] = ascii_text
        upper = char.upper()
        if upper != char and len(upper) == 1 and ord(upper) not in table:
            table[ord(upper)] = ascii_text[:1].upper() + ascii_text[1:]
    return table


_TABLE = _table()
# the one rule with a context (ISO 843): upsilon is u after alpha, epsilon and omicron
_UPSILON = lazy_pattern(r"(?<=[αεοΑΕΟ])(?:[υΥύ]|υ\u0301)")


@lru_cache(maxsize=1 << 14)
def to_ascii(text: str) -> str:
    """The text in ASCII letters by the table; characters that have no entry are left out. Spaces and punctuation stay.

    For writing, so case stays and Cyrillic and Greek are spelt in Latin; `bibtool.model.text.fold` is for comparing.
    """
    if text.isascii():
        return text
    text = _UPSILON.sub("u", text).translate(_TABLE)
    if text.isascii():
        return text
    # й and ё are in the table themselves; all other accents are removed by decomposition, which Unicode has frozen
    text = unicodedata.normalize("NFKD", text).translate(_TABLE)
    return "".join(char for char in text if char.isascii())


_WORD = lazy_pattern(r"[A-Za-z0-9]+")
_STOP = frozenset(
    (
        "a an the on of in for to and or with by from at as via is are be into onto over under about between towards "
        "toward der die das den dem des ein eine einer eines und oder von vom zu zum zur im am auf fur mit uber "
        "le la les un une de du et ou sur pour dans par el los las una y en con sobre il lo gli i uno di da per e"
    ).split()
)
_FIELD = lazy_pattern(r"\{([a-z]+)(\d*)((?::[a-z0-9]+)*)\}")
_FIELDS = frozenset({"auth", "authors", "year", "shortyear", "month", "word", "words", "title", "arxiv", "type"})
_FILTERS = frozenset({"lower", "upper", "capital"})
_BAD = lazy_pattern(r"[^A-Za-z0-9_.:-]+")


def check_template(template: str) -> None:
    """Nothing; raises `ConfigError` for an unknown field or filter, or a brace that is none of a field."""
    _parse(template)


@lru_cache(maxsize=64)
def _parse(template: str) -> tuple[tuple[str, str, int, tuple[str, ...]], ...]:
    """(literal before it, field, count, filters) per field; the last item has no field, only the literal at the end."""
    pieces = []
    at = 0
    for field in _FIELD.finditer(template):
        name, count, filters = field[1], field[2], tuple(part for part in field[3].split(":") if part)
        if name not in _FIELDS or (count and name not in {"authors", "words"}):
            raise ConfigError(f"no field {name + count!r} for keys", hint="fields: " + ", ".join(sorted(_FIELDS)))
        for part in filters:
            if part not in _FILTERS and not part.isdigit():
                raise ConfigError(f"no filter {part!r} for keys", hint="filters: lower, upper, capital, a number")
        pieces.append((template[at : field.start()], name, int(count or 0), filters))
        at = field.end()
    rest = template[at:]
    for literal in (*(piece[0] for piece in pieces), rest):
        if "{" in literal or "}" in literal:
            raise ConfigError(
                f"{literal!r} in the template of keys is not a field", hint="{auth}, {year:2}, {words3:lower}"
            )
        if _BAD.search(literal):
            raise ConfigError(f"{literal!r} can't be part of a key", hint="letters, digits and _ . : -")
    if not pieces:
        raise ConfigError("the template of keys has no field", hint=DEFAULT_TEMPLATE)
    pieces.append((rest, "", 0, ()))
    return tuple(pieces)


def make_key(record: Record, template: str = DEFAULT_TEMPLATE) -> str:
    """The key that the template gives a record, never empty; collisions are not looked at."""
    names = _families(record)
    words = _title_words(record)
    pieces = _parse(template)
    if not any(names[:1]) and not words and "arxiv" not in {piece[1] for piece in pieces}:
        return _identifier_key(record)
    out = []
    for literal, field, count, filters in pieces:
        value = _value(record, field, count, names, words) if field else ""
        for part in filters:
            value = _filtered(value, part)
        out.append(literal + value)
    key = _BAD.sub("", "".join(out)).strip(".:-_")
    return key or _identifier_key(record)


def _filtered(value: str, name: str) -> str:
    if name == "lower":
        return value.lower()
    if name == "upper":
        return value.upper()
    if name == "capital":
        return value[:1].upper() + value[1:]
    return value[: int(name)]


def _value(record: Record, field: str, count: int, names: list[str], words: list[str]) -> str:
    if field == "auth":
        return (names[0] if names else "") or "anon"
    if field == "authors":
        return "".join(names[:count] if count else names)
    if field in {"year", "shortyear", "month"}:
        issued = record.date()
        if issued is None or issued.year is None:
            return ""
        if field == "year":
            return str(issued.year).replace("-", "bc") if issued.year < 0 else str(issued.year)
        if field == "shortyear":
            return f"{abs(issued.year) % 100:02d}"
        return f"{issued.start.month:02d}" if issued.start and issued.start.month else ""
    if field == "word":
        return words[0] if words else ""
    if field in {"words", "title"}:
        return "".join(words[:count] if count else words)
    if field == "arxiv":
        return record.arxiv.id.number.replace("/", "-") if record.arxiv and record.arxiv.id else ""
    return record.type


def _families(record: Record) -> list[str]:
    for variable in ("author", "editor", "director", "composer", "translator"):
        if names := record.names(variable):
            return [_family(name) for name in names]
    return []


def _family(name: Name) -> str:
    if name.literal:
        words = _significant(to_ascii(name.literal))
        return words[0] if words else ""
    # the particle belongs to the name for those who don't drop it, yet keys without it are what everyone writes
    return "".join(_WORD.findall(to_ascii(name.family or name.given)))


def _title_words(record: Record) -> list[str]:
    title = record.variables.get("title")
    if not isinstance(title, Text):
        return []
    return _significant(to_ascii("".join(_letters(title.nodes)).replace("'", "").replace("\u2019", "")))


def _significant(text: str) -> list[str]:
    words = _WORD.findall(text)
    return [word for word in words if word.lower() not in _STOP] or words


def _letters(nodes: tuple[Node, ...]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        elif isinstance(node, Span):
            yield from _letters(node.nodes)
        else:
            yield " "


def _identifier_key(record: Record) -> str:
    if record.arxiv is not None and record.arxiv.id is not None:
        return "arxiv" + record.arxiv.id.number.replace("/", "-")
    for variable in ("DOI", "PMID", "ISBN"):
        text = _BAD.sub("-", to_ascii(record.text(variable))).strip(".:-_")
        if text:
            return variable.lower() + text
    from hashlib import sha256

    said = record.title or record.text("URL")
    if not said:
        said = "\n".join(f"{name}={value}" for name, value in sorted(record, key=lambda item: item[0]))
    return "ref" + sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def suffixes() -> Iterator[str]:
    """a, b, ..., z, aa, ab, ... without end."""
    number = 0
    while True:
        rest, text = number, ""
        while rest >= 0:
            text = chr(ord("a") + rest % 26) + text
            rest = rest // 26 - 1
        yield text
        number += 1


def assign_keys(records: Sequence[Record], taken: Iterable[str] = (), template: str = DEFAULT_TEMPLATE) -> list[Record]:
    """The records in order, each with a key. Keys that exist stay; new ones differ from all others, also by case.

    ``taken`` are keys that are in use elsewhere. The first record of a key has it plain, the next ones get a, b, ....
    """
    used = {key.casefold() for key in taken}
    used.update(record.key.casefold() for record in records if record.key)
    waiting: dict[str, Iterator[str]] = {}
    out = []
    for record in records:
        if record.key:
            out.append(record)
            continue
        base = make_key(record, template)
        key = base
        while key.casefold() in used:
            key = base + next(waiting.setdefault(base.casefold(), suffixes()))
        used.add(key.casefold())
        out.append(replace(record, key=key))
    return out


def with_keys(records: Iterable[Record], template: str = DEFAULT_TEMPLATE) -> Iterator[Record]:
    """What `assign_keys` gives, one by one up to the first record without a key: it needs to know all other keys."""
    before: list[str] = []
    waiting = iter(records)
    for record in waiting:
        if not record.key:
            yield from assign_keys([record, *waiting], before, template)
            return
        before.append(record.key)
        yield record


def keyed(records: Sequence[Record]) -> list[tuple[Record, str]]:
    """Each record with its key; records without one are given one that none of the others has."""
    if all(record.key for record in records):
        return [(record, record.key) for record in records]
    return [(record, given.key) for record, given in zip(records, assign_keys(records), strict=True)]
