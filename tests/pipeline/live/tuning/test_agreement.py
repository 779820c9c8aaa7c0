"""How far two readings agree: boxes, characters, sums over pictures."""

import numpy as np
import pytest

from pipeline.live.tuning.agreement import Agreement, Line, agree


def line(left: float, text: str, top: float = 0.0, wide: float = 100.0) -> Line:
    right = left + wide
    return np.array([[left, top], [right, top], [right, top + 20], [left, top + 20]], np.float32), text


def test_the_same_agrees_wholly() -> None:
    page = [line(0, "出口"), line(200, "Ausgang")]
    agreement = agree(page, page)
    assert agreement == Agreement(4, 4, 9, 0)
    assert (agreement.of_boxes, agreement.of_characters) == (1.0, 1.0)


def test_changed_characters_are_counted() -> None:
    agreement = agree([line(0, "Ausgang"), line(200, "12:30")], [line(3, "Ausqang"), line(198, "12:3")])
    assert agreement == Agreement(4, 4, 12, 2)
    assert agreement.of_characters == pytest.approx(10 / 12)


def test_a_line_that_is_lost_or_elsewhere_counts_as_lost() -> None:
    full = [line(0, "Ausgang"), line(200, "出口")]
    assert agree(full, [line(0, "Ausgang")]) == Agreement(3, 2, 9, 2)
    assert agree(full, [line(0, "Ausgang"), line(270, "出口")]) == Agreement(4, 2, 9, 2)


def test_an_invented_line_costs_boxes_only() -> None:
    agreement = agree([line(0, "出口")], [line(0, "出口"), line(300, "!")])
    assert agreement == Agreement(3, 2, 2, 0)
    assert agreement.of_boxes == pytest.approx(2 / 3)


def test_no_line_loses_more_than_it_has() -> None:
    assert agree([line(0, "出口")], [line(0, "something else")]).of_characters == 0.0


def test_partners_are_the_most_alike_and_taken_once() -> None:
    full = [line(0, "left"), line(30, "right")]
    other = [line(28, "right"), line(2, "left")]
    assert agree(full, other) == Agreement(4, 4, 9, 0)
    assert agree(full, [line(10, "left")]) == Agreement(3, 2, 9, 5)


def test_pictures_add_up_and_nothing_agrees_with_nothing() -> None:
    nothing = agree([], [])
    assert (nothing.of_boxes, nothing.of_characters) == (1.0, 1.0)
    assert nothing + agree([line(0, "出口")], []) == Agreement(1, 0, 2, 2)
