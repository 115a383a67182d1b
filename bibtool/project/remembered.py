"""Which entries an earlier run found to say the same, so that the next one need not read them.

The texts of an output and of its sources differ in layout on nearly every line, and hardly ever in what they say. So a
run leaves a hash of each pair that it found equal in the cache folder, in a file for each output. A hash that is
not there, because a text has changed or the file is damaged or missing, only means that the pair is compared.
"""

from __future__ import annotations

import contextlib
from functools import cached_property
from typing import TYPE_CHECKING

from bibtool.bib.entrytext import say_the_same
from bibtool.digests import blake2b
from bibtool.files import write_cached
from bibtool.version import VERSION

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 16  # bytes of a hash
MAX_KEPT = 100_000


class Remembered:
    """The pairs of one output; ``cache`` is a folder, which may be missing, and None to remember nothing."""

    def __init__(self, output: Path, cache: Path | None) -> None:
        name = blake2b(f"{VERSION} {output}".encode("utf-8", "surrogatepass"), digest_size=SIZE).hexdigest()
        self._file = cache / "said-the-same" / name if cache is not None else None
        self._said: set[bytes] = set()

    @cached_property
    def _known(self) -> frozenset[bytes]:
        data = b""
        if self._file is not None:
            with contextlib.suppress(OSError), self._file.open("rb") as stream:
                data = stream.read(MAX_KEPT * SIZE)
        return frozenset(data[at : at + SIZE] for at in range(0, len(data), SIZE))

    def say_the_same(self, first: str, second: str) -> bool:
        """What `bibtool.bib.entrytext.say_the_same` says of two entries."""
        if first == second:
            return True
        both = f"{len(first)} {first}{second}".encode("utf-8", "surrogatepass")
        pair = blake2b(both, digest_size=SIZE).digest()
        if pair not in self._known and not say_the_same(first, second):
            return False
        self._said.add(pair)
        return True

    def keep(self) -> None:
        """Leave the pairs that were asked for, and say the same, to the next run."""
        if self._file is not None and self._said and self._said != self._known and len(self._said) <= MAX_KEPT:
            with contextlib.suppress(OSError):
                write_cached(self._file, b"".join(sorted(self._said)))
