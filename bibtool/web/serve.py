"""Local pages: from a request to its response, without a socket. `bibtool.cli.serve` is the rim with the socket.

Who could reach a server on loopback beside its user: a page of the web that the same browser shows. So only the names
of loopback are taken as the host (a foreign name that was made to point here, "DNS rebinding", is refused), nothing
but GET and HEAD is answered, no other site may read a response or show it in a frame, and nothing is ever changed.
There are no files, so a path is compared as a whole and never resolved.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import parse_qsl

from bibtool.errors import BibtoolError
from bibtool.web.pages import asset, attribute, source_hash, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

HOSTS: Final = ("127.0.0.1", "localhost")
MAX_TARGET: Final = 8192
MAX_FIELDS: Final = 20
HTML: Final = "text/html; charset=utf-8"
PLAIN: Final = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request: its method, its target as it was sent, every ``Host`` header, and the ``If-None-Match`` header."""

    method: str
    target: str
    hosts: Sequence[str]
    if_none_match: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A response; a body is never sent to HEAD, its length is."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a site has under an address. ``policy`` is its Content-Security-Policy."""

    body: bytes
    status: int = 200
    kind: str = HTML
    policy: str = "default-src 'none'; frame-ancestors 'none'"


class Site(Protocol):
    """Some pages that change together. Called from several threads at once."""

    def version(self) -> str:
        """Another string whenever a page may look different; asked for every two seconds by each open page."""

    def page(self, path: str, query: Mapping[str, str]) -> Page | None:
        """The page of a path, or None where there is none; may raise `BibtoolError`."""


def answer(request: Request, site: Site, *, port: int) -> Response:
    """The response to a request; never raises for what a client sends."""
    allowed = {f"{host}:{port}" for host in HOSTS} | (set(HOSTS) if port == 80 else set())
    if len(request.hosts) != 1 or request.hosts[0].strip().lower() not in allowed:
        return _plain(403, f"This server answers to http://127.0.0.1:{port}/ only.")
    if request.method not in {"GET", "HEAD"}:
        return _plain(405, "This server is read-only.", ("Allow", "GET, HEAD"))
    if not request.target.startswith("/") or len(request.target) > MAX_TARGET:
        return _plain(400, "This is no address of this server.")
    path, _, fields = request.target.partition("?")
    try:
        query = dict(parse_qsl(fields, max_num_fields=MAX_FIELDS, errors="replace"))
    except ValueError:
        return _plain(400, "There are too many fields in the address.")
    try:
        if path == "/version":
            return _plain(200, site.version(), head=request.method == "HEAD")
        page = site.page(path, query)
    except BibtoolError as error:
        if path == "/version":
            return _plain(503, str(error))
        page = failure(503, "The page could not be made", str(error), error.hint or "")
    if page is None:
        page = failure(404, "There is no such page", "", "")
    return _respond(request, page)


def _respond(request: Request, page: Page) -> Response:
    import hashlib

    tag = f'"{hashlib.sha256(page.body).hexdigest()[:32]}"'
    fresh = page.status == 200 and request.if_none_match.strip() == tag
    headers = [
        ("Content-Type", page.kind),
        ("Content-Security-Policy", page.policy),
        ("Content-Length", str(len(page.body))),
        ("ETag", tag),
        *_ALWAYS,
    ]
    if fresh:
        return Response(status=304, headers=tuple(pair for pair in headers if pair[0] != "Content-Length"), body=b"")
    return Response(status=page.status, headers=tuple(headers), body=b"" if request.method == "HEAD" else page.body)


# what Fetch and HTML let a server ask of browsers: no guessing of types, no reading by other sites, no address of
# ours told to the sites that are linked, and always asking whether there is something new
_ALWAYS: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-cache"),
)


def _plain(status: int, message: str, *more: tuple[str, str], head: bool = False) -> Response:
    body = f"{text(message)}\n".encode()
    headers = (
        ("Content-Type", PLAIN),
        ("Content-Length", str(len(body))),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        *_ALWAYS,
        *more,
    )
    return Response(status=status, headers=headers, body=b"" if head else body)


def html_page(
    title: str, body: str, *, version: str, status: int = 200, policy: str = "", klass: str = "", language: str = "en"
) -> Page:
    """A page in the look of this server that loads itself again when the version is no longer this one.

    ``body`` is markup; ``policy`` is added to the policy that allows only what the page itself needs.
    """
    style, script = f"{asset('_base.css')}\n{asset('_serve.css')}", asset("_serve.js")
    markup = (
        f'<!DOCTYPE html>\n<html lang="{attribute(language)}" data-version="{attribute(version)}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<link rel="icon" href="data:,">\n'
        f"<title>{text(title)}</title>\n<style>{style}</style>\n</head>\n"
        f"<body{f' class={klass}' if klass else ''}>\n{body}"
        f'<p id="state" role="status" hidden></p>\n<script>{script}</script>\n</body>\n</html>\n'
    )
    return Page(
        body=markup.encode("utf-8", "replace"),
        status=status,
        policy=(
            f"default-src 'none'; style-src {source_hash(style)}; script-src {source_hash(script)}; "
            "connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
            + (f"; {policy}" if policy else "")
        ),
    )


def failure(status: int, title: str, message: str, hint: str) -> Page:
    """A page that says what went wrong; it comes back by itself when the site does."""
    told = "".join(f"<p>{text(part)}</p>\n" for part in (message, hint) if part)
    body = f'<main>\n<h1>{text(title)}</h1>\n{told}<p><a href="/">To the start</a></p>\n</main>\n'
    # a page that is not there is not there in a later version either; anything else may be mended meanwhile
    return html_page(title, body, version="" if status >= 500 else "none", status=status)


@dataclass(frozen=True, slots=True)
class PreviewSite:
    """One page that somebody else makes, shown as it is in a frame that loads it again when its version changes.

    ``make`` gives the bytes and their version. It is called for every request, so it should hand out what was made
    before; what it raises (`BibtoolError`) is shown in place of the page. The frame keeps place and filter.
    """

    make: Callable[[], tuple[bytes, str]]
    title: str = "Preview"
    kind: str = field(default=HTML)

    def version(self) -> str:
        """The version of the page."""
        return self.make()[1]

    def page(self, path: str, query: Mapping[str, str]) -> Page | None:
        """``/`` is the frame, ``/page`` the page itself, byte for byte."""
        del query
        if path == "/page":
            return Page(body=self.make()[0], kind=self.kind, policy="frame-ancestors 'self'; base-uri 'none'")
        if path != "/":
            return None
        body = f'<iframe id="preview" src="/page" title="{attribute(self.title)}"></iframe>\n'
        return html_page(self.title, body, version=self.version(), policy="frame-src 'self'", klass="preview")
