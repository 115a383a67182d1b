"""What is made at first use only: the public names of a package (PEP 562), what a text names, regular expressions."""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` alone would take half of the start
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from re import Pattern
    from typing import Any, AnyStr


def attach(package: str, homes: Mapping[str, str]) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """``__getattr__`` and ``__dir__`` of a package, from the module in which each public name is defined.

    An unknown name raises `AttributeError`, as it does for any module.
    """

    def loaded(name: str) -> object:
        home = homes.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return load(f"{home}:{name}")

    return loaded, lambda: sorted(homes)


def load(target: str) -> Any:
    """The object that "module:name" names; the module is imported now."""
    from importlib import import_module

    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


def lazy_function(target: str) -> Callable[..., Any]:
    """The function that "module:name" names, without keywords; the module is imported when it is called first.

    For what few inputs need, but those in each record: an import where it is called takes ten times as long as this,
    also of a module that is there already.
    """
    loaded: Callable[..., Any] | None = None

    def function(*arguments: Any) -> Any:
        nonlocal loaded
        if loaded is None:
            loaded = load(target)
        return loaded(*arguments)

    return function


class _LazyPattern:
    """Stands for a compiled pattern. What is asked of it once is an attribute of its own from then on."""

    def __init__(self, source: Any, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        import re

        value = getattr(re.compile(self._source, self._flags), name)
        self.__dict__[name] = value
        return value


def lazy_pattern(source: AnyStr, flags: int = 0) -> Pattern[AnyStr]:
    """What `re.compile` gives, but compiled at its first use: hundreds of patterns would be half of the start.

    A faulty pattern raises `re.error` then. Use its methods: ``re.sub(pattern, ...)`` does not take it.
    """
    lazy: Any = _LazyPattern(source, flags)
    return lazy  # type: ignore[no-any-return] # cast would need typing at start


def callable_package(package: str, target: str) -> None:
    """Make a package callable as the function "module:name": both ``bibtool.check(...)`` and ``bibtool.check.engine``.

    A package of the same name would hide the function as soon as any of its modules is imported.
    """
    import sys
    from types import ModuleType

    class CallablePackage(ModuleType):
        def __call__(self, *arguments: Any, **named: Any) -> Any:
            return load(target)(*arguments, **named)

    sys.modules[package].__class__ = CallablePackage
