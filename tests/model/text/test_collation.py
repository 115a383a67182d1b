"""Lists of names in the order that their language's readers expect, and what every order has in common."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.model.text import collation as module
from bibtool.model.text.collation import collation, not_ordered
from bibtool.model.text.tailorings import FIRST_SCRIPTS, LETTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

# each list is in the right order
ORDERS = {
    "en-US": "Abel|Ábel|de Witt|Dewar|Hale 2|Hale 10|Muller|Müller|Mulligan|Žižek|Zola|Ильин|張",
    "az-AZ": "Cavid|Çələbi|Elxan|Əliyev|Hacı|Xəlil|Ismayıl|İbrahim|Kərim|Qasım|Oruc|Özal|Zəka|Wagner",
    "be-BY": "Ермакоў|Ёўка|Жук|Іваноў|Йоў|Уладзін|Ўсход|Фядзюк|Zola",
    "bg-BG": "Иванов|Йорданов|Щерев|Ъгълов|Юруков|Adams",
    "ca-ES": "Llop|Lluís|Llull|Mas|Màs|Nadal",
    "cs-CZ": "Cibulka|Čech|Dvořák|Hynek|Chalupa|Ivan|Růžička|Řezník|Sýkora|Šimek|Zeman|Žák",
    "cy-GB": "Cwm|Chwith|Dafydd|Ddol|Evans|Fychan|Ffransis|Gwyn|Ngwenno|Hughes|Lowri|Llwyd|Puw|Phylip|Rhys|Siôn",
    "da-DK": "Abel|Dam|Zahle|Ærø|Ødum|Öhman|Aagaard|Ågård",
    "de-DE": "Mubarak|Müller|Muster|Oder|Öder|Ofen|Strasse|Straße|Strauß",
    "de-DE-u-co-phonebk": "Mubarak|Mueller|Müller|Muffat|Muller",
    "el-GR": "Αλεξίου|Άννινος|Βέης|Ωνάσης|Adams|Zola",
    "eo": "Celo|Ĉapek|Dom|Gusto|Ĝoja|Hundo|Ĥoro|Ido|Jaro|Ĵaŭdo|Suno|Ŝafo|Uzo|Ŭato",
    "es-ES": "Nunez|Núñez|Nz|Ñandu|Oca",
    "es-ES-u-co-trad": "Cuzco|Chaco|Dalí|Luzon|Llano|Nunez|Ñandu",
    "et-EE": "Saar|Suits|Šmuul|Zimmer|Žukov|Tamm|Vaino|Õun|Ärm|Öpik|Üksküla|Xavier",
    "fa-IR": "بهار|پارسا|تهرانی|جلالی|چوبک|حسینی|زرین|ژاله|سعدی|کریمی|گلستان|لاری|ورزی|هدایت|یوشیج",
    "fi-FI": "Virta|Ylönen|Yrjö|Zetterberg|Åkerblom|Ärjänne|Öhman",
    "fr-FR": "cote|coté|Côté|côtelette|Écrin|Effel|Zay",
    "he-IL": "אבן|ברק|כהן|לוי|מלך|שלום|תמיר|Adams",
    "hr-HR": "Cesar|Čavka|Ćosić|Dragan|Džaja|Đurić|Emil|Lovrić|Ljubić|Nušić|Njegoš|Sever|Šimić|Zec|Žanić",
    "hu-HU": "Cukor|Csaba|Dudás|Dzeta|Dzsida|Gulyás|Gyula|Lukács|Lyka|Nagy|Nyíri|Orosz|Ökrös|Ősi|Szűcs|Tót|Tyúk|Zsolt",
    "hy-AM": "Աբեղյան|Բակունց|Րաֆֆի|Օհան|Adams",
    "is-IS": "Aron|Árni|Birna|Davíð|Ðóra|Edda|Élías|Ylfa|Ýmir|Zoëga|Þóra|Ægir|Örn|Åse",
    "ja-JP": "Adams|ああい|あおき|カーン|かいの|ガウス|さとう|川村|田中|林",
    "ka-GE": "აბაშიძე|ბარათაშვილი|ჯავახიშვილი|Adams",
    "kk-KZ": "Абай|Әуезов|Еркін|Қасым|Лев|Ұлан|Үсен|Ыбырай|Іле|Adams",
    "ko-KR": "강감찬|김유신|박은식|이순신|정약용|허균|Adams",
    "lt-LT": "Cvirka|Čiurlionis|Ylius|Indra|Iz|Jonas|Sruoga|Šatrija|Zuokas|Žemaitė",
    "lv-LV": "Alunāns|Āboliņš|Bels|Cielēns|Čaks|Kuzmins|Ķelpe|Lūsis|Ļaudis|Nora|Ņikita|Zariņš|Žuks",
    "mk-MK": "Дамев|Ѓорче|Елин|Змеев|Ѕвездан|Илин|Јанев|Тошев|Ќосев|Умов|Џамбаз|Adams",
    "mt-MT": "Borġ|Ċini|Cassar|Falzon|Ġorġ|Gatt|Għigo|Hili|Ħaż|Ilario|Vella|Żahra|Zammit",
    "nb-NO": "Dahl|Yttri|Zapffe|Ærlig|Ødegård|Ås|Aasen",
    "nn-NO": "Dyrø|Zimmer|Æsop|Øygard|Årdal",
    "pl-PL": "Azja|Ąkos|Bem|Cybis|Ćwik|Ezop|Ępa|Lutosz|Łabuz|Nysa|Ńko|Ozga|Ósmy|Syrop|Śmiały|Zyzak|Źrebak|Żuk",
    "ro-RO": "Azur|Ăla|Ânca|Barbu|Izvor|Înalt|Jora|Stan|Șerban|Tzara|Țepeș|Urs",
    "ru-RU": "Горький|Елин|Ёлкин|Емелин|Жуков|Ильин|Йоффе|Щукин|Яров|Adams|Zola",
    "sk-SK": "Cibák|Čech|Hruška|Chalupka|Ilko|Ozábal|Ôsmy|Pavol|Sloboda|Škult|Zúbek|Žiak",
    "sl-SI": "Cvetko|Čop|Drago|Sever|Šalamun|Zupan|Žagar",
    "sq-AL": "Cufi|Çabej|Dushku|Dhimo|Emin|Ëngjëll|Gusho|Gjergj|Hoxha|Luan|Llazar|Nushi|Njazi|Sulo|Shala|Thoma|Zhuli",
    "sr-RS": "Дучић|Ђурић|Ерић|Јакшић|Лукић|Љубић|Нушић|Његош|Тодић|Ћопић|Усков|Цвијић|Чолић|Џонић|Шантић|Adams",
    "sv-SE": "Vinge|Wahl|Zorn|Åberg|Ärlig|Ærø|Öberg|Ødum",
    "th-TH": "กมล|เกษม|ขจร|จันทร์|แดง|ธรรม|ใหม่|Adams",
    "tr-TR": "Cumalı|Çağlar|Gürsel|Ğ|Hikmet|Ilgaz|Işık|İnce|İpek|Oktay|Öz|Süreya|Şener|Uyar|Ünal",
    "uk-UA": "Гончар|Ґалаґан|Драч|Енко|Єфремов|Жук|Ивко|Іваненко|Їжак|Йосипенко|Юрченко|Adams",
    "vi-VN": "An|Ăn|Ân|Dung|Đa|Em|Êban|Ma|Mà|Mả|Mã|Má|Mạ|Ông|Ơn|Uy|Ưng",
    "zh-CN": "陈|李|王|张|赵|Adams|Smith",
    "zh-TW": "丁|王|林|張|陳|趙|Adams",
}  # fmt: skip


@pytest.mark.parametrize("lang", ["en-US", "fr-FR", "th-TH", "cs-CZ"])
@pytest.mark.parametrize(
    "texts",
    ["2|2-3|2b|10|11-12|100", "1914–1918|1939", "3.9|3.10|3.11.2|4", "9,999|10,000|20,000|100,000", "5/6|12|13 & 14"],
)
def test_numbers_with_marks_between_them_are_several(lang: str, texts: str) -> None:
    wanted = texts.split("|")
    backwards = wanted[::-1]
    key: Any = collation(lang)
    assert sorted(backwards, key=key) == wanted


@pytest.fixture(autouse=True)
def without_icu(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The tables are tested, on machines with PyICU as well."""
    monkeypatch.setattr(module, "_icu", lambda: None)
    collation.cache_clear()
    yield
    collation.cache_clear()


