"""The settings of a cloned repository: whatever they name, nothing outside the project is read or written."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from bibtool.model.text.inert import inert
from bibtool.styles.sources import collection_folder
from tests.cli.runner import Outcome, call
from tests.store.test_index import TREES, filled

SECRET = "@misc{alpha, title={A Secret}, author={Mara Lind}, year={2020}}\n"
TEX = "\\documentclass{article}\\begin{document}\\cite{alpha}\\end{document}\n"


class Setting(NamedTuple):
    """A setting that names a file: the lines of the settings around it, and the command that goes by it."""

    name: str
    lines: str
    command: tuple[str, ...]
    end: str
    writes: bool


CV = '[owner]\nnames = ["Mara Lind"]\n[cv]\neveryone = true\n'
SETTINGS = [
    Setting("refs.output", '[refs]\nsources = ["src.bib"]\noutput = {}\n', ("refs",), ".bib", True),
    Setting("refs.lock", '[refs]\nsources = ["src.bib"]\nlock = {}\n', ("refs",), ".lock", True),
    Setting("refs.sources", "[refs]\nsources = [{}]\n", ("refs",), ".bib", False),
    Setting("refs.read-only", '[refs]\nsources = ["src.bib"]\nread-only = [{}]\n', ("refs",), ".bib", False),
    Setting("refs.documents", '[refs]\nsources = ["src.bib"]\ndocuments = [{}]\n', ("refs",), ".tex", False),
    Setting("cv.output", CV + 'to = "text"\noutput = {}\n', ("cv", "src.bib"), ".txt", True),
    Setting("cv.template", CV + 'to = "template"\ntemplate = {}\n', ("cv", "src.bib"), ".j2", False),
    Setting("cv.style", CV + "style = {}\n", ("cv", "src.bib"), ".csl", False),
    Setting("export.style", "[export]\nstyle = {}\n", ("convert", "src.bib", "--to", "text"), ".bst", False),
    Setting("sources.index", "[sources]\nindex = [{}]\n", ("verify", "--offline", "src.bib"), ".index", False),
    Setting("sources.index", "[sources]\nindex = [{}]\n", ("index", "add", "src.bib"), ".index", True),
    Setting("library", "library = {}\n", ("import", "src.bib"), ".sqlite", True),
]
TRICKS = ("parent", "absolute", "home", "link", "linked-folder", "through-a-folder")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cloned repository beside other files of the user."""
    folder = tmp_path / "project"
    (folder / "sub").mkdir(parents=True)
    (folder / "src.bib").write_text(SECRET, encoding="utf-8")
    (folder / "paper.tex").write_text(TEX, encoding="utf-8")
    (tmp_path / "outside").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "outside"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "outside"))
    monkeypatch.chdir(folder)
    return folder


def named(trick: str, project: Path, end: str) -> str:
    """The path of the file ``outside/target`` as a setting may disguise it."""
    target = project.parent / "outside" / f"target{end}"
    if trick == "link":
        (project / f"inside{end}").symlink_to(target)
        return f"./inside{end}"
    if trick == "linked-folder":
        (project / "folder").symlink_to(target.parent)
        return f"folder/target{end}"
    return {
        "parent": f"../outside/target{end}",
        "absolute": target.as_posix(),
        "home": f"~/target{end}",
        "through-a-folder": f"sub/../../outside/target{end}",
    }[trick]


@contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """Fails the test if the block takes longer, whatever it waits for."""

    def stop(*_: object) -> None:
        pytest.fail(f"still at work after {seconds} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def text_of(end: str) -> str:
    """What a file of the user holds; all of it can be read by the command."""
    if end == ".csl":
        folder = collection_folder()
        assert folder is not None
        return (folder / "apa.csl").read_text(encoding="utf-8")
    return {".bib": SECRET, ".tex": TEX, ".j2": "A Secret", ".bst": "ENTRY{title}{}{}\nREAD\n"}.get(end, "")


def make_target(target: Path) -> None:
    if target.suffix == ".index":
        filled(target, TREES)
    else:
        target.write_text(text_of(target.suffix), encoding="utf-8")


def run(project: Path, setting: Setting, name: str, monkeypatch: pytest.MonkeyPatch, *more: str) -> Outcome:
    value = f"'{name}'"
    (project / "bibtool.toml").write_text(setting.lines.format(value), encoding="utf-8")
    return call(monkeypatch, *setting.command, *more)


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege there")
@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_no_setting_leads_out_of_the_project(
    setting: Setting, trick: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = project.parent / "outside" / f"target{setting.end}"
    if not setting.writes:
        make_target(target)
    name = named(trick, project, setting.end)
    files = {path: path.read_bytes() for path in project.parent.rglob("*") if path.is_file()}
    done = run(project, setting, name, monkeypatch)
    assert done.code == 2, done.err
    line = next(
        number
        for number, text in enumerate((project / "bibtool.toml").read_text().splitlines(), 1)
        if text.startswith(setting.name.rpartition(".")[2])
    )
    assert f"bibtool.toml:{line}: {setting.name}: " in done.err
    assert f"--allow {target}" in done.err
    assert "A Secret" not in done.out
    after = {path: path.read_bytes() for path in project.parent.rglob("*") if path.is_file()}
    assert after.keys() - files.keys() == {project / "bibtool.toml"}
    assert {path: data for path, data in after.items() if path in files} == files


ODD = {
    "null": "a\0b",
    "unknown-user": "~nobody-of-this-name/target",
    "drive": "C:\\outside\\target",
    "drive-relative": "C:target",
    "share": "\\\\server\\share\\target",
    "share-with-slashes": "//server/share/target",
    "device-namespace": "\\\\.\\NUL",
    "long-name": "x" * 5_000,
    "long-path": "sub/" * 3_000 + "target",
    "wildcard-parent": "sub*/../../outside/target",
    "line-break": "a\nb",
    "escape": "\x1b]0;title\x07",
    "empty": "",
    "folder": "sub",
    "this-folder": ".",
    "half-character": "a\ufffd\u202eb",
    "device": "/dev/zero",
    "device-random": "/dev/urandom",
    "descriptor": "/proc/self/fd/0",
    "memory": "/proc/self/mem",
    "link-to-device": "./endless",
    "pipe": "./pipe",
    "link-to-itself": "./loop",
    "link-to-pipe-outside": "./far",
}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes and devices of this kind")
@pytest.mark.parametrize("trick", ODD)
@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_odd_names_are_refused_or_stay_in_the_project(
    setting: Setting, trick: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names that are no plain file: nothing is waited for, nothing outside changes, and it is said in clear words."""
    name = ODD[trick]
    end = "" if trick in {"folder", "this-folder", "empty"} or name.startswith(("/dev", "/proc")) else setting.end
    (project / f"endless{end}").symlink_to("/dev/zero")
    (project / f"loop{end}").symlink_to(f"loop{end}")
    os.mkfifo(project / f"pipe{end}")
    os.mkfifo(project.parent / "outside" / f"far{end}")
    (project / f"far{end}").symlink_to(project.parent / "outside" / f"far{end}")
    (project / "bibtool.toml").write_text(setting.lines.format(json.dumps(name + end)), encoding="utf-8")
    files = {path: path.read_bytes() for path in project.parent.rglob("*") if path.is_file()}
    kinds = {path: stat.S_IFMT(path.lstat().st_mode) for path in project.parent.rglob("*")}
    with time_limit(60):
        done = call(monkeypatch, *setting.command)
    assert done.code in (0, 1, 2), done.err
    assert "Traceback" not in done.err
    assert not set("\x1b\x07\u202e\0") & set(done.err + done.out)
    if done.code == 0:
        assert setting.name == "refs.read-only" or trick not in {
            "null",
            "unknown-user",
            "share-with-slashes",
            "pipe",
            "link-to-device",
        }, done.err
    else:
        words = re.findall(r"\w{1,40}", inert(name + end)) or ["."]
        assert setting.name in done.err or any(word in done.err for word in words), done.err
    after = {path: path.read_bytes() for path in project.parent.rglob("*") if path.is_file()}
    assert all(path.is_relative_to(project) for path in after.keys() - files.keys())
    assert {path: data for path, data in after.items() if path in files} == files
    assert {path: stat.S_IFMT(path.lstat().st_mode) for path in kinds} == kinds


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege there")
@pytest.mark.parametrize("how", ["option", "variable", "list"])
@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_what_the_user_allows_is_used(
    setting: Setting, how: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = project.parent / "outside" / f"target{setting.end}"
    if not setting.writes:
        make_target(target)
    place = target if setting.writes else target.parent
    more: tuple[str, ...] = ()
    if how == "option":
        more = ("--allow", str(place))
    elif how == "variable":
        monkeypatch.setenv("BIBTOOL_ALLOW", str(place))
    else:
        listed = Path(os.environ["XDG_CONFIG_HOME"]) / "bibtool" / "allow"
        listed.parent.mkdir(parents=True)
        listed.write_text(f"# of mine\n{place}\n", encoding="utf-8")
    done = run(project, setting, f"../outside/target{setting.end}", monkeypatch, *more)
    assert done.code == 0, done.err
    assert target.exists()


@pytest.mark.parametrize("setting", [setting for setting in SETTINGS if setting.writes], ids=lambda s: s.name)
def test_a_folder_is_allowed_for_reading_only(setting: Setting, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = project.parent / "outside"
    done = run(project, setting, f"../outside/target{setting.end}", monkeypatch, "--allow", str(outside))
    assert done.code == 2
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("folder", [".git/hooks", ".GIT", "sub/.git", ".venv/lib", "node_modules/x", ".ssh"])
@pytest.mark.parametrize("setting", [setting for setting in SETTINGS if setting.writes], ids=lambda s: s.name)
def test_folders_that_programs_run_from_are_not_written_to(
    setting: Setting, folder: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / folder).mkdir(parents=True)
    done = run(project, setting, f"{folder}/target{setting.end}", monkeypatch)
    assert done.code == 2, done.err
    assert list((project / folder).iterdir()) == []


@pytest.mark.parametrize("pattern", ["../*.bib", "~/*.bib", "*/../../outside/*.bib", "folder/*.bib", "**/*.bib"])
def test_no_pattern_leads_out_of_the_project(pattern: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project.parent / "outside" / "target.bib").write_text(SECRET, encoding="utf-8")
    (project / "src.bib").unlink()
    (project / "folder").symlink_to(project.parent / "outside")
    (project / "sub" / "linked.bib").symlink_to(project.parent / "outside" / "target.bib")
    (project / "bibtool.toml").write_text(f'[refs]\nsources = ["{pattern}"]\n', encoding="utf-8")
    done = call(monkeypatch, "refs")
    assert done.code == 2, done.err
    assert "bibtool.toml:2: refs.sources: " in done.err
    assert not (project / "refs.bib").exists()


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("Makefile", "must be a .bib file, not 'Makefile'"),
        ("refs.bib.sh", "must be a .bib file"),
        ("", "must be a .bib file, not ''"),
        ("\\u0000.bib", "null character"),
    ],
)
def test_the_output_of_refs_is_a_bib_file(
    output: str, said: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "bibtool.toml").write_text(f'[refs]\nsources = ["src.bib"]\noutput = "{output}"\n', encoding="utf-8")
    done = call(monkeypatch, "refs")
    assert (done.code, said in done.err) == (2, True), done.err
    assert not (project / output).is_file() if "u0000" not in output else True


@pytest.mark.parametrize("lock", ["refs.bib", "./refs.bib", "link.lock", "", "sub", "new/"])
def test_the_lock_of_refs_is_a_file_of_its_own(lock: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "link.lock").symlink_to("refs.bib")
    (project / "bibtool.toml").write_text(f'[refs]\nsources = ["src.bib"]\nlock = "{lock}"\n', encoding="utf-8")
    done = call(monkeypatch, "refs")
    assert (done.code, "bibtool.toml:3: refs.lock " in done.err) == (2, True), done.err
    assert not (project / "refs.bib").exists()


def test_a_bib_file_that_is_a_link_to_another_kind_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "Makefile").write_text("all:\n", encoding="utf-8")
    (project / "refs.bib").symlink_to("Makefile")
    (project / "bibtool.toml").write_text('[refs]\nsources = ["src.bib"]\n', encoding="utf-8")
    assert call(monkeypatch, "refs").code == 2
    assert (project / "Makefile").read_text(encoding="utf-8") == "all:\n"


@pytest.mark.slow
@pytest.mark.parametrize("target", ["text", "html", "latex", "docx", "template"])
def test_cv_replaces_only_what_it_wrote(target: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "list.txt.j2").write_text("{{ title }}", encoding="utf-8")
    (project / "bibtool.toml").write_text(
        CV + f'to = "{target}"\noutput = "notes.out"\ntemplate = "list.txt.j2"\n', encoding="utf-8"
    )
    notes = project / "notes.out"
    notes.write_text("mine\n", encoding="utf-8")
    done = call(monkeypatch, "cv", "src.bib")
    assert done.code == 1, done.err
    assert "notes.out: was not written by `bibtool cv`" in done.err
    assert "-o notes.out" in done.err
    assert notes.read_text(encoding="utf-8") == "mine\n"
    assert call(monkeypatch, "cv", "src.bib", "--to", target, "-o", "notes.out").code == 0  # named on the command line
    first = notes.read_bytes()
    assert first != b"mine\n"
    (project / "src.bib").write_text(SECRET.replace("Secret", "Public Matter"), encoding="utf-8")
    assert call(monkeypatch, "cv", "src.bib").code == 0  # its own file
    if target != "template":
        assert notes.read_bytes() != first


def test_refs_replaces_only_entries_that_it_wrote(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = "@misc{alpha, title={Mine}, author={Mara Lind}}\n"
    (project / "refs.bib").write_text(mine, encoding="utf-8")
    (project / "bibtool.toml").write_text('[refs]\nsources = ["src.bib"]\n', encoding="utf-8")
    done = call(monkeypatch, "refs")
    assert done.code == 1, done.err
    assert "was not written by bibtool refs, so its entries were not replaced (alpha)" in done.err
    assert (project / "refs.bib").read_text(encoding="utf-8") == mine
    assert call(monkeypatch, "refs", "--allow", "refs.bib").code == 0
    assert "A Secret" in (project / "refs.bib").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_page_that_is_a_link_is_not_followed_out_of_the_folder(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = project.parent / "outside" / "profile"
    target.write_text("mine\n", encoding="utf-8")
    (project / "bibtool.toml").write_text(CV + 'to = "hugo"\noutput = "site"\n', encoding="utf-8")
    assert call(monkeypatch, "cv", "src.bib").code == 0
    page = next((project / "site").rglob("*.md"))
    page.unlink()
    page.symlink_to(target)
    done = call(monkeypatch, "cv", "src.bib")
    assert target.read_text(encoding="utf-8") == "mine\n", done.err


@pytest.mark.skipif(sys.platform == "win32", reason="there are no owners of this kind")
@pytest.mark.parametrize("whose", ["file", "folder"])
def test_settings_of_another_user_are_not_taken(whose: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "bibtool.toml").write_text('[refs]\nsources = ["src.bib"]\n', encoding="utf-8")
    foreign = project / "bibtool.toml" if whose == "file" else project
    real = Path.stat

    def stat(path: Path, **options: bool) -> os.stat_result:
        seen = real(path, **options)
        return os.stat_result((*seen[:4], 4711, *seen[5:10])) if path == foreign else seen

    monkeypatch.setattr(Path, "stat", stat)
    (project / "sub" / "deeper").mkdir()
    monkeypatch.chdir(project / "sub" / "deeper")
    done = call(monkeypatch, "refs")
    assert done.code == 2, done.err
    assert "these settings belong to another user" in done.err
    assert f"--allow {project}" in done.err
    assert call(monkeypatch, "refs", "--allow", str(project)).code == 0
    assert call(monkeypatch, "refs", "--check").code == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
@pytest.mark.parametrize("name", ["src.bib", "paper.tex", "part.tex"])
def test_a_pipe_is_not_waited_for(name: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "bibtool.toml").write_text('[refs]\nsources = ["src.bib"]\ndocuments = ["paper.tex"]\n')
    (project / "paper.tex").write_text("\\documentclass{a}\\begin{document}\\cite{alpha}\\input{part}\\end{document}")
    (project / name).unlink(missing_ok=True)
    os.mkfifo(project / name)
    done = call(monkeypatch, "refs")
    assert done.code == 1, done.err
    assert not (project / "refs.bib").exists()


@pytest.mark.parametrize("name", ["indent", "align", "wrap", "max-authors"])
@pytest.mark.parametrize("number", [2_000_000_000, 10**30, -1])
def test_a_number_that_would_fill_the_memory(
    name: str, number: int, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "bibtool.toml").write_text(f"[fmt]\n{name} = {number}\n")
    done = call(monkeypatch, "fmt", "--diff", "src.bib")
    assert done.code == 2
    assert f"bibtool.toml:2: fmt.{name} must be a whole number from 0 to 10,000" in done.err


@pytest.mark.parametrize("setting", ["sources", "documents", "exclude"])
def test_a_pattern_without_end(setting: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "/".join("abcdefghijklmno")).mkdir(parents=True)
    others = "" if setting == "sources" else 'sources = ["src.bib"]\n'
    (project / "bibtool.toml").write_text(f'[refs]\n{others}{setting} = ["{"**/" * 30}*.x"]\n')
    with time_limit(60):
        done = call(monkeypatch, "refs")
    assert done.code == 2
    assert f"refs.{setting}: " in done.err
    assert "has more than 3 `**`" in done.err
    text = (project / "bibtool.toml").read_text()
    (project / "bibtool.toml").write_text(text.replace("**/" * 30, "*a" * 40 + "*/**/"))
    with time_limit(60):
        assert call(monkeypatch, "refs").code in (0, 1)
