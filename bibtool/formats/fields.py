"""What the readers and writers of field-based formats share: mapping rows, a record in the making, a record going out.

A reader fills a `Draft`, a writer takes values out of an `Outgoing`; what is still in it at the end could not be
written and becomes a problem.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bibtool.errors import IdentifierError
from bibtool.formats.base import WriteResult, with_provenance
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.identifiers import arxiv_id_of_doi, parse_arxiv_id
from bibtool.model.keys import keyed
from bibtool.model.marks import bare_name, has_marks, has_orcids
from bibtool.model.names import Name, Names, looks_like_organisation
from bibtool.model.normal.markup import normal_markup
from bibtool.model.normal.pages import page_ends
from bibtool.model.normal.standardnumbers import standard_numbers
from bibtool.model.normal.values import CHECKED, normalised
from bibtool.model.numbers import Number
from bibtool.model.particles import split_family
from bibtool.model.record import Arxiv, Leftover, Record, Value, Verbatim
from bibtool.model.richtext import Text, parse_markup
from bibtool.model.showntext import shown_text
from bibtool.model.standins import derived_values
from bibtool.model.vocabulary import VARIABLES
from bibtool.model.works.preprints import as_preprint
from bibtool.problems import Problem, Severity
from bibtool.structs import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bibtool.formats.base import ReadOptions
    from bibtool.model.normal.values import Normal

_NUMBERED = lazy_pattern(r"(arxiv|pmid|pmcid)\s*:\s*(\S.*)", re.IGNORECASE)
MAX_FOREIGN = 12  # so many fields of other formats are named
ET_AL = frozenset({"others", "and others", "et al", "et al.", "et al.,", "et alii"})


class Draft:
    """A record in the making. The first value of a variable stays; further ones are kept as leftovers."""

    __slots__ = (
        "_faults",
        "_names",
        "_truncated",
        "arxiv",
        "key",
        "keywords",
        "leftovers",
        "line",
        "raw",
        "source",
        "type",
        "unknown_types",
        "variables",
    )

    def __init__(self, source: str, line: int = 1, raw: str | None = None) -> None:
        self.source = source
        self.line = line
        self.raw = raw
        self.key = ""
        self.type = "document"
        self.variables: dict[str, Value] = {}
        self.arxiv: Arxiv | None = None
        self.leftovers: list[Leftover] = []
        self.keywords: list[str] = []
        self.unknown_types: list[Problem] = []
        self._names: dict[str, list[Name]] = {}
        self._truncated: set[str] = set()
        self._faults: list[tuple[Normal, str]] = []

    def put(self, variable: str, text: str, field: str) -> None:
        """Set a text, number or verbatim variable from its markup; ``field`` is its name in the format."""
        if not text.strip():
            return
        value = value_of(variable, text)
        if self.variables.setdefault(variable, value) != value:
            self.leave(field, text)
        elif variable in CHECKED:
            normal = normalised(variable, text)
            for further in normal.rest:
                self.leave(field, further)
            if normal.fault:
                self._faults.append((normal, text))

    def put_date(self, variable: str, date: Date, field: str, raw: str) -> None:
        """Set a date variable."""
        if date == Date():
            return
        if variable in self.variables:
            if self.variables[variable] != date:
                self.leave(field, raw)
            return
        self.variables[variable] = date

    def put_name(self, variable: str, name: Name) -> bool:
        """Add a name to a variable; one that says "et al." sets the truncated flag. True if there is one name more."""
        said = (name.literal or (name.family if not name.given else "")).casefold()
        if said in ET_AL:
            self._truncated.add(variable)
        elif bare_name(name) != Name():
            self._names.setdefault(variable, []).append(name)
            return True
        return False

    def has_names(self, variable: str = "") -> bool:
        """True where there is a name of a variable, or of any."""
        return bool(self._names.get(variable) if variable else self._names)

    def identify(self, variable: str, orcid: str) -> bool:
        """Note the ORCID iD of the last name of a variable; False where there is none, or it has another one."""
        names = self._names.get(variable)
        if not names or not orcid or names[-1].orcid not in {"", orcid}:
            return False
        names[-1] = replace(names[-1], orcid=orcid)
        return True

    def truncate(self, variable: str) -> None:
        """Set the truncated flag of a list of names."""
        self._truncated.add(variable)

    def put_standard_number(self, text: str, field: str) -> None:
        """Set ISBN or ISSN, whichever the digits are; a number that is neither goes by its length."""
        numbers = split_standard_numbers(text)
        for variable, number in numbers:
            self.put(variable, number, field)
        for name in ("ISBN", "ISSN"):
            if sum(variable == name for variable, _ in numbers) > 1 and (normal := normalised(name, text)).rest:
                self._faults.append((normal, text))

    def put_arxiv(self, text: str, field: str) -> None:
        """Set the arXiv id, or keep the text if it is not one."""
        try:
            arxiv_id = parse_arxiv_id(text)
        except IdentifierError:
            self.leave(field, text)
            return
        if self.arxiv is None:
            self.arxiv = Arxiv(id=arxiv_id)
        elif self.arxiv.id != arxiv_id:
            self.leave(field, text)

    def put_numbered(self, text: str, field: str) -> None:
        """Set the identifier of ``arXiv:...``, ``PMID:...`` or ``PMCID:...``; any other text is kept."""
        numbered = _NUMBERED.fullmatch(text)
        if numbered is None:
            self.leave(field, text)
        elif numbered[1].casefold() == "arxiv":
            self.put_arxiv(numbered[2], field)
        else:
            self.put(numbered[1].upper(), numbered[2], field)

    def put_arxiv_of_doi(self, field: str) -> None:
        """Set the arXiv id that the DOI of a preprint contains."""
        if arxiv_id := arxiv_id_of_doi(str(self.variables.get("DOI", ""))):
            self.put_arxiv(str(arxiv_id), field)

    def leave(self, field: str, text: str) -> None:
        """Keep a field that no variable fits."""
        self.leftovers.append(Leftover(self.source, field, text))

    def leave_type(self, field: str, text: str, problem: Problem) -> None:
        """Keep a type that is not one of the format's; `built` says so of a record that is not left out."""
        self.leave(field, text)
        self.unknown_types.append(problem)

    def is_empty(self) -> bool:
        """True for what has a type at most."""
        said = self.key or self.variables or self._names or self._truncated or self.keywords or self.arxiv
        return not said and len(self.leftovers) == len(self.unknown_types)

    def build(self, options: ReadOptions) -> Record:
        """The record, with provenance where the options ask for it."""
        for variable in dict.fromkeys((*self._names, *sorted(self._truncated))):
            self.variables[variable] = Names(tuple(self._names.get(variable, ())), variable in self._truncated)
        options.faults.extend(
            options.problem(self.line, normal.code, normal.fault, raw, key=self.key or None)
            for normal, raw in self._faults
        )
        if self.keywords and "keyword" not in self.variables:
            self.variables["keyword"] = parse_markup(join_keywords(self.keywords))
        if self.arxiv is not None and self.arxiv.id is not None:  # stand-ins, see `derived_values`
            for variable, text in (("DOI", self.arxiv.id.doi), ("URL", self.arxiv.id.url)):
                if str(self.variables.get(variable, "")).casefold() == text.casefold():
                    del self.variables[variable]
        record = Record(
            key=self.key,
            type=self.type,
            variables=self.variables,
            arxiv=self.arxiv,
            leftovers=tuple(self.leftovers),
        )
        if (preprint := as_preprint(record.type, record.variables, record.arxiv)) is not None:
            record = replace(record, type=preprint.type, variables=preprint.variables, arxiv=preprint.arxiv)
        return with_provenance(record, self.source, options, self.line)


