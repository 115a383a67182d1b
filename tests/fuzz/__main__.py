"""Mutates fixtures and feeds them to the readers, writers and caches, with a limit of time and memory for each input.

``python -m tests.fuzz [--seconds 600] [--seed 1] [--only bibtex,ris]``; ends with 1 if something was found, and writes
each case to fixtures/fuzz/TARGET-HASH.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any

from bibtool.formats.registry import read_bytes
from bibtool.project.lock import Lock, Pin, lines_of
from tests.fuzz.targets import targets
from tests.support.arxiv_papers import papers
from tests.support.arxiv_server import Server

ROOT = Path(__file__).parents[2]
CASES = ROOT / "fixtures" / "fuzz"
SECONDS_EACH = 5  # of processor time, so that a busy machine finds nothing
SECONDS_OF_WAITING = 900
MEMORY = 2 << 30
MAX_SEED = 60_000

TOKENS = [
    b"{", b"}", b'"', b"@", b"=", b",", b"#", b"\\", b"$", b"%", b"\n", b"\r", b"\r\n", b"\t", b"\0", b" and ",
    b"others",
    b"@article{", b"@string{", b"@comment", b"@preamble{", b"crossref", b"<", b">", b"</", b"<![CDATA[", b"]]>",
    b"<!--",
    b"&lt;", b"&#x0;", b"&a;", b'<!DOCTYPE a [<!ENTITY b "c">]>', b"TY  - ", b"ER  - ", b"AU  - ", b"PMID- ", b"[",
    b"]", b": ", b"- ", b"null", b"1e999", b"-0", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80",
    b"et al.",
    b"LGMar 2, 2022", b"arXiv:2203.01360", b"Authors:", b"Title:", b"99999999999999999999", b"0000-00-00", b"\\u",
    b"{{{{{{{{", b"}}}}}}}}", b"[[[[[[[[", b"((((((", b"<a><a><a><a>", b"&&&&", b"----", b"....", b"\xe2\x80\xa8",
]  # fmt: skip


def seeds() -> list[bytes]:
    """The fixtures, cut to a size that can be mutated quickly."""
    paths = [path for path in sorted((ROOT / "fixtures").rglob("*")) if path.is_file() and CASES not in path.parents]
    return [*(path.read_bytes()[:MAX_SEED] for path in paths), *_made()]


def _made() -> list[bytes]:
    """What only bibtool writes or asks for: a lock, settings, an answer of arXiv."""
    pins = [Pin(key=key, source="all.bib", origin="sha256:1", entry=f"@misc{{{key}, title={{T}}}}") for key in "ab"]
    record = read_bytes(b"@article{c, author={Lind, Mara}, title={A {B}}, year=2020, doi={10.5555/1}}", "bibtex")[0]
    pins.append(Pin(key="c", source="l", origin="o", entry="@misc{c}", record_lines=lines_of(record, origins=True)))
    settings = b"".join(
        f"[{table}]\n".encode() + b"".join(f"{name} = {value}\n".encode() for name, value in pairs.items())
        for table, pairs in {
            "refs": {"sources": '["a.bib", "*.bib"]', "output": '"refs.bib"', "keep": "true", "documents": '["a.tex"]'},
            "cv": {"to": '"hugo"', "output": '"site"', "everyone": "true", "style": '"apa"'},
            "owner": {"names": '["Mara Lind"]', "orcid": '"0000-0002-1825-0097"'},
            "check": {"ignore": '["TXT003"]'},
            "fmt": {"indent": "2", "sort": "true"},
        }.items()
    )
    with Server() as server:
        feed = server.answer({"id_list": ",".join(paper.number for paper in papers()[:4])}).body
    index = b'[[220022, 2], ["entry", 0, 21, "misc", "a"], ["entry", 22, 43, "misc", "a"]]'
    return [Lock().with_pins(pins).to_bytes(), settings, feed, index]


def mutate(data: bytes, pool: list[bytes], rng: random.Random) -> bytes:
    """One to some changes: bytes, tokens, cuts, doublings, splices."""
    out = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 4, 8, 16])):
        at = rng.randrange(len(out) + 1)
        end = min(len(out), at + int(rng.expovariate(1 / 12)) + 1)
        action = rng.randrange(7)
        if action == 0:
            out[at:at] = rng.choice(TOKENS)
        elif action == 1:
            out[at:end] = b""
        elif action == 2 and out:
            out[min(at, len(out) - 1)] = rng.randrange(256)
        elif action == 3:
            out[at:end] = bytes(out[at:end]) * rng.choice([2, 3, 50])
        elif action == 4:
            other = rng.choice(pool)
            start = rng.randrange(len(other) + 1)
            out[at:at] = other[start : start + rng.randrange(1, 400)]
        elif action == 5:
            out[at:at] = rng.choice(TOKENS) * rng.choice([10, 200, 3000])
        else:
            del out[end:]
    return bytes(out[: MAX_SEED * 4])


class _TooSlowError(Exception):
    pass


def _alarm(*_: Any) -> None:
    raise _TooSlowError


def _set_limits(computing: int, waiting: int) -> None:
    signal.setitimer(signal.ITIMER_PROF, computing)
    signal.alarm(waiting)


def main() -> int:
    """The number of kinds of failures found, at most 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    rng = random.Random(given.seed)
    chosen = targets()
    if given.only:
        chosen = {name: chosen[name] for name in given.only.split(",")}
    pool = seeds()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, _alarm)
    signal.signal(signal.SIGPROF, _alarm)
    runs, slowest, seen = 0, (0.0, ""), set()
    end = time.monotonic() + given.seconds
    while time.monotonic() < end:
        data = mutate(rng.choice(pool), pool, rng)
        for name, target in chosen.items():
            start = time.process_time()
            _set_limits(SECONDS_EACH, SECONDS_OF_WAITING)
            try:
                target(data)
            except BaseException as error:  # whatever it is, it is a finding
                _set_limits(0, 0)
                if isinstance(error, KeyboardInterrupt):
                    raise
                place = error.__traceback__
                while place is not None and place.tb_next is not None:
                    place = place.tb_next
                where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else ""
                kind = (name, type(error).__name__, where if not isinstance(error, _TooSlowError) else "")
                if kind not in seen:
                    seen.add(kind)
                    case = CASES / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
                    case.write_bytes(data)
                    print(f"{case.name}: {type(error).__name__}: {str(error)[:200]} at {where}", flush=True)
            finally:
                _set_limits(0, 0)
            slowest = max(slowest, (time.process_time() - start, name))
            runs += 1
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> (20 if sys.platform == "darwin" else 10)
    print(f"{runs} runs, {len(seen)} kinds of failures, slowest {slowest[0]:.2f} s ({slowest[1]}), {memory} MB at most")
    return 1 if seen else 0


if __name__ == "__main__":
    sys.exit(main())
