"""The user's own Jinja2 template, in a sandbox, over the data of `bibtool.cv.context`.

Every value that a template prints is escaped for the format that the template is of, whether the template asks for it
or not: HTML, LaTeX, Typst, Markdown, reStructuredText, RTF, strings of JSON. To tell what the template itself says
from what records say, each piece of its own text goes through Jinja2 as a number between two control characters, and
so does a field that is rendered for that format already (``entry.latex``). In the end the numbers are replaced by their
pieces, and all else is escaped: whatever a template does to a text, it can only let through what was its own from the
start. No text of a record can hold these characters. Text that a filter changed counts as a record's.
"""

from __future__ import annotations

import json
import re
from functools import wraps
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from bibtool.bounded import OutOfBoundsError, run_bounded
from bibtool.cv.context import RENDERED, context
from bibtool.cv.links import web_address
from bibtool.errors import InputError, UsageError
from bibtool.lazy import lazy_pattern, load
from bibtool.model.text.inert import inert_lines
from bibtool.structs import NamedTuple
from bibtool.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bibtool.cv.document import PublicationList
    from bibtool.cv.targets import TargetOptions

_OPEN, _CLOSE = "\x02", "\x03"
_TOKEN: Final = lazy_pattern(f"{_OPEN}([0-9]{{1,9}}){_CLOSE}")
_STRAY: Final = lazy_pattern(f"[{_OPEN}{_CLOSE}]")
_TEMPLATE_SUFFIXES: Final = frozenset({".j2", ".jinja", ".jinja2", ".template", ".tmpl"})
_SUFFIXES: Final = {
    ".html": "html", ".htm": "html", ".xhtml": "html", ".xml": "html", ".svg": "html",
    ".tex": "latex", ".ltx": "latex", ".sty": "latex", ".cls": "latex",
    ".typ": "typst", ".md": "markdown", ".markdown": "markdown", ".qmd": "markdown", ".rmd": "markdown",
    ".rst": "rst", ".rtf": "rtf", ".json": "json", ".yaml": "json", ".yml": "json",
}  # fmt: skip
FORMATS: Final = ("html", "latex", "typst", "markdown", "rst", "rtf", "json", "text")
_DELIMITERS: Final[dict[str, dict[str, str]]] = {
    "jinja": {},
    "latex": {
        "block_start_string": r"\BLOCK{", "block_end_string": "}",
        "variable_start_string": r"\VAR{", "variable_end_string": "}",
        "comment_start_string": r"\#{", "comment_end_string": "}",
    },
    "round": {
        "block_start_string": "((*", "block_end_string": "*))",
        "variable_start_string": "(((", "variable_end_string": ")))",
        "comment_start_string": "((=", "comment_end_string": "=))",
    },
}  # fmt: skip
_DIRECTIVE: Final = lazy_pattern(r"\bbibtool-template:([^\n]*)")
_SETTING: Final = lazy_pattern(r"\b(\w+)=([\w-]+)")


class Settings(NamedTuple):
    """What the first line and the name of a template say: format of the output, delimiters, lines to skip."""

    output: str
    delimiters: str
    skipped: int


class Trusted(str):
    """Text that is written for the output already; what a filter makes of it is a plain ``str`` again."""

    __slots__ = ()


class Pieces:
    """The texts that go through Jinja2 as numbers."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def token(self, text: str) -> str:
        """The placeholder of the text."""
        number = self._numbers.setdefault(text, len(self._texts))
        if number == len(self._texts):
            self._texts.append(text)
        return f"{_OPEN}{number}{_CLOSE}"

    def plain(self, text: str) -> str:
        """The text as one reads it: from now on it counts as a record's."""
        return _STRAY.sub("", _TOKEN.sub(lambda token: self._text(token[1]), text))

    def finished(self, text: str, escape: Callable[[str], str]) -> str:
        """The output: pieces as they are, all else escaped."""
        made: list[str] = []
        at = 0
        for token in _TOKEN.finditer(text):
            made += [escape(_STRAY.sub("", text[at : token.start()])), self._text(token[1])]
            at = token.end()
        made.append(escape(_STRAY.sub("", text[at:])))
        return "".join(made)

    def _text(self, number: str) -> str:
        return self._texts[int(number)] if int(number) < len(self._texts) else ""


def write(cv: PublicationList, options: TargetOptions) -> bytes:
    """What the template makes of the list, with LF and a final newline.

    Raises `UsageError` without a template, `InputError` with path and line for whatever is wrong in it.
    """
    if not options.template:
        raise UsageError("no template was given", hint="name a file with --template FILE")
    name, data = options.template_name or "<template>", context(cv, options)
    if options.is_isolated:
        try:
            text = run_bounded("bibtool.cv.targets.template:render", options.template, name, data)
        except OutOfBoundsError as error:
            raise InputError(f"the template was stopped: it {error}", path=name) from None
    else:
        text = render(options.template, name, data)
    return (text.rstrip("\n") + "\n").encode() if text.strip("\n") else b""


