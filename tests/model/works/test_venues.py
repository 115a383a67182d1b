"""What kind of place a venue is by its name: names as real bibliographies have them."""

from __future__ import annotations

import pytest

from bibtool.model.works.venues import names_journal, names_preprint_server, names_proceedings

SERVERS = """
arXiv; arXiv preprint arXiv:2104.12345; ArXiv e-prints; arXiv.org; CoRR; CoRR, abs/2104.12345; bioRxiv
medRxiv; ChemRxiv; PsyArXiv; PsyArXiv Preprints; SocArXiv; EarthArXiv; ChinaXiv; EcoEvoRxiv; viXra; SSRN
SSRN Electronic Journal; SSRN preprint; IACR Cryptol. ePrint Arch.; IACR Cryptology ePrint Archive
Cryptology ePrint Archive, Paper 2021/5; Research Square; HAL; Preprints; Preprints.org; OSF Preprints
PeerJ Preprints; Authorea; Authorea Preprints; TechRxiv; Computing Research Repository
The Computing Research Repository; Electronic Colloquium on Computational Complexity
Social Science Research Network; Optimization Online; ESS Open Archive; PhilSci-Archive; MPRA Paper 123
"""

PROCEEDINGS = """
European Conference on Computer Vision (ECCV)
Proceedings of the 38th International Conference on Machine Learning; NeurIPS
NeurIPS 2021 Track on Datasets and Benchmarks; Advances in Neural Information Processing Systems 35; NIPS'12
Adv. Neural Inf. Process. Syst.; CVPR; CVPR2019
2020 IEEE/CVF Conference on Computer Vision and Pattern Recognition
XXIV Brazilian Symposium on Software Engineering; The LXIV Congress of Surveyors
Proc. of the 52nd Annual ACM Symposium on Theory of Computing; STOC; Symposium on Discrete Algorithms
SODA '20; Proceedings of Machine Learning Research; PMLR 139; Workshop on Offline Reinforcement Learning
ICML Workshop; Annual Meeting of the Association for Computational Linguistics; Findings of ACL: EMNLP 2021
Proc. of TREES (2021); Proceedings of the IEEE Conference on Decision and Control; Eur. Conf. Comput. Vis.
AIP Conference Proceedings; International Congress of Mathematicians; Robotics: Science and Systems
Proceedings of Symposia in Pure Mathematics
"""

JOURNALS = """
Journal of Machine Learning Research; IEEE Transactions on Pattern Analysis and Machine Intelligence
Annals of Statistics; ACM Transactions on Graphics (Proc. SIGGRAPH); Physics Letters B
IEEE Trans. Inf. Theory; J. Comput. Phys.; SIGMOD Record; ACM SIGCOMM Computer Communication Review
Proceedings of the IEEE; Proceedings of the ACM on Programming Languages; Proceedings of the VLDB Endowment
"""

NEITHER = """
Nature; Science; Symposium: A Quarterly Journal in Modern Literatures; History Workshop Journal
Journal of Physics: Conference Series
Proceedings of the National Academy of Sciences of the United States of America; PLOS ONE; Cell
Proceedings of the Royal Society A; Proceedings of the London Mathematical Society; Mayo Clinic Proceedings
Biometrika; Transplantation Proceedings; AEA Papers and Proceedings; Advances in Mathematics
Colloquium Mathematicum; SIAM Review; Congressus Numerantium; Communications of the ACM
Library of Congress Studies; Oracle Bones; chi; Corrosion Science; Halide Chemistry
Lecture Notes in Computer Science; MMXIV; XXXIV; Conversation; Proceedings of the American Mathematical Society
"""


def names(table: str) -> list[str]:
    return [name.strip() for line in table.strip().splitlines() for name in line.split(";")]


@pytest.mark.parametrize("name", names(SERVERS))
def test_preprint_servers(name: str) -> None:
    assert names_preprint_server(name)


@pytest.mark.parametrize("name", names(PROCEEDINGS))
def test_proceedings(name: str) -> None:
    assert names_proceedings(name)
    assert not names_journal(name)
    assert not names_preprint_server(name)


@pytest.mark.parametrize("name", names(JOURNALS))
def test_journals(name: str) -> None:
    assert names_journal(name)
    assert not names_proceedings(name)
    assert not names_preprint_server(name)


@pytest.mark.parametrize("name", names(NEITHER))
def test_names_that_say_nothing_of_either(name: str) -> None:
    assert not names_proceedings(name)
    assert not names_preprint_server(name)


def test_no_name_says_nothing() -> None:
    assert not any(judge("") for judge in (names_journal, names_preprint_server, names_proceedings))
