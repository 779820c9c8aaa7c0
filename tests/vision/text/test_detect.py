"""The way from a probability map to lines, on maps drawn by hand."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from vision.quad import size_px
from vision.text.detect import lines_from_probability


def empty(high: int = 120, wide: int = 240) -> NDArray[np.float32]:
    return np.zeros((high, wide), np.float32)


def test_an_empty_map_has_no_lines() -> None:
    assert lines_from_probability(empty(), 1, 1) == []


def test_a_line_is_found_and_grown_back() -> None:
    probability = empty()
    probability[40:52, 60:160] = 0.9
    (found,) = lines_from_probability(probability, 1, 1)
    wide, high = size_px(found.quad)
    assert found.score == pytest.approx(0.9, abs=0.1)
    # The training shrank each side by area / perimeter x growth / 2 on both ends.
    assert high == pytest.approx(12 + 2 * 100 * 12 * 1.6 / (2 * 112), abs=3)
    assert wide - high == pytest.approx(100 - 12, abs=2)
    assert found.quad.mean(axis=0) == pytest.approx((110, 46), abs=1)
    left_top, right_top = found.quad[:2]
    assert right_top[0] > left_top[0]


def test_scales_lead_back_to_the_picture() -> None:
    probability = empty()
    probability[40:52, 60:160] = 0.9
    (plain,), (scaled,) = (lines_from_probability(probability, x, y) for x, y in ((1, 1), (2.5, 3)))
    assert np.allclose(scaled.quad, plain.quad * [2.5, 3])


def test_two_lines_stay_two_and_come_from_top_to_bottom() -> None:
    probability = empty()
    probability[80:92, 20:120] = 0.9
    probability[30:42, 100:220] = 0.8
    found = lines_from_probability(probability, 1, 1)
    assert [round(float(line.quad[:, 1].mean()) / 10) for line in found] == [4, 9]


@pytest.mark.parametrize("angle_deg", [-60, -20, 20, 40])
def test_slanted_lines(angle_deg: float) -> None:
    probability = empty(240, 240)
    corners = cv2.boxPoints(((120, 120), (150, 14), angle_deg))
    cv2.fillPoly(probability, [np.round(corners).astype(np.int32)], 0.95)
    (found,) = lines_from_probability(probability, 1, 1)
    top = found.quad[1] - found.quad[0]
    if abs(angle_deg) < 45:
        assert np.degrees(np.arctan2(top[1], top[0])) == pytest.approx(angle_deg, abs=2)
    assert max(size_px(found.quad)) == pytest.approx(150 + 20, abs=8)


def test_faint_and_tiny_spots_are_left_out() -> None:
    probability = empty()
    probability[20:32, 20:100] = 0.35  # above the threshold of a pixel, below that of a line
    probability[60:62, 50:52] = 0.99
    assert lines_from_probability(probability, 1, 1) == []


def test_a_line_at_the_very_edge_does_not_break_it() -> None:
    probability = empty()
    probability[0:10, 0:240] = 0.9
    probability[110:120, 200:240] = 0.9
    assert len(lines_from_probability(probability, 1, 1)) == 2
