"""Rendering of name lists (CSL 1.0.2, "Names"): compiled from ``cs:names`` and the options it inherits."""

from __future__ import annotations

import re

from bibtool.lazy import lazy_pattern
from bibtool.model.text.collation import BREAK
from bibtool.structs import dataclass
from bibtool.styles.context import FIRST, NameBlock
from bibtool.styles.fieldtext import affix_piece
from bibtool.styles.initials import initialize, mark_initials
from bibtool.styles.item import FAMILY_GIVEN, FAMILY_GIVEN_JOINED, Person
from bibtool.styles.rich import ELLIPSIS, LIST, Fmt, Frame, Node, Out, node_of
from bibtool.styles.textcase import convert

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bibtool.styles.context import Context

_JOINING = ("'", "\N{RIGHT SINGLE QUOTATION MARK}", "-", " ", "\u00a0", "\N{MODIFIER LETTER APOSTROPHE}")
_VAV = "\N{HEBREW LETTER VAV}"  # "and" in Hebrew is a prefix
MARK = "\0"  # the literal that marks a list whose source ended in "et al."


@dataclass(frozen=True, slots=True)
class PartFormat:
    """``cs:name-part``."""

    fmt: Fmt | None = None
    prefix: str = ""
    suffix: str = ""
    text_case: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NameOptions:
    """The attributes of ``cs:name`` after inheritance, and what of the style concerns single names.

    Compared by identity: ``cs:names`` elements with the same options share one object, and names are cached by it.
    """

    form: str = "long"
    and_: str = ""
    delimiter: str = ", "
    precedes_last: str = "contextual"
    precedes_et_al: str = "contextual"
    et_al_min: int = 0
    et_al_use_first: int = -1
    et_al_subsequent_min: int = 0
    et_al_subsequent_use_first: int = -1
    et_al_use_last: bool = False
    initialize: bool = True
    initialize_with: str | None = None
    hyphen: bool = True
    sort_order: str = ""
    sort_separator: str = ", "
    demote: str = "display-and-sort"
    language: str = ""  # of the locale
    nbsp: bool = False
    sorting: bool = False
    family: PartFormat | None = None
    given: PartFormat | None = None
    with_initials_rule: bool = False
    prefix: str = ""
    suffix: str = ""
    fmt: Fmt | None = None

    @property
    def is_simple(self) -> bool:
        """Whether family and given name are printed as they are, with usual spaces."""
        return self.family is None and self.given is None and not self.nbsp


def base_level(options: NameOptions) -> int:
    """0 family name only, 1 initials, 2 in full: what is shown without disambiguation."""
    if options.form == "short":
        return 0
    return 1 if options.initialize_with is not None else 2


def _join(first: Out, second: Out, separator: str) -> Out:
    """Two parts of a name, of which either may be empty."""
    if first == "":
        return second
    if second == "":
        return first
    if first.__class__ is str and second.__class__ is str:
        return first + separator + second
    return node_of([first, second], Frame(delim=separator))


def _joined_parts(parts: list[Out], separator: str) -> Out:
    parts = [part for part in parts if part != ""]
    if len(parts) > 2:
        if all(isinstance(part, str) for part in parts):
            return separator.join(parts)  # type: ignore[arg-type] # all are text
        return node_of(parts, Frame(delim=separator))
    return _join(parts[0], parts[1] if len(parts) > 1 else "", separator) if parts else ""


def _sort_keys(*keys: Out) -> Out:
    """What a name is sorted by, key by key; a key that is empty comes before others."""
    pieces: list[Out] = []
    for key in keys:
        pieces += (key, BREAK)
    while pieces and pieces[-1] in ("", BREAK):
        pieces.pop()
    texts = [piece for piece in pieces if isinstance(piece, str)]
    return "".join(texts) if len(texts) == len(pieces) else node_of([piece for piece in pieces if piece != ""])


# "Name-part Order": English articles at the start of a name that has no parts don't count
_ARTICLE = lazy_pattern(r"\A(?:an?|the)\s+(?=[\w\"'“‘])", re.IGNORECASE)


def _ends_joining(part: str) -> bool:
    return part.endswith(_JOINING) and part not in _STANDING


# Italian particles that lost a letter at their end: "de' Medici"
_STANDING = frozenset({"de'", "de\N{RIGHT SINGLE QUOTATION MARK}", "da'", "da\N{RIGHT SINGLE QUOTATION MARK}"})


