"""How languages order their letters, as far as they differ from the alphabet without accents.

The facts are those of CLDR's collation tailorings (https://cldr.unicode.org/index/cldr-spec/collation-guidelines), in a
notation of our own. ``c<č<ć`` makes č and ć letters of their own after all of c, ``y=ü`` lets ü count as y, and
``ä>ae`` as the letters on the right. A digraph such as ``ch`` is a letter like any other.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# What Cyrillic is everywhere: letters whose code points are not where the alphabet has them. A language's own rule for
# the same letter (before the first sign) replaces one of these.
COMMON: Final = (
    "а<ә г=ґ<ғ д<ђ е<є з<ѕ и<і=ї<й<ј к<қ л<љ н<ң<њ о<ө т<ћ у<ү<ұ х<ҳ<һ ч<ҷ<џ "
    "כ=ך מ=ם נ=ן פ=ף צ=ץ ب<پ ج<چ ز<ژ ك=ک<گ ي=ی=ى ه=ة"
)

_CROATIAN = "c<č<ć d<dž=ǆ<đ l<lj=ǉ n<nj=ǌ s<š z<ž"
_NORWEGIAN = "d=đ=ð y=ü=ű z<æ=ä=ę<ø=ö=ő=œ<å=aa"
_CZECH = "c<č h<ch r<ř s<š z<ž"
_HUNGARIAN = (
    "c<cs d<dz<dzs g<gy l<ly n<ny o<ö=ő s<sz t<ty u<ü=ű z<zs "
    "ccs>cscs ddz>dzdz ddzs>dzsdzs ggy>gygy lly>lyly nny>nyny ssz>szsz tty>tyty zzs>zszs"
)
_SWEDISH = "d=đ=ð y=ü=ű z<å<ä=æ=ę<ö=ø=ő=œ=ô"
_TURKISH = "c<ç g<ğ h<ı o<ö s<ş u<ü"

# language, or language and the type of order that BCP 47 names (``de-u-co-phonebk``)
LETTERS: Final[dict[str, str]] = {
    "ar": "ت=ة ء=ا=أ=ؤ=إ=ئ<آ",
    "az": "c<ç e<ə g<ğ h<x<ı k<q o<ö s<ş u<ü z<w",
    "be": "е<ё<є у<ў<ү<ұ",
    "bs": _CROATIAN,
    "cs": _CZECH,
    "cy": "c<ch d<dd f<ff g<ng l<ll p<ph r<rh t<th",
    "da": "d=đ=ð y=ü=ű z<æ=ä<ø=ö=ő<å=aa",
    "de-AT-phonebk": "a<ä o<ö u<ü",
    "de-phonebk": "ä>ae ö>oe ü>ue",
    "dsb": "c<č<ć e<ě h<ch k<ł n<ń r<ŕ s<š<ś z<ž<ź",
    "eo": "c<ĉ g<ĝ h<ĥ j<ĵ s<ŝ u<ŭ",
    "es": "n<ñ",
    "es-trad": "c<ch l<ll n<ñ",
    "et": "s<š<z<ž w<õ<ä<ö<ü",
    "fa": "ء<آ<ا=أ=ؤ=إ=ئ و<ه=ة",
    "fi": "d=đ g=ǥ n=ŋ t=ŧ y=ü z=ʒ<å<ä=æ<ö=ø",
    "fi-trad": "v=w y=ü z=ʒ<å<ä=æ<ö=ø",
    "fil": "n<ñ<ng",
    "fo": _NORWEGIAN,
    "fy": "i=y",
    "gl": "n<ñ",
    "hr": _CROATIAN,
    "hsb": "c<č<ć e<ě h<ch k<ł r<ř s<š z<ž<ź",
    "hu": _HUNGARIAN,
    "is": "a<á d=đ<ð e<é i<í o<ó u<ú y<ý z<þ<æ=ä<ö=ø<å",
    "kk": "е<ё<є у<ұ<ү ы<і=ї и<й<ј",
    "kl": _NORWEGIAN,
    "ku": "c<ç e<ê i<î s<ş u<û",
    "ky": "е<ё<є",
    "lt": "c<č i=y s<š z<ž",
    "lv": "a<ā c<č e<ē g<ģ i<y<ī k<ķ l<ļ n<ņ o<ō r<ŗ s<š u<ū z<ž",
    "mk": "д<ђ<ѓ и=й<і=ї<ј т<ћ<ќ",
    "mt": "b<ċ f<ġ g<għ h<ħ y<ż",
    "nb": _NORWEGIAN,
    "nn": _NORWEGIAN,
    "no": _NORWEGIAN,
    "pl": "a<ą c<ć e<ę l<ł n<ń o<ó s<ś z<ź<ż",
    "ro": "a<ă<â i<î s<ş=ș t<ţ=ț",
    "sk": "a<ä c<č h<ch o<ô r<ř s<š z<ž",
    "sl": "c<č<ć d<đ s<š z<ž",
    "sq": "c<ç d<dh e<ë g<gj l<ll n<nj r<rr s<sh t<th x<xh z<zh",
    "sr": _CROATIAN + " и=й<і=ї<ј",
    "sv": _SWEDISH,
    "sv-trad": "v=w " + _SWEDISH,
    "tk": "c<ç e<ä j<ž n<ň o<ö s<ş u<ü y<ý",
    "tr": _TURKISH,
    "uk": "г<ґ<ғ и<і<ї<й<ј",
    "vi": "a<ă<â d<đ e<ê o<ô<ơ u<ư",
}

# The order of accents where words differ in nothing else: DUCET's, and the tones of Vietnamese
MARKS: Final = "\u0301\u0300\u0306\u0302\u030c\u030a\u0308\u030b\u0303\u0307"
TONES: Final = "\u0300\u0309\u0303\u0301\u0323"

_HAN: Final = ((0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
SCRIPTS: Final[dict[str, tuple[tuple[int, int], ...]]] = {
    "Arab": ((0x0600, 0x06FF), (0x0750, 0x077F)),
    "Armn": ((0x0530, 0x058F),),
    "Beng": ((0x0980, 0x09FF),),
    "Cyrl": ((0x0400, 0x052F), (0x1C80, 0x1C8F), (0xA640, 0xA69F)),
    "Deva": ((0x0900, 0x097F),),
    "Geor": ((0x10A0, 0x10FF),),
    "Grek": ((0x0370, 0x03FF),),
    "Hang": ((0x1100, 0x11FF), (0xAC00, 0xD7AF)),
    "Hani": _HAN,
    "Hebr": ((0x0590, 0x05FF),),
    "Khmr": ((0x1780, 0x17FF),),
    "Thai": ((0x0E00, 0x0E7F),),
}

# The scripts that come before Latin ("reorder")
FIRST_SCRIPTS: Final[dict[str, tuple[str, ...]]] = {
    "ar": ("Arab",), "be": ("Cyrl",), "bg": ("Cyrl",), "bn": ("Beng",), "ce": ("Cyrl",), "el": ("Grek",),
    "fa": ("Arab",), "he": ("Hebr",), "hi": ("Deva",), "hy": ("Armn",), "ka": ("Geor",), "kk": ("Cyrl",),
    "km": ("Khmr",), "ko": ("Hang", "Hani"), "ky": ("Cyrl",), "mk": ("Cyrl",), "mn": ("Cyrl",), "mr": ("Deva",),
    "ne": ("Deva",), "ru": ("Cyrl",), "sr": ("Cyrl",), "tg": ("Cyrl",), "th": ("Thai",), "uk": ("Cyrl",),
    "ur": ("Arab",), "yi": ("Hebr",), "zh": ("Hani",),
}  # fmt: skip
