"""The sets that the scanner finds, held against those of pandoc, Typst and LaTeX, where these are installed."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from bibtool.project.scan.follow import scan_bytes, scan_files
from tests.project.tools import cites_of, have, typst_keys

FOLDER = Path(__file__).parents[2] / "fixtures" / "scan"


def pandoc_keys(text: str) -> set[str]:
    import pypandoc  # type: ignore[import-untyped, unused-ignore]  # not a dependency

    return set(cites_of(json.loads(pypandoc.convert_text(text, "json", format="markdown"))))


def own_keys(text: str) -> set[str]:
    scan = scan_bytes(text.encode(), "a.md")
    return {one.key for one in (*scan.citations, *scan.references)}


MARKDOWN = [
    "See [@one; and @two, p. 3; -@three, ch. 4] and @four [p. 3].",
    "Mail a@b.org, <a@b.org>; end.@no; (see @a), «@b», \"@c\", '@d'.",
    "Keys @a:b, @a--b, @a..b, @k-, @k_x, @_x, @a$b, @a~b, @a+b/c. @9a @é1! @k's",
    "[@{a.b/c}; @{https://doi.org/10.1/a;b}] @{x{y}z} @https://doi.org/10.1/x and @doi:10.1000/182.",
    "Escaped \\@no, `@no`, ``@no ` @no``, ` open @yes",
    "$x @no$ and $5 @yes and $6, $$ @no $$",
    "``` {.r}\n@no\n```\n\n~~~~\n@no\n~~~\n~~~~\n\n@yes\n\n```\n@open-fence\n",
    "Text\n\n    @no\n\nText\n    @yes-continued\n",
    "- a\n\n  @yes\n\n      @no\n\n- b @yes2\n\n@yes3\n",
    "1. a\n\n   @yes\n\n        @no\n",
    "[^1] x\n\n[^1]: see @a\n\n    more @b\n",
    "<!-- @no --> @a\n\n<!--\n@no\n\n@no\n-->\n\n@b\n",
    "---\nnocite: '@quiet, @*'\nabstract: see @abs\n---\n\n@a\n",
    "---\nnocite: |\n  @quiet1,\n  @quiet2\n...\n\n@a\n",
    "[text](http://example.org/@no) ![@img](x.png) <https://example.org/@no>",
    '<a href="x@no" title="@no">@yes</a>\n\n<div>\n@yes2\n</div>\n',
    "(@good) example\n\nsee @good and @other\n",
    "> quote @a\n>\n>     @no\n\nword-@b *@c* **see @d**\n",
    "| a | b |\n|---|---|\n| @a | [@b] |\n",
    "# Heading @a {#x data-y='@no'}\n\n[@b]{.class}\n",
    "Text^[note @a] ~~@b~~ @c; @d\\\n@e\n",
    "Terms\n\n:   Definition @a\n\n    More @b\n",
    "@k@j, /@slash, {@brace}, @a:b/, @x?y! @<x",
]


@pytest.mark.slow
@have("pypandoc")
@pytest.mark.parametrize("text", MARKDOWN, ids=lambda text: ascii(text[:30]))
def test_pandoc_finds_the_same_keys(text: str) -> None:
    assert own_keys(text) == pandoc_keys(text)


@pytest.mark.slow
@have("pypandoc")
def test_pandoc_finds_the_same_keys_in_the_fixture() -> None:
    text = (FOLDER / "markdown" / "paper.md").read_text(encoding="utf-8")
    # MyST's roles and LaTeX commands are raw for pandoc; a bare address with @user is none for us
    own = own_keys(text) - {"myst1", "myst2", "raw-tex"}
    assert own == pandoc_keys(text) - {"other"}


TYPST = [
    "@k and @j.x. text@a, (@b) [@c]",
    '#cite(<k>) #cite(label("j"), supplement: [@a]) @b[p. [3] @c]',
    'https://m.com/@k #link("mailto:a@k")[a\\@j] "@a"',
    "#let f(x) = [see @k #x]\n#f[@j] #if true [@a] else [@b] @c",
    "$ x @k $ `@k` ```@j``` @a // @b\n/* @b /* */ @c */ @j",
    "#figure(caption: [See @k])[x] <fig>\n@fig #footnote[@j]@a",
    '#let a = "@k"; @j\n#for i in (1,) [@a] @b\n#show: doc => [#doc @c]\n',
    "#[@k]#{[@j]} #(1+2)@a #text(red)[@b]",
    "#{\n  let x = [@k]\n  if true { x } else [@j]\n  [@a]\n}\n@b",
    "- item @k\n+ item @j\n/ term: @a\n= Heading @b\n*@c* _@k _",
]


@pytest.mark.slow
@have("typst")
@pytest.mark.parametrize("text", TYPST, ids=lambda text: ascii(text[:30]))
def test_typst_finds_the_same_keys(text: str, tmp_path: Path) -> None:
    names = ("k", "j", "j.x", "a", "b", "c")
    (tmp_path / "refs.bib").write_text("\n".join(f"@book{{{k}, title={{T}}, author={{A}}, year=2000}}" for k in names))
    path = tmp_path / "main.typ"
    # branches that are not taken are unseen by the compiler
    path.write_text(text + '\n#bibliography("refs.bib")\n', encoding="utf-8")
    real = typst_keys(path)
    cited = scan_files(
        ["main.typ"], lambda name: (tmp_path / name).read_bytes() if (tmp_path / name).exists() else None
    )
    found = set(cited.keys)
    assert real <= found
    assert found - real <= ({"b"} if "else [@b]" in text else {"j"} if "else [@j]" in text else set())


TEX = r"""\documentclass{article}
\newcommand{\mine}[1]{(\cite{#1})}
\begin{document}
\cite{a,b} \cite[see]{c} % \cite{no}
\verb|\cite{no}| \mine{d} \nocite{e}\cite{f,% comment
  g}
\iffalse\cite{no}\else\cite{h}\fi
\begin{verbatim}
\cite{no}
\end{verbatim}
\include{chapter}
\footnote{\cite{i}}
\bibliographystyle{plain}\bibliography{refs}
\end{document}
\cite{no}
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="the real tool is not installed (pdflatex)")
def test_latex_writes_the_same_keys(tmp_path: Path) -> None:
    (tmp_path / "main.tex").write_text(TEX)
    (tmp_path / "chapter.tex").write_text("\\cite{j}\n\\endinput\n\\cite{no}\n")
    subprocess.run(["pdflatex", "-interaction=batchmode", "main.tex"], cwd=tmp_path, capture_output=True, check=False)
    if not (tmp_path / "main.aux").exists():
        pytest.skip("pdflatex is installed without its formats")

    def read(name: str) -> bytes | None:
        return (tmp_path / name).read_bytes() if (tmp_path / name).exists() else None

    real = scan_files(["main.aux"], read)
    assert set(real.files) == {"main.aux", "chapter.aux"}
    assert scan_files(["main.tex"], read).keys == real.keys == tuple("abcdefghij")
