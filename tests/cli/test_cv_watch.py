"""``bibtool cv --watch`` and ``--preview``: made again when something changes, and only then."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

import pytest

from bibtool.cli.preview import Remade
from bibtool.errors import InputError
from tests.cli.runner import start

ENTRY = "@article{{a, author = {{Ash, Bea}}, title = {{{title}}}, journal = {{J}}, year = 2020}}\n"
PATIENCE_S = 60


def wait_for(path: Path, text: str) -> None:
    """Until the file holds the text; fails after a patience that no machine needs."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if path.exists() and text in path.read_text(encoding="utf-8"):
            return
        time.sleep(0.05)
    raise AssertionError(f"{path.name} never held {text!r}")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C can't be sent to one process there")
def test_watch_writes_again_after_changes_and_survives_faults(tmp_path: Path) -> None:
    bib, out = tmp_path / "refs.bib", tmp_path / "cv.md"
    bib.write_text(ENTRY.format(title="First"), encoding="utf-8")
    process = start("cv", "refs.bib", "--owner", "Bea Ash", "-o", "cv.md", "--watch", cwd=tmp_path)
    try:
        wait_for(out, "First")
        bib.write_text("not a bibliography", encoding="utf-8")
        time.sleep(0.7)  # long enough for it to be looked at; nothing is asserted of the time
        bib.write_text(ENTRY.format(title="Second"), encoding="utf-8")
        wait_for(out, "Second")
        (tmp_path / "bibtool.toml").write_text('[cv]\ntitle = "Works"\n', encoding="utf-8")
        bib.write_text(ENTRY.format(title="Third"), encoding="utf-8")
        wait_for(out, "Third")
        assert "# Works" in out.read_text(encoding="utf-8")
    finally:
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert "Traceback" not in told


def test_a_page_is_made_again_only_when_a_file_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_text("one", encoding="utf-8")
    calls: list[str] = []

    def make() -> bytes:
        calls.append(path.read_text(encoding="utf-8"))
        if calls[-1] == "broken!":
            raise InputError("is broken", path="refs.bib")
        return calls[-1].encode()

    page = Remade(make, lambda: {path})
    first = page()
    assert page() == first
    assert (first[0], calls) == (b"one", ["one"])
    path.write_text("broken!", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(InputError):
            page()
    assert calls == ["one", "broken!"]
    path.write_text("three", encoding="utf-8")
    data, version = page()
    assert data == b"three"
    assert version != first[1]
