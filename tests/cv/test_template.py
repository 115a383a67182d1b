"""Templates of the user's own: the documented data, escaping without being asked, the sandbox, faults in one line."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bibtool.cv.context import RENDERED, VERSION, context
from bibtool.cv.document import Link, PublicationList, Section
from bibtool.cv.targets import TargetOptions
from bibtool.cv.targets.template import output_suffix, settings_of, write
from bibtool.errors import InputError, UsageError
from bibtool.model.record import Verbatim
from tests.cv.sample import HOSTILE, entry, hostile, sample
from tests.cv.tex import need

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("jinja2", reason="jinja2 is not installed")
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "templates.md"


def filled(source: str, name: str = "cv.tex.j2", cv: PublicationList | None = None) -> str:
    return write(cv or sample(), TargetOptions(template=source, template_name=name)).decode()


def fault(source: str, name: str = "cv.tex.j2") -> InputError:
    with pytest.raises(InputError) as caught:
        filled(source, name)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(f"{name}:")
    return caught.value


def titled(title: str) -> PublicationList:
    section = Section(id="a", heading="A", entries=(entry("a", title, ["B A"], 2024),))
    return PublicationList(title=title, sections=(section,))


# the data


def fields_of(value: Any, path: str = "") -> Iterator[str]:
    """The fields of the data as the page names them."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from fields_of(one, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for one in value:
            yield from fields_of(one, f"{path}[]")
    else:
        yield path


def full() -> PublicationList:
    """A list in which no list of the data is empty."""
    cv = sample()
    first = replace(cv.sections[0].entries[0], tags=("maps",))
    return replace(cv, sections=(replace(cv.sections[0], entries=(first,)),))


def documented() -> list[tuple[str, str]]:
    """Field and kind of each row of the table of fields."""
    table = PAGE.read_text(encoding="utf-8").split("<!-- fields -->")[1]
    return re.findall(r"^\| `([^`]+)` \| (.+?) \|", table, re.MULTILINE)


def test_the_page_and_the_data_have_the_same_fields() -> None:
    rows = documented()
    names = [name for name, _ in rows]
    assert len(names) == len(set(names))
    assert set(names) == set(fields_of(context(full(), TargetOptions())))
    rendered = {name.rpartition(".")[2] for name, kind in rows if kind == "rendered"}
    assert rendered == set(RENDERED)
    assert f"version {VERSION}" in PAGE.read_text(encoding="utf-8")


def test_every_value_is_of_the_kind_that_the_page_says() -> None:
    rows = dict(documented())
    kinds: dict[str, Any] = {"text": str, "rendered": str, "number": (int, type(None)), "true or false": bool}

    def look(value: Any, path: str) -> None:
        if isinstance(value, dict):
            for name, one in value.items():
                look(one, f"{path}.{name}" if path else name)
        elif isinstance(value, list):
            for one in value:
                look(one, f"{path}[]")
        else:
            assert isinstance(value, kinds[rows[path]]), path
            assert type(value) in (str, int, bool, type(None)), path

    for cv in (full(), hostile()):
        look(context(cv, TargetOptions()), "")


def test_what_is_not_known_is_empty() -> None:
    bare = entry("a", "T", ["B A"], 2024)
    record = replace(bare.record.with_values(dict.fromkeys(bare.record.variables)), arxiv=None, type="document")
    bare = replace(bare, record=record, links=(), year=None, number=None)
    data = context(PublicationList(title="", sections=(Section(id="", heading="", entries=(bare,)),)), TargetOptions())
    found = data["sections"][0]["entries"][0]
    assert (found["number"], found["year"], found["month"], found["day"], found["arxiv"]) == (None,) * 5
    assert (found["title"], found["container"], found["DOI"], found["abstract"]) == ("",) * 4


