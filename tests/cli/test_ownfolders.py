"""The user's own folders: those of platformdirs, found without it; and where settings may be."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from bibtool.cli.ownfolders import own_folder, own_library, settings_above


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"HOME": None},
        {"HOME": "/home/jo/"},
        {"HOME": "/"},
        {"HOME": "/home/jo", "XDG_DATA_HOME": "", "XDG_CACHE_HOME": "", "XDG_CONFIG_HOME": ""},
        {"XDG_DATA_HOME": "/data", "XDG_CACHE_HOME": "/cache/", "XDG_CONFIG_HOME": "/a/../b"},
        {"XDG_DATA_HOME": "data", "XDG_CACHE_HOME": "./cache", "XDG_CONFIG_HOME": "~/config"},
    ],
)
def test_the_folders_are_those_of_platformdirs(
    environment: dict[str, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert own_folder("data") == platformdirs.user_data_dir("bibtool", appauthor=False)
    assert own_folder("cache") == platformdirs.user_cache_dir("bibtool", appauthor=False)
    assert own_folder("config") == platformdirs.user_config_dir("bibtool", appauthor=False)
    assert Path(own_library()) == Path(own_folder("data"), "library.sqlite")


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
