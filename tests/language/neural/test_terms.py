import pytest

from language.memory import Memory
from language.neural.terms import Terms, is_telling


@pytest.fixture(scope="module")
def terms() -> Terms:
    return Terms(Memory())


@pytest.mark.parametrize(
    ("text", "source", "to", "expected"),
    [
        ("김치찌개를 2인분 주세요", "ko", "en", {"김치찌개": "Kimchi stew"}),
        ("어제 먹은 된장찌개", "ko", "ja", {"된장찌개": "テンジャンチゲ"}),
        # Not inside a word, before no particle, not alone, not in another language, no kind of place.
        ("새김치찌개를 주세요", "ko", "en", {}),
        ("김치찌개집에서 만나요", "ko", "en", {}),
        ("김치찌개", "ko", "en", {}),
        ("김치찌개를 주세요", "ja", "en", {}),
        ("국립박물관에서 만나요", "ko", "en", {}),
        ("お昼は味噌ラーメンを食べました", "ja", "en", {"味噌ラーメン": "Miso ramen"}),
        ("I had Kimchi Stew again", "en", "ko", {"Kimchi Stew": "김치찌개"}),
        ("no such thing", "xx", "en", {}),
        ("İ kimchi stew", "en", "ko", {}),
        ("", "ko", "en", {}),
    ],
)
def test_terms_of_a_text(terms: Terms, text: str, source: str, to: str, expected: dict[str, str]) -> None:
    assert terms.find(text, source=source, to=to) == expected


@pytest.mark.parametrize(
    ("name", "telling"),
    [("비빔밥", True), ("김치", False), ("ケーキ", False), ("ラーメン", True), ("Eis", False), ("caesar salad", True)],
)
def test_what_is_long_enough(name: str, telling: bool) -> None:
    assert is_telling(name) is telling
