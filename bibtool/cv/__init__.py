"""Publication lists of one person: owner found, works joined, grouped and numbered, written for many targets.

>>> import bibtool
>>> from bibtool import cv
>>> records = bibtool.read_path("refs.bib").records  # doctest: +SKIP
>>> built = cv.build_list(records, "apa", owner="Joan Bruna")  # doctest: +SKIP
>>> page = cv.write(built.cv, "html")  # doctest: +SKIP

Importing the package is cheap: the public names are loaded at first use (PEP 562).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.lazy import attach

_HOMES = {
    name: f"bibtool.cv.{module}"
    for module, names in {
        "build": "Built ListOptions build_list",
        "document": "Author Entry Link PublicationList Section Summary",
        "owner": "Finder Owner make_owner",
        "sections": "SectionRule",
        "targets": "TARGETS Files TargetOptions write write_files",
    }.items()
    for name in names.split()
}

__all__ = [
    "TARGETS",
    "Author",
    "Built",
    "Entry",
    "Files",
    "Finder",
    "Link",
    "ListOptions",
    "Owner",
    "PublicationList",
    "Section",
    "SectionRule",
    "Summary",
    "TargetOptions",
    "build_list",
    "make_owner",
    "write",
    "write_files",
]

if TYPE_CHECKING:
    from bibtool.cv.build import Built, ListOptions, build_list
    from bibtool.cv.document import Author, Entry, Link, PublicationList, Section, Summary
    from bibtool.cv.owner import Finder, Owner, make_owner
    from bibtool.cv.sections import SectionRule
    from bibtool.cv.targets import TARGETS, Files, TargetOptions, write, write_files

__getattr__, __dir__ = attach(__name__, _HOMES)
