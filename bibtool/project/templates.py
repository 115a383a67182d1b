"""A first bibtool.toml, made from what a folder holds."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from bibtool.project.documents import find_documents

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MAX_LISTED = 8
MAX_BIBS = 200
_BIBLATEX = re.compile(rb"\\addbibresource|\\usepackage(?:\[[^\]]*\])?\{biblatex\}")
_NAMED = re.compile(
    rb"\\(?:bibliography|addbibresource(?:\[[^\]]*\])?)\{([^{}]*)\}|^bibliography:\s*(\S+)", re.MULTILINE
)

TEMPLATE = """\
# Settings of bibtool for this project. Lines with a # in front show the default.

# library = "~/papers/library.sqlite"    # the library of records, where it is not the usual one

[refs]
# Where entries come from; the first that has a key wins. "library" is your library of records, which your
# co-authors don't need: what it says is in the lock. Files may be .bib, CSL-JSON, pasted listings; patterns work.
sources = {sources}

# The documents that cite, as files or patterns. What they take in (\\\\input, \\\\include ...) is followed.
documents = {documents}
# exclude = ["old/**"]

# The bibliography that `bibtool refs` writes, with just what is cited, and the lock beside it. Keep both in git.
output = {output}
# keep = false
# lock = "bibtool.lock"

# "bibtex" or "biblatex": how records of the library are written. Entries of .bib files are copied as they are.
dialect = {dialect}

# Where a preprint and a published version are known: "published", "preprint" or "both", which is the published one
# with the eprint of the other.
# prefer = "published"
# prefer-for = {{ "some:key" = "preprint" }}

# Fields that are not written.
# drop = ["abstract", "file", "keywords"]

# Citation commands of your own; "name:2" where the keys are the second argument.
# cite-commands = ["mycite", "footcitealso:2"]

# The day on which listings were copied, for dates without a year.
# as-of = 2026-11-23

[keys]
# How keys are made for records that have none.
# template = "{{auth:lower}}{{year}}{{word:lower}}"

[export]
# The style of formatted lists: `bibtool styles` shows them.
# style = "apa"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The text of the file, and what it says of this folder."""

    text: str
    documents: tuple[str, ...]
    sources: tuple[str, ...]
    output: str


def propose(folder: Path) -> Proposal:
    """Settings for a folder.

    The .bib file that the documents name becomes the output only if it is not there yet, or is the only one and the
    documents name it: its entries are then those written by hand, which stay. Other .bib files become sources.
    """
    documents = find_documents(folder, ())
    heads = [_head(folder / name) for name in documents[:MAX_BIBS]]
    roots = [name for name, head in zip(documents, heads, strict=False) if b"\\documentclass" in head]
    named = [name for head in heads for name in _names(head)]
    bibs = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.bib")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )[:MAX_BIBS]
    output = next((name for name in named if name not in bibs), None)
    if output is None:
        output = "refs.bib" if "refs.bib" in bibs or "refs.bib" in named or not named else named[0]
    sources = [*(name for name in bibs if name != output), "library"]
    dialect = "biblatex" if any(_BIBLATEX.search(head) for head in heads) else "bibtex"
    listed = tuple(roots or documents)
    if len(listed) > MAX_LISTED:
        listed = tuple(dict.fromkeys(f"**/*{PurePath(name).suffix}" for name in listed))
    text = TEMPLATE.format(
        sources=_list(sources),
        documents=_list(listed or ["*.tex"]),
        output=json.dumps(output, ensure_ascii=False),
        dialect=json.dumps(dialect),
    ).replace("\\\\", "\\")
    return Proposal(text=text, documents=listed, sources=tuple(sources), output=output)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(1 << 20)
    except OSError:
        return b""


def _names(head: bytes) -> Iterable[str]:
    for match in _NAMED.finditer(head):
        for name in (match[1] or match[2] or b"").decode("utf-8", "replace").split(","):
            bare = name.strip().strip("\"'[]")
            if bare and bare.isprintable() and not bare.startswith(("/", "~", "http")) and ".." not in bare:
                yield bare if bare.endswith(".bib") else f"{bare}.bib"


def _list(words: Iterable[str]) -> str:
    return "[" + ", ".join(json.dumps(word, ensure_ascii=False) for word in words) + "]"