def settings_of(source: str, name: str) -> Settings:
    """Format and delimiters of a template: its first line decides, then its name (``cv.tex.j2``: LaTeX)."""
    first = source.partition("\n")[0]
    directive = _DIRECTIVE.search(first)
    chosen = dict(_SETTING.findall(directive[1])) if directive else {}
    for setting, value in chosen.items():
        known = {"output": FORMATS, "delimiters": tuple(_DELIMITERS)}.get(setting)
        if known is None:
            raise InputError(f"no setting {setting!r}", path=name, line=1, hint="known settings: output, delimiters")
        if value not in known:
            raise InputError(f"no {setting} {value!r}", path=name, line=1, hint=f"one of {', '.join(known)}")
    output = chosen.get("output") or _SUFFIXES.get(output_suffix(name), "text")
    return Settings(output, chosen.get("delimiters", "jinja"), 1 if directive else 0)


def output_suffix(name: str) -> str:
    """The suffix of what a template makes: ``.tex`` for ``cv.tex.j2`` and for ``cv.tex``; "" for none."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.suffix.casefold() in _TEMPLATE_SUFFIXES:
        path = path.with_suffix("")
    return path.suffix.casefold()


def render(source: str, name: str, data: Mapping[str, Any]) -> str:
    """The output of one template over this data."""
    from jinja2 import TemplateError, TemplateSyntaxError

    from bibtool.cv.sandbox import MAX_OUTPUT, LimitError

    source = source.removeprefix("\ufeff").replace("\r\n", "\n")
    settings = settings_of(source, name)
    if _STRAY.search(source):
        raise InputError("the template holds the control characters U+0002 or U+0003", path=name)
    body = source.split("\n", settings.skipped)[-1] if "\n" in source or not settings.skipped else ""
    own = Pieces()
    environment = _environment(settings, own)
    escape = _ESCAPES[settings.output]
    made: list[str] = []
    size = 0
    try:
        code = environment.compile_bounded(body, name)
        template = environment.template_class.from_code(environment, code, dict(environment.globals))
        for piece in template.generate(_marked(data, settings.output)):
            made.append(own.finished(piece, escape))
            size += len(made[-1])
            if size > MAX_OUTPUT:
                raise LimitError(f"more than {MAX_OUTPUT:,} characters of output")
    except TemplateSyntaxError as error:
        raise _fault(str(error.message), name, error.lineno + settings.skipped) from None
    except RecursionError as error:
        raise _fault("macros or blocks call one another without end", name, _line(error, name, settings)) from None
    except TemplateError as error:
        raise _fault(_nearest(str(error.message or error), data), name, _line(error, name, settings)) from None
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, MemoryError, SyntaxError) as error:
        raise _fault(str(error) or type(error).__name__, name, _line(error, name, settings)) from None
    return "".join(made)


def _fault(message: str, name: str, line: int | None) -> InputError:
    hint = "docs/how-to/templates.md lists all fields" if message.startswith("there is no") else None
    return InputError(" ".join(inert_lines(message).split()), path=name, line=line, hint=hint)


def _nearest(message: str, data: Mapping[str, Any]) -> str:
    """The message, for a name that is none at the top with the field there that comes nearest."""
    unknown = re.fullmatch(r"there is no '(\w+)'", message)
    near = nearest(unknown[1], data, most=1) if unknown else ()
    return f"{message}; {did_you_mean(near)}" if near else message


def _line(error: BaseException, name: str, settings: Settings) -> int | None:
    """The line of the template in which an error came up: the innermost place that Jinja2 could tell."""
    line = None
    place = error.__traceback__
    while place is not None:
        if place.tb_frame.f_code.co_filename == name:
            line = place.tb_lineno + settings.skipped
        place = place.tb_next
    return line


def _environment(settings: Settings, own: Pieces) -> Any:
    from jinja2.ext import Extension

    from bibtool.cv.sandbox import Sandbox

    class OwnText(Extension):
        """Makes tokens of the text of the template itself."""

        def filter_stream(self, stream: Any) -> Any:
            from jinja2.lexer import Token

            for token in stream:
                value = own.token(token.value) if token.type == "data" and token.value else token.value
                yield Token(token.lineno, token.type, value)

    class Reading(Sandbox):
        """The sandbox, in which methods and indices see texts as one reads them."""

        def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
            owner = getattr(obj, "__self__", None)
            if isinstance(owner, str) and _STRAY.search(owner):
                obj = getattr(own.plain(owner), obj.__name__)
            return super().call(context, obj, *args, **kwargs)

        def getitem(self, obj: Any, argument: Any) -> Any:
            return super().getitem(own.plain(obj) if isinstance(obj, str) else obj, argument)

    environment = Reading(
        extensions=[OwnText],
        finalize=lambda value: _finalize(value, own),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **_DELIMITERS[settings.delimiters],
    )
    filters = environment.filters
    for name, made in filters.items():
        if name not in {"d", "default", "_join"}:
            filters[name] = _reading(made, own, 1 if name == "join" else None)
    for name, escape in _ESCAPES.items():
        filters[name] = lambda value, escape=escape: Trusted(escape(own.plain(str(value))))
    escape = _ESCAPES[settings.output]
    filters |= {
        "safe": lambda value: Trusted(own.plain(str(value))),
        "e": filters[settings.output],
        "escape": filters[settings.output],
        "url": lambda value: Trusted(_url(own.plain(str(value)), settings.output)),
        "tojson": lambda value: Trusted(
            _tojson(value, own) if settings.output == "json" else escape(_tojson(value, own))
        ),
    }
    for name in (*_ESCAPES, "safe", "e", "escape", "url", "tojson"):
        filters[name] = environment.weighed(filters[name])
    environment.filters = filters
    return environment


def _reading(made: Callable[..., Any], own: Pieces, most: int | None) -> Callable[..., Any]:
    """The filter over texts as one reads them, for its first arguments or for all."""

    @wraps(made)  # takes over how the filter wants to be called
    def reading(*args: Any, **kwargs: Any) -> Any:
        first = 0 if not args or isinstance(args[0], (str, list, tuple, dict, int)) else 1
        stop = len(args) if most is None else first + most
        plain = [own.plain(arg) if isinstance(arg, str) and at < stop else arg for at, arg in enumerate(args)]
        return made(*plain, **kwargs)

    return reading


def _finalize(value: Any, own: Pieces) -> str:
    from jinja2 import Undefined

    from bibtool.cv.sandbox import LimitError

    if value is None:
        return ""
    if type(value) is Trusted:
        return own.token(value)
    if isinstance(value, (str, int, float, Undefined)):
        return str(value)
    kind = "no text and no number"
    if isinstance(value, dict):
        kind = "a mapping: name one of its fields"
    elif isinstance(value, (list, tuple)):
        kind = "a list: loop over it, or use join"
    raise LimitError(f"this can't be printed: it is {kind}")


def _marked(value: Any, output: str, name: str = "") -> Any:
    """The data, with the fields that are rendered for this output trusted."""
    if isinstance(value, dict):
        return {field: _marked(inner, output, field) for field, inner in value.items()}
    if isinstance(value, list):
        return [_marked(inner, output) for inner in value]
    if isinstance(value, str):
        value = _STRAY.sub("", value)
        return Trusted(value) if RENDERED.get(name) == output else value
    return value


# escaping


def _url(text: str, output: str) -> str:
    r"""An address of the web as it is written where the format wants an address: ``\href{...}``, ``#link("...")``."""
    url = web_address(text)
    for char, written in (("(", "%28"), (")", "%29"), ("[", "%5B"), ("]", "%5D"), ("'", "%27"), ("*", "%2A")):
        url = url.replace(char, written)
    if output == "latex":
        from bibtool.cv.targets._tex import address

        return address(url)
    return _html(url) if output == "html" else url


