import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.keys import key_of, skeleton_of


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("No Smoking!", "NO\nSMOKING"),
        ("ＥＸＩＴ", "exit"),
        ("コーヒー", "ｺｰﾋｰ"),
        ("コーヒー", "コ-ヒ-"),
        ("お手洗い", "お 手 洗 い"),
        ("Straße", "STRASSE"),
        ("「出口」", "出口"),
        ("café", "cafe\u0301"),
    ],
)
def test_one_key(left: str, right: str) -> None:
    assert key_of(left) == key_of(right)


@pytest.mark.parametrize(("left", "right"), [("20%", "20"), ("café", "cafe"), ("入口", "出口"), ("A+", "A")])
def test_two_keys(left: str, right: str) -> None:
    assert key_of(left) != key_of(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("exit", "ex1t"),
        ("toilets", "toi1ets"),
        ("modern", "modem"),
        ("café", "cafe"),
        ("タクシー", "夕クシ一"),
        ("营业", "営業"),
    ],
)
def test_one_skeleton(left: str, right: str) -> None:
    assert skeleton_of(key_of(left)) == skeleton_of(key_of(right))


@pytest.mark.parametrize(
    ("left", "right"), [("入口", "出口"), ("男", "女"), ("パス", "バス"), ("押す", "引く"), ("10", "70")]
)
def test_two_skeletons(left: str, right: str) -> None:
    assert skeleton_of(key_of(left)) != skeleton_of(key_of(right))


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    assert key_of(key_of(text)) == key_of(text)
