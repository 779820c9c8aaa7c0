import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from devices.frame import Rgb
from overlay.erase import erase, filled
from overlay.rectify import plan_of
from tests.overlay.signs import Sign, bricks, gradient, make_sign, plain

_WHITE, _BLACK, _RED = (245, 245, 245), (12, 12, 12), (190, 20, 40)

_SIGNS = {
    "dark on light": lambda: make_sign(["PELIGRO"], plain((235, 235, 228)), _BLACK, weight=800),
    "light on dark": lambda: make_sign(["出口案内"], plain((10, 40, 120)), _WHITE),
    "red on green of the same lightness": lambda: make_sign(["出口"], plain((40, 110, 60)), (200, 30, 40)),
    "two lines": lambda: make_sign(["Halten Sie", "bitte Abstand"], plain((140, 190, 230)), _BLACK),
    "dark on a gradient": lambda: make_sign(["出入口 Exit"], gradient(), (5, 5, 10)),
    "light on bricks": lambda: make_sign(["BAR 24"], bricks(), _WHITE, weight=700),
    "very large": lambda: make_sign(["出口案内"], plain((10, 40, 120), 760, 240), _WHITE, size_px=150, noise=3.0),
    "noisy": lambda: make_sign(["清潔な町"], plain((225, 225, 220)), _RED, noise=5.0),
}


def shown(sign: Sign) -> tuple[Rgb, Rgb, NDArray[np.bool_]]:
    """The erased patch, the true ground seen the same way, and where strokes were."""
    plan = plan_of(sign.picture, sign.label)
    truth = plan_of(sign.ground, sign.label)
    ink = plan_of(np.dstack([sign.ink] * 3), sign.label)
    assert plan is not None and truth is not None and ink is not None
    found = erase(plan.patch, plan.lines, plan.line_height_px)
    return found.background, truth.patch, ink.patch[..., 0] > 100


@pytest.mark.parametrize("name", _SIGNS)
def test_where_strokes_were_the_ground_is_left(name: str) -> None:
    background, truth, ink = shown(_SIGNS[name]())
    # Fine texture cannot be known: compare what an eye sees from a step away.
    off = np.abs(cv2.GaussianBlur(background, (0, 0), 2.0).astype(int) - cv2.GaussianBlur(truth, (0, 0), 2.0))
    assert np.percentile(off[ink], 95) < 16


@pytest.mark.parametrize("name", _SIGNS)
def test_the_colour_of_the_writing_is_found(name: str) -> None:
    sign = _SIGNS[name]()
    plan = plan_of(sign.picture, sign.label)
    assert plan is not None
    found = erase(plan.patch, plan.lines, plan.line_height_px)
    true_colour = sign.picture[sign.ink == 255].mean(axis=0)
    assert np.abs(np.array(found.colour) - true_colour).max() < 22


def test_stroke_width_grows_with_weight() -> None:
    widths = []
    for weight in (300, 500, 800):
        sign = make_sign(["HELLO"], plain((230, 230, 230)), _BLACK, weight=weight)
        plan = plan_of(sign.picture, sign.label)
        assert plan is not None
        widths.append(erase(plan.patch, plan.lines, plan.line_height_px).stroke_px)
    assert widths[0] < widths[1] < widths[2]


def test_a_patch_without_writing_is_covered_and_nothing_breaks() -> None:
    patch = plain((90, 90, 90), 80, 40)
    found = erase(patch, np.ones((40, 80), np.uint8), 30.0)
    assert np.abs(found.background.astype(int) - 90).max() <= 2


def test_filling_keeps_what_is_known_and_meets_it_smoothly() -> None:
    ramp = gradient(120, 60)
    holes = np.zeros((60, 120), np.uint8)
    holes[20:40, 40:80] = 255
    result = filled(ramp, holes, np.ones((60, 120), np.float32))
    assert np.array_equal(result[holes == 0], ramp[holes == 0])
    assert np.abs(result.astype(int) - ramp)[holes > 0].max() < 14
