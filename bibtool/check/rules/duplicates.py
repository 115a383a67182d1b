"""Works with more than one entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.check.rule import project_rule
from bibtool.check.works import are_apart, are_parts, doi_of, related_entries, works_of
from bibtool.model.identifiers import ARXIV_DOI_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtool.check.context import Context
    from bibtool.check.source import CheckedEntry, Hit
    from bibtool.check.works import Works

PREPRINT = "preprint"  # the kind of two manifestations, see `bibtool.model.works.verdict.Kind`
MAX_OF_NUMBER = 50  # entries with one arXiv number that are compared


@project_rule("DUP001", "duplicate-doi")
def duplicate_doi(context: Context) -> Iterator[Hit]:
    """Two entries have the same DOI.

    ## What it does
    Reports entries whose DOI another entry has, in one file or in several that are checked together. The case of
    letters and the way the DOI is written don't matter. Parts of one book, and entries that refer to each other, may
    share a DOI.

    ## Why is this bad
    The work is listed twice, or one of the two entries has the DOI of the other.

    ## Known limits
    A DOI that is only in `url` or `note` is not compared. Chapters may share the DOI of their book, which is known by
    their types: two `@misc` with the DOI of one data set are reported.

    ## Example
    ```bibtex
    @article{a,
      title = {Literate Programming},
      doi = {10.1093/comjnl/27.2.97}
    }
    @article{b,
      title = {Literate Programming},
      doi = {10.1093/COMJNL/27.2.97}
    }
    ```

    ## Use instead
    ```bibtex
    @article{a,
      title = {Literate Programming},
      doi = {10.1093/comjnl/27.2.97}
    }
    ```

    ## References
    * DOI Handbook, section 2.4: names are not sensitive to case
    """
    first: dict[str, CheckedEntry] = {}
    for entry in context.entries:
        doi = doi_of(entry)
        if not doi or doi.startswith(ARXIV_DOI_PREFIX):
            continue
        earlier = first.setdefault(doi, entry)
        if earlier is entry or related_entries(earlier, entry) or are_parts(earlier, entry):
            continue
        yield entry.hit(
            f"the DOI {doi[:80]} is also that of {earlier.shown!r} {entry.place_of(earlier)}",
            hint="remove one of the two entries, or correct its DOI",
            related=(earlier.related("the first entry with this DOI"),),
        )


@project_rule("DUP002", "duplicate-arxiv-id")
def duplicate_arxiv_id(context: Context) -> Iterator[Hit]:
    """Two entries have the same arXiv id.

    ## What it does
    Reports entries whose arXiv number another entry has: as `eprint`, as arXiv's DOI, as a link, or in the name of the
    journal. Versions don't matter. DUP004 reports a preprint along with its published version.

    ## Why is this bad
    The work is in the bibliography twice.

    ## Known limits
    Numbers in abstracts and remarks that no list prints are not compared.

    ## Example
    ```bibtex
    @misc{a,
      title = {A Title},
      eprint = {2203.01360},
      archiveprefix = {arXiv}
    }
    @article{b,
      title = {A Title},
      journal = {arXiv preprint arXiv:2203.01360v2}
    }
    ```

    ## Use instead
    ```bibtex
    @misc{a,
      title = {A Title},
      eprint = {2203.01360},
      archiveprefix = {arXiv}
    }
    ```

    ## References
    * arXiv help, "Understanding the arXiv identifier"
    """
    works = works_of(context)
    first: dict[str, CheckedEntry] = {}
    for entry, number in works.arxiv_numbers:
        earlier = first.setdefault(number, entry)
        if earlier is entry or related_entries(earlier, entry) or works.judge(earlier, entry).kind == PREPRINT:
            continue
        yield entry.hit(
            f"the arXiv id {number} is also that of {earlier.shown!r} {entry.place_of(earlier)}",
            hint="remove one of the two entries, or correct its id",
            related=(earlier.related("the first entry with this id"),),
        )


@project_rule("DUP003", "duplicate-work")
def duplicate_work(context: Context) -> Iterator[Hit]:
    """Two entries have the same title and authors.

    ## What it does
    Reports entries with the same title and the same authors, however they are spelt. Entries are not reported if
    something distinguishes them: DOI, volume, number, edition, pages, years more than one apart, or a journal in one
    and a conference in the other; nor are titles of one or two words, unless journal and year are the same too. A
    number alone doesn't distinguish two articles with the same pages, as it is often wrong; a number and a month do,
    and so does the number of a text that nobody signed. Works without an author are distinguished by `shortauthor`,
    `shorteditor` or `shorthand`.

    ## Why is this bad
    The work is listed twice, and cited under two keys.

    ## Known limits
    Reprints and printings under one ISBN are reported, although both may be wanted; so are two releases of one program
    whose `edition` has no number. Not found are entries whose titles differ in more than spelling, translations, and
    titles that more than 50 entries have. `related` in one of the entries says that they are meant.

    ## Example
    ```bibtex
    @article{a,
      author = {Knuth, Donald E.},
      title = {Literate Programming and Other Things},
      year = 1984
    }
    @article{b,
      author = {D. E. Knuth},
      title = {{Literate programming} and other things},
      year = 1984
    }
    ```

    ## Use instead
    ```bibtex
    @article{a,
      author = {Knuth, Donald E.},
      title = {Literate Programming and Other Things},
      year = 1984
    }
    ```

    ## References
    * `bibtool dedupe` merges such entries
    """
    works = works_of(context)
    reported: set[CheckedEntry] = set()
    for earlier, entry in works.pairs:
        if entry in reported or related_entries(earlier, entry) or are_apart(earlier, entry):
            continue
        if works.share_number(earlier, entry):
            continue  # DUP001, DUP002
        judgement = works.judge(earlier, entry)
        published = works.is_preprint(earlier) != works.is_preprint(entry)
        if not judgement.is_one_record or (judgement.kind == PREPRINT and published):
            continue  # a preprint and its publication are DUP004
        reported.add(entry)
        yield entry.hit(
            f"title and authors are those of {earlier.shown!r} {entry.place_of(earlier)}",
            hint="remove one of the two entries",
            related=(earlier.related("the first entry of this work"),),
        )


@project_rule("DUP004", "preprint-beside-published")
def preprint_beside_published(context: Context) -> Iterator[Hit]:
    """A preprint listed along with its published version.

    ## What it does
    Reports preprints (arXiv, bioRxiv, SSRN and others) whose published version is in the checked files too: the same
    arXiv number, or the same title and authors.

    ## Why is this bad
    The list names one work twice. One entry can hold both: the journal with its DOI, and the arXiv number as `eprint`.

    ## Known limits
    Not found if the title was changed for publication and neither entry has the arXiv number of the other. That a
    preprint has been published is only known from the checked files.

    ## Example
    ```bibtex
    @misc{a,
      author = {Jane Doe},
      title = {On the Nature of Things},
      eprint = {2203.01360},
      archiveprefix = {arXiv}
    }
    @article{b,
      author = {Jane Doe},
      title = {On the Nature of Things},
      journal = {Nature}
    }
    ```

    ## Use instead
    ```bibtex
    @article{b,
      author = {Jane Doe},
      title = {On the Nature of Things},
      journal = {Nature},
      eprint = {2203.01360},
      archiveprefix = {arXiv}
    }
    ```

    ## References
    * biblatex manual, section 3.14.7 (electronic publishing information)
    """
    works = works_of(context)
    reported: set[CheckedEntry] = set()
    for pair in (*_pairs_by_number(works), *works.pairs):
        preprint, final = sorted(pair, key=works.is_preprint, reverse=True)
        if preprint in reported or works.is_preprint(final) or not works.is_preprint(preprint):
            continue
        if not related_entries(*pair) and works.judge(*pair).kind == PREPRINT:
            reported.add(preprint)
            yield _preprint_hit(preprint, final)


def _pairs_by_number(works: Works) -> Iterator[tuple[CheckedEntry, CheckedEntry]]:
    """Pairs of entries with one arXiv number."""
    by_number: dict[str, list[CheckedEntry]] = {}
    for entry, number in works.arxiv_numbers:
        entries = by_number.setdefault(number, [])
        yield from ((earlier, entry) for earlier in entries)
        entries[MAX_OF_NUMBER:] = []
        entries.append(entry)


def _preprint_hit(entry: CheckedEntry, final: CheckedEntry) -> Hit:
    return entry.hit(
        f"this preprint was published, and {final.shown!r} {entry.place_of(final)} is the published version",
        hint="keep one entry, with the arXiv number as eprint",
        related=(final.related("the published version"),),
    )
