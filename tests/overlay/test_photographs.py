"""Stickers over real photographs: no crash, no spilling, and the picture far from the text stays as it was."""

import json
from pathlib import Path

import numpy as np
import pytest

from devices.photo import read_photo
from overlay.scene import Label
from overlay.sticker import draw_stickers, make_sticker
from tests.overlay.signs import box_quad

MEDIA = Path(__file__).parents[2].parent / "shared" / "media" / "text"
_NAMES = ("zh_street_yuyuan_rd.jpg", "es_sign_peligro.png", "ja_no_litter_minato.jpg", "zh_care_label.jpg")


@pytest.mark.skipif(not MEDIA.is_dir(), reason="needs the photographs in ../shared/media/text")
@pytest.mark.parametrize("name", _NAMES)
@pytest.mark.parametrize("target", ["Please mind the step", "발밑을 조심하세요"])
def test_every_line_of_a_photograph_can_be_translated(name: str, target: str) -> None:
    rgb = read_photo(MEDIA / name).rgb
    truth = json.loads((MEDIA / "gt" / f"{name}.json").read_text(encoding="utf-8"))
    canvas = rgb.copy()
    near = np.zeros(rgb.shape[:2], bool)
    for number, line in enumerate(line for line in truth["lines"] if line["text"]):
        x, y, width, height = line["box"]
        quad = box_quad(x, y, width, height)
        label = Label(number, quad, (quad,), line["text"], target, True)
        draw_stickers(canvas, [(make_sticker(rgb, label), quad)])
        up, side = int(height * 0.4) + 5, int(height * 2.6) + 5
        near[max(0, y - up) : y + height + up, max(0, x - side) : x + width + side] = True
    changed = (canvas != rgb).any(axis=2)
    assert changed.any()
    assert not changed[~near].any()
