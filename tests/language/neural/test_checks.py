import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.neural.checks import (
    COPY,
    EMPTY,
    SCRIPT,
    flaws,
    has_invented_numbers,
    is_repeated,
    lost_numbers,
    repeated_share,
    with_numbers,
    without_growth,
)
from language.normalise import normalise
from language.protect import PLACES, protect


@pytest.mark.parametrize(
    ("source", "target", "to", "expected"),
    [
        ("출구", "Exit", "en", set()),
        ("출구", "", "en", {EMPTY}),
        ("출구", "...", "en", {EMPTY}),
        (f"출구 {PLACES[0]}", PLACES[0], "en", {EMPTY}),
        ("출구", "출구", "en", {COPY, SCRIPT}),
        ("Ausgang", "AUSGANG!", "en", {COPY}),
        ("출구", "The 출구 is here", "en", {SCRIPT}),
        ("Exit", "출구", "ko", set()),
        ("Exit", "出口です", "ko", {SCRIPT}),
        ("No Wi-Fi", "Wi-Fi 없음", "ko", set()),
        ("No smoking", "Kein Rauch", "ko", {SCRIPT}),
        ("Exit", "出口", "ja", set()),
        ("Exit", "出口です", "zh-Hans", {SCRIPT}),
    ],
)
def test_flaws(source: str, target: str, to: str, expected: set[str]) -> None:
    assert flaws(source, target, to) == expected


@pytest.mark.parametrize(
    ("said", "stammers"),
    [
        ("the exit is on the left of the hall", False),
        ("no no", False),
        ("no no no", True),
        ("on the on the on the on the", True),
        ("go to the door and go to the hall", False),
        ("a b c x a b c y a b c z", True),
    ],
)
def test_repetition(said: str, stammers: bool) -> None:
    assert is_repeated(said.split()) is stammers


@given(st.lists(st.sampled_from("abc"), max_size=20))
def test_repeated_share_is_a_share(pieces: list[str]) -> None:
    assert 0 <= repeated_share(pieces) <= 1


@pytest.mark.parametrize(
    ("source", "target", "lost"),
    [
        ("가격은 3,000원", "The price is ₩3,000", []),
        ("가격은 3,000원", "The price is 3,000", []),
        ("가격은 3,000원", "The price is 300", ["₩3,000"]),
        ("5월 3일 휴무", "Closed on May 3", []),
        ("5월 휴무", "Closed in May", []),
        ("5월 휴무", "Closed in June", ["5"]),
        ("2층 2호", "Floor 2", ["2"]),
        ("문의: info@hotel.kr", "Ask info@hotel.kr", []),
        ("문의: info@hotel.kr", "Ask us", ["info@hotel.kr"]),
        ("스타벅스 Reserve 매장", "A Starbucks shop", ["Reserve"]),
    ],
)
def test_lost_numbers(source: str, target: str, lost: list[str]) -> None:
    assert lost_numbers(protect(normalise(source)), target, source="ko", to="en") == lost


def test_lost_numbers_are_shown() -> None:
    assert with_numbers("Closed", ["12", "₩3,000"]) == "Closed (12, ₩3,000)"
    assert with_numbers("Closed", []) == "Closed"


@pytest.mark.parametrize(
    ("source", "target", "invented"),
    [("두 명", "2 people", False), ("2명", "3 people", True), ("출구", "Exit 15", True), ("2번 출구", "Exit 2", False)],
)
def test_invented_numbers(source: str, target: str, invented: bool) -> None:
    assert has_invented_numbers(source, target) is invented


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("もう2、3分", "another 2,000 minutes", "another 2 minutes"),
        ("2、3分前", "2,300.", "2."),
        ("1 et 2", "1, 2", "1, 2"),
        ("1,000원", "1,000 won", "1,000 won"),
        ("1000원", "1,000 won", "1,000 won"),
        ("두 시간", "2,000 hours", "2,000 hours"),
    ],
)
def test_numbers_do_not_grow_by_thousands(source: str, target: str, expected: str) -> None:
    assert without_growth(source, target) == expected
