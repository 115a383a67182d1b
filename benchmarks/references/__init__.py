"""Training and measuring of the model that reads formatted references; `train` says how."""

from __future__ import annotations
