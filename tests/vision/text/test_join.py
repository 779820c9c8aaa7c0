"""Joining: lines of one sign become one text in reading order; neighbours that are not one sign stay apart."""

import numpy as np
import pytest

from vision.text import script_of
from vision.text.join import Line, belong_together, join_lines, joined_text


def line(text: str, x: float, y: float, wide: float, high: float, angle_deg: float = 0) -> Line:
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]])
    angle = np.radians(angle_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    start = turn @ np.array([x, y])
    return Line((corners @ turn.T + start).astype(np.float32), text, script_of(text))


def texts(*lines: Line) -> list[str]:
    return [joined_text([lines[i] for i in group]) for group in join_lines(lines)]


PARAGRAPH = (("Please do not", 0, 300), ("lean on the", 40, 220), ("window", 80, 140))


@pytest.mark.parametrize("angle_deg", [0, 20, -35, 88, 180])
def test_centred_paragraph_at_any_slant(angle_deg: float) -> None:
    lines = [line(text, 100 + x, 100 + 42 * row, wide, 36, angle_deg) for row, (text, x, wide) in enumerate(PARAGRAPH)]
    assert texts(*lines) == ["Please do not lean on the window"]


def test_reading_order_does_not_depend_on_the_order_of_finding() -> None:
    lines = [line(text, 100, 100 + 42 * row, wide, 36) for row, (text, _, wide) in enumerate(PARAGRAPH)]
    assert texts(*lines[::-1]) == ["Please do not lean on the window"]


def test_columns_run_from_right_to_left() -> None:
    right, middle, left = (line(text, x, 50, 30, 160) for text, x in (("本日は", 200), ("臨時", 160), ("休業", 120)))
    assert texts(left, right, middle) == ["本日は臨時休業"]


def test_rows_of_japanese_with_and_without_kana_are_one_text() -> None:
    assert texts(line("関係者以外", 100, 100, 200, 40), line("立ち入り禁止", 90, 144, 220, 40)) == [
        "関係者以外立ち入り禁止"
    ]


def test_columns_far_apart_or_unlike_stay_apart() -> None:
    assert len(texts(line("営業中", 200, 50, 30, 160), line("休業中", 90, 50, 30, 160))) == 2
    assert len(texts(line("営業中", 200, 50, 30, 160), line("休業中", 150, 50, 60, 260))) == 2
    assert len(texts(line("営業中", 200, 50, 30, 160), line("休業中", 160, 150, 30, 160))) == 2


def test_a_row_never_joins_a_column() -> None:
    assert not belong_together(line("出口", 100, 100, 90, 40), line("営業中", 110, 142, 40, 140))


def test_rows_of_a_table_stay_apart() -> None:
    dishes = [line(text, 50, 100 + 90 * row, 200, 36) for row, text in enumerate(("Soup", "Fish", "Rice"))]
    prices = [line(text, 500, 100 + 90 * row, 60, 36) for row, text in enumerate(("4.50", "9.80", "2.00"))]
    assert sorted(texts(*dishes, *prices)) == sorted(["Soup", "Fish", "Rice", "4.50", "9.80", "2.00"])


def test_words_side_by_side_stay_apart() -> None:
    assert texts(line("Platz", 50, 100, 120, 40), line("Gleis", 190, 100, 120, 40)) == ["Platz", "Gleis"]


def test_a_headline_is_no_part_of_its_text() -> None:
    assert len(texts(line("SALE", 100, 100, 300, 80), line("until Sunday", 100, 186, 300, 34))) == 2


def test_other_scripts_and_slants_stay_apart() -> None:
    assert len(texts(line("出口", 100, 100, 90, 40), line("Exit", 100, 142, 90, 40))) == 2
    assert not belong_together(line("North gate", 100, 100, 200, 40), line("South gate", 100, 142, 200, 40, 25))
    assert len(texts(line("12", 100, 100, 90, 40), line("34", 100, 142, 90, 40))) == 2


def test_staircase_of_lines_is_no_paragraph() -> None:
    steps = [line("some words", 100 + 300 * row, 100 + 42 * row, 320, 36) for row in range(2)]
    assert len(texts(*steps)) == 2


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["Notaus-", "gang"], "Notausgang"),
        (["Open Mon-", "Fri"], "Open Mon- Fri"),
        (["A-", "b"], "A- b"),
        (["本日の", "おすすめ"], "本日のおすすめ"),
        (["营业", "时间"], "营业时间"),
        (["출입", "금지"], "출입 금지"),
        ([" Wet ", " floor"], "Wet floor"),
        ([], ""),
    ],
)
def test_one_text(parts: list[str], whole: str) -> None:
    assert joined_text([line(part, 0, 0, 100, 30) for part in parts]) == whole


def test_nothing_joins_nothing() -> None:
    assert join_lines([]) == []
