"""What the tests of enrichment share: records as a listing gives them, and a client without real waiting."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from bibtool.enrich.arxiv import ArxivClient
from bibtool.enrich.cache import Cache
from bibtool.enrich.pace import Pacer
from bibtool.enrich.report import Confirmed, EnrichReport
from bibtool.enrich.transport import Policy, Transport
from bibtool.model.dates import Date
from bibtool.model.names import Names, parse_name
from bibtool.model.record import Arxiv, Provenance, Record
from bibtool.model.richtext import Text
from tests.support.arxiv_faults import TRICKLES
from tests.support.arxiv_papers import facts
from tests.support.fake_clock import FakeClock

CANDIDATES = {
    "NA": ("math.NA", "cs.NA"),
    "OC": ("math.OC",),
    "ML": ("stat.ML",),
    "AO-PH": ("physics.ao-ph",),
}


def listed(item: dict[str, Any], *, abstract: bool = True) -> Record:
    """The record that a listing makes of these facts: three authors and "et al.", a day, a category token."""
    day = dt.date.fromisoformat(item["published"])
    origin = Provenance(source="listing", detail="profile.txt", when="2026-03-01", confidence=0.9)
    cut = item["truncated_in_listing"]
    values: dict[str, Any] = {
        "title": Text.of(item["title"]),
        "author": Names(tuple(parse_name(name) for name in item["authors"][: 3 if cut else None]), truncated=cut),
        "issued": Date.of(day.year, day.month, day.day),
    }
    if abstract:
        values["abstract"] = Text.of(item["abstract"])
    token = item["token"]
    return Record(
        key=f"paper{item['id'].replace('.', '')}",
        type="article",
        variables=values,
        arxiv=Arxiv(candidates=CANDIDATES.get(token, (f"cs.{token}",))),
        provenance=dict.fromkeys([*values, "arxiv.candidates"], origin),
    )


def listing(**options: Any) -> list[Record]:
    """All fifty."""
    return [listed(item, **options) for item in facts()]


def make_client(url: str, folder: Path | None, clock: FakeClock | None = None, **options: Any) -> ArxivClient:
    """A client of that server; its waits are counted by the clock, none is real."""
    clock = clock or FakeClock()
    policy = options.pop("policy", Policy())
    transport = Transport(
        user_agent="bibtool/test",
        pacer=Pacer(folder, clock=clock, sleep=clock.sleep),
        policy=policy,
        chance=lambda: 0.5,
    )
    return ArxivClient(transport, Cache(folder / "arxiv" if folder else None), url=url, clock=clock, **options)


def policy_for(kind: str) -> Policy:
    """The usual patience; little of it for a server that is slow on purpose."""
    if kind in TRICKLES:
        return Policy(total_timeout_s=0.4)
    return Policy(read_timeout_s=0.4) if kind == "slow" else Policy()


def taken(report: EnrichReport) -> dict[str, str]:
    """Key -> number of the paper taken."""
    return {
        result.before.key: result.verdict.paper.entry.id.number
        for result in report.results
        if isinstance(result.verdict, Confirmed)
    }


def truth() -> dict[str, str]:
    """Key -> right number."""
    return {f"paper{item['id'].replace('.', '')}": item["id"] for item in facts()}
