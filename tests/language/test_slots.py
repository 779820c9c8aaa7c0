import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.normalise import normalise
from language.slots import (
    MARKS,
    fill,
    find_slots,
    keeps_digits,
    keeps_numbers,
    only_slots,
    patterns,
    reads_the_same,
    restore,
    without_marks,
    write,
)

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
    ("下午2点", "time", {"en": "2 p.m."}),
    ("€4,50", "price", {"en": "€4,50", "de": "4,50 €"}),
    ("4,50 €", "price", {"en": "€4,50", "fr": "4,50 €"}),
    ("¥1,000", "price", {"en": "¥1,000", "ko": "¥1,000"}),
    ("1,000円", "price", {"en": "¥1,000", "ko": "1,000엔", "de": "¥1,000"}),
    ("3,000원", "price", {"en": "₩3,000", "ja": "3,000ウォン", "ko": "3,000원"}),
    ("$4.50", "price", {"en": "$4.50", "ko": "$4.50"}),
    ("NT$80", "price", {"en": "NT$80", "ko": "NT$80"}),
    ("2026-11-22", "date", {"en": "2026-11-22", "ko": "2026-11-22"}),
    ("2026年11月22日", "date", {"en": "November 22, 2026", "ko": "2026년 11월 22일", "ja": "2026年11月22日"}),
    ("11월 22일", "date", {"en": "November 22", "ja": "11月22日", "de": "22. November", "fr": "22 novembre"}),
    ("5월 3일", "date", {"en": "May 3", "ja": "5月3日", "es": "3 de mayo"}),
    ("2026年5月3日", "date", {"es": "3 de mayo de 2026", "fr": "3 mai 2026", "de": "3. Mai 2026"}),
    ("113年5月3日", "date", {"en": "113-5-3", "ko": "113년 5월 3일"}),
    (
        "5月3日（土）",
        "date",
        {"en": "May 3 (Sat)", "ko": "5월 3일(토)", "zh-Hant": "5月3日(週六)", "fr": "3 mai (sam.)"},
    ),
    ("5월 3일 토요일", "date", {"en": "May 3 (Sat)", "ja": "5月3日(土)"}),
    ("5月3日(星期六)", "date", {"en": "May 3 (Sat)", "de": "3. Mai (Sa)"}),
    ("5月3日周六", "date", {"ja": "5月3日(土)"}),
    ("Saturday, May 3", "date", {"ko": "5월 3일(토)", "zh-Hans": "5月3日(周六)"}),
    ("May 3 (Sat)", "date", {"ko": "5월 3일(토)", "en": "May 3 (Sat)"}),
    ("Sa, 3. Mai 2026", "date", {"en": "May 3, 2026 (Sat)"}),
    ("May 3", "date", {"ko": "5월 3일", "zh-Hant": "5月3日", "de": "3. Mai"}),
    ("3rd of May", "date", {"ko": "5월 3일", "en": "May 3"}),
    ("22.11.2026", "date", {"en": "22.11.2026", "ko": "22.11.2026"}),
    ("22 de noviembre de 2026", "date", {"en": "November 22, 2026", "ko": "2026년 11월 22일"}),
    ("November 22, 2026", "date", {"de": "22. November 2026", "ja": "2026年11月22日"}),
    ("3割引", "price", {"en": "30% off", "ko": "30% 할인", "zh-Hans": "7折", "fr": "-30 %"}),
    ("8折", "price", {"en": "20% off", "ja": "20%割引", "zh-Hant": "8折"}),
    ("85折", "price", {"en": "15% off"}),
    ("9.5折", "price", {"de": "5 % Rabatt"}),
    ("2/3", "number", {"en": "2/3", "ko": "2/3"}),
    ("1-3", "number", {"en": "1-3"}),
    ("2~3", "number", {"en": "2–3", "ko": "2~3"}),
    ("17時~24時", "time time", {"en": "17:00 – 24:00"}),
    ("２０", "number", {"en": "20"}),
]


@pytest.mark.parametrize(("text", "kind", "forms"), EXPRESSIONS)
def test_an_expression_is_found_whole_and_written_as_its_reader_writes_it(
    text: str, kind: str, forms: dict[str, str]
) -> None:
    pattern = find_slots(normalise(f"x {text} y"))
    assert pattern.text == f"x {'~'.join(MARKS[one] for one in kind.split())} y"
    for to, form in forms.items():
        assert restore(pattern, source="zh-Hans", to=to) == f"x {form} y"


