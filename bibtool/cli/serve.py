"""``bibtool serve``: the library as pages in the browser, on this computer only; and the server for `bibtool cv`."""

from __future__ import annotations

import errno
import os
import secrets
import socketserver
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import click

from bibtool.cli.common import App, NumberWithin, common_options, library_option
from bibtool.errors import BibtoolError
from bibtool.web.serve import TOKEN, Guard, Request, answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bibtool.model.record import Record
    from bibtool.web.serve import Site

ADDRESS = "127.0.0.1"


class LocalServer(ThreadingHTTPServer):
    """A server of one site on loopback; a client that does not go on is dropped after some seconds.

    Its addresses hold a random token, new in each run, which keeps out other users of the computer; there is no option
    to do without.
    """

    # where it means "take a port that somebody listens on" it must not be set (Windows)
    allow_reuse_address = os.name != "nt"
    daemon_threads = True
    block_on_close = False

    def __init__(self, site: Site, port: int = 0) -> None:
        """Listens from here on; raises `BibtoolError` where the port is taken."""
        self.site = site
        self._token, self._once = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        self.guard = Guard(self._token, self._once)
        try:
            super().__init__((ADDRESS, port), _Handler)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise BibtoolError(
                    f"port {port} is in use", hint="choose another one, or leave out --port to get a free one"
                ) from None
            if error.errno == errno.EACCES:
                raise BibtoolError(f"no permission to use port {port}", hint="choose a port above 1023") from None
            raise

    def server_bind(self) -> None:
        """Bind without asking the name service for this computer's name, as the standard server does."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = ADDRESS, self.server_address[1]

    @property
    def base(self) -> str:
        """The address of the first page for a browser that has been let in."""
        return f"http://{ADDRESS}:{self.server_port}/"

    @property
    def url(self) -> str:
        """The address that lets in."""
        return f"{self.base}?{TOKEN}={self._token}"

    @property
    def url_once(self) -> str:
        """The address that lets in a single time."""
        return f"{self.base}?{TOKEN}={self._once}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore clients that go away; report anything else in one line."""
        del request, client_address
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError | TimeoutError):
            click.echo(f"bibtool: {type(error).__name__} while a page was sent: {error}", err=True)

    @contextmanager
    def running(self) -> Iterator[str]:
        """Serve in a thread while the block runs; gives the address."""
        thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield self.url
        finally:
            self.shutdown()
            thread.join()
            self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: LocalServer
    timeout = 10
    # what can't be read as a request is answered by the base class; nothing of it is sent back
    error_content_type = "text/plain; charset=utf-8"
    error_message_format = "This is not a request.\n"

    def _answer(self) -> None:
        response = answer(
            Request(
                method=self.command,
                target=self.path,
                hosts=tuple(self.headers.get_all("Host", ())),
                if_none_match=self.headers.get("If-None-Match", ""),
                cookie="; ".join(self.headers.get_all("Cookie", ())),
            ),
            self.server.site,
            port=self.server.server_port,
            guard=self.server.guard,
        )
        self.send_response(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(response.body)

    def __getattr__(self, name: str) -> Callable[[], None]:
        # the standard handler looks for do_GET, do_POST ...: all methods are answered in one place
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def version_string(self) -> str:
        """The program's name, without a version."""
        return "bibtool"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class calls it so)
        """Log nothing."""


def run_server(server: LocalServer, app: App, *, open_browser: bool = False) -> int:
    """Exit code 0 after Ctrl-C; prints the address on standard output first."""
    try:
        click.echo(server.url)
        sys.stdout.flush()
        app.say("press Ctrl-C to stop")
        if open_browser:
            import webbrowser

            # the command line of a browser can be read by everybody on the computer
            if not webbrowser.open(server.url_once):
                app.say("no browser could be started; open the address yourself")
        server.serve_forever()
    except KeyboardInterrupt:
        return 0
    finally:
        server.server_close()
    return 0


def reference_maker(app: App, name: str, locale: str | None) -> Callable[[Record], str]:
    """A function from a record to its reference as HTML; a CSL style is read once, here."""
    from bibtool.cli.formatted import find_style, render_list
    from bibtool.model.standins import presented
    from bibtool.project.formatted import checked_locale
    from bibtool.styles.processor import Processor
    from bibtool.styles.pybtex_styles import STYLES

    if name in STYLES or name.endswith(".bst"):
        return lambda record: render_list([record], "html", app=app, style=name, page=False)[0].decode()
    style, language = find_style(app, name), checked_locale(locale)

    def reference(record: Record) -> str:
        processor = Processor(style, [presented(record)], locale=language, output="html", links=True)
        return str(processor.bibliography())

    return reference


EPILOG = """\b
Examples:
  bibtool serve --open
  bibtool serve --port 8123 --style nature
"""


@click.command(epilog=EPILOG)
@click.option(
    "--port",
    type=NumberWithin(0, 65535),
    default=0,
    show_default=True,
    help="The port to listen on; 0 picks a free one.",
)
@click.option("--style", metavar="NAME", help="Style of the references, see `bibtool styles` (default: apa).")
@click.option("--locale", metavar="LANG", help="Language of the references, e.g. de-DE.")
@click.option("--open", "open_browser", is_flag=True, help="Open the browser.")
@library_option
@common_options
@click.pass_obj
def command(app: App, port: int, style: str | None, locale: str | None, open_browser: bool) -> int:
    """Show the library in the browser: search and filter it, and copy the reference or BibTeX of a record.

    Read-only and on this computer only (127.0.0.1), until you press Ctrl-C. The address holds a token that keeps out
    other users of the computer. Open pages follow every change of the library.
    """
    from functools import partial
    from pathlib import Path
    from urllib.parse import urlsplit

    from bibtool.store import open_library
    from bibtool.web.librarysite import LibrarySite

    with app.open_library():  # reports what is wrong with it, and upgrades an old one
        pass
    name = app.style_name(style)
    location = app.library_location()
    opener = partial(open_library, location, create=False, read_only=True)
    site = LibrarySite(
        opener,
        reference_maker(app, name, locale),
        name,
        Path(urlsplit(location).path if "://" in location else location).name,
    )
    return run_server(LocalServer(site, port), app, open_browser=open_browser)
