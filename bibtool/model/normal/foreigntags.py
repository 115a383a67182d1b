"""Which tags of JATS, MathML and HTML are markup to be translated, not characters of a text.

Without any imports, as `bibtool.model.richtext` needs it to write such a tag that is meant as characters.
"""

from __future__ import annotations

from bibtool.lazy import lazy_pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

FOREIGN_TAG: Final = lazy_pattern(
    r"</?(?:(?:jats|mml|m):[A-Za-z-]{1,30}|scp|italic|bold|inline-formula|disp-formula|tex-math|math|p|div|br|font|tt|u|a"
    r"(?=\s+href|>)|I|B|EM|STRONG|SUP|SUB|SCP|P|BR)(?:\s[^<>]{0,300})?/?>"
)
"""A tag that `bibtool.model.normal.markup` translates. ``<i>`` and the like are CSL's own and not among them."""
