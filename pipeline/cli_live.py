"""`glossa live`: turns words into a plan for a live session."""

import atexit
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from language.codes import parse_language
from pipeline.cli_options import (
    STOPPED,
    Detector,
    Engine,
    Faces,
    From,
    Look,
    Quiet,
    QuietStopError,
    Reader,
    To,
    check_used,
    source_language,
)

Source = Annotated[
    str, typer.Option("--source", metavar="0|FILE|URL", help="A camera's number, a file, or rtsp://, http:// ...")
]
Display = Annotated[str, typer.Option(help="window, full (whole screen, also without a desktop) or none.")]
Realtime = Annotated[
    bool,
    typer.Option(
        "--realtime/--no-realtime",
        help="Play a file at its own speed, or as fast as it can be drawn: that is faster than reading, so that few "
        "texts may be found.",
    ),
]
Loop = Annotated[bool, typer.Option("--loop", help="Begin a file again when it ends.")]
Record = Annotated[
    Path | None,
    typer.Option(help="Write what was found, one JSON object a line; to a name that ends in .mp4 or .mkv: a film."),
]
Hide = Annotated[
    bool | None,
    typer.Option(
        "--anonymise/--no-anonymise",
        help="Blur faces and number plates, on the screen too. Default: in what --record writes, as far as it can.",
        show_default=False,
    ),
]
Trace = Annotated[Path | None, typer.Option(help="Write what happened when, for ui.perfetto.dev.")]
Seconds = Annotated[float | None, typer.Option(min=0.0, help="End after so many seconds.")]
Size = Annotated[
    str | None, typer.Option(metavar="WxH", help="Ask a camera for this size; make larger pictures fit into it.")
]

Gestures = Annotated[
    str,
    typer.Option(
        metavar="auto|off|PATH|MODEL",
        help="Hands steer it: where there is a model, not, or with this .task file, its folder, or a model's name.",
    ),
]
As = Annotated[
    str | None,
    typer.Option("--as", metavar="PROFILE", help="Run as slowly as another device would: its name, or a .toml file."),
]


def live(
    to: To,
    source: Source = "0",
    language: From = "auto",
    display: Display = "window",
    realtime: Realtime = True,
    loop: Loop = False,
    record: Record = None,
    trace: Trace = None,
    seconds: Seconds = None,
    size: Size = None,
    device: As = None,
    engine: Engine = "auto",
    reader: Reader = None,
    look: Look = "codes",
    detector: Detector = None,
    gestures: Gestures = "auto",
    anonymise: Hide = None,
    faces: Faces = None,
    quiet: Quiet = False,
) -> None:
    """Translate what a camera sees, a file or a stream, while it happens.

    Keys: q or Esc quits, space pauses, f keeps the picture and reads it well, o shows the original, s statistics.

    Gestures, held for a moment: an open palm pauses and goes on, a closed fist hides the translations, a finger picks
    the text at its tip, a thumb up saves it.

    Status: 0 it came to its end, 1 it could not begin or a file is not whole, 2 wrong use, 130 stopped by Ctrl-C.
    """
    from devices.profile import load_profile
    from language.translation import Translator
    from pipeline.engines import open_reader, open_translator
    from pipeline.hands import find_hands, open_hands
    from pipeline.live.device import Device
    from pipeline.live.plan import Plan
    from pipeline.live.privacy import find_privacy
    from pipeline.live.run import Surroundings, run_live
    from pipeline.live.session import UNMEASURED, Settings
    from pipeline.live.tuning import chosen
    from pipeline.senses import find_model, open_senses, parse_look
    from pipeline.stored import asked_of_reader
    from vision.text import TextReader

    wanted = parse_look(look)
    check_used("--detector", detector, "objects" in wanted, "--look objects")
    if detector:
        find_model(detector)  # what was named and is not there is said before anything is loaded
    check_used("--faces", faces, bool(anonymise or (record and anonymise is None)), "--anonymise")
    task = find_hands(gestures)
    privacy = find_privacy(anonymise, faces, record)
    plan = Plan(
        source=source,
        to=parse_language(to),
        language=source_language(language),
        display=display,
        realtime=realtime,
        loop=loop,
        record=record,
        trace=trace,
        seconds=seconds,
        size=parse_size(size),
    )
    around = Surroundings() if quiet else Surroundings(announce=_say)
    other = Device(load_profile(device), around.clock) if device else None
    asked = asked_of_reader(reader)
    tuned = None if asked.paddle else chosen(asked.engine)
    settings = Settings(plan.to, plan.language, costs=tuned.costs if tuned else UNMEASURED)
    if other:
        settings = replace(settings, costs=other.costs, pacing=other.pacing)
        around = replace(around, power=other.power, observers=(other.ledger,))
        for note in other.notes(settings.allowances):
            around.announce(note)
    if wanted:
        around = replace(around, look=partial(open_senses, wanted, detector, asked.engine))
    around = replace(around, settings=settings, hands=partial(open_hands, task) if task else None)
    around = replace(around, privacy=privacy.open, early=not privacy.on_screen)

    def load() -> tuple[TextReader, Translator]:
        return open_reader(reader, tuned.options() if tuned else None), open_translator(engine)

    with _leaving() as leave:
        summary = run_live(plan, load, around)
        leave.status = 1 if summary.lost else STOPPED if summary.stopped else 0
    for trouble in summary.lost if quiet else ():  # else it was announced
        _say(trouble)
    if not quiet:
        print(summary.sentence())
        if other:
            print(other.report(summary.texts))
    if summary.lost:
        raise typer.Exit(1)
    if summary.stopped:
        raise QuietStopError


def parse_size(given: str | None) -> tuple[int, int] | None:
    """Width and height from `1280x720`. Raises typer.BadParameter."""
    if given is None:
        return None
    found = re.fullmatch(r"\s*(\d{2,5})\s*[xX×]\s*(\d{2,5})\s*", given)
    if found is None:
        raise typer.BadParameter(f"expected a size such as 1280x720, got {given!r}", param_hint="--size")
    return int(found[1]), int(found[2])


class _Leave:
    """Ends the process where a thread is still in native code that did not come back in time.

    Python would end such a thread in its middle while it shuts down, and C++ answers that with an abort.
    """

    def __init__(self) -> None:
        self.status = STOPPED
        self._before = set(threading.enumerate())

    def __call__(self) -> None:
        if self.needed():
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(self.status)

    def needed(self) -> bool:
        """Whether a thread that was started since is still there."""
        return bool(set(threading.enumerate()) - self._before)


@contextmanager
def _leaving() -> Iterator[_Leave]:
    leave = _Leave()
    atexit.register(leave)
    try:
        yield leave
    finally:
        if not leave.needed():
            atexit.unregister(leave)


def _say(text: str) -> None:
    print(f"glossa: {text}", file=sys.stderr, flush=True)
