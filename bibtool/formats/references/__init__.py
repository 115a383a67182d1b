"""Reader of formatted references: a pasted bibliography, in whatever style it was set."""

from __future__ import annotations
