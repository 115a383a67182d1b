"""What is set up for GitHub: workflows, forms and pages agree with the README, the metadata and one another."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.systems import posix

ROOT = Path(__file__).parents[1]
GITHUB = ROOT / ".github"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SOURCE: str = PROJECT["urls"]["Source"]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TEST_COMMAND = README.partition("<!-- test command -->\n```sh\n")[2].partition("\n```")[0]


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


WORKFLOWS: dict[str, dict[Any, Any]] = {path.stem: load(path) for path in sorted((GITHUB / "workflows").glob("*.yml"))}
JOBS = [(name, job, data) for name, workflow in WORKFLOWS.items() for job, data in workflow["jobs"].items()]
STEPS = [(f"{name}/{job}", step) for name, job, data in JOBS for step in data["steps"]]
FORMS = sorted(set((GITHUB / "ISSUE_TEMPLATE").glob("*.yml")) - {GITHUB / "ISSUE_TEMPLATE" / "config.yml"})
PAGES = sorted(GITHUB.rglob("*.md"))


def commands(workflow: str, job: str) -> list[str]:
    return [step["run"] for step in WORKFLOWS[workflow]["jobs"][job]["steps"] if "run" in step]


def starts(workflow: dict[Any, Any]) -> dict[str, Any]:
    """What starts a workflow; YAML 1.1 reads the word ``on`` as true."""
    started: dict[str, Any] = workflow[True]
    return started


# workflows


def test_there_are_four_workflows() -> None:
    assert set(WORKFLOWS) == {"tests", "docs", "release", "fuzz"}


def test_tests_run_on_every_python_and_system() -> None:
    job = WORKFLOWS["tests"]["jobs"]["tests"]
    minors = [found[1] for line in PROJECT["classifiers"] if (found := re.search(r":: (3\.\d+)$", line))]
    assert job["strategy"]["matrix"] == {
        "os": ["ubuntu-latest", "macos-latest", "windows-latest"],
        "python": minors,
    }
    assert PROJECT["requires-python"] == f">={minors[0]}"
    assert job["runs-on"] == "${{ matrix.os }}"
    assert job["strategy"]["fail-fast"] is False
    assert set(starts(WORKFLOWS["tests"])) >= {"push", "pull_request"}


def test_the_commands_are_those_of_the_readme_and_of_ci() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert commands("tests", "tests") == [TEST_COMMAND]
    assert commands("tests", "programs") == [".ci/run"]
    assert "biber" in script
    install, *linters = commands("tests", "lint")
    assert install == TEST_COMMAND.partition(" && ")[0]
    plain = [re.sub(r" --output-format github", "", line) for line in linters]
    assert script.rstrip().splitlines()[-len(plain) :] == plain
    assert "mkdocs build --strict" in commands("docs", "build")


def test_the_fuzzer_runs_for_an_hour_each_week() -> None:
    assert starts(WORKFLOWS["fuzz"])["schedule"] == [{"cron": "17 3 * * 0"}]
    job = WORKFLOWS["fuzz"]["jobs"]["fuzz"]
    assert len(job["strategy"]["matrix"]["part"]) == 3
    (command,) = [line for line in commands("fuzz", "fuzz") if "tests.fuzz" in line]
    seconds = int(command.partition("--seconds ")[2].split()[0])
    assert 3000 < seconds < job["timeout-minutes"] * 60


def test_one_check_stands_for_all_jobs() -> None:
    jobs = WORKFLOWS["tests"]["jobs"]
    assert set(jobs["all"]["needs"]) == set(jobs) - {"all"}
    assert jobs["all"]["if"] == "always()"


@posix
@pytest.mark.parametrize(
    ("results", "passes"),
    [("success success", True), ("success failure", False), ("skipped success", False), ("cancelled", False)],
)
def test_the_one_check_fails_with_any_job(results: str, passes: bool) -> None:
    (script,) = commands("tests", "all")
    environment = {**os.environ, "RESULTS": results}
    done = subprocess.run(["bash", "-e", "-c", script], env=environment, capture_output=True, check=False)
    assert (done.returncode == 0) is passes


def test_permissions_are_the_least() -> None:
    for workflow in WORKFLOWS.values():
        assert workflow["permissions"] == {"contents": "read"}
    more = {f"{name}/{job}": data["permissions"] for name, job, data in JOBS if "permissions" in data}
    assert more == {
        "tests/all": {},
        "docs/deploy": {"pages": "write", "id-token": "write"},
        "release/publish": {"id-token": "write"},
        "release/announce": {"contents": "write"},
    }
    assert not [name for name, step in STEPS if "secrets." in str(step)]


def test_jobs_end_and_do_not_pile_up() -> None:
    for name, job, data in JOBS:
        assert 0 < data["timeout-minutes"] <= 60, (name, job)
        assert "concurrency" in WORKFLOWS[name] or "concurrency" in data, (name, job)
    assert WORKFLOWS["release"]["concurrency"]["cancel-in-progress"] is False


def test_actions_are_pinned_and_get_no_credentials() -> None:
    for name, step in STEPS:
        if action := step.get("uses"):
            assert re.fullmatch(r"(actions/[\w-]+@v\d+|[\w.-]+/[\w.-]+@([0-9a-f]{40}|release/v\d+))", action), name
            if action.startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False, name


def test_no_text_of_others_becomes_part_of_a_script() -> None:
    """Titles, names of branches and tags reach scripts as variables of the environment."""
    for workflow in WORKFLOWS.values():
        assert not {"pull_request_target", "issue_comment", "workflow_run"} & set(starts(workflow))
    for name, step in STEPS:
        assert "${{" not in step.get("run", ""), name


ACTION: dict[str, Any] = load(GITHUB / "actions" / "verify" / "action.yml")


def test_the_action_puts_no_input_into_a_script() -> None:
    assert [step["shell"] for step in ACTION["runs"]["steps"]] == ["bash", "bash"]
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]


@posix
@pytest.mark.slow
def test_the_action_runs_nothing_of_the_repository_that_it_looks_at(tmp_path: Path) -> None:
    """Python looks for modules in the current folder first, which is that of a stranger's pull request."""
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    for name in ("venv", "ensurepip", "subprocess", "logging", "pip", "shutil", "sitecustomize"):
        (workspace / f"{name}.py").write_text("open('owned', 'w')\n", encoding="utf-8")
    make, _, install = ACTION["runs"]["steps"][0]["run"].partition(" && ")
    assert install.startswith('"$RUNNER_TEMP/bibtool/bin/pip" install')
    environment = {**os.environ, "RUNNER_TEMP": str(tmp_path)}
    environment.pop("PYTHONPATH", None)
    script = f'{make} && "$RUNNER_TEMP/bibtool/bin/pip" --version'
    subprocess.run(["bash", "-e", "-c", script], cwd=workspace, env=environment, check=True, capture_output=True)
    assert not (workspace / "owned").exists()


