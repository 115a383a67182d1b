"""Names of venues that no rule derives: acronyms, journals named as their subject, series of proceedings."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# what no rule derives from the name: acronym, then the words of the name. Several names are separated by |
_NAMES: Final = """
aaai: aaai conference artificial intelligence | association advancement artificial intelligence
aij: artificial intelligence journal
acl: annual meeting association computational linguistics | meeting association computational linguistics
aistats: artificial intelligence statistics
bioinf: bioinformatics
cacm: communications acm
chi: human factors computing systems
coling: computational linguistics coling | international conference computational linguistics
colt: conference learning theory | computational learning theory
conll: computational natural language learning
corl: conference robot learning
crypto: international cryptology conference | advances cryptology crypto
csur: acm computing surveys
eacl: european chapter association computational linguistics
ecml: european conference machine learning
ecmlpkdd: machine learning knowledge discovery databases
eurocrypt: theory applications cryptographic techniques
focs: foundations computer science
icassp: acoustics speech signal processing
icra: robotics automation
ijcai: international joint conference artificial intelligence
infocom: computer communications
interspeech: international speech communication association | interspeech
iros: intelligent robots systems
iser: experimental robotics
jacm: journal acm
jair: journal artificial intelligence research
jmlr: journal machine learning research
kdd: knowledge discovery data mining
lncs: lecture notes computer science
miccai: medical image computing computer assisted intervention
naacl: north american chapter association computational linguistics
mm: acm multimedia | acm international conference multimedia
ndss: network distributed system security
neurips: neural information processing systems
nips: neural information processing systems
nsdi: networked systems design implementation
oakland: security privacy
osdi: operating systems design implementation
pacmhci: proceedings acm human computer interaction
pacmpl: proceedings acm programming languages
pami: transactions pattern analysis machine intelligence
pldi: programming language design implementation
pmlr: proceedings machine learning research
pnas: national academy sciences
podc: principles distributed computing
pods: principles database systems
popl: principles programming languages
pvldb: vldb endowment
ral: robotics automation letters
rss: robotics science systems
sicomp: siam journal computing
sigchi: human factors computing systems
sigcomm: data communication | applications technologies architectures protocols computer communication
siggraph: computer graphics interactive techniques
sigir: research development information retrieval
sigmod: management data
socg: computational geometry
soda: discrete algorithms
sosp: operating systems principles
stacs: theoretical aspects computer science
stoc: theory computing
tacl: transactions association computational linguistics
tip: transactions image processing
tmlr: transactions machine learning research
tog: transactions graphics
tro: transactions robotics
tmm: transactions multimedia
tpami: transactions pattern analysis machine intelligence
uai: uncertainty artificial intelligence
uist: user interface software technology
usenixsecurity: usenix security symposium
vldb: very large data bases
wacv: applications computer vision
wsdm: web search data mining
www: world wide web | web conference
"""
EXPANSIONS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    acronym: tuple(tuple(name.split()) for name in names.split("|"))
    for acronym, _, names in (line.partition(":") for line in _NAMES.strip().splitlines())
}
# journals that are called as a subject is, and are not the conferences on it
SUBJECT_JOURNALS: Final = tuple(
    tuple(name.split())
    for name in (
        "artificial intelligence|bioinformatics|computational linguistics|computer networks|computers security|"
        "data mining knowledge discovery|distributed computing|information retrieval|information systems|"
        "machine learning|neural computation|neural networks|neurocomputing|pattern recognition|robotics|"
        "speech communication|theory computing|vision research"
    ).split("|")
)
# series in which the proceedings of many conferences appear; people name them in place of the conference
SERIES: Final = tuple(
    tuple(name.split())
    for name in (
        "lecture notes computer science|lncs|lecture notes artificial intelligence|lnai|"
        "lecture notes business information processing|communications computer information science|ccis|"
        "ceur workshop|ceur|leibniz international informatics|lipics|"
        "acm international conference series|icps|frontiers artificial intelligence applications|"
        "ifip advances information communication technology|electronic notes theoretical computer science|entcs|"
        "machine learning research|pmlr|jmlr workshop conference|jmlr workshop and conference"
    ).split("|")
)

ISSUED_IN: Final = {
    tuple(newsletter.split()): frozenset(conferences.split())
    for newsletter, conferences in (
        ("sigplan notices", "popl pldi icfp oopsla asplos ppopp splash cgo gpce haskell lctes vee ismm"),
        ("sigcomm computer communication review", "sigcomm"),
        ("sigmetrics performance evaluation review", "sigmetrics performance"),
        ("sigarch computer architecture news", "isca asplos"),
        ("sigops operating systems review", "sosp asplos eurosys"),
        ("sigsoft software engineering notes", "fse esec issta icse"),
        ("sigmod record", "sigmod"),
        ("sigir forum", "sigir"),
        ("sigcse bulletin", "sigcse iticse"),
        ("siggraph computer graphics", "siggraph"),
    )
}
"""The newsletters of ACM's interest groups some of whose issues are the proceedings of these conferences."""

YEARLY: Final = {
    "aaai": (1986, 24), "acl": (1962, 30), "aistats": (1997, 14), "colt": (1987, 13), "focs": (1959, 30),
    "iclr": (2012, 2), "icml": (1983, 13), "icse": (1978, 24), "ijcai": (1991, 25), "interspeech": (1999, 8),
    "kdd": (1994, 10), "recsys": (2006, 3), "sigir": (1977, 20), "soda": (1989, 10), "stoc": (1968, 30),
    "uai": (1984, 15), "wsdm": (2007, 3), "www": (1991, 11),
}  # fmt: skip
"""Conferences held every year: what a number and its year differ by, and the first number of which that is true."""
