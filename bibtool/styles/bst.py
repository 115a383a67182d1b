"""BibTeX's own .bst styles through pybtex's interpreter: the .bbl text, and its entries one by one."""

from __future__ import annotations

import contextlib
import io

from bibtool.bounded import OutOfBoundsError, run_bounded
from bibtool.errors import StyleError
from bibtool.lazy import lazy_pattern
from bibtool.model.richtext import Math
from bibtool.structs import dataclass
from bibtool.styles.rich import CLOSE, OPEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from bibtool.model.richtext import Node, Text
    from bibtool.styles.rich import Run

MAX_BYTES = 4 * 1024 * 1024
MAX_STEPS = 2_000_000  # plain.bst takes about 500 for an entry
CHARACTERS_PER_STEP = 100
_ENDLESS = "does it have a loop that never ends?"

_ITEM = lazy_pattern(r"\\bibitem\s*(?:\[((?:[^\[\]{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\])?\s*\{([^{}]*)\}")
_END = lazy_pattern(r"\\end\{thebibliography\}")


@dataclass(frozen=True, slots=True)
class BblEntry:
    r"""One ``\\bibitem``: citation key, label ("" where the style numbers), and the LaTeX after it."""

    key: str
    label: str
    latex: str


def run_bst(bibtex: bytes, style: Path) -> str:
    """The .bbl that a style makes of a BibTeX file, all entries cited in the order of the file.

    The style runs in a process of its own. Raises `StyleError` where the file is not a .bst, fails while it runs, or
    takes more steps, time or memory than it may.
    """
    try:
        if style.stat().st_size > MAX_BYTES:
            raise StyleError(f"larger than {MAX_BYTES} bytes", path=str(style))
        source = style.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise StyleError(f"can't be read: {error.strerror or error}", path=str(style)) from error
    try:
        made: str = run_bounded("bibtool.styles.bst:interpret", bibtex.decode("utf-8"), source, str(style))
    except OutOfBoundsError as error:
        raise StyleError(f"the style was stopped: it {error}", path=str(style), hint=_ENDLESS) from None
    return made


def interpret(bibtex: str, source: str, name: str) -> str:
    """The .bbl; what `run_bst` has done in the other process. Raises `StyleError`."""
    from pybtex.bibtex import bst
    from pybtex.bibtex.exceptions import BibTeXError
    from pybtex.database.input.bibtex import Parser
    from pybtex.exceptions import PybtexError

    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            script = list(bst.parse_stream(io.StringIO(source), name))
            if not script:
                raise StyleError("not a BibTeX style: it has no commands", path=name)
            bbl: str = _counting_interpreter(name)(Parser, "utf-8").run(script, ["*"], [io.StringIO(bibtex)], 2)
    except (PybtexError, BibTeXError) as error:
        raise StyleError(f"the style can't be run: {error}", path=name) from error
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        # pybtex's interpreter trips over its own stack where a style is wrong
        raise StyleError(f"the style fails while it runs ({type(error).__name__}: {error})", path=name) from error
    return bbl


def _counting_interpreter(name: str) -> Any:
    """Pybtex's interpreter with an end: each value that is put on the stack counts, and a long one for its length."""
    from pybtex.bibtex.interpreter import Interpreter

    class Counting(Interpreter):  # type: ignore[misc]  # pybtex has no types
        steps = 0

        def push(self, value: Any) -> None:
            self.steps += 1 + (len(value) // CHARACTERS_PER_STEP if isinstance(value, str) else 0)
            if self.steps > MAX_STEPS:
                raise StyleError(f"the style was stopped after {MAX_STEPS:,} steps", path=name, hint=_ENDLESS)
            super().push(value)

    return Counting


_MARKS = {
    "italic": "italic",
    "bold": "bold",
    "superscript": "sup",
    "subscript": "sub",
    "smallcaps": "small-caps",
    "code": "code",
    "underline": "underline",
}


def run_of(text: Text) -> Run:
    """Rich text as the marked run that the renderers take."""
    run: Run = []
    _write(text.nodes, run)
    return run


def _write(nodes: tuple[Node, ...], run: Run) -> None:
    for node in nodes:
        if isinstance(node, str):
            run.append(node)
        elif isinstance(node, Math):
            run += [OPEN["math"], f"${node.tex}$", CLOSE["math"]]
        elif kind := _MARKS.get(node.kind):
            run.append(OPEN[kind])
            _write(node.nodes, run)
            run.append(CLOSE[kind])
        else:
            _write(node.nodes, run)


def split_bbl(bbl: str) -> tuple[BblEntry, ...]:
    """The entries of a .bbl in its order; empty where it has none."""
    marks = list(_ITEM.finditer(bbl))
    found = []
    for index, mark in enumerate(marks):
        stop = marks[index + 1].start() if index + 1 < len(marks) else len(bbl)
        latex = _END.split(bbl[mark.end() : stop])[0]
        found.append(BblEntry(mark[2].strip(), (mark[1] or "").strip(), " ".join(latex.split())))
    return tuple(found)
