"""Publication lists of one person: owner found, works joined, grouped and numbered, written for many targets.

Importing the package is cheap: the public names are loaded at first use (PEP 562).
"""

from __future__ import annotations
