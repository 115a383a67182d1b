"""LaTeX source: citation commands, included files, bibliographies, and the citation commands that it defines."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from bibtool.lazy import lazy_pattern
from bibtool.problems import Severity
from bibtool.project.scan.base import Command, Findings, blank_out
from bibtool.project.scan.texcommands import COMMANDS, DISTRIBUTION, ENVIRONMENTS, INCLUDES
from bibtool.project.scan.texgroups import Groups
from bibtool.project.scan.texmask import FILLER, mask

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bibtool.project.scan.base import DocumentText, Scan, ScanOptions

_MAX_OPTIONS = 4
_MAX_LIST = 50_000  # characters of one list of keys

_COMMAND = lazy_pattern(r"\\([A-Za-z]+)")
_COMMAND_AT = lazy_pattern(r"\\([A-Za-z@]+)")
_BLANK = lazy_pattern(rf"[ \t{FILLER}]*+(?:(?:\r\n|\r|\n)[ \t{FILLER}]*+)?")
_WHITE = f" \t\r\n{FILLER}"
_PARAGRAPH = lazy_pattern(rf"(?:\r\n?+|\n)[ \t{FILLER}]*+(?:\r\n?+|\n)")
_MACRO = lazy_pattern(r"\\(?![_%&#$~^{} ])")
_COMMA_OR_MACRO = lazy_pattern(r",|\\(?![_%&#$~^{} ])")
_SPACE = lazy_pattern(r"\s+")
_PARAMETER = lazy_pattern(r"#+\d")
_PRIMITIVE_INPUT = lazy_pattern(r"[ \t]+([^\s{}\\%\0#\"]+)|[ \t]*\"([^{}\\%\0#\"\r\n]+)\"")
# what stands before a key in REVTeX, natbib and mciteplus: {first,*second} and {*[{see also }][{, and more}]key}
_STARRED = lazy_pattern(
    rf"[\s{{{FILLER}]*+\*[\s{FILLER}]*+"
    rf"(?:\[[^\[\]{{}}]*+(?:\{{[^{{}}]*+(?:\{{[^{{}}]*+\}}[^{{}}]*+)*+\}}[^\[\]{{}}]*+)*+\][\s{FILLER}]*+){{0,2}}+"
    rf"(?=[^\s,}}{FILLER}])"
)
_DEFINERS = frozenset(
    "newcommand renewcommand providecommand DeclareRobustCommand newrobustcmd renewrobustcmd providerobustcmd "
    "NewDocumentCommand RenewDocumentCommand ProvideDocumentCommand DeclareDocumentCommand def gdef edef xdef".split()
)
_DEFINER = lazy_pattern(
    rf"\\(let|DeclareCiteCommand|DeclareMultiCiteCommand|{'|'.join(sorted(_DEFINERS))})(?![A-Za-z@])"
)
_SPECIFICATION = lazy_pattern(r"\s*\{[^{}]*+\}")
_LET = lazy_pattern(r"\s*\\([A-Za-z@]+)\s*=?\s*\\([A-Za-z@]+)")
_NAME = lazy_pattern(r"\s*\*?\s*(?:\{\s*\\([A-Za-z@]+)\s*\}|\\([A-Za-z@]+))")
_FORWARDED = lazy_pattern(r"\{\s*#([1-9])\s*\}")
_DECLARED = lazy_pattern(r"\*?\s*\{?\s*\\([A-Za-z@]+)")
_BIBLATEX_FILES = frozenset({"addbibresource", "addglobalbib", "addsectionbib"})
_BIBLIOGRAPHIES = _BIBLATEX_FILES | {"bibliography", "nobibliography", "multibibliography", "defaultbibliography"}
# multibib: \newcites{own}{My papers} defines \citeown, \nociteown, \bibliographyown and the like
_NEW_CITES = lazy_pattern(r"\\newcites\s*\{([A-Za-z,\s]+)\}")
_MULTIBIB = "cite nocite citet citep Citet Citep citealt citealp citeauthor citeyear citeyearpar fullcite".split()
_PACKAGES = {
    "documentclass": ".cls", "documentstyle": ".cls", "LoadClass": ".cls", "LoadClassWithOptions": ".cls",
    "usepackage": ".sty", "RequirePackage": ".sty", "RequirePackageWithOptions": ".sty",
}  # fmt: skip
_WRAPPED = lazy_pattern(r"\\subfix\{([^{}]*)\}|\\string(?![A-Za-z@])")
_MAX_BODY = 1_000  # characters; a command that only passes its argument on is short
_MAX_DEFINITIONS = 20_000


def scan(source: DocumentText, options: ScanOptions) -> Scan:
    """What a .tex, .sty, .cls or .Rnw file says."""
    suffix = PurePosixPath(source.path).suffix.lower()
    findings = Findings(source)
    masked = mask(findings, sweave=suffix in (".rnw", ".snw"))
    TexReader(findings, masked, options.commands, at_is_letter=suffix in (".sty", ".cls")).run()
    return findings.result()


def cites_in(findings: Findings, masked: str, commands: Mapping[str, Command]) -> None:
    """Note the citation commands in LaTeX inside a document of another type."""
    if "\\" in masked:
        TexReader(findings, masked, commands, at_is_letter=False, only_citations=True).run()


class TexReader:
    """Reads the commands in a masked text, from the first to the last."""

    def __init__(
        self,
        findings: Findings,
        masked: str,
        commands: Mapping[str, Command],
        *,
        at_is_letter: bool,
        only_citations: bool = False,
    ) -> None:
        self.findings = findings
        self.text = masked
        self.commands = {**COMMANDS, **commands}
        self.pattern = _COMMAND_AT if at_is_letter else _COMMAND
        self.only_citations = only_citations
        self.groups = Groups(masked)

    def run(self) -> None:
        """Note everything in the text."""
        if not self.only_citations:
            self._definitions()
        at = 0
        while (token := self.pattern.search(self.text, at)) is not None:
            at = token.end()
            if token.start() and self._escaped(token.start()):
                continue
            name = token[1]
            command = self.commands.get(name)
            if command is not None:
                self._citation(name, command, at)
            elif name == "begin":
                self._environment(at)
            elif name in _BIBLIOGRAPHIES or (name[:12] == "bibliography" and f"nocite{name[12:]}" in self.commands):
                if name in _BIBLATEX_FILES:
                    self.findings.packages["biblatex.sty"] = None  # perhaps loaded by a class from elsewhere
                self._bibliographies(at)
            elif name == "putbib":  # of bibunits: \putbib[files], or \putbib for those of \defaultbibliography
                start = self._blank(at)
                self._bibliography_files(start, next(iter(self.groups.option_ends(start)), None))
            elif name == "defbibentryset":
                self._set_of_entries(at)
            elif self.only_citations:
                continue
            elif defined := _DEFINER.match(self.text, token.start()):
                at = self._after_name(defined)
            elif name in INCLUDES:
                self._include(name, at)
            elif name in _PACKAGES:
                for package, _ in self._arguments_list(at):
                    self.findings.packages[package + _PACKAGES[name]] = None

    def _after_name(self, definer: re.Match[str]) -> int:
        """The offset after the names in a definition, which are not uses of them."""
        if definer[1] == "let":
            named = _LET.match(self.text, definer.end())
        else:
            named = _NAME.match(self.text, definer.end())
            if named and definer[1].endswith("DocumentCommand"):
                named = _SPECIFICATION.match(self.text, named.end()) or named
        return named.end() if named else definer.end()

    def _escaped(self, at: int) -> bool:
        r"""Whether the backslash is the second of ``\\``."""
        count = 0
        while at - count and self.text[at - count - 1] == "\\":
            count += 1
        return count % 2 == 1

    def _blank(self, at: int) -> int:
        if self.text[at : at + 1] not in _WHITE:
            return at
        return _BLANK.match(self.text, at).end()  # type: ignore[union-attr]  # matches the empty string

    def _after_option(self, at: int, opening: str) -> int | None:
        """The offset after an optional argument at ``at``; None if there is none that is followed by an argument."""
        for end in self.groups.option_ends(at):
            after = self._blank(end + 1)
            if self.text[after : after + 1] in ("{", opening, "["):
                return after
        return None

    def _after_options(self, at: int) -> int:
        """The offset after the optional arguments; if one is not closed, the offset of its beginning."""
        at = self._blank(at)
        for _ in range(_MAX_OPTIONS):
            mark = self.text[at : at + 1]
            if mark == "<":  # apacite: \cite<see>[p. 3]{key}
                end = self.text.find(">", at, at + 300)
                after = self._blank(end + 1) if end >= 0 else at
                if self.text[after : after + 1] not in ("[", "{", "<") or after == at:
                    return at
                at = after
            elif mark == "[":
                bracket = self._after_option(at, "[")
                if bracket is None:
                    return at
                at = bracket
            else:
                break
        return at

    def _citation(self, name: str, command: Command, at: int) -> None:
        star = self.text[at : at + 1] == "*"
        syntax = f"\\{name}*" if star else f"\\{name}"
        start = at
        at += star
        if command.many:
            at = self._blank(at)
            for _ in range(2):
                if self.text[at : at + 1] != "(":
                    break
                at = self._after_option(at, "(") or at
        rounds = 0
        while True:
            end = -1
            for number in range(1, command.arguments[-1] + 1):
                at = self._after_options(at)
                closing = self.groups.brace(at)
                if closing is None:
                    if self.text[at : at + 1] == "{" or (self.text[at : at + 1] == "[" and not rounds):
                        self._unclosed(syntax, start)
                    return
                if number in command.arguments and not self._keys(at + 1, closing, syntax, quiet=bool(rounds)):
                    return
                at = closing + 1
                end = closing
            rounds += 1
            if not command.many:
                return
            following = self._blank(end + 1)
            if self.text[following : following + 1] not in ("[", "{"):
                return

    def _unclosed(self, syntax: str, at: int) -> None:
        self.findings.problem(
            "scan-unclosed",
            f"an argument of {syntax} is not closed",
            at - len(syntax.rstrip("*")),
            raw=self.findings.source.text[at - len(syntax.rstrip("*")) : at + 60],
        )

    def _keys(self, start: int, end: int, syntax: str, *, quiet: bool = False) -> bool:
        """Note the keys of a list; False if it is not a list of keys."""
        marks: list[tuple[int, int]] = []
        macro = -1
        if self.text.find("\\", start, end) >= 0 or self.text.find("*", start, end) >= 0:
            marks, macro = self._stars(start, end)
        if macro >= 0:
            nested = self.pattern.match(self.text, macro)
            if not quiet and not (nested and nested[1] in self.commands):
                self.findings.problem(
                    "scan-macro",
                    f"{syntax} takes its key from a macro, which is not expanded",
                    start,
                    severity=Severity.NOTE,
                    raw=self.findings.source.text[start : min(end, start + 80)],
                )
            return False
        keys = self.text[start : min(end, start + _MAX_LIST + 1)]
        if marks:
            keys = blank_out(keys, [(first - start, last - start) for first, last in marks], FILLER)
        # most lists are in one line
        if len(keys) > _MAX_LIST or not (keys.isprintable() or not _PARAGRAPH.search(keys)):
            self._unclosed(syntax, start)
            return False
        for key, offset in split_keys(keys, 0, len(keys)):
            if "#" not in key or not _PARAMETER.search(key):
                self.findings.cite(key, start + offset, syntax)
        return True

    def _stars(self, start: int, end: int) -> tuple[list[tuple[int, int]], int]:
        """The spans of the marks in a list of keys, and the offset of the first macro outside of them; -1 for none."""
        marks: list[tuple[int, int]] = []
        at = start
        while True:
            if mark := _STARRED.match(self.text, at, end):
                marks.append(mark.span())
                at = mark.end()
            stop = _COMMA_OR_MACRO.search(self.text, at, end)
            if stop is None:
                return marks, -1
            if stop[0] != ",":
                return marks, stop.start()
            at = stop.end()

    def _arguments_list(self, at: int) -> Iterator[tuple[str, int]]:
        """Trimmed pieces of the first mandatory argument, with their offsets."""
        at = self._after_options(at + (self.text[at : at + 1] == "*"))
        end = self.groups.brace(at)
        if end is not None and end - at < _MAX_LIST and not _MACRO.search(self.text, at + 1, end):
            yield from split_keys(self.text, at + 1, end)

    def _bibliographies(self, at: int) -> None:
        r"""Note the files that a command names; ``\jobname`` stays in a name, those with other macros are skipped."""
        at = self._after_options(at + (self.text[at : at + 1] == "*"))
        self._bibliography_files(at, self.groups.brace(at))

    def _bibliography_files(self, at: int, end: int | None) -> None:
        if end is None or end - at > _MAX_LIST or self.text[at] == "(":
            return
        for name in self.text[at + 1 : end].replace(FILLER, "").split(","):
            bare = _WRAPPED.sub(r"\1", name).strip().strip('"')
            if "#" not in bare and not _MACRO.search(bare.replace("\\jobname", "")):
                self.findings.bibliography(bare, at)

    def _set_of_entries(self, at: int) -> None:
        r"""Note a set of biblatex's, ``\defbibentryset{name}{keys}``: documents cite its name as if it were a key."""
        first = self._blank(at)
        middle = self.groups.brace(first)
        if middle is None:
            return
        second = self._blank(middle + 1)
        end = self.groups.brace(second)
        name = self.text[first + 1 : middle].strip(_WHITE)
        if end is not None and self._keys(second + 1, end, "\\defbibentryset") and name and "#" not in name:
            self.findings.sets.add(name)

    def _environment(self, at: int) -> None:
        end = self.text.find("}", at, at + 40)
        name = self.text[at:end].strip("{ \t*") if end >= 0 else ""
        if name == "document" and not self.only_citations:
            self.findings.begins_document = True
        if name == "btSect":  # of bibtopic, for one of several lists
            self._bibliographies(end + 1)
        arguments = ENVIRONMENTS[name].arguments if name in ENVIRONMENTS else ()
        at = end + 1
        for number in range(1, max(arguments, default=0) + 1):
            at = self._after_options(at)
            closing = self.groups.brace(at)
            if closing is None:
                return
            if number in arguments:
                self._keys(at + 1, closing, f"\\begin{{{name}}}", quiet=True)
            at = closing + 1

    # -- files -----------------------------------------------------------------------------------------------------

    def _include(self, name: str, at: int) -> None:
        with_folder, base = INCLUDES[name]
        syntax = f"\\{name}"
        first = self._blank(at + (self.text[at : at + 1] == "*"))
        if self.text[first : first + 1] != "{":
            plain = _PRIMITIVE_INPUT.match(self.text, at) if name == "input" else None
            if plain:
                group = 1 if plain[1] else 2
                self._take_in(plain[group], plain.start(group), syntax, "", base)
            return
        argument = self._file_name(first)
        if argument is None:
            return
        folder = ""
        if with_folder:
            folder, end = argument
            second = self._blank(end + 1)
            argument = self._file_name(second)
            if argument is None:
                return
            first = second
        self._take_in(argument[0], first + 1, syntax, folder, base)

    def _file_name(self, at: int) -> tuple[str, int] | None:
        r"""The text of an argument and its end; None, with a note, if it can't be determined."""
        end = self.groups.brace(at)
        if end is None:
            return None
        content = self.text[at + 1 : min(end, at + 1_000)].replace(FILLER, "").strip()
        if content.startswith("\\subfix{") and content.endswith("}"):
            content = content[8:-1].strip()
        content = content.removeprefix("\\string").strip('"')
        if "\\" in content or end - at > 1_000 or "\n" in content:
            self.findings.problem(
                "scan-macro",
                "the name of this file comes from a macro, which is not expanded",
                at,
                severity=Severity.NOTE,
                raw=content[:80],
            )
            return None
        if not content or "#" in content:
            return None
        return content, end

    def _take_in(self, target: str, at: int, syntax: str, folder: str, base: str) -> None:
        if target in DISTRIBUTION:
            return
        always = syntax in ("\\include", "\\subfileinclude")
        names = [f"{target}.tex", target] if not target.endswith(".tex") or always else [target, f"{target}.tex"]
        optional = syntax == "\\InputIfFileExists"
        self.findings.include(target, names, at, syntax, folder=folder, base=base, optional=optional)

    # -- commands of the document's own ----------------------------------------------------------------------------

    def _definitions(self) -> None:
        """Learn commands that only pass an argument on to a citation command, or are another name of one."""
        new_cites = _NEW_CITES.finditer(self.text) if "\\newcites" in self.text else iter(())
        for cites in islice(new_cites, _MAX_DEFINITIONS):
            for suffix in cites[1].split(","):
                for name in _MULTIBIB if suffix.strip() else ():
                    self._learn(name + suffix.strip(), COMMANDS[name])
        self.commands.update(self.findings.commands)
        for _ in range(3):  # definitions that build on definitions
            before = len(self.findings.commands)
            for token in islice(_DEFINER.finditer(self.text), _MAX_DEFINITIONS):
                self._definition(token[1], token.end())
            self.commands.update(self.findings.commands)
            if len(self.findings.commands) == before:
                break

    def _definition(self, definer: str, at: int) -> None:
        if definer == "let":
            match = _LET.match(self.text, at)
            if match and match[2] in self.commands:
                self._learn(match[1], self.commands[match[2]])
        elif definer in ("DeclareCiteCommand", "DeclareMultiCiteCommand"):
            if match := _DECLARED.match(self.text, at):
                self._learn(match[1], Command(many="Multi" in definer))
        elif definer in _DEFINERS and (match := _NAME.match(self.text, at)):
            name = match[1] or match[2]
            start = self.text.find("{", match.end(), match.end() + 200)
            if definer.endswith("DocumentCommand"):
                middle = self.groups.brace(start)
                specification = self.text[start + 1 : start if middle is None else middle]
                start = -1 if middle is None else self.text.find("{", middle + 1, middle + 20)
                optional = sum(letter in "oOsdDt" for letter in specification)
            else:
                optional = int(bool(re.search(r"\]\s*\[", self.text[match.end() : start])))
            end = self.groups.brace(start)
            if end is not None and end <= start + _MAX_BODY:
                self._body(name, start + 1, end, optional)

    def _body(self, name: str, start: int, end: int, optional: int) -> None:
        passed: set[int] = set()
        for token in _COMMAND_AT.finditer(self.text, start, end):
            command = self.commands.get(token[1])
            if command is None:
                continue
            after = token.end() + (self.text[token.end() : token.end() + 1] == "*")
            if not self.text[after:end].strip(FILLER + " \t\r\n"):
                if not self.text[start : token.start()].strip(FILLER + " \t\r\n~"):
                    self._learn(name, command)
                return
            at = after
            for number in range(1, command.arguments[-1] + 1):
                at = self._after_options(at)
                argument = _FORWARDED.match(self.text, at, end)
                if argument and number in command.arguments and int(argument[1]) > optional:
                    passed.add(int(argument[1]) - optional)
                closing = self.groups.brace(at)
                at = (end if closing is None else closing) + 1
        if passed:
            self._learn(name, Command(arguments=tuple(sorted(passed))))

    def _learn(self, name: str, command: Command) -> None:
        if name not in COMMANDS:
            self.findings.commands.setdefault(name, command)


def split_keys(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    """The pieces between commas and their offsets, stripped of white space, braces and overwritten comments."""
    at = start
    while at <= end:
        comma = text.find(",", at, end)
        stop = comma if comma >= 0 else end
        rest = text[at:stop].lstrip(" \t\r\n{\0")
        if key := rest.rstrip(" \t\r\n}\0"):
            yield _SPACE.sub(" ", key.replace(FILLER, "")), stop - len(rest)
        at = stop + 1
