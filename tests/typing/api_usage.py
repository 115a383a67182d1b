"""Programs for the type checker alone: what users write has these types. Never run."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import bibtool

record: bibtool.Record = bibtool.Record(
    "k", "book", title="T", author=["Jane Doe", bibtool.Name(family="Lind")], issued=dt.date(2020, 3, 1), volume=3
)
typed: bibtool.Record = bibtool.Record(key="k", type="book", variables={"title": bibtool.Text.of("T")})
again: bibtool.Record = bibtool.Record.from_csl(record.to_csl())
year: int | None = record.year
family: str = record.authors[0].family
changed: bibtool.Record = record.with_values({"volume": None, "issued": 2021})

result: bibtool.ReadResult = bibtool.read(Path("refs.bib"))
first: bibtool.Record = result["k"]
keys: list[str] = [known.key for known in result]
problems: tuple[bibtool.Problem, ...] = bibtool.check("refs.bib", select=["DUP"])
data: bytes = bibtool.write(result, format="bibtex").data
text: str = bibtool.write([record], "out.json").text
listed: str = bibtool.format_list(record, "apa", "html")
cited: str = bibtool.cite(result, "k")
page: bytes = bibtool.publication_list(result, "Jane Doe").write("html")

library: bibtool.Library = bibtool.open_library("refs.sqlite")
with library as shelf:
    report: bibtool.ImportReport = shelf.add(result)
    stored: bibtool.Record = shelf["k"]
    found: list[bibtool.Record] = list(shelf.search("words"))
    whole: list[bibtool.Record] = list(shelf)

file: bibtool.BibFile = bibtool.BibFile.open("refs.bib")
title: str | None = file["k"].get("title")
completed: list[bibtool.Record] = [one.after for one in bibtool.enrich(result, cache="answers").results]
verdicts: list[str] = [one.verdict for one in bibtool.verify(record)]
members: list[tuple[int, ...]] = [group.members for group in bibtool.find_duplicates(result)]

bibtool.Record("k", title=object())  # type: ignore[arg-type]
bibtool.read_bytes("text")  # type: ignore[arg-type]
bibtool.check(5)  # type: ignore[arg-type]
