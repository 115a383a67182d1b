"""What a source is: a description that says how to ask for identifiers, and how to read what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from bibtool.enrich.sources.facts import no_facts
from bibtool.structs import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bibtool.enrich.sources.facts import Facts
    from bibtool.model.record import Record

    Reader: TypeAlias = "Callable[[bytes, str], Sequence[Record]]"
    """The records of some bytes in a format, by its name; raises `InputError`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One service, described.

    ``name`` is its name in settings and provenance, ``title`` the one in messages. ``variable`` is the identifier that
    it knows works by; at most ``batch`` of them are asked for at once. ``question`` is what follows the address of the
    service, ``body`` what is sent to it, if anything is. ``split`` gives the part of an answer for each identifier that
    was asked for, to be kept; it raises `NetworkError` for a body that is not an answer. Its argument ``moved`` says
    that the answer came from another address. ``format`` names the format of such a part, ``facts`` reads what a record
    can't hold.

    A source that can search has ``words_of``: what it is asked for a record, "" for nothing. The part of its answer is
    a list of parts in ``format``.

    ``delay_s``: seconds between requests of somebody who names no address, ``polite_delay_s`` of somebody who does.
    """

    name: str
    title: str
    url: str
    format: str
    question: Callable[[Sequence[str]], str]
    split: Callable[[bytes, Sequence[str], bool], Mapping[str, bytes]]
    variable: str = ""
    body: Callable[[Sequence[str]], bytes] | None = None
    words_of: Callable[[Record], str] | None = None
    batch: int = 1
    delay_s: float = 1.0
    polite_delay_s: float = 1.0
    accept: str = "application/json"
    facts: Callable[[bytes], Facts] = no_facts
    single: Callable[[str], bool] = lambda _: False
    """Whether an identifier can't be in a batch."""
    lists_lack_aliases: bool = False
    """Whether an identifier that is missing in a batch may yet be known, under another identifier."""
    knows: Callable[[str], bool] = lambda _: False
    """Whether it may know an identifier as `bibtool.enrich.sources.ids` writes it, where ``variable`` is not enough."""
    is_list: bool = False
    """Whether every answer is a list: then a status 404 is a wrong address, and not the absence of a work."""
    key_header: str = ""
    """The header in which the user's key is sent."""
    key_parameter: str = ""
    """The parameter of the address in which it is sent."""
    needs_key: bool = False
    """Whether it can't be asked without a key."""


def searching(
    source: Source,
    question: Callable[[Sequence[str]], str],
    split: Callable[[bytes, Sequence[str], bool], Mapping[str, bytes]],
    words_of: Callable[[Record], str],
    **more: Any,
) -> Source:
    """The same service, asked for one work in words."""
    return replace(
        source,
        name=f"{source.name}-search",
        question=question,
        split=split,
        words_of=words_of,
        variable="",
        body=None,
        batch=1,
        single=lambda _: False,
        knows=lambda _: False,
        lists_lack_aliases=False,
        **{"is_list": True, **more},
    )
