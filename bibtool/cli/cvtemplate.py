"""A first bibtool.toml for a publication list."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

TEMPLATE = """\
# Settings of bibtool for a publication list: `bibtool cv` writes it. Commented lines show the default, or an
# example.

# library = "papers.sqlite"              # the library, if it is not the default one

[owner]
# Whose list it is: your name in full first, then the others under which you have published (another surname, a middle
# name). Initials, accents, and the family name first are understood. Write a family name of two words with a comma:
# "García Márquez, Gabriel".
names = {names}
# orcid = "0000-0002-1825-0097"
# arxiv-author = "ash_b_1"
# Other people whose names could be taken for yours.
# not = ["Berta Ash"]

[cv]
# What is written where: `bibtool cv --help` lists the targets.
to = "html"
output = "publications.html"
# title = "Publications"
# style = "apa"                          # `bibtool styles` lists them
# locale = "en-US"
# where = "year>=2015"
# everyone = false                       # also list works that you did not write

# A preprint and its publication are one work. The version that is listed: "published" or "preprint".
# prefer = "published"

# Sections by "type" (with these kinds first), by "year", or "none".
# group = "type"
# kinds = ["journal", "conference"]
# headings = {{ preprint = "Manuscripts" }}

# Newest first; the first number is the number of works.
# sort = "-issued,title"
# number = "down"
# number-sections = false

# Long lists of authors: this many names at most (0: all), always including yours, with the number of all authors.
# max-authors = 10
# mark-owner = "bold"
# links = ["doi", "arxiv", "pdf", "code", "url"]
# summary = false
# abstracts = false
# template = "cv.tex.j2"

# Marks are set by `bibtool edit KEY 'author+an=1=equal; 2=equal, corresponding'`.
# legend = {{ equal = "these authors contributed equally" }}

# Your own sections, instead of `group`; a work is listed in the first section that accepts it.
# [[cv.sections]]
# heading = "Selected publications"
# keys = ["ash2024field", "ash2021index"]
# [[cv.sections]]
# heading = "Journals"
# where = "type==journal"
# newest = 20
# [[cv.sections]]
# heading = "Everything else"
"""


def propose_cv(names: Sequence[str]) -> str:
    """The text of the settings for the list of a person."""
    return TEMPLATE.format(names=json.dumps(list(names), ensure_ascii=False))
