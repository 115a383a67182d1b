"""What rules must not say: each kind of false alarm in several variants, beside what they do say."""

from __future__ import annotations

import pytest

from bibtool.check.engine import check
from bibtool.check.fixing import fix
from bibtool.check.settings import CheckSettings
from bibtool.check.source import CheckedFile


def findings(code: str, text: str) -> list[str]:
    """Messages and hints of one rule for a file of this text."""
    source = CheckedFile.from_bytes(text.encode(), "refs.bib")
    return [f"{found.hit.message} | {found.hit.hint}" for found in check([source], CheckSettings(select=(code,)))]


def entry(fields: str, kind: str = "article", key: str = "a") -> str:
    return f"@{kind}{{{key},\n  {fields}\n}}\n"


def severities(code: str, text: str) -> list[str]:
    source = CheckedFile.from_bytes(text.encode(), "refs.bib")
    return [str(found.severity) for found in check([source], CheckSettings(select=(code,)))]


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        # a journal has one ISSN in print and one online
        ("IDS005", "issn = {0317-8471, 2049-3630}"),
        ("IDS005", "issn = {0317-8471 (print), 2049-3630 (electronic)}"),
        ("IDS005", "issn = {0317-8471; 2049-3630}"),
        ("IDS005", "issn = {03178471 and 20493630}"),
        ("IDS005", "issn = {0317-8471 (print), 0010-4620 (print, until 1999), 2049-3630 (online)}"),
        # each number says for itself which book it is
        ("IDS004", "isbn = {0-306-40615-2 (hardcover), 0-201-13448-9 (paperback)}"),
        ("IDS004", "isbn = {978-0-306-40615-7 (hbk.); 978-0-201-13448-3 (ebook)}"),
        ("IDS004", "isbn = {0-306-40615-2 (USA), 0-201-13448-9 (UK), 978-3-16-148410-0 (Germany)}"),
        # what comes after an address is not a part of the id
        ("IDS003", "url = {https://arxiv.org/abs/2008.06537; https://example.org/a}"),
        ("IDS003", "url = {https://arxiv.org/pdf/2008.06537v2.pdf, https://example.org/a}"),
        ("IDS003", "url = {(see https://arxiv.org/abs/math/0309136)}"),
        # titles that are abbreviated, as those of ancient works are
        ("TXT005", "title = {Dion.}"),
        ("TXT005", "title = {Hist. natur.}"),
        ("TXT005", "title = {{Anab.}}"),
        # what LaTeX itself defines
        ("TXT007", r"note = {Reprinted in \cite{other}}"),
        ("TXT007", r"note = {See also \citep[p.~3]{other}, \textcite{third} and \ref{sec}}"),
        ("TXT007", r"note = {\citeNP[279]{other} and \parencites{third}{fourth}}"),
        ("TXT007", r"note = {Th{\kern-.05em}\llap{\raise 0.5ex\hbox{x}} \rlap{y} \smash{z}}"),
        ("TXT007", r"note = {\begin{itemize}\item One\end{itemize}}"),
        # mathematics, however it is marked
        ("TXT006", r"title = {Growth of H\(_2\)O layers}"),
        ("TXT006", r"title = {Growth of \ensuremath{\mathrm{H}_2} layers}"),
        ("TXT006", r"title = {A bound \[a_1 & b_1\] for layers}"),
        ("TXT007", r"author = {Doe, J. and \ifmmode \check{Z}\else \v{Z}\fi{}uma, S.}"),
        ("TXT007", r"title = {On \(\widecheck{x}\) and \ensuremath{\widecheck{\mathcal{Y}}}}"),
        ("TXT002", r"title = {The relation \(a <b> c\)}"),
    ],
)
def test_nothing_is_reported_where_nothing_is_wrong(code: str, fields: str) -> None:
    assert findings(code, entry(fields)) == []


@pytest.mark.parametrize(
    ("code", "fields", "count"),
    [
        ("IDS005", "issn = {0317-8471, 2049-3631}", 1),  # one of them is wrong
        ("IDS005", "issn = {0317-8471, 2049-3630, 0010-4620}", 1),  # no journal has three
        ("IDS004", "isbn = {0-306-40615-2, 0-201-13448-9}", 1),  # which of them is it?
        ("IDS004", "isbn = {0-306-40615-2 (hardcover), 0-201-13448-8 (paperback)}", 1),
        ("IDS003", "url = {https://arxiv.org/abs/2008.0653; https://example.org/a}", 1),
        ("TXT005", "title = {Literate Programming.}", 1),
        ("TXT005", "title = {Effects of E. coli on mammals.}", 1),
        ("TXT005", "title = {Corpus Iuris Civilis, Digesta (Pandekten).}", 1),
        ("TXT007", r"note = {From \ours, see \cite{other}}", 1),
        ("TXT007", r"author = {Jane Doe\and Kim Roe}", 1),
        ("TXT007", r"title = {\ifmmode x\else \ours\fi}", 1),  # the branch that is read in a list
        ("TXT006", r"title = {Growth of \(x\) in Smith & Sons}", 1),  # after the mathematics
        ("TXT006", r"title = {One \\[2pt] a_1}", 1),  # a line break with space, not mathematics
    ],
)
def test_what_is_wrong_is_still_reported(code: str, fields: str, count: int) -> None:
    assert len(findings(code, entry(fields))) == count


