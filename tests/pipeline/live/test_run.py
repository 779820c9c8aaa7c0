"""A whole session in this process: real threads, a real clip, no models; what goes wrong is said and lived with."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

import devices.player
import pipeline.live.run
from devices import GlossaError, InputError, Rgb
from devices.display import Wish
from pipeline.live.plan import Plan, Summary
from pipeline.live.run import Load, Surroundings, run_live
from pipeline.live.session import EFFORTS
from tests.devices.serving import Server
from tests.pipeline.films import write_clip
from tests.pipeline.live.scenes import KnowingReader, QuickTranslator, Screen, texture
from tests.pipeline.live.stand_ins import PATIENCE_S

FRAMES = 12
WARM_RUNS = 5  # of the detector, for each tier: two pictures and three windows


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """A session changes settings of the whole process."""
    threads = cv2.getNumThreads()
    yield
    cv2.setNumThreads(threads)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    picture = texture()
    return write_clip(tmp_path_factory.mktemp("run") / "clip.mp4", [picture] * FRAMES)


@dataclass
class Run:
    """One call, and what it said."""

    reader: KnowingReader = field(default_factory=KnowingReader)
    told: list[str] = field(default_factory=list)

    def load(self) -> Any:
        return self.reader, QuickTranslator()

    def __call__(self, source: object, **wanted: Any) -> Summary:
        load: Load = wanted.pop("load", self.load)
        plan = Plan(**{"source": str(source), "to": "en", "display": "none"} | wanted)
        return run_live(plan, load, Surroundings(announce=self.told.append))


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def on_screen(monkeypatch: pytest.MonkeyPatch, script: Callable[[Screen], Sequence[Wish]]) -> Screen:
    """Sessions show on a screen that follows a script."""
    screen = Screen(script)
    monkeypatch.setattr(pipeline.live.run, "display_named", lambda name, size, title: screen)
    monkeypatch.setattr(pipeline.live.run, "check_display", lambda name: None)
    return screen


def test_every_frame_of_a_clip_once_when_time_does_not_matter(clip: Path, tmp_path: Path) -> None:
    run = Run()
    summary = run(clip, realtime=False, record=tmp_path / "out.jsonl", trace=tmp_path / "trace.json")
    assert summary.frames == FRAMES
    assert (summary.dropped, summary.stopped, summary.left) == (0, False, ())
    lines = records(tmp_path / "out.jsonl")
    assert lines[0]["type"] == "run"
    assert (lines[0]["source"], lines[0]["width"], lines[0]["height"]) == ("clip.mp4", 640, 360)
    assert [line["seq"] for line in lines[1:-1]] == list(range(FRAMES))
    assert lines[-1]["frames"] == FRAMES
    events = json.loads((tmp_path / "trace.json").read_text(encoding="utf-8"))
    assert sum(one["name"] == "render" and one["ph"] == "X" for one in events) == FRAMES
    assert run.told[0].startswith("ready in ")
    assert run.told[1] == "clip.mp4 has ended."


def test_the_models_are_warm_before_the_first_frame_is_taken(clip: Path) -> None:
    run = Run()
    sizes: list[int] = []

    def load() -> Any:
        sizes.append(len(run.reader.sides))
        return run.load()

    run(clip, realtime=False, load=load)
    warm = run.reader.sides[: WARM_RUNS * len(EFFORTS)]
    assert sizes == [0]
    assert set(warm) == {effort.short_side_px for effort in EFFORTS.values()}


def test_quitting_while_the_models_are_loaded(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = on_screen(monkeypatch, lambda screen: [Wish.QUIT] if screen.pictures else [])
    hurry = threading.Event()

    def load() -> Any:
        hurry.wait(PATIENCE_S)
        raise InputError("nobody wants to know any more")

    summary = Run()(clip, display="window", load=load)
    hurry.set()
    assert summary.frames == 0
    assert screen.closed
    assert screen.picture is not None
    assert screen.picture.any()  # it said what is waited for


def test_a_sign_is_translated_and_drawn(clip: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def until_drawn(screen: Screen) -> list[Wish]:
        if screen.picture is None or np.median(screen.picture) < 60:
            return []  # the window is dark until the first picture comes
        changed = cv2.absdiff(screen.picture, texture())[100:150, 120:300].mean()
        return [Wish.QUIT] if changed > 25 else []

    screen = on_screen(monkeypatch, until_drawn)
    summary = Run()(clip, display="window", loop=True, seconds=60, record=tmp_path / "out.jsonl")
    assert summary.texts == 1
    assert summary.first_translation_ms is not None
    assert screen.closed
    labelled = [line for line in records(tmp_path / "out.jsonl") if line.get("labels")]
    assert labelled[-1]["labels"][0]["target"] == "<出口>"


def test_the_keys_of_a_real_window(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through SDL: statistics, freeze and read, the original, and quit, each after the one before took effect."""
    pygame = pytest.importorskip("pygame", reason="pygame-ce is not installed: pip install 'glossa[live]'")
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    run, keys = Run(), [pygame.K_s, pygame.K_f, pygame.K_o, pygame.K_q]
    best = EFFORTS["full"].short_side_px
    warm = WARM_RUNS * len(EFFORTS)

    def press() -> None:
        asked = run.reader.sides[warm:]
        if len(asked) == 1:
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=keys[0]))
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=keys[1]))
        elif asked[-3:] == [best] * 3:
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=keys[2]))
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=keys[3]))

    run.reader.then = press
    summary = run(clip, display="window", loop=True, seconds=60)
    assert not summary.stopped
    assert any("kept and read as well as possible" in text for text in run.told)
    assert any("This is the original" in text for text in run.told)


