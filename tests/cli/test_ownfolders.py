"""The user's own folders, and where settings may be."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bibtool.cli.ownfolders import own_folder, own_library, settings_above


@pytest.mark.skipif(sys.platform != "linux", reason="the names of the folders are those of Linux")
def test_own_folders_are_where_the_user_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/jo")
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert own_folder("config") == "/home/jo/.config/bibtool"
    assert own_library() == "/home/jo/.local/share/bibtool/library.sqlite"
    monkeypatch.setenv("XDG_CACHE_HOME", "/cache")
    assert own_folder("cache") == "/cache/bibtool"


def test_settings_are_looked_for_in_the_folders_above(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    name = "settings-of-this-test.toml"
    assert not settings_above((name, f"other-{name}"))
    for place in (folder, folder.parent, tmp_path):
        (place / name).touch()
        assert settings_above((f"other-{name}", name))
        (place / name).unlink()
    assert not settings_above((name,))
