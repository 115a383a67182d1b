"""The page of the Python interface: the public names of the package with signature and docstring."""

from __future__ import annotations

import enum
import inspect
import re
import textwrap
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

HEAD = """# Python interface

<!-- Made from the code by `python -m tests.support.make_reference`; don't edit. -->

The names on this page are public: they change only with a note in the changelog. Everything else may change at any
time. [Use it from Python](../how-to/python.md) shows them in programs.
"""
MODULES = ("bibtool", "bibtool.styles", "bibtool.cv", "bibtool.interop")


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(_module(name) for name in MODULES)]).rstrip() + "\n"


def _module(name: str) -> str:
    module = import_module(name)
    names = [one for one in getattr(module, "__all__", ()) if not one.startswith("__")]
    if not names:
        return ""
    parts = [f"## {name}\n", markdown(inspect.getdoc(module) or "")]
    parts += [_name(name, one, public(module, one)) for one in names]
    return "\n".join(parts)


def public(module: ModuleType, name: str) -> Any:
    """The value of a public name; of a package that can be called, the function that it calls."""
    value = getattr(module, name)
    return getattr(import_module(f"{module.__name__}.api"), name) if inspect.ismodule(value) else value


def _name(module: str, name: str, value: Any) -> str:
    if inspect.isclass(value):
        return _class(module, name, value)
    if callable(value):
        return f"### {name}\n\n{_code(f'{module}.{name}', value)}\n{markdown(inspect.getdoc(value) or '')}"
    return f"### {name}\n\n`{module}.{name}`\n"


def _class(module: str, name: str, value: type) -> str:
    doc = markdown(inspect.getdoc(value) or "")
    if issubclass(value, enum.Enum):
        members = ", ".join(f"`{one.name}`" for one in value)
        return f"### {name}\n\n`{module}.{name}`: {members}\n\n{doc}"
    head = f"`{module}.{name}`\n" if issubclass(value, Exception) else _code(f"{module}.{name}", value)
    parts = [f"### {name}\n\n{head}\n{doc}"]
    for member, one in vars(value).items():
        if member.startswith("_"):
            continue
        if isinstance(one, (classmethod, staticmethod)):
            parts.append(_member(f"{name}.{member}", one.__func__, skip_first=isinstance(one, classmethod)))
        elif inspect.isfunction(one):
            parts.append(_member(f"{name}.{member}", one, skip_first=True))
        elif isinstance(one, property) or type(one).__name__ == "cached_property":
            doc = markdown(inspect.getdoc(one) or "")
            parts.append(f"`{name}.{member}`\n:   {_indented(doc)}")
    return "\n".join(parts)


def _member(name: str, function: Any, *, skip_first: bool) -> str:
    doc = markdown(inspect.getdoc(function) or "")
    return f"`{name}{_signature(function, skip_first=skip_first)}`\n:   {_indented(doc)}"


def _indented(text: str) -> str:
    return text.replace("\n", "\n    ").replace("\n    \n", "\n\n").rstrip(" ")


def _code(name: str, value: Any) -> str:
    call = f"{name}{_signature(value)}"
    if len(call) > 100:
        inner = _arguments(inspect.signature(value))
        returns = call.rpartition(")")[2]
        call = name + "(\n" + "".join(f"    {one},\n" for one in inner) + ")" + returns
    return f"```python\n{call}\n```\n"


def _signature(value: Any, *, skip_first: bool = False) -> str:
    signature = inspect.signature(value)
    arguments = _arguments(signature)[1 if skip_first else 0 :]
    returns = signature.return_annotation
    shown = "" if returns is inspect.Signature.empty or inspect.isclass(value) else f" -> {_annotation(returns)}"
    return f"({', '.join(arguments)}){shown}"


def _arguments(signature: inspect.Signature) -> list[str]:
    """The parameters as they stand in the source, whatever Python shows them."""
    found, starred = [], False
    for one in signature.parameters.values():
        if one.name.startswith("_"):
            continue
        if one.kind is one.KEYWORD_ONLY and not starred:
            starred = True
            found.append("*")
        text = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "") + one.name  # type: ignore[call-overload]
        starred = starred or one.kind is one.VAR_POSITIONAL
        typed = one.annotation is not one.empty
        if typed:
            text += f": {_annotation(one.annotation)}"
        if one.default is not one.empty:
            text += f" = {_default(one.default)}" if typed else f"={_default(one.default)}"
        found.append(text)
    return found


def _annotation(value: Any) -> str:
    if isinstance(value, str):
        return value.strip("'\"")
    return value.__name__ if inspect.isclass(value) else str(value)


def _default(value: Any) -> str:
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if inspect.isfunction(value):
        return value.__name__
    shown = repr(value)
    return "..." if shown.startswith("<") or " object at " in shown else shown


def markdown(doc: str) -> str:
    """A docstring in Markdown: literal blocks fenced, rows of ````name``  text`` as a list."""
    found: list[str] = []
    for block in re.split(r"\n\n+", doc):
        lines = block.splitlines()
        if not lines or block.strip() == "::":
            continue
        if lines[0].startswith(">>>"):
            code = "\n".join(re.sub(r"\s*# doctest:.*", "", line) for line in lines)
            found.append(f"```pycon\n{code}\n```")
        elif all(line.startswith("    ") for line in lines):
            found.append("```text\n" + textwrap.dedent(block) + "\n```")
        elif re.match(r"``[^`]+``\s{2,}\S", lines[0]):
            rows: list[str] = []
            for line in lines:
                if re.match(r"``[^`]+``\s+\S", line):
                    rows.append("- " + re.sub(r"^(``[^`]+``)\s+", r"\1: ", line))
                else:
                    rows[-1] += " " + line.strip()
            found.append("\n".join(rows))
        else:
            found.append("\n".join(lines).removesuffix("::") + (":" if block.endswith("::") else ""))
    text = "\n\n".join(found).replace("``", "`")
    # fences are three backticks; the line above has made two of them one
    text = re.sub(r"^``(pycon|text)?$", r"```\1", text, flags=re.MULTILINE)
    return text + "\n" if text else ""