def built(drafts: Iterable[Draft], options: ReadOptions, problems: list[Problem]) -> tuple[Record, ...]:
    """The records of a file. What has a type at most is none, and becomes a problem."""
    records = []
    for draft in drafts:
        if draft.is_empty():
            problems.append(options.empty(draft.line, draft.source, draft.raw))
        else:
            problems.extend(draft.unknown_types)
            records.append(draft.build(options))
    return tuple(records)


def value_of(variable: str, text: str) -> Value:
    """The value of a variable other than names and dates, of the kind that the vocabulary gives."""
    kind = VARIABLES.get(variable, "text")
    if kind == "text":
        return parse_markup(normal_markup(text) if "<" in text or "&" in text else text)
    text = normalised(variable, text).text
    return Number(text) if kind == "number" else Verbatim(text)


def split_standard_numbers(text: str) -> list[tuple[str, str]]:
    """The numbers in ``1234-5678 (print), 2345-6789``, each with its variable, ISBN or ISSN.

    A text without a known number stays whole; its number of digits decides.
    """
    text = text.strip()
    numbers = [(number.variable, number.text) for number in standard_numbers(text)]
    if numbers or not text:
        return numbers
    return [("ISBN" if len(re.sub(r"[^\dXx]", "", text)) > 8 else "ISSN", text)]


