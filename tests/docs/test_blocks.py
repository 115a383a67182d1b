"""Every command line that the README and docs/ show is run, every setting is read, every output compared."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
import yaml

from bibtool.cli.config import read_config
from tests.cli.runner import call
from tests.docs.blocks import ROOT, Block, all_blocks, blocks_of, calls_of, chains, commands_of, session_of
from tests.docs.scenes import Scenes
from tests.docs.shell import Run, run_script, run_session, shows
from tests.support.systems import posix

SHELL = all_blocks("sh", "console")


def prepare(block: Block, scenes: Scenes, folder: Path) -> Path:
    """The work folder of a block; skips where a program is missing."""
    for program in block.remarks.get("needs", "").split():
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    scenes.copy(block.remarks.get("scene", "default"), folder)
    return folder / "work"


@pytest.mark.slow
@pytest.mark.parametrize("chain", chains("sh", "console"), ids=lambda chain: str(chain[0]))
def test_commands_run(chain: tuple[Block, ...], scenes: Scenes, tmp_path: Path) -> None:
    if "each line alone" in chain[0].remarks:
        (block,) = chain
        runs = []
        for number, script in enumerate(block.scripts):
            prepare(block, scenes, tmp_path / str(number))
            runs.append(run_block(block, script, scenes, tmp_path / str(number)))
        as_announced(block, *runs)
        return
    prepare(chain[0], scenes, tmp_path)
    for block in chain:
        as_announced(block, run_block(block, block.scripts[0], scenes, tmp_path))


def run_block(block: Block, script: str, scenes: Scenes, folder: Path) -> Run:
    """The outcome of a script or session, which shows what is shown, or says something, or changes something."""
    work = folder / "work"
    for name, text in block.files:
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text, encoding="utf-8")
    environment = scenes.environment(folder / "home")
    if block.language == "sh":
        before = contents(folder)
        run = run_script(script, work, environment)
        assert run.out or run.err or contents(folder) != before, f"{block}: {script} does nothing"
        return run
    session = session_of(block)
    outputs, run = run_session([command for command, _ in session], work, environment)
    for (command, expected), output in zip(session, outputs, strict=True):
        assert shows(expected, output), f"{block}: {command}\n{output}"
    return run


def as_announced(block: Block, *runs: Run) -> None:
    failed = [one for run in runs for one in run.failed]
    codes = sorted({code for code, _ in failed})
    wanted = sorted(int(code) for code in block.remarks.get("exits", "").split())
    said = "\n".join(run.err or run.out for run in runs)
    assert codes == wanted, f"{block}: {failed}\n{said}"
    assert "Traceback" not in said


def contents(folder: Path) -> dict[Path, bytes]:
    """The bytes of the files below a folder."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def workflow_lines(block: Block) -> list[str]:
    """The shell lines of a workflow for GitHub Actions or a pipeline for GitLab; none for other YAML."""
    data = yaml.safe_load(block.text)
    if not isinstance(data, dict):
        return []
    steps = [step.get("run", "") for job in data.get("jobs", {}).values() for step in job["steps"]]
    for job in data.values():
        if isinstance(job, dict):
            steps += [*job.get("before_script", ()), *job.get("script", ())]
    return [line for step in steps for line in step.splitlines()]


WORKFLOWS = [block for block in all_blocks("yaml") if workflow_lines(block)]


@pytest.mark.slow
@pytest.mark.parametrize("block", WORKFLOWS, ids=str)
def test_workflows_run(block: Block, scenes: Scenes, tmp_path: Path) -> None:
    """Their lines, one after the other, in the scene; what they use from elsewhere is not at hand."""
    prepare(block, scenes, tmp_path)
    script = "\n".join(workflow_lines(block))
    assert "bibtool" in script
    as_announced(block, run_script(script, tmp_path / "work", scenes.environment(tmp_path / "home")))


LINES = [(str(block), line) for block in SHELL for line in commands_of(block)]
LINES += [(str(block), line) for block in WORKFLOWS for line in workflow_lines(block)]
CALLS = [(where, words) for where, line in LINES for words in calls_of(line)]


