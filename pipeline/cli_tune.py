"""`glossa tune`: the command line of the measurement."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipeline.progress import Progress

_BUSY = 0.5
_DRAWN, _DRAWN_QUICKLY = 6, 3
_SEEN, _SEEN_QUICKLY = 12, 3


def tune(
    quick: Annotated[bool, typer.Option("--quick", help="A minute: fewer runs, one thread count, no int8.")] = False,
    pictures: Annotated[
        Path | None,
        typer.Option(help="Folder of your own pictures to compare precisions on; default: signs drawn for it."),
    ] = None,
    device: Annotated[
        str | None, typer.Option("--as", help="Measure nothing: show what a device profile says (a name or a .toml).")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Measure the reading networks on this machine; reading then goes the best way, and live knows what it costs.

    Takes some minutes, best on an idle machine. What it found is remembered until the machine or a version changes.
    """
    from devices.clock import SystemClock
    from devices.profile import load_profile
    from pipeline.live.tuning.lab import Lab
    from pipeline.live.tuning.pictures import draw_pictures, read_pictures
    from pipeline.live.tuning.store import cores, save
    from pipeline.live.tuning.table import show_profile, show_tuned
    from pipeline.live.tuning.tune import QUICK, THOROUGH
    from pipeline.live.tuning.tune import tune as measure

    console = Console(highlight=False)
    if device is not None:
        show_profile(load_profile(device), console)
        return
    folder = pictures or photographs()
    most = _SEEN_QUICKLY if quick else _SEEN
    drawn = draw_pictures(_DRAWN_QUICKLY if quick else _DRAWN)
    # Others than those that int8 is calibrated on, or it would look better than it is.
    seen = read_pictures(folder, most) if folder else draw_pictures(most, seed=11)
    busy = load_note(os.getloadavg()[0], cores()) if hasattr(os, "getloadavg") else ()
    progress = Progress(quiet=quiet, unit="steps")
    care = QUICK if quick else THOROUGH
    tuned = measure(
        Lab(), drawn, seen, care, SystemClock(), lambda name, steps: progress.track(name, steps, len(steps))
    )
    path = save(replace(tuned, notes=(*tuned.notes, *busy)))
    if not quiet:
        show_tuned(replace(tuned, notes=(*tuned.notes, *busy)), console)
        console.print(f"remembered in {path}")


def load_note(load: float, cores: int) -> tuple[str, ...]:
    """What to say of a machine that does other things at the same time: nothing, or one sentence."""
    if load < _BUSY * cores:
        return ()
    return (f"The machine was busy (load {load:.1f} on {cores} cores): measure again when it is idle.",)


def photographs() -> Path | None:
    """The labelled photographs that lie beside a development checkout, if this is one."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "media" / "text"
    return folder if folder.is_dir() else None
