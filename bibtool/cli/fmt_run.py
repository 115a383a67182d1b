"""What `bibtool fmt` does. Without click, see `bibtool.cli.direct`."""

from __future__ import annotations

from bibtool.cli.app import count, shown_path
from bibtool.cli.streams import complain, load_input, print_json, put_out
from bibtool.errors import BibtoolError, UsageError
from bibtool.formats.bibtex.tidy.options import option_table
from bibtool.problems import Severity
from bibtool.structs import replace

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from bibtool.cli.app import App
    from bibtool.formats.bibtex.tidy.options import TidyOptions
    from bibtool.problems import Problem

# problems of tidying itself
_OWN_CODES = frozenset({"fmt-not-sorted", "fmt-not-tidied", "no-latex-form"})


def run(
    app: App,
    *,
    files: Sequence[str],
    check: bool = False,
    diff: bool = False,
    fail_on_change: bool = False,
    as_json: bool = False,
    **chosen: Any,
) -> int:
    """The exit code of ``bibtool fmt`` with these files and options; ``chosen`` are those of `TidyOptions`."""
    from bibtool.files import read_for_rewrite, rewrite
    from bibtool.formats.bibtex.tidy.run import tidy

    options = _options(app, chosen)
    changed: list[str] = []
    renamed: dict[str, dict[str, str]] = {}
    code = 0
    for path in files:
        name = shown_path(path)
        try:
            original = None if path == "-" or check or diff else read_for_rewrite(path)
            data = load_input(path) if original is None else original.data
            result = tidy(data, options, name)
            code = max(code, _report(app, result.problems, name))
            if result.renamed:
                renamed[name] = dict(result.renamed)
            if result.data != data:
                changed.append(name)
            if diff:
                from bibtool.cli.common import show_diff

                before, after = (side.decode("utf-8", "replace") for side in (data, result.data))
                show_diff(before, after, path, "tidied")
            elif original is not None:
                rewrite(original, result.data)
            elif not check:
                put_out(result.data)
        except BibtoolError as error:
            if len(files) == 1:
                raise
            complain(str(error))
            code = 1
    if as_json:
        if not diff:
            print_json({"changed": changed, "renamed": renamed})
    else:
        _summary(app, files, changed, renamed, preview=check or diff)
    if changed and (check or fail_on_change):
        code = max(code, 1)
    return code


def _options(app: App, given: dict[str, Any]) -> TidyOptions:
    """The options of the command line over those of the project."""
    chosen: dict[str, Any] = {}
    for name, _, _, takes_names in option_table():
        value = given.get(name)
        if value is None:
            continue
        if takes_names:
            value = tuple(part.strip().lower() for part in value.split(",") if part.strip())
        chosen[name] = value
    options = replace(app.layout(), **chosen)
    if options.escape and options.unescape:
        raise UsageError("--escape and --unescape contradict each other")
    return options


def _report(app: App, problems: Sequence[Problem], name: str) -> int:
    """Report what kept a file or a part of it from being tidied; the exit code: 1 if a part can't be read.

    What is doubtful but was tidied all the same, such as a key that occurs twice, is for `bibtool check` to explain.
    """
    hindrances = [problem for problem in problems if problem.severity is Severity.ERROR or problem.code in _OWN_CODES]
    app.report(hindrances)
    others = sum(problem.severity is Severity.WARNING for problem in problems) - sum(
        problem.severity is Severity.WARNING for problem in hindrances
    )
    if others:
        app.say(f"{name}: {count(others, 'warning')}; `bibtool check {name}` shows {'it' if others == 1 else 'them'}")
    return int(any(problem.severity is Severity.ERROR for problem in hindrances))


def _summary(
    app: App, files: Sequence[str], changed: list[str], renamed: dict[str, dict[str, str]], *, preview: bool
) -> None:
    verb = "would be tidied" if preview else "tidied"
    for name in changed:
        app.say(f"{name}: {verb}")
        for old, new in renamed.get(name, {}).items():
            app.say(f"  key {old} -> {new}")
    if not changed:
        app.say("nothing to change" if len(files) == 1 else f"nothing to change in {count(len(files), 'file')}")
