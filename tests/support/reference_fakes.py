"""More kinds of false references, as language models write them: everything in them looks like a reference."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bibtool.model.names import Names
from bibtool.model.record import Record
from tests.support.reference_noise import Changed, acronym_of, parts_of, people_of, with_values

World = Sequence[Record]


def _authors_of_the_field(record: Record, rng: random.Random, world: World) -> Changed:
    """A true title with authors that were picked from several papers."""
    names = [rng.choice(people) for _ in range(30) if (people := people_of(rng.choice(world)))]
    count = max(1, len(people_of(record)))
    chosen = tuple(names[:count])
    return with_values(record, author=Names(chosen)) if not set(chosen) & set(people_of(record)) else None


def _last_exchanged(record: Record, rng: random.Random, world: World) -> Changed:
    people = list(people_of(record))
    others = people_of(rng.choice(world))
    if not others or others[-1] in people:
        return None
    people[-1] = others[-1]
    return with_values(record, author=Names(tuple(people)))


def _same_family_other_given(record: Record, rng: random.Random, world: World) -> Changed:
    """A namesake: the family name with another initial."""
    people = list(people_of(record))
    at = rng.randrange(len(people))
    if not people[at].given or not people[at].family:
        return None
    letters = [
        letter
        for letter in "ABCDEFGHJKLMNPRSTVW"
        if all(not part.startswith(letter) for part in parts_of(people[at].given))
    ]
    people[at] = replace(people[at], given=f"{rng.choice(letters)}.")
    return with_values(record, author=Names(tuple(people)))


def _chimera(record: Record, rng: random.Random, world: World) -> Changed:
    """Title of one paper, some authors of each, the place of the other."""
    other = rng.choice(world)
    theirs = people_of(other)
    if not theirs or not other.title or other.title == record.title:
        return None
    mine = people_of(record)
    people = (*mine[: max(1, len(mine) // 2)], *theirs[: max(1, len(theirs) // 2)])
    return replace(
        with_values(
            record,
            author=Names(people),
            **{
                name: other.variables.get(name)
                for name in ("container-title", "volume", "issue", "page", "issued", "DOI")
            },
        ),
        type=other.type,
        arxiv=other.arxiv,
    )


def _halves_of_titles(record: Record, rng: random.Random, world: World) -> Changed:
    mine, theirs = record.title.split(), rng.choice(world).title.split()
    if len(mine) < 6 or len(theirs) < 6:
        return None
    return with_values(record, title=" ".join((*mine[: len(mine) // 2], *theirs[len(theirs) // 2 :])), DOI=None)


_RELATED = (
    "CVPR ICCV ECCV WACV BMVC|NeurIPS ICML ICLR AISTATS UAI COLT|ACL EMNLP NAACL EACL COLING CoNLL|"
    "KDD ICDM SDM CIKM WSDM|SIGMOD VLDB ICDE EDBT PODS|STOC FOCS SODA ICALP|SIGIR ECIR CIKM|ICSE FSE ASE ISSTA|"
    "POPL PLDI OOPSLA ICFP|CHI UIST CSCW|ICRA IROS RSS CoRL|AAAI IJCAI ECAI|CCS NDSS CRYPTO EUROCRYPT|"
    "ICASSP Interspeech|OSDI SOSP NSDI EuroSys ATC|SIGCOMM INFOCOM MobiCom NSDI|WWW WSDM"
)
_FULL_NAMES = dict(
    pair.split("=")
    for pair in (
        "CVPR=IEEE/CVF Conference on Computer Vision and Pattern Recognition|"
        "ICCV=IEEE/CVF International Conference on Computer Vision|ECCV=European Conference on Computer Vision|"
        "NeurIPS=Advances in Neural Information Processing Systems|"
        "ICML=International Conference on Machine Learning|"
        "ICLR=International Conference on Learning Representations|"
        "ACL=Annual Meeting of the Association for Computational Linguistics|"
        "AAAI=AAAI Conference on Artificial Intelligence|"
        "EMNLP=Conference on Empirical Methods in Natural Language Processing|"
        "KDD=ACM SIGKDD Conference on Knowledge Discovery and Data Mining|"
        "IJCAI=International Joint Conference on Artificial Intelligence|"
        "ICRA=IEEE International Conference on Robotics and Automation|"
        "IROS=IEEE/RSJ International Conference on Intelligent Robots and Systems|"
        "WACV=IEEE/CVF Winter Conference on Applications of Computer Vision|"
        "ICASSP=IEEE International Conference on Acoustics, Speech and Signal Processing|"
        "ICDM=IEEE International Conference on Data Mining|"
        "NAACL=Conference of the North American Chapter of the Association for Computational Linguistics|"
        "UAI=Conference on Uncertainty in Artificial Intelligence|"
        "AISTATS=International Conference on Artificial Intelligence and Statistics|"
        "SIGIR=International ACM SIGIR Conference on Research and Development in Information Retrieval|"
        "INFOCOM=IEEE Conference on Computer Communications|"
        "CIKM=ACM International Conference on Information and Knowledge Management|"
        "ICDE=IEEE International Conference on Data Engineering|"
        "VLDB=International Conference on Very Large Data Bases"
    ).split("|")
)


def _related_venue(record: Record, rng: random.Random, world: World) -> Changed:
    """The sister conference, by its acronym or its full name."""
    acronym = acronym_of(record.journal)
    groups = [group.split() for group in _RELATED.split("|") if acronym in group.split()]
    if not groups:
        return None
    other = rng.choice([name for name in groups[0] if name != acronym])
    form = rng.choice((other, f"Proc. {other}", f"{other} {record.year}", _FULL_NAMES.get(other, other)))
    return with_values(record, **{"container-title": form})


def _part_of_venue(record: Record, rng: random.Random, world: World) -> Changed:
    """The workshops, companion or newsletter in place of the conference."""
    acronym = acronym_of(record.journal)
    if (
        not acronym
        or record.type != "paper-conference"
        or re.search("Workshop|Companion|Abstracts|Adjunct", record.journal)
    ):
        return None
    form = rng.choice(
        (
            "{} Workshops",
            "{} Workshop on Applied Methods",
            "Proceedings of the {} Workshops",
            "{} Companion",
            "{} Extended Abstracts",
            "{} Student Forum",
            "{} Doctoral Consortium",
        )
    )
    return with_values(record, **{"container-title": form.format(acronym)})


_JOURNALS_OF = (
    "IEEE Transactions on Pattern Analysis and Machine Intelligence",
    "Journal of Machine Learning Research",
    "Communications of the ACM",
    "Nature",
    "Science",
    "Journal of the ACM",
    "IEEE Access",
    "Pattern Recognition",
    "Machine Learning",
    "Artificial Intelligence",
    "Expert Systems with Applications",
    "Neurocomputing",
    "PLoS ONE",
    "IEEE Trans. Neural Netw. Learn. Syst.",
    "International Journal of Computer Vision",
    "Neural Computation",
    "Computational Linguistics",
    "ACM Computing Surveys",
    "IEEE Transactions on Knowledge and Data Engineering",
    "Transactions of the Association for Computational Linguistics",
    "Data Mining and Knowledge Discovery",
)


def _journal_of_conference(record: Record, rng: random.Random, world: World) -> Changed:
    """A conference paper said to be in a journal of the field."""
    if record.type != "paper-conference" or not record.journal:
        return None
    return replace(
        with_values(
            record,
            volume=str(rng.randint(10, 60)),
            issue=str(rng.randint(1, 12)),
            **{"container-title": rng.choice(_JOURNALS_OF)},
        ),
        type="article-journal",
    )


def _doi_off_by_a_digit(record: Record, rng: random.Random, world: World) -> Changed:
    places = [at for at, sign in enumerate(record.doi) if sign.isdigit() and at > record.doi.find("/")]
    if not places:
        return None
    at = rng.choice(places)
    return with_values(
        record, DOI=f"{record.doi[:at]}{(int(record.doi[at]) + rng.randint(1, 9)) % 10}{record.doi[at + 1 :]}"
    )


def _year_far_off(record: Record, rng: random.Random, world: World) -> Changed:
    return with_values(record, issued=record.year + rng.choice((-7, -5, -4, 4, 5, 7))) if record.year else None


def _invented_numbers(record: Record, rng: random.Random, world: World) -> Changed:
    if record.type != "article-journal" or record.journal == "CoRR" or not record.text("volume"):
        return None
    first = rng.randint(20, 900)
    return with_values(
        record,
        volume=str(rng.randint(61, 99)),
        issue=str(rng.randint(1, 12)),
        page=f"{first}-{first + rng.randint(8, 20)}",
        DOI=None,
    )


def _last_page_wrong(record: Record, rng: random.Random, world: World) -> Changed:
    found = re.fullmatch(r"(\d+)[-–]+(\d+)", record.text("page"))
    return (
        with_values(record, page=f"{found[1]}-{int(found[2]) + rng.choice((-2, 3, 7))}")
        if found and int(found[2]) - int(found[1]) > 3
        else None
    )


def _pages_moved(record: Record, rng: random.Random, world: World) -> Changed:
    found = re.fullmatch(r"(\d+)[-–]+(\d+)", record.text("page"))
    by = rng.choice((10, 100, 37))
    return with_values(record, page=f"{int(found[1]) + by}-{int(found[2]) + by}") if found else None


def _issue_wrong(record: Record, rng: random.Random, world: World) -> Changed:
    issue = record.text("issue")
    return with_values(record, issue=str(int(issue) + rng.choice((1, 2, 3)))) if issue.isdigit() else None


def _words_in_other_order(record: Record, rng: random.Random, world: World) -> Changed:
    words = record.title.split()
    places = [
        at for at in range(len(words) - 1) if min(len(words[at]), len(words[at + 1])) > 3 and words[at] != words[at + 1]
    ]
    if not places:
        return None
    at = rng.choice(places)
    words[at], words[at + 1] = words[at + 1], words[at]
    return with_values(record, title=" ".join(words))


def _other_subtitle(record: Record, rng: random.Random, world: World) -> Changed:
    main, colon, _ = record.title.partition(": ")
    others = [title.partition(": ")[2] for title in (rng.choice(world).title for _ in range(20)) if ": " in title]
    return (
        with_values(record, title=f"{main}: {others[0]}")
        if colon and others and others[0] not in record.title
        else None
    )


def _added_subtitle(record: Record, rng: random.Random, world: World) -> Changed:
    """A subtitle that the paper doesn't have."""
    if ":" in record.title or record.title.endswith("?"):
        return None
    return with_values(record, title=f"{record.title}: {rng.choice(_SUBTITLES)}")


