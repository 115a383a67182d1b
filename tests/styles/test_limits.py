"""Styles that would run for ever or fill the memory: each ends with one clear line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bibtool.errors import StyleError
from bibtool.styles.bst import interpret, run_bst
from bibtool.styles.style import Style

ENTRY = "@misc{alpha, title={A title}, author={Mara Lind}}\n"
HEAD = "ENTRY {title}{}{label}\nSTRINGS {s}\n"
ENDLESS_BST = {
    "loop": "FUNCTION {f} { { #1 #1 = } { } while$ }",
    "growing-stack": 'FUNCTION {f} { { #1 } { "x" } while$ }',
    "growing-text": "FUNCTION {f} { \"x\" 's := { #1 } { s s * 's := } while$ }",
    "growing-output": 'FUNCTION {f} { { #1 } { "xxxxxxxxxx" write$ newline$ } while$ }',
    "call-each-other": "FUNCTION {f} { #1 { #1 } { skip$ } while$ }",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ENDLESS_BST)
def test_a_bst_style_ends(name: str, tmp_path: Path) -> None:
    style = tmp_path / "evil.bst"
    style.write_text(f"{HEAD}{ENDLESS_BST[name]}\nREAD\nEXECUTE {{f}}\n", encoding="utf-8")
    with pytest.raises(StyleError, match="the style was stopped") as caught:
        run_bst(ENTRY.encode(), style)
    assert caught.value.hint
    assert "\n" not in str(caught.value)


@pytest.mark.slow
def test_a_bst_style_with_much_to_do_runs() -> None:
    style = f"{HEAD}FUNCTION {{f}} {{ title write$ newline$ }}\nREAD\nITERATE {{f}}\n"
    entries = "".join(ENTRY.replace("alpha", f"key{number}") for number in range(2_000))
    assert interpret(entries, style, "good.bst").count("A title") == 2_000


def csl(macros: str, layout: str) -> bytes:
    return (
        '<?xml version="1.0"?><style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info>'
        "<title>t</title><id>x</id><updated>2020-01-01T00:00:00Z</updated></info>"
        f"{macros}<citation><layout>{layout}</layout></citation></style>"
    ).encode()


def calls(levels: int, times: int, wrap: str = "{}") -> bytes:
    macros = "".join(
        f'<macro name="m{level}">{wrap.format(f"<text macro={chr(34)}m{level + 1}{chr(34)}/>" * times)}</macro>'
        for level in range(levels)
    )
    return csl(f'{macros}<macro name="m{levels}"><text value="x"/></macro>', '<text macro="m0"/>')


ENDLESS_CSL = {
    "2^40": calls(40, 2),
    "100^4": calls(4, 100),
    "in-groups": calls(30, 2, "<group>{}</group>"),
    "in-choose": calls(30, 2, '<choose><if type="book"><text value="a"/></if><else>{}</else></choose>'),
    "long-texts": csl('<macro name="a"><text value="{}"/></macro>'.format("x" * 1_000_000), '<text macro="a"/>' * 100),
}


@pytest.mark.parametrize("name", ENDLESS_CSL)
def test_a_csl_style_that_renders_without_end_is_refused(name: str) -> None:
    with pytest.raises(StyleError, match="renders more than 100,000 elements") as caught:
        Style.parse(ENDLESS_CSL[name], path="evil.csl")
    assert str(caught.value).startswith("evil.csl:1: ")


def test_a_csl_style_with_many_macros_is_taken() -> None:
    assert Style.parse(calls(12, 2), path="good.csl").macros
