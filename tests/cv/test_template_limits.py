"""Templates that would run for ever or fill the memory: each ends with one clear line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bibtool.bounded import Limits, OutOfBoundsError, run_bounded
from bibtool.cv.targets import TargetOptions
from bibtool.cv.targets.template import render, write
from bibtool.errors import InputError
from tests.cli.runner import call
from tests.cv.sample import sample

ENDLESS = {
    "sort-in-a-loop": "{% for i in range(900) %}{% set x = ([1,2]*400000)|sort %}{% endfor %}",
    "slice": "{{ [1]|slice(900000000)|list|length }}",
    "batch": "{{ [1]|batch(900000000, 0)|list|length }}",
    "tojson": '{{ ([["x"*100000]*100000])|tojson|length }}',
    "nested-string": "{{ ([[1]*1000000]*1000000)|string|length }}",
    "nested-twice": "{% set a = [1]*1000 %}{% set b = [a]*1000 %}{% set c = [b]*1000 %}{{ c|string|length }}",
    "sum-of-lists": "{{ ([[1]]*900000)|sum(start=[])|length }}",
    "methods": '{% set x = "x"*1000000 %}{% for i in range(100000) %}{% set y = x.upper() %}{% endfor %}',
    "count": '{% set x = "x"*1000000 %}{% for i in range(100000) %}{{ x.count("y") }}{% endfor %}',
    "join": '{{ (["x"*1000000]*1000000)|join|length }}',
    "plus": "{% set x = [1]*500000 %}{% for i in range(100000) %}{% set y = x + [1] %}{% endfor %}",
    "unique": "{% for i in range(900) %}{% set x = ([1,2]*400000)|unique|list %}{% endfor %}",
    "groupby": "{% for i in range(900) %}{% set x = ([{'a': 1}]*100000)|groupby('a') %}{% endfor %}",
    "wordwrap": '{% for i in range(900) %}{% set x = ("x "*400000)|wordwrap(1) %}{% endfor %}',
    "power": "{{ 9999 ** 9999 }}",
    "loops": "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ENDLESS)
def test_a_template_ends(name: str) -> None:
    with pytest.raises(InputError) as caught:
        render(ENDLESS[name], "cv.txt.j2", {})
    assert str(caught.value).startswith("cv.txt.j2:1: ")
    assert "\n" not in str(caught.value)


@pytest.mark.slow
def test_ordinary_work_with_long_lists_fits() -> None:
    data = {"titles": [f"A title of the usual length, number {number}" for number in range(5_000)]}
    source = "{% for title in titles|sort|unique %}{{ title|upper|replace('A', 'B')|truncate(40) }}\n{% endfor %}"
    assert render(source, "cv.txt.j2", data).count("\n") == 5_000


@pytest.mark.slow
def test_a_template_in_a_process_of_its_own_gives_the_same() -> None:
    source = "{% for section in sections %}{{ section.heading }} & {{ title }}\n{% endfor %}"
    options = TargetOptions(template=source, template_name="cv.tex.j2")
    isolated = TargetOptions(template=source, template_name="cv.tex.j2", is_isolated=True)
    assert write(sample(), isolated) == write(sample(), options) != b""
    broken = TargetOptions(template="\n{{ titel }}", template_name="cv.tex.j2", is_isolated=True)
    with pytest.raises(InputError, match=r"^cv\.tex\.j2:2: there is no 'titel'"):
        write(sample(), broken)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("work", "limits", "said"),
    [
        ("while True: pass", Limits(cpu_s=1), "took more than 1 seconds of computing"),
        ("import time; time.sleep(60)", Limits(wall_s=1.0), "took more than 1 seconds"),
        ("x = 'x' * (1 << 32)", Limits(memory=1 << 29), "needed more than 512 MiB of memory"),
        ("import os; os._exit(7)", Limits(), "failed (status 7)"),
    ],
)
def test_the_limits_of_a_process(work: str, limits: Limits, said: str) -> None:
    with pytest.raises(OutOfBoundsError) as caught:
        run_bounded("builtins:exec", work, limits=limits)
    assert said in str(caught.value)


@pytest.mark.slow
def test_a_template_of_a_project_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("evil.j2").write_text(ENDLESS["tojson"], encoding="utf-8")
    Path("src.bib").write_text("@misc{a, title={T}, author={Mara Lind}}", encoding="utf-8")
    Path("bibtool.toml").write_text('[cv]\neveryone = true\nto = "template"\ntemplate = "evil.j2"\n', encoding="utf-8")
    done = call(monkeypatch, "cv", "src.bib")
    assert (done.code, done.out) == (1, "")
    assert "evil.j2:1: too much work with large values" in done.err