@pytest.mark.slow
@pytest.mark.parametrize(("where", "words"), CALLS, ids=[f"{where} {' '.join(words)}" for where, words in CALLS])
def test_every_call_is_understood(where: str, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of blocks that are not run."""
    del where
    done = call(monkeypatch, *words, "--help")
    assert done.code == 0, done.err
    # --help ends the parsing before unknown options are found
    for word in words[: words.index("--") if "--" in words else None]:
        if word.startswith("--") and word.partition("=")[0] not in {"--library", "--config", "--help", "--version"}:
            assert word.partition("=")[0] in done.out, word


@pytest.mark.parametrize("block", [b for b in SHELL if not b.is_run], ids=str)
def test_what_is_not_run_has_a_reason(block: Block) -> None:
    assert "test command" in block.remarks or len(block.remarks["not run"].split()) >= 2


@pytest.mark.parametrize("block", all_blocks("toml"), ids=str)
def test_settings_are_read(block: Block, tmp_path: Path) -> None:
    if not block.is_run:
        pytest.skip(block.remarks["not run"])
    name = "pyproject.toml" if "[tool." in block.text else "bibtool.toml"
    (tmp_path / name).write_text(block.text, encoding="utf-8")
    assert read_config(tmp_path / name) != read_config(None)


@pytest.mark.parametrize("block", all_blocks("yaml"), ids=str)
def test_yaml_and_its_hooks(block: Block) -> None:
    data = yaml.safe_load(block.text)
    known = {one["id"] for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    repos = data.get("repos", []) if isinstance(data, dict) else []
    for hook in (hook for repo in repos for hook in repo["hooks"]):
        assert hook["id"] in known


def test_json() -> None:
    for block in all_blocks("json"):
        assert json.loads(block.text), block


@pytest.mark.slow
@pytest.mark.parametrize("block", [b for b in all_blocks("python") if "api.md" not in b.page and b.is_run], ids=str)
def test_python(block: Block, scenes: Scenes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = prepare(block, scenes, tmp_path)
    monkeypatch.chdir(work)
    exec(compile(block.text, str(block), "exec"), {"__name__": "example"})


# the runner itself


def block_of(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Block:
    monkeypatch.setattr("tests.docs.blocks.ROOT", folder)
    (folder / "page.md").write_text(text)
    return blocks_of(folder / "page.md")[-1]


def run_of(block: Block, folder: Path) -> Run:
    (folder / "work").mkdir(exist_ok=True)
    return run_script(block.text, folder / "work", {"PATH": os.environ["PATH"]})


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("true\n", []),
        ("sh -c 'exit 3'\ntrue\n", [3]),
        ("false | true\n", [1]),
        ("false && true\n", [1]),
        ("nonsense-program\necho a > b\n", [127]),
    ],
)
@posix
def test_a_failing_line_is_noted(text: str, codes: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    block = block_of(f"```sh\n{text}```\n", tmp_path, monkeypatch)
    assert [code for code, _ in run_of(block, tmp_path).failed] == codes
    announced = block_of(f"<!-- exits: 3 -->\n```sh\n{text}```\n", tmp_path, monkeypatch)
    if codes != [3]:
        with pytest.raises(AssertionError):
            as_announced(announced, run_of(announced, tmp_path))


def test_remarks_and_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = "<!-- file: a/b.toml -->\n```toml\nx = 1\n```\n"
    text = f"{file}\nwords\n\n<!-- scene: empty -->\n<!-- exits: 1 -->\n```sh\nls\n```\n"
    block = block_of(text, tmp_path, monkeypatch)
    assert block.remarks == {"scene": "empty", "exits": "1"}
    assert block.files == (("a/b.toml", "x = 1\n"),)
    assert block.line == 10


@pytest.mark.parametrize(
    ("expected", "output", "fits"),
    [
        (["a", "b"], "a\nb\n", True),
        (["a"], "a\nb\n", False),
        (["a", "..."], "a\nb\nc\n", True),
        (["...", "c"], "a\nb\nc\n", True),
        (["1 of ... fine"], "1 of 50 fine\n", True),
        (["1 of ... fine"], "1 of\n50 fine\n", False),
        ([], "", True),
        ([], "a\n", False),
        (["a"], "working\ra  \n", True),
    ],
)
def test_comparing(expected: list[str], output: str, fits: bool) -> None:
    assert shows(expected, output) is fits


@posix
def test_a_session(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    outputs, run = run_session(["echo a; test -t 1 && echo b", "false", "echo c"], tmp_path / "work", dict(os.environ))
    assert outputs == ["a\nb\n", "", "c\n"]
    assert run.failed == ((1, "false"),)
