"""The format of what `export`, `convert` and `cv` write: the one that is named, or that of the suffix of the file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bibtool.errors import UnknownNameError, UsageError
from bibtool.structs import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bibtool.cli.common import App
    from bibtool.formats.registry import Format


class Writable(NamedTuple):
    """Something that can be written, and the suffixes of its files, the usual one first; none for a folder."""

    name: str
    suffixes: tuple[str, ...]


# suffixes that a file may have too when the format is named
_MORE = {
    "biblatex": (".bib",),
    "hayagriva": (".yaml", ".yml"),
    "mods": (".xml",),
    "markdown": (".markdown", ".qmd", ".rmd"),
    "html": (".htm", ".xhtml"),
    "cff": (".yaml", ".yml"),
    "rendercv": (".yml",),
}
_ANY_TEXT = ".txt"  # says nothing of what is in the file
_NOT_TEXT = frozenset({"docx"})


def chosen_by_suffix(
    named: str | None, output: str | None, writables: Sequence[Writable], *, option: str
) -> str | None:
    """The name that is asked for, or the one for the suffix of ``output``; None without either.

    Raises `UsageError` for a suffix that is not known, and for one that contradicts the name.
    """
    suffix = "" if output in (None, "-") else Path(str(output)).suffix.casefold()
    if not suffix:
        return named
    owners = [writable.name for writable in writables if suffix in writable.suffixes]
    if named is None:
        if not owners:
            known = sorted({suffix for writable in writables for suffix in writable.suffixes})
            raise UsageError(
                f"{output}: the suffix {suffix} belongs to no format; known are {', '.join(known)}",
                hint=f"name the format with {option}",
            )
        return owners[0]
    own = next((writable.suffixes for writable in writables if writable.name == named), ())
    fits = suffix in (*own, *_MORE.get(named, ())) or (suffix == _ANY_TEXT and named not in _NOT_TEXT)
    if owners and own and not fits:
        raise UsageError(
            f"{output} is a file of {owners[0]} by its suffix, but {option} says {named}",
            hint=f"-o {Path(str(output)).with_suffix(own[0])}, or leave out {option}",
        )
    return named


def format_of(app: App, named: str | None, output: str | None, *, option: str) -> str | None:
    """The format or kind of list that `export` and `convert` write, its own name; None where nothing tells it.

    A .bib file is written in the dialect of the project. Raises `UnknownNameError` with suggestions, `UsageError`.
    """
    from bibtool.cli.formatted import LIST_SUFFIXES, LISTS
    from bibtool.formats.registry import FORMATS

    formats = [known for known in FORMATS if known.writer]
    name = None if named is None else _own_name(named)
    dialect = app.settings.refs.dialect
    writables = [Writable(name, LIST_SUFFIXES.get(name, ())) for name in LISTS]
    writables += [Writable(known.name, suffixes_of(known)) for known in formats]
    writables.sort(key=lambda writable: writable.name != dialect)
    return chosen_by_suffix(name, output, writables, option=option)


def suffixes_of(form: Format) -> tuple[str, ...]:
    """The suffixes of the files of a format, the usual one first; also where another format is read from them."""
    return form.suffixes or {"biblatex": (".bib",), "hayagriva": (".yaml",)}.get(form.name, ())


def _own_name(name: str) -> str:
    from bibtool.cli.formatted import LISTS
    from bibtool.formats.registry import FORMATS, find_format, writer_of

    if name.casefold() in LISTS:
        return name.casefold()
    try:
        chosen = find_format(name)
    except UnknownNameError:
        known = [known.name for known in FORMATS if known.writer] + list(LISTS)
        raise UnknownNameError("format", name, known, hint="`bibtool formats` lists them") from None
    writer_of(chosen.name)
    return chosen.name
