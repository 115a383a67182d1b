"""A thesis of 300 mixed references, verified at stand-ins of all services on this machine.

Run as ``python -m benchmarks.verify_thesis``: requests per service, the seconds that they take at the pace that each
service asks for (computed, not waited), and the verdicts by kind of reference; for the sources of the default settings,
for all of them, and for a second run that has the answers of the first.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks._table import show
from bibtool.enrich.pace import DELAY_S
from bibtool.enrich.sources.settings import DEFAULT
from bibtool.enrich.sources.table import SOURCES
from tests.support.arxiv_server import Server
from tests.support.false_references import as_bibtex
from tests.support.source_papers import KEYED, stand_ins
from tests.support.source_server import Sources, environment
from tests.support.thesis import Thesis, make_thesis

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NUMBER = 300
VERDICTS = ("confirmed", "contradicts", "not found", "could not check")


def measure(thesis: Thesis, sources: Sequence[str], keys: Mapping[str, str], folder: Path, title: str) -> None:
    """Verify the references twice and print requests, seconds and verdicts."""
    refs = folder / "refs.bib"
    refs.write_bytes(as_bibtex(thesis.references))
    server = Sources(**thesis.content, others=stand_ins(thesis.papers))
    with server, Server(papers=list(thesis.on_arxiv)) as arxiv:
        variables = {
            **os.environ,
            **environment(server),
            **keys,
            "BIBTOOL_SOURCES": " ".join(sources),
            "BIBTOOL_ARXIV_URL": arxiv.url,
            "BIBTOOL_ARXIV_DELAY": "0",
            "BIBTOOL_CACHE": str(folder / "cache"),
            "XDG_CACHE_HOME": str(folder / "pace"),
        }
        runs = [_run(refs, variables, server, arxiv) for _ in range(2)]
    results, asked, took = runs[0]
    rows: list[tuple[object, ...]] = []
    alone = polite = 0.0
    for name in ("arxiv", *SOURCES):
        number = asked["doiorg" if name == "doi.org" else name]
        pace = (DELAY_S, DELAY_S) if name == "arxiv" else (SOURCES[name].delay_s, SOURCES[name].polite_delay_s)
        alone, polite = alone + number * pace[0], polite + number * pace[1]
        if number:
            rows.append((name, number, f"{number * pace[0]:.0f}", f"{number * pace[1]:.0f}"))
    rows.append(("all", asked.total(), f"{alone:.0f}", f"{polite:.0f}"))
    show(f"{title}: {len(results)} references", ("service", "requests", "s anonymous", "s with contact"), rows)
    print(f"own time {took:.1f} s; second run: {runs[1][1].total()} requests, {runs[1][2]:.1f} s")
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for reference in thesis.references:
        table[reference.kind][results[reference.record.key]] += 1
    show("verdicts", ("kind", *VERDICTS), [(kind, *(of[name] for name in VERDICTS)) for kind, of in table.items()])


def _run(
    refs: Path, variables: Mapping[str, str], server: Sources, arxiv: Server
) -> tuple[dict[str, str], Counter[str], float]:
    """The verdicts by key, the requests by service, and the time of the process."""
    before = len(server.log), len(arxiv.log)
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "bibtool", "verify", "--json", str(refs)],
        env=dict(variables),
        cwd=refs.parent,
        capture_output=True,
        check=False,
    )
    took = time.perf_counter() - start
    if not done.stdout:
        sys.exit(done.stderr.decode())
    results = {each["key"]: str(each["verdict"]) for each in json.loads(done.stdout)["results"]}
    asked = Counter(each.service for each in server.log[before[0] :])
    asked["arxiv"] = len(arxiv.log) - before[1]
    return results, asked, took


if __name__ == "__main__":
    mixed = make_thesis(NUMBER)
    own_keys = {f"BIBTOOL_{name.upper()}_KEY": "key" for name in KEYED}
    for chosen, known, words in (
        ([name for name in DEFAULT if name not in KEYED], {}, "default settings, no keys"),
        (list(SOURCES), own_keys, "all sources, with keys"),
    ):
        with tempfile.TemporaryDirectory() as where:
            measure(mixed, chosen, known, Path(where), words)
