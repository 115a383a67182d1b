"""The user's keys for services."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bibtool.cli.keys import keys_file, own_keys
from bibtool.errors import ConfigError


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for name in ("BIBTOOL_OPENALEX_KEY", "BIBTOOL_CONTACT"):
        monkeypatch.delenv(name, raising=False)
    path = keys_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('openalex = "from-file"\ncontact = "ada@example.org"\n', encoding="utf-8")
    path.chmod(0o600)
    return path


def test_the_environment_replaces_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert own_keys() == {"openalex": "from-file", "contact": "ada@example.org"}
    monkeypatch.setenv("BIBTOOL_OPENALEX_KEY", "from-environment")
    assert own_keys()["openalex"] == "from-environment"
    file.unlink()
    assert own_keys() == {"openalex": "from-environment"}


@pytest.mark.skipif(os.name != "posix", reason="other systems have other permissions")
def test_a_file_that_others_can_read_is_refused(file: Path) -> None:
    file.chmod(0o644)
    with pytest.raises(ConfigError, match="others can read"):
        own_keys()


def test_a_broken_file_is_named_and_not_quoted(file: Path) -> None:
    file.write_text('openalex = "secret-key\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        own_keys()
    assert "secret-key" not in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_key_with_a_line_end_is_no_key(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIBTOOL_OPENALEX_KEY", "a\r\nX-Other: b")
    assert "openalex" not in own_keys()
