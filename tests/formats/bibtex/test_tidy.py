"""Tidying: golden files, nothing lost, the second pass changes nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bibtool.bib.document import Document
from bibtool.errors import InputError
from bibtool.formats.bibtex.tidy import run
from bibtool.formats.bibtex.tidy.layout import wrapped
from bibtool.formats.bibtex.tidy.options import TidyOptions
from bibtool.formats.bibtex.tidy.run import tidy
from bibtool.formats.bibtex.tidy.values import (
    cut_names,
    drop_capitals,
    encode_url,
    escape,
    is_one_group,
    strip_outer,
    unescape,
)
from bibtool.formats.registry import read_bytes
from tests.support.golden import expected

ALL = TidyOptions(
    curly=True, numeric=True, months=True, strip_enclosing_braces=True, sort=("key",), sort_fields=("default",),
    wrap=80, unescape=True, encode_urls=True, remove_empty_fields=True, page_ranges=True,
    drop_all_caps=True, max_authors=3,
    generate_keys="default", remove_duplicate_fields=True, omit=("timestamp",),
)  # fmt: skip
PLAIN = TidyOptions(tab=True, align=0, blank_lines=False, trailing_commas=False, lowercase=False, escape=True)
STYLES = {"default": TidyOptions(), "all": ALL, "plain": PLAIN}


@pytest.mark.parametrize("name", STYLES)
def test_golden(name: str, fixtures: Path) -> None:
    result = tidy((fixtures / "fmt" / "messy.bib").read_bytes(), STYLES[name], "messy.bib")
    golden = fixtures / "fmt" / f"messy.{name}.bib"
    assert result.data == expected(golden, result.data)
    assert [(p.code, p.position.line) for p in result.problems if p.severity == "error"]


@pytest.mark.slow
@pytest.mark.parametrize("name", STYLES)
def test_every_fixture_twice_is_once_and_loses_nothing(name: str, fixtures: Path) -> None:
    options = replace(STYLES[name], generate_keys="")
    for path in sorted((fixtures / "bibtex").rglob("*.bib")):
        data = path.read_bytes()
        once = tidy(data, options, str(path)).data
        assert tidy(once, options, str(path)).data == once, path
        before, after = Document.from_bytes(data), Document.from_bytes(once)
        assert len(after.entries) == len(before.entries), path
        assert len(after.broken) == len(before.broken), path


@pytest.mark.slow
def test_real_entries(shared: Path) -> None:
    data = (shared / "corpus" / "dblp-1k.bib").read_bytes()
    for options in STYLES.values():
        once = tidy(data, options).data
        assert tidy(once, options).data == once


FIELD = st.tuples(
    st.sampled_from(["title", "author", "year", "month", "note", "url", "pages", "Abstract", "x-y"]),
    st.sampled_from(
        ["{a b}", "{{A}}", '"x {"} y"', "1999", "jan", "{}", 'a # "b"', "{ two\n  lines }", "{Müller and others}",
         "{p\n\n q}", "{1--2}", '{$x$ \\"{o}}', "{A, B and C, D and E, F and G, H}"]
    ),
)  # fmt: skip
BLOCK = st.one_of(
    st.builds(
        lambda type_, key, fields: f"@{type_}{{{key}, " + ", ".join(f"{n} = {v}" for n, v in fields) + "}",
        st.sampled_from(["article", "MISC", "Book"]),
        st.sampled_from(["a", "b", "Key:1", "ü"]),
        st.lists(FIELD, max_size=5),
    ),
    st.sampled_from(
        ["% comment", "@string{a = {A}}", "@comment{x}", "@preamble{{p}}", "free text", "@article{open, title = {",
         "@book(paren, title = {x})", "@", "}"]
    ),
)  # fmt: skip
FILES = st.lists(st.tuples(BLOCK, st.sampled_from(["\n", "\n\n", "\r\n", "\n\n\n", " "])), max_size=8).map(
    lambda parts: "".join(block + gap for block, gap in parts).encode()
)


@pytest.mark.slow
@settings(deadline=None)
@given(FILES, st.sampled_from(sorted(STYLES)))
def test_idempotent_on_made_files(data: bytes, name: str) -> None:
    options = replace(STYLES[name], generate_keys="")
    once = tidy(data, options).data
    assert tidy(once, options).data == once
    before, after = Document.from_bytes(data), Document.from_bytes(once)
    assert sorted(e.key for e in after.entries) == sorted(e.key for e in before.entries)


@pytest.mark.slow
@settings(deadline=None)
@given(st.binary(max_size=300))
@example(b"\x80\xc2\x80\xc2\xa0")
@example(b"@article{two, title = @preamble{{x}, y}\n@misc{three, title = {T}}\n")
def test_any_bytes(data: bytes) -> None:
    once = tidy(data).data
    assert tidy(once).data == once


def test_a_loss_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    real = run._fields
    monkeypatch.setattr(run, "_fields", lambda entry, options, newline: real(entry, options, newline)[1:])
    with pytest.raises(InputError, match="would change the fields of 'k'"):
        tidy(b"@misc{k, title = {A}, note = {B}}")


def test_parents_stay_behind_their_children() -> None:
    data = b"@inproceedings{z, crossref={a}, title={Z}}\n@proceedings{a, title={A}}\n@misc{m, title={M}}\n"
    done = Document.from_bytes(tidy(data, TidyOptions(sort=("key",))).data)
    assert [entry.key for entry in done.entries] == ["m", "z", "a"]


def test_an_empty_field_stays_before_another_of_its_name() -> None:
    """BibTeX takes the first field of a name, also an empty one (bibtex.web, "I'm ignoring ... extra")."""
    data = b"@misc{a,\n  note = {},\n  title = {},\n  Note = {never printed},\n  note = {},\n}\n"
    done = Document.from_bytes(tidy(data, TidyOptions(remove_empty_fields=True)).data)
    assert list(done.entries[0].items()) == [("note", ""), ("note", "never printed")]


def test_parents_of_parents_stay_behind_them() -> None:
    data = b"@misc{c, crossref={b}}\n@book{b, crossref={a}}\n@book{a, title={T}}\n"
    done = tidy(data, TidyOptions(sort=("key",))).data
    assert [entry.key for entry in Document.from_bytes(done).entries] == ["c", "b", "a"]
    circle = b"@misc{c, crossref={b}}\n@book{b, crossref={a}}\n@book{a, crossref={b}}\n"
    done = tidy(circle, TidyOptions(sort=("key",))).data
    assert [entry.key for entry in Document.from_bytes(done).entries] == ["c", "a", "b"]


def test_a_macro_is_defined_before_the_entries_that_use_it() -> None:
    """A macro holds from its definition on; before it BibTeX puts nothing in its place (bibtex.web, "undefined")."""
    data = (
        b'@string{jz = "JZ"}\n@article{z, journal=jz}\n% of a\n@string{ja = "JA"}\n@article{A, journal=ja}\n'
        b'@preamble{"x" # JZ}\n@STRING{jb = JA # " B"}\n@article{b, journal=jb}\n'
    )
    done = tidy(data, TidyOptions(sort=("key",)))
    document = Document.from_bytes(done.data)
    kinds = ["string", "comment", "string", "string", "A", "b", "preamble", "z"]
    blocks = [block for block in document.blocks if block.text.strip()]
    assert [block.key or block.kind.replace("free", "comment") for block in blocks] == kinds
    assert done.problems == document.problems == ()
    assert tidy(done.data, TidyOptions(sort=("key",))).data == done.data


@pytest.mark.parametrize("again", [b'@string{JA = ja # "B"}\n', b'@preamble{x # ja}\n@string{ja = "C"}\n'])
def test_entries_stay_where_a_macro_is_defined_again(again: bytes) -> None:
    data = b'@string{ja = "A"}\n@article{b, journal=ja}\n' + again + b"@article{a, journal=ja}\n"
    done = tidy(data, TidyOptions(sort=("key",)))
    assert [(problem.code, problem.position.line) for problem in done.problems][-1:] == [
        ("fmt-not-sorted", 3 + (b"preamble" in again))
    ]
    assert [entry.key for entry in Document.from_bytes(done.data).entries] == ["b", "a"]


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"Nguy{\~{\^e}}n, Th{\'{\^e}}", "Nguyễn, Thế"),
        (r"{\={\k{o}}} {\'{\ae}} {\'\u a}", "ǭ ǽ ắ"),
        (r"\'{\i}n Stra\ss e {\o}re \v c \c{c}", "ín Straße øre č ç"),
        (r"\emph{\'e}t\'e", r"\emph{é}té"),
        (r"{\'{\'{\'x}}} \'{ab} {\'{}} \^\foo", r"{\'{\'{\'x}}} \'{ab} {\'{}} \^\foo"),
        (r"$\'e$ \'", r"$\'e$ \'"),
    ],
)
def test_a_stack_of_accents_is_decoded_as_a_whole_or_not_at_all(latex: str, text: str) -> None:
    assert unescape(latex) == text
    assert unescape(text) == text


def test_values() -> None:
    assert strip_outer("{{A} b}") == "{A} b"
    assert strip_outer("{A} {B}") == "{A} {B}"
    assert is_one_group("{a{b}}")
    assert not is_one_group("{a}{b}")
    assert drop_capitals("A STUDY OF THINGS") == "A Study Of Things"
    assert drop_capitals("A STUDY of things") == "A STUDY of things"
    assert encode_url("https://x.org/a b<c>\\_d") == "https://x.org/a%20b%3Cc%3E\\_d"
    assert escape("Müller $ü$") == r"M{\"u}ller $ü$"
    assert escape(r"1\$ ü 2\$") == r"1\$ {\"u} 2\$"
    assert unescape(r"1\$ {\'e} 2\$ {\'e} 3\$") == r"1\$ é 2\$ é 3\$"
    assert unescape(r"M{\"u}ller \'{e} $\alpha$ \emph{x} \o{}re") == r"Müller é $\alpha$ \emph{x} øre"
    assert unescape(r"{\v C}apek \'{e} {\L}", "cp1252") == r"{\v C}apek é {\L}"
    assert cut_names("A and B and C", 2) == "A and B and others"
    assert cut_names("A and B and others", 2) == "A and B and others"
    assert wrapped("{aa bb cc}", 4, "    ", 10, "\n") == "{aa bb\n    cc}"


@pytest.mark.parametrize(
    ("field", "options", "written"),
    [
        ("year = 2001", TidyOptions(curly=True, enclosing_braces=("year",)), "{{2001}}"),
        ("year = 2001", TidyOptions(numeric=True, curly=True, enclosing_braces=("year",)), "2001"),
        (r"author = {{Ann} {\'E}l and {B}}", TidyOptions(unescape=True, remove_braces=("author",)), "{Ann Él and B}"),
        (
            r"author = {{Ann} Li and {\relax B}}",
            TidyOptions(max_authors=1, remove_braces=("author",)),
            "{Ann Li and others}",
        ),
        ("note = {}", TidyOptions(remove_empty_fields=True, enclosing_braces=("note",)), None),
        ("note = {{ }}", TidyOptions(remove_empty_fields=True, strip_enclosing_braces=True), None),
        ("note = nothing", TidyOptions(remove_empty_fields=True), "nothing"),
    ],
)
def test_options_together(field: str, options: TidyOptions, written: str | None) -> None:
    done = tidy(f'@string{{nothing = ""}}\n@misc{{a, {field}, title = {{T}}}}'.encode(), options).data
    found = [field.raw for field in Document.from_bytes(done).entries[0].fields if field.name != "title"]
    assert found == ([] if written is None else [written])
    assert tidy(done, options).data == done


def test_new_keys_are_those_of_the_tidied_entries() -> None:
    options = TidyOptions(generate_keys="default", enclosing_braces=("author",))
    done = tidy(b"@misc{a, author={Ann Li and Bo Poe}, title={A Title}, year={2001}}", options).data
    assert tidy(done, options).data == done


def test_letters_that_the_encoding_of_the_file_lacks_stay_commands() -> None:
    data = "@misc{a, author = {Jos\\'e {\\v C}apek}, title = {É}}".encode("cp1252")
    done = tidy(data, TidyOptions(unescape=True)).data
    assert done == "@misc{a,\n  author        = {José {\\v C}apek},\n  title         = {É},\n}\n".encode("cp1252")


def test_braces_that_hold_a_word_of_nothing_leave_one_space() -> None:
    data = b"@misc{a, title = {{} One {} {{two} {} }}, abstract = {one {}\n\n{} two}}"
    options = TidyOptions(remove_braces=("title", "abstract"))
    done = tidy(data, options).data
    assert dict(Document.from_bytes(done).entries[0].items()) == {"title": "One two", "abstract": "one\n\ntwo"}
    assert tidy(done, options).data == done


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("wrap", [0, 30])
def test_only_empty_lines_part_paragraphs(newline: str, wrap: int) -> None:
    data = "@misc{a,\n  abstract = {one \n  two\n\tthree\n \n\n  four \n},\n}\n".replace("\n", newline).encode()
    done = tidy(data, TidyOptions(wrap=wrap)).data
    abstract = Document.from_bytes(done).entries[0].get("abstract") or ""
    assert [part.split() for part in abstract.split(newline * 2)] == [["one", "two", "three"], ["four"]]
    assert tidy(done, TidyOptions(wrap=wrap)).data == done


def test_half_a_character_at_the_end_of_utf_16_stays() -> None:
    data = "@misc{k,title={é}}\n".encode("utf-16") + b"\x0a"
    done = tidy(data)
    assert [problem.code for problem in done.problems] == ["encoding"]
    assert done.data == "@misc{k,\n  title         = {é},\n}\n".encode("utf-16") + b"\x0a"


@pytest.mark.parametrize("encoding", ["utf-32-le", "utf-32-be"])
def test_utf_32_is_read_by_its_mark(encoding: str) -> None:
    data = "\ufeff@misc{k, title={é}}\n".encode(encoding)
    assert [record.title for record in read_bytes(data).records] == ["é"]
    done = tidy("\ufeff@misc{k,title={é}}\n".encode(encoding))
    assert [problem.message for problem in done.problems] == ["the file is UTF-32, which BibTeX can't read"]
    assert done.data == "\ufeff@misc{k,\n  title         = {é},\n}\n".encode(encoding)


def test_new_keys_are_those_that_other_entries_name() -> None:
    data = (
        b"@inproceedings{kid, crossref={Proc}, title={Part}, author={A. Bee}}\n"  # in another case, as BibTeX allows
        b'@inproceedings{two, crossref="proc", related={ kid,gone, three }, title={Two}, author={C. Dee}}\n'
        b"@book{three, xref=two, xdata={proc-data}, title={Three}, author={E. Eff}, year=1999}\n"
        b"@set{all, entryset={kid,two}}\n"
        b"@proceedings{proc, title={Proc}, editor={G. Aitch}, year=2000}\n"
        b"@xdata{proc-data, publisher={P}}\n"
    )
    done = tidy(data, TidyOptions(generate_keys="default"))
    new = done.renamed
    assert set(new) == {"kid", "two", "three", "all", "proc"}
    found = {entry.key: dict(entry.items()) for entry in Document.from_bytes(done.data).entries}
    assert found[new["kid"]]["crossref"] == found[new["two"]]["crossref"] == new["proc"]
    assert found[new["two"]]["related"] == f"{new['kid']},gone, {new['three']}"
    assert found[new["three"]]["xref"] == "two"  # a macro
    assert found[new["three"]]["xdata"] == "proc-data"
    assert found[new["all"]]["entryset"] == f"{new['kid']},{new['two']}"
    assert tidy(done.data, TidyOptions(generate_keys="default")).data == done.data


def test_keys_and_addresses_are_not_text() -> None:
    r"""biblatex manual, 2.2.3: crossref and its like hold keys; \url does not typeset text (url.sty)."""
    links = b"crossref={M\xc3\xbc}, xref={M\xc3\xbc}, related={a,M\xc3\xbc}, entryset={M\xc3\xbc}, ids={\xc3\xa4}"
    data = b"@misc{a, " + links + b", xdata={\xc3\xa4}, keywords={\xc3\xa4}}"
    [entry] = Document.from_bytes(tidy(data, TidyOptions(escape=True)).data).entries
    assert [entry.get(name) for name in ("crossref", "xref", "related", "entryset", "ids", "xdata", "keywords")] == [
        "Mü", "Mü", "a,Mü", "Mü", "ä", "ä", r"{\"a}",
    ]  # fmt: skip
    foreign = b"@misc{a, crossref={\xe4\xb8\xad}}"
    assert tidy(foreign, TidyOptions(escape=True)).problems == ()
    escaped = b"@misc{a, xref={M\\'u}, note={M\\'u}}"
    [entry] = Document.from_bytes(tidy(escaped, TidyOptions(unescape=True)).data).entries
    assert (entry.get("xref"), entry.get("note")) == (r"M\'u", "Mú")

    text = r"\'e \url{https://x.org/\~user/{\~n}} \href {https://x.org/\~a}{t\'e} \path{\~o} \urlx{\~o}"
    assert unescape(text) == text.replace(r"\'e", "é").replace(r"\urlx{\~o}", r"\urlx{õ}")
    text = r"é \url{https://x.org/ü} \href{https://x.org/ä}{é}"
    assert escape(text) == text.replace("é", r"{\'e}")


def test_the_column_of_values() -> None:
    def heads(text: str, **options: int) -> list[str]:
        lines = tidy(text.encode(), TidyOptions(**options)).data.decode().splitlines()  # type: ignore[arg-type]
        return [line.partition("=")[0] for line in lines if "=" in line]

    assert heads("@misc{a, title={x}, primaryclass={y}}") == ["  title         ", "  primaryClass  "]
    assert heads("@misc{a, title={x}, mendeley-groups={y}}") == ["  title           ", "  mendeley-groups "]
    longest = "x" * 27
    assert heads(f"@misc{{a, title={{x}}, {longest}={{y}}}}") == [f"  title{' ' * 22} ", f"  {longest} "]
    assert heads(f"@misc{{a, title={{x}}, x{longest}={{y}}}}") == ["  title         ", f"  x{longest} "]
    assert heads("@misc{a, title={x}, year={y}}", align=0, indent=4) == ["    title ", "    year "]
    # the column of one entry says nothing of the next
    assert heads("@misc{a, mendeley-groups={y}}\n@misc{b, title={x}}")[1] == "  title         "


def test_names_of_fields() -> None:
    data = b"@Misc{a, ARCHIVEPREFIX = {arXiv}, archiveprefix = {x}, PrimaryClass = {y}, Date-Added = {z}}"
    names = [field.spelling for field in Document.from_bytes(tidy(data).data).entries[0].fields]
    assert names == ["archivePrefix", "archivePrefix", "primaryClass", "date-added"]
    kept = Document.from_bytes(tidy(data, TidyOptions(lowercase=False)).data).entries[0]
    assert [field.spelling for field in kept.fields] == ["ARCHIVEPREFIX", "archiveprefix", "PrimaryClass", "Date-Added"]
