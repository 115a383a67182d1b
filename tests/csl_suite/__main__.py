"""``python -m tests.csl_suite DIR [--json]``: passed, failed and total, and the failures."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.csl_suite.cases import read_cases
from tests.csl_suite.run import run_case


def main(arguments: list[str]) -> int:
    as_json = "--json" in arguments
    only = [argument for argument in arguments if argument != "--json"]
    if not only:
        sys.stderr.write("usage: python -m tests.csl_suite DIR [--json] [NAME ...]\n")
        return 2
    folder = Path(only[0])
    if not folder.is_dir():
        sys.stderr.write(f"no folder {folder}\n")
        return 2
    wanted = set(only[1:])
    outcomes = [run_case(case) for case in read_cases(folder) if not wanted or case.name in wanted]
    failed = [outcome for outcome in outcomes if not outcome.passed]
    passed = len(outcomes) - len(failed)
    if as_json:
        report = {
            "passed": passed,
            "failed": len(failed),
            "total": len(outcomes),
            "failures": [{"name": x.name, "wanted": x.wanted, "got": x.got} for x in failed],
        }
        sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
        return 0 if not failed else 1
    for outcome in failed:
        sys.stdout.write(f"== {outcome.name}\n-- wanted\n{outcome.wanted}\n-- got\n{outcome.got}\n")
    share = 100 * passed / len(outcomes) if outcomes else 0
    sys.stdout.write(f"passed {passed}, failed {len(failed)}, total {len(outcomes)} ({share:.1f} %)\n")
    return 0 if not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
