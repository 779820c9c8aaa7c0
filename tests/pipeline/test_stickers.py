"""Tags of what is not sure lie on nothing that is told, in a picture and over a whole recording."""

from collections.abc import Sequence
from itertools import combinations

import cv2
import numpy as np

from devices import Stamp
from language.translation import Translation
from overlay.sticker import footprint
from pipeline.analysis import Analysis
from pipeline.signs import Sign, make_signs, signs_in_picture
from pipeline.stickers import sticker_of, stickers_of
from tests.pipeline.films import wall
from vision.quad import Quad
from vision.text import TextRegion
from vision.text.track import TextTrack

STAMP = Stamp(source="test", seq=0, captured_ns=0, pts_ms=0.0)
WALL = wall(640, 360)


class Guesser:
    """Is sure of what begins with a capital."""

    name = "guesser"

    def translate(
        self, texts: Sequence[str], *, source: str, to: str, neighbours: Sequence[str] = ()
    ) -> list[Translation]:
        return [
            Translation(text, f"<{text}>", "de", to, self.name, 0.5, text[0].isupper(), gloss="word for word")
            for text in texts
        ]


def box(x: float, y: float, width: float = 120, height: float = 30) -> Quad:
    return np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float32)


def picture(*quads: Quad, texts: Sequence[str]) -> list[Sign]:
    regions = [TextRegion(STAMP, quad, text, "latin", 0.9) for quad, text in zip(quads, texts, strict=True)]
    return signs_in_picture(regions, Guesser(), source="de", to="en")


def shared(a: Quad, b: Quad) -> float:
    return float(cv2.intersectConvexConvex(a, b)[0])


def test_tags_keep_clear_of_each_other_and_of_all_lines() -> None:
    quads = [box(100, 60), box(100, 120), box(240, 60), box(240, 120), box(100, 180), box(240, 180)]
    signs = picture(*quads, texts=["eins", "zwei", "Drei", "vier", "Fuenf", "sechs"])
    made = stickers_of(WALL, signs)
    tags = [footprint(made[sign.id], sign.quad) for sign in signs if not sign.translation.sure]
    found = [tag for tag in tags if tag is not None]
    assert len(signs) == 6 and len(found) == 4
    assert all(made[sign.id].stiff is not sign.translation.sure for sign in signs)
    assert all(shared(a, b) < 20 for a, b in combinations(found, 2))
    assert all(shared(tag, quad) < 20 for tag in found for quad in quads)


def test_a_tag_leaves_room_for_a_sign_that_its_key_frame_does_not_show() -> None:
    """The camera pans: the second sign comes into view later, below the first."""
    analysis = Analysis(stamps=[0.0, 33.0])
    first, second = box(200, 100), box(200, 138, 200, 60)
    up = np.array([0, -40], np.float32)
    paths = [{0: first, 1: first + up}, {1: second + up}]
    for number, (text, path) in enumerate(zip(("eins", "zwei"), paths, strict=True), start=1):
        track = TextTrack(number, path=path, whole=True)
        track.vote(TextRegion(STAMP, path[max(path)], text, "latin", 0.9), cut=False)
        analysis.tracks.append(track)
        analysis.best_key[number] = (min(path), 1.0)
    one, two = make_signs(analysis, Guesser(), source="de", to="en")
    assert one.key == 0 and two.key == 1
    tag = footprint(sticker_of(WALL, one, [one, two], {}), first)
    assert tag is not None and shared(tag, second) < 20
