"""The citation commands of LaTeX packages, by name, and how they take their keys.

Sources: the manuals of LaTeX2e (lcite), natbib, biblatex (3.8 "Citation Commands", 3.8.2 and 3.8.11 for those with
more arguments), apacite, cite, harvard, chicago, jurabib, revtex4-2, csquotes (8.2 "Integrated interface"), bibentry,
multibib, IEEEtran.
"""

from __future__ import annotations

from bibtool.project.scan.base import Command

_ONE = Command()
_MANY = Command(many=True)
_VOLUME = Command(arguments=(2,))

_PLAIN = """
cite nocite Cite
citet citep citealt citealp citeauthor citefullauthor citeyear citeyearpar citenum citetalias citepalias
Citet Citep Citealt Citealp Citeauthor Citefullauthor shortcites
parencite footcite footcitetext textcite smartcite autocite citetitle citedate citeurl fullcite footfullcite supercite
Parencite Footcite Footcitetext Textcite Smartcite Autocite Supercite
notecite pnotecite fnotecite Notecite Pnotecite Fnotecite citename citelist citefield
shortcite citeA citeNP citeANP citeN shortciteA shortciteNP shortciteANP shortciteN fullciteA fullciteNP
fullciteauthor shortciteauthor citeauthorNP shortciteauthorNP fullciteauthorNP citeyearNP shortfullcite
maskcite maskciteA maskciteNP maskfullcite maskshortcite maskcitet maskcitep maskcitealt
citen onlinecite citeonline rcite bibentry fullocite inlinecite nptextcite poscite citeposs posscitet
citeasnoun possessivecite citeaffixed newcite citegen citetitlefull
textcquote blockcquote bstctlcite apudonline citeauthoronline citeauthoryear footciteonline
astroncite authorcite yearcite ycite ocite citehere parencitehere
""".split()

_LISTS = """
cites parencites footcites footcitetexts smartcites textcites autocites supercites fullcites footfullcites
Cites Parencites Footcites Footcitetexts Smartcites Textcites Autocites Supercites citeauthors citetitles
""".split()

_VOLUMES = "volcite pvolcite fvolcite ftvolcite svolcite tvolcite avolcite".split()

COMMANDS: dict[str, Command] = {
    **dict.fromkeys(_PLAIN, _ONE),
    **dict.fromkeys(_LISTS, _MANY),
    **dict.fromkeys([*_VOLUMES, *(name.capitalize() for name in _VOLUMES)], _VOLUME),
    **dict.fromkeys([f"{name}s" for name in _VOLUMES], Command(arguments=(2,), many=True)),
    **dict.fromkeys([f"{name.capitalize()}s" for name in _VOLUMES], Command(arguments=(2,), many=True)),
    "foreigntextcquote": _VOLUME,
    "hyphentextcquote": _VOLUME,
    "foreignblockcquote": _VOLUME,
    "hyphenblockcquote": _VOLUME,
    "hybridblockcquote": _VOLUME,
}

# environments that take a key: \begin{displaycquote}[pre][post]{key}
ENVIRONMENTS: dict[str, Command] = {
    "displaycquote": _ONE,
    "foreigndisplaycquote": _VOLUME,
    "hyphendisplaycquote": _VOLUME,
}

# commands that include a file -> (arguments of folder and file?, Include.base)
INCLUDES: dict[str, tuple[bool, str]] = {
    "input": (False, "root"),
    "include": (False, "root"),
    "SweaveInput": (False, "root"),
    "subfile": (False, "subfile"),
    "subfileinclude": (False, "subfile"),
    "InputIfFileExists": (False, "root"),
    "@input": (False, "root"),
    "import": (True, "import"),
    "inputfrom": (True, "import"),
    "includefrom": (True, "import"),
    "subimport": (True, "subimport"),
    "subinputfrom": (True, "subimport"),
    "subincludefrom": (True, "subimport"),
}

# files of the TeX distribution that documents include by \input; they are not part of the project
DISTRIBUTION = frozenset(
    """
    amssym amssym.def amstex array.tex binhex epsf epsf.tex eplain fontmath gentounicode glyphtounicode
    glyphtounicode-cmr ifpdf.sty kvoptions.sty lipsum miniltx miniltx.tex pdfcolor pdfcolor.tex pgf pgfplots pictex
    pstricks pstricks.tex pst-node psfig psfig.sty random.tex rotate supp-pdf supp-pdf.tex t1enc.def testhyphens texdraw
    tikz ulem.sty url.sty xy xypic zref xint.sty xintexpr.sty
    """.split()
)

# environments whose content is not LaTeX
VERBATIM = frozenset(
    """
    verbatim verbatim* Verbatim Verbatim* BVerbatim LVerbatim SaveVerbatim VerbatimOut verbatimwrite verbatimtab
    lstlisting minted comment filecontents filecontents* tcblisting dispListing luacode luacode*
    pycode pyverbatim pyblock pyconsole asy asydef Sinput Soutput spverbatim boxedverbatim
    """.split()
)
