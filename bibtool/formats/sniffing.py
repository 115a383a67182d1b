"""What all sniffers need: the beginning of an input as text."""

from __future__ import annotations


def head_text(head: bytes) -> str:
    """The head as text without BOM and leading blanks; undecodable bytes are replaced. "" for a binary input."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "replace")
    else:
        if b"\0" in head:
            return ""
        text = head.decode("utf-8", "replace")
    return text.lstrip("\ufeff \t\r\n")
