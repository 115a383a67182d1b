"""Characters that LaTeX without further packages has no command for, as a problem."""

from __future__ import annotations

import unicodedata

from bibtool.model.text.decode import readable
from bibtool.model.text.texkernel import set_as_it_is
from bibtool.model.text.texsymbols import ascii_form
from bibtool.problems import Position, Problem, Severity

NOWHERE = Position()


def without_form(text: str, position: Position = NOWHERE) -> Problem | None:
    """Which characters of a text in LaTeX have no command and are not set as they are; None if there are none.

    A mark that is put on the letter before it counts only where that letter has no command either.
    """
    if text.isascii():
        return None
    characters = sorted(
        {
            char
            for char in text
            if not char.isascii()
            and not set_as_it_is(char)
            and not ascii_form(char)
            and unicodedata.category(char) not in {"Mn", "Me", "Cf"}
        }
    )
    if not characters:
        return None
    one = len(characters) == 1
    shown = " ".join(readable(char) for char in characters[:10]) + (" ..." if len(characters) > 10 else "")
    some = "1 character, which is" if one else f"{len(characters)} characters, which are"
    return Problem(
        code="no-latex-form",
        message=f"LaTeX has no command for {some} written as {'it is' if one else 'they are'}: {shown}",
        severity=Severity.WARNING,
        position=position,
        hint="use LuaLaTeX or XeLaTeX, or load a package for their script",
    )
