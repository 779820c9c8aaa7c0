"""The runs that are measured: ours, and the two baselines beside it.

In: paths and names, so that each can run in a process of its own. Out: files with findings or read lines.
Heavy imports happen inside the functions: a run carries no memory that it does not use.

- `translate`: the pipeline, through the same function as the command line.
- `per_frame`: the baseline: every frame is read from nothing, every line translated and drawn again, no
  tracks. With reader "glossa" it uses the same models and the same drawing; with reader "rapidocr"
  RapidOCR's own default call, what one gets who puts the stock library in a loop.
- `read_photographs`: single pictures, no drawing.
"""

import json
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.findings import Drawn, FrameFindings, write_findings
from benchmarks.geometry import as_quad
from benchmarks.reading import ReadLine
from devices.frame import Rgb

if TYPE_CHECKING:
    from language.translation import Translation
    from overlay.sticker import Sticker

Read = Callable[[Rgb], list[ReadLine]]


def translate(source: str, out: str, findings: str, to: str) -> None:
    """Translate a clip as the command line does."""
    from pipeline.engines import open_reader, open_translator
    from pipeline.video import Choices, translate_video

    choices = Choices(to=to, findings=Path(findings))
    translate_video(Path(source), Path(out), choices, reader=open_reader(), translator=open_translator())


def choose_engine() -> str:
    """Return the engine that reads fastest here; measured and remembered, so that no measured run pays for it."""
    from pipeline.engines import preferred_engine

    return preferred_engine()


def per_frame(source: str, out: str, findings: str, to: str, reader: str, frames: int) -> int:
    """Translate the first `frames` frames without tracks; return how many there were."""
    from devices.video_in import VideoSource
    from devices.video_out import VideoSink

    read = _reader(reader)
    draw = _drawing(to)
    found: list[FrameFindings] = []
    with VideoSource(Path(source)) as video:
        info = video.info
        with VideoSink(Path(out), width=info.width, height=info.height, fps=info.fps, copy_sound_from=None) as sink:
            for frame in video.frames():
                if len(found) == frames:
                    break
                picture, labels = draw(frame.rgb(), read(frame.rgb()))
                sink.write(picture, frame.stamp.pts_ms)
                found.append(FrameFindings(frame.stamp.seq, frame.stamp.pts_ms, labels))
    write_findings(Path(findings), {"source": Path(source).name, "to": to, "reader": reader}, found)
    return len(found)


def read_photographs(pictures: list[str], reader: str, lines: str) -> int:
    """Read pictures one by one into a JSON file, [[text, corners], ...] for each; return how many lines."""
    from devices.photo import read_photo

    read = _reader(reader)
    result = [[[r.text, r.quad.tolist()] for r in read(read_photo(path).rgb)] for path in pictures]
    Path(lines).write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
    return sum(map(len, result))


def load_lines(path: Path) -> Iterator[list[ReadLine]]:
    """Yield what `read_photographs` wrote, picture by picture."""
    for picture in json.loads(path.read_text(encoding="utf-8")):
        yield [ReadLine(text, as_quad(corners)) for text, corners in picture]


def _reader(name: str) -> Read:
    return {"glossa": _glossa, "rapidocr": _rapidocr}[name]()


def _glossa() -> Read:
    from pipeline.engines import open_reader

    reader = open_reader()

    def read(rgb: Rgb) -> list[ReadLine]:
        return [ReadLine(r.text, as_quad(r.quad)) for r in reader.read(rgb) if r.text]

    return read


def _rapidocr() -> Read:
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before onnxruntime is first imported: it reports to its maker
    from rapidocr import RapidOCR

    engine = RapidOCR()
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)

    def read(rgb: Rgb) -> list[ReadLine]:
        # It takes pictures as OpenCV gives them, blue first.
        result: Any = engine(np.ascontiguousarray(rgb[:, :, ::-1]))
        if result is None or result.boxes is None:
            return []
        return [ReadLine(text, as_quad(box)) for text, box in zip(result.txts, result.boxes, strict=True)]

    return read


def _drawing(to: str) -> Callable[[Rgb, list[ReadLine]], tuple[Rgb, tuple[Drawn, ...]]]:
    """Return a function that translates and draws the lines of one frame."""
    from overlay.sticker import draw_stickers
    from pipeline.engines import open_translator

    translator = open_translator()

    def draw(rgb: Rgb, lines: list[ReadLine]) -> tuple[Rgb, tuple[Drawn, ...]]:
        answers = translator.translate([line.text for line in lines], source="auto", to=to)
        stickers, labels = prepare(rgb, lines, answers)
        canvas = rgb.copy()
        draw_stickers(canvas, stickers)
        return canvas, labels

    return draw


def prepare(
    rgb: Rgb, lines: Sequence[ReadLine], answers: Sequence["Translation"]
) -> tuple[list[tuple["Sticker", NDArray[np.float32]]], tuple[Drawn, ...]]:
    """What to draw on a frame for lines without tracks, each with its place, and the same for the findings."""
    from language.translation import SAME
    from overlay.scene import Label
    from overlay.sticker import make_sticker

    stickers = []
    labels = []
    for track, (line, answer) in enumerate(zip(lines, answers, strict=True)):
        quad = line.quad.astype(np.float32)
        if answer.engine != SAME:
            label = Label(track, quad, (quad,), line.text, answer.target, answer.sure)
            stickers.append((make_sticker(rgb, label), quad))
        labels.append(Drawn(track, line.quad, line.text, answer.target))
    return stickers, tuple(labels)
