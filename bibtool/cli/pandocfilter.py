"""``pandoc --filter bibtool-citeproc``: citations and bibliography by this package instead of ``--citeproc``.

The document comes as JSON on standard input and goes to standard output. Files are read that its metadata names, and no
others. The work is in `bibtool.styles.pandoc`.
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bibtool.errors import BibtoolError, InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bibtool.cli.app import App
    from bibtool.model.record import Record
    from bibtool.styles.style import Style, StyleIndex

NAME = "bibtool-citeproc"
DEFAULT_STYLE = "chicago-author-date"  # pandoc's own
_USAGE = f"""Usage: pandoc --filter {NAME} paper.md -o paper.pdf

Formats citations and the bibliography of a document with bibtool. It reads these fields of the metadata: bibliography,
references, csl (or citation-style), lang, nocite, link-citations, link-bibliography, suppress-bibliography,
notes-after-punctuation, reference-section-title, citation-abbreviations. See docs/how-to/pandoc.md.
"""


def main() -> None:
    """The filter as a program; pandoc gives the name of the output format as argument, which changes nothing."""
    gc.disable()  # a call is short, and looking through the tree of a book again and again a fifth of its time
    from bibtool.cli.leave import leave
    from bibtool.cli.streams import guarded

    with guarded():
        code = run(sys.argv[1:])
    leave(code)  # to take the tree of a book apart, object by object, would be a tenth of the time


def run(arguments: Sequence[str]) -> int:
    """The exit code of a call. An error ends pandoc, too; a citation without an entry or text is a warning."""
    from bibtool import __version__
    from bibtool.cli.app import App

    if arguments and arguments[0] in ("-h", "--help"):
        sys.stdout.write(_USAGE)
        return 0
    if arguments and arguments[0] == "--version":
        sys.stdout.write(f"{NAME} {__version__}\n")
        return 0
    app = App()
    try:
        done = filtered(sys.stdin.buffer.read(), app)
    except BibtoolError as error:
        app.say(f"{NAME}: error: {error}")
        if error.hint:
            app.say(f"  {error.hint}")
        return error.exit_code
    sys.stdout.buffer.write(done)
    return 0


def filtered(data: bytes, app: App) -> bytes:
    """The document with citations and bibliography written out; raises `BibtoolError` for what can't be read."""
    from bibtool.styles.pandoc.document import Cited, Options, format_document, titles_of
    from bibtool.styles.pandoc.folding import unfold

    document, runs = _document(data)
    meta: dict[str, Any] = document["meta"]
    try:
        cited = Cited.of(document, runs)
    except RecursionError:
        raise InputError("the document is nested too deeply") from None
    records = _records(meta, app, None if cited.everything else frozenset(cited.keys))
    name = _text(meta.get("csl") or meta.get("citation-style")) or DEFAULT_STYLE
    style = _style(name, app)
    options = Options(
        locale=_locale(_text(meta.get("lang")), app),
        link_citations=_flag(meta, "link-citations") is True,
        link_bibliography=_flag(meta, "link-bibliography") is not False,
        suppress_bibliography=_flag(meta, "suppress-bibliography") is True,
        notes_after_punctuation=_flag(meta, "notes-after-punctuation"),
        section_title=tuple(titles_of(meta.get("reference-section-title"))),
        abbreviations=_abbreviations(meta),
    )
    try:
        done = format_document(document, style, records, options, cited)
    except RecursionError:
        raise InputError("the document is nested too deeply") from None
    for key in done.missing:
        app.say(f"{NAME}: warning: no entry for the citation {key}")
    if empty := list(dict.fromkeys(done.empty)):
        shown = "; ".join(", ".join(keys) for keys in empty[:_MAX_SHOWN])
        more = f" and {len(empty) - _MAX_SHOWN} more" if len(empty) > _MAX_SHOWN else ""
        # the name of a style that comes as a file is enough
        app.say(f"{NAME}: warning: {Path(name).name} prints nothing for a citation of {shown}{more}")
    # what was read has no circles, and nothing that is put in has any
    written = json.dumps(done.document, ensure_ascii=False, separators=(",", ":"), check_circular=False)
    return unfold(written, runs).encode("utf-8", "surrogatepass")


_MAX_SHOWN = 5  # citations without text, which some styles make many of


