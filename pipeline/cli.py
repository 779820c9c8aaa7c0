"""The command line: turns words into calls, and foreseen errors into one line on standard error."""

import os
import signal
import sys
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from devices import GlossaError
from language.codes import parse_language
from pipeline.cli_live import live
from pipeline.cli_models import models
from pipeline.cli_options import (
    STOPPED,
    Anonymise,
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
from pipeline.cli_tune import tune
from pipeline.counted import counted, seen
from pipeline.progress import Progress

if TYPE_CHECKING:
    from pipeline.live.looking import Senses

app = typer.Typer(
    help="Reads the text in your pictures, translates it on this machine, and writes the translation in its place.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

# Newer typer brings its own click, older typer asks for the package: this names the right one in both.
_UsageError: type[Exception] = typer.BadParameter.__bases__[0]


Findings = Annotated[Path | None, typer.Option(help="Also write what was found, one JSON object a line.")]
Layout = Annotated[str, typer.Option(help="inplace, split (original beside it) or captions.")]


@app.command()
def video(
    path: Annotated[Path, typer.Argument(metavar="IN", help="The recording.")],
    to: To,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Result; default: IN with the language added.")
    ] = None,
    source: From = "auto",
    findings: Findings = None,
    subtitles: Annotated[Path | None, typer.Option(help="Also write the translations as .srt or .vtt.")] = None,
    layout: Layout = "inplace",
    engine: Engine = "auto",
    reader: Reader = None,
    crf: Annotated[int, typer.Option(min=0, max=51, help="Picture quality of the result: 18 fine, 28 small.")] = 20,
    look: Look = "none",
    detector: Detector = None,
    anonymise: Anonymise = False,
    faces: Faces = None,
    quiet: Quiet = False,
) -> None:
    """Translate a recorded video in place; sound is kept, subtitles are added."""
    from devices.video_in import VideoSource
    from overlay.layouts import output_size
    from pipeline.anonymise import open_faces
    from pipeline.engines import open_reader, open_translator
    from pipeline.senses import open_senses, parse_look
    from pipeline.stored import asked_of_reader
    from pipeline.video import Choices, check_outputs, default_output, translate_video

    wanted = parse_look(look)
    check_used("--detector", detector, "objects" in wanted, "--look objects")
    check_used("--faces", faces, anonymise, "--anonymise")
    choices = Choices(parse_language(to), source_language(source), layout, findings, subtitles, crf)
    output_size(layout, 2, 2)  # an unknown layout is said before the models are loaded
    out = out or default_output(path, choices.to)
    check_outputs(path, out, choices)
    with VideoSource(path):
        pass  # what is no video is said at once, not after the models have been loaded
    finder = open_faces(faces) if anonymise else None
    senses = open_senses(wanted, detector, asked_of_reader(reader).engine)
    for note in () if quiet else senses.notes:
        print(f"glossa: {note}", file=sys.stderr)
    summary = translate_video(
        path,
        out,
        choices,
        reader=open_reader(reader),
        translator=open_translator(engine),
        progress=Progress(quiet=quiet),
        faces=finder,
        senses=senses,
    )
    if summary.damage:
        print(f"glossa: {path}: {summary.damage}.", file=sys.stderr)
    if not quiet:
        unsure = summary.signs - summary.sure
        frames, texts = counted(summary.frames, "frame"), counted(summary.signs, "text")
        print(
            f"{summary.out}: {frames}, {texts}, {unsure} of them unsure{_seen(senses, summary.things, summary.codes)}"
        )


@app.command()
def photo(
    paths: Annotated[list[Path], typer.Argument(metavar="IN...", help="The pictures.")],
    to: To,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Folder for the results.")] = None,
    source: From = "auto",
    findings: Findings = None,
    layout: Layout = "inplace",
    engine: Engine = "auto",
    reader: Reader = None,
    look: Look = "none",
    detector: Detector = None,
    anonymise: Anonymise = False,
    faces: Faces = None,
    quiet: Quiet = False,
) -> None:
    """Translate photographs in place."""
    from overlay.layouts import output_size
    from pipeline.anonymise import open_faces
    from pipeline.engines import open_reader, open_translator
    from pipeline.photo import translate_photos
    from pipeline.senses import open_senses, parse_look
    from pipeline.stored import asked_of_reader
    from pipeline.video import Choices

    wanted = parse_look(look)
    check_used("--detector", detector, "objects" in wanted, "--look objects")
    check_used("--faces", faces, anonymise, "--anonymise")
    choices = Choices(parse_language(to), source_language(source), layout, findings)
    output_size(layout, 2, 2)
    finder = open_faces(faces) if anonymise else None
    senses = open_senses(wanted, detector, asked_of_reader(reader).engine)
    for note in () if quiet else senses.notes:
        print(f"glossa: {note}", file=sys.stderr)
    try:
        done, failures = translate_photos(
            paths,
            out,
            choices,
            reader=open_reader(reader),
            translator=open_translator(engine),
            senses=senses,
            faces=finder,
        )
    except KeyboardInterrupt:
        print("glossa: stopped; the pictures that were complete by then are kept.", file=sys.stderr)
        raise QuietStopError from None
    if not quiet:
        for one in done:
            told = [sign for sign in one.signs if sign.drawn]
            unsure = sum(not (sign.known and sign.translation.sure) for sign in told)
            found = _seen(senses, len(one.things), len(one.codes))
            print(f"{one.path}: {counted(len(told), 'text')}, {unsure} of them unsure{found}")
    for failure in failures:
        print(f"glossa: {failure}", file=sys.stderr)
    if failures:
        raise typer.Exit(1)


def _seen(senses: "Senses", things: int, codes: int) -> str:
    counts = {"objects": things, "codes": codes}
    return seen({name: counts[name] for name in senses.active})


app.command()(live)
app.command()(tune)
app.add_typer(models, name="models")


@app.command()
def translate(
    texts: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT", help="What to translate; none: lines of standard input.")
    ] = None,
    *,
    to: To,
    source: Annotated[str, typer.Option("--from", help="Language of the texts, or auto.")] = "auto",
    engine: Engine = "auto",
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line: confidence, engine, alternatives, gloss ...")
    ] = False,
) -> None:
    """Translate texts, one answer a line; "(?)" marks what may be wrong, on a terminal with a word-by-word gloss.

    Texts that are given together (arguments, lines that arrive together) help to find each other's language.
    Status: 0 every text was answered, 1 something could not be read or opened, 2 wrong use, 130 stopped.
    """
    from pipeline import translate_text
    from pipeline.engines import open_translator

    languages = {"to": parse_language(to), "source": source_language(source)}
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without our letters is no reason to end
    if not texts and sys.stdin and sys.stdin.isatty():
        print("glossa: one text a line; Ctrl-D ends.", file=sys.stderr)
    form = translate_text.as_json if as_json else partial(translate_text.readable, gloss=sys.stdout.isatty())
    try:
        translator = open_translator(engine)
        for answers in translate_text.translations(texts, sys.stdin, translator, **languages):
            sys.stdout.write("".join(form(answer) + "\n" for answer in answers))
            sys.stdout.flush()
    except KeyboardInterrupt:
        raise QuietStopError from None
    except BrokenPipeError:
        # The reader has enough. Python would complain about the same pipe again when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@app.command()
