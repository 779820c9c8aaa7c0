"""Displays: the real pygame code on SDL's driver without a screen, and what is said where there is none."""

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest

import devices.display_sdl
from devices import MissingError, Rgb, UnknownNameError
from devices.display import NoDisplay, Wish, check_display, display_named

if TYPE_CHECKING:
    from devices.display_sdl import SdlDisplay

pygame = pytest.importorskip("pygame", reason="pygame-ce is not installed: pip install 'glossa[live]'")

Opens = Callable[..., "SdlDisplay"]


@pytest.fixture
def opens(monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    """Opens displays on no screen; closes them."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    opened: list[SdlDisplay] = []

    def open_(size: tuple[int, int] = (64, 48), name: str = "window") -> "SdlDisplay":
        display = display_named(name, size, "Glossa")
        assert isinstance(display, devices.display_sdl.SdlDisplay)
        opened.append(display)
        return display

    yield open_
    for display in opened:
        display.close()


def picture(width: int, height: int) -> Rgb:
    """Each pixel is another one."""
    rgb = np.zeros((height, width, 3), np.uint8)
    rgb[..., 0] = np.arange(width)[None, :] * 3 % 256
    rgb[..., 1] = np.arange(height)[:, None] * 5 % 256
    rgb[..., 2] = 90
    rgb.flags.writeable = False
    return rgb


def on_screen() -> Rgb:
    return np.asarray(pygame.surfarray.array3d(pygame.display.get_surface()).transpose(1, 0, 2), np.uint8)


def press(key: int, scancode: int = 0) -> None:
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, scancode=scancode, mod=0, unicode=""))


def test_the_picture_is_shown_to_the_pixel(opens: Opens) -> None:
    display = opens()
    rgb = picture(64, 48)
    display.show(rgb)
    assert (on_screen() == rgb).all()
    assert display.visible


def test_another_shape_is_fitted_into_the_middle(opens: Opens) -> None:
    display = opens((64, 48))
    display.show(np.full((48, 64, 3), 200, np.uint8))
    display.show(picture(24, 48))  # upright: as high as the window, black beside it
    seen = on_screen()
    assert (seen[:, 20:44] == picture(24, 48)).all()
    assert not seen[:, :20].any()
    assert not seen[:, 44:].any()


def test_a_large_picture_is_made_smaller_with_its_shape(opens: Opens) -> None:
    display = opens((64, 48))
    display.show(np.repeat(np.repeat(picture(64, 24), 4, 0), 4, 1))
    seen = on_screen()
    assert (seen[12:36] == picture(64, 24)).all()
    assert not seen[:12].any()


def test_a_window_is_never_larger_than_the_screen(opens: Opens) -> None:
    opens((40_000, 20_000))
    wide, high = pygame.display.get_surface().get_size()
    most_wide, most_high = pygame.display.get_desktop_sizes()[0]
    assert wide <= most_wide
    assert high <= most_high
    assert wide / high == pytest.approx(2, rel=0.01)


def test_a_window_is_made_to_fit_other_pictures(opens: Opens) -> None:
    display = opens((64, 48))
    display.fit((80, 40))
    display.show(picture(80, 40))
    assert (on_screen() == picture(80, 40)).all()
    display.close()
    display.fit((64, 48))
    assert not pygame.display.get_init()


def test_the_whole_screen(opens: Opens) -> None:
    display = opens((64, 48), "full")
    display.fit((80, 40))
    assert pygame.display.get_surface().get_size() == pygame.display.get_desktop_sizes()[0]
    display.show(picture(64, 48))
    assert on_screen().any()


def test_the_keys(opens: Opens) -> None:
    display = opens()
    display.wishes()
    for key in (pygame.K_q, pygame.K_ESCAPE, pygame.K_SPACE, pygame.K_f, pygame.K_o, pygame.K_s, pygame.K_x):
        press(key)
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    pygame.event.post(pygame.event.Event(pygame.MOUSEMOTION, pos=(1, 1), rel=(0, 0), buttons=(0, 0, 0)))
    assert display.wishes() == [
        Wish.QUIT,
        Wish.QUIT,
        Wish.PAUSE,
        Wish.FREEZE,
        Wish.ORIGINAL,
        Wish.STATISTICS,
        Wish.QUIT,
    ]
    assert display.wishes() == []


def test_a_keyboard_without_latin_letters_is_obeyed_by_the_place_of_the_key(opens: Opens) -> None:
    display = opens()
    display.wishes()
    press(0x44F, pygame.KSCAN_F)  # Cyrillic
    press(pygame.K_a, pygame.KSCAN_Q)  # French: the letter counts, not the place
    assert display.wishes() == [Wish.FREEZE]


def test_an_uncovered_window_asks_for_its_picture(opens: Opens) -> None:
    display = opens()
    display.wishes()
    pygame.event.post(pygame.event.Event(pygame.WINDOWEXPOSED))
    assert display.wishes() == [Wish.REDRAW]


def test_after_closing_nothing_is_shown_and_nothing_breaks(opens: Opens) -> None:
    with opens() as display:
        pass
    display.close()
    assert not pygame.display.get_init()


def test_a_driver_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "nonsense")
    with pytest.raises(MissingError, match=r"SDL_VIDEODRIVER=nonsense .*--display none"):
        display_named("window", (64, 48), "Glossa")


def test_no_screen_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without being asked, SDL falls back on a driver that shows nothing."""
    monkeypatch.delenv("SDL_VIDEODRIVER", raising=False)
    monkeypatch.setattr(pygame.display, "init", lambda: None)
    monkeypatch.setattr(pygame.display, "get_driver", lambda: "offscreen")
    with pytest.raises(MissingError, match=r"no screen .*DISPLAY.*/dev/dri"):
        display_named("full", (64, 48), "Glossa")


def test_where_there_is_no_desktop_only_glossa_says_so(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("SDL_VIDEODRIVER", "XDG_RUNTIME_DIR", "WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with contextlib.suppress(MissingError):
        display_named("window", (64, 48), "Glossa").close()
    assert capfd.readouterr() == ("", "")
    assert "SDL_VIDEODRIVER" not in os.environ


def test_pygame_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingError, match=r"pip install 'glossa\[live\]'"):
        check_display("window")
    check_display("none")


def test_no_display_shows_nothing_and_wishes_nothing() -> None:
    with display_named("none", (64, 48), "Glossa") as display:
        assert isinstance(display, NoDisplay)
        display.show(picture(64, 48))
        display.fit((80, 40))
        assert display.wishes() == []
        assert not display.visible


def test_an_unknown_display() -> None:
    with pytest.raises(UnknownNameError, match=r"'hologram'.*window, full, none"):
        check_display("hologram")


def test_every_way_to_a_screen_is_tried_and_the_wish_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def init() -> None:
        tried.append(os.environ["SDL_VIDEODRIVER"])
        if tried[-1] != "x11":
            raise pygame.error(f"{tried[-1]} not available")

    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(pygame.display, "init", init)
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1000")
    assert devices.display_sdl.video_drivers() == {
        "wayland": "wayland not available", "x11": "", "kmsdrm": "kmsdrm not available",
    }  # fmt: skip
    assert tried == ["wayland", "x11", "kmsdrm"]
    assert os.environ["SDL_VIDEODRIVER"] == "dummy"
    monkeypatch.delenv("SDL_VIDEODRIVER")
    devices.display_sdl.video_drivers()
    assert "SDL_VIDEODRIVER" not in os.environ


def test_the_real_ways_to_a_screen() -> None:
    assert all(isinstance(why, str) for why in devices.display_sdl.video_drivers().values())