def test_addresses_in_the_data_are_of_the_web() -> None:
    paper = entry("a", "T", ["B A"], 2024)
    record = paper.record.with_values({"URL": Verbatim("javascript:alert(1)")})
    links = (Link(kind="url", label="x", url="ftp://x"), Link(kind="code", label="C", url='https://e.org/"<x>'))
    paper = replace(paper, record=record, links=links)
    data = context(PublicationList(title="", sections=(Section(id="", heading="", entries=(paper,)),)), TargetOptions())
    found = data["sections"][0]["entries"][0]
    assert found["URL"] == ""
    assert found["links"] == [{"kind": "code", "label": "C", "url": "https://e.org/%22%3Cx%3E"}]
    bare = context(sample(), TargetOptions(links=False))
    assert all(not one["links"] for section in bare["sections"] for one in section["entries"])


# the examples of the page


def examples() -> dict[str, str]:
    found = re.findall(r"<!-- template (\S+) -->\n```\w+\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return dict(found)


def test_the_examples_are_two() -> None:
    assert set(examples()) == {"papers.html.j2", "cv.tex.j2"}


@pytest.mark.slow
def test_the_html_example() -> None:
    made = filled(examples()["papers.html.j2"], "papers.html.j2")
    assert made.startswith(
        '<h1>Publications</h1>\n<h2>Journal articles</h2>\n<ol>\n<li value="3"><b>Bea Ash</b>, Çelik'
    )
    assert '<a href="https://doi.org/10.5555/ash2024field">DOI</a>' in made
    bad = filled(examples()["papers.html.j2"], "papers.html.j2", hostile())
    assert not re.search(r"<(?!/?(?:h1|h2|ol|li|b|a)\b)[A-Za-z!/?]", bad)
    assert "javascript:" not in "".join(re.findall(r"<[^>]*>", bad))


@pytest.mark.slow
@pytest.mark.parametrize("cv", [sample(), hostile()], ids=["sample", "hostile"])
def test_the_latex_example_compiles(cv: PublicationList, tmp_path: Path) -> None:
    made = filled(examples()["cv.tex.j2"], "cv.tex.j2", cv)
    assert "bibtool-template" not in made
    if cv.title == "Publications":
        assert (
            r"\item[2024] \textbf{Bea Ash}, Çelik Öz. \emph{Fields, Rivers and 3D Maps}, Journal of Tests \& " in made
        )
    need("lualatex", files=("lmodern.sty",))
    head = "\\documentclass{article}\n\\usepackage{hyperref}\n\\begin{document}\n"
    (tmp_path / "cv.tex").write_text(f"{head}{made}\\end{{document}}\n", encoding="utf-8")
    done = subprocess.run(
        ["lualatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "cv.tex"],
        cwd=tmp_path, capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]


# escaping


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("cv.html.j2", "&lt;i&gt; &amp; &#34;x&#34; $1_a$ #b\n"),
        ("cv.tex", r"\textless{}i\textgreater{} \& \textquotedbl{}x\textquotedbl{} \$1\_a\$ \#b" + "\n"),
        ("cv.typ.j2", r"\<i\> & \"x\" \$1\_a\$ \#b" + "\n"),
        ("README.md.jinja", r"\<i\> \& " + r'"x" \$1\_a\$ \#b' + "\n"),
        ("cv.json.j2", r"<i> & \"x\" $1_a$ #b" + "\n"),
        ("cv.txt.j2", '<i> & "x" $1_a$ #b\n'),
        ("cv.csv", '<i> & "x" $1_a$ #b\n'),
    ],
)
def test_a_value_is_escaped_for_what_the_template_makes(name: str, wanted: str) -> None:
    assert filled("{{ title }}", name, titled('<i> & "x" $1_a$ #b')) == wanted


