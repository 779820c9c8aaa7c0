import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.identify import count_scripts, identify, is_language


def test_scripts_are_counted_by_letter() -> None:
    assert count_scripts("出口 Exit 출구 トイレ 3 Привет ทางออก") == {
        "Han": 2,
        "Latin": 4,
        "Hangul": 2,
        "Kana": 3,
        "Cyrillic": 6,
        "Thai": 6,
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("화장실", "ko"),
        ("LG전자 서비스센터", "ko"),
        ("お手洗い", "ja"),
        ("コインロッカー", "ja"),
        ("東京駅", "ja"),
        ("営業時間", "ja"),
        ("营业时间", "zh-Hans"),
        ("请勿吸烟", "zh-Hans"),
        ("營業時間", "zh-Hant"),
        ("請勿觸摸", "zh-Hant"),
        ("Please wait here to be seated", "en"),
        ("Caution: the floor is wet", "en"),
        ("Prohibido el paso a toda persona", "es"),
        ("No pise el césped, por favor", "es"),
        ("Défense de stationner devant le portail", "fr"),
        ("Veuillez refermer la porte derrière vous", "fr"),
        ("Bitte nicht stören", "de"),
        ("Halten Sie die Tür geschlossen", "de"),
    ],
)
def test_a_language_is_told_by_its_letters_and_words(text: str, code: str) -> None:
    guess = identify(text)
    assert guess.code == code
    assert guess.certainty > 0.6


@pytest.mark.parametrize("text", ["", "123", "出口", "Octavia", "Привет", "Ω", "Vietato l'uscita della"])
def test_what_letters_leave_open_is_none(text: str) -> None:
    assert identify(text).code is None


@pytest.mark.parametrize("code", ["ja", "zh-Hans", "zh-Hant"])
def test_neighbours_decide_between_han_languages(code: str) -> None:
    assert identify("出口", neighbours=[code, code, "en"]).code == code


def test_neighbours_do_not_overrule_letters() -> None:
    assert identify("営業時間", neighbours=["zh-Hans"] * 5).code == "ja"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "...",
        "42",
        "1,000円",
        "€4,50",
        "NT$80",
        "+82 2-123-4567",
        "https://example.org/a?b=c",
        "www.example.com",
        "info@example.de",
        "P",
        "A12",
        "KE1",
        "10:30",
        "오전 10시",
        "2026年11月22日",
        "500 ml",
        "→",
        "★",
        "5F",
    ],
)
def test_no_language(text: str) -> None:
    assert not is_language(text)


@pytest.mark.parametrize(
    "text", ["男", "문", "Exit", "No", "出口 3", "Tシャツ", "10名", "3階", "생맥주 5,000원", "EX1T here"]
)
def test_language(text: str) -> None:
    assert is_language(text)


@given(st.text(), st.lists(st.sampled_from(["en", "ko", "ja", "zh-Hans"])))
def test_any_text_gets_an_answer(text: str, neighbours: list[str]) -> None:
    guess = identify(text, neighbours)
    assert 0.0 <= guess.certainty <= 1.0
    assert (guess.code is None) == (guess.certainty == 0.0)
    assert is_language(text) in (True, False)
