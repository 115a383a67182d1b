"""References and citations of every kind, to compare style engines: those of `csl_fixture`, and rare ones."""

from __future__ import annotations

from typing import Any

from benchmarks.csl_fixture import items


def _people(*names: str) -> list[dict[str, str]]:
    """Names written as "Family, Given"; without a comma, an institution."""
    return [
        dict(zip(("family", "given"), name.split(", ", 1), strict=True)) if ", " in name else {"literal": name}
        for name in names
    ]


def _issued(*parts: int) -> dict[str, Any]:
    return {"date-parts": [list(parts)]}


def rare_items() -> list[dict[str, Any]]:
    """Works with what few works have: particles, several roles, no author, other scripts, compounds, markup."""
    return [
        {"id": "particle", "type": "book", "title": "One small river", "author": _people("van der Berg, Jan"),
         "publisher": "Norton Press", "publisher-place": "London", "issued": _issued(2001)},
        {"id": "dropping", "type": "book", "title": "Two fables", "author": _people("Motte, Antoine de la"),
         "publisher": "Norton Press", "publisher-place": "Paris", "issued": _issued(2002)},
        {"id": "roles", "type": "book", "title": "Old poem", "editor": _people("Vale, Nora"),
         "translator": _people("Kerr, Tom"), "publisher": "Norton Press", "publisher-place": "London",
         "issued": _issued(2001)},
        {"id": "translated", "type": "book", "title": "New poem", "author": _people("Aldo, Rita"),
         "translator": _people("Kerr, Tom", "Lowe, Ann"), "publisher": "Norton Press", "issued": _issued(2003)},
        {"id": "collected", "type": "chapter", "title": "A chapter on bread", "author": _people("Hale, Ines"),
         "container-title": "The big book of bread", "editor": _people("Vale, Nora", "Kerr, Tom"), "page": "12-34",
         "publisher": "Norton Press", "publisher-place": "London", "issued": _issued(2010), "volume": "2"},
        {"id": "page-alpha", "type": "webpage", "title": "Alpha page", "URL": "https://example.org/alpha",
         "accessed": _issued(2024, 5, 6), "issued": _issued(2019)},
        {"id": "page-beta", "type": "webpage", "title": "Beta page", "URL": "https://example.org/beta",
         "accessed": _issued(2024, 5, 6), "issued": _issued(2021)},
        {"id": "compound", "type": "book", "title": "State-of-the-art methods: an end-to-end view",
         "author": _people("Roe, Ann"), "publisher": "Norton Press", "issued": _issued(2004)},
        {"id": "journal-compound", "type": "article-journal", "title": "Peer-to-peer lending",
         "container-title": "Journal of face-to-face research", "author": _people("Roe, Ann", "Poe, Bea"),
         "volume": "12", "issue": "3", "page": "100-110", "issued": _issued(2005, 3)},
        {"id": "cyrillic", "type": "book", "title": "Теория чисел", "author": _people("Иванов, Пётр"),
         "publisher": "Наука", "publisher-place": "Москва", "issued": _issued(1999), "language": "ru"},
        {"id": "chinese", "type": "article-journal", "title": "数据科学概论", "container-title": "计算机学报",
         "author": _people("张, 伟", "李, 娜"), "volume": "5", "page": "1-9", "issued": _issued(2015),
         "language": "zh-CN"},
        {"id": "same-a", "type": "article-journal", "title": "First study of rain", "container-title": "Weather",
         "author": _people("Dunn, Joe", "Frey, Kim", "Gant, Lou", "Hays, Mia"), "volume": "1", "page": "1-4",
         "issued": _issued(2025)},
        {"id": "same-b", "type": "article-journal", "title": "Second study of rain", "container-title": "Weather",
         "author": _people("Dunn, Joe", "Frey, Kim", "Gant, Lou", "Hays, Mia"), "volume": "2", "page": "5-9",
         "issued": _issued(2025)},
        {"id": "smith-j", "type": "book", "title": "Stones", "author": _people("Smith, John"), "issued": _issued(2018),
         "publisher": "Norton Press"},
        {"id": "smith-r", "type": "book", "title": "Sticks", "author": _people("Smith, Rose"), "issued": _issued(2018),
         "publisher": "Norton Press"},
        {"id": "smith-j-2", "type": "book", "title": "Straws", "author": _people("Smith, John"),
         "issued": _issued(2020), "publisher": "Norton Press"},
        {"id": "markup", "type": "article-journal", "title": "Growth of <i>Salix</i> in H<sub>2</sub>O", "volume": "3",
         "container-title": "Plants", "author": _people("Lund, Eva"), "page": "77", "issued": _issued(2012)},
        {"id": "quoted", "type": "article-journal", "title": "“Why?” and other questions", "volume": "4",
         "container-title": "Plants", "author": _people("Lund, Eva"), "page": "e12", "issued": _issued(2013)},
        {"id": "question", "type": "article-magazine", "title": "Who pays?", "container-title": "The Week",
         "author": _people("Lund, Eva"), "issued": _issued(2014, 7, 8), "page": "3"},
        {"id": "institution", "type": "report", "title": "Annual review", "author": _people("Office of Weather"),
         "publisher": "Office of Weather", "publisher-place": "Oslo", "number": "7", "issued": _issued(2016)},
        {"id": "undated", "type": "manuscript", "title": "Notes", "author": _people("Moss, Una"), "publisher": "Own"},
        {"id": "range", "type": "book", "title": "Diaries", "author": _people("Moss, Una"), "publisher": "Norton Press",
         "issued": {"date-parts": [[1990], [1995]]}, "number-of-volumes": "4"},
        {"id": "reprint", "type": "book", "title": "Classics", "author": _people("Ford, Ben"), "edition": "2",
         "original-date": _issued(1859), "publisher": "Norton Press", "issued": _issued(1999)},
        {"id": "suffix", "type": "book", "title": "Juniors", "publisher": "Norton Press",
         "author": [{"family": "Doe", "given": "John", "suffix": "Jr."}], "issued": _issued(2006)},
    ]  # fmt: skip