_KEYWORD_MARK = lazy_pattern(r"<[^<>]{0,80}>|[;,]")


def join_keywords(words: Sequence[str]) -> str:
    """Keywords as one text: by commas, or by semicolons where a keyword has a comma."""
    return ("; " if any("," in word for word in words) else ", ").join(words) + (
        ";" if len(words) == 1 and "," in words[0] and ";" not in words[0] else ""
    )


def split_keywords(text: str) -> list[str]:
    """The keywords of a text as `join_keywords` writes it."""
    marks = []
    depth = 0  # only marks outside of tags and of what they enclose
    for match in _KEYWORD_MARK.finditer(text):
        if match[0] in ";,":
            if depth == 0:
                marks.append(match)
        else:
            depth = max(0, depth + (-1 if match[0].startswith("</") else 1))
    mark = ";" if any(match[0] == ";" for match in marks) else ","
    ends = [match.start() for match in marks if match[0] == mark]
    words = [
        text[start:end].strip() for start, end in zip([0, *(e + 1 for e in ends)], [*ends, len(text)], strict=True)
    ]
    return [word for word in words if word]


def inverted_name(text: str) -> Name:
    """``Family, Given, Suffix`` as reference managers write it; without a comma it is an organisation's name.

    RIS and its relatives write every person inverted, so a name without a comma is not split, just as a name of one
    word is a family name.
    """
    text = " ".join(text.split())
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 1:
        return Name(literal=text) if " " in text or looks_like_organisation(text) else Name(family=text)
    if len(parts) > 3 or not parts[0]:
        return Name(literal=text)
    if len(parts) == 2 and not parts[1]:  # "The LIGO Team,": EndNote's mark for an organisation
        return Name(literal=parts[0])
    return person(parts[0], parts[1], parts[2] if len(parts) > 2 else "")


def person(family: str, given: str = "", suffix: str = "") -> Name:
    """A person whose family name may begin with particles: words in lower case."""
    particle, bare = split_family(family)
    return Name(non_dropping_particle=particle, family=bare, given=given, suffix=suffix)


def prefixed_person(family: str, given: str, prefix: str, suffix: str) -> Name:
    """A person whose particle is separate; without one, a family name may begin with particles (see `person`)."""
    if prefix:
        return Name(family=family, given=given, non_dropping_particle=prefix, suffix=suffix)
    return person(family, given, suffix)


def write_inverted(name: Name) -> str:
    """The name as `inverted_name` reads it: ``van Beethoven, Ludwig``; organisations end in a comma if they must."""
    if name.literal:
        if inverted_name(name.literal) == Name(literal=name.literal):
            return name.literal
        return f"{name.literal.replace(',', ' ')},"
    family = " ".join(part for part in (name.non_dropping_particle, name.family) if part)
    given = " ".join(part for part in (name.given, name.dropping_particle) if part)
    if not given and not name.suffix:
        return family if " " not in family else f"{family}, "
    return ", ".join([family, given, name.suffix] if name.suffix else [family, given])


def essential(name: Name) -> Name:
    """The name without the comma before its suffix, which is a matter of style, and without what is not part of it."""
    return replace(bare_name(name), comma_suffix=False) if name.comma_suffix else bare_name(name)


