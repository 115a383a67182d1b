"""Small projects for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.cli.config import read_config
from bibtool.project.plan import RefsRun
from bibtool.project.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from bibtool.project.plan import Plan

KNUTH = """@article{knuth84,
   author = "Donald E. Knuth",  title={Literate   Programming},
   journal = cj, year = 1984, doi={10.1093/comjnl/27.2.97},
   abstract = {Long}
}"""
# as `bibtool refs` writes it
KNUTH_WRITTEN = """@article{knuth84,
  author        = "Donald E. Knuth",
  title         = {Literate Programming},
  journal       = cj,
  year          = 1984,
  doi           = {10.1093/comjnl/27.2.97},
  abstract      = {Long},
}"""
LAMPORT = "@book{lamport94, author={Leslie Lamport}, title={{\\LaTeX}}, year=1994, publisher={A-W}}"
PART = "@inproceedings{part, crossref={whole}, title={A Part}, author={Ann Author}}"
WHOLE = "@proceedings{whole, booktitle={The Whole}, title={The Whole}, year=2001}"
NUMBER = "@misc{vaswani, title={Attention}, author={Ashish Vaswani}, eprint={1706.03762}, archiveprefix={arXiv}}"
BIB = f"""% my entries
@preamble{{"\\providecommand{{\\noopsort}}[1]{{}}"}}
@string{{cj = "The Computer " # jj}}
@string{{jj = "Journal"}}
@string{{idle = "nothing"}}

{WHOLE}

{KNUTH}
@comment{{free}}
{LAMPORT}
{PART}
{NUMBER}
"""


def make(folder: Path, *keys: str, bib: str | None = BIB, settings: str = "") -> Path:
    """A project that cites these keys."""
    folder.mkdir(parents=True, exist_ok=True)
    cite(folder, *keys)
    if bib is not None:
        (folder / "all.bib").write_bytes(bib.encode())
    (folder / "bibtool.toml").write_text(f'[refs]\nsources = ["all.bib"]\n{settings}', encoding="utf-8")
    return folder


def cite(folder: Path, *keys: str) -> None:
    """Let the document cite just these keys."""
    body = "\n".join(f"\\cite{{{key}}}" for key in keys)
    (folder / "paper.tex").write_bytes(
        b"\\documentclass{article}\n\\begin{document}\n" + body.encode() + b"\n\\end{document}\n"
    )


def space(folder: Path) -> Workspace:
    """The project in a folder."""
    return Workspace(settings=read_config(folder / "bibtool.toml").refs, folder=folder)


def run(
    folder: Path, *, allow_missing: bool = False, prune: bool = False, relock: frozenset[str] = frozenset()
) -> Plan:
    """Plan and write; the plan."""
    project = space(folder)
    plan = project.plan(RefsRun(allow_missing=allow_missing, prune=prune, relock=relock))
    if plan.ok:
        project.write(plan)
    return plan


def output(folder: Path) -> str:
    """The text of refs.bib."""
    return (folder / "refs.bib").read_bytes().decode()


def codes(plan: Plan) -> list[str]:
    """The codes of all problems."""
    return [one.code for one in plan.problems]
