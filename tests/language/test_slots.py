import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.normalise import normalise
from language.slots import MARKS, find_slots, keeps_digits, patterns, restore, without_marks

# What stands in the text, its kind, and what a wearer of each language reads.
EXPRESSIONS = [
    ("10:00", "time", {"en": "10:00", "ko": "10:00", "ja": "10:00"}),
    ("午前10時", "time", {"en": "10 a.m.", "ko": "오전 10시", "zh-Hans": "上午10点"}),
    ("10時30分", "time", {"en": "10:30", "ko": "10:30", "de": "10:30"}),
    ("오전 10시 30분", "time", {"en": "10:30 a.m.", "ja": "午前10:30", "zh-Hant": "上午10:30"}),
    ("下午3点", "time", {"en": "3 p.m.", "ko": "오후 3시"}),
    ("10h30", "time", {"en": "10:30", "ko": "10:30"}),
    ("10.30 Uhr", "time", {"en": "10:30", "ja": "10:30"}),
    ("18 Uhr", "time", {"en": "18:00", "ko": "18시", "fr": "18 h"}),
    ("5 p.m.", "time", {"ko": "오후 5시", "ja": "午後5時", "de": "5 p.m."}),
    ("10:30 AM", "time", {"ko": "오전 10:30", "en": "10:30 a.m."}),
    ("10時5分", "time", {"en": "10時5分"}),
    ("€4,50", "price", {"en": "€4,50", "de": "4,50 €"}),
    ("4,50 €", "price", {"en": "€4,50", "fr": "4,50 €"}),
    ("¥1,000", "price", {"en": "¥1,000", "ko": "¥1,000"}),
    ("1,000円", "price", {"en": "¥1,000", "ko": "1,000엔", "de": "¥1,000"}),
    ("3,000원", "price", {"en": "₩3,000", "ja": "3,000ウォン", "ko": "3,000원"}),
    ("$4.50", "price", {"en": "$4.50", "ko": "$4.50"}),
    ("NT$80", "price", {"en": "NT$80", "ko": "NT$80"}),
    ("2026-11-22", "date", {"en": "2026-11-22", "ko": "2026-11-22"}),
    ("2026年11月22日", "date", {"en": "2026-11-22", "ko": "2026년 11월 22일", "ja": "2026年11月22日"}),
    ("11월 22일", "date", {"en": "11/22", "ja": "11月22日", "de": "22.11.", "fr": "22/11"}),
    ("3월 5일", "date", {"en": "3월 5일", "ja": "3月5日"}),
    ("22.11.2026", "date", {"en": "22.11.2026", "ko": "22.11.2026"}),
    ("22 de noviembre de 2026", "date", {"en": "22 November 2026", "ko": "2026년 11월 22일"}),
    ("November 22, 2026", "date", {"de": "22. November 2026", "ja": "2026年11月22日"}),
    ("2/3", "number", {"en": "2/3", "ko": "2/3"}),
    ("1-3", "number", {"en": "1-3"}),
    ("２０", "number", {"en": "20"}),
]


@pytest.mark.parametrize(("text", "kind", "forms"), EXPRESSIONS)
def test_an_expression_is_found_whole_and_written_as_its_reader_writes_it(
    text: str, kind: str, forms: dict[str, str]
) -> None:
    pattern = find_slots(normalise(f"x {text} y"))
    assert pattern.text == f"x {MARKS[kind]} y"
    for to, form in forms.items():
        assert restore(pattern, source="zh-Hans", to=to) == f"x {form} y"


def test_yuan_are_only_named_where_the_writing_is_of_the_mainland() -> None:
    pattern = find_slots("80元")
    assert restore(pattern, source="zh-Hans", to="en") == "80 yuan"
    assert restore(pattern, source="zh-Hant", to="en") == "80元"


@pytest.mark.parametrize("text", ["24時間営業", "24시간 영업", "10時半", "2h max", "Parking 24h"])
def test_a_duration_is_no_time_of_day(text: str) -> None:
    assert not any(slot.kind == "time" and slot.parts for slot in find_slots(text).slots)


def test_the_plain_ways_to_see_a_text_come_last() -> None:
    texts = [way.text for way in patterns("Platforms 1-3")]
    number = MARKS["number"]
    assert texts == ["Platforms 1-3", f"Platforms {number}", f"Platforms {number}-{number}"]


def test_a_lost_digit_is_noticed() -> None:
    assert keeps_digits("10 of 70", "70 10")
    assert not keeps_digits("10 of 70", "10 of 10")
    assert not keeps_digits("3 and 3", "3")


pieces = st.sampled_from(
    [
        "10:00",
        "午前",
        "3時",
        "원",
        "1,000",
        "€",
        "-",
        "/",
        ".",
        " ",
        "年11月",
        "22",
        "日",
        "a.m.",
        "May ",
        "B",
        "%",
        "№",
    ]
)


@given(st.one_of(st.text(), st.lists(pieces, max_size=8).map("".join)))
def test_taking_out_and_putting_back_changes_nothing(text: str) -> None:
    text = without_marks(normalise(text))
    for way in patterns(text):
        assert restore(way) == text


@given(st.lists(pieces, max_size=8).map("".join), st.sampled_from(["en", "ko", "ja", "zh-Hans", "zh-Hant", "es", "de"]))
def test_every_digit_survives_every_language(text: str, to: str) -> None:
    text = normalise(text)
    for way in patterns(text):
        assert keeps_digits(text, restore(way, source="en", to=to))
