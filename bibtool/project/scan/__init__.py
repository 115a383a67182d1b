"""Citations in documents: scanners by type, following included files, and reports."""

from __future__ import annotations
