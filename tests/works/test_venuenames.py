"""Names of one venue, and of two."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from bibtool.formats.registry import read_path
from bibtool.model.works.venuenames import editions_differ, is_series, same_venue
from bibtool.model.works.venuetable import YEARLY

CVPR = "IEEE/CVF Conference on Computer Vision and Pattern Recognition, CVPR 2021, virtual, June 19-25, 2021"
NEURIPS = (
    "Advances in Neural Information Processing Systems 34: Annual Conference on Neural Information Processing Systems "
    "2021, NeurIPS 2021, December 6-14, 2021, virtual"
)
ECCV = "Computer Vision - ECCV 2020 - 16th European Conference, Glasgow, UK, August 23-28, 2020, Proceedings, Part XX"
ACL = "Proceedings of the 57th Conference of the Association for Computational Linguistics, ACL 2019, Florence, Italy"
ICASSP = "IEEE International Conference on Acoustics, Speech and Signal Processing ICASSP 2023, Rhodes, June 4-10, 2023"
ICML = (
    "Proceedings of the 28th International Conference on Machine Learning, ICML 2011, Bellevue, Washington, USA, "
    "June 28 - July 2, 2011"
)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("CVPR", CVPR),
        ("Proc. CVPR 2021", CVPR),
        ("IEEE Conf. Comput. Vis. Pattern Recognit.", CVPR),
        ("NeurIPS 34", NEURIPS),
        ("Advances in Neural Information Processing Systems", NEURIPS),
        ("TPAMI", "IEEE Transactions on Pattern Analysis and Machine Intelligence"),
        ("IEEE Trans. Pattern Anal. Mach. Intell.", "IEEE Transactions on Pattern Analysis and Machine Intelligence"),
        ("J. Mach. Learn. Res.", "Journal of Machine Learning Research"),
        ("MM", "Proceedings of the 2017 ACM on Multimedia Conference, MM 2017, Mountain View, CA, October 23-27, 2017"),
        ("Commun. ACM", "Communications of the ACM"),
        ("arXiv preprint arXiv:2001.00001", "CoRR"),
        ("Proceedings of the 34th International Conference on Neural Information Processing Systems", NEURIPS),
        ("IEEE Computer Society Conference on Computer Vision and Pattern Recognition", CVPR),
        ("Journal of the ACM (JACM)", "J. ACM"),
        ("Journal of the ACM", "J. ACM"),
        ("Information Theory, IEEE Transactions on", "IEEE Trans. Inf. Theory"),
        ("T-PAMI", "IEEE Trans. Pattern Anal. Mach. Intell."),
        ("TKDE", "IEEE Trans. Knowl. Data Eng."),
        ("TOIS", "ACM Trans. Inf. Syst."),
        ("PACMPL", "Proc. ACM Program. Lang."),
        ("Proceedings of the IEEE", "Proc. IEEE"),
        ("Machine Learning Journal", "Mach. Learn."),
        ("ICLR (Poster)", "5th International Conference on Learning Representations, ICLR 2017, Toulon, France"),
        ("European Conference on Computer Vision", ECCV),
        ("ACM Multimedia", "MM '20: The 28th ACM International Conference on Multimedia, Seattle, October 12-16, 2020"),
        ("IEEE S&P", "2020 IEEE Symposium on Security and Privacy, SP 2020, San Francisco, CA, USA, May 18-21, 2020"),
        ("USENIX Security", "30th USENIX Security Symposium, USENIX Security 2021, August 11-13, 2021"),
        ("The Web Conference", "Proceedings of the 20th International Conference on World Wide Web, WWW 2011"),
        ("IJCAI-24", "Thirty-Third International Joint Conference on Artificial Intelligence, IJCAI 2024, Jeju"),
        ("Annual Meeting of the Association for Computational Linguistics", ACL),
        ("IEEE International Conference on Acoustics", ICASSP),
        ("ALENEX", "Proceedings of the Eighteenth Workshop on Algorithm Engineering and Experiments, ALENEX 2016"),
        ("In Proceedings of the IEEE Conference on Computer Vision and Pattern Recognition. IEEE, 2021", CVPR),
        ("Proc. CVPR, ACM, New York, NY, USA", CVPR),
        ("Communications of the ACM. ACM, New York, NY, USA", "Commun. ACM"),
        ("In Proceedings of the IEEE International Conference on Acoustics", ICASSP),
        ("Proc. 28th Int. Conf. Mach. Learn.", ICML),
        ("IEEE Conf. Comput. Vis. Pattern Recognit.", CVPR.replace(", CVPR 2021", "")),
        ("IEEE Int. Conf. Acoust. Speech Signal Process.", ICASSP.replace("Rhodes", "Seoul, Republic of Korea")),
        ("2021 ICCVW", "IEEE/CVF International Conference on Computer Vision Workshops, ICCVW 2021, Montreal, Canada"),
        ("RecSys-19", "Proceedings of the 13th ACM Conference on Recommender Systems, RecSys 2019, Copenhagen"),
        ("CVPR Workshops", "IEEE/CVF Conference on Computer Vision and Pattern Recognition Workshops, CVPRW 2021"),
    ],
)
def test_one_venue(name: str, other: str) -> None:
    assert same_venue(name, other)
    assert same_venue(other, name)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("ICCV", CVPR),
        ("CVPR Workshops", CVPR),
        ("International Conference on Machine Learning", "Asian Conference on Machine Learning, ACML 2020"),
        ("Journal of Machine Learning Research", "Machine Learning"),
        ("International Joint Conference on Artificial Intelligence", ("Thirty-Fifth AAAI Conference on Artificial "
         "Intelligence, AAAI 2021, Virtual Event, February 2-9, 2021")),
        ("Nature", "Nature Communications"),
        ("Artificial Intelligence", "Thirty-Fifth AAAI Conference on Artificial Intelligence, AAAI 2021, Virtual"),
        ("Proceedings of the AAAI Conference on Artificial Intelligence", "Artif. Intell."),
        ("Pattern Recognition", CVPR),
        ("Interspeech", "Int. J. Comput. Vis."),
        ("ICRA", "IEEE Robotics Autom. Lett."),
        ("ACL", "Trans. Assoc. Comput. Linguistics"),
        ("Association for Computational Linguistics", ("Conference of the North American Chapter of the Association "
         "for Computational Linguistics, NAACL-HLT 2019, Minneapolis, MN, USA, June 2-7, 2019")),
        ("VLDB Journal", "Proc. VLDB Endow."),
        ("International Joint Conference on Artificial Intelligence", ("International Conference on Artificial "
         "Intelligence and Statistics, AISTATS 2013, Scottsdale, AZ, USA, April 29 - May 1, 2013")),
        ("CoRR", CVPR),
        ("", CVPR),
    ],
)  # fmt: skip
def test_two_venues(name: str, other: str) -> None:
    assert not same_venue(name, other)


def test_editions() -> None:
    assert not editions_differ("NeurIPS 34", NEURIPS)
    assert editions_differ("NeurIPS 33", NEURIPS)
    assert editions_differ("CVPR 2020", CVPR)
    assert not editions_differ("CVPR '21", CVPR)


AAAI = (
    "The Thirty-Fourth AAAI Conference on Artificial Intelligence, AAAI 2020, The Thirty-Second Innovative "
    "Applications of Artificial Intelligence Conference, IAAI 2020, New York, NY, USA, February 7-12, 2020"
)
STOC = "Proceedings of the fifty second annual ACM SIGACT Symposium on Theory of Computing, STOC, Chicago, June"


@pytest.mark.parametrize(
    ("name", "other", "said"),
    [
        ("Proceedings of the Thirty-Fourth AAAI Conference on Artificial Intelligence", AAAI, ""),
        ("34th AAAI Conference on Artificial Intelligence", AAAI, ""),
        ("Proceedings of the Thirty-Third AAAI Conference on Artificial Intelligence", AAAI, "number 33, not 34"),
        ("Proceedings of the Thirty-Second AAAI Conference on Artificial Intelligence", AAAI, "number 32, not 34"),
        ("Thirty-Second Innovative Applications of Artificial Intelligence Conference", AAAI, ""),
        ("Proceedings of the 33rd AAAI Conference", "AAAI", "number 33, not 34"),
        ("Proceedings of the Thirty-fourth AAAI Conference", "Proc. AAAI", ""),
        ("Thirty-Sixth International Conference on Machine Learning", "ICML", "number 36, not 37"),
        ("Thirty-Seventh International Conference on Machine Learning", "ICML", ""),
        ("52nd Annual ACM Symposium on Theory of Computing", STOC, ""),
        ("52nd Annual ACM Symposium on Theory of Computing", "STOC", ""),
        ("51st Annual ACM Symposium on Theory of Computing", STOC, "number 51, not 52"),
        ("Third Workshop on Gardens at AAAI", "AAAI", ""),
        ("Twelfth Conference on Gardens", "Conference on Gardens", ""),  # not known to be held every year
    ],
)
def test_numbers_of_conferences_in_digits_and_words(name: str, other: str, said: str) -> None:
    assert editions_differ(name, other, year=2020) == said


@pytest.mark.slow
def test_numbers_and_years_of_real_proceedings_agree(shared: Path) -> None:
    seen = 0
    for record in read_path(shared / "corpus" / "dblp-1k.bib").records:
        venue, year = record.journal, record.year
        if year is None or record.type != "paper-conference":
            continue
        of_series = [acronym for acronym in YEARLY if re.search(rf"\b{acronym.upper()} {year}\b", venue)]
        for acronym in of_series:
            seen += 1
            assert not editions_differ(re.sub(r",? [A-Z]+ \d{4}.*", "", venue), acronym.upper(), year=year), venue
    assert seen > 100


def test_series_of_proceedings() -> None:
    icml = "Proceedings of the 35th International Conference on Machine Learning, ICML 2018, Stockholm"
    assert is_series("Proceedings of Machine Learning Research", icml)
    assert is_series("Lecture Notes in Computer Science", ECCV)
    assert not is_series("PMLR", CVPR)
    assert not is_series("Lecture Notes in Computer Science", "J. ACM")
    assert not is_series("ICML", icml)


@pytest.mark.parametrize("filler", [" ", "word ", "a, ", "vol ", "proc "])
def test_a_very_long_name_is_compared_by_its_beginning(filler: str) -> None:
    name = f"Journal of Tides{filler * 20_000}"
    begun = time.process_time()
    assert same_venue(name, name + "and Waves")
    assert not same_venue(name, CVPR)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    ("conference", "periodical"),
    [
        ("SIGMOD", "SIGMOD Record"),
        ("Proc. SIGMOD", "ACM SIGMOD Rec."),
        ("KDD", "SIGKDD Explorations Newsletter"),
        ("SIGIR", "ACM SIGIR Forum"),
        ("SIGCSE", "SIGCSE Bulletin"),
        ("VLDB", "The VLDB Journal"),
        ("SIGSOFT", "ACM SIGSOFT Software Engineering Notes"),
        ("SIGCOMM", "ACM SIGCOMM Computer Communication Review"),
        ("SIGMETRICS", "SIGMETRICS Performance Evaluation Review"),
        ("AAAI", "AAAI Fall Symposium"),
    ],
)
def test_a_periodical_is_not_the_conference_before_its_name(conference: str, periodical: str) -> None:
    assert not same_venue(conference, periodical)
    assert not same_venue(periodical, conference)
    assert same_venue(periodical, periodical.removeprefix("ACM ").removeprefix("The "))


@pytest.mark.parametrize(
    "part",
    [
        "CVPR Workshops",
        "CVPR 2021 Workshop on Fair Vision",
        "CVPR Extended Abstracts",
        "CVPR Companion",
        "Proceedings of the CVPR Doctoral Consortium",
        "CVPR Posters",
    ],
)
def test_a_part_of_a_conference_is_not_its_main_papers(part: str) -> None:
    for name in ("CVPR", "Proc. CVPR 2021", CVPR):
        assert not same_venue(part, name)
        assert not same_venue(name, part)


@pytest.mark.parametrize("sister", ["ICCV", "Proc. ICCV", "ICCV 2021", "ICRA"])
def test_an_acronym_is_not_made_of_a_name_that_states_its_own(sister: str) -> None:
    assert not same_venue(sister, CVPR)
    assert same_venue("ICCV", "IEEE International Conference on Computer Vision")


@pytest.mark.parametrize(
    ("newsletter", "conference", "other"),
    [
        ("ACM SIGCOMM Computer Communication Review", "SIGCOMM", "INFOCOM"),
        ("Comput. Commun. Rev.", "Proceedings of the ACM SIGCOMM 2001 Conference", CVPR),
        ("ACM SIGMETRICS Performance Evaluation Review", "ACM SIGMETRICS", "Proceedings of SIGCOMM"),
        ("SIGARCH Comput. Archit. News", "International Symposium on Computer Architecture (ISCA)", "POPL 2001"),
        ("Operating Systems Review", "18th ACM Symposium on Operating Systems Principles (SOSP)", "OSDI 2002"),
        ("ACM SIGSOFT Software Engineering Notes", "Proc. ESEC/FSE 2001", "Proc. OOPSLA 2001"),
    ],
)
def test_newsletters_whose_issues_are_proceedings_are_a_series(newsletter: str, conference: str, other: str) -> None:
    assert is_series(newsletter, conference)
    assert not is_series(newsletter, other)


def test_notices_that_reprint_a_conference_are_a_series() -> None:
    popl = "Symposium on Principles of Programming Languages, POPL 2010, Madrid, Spain, January 17-23, 2010"
    assert is_series("ACM SIGPLAN Notices", popl)
    assert not is_series("ACM SIGPLAN Notices", CVPR)
