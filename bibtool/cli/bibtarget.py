"""Files among the arguments of a command, and a BibTeX file that it changes in place, with a record for each entry."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bibtool.errors import UsageError
from bibtool.problems import Severity
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from bibtool.bib.document import Document
    from bibtool.cli.common import App
    from bibtool.files import Original
    from bibtool.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class BibTarget:
    """The file as it was read; ``records`` are those of its entries, in their order.

    ``code`` is the exit code that reading it asks for: 1 if an entry is lost.
    """

    path: str
    original: Original
    document: Document
    records: tuple[Record, ...]
    code: int


def open_target(app: App, path: str, done: str) -> BibTarget:
    """The file; ``done`` says in errors what can't be: ``refreshed``. What can't be read in it is reported.

    Raises `UsageError` for standard input and for what is not BibTeX, `InputError` for what can't be read.
    """
    from bibtool.bib.document import Document
    from bibtool.files import read_for_rewrite
    from bibtool.formats.bibtex.reader import read_document
    from bibtool.formats.registry import guess_format

    if path == "-":
        raise UsageError(f"standard input can't be {done}", hint="name a file")
    original = read_for_rewrite(path)
    if Path(path).suffix.casefold() != ".bib" and guess_format(original.data, path).name != "bibtex":
        raise UsageError(f"{path} is not a BibTeX file", hint=f"import it into the library; its records can be {done}")
    document = Document.from_bytes(original.data, path=path)
    result = read_document(document, app.read_options(path))
    code = app.report(problem for problem in result.problems if problem.severity is Severity.ERROR)
    return BibTarget(path=path, original=original, document=document, records=tuple(result.records), code=code)


def is_file(target: str) -> bool:
    """Whether an argument names a file; a name with a slash or a usual suffix does, even if there is none."""
    if target == "-" or "/" in target or "\\" in target:
        return True
    from bibtool.formats.registry import FORMATS

    suffix = Path(target).suffix.casefold()
    return Path(target).is_file() or any(suffix in form.suffixes for form in FORMATS if suffix)
