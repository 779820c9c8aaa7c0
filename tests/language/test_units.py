"""The units of a lexicon: the same when it is learnt and when it is used."""

import pytest

from language.units import KEPT, RUN, WORD, chunks, cut, phrase_key, plain, related, run_key, words


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Abierto 24 horas", "es", [(WORD, "Abierto"), (KEPT, "24"), (WORD, "horas")]),
        ("재고 3개 남음", "ko", [(RUN, "재고"), (KEPT, "3"), (RUN, "남음")]),
        ("6月30日まで", "ja", [(KEPT, "6月"), (KEPT, "30日"), (RUN, "まで")]),
        ("10時間", "ja", [(KEPT, "10"), (RUN, "時間")]),
        ("Wi-Fi 使えます。", "ja", [(WORD, "Wi-Fi"), (RUN, "使えます")]),
        ("3e étage", "fr", [(KEPT, "3e"), (WORD, "étage")]),
        ("¥1,200 (10:30-18:00) B2", "en", [(KEPT, "¥1,200"), (KEPT, "10:30-18:00"), (KEPT, "B2")]),
        ("Hinaus \ue010", "de", [(WORD, "Hinaus"), (KEPT, "\ue010")]),
    ],
)
def test_a_text_falls_into_words_runs_and_what_is_kept(
    text: str, language: str, expected: list[tuple[str, str]]
) -> None:
    assert list(chunks(text, language)) == expected


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Don't feed the dogs", "dont feed the dogs"),
        ("Please do not run.", "please dont run"),
        ("I don't know", "i not know"),
        ("You can't, we won't", "you can not we will not"),
        ("They're Tom's", "they are tom 's"),
        ("DO NOT ENTER", "dont enter"),
    ],
)
def test_english_is_spelled_out_and_a_prohibition_is_a_word_of_its_own(text: str, key: str) -> None:
    assert phrase_key(text, "en") == key


def test_french_articles_are_words_of_their_own() -> None:
    assert words("l'eau", "fr") == ["l'", "eau"]
    assert phrase_key("Prenez l'ascenseur jusqu'au 3e", "fr") == "prenez l' ascenseur jusqu' au"


def test_a_run_is_cut_where_the_costs_are_least() -> None:
    costs = {"研究": 5.0, "研究生": 7.0, "生": 6.0, "命": 8.0, "生命": 6.0, "起源": 6.0}
    assert [unit.key for unit in cut("研究生命起源", costs.get, "zh")] == ["研究", "生命", "起源"]


def test_characters_that_no_key_covers_are_one_unknown_unit() -> None:
    units = cut("丁卯出口", {"出口": 5.0}.get, "zh")
    assert [(unit.surface, unit.known) for unit in units] == [("丁卯", False), ("出口", True)]


def test_a_korean_word_may_begin_without_a_space_before_it() -> None:
    costs = {"▁화장실": 8.0, "▁사용": 7.0, "▁금지": 7.0, "은": 3.0}
    units = cut(run_key("화장실사용금지", "ko"), costs.get, "ko")
    assert [unit.key for unit in units] == ["▁화장실", "▁사용", "▁금지"]
    assert all(unit.begins for unit in units)
    particle = cut(run_key("화장실은 금지", "ko"), costs.get, "ko")
    assert [(unit.key, unit.begins) for unit in particle] == [("▁화장실", True), ("은", False), ("▁금지", True)]


def test_unknown_korean_words_do_not_run_into_each_other() -> None:
    nothing: dict[str, float] = {}
    units = cut(run_key("쀍뀗 뛟", "ko"), nothing.get, "ko")
    assert [(unit.surface, unit.begins) for unit in units] == [("쀍뀗", True), ("뛟", True)]


def test_accents_go_and_hangul_stays_composed() -> None:
    assert plain("pâté") == "pate"
    assert plain("학교") == "학교"


@pytest.mark.parametrize(
    ("word", "language", "form"),
    [
        ("protégez", "fr", "proteger"),
        ("hablen", "es", "hablar"),
        ("dámelas", "es", "dame"),
        ("monitore", "de", "monitor"),
    ],
)
def test_other_forms_of_a_word_are_tried_and_short_stems_are_not(word: str, language: str, form: str) -> None:
    assert any(form in keys for keys in related(word, language))
    assert all(len(keys[0]) >= 4 for keys in related(word, language))
