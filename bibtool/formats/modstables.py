"""The word lists of MODS: roles, genres and kinds of resources, with what CSL calls them.

Sources: the MARC Code List for Relators and the MARC Genre Term List of the Library of Congress, the values of
``typeOfResource`` and ``issuance`` in the MODS User Guidelines; the genre terms of bibutils and of Zotero.
"""

from __future__ import annotations

from bibtool.model.vocabulary import TYPES as CSL_TYPES

# name variable -> MARC relator code and term that are written
ROLES: dict[str, tuple[str, str]] = {
    "author": ("aut", "author"), "editor": ("edt", "editor"), "translator": ("trl", "translator"),
    "illustrator": ("ill", "illustrator"), "composer": ("cmp", "composer"), "compiler": ("com", "compiler"),
    "director": ("drt", "director"), "narrator": ("nrt", "narrator"), "performer": ("prf", "performer"),
    "producer": ("pro", "producer"), "interviewer": ("ivr", "interviewer"), "recipient": ("rcp", "addressee"),
    "curator": ("cur", "curator"), "organizer": ("orm", "organizer"), "host": ("hst", "host"),
    "contributor": ("ctb", "contributor"), "chair": ("mod", "moderator"), "script-writer": ("aus", "screenwriter"),
    "editorial-director": ("pbd", "publishing director"),
}  # fmt: skip
# further codes and terms that are read: who makes a work of its kind is its author
_MORE_ROLES: dict[str, tuple[tuple[str, str], ...]] = {
    "author": (
        ("cre", "creator"), ("att", "attributed name"), ("dis", "dissertant"), ("inv", "inventor"), ("art", "artist"),
        ("ctg", "cartographer"), ("prg", "programmer"), ("ive", "interviewee"), ("spk", "speaker"),
    ),
    "editor": (("edc", "editor of compilation"),),
    "director": (("fmd", "film director"), ("tld", "television director"), ("rdd", "radio director")),
    "producer": (("fmp", "film producer"), ("tlp", "television producer"), ("rpc", "radio producer")),
    "performer": (
        ("act", "actor"), ("sng", "singer"), ("voc", "vocalist"), ("msi", "musician"), ("itr", "instrumentalist"),
        ("cnd", "conductor"), ("dnc", "dancer"),
    ),
    "script-writer": (("sce", "scenarist"),),
    "contributor": (("ths", "thesis advisor"), ("dgs", "degree supervisor"), ("cwt", "commentator for written text")),
}  # fmt: skip
BY_ROLE: dict[str, str] = {
    **{word: variable for variable, pair in ROLES.items() for word in pair},
    **{word: variable for variable, pairs in _MORE_ROLES.items() for pair in pairs for word in pair},
    "recipient": "recipient", "chair": "chair", "guest": "guest", "executive producer": "executive-producer",
    "script writer": "script-writer", "ed": "editor", "series editor": "collection-editor",
}  # fmt: skip
# roles of a body that publishes
PUBLISHERS = frozenset({"pbl", "publisher", "dgg", "degree granting institution"})