def test_a_release_is_published_by_a_tag_without_a_token() -> None:
    release = WORKFLOWS["release"]
    assert starts(release) == {"push": {"tags": ["v*"]}}
    publish = release["jobs"]["publish"]
    assert publish["needs"] == "build"
    assert publish["environment"]["name"] == "pypi"
    (upload,) = [step for step in publish["steps"] if step["uses"].startswith("pypa/gh-action-pypi-publish@")]
    assert upload["with"] == {"attestations": True}
    assert release["jobs"]["announce"]["needs"] == "publish"


CHANGES = (
    "# Changelog\n\n## Unreleased\n\n- later\n\n## 1.2.3 - 2026-11-23\n\n### Added\n\n- new\n\n## 1.2.30\n\n- old\n"
)


@posix
@pytest.mark.parametrize(("tag", "notes"), [("v1.2.3", "### Added\n\n- new\n"), ("v1.2.30", "- old\n")])
def test_a_release_is_announced_with_its_section_of_the_changelog(tmp_path: Path, tag: str, notes: str) -> None:
    (script,) = commands("release", "announce")
    (tmp_path / "CHANGELOG.md").write_text(CHANGES, encoding="utf-8")
    (tmp_path / "dist").mkdir()
    (tmp_path / "gh").write_text('#!/bin/sh\necho "$@" > called.txt\n', encoding="utf-8")
    (tmp_path / "gh").chmod(0o755)
    environment = {**os.environ, "TAG": tag, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(["bash", "-e", "-c", script], cwd=tmp_path, env=environment, check=True)
    assert (tmp_path / "notes.md").read_text(encoding="utf-8").strip() == notes.strip()
    assert f"release create {tag} --verify-tag" in (tmp_path / "called.txt").read_text(encoding="utf-8")


# dependabot and forms


def test_dependabot_looks_after_packages_and_actions() -> None:
    data = load(GITHUB / "dependabot.yml")
    assert data["version"] == 2
    assert [update["package-ecosystem"] for update in data["updates"]] == ["pip", "github-actions"]
    assert all(update["directory"] == "/" and update["schedule"]["interval"] for update in data["updates"])


def test_the_forms() -> None:
    assert [path.stem for path in FORMS] == ["bug", "feature", "wrong-output"]
    config = load(GITHUB / "ISSUE_TEMPLATE" / "config.yml")
    assert set(config) == {"blank_issues_enabled", "contact_links"}
    assert all(set(link) == {"name", "url", "about"} for link in config["contact_links"])


# https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests
ATTRIBUTES = {
    "markdown": {"value"},
    "textarea": {"label", "description", "placeholder", "value", "render"},
    "input": {"label", "description", "placeholder", "value"},
    "dropdown": {"label", "description", "multiple", "options", "default"},
    "checkboxes": {"label", "description", "options"},
}


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_is_valid(path: Path) -> None:
    form = load(path)
    assert set(form) == {"name", "description", "labels", "body"}
    ids = [element["id"] for element in form["body"] if element["type"] != "markdown"]
    labels = [element["attributes"]["label"] for element in form["body"] if element["type"] != "markdown"]
    assert ids
    assert len(set(ids)) == len(ids)
    assert len(set(labels)) == len(labels)
    for element in form["body"]:
        assert set(element) <= {"type", "id", "attributes", "validations"}
        assert set(element["attributes"]) <= ATTRIBUTES[element["type"]]
        assert set(element.get("validations", {})) <= {"required"}
        if element["type"] == "dropdown":
            assert len(set(element["attributes"]["options"])) == len(element["attributes"]["options"]) > 1
        if element["type"] == "checkboxes":
            assert all(set(option) <= {"label", "required"} for option in element["attributes"]["options"])
    assert any(element.get("validations", {}).get("required") for element in form["body"])


# pages and addresses


@pytest.mark.slow
def test_every_yaml_file_can_be_read() -> None:
    paths = [*GITHUB.rglob("*.yml"), ROOT / ".pre-commit-hooks.yaml", ROOT / "mkdocs.yml", ROOT / "CITATION.cff"]
    assert all(load(path) for path in paths)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if not target.startswith("https://"):
            assert (path.parent / target).exists(), target
    for name in re.findall(r"`((?:tests|bibtool|docs|\.ci)/[\w./-]*)`", text):
        assert (ROOT / name).exists(), name


def test_every_address_of_the_project_is_that_of_the_metadata() -> None:
    owner = SOURCE.removeprefix("https://github.com/").partition("/")[0]
    assert PROJECT["urls"] == {
        "Documentation": f"https://{owner}.github.io/bibtool/",
        "Source": f"https://github.com/{owner}/bibtool",
        "Issues": f"https://github.com/{owner}/bibtool/issues",
        "Changelog": f"https://github.com/{owner}/bibtool/blob/main/CHANGELOG.md",
    }
    named = 0
    for path in [*GITHUB.rglob("*.*"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.*")]:
        if path.suffix in {".md", ".yml", ".yaml", ".toml", ".cff"}:
            addresses = re.findall(r"https://github\.com/[\w.-]+/bibtool\b", path.read_text(encoding="utf-8"))
            assert set(addresses) <= {SOURCE}, path
            named += len(addresses)
    assert named > 3


def test_the_authors_are_those_of_the_citation_file() -> None:
    assert PROJECT["authors"] == load(ROOT / "CITATION.cff")["authors"]


def test_the_contributing_page_names_the_command_of_the_readme() -> None:
    page = (GITHUB / "CONTRIBUTING.md").read_text(encoding="utf-8")
    fast = 'python -m pytest -m "not slow"'
    assert fast in page
    assert fast in README
    assert TEST_COMMAND.partition(" && ")[0] in page
