"""The thread of the display: takes the newest view, puts notices and statistics on it, shows it, and hears the keys.

In: views from the render lane, which never waits for it: what the display has no time for is displaced and counted.
Out: pictures on a display. Where there is none, it only waits for the end.
"""

from collections.abc import Callable

import cv2
import numpy as np

from devices import Rgb
from devices.clock import Clock
from devices.display import Display, Wish
from overlay.panel import draw_panel
from pipeline.live.controls import Controls
from pipeline.live.gauges import Gauges
from pipeline.live.intake import Intake
from pipeline.live.mailbox import Mailbox, Policy
from pipeline.live.notices import Notices
from pipeline.live.prelude import Prelude
from pipeline.live.showing import View

_POLL_S, _IDLE_S = 0.015, 0.1
_STATISTICS_NS = 500_000_000
_LOADING = "Loading the models ..."
_DIM = 0.45  # a picture that stands though it should not must not be taken for the present


class Hand:
    """Where the render lane leaves its views for the display."""

    def __init__(self, gauges: Gauges, *, visible: bool) -> None:
        self._gauges = gauges
        self._visible = visible
        self.views = Mailbox[View](Policy.NEWEST)

    def __call__(self, view: View) -> None:
        """Leave a view; never blocks."""
        for _ in self.views.put(view):
            if self._visible:
                self._gauges.unseen()


class QuitError(Exception):
    """The person quits before anything is shown."""


class Patience:
    """Asks for it on the display while the models are loaded: to be called again and again."""

    def __init__(self, display: Display, size: tuple[int, int], prelude: Prelude) -> None:
        self._display = display
        self._blank = np.zeros((size[1], size[0], 3), np.uint8)
        self._prelude = prelude
        self._shown: tuple[Rgb | None, str] | None = None

    def __call__(self) -> None:
        """Show what has changed. Raises QuitError where the person quits."""
        wishes = self._display.wishes()
        if Wish.QUIT in wishes:
            raise QuitError
        now = self._prelude.picture, self._prelude.standing
        before = self._shown
        if before is None or now[0] is not before[0] or now[1] != before[1] or Wish.REDRAW in wishes:
            self._shown = now
            picture, standing = now
            lines = (standing, _LOADING) if standing else (_LOADING,)
            seen = self._blank if picture is None else picture
            self._display.show(_picture(seen, lines, dim=bool(standing)))


class Viewer:
    """Owned by the thread that opened the display; `run` is its loop, `step` one turn of it."""

    def __init__(
        self,
        display: Display,
        hand: Hand,
        controls: Controls,
        notices: Notices,
        gauges: Gauges,
        intake: Intake,
        *,
        blank: Rgb,
        clock: Clock,
        chore: Callable[[], object] = lambda: None,
    ) -> None:
        """`chore` is done once a turn: what wants to be looked at now and then, but not by a lane."""
        self._chore = chore
        self._display = display
        self._hand = hand
        self._controls = controls
        self._notices = notices
        self._gauges = gauges
        self._intake = intake
        self._clock = clock
        self._blank = blank
        self._view: View | None = None
        self._on_screen: tuple[View | None, tuple[str, ...], bool] | None = None
        self._statistics: tuple[str, ...] = ()
        self._statistics_ns: int | None = None

    def run(self, until_ns: int | None) -> None:
        """Show until the person quits, the time has come, or, with nobody to look at it, the clip has ended. Blocks."""
        wait_s = _POLL_S if self._display.visible else _IDLE_S
        while until_ns is None or self._clock.now_ns() < until_ns:
            if not self.step(wait_s):
                return
            if self._intake.over and not self._display.visible:
                return

    def step(self, wait_s: float) -> bool:
        """Wait at most so long for a view, show what has changed, and obey the keys. False: the person quits."""
        self._view = self._hand.views.wait(wait_s) or self._view
        again = False
        for wish in self._display.wishes():
            if wish is Wish.QUIT:
                return False
            if wish is Wish.REDRAW:
                again = True
            else:
                self._controls.obey(wish, self._view)
        self._controls.tick(self._view)
        self._chore()
        if self._display.visible:
            self._show(again)
        return True

    def _show(self, again: bool) -> None:
        view, lines, standing = self._view, self._notices.lines() + self._figures(), self._intake.standing
        now = self._on_screen
        if again or now is None or now[0] is not view or now[1:] != (lines, standing):
            self._on_screen = view, lines, standing
            self._display.show(_picture(view.picture if view else self._blank, lines, dim=standing))

    def _figures(self) -> tuple[str, ...]:
        if not self._controls.statistics:
            self._statistics_ns = None
            return ()
        now_ns = self._clock.now_ns()
        if self._statistics_ns is None or now_ns - self._statistics_ns >= _STATISTICS_NS:
            self._statistics, self._statistics_ns = self._gauges.lines(), now_ns
        return self._statistics


def _picture(picture: Rgb, lines: tuple[str, ...], *, dim: bool) -> Rgb:
    if dim:
        picture = np.asarray(cv2.convertScaleAbs(picture, alpha=_DIM), np.uint8)
    elif lines:
        picture = picture.copy()
    if lines:
        draw_panel(picture, lines)
    return picture