class Outgoing:
    """A record on its way out: what is taken is written, the rest is lost and becomes a problem.

    arXiv's stand-in values (`derived_values`) are among the variables.
    """

    __slots__ = ("_arxiv_left", "_left", "_lost", "_standins", "arxiv", "key", "leftovers", "record", "source", "type")

    def __init__(self, record: Record, key: str, source: str) -> None:
        self.record = record
        self.key = key
        self.source = source
        self.type = record.type
        self.arxiv = record.arxiv
        self._arxiv_left = record.arxiv is not None
        derived = derived_values(record)
        self._standins = {"DOI", "URL"} & derived.keys()
        self._left: dict[str, Value] = dict(record.variables)
        for name in ("DOI", "URL"):
            if name in derived:
                self._left[name] = Verbatim(derived[name])
        self._lost: list[str] = []
        self.leftovers = [left for left in record.leftovers if left.source == source]

    def has(self, variable: str) -> bool:
        """True while the variable has a value that was not taken."""
        return variable in self._left

    def text(self, variable: str) -> str:
        """Take a text, number or verbatim variable as one line of markup; "" where it is not set.

        Simple mathematics is shown by characters, ``<sub>`` and ``<sup>``: readers of these formats don't read TeX.
        """
        value = self._left.get(variable)
        if value is None or isinstance(value, (Names, Date)):
            return ""
        del self._left[variable]
        return shown_text(value).markup() if isinstance(value, Text) else value.text

    def standard_number(self, variable: str) -> str:
        """Take ISBN or ISSN for a field that holds either: one that does not look like what it is, is lost."""
        text = self.text(variable)
        if text and split_standard_numbers(text) != [(variable, text)]:
            self.lose(f"that {text} is an {variable}")
        return text

    def numbered(self) -> list[str]:
        """Take the arXiv id, PMID and PMCID as `Draft.put_numbered` reads them."""
        numbers = {"arXiv": self.arxiv_id(), "PMID": self.text("PMID"), "PMCID": self.text("PMCID")}
        return [f"{name}:{number}" for name, number in numbers.items() if number]

    def pages(self) -> tuple[str, str]:
        """Take the pages as first and last page; pages that are not a range are the first."""
        page = self.text("page")
        return page_ends(page)

    def names(self, variable: str, *, truncated: bool = False, orcids: bool = False) -> tuple[Name, ...]:
        """Take names. Marks are lost, and so are the truncated flag and ORCID iDs unless the caller writes them."""
        value = self._left.get(variable)
        if not isinstance(value, Names):
            return ()
        del self._left[variable]
        if value.truncated and not truncated:
            self.lose(f"et al. after {variable}")
        if has_marks(value):
            self.lose(f"marks of {variable}")
        if has_orcids(value) and not orcids:
            self.lose(f"ORCID iDs of {variable}")
        return value.names

    def is_truncated(self, variable: str) -> bool:
        """True if the list of names continues in the original."""
        return self.record.names(variable).truncated

    def inverted(
        self, variable: str, *, orcids: bool = False, read: Callable[[str], Name] = inverted_name
    ) -> list[str]:
        """Take names as ``Family, Given``; parts that this form can't hold are lost. See `names` for ``orcids``."""
        return [
            self.checked(write_inverted(name), read, essential(name), "parts of the name " + name.display())
            for name in self.names(variable, orcids=orcids)
        ]

    def checked(self, written: str, read: Callable[[str], object], value: object, what: str) -> str:
        """``written``, and ``what`` is lost if reading it does not give the value again."""
        if read(written) != value:
            self.lose(what)
        return written

    def keywords(self) -> list[str]:
        """Take the keywords one by one."""
        text = self.text("keyword")
        words = split_keywords(text)
        if "".join(join_keywords(words).split()) != "".join(text.split()):
            self.lose("the punctuation of keyword")
        return words

    def date(self, variable: str) -> Date | None:
        """Take a date."""
        value = self._left.get(variable)
        if not isinstance(value, Date):
            return None
        del self._left[variable]
        return value

    def written_date(self, variable: str, write: Callable[[Date], str], read: Callable[[str], Date]) -> str:
        """Take a date as text; what the format's dates can't express is lost."""
        date = self.date(variable)
        if date is None:
            return ""
        return self.checked(write(date), read, date, f"{variable} {date.edtf()}")

    def lose(self, what: str) -> None:
        """Note something that the format can't hold."""
        self._lost.append(what)

    def arxiv_id(self) -> str:
        """Take the arXiv id with version, "" if there is none; all other data from arXiv are lost."""
        if self.arxiv is None:
            return ""
        self._arxiv_left = False
        for what in ("categories", "primary_category", "comment", "journal_ref", "withdrawn"):
            if getattr(self.arxiv, what):
                self._lost.append("arXiv " + what.replace("_", " "))
        return str(self.arxiv.id) if self.arxiv.id else ""

    def problems(self) -> Iterable[Problem]:
        """One problem with everything that could not be written, one note for leftovers of other formats."""
        if self._arxiv_left and (arxiv_id := self.arxiv_id()) and not self._standins - self._left.keys():
            self.lose(f"arXiv id {arxiv_id}")  # where a stand-in was taken, its address or DOI has the number
        lost = (*sorted(self._left), *self._lost)
        foreign = sorted({f"{left.source} {left.name}" for left in self.record.leftovers if left.source != self.source})
        if lost:
            yield self._problem("not-representable", "can't hold this of", lost, Severity.WARNING)
        if self.record.aliases:
            yield self._problem("aliases-not-written", "has no place for the former keys of")
        if foreign:
            what = "has no place for these fields of other formats in"
            yield self._problem("leftovers-not-written", what, tuple(foreign[:MAX_FOREIGN]))

    def _problem(
        self, code: str, what: str, parts: tuple[str, ...] = (), severity: Severity = Severity.NOTE
    ) -> Problem:
        listed = f": {', '.join(parts)}" if parts else ""
        message = f"{self.source} {what} {self.key}{listed}"
        return Problem(code=code, message=message, severity=severity, key=self.key, parts=parts)


