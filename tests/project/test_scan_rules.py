"""Scanners for any text: places, comments, hostile input; following; reports."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bibtool.errors import InputError
from bibtool.project.scan.base import (
    _MAYBE_IDENTIFIER,
    MAX_PROBLEMS,
    Command,
    Identifier,
    Kind,
    ScanOptions,
    identify,
    may_be_identifier,
)
from bibtool.project.scan.doctypes import TYPES, scanner_of, type_of
from bibtool.project.scan.follow import MAX_DEPTH, Cited, scan_bytes, scan_files
from bibtool.project.scan.report import differ_in_case, resolve, undefined, unused
from bibtool.project.scan.texgroups import Groups

SUFFIXES = [suffix for kind in TYPES for suffix in kind.suffixes]
KEYS = st.from_regex(r"[a-z][a-z0-9]{0,8}(?:[:.][a-z0-9]{1,5})?", fullmatch=True).filter(
    lambda key: not key.startswith(("doi", "arxiv", "pmid", "pmcid", "isbn"))
)
# words, blanks and line ends that mean nothing in any of the formats
PLAIN = st.lists(
    st.sampled_from(["word", "Größe", "数学", " ", " ", "\n", "\r\n", ", ", "(", ") ", "\n\n", "12", "𝔘 "]), max_size=25
).map("".join)
WRITTEN = {
    ".tex": ("\\cite{", "}"),
    ".ltx": ("\\parencite*[see][p. 3]{", "}"),
    ".md": ("[@", "]"),
    ".qmd": ("@{", "}"),
    ".typ": ("#cite(<", ">)"),
    ".org": ("[cite:@", "]"),
    ".rst": (":cite:p:`", "`"),
    ".aux": ("\\citation{", "}"),
}
HIDING = {
    ".tex": [("%", "\n"), ("\\iffalse ", "\\fi "), ("\\begin{comment}", "\\end{comment}"), ("\\verb|", "|")],
    ".md": [("<!-- ", " -->"), ("`", "`"), ("\n\n```\n", "\n```\n\n")],
    ".typ": [("/* ", " */"), ("// ", "\n"), ("`", "`"), ('#let x = "', '"\n')],
    ".org": [("\n# ", "\n"), ("\n#+begin_src\n", "\n#+end_src\n")],
    ".rst": [("``", "``"), ("\n\n.. ", "\n\nNow"), ("\n\n::\n\n   ", "\n\nNow")],
}


def keys_of(text: str | bytes, path: str, **commands: Command) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    scan = scan_bytes(data, path, ScanOptions(commands=commands))
    return [one.key for one in (*scan.citations, *scan.references)]


def reader(files: dict[str, str]) -> Cited:
    """The result for the first of the files."""
    data = {name: text.encode() for name, text in files.items()}
    return scan_files([next(iter(files))], data.get)


# -- properties --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("suffix", WRITTEN)
@given(before=PLAIN, after=PLAIN, key=KEYS)
def test_a_citation_in_plain_text_is_found_with_its_place(suffix: str, before: str, after: str, key: str) -> None:
    opening, closing = WRITTEN[suffix]
    # a word right before an @ is an address in some formats, a colon there a role in others, four blanks are code
    before = re.sub("\n +", "\n ", f"start {before} ")
    text = f"{before}{opening}{key}{closing} {after}"
    scan = scan_bytes(text.encode(), f"a{suffix}")
    found = [*scan.citations, *scan.references]
    assert [one.key for one in found] == [key]
    lines = (before + opening).replace("\r\n", "\n").split("\n")
    assert (found[0].line, found[0].column) == (len(lines), len(lines[-1]) + 1)


@pytest.mark.slow
@pytest.mark.parametrize(("suffix", "pair"), [(suffix, pair) for suffix, pairs in HIDING.items() for pair in pairs])
@given(key=KEYS, other=KEYS)
def test_comments_and_code_hide(suffix: str, pair: tuple[str, str], key: str, other: str) -> None:
    opening, closing = WRITTEN[suffix]
    text = f"Text {pair[0]}{opening}{key}{closing}{pair[1]} and {opening}{other}{closing} end\n"
    assert keys_of(text, f"a{suffix}") == [other]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=60)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_read(suffix: str, data: bytes) -> None:
    scan = scan_bytes(data, f"a{suffix}")
    lines = data.count(b"\n") + data.count(b"\r") + 1
    assert all(1 <= one.line <= lines for one in (*scan.citations, *scan.references))


SYNTAX = r"""
\cite \cites \input \begin{verbatim} \end{verbatim} \iffalse \fi \newcommand \let \verb| { } [ ] ( ) < > @ @{ %
$ # #1 , k \\
` ``` ~~~ --- <!-- --> #cite( #if #let // /* */ [cite: :cite:` `` .. :: a_ =
""".split()
PIECES = st.lists(st.sampled_from([*SYNTAX, " ", "\n", "\n\n", "    ", "> ", '"', "\r\n"]), max_size=40).map("".join)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=80)
@given(text=PIECES)
@example(text="@{[ }")
def test_any_pieces_of_syntax_are_read(suffix: str, text: str) -> None:
    for one in scan_bytes(text.encode(), f"a{suffix}").citations:
        assert one.key
        assert one.key == one.key.strip()


OPENINGS = (
    r"\cite{ \cite[ \cite[]{ [[[[ @@@@ \cites( \cite{\cite{a} \iffalse \verb| "
    r"\url{ ` ``` $ [@ @{ <!-- <a #a( #a[ [cite:@ :cite:`"
)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [kind.suffixes[0] for kind in TYPES])
@pytest.mark.parametrize("opening", OPENINGS.split(" "))
def test_a_text_of_openings_ends(suffix: str, opening: str) -> None:
    # quadratic work would take half an hour on this size, which is how the test would fail
    scan = scan_bytes((opening * (100_000 // len(opening))).encode(), f"a{suffix}")
    assert len(scan.problems) <= MAX_PROBLEMS + 2


@pytest.mark.slow
def test_two_megabytes_of_openings_end() -> None:
    scan = scan_bytes(b"\\cite{" * 340_000 + b"\\cite{last}", "a.tex")
    assert [one.key for one in scan.citations] == ["last"]
    assert scan.problems[-1].code == "scan-more"


# -- LaTeX -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (r"\cites(pre)(post)[a][b]{k1}[c]{k2}{k3,k4}", ["k1", "k2", "k3", "k4"]),
        (r"\cite[see [x] and]{k} \cite[open [x]{k2} \cite[{]}]{k3}", ["k", "k2", "k3"]),
        (r"\volcite[a]{3}[b]{k} \Volcites(x)[a]{3}{k1}[b]{4}[c]{k2}", ["k", "k1", "k2"]),
        (r"\foreigntextcquote{german}[1]{k}[.]{Text}", ["k"]),
        (
            r"\cite<see>[p. 3]{k} \bibentry{k2} \bstctlcite{IEEEexample:BSTcontrol}",
            ["k", "k2", "IEEEexample:BSTcontrol"],
        ),
        (r"\citep* {k} \citeA{k2}", ["k", "k2"]),
        ("\\cite\n  [a]\n  {k}", ["k"]),
        (r"\citestyle{nature}\citetext{see \citealp{k}}\citation{no}", ["k"]),
        (r"\cite{ {k 1} ,, k2 , }", ["k 1", "k2"]),
        (r"\newcommand{\x}[2][p]{\cite[#1]{#2}} \x{k} \x[3]{k2}", ["k", "k2"]),
        (r"\def\x#1{\cite{#1}}\x{k}", ["k"]),
        (r"\NewDocumentCommand{\x}{o m}{\textcite[#1]{#2}} \x[1]{k}", ["k"]),
        (r"\newcommand{\x}[2]{#1 \cite{#2}} \x{word}{k}", ["k"]),
        (r"\renewcommand{\cite}[1]{[#1]} \cite{k}", ["k"]),
        (r"\\cite{no} \\\cite{k}", ["k"]),
        (r"\endinputx \cite{k}", ["k"]),
        ("\\ifx\\a\\b\\endinput\\fi \\cite{k}", ["k"]),
        (r"\iff \iffalse \ifthenelse{a}{b}{c} \fi \cite{k}", ["k"]),
        (r"\href{x%y}{\cite{k}} % \cite{no}", ["k"]),
        (r"\lstinline[language=C]{\cite{no}} \mintinline{tex}|\cite{no}| \cite{k}", ["k"]),
        ("\\excludecomment{secret}\\begin{secret}\\cite{no}\\end{secret}\\cite{k}", ["k"]),
        ("\\newverbatim{own}\\begin{own}\\cite{no}\\end{own}\\cite{k}", ["k"]),
        ("\\lstnewenvironment{own}[1]{}{}\\begin{own}\\cite{no}\\end{own}\\cite{k}", ["k"]),
        ("\\DefineVerbatimEnvironment{own}{Verbatim}{}\\begin{own}\\cite{no}\\end{own}\\cite{k}", ["k"]),
        ("\\newtcblisting{own}{}\\begin{own}\\cite{no}\\end{own}\\cite{k}", ["k"]),
        ("\\newminted{perl}{}\\begin{perlcode}\\cite{no}\\end{perlcode}\\cite{k}", ["k"]),
        ("\\newminted[own]{perl}{}\\begin{own}\\cite{no}\\end{own}\\cite{k}", ["k"]),
        ("\\begin{verbatim} \\cite{k}", ["k"]),
        # REVTeX 4.2 author's guide (multiple references in one citation); natbib with merge; mciteplus, as in achemso
        ("\\cite{k, *k2,%\n * k3 , {*k4}}", ["k", "k2", "k3", "k4"]),
        (r"\cite{k,*[{see \emph{also}, }][{, [sic] and}]k2,*[a]{k3}}", ["k", "k2", "k3"]),
        (r"\cite{k*2,*,**k3} \nocite{*} \nocite{ * }", ["k*2", "*", "*k3", "*", "*"]),
        (r"\cite{*[{x}]\macro} \cite{*\cite{k}}", ["k"]),
        ("\\cite{lost\n\n paragraph} \\cite{k}", ["k"]),
    ],
)
def test_latex(text: str, keys: list[str]) -> None:
    assert keys_of(text, "a.tex") == keys


def test_a_command_of_the_users_own() -> None:
    text = r"\mycite[p. 3]{a,b} \second{x}{c} \other{d}"
    assert keys_of(text, "a.tex", mycite=Command(), second=Command(arguments=(2,))) == ["a", "b", "c"]
    assert keys_of("#mine(<k>) #other(<no>)", "a.typ", mine=Command()) == ["k"]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (":cite:p:`{see key}key{key, p. 3}`", [("key", 1, 19)]),
        (":cite:t:`{see, e.g.,}a{p. 3},\n  {cf. b}b, {x {y} z}c`", [("a", 1, 22), ("b", 2, 10), ("c", 2, 22)]),
        (":cite:`a,b , c`", [("a", 1, 8), ("b", 1, 10), ("c", 1, 14)]),
        (":cite:p:`{only a note}`", []),
    ],
)
def test_notes_of_roles_are_no_keys(text: str, places: list[tuple[str, int, int]]) -> None:
    found = scan_bytes(text.encode(), "a.rst").citations
    assert [(one.key, one.line, one.column) for one in found] == places
    if "\n" not in text:  # MyST writes the role in other brackets, which are just as long
        myst = text.replace(":cite:p:", "{cite:p}").replace(":cite:`", "{cite}`")
        found = scan_bytes(myst.encode(), "a.md").citations
        assert [(one.key, one.line, one.column) for one in found] == places


def test_strings_of_typst_that_are_no_keys() -> None:
    scan = scan_bytes(b'#cite("k") #cite(" no ") #cite(label("n\no")) #cite("open\n@no', "a.typ")
    assert [one.key for one in scan.citations] == ["k"]
    assert ("scan-unclosed", "this string is not closed") in [(one.code, one.message) for one in scan.problems]


def test_a_macro_for_a_key_is_told() -> None:
    scan = scan_bytes(rb"\cite{\thekey} \input{\jobname-x} \cite{k}", "a.tex")
    assert [problem.code for problem in scan.problems] == ["scan-macro", "scan-macro"]
    assert [one.key for one in scan.citations] == ["k"]


# -- other formats -----------------------------------------------------------------------------------------------------


def test_bcf_takes_no_entities() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x xmlns:bcf="y"><bcf:citekey>&a;</bcf:citekey></x>'
    scan = scan_bytes(bomb, "a.bcf")
    assert ([one.key for one in scan.citations], [p.code for p in scan.problems]) == ([], ["scan-xml"])


def test_quarto_captions_and_children() -> None:
    text = "```{r, child=c('a.Rmd', 'b.Rmd')}\n#| fig-cap: from @k\nx@no\n```\n"
    scan = scan_bytes(text.encode(), "a.Rmd")
    assert [one.key for one in (*scan.citations, *scan.references)] == ["k"]
    assert [one.target for one in scan.includes] == ["a.Rmd", "b.Rmd"]


def test_a_label_counts_for_all_files_of_a_document_and_no_other() -> None:
    files = {"a/main.typ": '#include "x.typ"\n= One <one>', "a/x.typ": "@one @k", "b.typ": "@one"}
    cited = scan_files(["a/x.typ", "a/main.typ", "b.typ"], {k: v.encode() for k, v in files.items()}.get)
    assert [(one.path, one.key) for one in cited.citations] == [("a/x.typ", "k"), ("b.typ", "one")]


@pytest.mark.parametrize(
    ("key", "identifier"),
    [
        ("arXiv:2301.01234v2", Identifier("arxiv", "2301.01234")),
        ("arXiv:math/0309136", Identifier("arxiv", "math/0309136")),
        ("doi:10.48550/arXiv.2301.01234", Identifier("arxiv", "2301.01234")),
        ("https://doi.org/10.1000/X", Identifier("doi", "10.1000/X")),
        ("pmid:123", Identifier("pmid", "123")),
        ("PMC123", Identifier("pmcid", "PMC123")),
        ("isbn:978-3-16-148410-0", Identifier("isbn", "9783161484100")),
        ("arXiv:2313.00001", None),
        ("doi:draft", None),
        ("smith2020", None),
        ("isbn:978-3-16-148410-1", None),
    ],
)
def test_identifiers(key: str, identifier: Identifier | None) -> None:
    assert identify(key) == identifier
    scan = scan_bytes(f"\\cite{{{key}}}".encode(), "a.tex")
    assert [one.kind for one in scan.citations] == [Kind.IDENTIFIER if identifier else Kind.KEY]


@given(st.from_regex(re.compile(_MAYBE_IDENTIFIER.pattern, re.IGNORECASE)))
def test_what_may_be_an_identifier_gets_a_closer_look(key: str) -> None:
    if _MAYBE_IDENTIFIER.match(key):
        assert may_be_identifier(key)


@given(
    st.text(st.sampled_from("{}[]()\\\\ax\n")) | st.lists(st.sampled_from(["{", "}", "[", "]", "x" * 250])).map("".join)
)
def test_a_group_that_closes_nearby_is_that_of_the_tables(text: str) -> None:
    groups = Groups(text)
    for at in range(-1, len(text) + 1):
        assert groups.brace(at) == groups.tables.braces.get(at)
        ends = [table[at] for table in (groups.tables.balanced, groups.tables.first) if at in table]
        assert list(groups.option_ends(at)) in (ends, ends[:1] if ends[:1] == ends[1:] else ends)


# -- files that are taken in -------------------------------------------------------------------------------------------


def test_names_are_relative_to_the_root_and_to_imports() -> None:
    cited = reader(
        {
            "p/main.tex": r"\input{c/one}\import{lib/}{two}\subfile{s/sub}",
            "p/c/one.tex": r"\input{c/deep}\cite{one}",
            "p/c/deep.tex": r"\cite{deep}",
            "p/lib/two.tex": r"\input{three}\subimport{more/}{four}",
            "p/lib/three.tex": r"\cite{three}",
            "p/lib/more/four.tex": r"\cite{four}",
            "p/s/sub.tex": r"\input{beside}",
            "p/s/beside.tex": r"\cite{beside}",
        }
    )
    assert cited.keys == ("beside", "deep", "four", "one", "three")
    assert cited.problems == ()


def test_a_set_of_entries_stands_for_its_members() -> None:
    """biblatex manual, "Entry Sets", of dynamic sets: the key of the set is that of no entry in any file."""
    files = {
        "main.tex": b"\\input{pre}\\cite{one,k} \\defbibentryset {two} {c,%\nd}\\parencite{two}",
        "pre.tex": b"\\defbibentryset{one}{a, b}\\newcommand{\\x}[2]{\\defbibentryset{#1}{#2}}",
        "other.tex": b"\\cite{one}\\defbibentryset{three}",
    }
    cited = scan_files(["main.tex", "other.tex"], files.get)
    assert sorted((one.key, one.path) for one in cited.citations) == [
        ("a", "pre.tex"), ("b", "pre.tex"), ("c", "main.tex"), ("d", "main.tex"), ("k", "main.tex"),
        ("one", "other.tex"),
    ]  # fmt: skip
    assert cited.problems == ()


def test_a_primitive_input_may_be_in_quotes() -> None:
    files = {
        "main.tex": b'\\input "a b/c.tex" \\input"d"\n\\cite{k}\\input "e\n',
        "a b/c.tex": b"\\cite{c}",
        "d.tex": b"\\cite{d}",
    }
    cited = scan_files(["main.tex"], files.get)
    assert [one.key for one in cited.citations] == ["k", "c", "d"]
    assert cited.problems == ()


def test_cycles_and_missing_files_are_told_where_they_are_named() -> None:
    cited = reader({"a.tex": "\\cite{a}\n \\input{b}", "b.tex": "\\input{a}\\cite{b}\\input{none}\\input{b.tex}"})
    assert cited.keys == ("a", "b")
    assert [(p.code, str(p.position)) for p in cited.problems] == [
        ("scan-cycle", "b.tex:1:8"),
        ("scan-missing", "b.tex:1:25"),
        ("scan-cycle", "b.tex:1:37"),
    ]


def test_a_file_taken_in_twice_counts_once() -> None:
    cited = reader({"a.tex": "\\input{b}\\input{b}", "b.tex": "\\cite{k}"})
    assert [one.key for one in cited.citations] == ["k"]
    assert cited.problems == ()


def test_a_chain_without_end_is_cut() -> None:
    def read(path: str) -> bytes:
        return f"\\cite{{k}}\\input{{x/{path}}}".encode()

    cited = scan_files(["a.tex"], read)
    assert len(cited.files) <= MAX_DEPTH + 1
    assert [problem.code for problem in cited.problems] == ["scan-depth"]


def test_what_can_not_be_read_is_a_problem_and_its_neighbours_are_read() -> None:
    def read(path: str) -> bytes | None:
        if path == "bad.tex":
            raise InputError("this is no ordinary file", path=path)
        if path == "worse.tex":
            raise PermissionError(13, "Permission denied")
        return {"a.tex": b"\\input{bad}\\input{worse}\\cite{k}", "b.tex": b"\\cite{k2}"}.get(path)

    cited = scan_files(["a.tex", "gone.tex", "b.tex", "b.xyz"], read)
    assert cited.keys == ("k", "k2")
    assert {(p.code, p.position.path) for p in cited.problems} == {
        ("scan-unreadable", "bad.tex"),
        ("scan-unreadable", "worse.tex"),
        ("scan-unreadable", "gone.tex"),
        ("scan-unreadable", "b.xyz"),
    }


def test_commands_defined_in_one_file_count_in_the_others() -> None:
    files = {"main.tex": r"\input{chapter}\input{macros}", "chapter.tex": r"\mine{k}", "macros.tex": r"\let\mine\citep"}
    assert reader(files).keys == ("k",)


def test_nothing_is_followed_if_not_wanted() -> None:
    cited = scan_files(["a.tex"], {"a.tex": b"\\input{b}\\cite{k}", "b.tex": b"\\cite{no}"}.get, follow=False)
    assert (cited.keys, cited.files, cited.problems) == (("k",), ("a.tex",), ())


# -- reports -----------------------------------------------------------------------------------------------------------

REFS = scan_bytes(rb"\cite{smith2020,Smiht2020,jones,doi:10.1000/X,smith2020} \cite{nowhere-near}", "a.tex").citations


def test_undefined_keys_have_near_misses_and_places() -> None:
    found = undefined(REFS, {"smith2020", "smith2021", "jones1999long", "zzz"})
    assert [(one.key, one.near) for one in found] == [
        ("Smiht2020", ("smith2020", "smith2021")),
        ("jones", ()),
        ("doi:10.1000/X", ()),
        ("nowhere-near", ()),
    ]
    assert found[0].citations[0].column == 17
    assert undefined(REFS[:1], {"smith2020"}) == ()
    assert [one.near for one in undefined(REFS[:1], ())] == [()]


def test_names_of_entries_count() -> None:
    names = {("doi", "10.1000/x"): "xdoi", ("key", "jones"): "jones1999"}
    keys = ["smith2020", "xdoi", "jones1999", "left"]
    assert [one.key for one in undefined(REFS, set(keys), names=names)] == ["Smiht2020", "nowhere-near"]
    assert unused(keys, REFS, names=names) == ("left",)
    assert resolve(REFS[3], {"doi:10.1000/X"}, names) == "doi:10.1000/X"


def test_nocite_all_uses_everything() -> None:
    assert unused(["a", "b"], scan_bytes(rb"\nocite{*}", "a.tex").citations) == ()
    assert unused(["a", "b", "a"], scan_bytes(rb"\nocite{b}", "a.tex").citations) == ("a",)


def test_keys_that_differ_in_case() -> None:
    assert differ_in_case(["b", "Key", "key", "KEY", "key", "a"]) == (("KEY", "Key", "key"),)


def test_the_table_of_types_holds() -> None:
    assert len(SUFFIXES) == len(set(SUFFIXES))
    for kind in TYPES:
        assert callable(scanner_of(kind))
        assert type_of(f"x{kind.suffixes[0].upper()}") is kind
    assert type_of("x.docx") is None
    assert scan_bytes(b"\\cite{k}", "x.docx").citations == ()


# -- chunks that hold Markdown -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "opening",
    [
        '{block2 a, type="rmdnote"}', "{block, type='tip'}", "{theorem pyth, name='Of [@in_name]'}", "{proof}",
        "{asis}", "{note}", "{admonition} Of interest", "{figure} fig.png", "{prf:theorem} A title",
    ],
)  # fmt: skip
def test_chunks_that_hold_markdown_are_read(opening: str) -> None:
    text = f"[@before]\n\n```{opening}\nSee [@inside] and `@code`.\n```\n\nAlso [@after].\n"
    assert keys_of(text, "book.Rmd") == ["before", "inside", "after"]


@pytest.mark.parametrize(
    "opening", ["{r}", "{python}", "{r block}", "{code-block} latex", "{math}", "blocks", "{=latex}"]
)
def test_other_chunks_are_code(opening: str) -> None:
    assert keys_of(f"```{opening}\n[@hidden]\n```\n\n[@after]\n", "book.Rmd") == ["after"]


def test_fences_inside_a_chunk_of_markdown() -> None:
    text = "````{note}\n[@one]\n\n```{r}\n@hidden\n```\n\n~~~{tip}\n[@two]\n~~~\n\n```{r}\n[@three]\n````\n\n[@four]\n"
    assert keys_of(text, "book.md") == ["one", "two", "three", "four"]


@pytest.mark.slow
@pytest.mark.parametrize("line", ["```{note}\n", "```{r}\n", "~~~{tip}\n```{note}\n", "````{note}\n```{note}\n"])
def test_many_open_chunks_take_linear_time(line: str) -> None:
    text = "`````{note}\n" + line * 40_000 + "[@key]\n`````\n"
    started = time.process_time()
    assert "key" in keys_of(text, "book.md")
    assert time.process_time() - started < 5


# -- bibliographies that documents name --------------------------------------------------------------------------------

NAMING = {
    "paper.tex": (
        r"""% \bibliography{hidden}
        \verb|\bibliography{hidden}|
        \newcommand{\own}[1]{\bibliography{#1}}
        \addbibresource[label=x]{\subfix{../a.bib}}
        \bibliography{b, ./c ,"d e", \jobname, \folder/hidden}""",
        ["../a.bib:4", "b:5", "./c:5", "d e:5", "\\jobname:5"],
    ),
    "lists.tex": (
        r"""\newcites{own, other}{My papers, Others}
        \bibliography{a}\bibliographyown{b}\bibliographyother{c}\bibliographystyleown{hidden}\bibliographyno{hidden}
        \begin{btSect}[plain]{d,e}\end{btSect}\multibibliography{f}""",
        ["a:2", "b:2", "c:2", "d:3", "e:3", "f:3"],
    ),
    "units.tex": (  # bibunits
        r"""\defaultbibliography{a,b}\defaultbibliographystyle{hidden}
        \begin{bibunit}[hidden]\putbib[c, d e]\end{bibunit}\begin{bibunit}\putbib\end{bibunit}
        \newcommand{\own}[1]{\putbib[#1]}\putbib (not a file) \putbib
        [f]""",
        ["a:1", "b:1", "c:2", "d e:2", "f:4"],
    ),
    "list.md": (
        """---
bibliography:
  - a.bib # not b.bib
  - 'c d.bib'
- e.bib
csl: ieee
---

```
\\bibliography{hidden}
```
""",
        ["a.bib:3", "c d.bib:4", "e.bib:5"],
    ),
    "flow.qmd": (
        """---
bibliography: ["a.bib", b-c.bib,
  'd.bib']
---
""",
        ["a.bib:2", "b-c.bib:2", "d.bib:3"],
    ),
    "thesis.org": (
        r"""#+BIBLIOGRAPHY: a.bib
#+latex_header: \addbibresource{e.bib}
[[bibliography:b.bib,c.bib]]
bibliography:~/d.bib
bibliographystyle:plain
#+begin_src latex
\bibliography{hidden}
#+end_src
""",
        ["a.bib:1", "b.bib:3", "c.bib:3", "~/d.bib:4", "e.bib:2"],
    ),
    "main.typ": (
        """#show: paper.with(bib: "a.bib")
        #bibliography(("b.bib", "c.yml"), style: "ieee")
        // #bibliography("hidden.bib")""",
        ["a.bib:1", "b.bib:2", "c.yml:2"],
    ),
}


@pytest.mark.parametrize("path", NAMING)
def test_bibliographies_that_documents_name(path: str) -> None:
    text, named = NAMING[path]
    scan = scan_bytes(text.encode(), path)
    assert [f"{bibliography.name}:{bibliography.line}" for bibliography in scan.bibliographies] == named


def test_citations_in_the_lists_of_multibib() -> None:
    text = "\\newcites{own}{My papers}\n\\cite{a}\\citeown{b}\\nociteown{*}\\citepown[p. 3]{c}\\citeother{hidden}"
    assert keys_of(text, "cv.tex") == ["a", "b", "*", "c"]
    assert reader({"main.tex": "\\input{pre}\\citeown{a}", "pre.tex": "\\newcites{own}{Mine}"}).keys == ("a",)


def test_what_latex_loads_and_where_a_document_begins() -> None:
    text = (
        "\\documentclass[a4]{report}\\usepackage[style=apa]{biblatex, xcolor}% \\usepackage{hidden}\n\\begin{document}"
    )
    scan = scan_bytes(text.encode(), "a.tex")
    assert (scan.packages, scan.begins_document) == (("report.cls", "biblatex.sty", "xcolor.sty"), True)
    example = scan_bytes(
        b"\\begin{verbatim}\\documentclass{a}\\begin{document}\\end{verbatim}%\\begin{document}", "a.tex"
    )
    assert (example.packages, example.begins_document) == ((), False)
    resource = scan_bytes(b"\\documentclass{uni-thesis}\\addbibresource{a.bib}", "a.tex")
    assert resource.packages == ("uni-thesis.cls", "biblatex.sty")
    headers = scan_bytes(b"#+LATEX_HEADER: \\usepackage[x]{biblatex}\n#+latex_header: \\usepackage{minted}\n", "a.org")
    assert headers.packages == ("biblatex.sty", "minted.sty")
