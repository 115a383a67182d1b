"""What only some systems have."""

from __future__ import annotations

import sys

import pytest

posix = pytest.mark.skipif(
    sys.platform == "win32", reason="needs a POSIX shell, permission bits, pipes in the file system or limits"
)
