"""Labels become typed records; real labels are checked where the shared media exist."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.geometry import box_quad, project
from benchmarks.truth import Photograph, TruthLine, find_media, load_clips, load_photographs, moved_photograph
from devices.errors import InputError

MEDIA = Path(__file__).parents[2].parent / "shared" / "media"


def write_label(folder: Path, **label: object) -> None:
    gt = folder / "text" / "gt"
    gt.mkdir(parents=True, exist_ok=True)
    whole = {"file": "sign.jpg", "width": 100, "height": 50, "lang": "en", "complete": True, **label}
    (gt / "sign.jpg.json").write_text(json.dumps(whole), encoding="utf-8")


def test_a_missing_folder_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--media"):
        find_media(tmp_path)


def test_boxes_quads_and_places_unknown(tmp_path: Path) -> None:
    lines = [
        {"text": "A", "box": [1, 2, 10, 5]},
        {"text": "B", "box": [0, 0, 1, 1], "quad": [1, 1, 9, 2, 9, 8, 1, 7]},
        {"text": "C", "box": None},
        {"text": None, "box": [5, 5, 9, 9]},
    ]
    write_label(tmp_path, lines=lines)
    (photo,) = load_photographs(find_media(tmp_path))
    a, b, c, unread = photo.lines
    assert a.quad is not None and a.quad.tolist() == [[1, 2], [11, 2], [11, 7], [1, 7]]
    assert b.quad is not None and b.quad.tolist() == [[1, 1], [9, 2], [9, 8], [1, 7]]
    assert c.quad is None and not c.ignore
    assert unread.ignore


def test_lines_cut_off_or_tiny_are_not_demanded() -> None:
    lines = tuple(
        TruthLine(name, quad)
        for name, quad in [
            ("whole", box_quad(100, 100, 80, 20)),
            ("cut", box_quad(-40, 100, 80, 20)),
            ("out", box_quad(-90, 100, 80, 20)),
            ("tiny", box_quad(100, 150, 80, 5)),
        ]
    )
    photo = Photograph(Path("p.png"), 320, 240, "en", True, lines)
    seen, index = moved_photograph(photo, [np.eye(3)], 320, 240).demands(0)
    assert [(line.text, line.ignore) for line in seen] == [("whole", False), ("cut", True), ("tiny", True)]
    assert index == [0, 1, 3]


@pytest.mark.skipif(not MEDIA.is_dir(), reason=f"labelled media not found in {MEDIA}")
def test_motion_of_the_real_clips_agrees_with_their_quads() -> None:
    clips = load_clips(find_media(MEDIA))
    assert len(clips) >= 3
    for path, truth in clips:
        assert path.is_file()
        moved = np.array([project(h, truth.quads[0]) for h in truth.homographies])
        assert np.nanmedian(np.abs(moved - truth.quads)) < 1.0, path.name


@pytest.mark.skipif(not MEDIA.is_dir(), reason=f"labelled media not found in {MEDIA}")
def test_every_real_photograph_is_there() -> None:
    photographs = load_photographs(find_media(MEDIA))
    assert len(photographs) >= 30
    assert all(photo.path.is_file() for photo in photographs)