def demo(
    to: To = "en",
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the clip and its translation.")] = Path(
        "glossa-demo"
    ),
    quiet: Quiet = False,
) -> None:
    """Make a short clip of signs in several scripts and translate it: the first minute needs no file."""
    from pipeline.demo import run_demo

    summary = run_demo(out, parse_language(to), Progress(quiet=quiet))
    print(f"{summary.out.resolve()}: {summary.signs} signs translated, {summary.signs - summary.sure} of them unsure")
    print(f"The clip itself, subtitles and findings lie beside it in {out.resolve()}")


@app.command()
def doctor() -> None:
    """Say what is installed, which engines and models were found, and what is missing and how to get it."""
    from pipeline.doctor import report

    report()


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def bench(context: typer.Context) -> None:
    """Measure Glossa beside its baseline, in a checkout of the source: `glossa bench video --help`."""
    from pipeline.bench import run_benchmark

    raise typer.Exit(run_benchmark(context.args))


def _named(arguments: list[str] | None) -> str:
    """The command that was called, as far as there is one: `glossa models pull`."""
    names = ["glossa"]
    command: object = typer.main.get_command(app)
    for word in sys.argv[1:] if arguments is None else arguments:
        command = getattr(command, "commands", {}).get(word)
        if command is None:
            break
        names.append(word)
    return " ".join(names)


def main(arguments: list[str] | None = None) -> int:
    """The console script: returns the exit status; every foreseen error is one line on standard error."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite stop cleans up like Ctrl-C
    try:
        status = app(arguments, standalone_mode=False)
    except GlossaError as error:
        print(f"glossa: {error}", file=sys.stderr)
        return 1
    except _UsageError as error:
        # Without any words typer has already printed the help, and the message is empty.
        if message := str(getattr(error, "format_message", error.__str__)()).strip():
            end = "" if message.endswith((".", "!", "?")) else "."
            print(f"glossa: {message}{end} See {_named(arguments)} --help.", file=sys.stderr)
        return 2
    except QuietStopError:
        return STOPPED
    except (KeyboardInterrupt, typer.Abort):
        status = STOPPED
    except BrokenPipeError:
        return 0
    if status == STOPPED:  # newer typer turns Ctrl-C into this status by itself
        print("glossa: stopped; nothing was written.", file=sys.stderr)
    return status if isinstance(status, int) else 0


if __name__ == "__main__":
    sys.exit(main())
