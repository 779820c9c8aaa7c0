"""The shared spelling: what changes, what must not, and that doing it twice changes nothing."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from language.normalise import normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ｅｘｉｔ　１２", "Exit 12"),
        ("你好，世界？", "你好,世界?"),
        ("ﾗｰﾒﾝ ｶﾞｽ", "ラーメンガス"),
        ("“Don’t”  ‘walk’", "\"Don't\" 'walk'"),
        ("Wi‑Fi, e‐mail", "Wi-Fi, e-mail"),
        ("①②", "12"),
        ("a\u200bb\ufeffc\u00ad\x07", "abc"),
        ("line\r\nfeed\ttab", "line feed tab"),
        ("  many   spaces  ", "many spaces"),
        ("", ""),
        (" \u3000\n", ""),
        ("cafe\u0301", "café"),
    ],
)
def test_folds_to_one_spelling(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("東 京 タワー", "東京タワー"),
        ("東京 、 大阪 。", "東京、大阪。"),
        ("ＪＲ 線 のりば", "JR 線のりば"),
        ("出口 Exit 出口", "出口 Exit 出口"),
        ("地铁 2 号线", "地铁 2 号线"),
    ],
)
def test_spaces_between_cjk_characters_go_and_others_stay(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize("text", ["저는 학교에 갑니다.", "나가는 곳", "한국 日本 사람", "서울 東京"])
def test_hangul_keeps_its_word_spaces(text: str) -> None:
    assert normalise(text) == text


def test_compatibility_jamo_are_left_alone_but_decomposed_hangul_is_composed() -> None:
    assert normalise("ㅋㅋ 안녕ㅠ") == "ㅋㅋ 안녕ㅠ"
    assert normalise(unicodedata.normalize("NFD", "한국어")) == "한국어"


def test_the_end_mark_of_chinese_and_japanese_stays() -> None:
    assert normalise("終わり。") == "終わり。"


@given(st.text(max_size=40))
@example("か\u309b")
@example("か \u3099")
@example("\u00b4\u00b4 \u1ffe")
@example("`\u0300")
@example("e\u200b\u0301")
@example("ㅎㅏ\u1161")
def test_twice_is_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x2FFFF), max_size=40))
def test_result_has_no_invisible_characters_and_single_spaces(text: str) -> None:
    result = normalise(text)
    assert result == " ".join(result.split())
    assert not [character for character in result if unicodedata.category(character)[0] == "C"]
