"""One project on disk: its settings, documents, sources, lock and output, and a plan written to it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bibtool.errors import ConfigError, OutputError
from bibtool.files import Original, check_unchanged, real_path, remove_leftovers_of, rewrite, write_atomic
from bibtool.project.documents import Reader, documents_of, parse_commands, scan_documents
from bibtool.project.layout import OutputLayout
from bibtool.project.lock import Lock, read_lock
from bibtool.project.output import HEADER_MARK, Output
from bibtool.project.places import Places
from bibtool.project.plan import Plan, RefsRun
from bibtool.project.refs import make_plan
from bibtool.project.remembered import Remembered
from bibtool.project.scan.base import Kind
from bibtool.project.sources import BibSource, RecordSource, Sources, make_sources, read_limited
from bibtool.structs import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from bibtool.project.scan.base import Citation
    from bibtool.project.scan.follow import Cited
    from bibtool.project.settings import RefsSettings
    from bibtool.store.base import Library


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A project. ``opener`` gives the library, or None if this machine has none; ``cache`` may be None.

    ``places`` is where the files that the settings name may be: by default, in the folder. ``layout`` is how entries
    are laid out in the output.
    """

    settings: RefsSettings
    folder: Path
    places: Places | None = None
    key_template: str = ""
    opener: Callable[[], Library | None] = lambda: None
    cache: Path | None = None
    layout: OutputLayout = field(default_factory=OutputLayout)
    watched: set[Path] = field(default_factory=set)
    originals: dict[Path, Original] = field(default_factory=dict)

    @property
    def allowed(self) -> Places:
        """Where the files that the settings name may be."""
        return self.places or Places(folder=self.folder)

    @property
    def output_path(self) -> Path:
        """The .bib file that is written."""
        return self.allowed.to_write(self.settings.output, "refs.output", suffix=".bib")

    @property
    def lock_path(self) -> Path:
        """The lock; raises `ConfigError` for a name that can't be its own."""
        allowed, name = self.allowed, self.settings.lock
        path = allowed.to_write(name, "refs.lock")
        if real_path(path) == real_path(self.output_path):
            wrong = f"refs.lock and refs.output are one file, {self.settings.output!r}"
        elif path.is_dir() or name.endswith("/"):
            wrong = f"refs.lock must be a file, not {name!r}"
        else:
            return path
        raise ConfigError(
            wrong,
            path=None if allowed.settings is None else str(allowed.settings),
            line=allowed.lines.get("refs.lock"),
            hint='for example lock = "bibtool.lock"',
        )

    def scan(self) -> Cited:
        """What the documents cite; raises `InputError` if there is none or one can't be read."""
        settings = self.settings
        names = documents_of(settings, self.allowed)
        reader = Reader(self.folder)
        cited = scan_documents(names, parse_commands(settings.cite_commands), reader)
        self.watched.update(self.folder / name for name in reader.seen)
        return cited

    def sources(self) -> Sources:
        """The sources in their order, none of them opened yet."""
        import datetime as dt

        settings = self.settings
        sources = make_sources(
            settings.sources,
            self.allowed,
            "refs.sources",
            opener=self.opener,
            output=self.output_path,
            cache=self.cache,
            template=self.key_template,
            as_of=dt.date.fromisoformat(settings.as_of) if settings.as_of else None,
        )
        self.watched.update(source.path for source in sources.all if isinstance(source, (BibSource, RecordSource)))
        return sources

    def not_in_others(self, citations: Sequence[Citation], output: Output) -> list[Citation]:
        """The citations without those that a file of ``read-only`` answers and the output does not have.

        LaTeX reads these files itself, and refuses an entry that a second file has as well.
        """
        files = make_sources(
            self.settings.read_only,
            self.allowed,
            "refs.read-only",
            opener=lambda: None,
            output=self.output_path,
            cache=self.cache,
        )
        self.watched.update(source.path for source in files.all if isinstance(source, (BibSource, RecordSource)))
        return [
            citation
            for citation in citations
            if citation.kind is Kind.ALL or output.entry(citation.key) is not None or files.find(citation.key) is None
        ]

    def lock(self) -> Lock:
        """The lock as it is; raises `InputError` for one that is damaged."""
        return read_lock(self._read_if_there(self.lock_path, self.settings.lock), self.settings.lock)

    def output(self, lock: Lock, sources: Sources) -> Output:
        """The output as it is. A new one has the line ends of the lock, else those of the .bib sources."""
        data = self._read_if_there(self.output_path, self.settings.output)
        newline = lock.newline
        if data is None and not lock.exists:
            bibs = [source for source in sources.all if isinstance(source, BibSource) and not source.missing]
            newline = bibs[0].index.newline if bibs else "\n"
        return Output(data, self.settings.output, newline=newline, cache=self.cache)

    def plan(self, run: RefsRun | None = None) -> Plan:
        """What is to be written; raises `InputError`, and `OutputError` where an entry can't be added to the output."""
        settings = self.settings
        cited = self.scan()
        sources = self.sources()
        remembered = Remembered(self.output_path, self.cache)
        try:
            lock = self.lock()
            output = self.output(lock, sources)
            plan = make_plan(
                self.not_in_others(cited.citations, output) if settings.read_only else cited.citations,
                sources,
                lock,
                output,
                settings,
                run or RefsRun(),
                replace(self.layout, same=remembered.say_the_same),
            )
            remembered.keep()
        finally:
            sources.close()
        return replace(plan, problems=(*cited.problems, *plan.problems))

    def _check_replaceable(self, plan: Plan) -> None:
        """Nothing; raises `OutputError` where entries of a file that `bibtool refs` did not write would be replaced.

        A file is known by its first line, or by its lock. To any other file entries are only added.
        """
        name = self.settings.output
        replaced = [
            change.key
            for change in plan.changes
            if change.file == name and change.what in ("changed", "removed") and change.key not in plan.pruned
        ]
        if not replaced or self.settings.keep or self.lock_path.exists() or self.allowed.is_named(self.output_path):
            return
        original = self.originals.get(self.output_path)  # as the plan was made from it
        if original is None or not original.data.lstrip().startswith(HEADER_MARK):
            raise OutputError(
                f"was not written by bibtool refs, so its entries were not replaced ({', '.join(replaced[:5])})",
                path=name,
                hint=f"set keep = true under [refs] to keep them; to replace them once: --allow {name}",
            )

    def write(self, plan: Plan) -> tuple[str, ...]:
        """Write what the plan has; the names of the files that are new or changed.

        The output first: if the second write fails the lock still says what came from where, and the next run goes on
        from there. Raises, before anything is written, `OutputError` if a file is known to be read-only and
        `FileChangedError` if one has changed since it was read for the plan.
        """
        self._check_replaceable(plan)
        planned = (
            (self.settings.output, self.output_path, plan.output),
            (self.settings.lock, self.lock_path, plan.lock),
        )
        wanted = [(name, path, data) for name, path, data in planned if data is not None]
        for _, path, data in planned:
            if data is None:
                remove_leftovers_of(path)
        for name, path, _ in wanted:
            if path.exists() and not os.access(path, os.W_OK):
                raise OutputError("can't be written: Permission denied", path=name, hint="nothing was written")
        check_unchanged((self.originals[path], data) for _, path, data in wanted if path in self.originals)
        return tuple(name for name, path, data in wanted if self._write(path, data))

    def _write(self, path: Path, data: bytes) -> bool:
        original = self.originals.pop(path, None)
        return write_atomic(path, data) if original is None else rewrite(original, data)

    def _read_if_there(self, path: Path, name: str) -> bytes | None:
        """The content, which `write` compares with what it finds; None where there is no file."""
        if path.exists() and not path.is_file() and not path.is_dir():
            return None  # a pipe has no content before it is written to
        # a link to a file that is yet to be written counts as no file
        data = read_limited(path, name) if path.exists() or _leads_nowhere(path) else None
        self.originals[path] = Original.of(path, data)
        return data


def _leads_nowhere(path: Path) -> bool:
    """Whether the path exists but can't be looked at, so that reading it says why."""
    return os.path.lexists(path) and not path.is_symlink()
