"""CSL-JSON and CSL-YAML."""

from __future__ import annotations
