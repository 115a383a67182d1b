"""``bibtool dedupe``: duplicates in the library or in .bib files, shown side by side and merged."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bibtool.cli.common import App, common_options, holding_records, json_option, library_option, print_json
from bibtool.cli.exits import DONE, FAILED
from bibtool.errors import UnknownNameError, UsageError
from bibtool.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bibtool.cli.dedupe_stock import Outcome, Stock
    from bibtool.files import Original
    from bibtool.model.record import Record
    from bibtool.model.works.groups import Group
    from bibtool.project.rewrite import Rewritten
    from bibtool.project.scan.base import ScanOptions

EPILOG = """\b
Examples:
  bibtool dedupe                                   show the duplicates of the library
  bibtool dedupe --apply                           merge the certain ones; `bibtool undo` undoes it
  bibtool dedupe refs.bib --apply --map keys.json  merge in a file, save old key -> new key
  bibtool dedupe refs.bib --accept a2020=b2021     merge two that only look alike
  bibtool dedupe refs.bib --apply --rewrite '*.tex' --rewrite 'notes/**/*.md'
"""


@click.command(epilog=EPILOG)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--apply", "--yes", "apply", is_flag=True, help="Merge the certain duplicates.")
@click.option(
    "--accept", "accepted", multiple=True, metavar="KEY=KEY", help="Also merge these two, which only look alike."
)
@click.option("--keep", multiple=True, metavar="KEY", help="Keep this key where its work is merged.")
@click.option(
    "--prefer",
    type=click.Choice(["cited", "published", "first"]),
    default="cited",
    show_default=True,
    help="Which key is kept: the one most cited in the documents of --rewrite (if none is, as published), that of the "
    "published version, or the first.",
)
@click.option("--only-certain", is_flag=True, help="Do not look for records that may be duplicates.")
@click.option("--map", "map_path", metavar="FILE", help="Save old key -> new key as JSON.")
@click.option(
    "--rewrite",
    "globs",
    multiple=True,
    metavar="GLOB",
    help="Replace the old keys in these documents (LaTeX, Markdown, Quarto, Typst, Org, reStructuredText).",
)
@click.option("--ids/--no-ids", default=True, help="Keep the old keys in biblatex's field ids (files only).")
@click.option("-n", "--dry-run", is_flag=True, help="Show what would be done, but change nothing.")
@json_option
@library_option
@common_options
@click.pass_obj
@holding_records
def command(
    app: App,
    files: tuple[str, ...],
    apply: bool,
    accepted: tuple[str, ...],
    keep: tuple[str, ...],
    prefer: str,
    only_certain: bool,
    map_path: str | None,
    globs: tuple[str, ...],
    ids: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Find records that are one work, in the library or in .bib FILES, and merge them field by field.

    Without --apply or --accept nothing is changed. Certain duplicates have a common identifier, or the same title,
    authors and year, and nothing contradicts that; --apply merges them. Doubtful ones only look alike; --accept
    merges a pair. A preprint and its publication become one record with the identifiers of both. Values that differ
    are shown; those of the published version stay. The other keys stay usable: as aliases in the library, in the field
    ids of a .bib file. Exit code 1 if duplicates were found that are not merged.
    """
    from bibtool.cli import dedupe_show
    from bibtool.cli.dedupe_stock import open_stock
    from bibtool.files import read_for_rewrite
    from bibtool.model.works.groups import find_duplicates
    from bibtool.project.rewrite import shared_options

    bibs, paths = _documents(files, globs)
    stock, problems = open_stock(app, bibs, ids=ids)
    code = app.report([problem for problem in problems if problem.severity is Severity.ERROR])
    groups = find_duplicates(stock.records)
    if only_certain:
        groups = tuple(group for group in groups if group.certain)
    pairs = [_pair(text, stock.records, groups) for text in accepted]
    _check_keep(keep, stock.records)
    originals = {path: read_for_rewrite(path) for path in paths}
    documents = {path: original.data for path, original in originals.items()}
    scan_options = shared_options(documents)
    cited = _cited(documents, scan_options)

    def key_of(members: Iterable[int]) -> str:
        from bibtool.model.works.combine import choose_key

        return choose_key([stock.records[at] for at in members], keep=keep, cited=cited, prefer=prefer)

    # without --apply and --accept the certain groups are merged in memory only, to show what would come of it
    certain = [group.members for group in groups if group.certain and (apply or not pairs)]
    works = [(members, key_of(members)) for members in _joined([*certain, *pairs])]
    outcome = stock.merge(works)
    write = (apply or bool(pairs)) and not dry_run
    rewritten = _rewritten(documents, scan_options, outcome.replaced)
    work_of = {member: members for members, _ in works for member in members}
    shown = [
        dedupe_show.ShownGroup(group, key_of(group.members), write and _is_merged(group, work_of)) for group in groups
    ]
    if write:
        changing = [(originals[path], result.data) for path, result in rewritten.items() if result.replacements]
        _write(app, stock, outcome, changing, map_path)
    report = dedupe_show.DedupeReport(stock, shown, outcome, rewritten, problems, write, len(works))
    if as_json:
        print_json(dedupe_show.as_dict(report))
    else:
        dedupe_show.show(app, report, undo=not bibs)
        if map_path and not write:
            app.say(f"{map_path} is only written when something is merged")
    return FAILED if code or any(not group.merged for group in shown) else DONE


