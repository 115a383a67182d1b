"""Few lines for many findings: one for each kind, with a count and the first keys."""

from __future__ import annotations

from bibtool.problems import Position, Problem, Severity
from bibtool.project.changes import Change
from bibtool.project.findings import MAX_ERRORS, change_lines, first_keys, grouped


def problem(code: str, key: str | None, severity: Severity = Severity.NOTE, line: int = 1, path: str = "p") -> Problem:
    return Problem(
        code=code, message=f"about {key}", severity=severity, key=key, position=Position(path, line, 1), hint="do it"
    )


def test_the_first_keys() -> None:
    assert first_keys(["a"]) == "a"
    assert first_keys(list("abcdef")) == "a, b, c, d, e, f", "`and 1 more` would be as long as the key"
    assert first_keys(list("abcdefg")) == "a, b, c, d, e and 2 more"


def test_notes_of_a_kind_are_one_line() -> None:
    notes = [problem("only-in-lock", key) for key in "ab"] + [problem("key-case", "c")]
    first, second = grouped(notes)
    assert first.message == "2 cited entries are no longer in their sources; the lock's data is used: a, b"
    assert (first.position, first.hint, second) == (Position("p"), "do it", notes[2])
    far, near = problem("only-in-lock", "a"), problem("only-in-lock", "b", path="q")
    assert grouped([far, near])[0].position == Position()
    assert grouped([]) == []


def test_errors_keep_a_line_for_each_key() -> None:
    errors = [problem("undefined-key", f"k{line}", Severity.ERROR, line) for line in range(30, 0, -1)]
    lines = grouped([*errors, errors[-1]])
    assert [line.key for line in lines[:2]] == ["k1", "k2"], "in the order of their places"
    assert lines[0].message == "about k1 (and 1 more place)"
    assert len(lines) == MAX_ERRORS + 1
    assert lines[-1].message == "20 more like this; -v lists all"
    assert [line.hint for line in lines] == [None] * MAX_ERRORS + ["do it"]
    assert len(grouped(errors[: MAX_ERRORS + 1])) == MAX_ERRORS + 1, "one more is shown, not counted"


def test_one_code_as_error_and_as_note() -> None:
    both = [problem("undefined-key", "a", Severity.ERROR), problem("undefined-key", "b")]
    assert grouped(both) == both


def change(what: str, key: str, file: str = "refs.bib", detail: str = "") -> Change:
    return Change(file=file, what=what, key=key, detail=detail)


def test_changes_of_a_kind_are_one_line() -> None:
    changes = [
        change("added", "a"),
        change("added", "b"),
        change("added", "@string s"),
        change("changed", "c", detail="year: '1' -> '2'"),
        change("removed", "d", detail="not cited"),
        change("removed", "e", detail="not cited"),
        change("removed", "@string t"),
        change("added", "a", "bibtool.lock"),
        change("added", "b", "bibtool.lock"),
        change("updated", "c", "bibtool.lock", "all.bib has changed"),
        change("removed", "d", "bibtool.lock"),
        change("removed", "f", "bibtool.lock"),
    ]
    assert change_lines(changes, "bibtool.lock") == [
        "refs.bib: added 2 entries: a, b",
        "refs.bib: changed c (year: '1' -> '2')",
        "refs.bib: removed 2 entries (not cited): d, e",
        "refs.bib: removed @string t",
        "bibtool.lock: updated c (all.bib has changed)",
        "bibtool.lock: removed 2 entries: d, f",
    ]