_SUBTITLES = ("A Unified Framework", "Methods and Applications", "A Comprehensive Survey", "Theory and Practice")


def _word_left_out(record: Record, rng: random.Random, world: World) -> Changed:
    words = record.title.split()
    places = [at for at, word in enumerate(words) if len(word) > 4 and at and ":" not in word]
    if len(words) < 5 or not places:
        return None
    del words[rng.choice(places)]
    return with_values(record, title=" ".join(words))


_SYNONYMS = dict(
    pair.split("=")
    for pair in (
        "Learning=Training Networks=Architectures Detection=Recognition Efficient=Effective Analysis=Evaluation "
        "Model=Framework Models=Systems Deep=Hierarchical Fast=Rapid Automatic=Automated Estimation=Prediction "
        "Recognition=Classification Neural=Deep Improving=Enhancing Robust=Reliable Data=Information"
    ).split()
)


def _near_synonym(record: Record, rng: random.Random, world: World) -> Changed:
    """A word replaced by one that means nearly the same, as memory does."""
    words = record.title.split()
    places = [at for at, word in enumerate(words) if word in _SYNONYMS]
    if not places:
        return None
    at = rng.choice(places)
    words[at] = _SYNONYMS[words[at]]
    return with_values(record, title=" ".join(words))


def _et_al_after_all(record: Record, rng: random.Random, world: World) -> Changed:
    """The wrong second author before "and others"."""
    people = people_of(record)
    others = people_of(rng.choice(world))
    if len(people) < 3 or not others or others[0] in people:
        return None
    return with_values(record, author=Names((people[0], others[0]), True))