def _decorated(piece: Out, how: PartFormat | None, language: str) -> Out:
    """Text-case and formatting of a name part, without its affixes; ``language`` is that of the name."""
    if how is None or piece == "":
        return piece
    if how.text_case:
        changed = convert(how.text_case, piece, language)
        piece = changed
    if how.fmt is not None:
        return node_of([piece], Frame(how.fmt))
    return piece


def _with_affixes(piece: Out, how: PartFormat | None) -> Out:
    if how is None or piece == "" or not (how.prefix or how.suffix):
        return piece
    return node_of([piece], Frame(None, how.prefix, how.suffix))


def render_name(person: Person, options: NameOptions, level: int, *, inverted: bool) -> Out:
    """One name; cached on the person by options, level and order."""
    key = (options, level, inverted)
    known = person.cache.get(key)
    if known is None:
        known = person.cache[key] = _render_name(person, options, level, inverted=inverted)
        if options.prefix or options.suffix or options.fmt is not None:
            known = person.cache[key] = node_of([known], Frame(options.fmt, options.prefix, options.suffix))
    return known


def _given(person: Person, options: NameOptions, level: int) -> str:
    given = person.given
    if not given or not person.raw.family:
        return given  # a lone name is all there is to tell a person by
    if level == 0:
        return ""
    if options.initialize_with is not None:
        # in full, names are those of ``initialize="false"`` ("Expansion of Individual Names")
        if level == 1 and options.initialize:
            return initialize(given, options.initialize_with, hyphen=options.hyphen)
        return mark_initials(given, options.initialize_with, hyphen=options.hyphen)
    return given


def _render_name(person: Person, options: NameOptions, level: int, *, inverted: bool) -> Out:
    language = person.language or options.language
    if person.literal != "":
        literal = person.literal
        if options.sorting and language[:2].lower() == "en":
            literal = affix_piece(_ARTICLE.sub("", person.raw.literal))
        return _decorated(literal, options.family, language)
    given_text = _given(person, options, level)
    if person.is_simple and options.is_simple:
        given = affix_piece(given_text) if given_text else ""
        if options.sorting:
            return _join(person.family, given, BREAK * 2)
        if inverted and level > 0:
            return _join(person.family, given, options.sort_separator)
        return _join(given, person.family, " ")
    family = _decorated(person.family, options.family, language)
    given = _decorated(affix_piece(given_text) if given_text else "", options.given, language)
    dropping_text, particle_text = person.dropping, person.non_dropping
    if options.sorting:
        dropping_text = dropping_text.translate(_NO_APOSTROPHE)
        particle_text = particle_text.translate(_NO_APOSTROPHE)
    particle = _decorated(affix_piece(particle_text) if particle_text else "", options.family, language)
    dropping = _decorated(affix_piece(dropping_text) if dropping_text else "", options.given, language)
    suffix: Out = person.suffix
    if options.initialize_with is not None and "." in person.suffix:  # "Jr." as initials are written; "V" is a number
        suffix = mark_initials(person.suffix, options.initialize_with, hyphen=options.hyphen)
    blank = "\u00a0" if options.nbsp else " "
    if level == 0:
        dropping = suffix = ""
    if family == "":
        family, given = given, ""
    # affixes of name parts, such as a comma after the family name, are meant for names that are written with spaces
    if person.order == FAMILY_GIVEN_JOINED:
        return _joined_parts([particle, family, given], "")
    with_particle = _join(particle, family, "" if particle_text and _ends_joining(particle_text) else blank)
    if person.order == FAMILY_GIVEN:
        return _join(with_particle, given, BREAK * 2 if options.sorting else " ")
    if options.sorting:
        # "Name-part Order": the keys "in descending order of priority"
        if options.demote == "never":
            return _sort_keys(with_particle, dropping, given, suffix)
        return _sort_keys(family, _join(dropping, particle, " "), given, suffix)
    separator = options.sort_separator
    if inverted and level > 0:
        if options.demote == "display-and-sort":
            second = _with_affixes(_join(_join(given, dropping, " "), particle, " "), options.given)
            first = _with_affixes(family, options.family)
        else:
            first = _with_affixes(with_particle, options.family)
            second = _with_affixes(_join(given, dropping, " "), options.given)
        return _joined_parts([first, second, suffix], separator)
    if dropping_text and not particle_text and _ends_joining(dropping_text):
        with_particle = _join(dropping, with_particle, "")
    else:
        with_particle = _join(dropping, with_particle, blank)
    second = _with_affixes(_join(with_particle, suffix, ", " if person.comma_suffix else " "), options.family)
    space = " "
    if level == 1 and options.initialize_with is not None and options.nbsp and "\u00a0" in options.initialize_with:
        space = "\u00a0"
    return _join(_with_affixes(given, options.given), second, space)


