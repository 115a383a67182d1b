"""How long it takes to read formatted references.

    python -m benchmarks.references.speed FILE.bib [--count 1000] [--repeat 3]

sets the entries of the file in two styles, half of the references in each, and reads both lists. Each run is a process
of its own, so that nothing is remembered; printed are the processor seconds of the fastest run, without and with the
start.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.references.measure import in_style
from bibtool.formats.registry import read_path

STYLES = ("ieee", "apa")
RUN = """
import sys, time
from pathlib import Path
from bibtool.formats.base import ReadOptions
from bibtool.formats.registry import read_bytes
data = [Path(name).read_bytes() for name in sys.argv[1:]]
start = time.process_time()
found = sum(len(read_bytes(text, "references", ReadOptions(path="list")).records) for text in data)
print(found, time.process_time() - start, time.process_time())
"""


def lists(path: Path, count: int) -> list[str]:
    """Numbered lists in the styles, of so many references together."""
    records = [record for record in read_path(path).records if record.title]
    texts = []
    for style in STYLES:
        lines = in_style(style, records)[0][: count // len(STYLES)]
        texts.append("".join(f"[{number}] {line.text}\n" for number, line in enumerate(lines, start=1)))
    return texts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="a BibTeX file with enough entries")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for number, text in enumerate(lists(options.file, options.count)):
            names.append(str(Path(folder) / f"{number}.txt"))
            Path(names[-1]).write_text(text, encoding="utf-8")
        runs = []
        for _ in range(options.repeat):
            done = subprocess.run([sys.executable, "-c", RUN, *names], capture_output=True, text=True, check=True)
            found, reading, whole = done.stdout.split()
            runs.append((float(reading), float(whole), int(found)))
    reading_s, whole_s, number = min(runs)
    print(f"{number} references: {reading_s:.2f} s, with the start {whole_s:.2f} s (processor, least of {len(runs)})")


if __name__ == "__main__":
    main()