def references() -> list[dict[str, Any]]:
    """All references of the comparison."""
    return [*items(30, seed=3), *rare_items()]


def citations() -> list[dict[str, Any]]:
    """34 citations of every kind, as citeproc-js takes them, in the order of a document, and one of all other works.

    The last one is there so that both engines know of every work when they number and disambiguate.
    """

    def cite(key: str, **more: Any) -> dict[str, Any]:
        return {"id": key, **{name.replace("_", "-"): value for name, value in more.items()}}

    clusters: list[list[dict[str, Any]]] = [
        [cite("ref-0")],
        [cite("ref-0")],
        [cite("ref-0", locator="12", label="page")],
        [cite("ref-0", locator="12", label="page")],
        [cite("ref-1", locator="12-14", label="page")],
        [cite("ref-2"), cite("ref-3")],
        [cite("ref-2", locator="3", label="chapter")],
        [cite("ref-4"), cite("ref-1"), cite("ref-5"), cite("ref-6")],
        [cite("ref-7", prefix="see ")],
        [cite("ref-8", suffix=", with notes")],
        [cite("ref-9", prefix="cf. ", suffix=" and others", locator="5", label="section")],
        [cite("ref-10", suppress_author=True)],
        [cite("ref-11", author_only=True)],
        [cite("roles")],
        [cite("translated", locator="7, 9", label="page")],
        [cite("collected"), cite("roles")],
        [cite("page-alpha"), cite("page-beta")],
        [cite("compound"), cite("journal-compound")],
        [cite("particle")],
        [cite("dropping"), cite("particle")],
        [cite("same-a")],
        [cite("same-b")],
        [cite("same-a"), cite("same-b")],
        [cite("smith-r"), cite("smith-j-2"), cite("smith-j")],
        [cite("smith-j", locator="4", label="note"), cite("smith-j-2", locator="5", label="page")],
        [cite("markup"), cite("quoted"), cite("question")],
        [cite("institution", suppress_author=True)],
        [cite("institution", prefix="see also ")],
        [cite("undated")],
        [cite("range"), cite("reprint", locator="iv", label="page")],
        [cite("suffix", locator="22", label="verse")],
        [cite("ref-12"), cite("ref-13"), cite("ref-14"), cite("ref-15"), cite("ref-16")],
        [cite("cyrillic"), cite("chinese")],
        [cite("ref-0", locator="99", label="page"), cite("ref-20", prefix="but see ")],
    ]
    cited = {item["id"] for cluster in clusters for item in cluster}
    rest = [cite(item["id"]) for item in references() if item["id"] not in cited]
    return [{"citationItems": cluster, "properties": {}} for cluster in [*clusters, rest]]
