"""Each rule by its own fixture: what it finds, what it leaves alone, what its fix writes."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from bibtool.bib.faultwords import WORDS
from bibtool.check import faults
from bibtool.check.docs import page
from bibtool.check.engine import check
from bibtool.check.fixing import fix
from bibtool.check.rule import Rule
from bibtool.check.selectors import GROUPS
from bibtool.check.settings import CheckSettings
from bibtool.check.source import CheckedFile
from bibtool.check.table import MODULES, rules
from tests.check.golden import FOLDER, PAGE, WITHOUT_FIXTURE, findings_of, fixed_of, settings_of, source_of

HOW = "python -m tests.check.golden writes the snapshots anew"
CODES = [code for code in rules() if code not in WITHOUT_FIXTURE]
FIXABLE = [code for code in CODES if rules()[code].fixable]
SECTIONS = ["What it does", "Why is this bad", "Fix", "Known limits", "Example", "Use instead", "References"]


@pytest.mark.parametrize("code", CODES)
def test_findings_are_those_of_the_snapshot(code: str) -> None:
    expected = (FOLDER / f"{code.lower()}.txt").read_text(encoding="utf-8")
    assert expected, "a fixture shows at least one finding"
    assert findings_of(code) == expected, HOW


@pytest.mark.parametrize("code", FIXABLE)
def test_fixes_are_those_of_the_snapshot(code: str) -> None:
    expected = (FOLDER / f"{code.lower()}.fixed.bib").read_bytes()
    assert expected != source_of(code).document.to_bytes(), "a fixable rule's fixture shows a fix"
    assert fixed_of(code) == expected, HOW


@pytest.mark.parametrize("code", CODES)
def test_only_fixable_rules_offer_fixes(code: str) -> None:
    offered = any(one.hit.fix for one in check([source_of(code)], settings_of(code)))
    assert offered == rules()[code].fixable


@pytest.mark.parametrize("code", CODES)
def test_fixing_everything_twice_is_fixing_once(code: str) -> None:
    options = CheckSettings(select=("ALL",))
    once = fix([source_of(code)], options)
    twice = fix(once.files, options)
    assert not twice.fixed
    assert twice.files[0].document.to_bytes() == once.files[0].document.to_bytes()


@pytest.mark.parametrize("code", CODES)
def test_every_place_lies_in_the_file(code: str) -> None:
    source = source_of(code)
    lines = source.text.splitlines() or [""]
    for one in check([source], CheckSettings(select=("ALL",))):
        assert 0 <= one.hit.start <= one.hit.end <= len(source.text)
        assert 1 <= one.line <= len(lines)
        assert one.column >= 1


def test_the_clean_file_is_clean() -> None:
    path = FOLDER / "clean.bib"
    source = CheckedFile.from_bytes(path.read_bytes(), path.name)
    assert [f"{one.line} {one.code} {one.hit.message}" for one in check([source], CheckSettings(select=("ALL",)))] == []
    assert len(source.entries) == 4


def test_no_fixture_without_a_rule() -> None:
    known = {code.lower() for code in CODES} | {"clean"}
    assert {path.name.partition(".")[0] for path in FOLDER.iterdir()} == known


def test_the_table_lists_every_module_once() -> None:
    folder = Path(faults.__file__).parent / "rules"
    assert sorted(MODULES) == sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")


def made_in(module: str) -> dict[str, Rule]:
    """The rules that a module makes, by the names they have there."""
    names = vars(import_module(f"bibtool.check.rules.{module}"))
    return {name: rule for name, rule in names.items() if isinstance(rule, Rule)}


def test_every_code_and_name_exists_once() -> None:
    made = [(rule.code, rule.name) for module in MODULES for rule in made_in(module).values()]
    assert len({code for code, _ in made}) == len({name for _, name in made}) == len(made)
    assert {code for code, _ in made} == set(rules())


@pytest.mark.parametrize("module", MODULES)
def test_a_rule_is_called_by_its_name(module: str) -> None:
    made = made_in(module)
    assert made
    for name, rule in made.items():
        assert rule.name.replace("-", "_") == name
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
        assert rule.code[:3] in GROUPS
        assert re.fullmatch(r"[A-Z]{3}[0-9]{3}", rule.code)


def test_the_order_is_that_of_groups_and_numbers() -> None:
    groups = list(GROUPS)
    assert list(rules()) == sorted(rules(), key=lambda code: (groups.index(code[:3]), code))


def test_each_rule_is_asked_in_one_way() -> None:
    for rule in rules().values():
        asked = [rule.on_field, rule.on_entry, rule.on_project]
        assert sum(check_ is not None for check_ in asked) == 1, rule.code
        assert bool(rule.fields) == (rule.on_field is not None), rule.code


@pytest.mark.parametrize("code", list(rules()))
def test_every_rule_says_what_why_and_how(code: str) -> None:
    rule = rules()[code]
    headings = re.findall(r"^## (.+)$", rule.doc, re.MULTILINE)
    assert [one for one in SECTIONS if one in headings] == headings
    assert {"What it does", "Why is this bad", "Known limits", "Example", "Use instead", "References"} <= set(headings)
    assert ("Fix" in headings) == rule.fixable
    assert rule.summary.endswith(".")


def examples(code: str) -> list[str]:
    """The blocks of BibTeX in a rule's page: the example, and what to use instead."""
    return re.findall(r"```bibtex\n(.*?)\n```", rules()[code].doc, re.DOTALL)


