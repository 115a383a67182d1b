"""What is fast, and how fast: each script prints ours and, where there is one, the peer's figure of the same run."""

from __future__ import annotations
