"""HTML: a page for phones, desktops, dark mode and paper, or a fragment to be put into any page.

The page asks for nothing from outside and forbids it (Content-Security-Policy). Without its script it is the full
list; the script filters by year and words and keeps both in the address (``#q=river&year=2024``). Words are sought in
the text of the entries, so nothing is said twice; what a style leaves out (names of a long list, keywords) is hidden
after the entry.

A fragment has no script, no style sheet and no empty line, so that Markdown of a static site takes it as it is. Its
classes begin with ``bibtool-``, in addition to ``csl-bib-body``, ``csl-entry`` and the other three of CSL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bibtool.cv import facts
from bibtool.cv.chart import svg_chart
from bibtool.cv.targets._typeset import status_sentence
from bibtool.cv.titlelink import with_title_link
from bibtool.cv.words import words_of
from bibtool.model.text.inert import inert_lines
from bibtool.styles.output.html import Output
from bibtool.web.pages import (
    Anchors,
    asset,
    attribute,
    classes_for_styles,
    clean,
    direction,
    href,
    language,
    no_templates,
    source_hash,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bibtool.cv.document import Entry, Link, PublicationList, Section
    from bibtool.cv.targets import TargetOptions
    from bibtool.styles.rich import Run

# links whose label does not say the address; on paper it is printed after them
_SILENT: Final = frozenset({"doi", "pdf", "code", "url"})
_OWN_IDS: Final = ("bibtool-filter", "bibtool-words", "bibtool-year", "bibtool-count")
_MAX_SECTION_LINKS: Final = 16  # more of them (years, say) would be a list of their own


def write(cv: PublicationList, options: TargetOptions) -> bytes:
    """The page, or the fragment that ``options.fragment`` asks for; UTF-8."""
    words = {**words_of(cv.language), **options.words}
    body = _fragment(cv, options, words) if options.fragment else _page(cv, options, words)
    return body.encode("utf-8", "replace")


def _fragment(cv: PublicationList, options: TargetOptions, words: Mapping[str, str]) -> str:
    return f'<div class="bibtool-publications" {language(cv.language)}>\n{_list(cv, options, words)}</div>\n'


def _page(cv: PublicationList, options: TargetOptions, words: Mapping[str, str]) -> str:
    body = classes_for_styles(_list(cv, options, words))
    style = f"{asset('_base.css')}\n{asset('_page.css')}"
    script = asset("_page.js")
    title = text(f"{cv.profile.name}: {cv.title}" if cv.profile.name else cv.title)
    links = "".join(
        f'<li><a href="{address}" rel="me">{"ORCID " * (link.kind == "orcid")}{text(link.label)}</a></li>'
        for link in cv.profile.links
        if (address := href(link.url))
    )
    links = f'<ul class="bibtool-profile">{links}</ul>\n' if links else ""
    filtered = bool(cv.entries)
    policy = f"default-src 'none'; style-src {source_hash(style)}; "
    policy += f"script-src {source_hash(script)}; " if filtered else ""
    script = f"<script>{script}</script>\n" if filtered else ""
    return (
        f"<!DOCTYPE html>\n<html {language(cv.language)}>\n<head>\n"
        '<meta charset="utf-8">\n'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}base-uri 'none'; form-action 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="strict-origin-when-cross-origin">\n'
        f"<title>{title}</title>\n"
        f"<style>{style}</style>\n</head>\n<body>\n<header>\n"
        f"<h1{direction(title)}>{title}</h1>\n{links}</header>\n"
        f"{_section_links(cv)}"
        f"<main>\n{_filter(cv, words) if filtered else ''}{body}</main>\n"
        f"{script}</body>\n</html>\n"
    )


def _section_links(cv: PublicationList) -> str:
    """Links to the sections with their numbers of works; "" where there is nothing to choose from, or too much."""
    sections = _anchored(cv)[0]
    if not 2 <= len(sections) <= _MAX_SECTION_LINKS or not all(section.heading for section, _ in sections):
        return ""
    links = "".join(
        f'<li><a href="#{anchor}"{direction(section.heading)}>{text(section.heading)}</a> '
        f"<span>{len(section.entries)}</span></li>"
        for section, anchor in sections
    )
    same = [(section.heading, len(section.entries)) for section, _ in sections] == [
        (heading, number) for _, heading, number in cv.summary.by_kind
    ]
    kinds = " bibtool-kinds" if same else ""
    return f'<nav class="bibtool-sections{kinds}" aria-label="{attribute(cv.title)}"><ul>{links}</ul></nav>\n'


def _anchored(cv: PublicationList) -> tuple[list[tuple[Section, str]], Anchors]:
    """The sections that have entries with their anchors, and the anchors that are taken by then."""
    anchors = Anchors(*_OWN_IDS)
    return [(section, anchors(section.id or "publications")) for section in cv.sections if section.entries], anchors


def _filter(cv: PublicationList, words: Mapping[str, str]) -> str:
    """The controls; hidden until the script that they need has started."""
    entries = cv.entries
    years = sorted({entry.year for entry in entries if entry.year is not None}, reverse=True)
    choices = "".join(f'<option value="{year}">{year}</option>' for year in years)
    if any(entry.year is None for entry in entries):
        choices += f'<option value="none">{text(words["undated"])}</option>'
    return (
        '<div class="bibtool-filter" id="bibtool-filter" role="search" hidden '
        f'data-shown="{attribute(words["shown"])}" data-nothing="{attribute(words["nothing-found"])}">\n'
        f'<div><span class="bibtool-label"><label for="bibtool-words">{text(words["search"])}</label>'
        '<span id="bibtool-count" role="status" aria-live="polite"></span></span>'
        '<input id="bibtool-words" type="search" autocomplete="off" spellcheck="false"></div>\n'
        f'<div><label for="bibtool-year">{text(words["year"])}</label>'
        f'<select id="bibtool-year"><option value="">{text(words["all-years"])}</option>{choices}</select></div>\n'
        "</div>\n"
    )


def _list(cv: PublicationList, options: TargetOptions, words: Mapping[str, str]) -> str:
    """Summary, sections and legend; every line ends in a newline and none is empty."""
    sections, anchors = _anchored(cv)
    parts = [_summary(cv, words)] if options.summary else []
    for section, anchor in sections:
        parts += _section(cv, section, anchor, anchors, options, words)
    if cv.legend:
        lines = "".join(f"<div><dt>{text(line.sign)}</dt><dd>{text(line.text)}</dd></div>" for line in cv.legend)
        parts.append(f'<div class="bibtool-legend"><dl>{lines}</dl></div>\n')
    return "".join(parts)


def _section(
    cv: PublicationList,
    section: Section,
    anchor: str,
    anchors: Anchors,
    options: TargetOptions,
    words: Mapping[str, str],
) -> Iterator[str]:
    if section.heading:
        label = anchors(f"{anchor}-heading")
        yield f'<section class="bibtool-section" id="{anchor}" aria-labelledby="{label}">\n'
        yield f'<h2 id="{label}"{direction(section.heading)}>{text(section.heading)}</h2>\n'
    else:
        yield f'<div class="bibtool-section" id="{anchor}">\n'
    # a list of which only some entries have a number is not an ordered list: browsers would number all of them
    ordered = all(entry.number is not None for entry in section.entries)
    tag = "ol" if ordered else "ul"
    yield f'<{tag} class="csl-bib-body bibtool-list{" bibtool-hanging" if cv.hanging else ""}">\n'
    inline = Output().inline
    for entry in section.entries:
        value = f' value="{entry.number}"' if ordered else ""
        number = "" if ordered or entry.number is None else f'<span class="bibtool-number">{entry.number}.</span> '
        run = no_templates(clean(inline(_run(entry, options))))
        told = status_sentence(entry)
        status = f' <span class="bibtool-status">{text(told)}</span>' if told else ""
        yield (
            f'<li class="bibtool-entry" id="{anchors(entry.key)}"{value} data-year="{entry.year or "none"}">'
            f'<div class="csl-entry"{direction(run)}>{number}{run}{status}'
            f"{_links(entry, run) if options.links and entry.links else ''}</div>{_more(entry)}"
            f"{_abstract(entry, words) if options.abstracts else ''}</li>\n"
        )
    yield f"</{tag}>\n</{'section' if section.heading else 'div'}>\n"


def _run(entry: Entry, options: TargetOptions) -> Run:
    """The reference, its title a link to the first address of the work."""
    address = facts.address(entry, "doi", "arxiv", "url", "pdf") if options.links else ""
    return with_title_link(entry.run, entry.record.title, address) if address else list(entry.run)


def _links(entry: Entry, run: str) -> str:
    """The links after an entry, on its last line; each with a name that is clear without the text around it."""
    title = attribute(entry.record.title)
    has_arxiv = any(link.kind == "arxiv" for link in entry.links)
    links = [_link(link, title, run, has_arxiv=has_arxiv) for link in entry.links]
    return f' <span class="bibtool-links">{" ".join(link for link in links if link)}</span>' if any(links) else ""


def _link(link: Link, title: str, run: str, *, has_arxiv: bool) -> str:
    address = href(link.url)
    if not address:
        return ""
    label = text(link.label)
    on_paper = ""
    if link.kind in _SILENT:
        # the label of the link to arXiv says all that paper needs
        is_said = f">{address}<" in run or (has_arxiv and link.url.startswith("https://arxiv.org/"))
        on_paper = ' class="bibtool-said"' if is_said else ' data-print=""'
    quoted = label.replace('"', "&quot;")
    name = f' aria-label="{quoted}: {title}"' if title else ""
    return f'<a href="{address}"{name}{on_paper}>{label}</a>'


def _more(entry: Entry) -> str:
    """What an entry can be found by though its style does not print it: keywords, names that were left out."""
    names = entry.authors
    missing: list[str] = []
    if names:
        said = "".join([piece for piece in entry.run if piece.__class__ is str])
        missing = [author.name.display() for author in names if (author.name.literal or author.name.family) not in said]
    if not missing and not entry.tags:
        return ""
    return f'<span class="bibtool-more" hidden>{text(", ".join([*entry.tags, *missing]))}</span>'


def _abstract(entry: Entry, words: Mapping[str, str]) -> str:
    """The abstract, folded; its paragraphs are those that empty lines part."""
    lines = inert_lines(entry.record.text("abstract")).split("\n")
    paragraphs = [part for part in " ".join(line.strip() or "\n" for line in lines).split("\n") if part.strip()]
    if not paragraphs:
        return ""
    told = "".join(f"<p{direction(part)}>{text(part.strip())}</p>" for part in paragraphs)
    return f"<details><summary>{text(words['abstract'])}</summary>{told}</details>"


def _summary(cv: PublicationList, words: Mapping[str, str]) -> str:
    summary = cv.summary
    if not summary.total:
        return ""
    kinds = "".join(f"<li>{text(heading)}: {count}</li>" for _, heading, count in summary.by_kind)
    if summary.undated:
        kinds += f"<li>{text(words['undated'])}: {summary.undated}</li>"
    chart = svg_chart(summary.by_year, title=words["papers-a-year"])
    figure = f"<figure>{chart}<figcaption>{text(words['papers-a-year'])}</figcaption></figure>" if chart else ""
    return (
        f'<div class="bibtool-summary"><p>{text(words["publications"])}: {summary.total}</p>'
        f"{f'<ul>{kinds}</ul>' if kinds else ''}{figure}</div>\n"
    )
