"""The tables that tell languages apart are made from a few texts here, as they are from many."""

import numpy as np
import pytest

from language.han import HAN, foreign_characters, han_odds
from language.latin import LATIN, latin_groups, latin_odds
from language.training.group_weights import Sample, fit
from language.training.identifier import (
    chinese_scripts,
    is_all_han,
    joined,
    pieces,
    read_others,
    without_accents,
)

TEXTS = {
    "en": ["the way out", "please wait here", "no smoking"],
    "es": ["la salida de emergencia", "espere aquí por favor", "prohibido fumar"],
    "fr": ["la sortie de secours", "attendez ici s'il vous plaît", "défense de fumer"],
    "de": ["der Notausgang", "bitte hier warten", "rauchen verboten"],
}
OTHERS = {"it": ["uscita di emergenza", "vietato fumare"], "pl": ["wyjście", "zakaz palenia"]}


def samples() -> list[Sample]:
    ours = [Sample(latin_groups(text), {code: 1.0}) for code, text in pieces(TEXTS, 1500, 1)]
    return ours + [Sample(latin_groups(text), {"other": 1.0}) for text in joined(OTHERS, 400, 2)]


def test_a_table_tells_what_it_was_made_from() -> None:
    table = fit(samples(), LATIN, zero="other", rows=1 << 12, epochs=2)
    for code, texts in TEXTS.items():
        for text in texts:
            odds = latin_odds(text, table)
            assert max(odds, key=lambda name: odds[name]) == code
            assert odds[code] > 0
    assert all(value < 0 for texts in OTHERS.values() for text in texts for value in latin_odds(text, table).values())


def test_the_same_texts_make_the_same_table() -> None:
    first, second = (fit(samples(), LATIN, zero="other", rows=1 << 8, epochs=1) for _ in range(2))
    assert np.array_equal(first.units, second.units)
    assert not first.units.flags.writeable


def test_a_text_of_two_languages_speaks_for_both() -> None:
    both = [Sample(["好"], {"zh-Hans": 0.5, "zh-Hant": 0.5})] * 200 + [Sample(["駅"], {"ja": 1.0})] * 200
    table = fit(both, HAN, zero=None, rows=1 << 8, epochs=2)
    odds = table.score(["好"])
    assert odds["zh-Hans"] == pytest.approx(odds["zh-Hant"], abs=0.3)
    assert odds["zh-Hans"] > odds["ja"]
    assert han_odds("駅駅", table)["ja"] > 0


def test_pieces_are_words_in_a_row_of_one_text_of_their_language() -> None:
    for code, piece in pieces(TEXTS, 200, 3):
        bare = [without_accents(text) for text in TEXTS[code]]
        assert any(piece in text for text in (*TEXTS[code], *bare))
        assert 1 <= len(piece.split()) <= 6


def test_accents_are_dropped_and_letters_stay() -> None:
    assert without_accents("Défense à l'Ñandú größer") == "Defense a l'Nandu großer"


def test_the_script_of_a_chinese_text_is_told_by_what_it_lacks() -> None:
    assert chinese_scripts("营业时间") == ("zh-Hans",)
    assert chinese_scripts("營業時間") == ("zh-Hant",)
    assert chinese_scripts("你好") == ("zh-Hans", "zh-Hant")
    assert foreign_characters("你好", "ja") == 1


def test_only_han_is_all_han() -> None:
    assert is_all_han("出口 3")
    assert not any(map(is_all_han, ("口", "出口の", "A出口", "3")))


def test_the_other_languages_are_none_of_ours() -> None:
    others = read_others()
    assert len(others) >= 15
    assert not others.keys() & set(LATIN)
    assert all(text.strip() == text and text for texts in others.values() for text in texts)
