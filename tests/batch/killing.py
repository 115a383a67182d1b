"""Work that ends its own process, for the tests of what happens then."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from bibtool.batch.work import Outcome, do

if TYPE_CHECKING:
    from bibtool.batch.files import Folder, Input
    from bibtool.batch.work import Job


def deadly(job: Job, folder: Folder, each: Input) -> Outcome:
    """As `do`, but a file called deadly kills its process each time, and one called once the first time."""
    if each.name.startswith("deadly"):
        os.kill(os.getpid(), signal.SIGKILL)
    if each.name.startswith("once"):
        mark = Path(each.path).with_suffix(".mark")
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return do(job, folder, each)