@pytest.mark.parametrize(
    ("text", "to", "form"),
    [
        ("2026年", "en", "2026"),
        ("2026년", "ja", "2026年"),
        ("2026年5月", "en", "May 2026"),
        ("2026년 5월", "es", "mayo de 2026"),
        ("May 2026", "ko", "2026년 5월"),
        ("令和8年", "en", None),
        ("2026年度", "en", None),
    ],
)
def test_a_year_is_an_expression_only_where_it_stands_alone(text: str, to: str, form: str | None) -> None:
    pattern = only_slots(text)
    assert (pattern and restore(pattern, to=to)) == form
    assert MARKS["date"] not in find_slots(f"{text} x").text


@pytest.mark.parametrize(
    ("text", "to", "same"),
    [
        ("3,000원", "en", False),
        ("5월 3일", "en", False),
        ("18 Uhr", "fr", False),
        ("80元", "en", False),
        ("80元", "ja", True),
        ("4,50 €", "en", True),
        ("10:30 AM", "en", True),
        ("¥1,000", "ko", True),
        ("12,000", "ja", True),
        ("A-12", "ko", True),
        ("출구", "en", True),
    ],
)
def test_an_expression_with_a_word_of_its_language_is_not_left_to_a_reader_of_another(
    text: str, to: str, same: bool
) -> None:
    assert reads_the_same(text, to) is same


def test_a_wave_between_expressions_is_a_dash_to_a_western_reader() -> None:
    pattern = find_slots("10時~午後6時30分")
    assert restore(pattern, to="en") == "10:00 – 6:30 p.m."
    assert restore(pattern, to="ko") == "10시~오후 6:30"
    assert restore(pattern) == "10時~午後6時30分"


def test_yuan_are_only_named_where_the_writing_is_of_the_mainland() -> None:
    pattern = find_slots("80元")
    assert restore(pattern, source="zh-Hans", to="en") == "80 yuan"
    assert restore(pattern, source="zh-Hant", to="en") == "80元"


@pytest.mark.parametrize(
    "text", ["24時間営業", "24시간 영업", "10時半", "24시", "2h max", "Parking 24h", "2点以上", "3点セ"]
)
def test_a_duration_is_no_time_of_day(text: str) -> None:
    assert not any(slot.kind == "time" and slot.parts for slot in find_slots(text).slots)


def test_a_phrase_that_wants_a_time_of_day_takes_a_bare_hour_for_one() -> None:
    first, second = find_slots("9h - 19h30").slots
    assert fill("{time}-{time2}", {"time": first, "time2": second}, source="fr", to="en") == "9:00-19:30"
    assert restore(find_slots("max 2h"), to="en") == "max 2h"


def test_a_letter_counts_as_a_number_where_it_names_a_way_out() -> None:
    assert [slot.text for slot in find_slots("A出口", ("code",)).slots] == ["A"]
    assert find_slots("AB出口", ("code",)).slots == ()
    assert find_slots("A 2", ("code",)).text == f"A {MARKS['number']}"


def test_the_plain_ways_to_see_a_text_come_last() -> None:
    texts = [way.text for way in patterns("Platforms 1-3")]
    number = MARKS["number"]
    assert texts == ["Platforms 1-3", f"Platforms {number}", f"Platforms {number}-{number}"]


def test_a_lost_digit_is_noticed() -> None:
    assert keeps_digits("10 of 70", "70 10")
    assert not keeps_digits("10 of 70", "10 of 10")
    assert not keeps_digits("3 and 3", "3")


def test_a_months_name_keeps_its_number() -> None:
    assert keeps_numbers("5월 3일 휴무", "Closed on May 3", "en")
    assert keeps_numbers("5월 3일 휴무", "Closed on 5월 3일", "en")
    assert not keeps_numbers("5월 3일 휴무", "Closed on April 3", "en")
    assert not keeps_numbers("5월 3일 휴무 30%", "Closed on May 3", "en")
    assert keeps_numbers("10 of 70", "70 10", "en")
    assert keeps_numbers("8折", "20% off", "en")
    assert not keeps_numbers("8折", "20%", "en")
    assert not keeps_numbers("₩3,000", "₩300", "en")


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
    for way in patterns(normalise(text)):
        written = restore(way, source="en", to=to)
        for slot in way.slots:
            form = write(slot, source="en", to=to)
            assert form in written and keeps_numbers(slot.text, form, to)
