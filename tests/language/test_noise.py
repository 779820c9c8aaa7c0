"""What a recogniser does to a text: each kind does its own thing, and none touches a number."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.normalise import normalise
from language.training.noise import KINDS, USUAL, noise

TEXTS = {
    "en": "All illegally parked cars will be towed after 20 minutes.",
    "ko": "관계자 외 출입을 금지합니다. 위반 시 12,000원",
    "ja": "切符は3階の券売機でお買い求めください。",
    "zh-Hans": "请勿在2号出入口前停放自行车。",
    "es": "Prohibido el paso a toda persona ajena a la obra, 24 h.",
    "fr": "Fermé du 1er au 15 août pour cause de travaux.",
    "de": "Bitte Fahrräder nicht vor Gleis 7 abstellen, Straße freihalten!",
}


def only(kind: str, text: str, code: str, seed: int = 1) -> str:
    return noise(text, code, random.Random(seed), {kind: 1.0})


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", TEXTS)
def test_no_kind_changes_a_digit(kind: str, code: str) -> None:
    for seed in range(30):
        damaged = only(kind, TEXTS[code], code, seed)
        assert numbers(damaged) == numbers(normalise(TEXTS[code]))
        assert damaged == normalise(damaged)


@pytest.mark.parametrize(
    ("kind", "code"),
    [(kind, "de") for kind in KINDS if kind != "width"]
    + [("spaces lost", "ko"), ("look-alikes", "ko"), ("look-alikes", "ja"), ("accents dropped", "ja")],
)
def test_each_kind_damages_something(kind: str, code: str) -> None:
    assert any(only(kind, TEXTS[code], code, seed) != normalise(TEXTS[code]) for seed in range(20))


def test_what_some_kinds_do() -> None:
    assert only("capitals", "Straße frei", "de") == "STRASSE FREI"
    assert only("small letters", "Nicht Berühren", "de") == "nicht berühren"
    assert only("accents dropped", "Fermé en août", "fr") == "Ferme en aout"
    assert only("final stop lost", "立入禁止。", "ja") == "立入禁止"
    assert only("edge cut", "출구", "ko") == "출구"
    assert only("width", "Wi-Fi 無料", "ja") == "Wi-Fi 無料"
    assert len(only("character lost", "주차 금지 구역", "ko")) == len("주차 금지 구역") - 1
    assert only("look-alikes", "금", "ko") != "금"


def test_what_is_glued_to_a_number_stays() -> None:
    for seed in range(100):
        assert "12,000원" in only("character lost", "12,000원 할인", "ko", seed)


def test_placeholders_stay() -> None:
    text = "출구 \ue010번 앞에서 \ue011까지"
    for seed in range(100):
        damaged = noise(text, "ko", random.Random(seed), dict.fromkeys(KINDS, 0.5))
        assert re.findall("[\ue000-\ue0ff]", damaged) == ["\ue010", "\ue011"]


def test_nothing_happens_without_chance_and_the_same_seed_gives_the_same() -> None:
    text = TEXTS["fr"]
    assert noise(text, "fr", random.Random(1), {}) == normalise(text)
    assert noise(text, "fr", random.Random(2)) == noise(text, "fr", random.Random(2))


WRITTEN = st.characters(exclude_categories=("Cs", "Co"))
"""Placeholders are in private use: what normalising drops, noise keeps."""


def test_the_usual_chances_name_known_kinds() -> None:
    assert set(USUAL) == set(KINDS)
    assert all(0 < chance < 1 for chance in USUAL.values())
    with pytest.raises(KeyError):
        noise("Exit", "en", random.Random(1), {"fire": 1.0})


@given(st.text(WRITTEN, max_size=40), st.sampled_from(sorted(TEXTS)), st.integers(0, 1000))
def test_any_text_is_borne(text: str, code: str, seed: int) -> None:
    damaged = noise(text, code, random.Random(seed), dict.fromkeys(KINDS, 0.5))
    assert damaged == normalise(damaged)
    assert bool(damaged) == bool(normalise(text))
