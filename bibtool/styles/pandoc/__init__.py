"""Citations and bibliographies in pandoc's document tree (``pandoc --to json``).

`bibtool.styles.pandoc.document.format_document` is the way in; what it needs from files its caller reads.
"""

from __future__ import annotations
