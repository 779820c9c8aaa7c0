"""Translations and stickers, ready to be drawn: made by the translate lane, taken by the render lane.

In: a board and the picture that it was read from. Out: for each sign what to draw. A sign is translated once; its
sticker is made again only where its text or its lines changed, or where it is seen much larger. No clocks, no threads:
the dictionary that is handed out is never changed afterwards.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from devices import Rgb
from language.translation import Translation, Translator, left_alone, worth_showing
from overlay.sticker import Sticker, footprint, make_sticker
from pipeline.live.board import Board, PlacedSign
from vision.quad import Quad, area, block, common_area

_MUCH_LARGER = 2.5  # in area, than a sticker's own pixels: one that was made from afar is made again
_IN_THE_WAY = 0.25  # of another line
_MOST_KEPT = 300


@dataclass(frozen=True, slots=True)
class Shown:
    """What is known of one sign."""

    text: str
    translation: Translation
    sticker: Sticker | None
    """None where the sign is left alone: the wearer's own language, or no language at all."""
    area_px: float
    """Of the sign, as fine as its sticker is: small letters are drawn finer than they were seen."""


Shelf = Mapping[tuple[int, ...], Shown]
"""By the numbers of a sign's lines."""


class Stock:
    """Keeps the shelf filled. Owned by one lane."""

    def __init__(self, translator: Translator, *, source: str, to: str) -> None:
        self._translator = translator
        self._source = source
        self._to = to
        self._known: dict[str, Translation] = {}
        self.shelf: Shelf = {}

    def wanted(self, board: Board) -> list[PlacedSign]:
        """The signs of a board for which something has to be made."""
        return [sign for sign in board.signs if sign.text and not self._is_ready(sign, board)]

    def fill(self, board: Board, rgb: Rgb, hand_out: Callable[[Shelf], None] = lambda shelf: None) -> Shelf:
        """Translates what is new in one call, makes stickers, returns the new shelf. Blocks.

        `hand_out` is given the shelf as it is after each sticker: nobody who waits for one waits for all of them.
        """
        wanted = self.wanted(board)
        told = self._translate([sign.text for sign in wanted], board)
        shelf = dict(self.shelf)
        for sign in wanted:
            shelf.pop(sign.key, None)
        # What is sure takes its original's place; a tag then looks for what is left.
        for sign, translation in sorted(zip(wanted, told, strict=True), key=lambda pair: not pair[1].sure):
            sticker = None
            if not left_alone(translation):
                label = sign.label(translation.target, translation.sure, translation.gloss)
                taken = _covered(sign, board, shelf)
                sticker = make_sticker(rgb, label, others=_other_lines(sign, board), taken=taken)
            fine = max(area(sign.quad), area(sticker.corners) if sticker else 0.0)
            shelf[sign.key] = Shown(sign.text, translation, sticker, fine)
            hand_out({**self.shelf, **shelf})
        present = {sign.key for sign in board.signs}
        for key in [key for key in shelf if key not in present][: max(0, len(shelf) - _MOST_KEPT)]:
            del shelf[key]
        self.shelf = shelf
        return shelf

    def _is_ready(self, sign: PlacedSign, board: Board) -> bool:
        shown = self.shelf.get(sign.key)
        if shown is None or shown.text != sign.text or area(sign.quad) > _MUCH_LARGER * shown.area_px:
            return False
        return shown.sticker is None or not _is_in_the_way(shown.sticker, sign, board)

    def _translate(self, texts: Sequence[str], board: Board) -> list[Translation]:
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        if new:
            settled = [
                self._known[sign.text].source_lang
                for sign in board.signs
                if sign.text in self._known and self._known[sign.text].sure
            ]
            found = self._translator.translate(new, source=self._source, to=self._to, neighbours=settled)
            self._known.update(zip(new, map(worth_showing, _checked(found, len(new))), strict=True))
        told = [self._known[text] for text in texts]
        for old in list(self._known)[: max(0, len(self._known) - _MOST_KEPT)]:
            del self._known[old]
        return told


def _checked(found: object, count: int) -> list[Translation]:
    """What a translator gave, if it is what it must be: the first answer to a text is kept for good."""
    answers = found if isinstance(found, list) else []
    if len(answers) != count or not all(isinstance(getattr(one, "target", None), str) for one in answers):
        raise ValueError(f"translator: expected {count} translations with a text, got {found!r:.200}")
    return answers


def ready(sign: PlacedSign, shelf: Shelf) -> list[tuple[Shown, Quad]]:
    """What can be drawn for a sign now, and on which quad of the board's frame.

    Where its lines were joined anew and the whole is not made yet: what was made for the parts, large ones first.
    """
    whole = shelf.get(sign.key)
    if whole is not None:
        return [(whole, sign.quad)]
    if len(sign.lines) == 1:
        return []
    quads = {line.track.id: line.quad for line in sign.lines}
    left = set(quads)
    parts = []
    for key in sorted((key for key in shelf if left.issuperset(key)), key=len, reverse=True):
        if left.issuperset(key):
            left.difference_update(key)
            parts.append((shelf[key], block([quads[number] for number in key])))
    return parts


def _is_in_the_way(sticker: Sticker, sign: PlacedSign, board: Board) -> bool:
    """Whether a tag lies on a text that was not known there when it was made."""
    tag = footprint(sticker, sign.quad) if sticker.stiff else None
    if tag is None:
        return False
    return any(common_area(tag, quad) > _IN_THE_WAY * area(quad) for quad in _other_lines(sign, board))


def _covered(sign: PlacedSign, board: Board, shelf: Shelf) -> list[Quad]:
    """What is drawn for the board's other signs, on the board's frame."""
    shown = [one for other in board.signs if other is not sign for one in ready(other, shelf)]
    covered = [footprint(one.sticker, quad) for one, quad in shown if one.sticker is not None]
    return [quad for quad in covered if quad is not None]


def _other_lines(sign: PlacedSign, board: Board) -> list[Quad]:
    return [line.quad for other in board.signs if other is not sign for line in other.lines]
