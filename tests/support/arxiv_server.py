"""A stand-in for the arXiv query API on 127.0.0.1.

``python -m tests.support.arxiv_server --port 0`` prints its address. It answers in the form of the server of today or
of the one before (``form="old"``), and misbehaves on demand. What arrived is in `Server.log`.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import re
import socket
import struct
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape, quoteattr

from tests.support.arxiv_faults import TRICKLES, Answer, Fault, spoil
from tests.support.arxiv_papers import Paper, decoys, papers
from tests.support.arxiv_query import QueryError, parse

PATH = "/api/query"
_ID = re.compile(r"(?:[a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?", re.ASCII)


def everything(*, titles: str = "latest") -> list[Paper]:
    """The true papers and the decoys."""
    true = papers(titles=titles)
    return true + decoys(true)


@dataclass(frozen=True)
class Arrived:
    """One request: its number from 1, when it came and when the answer began to go out (monotonic seconds)."""

    number: int
    path: str
    parameters: dict[str, str]
    headers: dict[str, str]
    came: float
    answered: float


@dataclass
class Server:
    """The stand-in; use it as a context manager. ``missing`` are numbers that it denies to know."""

    papers: list[Paper] = field(default_factory=everything)
    form: str = "new"
    faults: tuple[Fault, ...] = ()
    missing: frozenset[str] = frozenset()
    port: int = 0
    log: list[Arrived] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._count = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.handle(self, urlsplit(self.path).query)

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                outer.handle(self, self.rfile.read(length).decode())

            def log_message(self, *_: object) -> None:
                """Stay silent."""

        self._http = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        """The address to ask."""
        return f"http://127.0.0.1:{self._http.server_address[1]}{PATH}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._http.shutdown()
        self._http.server_close()

    def serve(self) -> None:
        """Answers until interrupted."""
        with contextlib.suppress(KeyboardInterrupt):
            self._http.serve_forever()

    # -- one request ------------------------------------------------------------------------------------------------

    def handle(self, handler: BaseHTTPRequestHandler, query: str) -> None:
        """Answers, well or badly."""
        came = time.monotonic()
        with self._lock:
            self._count += 1
            number = self._count
        parameters = dict(parse_qsl(query, keep_blank_values=True))
        path = urlsplit(handler.path).path
        fault = next((fault for fault in self.faults if fault.applies(number)), None)
        answer = self.answer(parameters) if path.endswith(PATH) else Answer(404, b"not found", "text/plain")
        if fault is not None:
            empty = self._feed(parameters, [], total=17)
            answer = spoil(fault, answer, empty, self._feed(parameters, [], total=0))
            if fault.kind == "slow":
                self._stop.wait(fault.seconds)
        arrived = Arrived(number, path, parameters, dict(handler.headers.items()), came, time.monotonic())
        with self._lock:
            self.log.append(arrived)
        if fault is not None and fault.kind in TRICKLES:
            with contextlib.suppress(OSError):
                self._trickle(handler, fault.kind)
            handler.close_connection = True
            return
        if fault is not None and fault.kind == "reset":
            # no lingering: the peer sees a reset, not an end
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.close_connection = True
            handler.connection.close()
            return
        with contextlib.suppress(OSError):
            self._send(handler, answer)

    def _send(self, handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        handler.send_response(answer.status)
        handler.send_header("Content-Type", answer.content_type)
        handler.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers:
            handler.send_header(name, value)
        if answer.cut:
            handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(answer.body[: len(answer.body) // 2] if answer.cut else answer.body)
        if answer.cut:
            handler.close_connection = True

    def _trickle(self, handler: BaseHTTPRequestHandler, kind: str) -> None:
        """Never ends of its own accord: a byte, or a line, every now and then, at most for ten minutes."""
        start, piece = {
            "slow-headers": (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
            "continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
            "slow-body": (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" "),
            "slow-open-body": (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b" "),
            "slow-redirect": (b"HTTP/1.1 301 Moved\r\nLocation: /api/query\r\nX-Slow: ", b"x"),
        }[kind]
        handler.wfile.write(start)
        for _ in range(12_000):
            if self._stop.wait(0.05):
                return
            handler.wfile.write(piece)

    # -- the service ------------------------------------------------------------------------------------------------

    def answer(self, parameters: dict[str, str]) -> Answer:
        """The right answer to a question."""
        try:
            found, shells, start, size = self._hits(parameters)
        except _BadRequestError as error:
            return Answer(400, self._error_feed(str(error)))
        # the order of an answer is not that of the question
        found.sort(key=lambda paper: hashlib.sha1(paper.number.encode()).digest())
        if parameters.get("sortBy") == "submittedDate":
            found.sort(key=lambda paper: paper.published, reverse=parameters.get("sortOrder") != "ascending")
        total = len(found) + (shells if self.form == "old" else 0)
        page = found[start : start + size]
        return Answer(200, self._feed(parameters, page, total=total, shells=shells if total > 1 else 0))

    def _hits(self, parameters: dict[str, str]) -> tuple[list[Paper], int, int, int]:
        """Papers, ids without a paper, start and size."""
        start = self._count_of(parameters, "start", 0, least=0)
        size = self._count_of(parameters, "max_results", 10, least=1)
        query = parameters.get("search_query", "").strip()
        ids = parameters.get("id_list", "").strip()
        if not query and not ids:
            raise _BadRequestError("search_query and id_list cannot both be empty")
        if parameters.get("sortBy", "relevance") not in {"relevance", "lastUpdatedDate", "submittedDate"}:
            raise _BadRequestError("sortBy must be in: relevance, lastUpdatedDate, submittedDate")
        found, shells = self._by_ids(ids) if ids else (list(self.papers), 0)
        if query:
            try:
                test = parse(query)
            except QueryError as error:
                raise _BadRequestError(f"Invalid query string: '{query}'") from error
            found = [paper for paper in found if test(paper)]
        return [paper for paper in found if paper.number not in self.missing], shells, start, size

    @staticmethod
    def _count_of(parameters: dict[str, str], name: str, default: int, *, least: int) -> int:
        text = parameters.get(name, str(default))
        if not text.lstrip("-").isdigit():
            raise _BadRequestError(f"{name} must be an integer")
        if int(text) < least:
            raise _BadRequestError(f"{name} must be non-negative")
        return int(text)

    def _by_ids(self, ids: str) -> tuple[list[Paper], int]:
        by_number = {paper.number: paper for paper in self.papers}
        found: dict[str, Paper] = {}
        shells = 0
        for item in ids.split(","):
            if not _ID.search(item):
                raise _BadRequestError(f"incorrect id format for {item}")
            number, _, version = item.partition("v")
            paper = by_number.get(number)
            if paper is None or number in self.missing or (version and int(version) > paper.versions):
                shells += 1
            else:
                found[number] = paper
        return list(found.values()), shells

    # -- feeds ------------------------------------------------------------------------------------------------------

    def _feed(self, parameters: dict[str, str], page: list[Paper], *, total: int, shells: int = 0) -> bytes:
        start, size = parameters.get("start", "0"), parameters.get("max_results", "10")
        canonical = (
            f"search_query={parameters.get('search_query', '')}&id_list={parameters.get('id_list', '')}"
            f"&start={start}&max_results={size}"
        )
        digest = base64.b64encode(hashlib.sha1(canonical.encode()).digest()).decode().rstrip("=")
        if self.form == "old":
            return self._old_feed(canonical, digest, page, (total, start, size), shells)
        entries = "".join(_new_entry(paper) for paper in page)
        return (
            "<?xml version='1.0' encoding='UTF-8'?>\n"
            '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" '
            'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">\n'
            f"  <id>https://arxiv.org/api/{digest}</id>\n  <title>arXiv Query: {escape(canonical)}</title>\n"
            "  <updated>2026-03-01T00:00:00Z</updated>\n"
            f"  <opensearch:itemsPerPage>{escape(size)}</opensearch:itemsPerPage>\n"
            f"  <opensearch:totalResults>{total}</opensearch:totalResults>\n"
            f"  <opensearch:startIndex>{escape(start)}</opensearch:startIndex>\n{entries}</feed>\n"
        ).encode()

    @staticmethod
    def _old_feed(canonical: str, digest: str, page: list[Paper], counts: tuple[int, str, str], shells: int) -> bytes:
        search = 'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
        total, start, size = counts
        blank = (
            '  <entry>\n    <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term=""/>\n'
            '    <category term="" scheme="http://arxiv.org/schemas/atom"/>\n  </entry>\n'
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
            f'  <title type="html">ArXiv Query: {escape(canonical)}</title>\n'
            f"  <id>http://arxiv.org/api/{digest}</id>\n  <updated>2025-08-24T00:00:00-04:00</updated>\n"
            f"  <opensearch:totalResults {search}>{total}</opensearch:totalResults>\n"
            f"  <opensearch:startIndex {search}>{escape(start)}</opensearch:startIndex>\n"
            f"  <opensearch:itemsPerPage {search}>{escape(size)}</opensearch:itemsPerPage>\n"
            f"{blank * shells}{''.join(_old_entry(paper) for paper in page)}</feed>\n"
        ).encode()

    def _error_feed(self, reason: str) -> bytes:
        scheme = "http" if self.form == "old" else "https"
        name = f"{scheme}://arxiv.org/api/errors#{re.sub('[^A-Za-z0-9.]+', '_', reason)}"
        return (
            "<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"
            "  <id>https://arxiv.org/</id>\n  <title>arXiv Search Results</title>\n  <entry>\n"
            f"    <id>{escape(name)}</id>\n"
            f"    <title>Error</title>\n    <summary>{escape(reason)}</summary>\n"
            "    <author>\n      <name>arXiv api core</name>\n    </author>\n  </entry>\n</feed>\n"
        ).encode()


class _BadRequestError(Exception):
    """Answered with status 400 and an error feed."""


def _new_entry(paper: Paper) -> str:
    lines = [
        f"<id>http://arxiv.org/abs/{paper.number}v{paper.versions}</id>",
        f"<title>{escape(paper.title)}</title>",
        f"<updated>{paper.updated}T17:30:00Z</updated>",
        f'<link href="https://arxiv.org/abs/{paper.number}v{paper.versions}" rel="alternate" type="text/html"/>',
        f"<summary>  {escape(paper.summary)}</summary>",
        *(f'<category term={quoteattr(c)} scheme="http://arxiv.org/schemas/atom"/>' for c in paper.categories),
        f"<published>{paper.published}T17:30:00Z</published>",
    ]
    if paper.comment:
        lines.append(f"<arxiv:comment>{escape(paper.comment)}</arxiv:comment>")
    lines.append(f"<arxiv:primary_category term={quoteattr(paper.categories[0])}/>")
    if paper.journal_ref:
        lines.append(f"<arxiv:journal_ref>{escape(paper.journal_ref)}</arxiv:journal_ref>")
    for author in paper.authors:
        lines += ["<author>", f"  <name>{escape(author)}</name>", "</author>"]
    if paper.doi:
        lines.append(f"<arxiv:doi>{escape(paper.doi)}</arxiv:doi>")
    return "  <entry>\n" + "".join(f"    {line}\n" for line in lines) + "  </entry>\n"


def _old_entry(paper: Paper) -> str:
    space = 'xmlns:arxiv="http://arxiv.org/schemas/atom"'
    title = escape(paper.title)
    if len(title) > 60 and " " in title[60:]:
        cut = title.index(" ", 60)
        title = f"{title[:cut]}\n  {title[cut + 1 :]}"
    lines = [
        f"<id>http://arxiv.org/abs/{paper.number}v{paper.versions}</id>",
        f"<updated>{paper.updated}T17:30:00Z</updated>",
        f"<published>{paper.published}T17:30:00Z</published>",
        f"<title>{title}</title>",
        f"<summary>  {escape(paper.summary)}\n</summary>",
    ]
    for author in paper.authors:
        lines += ["<author>", f"  <name>{escape(author)}</name>", "</author>"]
    for name in ("doi", "comment", "journal_ref"):
        if getattr(paper, name):
            lines.append(f"<arxiv:{name} {space}>{escape(getattr(paper, name))}</arxiv:{name}>")
    lines.append(f"<arxiv:primary_category {space} term={quoteattr(paper.categories[0])}/>")
    lines += [f"<category term={quoteattr(c)}/>" for c in (*paper.categories, "68T07 (Primary) 65M60")]
    return "  <entry>\n" + "".join(f"    {line}\n" for line in lines) + "  </entry>\n"


def main(arguments: list[str]) -> None:
    """Serves until interrupted."""
    parser = argparse.ArgumentParser(description="A stand-in for the arXiv query API on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--form", choices=("new", "old"), default="new", help="the form of the answers")
    parser.add_argument("--titles", choices=("latest", "first"), default="latest")
    parser.add_argument("--without-truth", action="store_true", help="decoys only")
    parser.add_argument("--fault", metavar="KIND", help="misbehave like this")
    parser.add_argument("--first", type=int, help="for so many requests only")
    options = parser.parse_args(arguments)
    true = papers(titles=options.titles)
    known = decoys(true) if options.without_truth else true + decoys(true)
    faults = (Fault(kind=options.fault, first=options.first),) if options.fault else ()
    server = Server(papers=known, form=options.form, faults=faults, port=options.port)
    sys.stdout.write(f"{server.url}\n")
    sys.stdout.flush()
    server.serve()


if __name__ == "__main__":
    main(sys.argv[1:])
