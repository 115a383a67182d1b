"""Formats CSL-JSON with bibtool, as a whole process: ``python -m benchmarks.csl_ours ITEMS.json STYLE [OUTPUT]``."""

from __future__ import annotations

import sys

from bibtool.formats.base import ReadOptions
from bibtool.formats.csl.json import read
from bibtool.styles.processor import Processor
from bibtool.styles.style import Style


def main(items: str, style: str, output: str = "html") -> None:
    with open(items, "rb") as file:  # noqa: PTH123 # bibtool does without pathlib here
        records = read(file.read(), ReadOptions()).records
    processor = Processor(Style.load(style), records, output=output)
    sys.stdout.write(str(processor.bibliography()))


if __name__ == "__main__":
    main(*sys.argv[1:])
