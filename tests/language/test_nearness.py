import pytest

from language.keys import key_of, skeleton_of
from language.nearness import may_be_misread, mistakes


def count(seen: str, known: str) -> int | None:
    return mistakes(skeleton_of(key_of(seen)), skeleton_of(key_of(known)))


@pytest.mark.parametrize(
    ("seen", "known", "number"),
    [
        ("Plattorm", "Platform", 1),
        ("Intormation dcsk", "Information desk", 2),
        ("Geoffuet", "Geöffnet", 1),
        ("コインロッガー", "コインロッカー", 1),
        ("안내데스코", "안내데스크", 1),
        ("Platform", "Platform", 0),
    ],
)
def test_mistakes_of_look_are_counted(seen: str, known: str, number: int) -> None:
    assert count(seen, known) == number


@pytest.mark.parametrize(
    ("seen", "known"),
    [
        ("Fischgerichte", "Fleischgerichte"),
        ("Poisson", "Poison"),
        ("ナッツが含まれる場合があります", "ピーナッツが含まれる場合があります"),
        ("Señores", "Señoras"),
        ("走らないでください", "触らないでください"),
        ("この先右折禁止", "この先左折禁止"),
        ("Ausfahrt", "Auffahrt"),
        ("안녕히 가세요", "안녕히 계세요"),
        ("Platform 7", "Platform 1"),
        ("금연구역", "흡연구역"),
        ("Fxit", "Exit"),
    ],
)
def test_what_may_mean_something_else_is_no_mistake(seen: str, known: str) -> None:
    assert count(seen, known) is None


@pytest.mark.parametrize(
    ("seen", "known"),
    [("Admission free", "Admission fee"), ("No parking", "On parking"), ("Hair conditioner", "Air conditioner")],
)
def test_short_words_and_words_that_turn_a_meaning_are_never_misread(seen: str, known: str) -> None:
    assert not may_be_misread(seen, known)