_NO_APOSTROPHE = {ord("'"): None, 0x2019: None}


def is_romanesque_start(term: str) -> bool:
    """True if the term is in a script that puts spaces between words."""
    return bool(term) and (term[0].isascii() or not "\u3040" <= term[0] <= "\uffdf")


@dataclass(frozen=True, slots=True)
class NameTerms:
    """The words between names, in the locale."""

    and_: str
    et_al: Out
    et_al_spaced: bool = True


def render_list(
    variable: str, people: tuple[Person, ...], options: NameOptions, terms: NameTerms, ctx: Context
) -> Node | None:
    """The names of one variable as a node; None where nothing is shown (``form="count"`` never gets here)."""
    people, truncated = without_mark(people)
    total = len(people)
    index = ctx.list_index
    ctx.list_index = index + 1
    shown = how_many(total, options, ctx, index)
    use_last = options.et_al_use_last and total - shown >= 2
    marks = ctx.item.marks if ctx.in_bibliography and not options.sorting else None
    if marks is None:
        rendered = _names(people, range(shown), options, ctx, index)
    else:
        positions = marks.positions(variable, total, shown, with_last=use_last)
        names = dict(zip(positions, _names(people, positions, options, ctx, index), strict=True))
        pieces, named = marks.render(variable, positions, names.__getitem__)
        rendered = [piece for _, piece in named]
        shown = len(rendered)
        use_last = False
        if shown < total:
            kids = _abbreviated(pieces, options, terms, to_come=positions[-1] < total - 1, truncated=truncated)
            kids += [*marks.behind(variable), *([] if truncated else [marks.count_of(total)])]
            node = node_of(kids, LIST)
            ctx.blocks.append(NameBlock(variable, people, shown, rendered, node, has_initials=False))
            return node
    kids = _listed(rendered, people, options, terms, truncated=truncated, use_last=use_last)
    if use_last:
        rendered = [*rendered, kids[-1]]
    if marks is not None and kids:
        kids += marks.behind(variable)
    node = node_of(kids, LIST)
    has_initials = options.initialize_with is not None and options.initialize
    ctx.blocks.append(NameBlock(variable, people, shown, rendered, node, has_initials=has_initials))
    return node if kids else None


def without_mark(people: tuple[Person, ...]) -> tuple[tuple[Person, ...], bool]:
    """The persons of a list without the mark of one whose source ended in "et al.", and whether it did."""
    if people[-1].raw.literal == MARK:
        return people[:-1], True
    return people, False


def how_many(total: int, options: NameOptions, ctx: Context, index: int) -> int:
    """How many names of the list of that index are shown, of so many."""
    shown = names_shown(total, options, ctx)
    wanted = ctx.disambiguation.names
    if shown < total and index < len(wanted) and wanted[index] > shown:
        return min(wanted[index], total)
    return shown


def _names(
    people: tuple[Person, ...], positions: Iterable[int], options: NameOptions, ctx: Context, index: int
) -> list[Out]:
    """The names in these positions of a list, each in the form that the disambiguation of the context asks for."""
    default = base_level(options)
    order = options.sort_order
    all_inverted, first_inverted = order == "all", order in ("all", "first")
    extra = ctx.disambiguation.levels
    key = options, default, first_inverted
    later = options, default, all_inverted
    names: list[Out] = []
    for position in positions:
        if position:
            key = later
        if extra and (asked := extra.get((index, position), 0)):
            level = max(default, level_of(options, asked))
            names.append(render_name(people[position], options, level, inverted=key[2]))
            continue
        person = people[position]
        known = person.cache.get(key)
        names.append(render_name(person, options, default, inverted=key[2]) if known is None else known)
    return names


