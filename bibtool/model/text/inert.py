"""Text of records without the characters that act on what is around them."""

from __future__ import annotations

import re

from bibtool.lazy import lazy_pattern
from bibtool.model.text.decode import readable

# explicit directional formatting (UAX #9, table 3): an override turns the rest of the line around. Hebrew and Arabic
# text is set right by the letters themselves, and the marks LRM, RLM and ALM act on nothing else, so they stay.
# Control characters steer terminals and break XML; line separators end lines in places that know only one line.
_ACTING = lazy_pattern("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff]")
_SEPARATORS = lazy_pattern("[\u2028\u2029]")
_TEMPLATE = lazy_pattern(r"\{\{+|\{(?=[%#:])")
_BREAKS = lazy_pattern("[\t\n\u2028\u2029]+")


def inert(text: str) -> str:
    """The text on one line, without control characters and without directional overrides, embeddings and isolates."""
    return text if text.isprintable() else _ACTING.sub("", _BREAKS.sub(" ", text))


def inert_piece(text: str) -> str:
    """The same for a piece of a formatted text: its line breaks and tabs are those of the format."""
    return text if text.isprintable() else readable(_ACTING.sub("", _SEPARATORS.sub(" ", text)))


def no_templates(markup: str) -> str:
    """HTML or Markdown without what Jekyll, Hugo, Jinja and kramdown run where it is pasted into one of their pages.

    The braces are written as references, which both know.
    """
    return _TEMPLATE.sub(lambda braces: "&#123;" * len(braces[0]), markup) if "{" in markup else markup


def workflow_text(text: str) -> str:
    """The text as a message of a workflow command of GitHub, in one line and without commands of its own.

    Source: GitHub's documentation, "Workflow commands"; its runner also obeys ``##[command]`` anywhere in a line.
    """
    text = inert_lines(text.encode("utf-8", "replace").decode("utf-8")).replace("##[", "## [")
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def inert_lines(text: str) -> str:
    """The same for text of several lines, such as an abstract: line breaks and tabs stay."""
    return _ACTING.sub("", re.sub("[\u2028\u2029]", "\n", text.replace("\r\n", "\n")))
