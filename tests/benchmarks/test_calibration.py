"""The calibration: an honest confidence has no error, a boasting one has, and the plot is a picture."""

from pathlib import Path

import pytest
from PIL import Image

from benchmarks.calibration import Judged, bins, plot, summary


def group(confidence: float, right: int, wrong: int, *, sure: bool) -> list[Judged]:
    return [Judged(confidence, sure, True)] * right + [Judged(confidence, sure, False)] * wrong


def test_an_honest_confidence_has_no_error() -> None:
    found = summary(group(0.25, 1, 3, sure=False) + group(0.75, 3, 1, sure=True))
    assert found["calibration_error"] == pytest.approx(0)
    assert (found["texts"], found["right"], found["sure"]) == (8, 0.5, 0.5)
    assert (found["wrong_among_sure"], found["right_among_unsure"]) == (0.25, 0.25)


def test_a_boast_is_an_error() -> None:
    found = summary(group(1.0, 1, 3, sure=True))
    assert found["calibration_error"] == pytest.approx(0.75)
    assert found["wrong_among_sure"] == 0.75
    assert found["right_among_unsure"] is None


def test_nothing_sure_is_nothing_wrong_among_sure_and_nothing_at_all_is_told() -> None:
    assert summary(group(0.3, 1, 1, sure=False))["wrong_among_sure"] is None
    assert summary([]) == {"texts": 0}


def test_bins_are_in_order_and_hold_every_text() -> None:
    found = bins([Judged(value / 20, False, value % 2 == 0) for value in range(21)])
    assert [one["confidence"] for one in found] == sorted(one["confidence"] for one in found)
    assert sum(one["texts"] for one in found) == 21


def test_the_plot_is_a_picture_and_the_same_every_time(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is in the extra 'bench'")
    curves = {"signs": bins(group(0.25, 1, 3, sure=False) + group(0.75, 3, 1, sure=True)), "nothing": []}
    for name in ("a.png", "b.png"):
        plot(curves, tmp_path / name)
    assert Image.open(tmp_path / "a.png").size[0] > 300
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
