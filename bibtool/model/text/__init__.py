"""Text without markup: folding, decoding, lines, symbols."""

from __future__ import annotations
