"""The data everything else works on: records, names, dates, numbers, identifiers, rich text."""

from __future__ import annotations
