"""Names of one venue, and of two."""

from __future__ import annotations

import pytest

from bibtool.model.works.venuenames import editions_differ, same_venue

CVPR = "IEEE/CVF Conference on Computer Vision and Pattern Recognition, CVPR 2021, virtual, June 19-25, 2021"
NEURIPS = (
    "Advances in Neural Information Processing Systems 34: Annual Conference on Neural Information Processing Systems "
    "2021, NeurIPS 2021, December 6-14, 2021, virtual"
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
        ("ALENEX", "Proceedings of the Eighteenth Workshop on Algorithm Engineering and Experiments, ALENEX 2016"),
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
