r"""Mathematics that may be given to TeX as it is: known commands only, since any other could read files or loop."""

from __future__ import annotations

import re

from bibtool.lazy import lazy_pattern
from bibtool.model.text.texsymbols import character_of

# what amsmath and amssymb have
_MATH_COMMANDS = frozenset(
    """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho
    varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi
    Psi Omega ell hbar Re Im aleph infty partial nabla prime forall exists emptyset angle times cdot cdots ldots
    dots div pm mp ast star circ bullet oplus otimes cup cap setminus wedge vee leq geq le ge ll gg neq ne equiv
    sim simeq approx cong propto in notin ni subset supset subseteq supseteq mid parallel perp to rightarrow
    leftarrow leftrightarrow Rightarrow Leftarrow mapsto sum prod int oint frac sqrt binom hat tilde bar vec dot
    ddot overline underline widehat widetilde mathbb mathbf mathcal mathfrak mathit mathrm mathsf mathtt mathscr
    boldsymbol operatorname text left right langle rangle lfloor rfloor lceil rceil log ln exp sin cos tan min max
    sup inf lim det dim ker deg gcd arg quad bmod pmod
    """.split()
)
_COMMAND = lazy_pattern(r"\\([A-Za-z]+|[,;:! {}|])?")


def is_safe_math(tex: str) -> bool:
    """True where the mathematics uses known commands only and its braces are balanced."""
    depth = 0
    for char in _COMMAND.sub("", tex):
        depth += (char == "{") - (char == "}")
        if depth < 0 or char in "\\$%#&~\n\r" or not char.isprintable():
            return False
    names = (found[1] for found in _COMMAND.finditer(tex))
    return depth == 0 and all(name and (not name.isalpha() or name in _MATH_COMMANDS) for name in names)


# what they do not have, but people write; none of it does more than print or choose a font or a size
_MORE_COMMANDS = frozenset(
    """
    cal bf rm it sf tt mit displaystyle textstyle scriptstyle scriptscriptstyle mathop mathbin mathrel mathord mathopen
    mathclose limits nolimits big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr middle lvert rvert
    lVert rVert
    vert Vert lbrace rbrace lbrack rbrack overbrace underbrace overset underset stackrel dfrac tfrac dbinom tbinom
    overrightarrow overleftarrow check breve acute grave mathring dddot textrm textit textbf textsf texttt mbox hbox
    bm pmb bigcup bigcap bigoplus bigotimes bigsqcup bigvee bigwedge coprod xrightarrow xleftarrow qquad enspace
    lesssim gtrsim iff implies colon not slash backslash dagger ddagger
    """.split()
)
_CONTROL = lazy_pattern(r"\\(?:([A-Za-z]+)|(.))", re.DOTALL)


def is_harmless_math(tex: str) -> bool:
    r"""True where the mathematics can do nothing but print; some of its commands may need a package.

    ``%`` would hide what follows, ``#`` is an error in an argument, and ``^^5c`` is a backslash to TeX.
    """
    rest = _CONTROL.sub("", tex)
    if "\\" in rest or "%" in rest or "#" in rest or "^^" in rest or not rest.isprintable():
        return False
    names = (match[1] for match in _CONTROL.finditer(tex) if match[1])
    return all(name in _MATH_COMMANDS or name in _MORE_COMMANDS or character_of(name) is not None for name in names)
