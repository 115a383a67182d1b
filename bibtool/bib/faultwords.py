"""The faults of BibTeX's syntax: what each is called, says and advises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.problems import Severity
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

# code, with a slash and a word if several faults have it -> message and hint
_ERRORS: Mapping[str, tuple[str, str]] = {
    "bad-key": (
        "after the key a comma or {0} was expected, but {1!r} was found",
        "write the entry as @type{{key, field = {{value}}}}",
    ),
    "bad-value": ("{0!r} can't begin the value of {1!r}", "put the value in braces"),
    "bad-value/missing": ("the value is missing", "put the value in braces"),
    "conflict-marker": ("a merge left its marker here", "decide for one side of the conflict and remove the markers"),
    "missing-brace/after-type": ("@{0} is not followed by a brace", "write @type{{key, field = {{value}}}}"),
    "missing-brace/in-field": (
        "the value of {0!r} seems to lack its closing brace: other fields follow inside of it",
        "add the missing }} at the end of the value",
    ),
    "missing-brace/of-entry": (
        "the {0} that opens this entry is never closed",
        "add the missing {1} at the end of the entry",
    ),
    "missing-brace/of-value": (
        "the brace that opens the value of {0!r} is never closed",
        "add the missing }} at the end of the value",
    ),
    "missing-comma/after-key": (
        "there is no comma between the key {0!r} and the first field",
        "add a comma after the key",
    ),
    "missing-comma/after-value": ("there is no comma after the value of {0!r}", "add a comma after the value"),
    "missing-equals": ("there is no = after the field name {0!r}", "add the ="),
    "missing-key": ("this entry has no key", "write the key and a comma before the first field"),
    "missing-quote": (
        "the quote that opens the value of {0!r} is not closed, or a brace inside it is unbalanced",
        'add the missing "',
    ),
    "missing-type": ("there is no entry type after this @", "write @type{{key, ...}}"),
    "no-delimiters/word": (
        "the value of {0!r} is neither a number nor a macro and has no braces",
        "put the value in braces",
    ),
    "no-delimiters/words": ("the value of {0!r} has neither braces nor quotes", "put the value in braces"),
    "preamble-not-closed": ("this @preamble is never closed by a {0}", "add the missing {0}"),
    "quote-in-quotes": (
        "the value of {0!r} has a quote inside its quotes",
        'write the inner quote as {{"}}, or put the value in braces',
    ),
    "stray-text/after-value": (
        "after the value of {0!r} a comma or {1} was expected, but {2!r} was found",
        "check the braces and quotes of this value, or remove the stray text",
    ),
    "stray-text/no-equals": ("{0!r} is not followed by =", "remove the stray text, or write it as field = {{value}}"),
    "stray-text/no-name": (
        "a field name or {0} was expected, but {1!r} was found",
        "remove the stray text, or write it as field = {{value}}",
    ),
    "text-outside": (
        "this looks like a part of an entry, but no entry is open here, so it is not read",
        "check whether the entry before has a closing brace too many",
    ),
}
_WARNINGS: Mapping[str, tuple[str, str]] = {
    "block-in-text": (
        (
            "this block begins in the middle of a line of text, and BibTeX reads it: a % or other text before it "
            "does not switch it off"
        ),
        "put it on a line of its own, or write @comment{{...}} around it to switch it off",
    ),
    "block-in-value": (
        "a line inside a value looks like the beginning of an entry; it was read as part of the value",
        "check whether a closing brace is missing before it",
    ),
    "comment-in-entry": (
        "a % does not start a comment inside an entry: BibTeX stops here, biber reads on",
        "move the comment out of the entry",
    ),
    "comment-not-closed": (
        "the brace of this @comment is never closed; it was taken to end before the next block",
        "add the missing }} at the end of the comment",
    ),
    "duplicate-field": ("the field {0!r} occurs twice; BibTeX uses the first one", "remove one of the two"),
    "duplicate-key": (
        "the key {0!r} is already taken by the entry on line {1}",
        "give one of the entries another key, or remove it",
    ),
    "empty-key": ("this entry has an empty key, so nothing can cite it", "give the entry a key"),
    "encoding": ("the file is {0}, which BibTeX can't read", "save the file as UTF-8"),
    "extra-comma": ("one comma too many", "remove the comma"),
    "field-name-space": ("the field name {0!r} contains white space", "write the name as one word"),
    "key-space": ("the key {0!r} contains white space, which BibTeX refuses", "take the space out of the key"),
    "macro-cycle": ("the macro {0!r} is defined by itself", "give {0} a text"),
    "macro-too-early": ("the macro {0!r} is used before the @string that defines it", "move the @string of {0} up"),
    "macro-too-long": ("the macro {0!r} expands to far too much text", "write the text of {0} out"),
    "missing-piece": ("nothing follows the #", "remove the #"),
    "missing-value": ("the field {0!r} has no value", "give it a value, or remove it"),
    "nul": ("there is a NUL character in the file, which BibTeX can't read", "remove it"),
    "preamble-value": ("the text of this @preamble is neither in quotes nor in braces", 'write @preamble{{"text"}}'),
    "string-empty": (
        "this @string defines no macro; BibTeX wants exactly one",
        'write one @string{{name = "text"}} for each macro',
    ),
    "string-several": (
        "this @string defines several macros; BibTeX wants exactly one",
        'write one @string{{name = "text"}} for each macro',
    ),
    "undefined-macro": (
        "no @string defines the macro {0!r}",
        "add @string{{{0} = {{...}}}}, or put the text in braces",
    ),
}
_NOTES: Mapping[str, tuple[str, str]] = {
    "block-in-comment": (
        "what looks like an entry is inside a @comment and is not read",
        "move it out of the @comment if it is to be read",
    ),
}
_SEVERITIES = {
    name: severity
    for severity, faults in ((Severity.ERROR, _ERRORS), (Severity.WARNING, _WARNINGS), (Severity.NOTE, _NOTES))
    for name in faults
}
WORDS = {**_ERRORS, **_WARNINGS, **_NOTES}


class Fault(NamedTuple):
    """One finding inside a block: ``at`` is the offset in the text, ``hint`` says what to do about it."""

    code: str
    at: int
    message: str
    hint: str
    severity: Severity


def fault_of(name: str, at: int, *details: object) -> Fault:
    """The fault of that name in the tables above, at ``at``; ``details`` go into message and hint."""
    message, hint = WORDS[name]
    return Fault(name.partition("/")[0], at, message.format(*details), hint.format(*details), _SEVERITIES[name])
