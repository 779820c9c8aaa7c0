import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from language.codes import LANGUAGES
from language.identify import Guess, count_scripts, identify, is_language
from language.normalise import normalise


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
        ("関ヶ原", "ja"),
        ("駐車場", "ja"),
        ("東京駅", "ja"),
        ("営業時間", "ja"),
        ("营业时间", "zh-Hans"),
        ("请勿吸烟", "zh-Hans"),
        ("營業時間", "zh-Hant"),
        ("請勿觸摸", "zh-Hant"),
        ("停車場", "zh-Hant"),
        ("你好", "zh-Hans"),
        ("Please wait here to be seated", "en"),
        ("Caution: the floor is wet", "en"),
        ("Prohibido el paso a toda persona", "es"),
        ("No pise el césped, por favor", "es"),
        ("Défense de stationner devant le portail", "fr"),
        ("Veuillez refermer la porte derrière vous", "fr"),
        ("Bitte nicht stören", "de"),
        ("Halten Sie die Tür geschlossen", "de"),
        ("SALIDA DE EMERGENCIA", "es"),
        ("SORTIE DE SECOURS", "fr"),
        ("FUSSGÄNGERZONE", "de"),
    ],
)
def test_a_language_is_told_by_its_letters_and_words(text: str, code: str) -> None:
    guess = identify(text)
    assert guess.code == code
    assert guess.certainty > 0.6


@pytest.mark.parametrize("text", ["", "123", "42 %", "出口", "男", "Octavia", "Menu", "Hotel"])
def test_what_letters_leave_open_is_none(text: str) -> None:
    assert identify(text) == Guess(None, 0.0)


@pytest.mark.parametrize(
    "text", ["Привет", "Ω", "ทางออก", "Vietato l'uscita della", "Wyjście ewakuacyjne", "Lối thoát hiểm"]
)
def test_other_languages_are_surely_none(text: str) -> None:
    guess = identify(text)
    assert guess.code is None
    assert guess.certainty > 0.6


@pytest.mark.parametrize("code", ["ja", "zh-Hans", "zh-Hant"])
def test_neighbours_decide_between_han_languages(code: str) -> None:
    assert identify("出口", neighbours=[code, code, "en"]).code == code


@pytest.mark.parametrize(("text", "code"), [("Menu", "fr"), ("Hotel", "de"), ("Café", "es"), ("Menu", "en")])
def test_neighbours_decide_between_latin_languages(text: str, code: str) -> None:
    assert identify(text, neighbours=[code] * 4).code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("営業時間", "ja"),
        ("请勿吸烟", "zh-Hans"),
        ("Halten Sie die Tür geschlossen", "de"),
        ("Please wait here", "en"),
    ],
)
def test_neighbours_do_not_overrule_letters(text: str, code: str) -> None:
    for other in ("zh-Hans", "zh-Hant", "ja", "en", "fr", "es"):
        assert identify(text, neighbours=[other] * 5).code == code


def test_neighbours_never_make_a_language_of_another_one() -> None:
    assert identify("Vietato l'uscita della", neighbours=["es"] * 5).code is None


def test_a_chinese_shop_may_write_one_kana() -> None:
    assert identify("鮮の火鍋專賣店").code == "zh-Hant"
    assert identify("森の家").code == "ja"


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


_NEIGHBOURS = st.lists(st.sampled_from(sorted(LANGUAGES)), max_size=8)
_LETTERS = st.text(st.sampled_from("aehinrstuäéñßzkwø出口営业請の가 '-1"), max_size=200)


@given(st.text() | _LETTERS, _NEIGHBOURS)
def test_any_text_gets_an_answer(text: str, neighbours: list[str]) -> None:
    guess = identify(text, neighbours)
    assert 0.0 <= guess.certainty <= 1.0
    assert guess.code is None or guess.certainty > 0.5
    assert guess.code in (None, *LANGUAGES)
    assert is_language(text) in (True, False)


@given(st.text(st.characters(categories=["Nd", "Nl", "No", "Po", "Sc", "Sm", "Zs"])), _NEIGHBOURS)
def test_what_has_no_letters_has_no_language(text: str, neighbours: list[str]) -> None:
    assume(not count_scripts(normalise(text)))
    assert identify(text, neighbours) == Guess(None, 0.0)


@given(
    st.sampled_from(["Ausgang", "Défense de fumer", "Calle sin salida", "Mind the step", "Acqua", "Kiosk"]), _NEIGHBOURS
)
def test_capitals_and_marks_change_nothing(text: str, neighbours: list[str]) -> None:
    guess = identify(text, neighbours)
    assert identify(text.upper(), neighbours) == guess
    assert identify(f"→ {text}! 3", neighbours) == guess
    assert identify(text, neighbours[::-1]) == guess


@given(st.sampled_from(["Menu", "Hotel", "出口", "Ausgang", "東京"]), st.sampled_from(sorted(LANGUAGES)), _NEIGHBOURS)
def test_a_further_neighbour_never_speaks_against_its_own_language(text: str, code: str, neighbours: list[str]) -> None:
    if identify(text, neighbours).code == code:
        assert identify(text, [*neighbours, code]).code == code
