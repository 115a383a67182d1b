"""What is loaded at first use only: the public names of a package (PEP 562), and what a text names."""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` alone would take half of the start
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any


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
