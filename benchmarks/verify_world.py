"""Verdicts of ``bibtool verify`` on true and false references over closed worlds: a table per kind.

Run as ``python -m benchmarks.verify_world [FILE.bib|SIZE]``: the world is the file's records, or an invented one of so
many records (default 5,000).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

from benchmarks._table import show
from bibtool.formats.registry import read_path, write_bytes
from tests.support.false_references import as_bibtex, make_world, references

NUMBER = 4000
VERDICTS = ("confirmed", "contradicts", "not found", "could not check")


def measure(given: str, number: int, folder: Path) -> None:
    """Index the world, verify the references, print the table and what was judged wrongly."""
    if not given.isdigit():
        bib = Path(given)
        world = list(read_path(bib).records)
    else:
        world = make_world(int(given))
        bib = folder / f"world-{given}.json"
        bib.write_bytes(write_bytes(world, "csl-json").data)
    index = folder / "world.index"
    command = [sys.executable, "-m", "bibtool"]
    subprocess.run([*command, "index", "add", str(bib), "--index", str(index), "-q"], check=False)
    made = list(references(world, number))
    refs = folder / "refs.bib"
    refs.write_bytes(as_bibtex(made))
    start = time.perf_counter()
    done = subprocess.run(
        [*command, "verify", "--offline", "--index", str(index), "--json", str(refs)], check=False, capture_output=True
    )
    took = time.perf_counter() - start
    results = {each["key"]: each for each in json.loads(done.stdout)["results"]}
    table: dict[str, Counter[str]] = defaultdict(Counter)
    wrong = []
    for reference in made:
        result = results[reference.record.key]
        table[reference.kind][result["verdict"]] += 1
        if (result["verdict"] in ("contradicts", "not found")) == reference.is_true or (
            not reference.is_true and result["verdict"] == "confirmed"
        ):
            wrong.append((reference, result))
    rows = [(kind, *(counts[verdict] for verdict in VERDICTS)) for kind, counts in table.items()]
    show(f"{bib.name}: {len(made):,} references, {took:.1f} s", ("kind", *VERDICTS), rows)
    for true in (True, False):
        of_kind = [counts for kind, counts in table.items() if kind.startswith("true") == true]
        total = sum(map(Counter.total, of_kind))
        flagged = sum(counts["contradicts"] + counts["not found"] for counts in of_kind)
        confirmed = sum(counts["confirmed"] for counts in of_kind)
        name = "true" if true else "false"
        print(f"{name}: {total:,}, flagged {flagged / total:.2%}, confirmed {confirmed / total:.2%}")
    for reference, result in wrong[:30]:
        said = "; ".join(c["sentence"] for c in result["contradictions"]) or result["reason"] or result["verdict"]
        print(f"  {reference.kind}: {reference.record!r}: {said}; not compared: {result['not_compared']}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as where:
        measure(sys.argv[1] if len(sys.argv) > 1 else "5000", NUMBER, Path(where))
