"""The rules, one a module; `bibtool.check.table` lists them."""

from __future__ import annotations