@pytest.mark.parametrize("lang", ORDERS)
def test_order_of_a_language(lang: str) -> None:
    names = ORDERS[lang].split("|")
    shuffled = names.copy()
    random.Random(lang).shuffle(shuffled)
    key: Any = collation(lang)
    assert sorted(shuffled, key=key) == names


@pytest.mark.parametrize(
    ("lang", "same"),
    [
        ("en-US", ("O'Brien", "OBrien")),
        ("ja-JP", ("カタカナ", "かたかな")),
        ("sv-SE", ("Ärlig", "Ærlig")),
        ("lt-LT", ("Ylius", "Ilius")),
        ("da-DK", ("Aage", "Åge")),
        ("hu-HU", ("Loccsan", "Locscsan")),
        ("he-IL", ("ך", "כ")),
    ],
)
def test_letters_that_count_as_the_same(lang: str, same: tuple[str, str]) -> None:
    key: Any = collation(lang)
    assert key(same[0])[0] == key(same[1])[0]


def test_digraphs_do_not_reach_over_a_hyphen() -> None:
    key: Any = collation("hu-HU")
    assert key("Kis-Zoltán")[0] == key("Kis-Zoltan")[0] < key("Kisz")[0]
    assert key("Kis-Zzz")[0] < key("Kisza")[0]


