"""The keys of records: in which form they are compared, and which can't be stored."""

from __future__ import annotations

from bibtool.errors import UsageError

MAX_KEY_LENGTH = 255
ALIAS = "alias"  # the kind of an alias among the identifiers; `identifiers_of` doesn't give it: it tells no work


def fold_key(key: str) -> str:
    """The form in which keys are compared: composed (NFC), without case, and always encodable; accents count."""
    if key.isascii():
        return key.lower()
    import unicodedata  # few keys need it

    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", key).casefold())
    return folded.encode("utf-8", "backslashreplace").decode("utf-8")


def key_fault(key: str) -> str:
    """Why a key can't be stored, or "": it must be printable in one line, not too long, without spaces at its ends."""
    if not key:
        return "the record has no key"
    if len(key) > MAX_KEY_LENGTH:
        return f"the key {key[:40]!r}... is longer than {MAX_KEY_LENGTH} characters"
    if not key.isprintable() or key != key.strip():
        return f"the key {key!r} has spaces at its ends or characters that can't be printed"
    return ""


def check_key(key: str) -> None:
    """Raise `UsageError` for a key that can't be stored."""
    if fault := key_fault(key):
        raise UsageError(fault)
