"""Adding files to an index that is interrupted, goes on, and is done again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bibtool.project import indexing
from bibtool.project.indexing import Added, Progress, add_file
from bibtool.store.index import open_index

if TYPE_CHECKING:
    from collections.abc import Callable

WHEN = "2026-01-01T00:00:00Z"
ENTRY = "@article{k%d, title={Paper number %d on gardens}, author={Ash, Ada}, year={2020}, doi={10.1000/%d}}\n"


def papers(path: Path, count: int, *, start: int = 0) -> Path:
    path.write_text("".join(ENTRY % (at, at, at) for at in range(start, start + count)))
    return path


def added(path: Path, file: Path, progress: Callable[[Progress], None] | None = None) -> Added:
    index = open_index(path, create=True)
    try:
        return add_file(index, file, when=WHEN, progress=progress)
    finally:
        index.close()


def content(path: Path) -> list[str]:
    index = open_index(path)
    try:
        return sorted(each.record.text("DOI") for each in index.search("gardens", most=1000))
    finally:
        index.close()


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "BATCH", 10)


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("reached", [10, 30])
def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path, reached: int) -> None:
    file, path = papers(tmp_path / "papers.bib", 45), tmp_path / "x.index"

    def stop(progress: Progress) -> None:
        if progress.records == reached:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        added(path, file, stop)
    assert len(content(path)) == reached
    rest = added(path, file)
    assert (rest.skipped, rest.records, rest.new) == (reached, 45 - reached, 45 - reached)
    added(tmp_path / "whole.index", file)
    assert content(path) == content(tmp_path / "whole.index")
    assert added(path, file).unchanged


@pytest.mark.usefixtures("small_batches")
def test_a_file_that_has_changed_meanwhile_is_read_from_the_beginning(tmp_path: Path) -> None:
    file, path = papers(tmp_path / "papers.bib", 25), tmp_path / "x.index"

    def stop(_progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        added(path, file, stop)
    papers(file, 30, start=3)
    again = added(path, file)
    assert (again.skipped, again.records) == (0, 30)
    assert len(content(path)) == 33  # those of the first run stay


def test_a_later_file_updates_what_an_earlier_one_said(tmp_path: Path) -> None:
    file, path = papers(tmp_path / "papers.bib", 3), tmp_path / "x.index"
    added(path, file)
    file.write_text(file.read_text().replace("number 1 on", "number 1 about"))
    assert added(path, file).new == 0
    index = open_index(path)
    assert [each.record.title for each in index.search("10.1000/1")] == ["Paper number 1 about gardens"]
    assert index.info().records == 3
    index.close()
