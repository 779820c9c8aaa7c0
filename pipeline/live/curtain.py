"""What others may see of a live session: pictures in which faces and number plates are hidden.

A record waits a moment, so that a face that is found late is hidden early; the picture on a screen cannot wait, and is
hidden as far as it is known. In: pictures in order. Out: the same without those parts. Reads no clock.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from devices import Rgb
from devices.clock import NS_PER_MS
from overlay.veil import veil
from pipeline.anonymise import reads_as_plate
from pipeline.live.showing import View
from vision.faces import FaceFinder, Holder
from vision.faces.hold import AROUND_MS, BRIDGE_MS, spread
from vision.objects.detection import Box
from vision.quad import Quad, bounds


@dataclass(frozen=True, slots=True)
class Privacy:
    """What is kept from others."""

    hide: bool = False
    """In a record: number plates, and faces where there is a finder."""
    on_screen: bool = False
    """The same on the picture that is shown."""
    faces: FaceFinder | None = None
    note: str = ""
    """A sentence for the person where less is hidden than should be."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One picture."""

    at_ms: float
    """Media time; grows."""
    picture: Rgb
    faces: Sequence[Box] = ()
    plates: Sequence[Quad] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found on a picture, kept after the picture has gone."""

    at_ms: float
    faces: Sequence[Box]
    plates: Sequence[Quad]


class Curtain:
    """Owned by one lane. Memory: the pictures of `AROUND_MS`."""

    def __init__(self) -> None:
        self._waiting: deque[Rgb] = deque()
        self._known: deque[_Known] = deque()

    def put(self, one: Waiting) -> list[tuple[float, Rgb]]:
        """Takes the next picture; returns those that have waited long enough, with their times."""
        if self._known and one.at_ms <= self._known[-1].at_ms:
            done = self.rest()
            self._known.clear()
        else:
            done = []
        self._waiting.append(one.picture)
        self._known.append(_Known(one.at_ms, one.faces, one.plates))
        while self._waiting and one.at_ms - self._next.at_ms >= AROUND_MS:
            done.append(self._take())
        while self._known[0].at_ms < self._next.at_ms - BRIDGE_MS - AROUND_MS:
            self._known.popleft()
        return done

    def rest(self) -> list[tuple[float, Rgb]]:
        """The pictures that still wait."""
        return [self._take() for _ in range(len(self._waiting))]

    @property
    def _next(self) -> _Known:
        return self._known[len(self._known) - len(self._waiting)]

    def _take(self) -> tuple[float, Rgb]:
        index = len(self._known) - len(self._waiting)
        known, picture = self._known[index], self._waiting.popleft()
        times = [one.at_ms for one in self._known]
        faces = spread({i: one.faces for i, one in enumerate(self._known) if one.faces}, times)
        around = spread({i: [*map(bounds, one.plates)] for i, one in enumerate(self._known) if one.plates}, times)
        plates = [*known.plates] or [_as_quad(box) for box in around.get(index, ())]
        return known.at_ms, veil(picture, faces.get(index, ()), plates)


class Screen:
    """Hides what is known at the moment. Owned by the render lane.

    It looks for faces on every picture before it is shown, which takes some milliseconds of the lane's time.
    """

    def __init__(self, faces: FaceFinder) -> None:
        self._faces = faces
        self._holder = Holder()

    def __call__(self, view: View) -> View:
        """The same view with a picture that others may see."""
        found = [face.box for face in self._faces.find(view.seen.rgb)]
        hidden = self._holder.see(found, view.stamp.captured_ns / NS_PER_MS)
        return replace(view, picture=veil(view.picture, hidden, plates_on(view)))


def plates_on(view: View) -> tuple[Quad, ...]:
    """The lines on a frame that read like number plates."""
    return tuple(quad for line, quad, _ in view.seen.places() if reads_as_plate(line.track))


def _as_quad(box: Box) -> Quad:
    x0, y0, x1, y1 = box
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)
