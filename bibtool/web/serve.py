"""Local pages: from a request to its response, without a socket. `bibtool.cli.serve` is the rim with the socket.

Besides its user, two could reach a server on loopback. A page of the web that the same browser shows: so only the names
of loopback are accepted as the host (a foreign name that was made to point here, "DNS rebinding", is refused), nothing
but GET and HEAD is answered, no other site may read a response or show it in a frame, and nothing is ever changed. And
other users of the same computer: so the first visit needs the token of this run, see `Guard`. There are no files: a
path is compared as a whole and never resolved.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import parse_qsl, quote, urlencode

from bibtool.errors import BibtoolError
from bibtool.structs import dataclass, field
from bibtool.web.pages import asset, attribute, source_hash, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

HOSTS: Final = ("127.0.0.1", "localhost")
MAX_TARGET: Final = 8192
MAX_FIELDS: Final = 20
HTML: Final = "text/html; charset=utf-8"
PLAIN: Final = "text/plain; charset=utf-8"
TOKEN: Final = "token"  # noqa: S105  (the field of the address that holds it)
_STRANGER: Final = "Open the address that bibtool printed when it started: it ends in a token that lets you in."


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request: its method, its target as it was sent, every ``Host`` header, and two headers that may be missing."""

    method: str
    target: str
    hosts: Sequence[str]
    if_none_match: str = ""
    cookie: str = ""


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
        """The page of a path, or None for an unknown path; may raise `BibtoolError`."""


class Guard:
    """Keeps out whoever does not know the token of this run. Called from several threads at once.

    ``token`` is in the address that is printed; a browser that has shown it once has it as a cookie from then on.
    ``once`` opens the door a single time: for the address on the command line of a browser, which all users of the
    computer can read.
    """

    def __init__(self, token: str, once: str = "") -> None:
        self._token = token.encode()
        self._once = [once.encode()] if once else []

    def has_entered(self, cookie: str, port: int) -> bool:
        """Whether a ``Cookie`` header has the token; cookies are those of the host, so the name says the port."""
        pairs = (pair.strip().partition("=") for pair in cookie.split(";"))
        values = [value for name, _, value in pairs if name == _cookie_name(port)]
        return sum(_same(value, self._token) for value in values) > 0

    def may_enter(self, token: str) -> bool:
        """Whether the token of an address is the one of this run, or the one for a single visit."""
        if _same(token, self._token):
            return True
        if not self._once or not _same(token, self._once[0]):
            return False
        try:
            self._once.pop()
        except IndexError:  # another thread was faster
            return False
        return True

    def cookie(self, port: int) -> str:
        """The ``Set-Cookie`` header: not for scripts, and not sent with requests that another site causes."""
        return f"{_cookie_name(port)}={self._token.decode()}; Path=/; HttpOnly; SameSite=Strict"


def _cookie_name(port: int) -> str:
    return f"bibtool-{port}"


def _same(given: str, secret: bytes) -> bool:
    """Whether they are the same, in a time that does not depend on how much of it is."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), secret)


def answer(request: Request, site: Site, *, port: int, guard: Guard | None = None) -> Response:
    """The response to a request; never raises for what a client sends. Without a ``guard`` everybody is let in."""
    allowed = {f"{host}:{port}" for host in HOSTS} | (set(HOSTS) if port == 80 else set())
    if len(request.hosts) != 1 or request.hosts[0].strip().lower() not in allowed:
        return _plain(403, f"This server answers to http://127.0.0.1:{port}/ only.")
    if request.method not in {"GET", "HEAD"}:
        return _plain(405, "This server is read-only.", ("Allow", "GET, HEAD"))
    if not request.target.startswith("/") or len(request.target) > MAX_TARGET:
        return _plain(400, "This is not an address of this server.")
    path, _, fields = request.target.partition("?")
    try:
        query = dict(parse_qsl(fields, max_num_fields=MAX_FIELDS, errors="replace"))
    except ValueError:
        return _plain(400, "Too many fields in the address.")
    if guard is not None:
        token = query.pop(TOKEN, "")
        if token and guard.may_enter(token):
            return _entrance(path, query, guard.cookie(port), head=request.method == "HEAD")
        if not guard.has_entered(request.cookie, port):
            return _plain(403, _STRANGER, head=request.method == "HEAD")
    try:
        if path == "/version":
            return _plain(200, site.version(), head=request.method == "HEAD")
        page = site.page(path, query)
    except BibtoolError as error:
        if path == "/version":
            return _plain(503, str(error))
        page = failure(503, "The page could not be made", str(error), error.hint or "")
    if page is None:
        page = failure(404, "Page not found", "", "")
    return _respond(request, page)


def _entrance(path: str, query: Mapping[str, str], cookie: str, *, head: bool) -> Response:
    """A page that gives the cookie and goes on to the same address without the token.

    It is a page and no redirect: a browser that was sent here by another program or page does not send a strict cookie
    with a redirect, but does with a step that our own page makes.
    """
    onward = quote(path, safe="/") + (f"?{urlencode(query, errors='replace')}" if query else "")
    if not onward.startswith("/") or onward.startswith("//"):
        onward = "/"
    body = (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="refresh" content="0;url={attribute(onward)}">\n<title>bibtool</title>\n</head>\n'
        f'<body><p><a href="{attribute(onward)}">Continue</a></p></body>\n</html>\n'
    ).encode()
    headers = (
        ("Content-Type", HTML),
        ("Content-Length", str(len(body))),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("Set-Cookie", cookie),
        *_ALWAYS[:-1],
        ("Cache-Control", "no-store"),
    )
    return Response(status=200, headers=headers, body=b"" if head else body)


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
# ours passed on to the sites that are linked, and always asking whether something has changed
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
    """A page in the look of this server that reloads itself when the version has changed.

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
    body = f'<main>\n<h1>{text(title)}</h1>\n{told}<p><a href="/">All records</a></p>\n</main>\n'
    # a page that does not exist will not exist in a later version; anything else may be fixed meanwhile
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
