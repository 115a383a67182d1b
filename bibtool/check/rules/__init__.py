"""The rules, those of one subject in one module; `bibtool.check.table` lists the modules."""

from __future__ import annotations
