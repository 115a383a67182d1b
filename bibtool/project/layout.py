"""The layout of the output: new and changed entries look as `bibtool fmt` with the project's settings writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.bib.entrytext import say_the_same
from bibtool.errors import InputError
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Callable

    from bibtool.formats.bibtex.tidy.options import TidyOptions


@dataclass(frozen=True, slots=True)
class OutputLayout:
    """The options of `bibtool fmt` for the output; with None entries keep the bytes that their source has.

    They are asked for, and entries are compared by what they say, only where bytes differ: most runs find none.
    ``same`` tells whether two entries say the same.
    """

    options: Callable[[], TidyOptions] | None = None
    same: Callable[[str, str], bool] = say_the_same

    def entry(self, text: str, present: str | None) -> str:
        """The text of an entry as it is to be written (LF line ends).

        ``present`` is what the output has under its key, or None. An entry that says the same already stays as it is,
        so that another layout alone changes no file.
        """
        if self.options is None or present == text:
            return text
        if present is not None and self.same(present, text):
            return present
        one = replace(self.options(), sort=(), generate_keys="")
        tidied = _tidied(text.encode("utf-8", "surrogateescape"), one)
        return tidied.decode("utf-8", "surrogateescape").rstrip("\n")

    def file(self, before: bytes | None, after: bytes) -> bytes:
        """The new bytes of the output, laid out as a whole if the file is new or `bibtool fmt` left it alone before.

        A file in any other layout is the work of its author; only its new entries are ours to lay out.
        """
        if self.options is None or before == after:
            return after
        options = replace(self.options(), generate_keys="")  # the documents cite the keys
        if before is not None and _tidied(before, options) != before:
            return after
        return _tidied(after, options)


def _tidied(data: bytes, options: TidyOptions) -> bytes:
    from bibtool.formats.bibtex.tidy.run import tidy

    try:
        return tidy(data, options).data
    except InputError:  # something would be lost, so that the text stays as it is
        return data
