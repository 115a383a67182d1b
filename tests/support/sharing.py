"""Folders that are expensive to fill: made once in a run of the tests, also where it has several worker processes."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

PATIENCE_S = 600


def made_once(factory: pytest.TempPathFactory, name: str, fill: Callable[[Path], None]) -> Path:
    """The folder ``name``, which the first process to ask has filled.

    The others wait. They raise `RuntimeError` if ``fill`` raises in the first one, or takes more than ten minutes.
    """
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    done, failed = folder.with_name(f"{name}.done"), folder.with_name(f"{name}.failed")
    try:
        folder.mkdir()
    except FileExistsError:
        end = time.monotonic() + PATIENCE_S
        while not done.exists():
            if failed.exists() or time.monotonic() > end:
                raise RuntimeError(f"{name} could not be made; see the other failures") from None
            time.sleep(0.05)
        return folder
    try:
        fill(folder)
    except BaseException:
        failed.touch()
        raise
    done.touch()
    return folder
