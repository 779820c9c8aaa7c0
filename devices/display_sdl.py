"""A window or a whole screen through SDL (pygame-ce): X11, Wayland, and KMS/DRM where there is no desktop.

In: pictures, made to fit the window with their shape kept. Out: wishes. SDL must be driven from the thread that opened
the window, usually the main one. SDL chooses the way to the screen itself, or obeys SDL_VIDEODRIVER.
"""

import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import cv2
import numpy as np

from devices.display import Wish
from devices.errors import MissingError
from devices.frame import Rgb

_DRIVER = "SDL_VIDEODRIVER"
_BLIND = ("dummy", "offscreen")  # drivers that show nothing: fine when asked for, else a sign that there is no screen
_LARGEST_SHARE = 0.9  # of the screen, for a window
_LETTERS = 128  # key codes below are letters as labelled; above, a layout without Latin letters


def video_drivers() -> dict[str, str]:
    """SDL's ways to a screen of this system, each with why it cannot be used now; empty: it can.

    Opens no window; not for a process that has one. Blocks for about half a second. Raises MissingError where pygame-ce
    is not installed.
    """
    check_pygame()
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    import pygame

    known = {"darwin": ("cocoa",), "win32": ("windows",)}.get(sys.platform, ("wayland", "x11", "kmsdrm"))
    wished = os.environ.get(_DRIVER)
    told: dict[str, str] = {}
    try:
        for driver in known:
            if driver == "wayland" and _wayland_complains():
                told[driver] = "wayland not available"
                continue
            os.environ[_DRIVER] = driver
            try:
                pygame.display.init()
            except pygame.error as why:
                told[driver] = str(why)
            else:
                told[driver] = ""
            pygame.display.quit()
    finally:
        os.environ.pop(_DRIVER, None)
        if wished is not None:
            os.environ[_DRIVER] = wished
    return told


class SdlDisplay:
    """See Display."""

    visible = True

    def __init__(self, size: tuple[int, int], title: str, *, full: bool) -> None:
        """Open it. Raises MissingError: pygame-ce is not installed, or there is no screen."""
        check_pygame()
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # it would greet on standard output
        import pygame

        self._pygame = pygame
        self._full = full
        self._wanted = size
        self._wishes = {
            pygame.K_q: Wish.QUIT,
            pygame.K_ESCAPE: Wish.QUIT,
            pygame.K_SPACE: Wish.PAUSE,
            pygame.K_f: Wish.FREEZE,
            pygame.K_o: Wish.ORIGINAL,
            pygame.K_s: Wish.STATISTICS,
        }
        self._places = {
            pygame.KSCAN_Q: Wish.QUIT,
            pygame.KSCAN_F: Wish.FREEZE,
            pygame.KSCAN_O: Wish.ORIGINAL,
            pygame.KSCAN_S: Wish.STATISTICS,
        }
        try:
            with _quiet():
                pygame.display.init()
            if pygame.display.get_driver() in _BLIND and not os.environ.get(_DRIVER):
                raise pygame.error("only drivers without a screen are available")
            pygame.display.set_caption(title)
            self._open()
            pygame.mouse.set_visible(not full)
        except pygame.error as why:
            pygame.display.quit()
            raise MissingError(_no_screen(str(why))) from why

    def show(self, picture: Rgb) -> None:
        """See Display. Blocks for about 3 ms for 1280x720, and until the screen is ready where SDL waits for it."""
        pygame = self._pygame
        window = pygame.display.get_surface()
        if window is None:
            return
        height, width = picture.shape[:2]
        scale = min(window.get_width() / width, window.get_height() / height)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        if size != (width, height):
            how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
            picture = np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8)
        # The order of the bytes in most windows: the slow change of layout is done where no other thread has to wait.
        surface = pygame.image.frombuffer(cv2.cvtColor(picture, cv2.COLOR_RGB2BGRA).data, size, "BGRA")
        surface.set_alpha(None)
        left, top = (window.get_width() - size[0]) // 2, (window.get_height() - size[1]) // 2
        if left or top:
            window.fill((0, 0, 0))
        window.blit(surface, (left, top))
        pygame.display.flip()

    def fit(self, size: tuple[int, int]) -> None:
        """See Display."""
        if size != self._wanted and not self._full and self._pygame.display.get_init():
            self._wanted = size
            self._open()

    def wishes(self) -> list[Wish]:
        """See Display."""
        pygame = self._pygame
        asked = []
        for event in pygame.event.get():
            if event.type == pygame.QUIT:
                asked.append(Wish.QUIT)
            elif event.type == pygame.KEYDOWN:
                known = self._wishes.get(event.key)
                if known is None and event.key >= _LETTERS:
                    known = self._places.get(getattr(event, "scancode", -1))
                asked += [known] if known else []
            elif event.type in (pygame.WINDOWEXPOSED, pygame.WINDOWSIZECHANGED, pygame.WINDOWRESTORED):
                asked.append(Wish.REDRAW)
        return asked

    def close(self) -> None:
        """See Display."""
        self._pygame.display.quit()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _open(self) -> None:
        display = self._pygame.display
        if self._full:
            display.set_mode((0, 0), self._pygame.FULLSCREEN)
            return
        screens = display.get_desktop_sizes() or [(1 << 16, 1 << 16)]
        scale = min(1.0, *(_LARGEST_SHARE * most / one for most, one in zip(screens[0], self._wanted, strict=True)))
        width, height = (max(1, round(scale * one)) for one in self._wanted)
        display.set_mode((width, height), self._pygame.RESIZABLE)


def _wayland_complains() -> bool:
    """Whether Wayland's library would say on standard error that it does not know where to look."""
    runtime, screen = os.environ.get("XDG_RUNTIME_DIR", ""), os.environ.get("WAYLAND_DISPLAY", "")
    return sys.platform == "linux" and not (runtime.startswith("/") or screen.startswith("/"))


@contextmanager
def _quiet() -> Iterator[None]:
    """Where SDL chooses by itself, it does not ask what would only complain."""
    hidden = _wayland_complains() and not os.environ.get(_DRIVER)
    if hidden:
        os.environ[_DRIVER] = "x11,kmsdrm"
    try:
        yield
    finally:
        if hidden:
            del os.environ[_DRIVER]


def check_pygame() -> None:
    """Raise MissingError where pygame-ce is not installed."""
    if importlib.util.find_spec("pygame") is None:
        raise MissingError(
            "A window needs pygame-ce, which is not installed. Install it with: pip install 'glossa[live]', or go "
            "without: --display none"
        )


def _no_screen(why: str) -> str:
    asked = os.environ.get(_DRIVER)
    if asked:
        return (
            f"There is no screen by SDL_VIDEODRIVER={asked} ({why}): unset it, or name another one "
            "(x11, wayland, kmsdrm), or go without a window: --display none"
        )
    return (
        f"There is no screen to show anything on ({why}): neither DISPLAY nor WAYLAND_DISPLAY leads to a desktop, and "
        "the screen cannot be had directly either. At the machine's own console without a desktop, that needs "
        "/dev/dri and a user of the groups video and render (sudo usermod -aG video,render $USER). Over the network, "
        "or without a screen: --display none"
    )
