"""One record as entry type and fields of a dialect: the mapping of types and variables in the opposite direction."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bibtool.bib.annotations import rank_of, write_annotations
from bibtool.bib.latex import from_latex
from bibtool.bib.latexwriting import to_latex
from bibtool.bib.names import write_names
from bibtool.formats.bibtex.arxiv_fields import arxiv_id_of, is_preprint_container, note_of
from bibtool.formats.bibtex.builder import FORM, SOURCE
from bibtool.formats.bibtex.capitals import protect_capitals
from bibtool.formats.bibtex.dates import bibtex_fields, parse_edtf, parse_year_month
from bibtool.formats.bibtex.mapping import (
    EDITOR_ROLES,
    EDITOR_TYPES,
    EDITORS,
    LISTS,
    ROLE_KEYS,
    SITES,
    Dialect,
)
from bibtool.formats.bibtex.mapping_biblatex import BIBLATEX
from bibtool.formats.bibtex.mapping_bibtex import BIBTEX
from bibtool.formats.bibtex.strings import key_of, language_of, words_of
from bibtool.formats.bibtex.titleparts import TITLE_PARTS, join_addon, join_subtitle
from bibtool.formats.bibtex.to_record import (
    PREPRINT,
    address_in,
    csl_type,
    eprint_address,
    written_type,
)
from bibtool.formats.bibtex.values_in import read_value
from bibtool.lazy import lazy_pattern
from bibtool.model.dates import Date
from bibtool.model.identifiers import arxiv_id_of_doi
from bibtool.model.marks import bare
from bibtool.model.names import Names
from bibtool.model.normal.editions import edition_in_bibtex
from bibtool.model.normal.languages import babel_name
from bibtool.model.normal.pages import pages_in_bibtex
from bibtool.model.numbers import Number
from bibtool.model.record import Verbatim
from bibtool.model.richtext import Text, parse_markup
from bibtool.model.works.preprints import as_preprint, names_only_a_server
from bibtool.structs import NamedTuple, dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bibtool.model.record import Record, Value

BAD_IN_KEY = lazy_pattern(r"(?:[\s,{}\\%#\"~=()'\x00-\x1f\x7f]|\^{2,})+")
_GENRE_OF_ENTRY = {"phdthesis": "PhD thesis", "mastersthesis": "Master's thesis", "techreport": "Technical report"}


_PARTS_OF = {main: parts for main, *parts in TITLE_PARTS}


class Written(NamedTuple):
    """One field; an expression is written without braces."""

    name: str
    value: str
    is_expression: bool = False


@dataclass(slots=True)
class WrittenEntry:
    """An entry that is ready for layout, and what it could not hold."""

    type: str
    fields: list[Written] = field(default_factory=list)
    unheld: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)


def from_record(
    record: Record, dialect: Dialect, *, ascii_only: bool, keep_crossref: bool = False, commands: bool = True
) -> WrittenEntry:
    r"""The entry of a record, fields in the dialect's order, then leftovers in the order of the source.

    A record is not TeX, so its text never becomes a command. What came from a BibTeX file gets its commands back; where
    ``commands`` is false only those that `from_latex` understands, for what is to be compiled or used by a style.
    """
    return _EntryBuilder(record, dialect, ascii_only=ascii_only, commands=commands).build(keep_crossref=keep_crossref)


class _EntryBuilder:
    def __init__(self, record: Record, dialect: Dialect, *, ascii_only: bool, commands: bool) -> None:
        self.record = record
        self.dialect = dialect
        self.ascii_only = ascii_only
        self.commands = commands
        self.forms = {left.name: self.allowed(left.value) for left in record.leftovers if left.source == FORM}
        self.source = {left.name.lower(): left.value for left in record.leftovers if left.source == SOURCE}
        self.published = _is_published(record)
        self.entry = WrittenEntry(self.entry_type())
        self.names: set[str] = set()
        self.formed: set[str] = set()

    def put(self, name: str, value: str, *, is_expression: bool = False) -> None:
        self.entry.fields.append(Written(name, value, is_expression))
        self.names.add(name.lower())

    def latex(self, text: Text) -> str:
        return to_latex(text, ascii_only=self.ascii_only)

    def allowed(self, raw: str) -> str:
        """The content of a field of a BibTeX file as it may be written."""
        return raw if self.commands or not ("\\" in raw or "$" in raw) else self.latex(from_latex(raw))

    def entry_type(self) -> str:
        record = self.record
        if record.type == "article" and self.published:
            return "article"
        wanted = self.forms.get("entrytype", "")
        if wanted:
            known = BIBTEX.type_of_entry.get(wanted) or BIBLATEX.type_of_entry.get(wanted)
            on_arxiv = record.arxiv is not None and record.arxiv.id is not None
            if known is None and record.type == "document":
                return wanted
            if known is not None and (self.dialect is BIBLATEX or wanted in BIBTEX.type_of_entry):
                said = {known.csl, BIBLATEX.type_of_entry.get(wanted, known).csl}
                if record.type in said or (record.type == "article" and on_arxiv):
                    return wanted
        return written_type(record.type, record.variables, self.dialect)

    def build(self, *, keep_crossref: bool) -> WrittenEntry:
        record, forms = self.record, self.forms
        fields_of = self.dialect.fields_of(record.type)
        if record.type == "article" and self.published:
            fields_of = self.dialect.fields_of("article-journal")
        formed = self.by_form()
        roles: list[str] = []
        for variable, value in record.variables.items():
            if variable == "issued":
                self.issued(value)
                continue
            if variable in formed:
                continue
            if variable == "note" and record.arxiv is not None:
                continue
            if variable in {"publisher", "number"} and self.numbered_server():
                continue
            if variable == "title-short" and self.is_main_title(value):
                continue
            if variable == "URL" and str(value) == eprint_address(self.source):
                continue  # eprint says it
            if variable in ROLE_KEYS:
                roles.append(variable)
                continue
            name = fields_of.get(variable)
            if name is None or name in self.names:
                self.entry.unheld.append(variable)
                continue
            self.variable(variable, name, value)
        self.editors(roles)
        self.venue()
        self.eprint()
        self.note()
        if record.aliases:
            self.put("ids", ",".join(BAD_IN_KEY.sub("-", alias) for alias in record.aliases))
        self.subtype(forms)
        rank, typed = _ranks(self.dialect.order)
        self.entry.fields.sort(key=lambda written: rank_of(written.name, typed))
        self.leftovers(rank, keep_crossref=keep_crossref)
        return self.entry

    # -- variables -------------------------------------------------------------------------------------------------

    def by_form(self) -> set[str]:
        """Write the values whose form in the file still means the same; return their variables."""
        done: set[str] = set()
        if not self.forms:
            return done
        reading = self.dialect.variables_of(self.record.type)
        written = self.dialect.fields_of(self.record.type)
        self.formed = done
        for name, raw in self.forms.items():
            if name == "date":
                value = self.record.date()
                if value is not None and parse_edtf(raw)[0] == value and (value.start or value.end):
                    self.put(name, raw)
                    done.add("issued")
                continue
            variable = reading.get(name)
            if name == "year" and self.year(raw):
                done.add("issued")
                continue
            if variable == "edition" and self.dialect is BIBLATEX:
                continue  # an integer for biblatex, whose styles make the ordinal
            if (
                self.dialect.native is not None
                and name not in self.dialect.native
                and written.get(variable or "") != name
            ):
                continue
            if (
                name in {"howpublished", "note"}
                and self.record.text("URL")
                and "URL" not in done
                and address_in(from_latex(raw).plain().strip()) == self.record.text("URL")
            ):
                self.put(name, raw)
                done.add("URL")
                continue
            if variable is None or variable in done or variable not in self.record.variables or name in self.names:
                continue
            if variable == "note" and self.record.arxiv and note_of("", self.record.arxiv, published=self.published):
                continue
            held = self.record.variables[variable]
            if isinstance(held, Names) and self.dialect is BIBTEX and "=" in raw:
                continue  # BibTeX takes biblatex's extended names and options for persons
            if self.dialect is BIBTEX and words_of(variable, raw):
                continue  # BibTeX would print the key
            if name == "type" or _read_form(variable, raw) == _unmarked(held):
                self.put(name, raw)
                done.add(variable)
                if isinstance(held, Names):
                    for annotation, said in write_annotations(name, held):
                        self.put(annotation, said)
        if "issued" in done and "year" not in self.names and self.dialect is BIBTEX:
            issued = self.record.date()
            if issued is not None and issued.year is not None:
                self.put("year", str(issued.year))
        return done

    def year(self, raw: str) -> bool:
        """True if the year of the file, which is not a number, is still that of the record, and is written."""
        value = self.record.date()
        if value is None or parse_year_month(raw)[0] != value or not (value.literal or self.dialect is BIBTEX):
            return False
        self.put("year", raw)
        return True

    def variable(self, variable: str, name: str, value: Value) -> None:
        if isinstance(value, Text):
            self.text(variable, name, value)
        elif isinstance(value, Names):
            written = write_names(value, ascii_only=self.ascii_only, extended=self.dialect is BIBLATEX)
            if written:
                self.put(name, written)
                for annotation, text in write_annotations(name, value):
                    self.put(annotation, text)
        elif isinstance(value, Number):
            latex = self.latex(parse_markup(value.text))
            if variable == "page":
                latex = pages_in_bibtex(latex)
            elif variable == "edition" and self.dialect is BIBTEX:
                latex = edition_in_bibtex(latex)
            self.put(name, latex)
        elif isinstance(value, Date):
            self.put(name, self.latex(Text.of(value.literal)) if value.literal else value.edtf())
        elif isinstance(value, Verbatim):
            self.verbatim(variable, name, value.text)

    def text(self, variable: str, name: str, value: Text) -> None:
        if variable == "genre" and self.says_genre(value.plain()):
            return
        if self.dialect is BIBLATEX and (key := key_of(variable, value.plain())):
            self.put(name, key)
            return
        origin = self.record.provenance.get(variable)
        from_bibtex = origin is not None and origin.source == SOURCE
        parts: list[str] = []
        if name in _PARTS_OF and self.dialect is BIBLATEX:  # BibTeX's styles have no subtitle
            value, parts = self.split_title(name, value)
        if variable == "title" and not from_bibtex:  # after the split: the parts are written as they were
            value = protect_capitals(value)
        if parts:
            if value:
                self.put(name, self.latex(value))
            for part in parts:
                self.put(part, self.forms[part])
            return
        latex = self.latex(value)
        if name in LISTS and " and " in latex and not from_bibtex and self.dialect is BIBLATEX:
            latex = "{" + latex + "}"
        self.put(name, latex)

    def split_title(self, name: str, title: Text) -> tuple[Text, list[str]]:
        """The main part of a title, and the names of the fields that the file had for its other parts."""
        parts: list[str] = []
        for part, join in zip(reversed(_PARTS_OF[name]), (join_addon, join_subtitle), strict=True):
            raw = self.forms.get(part)
            if raw is None:
                continue
            if part == "titleaddon" and title == from_latex(raw):
                return Text(()), [part]
            if (main := _without_part(title, from_latex(raw), join)) is not None:
                title = main
                parts.insert(0, part)
        return title, parts

    def is_main_title(self, short: Value) -> bool:
        """True for a short title that is the title without the subtitle that the file has in a field of its own."""
        title = self.record.variables.get("title")
        if not isinstance(title, Text) or not ("subtitle" in self.forms or "titleaddon" in self.forms):
            return False
        return self.split_title("title", title)[0] == short

    def says_genre(self, genre: str) -> bool:
        """True if the entry type implies the genre."""
        own = _GENRE_OF_ENTRY.get(self.entry.type) == genre
        return own and not (self.entry.type == "techreport" and self.dialect is BIBTEX)

    def verbatim(self, variable: str, name: str, text: str) -> None:
        if variable == "DOI" and self.record.type not in {"article", "document"} and arxiv_id_of_doi(text) is not None:
            if self.record.arxiv is None or self.record.arxiv.id is None:
                self.put(name, _verbatim(text))
            return  # the DOI of the preprint is not the DOI of the article; eprint stands in for it
        if variable == "DOI" and self.published and arxiv_id_of_doi(text) is not None:
            return
        if variable == "language":
            self.put(name, babel_name(text) or self.latex(Text.of(text)))
            return
        self.put(name, _verbatim(text))

    def issued(self, value: Value) -> None:
        if not isinstance(value, Date) or "issued" in self.formed:
            return
        if self.dialect is BIBLATEX and (value.start is not None or value.end is not None):
            self.put("date", value.edtf())
            return
        for name, written, is_expression in bibtex_fields(value, ascii_only=self.ascii_only):
            self.put(name, written, is_expression=is_expression)

    # -- arXiv -----------------------------------------------------------------------------------------------------

    def eprint(self) -> None:
        arxiv = self.record.arxiv
        if arxiv is None:
            return
        if arxiv.id is None:
            if arxiv.primary_category:
                self.entry.unheld.append("arXiv primary category without an arXiv id")
            return
        biblatex = self.dialect is BIBLATEX
        self.put("eprint", str(arxiv.id))
        if biblatex:
            self.put("eprinttype", "arxiv")
        else:
            self.put("archivePrefix", "arXiv")
        if arxiv.primary_category:
            self.put("eprintclass" if biblatex else "primaryClass", self.latex(Text.of(arxiv.primary_category)))
        if self.record.type == "article" and not self.published:
            # styles print eprint, doi or url, few of them two. The reader takes both from the eprint, but the DOI only
            # if the entry names no journal or publisher, whose DOI it would be.
            is_plain = as_preprint(self.record.type, self.record.variables, arxiv) is not None
            if is_plain and "doi" not in self.names:
                self.put("doi", arxiv.id.doi)
            if not {"url", "howpublished"} & self.names:
                self.put("url", arxiv.id.url)

    def editors(self, roles: Sequence[str]) -> None:
        """Write people whose role has no field of its own as editors of a type (biblatex manual, 2.3.6)."""
        if "editor" in self.names and (raw := self.forms.get("editortype")):
            self.put("editortype", raw)
        slots = [name for name in EDITORS if name not in self.names and name not in self.source]
        for role in roles:
            types = {name: self.forms.get(f"{name}type", "") for name in slots}
            held = (name for name, said in types.items() if EDITOR_ROLES.get(said.strip().casefold()) == role)
            slot = next(held, slots[0] if slots else "")
            names = self.record.names(role)
            written = write_names(names, ascii_only=self.ascii_only, extended=self.dialect is BIBLATEX)
            if not slot or not written:
                self.entry.unheld.append(role)
                continue
            slots.remove(slot)
            self.put(slot, written)
            self.put(f"{slot}type", types[slot] or ROLE_KEYS[role])

    def venue(self) -> None:
        """Add where a work appeared to the field that styles print.

        They print the ``booktitle`` of a paper but not its ``eventtitle``, nor the ``booktitle`` of a web site.
        """
        record = self.record
        container = record.variables.get("container-title")
        event = record.variables.get("event-title")
        if record.type == "paper-conference" and container is None and isinstance(event, Text):
            if "booktitle" not in self.names:
                self.put("booktitle", self.latex(event))
        elif record.type in SITES and isinstance(container, Text):
            name = "organization" if self.dialect is BIBLATEX else "howpublished"
            if "publisher" not in record.variables and not {name, "organization", "howpublished"} & self.names:
                self.put(name, self.latex(container))

    def numbered_server(self) -> bool:
        """True for a preprint whose server and number are written as one ``howpublished``, which styles print."""
        record = self.record
        if self.dialect is not BIBTEX or record.type != "article" or record.arxiv is not None:
            return False
        said = f"{record.text('publisher')}, {record.text('number')}"
        if not record.text("publisher") or not record.text("number")[:1].isalpha() or not names_only_a_server(said):
            return False
        if "howpublished" not in self.names:
            self.put("howpublished", self.latex(Text.of(said)))
        return True

    def note(self) -> None:
        arxiv = self.record.arxiv
        if arxiv is None or "note" in self.names:
            return
        value = self.record.variables.get("note")
        markup = value.markup() if isinstance(value, Text) else ""
        markup = note_of(markup, arxiv, published=self.published)
        if markup:
            self.put("note", self.latex(parse_markup(markup)))

    def subtype(self, forms: Mapping[str, str]) -> None:
        """Write the CSL type where the entry type alone would be read as another one."""
        if self.record.type == "article" and self.published:
            return
        fields = {written.name.lower(): written.value for written in self.entry.fields}
        if "entrysubtype" in forms:
            fields["entrysubtype"] = forms["entrysubtype"]
            if csl_type(self.entry.type, fields, self.dialect, on_arxiv=False) == self.record.type:
                self.put("entrysubtype", forms["entrysubtype"])
                return
            del fields["entrysubtype"]
        on_arxiv = arxiv_id_of(fields) is not None
        if csl_type(self.entry.type, fields, self.dialect, on_arxiv=on_arxiv) == self.record.type:
            return
        preprint = {**fields, "howpublished": PREPRINT}
        if (
            "howpublished" not in self.names
            and csl_type(self.entry.type, preprint, self.dialect, on_arxiv=on_arxiv) == self.record.type
        ):
            raw = forms.get("howpublished", "")
            self.put("howpublished", raw if raw.strip().casefold() == PREPRINT.casefold() else PREPRINT)
        else:
            self.put("entrysubtype", self.record.type)

    def leftovers(self, rank: Mapping[str, int], *, keep_crossref: bool) -> None:
        """Write what is not a variable: known fields in the dialect's order, since the source may have another one."""
        for left in sorted(self.record.leftovers, key=lambda left: rank.get(left.name.lower(), len(rank))):
            if left.source != SOURCE or (left.name == "crossref" and not keep_crossref):
                continue
            if left.name == "xdata":  # the record has the fields; no file that is written has the @xdata
                if missing := self.forms.get("xdata"):
                    self.put("xdata", missing)
                continue
            if not left.value.strip() and (not keep_crossref or left.name.lower() in self.names):
                continue  # an empty field only keeps the value of a parent out
            if left.name.lower() in self.names:
                self.entry.repeated.append(left.name)
                continue
            self.put(left.name, self.allowed(left.value))