def as_list(value: Any) -> list[Any]:
    """The list, a single value as a list, an empty one for None."""
    return value if isinstance(value, list) else [] if value is None else [value]


def put_filled(into: dict[str, Any], name: str, value: Any) -> None:
    """Set a member, unless the value is empty."""
    if value:
        into[name] = value


def set_path(item: Any, path: str, value: Any) -> bool:
    """Put a value at ``a/0/b``, after the others of a list; False if something else is there."""
    *steps, last = path.split("/")
    into = item
    for step in steps:
        if isinstance(into, dict):
            into = into.setdefault(step, {})
        elif isinstance(into, list) and step.isdigit() and int(step) < len(into):
            into = into[int(step)]
        else:
            return False
    if not isinstance(into, dict):
        return False
    if isinstance(into.get(last), list):
        into[last].append(value)
        return True
    return into.setdefault(last, value) is value


def without_gaps(out: Outgoing, xml: str) -> str:
    """The XML; characters that XML does not have (U+FFFD stands for them) are lost."""
    if "\N{REPLACEMENT CHARACTER}" in xml:
        out.lose("characters that XML does not have")
    return xml


def one_line(text: str) -> str:
    """The text with line breaks as spaces."""
    return " ".join(text.split("\n")) if "\n" in text or "\r" in text else text


def write_each(
    records: Sequence[Record], source: str, layout: Callable[[Outgoing], str], head: str = "", foot: str = ""
) -> WriteResult:
    """The records laid out one by one, with the problems of what was lost."""
    pieces = [head]
    problems: list[Problem] = []
    for record, key in keyed(records):
        out = Outgoing(record, key, source)
        pieces.append(layout(out))
        problems.extend(out.problems())
    pieces.append(foot)
    return WriteResult("".join(pieces).encode("utf-8", "replace"), tuple(problems))


def reverse(table: Mapping[str, str]) -> dict[str, str]:
    """The table from value to name; the first name of a value counts."""
    return {value: name for name, value in reversed(list(table.items()))}
