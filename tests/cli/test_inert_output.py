"""What a stranger's record brings along acts neither on a terminal nor on a page, whichever command shows it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.runner import call

if TYPE_CHECKING:
    from pathlib import Path

ACTING = {"\x1b", "\x07", "\x9b", "\x08", "\0", "\u202e", "\u202d", "\u2066", "\u2028", "\u2029"}
EVIL = (
    "Red \x1b[31mword\x1b]0;owned\x07 \u202eturned\u2066 {{ site.x }} {% include a %} "
    "##[add-mask]a\u2028::error::b\x9b2J"
)
PEOPLE = [{"family": "Ash\x1b[1m\u202e", "given": "A\u2066nn {{ b }}"}]


def item(key: str, title: str, **more: object) -> dict[str, object]:
    return {
        "id": key,
        "type": "article-journal",
        "title": title,
        "author": PEOPLE,
        "container-title": f"Journal {EVIL}",
        "publisher": EVIL,
        "note": EVIL,
        "abstract": EVIL,
        "keyword": EVIL,
        "issued": {"date-parts": [[2020]]},
        **more,
    }


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BIBTOOL_LIBRARY", str(tmp_path / "l.sqlite"))
    items = [
        item("one", f"Of trees {EVIL}", DOI="10.5555/a"),
        item("t\u202ewo", f"Of bees {EVIL}", URL=f"https://x/{EVIL}"),
    ]
    (tmp_path / "a.json").write_text(json.dumps(items))
    (tmp_path / "b.json").write_text(json.dumps([item("one", f"Other {EVIL}", volume=EVIL, DOI="10.5555/a")]))
    title, author = f"Of birds {EVIL.replace('%', '')}", "Ash\x1b[1m, A\u202e"
    text = f"@article{{thr\x1bee, title={{{title}}}, author={{{author}}}, yea\x1br={{2020}}}}\n"
    (tmp_path / "c.bib").write_text(text + text.replace("birds", "birds  "))
    (tmp_path / "n\x1b[31m\u202eame.bib").write_text(text + "@article{x,")
    (tmp_path / "paper.tex").write_text("\\cite{one,thr\x1bee,no\x1b[31m\u202ene}\\bibliography{c}\n")
    (tmp_path / "w.bib").write_text("@misc{w, title={Of trees}, author={Ash, Ann}, year=1999, doi={10.5555/a}}\n")
    wrong = "@misc{w, title={Of trees}, author={Ash, Ann}, year=1999, doi={10.5555/a},\n"
    (tmp_path / "noted.bib").write_text(wrong + " note={a \x1b[31mword}}\n")
    assert call(monkeypatch, "import", "a.json").code == 0
    assert call(monkeypatch, "index", "add", "a.json", "--index", "x.index", "--name", f"s {EVIL}").code == 0
    return monkeypatch


SHOWN = {
    "list": ("list",),
    "search": ("search", "trees"),
    "show": ("show", "one"),
    "show -v": ("show", "one", "--verbose"),
    "open": ("open", "one", "t\u202ewo", "--print"),
    "edit": ("edit", "one", "volume=7\x1b[31m\u202e"),
    "cite": ("cite", "one"),
    "preview": ("preview", "one"),
    "dedupe": ("dedupe", "c.bib"),
    "diff": ("diff", "a.json", "b.json"),
    "check": ("check", "c.bib"),
    "check name": ("check", "n\x1b[31m\u202eame.bib"),
    "check github": ("check", "--output-format", "github", "c.bib"),
    "fmt": ("fmt", "n\x1b[31m\u202eame.bib"),
    "cited": ("cited", "paper.tex"),
    "cited file": ("cited", "--bib", "c.bib", "paper.tex"),
    "index info": ("index", "info", "--index", "x.index"),
    "index search": ("index", "search", "trees", "--index", "x.index"),
    "index remove": ("index", "remove", "s \x1b[1m", "--index", "x.index"),
    "verify": ("verify", "--offline", "--index", "x.index", "a.json", "b.json", "c.bib"),
    "verify wrong": ("verify", "--offline", "--index", "x.index", "w.bib"),
    "verify html": ("verify", "--offline", "--index", "x.index", "--output-format", "html", "a.json", "w.bib", "c.bib"),
    "verify github": ("verify", "--offline", "--index", "x.index", "--output-format", "github", "w.bib", "c.bib"),
    "verify sarif": ("verify", "--offline", "--index", "x.index", "--output-format", "sarif", "w.bib", "c.bib"),
    "convert text": ("convert", "a.json", "--to", "text"),
    "convert ansi": ("convert", "a.json", "--to", "ansi"),
    "convert markdown": ("convert", "a.json", "--to", "markdown"),
    "convert html": ("convert", "a.json", "--to", "html"),
    "convert latex": ("convert", "a.json", "--to", "latex"),
    "export text": ("export", "--to", "text"),
    "cv text": ("cv", "a.json", "--everyone", "--to", "text", "-o", "-"),
    "cv html": ("cv", "a.json", "--everyone", "--to", "html", "-o", "-"),
    "cv markdown": ("cv", "a.json", "--everyone", "--to", "markdown", "-o", "-"),
    "outdated": ("outdated", "--offline"),
    "import": ("import", "b.json"),
    "import c": ("import", "c.bib"),
    "init": ("init", "--dry-run"),
    "styles": ("styles", "a\x1b[31m\u202e"),
    "formats": ("formats", "a\x1b[31m\u202e"),
    "unknown": ("sho\x1b[31m\u202ew",),
    "unknown option": ("list", "--so\x1b[31m\u202ert"),
    "bad query": ("list", "ye\x1bar:\u202ex"),
    "no record": ("show", "no\x1b[31m\u202ene"),
    "no file": ("convert", "no\x1b[31m\u202ene.bib", "--to", "text"),
}  # fmt: skip
PAGES = ("verify html", "convert markdown", "convert html", "cv html", "cv markdown")


@pytest.mark.slow
@pytest.mark.parametrize("name", SHOWN)
def test_nothing_acts_on_a_terminal(name: str, desk: pytest.MonkeyPatch) -> None:
    done = call(desk, *SHOWN[name])
    assert done.code in (0, 1, 2, 4), done.err
    shown = done.out + done.err
    if name == "convert ansi":
        shown = shown.replace("\x1b[3m", "").replace("\x1b[0m", "").replace("\x1b[23m", "").replace("\x1b[1m", "")
    assert shown.strip()
    assert not ACTING & set(shown), [line for line in shown.splitlines() if ACTING & set(line)]
    assert not any(line.lstrip().startswith(("::error::b", "##[")) for line in shown.splitlines())
    if name in PAGES:
        assert "{{" not in shown
        assert "{%" not in shown
    if name.endswith("github"):
        assert "##[" not in shown


_BIRDS = "-@article{thr\x1bee, title={Of birds Red \x1b[31mword", "-@article{three, title={Of birds Red [31mword"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "exact", "harmless"),
    [
        (("check", "--diff", "c.bib"), *_BIRDS),
        (("fmt", "--diff", "c.bib"), *_BIRDS),
        (
            ("verify", "--offline", "--index", "x.index", "--diff", "noted.bib"),
            " note={a \x1b[31mword}}",
            " note={a [31mword}}",
        ),
    ],
)
def test_a_diff_is_exact_in_a_pipe_and_does_not_act_on_a_terminal(
    command: tuple[str, ...], exact: str, harmless: str, desk: pytest.MonkeyPatch
) -> None:
    assert exact in call(desk, *command).out
    desk.setattr("tests.cli.runner._Stream.isatty", lambda _: True)
    desk.setenv("NO_COLOR", "1")
    shown = call(desk, *command).out
    assert harmless in shown
    assert not ACTING & set(shown)