BACK_DOORS = (
    "{{ title }}",
    "{{ title ~ title }}",
    "{{ title + '' }}",
    "{{ entry.latex ~ title }}",
    "{{ [title, title]|join }}",
    "{{ title|lower }}",
    "{% set x = title %}{{ x }}",
    "{% set x %}{{ title }}{% endset %}{{ x }}",
    "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(title) }}",
    "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ title }}{% endcall %}",
    "{% filter replace('Z', title) %}aZb{% endfilter %}",
    "{% macro m() %}aZb{% endmacro %}{{ m().replace('Z', title) }}",
    "{{ sections|map(attribute='heading')|join(title) }}",
    "{% macro m() %}aZb{% endmacro %}{{ m()|replace('Z', title) }}",
    "{{ entry.latex.replace('B', title) }}",
    "{{ title.split(' ')|join(' ') }}",
    "{{ (title,)|first }}",
    "{{ title if true else '' }}",
    "{{ title|default('') }}",
    "{% for x in [title] %}{{ x }}{% endfor %}",
    "{{ title|truncate(500) }}",
    "{{ {'a': title}['a'] }}",
    "{% macro m() %}x{% endmacro %}{{ m()[:1] ~ title ~ m()[1:] }}",
    "{{ title|list|join }}",
    "{{ title|reverse|reverse }}",
    "{% macro m() %}x{% endmacro %}{{ m()[0] ~ title ~ m()[-1] }}",
    "{% macro m() %}x{% endmacro %}{{ m()|join(title) }}",
    "{% macro m() %}x{% endmacro %}{% set a, b, c = m() %}{{ a ~ title ~ c }}",
    "{% macro m() %}x{% endmacro %}{{ title.join(m()) }}",
    "{% macro m() %}x{% endmacro %}{% for a, b, c in [m()] %}{{ a ~ title ~ c }}{% endfor %}",
    "{% macro m() %}x{% endmacro %}{% macro k(a, b, c) %}{{ a ~ title ~ c }}{% endmacro %}{{ k(*m()) }}",
    "{% macro m() %}x{% endmacro %}{% set l = m()|list %}{{ l|first ~ title ~ l|last }}",
    "{% macro m() %}x{% endmacro %}{% for c in m() %}{{ c }}{{ title }}{% endfor %}",
    "{{ title|safe|lower }}",
    "{% set ns = namespace(x=title) %}{{ ns.x }}",
    "{{ title|indent(2) }}",
    "{{ title|wordwrap(300) }}",
)


@pytest.mark.slow
@pytest.mark.parametrize("source", BACK_DOORS)
def test_no_way_around_escaping(source: str) -> None:
    title = r"\input{/etc/passwd} & $x$"
    source = source.replace("entry.", "sections[0].entries[0].")
    made = filled(source, "x.tex.j2", titled(title))
    assert not re.search(r"\\input|(?<!\\)[&$]|[\x02\x03]", made)
    made = filled(source, "x.html.j2", titled("<script>alert(1)</script>"))
    assert "<script" not in made


@pytest.mark.parametrize("name", ["x.html", "x.tex", "x.typ", "x.md", "x.rst", "x.rtf", "x.json", "x.txt"])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_every_format(name: str, text: str) -> None:
    own = "{% for s in sections %}{% for e in s.entries %}{{ e.title }}{% endfor %}{% endfor %}"
    made = filled(own, name, titled(text)).rstrip("\n")
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", made)
    wrong = {
        "x.html": r"[<>\"']", "x.tex": r"\\(?:input|write|end|csname|rtf)|(?<!\\)(?:[$&#_%]|\{(?!\}))",
        "x.typ": r"(?<!\\)[#$@<`*_]", "x.md": r"(?<!\\)[<`*\[\]]|\{[{%]", "x.rtf": r"\\(?:rtf1|field|fldinst)",
        "x.json": r'(?<!\\)"', "x.rst": r"(?<!\\)`",
    }  # fmt: skip
    if name in wrong:
        clean = re.sub(r"\\text\w+\{\}|\\\\", "", made)
        assert not re.search(wrong[name], clean), clean
    if name == "x.json":
        assert isinstance(json.loads(f'"{made}"'), str)


@pytest.mark.slow
def test_rendered_fields_go_out_as_they_are_in_their_own_format_only() -> None:
    first = "{% set e = sections[0].entries[0] %}"
    assert filled(first + "{{ e.latex }}", "x.tex").startswith(r"\textbf{Bea Ash}, Çelik")
    assert filled(first + "{{ e.latex }}", "x.html").startswith(r"\textbf{Bea Ash}, Çelik")
    assert filled(first + "{{ e.html }}", "x.html").startswith("<b>Bea Ash</b>")
    assert filled(first + "{{ e.html }}", "x.tex").startswith(r"\textless{}b\textgreater{}Bea")
    assert filled(first + "{{ e.latex|upper }}", "x.tex").startswith(r"\textbackslash{}TEXTBF\{BEA")
    assert filled(first + "{{ e.latex ~ '&' ~ [e.latex]|join }}", "x.tex").count(r"\textbf{Bea Ash}") == 2


