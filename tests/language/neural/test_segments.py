import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.neural.cases import is_shouted, sentence_cased
from language.neural.segments import Segment, joined, segments

LONGEST = 80


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("신발을 벗어 주세요", ["신발을 벗어 주세요"]),
        ("화장실 / Toilet", ["화장실", "Toilet"]),
        ("출구 → 2층", ["출구", "2층"]),
        ("→ 출구", ["출구"]),
        ("24/7", ["24/7"]),
        ("Well-known. Dr. Kim is in.", ["Well-known. Dr. Kim is in."]),
    ],
)
def test_parts(text: str, expected: list[str]) -> None:
    assert [part.text for part in segments(text, len, LONGEST) if part.text] == expected


def test_long_texts_are_cut_at_sentence_ends() -> None:
    long = (
        "Dr. Kim is not in today, please come back on Monday morning. " * 2 + "Is it urgent? Call us, we can help you."
    )
    parts = [part.text for part in segments(long, len, LONGEST)]
    assert parts[0] == "Dr. Kim is not in today, please come back on Monday morning."
    assert parts[-1].endswith("help you.")
    assert all(len(part) <= LONGEST for part in parts)
    chinese = "请不要在这里停车，谢谢您的合作。" * 8
    assert segments(chinese, len, LONGEST)[0].text == "请不要在这里停车，谢谢您的合作。" * 2


@given(st.text(st.sampled_from("ab .,。→|/출구 "), max_size=300))
def test_nothing_is_lost_and_nothing_is_too_long(text: str) -> None:
    text = " ".join(text.split())
    parts = segments(text, len, LONGEST)
    assert all(len(part.text) <= LONGEST for part in parts)
    whole = "".join(part.joint + part.text for part in parts)
    assert whole.replace(" ", "") == text.replace(" ", "")


def test_joining() -> None:
    assert joined([Segment("", "A."), Segment(" ", "B.")], spaced=True) == "A. B."
    assert joined([Segment("", "甲。"), Segment(" ", "乙。")], spaced=False) == "甲。乙。"
    assert joined([Segment("", "Toilet"), Segment(" / ", "toilet")], spaced=True) == "Toilet"
    assert joined([Segment("→ ", "Exit"), Segment(" → ", "Exit")], spaced=True) == "→ Exit → Exit"


@pytest.mark.parametrize(
    ("text", "shouted", "cased"),
    [
        ("AUSGANG GESPERRT", True, "Ausgang gesperrt"),
        ("GATE B12 CLOSED", True, "Gate B12 closed"),
        ("DÉFENSE D'ENTRER", True, "Défense d'entrer"),
        ("«NO PASAR»", True, "«No pasar»"),
        ("TV", False, "Tv"),
        ("KBS 방송", False, "Kbs 방송"),
        ("Exit", False, "Exit"),
    ],
)
def test_capitals(text: str, shouted: bool, cased: str) -> None:
    assert is_shouted(text) is shouted
    assert sentence_cased(text) == cased
