"""bibtexparser middlewares, applied to documents and records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.errors import MiddlewareError, UnknownNameError, UsageError
from bibtool.interop.libraries import from_bibtexparser, to_bibtexparser
from bibtool.interop.result import BibResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bibtexparser.middlewares.middleware import Middleware

    from bibtool.bib.document import Document
    from bibtool.model.record import Record


def apply_middlewares(source: Document | Iterable[Record], middlewares: Sequence[Middleware]) -> BibResult:
    r"""The document after these middlewares, in their order; records are written as a BibTeX document first.

    What no middleware changed stays the same, byte for byte. `BibResult.read` returns the records. Raises
    `MiddlewareError` if a middleware raises or returns no library; single blocks on which one failed become problems.

    >>> from bibtool.bib import Document
    >>> from bibtexparser.middlewares import SortFieldsAlphabeticallyMiddleware
    >>> document = Document.from_text("@misc{k,\n  year  = 1999,\n  title = {T}\n}\n")
    >>> print(apply_middlewares(document, [SortFieldsAlphabeticallyMiddleware()]).document.text)
    @misc{k,
      title = {T},
      year  = 1999
    }
    <BLANKLINE>
    """
    from bibtexparser.library import Library

    library, problems = to_bibtexparser(source)
    for middleware in middlewares:
        name = type(middleware).__name__
        try:
            library = middleware.transform(library)
        except Exception as error:  # it is code of somebody else, which may raise anything
            raise MiddlewareError(name, _in_one_line(error)) from error
        if not isinstance(library, Library):
            raise MiddlewareError(name, f"it returned a {type(library).__name__}, not a Library")
    written = from_bibtexparser(library, path=getattr(source, "path", None))
    return BibResult(written.document, (*problems, *written.problems))


def find_middleware(name: str) -> Middleware:
    """The middleware ``package.module:Class``, created without arguments.

    Raises `UsageError` if the module can't be imported or the name is not a middleware, `UnknownNameError` with
    suggestions if the module has no such class. Importing the module runs it, so pass on only names from the user.

    >>> find_middleware("bibtexparser.middlewares:MonthIntMiddleware")  # doctest: +ELLIPSIS
    <bibtexparser.middlewares.month.MonthIntMiddleware object at ...>
    """
    from importlib import import_module

    from bibtexparser.middlewares.middleware import Middleware

    form = "write package.module:Class, e.g. bibtexparser.middlewares:MonthIntMiddleware"
    module_name, colon, attribute = name.partition(":")
    if not (colon and attribute and all(part.isidentifier() for part in module_name.split("."))):
        raise UsageError(f"{name!r} does not name a middleware", hint=form)
    try:
        module = import_module(module_name)
    except (Exception, SystemExit) as error:  # whatever the module does while it is imported
        raise UsageError(
            f"the module {module_name!r} of the middleware can't be imported: {_in_one_line(error)}",
            hint="install it in the environment of bibtool, or name its folder in PYTHONPATH",
        ) from error
    found = getattr(module, attribute, None)
    if found is None:
        known = [known for known, value in vars(module).items() if _is_middleware_class(value, Middleware)]
        raise UnknownNameError("middleware", attribute, known, hint=form)
    if isinstance(found, Middleware):
        return found
    if not _is_middleware_class(found, Middleware):
        raise UsageError(f"{name!r} is not a middleware of bibtexparser", hint="subclass its BlockMiddleware")
    try:
        made: Middleware = found()
    except Exception as error:  # its constructor
        raise UsageError(
            f"{name!r} can't be created without arguments: {_in_one_line(error)}",
            hint="name a subclass that passes them, or an instance in a module",
        ) from error
    return made


def _in_one_line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _is_middleware_class(value: object, base: type) -> bool:
    return isinstance(value, type) and issubclass(value, base) and value is not base
