"""JSON: all data of the list, as templates see them; see `bibtool.cv.context` and ``docs/how-to/templates.md``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bibtool.cv.context import context

if TYPE_CHECKING:
    from bibtool.cv.document import PublicationList
    from bibtool.cv.targets import TargetOptions


def write(cv: PublicationList, options: TargetOptions) -> bytes:
    """The data as JSON, indented by two spaces; as a fragment only the array of sections."""
    data = context(cv, options)
    shown = data["sections"] if options.fragment else data
    return (json.dumps(shown, ensure_ascii=False, indent=2) + "\n").encode()
