"""Writes bibtool/styles/vouched.bin for the collection that is installed: ``python -m tests.support.make_vouched``."""

from __future__ import annotations

from pathlib import Path

from bibtool.errors import StyleError
from bibtool.styles import vouched
from bibtool.styles.grammar import check_style
from bibtool.styles.sources import collection_folder
from bibtool.styles.xmltree import parse_xml


def main() -> None:
    folder = collection_folder()
    assert folder is not None
    digests = set()
    for path in folder.glob("*.csl"):
        source = path.read_bytes()
        try:
            check_style(parse_xml(source), None)
        except StyleError:
            continue
        digests.add(vouched.digest(source))
    Path(vouched.__file__).with_name(vouched.FILE).write_bytes(b"".join(sorted(digests)))


if __name__ == "__main__":
    main()