@pytest.mark.parametrize("code", [code for code in CODES if code not in {"SYN008", "VAL007"}])
def test_the_examples_of_a_page_are_what_they_say(code: str) -> None:
    """The example is found, what to use instead is not."""
    bad, good = (
        text if "@" in text.partition("{")[0] or text.startswith("%") else f"@article{{x,\n  {text}\n}}"
        for text in examples(code)
    )
    options = settings_of(code)
    assert check([CheckedFile.from_bytes(bad.encode(), "bad.bib")], options)
    assert not check([CheckedFile.from_bytes(good.encode(), "good.bib")], options)


def test_the_page_of_the_rules_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), HOW


def test_every_fault_of_the_document_model_has_a_rule() -> None:
    """A new code in the scanner is claimed on purpose, or is one that makes an entry unreadable."""
    broken = {
        "missing-brace",
        "missing-quote",
        "stray-text",
        "bad-key",
        "bad-value",
        "preamble-not-closed",
        "missing-type",
    }
    codes = {name.partition("/")[0] for name in WORDS}
    assert codes
    assert codes - set(faults.CLAIMS) <= broken
    assert set(faults.CLAIMS.values()) <= set(rules())


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ("isbn = {978-0-306-40615-7, 0-8044-2957-X}", "IDS004"),
        ("isbn = {0306406152 9780801486395}", "IDS004"),
        ("issn = {0028-0836 (Print) 1476-4687 (Electronic) 0010-4620}", "IDS005"),
        ("year = {2001, May}", "VAL001"),
        ("year = {Spring 2001}", "VAL001"),
        ("year = {[2021] \\copyright 2021}", "VAL001"),
        ("isbn = {0801486394 (pbk. : acid-free)}", ""),
        ("isbn = {ISBN 978-0-306-40615-7}", ""),
        ("issn = {ISSN-1042-1629}", ""),
        ("issn = {0028-0836 (Print) 1476-4687 (Electronic)}", ""),  # the reader takes the first; both are right
        ("year = {ca. 1850}", ""),
        ("year = {2001--2003}", ""),
    ],
)
def test_check_agrees_with_what_readers_take(fields: str, code: str) -> None:
    source = f"@book{{k, author = {{Doe, Jane}}, title = {{T}}, publisher = {{P}}, {fields}}}\n"
    options = CheckSettings(select=("IDS004", "IDS005", "VAL001"))
    found = check([CheckedFile.from_bytes(source.encode(), "a.bib")], options)
    assert {finding.code for finding in found} == ({code} if code else set())


@pytest.mark.parametrize(
    ("fields", "hint"),
    [
        ("month = {May 2001}", "write may, and year = {2001}"),
        ("year = 2001, month = {May 2001}", "write may, without the year"),
        ("date = {2001}, month = {May 2001}", "write may, without the year"),
        ("year = 2001, month = {May 3}", 'write may # "~3", or a date field'),
    ],
)
def test_what_to_do_with_more_than_a_month(fields: str, hint: str) -> None:
    file = CheckedFile.from_bytes(f"@misc{{a, title = {{T}}, {fields}}}".encode(), "a.bib")
    assert [found.hit.hint for found in check([file], settings_of("VAL006"))] == [hint]
