"""What a person sees before a session begins: a camera's picture at once, of a clip nothing that would be missed."""

import threading
from collections.abc import Iterator

import cv2
import pytest

import pipeline.live.run
from devices import InputError, Rgb
from devices.clock import VirtualClock
from devices.display import Wish
from devices.feed import Shot
from devices.player import Playing
from pipeline.live.plan import Plan
from pipeline.live.prelude import Prelude
from pipeline.live.run import Surroundings, run_live
from tests.devices.playing import PATIENCE_S, Log, Reel, Script, picture
from tests.pipeline.live.scenes import KnowingReader, QuickTranslator, Screen


class Camera(Reel):
    """Gives a picture whenever it is asked to `click`, and 10 ms pass."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(clock, (), paced=False)
        self._clicks = threading.Semaphore(0)
        self.broken = False

    def click(self) -> None:
        self._clicks.release()

    def shots(self) -> Iterator[Shot]:
        number = 0
        while self._clicks.acquire(timeout=PATIENCE_S) and not self.closed:
            if self.broken:
                raise InputError("the camera is gone")
            number += 1
            self.clock.advance(10)
            yield Shot(None, lambda number=number: picture(100 + number, self.size))  # type: ignore[misc]


class Heard(Prelude):
    """A prelude that can be waited for."""

    def __init__(self, *acts: Reel | Exception, clock: VirtualClock, live: bool = True) -> None:
        super().__init__(Script(*acts, live=live), clock=clock, playing=Playing())
        self.log = Log()
        self.then = self.log
        self.heard = threading.Semaphore(0)

    def frame(self, frame: object) -> None:
        super().frame(frame)  # type: ignore[arg-type]
        self.heard.release()

    def trouble(self, text: str) -> None:
        super().trouble(text)
        self.heard.release()

    def wait(self) -> None:
        assert self.heard.acquire(timeout=PATIENCE_S)


def test_a_camera_is_seen_before_the_session_begins_and_its_time_begins_with_it() -> None:
    clock = VirtualClock()
    camera = Camera(clock)
    prelude = Heard(camera, clock=clock)
    prelude.open(seen=True)
    for _ in range(3):
        camera.click()
        prelude.wait()
    assert prelude.picture is not None
    assert prelude.picture[0, 0, 0] == 103
    assert not prelude.log.frames
    prelude.start()
    assert prelude.picture is None
    for _ in range(2):
        camera.click()
        prelude.wait()
    assert [stamp.pts_ms for stamp in (one.stamp for one in prelude.log.frames)] == [0, 10]
    assert [int(one.rgb[0, 0, 0]) for one in prelude.log.frames] == [104, 105]
    camera.closed = 1
    camera.click()
    assert prelude.stop(PATIENCE_S)


def test_what_is_recorded_waits_for_the_session() -> None:
    clock = VirtualClock()
    prelude = Heard(Reel(clock, (0.0, 40.0)), clock=clock, live=False)
    prelude.open(seen=True)
    assert prelude.picture is None
    prelude.start()
    prelude.log.wait_until(lambda log: log.kinds() == ["ended"])
    assert len(prelude.log.frames) == 2
    assert prelude.stop(PATIENCE_S)


def test_where_nobody_sees_it_a_camera_waits_too() -> None:
    clock = VirtualClock()
    camera = Camera(clock)
    prelude = Heard(camera, clock=clock)
    prelude.open(seen=False)
    camera.click()
    prelude.start()
    prelude.wait()
    assert [one.stamp.pts_ms for one in prelude.log.frames] == [0]
    camera.closed = 1
    camera.click()
    assert prelude.stop(PATIENCE_S)


def test_a_camera_that_goes_while_one_waits_is_said_at_once_and_to_the_session() -> None:
    clock = VirtualClock()
    camera = Camera(clock)
    prelude = Heard(camera, clock=clock)
    prelude.open(seen=True)
    camera.broken = True
    camera.click()
    prelude.wait()
    assert "Trying again" in prelude.standing
    prelude.start()
    assert prelude.log.said[0][0] == "trouble"
    assert "Trying again" in prelude.log.said[0][1]
    prelude.stop(PATIENCE_S)


class Watching(Screen):
    """Notes whether a camera's picture was ever shown."""

    def __init__(self) -> None:
        super().__init__(lambda screen: [Wish.QUIT] if self.loaded else ())
        self.seen = threading.Event()
        self.loaded = False

    def show(self, picture: Rgb) -> None:
        super().show(picture)
        if (picture[-1, -1] == 101).all():
            self.seen.set()


@pytest.mark.parametrize("early", [True, False])
def test_the_camera_is_on_the_display_while_the_models_are_loaded_unless_faces_are_to_be_hidden(
    monkeypatch: pytest.MonkeyPatch, early: bool
) -> None:
    threads = cv2.getNumThreads()
    screen, camera = Watching(), Camera(VirtualClock())
    camera.size = camera.width, camera.height = 320, 240
    monkeypatch.setattr(pipeline.live.run, "display_named", lambda name, size, title: screen)
    monkeypatch.setattr(pipeline.live.run, "check_display", lambda name: None)
    playing = []

    def load() -> tuple[KnowingReader, QuickTranslator]:
        camera.click()
        assert not early or screen.seen.wait(PATIENCE_S)
        playing.append(any(thread.name == "source" for thread in threading.enumerate()))
        screen.loaded = True
        camera.closed = 1
        camera.click()
        return KnowingReader(), QuickTranslator()

    around = Surroundings(opener=Script(camera), early=early)
    run_live(Plan("0", "en", display="window"), load, around)  # type: ignore[arg-type]
    cv2.setNumThreads(threads)
    assert playing == [early]