def test_several_numbers_of_one_book_are_a_note_only() -> None:
    assert severities("IDS004", entry("isbn = {0-306-40615-2, 0-201-13448-9}")) == ["note"]
    assert severities("IDS004", entry("isbn = {0-306-40615-2, 0-201-13448-8}")) == ["warning"]


@pytest.mark.parametrize("preamble", [r'"\input bibnames.sty "', r'{\input{names.tex}} # "x"', r'"\usepackage{logos}"'])
def test_commands_of_a_file_that_the_preamble_reads_in_are_not_called_unknown(preamble: str) -> None:
    text = f"@preamble{{{preamble}}}\n" + entry(r"title = {{\POSTSCRIPT} and \emdash{}}, journal = {\tugb}")
    assert findings("TXT007", text) == []
    assert findings("REF007", text) == []


@pytest.mark.parametrize(
    ("key", "near"),
    [("DBLP:conf/mm/2020", "DBLP:conf/uai/2020"), ("smith2019", "brith2019"), ("proc:icse:2020", "proc:focs:2020")],
)
def test_a_key_that_differs_by_more_than_a_slip_is_not_offered(key: str, near: str) -> None:
    text = entry(f"title = {{A}}, crossref = {{{key}}}") + entry("title = {B}", "proceedings", near)
    (found,) = findings("REF001", text)
    assert "did you mean" not in found


@pytest.mark.parametrize(
    ("key", "near"), [("icse:2020", "icsee:2020"), ("smiht2019", "smith2019"), ("a:b:19", "a:b:2019")]
)
def test_a_key_that_differs_by_a_slip_is_offered(key: str, near: str) -> None:
    text = entry(f"title = {{A}}, crossref = {{{key}}}") + entry("title = {B}", "proceedings", near)
    (found,) = findings("REF001", text)
    assert near in found


@pytest.mark.parametrize(
    "title",
    [
        "EL IMPACTO DE LA PANDEMIA EN LA EDUCACIÓN [The impact of the pandemic on education]",
        "ON THE THEORY OF OPTICAL IMAGES, with special reference to the microscope",
        "Studien: ÜBER DIE ENTWICKLUNG DER MASCHINEN",
    ],
)
def test_words_of_a_title_in_capitals_are_no_acronyms(title: str) -> None:
    assert findings("TXT004", entry(f"title = {{{title}}}")) == []
    assert len(findings("TXT003", entry(f"title = {{{title}}}"))) == 1


@pytest.mark.parametrize(
    "title", ["DNA RNA NMR HPLC compared", "USA, UK, UN, NATO and UNESCO in WHO COVID reports", "DNA Repair in E. coli"]
)
def test_acronyms_in_a_row_are_not_a_title_in_capitals(title: str) -> None:
    assert findings("TXT003", entry(f"title = {{{title}}}")) == []
    assert len(findings("TXT004", entry(f"title = {{{title}}}"))) == 1


@pytest.mark.parametrize(
    ("written", "meant"),
    [(r"A &amp; B", r"A \& B"), (r"A \&amp; B", r"A \& B"), (r"A \\&amp; B", r"A \& B"), (r"A &\#38; B", r"A \& B")],
)
def test_an_entity_takes_the_backslashes_of_its_ampersand_with_it(written: str, meant: str) -> None:
    source = CheckedFile.from_bytes(entry(f"title = {{{written}}}").encode(), "refs.bib")
    fixed = fix([source], CheckSettings(select=("TXT001",))).files[0].text
    assert f"title = {{{meant}}}" in fixed


@pytest.mark.parametrize(
    ("author", "hint"),
    [
        ("Aad, G. and Collaboration, ATLAS", "write {ATLAS Collaboration}"),
        ("Team, R Core", "write {R Core Team}"),
        ("Consortium, The UniProt", "write {The UniProt Consortium}"),
        ("World Health Organization, Geneva", "put it in braces, in the order in which it is to be printed"),
    ],
)
def test_an_organisation_with_a_comma_is_put_in_its_own_order(author: str, hint: str) -> None:
    (found,) = findings("NAM004", entry(f"author = {{{author}}}"))
    assert found.endswith(f"| {hint}")


