"""Golden files: expected outputs in fixtures/, written again on request."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SWITCH = "BIBTOOL_REWRITE_GOLDEN"


def expected(path: Path, actual: bytes) -> bytes:
    """What a golden file holds.

    With ``BIBTOOL_REWRITE_GOLDEN=1`` in the environment it is first written from ``actual``. Read the difference before
    you commit it.
    """
    if os.environ.get(SWITCH) == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(actual)
    return path.read_bytes()