def test_filters_of_formats() -> None:
    cv = titled("a_b <c>")
    assert filled("{{ title|html }} {{ title|latex }} {{ title|safe }} {{ title|e }}", "x.tex", cv) == (
        r"a_b &lt;c&gt; a\_b \textless{}c\textgreater{} a_b <c> a\_b \textless{}c\textgreater{}" + "\n"
    )
    data = filled("{{ {'t': title, 'n': 1, 'l': [none]}|tojson }}", "x.json", titled('"</script>'))
    assert json.loads(data) == {"t": '"</script>', "n": 1, "l": [None]}
    assert filled("{{ 'https://e.org/a_b#c'|url }}{{ 'javascript:x'|url }}", "x.tex") == "https://e.org/a\\_b\\#c\n"
    assert filled("#link(\"{{ 'https://e.org/a_b'|url }}\")", "x.typ") == '#link("https://e.org/a_b")\n'


# the first line, names, delimiters


def test_the_first_line_chooses() -> None:
    assert filled("% bibtool-template: output=html\n{{ title }}", "x.tex", titled("<")) == "&lt;\n"
    assert (
        filled("((= bibtool-template: delimiters=round =))\n((* if 1 *))((( title )))((* endif *))") == "Publications\n"
    )
    assert (
        filled("% bibtool-template: delimiters=latex\n\\VAR{title}\\#{ no }{{ title }}") == "Publications{{ title }}\n"
    )
    assert fault("% bibtool-template: output=word\n").line == 1
    assert "delimiters" in (fault("% bibtool-template: delimiter=latex\n").hint or "")
    assert fault("% bibtool-template: output=latex\n\n{{ x }}").line == 3


@pytest.mark.parametrize(
    ("name", "suffix", "output"),
    [
        ("cv.tex.j2", ".tex", "latex"), ("dir.html/cv.tex", ".tex", "latex"),
        ("C:\\a.b\\cv.HTML.Jinja2", ".html", "html"),
        ("cv.j2", "", "text"), ("cv", "", "text"), ("<template>", "", "text"), ("a.md.tmpl", ".md", "markdown"),
    ],
)  # fmt: skip
def test_the_format_is_read_off_the_name(name: str, suffix: str, output: str) -> None:
    assert output_suffix(name) == suffix
    assert settings_of("", name).output == output


def test_no_template_and_an_empty_one() -> None:
    with pytest.raises(UsageError):
        write(sample(), TargetOptions())
    assert filled("{# nothing #}") == ""
    assert filled("\ufeffa\r\nb") == "a\nb\n"


