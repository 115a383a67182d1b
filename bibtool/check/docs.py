"""The page of the rules, made from their docstrings; ``python -m tests.check.golden`` rewrites it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.selectors import GROUPS
from bibtool.check.table import rules

if TYPE_CHECKING:
    from bibtool.check.rule import Rule

_HEAD = """# Rules of `bibtool check`

<!-- Made from the rule modules by `python -m tests.check.golden`; don't edit. -->

Choose rules with `--select` and `--ignore`, by code (`IDS001`), by the beginning of codes (`IDS`), by name
(`malformed-doi`) or `ALL`; or in `bibtool.toml`:

```toml
[check]
select = ["SYN", "KEY", "DUP"]
ignore = ["DUP003"]
dialect = "biblatex"          # "bibtex", or "auto": each file by what it uses; default: that of [refs], else auto

[check.per-file-ignores]
"old/*.bib" = ["TXT"]
```

A comment switches rules off: `% bibtool: ignore=IDS001,VAL` for the entry on the next line, `% bibtool: ignore` for all
rules, `% bibtool: ignore-file=TXT` for the whole file; after something else on the same line it is for that line only.

To begin with an old file, fix what is safe (`bibtool check --fix`), then let `bibtool check --add-ignores` write such
a comment for everything that remains: from then on only new findings are reported, and each comment that you delete
brings its finding back.

`--fix` fixes what is marked *fixable*, where that is safe; `--diff` shows what it would do. Findings of severity *note*
don't change the exit code. Several files are checked together: a key in one of them may not occur in another, and a
`crossref` parent or a `@string` may be in any of them. Files that are found in a folder are only compared with those in
the same folder. Without arguments `bibtool check` takes the output and the .bib sources of `bibtool.toml`, or all .bib
files in the current folder and below.

`--output-format` gives the findings as `text`, `concise` (one line each: `path:line:column: CODE message`),
`github` (annotations), `sarif` (SARIF 2.1.0) or `json`. The JSON is one object: `version` (1), `files`, `entries`
(their number), `summary` (`findings`, `errors`, `warnings`, `notes`, `fixable`, `fixed`), and the lists `findings`
and `fixed`. A finding has `code`, `name`, `severity`, `message`, `path`, `line`, `column`, `end_line`, `end_column`
(from 1, columns in characters, the end after the last one), `key`, `hint`, `fix` (null, or `description` and
`edits`) and `related` (other places). Fields may be added; none is renamed or removed while `version` is 1.
"""


def page() -> str:
    """The whole page in Markdown."""
    parts = [_HEAD]
    for prefix, title in GROUPS.items():
        group = [rule for rule in rules().values() if rule.code.startswith(prefix)]
        parts.append(f"## {title} ({prefix})\n")
        parts.append("| Code | Name | Severity | On | Fixable | What it finds |\n|---|---|---|---|---|---|")
        parts += [_row(rule) for rule in group]
        parts.append("")
    parts += [explain(rule, level=2) for rule in rules().values()]
    return "\n".join(parts).rstrip("\n") + "\n"


def _row(rule: Rule) -> str:
    summary = rule.summary.replace("|", "\\|")
    on, fixable = ("yes" if flag else "no" for flag in (rule.default, rule.fixable))
    anchor = f"{rule.code}-{rule.name}".lower()
    return f"| [{rule.code}](#{anchor}) | {rule.name} | {rule.severity} | {on} | {fixable} | {summary} |"


def explain(rule: Rule, level: int = 1) -> str:
    """One rule in Markdown; its own headings are one level below ``level``."""
    first, _, rest = rule.doc.partition("\n")
    state = f"Severity: {rule.severity}. {'On' if rule.default else 'Off'} by default."
    if rule.fixable:
        state += " Fixable with `--fix`."
    rest = "\n".join("#" * (level - 1) + line if line.startswith("## ") else line for line in rest.strip().splitlines())
    return f"{'#' * level} {rule.code} {rule.name}\n\n{first}\n\n{state}\n\n{rest}\n"


def listing() -> str:
    """All rules, one per line: code, on or off, fixable, name, what it finds."""
    width = max(len(rule.name) for rule in rules().values())
    return "".join(
        f"{rule.code}  {'on ' if rule.default else 'off'}  {'*' if rule.fixable else ' '}  {rule.name:<{width}}  "
        f"{rule.summary}\n"
        for rule in rules().values()
    )
