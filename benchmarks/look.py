"""`glossa bench look`: things and codes: how well, how fast, whether they keep their numbers, what drawing suffers.

In: a detector's file and the labelled media. Out: a JSON file with every number, a table, and whether each target is
met. Parts: accuracy (the same file run by a plain script), speed (one core, each engine and precision), identity
(hand-held clips, beside a plain overlap tracker), codes (200 made ones, beside OpenCV's reader), render (the render
lane with and without the look lane: give it an idle machine).
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rich.console import Console

from benchmarks.average_precision import average_precision
from benchmarks.code_set import code_pictures
from benchmarks.cost import measure
from benchmarks.identity import by_overlap, identity, looks, ours, total
from benchmarks.live_clip import Clip, film
from benchmarks.look_report import describe, markdown, targets
from benchmarks.machine import describe_machine
from benchmarks.plain_yolox import CONFIDENCE, OVERLAP, detect_plainly
from benchmarks.quiet import Patience, undisturbed
from benchmarks.things import Picture, load_pictures
from benchmarks.truth import find_media, load_photographs
from devices import Frame, MissingError, Rgb, Stamp
from devices.photo import read_photo
from pipeline.live.tuning.quantise import can_quantise, quantise
from vision.codes import CodeReader
from vision.objects import DetectorOptions, OnnxDetector
from vision.objects.coco import NAMES
from vision.objects.graph import can_reshape
from vision.objects.picture import letterboxed, planes
from vision.text.engine import FULL_PRECISION, installed_engines, precisions

PARTS = ("accuracy", "speed", "identity", "codes", "render")
RESULTS = Path(__file__).parent / "results" / "look.json"
INT8 = "int8"
_CLIP = "zh_street_yuyuan_rd"
_STAMP = Stamp("bench", 0, 0, 0.0)


def main(argv: Sequence[str] | None = None) -> int:
    """Run from the command line; returns 0, or 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="glossa bench look", description=__doc__)
    parser.add_argument("--media", type=Path, help="folder with objects/gt and text/gt (default: ../shared/media)")
    parser.add_argument("--model", type=Path, help="YOLOX-Nano (default: ../shared/models, else the store)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the numbers go (JSON)")
    parser.add_argument("--work", type=Path, help="keep clips and models here (default: a temporary folder)")
    parser.add_argument("--seconds", type=float, default=4.0, help="length of each hand-held clip")
    parser.add_argument("--parts", default=",".join(PARTS), help="comma-separated (default: all); others are kept")
    parser.add_argument(
        "--patience", type=float, default=0.0, metavar="MINUTES", help="wait, in all, for a quiet host (render)"
    )
    parser.add_argument("--markdown", action="store_true", help="print the table for the README")
    given = parser.parse_args(argv)
    parts = given.parts.split(",")
    if unknown := sorted(set(parts) - set(PARTS)):
        parser.error(f"unknown part {', '.join(unknown)}; known: {', '.join(PARTS)}")
    console, media, model = Console(), find_media(given.media), find_detector(given.model)
    pictures = load_pictures(media)
    result = _kept(given.out, parts)
    result |= {"what": "look", "machine": describe_machine(), "model": model.name}
    with tempfile.TemporaryDirectory() as temporary:
        work = given.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        run: dict[str, Callable[[], dict[str, Any]]] = {
            "accuracy": lambda: accuracy(pictures, model),
            "speed": lambda: speed(pictures, model, work),
            "identity": lambda: identities(pictures, model, given.seconds),
            "codes": codes,
            "render": lambda: render(media, model, work, Patience(60 * given.patience)),
        }
        for part in parts:
            console.print(f"{part} ...")
            result[part] = run[part]()
    result |= describe(result)
    result["targets"] = targets(result)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(markdown(result), markup=False, soft_wrap=True)
    console.print(f"Numbers are in {given.out}.")
    return 0 if all(target["met"] for target in result["targets"]) else 1


def find_detector(given: Path | None) -> Path:
    """The file to measure. Raises MissingError."""
    from pipeline.senses import find_model

    beside = Path(__file__).resolve().parents[2] / "shared" / "models" / "yolox_nano.onnx"
    found = given or (beside if beside.is_file() else find_model(None))
    if found is None or not found.is_file():
        raise MissingError("No detector to measure: glossa models pull yolox-nano, or give its file with --model")
    return found


def accuracy(pictures: Sequence[Picture], model: Path) -> dict[str, Any]:
    """AP of our detector on each engine, and of the plain script, at the thresholds of the YOLOX release."""
    paths = [picture.path for picture in pictures]
    plain = [[(NAMES[n], score, box) for n, score, box in told] for told in detect_plainly(model, paths)]
    told = {"plain": _ap(pictures, plain)}
    for engine in installed_engines():
        told[engine] = _ap(pictures, _found(model, engine, FULL_PRECISION, paths, fit=False))
        if can_reshape(engine):
            told[f"{engine}, fitted"] = _ap(pictures, _found(model, engine, FULL_PRECISION, paths))
    return {"pictures": len(pictures), "things": sum(len(p.things) for p in pictures), "ap": told}


