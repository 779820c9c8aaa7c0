"""Before a session begins: the source is open, and what a camera sees is on the display while the models are loaded.

In: a source. Out: its newest picture, until `start`; from then on everything goes to the session's listener. Who puts
glasses on sees at once and reads some seconds later. Recorded things wait for the models: they are not to be missed.
"""

import threading

from devices import Frame, Rgb
from devices.clock import Clock
from devices.feed import Feed, Listener, Opener
from devices.player import Player, Playing


class Prelude:
    """A Part, and the Listener of its player."""

    def __init__(self, opener: Opener, *, clock: Clock, playing: Playing) -> None:
        self.then: Listener | None = None
        """Who takes the pictures from `start` on; to be set before it."""
        self.player = Player(opener, self, clock=clock, playing=playing)
        self.name = self.player.name
        self.picture: Rgb | None = None
        """The newest one before `start`."""
        self.standing = ""
        """Why no picture comes, before `start`; empty where all is well."""
        self._over: str | None = None
        self._listener: Listener | None = None
        self._begun = False
        self._handing_over = threading.Lock()

    def open(self, *, seen: bool) -> Feed:
        """Open the source; a camera or a live stream begins to play if it is `seen`. Blocks for up to a few seconds.

        Raises InputError or MissingError.
        """
        feed = self.player.open()
        if seen and not feed.paced:
            self._begin()
        return feed

    def start(self) -> None:
        """See Part: the session begins, and with it its time."""
        assert self.then is not None
        with self._handing_over:
            self._listener = self.then
            self.picture = None
            if self.standing:
                self._listener.trouble(self.standing)
            if self._over is not None:
                self._listener.ended(self._over)
        self.player.begin_anew()
        self._begin()

    def stop(self, timeout_s: float) -> bool:
        """See Part."""
        return self.player.stop(timeout_s)

    def frame(self, frame: Frame) -> None:
        """See Listener."""
        with self._handing_over:
            listener = self._listener
            if listener is None:
                self.picture, self.standing = frame.rgb, ""
        if listener:
            listener.frame(frame)

    def trouble(self, text: str) -> None:
        """See Listener."""
        with self._handing_over:
            if self._listener:
                self._listener.trouble(text)
            else:
                self.standing = text

    def news(self, text: str) -> None:
        """See Listener; what is said before `start` is not worth being kept."""
        if self._listener:
            self._listener.news(text)

    def ended(self, text: str) -> None:
        """See Listener."""
        with self._handing_over:
            if self._listener:
                self._listener.ended(text)
            else:
                self._over = text

    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            self.player.start()
