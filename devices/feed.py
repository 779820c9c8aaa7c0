"""What a source of live pictures is made of: something that opens, and what comes out of it once it is open.

A clip, a camera and a stream each are an Opener; a Player opens them, keeps their time and finds them again. Knows
nothing of threads and clocks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from devices.frame import Frame, Rgb


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of a feed; it costs little before it is asked for."""

    pts_ms: float | None
    """Time by the feed's own clock; None where it has none."""
    picture: Callable[[], Rgb]
    """Returns it upright, `(H, W, 3)`, read-only. Blocks for a few ms."""


class Feed(Protocol):
    """Pictures that come one after the other. For one thread."""

    width: int
    height: int
    fps: float
    """Nominal."""
    paced: bool
    """True where the times of the pictures say when to show them; False where each is to be shown when it comes."""

    def shots(self) -> Iterator[Shot]:
        """Yield the pictures until there are no more. Blocks while none comes. Raises what the device raises."""
        ...

    @property
    def damage(self) -> str:
        """One sentence about what could not be read, empty where all could; known at the end."""
        ...

    def close(self) -> None:
        """Let go of the device. Harmless the second time."""
        ...


class Opener(Protocol):
    """Something that can be opened, again and again."""

    name: str
    """For people and for stamps: short, without passwords or folders."""
    live: bool
    """True for a camera or a stream: it does not wait, and it may come back. False for a clip, which ends."""
    size: tuple[int, int] | None
    """Width and height that its pictures will have, where that can be known before it is opened."""

    def check(self) -> None:
        """Raise, in a moment, what `open` would raise for what can be known without opening."""
        ...

    def open(self) -> Feed:
        """Open it from its beginning. Blocks for up to a few seconds. Raises InputError or MissingError."""
        ...


class Listener(Protocol):
    """Who is told what a player does, in the player's thread."""

    def frame(self, frame: Frame) -> None:
        """Take the next picture: all is well again."""
        ...

    def trouble(self, text: str) -> None:
        """No pictures come now, and why; lasts until the next one."""
        ...

    def news(self, text: str) -> None:
        """Something to be said once."""
        ...

    def ended(self, text: str) -> None:
        """No pictures will come any more."""
        ...