@pytest.mark.parametrize("author", ["Aquinas, Thomas, Saint", "Byron, George, Lord", "Doe, Jane, Kim"])
def test_the_hint_for_a_name_of_three_parts_fits_one_person_too(author: str) -> None:
    (found,) = findings("NAM001", entry(f"author = {{{author}}}"))
    assert "these are several names" not in found
    assert "separate several names by and" in found


TITLE = "title = {Epistulae ad Familiares Quaedam}"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # works without an author, told apart by what the list prints in its place
        ("shortauthor = {Aischines}", "shortauthor = {Symmachus}"),
        ("shorthand = {Aischin. epist.}", "shorthand = {Symm. epist.}"),
        ("shorteditor = {Roe}", "shorteditor = {Doe}"),
    ],
)
def test_works_without_author_are_told_apart_by_their_labels(first: str, second: str) -> None:
    text = entry(f"{TITLE}, {first}", "book", "a") + entry(f"{TITLE}, {second}", "book", "b")
    assert findings("DUP003", text) == []
    assert (
        len(findings("DUP003", entry(f"{TITLE}, {first}", "book", "a") + entry(f"{TITLE}, {first}", "book", "b"))) == 1
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("author = {Anonymous}, number = 2", "author = {Anonymous}, number = 3"),
        ("author = {Jane Doe}, number = 1, month = mar", "author = {Jane Doe}, number = 2, month = jun"),
        ("author = {{Anon.}}, number = {1}", "author = {{Anon.}}, number = {4}"),
    ],
)
def test_items_of_every_issue_are_not_duplicates(first: str, second: str) -> None:
    common = "title = {Addresses of officers and authors}, journal = {TUGboat}, volume = 2, pages = {2--2}, year = 1981"
    assert findings("DUP003", entry(f"{common}, {first}") + entry(f"{common}, {second}", key="b")) == []
    assert len(findings("DUP003", entry(f"{common}, {first}") + entry(f"{common}, {first}", key="b"))) == 1


def test_one_wrong_issue_number_still_makes_a_duplicate() -> None:
    common = (
        "author = {Jane Doe}, title = {On the nature of many things}, journal = {Nature}, volume = 2, pages = {97--99}"
    )
    assert len(findings("DUP003", entry(f"{common}, number = 2") + entry(f"{common}, number = 3", key="b"))) == 1


@pytest.mark.parametrize("kind", ["jurthesis", "diplomathesis", "bscthesis"])
def test_a_thesis_of_a_type_that_only_one_style_knows_is_not_the_book(kind: str) -> None:
    fields = "author = {Jane Doe}, title = {Theorie der Grundrechte im Wandel}, year = 1985"
    text = entry(f"{fields}, publisher = {{Nomos}}", "book", "a") + entry(f"{fields}, school = {{Kiel}}", kind, "b")
    assert findings("DUP003", text) == []


@pytest.mark.parametrize(
    "author",
    [
        "Diabetes Control and Complications Trial Research Group",
        "Centers for Disease Control and Prevention",
        "Department of Health and Social Care",
        "Institute of Electrical and Electronics Engineers",
    ],
)
def test_an_organisation_that_and_cuts_in_two_is_not_braced_in_part(author: str) -> None:
    source = CheckedFile.from_bytes(entry(f"author = {{{author}}}").encode(), "refs.bib")
    found = check([source], CheckSettings(select=("NAM004",)))
    assert found
    assert all("put the whole in braces" in (finding.hit.hint or "") for finding in found)
    assert not fix([source], CheckSettings(select=("NAM004",))).fixed


@pytest.mark.parametrize(
    "author",
    [
        "Doe, Jane and Trial Research Group",
        "J. Doe and Drafting Committee",
        "Jane Doe and MetaPost Team",
        "World Medical Association and others",
        "Aldus Corporation and Microsoft Corporation",
    ],
)
def test_an_organisation_beside_whole_names_is_braced(author: str) -> None:
    source = CheckedFile.from_bytes(entry(f"author = {{{author}}}").encode(), "refs.bib")
    assert fix([source], CheckSettings(select=("NAM004",))).fixed


@pytest.mark.parametrize("value", ["none", 'none # ""', "none # none"])
def test_a_field_whose_macro_is_empty_is_reported_and_kept(value: str) -> None:
    source = CheckedFile.from_bytes(
        f'@string{{none = ""}}\n{entry(f"title = {{A}}, address = {value}")}'.encode(), "refs.bib"
    )
    assert len(check([source], CheckSettings(select=("REQ003",)))) == 1
    assert not fix([source], CheckSettings(select=("REQ003",))).fixed


def missing(text: str, dialect: str = "biblatex") -> list[str]:
    source = CheckedFile.from_bytes(text.encode(), "refs.bib")
    return [found.hit.message for found in check([source], CheckSettings(select=("REQ001",), dialect=dialect))]