def test_ctrl_c_ends_quietly_with_a_summary(clip: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def stop(screen: Screen) -> list[Wish]:
        if screen.pictures > 4:
            raise KeyboardInterrupt
        return []

    screen = on_screen(monkeypatch, stop)
    summary = Run()(clip, display="window", loop=True, seconds=60, record=tmp_path / "out.jsonl")
    assert summary.stopped
    assert summary.frames > 0
    assert screen.closed
    assert records(tmp_path / "out.jsonl")[-1]["type"] == "summary"


def test_reading_that_throws_is_said_and_drawing_goes_on(clip: Path) -> None:
    run = Run()
    warm = WARM_RUNS * len(EFFORTS)

    def fail() -> None:
        if len(run.reader.sides) > warm:
            raise RuntimeError("the model has gone mad")

    run.reader.then = fail
    summary = run(clip, realtime=False, loop=True, seconds=1)
    assert summary.frames > 0
    assert any(text.startswith("A fault in the read lane: RuntimeError: the model has gone mad") for text in run.told)


def test_a_stream_is_lost_and_comes_back_with_another_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Motion is measured on the same small size for both: what was read before must not be drawn at its old scale."""
    monkeypatch.setattr(devices.player, "PAUSES_S", (0.05,))
    first = stream(tmp_path / "a.ts", texture(1280, 720))
    second = stream(tmp_path / "b.ts", texture(640, 360))
    run = Run()

    def until_both(screen: Screen) -> list[Wish]:
        return [Wish.QUIT] if any("640x360 now" in text for text in run.told) else []

    screen = on_screen(monkeypatch, until_both)
    screen.visible = False  # else what comes while the models are loaded would be shown, and be no session's
    with Server([first, second]) as server:
        summary = run(server.address, display="window", seconds=60, record=tmp_path / "out.jsonl")
    assert summary.frames > 0
    assert any("Trying again in 0.05 s." in text for text in run.told)
    assert "The picture is 640x360 now; it was 1280x720." in run.told
    assert any(text.endswith(" is back.") for text in run.told)
    assert {"type", "seq", "width", "height"} in [set(line) for line in records(tmp_path / "out.jsonl")]


def stream(path: Path, picture: Rgb) -> bytes:
    return write_clip(path, [picture] * 20).read_bytes()


def test_a_damaged_clip_is_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    pictures = [np.roll(texture(), 8 * n, 1) for n in range(FRAMES)]
    times_ms = [300.0 * n for n in range(FRAMES)]
    whole = write_clip(tmp_path / "whole.mkv", pictures, times_ms=times_ms).read_bytes()
    (tmp_path / "cut.mkv").write_bytes(whole[: len(whole) * 2 // 3])
    run = Run()
    summary = run(tmp_path / "cut.mkv", realtime=False)
    assert 0 < summary.frames < FRAMES
    assert any("ended too early" in text for text in run.told)


def test_smaller_pictures_when_asked_for(clip: Path, tmp_path: Path) -> None:
    Run()(clip, realtime=False, size=(320, 320), record=tmp_path / "out.jsonl")
    assert (records(tmp_path / "out.jsonl")[0]["width"], records(tmp_path / "out.jsonl")[0]["height"]) == (320, 180)


def test_what_is_wrong_from_the_beginning_is_said_before_the_models_are_loaded(clip: Path, tmp_path: Path) -> None:
    def never() -> Any:
        raise AssertionError("the models were loaded")

    for wanted in (
        {"source": tmp_path / "none.mp4"},
        {"source": "77"},
        {"source": "gopher://x"},
        {"source": clip, "display": "hologram"},
        {"source": clip, "record": clip},
        {"source": clip, "record": tmp_path / "no" / "out.jsonl"},
        {"source": clip, "record": tmp_path / "a", "trace": tmp_path / "a"},
        {"source": "tcp://127.0.0.1:9/", "loop": True},
        {"source": "tcp://127.0.0.1:9/", "realtime": False},
    ):
        with pytest.raises(GlossaError):
            Run()(**wanted, load=never)


def test_models_that_cannot_be_loaded_are_the_callers_error(clip: Path) -> None:
    def fail() -> Any:
        raise InputError("the model is damaged")

    with pytest.raises(InputError, match="damaged"):
        Run()(clip, load=fail)


def test_the_summary_in_words() -> None:
    known = Summary("camera 0", 120, 4.0, 2, 1, 3, 4, 1, 412.4, False, ())
    assert known.sentence() == (
        "camera 0: 120 frames in 4.0 s (30.0 fps), 2 late, 1 dropped, 3 not shown by the display; "
        "4 texts, 1 of them unsure; first translation after 412 ms"
    )
    looked = replace(known, seen={"objects": 1, "codes": 0})
    assert "1 of them unsure; 1 thing, 0 codes; first translation" in looked.sentence()
    assert looked.record()["objects"] == 1
    assert Summary.of_nothing("x").sentence() == "x: no picture was shown"