# the sandbox


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ title['__class__'] }}",
        "{{ title|attr('__class__') }}",
        "{{ sections|map(attribute='__class__')|first }}",
        "{{ sections|map(attribute='__class__')|join }}",
        "{{ sections|sort(attribute='id.__class__') }}",
        "{{ '{0.__class__.__mro__}'.format(title) }}",
        "{{ '{0.__class__}'.format_map({'0': 1}) }}",
        "{{ (title|string).format }}",
        "{{ '%s' % title }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ cycler('a') }}",
        "{{ joiner.__init__.__globals__.os }}",
        "{{ lipsum.__globals__['os'].popen('id').read() }}",
        "{{ namespace.__init__.__globals__ }}",
        "{{ namespace }}",
        "{{ range }}",
        "{{ range.__self__ }}",
        "{{ range.__func__.__globals__ }}",
        "{{ self._TemplateReference__context }}",
        "{{ self.__init__.__globals__ }}",
        "{{ self }}",
        "{% for x in [1] %}{{ loop._iterator }}{% endfor %}",
        "{% for x in [1] %}{{ loop.__class__ }}{% endfor %}",
        "{% macro m() %}{% endmacro %}{{ m.__call__.__globals__ }}",
        "{% macro m() %}{% endmacro %}{{ m._func }}",
        "{{ sections.append(1) }}",
        "{{ profile.update({'a': 1}) }}",
        "{{ profile.pop('name') }}",
        "{{ config }}",
        "{{ open('/etc/passwd') }}",
        "{{ __builtins__ }}",
        "{{ __import__('os') }}",
        "{% include '/etc/passwd' %}",
        "{% include ['a', 'b'] ignore missing %}",
        "{% import 'os' as os %}",
        "{% from 'os' import path %}",
        "{% extends '/etc/passwd' %}",
        "{{ title|pprint }}",
        "{{ title|random }}",
        "{% do sections.append(1) %}",
        "{% debug %}",
    ],
)
def test_what_a_template_cannot_reach(source: str) -> None:
    found = fault("\n" + source)
    assert found.line == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    "source",
    [
        "{{ range(99999999) }}",
        "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(99) }}",
        "{% for x in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}",
        "{{ 'a' * 999999999 }}",
        "{{ [1] * 999999999 }}",
        "{{ 10 ** 10 ** 10 }}",
        "{% set ns = namespace(n=10) %}{% for i in range(99) %}{% set ns.n = ns.n * ns.n %}{% endfor %}",
        "{% set ns = namespace(x='aa') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{% set ns = namespace(x='aa') %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set ns = namespace(x='aa') %}{% for i in range(99) %}{% set ns.x = ns.x|replace('a', ns.x) %}{% endfor %}",
        "{% set ns = namespace(x='aa') %}{% for i in range(99) %}{% set ns.x = ns.x.replace('a', ns.x) %}{% endfor %}",
        "{% set ns = namespace(x='aa') %}{% for i in range(99) %}{% set ns.x = [ns.x, ns.x]|join %}{% endfor %}",
        "{% set ns = namespace(x='aa') %}{% for i in range(99) %}{% set ns.x = ns.x.join([ns.x, ns.x]) %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{{ 'a'.ljust(999999999) }}",
        "{{ 'a'|center(999999999) }}",
        "{{ 'a'|indent(999999999) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{% for a in range(999) %}" + "x" * 100000 + "{% endfor %}",
        "{% for a in range(2) %}" * 30 + "{% endfor %}" * 30,
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    ],
)
def test_what_a_template_cannot_use_up(source: str) -> None:
    fault(source)


# faults


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("a\n\n{{ tilte }}", 3, "there is no 'tilte'; did you mean 'title'?"),
        (
            "{% for s in sections %}\n{{ s.heding }}\n{% endfor %}",
            2,
            "there is no field 'heding'; did you mean 'heading'?",
        ),
        ("{{ zzz }}", 1, "there is no 'zzz'"),
        ("{% if zzz %}{% endif %}", 1, "there is no 'zzz'"),
        ("a\n{% if %}", 2, "Expected an expression, got 'end of statement block'"),
        ("a\n{% for x in y %}", 2, "Unexpected end of template"),
        ("a\n{{ title|nofilter }}", 2, "No filter named 'nofilter'"),
        ("\n\n{{ title.foo() }}", 3, "there is no field 'foo'"),
        ("{{ sections }}", 1, "this can't be printed: it is a list: loop over it, or use join"),
        ("{{ profile }}", 1, "this can't be printed: it is a mapping: name one of its fields"),
        ("{{ 1 // 0 }}", 1, "division"),
        ("{{ title + 1 }}", 1, "can only concatenate str"),
        ("a\x02b", None, "control characters"),
    ],
)
def test_a_fault_is_one_line_with_its_place(source: str, line: int | None, message: str) -> None:
    with pytest.raises(InputError) as caught:
        filled(source)
    assert caught.value.line == line
    assert caught.value.path == "cv.tex.j2"
    assert message in caught.value.message


@pytest.mark.slow
def test_the_same_bytes_twice() -> None:
    source = examples()["papers.html.j2"]
    assert filled(source, "a.html") == filled(source, "a.html")
