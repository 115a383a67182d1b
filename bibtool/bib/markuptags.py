"""The tags of HTML and JATS that are read in BibTeX values, and what characters that look like one look like.

Sources: HTML standard, section 4.5; JATS, "Formatting elements".
"""

from __future__ import annotations

from typing import Final

# tag -> command
COMMANDS: Final = {
    "i": "\\textit", "em": "\\textit", "italic": "\\textit", "cite": "\\textit", "b": "\\textbf", "strong": "\\textbf",
    "bold": "\\textbf", "sub": "\\textsubscript", "inf": "\\textsubscript", "sup": "\\textsuperscript",
    "sc": "\\textsc", "scp": "\\textsc", "tt": "\\texttt", "code": "\\texttt", "monospace": "\\texttt",
    "u": "\\underline", "underline": "\\underline", "q": "\\enquote",
}  # fmt: skip
# these print nothing by themselves
EMPTY: Final = frozenset(
    "p span div font small big a title sec list list-item inline-formula alternatives named-content styled-content "
    "roman ext-link xref abstract label nobr".split()
)
SINGLE: Final = frozenset({"br", "break", "hr"})
NAMES: Final = "|".join(sorted({*COMMANDS, *EMPTY, *SINGLE}, key=len, reverse=True))
# the sign before what would be read as a tag
LIKE_TAG: Final = rf"<(?=/?(?:jats:)?(?:{NAMES})[\s/>]|/?(?:mml:|m:)?math\b)"
