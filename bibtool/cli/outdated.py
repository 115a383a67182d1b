"""``bibtool outdated``; it stands beside ``bibtool refresh``, whose dry run it is."""

from __future__ import annotations

from bibtool.cli.refresh import outdated_command as command

__all__ = ["command"]
