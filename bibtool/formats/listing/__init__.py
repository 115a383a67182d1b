"""Reader of publication listings that were pasted as text from a web page."""

from __future__ import annotations
