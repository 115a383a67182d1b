"""The folders that blocks of the docs run in. Each is made once, and copied for each block."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.docs.blocks import ROOT

FIXTURES = ROOT / "fixtures"
LIBRARY = Path(".local/share/bibtool/library.sqlite")
GIT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A. Writer",
    "GIT_AUTHOR_EMAIL": "writer@example.org",
    "GIT_COMMITTER_NAME": "A. Writer",
    "GIT_COMMITTER_EMAIL": "writer@example.org",
    "GIT_AUTHOR_DATE": "2026-11-23T12:00:00Z",
    "GIT_COMMITTER_DATE": "2026-11-23T12:00:00Z",
}

PAPER = r"""\documentclass{article}
\newcommand{\mycite}[1]{(\cite{#1})}
\begin{document}
Schemes~\cite{bruna2022neural} and data~\mycite{otness2023data}.
\bibliographystyle{plain}
\bibliography{refs}
\end{document}
"""
NOTES = "Schemes [@bruna2022neural] and what else there is.\n"
DUPLICATES = """
@article{a2020,
  author = {Ash, Bea},
  title = {Rivers and Maps},
  year = {2020},
}

@article{b2021,
  author = {Ash, Bea},
  title = {Rivers and Maps},
  year = {2022},
}

@misc{bruna22,
  author = {Bruna, J. and others},
  title = {Neural Galerkin Schemes},
  eprint = {2203.01360},
  archivePrefix = {arXiv},
  year = {2022},
}
"""
KEYS = ("bruna2022neural", "otness2023data")


class Scenes:
    """Makes scenes below a folder, with the arXiv server at ``url`` and the variables that name other services."""

    def __init__(self, folder: Path, url: str, sources: Mapping[str, str]) -> None:
        self.folder = folder
        self.sources = sources
        self.bin = folder / "bin"
        self.url = url
        self._home = folder / "home"
        self._made: dict[str, Path] = {}
        self._programs()
        self._library()

    def copy(self, name: str, target: Path) -> None:
        """Put the scene ``name`` into ``target``: the folders ``home`` and ``work``."""
        make = getattr(self, f"_scene_{name.replace('-', '_')}", None)
        assert make is not None, f"there is no scene {name!r}"
        if name not in self._made:
            made = self.folder / name
            (made / "work").mkdir(parents=True)
            shutil.copytree(self._home, made / "home")
            make(made)
            self._made[name] = made
        shutil.copytree(self._made[name], target, dirs_exist_ok=True, symlinks=True)

    def environment(self, home: Path) -> dict[str, str]:
        """The variables for a process that has its home there."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("BIBTOOL", "XDG_", "GIT_"))}
        return {
            **kept,
            **GIT,
            "HOME": str(home),
            "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}",
            "BIBTOOL_ARXIV_URL": self.url,
            "BIBTOOL_ARXIV_DELAY": "0",
            **self.sources,
            "NO_COLOR": "1",
            "TERM": "xterm",
            "COLUMNS": "100",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
        }

    def _programs(self) -> None:
        """``bibtool``, ``bibtool-hook`` and ``python`` of this environment; ``pip install`` is for other tests."""
        self.bin.mkdir(parents=True)
        for name, line in (
            ("bibtool", f'exec "{sys.executable}" -m bibtool "$@"'),
            ("bibtool-hook", f'exec "{sys.executable}" -m bibtool "$@"'),
            ("python", f'exec "{sys.executable}" "$@"'),
            ("pip", '[ "$1" = install ]'),
            ("pbpaste", f'exec cat "{FIXTURES / "listings" / "profile.txt"}"'),
        ):
            (self.bin / name).write_text(f"#!/bin/sh\n{line}\n")
            (self.bin / name).chmod(0o755)

    def _library(self) -> None:
        """A home with the listing in its library, confirmed."""
        path = self._home / LIBRARY
        listing = str(FIXTURES / "listings" / "profile.txt")
        self._do("--library", str(path), "import", "--as-of", "2026-11-23", listing)
        self._do("--library", str(path), "enrich")
        self._do("styles", "apa")  # writes the index of styles into the cache

    def _do(self, *arguments: str, cwd: Path | None = None, home: Path | None = None) -> None:
        self._home.mkdir(exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "bibtool", "--quiet", *arguments],
            cwd=cwd,
            env=self.environment(home or self._home),
            check=True,
            capture_output=True,
        )

    def _git(self, folder: Path, *arguments: str) -> None:
        subprocess.run(
            ["git", *arguments], cwd=folder, env=self.environment(self._home), check=True, capture_output=True
        )

    # the scenes

    def _scene_default(self, made: Path) -> None:
        """A library with 50 confirmed records, the listing, some bibliographies, a document, all in git."""
        work = made / "work"
        shutil.copy(FIXTURES / "listings" / "profile.txt", work)
        (work / "fixtures").symlink_to(FIXTURES)
        self._do("export", *KEYS, "-o", "refs.bib", cwd=work)
        refs = (work / "refs.bib").read_text(encoding="utf-8")
        self._do("export", *KEYS, "--format", "csl-json", "-o", "refs.json", cwd=work)
        self._do("export", "amsel2024benefits", "--format", "csl-json", "-o", "more.json", cwd=work)
        (work / "old.bib").write_text(refs.replace("Active Learning", "Learning"), encoding="utf-8")
        (work / "paper.tex").write_text(PAPER)
        (work / "chapters").mkdir()
        (work / "chapters" / "one.tex").write_text("See \\cite{bruna2022neural}.\n")
        (work / "notes.qmd").write_text(NOTES)
        (work / "talk.typ").write_text("Schemes @bruna2022neural.\n")
        shutil.copy(work / "old.bib", work / "refs.bib")
        self._git(work, "init", "-q", "-b", "main")
        (work / ".gitignore").write_text("fixtures\n")
        for message in ("First words", "Active learning"):
            self._git(work, "add", ".")
            self._git(work, "commit", "-q", "-m", message)
            (work / "refs.bib").write_text(refs, encoding="utf-8")

    def _scene_paper(self, made: Path) -> None:
        """As the default, with no other source than the library."""
        self._scene_default(made)
        (made / "work" / "old.bib").unlink()

    def _scene_empty(self, made: Path) -> None:
        """Nothing but the listing; no library."""
        (made / "home" / LIBRARY).unlink()
        shutil.rmtree(made / "home" / ".cache" / "bibtool" / "arxiv")
        shutil.copy(FIXTURES / "listings" / "profile.txt", made / "work")
        (made / "work" / "fixtures").symlink_to(FIXTURES)

    def _scene_cv_repository(self, made: Path) -> None:
        """A repository with records as text, settings and a list in Markdown."""
        work = made / "work"
        self._do("export", "--where", "not withdrawn", "-o", "papers.bib", cwd=work)
        (work / "bibtool.toml").write_text('[owner]\nnames = ["Joan Bruna"]\n')
        self._do("cv", "papers.bib", "-o", "README.md", cwd=work)
        self._commit(work)

    def _scene_script(self, made: Path) -> None:
        """The listing and the script of the tutorial; no library."""
        self._scene_empty(made)
        shutil.copy(ROOT / "docs" / "examples" / "make_cv.sh", made / "work")

    def _scene_clipboard(self, made: Path) -> None:
        """As the default, without records in the library."""
        self._scene_default(made)
        (made / "home" / LIBRARY).unlink()

    def _scene_project(self, made: Path) -> None:
        """A paper with settings, sources, output and lock, in git."""
        shutil.copytree(FIXTURES / "project", made / "work", dirs_exist_ok=True)
        self._commit(made / "work")

    def _scene_bare_project(self, made: Path) -> None:
        """The same paper before it has settings, output and lock."""
        shutil.copytree(FIXTURES / "project", made / "work", dirs_exist_ok=True)
        for name in ("bibtool.toml", "bibtool.lock", "refs.bib"):
            (made / "work" / name).unlink()
        self._do("convert", "group.json", "-o", "papers.bib", cwd=made / "work")
        (made / "work" / "group.json").unlink()
        self._commit(made / "work")

    def _scene_conflict(self, made: Path) -> None:
        """The paper in a merge: the source is settled, what is written from it is not."""
        self._scene_project(made)
        work = made / "work"
        with (work / "chapters" / "first.tex").open("a") as file:
            file.write("More~\\cite{never-cited}.\n")
        self._git(work, "commit", "-q", "-a", "-m", "Cite one more")
        source = (work / "group.bib").read_text()
        for branch, title in (("other", "Cited Once"), ("main", "Cited at Last")):
            self._git(work, "checkout", "-q", "-B", branch, "main")
            (work / "group.bib").write_text(source.replace("Never Cited", title))
            self._do("refs", cwd=work)
            self._git(work, "commit", "-q", "-a", "-m", title)
            if branch == "other":
                self._git(work, "checkout", "-q", "main")
        done = subprocess.run(["git", "merge", "-q", "other"], cwd=work, env=self.environment(self._home), check=False)
        assert done.returncode == 1
        self._git(work, "checkout", "--ours", "group.bib")
        self._git(work, "add", "group.bib")

    def _commit(self, work: Path) -> None:
        self._git(work, "init", "-q", "-b", "main")
        self._git(work, "add", ".")
        self._git(work, "commit", "-q", "-m", "A paper")

    def _scene_faulty(self, made: Path) -> None:
        """As the default, with mistakes in refs.bib."""
        self._scene_default(made)
        with (made / "work" / "refs.bib").open("a", encoding="utf-8") as file:
            file.write("\n@article{ash2020,\n  title = {A Title},\n  doi = {https://doi.org/10.5555/X},\n}\n")

    def _scene_duplicates(self, made: Path) -> None:
        """As the default, with duplicates in refs.bib: certain ones, and a pair that only looks alike."""
        self._scene_default(made)
        (made / "work" / "notes" / "2026").mkdir(parents=True)
        (made / "work" / "notes" / "2026" / "may.md").write_text("See [@bruna22].\n")
        with (made / "work" / "refs.bib").open("a", encoding="utf-8") as file:
            file.write(DUPLICATES)

    def _scene_merged(self, made: Path) -> None:
        """As the default, without a certain duplicate: two entries that only look alike."""
        self._scene_default(made)
        with (made / "work" / "refs.bib").open("a", encoding="utf-8") as file:
            file.write(DUPLICATES.partition("@misc")[0])

    def _scene_dumps(self, made: Path) -> None:
        """As the default, with dumps to be indexed, and indexes made of them."""
        self._scene_default(made)
        work = made / "work"
        entries = (work / "refs.bib").read_bytes()
        (work / "paper.bib").write_bytes(entries)
        (work / "anthology.bib.gz").write_bytes(gzip.compress(entries, mtime=0))
        dump = "<dblp><article key='journals/x/A20'><author>Bea Ash</author><title>Attention is all you need.</title>"
        dump += "<year>2020</year><journal>X</journal><ee>https://doi.org/10.1145/3292500.3330701</ee></article></dblp>"
        (work / "dblp.xml.gz").write_bytes(gzip.compress(dump.encode(), mtime=0))
        self._do("convert", "refs.bib", "-o", "more.ris", cwd=work)
        for index in ("dblp.index", "cs.index", "my.index"):
            self._do("index", "add", "refs.bib", "--index", index, cwd=work, home=made / "home")
        self._do("index", "add", "dblp.xml.gz", "refs.bib", cwd=work, home=made / "home")

    def _scene_papers(self, made: Path) -> None:
        """The dumps and their indexes, and a folder of folders with entries that the indexes have."""
        self._scene_dumps(made)
        work = made / "work"
        for folder in ("papers/one", "papers/two"):
            (work / folder).mkdir(parents=True)
            self._do("convert", "refs.bib", "-o", f"{folder}/refs.bib", cwd=work)

    def _scene_backups(self, made: Path) -> None:
        """As the default, with two backups of the library, and a damaged copy of it."""
        self._scene_default(made)
        library = made / "home" / ".local" / "share" / "bibtool" / "library.sqlite"
        folder = library.with_name("library.sqlite.backups")
        folder.mkdir(exist_ok=True)
        for day in (27, 28):
            shutil.copy(library, folder / f"auto-2026-11-{day}.sqlite")
        data = bytearray(library.read_bytes())
        data[4096:8192] = bytes(4096)
        (made / "work" / "broken.sqlite").write_bytes(data)
        (made / "home" / "usb").mkdir()

    def _scene_completions(self, made: Path) -> None:
        """A home with the folders for completions of shells."""
        for folder in (".local/share/bash-completion/completions", ".zfunc", ".config/fish/completions"):
            (made / "home" / folder).mkdir(parents=True)

    def _scene_owner(self, made: Path) -> None:
        """As the default, with settings that say whose list it is."""
        self._scene_default(made)
        (made / "work" / "bibtool.toml").write_text('[owner]\nnames = ["Joan Bruna"]\n')
