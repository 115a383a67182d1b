"""A publication list beside bare formatting: ``python -m benchmarks.cv_speed [--count 2000] [--runs 5]``.

The same references in the same style: ``bibtool cv --to html`` with owner, sections, numbers and page against
`benchmarks.csl_ours`, which reads CSL-JSON and formats it and nothing else. Each is a fresh process; the least of
the runs counts.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.csl_fixture import items
from benchmarks.csl_speed import timed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--style", default="apa")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "items.json"
        file.write_text(json.dumps(items(options.count, seed=2), ensure_ascii=False), encoding="utf-8")
        bare = [sys.executable, "-m", "benchmarks.csl_ours", str(file), options.style]
        listed = [
            *(sys.executable, "-m", "bibtool", "cv", str(file), "--style", options.style, "--to", "html"),
            *("--owner", "Ada Abara", "--everyone"),
        ]
        runs = [(timed(bare), timed(listed)) for _ in range(options.runs)]  # in turns, so that load hits both
        least = []
        for name, found in zip(("bare formatting", "bibtool cv"), zip(*runs, strict=True), strict=True):
            least.append(min(seconds for seconds, _ in found))
            print(f"{name}: {least[-1]:.2f} s, {max(memory for _, memory in found) // 1024} MB")
        print(f"ratio {least[1] / least[0]:.2f}")


if __name__ == "__main__":
    main()
