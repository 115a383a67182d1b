"""``bibtool verify --fix`` and ``--diff``: what a source states, written into BibTeX files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.cli.common import count, load_input, show_diff, shown_path
from bibtool.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.cli.common import App
    from bibtool.project.verify import Place, Verified


def refuse_others(targets: Sequence[str]) -> None:
    """Raises `UsageError` for a target that is not a BibTeX file."""
    from pathlib import Path

    for target in targets or ("",):
        if Path(target).suffix.casefold() != ".bib":
            raise UsageError(
                f"{target or 'the library'} is not a .bib file, so --fix and --diff can't change it",
                hint="`bibtool enrich` completes records of the library",
            )


def fix_files(
    app: App, targets: Sequence[str], results: Sequence[tuple[Verified, Place]], *, write: bool
) -> list[tuple[Verified, Place]]:
    """The verdicts after the fixes, which are shown as a diff and written if ``write``."""
    from bibtool.bib.document import Document
    from bibtool.files import read_for_rewrite, rewrite
    from bibtool.project.refresh import apply_to_document, entries_of
    from bibtool.project.verify_fix import fix

    after = list(results)
    for target in dict.fromkeys(targets):
        places = [at for at, (_, place) in enumerate(results) if place.path == shown_path(target)]
        original = read_for_rewrite(target)
        document = Document.from_bytes(original.data, path=target)
        if original.data != load_input(target) or len(places) != len(entries_of(document)):
            app.say(f"{target}: not changed: its entries could not all be read")
            continue
        fixed = [fix(results[at][0]) for at in places]
        changed, failed = apply_to_document(document, [each.change for each in fixed])
        if changed.text == document.text:
            continue
        show_diff(document.text, changed.text, target, "fixed")
        done = {
            at: each
            for at, each in zip(places, fixed, strict=True)
            if each.fields and each.before.record.key not in failed
        }
        fields = sum(len(each.fields) for each in done.values())
        if write:
            for at, each in done.items():
                after[at] = each.after, results[at][1]
            rewrite(original, changed.to_bytes())
        verb = "fixed" if write else "can be fixed with --fix:"
        app.say(f"{target}: {verb} {count(fields, 'field')} of {count(len(done), 'entry', 'entries')}")
    return after