@cache
def _ranks(order: tuple[str, ...]) -> tuple[dict[str, int], dict[str, int]]:
    """The place of each field of a dialect, and the same with all kinds of editors where the editor is."""
    rank = {name.lower(): index for index, name in enumerate(order)}
    return rank, rank | dict.fromkeys((*EDITORS, *EDITOR_TYPES), rank["editor"])


def _read_form(variable: str, raw: str) -> Value | None:
    """The content of a field that is kept unchanged."""
    if variable == "language":
        return read_value(variable, language_of(raw))[0]
    return Text.of(words) if (words := words_of(variable, raw)) else read_value(variable, raw)[0]


def _unmarked(value: Value) -> Value:
    """The value as its field has it; marks of names are in fields of their own."""
    return bare(value) if isinstance(value, Names) else value


def _verbatim(text: str) -> str:
    r"""An identifier or address. It can't have a backslash, nor ``^^5c``, which is one to TeX, so they are encoded."""
    return text if not ("\\" in text or "^^" in text) else text.replace("\\", "%5C").replace("^^", "%5E%5E")


def _is_published(record: Record) -> bool:
    """True for what appeared in a journal or book, also if the record is still that of the preprint on arXiv."""
    if record.type in {"article-journal", "article-magazine", "article-newspaper", "paper-conference", "chapter"}:
        return bool(record.text("container-title"))
    container = record.text("container-title")
    doi = record.text("DOI")
    return (
        record.type == "article"
        and record.arxiv is not None
        and record.arxiv.id is not None
        and bool(container)
        and not is_preprint_container(container)
        and bool(doi)
        and arxiv_id_of_doi(doi) is None
    )


def _without_part(title: Text, part: Text, join: Callable[[Text, Text], Text]) -> Text | None:
    """The title without the part that was joined to it, or None if it does not end in it."""
    markup, end = title.markup(), part.markup()
    for joint in (": ", ". ", " "):
        if end and markup.endswith(joint + end):
            main = parse_markup(markup[: -len(joint + end)])
            if main and join(main, part) == title:
                return main
    return None
