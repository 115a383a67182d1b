"""What the settings file says about checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bibtool.settings import setting
from bibtool.structs import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """The table ``[check]``: what to look for.

    ``per_file_ignores`` maps patterns of files to selectors; ``dialect`` is auto, bibtex or biblatex.
    """

    select: tuple[str, ...] = setting("The rules to check, by code.", ())
    ignore: tuple[str, ...] = setting("The rules not to check.", ())
    dialect: str = setting("auto, bibtex or biblatex; without this setting that of [refs], else auto.", "auto")
    per_file_ignores: Mapping[str, tuple[str, ...]] = setting(
        "File pattern = rules not to check there.", {}, kind="table-of-words"
    )