def _document(data: bytes) -> tuple[dict[str, Any], list[str]]:
    """The tree, and the runs of words that it has placeholders for; raises `InputError` for anything else."""
    from bibtool.styles.pandoc.folding import fold

    hint = f"run it as `pandoc --filter {NAME}`"
    try:
        source, runs = fold(data.decode(json.detect_encoding(data), "surrogatepass"))
        document = json.loads(source)
    except (ValueError, RecursionError) as error:
        raise InputError(f"standard input is not a document of pandoc: {error}", hint=hint) from None
    if not (
        isinstance(document, dict)
        and isinstance(document.get("meta"), dict)
        and isinstance(document.get("blocks"), list)
        and isinstance(document.get("pandoc-api-version"), list)
    ):
        raise InputError("standard input is not a document of pandoc 1.16 or later", hint=hint)
    return document, runs


def _records(meta: Mapping[str, Any], app: App, keys: Collection[str] | None) -> list[Record]:
    """What can be cited: the references in the metadata, then the files in their order.

    ``keys`` are those that the document has; None stands for all. Of a library of thousands it cites few.
    """
    from bibtool.formats.base import ReadOptions
    from bibtool.formats.registry import read_bytes, read_path
    from bibtool.model.standins import presented
    from bibtool.problems import Severity
    from bibtool.structs import replace

    results = []
    if references := _plain(meta.get("references")):
        data = json.dumps(references if isinstance(references, list) else [references], ensure_ascii=False)
        results.append(read_bytes(data.encode(), "csl-json", ReadOptions(path="references")))
    named = meta.get("bibliography")
    for path in named["c"] if isinstance(named, dict) and named.get("t") == "MetaList" else [named]:
        text = _text(path)
        if text:
            results.append(read_path(text, options=replace(app.read_options(text), keys=keys)))
    for result in results:
        app.report(problem for problem in result.problems if problem.severity == Severity.ERROR)
    return [presented(record) for result in results for record in result.records]


def _style(name: str, app: App) -> Style:
    """The style of a path, as documents mostly have it, or of a name."""
    from bibtool.styles.sources import SUFFIX, read_file
    from bibtool.styles.style import Style

    def index() -> StyleIndex:
        from bibtool.cli.formatted import style_index

        return style_index(app)

    path = Path(name)
    if path.suffix == SUFFIX and path.is_file():
        return Style.parse(read_file(str(path)), path=name, find_parent=lambda url: index().parent(url))
    return index().load(name)


def _locale(lang: str, app: App) -> str | None:
    """The locale of a BCP 47 tag, None (the style's own) for a language without one."""
    from bibtool.errors import UnknownNameError
    from bibtool.styles.locale import Locale

    if not lang:
        return None
    for tag in (lang, lang.partition("-")[0]):
        try:
            Locale.load(tag)
        except UnknownNameError:
            continue
        return tag
    app.say(f"{NAME}: warning: no locale for lang: {lang}; using that of the style")
    return None


def _abbreviations(meta: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Short forms by variable and long form, from the file that ``citation-abbreviations`` names."""
    path = _text(meta.get("citation-abbreviations"))
    if not path:
        return {}
    from bibtool.files import load_bytes

    try:
        table = json.loads(load_bytes(path))["default"]
        return {
            str(variable): {str(long): str(short) for long, short in row.items()} for variable, row in table.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError('this is not a file of abbreviations: it needs {"default": {...}}', path=path) from None


def _flag(meta: Mapping[str, Any], name: str) -> bool | None:
    """True or false, None where the metadata does not say."""
    value = meta.get(name)
    if not isinstance(value, dict):
        return None
    if value.get("t") == "MetaBool":
        return value.get("c") is True
    return _text(value).lower() in ("true", "yes", "on")  # -M link-citations=yes


def _text(value: Any) -> str:
    """The characters of a value of the metadata, "" for one without."""
    from bibtool.styles.pandoc.inlines import text_of

    if not isinstance(value, dict):
        return ""
    contents = value.get("c")
    return (contents if isinstance(contents, str) else text_of([value])).strip()


def _plain(value: Any) -> Any:
    """A value of the metadata as JSON has it; formatted text with the markup of CSL-JSON."""
    from bibtool.styles.pandoc.inlines import csl_markup

    if not isinstance(value, dict):
        return None
    kind, contents = value.get("t"), value.get("c")
    if kind == "MetaMap" and isinstance(contents, dict):
        return {name: _plain(item) for name, item in contents.items()}
    if kind == "MetaList" and isinstance(contents, list):
        return [_plain(item) for item in contents]
    if kind == "MetaInlines" and isinstance(contents, list):
        return csl_markup(contents)
    if kind == "MetaBlocks" and isinstance(contents, list):
        return " ".join(csl_markup(block.get("c", [])) for block in contents if block.get("t") in ("Para", "Plain"))
    return contents


if __name__ == "__main__":
    main()
