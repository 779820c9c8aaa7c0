import numpy as np
import pytest

import overlay.captions
from devices.errors import UnknownNameError
from overlay.captions import MOST_LINES, caption_lines, draw_captions, strip_height
from overlay.layouts import LAYOUTS, lay_out, output_size
from overlay.scene import Caption
from tests.overlay.signs import plain

CAPTIONS = (Caption("出口", "Exit"), Caption("ポイ捨て禁止", "쓰레기 투기 금지", sure=False))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("captions", [(), CAPTIONS])
def test_the_picture_has_the_promised_size(layout: str, captions: tuple[Caption, ...]) -> None:
    original, translated = plain((200, 200, 200), 640, 360), plain((100, 100, 100), 640, 360)
    picture = lay_out(layout, original, translated, captions)
    assert (picture.shape[1], picture.shape[0]) == output_size(layout, 640, 360)


def test_split_shows_both_and_captions_leave_the_original_alone() -> None:
    original, translated = plain((200, 200, 200), 320, 180), plain((100, 100, 100), 320, 180)
    assert (lay_out("split", original, translated)[:, :320] == 200).all()
    assert (lay_out("split", original, translated)[:, 320:] == 100).all()
    below = lay_out("captions", original, translated, CAPTIONS)
    assert (below[:180] == 200).all()
    assert below[180:].max() > 200


def test_captions_in_place_touch_only_the_bottom() -> None:
    canvas = plain((200, 200, 200), 1280, 720)
    draw_captions(canvas, CAPTIONS)
    assert (canvas[: 720 - strip_height(1280, 720)] == 200).all()
    assert canvas[-40:].min() < 100


def test_long_captions_end_in_an_ellipsis() -> None:
    lines = caption_lines([Caption("長い", "word " * 200)], 30)
    assert len(lines) == MOST_LINES and lines[-1].endswith("…")


def test_an_unknown_layout_lists_the_known() -> None:
    with pytest.raises(UnknownNameError, match="inplace, split, captions"):
        output_size("sideways", 10, 10)


@pytest.mark.parametrize("size", [(1, 1), (16, 9), (3, 500)])
def test_tiny_pictures_do_not_break(size: tuple[int, int]) -> None:
    picture = np.zeros((size[1], size[0], 3), np.uint8)
    for layout in LAYOUTS:
        shown = lay_out(layout, picture, picture.copy(), CAPTIONS)
        assert (shown.shape[1], shown.shape[0]) == output_size(layout, *size)


def test_what_cannot_be_shown_of_a_caption_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every frame would wait for it."""
    measured: list[int] = []
    measure = overlay.captions._measure

    def counting(text: str) -> float:
        measured.append(len(text))
        return measure(text)

    monkeypatch.setattr(overlay.captions, "_measure", counting)
    caption = Caption("出" * 50_000, "w" * 50_000, False)
    lines = caption_lines([caption], 40.0)
    assert len(lines) == MOST_LINES
    assert lines[0].startswith("出")
    assert lines[-1].endswith("…")
    assert max(measured) < 2000
    assert sum(measured) < 5_000_000  # it is a quadratic search
    measured.clear()
    assert caption_lines((caption,), 40.0) == lines
    assert measured == []