def level_of(options: NameOptions, asked: int) -> int:
    """The form of a name of which disambiguation asks for that one: without initials the next form is in full.

    A rule that is limited to initials then leaves the name as it is ("Given Name Disambiguation Rules").
    """
    if options.with_initials_rule and (options.initialize_with is None or not options.initialize):
        return 0
    return 2 if asked == 1 and options.initialize_with is None else asked


def _listed(
    names: list[Out],
    people: Sequence[Person],
    options: NameOptions,
    terms: NameTerms,
    *,
    truncated: bool,
    use_last: bool,
) -> list[Out]:
    """The names that are shown of so many persons, with what is between and after them."""
    shown, order = len(names), options.sort_order
    hidden = shown < len(people) or truncated
    at = max(shown - 1 if hidden else shown - 2, 0)
    inverted = shown > 0 and order in (("all",) if at else ("all", "first")) and people[at].literal == ""
    kids = joined_names(names, options, terms, hidden=hidden, use_last=use_last, inverted=inverted)
    if use_last:
        kids.append(options.delimiter)
        kids.append(f"{ELLIPSIS} ")
        kids.append(render_name(people[-1], options, base_level(options), inverted=order == "all"))
    return kids


def _abbreviated(
    pieces: list[Out], options: NameOptions, terms: NameTerms, *, to_come: bool, truncated: bool
) -> list[Out]:
    """An abbreviated list of marked names; "et al." at its end where nobody knows how many there are."""
    if truncated:
        pieces = [*pieces, terms.et_al]
    elif to_come:
        pieces = [*pieces, ELLIPSIS]
    kids: list[Out] = []
    for piece in pieces:
        kids += [options.delimiter, piece] if kids else [piece]
    return kids


def names_shown(total: int, options: NameOptions, ctx: Context) -> int:
    """How many names et-al abbreviation leaves."""
    least, first = options.et_al_min, options.et_al_use_first
    if ctx.position != FIRST and not ctx.in_bibliography:
        if options.et_al_subsequent_min:
            least = options.et_al_subsequent_min
        if options.et_al_subsequent_use_first >= 0:
            first = options.et_al_subsequent_use_first
    return first if least and 0 <= first < total and total >= least else total


def joined_names(
    names: list[Out], options: NameOptions, terms: NameTerms, *, hidden: bool, use_last: bool, inverted: bool
) -> list[Out]:
    """Names and delimiters; ``inverted`` is about the name before the last one, or before "et al."."""
    count = len(names)
    delimiter = options.delimiter
    kids: list[Out] = []
    if not count:
        return kids
    for name in names:
        kids += (name, delimiter)
    kids.pop()
    if count > 1 and terms.and_ and not hidden:
        kids[-2] = _before_last(count, options, terms.and_, inverted=inverted)
    if hidden and not use_last and terms.et_al != "":
        how = options.precedes_et_al
        with_delimiter = (
            how == "always" or (how == "contextual" and count > 1) or (how == "after-inverted-name" and inverted)
        )
        if not options.sorting:
            kids.append(delimiter if with_delimiter else (" " if terms.et_al_spaced else ""))
            kids.append(terms.et_al)
    return [kid for kid in kids if kid != ""] if "" in kids else kids


def _before_last(count: int, options: NameOptions, term: str, *, inverted: bool) -> str:
    """What is printed before the last name; a term in a script without spaces needs neither space nor delimiter.

    The Hebrew one is a prefix of the name that follows.
    """
    how = options.precedes_last
    if term[0] == _VAV or not is_romanesque_start(term):
        if count == 2 and (how == "always" or (how == "after-inverted-name" and inverted)):
            return options.delimiter + term
        return f" {term}" if term == _VAV else term
    with_delimiter = (
        how == "always" or (how == "contextual" and count > 2) or (how == "after-inverted-name" and inverted)
    )
    if not with_delimiter:
        return f" {term} "
    delimiter = options.delimiter
    return f"{delimiter}{term} " if delimiter.endswith((" ", "\u00a0")) else f"{delimiter} {term} "


def same_people(one: tuple[Person, ...], two: tuple[Person, ...]) -> bool:
    """True where two variables hold the same names (editor and translator)."""
    return len(one) == len(two) and all(a is b or a.raw == b.raw for a, b in zip(one, two, strict=True))


def part_formats(parts: Mapping[str, PartFormat]) -> tuple[PartFormat | None, PartFormat | None]:
    """The formats of family and given name."""
    return parts.get("family"), parts.get("given")
