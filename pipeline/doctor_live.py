"""What `glossa doctor` says of live translation: cameras, screens, and whether it was tuned to this machine."""

import platform
import sys
from importlib.metadata import version

from devices import MissingError
from devices.camera import devices, model_of
from devices.display_sdl import video_drivers
from pipeline.live.tuning.store import for_files, remembered, tuned_file
from vision.text import ReaderOptions


def live_lines() -> list[tuple[bool, str]]:
    """Findings, False before what wants a hand. Opens no camera and no window; blocks for about a second."""
    return [*_tuned(), *_cameras(), *_screens()]


def _tuned() -> list[tuple[bool, str]]:
    tuned, why = remembered()
    if tuned is None or not tuned.choices:
        why = why or "no way of reading was chosen"
        return [(False, f"tuned.json: {why}; measure how this machine reads best: glossa tune")]
    choice = tuned.choices[0]
    costs = ", ".join(f"{tier} {cost.p50_ms:.0f}/{cost.p95_ms:.0f} ms" for tier, cost in choice.reading.items())
    lines = [(True, f"tuned: {tuned_file()}"), (True, f"live reads with {_way(choice.options())}: {costs}")]
    files = for_files()
    return [*lines, (True, f"photo and video read with {_way(files)}")] if files else lines


def _way(options: ReaderOptions) -> str:
    precision = "a detector in int8" if options.detector else options.precision or "its own precision"
    return f"{options.engine}, {precision}, {options.threads} thread{'' if options.threads == 1 else 's'}"


def _cameras() -> list[tuple[bool, str]]:
    if sys.platform != "linux":
        return [(True, f"cameras: {platform.system()} tells of them when they are opened: glossa live --source 0")]
    found = devices()
    if not found:
        return [(False, "no camera (/dev/video*); a file or a stream will do: glossa live --source FILE|URL")]
    return [(True, f"camera {path.name[5:]}: {path} {model_of(path)}".rstrip()) for path in found]


def _screens() -> list[tuple[bool, str]]:
    try:
        drivers = video_drivers()
    except MissingError as missing:
        return [(False, str(missing))]
    ready = [name for name, why in drivers.items() if not why]
    title = f"pygame-ce {version('pygame-ce')}"
    if ready:
        return [(True, f"{title}, screens through SDL: {', '.join(ready)}")]
    reasons = "; ".join(why if name in why else f"{name}: {why}" for name, why in drivers.items())
    return [(False, f"{title}, but no screen ({reasons}); without one: glossa live --display none --record OUT.jsonl")]
