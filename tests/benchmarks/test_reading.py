"""Reading measures: what counts as read, and that counting does not depend on how lines were cut."""

import numpy as np
import pytest

from benchmarks.geometry import box_quad, reading_order
from benchmarks.reading import Reading, ReadLine, plain, score_reading
from benchmarks.truth import TruthLine


def label(text: str, x: float, y: float, width: float = 100, *, ignore: bool = False) -> TruthLine:
    return TruthLine(text, box_quad(x, y, width, 20), ignore)


def read(text: str, x: float, y: float, width: float = 100) -> ReadLine:
    return ReadLine(text, box_quad(x, y, width, 20))


def test_width_case_and_spaces_do_not_count() -> None:
    assert plain("ＡＢ c　１") == "abc1"


def test_perfect_reading_scores_one() -> None:
    score = score_reading([label("出口", 0, 0), label("Exit", 0, 40)], [read("EXIT", 2, 41), read("出口", 1, 1)], True)
    assert (score.f1, score.line_recall) == (1.0, 1.0)


def test_missed_line_costs_recall_only() -> None:
    score = score_reading([label("abcd", 0, 0), label("efgh", 0, 40)], [read("abcd", 0, 0)], True)
    assert (score.precision, score.recall, score.line_recall) == (1.0, 0.5, 0.5)


@pytest.mark.parametrize(("complete", "precision"), [(True, 0.5), (False, 1.0)])
def test_unlabelled_text_is_a_false_alarm_only_where_labels_are_complete(complete: bool, precision: float) -> None:
    score = score_reading([label("abcd", 0, 0)], [read("abcd", 0, 0), read("wxyz", 0, 200)], complete)
    assert score.precision == precision


def test_cells_of_one_labelled_row_are_joined_left_to_right() -> None:
    score = score_reading([label("total $9", 0, 0, 200)], [read("$9", 150, 2, 40), read("total", 0, 0, 60)], True)
    assert (score.f1, score.found) == (1.0, 1)


def test_one_read_line_over_two_labels_finds_both() -> None:
    truth = [label("WHY", 0, 0, 60), label("PAY", 70, 0, 60)]
    score = score_reading(truth, [read("WHY PAY", 0, 0, 130)], True)
    assert (score.f1, score.found, score.lines) == (1.0, 2, 2)


def test_half_of_a_line_is_not_found() -> None:
    score = score_reading([label("abcdefgh", 0, 0)], [read("abcd", 0, 0, 50)], True)
    assert (score.found, score.recall) == (0, 0.5)


def test_ignored_lines_count_neither_way() -> None:
    score = score_reading([label("", 0, 0, ignore=True)], [read("noise", 0, 0)], True)
    assert score == Reading()


def test_right_text_in_the_wrong_place_is_not_found() -> None:
    score = score_reading([label("abcd", 0, 0)], [read("abcd", 300, 300)], True)
    assert (score.matched, score.found, score.read) == (0, 0, 4)


def test_labels_without_a_place_are_paired_by_text() -> None:
    truth = [TruthLine("MENU", None), TruthLine("OPEN", None)]
    score = score_reading(truth, [read("open", 0, 0), read("menu", 0, 40)], False)
    assert (score.f1, score.line_recall) == (1.0, 1.0)


def test_reading_order_follows_slanted_rows() -> None:
    lean = np.array([[0, 0], [0, 10], [0, 10], [0, 0]])
    slanted = [box_quad(x, y, 50, 20) + lean for x, y in [(200, 40), (0, 0), (100, 20)]]
    assert reading_order(slanted) == [1, 2, 0]
