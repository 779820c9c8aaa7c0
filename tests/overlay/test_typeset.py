from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overlay.typeset import Wishes, coverage, fit

_ALPHABET = "abcdefgHIJKLMNOPÄñçß 0123,.!? 출구나가는곳 出口禁止吸烟 ポイ捨て「」。"


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(alphabet=_ALPHABET, min_size=1, max_size=40),
    width=st.integers(4, 300),
    height=st.integers(4, 120),
    size=st.floats(10, 90),
    weight=st.sampled_from([300, 400, 600, 900]),
    align=st.sampled_from(["left", "centre", "right"]),
    lines=st.integers(1, 4),
)
def test_any_text_in_any_box_is_whole_and_inside(
    text: str,
    width: int,
    height: int,
    size: float,
    weight: int,
    align: Literal["left", "centre", "right"],
    lines: int,
) -> None:
    setting = fit(text, width, height, Wishes(size, 10.0, weight, align, lines))
    ink = coverage(setting, width, height)
    assert ink.shape == (height, width)
    if setting.lines:
        assert 10.0 - 1e-6 <= setting.size_px <= size + 1e-6
        assert ink.any()
        if not setting.abbreviated:
            assert "".join(setting.lines).replace(" ", "") == "".join(text.split())
    else:
        assert not ink.any()


def test_ink_is_never_cut_at_the_sides_of_the_box() -> None:
    for text in ("25, 29, 35 Dapu Road", "Oasis Skyway Garden Apartments", "관계자 외 출입 금지"):
        roomy = coverage(fit(text, 900, 60, Wishes(40)), 900, 60)
        tight = coverage(fit(text, 260, 60, Wishes(40)), 260, 60)
        # A cut letter would lose its last stroke: compare the ink in the last tenth of the writing.
        for picture in (roomy, tight):
            columns = np.nonzero(picture.any(axis=0))[0]
            assert columns[-1] - columns[0] > 0.8 * min(260, len(text) * 12)
        assert tight[:, -1].max() < 255 or tight[:, -2].any()


def test_a_short_text_keeps_the_size_of_the_original() -> None:
    assert fit("Exit", 400, 80, Wishes(40)).size_px == 40


def test_a_long_text_wraps_before_it_becomes_small() -> None:
    setting = fit("No smoking in the whole building", 200, 80, Wishes(40))
    assert len(setting.lines) >= 2 and setting.size_px > 20 and not setting.abbreviated


def test_what_cannot_fit_is_abbreviated_and_says_so() -> None:
    setting = fit("A very very long text that nobody can fit", 100, 14, Wishes(12))
    assert setting.abbreviated and setting.lines[0].endswith("…") and setting.lines[0].startswith("A very")
    assert fit("Exit", 6, 5, Wishes(12)).lines == ()


def test_a_missing_glyph_is_left_out_and_reported() -> None:
    setting = fit("Exit \U0001f600", 300, 60, Wishes(40))
    assert setting.missing == ("\U0001f600",) and setting.lines == ("Exit",)


@pytest.mark.parametrize(("align", "side"), [("left", 0), ("right", -1)])
def test_alignment_touches_its_side(align: Literal["left", "right"], side: int) -> None:
    ink = coverage(fit("Exit", 300, 60, Wishes(40, align=align)), 300, 60)
    assert ink[:, :2].any() if side == 0 else ink[:, -2:].any()
