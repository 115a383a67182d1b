"""Works: whether two records are one, whose they are, and how one completes the other."""

from __future__ import annotations
