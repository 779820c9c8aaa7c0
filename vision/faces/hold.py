"""Faces over time: a face that was seen is hidden a little before, in between and after it too. Pure; reads no clock.

A detector blinks: a hand, a turned head, blur. One frame with a face in it undoes the hiding of all the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vision.objects.detection import Box

BRIDGE_MS = 1000.0
"""A face that is found again so soon was there all the time."""
AROUND_MS = 400.0
"""So long before it is first found and after it is last found it is taken to be there too."""

_NEAR, _FARTHER = 1.0, 2.0  # centres, in sizes of the face, and how many sizes more for each second in between
_GROWTH = 0.5  # of its size a second, while it is not seen


@dataclass(frozen=True, slots=True)
class _Seen:
    """One face and when it was seen last."""

    box: Box
    at_ms: float
    speed: tuple[float, float] = (0.0, 0.0)
    """Pixels a millisecond."""


class Holder:
    """For pictures as they come: keeps hiding what was seen a moment ago. Owned by one lane."""

    def __init__(self, hold_ms: float = BRIDGE_MS) -> None:
        self._hold_ms = hold_ms
        self._seen: list[_Seen] = []

    def see(self, boxes: Sequence[Box], at_ms: float) -> list[Box]:
        """What to hide on the picture of that time, on which these faces were found."""
        if self._seen and at_ms < max(one.at_ms for one in self._seen):
            self._seen = []  # a clip begins again
        held = [one for one in self._seen if at_ms - one.at_ms <= self._hold_ms]
        now: list[_Seen] = []
        for box in boxes:
            before = _nearest(box, held, at_ms)
            if before is not None:
                held.remove(before)
            now.append(_moved(before, box, at_ms))
        self._seen = now + held
        return [*boxes, *(_guessed(one, at_ms) for one in held)]


def spread(found: Mapping[int, Sequence[Box]], times_ms: Sequence[float]) -> dict[int, list[Box]]:
    """What to hide on each frame of a recording, by its number; `found` by the numbers of frames, in `times_ms`.

    Gaps of a face are filled by moving it between the places around them; before the first and after the last it stays,
    and grows a little. The same input gives the same output.
    """
    tracks: list[list[tuple[int, Box]]] = []
    for seq in sorted(found):
        at_ms = times_ms[seq]
        open_ones = [track for track in tracks if at_ms - times_ms[track[-1][0]] <= BRIDGE_MS and track[-1][0] < seq]
        for box in found[seq]:
            lasts = {id(track): _Seen(track[-1][1], times_ms[track[-1][0]]) for track in open_ones}
            before = _nearest(box, list(lasts.values()), at_ms)
            track = next((track for track in open_ones if before is lasts[id(track)]), None)
            if track is None:
                tracks.append([(seq, box)])
            else:
                open_ones.remove(track)
                track.append((seq, box))
    hidden: dict[int, list[Box]] = {}
    for track in tracks:
        for seq, box in _filled(track, times_ms):
            hidden.setdefault(seq, []).append(box)
    return hidden


def _filled(track: list[tuple[int, Box]], times_ms: Sequence[float]) -> list[tuple[int, Box]]:
    result = list(track)
    for (left, a), (right, b) in pairwise(track):
        for seq in range(left + 1, right):
            share = (times_ms[seq] - times_ms[left]) / max(times_ms[right] - times_ms[left], 1e-9)
            away_ms = min(times_ms[seq] - times_ms[left], times_ms[right] - times_ms[seq])
            result.append((seq, _grown(_between(a, b, share), away_ms)))
    (first, box), (last, end) = track[0], track[-1]
    for seq in range(first - 1, -1, -1):
        if times_ms[first] - times_ms[seq] > AROUND_MS:
            break
        result.append((seq, _grown(box, times_ms[first] - times_ms[seq])))
    for seq in range(last + 1, len(times_ms)):
        if times_ms[seq] - times_ms[last] > AROUND_MS:
            break
        result.append((seq, _grown(end, times_ms[seq] - times_ms[last])))
    return result


def _nearest(box: Box, others: Sequence[_Seen], at_ms: float) -> _Seen | None:
    """The face among others that this one can be, or None."""
    best: tuple[float, _Seen | None] = (1.0, None)
    for other in others:
        limit = _NEAR + _FARTHER * max(0.0, at_ms - other.at_ms) / 1000
        away = _away(box, _guessed(other, at_ms)) / limit
        if away < best[0]:
            best = away, other
    return best[1]


def _away(a: Box, b: Box) -> float:
    """How far apart the centres are, in mean sizes; 0 where they overlap well."""
    size = (a[2] - a[0] + a[3] - a[1] + b[2] - b[0] + b[3] - b[1]) / 4
    x, y = (a[0] + a[2] - b[0] - b[2]) / 2, (a[1] + a[3] - b[1] - b[3]) / 2
    return float((x * x + y * y) ** 0.5 / max(size, 1e-6))


def _moved(before: _Seen | None, box: Box, at_ms: float) -> _Seen:
    if before is None or at_ms <= before.at_ms:
        return _Seen(box, at_ms)
    x = (box[0] + box[2] - before.box[0] - before.box[2]) / 2
    y = (box[1] + box[3] - before.box[1] - before.box[3]) / 2
    passed_ms = at_ms - before.at_ms
    return _Seen(box, at_ms, (x / passed_ms, y / passed_ms))


def _guessed(one: _Seen, at_ms: float) -> Box:
    """Where a face that is not seen can be: from its last place to where its motion led, a little larger."""
    passed_ms = max(0.0, at_ms - one.at_ms)
    x, y = one.speed[0] * min(passed_ms, AROUND_MS), one.speed[1] * min(passed_ms, AROUND_MS)
    x0, y0, x1, y1 = one.box
    return _grown((min(x0, x0 + x), min(y0, y0 + y), max(x1, x1 + x), max(y1, y1 + y)), passed_ms)


def _grown(box: Box, passed_ms: float) -> Box:
    more = _GROWTH * passed_ms / 1000 / 2
    wide, high = (box[2] - box[0]) * more, (box[3] - box[1]) * more
    return box[0] - wide, box[1] - high, box[2] + wide, box[3] + high


def _between(a: Box, b: Box, share: float) -> Box:
    x0, y0, x1, y1 = ((1 - share) * one + share * two for one, two in zip(a, b, strict=True))
    return x0, y0, x1, y1
