"""What the tags beside things and codes say, in the wearer's language.

In: detections and codes. Out: tags for the overlay. A code's tag says what it holds as far as that is safe to show.
"""

from collections.abc import Hashable, Sequence

import cv2
import numpy as np

from devices import Rgb
from language.object_names import code_word, object_name
from overlay.sticker import Sticker
from overlay.tags import Area, PlacedTag, Tag, draw_tags, place_tags
from vision.codes import Code, Kind
from vision.objects import Detection
from vision.quad import Quad, bounds, move

MOST_THINGS = 10
"""Tags for things at a time, the surest first; more would hide what they name."""


def tags_of(things: Sequence[Detection], codes: Sequence[Code], to: str) -> list[Tag]:
    """A tag for each code, what is odd first, then for each thing."""
    told = sorted((code_tag(code, to) for code in codes), key=lambda tag: not tag.warning)
    chosen = sorted(things, key=lambda thing: -thing.score)[:MOST_THINGS]
    # In the order of their numbers: which tag gives way to which must not change with every score.
    return told + [thing_tag(thing, to) for thing in sorted(chosen, key=lambda thing: thing.track or 0)]


def thing_tag(thing: Detection, to: str) -> Tag:
    """Its name."""
    return Tag(("thing", thing.track), object_name(thing.label, to), thing.box, only_bare=True)


def code_tag(code: Code, to: str) -> Tag:
    """What it holds, a preview, and the worst that is to be said about it."""
    content = code.content
    # A number or words of their own need no title; an empty preview leaves the title alone.
    title = "" if content.kind is Kind.TEXT and content.preview else code_word(content.kind.value, to)
    if content.warnings:  # first, because what is too long is cut at its end
        title = f"{title} – {code_word(content.warnings[0].value, to)}"
    text = ": ".join(filter(None, (title, content.preview)))
    return Tag(("code", code.track), text, bounds(code.quad), bool(content.warnings))


def area_of(sticker: Sticker | None, quad: Quad) -> Area:
    """What a text takes up on a picture where its block has these corners: the sticker's edges, or the block alone."""
    if sticker is None or sticker.blank:
        return bounds(quad)
    height, width = sticker.rgba.shape[:2]
    matrix = np.asarray(cv2.getPerspectiveTransform(sticker.corners, quad.astype(np.float32)), np.float64)
    outer = move(matrix, np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32))
    return bounds(np.concatenate([outer, quad])) if np.isfinite(outer).all() else bounds(quad)


class Tagger:
    """Tags on one picture after another: a tag stays on its side of its thing as long as there is room."""

    def __init__(self, to: str) -> None:
        self._to = to
        self._sides: dict[Hashable, int] = {}

    def place(
        self, things: Sequence[Detection], codes: Sequence[Code], taken: Sequence[Area], size: tuple[int, int]
    ) -> list[PlacedTag]:
        """The tags of the next picture, where they cover nothing of `taken`; `size` is its width and height."""
        placed = place_tags(tags_of(things, codes, self._to), taken, size, self._sides)
        self._sides = {one.tag.key: one.side for one in placed}
        return placed

    def draw(self, rgb: Rgb, things: Sequence[Detection], codes: Sequence[Code], taken: Sequence[Area]) -> None:
        """Place them and draw them on the picture `(H, W, 3)`, in place."""
        draw_tags(rgb, self.place(things, codes, taken, (rgb.shape[1], rgb.shape[0])))
