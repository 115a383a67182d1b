"""What `bibtool search` does. Without click, see `bibtool.cli.direct`."""

from __future__ import annotations

from bibtool.cli.tables import show_records, show_rows

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.cli.app import App

LIMIT = 50


def run(app: App, *, words: Sequence[str], limit: int = LIMIT, as_json: bool = False) -> int:
    """The exit code of ``bibtool search`` with these words and options."""
    text, nothing = " ".join(words), "nothing found"
    if not as_json:
        with app.open_library() as library:
            rows = list(library.listed(text, limit=limit))
        return show_rows(rows, app=app, nothing=nothing)
    with app.open_library() as library:
        records = list(library.search(text, limit=limit))
    return show_records(records, as_json=as_json, app=app, nothing=nothing)
