"""What all that reads files has to know of their size, without what it takes to read them."""

from __future__ import annotations

MAX_BYTES = 256 * 1024 * 1024