@pytest.mark.parametrize(
    "text",
    [
        # journals, manuals and dictionaries are known by their title
        "@periodical{a, title = {Computers and Graphics}, year = 2011, volume = 35}",
        "@manual{a, title = {The Chicago Manual of Style}, year = 2003}",
        "@reference{a, author = {Head, B. V.}, title = {Historia Numorum}, year = 1911}",
        # articles of encyclopedias and ancient texts are seldom signed
        "@inreference{a, title = {Comet}, booktitle = {Britannica}, year = 1911}",
        "@bookinbook{a, title = {Acta Barnabae}, booktitle = {Acta}, year = 1903}",
        # a key or label stands in for people
        "@book{a, key = {Common Prayer}, title = {The Book of Common Prayer}, publisher = {OUP}, year = 1789}",
        "@inbook{a, label = {OED}, title = {A}, booktitle = {Dictionary}, date = 1989}",
        "@collection{a, label = {CIL}, title = {Corpus Inscriptionum}, date = 1862}",
        # only printed with another entry
        "@book{a, title = {The Rites}, date = 1960}@book{b, author = {G}, title = {T}, date = 1909, related = {c,a}}",
        # what has not appeared has no date
        "@article{a, author = {Tar, G.}, title = {Solutions}, journaltitle = {Annali}, pubstate = {to appear}}",
        "@book{a, author = {Tar, G.}, title = {Solutions}, pubstate = {inpress}}",
        "@article{a, author = {Tar, G.}, title = {Solutions}, journaltitle = {Annali}, note = {Submitted}}",
        # entries that explain an abbreviation, for the list of them
        "@book{a, title = {epistulae}, shortauthor = {Symmachus}, shorthand = {Symm. epist.}}",
        "@book{a, author = {Aristoteles}, title = {meteorologica}, shorthand = {Aristot. meteor.}}",
        "@reference{a, title = {Corpus Inscriptionum}, shorthand = {CIL}}",
        "@book{a, shortauthor = {Septuaginta}, shorthand = {LXX}}",
    ],
)
def test_what_good_bibliographies_cannot_give_is_not_asked_for(text: str) -> None:
    assert missing(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "@periodical{a, title = {Computers and Graphics}, volume = 35}",
        "@collection{a, title = {Space and Beyond}, date = 2000}",
        "@inbook{a, title = {Part}, booktitle = {Whole}, year = 1903}",
        "@article{a, author = {Tar, G.}, title = {Solutions}, journaltitle = {Annali}, note = {With a map}}",
        "@article{a, author = {Tar, G.}, title = {Solutions}, date = 2000, pubstate = {to appear}}",
        "@book{a, author = {Kant, I.}, title = {Kritik}, shorthand = {KrV}, location = {Riga}}",
        "@book{a, shorthand = {CIL}}",
    ],
)
def test_what_is_missing_is_still_asked_for(text: str) -> None:
    assert len(missing(text)) == 1


def test_a_whole_issue_that_articles_inherit_from_needs_no_author_and_title() -> None:
    issue = "@article{issue, journal = {Gnats}, year = 1986, number = 7}\n"
    child = "@article{a, author = {Doe, J.}, title = {A}, crossref = {Issue}}\n"
    assert missing(child + issue, "bibtex") == []
    assert len(missing(issue, "bibtex")) == 1
    assert len(missing(child + issue.replace("year = 1986, ", ""), "bibtex")) == 2


@pytest.mark.parametrize(
    ("month", "hint"),
    [
        ("Mar-Apr", 'write mar # "--" # apr'),
        ("January/February", 'write jan # "--" # feb'),
        ("May -- June", 'write may # "--" # jun'),
        ("Sept. and Oct.", 'write sep # "--" # oct'),
        ("June 3--7", 'write jun # "~3--7", or a date field'),
    ],
)
def test_two_months_are_not_taken_for_a_day(month: str, hint: str) -> None:
    (found,) = findings("VAL006", entry(f"month = {{{month}}}"))
    assert found.endswith(f"| {hint}")


def test_the_switches_of_a_style_are_not_judged_as_a_work() -> None:
    """What REVTeX 4.1 writes itself (apsrev4-1.bst, "control entry"): year and title are switches, "" is off."""
    text = '@CONTROL{apsrev41Control,author="08",editor="1",pages="0",title="",year="0"}\n'
    text += '@IEEEtranBSTCTL{c, CTLname_url_prefix = ""}\n'
    work = '@misc{w, title="T", year="0", note=""}\n'
    source = CheckedFile.from_bytes((text + work).encode(), "refs.bib")
    found = check([source], CheckSettings(select=("ALL",)))
    assert [(one.code, one.key) for one in found] == [("VAL001", "w"), ("REQ003", "w")]
    twice = CheckedFile.from_bytes((text * 2).encode(), "refs.bib")
    assert [one.code for one in check([twice])] == ["KEY001", "KEY001"]
