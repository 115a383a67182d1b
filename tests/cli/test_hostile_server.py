"""A project's settings don't choose a server, and no message repeats a password."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bibtool.cli.trust import allow_file
from tests.cli.runner import call

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "hunter2"
NOWHERE = "postgresql://ann@127.0.0.1:9/papers"
COMMANDS = (
    ("list",),
    ("doctor",),
    ("doctor", "--json"),
    ("library", "check"),
    ("library", "backup"),
    ("library", "restore"),
    ("import", "refs.bib"),
    ("--debug", "list"),
    ("init", "--dry-run"),
)


@pytest.mark.slow
@pytest.mark.parametrize("url", [f"postgresql://ann:{SECRET}@127.0.0.1:9/x", f"postgresql:///x?password={SECRET}"])
def test_a_password_is_never_repeated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "refs.bib").write_text("@misc{a, title={A}}")
    for command in COMMANDS:
        for named in ("option", "variable", "settings"):
            with monkeypatch.context() as patched:
                arguments = command
                if named == "option" and command[0] not in {"doctor", "init"}:
                    arguments = (*command, "--library", url)
                elif named == "variable":
                    patched.setenv("BIBTOOL_LIBRARY", url)
                else:
                    (tmp_path / "bibtool.toml").write_text(f'library = "{url}"\n')
                done = call(patched, *arguments)
            assert SECRET not in done.out + done.err, (command, named)
            (tmp_path / "bibtool.toml").unlink(missing_ok=True)
            if command == ("list",):
                assert done.code == 2
                assert "password" in done.err


@pytest.mark.slow
def test_settings_name_a_server_only_if_the_user_allows_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bibtool.toml").write_text(f'library = "{NOWHERE}"\n')
    done = call(monkeypatch, "list")
    assert done.code == 2
    assert "is not a file of this project" in done.err
    assert str(allow_file()) in done.err
    assert call(monkeypatch, "list", "--allow", NOWHERE).code == 4
    allow_file().parent.mkdir(parents=True)
    allow_file().write_text(f"# our server\n{NOWHERE}\n")
    assert call(monkeypatch, "list").code == 4
    assert "no connection" in call(monkeypatch, "list").err


@pytest.mark.slow
def test_what_needs_a_file_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for command in ("backup", "restore"):
        done = call(monkeypatch, "library", command, "--library", NOWHERE)
        assert done.code == 2
        assert "is not a file" in done.err
