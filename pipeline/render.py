"""The second pass over a recording: draws every sign on every frame that shows it.

In: a frame and the signs on it. Out: the picture to show. Stickers are made once a sign, when it first appears.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from devices import Rgb
from devices.subtitles import Cue
from devices.video_in import DecodedFrame
from overlay.layouts import lay_out
from overlay.scene import Caption
from overlay.sticker import Sticker, draw_stickers
from pipeline.analysis import Analysis
from pipeline.anonymise import Hiding
from pipeline.sightings import Sightings
from pipeline.signs import Sign
from pipeline.stickers import sticker_of
from pipeline.tags import Tagger, area_of

_LONGEST_CUE_GAP_MS = 700.0


@dataclass(frozen=True, slots=True)
class Sighted:
    """Things and codes, and what writes their tags."""

    sightings: Sightings
    tagger: Tagger


class Renderer:
    """Draws one recording. Memory: the stickers of the signs in view."""

    def __init__(
        self,
        analysis: Analysis,
        signs: Sequence[Sign],
        layout: str,
        hiding: Hiding | None = None,
        sighted: Sighted | None = None,
    ) -> None:
        """`hiding`: what nobody may see; it is gone before anything is drawn. `sighted`: what gets a tag."""
        self._analysis = analysis
        self._layout = layout
        self._hiding = hiding
        self._sighted = sighted
        self._signs = signs
        self._on: dict[int, list[Sign]] = defaultdict(list)
        self._last: dict[int, int] = {}
        for sign in signs:
            for seq in sign.placed:
                self._on[seq].append(sign)
            self._last[sign.id] = max(sign.placed)
        self._stickers: dict[int, Sticker] = {}

    def signs_on(self, seq: int) -> list[Sign]:
        """The signs that can be seen on a frame, those left alone included."""
        return self._on.get(seq, [])

    def picture(self, frame: DecodedFrame) -> Rgb | DecodedFrame:
        """The frame as it is to be shown; the frame itself when nothing has to be drawn on it."""
        seq = frame.stamp.seq
        signs = [sign for sign in self.signs_on(seq) if sign.drawn]
        hiding = self._hiding if self._hiding and self._hiding.needed(seq) else None
        tagged = self._sighted is not None and any(self._sighted.sightings.on(seq))
        if not (signs or tagged) and self._layout == "inplace" and hiding is None:
            return frame
        original = hiding.hide(seq, frame.rgb()) if hiding else frame.rgb()
        if self._layout == "captions":
            return lay_out("captions", original, original, _captions(signs))
        drawn = original.copy()
        for sign in sorted(signs, key=lambda sign: not sign.translation.sure):
            self._make(sign)
        draw_stickers(drawn, [(self._stickers[sign.id], sign.placed[seq]) for sign in signs])
        if tagged:
            self._tag(drawn, seq)
        short = [sign for sign in signs if self._stickers[sign.id].abbreviated]
        self._forget(seq)
        return lay_out(self._layout, original, drawn, _captions(short))

    def _make(self, sign: Sign) -> None:
        """Make the sticker of a sign where there is none yet; what is sure first, tags look for what is left."""
        if sign.id not in self._stickers:
            picture = self._analysis.keys[sign.key].rgb()
            if self._hiding:
                picture = self._hiding.hide(sign.key, picture)
            self._stickers[sign.id] = sticker_of(picture, sign, self._signs, self._stickers)

    def _tag(self, drawn: Rgb, seq: int) -> None:
        assert self._sighted is not None
        taken = [area_of(self._stickers[s.id] if s.drawn else None, s.placed[seq]) for s in self.signs_on(seq)]
        things, codes = self._sighted.sightings.on(seq)
        self._sighted.tagger.draw(drawn, things, codes, taken)

    def _forget(self, seq: int) -> None:
        for track in [track for track in self._stickers if self._last[track] <= seq]:
            del self._stickers[track]


def _captions(signs: Sequence[Sign]) -> list[Caption]:
    """Each translation once, however many signs say it."""
    told = {sign.translation.source: sign.translation for sign in signs if sign.known}
    return [Caption(t.source, t.target, t.sure) for t in told.values()]


def subtitle_cues(signs: Sequence[Sign], stamps: Sequence[float], end_ms: float) -> list[Cue]:
    """The translations as timed text; a sign that goes and comes back soon keeps its cue."""
    cues = []
    for sign in signs:
        if not sign.known:
            continue
        frames = sorted(sign.placed)
        start = last = frames[0]
        for seq in [*frames[1:], None]:
            if seq is not None and stamps[seq] - stamps[last] <= _LONGEST_CUE_GAP_MS:
                last = seq
                continue
            after = stamps[last + 1] if last + 1 < len(stamps) else end_ms
            cues.append(Cue(stamps[start], after, sign.translation.target))
            if seq is not None:
                start = last = seq
    return cues
