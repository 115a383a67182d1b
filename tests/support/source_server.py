"""A stand-in on 127.0.0.1 for the services that know works by identifier; it misbehaves on demand.

It has a few works of its own, in the shapes that Crossref, DataCite, doi.org, PubMed and Open Library give them, each
service below a path of its own: ``Sources.url("crossref")``. What arrived is in `Sources.log`.
"""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

ROBOT_CHECK = b"<!doctype html><html><head><title>Making sure you're not a bot!</title></head><body></body></html>"
PAGE = b"<!DOCTYPE html>\n<html><body><h1>Service information</h1></body></html>"


@dataclass
class Reply:
    """One answer."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    promised: int | None = None  # the length that is promised, for a body that is cut


@dataclass(frozen=True)
class Asked:
    """One request: the service, the path after its own, and the headers."""

    service: str
    path: str
    headers: dict[str, str]


def article(doi: str, title: str, people: list[tuple[str, str]], year: int, **more: Any) -> dict[str, Any]:
    """A journal article as Crossref describes it."""
    return {
        "DOI": doi,
        "type": "journal-article",
        "title": [title],
        "author": [{"given": given, "family": family, "sequence": "additional"} for given, family in people],
        "container-title": ["Journal of Invented Results"],
        "issued": {"date-parts": [[year]]},
        "published-print": {"date-parts": [[year, 5]]},
        "volume": "12",
        "issue": "3",
        "page": "101-120",
        "ISSN": ["1234-5679"],
        **more,
    }


def dataset(doi: str, title: str, creator: tuple[str, str], year: int) -> dict[str, Any]:
    """A data set as DataCite describes it."""
    given, family = creator
    return {
        "id": doi,
        "type": "dois",
        "attributes": {
            "doi": doi,
            "titles": [{"title": title}],
            "creators": [
                {"name": f"{family}, {given}", "nameType": "Personal", "givenName": given, "familyName": family}
            ],
            "publisher": "Invented Archive",
            "publicationYear": year,
            "types": {"resourceTypeGeneral": "Dataset"},
        },
    }


@dataclass
class Sources:
    """The stand-in; use it as a context manager.

    ``works``, ``data``, ``items``, ``articles`` and ``books`` are what the services know, by identifier in lower case;
    ``aliases`` lead from one DOI of Crossref to another, ``agencies`` say whose a DOI is. ``others`` answer for further
    services (`tests.support.source_papers`), from the path and what was sent. ``fault`` may give another
    answer than the true one; it is called with the service, the path and the number of the request, from 1.
    """

    works: dict[str, dict[str, Any]] = field(default_factory=dict)
    data: dict[str, dict[str, Any]] = field(default_factory=dict)
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    articles: dict[str, str] = field(default_factory=dict)
    books: dict[str, dict[str, Any]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    agencies: dict[str, str] = field(default_factory=dict)
    others: dict[str, Callable[[str, bytes], Reply]] = field(default_factory=dict)
    fault: Callable[[str, str, int], Reply | None] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    log: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer._handle(self)

            def do_POST(self) -> None:
                outer._handle(self)

            def log_message(self, *_: object) -> None:
                """Stay silent."""

        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True

    def url(self, service: str) -> str:
        """The address of a service."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/{service}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        _, service, path = handler.path.split("/", 2)
        sent = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        with self._lock:
            self.log.append(Asked(service, f"/{path}", dict(handler.headers.items())))
            number = len(self.log)
        reply = self.fault(service, f"/{path}", number) if self.fault else None
        if reply is None:
            other = self.others.get(service)
            reply = other(f"/{path}", sent) if other else getattr(self, f"_{service.replace('.', '')}")(f"/{path}")
        handler.send_response(reply.status)
        length = len(reply.body) if reply.promised is None else reply.promised
        fixed = {"Content-Type": reply.kind, "Content-Length": str(length)}
        for name, value in {**fixed, **self.headers, **reply.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(reply.body)
        if reply.promised is not None:
            handler.close_connection = True

    # -- the services -----------------------------------------------------------------------------------------------

    def _crossref(self, path: str) -> Reply:
        parts = urlsplit(path)
        if parts.query.startswith("query.bibliographic="):
            words = set(parse_qs(parts.query)["query.bibliographic"][0].casefold().split())
            best = sorted(self.works.values(), key=lambda work: -len(words & set(_words(work))))
            return _json({"status": "ok", "message-type": "work-list", "message": {"items": best[:5]}})
        if parts.query:
            asked = [name.removeprefix("doi:") for name in parse_qs(parts.query)["filter"][0].split(",")]
            works = [self.works[doi.lower()] for doi in reversed(asked) if doi.lower() in self.works]
            return _json({"status": "ok", "message-type": "work-list", "message": {"items": works}})
        doi = unquote(parts.path.removeprefix("/works/")).lower()
        if doi in self.aliases:
            return Reply(301, headers={"Location": f"/crossref/works/{self.aliases[doi]}"})
        if doi not in self.works:
            return Reply(404, b"Resource not found.", "text/plain")
        return _json({"status": "ok", "message-type": "work", "message": self.works[doi]})

    def _datacite(self, path: str) -> Reply:
        parts = urlsplit(path)
        if parts.query.startswith("query=titles.title"):
            words = set(re.findall(r"\w+", parse_qs(parts.query)["query"][0].casefold()))
            titles = {doi: str(work["attributes"]["titles"][0]["title"]) for doi, work in self.data.items()}
            alike = sorted(titles, key=lambda doi: -len(words & set(re.findall(r"\w+", titles[doi].casefold()))))
            return _json({"data": [self.data[doi] for doi in alike[:5]]})
        if parts.query:
            asked = re.findall(r'"([^"]+)"', parse_qs(parts.query)["query"][0])
            return _json({"data": [self.data[doi.lower()] for doi in asked if doi.lower() in self.data]})
        doi = unquote(parts.path.removeprefix("/dois/")).lower()
        if doi not in self.data:
            return _json({"errors": [{"status": "404", "title": "there is no such resource"}]}, 404)
        return _json({"data": self.data[doi]})

    def _doiorg(self, path: str) -> Reply:
        if path.startswith("/ra/"):
            doi = unquote(path.removeprefix("/ra/")).lower()
            if doi in self.agencies:
                return _json([{"DOI": doi, "RA": self.agencies[doi]}])
            return _json([{"DOI": doi, "status": "DOI does not exist"}])
        doi = unquote(path.removeprefix("/")).lower()
        if doi in self.items:
            return _json(self.items[doi])
        return Reply(200, PAGE, "text/html") if doi in self.agencies else Reply(404, PAGE, "text/html")

    def _pubmed(self, path: str) -> Reply:
        asked = parse_qs(urlsplit(path).query)["id"][0].split(",")
        found = "".join(self.articles.get(pmid, "") for pmid in asked)
        body = f'<?xml version="1.0"?>\n<PubmedArticleSet>{found}</PubmedArticleSet>'
        return Reply(200, body.encode(), "text/xml")

    def _openlibrary(self, path: str) -> Reply:
        asked = parse_qs(urlsplit(path).query)["bibkeys"][0].split(",")
        return _json({key: self.books[key[5:]] for key in asked if key[5:] in self.books})


def _words(work: dict[str, Any]) -> list[str]:
    names = [author["family"] for author in work["author"]]
    return " ".join([*work["title"], *names]).casefold().split()


def _json(value: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(value).encode())


def environment(server: Sources) -> dict[str, str]:
    """The variables that make bibtool ask the stand-in, without waiting."""
    services = ["crossref", "datacite", "doiorg", "pubmed", "openlibrary", *server.others]
    urls = {f"BIBTOOL_{service.upper()}_URL": server.url(service) for service in services}
    return {
        **urls,
        "BIBTOOL_SOURCES": " ".join("doi.org" if service == "doiorg" else service for service in services),
        "BIBTOOL_SOURCES_DELAY": "0",
    }