# CSL type -> MARC genre term (authority marcgt), written in addition to the CSL type for other programs
GENRES: dict[str, str] = {
    "article-journal": "article", "book": "book", "chapter": "book", "paper-conference": "conference publication",
    "thesis": "theses", "report": "technical report", "periodical": "periodical", "webpage": "web site",
    "article-newspaper": "newspaper", "legislation": "legislation", "map": "map", "patent": "patent",
    "entry-dictionary": "dictionary", "entry-encyclopedia": "encyclopedia", "software": "computer program",
    "interview": "interview", "speech": "speech", "review": "review", "motion_picture": "motion picture",
}  # fmt: skip
# genre terms that are read -> CSL type
TYPES: dict[str, str] = {
    **{name: name for name in sorted(CSL_TYPES)},
    # bibutils and Zotero
    "journal article": "article-journal", "academic journal": "article-journal", "journalarticle": "article-journal",
    "magazinearticle": "article-magazine", "magazine": "article-magazine", "newspaperarticle": "article-newspaper",
    "booksection": "chapter", "book chapter": "chapter", "book section": "chapter",
    "conferencepaper": "paper-conference", "conference paper": "paper-conference", "preprint": "article",
    "computerprogram": "software", "statute": "legislation", "case": "legal_case", "presentation": "speech",
    "encyclopediaarticle": "entry-encyclopedia", "dictionaryentry": "entry-dictionary", "blogpost": "post-weblog",
    "forumpost": "post", "email": "personal_communication", "videorecording": "motion_picture",
    "film": "motion_picture", "tvbroadcast": "broadcast", "radiobroadcast": "broadcast", "podcast": "broadcast",
    "audiorecording": "song", "artwork": "graphic",
    # MARC genre terms
    "article": "article-journal", "legal article": "article-journal", "newspaper": "article-newspaper",
    "conference publication": "paper-conference", "theses": "thesis", "technical report": "report",
    "web site": "webpage", "website": "webpage", "computer program": "software", "dictionary": "entry-dictionary",
    "encyclopedia": "entry-encyclopedia", "motion picture": "motion_picture", "letter": "personal_communication",
    "legal case and case notes": "legal_case", "standard or specification": "standard", "numeric data": "dataset",
    "database": "dataset", "atlas": "map", "globe": "map", "remote sensing image": "map", "art original": "graphic",
    "art reproduction": "graphic", "picture": "graphic", "technical drawing": "graphic", "chart": "figure",
    "graphic": "graphic", "sound": "song", "autobiography": "book", "biography": "book", "memoir": "book",
    "novel": "book", "festschrift": "book", "handbook": "book", "yearbook": "book", "directory": "book",
    "catalog": "book", "kit": "document",
}  # fmt: skip
# genres of a part which a record of the whole has too, and the type of that
WHOLES: dict[str, str] = {
    "entry-dictionary": "book", "entry-encyclopedia": "book", "paper-conference": "book",
    "article-newspaper": "periodical",
}  # fmt: skip
# typeOfResource -> CSL type; a text is what issuance says
RESOURCES: dict[str, str] = {
    "cartographic": "map", "notated music": "musical_score", "sound recording": "song",
    "sound recording-musical": "song", "sound recording-nonmusical": "song", "audio": "song",
    "still image": "graphic", "moving image": "motion_picture", "three dimensional object": "graphic",
    "software, multimedia": "software", "software / multimedia": "software", "dataset": "dataset",
}  # fmt: skip
ISSUANCES: dict[str, str] = {
    "monographic": "book", "single unit": "book", "multipart monograph": "book", "continuing": "periodical",
    "serial": "periodical", "integrating resource": "webpage",
}  # fmt: skip
# ISO 639-2 codes (of bibliographies, and of terminology where they differ) -> the tag of two letters that CSL wants
_LANGUAGES = (
    "afr af ara ar arm hy hye hy baq eu eus eu bel be ben bn bul bg cat ca chi zh zho zh cze cs ces cs dan da dut nl "
    "nld nl eng en epo eo est et fin fi fre fr fra fr geo ka kat ka ger de deu de gle ga glg gl gre el ell el heb he "
    "hin hi hrv hr hun hu ice is isl is ind id ita it jpn ja kor ko lat la lav lv lit lt mac mk mkd mk may ms msa ms "
    "nno nn nob nb nor no per fa fas fa pol pl por pt rum ro ron ro rus ru scr hr slo sk slk sk slv sl spa es srp sr "
    "swa sw swe sv tam ta tha th tur tr ukr uk urd ur vie vi wel cy cym cy yid yi"
).split()
LANGUAGES: dict[str, str] = dict(zip(_LANGUAGES[::2], _LANGUAGES[1::2], strict=True))
CONTINUING = frozenset({"continuing", "serial", "integrating resource"})


def genre_type(word: str, authority: str) -> str:
    """The CSL type of a genre term, "" for one that names none; ``article`` is CSL's own only by its authority."""
    word = word.casefold().rstrip(".")
    return word if authority == "csl" and word in CSL_TYPES else TYPES.get(word, "")
