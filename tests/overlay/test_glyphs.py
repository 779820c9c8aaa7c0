import numpy as np
import pytest

from overlay import shaping
from overlay.glyphs import advance_em, draw_line, ink_em, missing_glyphs, tidy


@pytest.mark.parametrize(
    "text",
    [
        "Exit",
        "Ausgang: ß ÄÖÜ",
        "¿Dónde? ñ ¡No!",
        "Où ça, œuvre",
        "출구 쉼터",
        "出口 禁止",
        "ポイ捨て。「」",
        "? €5 … → °C",
    ],
)
def test_our_languages_have_all_their_glyphs(text: str) -> None:
    assert missing_glyphs(tidy(text)) == ()


def test_what_the_font_lacks_is_named_once() -> None:
    assert missing_glyphs("a\U0001f600b\U0001f600") == ("\U0001f600",)


def test_a_glyph_that_would_be_drawn_blank_is_missing_and_tidied() -> None:
    assert missing_glyphs("℃") == ("℃",)
    assert tidy("30℃\tmax\n\u200b!") == "30°C max !"


def test_ink_of_a_capital_stands_on_the_base_line() -> None:
    left, top, right, bottom = ink_em("H", 400)
    assert 0.65 < -top < 0.8 and abs(bottom) < 0.03 and 0 <= left < right < 0.8


def test_heavier_writing_has_more_ink_in_every_script() -> None:
    for text in ("Exit", "출구", "出口"):
        amounts = []
        for weight in (400, 600, 800):
            mask = np.zeros((120, 300), np.uint8)
            draw_line(mask, text, 10, 80, 60, weight)
            amounts.append(int(mask.sum()))
        assert amounts[0] < amounts[1] < amounts[2]


def test_advance_adds_up() -> None:
    assert advance_em("Exit", 400) == pytest.approx(sum(advance_em(char, 400) for char in "Exit"), abs=0.1)


@pytest.mark.skipif(not shaping.drawable("س"), reason="no Arabic font or no raqm here")
def test_arabic_letters_join() -> None:
    apart = sum(shaping.advance_em(char) for char in "سلام")
    assert shaping.advance_em("سلام") < 0.9 * apart
    assert shaping.right_to_left("سلام") and not shaping.right_to_left("Exit سلام")


def test_a_shaped_script_without_a_font_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shaping, "_font_path", lambda language, names: None)
    shaping.drawable.cache_clear()
    assert not shaping.drawable("ก")
    shaping.drawable.cache_clear()
