"""The boundary between a title and the names glued to it."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.formats.listing.namecost import Evidence
from bibtool.formats.listing.split import MAX_SPLIT_LENGTH, names_of_list, split_line

# (what the title ends in, what kind of ending that is)
ENDINGS = {
    "word": "Sparse Grids for Evolution Equations",
    "lower case": "a note on moving frames",
    "acronym": "Deep Kernels with RNNs",
    "capitals": "Planning under Doubt in RL",
    "digit": "Toward Reading in 3D",
    "version": "The Long Road to Web 2.0",
    "model": "A Close Look at GPT-4",
    "year": "Letters from the Shared Task 2019",
    "question": "Do small samples suffice?",
    "exclamation": "Mind the Gap!",
    "bracket": "Learning to Wait (Extended Abstract)",
    "double quote": 'A Reply to "Less is More"',
    "curly quote": "A Reply to “Less is More”",
    "single quote": "On the So-called 'Curse'",
    "math": "Mean Curvature Flow in $L^2$",
    "math word": "Bounds of Order $O(n \\log n)$",
    "full stop": "Searching at Lake Ltd.",
    "camel": "Tracing Gradients in PyTorch",
    "camel net": "What is Left of ImageNet",
    "camel phone": "Measuring Light with an iPhone",
    "camel tex": "Setting Tables in LaTeX",
    "unknown camel": "Fast Lookups with FrostTree",
    "mixed": "Routing for IoT",
    "list": "Trees, Graphs, Grids, and Gauges",
    "list of acronyms": "CNNs, RNNs, and Attention",
    "colon": "Thermal Clouds: Stable Emulation of Chaos",
    "hyphen": "Anomalies as Out-of-Distribution",
    "hyphen acronym": "Segmenting Cells by U-Net",
    "plus": "Zero-Cost Views in C++",
    "roman": "Rings of Small Rank, Part II",
    "german": "Über die Zerlegung großer Räume",
    "french": "Sur les équations dégénérées",
    "greek letter": "Ordering by λ",
    "cyrillic": "О сходимости рядов",
}

FIRST = {
    "plain": "Joan Bruna",
    "rare": "Zorvan Quillip",
    "initial": "J. Smith",
    "initials": "J. R. R. Tolkien",
    "joined initials": "J.R. Hobbs",
    "hyphened initials": "A.-L. Barabási",
    "hyphen": "Jean-Pierre Serre",
    "chinese hyphen": "Li-Wei Chen",
    "van der": "van der Berg",
    "de": "de Vries",
    "accent": "Étienne Ghys",
    "slash o": "Øystein Linnebo",
    "l stroke": "Łukasz Kaiser",
    "apostrophe": "D'Arcy Thompson",
    "apostrophe 2": "O'Neil Ford",
    "mc": "McKenzie Wark",
    "de shawn": "DeShawn Hill",
    "jia le": "JiaLe Wang",
    "xiao feng": "XiaoFeng Wang",
    "hyun": "KyungHyun Cho",
    "pair": "SK Hafizul Islam",
    "no stops": "K R Jayaram",
    "short": "Yi Ma",
    "three": "Michael M. Bronstein",
    "particle inside": "Ludwig van Beethoven",
    "suffix": "William Strunk Jr.",
    "third": "Guy L. Steele III",
    "homonym": "Wei Wang 0001",
    "cjk": "王小明",
    "cyrillic": "Андрей Колмогоров",
    "organisation": "The LIGO Scientific Collaboration",
}

BEHIND = [(), ("Benjamin Peherstorfer",), ("Eric Vanden-Eijnden", "A. McDonald"), ("Wei Li 0003", "Ulf-G. Berg", "X")]

# both readings are as likely by all that the letters tell: "RLSK Hafizul", "Part I" and "Ivan der Berg"
HARD = {
    ("capitals", "pair"),
    ("capitals", "no stops"),
    ("digit", "pair"),
    ("digit", "no stops"),
    ("roman", "pair"),
    ("roman", "no stops"),
    ("roman", "van der"),
}


def glue(title: str, names: tuple[str, ...]) -> str:
    return title + ", ".join(names[:3]) + (" et al." if len(names) > 3 else "")


def combinations() -> list[tuple[str, str, str, tuple[str, ...]]]:
    out = []
    for (ending, title), (start, first), behind in itertools.product(ENDINGS.items(), FIRST.items(), BEHIND):
        if start == "organisation" and behind:
            continue
        out.append((ending, start, title, (first, *behind)))
    return out


@pytest.mark.slow
def test_endings_and_name_starts_of_many_kinds() -> None:
    total = exact = 0
    failures = []
    for ending, start, title, names in combinations():
        if (ending, start) in HARD:
            continue
        total += 1
        found = split_line(glue(title, names))
        if found and (found.title, found.names, found.truncated) == (title, names[:3], len(names) > 3):
            exact += 1
        else:
            failures.append((title, names, found))
    rate = exact / total
    assert rate >= 0.99, f"{exact} of {total}: {failures[:10]}"


@pytest.mark.parametrize(
    ("line", "title", "names"),
    [
        ("Beyond WordsOpenAI", "Beyond Words", ("OpenAI",)),
        ("Two Hands and a ClockAnn Bell and Carl Dorn", "Two Hands and a Clock", ("Ann Bell", "Carl Dorn")),
        ("Salt and PepperAnn Bell, Carl Dorn, and Eve Fox", "Salt and Pepper", ("Ann Bell", "Carl Dorn", "Eve Fox")),
        ("Salt & PepperAnn Bell & Carl Dorn", "Salt & Pepper", ("Ann Bell", "Carl Dorn")),
        ("Slow MillsPaul Ward, Jr., Eve Fox", "Slow Mills", ("Paul Ward, Jr.", "Eve Fox")),
        ("A Map of $x, y$ and $z$Ann Bell", "A Map of $x, y$ and $z$", ("Ann Bell",)),
        ("深度学习的数学基础王小明, 李雷", "深度学习的数学基础", ("王小明", "李雷")),
        ("Tides and TimeMarc'Antonio Bell, Eve Fox", "Tides and Time", ("Marc'Antonio Bell", "Eve Fox")),
        ("Tides, 2020Li-Wei (Edward) Chen, Eve 'Evi' Fox", "Tides, 2020", ("Li-Wei (Edward) Chen", "Eve 'Evi' Fox")),
        ("First Light of the DetectorATLAS Collaboration", "First Light of the Detector", ("ATLAS Collaboration",)),
        ("Do we know her?danah boyd", "Do we know her?", ("danah boyd",)),
        ("Anna", None, None),
        ("", None, None),
        ("no capitals and no names at all", None, None),
    ],
)
def test_single_lines(line: str, title: str | None, names: tuple[str, ...] | None) -> None:
    found = split_line(line)
    assert (found and found.title, found and found.names) == (title, names)


@pytest.mark.parametrize("ending", [" et al.", ", et al.", ", et al", " et al", ", and others", ", ...", "…", " …"])
def test_a_cut_author_list_is_seen_in_all_its_writings(ending: str) -> None:
    found = split_line("Slow MillsAnn Bell, Carl Dorn" + ending)
    assert found is not None
    if ending == "…":
        assert found.names[0] == "Ann Bell"
        return
    assert (found.title, found.names, found.truncated) == ("Slow Mills", ("Ann Bell", "Carl Dorn"), True)


def test_many_names_are_read_where_the_page_lists_all_authors() -> None:
    names = tuple(f"{first} {last}" for first, last in zip("Ann Bob Carl Dora Emil Fay".split(), "ABCDEF", strict=True))
    names = tuple(n + "ster" for n in names)
    found = split_line("On the Use of Bells" + ", ".join(names))
    assert found is not None
    assert (found.title, found.names) == ("On the Use of Bells", names)


def test_confidence_is_high_for_a_clear_boundary_and_low_for_a_doubtful_one() -> None:
    clear = split_line("Sparse Grids for EquationsJoan Bruna, Eric Vanden-Eijnden")
    doubtful = split_line("Sparse Grids on XQSK Hafizul Islam")
    assert clear is not None
    assert doubtful is not None
    assert clear.confidence > 0.95
    assert doubtful.confidence < 0.7
    assert doubtful.second


def test_what_the_page_tells_moves_a_doubtful_boundary() -> None:
    line = "Fast Lookups with FrostMcQuillLee Zorvan"
    names = frozenset({"McQuillLee Zorvan"})
    with_name = split_line(line, Evidence(names=names))
    assert with_name is not None
    assert with_name.names == ("McQuillLee Zorvan",)
    with_word = split_line(line, Evidence(words=frozenset({"frostmcquill"})))
    assert with_word is not None
    assert with_word.title.endswith("FrostMcQuill")


def test_offset_points_at_the_first_name_whatever_blanks_there_are() -> None:
    line = "  Slow   Mills  on HillsAnn  Bell,  Carl Dorn"
    found = split_line(line)
    assert found is not None
    assert found.title == "Slow Mills on Hills"
    assert found.names == ("Ann Bell", "Carl Dorn")
    assert line[found.offset :].startswith("Ann")


def test_a_list_of_names_is_cheap_and_prose_is_dear() -> None:
    names, truncated, cost = names_of_list("DP Kingma, J Ba, ...")
    assert (names, truncated) == (("DP Kingma", "J Ba"), True)
    assert cost < 1.0
    assert names_of_list("We show that bells are tuned, and how.")[2] > 4.0
    assert names_of_list("")[0] == ()


@given(st.text(max_size=300))
def test_any_text_is_split_without_loss_or_left_alone(text: str) -> None:
    found = split_line(text)
    if found is None:
        return
    assert 0.0 <= found.confidence <= 1.0
    assert found.names
    assert all(name == name.strip() and name for name in found.names)
    squeezed = "".join(text.split())
    for piece in (found.title, *found.names):
        assert "".join(piece.split()) in squeezed


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["Aa", "A", "a, ", "Ann Bell, ", "$", "'", "王", "-", "A.", "et al. ", "O'", "van "])
def test_long_lines_take_little_work(unit: str) -> None:
    line = (unit * MAX_SPLIT_LENGTH)[:MAX_SPLIT_LENGTH]
    split_line(line)
    assert split_line(line + "x") is None
    names_of_list(unit * 10_000)


@pytest.mark.slow
def test_any_three_of_the_names_behind_any_title() -> None:
    chance = random.Random(7)
    starts = [name for kind, name in FIRST.items() if kind not in {"pair", "no stops"} and name[0].isupper()]
    failures = []
    for _ in range(1500):
        title = chance.choice(list(ENDINGS.values()))
        names = tuple(chance.sample(starts, 3))
        found = split_line(glue(title, names))
        if found is None or (found.title, found.names) != (title, names):
            failures.append((title, names, found))
    assert len(failures) <= 30, failures[:10]


@pytest.mark.parametrize(
    "names",
    [
        ("Roland Smith", "Margaret Doe"),
        ("Armand Dupont", "Edmund Ash"),
        ("Piet van der Berg", "Harriet de Vries"),
    ],
)
def test_a_given_name_that_ends_in_a_word_for_and_stays(names: tuple[str, ...]) -> None:
    # no conjunction is part of a word: Rol-and, Edm-und, Pi-et
    assert names_of_list(", ".join(names))[0] == names
    assert names_of_list(f"{names[0]}, and {names[1]}")[0] == names
