"""What the keys of a live session do: pause, freeze and read, the original, statistics.

In: wishes from the display and the view on the screen. Out: calls to the session, the player and the intake, and a
notice for as long as the picture is not simply live. Lives in the thread of the display.
"""

from enum import Enum

from devices.clock import NS_PER_MS, Clock
from devices.display import Wish
from devices.player import Player
from pipeline.live.intake import Intake
from pipeline.live.notices import Notices
from pipeline.live.session import Session
from pipeline.live.showing import View

_AGAIN_NS = 100 * NS_PER_MS  # a kept picture is drawn again this often: what was read meanwhile appears


class Mode(Enum):
    """What the picture does."""

    RUNNING = "running"
    PAUSED = "paused"
    FROZEN = "frozen"
    """It is kept, and read as well as possible."""


class Controls:
    """The state that the keys change."""

    def __init__(self, session: Session, player: Player, intake: Intake, notices: Notices, *, clock: Clock) -> None:
        self._session = session
        self._player = player
        self._intake = intake
        self._notices = notices
        self._clock = clock
        self._again_ns = 0
        self.mode = Mode.RUNNING
        self.statistics = False

    def obey(self, wish: Wish, view: View | None) -> None:
        """Do what a key stands for; `view` is what the screen shows. Does not block."""
        match wish:
            case Wish.STATISTICS:
                self.statistics = not self.statistics
            case Wish.PAUSE:
                self._change(Mode.PAUSED if self.mode is Mode.RUNNING else Mode.RUNNING)
            case Wish.FREEZE:
                self._change(Mode.RUNNING if self.mode is Mode.FROZEN else Mode.FROZEN)
            case Wish.ORIGINAL:
                self._session.draw = not self._session.draw
                if self._session.draw:
                    self._notices.clear("original")
                else:
                    self._notices.last("original", "This is the original; o shows the translation.")
                if view and (self.mode is not Mode.RUNNING or self._intake.standing or self._intake.over):
                    self._again(view)

    def tick(self, view: View | None) -> None:
        """Let a frozen picture be drawn again when it is time, watch a running one. Call it often; does not block."""
        if self.mode is not Mode.RUNNING:
            self._intake.rest()
        elif self._player.opener.live:
            self._intake.watch()
        if self.mode is Mode.FROZEN and view and self._clock.now_ns() >= self._again_ns:
            self._again(view)

    def _change(self, mode: Mode) -> None:
        self.mode = mode
        self._player.hold(mode is not Mode.RUNNING)
        self._session.stand_still(mode is Mode.FROZEN)
        match mode:
            case Mode.RUNNING:
                self._notices.clear("mode")
            case Mode.PAUSED:
                self._notices.last("mode", "Paused; the space bar goes on.")
            case Mode.FROZEN:
                self._notices.last("mode", "This picture is kept and read as well as possible; f goes on.")

    def _again(self, view: View) -> None:
        self._again_ns = self._clock.now_ns() + _AGAIN_NS
        self._intake.again(view.stamp, view.seen.rgb)