def _first_author_only(record: Record, rng: random.Random, world: World) -> Changed:
    """The last author as the first, and the others left out without a word."""
    people = people_of(record)
    return with_values(record, author=Names((people[-1],))) if len(people) > 1 else None


def _real_people_plausible_title(record: Record, rng: random.Random, world: World) -> Changed:
    """Authors and venue of a true paper, the title made of words of others."""
    words = [word for _ in range(4) for word in rng.sample(rng.choice(world).title.split(), 2)]
    return with_values(record, title=f"Towards {' '.join(words)}", DOI=None, page=None) if len(words) > 5 else None


def _twin_of_invented(record: Record, rng: random.Random, world: World) -> Changed:
    """All of the reference is another paper's, but for title and first author."""
    other = rng.choice(world)
    if other.title == record.title or not people_of(other) or not other.doi:
        return None
    people = (people_of(record)[0], *people_of(other)[1:])
    return with_values(other, title=record.title, author=Names(people))


MORE_FALSE: dict[str, Callable[[Record, random.Random, World], Changed]] = {
    "authors picked from the field": _authors_of_the_field, "last author exchanged": _last_exchanged,
    "namesake of an author": _same_family_other_given, "chimera of two papers": _chimera,
    "halves of two titles": _halves_of_titles, "sister conference": _related_venue,
    "workshop for conference": _part_of_venue, "journal for conference": _journal_of_conference,
    "DOI off by a digit": _doi_off_by_a_digit, "year far off": _year_far_off,
    "invented volume and pages": _invented_numbers, "last page wrong": _last_page_wrong, "pages moved": _pages_moved,
    "wrong issue": _issue_wrong, "words in other order": _words_in_other_order, "other subtitle": _other_subtitle,
    "subtitle added": _added_subtitle, "word left out": _word_left_out, "near synonym": _near_synonym,
    "stranger before et al.": _et_al_after_all, "last author alone": _first_author_only,
    "real people, title of real words": _real_people_plausible_title,
    "title under another paper's DOI": _twin_of_invented,
}  # fmt: skip
