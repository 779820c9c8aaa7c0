import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.normalise import normalise
from language.protect import PLACES, LostSpanError, protect, protect_pair
from language.slots import keeps_digits

A, B, C = PLACES[:3]


@pytest.mark.parametrize(
    ("text", "marked", "spans"),
    [
        ("Open 09:30-18:00, Mon-Fri", f"Open {A}-{B}, Mon-Fri", ["09:30", "18:00"]),
        ("성인 12,000원", f"성인 {A}", ["12,000원"]),
        ("문의 02-123-4567 www.seoul.go.kr", f"문의 {A} {B}", ["02-123-4567", "www.seoul.go.kr"]),
        ("Wi-Fi 비밀번호", f"{A} 비밀번호", ["Wi-Fi"]),
        ("1인분 200g", f"1인분 {A}", ["200g"]),
        ("3층 B2", "3층 B2", []),
        ("info@glossa.kr로 연락", f"{A}로 연락", ["info@glossa.kr"]),
        ("No smoking", "No smoking", []),
    ],
)
def test_what_a_network_must_not_touch_becomes_a_placeholder(text: str, marked: str, spans: list[str]) -> None:
    protected = protect(text)
    assert protected.text == marked
    assert [span.text for span in protected.spans] == spans


def test_spans_come_back_in_the_form_of_the_target_language() -> None:
    protected = protect("2026년 11월 22일까지 12,000원")
    assert protected.restore(f"{B} until {A}", source="ko", to="en") == "₩12,000 until November 22, 2026"


@pytest.mark.parametrize("target", ["", "until", f"{A}{A} {B}", f"{A} {B} {C}", B])
def test_a_lost_or_doubled_placeholder_is_an_error(target: str) -> None:
    with pytest.raises(LostSpanError, match="each once"):
        protect("2026년 11월 22일까지 12,000원").restore(target, source="ko", to="en")


def test_a_term_inside_a_sentence_has_no_capital_but_a_name_has() -> None:
    terms = {"간장": "Soy sauce", "북경오리": "Peking duck"}
    soy, duck = (protect(f"{name}이 들어 있음", {name: terms[name]}) for name in terms)
    assert soy.restore(f"Contains {A}", source="ko", to="en") == "Contains soy sauce"
    assert duck.restore(f"With {A}", source="ko", to="en") == "With Peking duck"
    for begun in ("", "Allergens: ", "Spicy! ", "¡"):
        assert soy.restore(f"{begun}{A} inside", source="ko", to="en") == f"{begun}Soy sauce inside"
    german = protect("간장이 들어 있음", {"간장": "Sojasoße"})
    assert german.restore(f"Enthält {A}", source="ko", to="de") == "Enthält Sojasoße"


def test_terms_are_put_in_as_they_are_known_and_cut_no_word() -> None:
    terms = {"김치": "kimchi", "김치찌개": "kimchi stew (kimchi-jjigae)", "pan": "bread"}
    protected = protect("김치찌개 포함", terms)
    assert protected.restore(f"{A} included", source="ko", to="en") == "kimchi stew (kimchi-jjigae) included"
    assert protect("japan y panes", terms).spans == ()
    assert protect("물김치찌개", terms).spans == ()


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("10時開店", "Opens at 10:00", (f"{A}開店", f"Opens at {A}")),
        ("10時に来て", "Come at 10 o'clock.", (f"{A}時に来て", f"Come at {A} o'clock.")),
        ("KTX를 타고 45분", "45 minutes by KTX", (f"{A}를 타고 {B}분", f"{B} minutes by {A}")),
        ("Take the KTX at 10:00", "10시에 KTX를 타세요", (f"Take the KTX at {A}", f"{A}에 KTX를 타세요")),
        ("2026年11月22日まで", "until 22 November 2026", (f"{A}まで", f"until {A}")),
        ("12개와 12개", "12 and 12", (f"{A}개와 {B}개", f"{A} and {B}")),
        ("45분", "forty-five minutes", None),
        ("출구", "exit", None),
        ("12 or 13", "13", None),
    ],
)
def test_a_pair_is_protected_only_where_both_sides_agree(
    source: str, target: str, expected: tuple[str, str] | None
) -> None:
    assert protect_pair(source, target) == expected


@given(st.text(alphabet=st.sampled_from("0123456789:.,-₩€원円時月日년 abKT출口/@"), max_size=40))
def test_what_is_put_back_unchanged_is_the_text_that_was_given(text: str) -> None:
    text = normalise(text)
    protected = protect(text)
    restored = protected.restore(protected.text, source="und", to="und")
    assert keeps_digits(text, restored)
    assert len(protected.spans) <= len(PLACES)


@given(st.text(max_size=30))
def test_no_text_that_a_camera_reads_contains_a_placeholder(text: str) -> None:
    assert not set(normalise(text + A)) & set(PLACES)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("1회 20mg 1일 3회", ["20mg"]),
        ("5 mg 복용", ["5 mg"]),
        ("출구에서 200m", ["200m"]),
        ("10°C 이하 보관", ["10°C"]),
        ("최고속도 80km/h", ["80km/h"]),
        ("350ml 2병", ["350ml"]),
        ("50% 할인", ["50"]),
        ("20장", ["20"]),
        ("20 minutes", ["20"]),
        ("5G 요금제", []),
    ],
)
def test_what_is_measured_goes_with_its_number(text: str, spans: list[str]) -> None:
    assert [span.text for span in protect(normalise(text)).spans] == spans


def test_a_pair_agrees_on_units_or_gives_the_numbers_alone() -> None:
    assert protect_pair("20mg 복용", "take 20 mg") == (f"{A} 복용", f"take {A}")
    assert protect_pair("20mg 복용", "take 20 milligrams") == (f"{A}mg 복용", f"take {A} milligrams")