def test_all_rules_are_read() -> None:
    for lang in {*LETTERS, *FIRST_SCRIPTS}:
        assert collation(lang)("Añ 12 ж")


@pytest.mark.parametrize(
    ("lang", "texts", "char"),
    [
        ("zh-CN", ["张三", "Smith"], ""),
        ("zh-CN", ["张三", "张玥"], "玥"),
        ("zh-TW", ["張三"], ""),
        ("ko-KR", ["김유신"], ""),
        ("ko-KR", ["金庾信"], "金"),
        ("ja-JP", ["玥"], ""),
        ("en-US", ["玥"], ""),
        ("zh-CN", [], ""),
    ],
)
def test_what_only_icu_can_order(lang: str, texts: list[str], char: str) -> None:
    assert not_ordered(lang, texts) == char


words = st.lists(st.text(alphabet="aåäzčchszșñйиꙇІїあア张玥김 -'1209ÅǆßİıÝ\u0301\U0001d400", max_size=7), max_size=8)


@pytest.mark.slow
@given(words, st.sampled_from([*ORDERS, "", "x", "de-u-co-", "und"]), st.randoms(use_true_random=False))
def test_order_does_not_depend_on_the_input_order(texts: list[str], lang: str, chance: random.Random) -> None:
    key: Any = collation(lang)
    shuffled = texts.copy()
    chance.shuffle(shuffled)
    assert sorted(map(key, texts)) == sorted(map(key, shuffled))
    assert [key(text) for text in sorted(texts, key=key)] == [key(text) for text in sorted(shuffled, key=key)]


@pytest.mark.slow
@given(st.text(max_size=20), st.sampled_from(list(ORDERS)))
def test_any_text_has_a_key_and_case_does_not_matter(text: str, lang: str) -> None:
    key: Any = collation(lang)
    if lang not in ("tr-TR", "az-AZ"):
        assert key(text) == key(text.casefold())
    assert key(text) < key(text + "z") or not key("z" + text)[0].startswith("z")
