"""What kind of place a work appeared in, by the name of the venue: preprint server, proceedings or journal. Pure.

Everybody who asks whether ``CoRR`` is a journal or ``ECCV`` a conference asks here.
"""

from __future__ import annotations

from functools import lru_cache

from bibtool.lazy import lazy_pattern
from bibtool.model.text.fold import title_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# Servers whose names end in "xiv" (arXiv, bioRxiv, PsyArXiv, ChinaXiv ...) need no entry of their own. Names are
# folded as by `title_key`, and compared with the beginning of the venue.
_SERVERS: Final = (
    "advance a sage preprints community", "africarxiv", "authorea", "cogprints", "computing research repository",
    "corr", "cryptology eprint arch", "cryptology eprint archive", "e print", "e prints", "eccc", "eartharxiv",
    "electronic colloquium on computational complexity", "eprint", "eprints", "ess open arch", "ess open archive",
    "essoar", "hal", "iacr cryptol eprint arch", "iacr cryptology eprint archive", "iacr eprint", "jmir preprints",
    "lissa", "mp arc", "mpra paper", "munich personal repec archive", "nature precedings", "optimization online",
    "osf preprints", "peerj preprints", "philarchive", "philsci archive", "preprint", "preprints", "qeios preprint",
    "research square", "researchsquare", "scielo preprints", "social science research network", "ssrn",
    "vixra",
)  # fmt: skip
_BEGINNINGS: Final = tuple(f"{name} " for name in _SERVERS)

# a gathering, in full or as journals abbreviate it
_GATHERING: Final = (
    r"(?:conference|conf|workshop|wkshp|symposium|symposia|symp|congress|colloquium|meeting|convention)s?"
)
_ANY_GATHERING: Final = lazy_pattern(rf"\b{_GATHERING}\b")
_PROCEEDINGS: Final = lazy_pattern(
    rf"\b(?:proc|proceedings)\b.*\b{_GATHERING}\b"
    rf"|\b{_GATHERING} (?:on|of|for|in)\b"
    rf"|\b(?:int|intl|international|annual|ann|national|european|asian|ieee|acm)\b.*\b{_GATHERING}\b"
    r"|\b(?:conference|workshop)s?(?: (?:track|proceedings|papers|companion))?$|\bconf\b"
    r"|^adv(?:ances)?(?: in)? (?:neural|cryptology)\b|\bneural information processing systems\b"
    r"|^findings of the association for computational|^robotics science and systems\b"
    r"|\bproceedings of machine learning research\b|\bpmlr\b"
)
# the name by which everybody in a field calls its conference; as authors write it, since some are words in lower case
_ACRONYM: Final = lazy_pattern(
    r"\b(?:AAAI|AAMAS|ACCV|ACL|AISTATS|ASIACRYPT|ASPLOS|BMVC|CHI|CIKM|CoNLL|COLING|COLT|CoRL|CRYPTO|CSCW|CVPR|EACL|ECAI|"
    r"ECCV|ECIR|ECML|EMNLP|ESOP|EUROCRYPT|FOCS|ICALP|ICASSP|ICCP|ICCV|ICDAR|ICDE|ICDM|ICLR|ICML|ICPR|ICRA|ICSE|IJCAI|"
    r"IJCNN|INFOCOM|INTERSPEECH|Interspeech|IROS|ISCA|ISIT|ISMAR|ISMB|ISMIR|ITCS|IUI|KDD|LICS|LREC|MFCS|MICCAI|MIDL|"
    r"MLSys|NAACL|NDSS|NeurIPS|NIPS|NSDI|OOPSLA|OSDI|PKDD|PLDI|PODC|PODS|POPL|RECOMB|SAGT|SIGCOMM|SIGGRAPH|SIGIR|SIGMOD|"
    r"SoCG|SODA|SOSP|STACS|STOC|TACAS|UAI|UIST|WACV|WSDM|WWW)"
    r"(?:['\N{RIGHT SINGLE QUOTATION MARK} -]?\d{2,4})?\b"
    r"|\b[Pp]roc(?:\.|eedings) of (?:the )?(?:\d+(?:st|nd|rd|th) )?(?!IEEE\b|AMS\b|LMS\b|USA\b)[A-Z]{3,}\b"
)
# whatever else its name says, it comes out in volumes: History Workshop Journal, IEEE Trans. ... (Proc. VIS)
_PERIODICAL: Final = lazy_pattern(
    r"\b(?:journal|transactions|trans|letters|lett|magazine|mag|bulletin|quarterly|annals|notices|newsletter|monthly)\b"
    r"|\bj\b|\bsig[a-z]+\b.*\b(?:record|forum|review|explorations)\b"
    r"|\bproceedings of the (?:ieee$|acm on|vldb endowment|national acad)"
)


# conferences and journals whose papers are registered nowhere: what has no DOI can't be found where works have one
_WITHOUT_DOIS: Final = lazy_pattern(
    r"\b(?:neurips|nips|neural information processing systems|icml|iclr|learning representations|jmlr|tmlr|pmlr|aistats"
    r"|machine learning research|uai|uncertainty in artificial intelligence|artificial intelligence and statistics"
    r"|colt|conference on learning theory|corl|conference on robot learning|mlsys|usenix|osdi|nsdi|bmvc|midl|ceur"
    r"|british machine vision|(?:international|asian) conference on machine learning|colm"
    r"|conference on language modeling)\b"
)


def has_no_dois(venue: str) -> bool:
    """Whether papers of a venue usually have no DOI: ``NeurIPS``, ``Journal of Machine Learning Research``."""
    return bool(_WITHOUT_DOIS.search(title_key(venue)))


@lru_cache(maxsize=5_000)  # many works have the same
def names_preprint_server(venue: str) -> bool:
    """Whether a venue is a preprint server by its name: ``arXiv``, ``CoRR``, ``SSRN Electronic Journal``."""
    name = _bare_name(venue)
    return _ends_in_xiv(name.partition(" ")[0]) or f"{name} ".startswith(_BEGINNINGS)


def is_preprint_server(venue: str) -> bool:
    """Whether a text is the name of a preprint server and nothing else: not ``arXiv preprint arXiv:2302.00001``."""
    name = _bare_name(venue)
    return _ends_in_xiv(name) or name in _SERVERS


def _bare_name(venue: str) -> str:
    """The folded name without the words that may come before it: ``available at SSRN``."""
    name = title_key(venue).removeprefix("the ")
    return name[len("available at ") :] if name.startswith(("available at ", "available on ")) else name


def _ends_in_xiv(word: str) -> bool:
    """Whether a folded word is made like ``arXiv``; "xxiv", as in the name of a congress, is a Roman numeral."""
    return word.endswith("xiv") and word.isascii() and word.isalpha() and not _ROMAN_DIGITS.issuperset(word)


_ROMAN_DIGITS: Final = frozenset("ivxlcdm")


def names_proceedings(venue: str) -> bool:
    """Whether papers of a conference appear in this venue: ``NeurIPS``, ``European Conference on Computer Vision``.

    False for a journal that has a conference in its name, and for journals called proceedings (``Proceedings of the
    National Academy of Sciences``). An acronym counts in the capitals that it is written with.
    """
    folded = title_key(venue)
    if _PERIODICAL.search(folded):
        return False
    return bool(_PROCEEDINGS.search(folded) or _ACRONYM.search(venue))


def names_journal(venue: str) -> bool:
    """Whether a venue is called a journal (``IEEE Transactions on ...``) and has no conference in its name."""
    folded = title_key(venue)
    return bool(_PERIODICAL.search(folded)) and not _ANY_GATHERING.search(folded)
