"""The standard streams made safe: closed ones, and readers that go away (``bibtool list | head``)."""

from __future__ import annotations

import contextlib
import io
import os
import sys

from bibtool.errors import InputError, OutputError, UsageError

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Standard streams that can be used whatever the caller did with them, while the block runs.

    Reading from a closed standard input, and writing to a closed standard output, raises an error with a clear
    message. Messages that nobody can read are dropped: a command does not stop in the middle because of them.
    """
    before = sys.stdin, sys.stdout, sys.stderr
    if None in before:  # Python's value for a descriptor that was closed at the start
        _occupy()
        sys.stdin = before[0] or _Closed("standard input is closed")
        sys.stdout = before[1] or _Closed("standard output is closed")
        sys.stderr = before[2] or io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            # bytes that are not text are lone surrogates in Python; as an escape they can be printed, also in JSON
            stream.reconfigure(errors="backslashreplace")
    sys.stderr = _Patient(sys.stderr)
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = before


def harmless(text: str) -> str:
    """The text without what acts on a terminal: a message may quote a file name, a key or a setting of a stranger."""
    if text.isprintable():
        return text
    from bibtool.model.text.inert import inert_lines

    return inert_lines(text)


def one_line(text: str) -> str:
    """The text with single spaces, and no line breaks."""
    return " ".join(text.split())


def tell(text: str, *, end: str = "\n") -> None:
    """Write a text for people to standard error."""
    _write(text + end, err=True)


def put(text: str, *, end: str = "\n") -> None:
    """Write a text to standard output; there is nothing in it that acts on a terminal."""
    _write(text + end, err=False)


def _write(text: str, *, err: bool) -> None:
    stream = sys.stderr if err else sys.stdout
    if getattr(stream, "encoding", None) != "utf-8" or (os.name == "nt" and stream.isatty()):
        import click  # which knows what other encodings, and terminals of Windows, need

        click.echo(text, err=err, nl=False)
        return
    stream.write(text)
    stream.flush()


def complain(message: str, hint: str | None = None) -> None:
    """Say what is wrong, and on a line below it what to do next."""
    text = f"bibtool: {message}"
    if hint:
        text += f"\n  {hint}"
    tell(harmless(text))


def print_json(data: Any) -> None:
    """JSON on standard output, keys in the order given."""
    import json

    put(json.dumps(data, ensure_ascii=False, indent=2))


def put_out(data: bytes) -> None:
    """Write bytes to standard output."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def load_input(path: str) -> bytes:
    """The bytes of a file, or of standard input for "-"."""
    from bibtool.files import load_bytes
    from bibtool.limits import MAX_BYTES

    if path != "-":
        return load_bytes(path)
    stream = sys.stdin.buffer
    if stream.isatty():
        tell("bibtool: reading from the terminal; press Ctrl-D to finish")
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UsageError(f"standard input is larger than {MAX_BYTES >> 20} MiB")
    return data


def silence(stream: Any) -> None:
    """Send what is still to be written to nowhere, so that Python does not complain about it at the end."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        descriptor = stream.fileno()
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, descriptor)
        os.close(null)


def _occupy() -> None:
    """Open the closed ones of the descriptors 0 to 2, lest a file gets one and takes what is printed."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)


class _Closed(io.TextIOBase):
    """A stream that was closed when the program began; its ``buffer`` takes bytes."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, message: str) -> None:
        self.buffer = _ClosedBytes(message)

    def read(self, size: int | None = -1, /) -> str:
        return self.buffer.read(size).decode()

    def write(self, text: str, /) -> int:
        return self.buffer.write(text.encode())


class _ClosedBytes(io.RawIOBase):
    def __init__(self, message: str) -> None:
        self.message = message

    def read(self, size: int | None = -1, /) -> bytes:
        del size
        raise InputError(self.message)

    def write(self, data: Any, /) -> int:
        if data:
            raise OutputError(self.message)
        return 0


class _Patient:
    """Standard error that drops what is written once its reader has gone."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            written: int = self._stream.write(text)
        except BrokenPipeError:
            silence(self._stream)
            return len(text)
        return written

    def flush(self) -> None:
        try:
            self._stream.flush()
        except BrokenPipeError:
            silence(self._stream)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
