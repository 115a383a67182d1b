"""ORCID iDs as the formats write them: bare, or as an address."""

from __future__ import annotations

from typing import Any

from bibtool.errors import IdentifierError
from bibtool.model.identifiers import parse_orcid


def orcid_of(value: Any) -> str:
    """The bare ORCID iD, or "" where the value is none."""
    if not isinstance(value, str) or not value:
        return ""
    try:
        return parse_orcid(value)
    except IdentifierError:
        return ""


def orcid_url(orcid: str) -> str:
    """The address of an ORCID iD; "" for none."""
    return f"https://orcid.org/{orcid}" if orcid else ""
