"""The live runs that are measured, each in a process of its own: the session as it is, and the baselines.

In: clips filmed beforehand, as names and numbers that survive JSON. Out: a findings file of what was shown, and what
it cost. Our run is `run_live`, that is `glossa live --display none --record`, with a source that costs nothing to
decode; it says nothing about what it shows but through its own recorder and observers.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.findings import write_findings
from benchmarks.geometry import as_quad, project
from benchmarks.live_baselines import EVERY, HeldStill, NewestWins, PlainReader
from benchmarks.live_clip import BareClips
from benchmarks.live_meter import Memory, Meter, growth_mb
from benchmarks.virtual_camera import VirtualCamera
from devices.clock import SystemClock
from devices.photo import read_photo
from devices.player import Player, Playing
from language.translation import Translator
from pipeline.engines import open_reader, open_translator
from pipeline.live.engine import Engine
from pipeline.live.intake import Intake
from pipeline.live.notices import Notices
from pipeline.live.plan import Plan
from pipeline.live.run import Surroundings, run_live
from pipeline.live.session import EFFORTS, READ_NICE, UNMEASURED, Settings, quick_hand_over
from pipeline.live.tuning import chosen
from pipeline.live.warm import in_the_background, keep_what_is_loaded, warm_up
from vision.text import TextReader

SIZE, FPS = (1280, 720), 30.0
_LATE_MS = 33.0
_POLL_S = 0.1


def ours(
    clips: list[str], seconds: float, to: str, record: str | None = None, settled_s: float | None = None
) -> dict[str, Any]:
    """Run the live session over clips; `record` is the findings file, None keeps nothing but counts. Blocks so long."""
    clock = SystemClock()
    meter, memory = Meter(), Memory(clock)
    tuned = chosen(None)
    settings = Settings(to, costs=tuned.costs if tuned else UNMEASURED)
    opener = _opener(clips, seconds)
    plan = Plan(source=opener.name, to=to, display="none", record=Path(record) if record else None)
    around = Surroundings(_say, settings, observers=(meter,), clock=clock, opener=opener)
    memory.start()
    summary = run_live(plan, open_models, around)
    memory.stop(1.0)
    frames = round(seconds * FPS)
    return _result(meter, memory, frames, seconds, settled_s) | {"summary": summary.record(), "tuned": bool(tuned)}


def newest_wins(clips: list[str], seconds: float, to: str, record: str) -> dict[str, Any]:
    """The first baseline over clips. Blocks so long."""
    return _baseline(NewestWins, clips, seconds, to, record)


def held_still(clips: list[str], seconds: float, to: str, record: str) -> dict[str, Any]:
    """The second baseline over clips. Blocks so long."""
    return _baseline(HeldStill, clips, seconds, to, record) | {"every": EVERY}


def still(photographs: list[str]) -> list[list[tuple[str, list[list[float]]]]]:
    """Read each photograph as one still, sharp frame: the same models at their best. Text and corners of each line.

    Corners are in pixels of the photograph.
    """
    reader, camera = open_models()[0], VirtualCamera(0)
    found = []
    for path in photographs:
        seen, there = camera.still(read_photo(path).rgb)
        back = np.asarray(np.linalg.inv(there), np.float64)
        found.append([(r.text, project(back, as_quad(r.quad)).tolist()) for r in reader.read(seen) if r.text])
    return found


def open_models() -> tuple[TextReader, Translator]:
    """As `glossa live` opens them: what `glossa tune` found best, else the engine that is fastest here."""
    tuned = chosen(None)
    return TextReader(tuned.options()) if tuned else open_reader(), open_translator()


def _baseline(
    kind: type[NewestWins] | type[HeldStill], clips: list[str], seconds: float, to: str, record: str
) -> dict[str, Any]:
    clock = SystemClock()
    meter, memory = Meter(), Memory(clock)
    quick_hand_over()
    cv2.setNumThreads(1)
    reader, translator = in_the_background(lambda: _warm(to), READ_NICE)
    keep_what_is_loaded()
    system = kind(PlainReader(reader, translator, to), clock=clock, observers=(meter,))
    intake = Intake(system.render.put, Notices(clock, _say), clock=clock)
    player = Player(_opener(clips, seconds), intake, clock=clock, playing=Playing(realtime=True))
    memory.start()
    with Engine([player, *system.lanes]):
        while intake.over is None:
            time.sleep(_POLL_S)
    memory.stop(1.0)
    write_findings(Path(record), {"source": Path(clips[0]).name, "to": to}, system.shown)
    return _result(meter, memory, round(seconds * FPS), seconds, None)


def _warm(to: str) -> tuple[TextReader, Translator]:
    reader, translator = open_models()
    sides = [effort.short_side_px for effort in EFFORTS.values()]
    warm_up(reader, translator, size=SIZE, short_sides_px=sides, source="auto", to=to)
    return reader, translator


def _opener(clips: Sequence[str], seconds: float) -> BareClips:
    return BareClips([Path(clip) for clip in clips], size=SIZE, fps=FPS, seconds=seconds)


def _result(meter: Meter, memory: Memory, frames: int, seconds: float, settled_s: float | None) -> dict[str, Any]:
    """Late: ready to be shown later than its successor was captured, or never shown at all."""
    shown = meter.shown_ms()
    begun_s = memory.since_start_s(meter.first_ns)
    samples = [(s - begun_s, mb) for s, mb in memory.samples() if 0 <= s - begun_s <= seconds]
    in_time = sum(ms <= _LATE_MS for ms in shown.values())
    return meter.summary() | {
        "frames": frames,
        "displayed": len(shown),
        "late": frames - in_time,
        "shown_ms": {str(seq): round(ms, 2) for seq, ms in shown.items()},
        "rss": samples[:: max(1, len(samples) // 600)],
        "rss_growth_mb": growth_mb(samples, seconds / 3 if settled_s is None else settled_s),
    }


def _say(text: str) -> None:
    print(f"glossa: {text}", file=sys.stderr, flush=True)
