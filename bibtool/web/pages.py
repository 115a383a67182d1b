"""What all pages of HTML share: escaping, styles and scripts by hash, and anchors."""

from __future__ import annotations

from functools import cache
from html import escape
from itertools import chain, count
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from bibtool.lazy import lazy_pattern
from bibtool.model.text.inert import inert
from bibtool.model.text.inert import no_templates as _no_templates

if TYPE_CHECKING:
    from collections.abc import Callable, Container

# noncharacters (Unicode, 23.7) are an error in HTML; half of a surrogate pair can't be encoded
_NO_CHARACTER: Final = lazy_pattern(
    "[\ud800-\udfff\ufdd0-\ufdef" + "".join(f"{chr(n << 16 | 0xFFFE)}{chr(n << 16 | 0xFFFF)}" for n in range(17)) + "]"
)
# the scripts that run from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko ... and their presentation forms
_RIGHT_TO_LEFT: Final = lazy_pattern(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_ANCHOR: Final = lazy_pattern(r"[^\w.:~-]+")
_NOT_IN_ADDRESS: Final = lazy_pattern(r"[\x00-\x20\x7f-\x9f\"<>\\^`{|}\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_LANGUAGE: Final = lazy_pattern(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_RTL_LANGUAGES: Final = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"})
# a page that allows no inline style knows the same formats as classes; text has no "<", so only tags are meant
_STYLED: Final = (
    ("font-style:normal;", "style-normal"),
    ("font-variant:small-caps;", "small-caps"),
    ("font-variant:normal;", "variant-normal"),
    ("font-weight:lighter;", "light"),
    ("font-weight:normal;", "weight-normal"),
    ("text-decoration:underline;", "underline"),
    ("text-decoration:none;", "decoration-none"),
)


no_templates = _no_templates  # for all that writes pages, as the other functions here


def clean(markup: str) -> str:
    """Text or finished markup on one line, without characters that act on their surroundings or are not allowed there.

    No tag of ours has such a character, so that nothing can be taken out of one.
    """
    return markup if markup.isprintable() else _NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", inert(markup))


def text(value: str) -> str:
    """Text for use between tags."""
    return no_templates(escape(clean(value), quote=False))


def attribute(value: str) -> str:
    """Text for use in an attribute, between double quotes."""
    return text(value).replace('"', "&quot;")


def href(url: str) -> str:
    """The address for the attribute of that name, or "" where it is not one of the web."""
    if not url.startswith(("https://", "http://")):
        return ""
    return attribute(_NOT_IN_ADDRESS.sub(lambda match: quote(match[0], errors="replace"), url))


def direction(value: str) -> str:
    """`` dir="auto"`` where the text has letters that run from right to left, else ""."""
    return "" if value.isascii() or not _RIGHT_TO_LEFT.search(value) else ' dir="auto"'


def language(tag: str) -> str:
    """The attributes ``lang``, and ``dir`` for a language that runs from right to left; English for no BCP 47 tag."""
    tag = tag if _LANGUAGE.fullmatch(tag) else "en"
    return f'lang="{tag}"' + (' dir="rtl"' if tag.partition("-")[0].lower() in _RTL_LANGUAGES else "")


def classes_for_styles(markup: str) -> str:
    """Markup of `bibtool.styles.output.html` with classes of ``_base.css`` in place of inline styles."""
    if 'style="' in markup:
        for style, name in _STYLED:
            markup = markup.replace(f'<span style="{style}">', f'<span class="bibtool-{name}">')
    return markup


def free_name(name: str, taken: Container[str], form: str = "{}-{}", fold: Callable[[str], str] = str) -> str:
    """The name, or the first of name-2, name-3 ... of which ``fold`` makes nothing that is taken."""
    numbered = (form.format(name, number) for number in count(2))
    return next(candidate for candidate in chain([name], numbered) if fold(candidate) not in taken)


class Anchors:
    """Gives anchors: fit for an id and an address, and each only once on a page."""

    def __init__(self, *taken: str) -> None:
        self._taken = set(taken)

    def __call__(self, wanted: str) -> str:
        """The wanted anchor, with a number after it where it is taken."""
        anchor = wanted if wanted.isascii() and wanted.isidentifier() else _ANCHOR.sub("-", wanted).strip("-")
        anchor = free_name(anchor or "entry", self._taken)
        self._taken.add(anchor)
        return anchor


@cache
def asset(name: str) -> str:
    """A style sheet or script that is shipped with this module."""
    import pkgutil

    data = pkgutil.get_data("bibtool.web", name)
    assert data is not None
    return data.decode("utf-8").replace("\r\n", "\n").strip("\n")


@cache
def source_hash(source: str) -> str:
    """How a Content-Security-Policy names an inline style or script (CSP 3, section 2.3.1)."""
    import base64
    import hashlib

    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"
