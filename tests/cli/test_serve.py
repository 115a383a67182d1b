"""The library in the browser: what is answered and to whom, on a real socket of loopback, and as a browser shows it."""

from __future__ import annotations

import http.client
import itertools
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest

from bibtool.cli.common import App
from bibtool.cli.serve import LocalServer, reference_maker, run_server
from bibtool.errors import BibtoolError, LibraryError
from bibtool.model.names import Name, Names
from bibtool.model.record import Leftover, Provenance, Record, Verbatim
from bibtool.model.richtext import Text
from bibtool.store import open_library
from bibtool.web.librarysite import LibrarySite
from bibtool.web.serve import Guard, PreviewSite, Request, Response, answer
from tests.cli.runner import call, start
from tests.cv.sample import HOSTILE, entry
from tests.support.browser import DESKTOP, PHONE, Browser


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A library of 120 records."""
    found = tmp_path / "library.sqlite"
    with open_library(found) as library, library.change("fill") as change:
        for at in range(120):
            record = entry(f"key{at}", f"Title {at} of Étude", ["Bea Ash", f"Çelik Öz{at}"], 1990 + at % 30).record
            origin = {"title": Provenance(source="bibtex", detail="refs.bib:7", when="2024-01-02", confidence=0.5)}
            change.put(replace(record, provenance=origin))
    return found


def site_of(path: Path, reference: Callable[[Record], str] = lambda record: f"<i>{record.key}</i>") -> LibrarySite:
    return LibrarySite(partial(open_library, path, create=False, read_only=True), reference, "apa")


def get(site: LibrarySite | PreviewSite, target: str, *, method: str = "GET", **changes: object) -> Response:
    request = Request(method=method, target=target, hosts=("127.0.0.1:80",))
    return answer(replace(request, **changes), site, port=80)  # type: ignore[arg-type]  # the names are those of fields


def body(site: LibrarySite | PreviewSite, target: str) -> str:
    response = get(site, target)
    assert response.status == 200, response.body.decode()
    return response.body.decode()


def listed(markup: str) -> list[str]:
    return re.findall(r'<li><a class="title" href="/record\?key=([^"]*)"', markup)


# who is answered


@pytest.mark.slow
@pytest.mark.parametrize(
    "hosts",
    [(), ("evil.example",), ("evil.example:8123",), ("127.0.0.1",), ("127.0.0.1:81",), ("127.0.0.1.evil.example:8123",),
     ("[::1]:8123",), ("127.0.0.1:8123", "evil.example"), ("0.0.0.0:8123",), ("127.0.0.1:8123@evil.example",)],
)  # fmt: skip
def test_a_foreign_host_is_refused(path: Path, hosts: tuple[str, ...]) -> None:
    response = answer(Request(method="GET", target="/", hosts=hosts), site_of(path), port=8123)
    assert response.status == 403
    assert b"key1" not in response.body


@pytest.mark.slow
@pytest.mark.parametrize("host", ["127.0.0.1:8123", "localhost:8123", "LOCALHOST:8123"])
def test_loopback_is_answered(path: Path, host: str) -> None:
    assert answer(Request(method="GET", target="/", hosts=(host,)), site_of(path), port=8123).status == 200


@pytest.mark.slow
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "get", ""])
def test_only_reading_is_answered(path: Path, method: str) -> None:
    response = get(site_of(path), "/", method=method)
    assert response.status == 405
    assert ("Allow", "GET, HEAD") in response.headers


@pytest.mark.slow
@pytest.mark.parametrize(
    ("target", "status"),
    [("/../../etc/passwd", 404), ("/%2e%2e/", 404), ("/record/../", 404), ("//evil/", 404), ("http://x/", 400),
     ("*", 400), ("", 400), ("/?" + "a=1&" * 50, 400), ("/" + "a" * 9000, 400), ("/favicon.ico", 404), ("/record", 404),
     ("/record?key=key999", 404), ("/record?key=%FF%00", 404), ("/?q=%FF%00&from=-1&sort=nonsense", 200),
     ("/?from=99999999999999", 200), ("/?q=%22", 200), ("/?where=%00", 400), ("/?where=" + "(" * 500, 400)],
)  # fmt: skip
def test_odd_addresses(path: Path, target: str, status: int) -> None:
    response = get(site_of(path), target)
    assert response.status == status
    assert b"root:" not in response.body


@pytest.mark.slow
def test_no_other_site_may_read_or_frame_a_page(path: Path) -> None:
    for target in ("/", "/record?key=key1", "/version", "/nothing"):
        headers = dict(get(site_of(path), target).headers)
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert not [name for name in headers if name.startswith("Access-Control")]


@pytest.mark.slow
def test_head_says_the_length_only(path: Path) -> None:
    for target in ("/", "/version"):
        whole, head = get(site_of(path), target), get(site_of(path), target, method="HEAD")
        assert head.body == b""
        assert head.headers == whole.headers
        assert dict(head.headers)["Content-Length"] == str(len(whole.body))


@pytest.mark.slow
def test_a_page_that_did_not_change_is_not_sent_again(path: Path) -> None:
    site = site_of(path)
    tag = dict(get(site, "/").headers)["ETag"]
    again = get(site, "/", if_none_match=tag)
    assert (again.status, again.body) == (304, b"")
    assert get(site, "/?q=title", if_none_match=tag).status == 200


# the token


def guarded(site: LibrarySite, target: str, guard: Guard, **changes: object) -> Response:
    request = replace(Request(method="GET", target=target, hosts=("127.0.0.1:80",)), **changes)  # type: ignore[arg-type]
    return answer(request, site, port=80, guard=guard)


@pytest.mark.slow
@pytest.mark.parametrize("target", ["/", "/record?key=key1", "/version", "/nothing", "/?token=", "/?token=SECRE",
                                    "/?token=secret", "/?token=SECRET%00", "/?token=%FF", "/?q=SECRET"])  # fmt: skip
@pytest.mark.parametrize(
    "cookie",
    ["", "bibtool-80", "bibtool-80=", "bibtool-80=SECRE", "bibtool-81=SECRET", "x=SECRET", ";;=;", "bibtool-80=\xff"],
)
def test_without_the_token_nothing_is_shown(path: Path, target: str, cookie: str) -> None:
    response = guarded(site_of(path), target, Guard("SECRET"), cookie=cookie)
    assert response.status == 403
    assert b"Title" not in response.body
    assert "Set-Cookie" not in dict(response.headers)


@pytest.mark.slow
def test_the_token_lets_in_and_leaves_the_address(path: Path) -> None:
    guard = Guard("SECRET")
    response = guarded(site_of(path), "/record?token=SECRET&key=a%26b%22%3E", guard)
    assert response.status == 200
    headers = dict(response.headers)
    assert headers["Set-Cookie"] == "bibtool-80=SECRET; Path=/; HttpOnly; SameSite=Strict"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert b"SECRET" not in response.body
    assert b'content="0;url=/record?key=a%26b%22%3E"' in response.body
    assert guarded(site_of(path), "/version", guard, cookie="a=b; bibtool-80=SECRET").status == 200
    assert guarded(site_of(path), "//evil.example/?token=SECRET", guard).body.count(b"evil") == 0
    assert guarded(site_of(path), "/?token=SECRET", guard, method="HEAD").body == b""
    assert guarded(site_of(path), "/?token=SECRET", guard, hosts=("evil.example",)).status == 403


@pytest.mark.slow
def test_no_page_holds_the_token(path: Path) -> None:
    for target in ("/", "/?q=title", "/record?key=key1", "/nothing", "/version"):
        response = guarded(site_of(path), target, Guard("SECRET"), cookie="bibtool-80=SECRET")
        assert response.status != 403
        assert b"SECRET" not in response.body
        assert "SECRET" not in str(response.headers)


@pytest.mark.slow
def test_an_address_for_one_visit_works_once(path: Path) -> None:
    guard = Guard("SECRET", "ONCE")
    assert [guarded(site_of(path), "/?token=ONCE", guard).status for _ in range(2)] == [200, 403]
    assert guarded(site_of(path), "/?token=SECRET", guard).status == 200
    assert guarded(site_of(path), "/version", guard, cookie="bibtool-80=ONCE").status == 403


@pytest.mark.slow
def test_the_browser_is_started_with_the_address_for_one_visit(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    server = LocalServer(site_of(path))
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr(server, "serve_forever", lambda: None)
    assert run_server(server, App(quiet=True), open_browser=True) == 0
    assert opened == [server.url_once]
    assert server.url_once != server.url
    with LocalServer(site_of(path)).running() as another:  # no two runs share a token
        assert another.partition("=")[2] != server.url.partition("=")[2]


# the list


@pytest.mark.slow
def test_list_search_filter_and_order(path: Path) -> None:
    site = site_of(path)
    first = listed(body(site, "/"))
    assert len(first) == 100
    assert first[0] == "key119"  # newest first, then by title
    assert listed(body(site, "/?from=100")) == listed(body(site, "/?from=100&sort=-year,title"))
    assert len(set(first) | set(listed(body(site, "/?from=100")))) == 120
    assert listed(body(site, "/?q=etude+oz77")) == ["key77"]
    assert listed(body(site, "/?where=year%3D%3D2000&sort=key")) == ["key10", "key100", "key40", "key70"]
    assert listed(body(site, "/?q=title&where=year%3D%3D2000&sort=title")) == ["key10", "key100", "key40", "key70"]
    assert "4 of 120 records" in body(site, "/?where=year%3D%3D2000")
    assert "No matching records." in body(site, "/?q=nothing-like-it")


@pytest.mark.slow
def test_what_was_asked_stays_in_the_form(path: Path) -> None:
    markup = body(site_of(path), "/?q=%22title+7%22&where=year%3E1&sort=key")
    assert 'value="&quot;title 7&quot;"' in markup
    assert 'value="year&gt;1"' in markup
    assert '<option value="key" selected>' in markup
    assert "from=100&amp;" not in markup
    assert "/?where=year%3E1&amp;sort=key&amp;from=100" in body(site_of(path), "/?where=year%3E1&sort=key")


@pytest.mark.slow
def test_a_condition_that_cannot_be_read_is_told(path: Path) -> None:
    response = get(site_of(path), "/?where=yeer%3E2000")
    assert response.status == 400
    assert "did you mean 'year'?" in response.body.decode()
    assert 'aria-invalid="true" aria-describedby="wrong"' in response.body.decode()


def test_an_empty_library_says_how_to_fill_it(tmp_path: Path) -> None:
    with open_library(tmp_path / "empty.sqlite"):
        pass
    markup = body(site_of(tmp_path / "empty.sqlite"), "/")
    assert "bibtool import FILE" in markup
    assert '<ul class="records">' not in markup


def test_the_list_says_what_a_record_is_and_leads_out(tmp_path: Path) -> None:
    record = entry("k", "On Trees", ["Bea Ash"], 2020).record
    preprint = replace(record, key="p", type="article", variables={"title": Text.of("Early")})
    with open_library(tmp_path / "two.sqlite") as library, library.change("fill") as change:
        change.put(record)
        change.put(preprint)
    site = site_of(tmp_path / "two.sqlite")
    site.name = "two.sqlite"
    markup = body(site, "/")
    assert "<h1>two.sqlite</h1>" in markup
    assert "<title>two.sqlite</title>" in markup
    assert "<i>Journal of Tests &amp; Trials</i>, 2020 · journal article · <code>k</code>" in markup
    assert "preprint · <code>p</code>" in markup
    assert re.search(r'<a href="https://arxiv.org/abs/[\d.]+">arXiv:[\d.]+</a>', markup)
    assert '<a href="https://doi.org/10.5555/k" aria-label="DOI 10.5555/k">DOI</a>' in markup


# a record


@pytest.mark.slow
def test_a_record_shows_all_with_its_sources(path: Path) -> None:
    markup = body(site_of(path), "/record?key=KEY7")
    for piece in (
        "Title 7 of Étude", "Bea Ash; Çelik Öz7", "bibtex refs.bib:7, 2024-01-02, confidence 0.50", "What was done",
        '<a href="https://doi.org/10.5555/key7">10.5555/key7</a>', "arxiv.id", "@article{key7,", '"id": "key7"',
        '<div class="reference" id="reference"><i>key7</i></div>',
    ):  # fmt: skip
        assert piece in markup
    order = [markup.index(piece) for piece in (
        'id="reference"', '<pre id="bibtex"', '<pre id="biblatex"', '<pre id="csl-json"', '<pre id="ris"', "<dl "
    )]  # fmt: skip
    assert order == sorted(order)
    assert re.findall('data-copy="([^"]*)"', markup) == ["reference", "bibtex", "biblatex", "csl-json", "ris"]
    assert markup.count("<details open>") == 2  # the reference and BibTeX; where values come from is folded


@pytest.mark.slow
def test_references_are_in_the_style(tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIBTOOL_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    apa = body(site_of(path, reference_maker(App(), "apa", None)), "/record?key=key7")
    assert "Ash, B., &amp; Öz7, Ç. (1997). Title 7 of Étude. <i>Journal of Tests &amp; Trials</i>." in apa
    plain = body(site_of(path, reference_maker(App(), "plain", None)), "/record?key=key7")
    assert "Bea Ash and Çelik Öz7" in plain


@pytest.mark.slow
def test_a_reference_that_cannot_be_made_does_not_hide_the_record(path: Path) -> None:
    def fail(record: Record) -> str:
        raise BibtoolError("no <style>")

    markup = body(site_of(path, fail), "/record?key=key7")
    assert "no &lt;style&gt;" in markup
    assert "@article{key7," in markup


# change


@pytest.mark.slow
def test_the_version_follows_changes_undo_and_redo(path: Path) -> None:
    site = site_of(path)
    seen = [site.version()]
    assert len(listed(body(site, "/?from=100"))) == 20
    steps: list[Callable[[], object]] = []
    with open_library(path) as library:
        with library.change("one") as change:
            change.remove("key1")
        seen.append(site.version())
        assert len(listed(body(site, "/?from=100"))) == 19
        steps = [library.undo, library.undo, library.redo, library.redo]
        for step in steps:
            step()
            seen.append(site.version())
    assert site.version() == get(site, "/version").body.decode().strip()
    assert seen[5] == seen[1]  # all is as it was
    assert len(set(seen)) == 4
    assert all(one != other for one, other in itertools.pairwise(seen))


@pytest.mark.slow
def test_a_library_that_goes_away_is_told_and_comes_back(path: Path) -> None:
    site = site_of(path)
    path.rename(path.with_name("away"))
    gone = get(site, "/")
    assert gone.status == 503
    assert "no library at " in gone.body.decode()
    assert get(site, "/version").status == 503
    path.with_name("away").rename(path)
    assert get(site, "/").status == 200


def test_a_preview_hands_out_the_page_byte_for_byte() -> None:
    made = [(b"<p>one\xff", "1")]
    site = PreviewSite(lambda: made[-1], title='My "CV"')
    page = get(site, "/page")
    assert page.body == b"<p>one\xff"
    assert dict(page.headers)["Content-Security-Policy"] == "frame-ancestors 'self'; base-uri 'none'"
    frame = get(site, "/")
    assert 'src="/page" title="My &quot;CV&quot;"' in frame.body.decode()
    assert "frame-src 'self'" in dict(frame.headers)["Content-Security-Policy"]
    made.append((b"<p>two", "2"))
    assert get(site, "/version").body == b"2\n"

    def fail() -> tuple[bytes, str]:
        raise LibraryError("not <now>", hint="later")

    broken = get(PreviewSite(fail), "/")
    assert broken.status == 503
    assert "not &lt;now&gt;" in broken.body.decode()
    assert get(PreviewSite(fail), "/version").status == 503


# hostile records


@contextmanager
def visited(server: LocalServer, browser: Browser) -> Iterator[str]:
    """The address of the first page, for a browser that has been let in."""
    with server.running() as url:
        browser.open(url)
        browser.wait_for("Page.loadEventFired")  # of the page that the entrance leads to
        assert browser.ask("location.href") == server.base
        yield server.base


class Tags(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LibrarySite:
    """A library in which every text is one of `HOSTILE`, formatted by the real engine."""
    monkeypatch.setenv("BIBTOOL_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    with open_library(tmp_path / "bad.sqlite") as library, library.change(HOSTILE[0]) as change:
        for at, text in enumerate(HOSTILE):
            change.put(
                Record(
                    key=f'"><script>alert({at})</script>',
                    type="article-journal",
                    variables={
                        "title": Text.of(text),
                        "author": Names((Name(literal=text), Name(family=text, given=text))),
                        "container-title": Text.of(text),
                        "abstract": Text.of(text),
                        "URL": Verbatim(["javascript:alert(1)", 'https://x/"onclick="alert(1)'][at % 2]),
                        "DOI": Verbatim('10.1/"><script>alert(1)</script>'),
                    },
                    leftovers=(Leftover("bibtex", text.replace("\n", " "), text),),
                    provenance={"title": Provenance(source=text, detail=text, when=text)},
                )
            )
    return site_of(tmp_path / "bad.sqlite", reference_maker(App(), "apa", None))


def targets_of(site: LibrarySite) -> list[str]:
    searched = quote(HOSTILE[0], safe="")
    return ["/", f"/?q={searched}&where={searched}", f"/record?key={searched}"] + [
        f"/record?key={key}" for key in listed(body(site, "/"))
    ]


@pytest.mark.slow
def test_hostile_records_are_text(bad: LibrarySite) -> None:
    targets = targets_of(bad)
    assert len(targets) == 3 + len(HOSTILE)
    for target in targets:
        markup = get(bad, target).body.decode()
        found = Tags(markup).found
        assert [tag for tag, _ in found].count("script") == 1
        assert not {tag for tag, _ in found} & {"img", "iframe", "object", "base", "label>"}
        for tag, values in found:
            assert not [name for name in values if name.startswith("on") or name in {"style", "srcdoc"}], (tag, values)
            address = values.get("href") or "/"
            assert address.startswith(("/", "https://doi.org/", "https://x/", "data:,")), address
        assert not re.search("[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069]", markup)


@pytest.mark.slow
def test_hostile_records_do_nothing_in_a_browser(bad: LibrarySite, browser: Browser) -> None:
    targets = targets_of(bad)
    with visited(LocalServer(bad), browser) as url:
        browser.window(PHONE)
        for target in targets:
            browser.open(url + target[1:])
            assert browser.dialogs == []
            # a page of status 400 or 404 is noted by the browser; that is what was asked for
            assert [line for line in browser.complaints if "Failed to load resource" not in line] == []
            assert {one.partition("?")[0] for one in browser.requests} <= {url, f"{url}record", "data:,"}
            assert browser.ask("document.images.length + document.querySelectorAll('iframe').length") == 0
            assert browser.ask("document.documentElement.scrollWidth") <= PHONE[0]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_looked_at_in_a_browser(path: Path, browser: Browser, size: tuple[int, int]) -> None:
    with visited(LocalServer(site_of(path)), browser) as url:
        browser.window(size)
        browser.open(url)
        assert browser.ask("document.querySelectorAll('.records li').length") == 100
        browser.ask("document.getElementById('q').focus()")
        browser.type("oz77")
        browser.ask("document.querySelector('form').requestSubmit()")
        browser.wait_for("Page.loadEventFired")
        browser.press("ArrowDown", 40)
        assert browser.ask("document.activeElement.className") == ""  # only from the search or from a record
        browser.press("/", 191)
        assert browser.ask("document.activeElement.id") == "q"
        browser.press("ArrowDown", 40)
        assert browser.ask("document.activeElement.textContent") == "Title 77 of Étude"
        browser.ask("document.activeElement.click()")
        browser.wait_for("Page.loadEventFired")
        assert browser.ask("document.querySelector('h1').textContent") == "Title 77 of Étude"
        assert browser.ask("document.querySelector('[data-copy=bibtex]').checkVisibility()") is True
        assert browser.ask("document.documentElement.scrollWidth") <= size[0]
        assert browser.complaints == []
        assert all(one.startswith((url, "data:,")) for one in browser.requests)


def test_keys_lead_from_record_to_record(path: Path, browser: Browser) -> None:
    focused = "Array.from(document.querySelectorAll('.records .title')).indexOf(document.activeElement)"
    with visited(LocalServer(site_of(path)), browser) as url:
        browser.window(DESKTOP)
        browser.open(url)
        places = []
        for key, code in (("j", 74), ("j", 74), ("k", 75), ("k", 75), ("ArrowDown", 40), ("ArrowUp", 38)):
            browser.press(key, code)
            places.append(browser.ask(focused))
        assert places == [0, 1, 0, 0, 1, 0]
        browser.press("/", 191)
        browser.press("j", 74)  # typed into the search
        assert browser.ask("document.activeElement.id") == "q"


def test_what_is_folded_can_be_copied(path: Path, browser: Browser) -> None:
    with visited(LocalServer(site_of(path)), browser) as url:
        browser.window(DESKTOP)
        browser.open(f"{url}record?key=key7")
        browser.ask("Object.defineProperty(navigator, 'clipboard', {value: {writeText: t => { window.copied = t; "
                    "return Promise.resolve(); }}})")  # fmt: skip
        browser.ask("document.querySelector('[data-copy=ris]').click()")
        assert browser.ask("window.copied").startswith("TY  - ")
        assert browser.ask("document.getElementById('state').textContent") == "Copied."
        assert browser.ask("document.querySelector('.values').checkVisibility()") is False


def test_an_open_page_follows_the_library(path: Path, browser: Browser) -> None:
    with visited(LocalServer(site_of(path)), browser) as url:
        browser.window(DESKTOP)
        browser.open(url)
        assert "120 records" in browser.ask("document.querySelector('.count').textContent")
        browser._waiting.clear()
        with open_library(path) as library, library.change("less") as change:
            change.remove("key1")
        browser.wait_for("Page.loadEventFired")
        assert "119 records" in browser.ask("document.querySelector('.count').textContent")


def test_a_preview_renews_its_frame(browser: Browser) -> None:
    made = [(b"<!DOCTYPE html><title>x</title><p id=a>one", "1")]
    inner = "document.getElementById('preview').contentDocument.getElementById('a').textContent"
    with visited(LocalServer(PreviewSite(lambda: made[-1])), browser) as url:
        browser.window(DESKTOP)
        browser.open(url)
        assert browser.ask(inner) == "one"
        made.append((b"<!DOCTYPE html><title>x</title><p id=a>two", "2"))
        browser.ask(
            "new Promise(done => { const timer = setInterval(() => {"
            f" let found = ''; try {{ found = {inner}; }} catch (error) {{}}"
            " if (found === 'two') { clearInterval(timer); done(); } }, 50); })"
        )
        assert browser.complaints == []


# the socket and the command


@pytest.mark.slow
def test_it_listens_on_loopback_only_and_answers(path: Path) -> None:
    server = LocalServer(site_of(path))
    assert server.server_address[0] == "127.0.0.1"
    with server.running() as url:
        port = server.server_port
        entrance = re.fullmatch(rf"http://127\.0\.0\.1:{port}(/\?token=[\w-]{{22}})", url)
        assert entrance
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/version")
        assert connection.getresponse().status == 403
        connection.close()
        connection.request("GET", entrance[1])
        response = connection.getresponse()
        assert b"url=/" in response.read()
        cookie = {"Cookie": f"other=1; {response.headers['Set-Cookie'].partition(';')[0]}"}
        for method, status in (("GET", 200), ("HEAD", 200), ("PATCH", 405), ("BREW", 405)):
            connection.request(method, "/version", headers=cookie)
            response = connection.getresponse()
            said = {"GET": b"1.1\n", "HEAD": b""}.get(method, b"This server is read-only.\n")
            assert (response.status, response.read()) == (status, said)
            assert response.headers["Server"] == "bibtool"
        connection.request("GET", "/", headers={"Host": "evil.example", **cookie})
        assert connection.getresponse().status == 403
        connection.close()
        with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
            client.sendall(b"\x16\x03\x01 nonsense\r\n\r\n")
            assert client.makefile("rb").read() == b"This is not a request.\n"
        assert site_of(path).version() == "1.1"  # and it still answers
        connection.request("GET", "/version", headers=cookie)
        assert connection.getresponse().status == 200
        connection.close()


@pytest.mark.slow
def test_a_port_in_use_is_told_in_one_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = call(monkeypatch, "--library", str(path), "serve", "--port", str(port))
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"bibtool: port {port} is in use\n  ")
    assert len(done.err.splitlines()) == 2


def test_a_missing_library_is_told_as_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "--library", str(tmp_path / "none.sqlite"), "serve")
    assert done.code == 1
    assert "no library at " in done.err
    assert "`bibtool import FILE` creates it" in done.err
    assert call(monkeypatch, "--library", str(tmp_path / "none.sqlite"), "serve", "--port", "70000").code == 2


@pytest.mark.slow
@pytest.mark.usefixtures("known_styles")
def test_an_unknown_style_is_told_before_anything_is_served(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call(monkeypatch, "--library", str(path), "serve", "--style", "no-such-style")
    assert done.out == ""
    assert done.code in {1, 2}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C can't be sent to one process on Windows")
def test_the_command_prints_its_address_and_ends_with_ctrl_c(path: Path) -> None:
    with start("--library", str(path), "serve", stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/\?token=([\w-]+)", url)
        assert found
        connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=20)
        connection.request("GET", "/record?key=key3", headers={"Cookie": f"bibtool-{found[1]}={found[2]}"})
        assert b"Title 3 of" in connection.getresponse().read()
        connection.close()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert (out, err) == ("", "press Ctrl-C to stop\n")
