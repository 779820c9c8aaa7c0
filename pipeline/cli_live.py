"""`glossa live`: turns words into a plan for a live session."""

import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from language.codes import parse_language
from pipeline.cli_options import Engine, From, Quiet, QuietStopError, Reader, To, source_language

Source = Annotated[
    str, typer.Option("--source", metavar="0|FILE|URL", help="A camera's number, a file, or rtsp://, http:// ...")
]
Display = Annotated[str, typer.Option(help="window, full (whole screen, also without a desktop) or none.")]
Realtime = Annotated[
    bool, typer.Option("--realtime/--no-realtime", help="Play a file at its own speed, or as fast as it can be drawn.")
]
Loop = Annotated[bool, typer.Option("--loop", help="Begin a file again when it ends.")]
Record = Annotated[Path | None, typer.Option(help="Write what was found, one JSON object a line.")]
Trace = Annotated[Path | None, typer.Option(help="Write what happened when, for ui.perfetto.dev.")]
Seconds = Annotated[float | None, typer.Option(min=0.0, help="End after so many seconds.")]
Size = Annotated[
    str | None, typer.Option(metavar="WxH", help="Ask a camera for this size; make larger pictures fit into it.")
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
    engine: Engine = "auto",
    reader: Reader = None,
    quiet: Quiet = False,
) -> None:
    """Translate what a camera sees, a file or a stream, while it happens.

    Keys: q or Esc quits, space pauses, f keeps the picture and reads it as well as possible, o shows the original,
    s shows statistics. Status: 0 it came to its end, 1 it could not begin, 2 wrong use, 130 stopped by Ctrl-C.
    """
    from pipeline.engines import open_reader, open_translator
    from pipeline.live.plan import Plan
    from pipeline.live.run import Surroundings, run_live

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
    summary = run_live(plan, lambda: (open_reader(reader), open_translator(engine)), around)
    if not quiet:
        print(summary.sentence())
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


def _say(text: str) -> None:
    print(f"glossa: {text}", file=sys.stderr, flush=True)
