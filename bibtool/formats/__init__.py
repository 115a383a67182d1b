"""Readers and writers of bibliographic formats; `bibtool.formats.registry` lists them."""

from __future__ import annotations
