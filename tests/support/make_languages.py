"""Makes `bibtool.model.normal.languagedata`: names of languages and words for months.

Sources: the locale files of LaTeX's babel (``babel-*.ini``: ``name.babel``, ``tag.bcp47``), ISO 639-2 as the language
aliases of CLDR, and CLDR's month names by way of the Python package Babel. Run it where TeX Live and Babel are
installed: ``python -m tests.support.make_languages``.
"""

from __future__ import annotations

import re
import subprocess
import textwrap
from collections import defaultdict
from pathlib import Path

from bibtool.model.monthnames import MONTH_NAMES

OUT = Path(__file__).parents[2] / "bibtool" / "model" / "normal" / "languagedata.py"
HEAD = '''"""Names of languages and words for months. Generated; do not edit.

Made by ``python -m tests.support.make_languages`` from the locale files of LaTeX's babel, and from CLDR.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

'''
# languages whose month names are known: those of biblatex's localisation modules, and the most written others
MONTH_LANGUAGES = (
    "en de fr es it pt nl da sv nb nn fi is et lv lt pl cs sk sl hr sr sr_Latn bs mk bg ru uk be ro hu el tr he ar fa "
    "ur hi mr bn th vi id ms ca gl eu ga cy la eo af sq hy ka kk uz az"
).split()
# names that babel gives to several locales or that its locale files don't have
_BABEL_OWN = (
    "english:en american:en-US usenglish:en-US british:en-GB ukenglish:en-GB canadian:en-CA australian:en-AU "
    "newzealand:en-NZ german:de ngerman:de germanb:de austrian:de-AT naustrian:de-AT swissgerman:de-CH "
    "nswissgerman:de-CH french:fr francais:fr frenchb:fr acadian:fr-CA canadien:fr-CA spanish:es italian:it "
    "portuguese:pt portuges:pt brazilian:pt-BR brazil:pt-BR dutch:nl danish:da swedish:sv norwegian:nb norsk:nb "
    "nynorsk:nn finnish:fi icelandic:is estonian:et latvian:lv lithuanian:lt polish:pl czech:cs slovak:sk slovene:sl "
    "slovenian:sl croatian:hr serbian:sr-Latn serbianc:sr-Cyrl bulgarian:bg russian:ru ukrainian:uk romanian:ro "
    "hungarian:hu magyar:hu greek:el polutonikogreek:el-polyton hebrew:he arabic:ar persian:fa farsi:fa turkish:tr "
    "japanese:ja korean:ko chinese:zh catalan:ca basque:eu galician:gl latin:la welsh:cy irish:ga scottish:gd "
    "vietnamese:vi thai:th hindi:hi marathi:mr esperanto:eo interlingua:ia breton:br albanian:sq bahasa:id "
    "indonesian:id bahasai:id indon:id bahasam:ms malay:ms melayu:ms belarusian:be macedonian:mk armenian:hy "
    "georgian:ka samin:se "
    "friulan:fur romansh:rm piedmontese:pms occitan:oc afrikaans:af uppersorbian:hsb lowersorbian:dsb usorbian:hsb "
    "lsorbian:dsb ancientgreek:grc bosnian:bs mongolian:mn azerbaijani:az kurmanji:kmr turkmen:tk"
).split()


def babel_names() -> dict[str, str]:
    """Babel's names -> tag, its own first."""
    names = dict(word.split(":") for word in _BABEL_OWN)
    folder = Path(subprocess.check_output(["kpsewhich", "babel.sty"], text=True).strip()).parent / "locale"
    for path in sorted(folder.glob("*/babel-*.ini")):
        text = path.read_text("utf-8")
        babel = re.search(r"^name\.babel *= *(.+)$", text, re.MULTILINE)
        tag = re.search(r"^tag\.bcp47 *= *(\S+)$", text, re.MULTILINE)
        english = re.search(r"^name\.english *= *(.+)$", text, re.MULTILINE)
        if tag is None:
            continue
        for name in (babel[1].split() if babel else []) + ([english[1].strip()] if english else []):
            if re.fullmatch(r"[A-Za-z]+", name):
                names.setdefault(name.casefold(), tag[1])
    return names


def three_letters() -> dict[str, str]:
    """ISO 639-2 codes (both kinds) -> two-letter tag."""
    from babel.core import get_global

    aliases = get_global("language_aliases")
    return {code: tag for code, tag in sorted(aliases.items()) if re.fullmatch("[a-z]{3}", code) and len(tag) == 2}


def month_words() -> list[str]:
    """For each month its words in all languages; a word of two months is left out, English wins."""
    from babel import Locale

    meanings: dict[str, set[int]] = defaultdict(set)
    for language in MONTH_LANGUAGES:
        try:
            months = Locale.parse(language).months
        except Exception:  # noqa: BLE001  # a language that CLDR doesn't have
            continue
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    word = name.strip().strip(".").casefold()
                    if len(word) > 2 and all(char.isalpha() or not char.isascii() for char in word):
                        meanings[word].add(number)
    latin = "ianuarius februarius martius aprilis maius iunius iulius augustus september october november december"
    for number, word in enumerate(latin.split(), start=1):
        meanings[word].add(number)
    english = {name.casefold() for name in MONTH_NAMES} | {name[:3].casefold() for name in MONTH_NAMES}
    rows: list[list[str]] = [[] for _ in range(12)]
    for word, numbers in sorted(meanings.items()):
        if len(numbers) == 1 and word not in english and " " not in word:
            rows[numbers.pop() - 1].append(word)
    return [" ".join(row) for row in rows]


def _wrapped(words: str, indent: str) -> str:
    lines = textwrap.wrap(words, 112 - len(indent), break_on_hyphens=False, break_long_words=False)
    return "\n".join(f'{indent}"{line}{" " if line is not lines[-1] else ""}"' for line in lines)


def main() -> None:
    """Write the module."""
    names = " ".join(f"{name}:{tag}" for name, tag in babel_names().items())
    codes = " ".join(f"{code}:{tag}" for code, tag in three_letters().items())
    parts = [
        HEAD,
        f"BABEL_NAMES: Final = (\n{_wrapped(names, '    ')}\n)\n\n",
        f"ISO_639_2: Final = (\n{_wrapped(codes, '    ')}\n)\n\n",
        "# by month; words that mean two months in two languages are left out\nMONTH_WORDS: Final = (\n",
        *(f"    (\n{_wrapped(row, '        ')}\n    ),\n" for row in month_words()),
        ")\n",
    ]
    OUT.write_text("".join(parts), "utf-8")


if __name__ == "__main__":
    main()
