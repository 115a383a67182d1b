"""A page that is made again when the files that it comes from change, shown in the browser on this computer."""

from __future__ import annotations

import hashlib
from threading import Lock
from typing import TYPE_CHECKING

from bibtool.cli.serve import LocalServer, run_server
from bibtool.cli.watch import stamp
from bibtool.errors import BibtoolError
from bibtool.web.serve import PreviewSite

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bibtool.cli.common import App


class Remade:
    """Gives the page and its version; the page, or the error, that was made last as long as no file has changed.

    Called by several threads; one of them makes it.
    """

    def __init__(self, make: Callable[[], bytes], paths: Callable[[], set[Path]]) -> None:
        self._make = make
        self._paths = paths
        self._lock = Lock()
        self._stamp: object = None
        self._made: tuple[bytes, str] | BibtoolError | None = None

    def __call__(self) -> tuple[bytes, str]:
        """The bytes and their version; raises what the making raised."""
        with self._lock:
            now = stamp(self._paths())
            if self._made is None or now != self._stamp:
                self._stamp = now
                try:
                    page = self._make()
                    self._made = page, hashlib.sha256(page).hexdigest()[:16]
                except BibtoolError as error:
                    self._made = error
            if isinstance(self._made, BibtoolError):
                raise self._made
            return self._made


def preview(app: App, make: Callable[[], bytes], paths: Callable[[], set[Path]], *, open_browser: bool) -> int:
    """Show the page until Ctrl-C; exit code 0."""
    server = LocalServer(PreviewSite(Remade(make, paths), title="Publications"))
    return run_server(server, app, open_browser=open_browser)
