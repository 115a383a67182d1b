"""The command line: the only part that prints, reads the environment, picks default folders and exits."""

from __future__ import annotations
