"""Makes the stickers of signs so that none takes from another sign, and no tag lies on anything that is told.

In: the picture of a sign's key frame, the signs of the recording, the stickers that were made before. Out: its sticker.
"""

from collections.abc import Mapping, Sequence

from devices import Rgb
from overlay.sticker import Sticker, footprint, make_sticker
from pipeline.signs import Sign
from vision.quad import affine, move


def sticker_of(rgb: Rgb, sign: Sign, signs: Sequence[Sign], made: Mapping[int, Sticker]) -> Sticker:
    """The sticker of a sign in its key frame `rgb`; `made` are those of other signs, by their numbers. Blocks."""
    lines, taken = [], []
    for other in signs:
        seq = _together(sign, other)
        if other is sign or seq is None:
            continue
        quads = [track.path[seq] for track in other.tracks if seq in track.path]
        if seq == sign.key:
            lines += quads
        if other.id in made:
            covered = footprint(made[other.id], other.placed[seq])
            quads = quads if covered is None else [*quads, covered]
        # Where the key frame does not show the other: as they lie to each other when both are in view.
        taken += quads if seq == sign.key else [move(affine(sign.placed[seq], sign.quad), quad) for quad in quads]
    return make_sticker(rgb, sign.label(), others=lines, taken=taken)


def stickers_of(rgb: Rgb, signs: Sequence[Sign]) -> dict[int, Sticker]:
    """The stickers of all signs of a single picture that are to be drawn, by their numbers. Blocks.

    What is sure goes first: it takes its original's place, and a tag looks for what is left.
    """
    made: dict[int, Sticker] = {}
    for sign in sorted(signs, key=lambda sign: not sign.translation.sure):
        if sign.drawn:
            made[sign.id] = sticker_of(rgb, sign, signs, made)
    return made


def _together(sign: Sign, other: Sign) -> int | None:
    """A frame that shows both: the sign's key frame, or else the first one."""
    if sign.key in other.placed:
        return sign.key
    ends = [(next(iter(one.placed)), next(reversed(one.placed))) for one in (sign, other) if one.placed]
    if len(ends) < 2 or ends[0][0] > ends[1][1] or ends[1][0] > ends[0][1]:
        return None
    return next((seq for seq in sign.placed if seq in other.placed), None)
