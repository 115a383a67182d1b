"""Sorts differences from citeproc-js into classes: ``python -m benchmarks.csl_classes DIFFERENCES.jsonl [--rest N]``.

The file is what ``benchmarks.csl_compare --out`` writes. ``csl_differences.toml`` has the classes: how a difference of
that class is recognised, who is right, and by which rule. The first class that fits counts.
"""

from __future__ import annotations

import argparse
import collections
import difflib
import json
import re
import tomllib
from pathlib import Path
from typing import Any

_TAG = re.compile(r"<[^<>]*>")
VERDICTS = ("citeproc-js", "open", "ours")


def classes() -> list[dict[str, Any]]:
    """The classes, in the order in which they are tried."""
    path = Path(__file__).with_name("csl_differences.toml")
    return tomllib.loads(path.read_text("utf-8"))["class"]  # type: ignore[no-any-return]


def pieces(js: str, our: str) -> tuple[str, str]:
    """What only citeproc-js has, and what only we have; pieces in a row are joined by a bar."""
    matcher = difflib.SequenceMatcher(None, js, our, autojunk=False)
    steps = [step for step in matcher.get_opcodes() if step[0] != "equal"]
    gone = "|".join(js[first:last] for _, first, last, _, _ in steps)
    new = "|".join(our[first:last] for _, _, _, first, last in steps)
    return gone, new


def fits(rule: dict[str, Any], difference: dict[str, str]) -> bool:
    """Whether the difference is of that class."""
    if difference["what"] not in rule.get("what", ("text", "markup")):
        return False
    if "styles" in rule and difference["style"].removesuffix(".csl") not in rule["styles"]:
        return False
    js, our = difference["js"], difference["our"]
    if difference["what"] == "text":
        js, our = _TAG.sub("", js), _TAG.sub("", our)
    if rule.get("order"):
        words, others = re.findall(r"\w+", js), re.findall(r"\w+", our)
        if words == others or sorted(words) != sorted(others):
            return False
    if not all(re.search(rule[name], text) for name, text in (("js", js), ("our", our)) if name in rule):
        return False
    if "gone" not in rule and "new" not in rule:
        return True
    gone, new = pieces(js, our)
    return all(re.fullmatch(rule[name], text) for name, text in (("gone", gone), ("new", new)) if name in rule)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("differences", type=Path)
    parser.add_argument("--rest", type=int, default=0, help="show that many differences that are in no class")
    parser.add_argument("--total", type=int, default=0, help="how many texts were compared, for shares")
    options = parser.parse_args()
    rules = classes()
    counts: collections.Counter[str] = collections.Counter()
    verdicts: collections.Counter[str] = collections.Counter()
    rest = []
    for line in options.differences.read_text("utf-8").splitlines():
        difference = json.loads(line)
        rule = next((rule for rule in rules if fits(rule, difference)), None)
        if rule is None:
            rest.append(difference)
            continue
        counts[rule["name"]] += 1
        verdicts[rule["right"]] += 1
    for rule in rules:
        print(f"{counts[rule['name']]:6} {rule['right']:12} {rule['name']}")
    share = f" ({len(rest) / options.total:.2%})" if options.total else ""
    print(f"{len(rest):6} in no class{share}; {', '.join(f'{name} {verdicts[name]}' for name in VERDICTS)}")
    for difference in rest[: options.rest]:
        print(difference["what"], difference["style"], difference["lang"], difference["key"])
        print(f"  js  {difference['js'][:240]}\n  our {difference['our'][:240]}")


if __name__ == "__main__":
    main()
