"""Hands that steer a live session: a lane that watches for gestures, and what each of them does.

In: frames, also those that pass unseen while the picture is paused, or else nobody could go on with a gesture. Out:
what is meant, to the thread of the display, which then does it: an open palm pauses and goes on, a closed fist hides
the translations and shows them again, a pointing finger picks the text at its tip, a thumb up writes it down.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from devices import Frame, GlossaError, Stamp
from devices.clock import NS_PER_MS, Clock
from devices.display import Wish
from pipeline.live.budget import Budget
from pipeline.live.lane import Lane
from pipeline.live.mailbox import Mailbox, Policy
from pipeline.live.notices import Notices
from pipeline.live.outcome import Observer, Outcome, Result
from pipeline.live.showing import Placed, View
from pipeline.live.thrift import rest_ms
from pipeline.saved import SavedTexts
from vision.hands import Dwell, Gesture, Hand, Sample, watch
from vision.quad import size_px

HANDS_NICE = 12
"""By how much less eager than the render lane."""

_ALLOWANCE_MS = 600.0
_SHARE = 0.25  # of the time, at most
_LEAST_REST_MS = 90.0
_MOST_WAITING = 8
_PICKED_S = 10.0  # how long a picked text stays on the picture, and is what a thumb means
_REACH = 1.0  # how far off a text may be from the fingertip, in heights of the text: the finger hides what it touches


class Hands(Protocol):
    """What sees hands."""

    name: str

    def read(self, frame: Frame) -> list[Hand]:
        """The hands in a picture, the surest first. Blocks."""
        ...


@dataclass(frozen=True, slots=True)
class Meant:
    """A gesture that was held for long enough."""

    stamp: Stamp
    gesture: Gesture
    fingertip: tuple[float, float]
    """Capture pixels of the frame with that stamp."""


class HandLane:
    """The lane, and what was meant. `lane` goes into an engine, frames go to `offer`."""

    def __init__(self, hands: Hands, *, clock: Clock, observers: Sequence[Observer] = ()) -> None:
        self._hands = hands
        self._clock = clock
        self._dwell = Dwell()
        self._rest_until_ns = clock.now_ns()
        self._meant: deque[Meant] = deque(maxlen=_MOST_WAITING)
        self.lane = Lane(
            "hands",
            Mailbox[Frame](Policy.NEWEST),
            self._look,
            _ALLOWANCE_MS,
            clock=clock,
            observers=observers,
            nice=HANDS_NICE,
        )

    def offer(self, frame: Frame) -> None:
        """A frame that may be looked at, if it is time. Never blocks."""
        if self.lane.busy is None and self._clock.now_ns() >= self._rest_until_ns:
            self.lane.put(frame)

    def meant(self) -> list[Meant]:
        """What was meant since the last call. From any one thread."""
        found = []
        while self._meant:
            found.append(self._meant.popleft())
        return found

    def _look(self, frame: Frame, budget: Budget) -> Result:
        started_ns = self._clock.now_ns()
        seen = self._hands.read(frame)
        telling = [hand for hand in seen if hand.gesture is not None] or seen
        hand = max(telling, key=lambda one: one.gesture_score, default=None)
        # By the time of capture: when a slow machine comes to look at it says nothing about the hand.
        at_ms = frame.stamp.captured_ns / NS_PER_MS
        sample = Sample(at_ms)
        if hand is not None:
            place = hand.fingertip if hand.gesture is Gesture.POINT else _middle(hand)
            sample = Sample(at_ms, hand.gesture, min(hand.gesture_score, hand.score), place, hand.size_px)
        self._dwell = watch(self._dwell, sample)
        if self._dwell.told and hand:
            self._meant.append(Meant(frame.stamp, self._dwell.told, hand.fingertip))
        now_ns = self._clock.now_ns()
        rest = max(_LEAST_REST_MS, rest_ms((now_ns - started_ns) / NS_PER_MS, _SHARE))
        self._rest_until_ns = now_ns + round(rest * NS_PER_MS)
        return Result(Outcome.DONE, self._dwell.told.value if self._dwell.told else "")


class Gesturing:
    """Does what was meant. Owned by the thread of the display; call `step` often."""

    def __init__(
        self,
        meant: Callable[[], Sequence[Meant]],
        obey: Callable[[Wish, View | None], None],
        saved: SavedTexts,
        notices: Notices,
        *,
        clock: Clock,
    ) -> None:
        self._meant = meant
        self._obey = obey
        self._saved = saved
        self._notices = notices
        self._clock = clock
        self._picked: tuple[Placed, int] | None = None
        self.view: View | None = None
        """What is on the screen; set by the render lane."""

    def step(self) -> None:
        """Do what was meant since the last call. Blocks only to write a line to a file."""
        for one in self._meant():
            match one.gesture:
                case Gesture.PALM:
                    self._obey(Wish.PAUSE, self.view)
                case Gesture.FIST:
                    self._obey(Wish.ORIGINAL, self.view)
                case Gesture.POINT:
                    self._pick(one)
                case Gesture.THUMB_UP:
                    self._save()

    def _pick(self, meant: Meant) -> None:
        placed = nearest(self.view.placed if self.view else (), meant.fingertip)
        if placed is None:
            self._notices.news("picked", "There is no translated text at the finger.")
            return
        self._picked = placed, self._clock.now_ns()
        told = placed.shown.translation
        self._notices.news("picked", f"{told.source}: {told.target}" + ("" if told.sure else " (?)"), _PICKED_S)

    def _save(self) -> None:
        view = self.view
        texts = [one.shown.translation for one in view.placed if one.shown.sticker] if view else []
        if self._picked and self._clock.now_ns() - self._picked[1] <= _PICKED_S * 1e9:
            texts = [self._picked[0].shown.translation]
        if view is None or not texts:
            self._notices.news("saved", "There is no translated text to save.")
            return
        try:
            self._saved.add(view.stamp.source, texts)
        except GlossaError as why:
            self._notices.news("saved", f"{why}.")
            return
        count = "1 text" if len(texts) == 1 else f"{len(texts)} texts"
        self._notices.news("saved", f"{count} saved in {self._saved.path}.")


def nearest(placed: Sequence[Placed], fingertip: tuple[float, float]) -> Placed | None:
    """The translated text at a fingertip, or so near that the finger hides it; None: none is."""
    best: tuple[float, Placed | None] = (_REACH, None)
    for one in placed:
        if one.shown.sticker is None:
            continue
        away_px = -cv2.pointPolygonTest(np.ascontiguousarray(one.quad, np.float32), fingertip, True)
        line_px = min(size_px(one.quad)[1], *(size_px(line.quad)[1] for line in one.sign.lines))
        away = away_px / max(line_px, 1.0)
        if away <= best[0]:
            best = away, one
    return best[1]


def _middle(hand: Hand) -> tuple[float, float]:
    x, y = hand.points.mean(axis=0)
    return float(x), float(y)
