"""A headless Chromium for tests, driven over a pipe (``--remote-debugging-pipe``), so that no package is needed.

The protocol is that of https://chromedevtools.github.io/devtools-protocol/: JSON, each message ended by a NUL.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import struct
import subprocess
import zlib
from collections import deque
from pathlib import Path
from typing import Any, Self

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE_S = 30  # far longer than anything takes; a test that waits in vain must not hang
PHONE = (390, 844)
DESKTOP = (1280, 900)


def find_chromium() -> str:
    """The program; skips the test where there is none."""
    for name in PROGRAMS:
        if found := shutil.which(name):
            return found
    pytest.skip("Chromium is not installed")


class BrowserError(AssertionError):
    """What Chromium could not do."""


class Browser:
    """One Chromium with one page. Everything that the page asks for, says or runs into is noted."""

    def __init__(self, profile: Path) -> None:
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()
        # Chromium reads commands from descriptor 3 and answers on 4
        script = 'exec 3<&"$1" 4>&"$2"; shift 2; exec "$@"'
        flags = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
            "--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank",
        ]  # fmt: skip
        self._process = subprocess.Popen(
            ["/bin/bash", "-c", script, "bash", str(to_read), str(to_write), find_chromium(), *flags],
            pass_fds=(to_read, to_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(to_read)
        os.close(to_write)
        self._buffer = b""
        self._waiting: deque[dict[str, Any]] = deque()
        self._number = 0
        self._session = ""
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.dialogs: list[str] = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session = ""
        try:
            self.send("Browser.close")
        except (BrowserError, OSError):
            self._process.kill()
        self._process.wait(timeout=30)
        os.close(self._write)
        os.close(self._read)

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            if not select.select([self._read], [], [], PATIENCE_S)[0]:
                raise BrowserError(f"Chromium has said nothing for {PATIENCE_S} s")
            data = os.read(self._read, 1 << 20)
            if not data:
                raise BrowserError("Chromium has ended")
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        self._note(message)
        return message

    def _note(self, message: dict[str, Any]) -> None:
        values = message.get("params", {})
        match message.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(values["request"]["url"])
            case "Log.entryAdded":
                self.complaints.append(f"{values['entry']['text']} {values['entry'].get('url', '')}".strip())
            case "Runtime.exceptionThrown":
                self.complaints.append(str(values["exceptionDetails"]))
            case "Runtime.consoleAPICalled":
                self.complaints.append(f"console.{values['type']}")
            case "Page.javascriptDialogOpening":
                self.dialogs.append(values["message"])
                self._post("Page.handleJavaScriptDialog", accept=True)

    def _post(self, method: str, **values: Any) -> int:
        self._number += 1
        message = {"id": self._number, "method": method, "params": values}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        return self._number

    def send(self, method: str, **values: Any) -> dict[str, Any]:
        """The result of a command of the protocol."""
        number = self._post(method, **values)
        while True:
            message = self._message()
            if message.get("id") == number:
                if "error" in message:
                    raise BrowserError(f"{method}: {message['error']}")
                result: dict[str, Any] = message["result"]
                return result
            self._waiting.append(message)

    def wait_for(self, event: str) -> dict[str, Any]:
        """The values of the next event of that name."""
        while True:
            message = self._waiting.popleft() if self._waiting else self._message()
            if message.get("method") == event:
                found: dict[str, Any] = message["params"]
                return found

    def window(self, size: tuple[int, int], *, dark: bool = False, media: str = "", script: bool = True) -> None:
        """Set the window, the colours that the reader prefers, the medium, and whether scripts run."""
        width, height = size
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=width < 500,
        )  # fmt: skip
        self.send(
            "Emulation.setEmulatedMedia",
            media=media,
            features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}],
        )
        self.send("Emulation.setScriptExecutionDisabled", value=not script)

    def open(self, url: str) -> None:
        """Load an address and wait until it is loaded."""
        self._waiting.clear()
        self.send("Page.navigate", url="about:blank")
        self.wait_for("Page.loadEventFired")
        self.requests.clear()
        self.complaints.clear()
        self.dialogs.clear()
        self._waiting.clear()
        self.send("Page.navigate", url=url)
        self.wait_for("Page.loadEventFired")

    def ask(self, expression: str) -> Any:
        """The value of an expression of JavaScript in the page; a promise is waited for."""
        answer = self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            raise BrowserError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def type(self, words: str) -> None:
        """Type into what has the focus."""
        self.send("Input.insertText", text=words)

    def press(self, key: str, code: int) -> None:
        """Press and release a key that writes nothing, such as Tab (9)."""
        for kind in ("rawKeyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def picture(self, path: Path) -> bytes:
        """A picture of the whole page, written to the path too."""
        data = base64.b64decode(
            self.send("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"], validate=True
        )
        path.write_bytes(data)
        return data

    def paper(self, path: Path) -> bytes:
        """The page as it is printed on A4, written to the path too."""
        values: dict[str, Any] = {"preferCSSPageSize": True, "paperWidth": 8.27, "paperHeight": 11.69}
        data = base64.b64decode(self.send("Page.printToPDF", **values)["data"], validate=True)
        path.write_bytes(data)
        return data


def pixels(png: bytes) -> tuple[int, int, bytes]:
    """Width, height and the bytes of the lines (still filtered): a blank picture has next to no different ones."""
    width, height = struct.unpack(">II", png[16:24])
    at, data = 8, b""
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += length + 12
    return width, height, zlib.decompress(data)
