import pytest

from language.neural.asking import as_it_is, bare, peeled
from language.protect import PLACES, protect

A, B, C = PLACES[:3]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("영업시간 10:00~22:00", ("", "영업시간", f" {A}~{B}")),
        ("営業時間10:00", ("", "営業時間", f" {A}")),
        ("20% 할인", (f"{A}% ", "할인", "")),
        ("Tel: 02-123-4567", ("", "Tel", f": {A}")),
        ("문의 (02-123-4567)", ("", "문의", f" ({A})")),
        ("10:00 - 12:00 진료 13:00", (f"{A} - {B} ", "진료", f" {C}")),
        ("김치찌개 8,000원, 된장찌개 9,000원", ("", f"김치찌개 {A}, 된장찌개", f" {B}")),
        # Bound to a word, inside only, nothing else, nothing at all.
        ("3,000명 이용", None),
        ("가격은 3,000원입니다", None),
        ("3,000원", None),
        ("출구", None),
        ("", None),
    ],
)
def test_peeling(text: str, expected: tuple[str, str, str] | None) -> None:
    ask = peeled(protect(text), keeps_places=True)
    assert (ask and (ask.before, ask.text, ask.after)) == expected


def test_a_network_without_placeholders_is_not_asked_for_those_inside() -> None:
    assert peeled(protect("김치찌개 8,000원, 된장찌개 9,000원"), keeps_places=False) is None
    assert peeled(protect("영업시간 10:00"), keeps_places=False) is not None


def test_the_answer_stands_where_the_question_stood() -> None:
    protected = protect("영업시간 10:00~22:00")
    ask = peeled(protected, keeps_places=True)
    assert ask is not None
    shown = ask.protected.restore(ask.around("Opening hours"), source="ko", to="en")
    assert shown == "Opening hours 10:00~22:00"
    assert as_it_is(protected).around("x") == bare("y").around("x") == "x"
