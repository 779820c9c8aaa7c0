"""`glossa video`: one recording in, the same recording out with its texts translated in place."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from devices import InputError, OutputError
from devices.files import check_output, whole_file
from devices.subtitles import write_subtitles
from devices.video_in import VideoSource
from devices.video_out import VideoSink
from language.codes import LANGUAGES
from language.translation import Translator
from overlay.layouts import output_size
from pipeline.ahead import ahead
from pipeline.analyse import analyse
from pipeline.analysis import Analysis
from pipeline.anonymise import Hiding
from pipeline.findings import frame_record, run_record, write_line
from pipeline.live.looking import Senses
from pipeline.progress import Progress
from pipeline.render import Renderer, Sighted, subtitle_cues
from pipeline.sightings import Sightings
from pipeline.signs import Sign, make_signs
from pipeline.tags import Tagger
from vision.faces import FaceFinder
from vision.text import TextReader

SUBTITLE_SUFFIXES = (".srt", ".vtt")
_AHEAD = 3
_PRESET = "superfast"  # x264 is the most expensive part of a run; this costs some size and no visible quality


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person asked for."""

    to: str
    """Language code of the translations."""
    source: str = "auto"
    """Language code of the signs, or `auto`."""
    layout: str = "inplace"
    findings: Path | None = None
    subtitles: Path | None = None
    crf: int = 20
    """x264 quality: 18 looks like the original, 28 is small."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of it."""

    out: Path
    frames: int
    signs: int
    """Texts that wanted a translation."""
    translated: int
    sure: int
    reads: int
    """Lines read by the recogniser, over all key frames."""
    damage: str | None
    """One sentence when a part of the input could not be decoded."""
    things: int = 0
    codes: int = 0


def default_output(path: Path, to: str) -> Path:
    """`clip.mov` becomes `clip.ko.mp4` beside it."""
    return path.with_name(f"{path.stem}.{to}.mp4")


def translate_video(
    path: Path,
    out: Path,
    choices: Choices,
    *,
    reader: TextReader,
    translator: Translator,
    progress: Progress | None = None,
    faces: FaceFinder | None = None,
    senses: Senses | None = None,
) -> Summary:
    """Translates a recording. Blocks for about its own length. All outputs appear whole at the end, or not at all.

    With `faces`, these and number plates are hidden in all of them; the sound stays as it is. What `senses` find gets
    tags and is written to the findings.
    Raises `InputError`, `OutputError` and `UnknownNameError`; the same input gives the same findings, byte for byte.
    """
    progress = progress or Progress(quiet=True)
    with VideoSource(path) as video:
        info = video.info
        width, height = output_size(choices.layout, info.width, info.height)
        check_outputs(path, out, choices)
        hiding = Hiding(faces) if faces else None
        sightings = Sightings(senses) if senses and senses.any else None
        frames = ahead(video.frames(), _AHEAD)
        if sightings:
            frames = ahead(sightings.watch(frames), _AHEAD)
        frames = progress.track("reading", hiding.watch(frames) if hiding else frames, info.frames)
        analysis = analyse(frames, reader)
        if not analysis.stamps:
            raise InputError(f"{path}: no frame could be decoded; the file may be damaged.")
        signs = make_signs(analysis, translator, source=choices.source, to=choices.to)
        if hiding:
            hiding.settle(analysis)
            signs = hiding.without_plates(signs)
        if sightings:
            sightings.settle()
        end_ms = analysis.stamps[-1] + 1000 / info.fps
        cues = subtitle_cues(signs, analysis.stamps, end_ms)
        sighted = Sighted(sightings, Tagger(choices.to)) if sightings else None
        renderer = Renderer(analysis, signs, choices.layout, hiding, sighted)
        with ExitStack() as outputs:
            # Entered before the video, so that they are renamed after it: with the video missing, nothing appears.
            findings = _open_findings(outputs, choices.findings)
            sink = outputs.enter_context(
                VideoSink(
                    out,
                    width=width,
                    height=height,
                    fps=info.fps,
                    copy_sound_from=path if info.has_audio else None,
                    subtitles=cues,
                    subtitle_language=LANGUAGES[choices.to].code,
                    crf=choices.crf,
                    preset=_PRESET,
                    colour=info.colour,
                    pixel_aspect=info.pixel_aspect,
                )
            )
            asked = {"from": choices.source, "to": choices.to, "layout": choices.layout}
            if senses and sightings:
                asked["look"] = ",".join(senses.active)
            if findings:
                write_line(findings, run_record(path, info.width, info.height, info.fps, **asked))
            drawn = ahead(((f.stamp, renderer.picture(f)) for f in ahead(video.frames(), _AHEAD)), _AHEAD)
            for stamp, picture in progress.track("drawing", drawn, len(analysis.stamps)):
                sink.write(picture, stamp.pts_ms)
                if findings:
                    there = sightings.on(stamp.seq) if sightings else ((), ())
                    write_line(findings, frame_record(stamp.seq, stamp.pts_ms, renderer.signs_on(stamp.seq), *there))
            summary = _summarise(out, analysis, signs, sightings, video.damage)
            if findings:
                counts = {"things": summary.things, "codes": summary.codes} if sightings else {}
                write_line(findings, _summary_record(summary, counts))
        if choices.subtitles:
            write_subtitles(choices.subtitles, cues)
        return summary


def check_outputs(path: Path, out: Path, choices: Choices) -> None:
    """Everything that can be known to fail is said before the work starts, not after it."""
    taken: list[Path] = [path]
    for wanted in (out, choices.findings, choices.subtitles):
        if wanted:
            check_output(wanted, taken)
            taken.append(wanted)
    if choices.subtitles and choices.subtitles.suffix.lower() not in SUBTITLE_SUFFIXES:
        known = " or ".join(SUBTITLE_SUFFIXES)
        raise OutputError(f"{choices.subtitles}: subtitles are written as {known}; give the name one of these endings")


def _open_findings(outputs: ExitStack, path: Path | None) -> TextIO | None:
    if path is None:
        return None
    part = outputs.enter_context(whole_file(path))
    return outputs.enter_context(part.open("w", encoding="utf-8", newline="\n"))


def _summarise(
    out: Path, analysis: Analysis, signs: list[Sign], sightings: Sightings | None, damage: str | None
) -> Summary:
    told = [sign for sign in signs if sign.drawn]
    return Summary(
        out=out,
        frames=len(analysis.stamps),
        signs=len(told),
        translated=sum(sign.known for sign in told),
        sure=sum(sign.known and sign.translation.sure for sign in told),
        reads=analysis.reads,
        damage=damage,
        things=sightings.things if sightings else 0,
        codes=sightings.codes if sightings else 0,
    )


def _summary_record(told: Summary, looked: dict[str, int]) -> dict[str, object]:
    counts = {"signs": told.signs, "translated": told.translated, "sure": told.sure, "reads": told.reads, **looked}
    return {"type": "summary", "frames": told.frames, "late": 0, "dropped": 0, **counts, "damage": told.damage}