def _html(text: str) -> str:
    for char, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&#34;"), ("'", "&#39;")):
        text = text.replace(char, written)
    return text


def _by(output: str) -> Callable[[str], str]:
    return lambda text: str(load(f"bibtool.styles.output.{output}:escape")(text))


def _inline(output: str) -> Callable[[str], str]:
    """With what opens a list at the start of a line escaped too."""

    def escape(text: str) -> str:
        from bibtool.cv.targets.markdown import no_tags
        from bibtool.styles.output import renderer

        made = renderer(output).inline([text]) if text.strip() else text
        return no_tags(made) if output == "markdown" else made

    return escape


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _tojson(value: Any, own: Pieces) -> str:
    return json.dumps(_plain(value, own), ensure_ascii=False)


def _plain(value: Any, own: Pieces) -> Any:
    if isinstance(value, dict):
        return {own.plain(str(name)): _plain(item, own) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, own) for item in value]
    return value if value is None or isinstance(value, (int, float)) else own.plain(str(value))


_ESCAPES: Final[dict[str, Callable[[str], str]]] = {
    "html": _html,
    "latex": _by("latex"),
    "typst": _inline("typst"),
    "markdown": _inline("markdown"),
    "rst": _by("rst"),
    "rtf": _by("rtf"),
    "json": _json,
    "text": str,
}