def _is_merged(group: Group, work_of: Mapping[int, tuple[int, ...]]) -> bool:
    """Whether all members of the group are in one of the merged works."""
    return len({work_of.get(member, (-1 - member,)) for member in group.members}) == 1


def _documents(files: Sequence[str], globs: Sequence[str]) -> tuple[list[str], list[str]]:
    """The .bib files and the documents to rewrite; the shell may have expanded a pattern after --rewrite."""
    import glob

    from bibtool.project.rewrite import check_type
    from bibtool.project.scan.follow import is_document

    bibs = [name for name in files if not is_document(name)]
    extra = [name for name in files if is_document(name)]
    if extra and not globs:
        raise UsageError(f"{extra[0]} is not a bibliography", hint=f"to replace keys in it: --rewrite {extra[0]}")
    documents: dict[str, None] = {}
    for pattern in globs:
        hits = sorted(name for name in glob.glob(pattern, recursive=True) if Path(name).is_file())  # noqa: PTH207  (patterns may be absolute)
        if not hits:
            raise UsageError(f"no file matches {pattern!r}", hint="put the pattern in quotes")
        known = [name for name in hits if is_document(name)]
        if not known:
            check_type(hits[0])
        documents.update(dict.fromkeys(known))
    documents.update(dict.fromkeys(extra))
    return bibs, list(documents)


def _pair(text: str, records: Sequence[Record], groups: Sequence[Group]) -> tuple[int, int]:
    """The two records that KEY=KEY names: those of a doubtful link, or the first of each key."""
    left, _, right = (part.strip() for part in text.partition("="))
    if not left or not right:
        raise UsageError(f"{text!r} is not a pair of keys", hint="write --accept KEY=KEY")
    for group in sorted(groups, key=lambda group: group.certain):
        for link in group.links:
            keys = (records[link.first].key, records[link.second].key)
            if keys in ((left, right), (right, left)):
                return link.first, link.second
    pair: list[int] = []
    for key in (left, right):
        at = next((at for at, record in enumerate(records) if record.key == key and at not in pair), None)
        if at is None:
            raise UnknownNameError("record", key, [record.key for record in records])
        pair.append(at)
    return pair[0], pair[1]


def _check_keep(keep: Sequence[str], records: Sequence[Record]) -> None:
    known = {key for record in records for key in (record.key, *record.aliases)}
    for key in keep:
        if key not in known:
            raise UnknownNameError("record", key, sorted(known))


def _joined(sets: Iterable[Sequence[int]]) -> list[tuple[int, ...]]:
    """The sets, those with a common member made one; in the order of their first members."""
    owner: dict[int, set[int]] = {}
    for members in sets:
        joined = set(members)
        for member in members:
            joined |= owner.get(member, set())
        for member in joined:
            owner[member] = joined
    return sorted({tuple(sorted(joined)) for joined in owner.values()})


# ---- documents ------------------------------------------------------------------------------------------------------


def _cited(documents: Mapping[str, bytes], options: ScanOptions) -> Counter[str]:
    from bibtool.project.rewrite import citations

    return Counter(cited.key for path, data in documents.items() for cited in citations(data, path, options))


def _rewritten(
    documents: Mapping[str, bytes], options: ScanOptions, replaced: Mapping[str, str]
) -> dict[str, Rewritten]:
    """The documents in which a key changes, or should."""
    from bibtool.project.rewrite import rewrite

    results = {path: rewrite(data, path, replaced, options) for path, data in documents.items()}
    return {path: result for path, result in results.items() if result.replacements or result.left}


def _write(
    app: App, stock: Stock, outcome: Outcome, documents: Sequence[tuple[Original, bytes]], map_path: str | None
) -> None:
    """Write everything; the map first, so that no old key is ever without its new one."""
    from bibtool.files import check_unchanged, rewrite, write_atomic

    check_unchanged((*stock.changing(), *documents))
    if map_path:
        import json

        text = json.dumps(outcome.replaced, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        write_atomic(Path(map_path), text.encode("utf-8", "surrogateescape"))
    stock.write(app)
    for original, data in documents:
        rewrite(original, data)
