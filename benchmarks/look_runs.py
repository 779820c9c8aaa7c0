"""What looking costs, each in a process of its own: a detector on one core, and the render lane with and without it.

In: a model, pictures or a clip, as names that survive JSON. Out: milliseconds.
"""

import os
import sys
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.live_clip import BareClips
from benchmarks.live_meter import Meter
from benchmarks.live_runs import open_models
from devices import Frame, Stamp
from devices.clock import SystemClock
from devices.photo import read_photo
from pipeline.live.plan import Plan
from pipeline.live.run import Surroundings, run_live
from pipeline.live.session import Settings
from pipeline.senses import open_senses
from vision.codes import CodeReader
from vision.objects import DetectorOptions, OnnxDetector

SIZE, FPS = (1280, 720), 30.0
_RUNS = 24


def one_core() -> None:
    """Keep this process on one core: what a model takes with more is another question."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    cv2.setNumThreads(1)


def detector_ms(
    model: str, engine: str, precision: str | None, pictures: list[str], fit: bool = True
) -> dict[str, float]:
    """Medians of `detect` on 1280x720 pictures: processor time and wall time, which differ where others compete."""
    one_core()
    detector = OnnxDetector(Path(model), DetectorOptions(engine, 1, precision, fit=fit))
    frames = [_frame(path) for path in pictures]
    return _timed(lambda number: detector.detect(frames[number % len(frames)]))


def codes_ms(pictures: list[str], in_turn: bool) -> dict[str, float]:
    """The same for reading codes, in pictures that have none: the usual case. Live, some kinds are read in turn."""
    one_core()
    reader = CodeReader()
    frames = [_frame(path) for path in pictures]
    return _timed(lambda number: reader.read(frames[number % len(frames)], SIZE[0], number if in_turn else None))


def render(clip: str, seconds: float, to: str, look: list[str], model: str) -> dict[str, Any]:
    """A live session over a bare clip (see `live_clip`), with or without the look lane. Blocks so long."""
    meter, clock = Meter(), SystemClock()
    opener = BareClips([Path(clip)], size=SIZE, fps=FPS, seconds=seconds)
    around = Surroundings(
        _say,
        Settings(to),
        observers=(meter,),
        clock=clock,
        opener=opener,
        look=(lambda: open_senses(frozenset(look), model)) if look else None,
    )
    run_live(Plan(source=opener.name, to=to, display="none"), open_models, around)
    told = meter.summary()
    took = told["took_ms"]["render/render/"]
    looked = [ms for key, spent in told["took_ms"].items() if key.startswith("look/looking") for ms in spent]
    shown = meter.shown_ms()
    return {
        "render_ms": {f"p{p}": float(np.percentile(took, p)) for p in (50, 95, 99)},
        "shown_ms": {f"p{p}": float(np.percentile(list(shown.values()), p)) for p in (50, 95, 99)},
        "frames": len(took),
        "looks": len(looked),
        "look_ms": float(np.median(looked)) if looked else None,
        "failures": told["failures"],
    }


def _frame(path: str) -> Frame:
    return Frame(Stamp(path, 0, 0, 0.0), np.asarray(cv2.resize(read_photo(path).rgb, SIZE), np.uint8))


def _timed(work: Any) -> dict[str, float]:
    for number in range(4):
        work(number)
    cpu, wall = [], []
    for number in range(_RUNS):
        cpu_s, wall_s = time.process_time(), time.perf_counter()
        work(number)
        cpu.append(time.process_time() - cpu_s)
        wall.append(time.perf_counter() - wall_s)
    return {"cpu_ms": float(np.median(cpu)) * 1e3, "wall_ms": float(np.median(wall)) * 1e3}


def _say(text: str) -> None:
    print(f"glossa: {text}", file=sys.stderr, flush=True)