def speed(pictures: Sequence[Picture], model: Path, work: Path) -> dict[str, Any]:
    """Milliseconds a frame on one core, and what each precision costs in accuracy."""
    paths = [str(picture.path) for picture in pictures]
    told: dict[str, Any] = {}
    for engine in installed_engines():
        if can_reshape(engine):
            asked: dict[str, Any] = {
                "model": str(model),
                "engine": engine,
                "precision": FULL_PRECISION,
                "pictures": paths,
            }
            ms, _ = measure("benchmarks.look_runs:detector_ms", **asked, fit=False)
            told[f"{engine} {FULL_PRECISION}, not fitted"] = {**ms, "map50": None}
        for precision in dict.fromkeys((*precisions(engine), FULL_PRECISION, INT8)):
            file = model if precision != INT8 else _int8(model, work, engine, pictures)
            if file is None:
                continue
            wish = None if precision == INT8 else precision
            asked = {"model": str(file), "engine": engine, "precision": wish, "pictures": paths}
            ms, _ = measure("benchmarks.look_runs:detector_ms", **asked)
            ap = _ap(pictures, _found(file, engine, wish, [picture.path for picture in pictures]))
            told[f"{engine} {precision}"] = {**ms, **ap}
    codes = {
        name: measure("benchmarks.look_runs:codes_ms", pictures=paths, in_turn=in_turn)[0]
        for name, in_turn in (("codes", False), ("codes, kinds in turn", True))
    }
    return {"detectors": told, "codes": codes}


def identities(pictures: Sequence[Picture], model: Path, seconds: float) -> dict[str, Any]:
    """Switches of ours and of the baseline on the same detections."""
    cv2.setNumThreads(1)
    detector = OnnxDetector(model, DetectorOptions(engine="onnxruntime"))
    clips = [looks(picture, detector, seconds, seed) for seed, picture in enumerate(pictures, 1)]
    ways = {"glossa": ours, "overlap": by_overlap}
    told = {name: [identity(clip, way(detector.sure_score)) for clip in clips] for name, way in ways.items()}
    return {
        "clips": len(clips),
        "seconds": seconds,
        "systems": {name: {**total(many), "by_clip": [one.switches for one in many]} for name, many in told.items()},
    }


def codes() -> dict[str, Any]:
    """How many of the made codes each reader reads rightly, and what it takes a picture."""
    cv2.setNumThreads(1)
    samples = list(code_pictures())
    zxing, plain = CodeReader(), cv2.QRCodeDetector()

    def by_opencv(rgb: Rgb) -> list[str]:
        try:
            return [plain.detectAndDecode(rgb[..., ::-1].copy())[0]]
        except cv2.error:  # it raises on some pictures that it cannot make sense of
            return []

    readers = {"glossa": lambda rgb: [code.text for code in zxing.read(Frame(_STAMP, rgb))], "opencv": by_opencv}
    told: dict[str, Any] = {}
    for name, read in readers.items():
        answers = [(sample, [text for text in read(sample.rgb) if text]) for sample in samples]
        right = [sample.text in texts for sample, texts in answers]
        wrong = sum(any(text != sample.text for text in texts) for sample, texts in answers)
        fifths = [sum(part) for part in np.array_split(right, 5)]
        told[name] = {"read": sum(right), "wrong": wrong, "by_difficulty": [int(n) for n in fifths]}
    return {"count": len(samples), "systems": told}


def render(
    media: Path, model: Path, work: Path, patience: Patience, seconds: float = 20.0, times: int = 4
) -> dict[str, Any]:
    """The render lane without and with the look lane, in turns, so that what else goes on meets both."""
    photo = next(one for one in load_photographs(media) if one.path.stem == _CLIP)
    clip = film(photo, work, seconds, 1)
    told: dict[str, Any] = {"off": [], "on": []}
    for _ in range(times):
        for name, look in (("off", []), ("on", ["objects", "codes"])):
            told[name].append(undisturbed(partial(_played, clip, seconds, look, model), patience))
    return told


def _played(clip: Clip, seconds: float, look: Sequence[str], model: Path) -> dict[str, Any]:
    asked = {"clip": str(clip.path), "seconds": seconds, "to": clip.to, "look": list(look), "model": str(model)}
    told, _ = measure("benchmarks.look_runs:render", **asked)
    return dict(told)


def _kept(out: Path, parts: Sequence[str]) -> dict[str, Any]:
    """The parts of an earlier run that are not measured again."""
    try:
        before = json.loads(out.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {part: before[part] for part in PARTS if part in before and part not in parts}


def _found(
    model: Path, engine: str, precision: str | None, paths: Sequence[Path], *, fit: bool = True
) -> list[list[Any]]:
    options = DetectorOptions(engine, 1, precision, least_score=CONFIDENCE, most_overlap=OVERLAP, fit=fit)
    detector = OnnxDetector(model, options)
    return [[(one.label, one.score, one.box) for one in detector.detect(read_photo(path))] for path in paths]


def _ap(pictures: Sequence[Picture], found: Sequence[Any]) -> dict[str, float]:
    half, mean = average_precision(pictures, found)
    return {"map50": 100 * half, "map": 100 * mean}


def _int8(model: Path, work: Path, engine: str, pictures: Sequence[Picture]) -> Path | None:
    if not can_quantise():
        return None
    file = work / f"{model.stem}.{engine}.int8.onnx"
    if not file.is_file():
        # Turned upside down: calibrated on what it is judged by, it would look better than it is.
        seen = [letterboxed(read_photo(p.path).rgb[::-1, ::-1], 416, 416, 114)[0] for p in pictures]
        quantise(model, file, [planes(rgb, blue_first=True) for rgb in seen], engine)
    return file


if __name__ == "__main__":
    raise SystemExit(main())
