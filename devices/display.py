"""Where live pictures are shown, and the keys that come back. The real one is in `display_sdl`; here is none at all.

In: pictures, from one thread. Out: what the person asked for with a key or the window's own buttons. Knows nothing of
where the pictures come from and what the wishes lead to.
"""

from enum import Enum
from types import TracebackType
from typing import Protocol, Self

from devices.errors import UnknownNameError
from devices.frame import Rgb

DISPLAYS = ("window", "full", "none")
"""What `display_named` takes: a window, the whole screen (also without a desktop), nothing."""


class Wish(Enum):
    """What a key stands for."""

    QUIT = "quit"
    PAUSE = "pause"
    FREEZE = "freeze"
    """Keep the picture and read it as well as possible."""
    ORIGINAL = "original"
    """Show it without translations, and with them again."""
    STATISTICS = "statistics"
    REDRAW = "redraw"
    """The window needs its picture again: it was uncovered or changed its size."""


class Display(Protocol):
    """Shows pictures; a context manager. All its calls must come from the thread that made it."""

    visible: bool
    """False where nobody sees anything: then nothing needs to be drawn for it."""

    def show(self, picture: Rgb) -> None:
        """Show `(H, W, 3)` now. May block until the screen takes it, up to one of its frames."""
        ...

    def fit(self, size: tuple[int, int]) -> None:
        """Make the window fit pictures of this width and height, where it is a window."""
        ...

    def wishes(self) -> list[Wish]:
        """What was asked for since the last call. Does not block."""
        ...

    def close(self) -> None:
        """Take the window away. Harmless the second time."""
        ...

    def __enter__(self) -> Self:
        """Returns itself."""
        ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Closes."""
        ...


class NoDisplay:
    """Shows nothing and wishes nothing."""

    visible = False

    def show(self, picture: Rgb) -> None:
        """See Display."""

    def fit(self, size: tuple[int, int]) -> None:
        """See Display."""

    def wishes(self) -> list[Wish]:
        """See Display."""
        return []

    def close(self) -> None:
        """See Display."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def check_display(name: str) -> None:
    """Raise what `display_named` would raise, as far as that can be known without a screen."""
    if name not in DISPLAYS:
        raise UnknownNameError(f"Unknown display '{name}'. Known displays: {', '.join(DISPLAYS)}.")
    if name != "none":
        from devices.display_sdl import check_pygame

        check_pygame()


def display_named(name: str, size: tuple[int, int], title: str) -> Display:
    """Open the display for pictures of about that size. Raises UnknownNameError, MissingError."""
    check_display(name)
    if name == "none":
        return NoDisplay()
    from devices.display_sdl import SdlDisplay

    return SdlDisplay(size, title, full=name == "full")
