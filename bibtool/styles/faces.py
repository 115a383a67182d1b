"""What formatting is on: how that of an element, or of the text of a record, changes it, and which marks say so."""

from __future__ import annotations

from bibtool.styles.rich import CLOSE, OPEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from bibtool.styles.rich import Face, Fmt, Mark

USUAL: Final[Face] = ("normal", "normal", "normal", "none", "baseline")

_STYLE_KIND: Final = {"italic": "italic", "oblique": "oblique", "normal": "style-normal"}
_VARIANT_KIND: Final = {"small-caps": "small-caps", "normal": "variant-normal"}
_WEIGHT_KIND: Final = {"bold": "bold", "light": "light", "normal": "weight-normal"}
_DECORATION_KIND: Final = {"underline": "underline", "none": "decoration-none"}
_VALIGN_KIND: Final = {"sup": "sup", "sub": "sub", "baseline": "baseline"}
_OFF: Final = frozenset({"normal", "none", "baseline"})


def switched(fmt: Fmt, face: Face, *, slants: bool) -> tuple[list[Mark], list[Mark], Face]:
    """The marks before and after what has the formatting, and the face between them; ``slants`` where it has italics.

    Nothing is opened that is on already, but superscript and what is alike may be nested.
    """
    known = fmt.known.get((face, slants))
    if known is None:
        known = fmt.known[face, slants] = _switched(fmt, face, slants=slants)
    return known


def _switched(fmt: Fmt, face: Face, *, slants: bool) -> tuple[list[Mark], list[Mark], Face]:
    style, variant, weight, decoration, valign = face
    kinds: list[str] = []
    if fmt.valign and (fmt.valign != valign or fmt.valign not in _OFF):
        valign = fmt.valign
        kinds.append(_VALIGN_KIND[valign])
    if fmt.decoration and (fmt.decoration != decoration or fmt.decoration not in _OFF):
        decoration = fmt.decoration
        kinds.append(_DECORATION_KIND[decoration])
    if fmt.weight and (fmt.weight != weight or fmt.weight not in _OFF):
        weight = fmt.weight
        kinds.append(_WEIGHT_KIND[weight])
    if fmt.variant and (fmt.variant != variant or fmt.variant not in _OFF):
        variant = fmt.variant
        kinds.append(_VARIANT_KIND[variant])
    if fmt.style and (slants or fmt.style in _OFF) and (fmt.style != style or fmt.style not in _OFF):
        style = fmt.style
        kinds.append(_STYLE_KIND[style])
    opening = [OPEN[kind] for kind in kinds]
    return opening, [CLOSE[kind] for kind in reversed(kinds)], (style, variant, weight, decoration, valign)


def toggled(kind: str, face: Face) -> tuple[str, Face]:
    """The kind of mark that formatting of a record's text opens, and the face inside: it toggles what is on."""
    style, variant, weight, decoration, valign = face
    if kind == "italic":
        style = "normal" if style == "italic" else "italic"
        name = _STYLE_KIND[style]
    elif kind == "bold":
        weight = "normal" if weight == "bold" else "bold"
        name = _WEIGHT_KIND[weight]
    elif kind == "smallcaps":
        variant = "normal" if variant == "small-caps" else "small-caps"
        name = _VARIANT_KIND[variant]
    elif kind == "underline":
        decoration = "none" if decoration == "underline" else "underline"
        name = _DECORATION_KIND[decoration]
    elif kind == "no-decoration":
        name = _STYLE_KIND["normal"] if style != "normal" else "variant-normal"
        style = variant = weight = "normal"
    elif kind in ("code", "math"):
        name = kind
    else:
        name = valign = "sup" if kind == "superscript" else "sub"
    return name, (style, variant, weight, decoration, valign)
