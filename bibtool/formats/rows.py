"""The form of the mapping tables: each format describes itself in rows, and its docs are generated from them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a format's mapping table: its field, the CSL variable ("" for key, type, arXiv id), and how."""

    field: str
    variable: str
    note: str = ""
