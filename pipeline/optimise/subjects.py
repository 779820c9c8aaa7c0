"""What a model is asked to do while it is optimised: its feeds, and how far two variants agree.

In: an ONNX file of the store and pictures. Out: feeds to calibrate on, and the share of what the model finds in full
precision that a variant finds too. It says nothing about which of them is right.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from devices import Frame, InputError, Rgb, Stamp
from devices.store import Record
from pipeline.live.tuning.agreement import agree
from pipeline.live.tuning.pictures import Picture
from pipeline.live.tuning.quantise import Feed
from pipeline.optimise import made_up
from vision.objects import Detection, DetectorOptions, OnnxDetector
from vision.objects.boxes import overlaps
from vision.objects.graph import Graph
from vision.objects.onnx import family_of
from vision.quad import crop, size_px
from vision.text.detect import Detector
from vision.text.recognise import Recogniser

_STILL = Stamp("picture", 0, 0, 0.0)
_FIND_PX = (480, 854)
"""Sides to which pictures are scaled for a finder of lines: as live reading does."""
_MOST_LINES = 12
_TALL = 1.5
_SAME_PLACE = 0.5
WORDS = ("translation", "speech", "instruct")
"""Tasks of models that are given no pictures."""
FEWEST = 20
"""Boxes, characters or answers; of fewer nothing can be said."""


@dataclass(frozen=True, slots=True)
class Share:
    """How much of what full precision finds a variant finds too."""

    alike: float
    """0 to 1."""
    of: int
    """Characters or boxes that were compared."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A model and how to try it."""

    model: Path
    what: str
    """What is compared: `characters`, `boxes` or `answers`."""
    feeds: Callable[[Sequence[Picture]], list[Feed]]
    """What the network is given for these pictures."""
    compare: Callable[[Path, str, Sequence[Picture]], Share]
    """A variant, run by an engine, beside the model in full precision."""
    looks: bool = True
    """False: it is given no pictures."""


def subject_of(record: Record, model: Path) -> Subject:
    """How to try a model of the store. Raises InputError for one that cannot be tried, or is no ONNX file."""
    if record.engine not in ("onnx", "opencv") or model.suffix != ".onnx":
        raise InputError(f"The model {record.id} is for {record.engine}; only single .onnx files can be made int8")
    if record.task == "objects":
        return _things(model)
    if record.task == "text":
        return _reader(model) if "character" in _notes(model) else _finder(model)
    if record.task in WORDS:
        return _of_words(model)
    raise InputError(
        f"The model {record.id} is for {record.task}; only text, objects and language can be compared before and after"
    )


def _notes(model: Path) -> set[str]:
    import onnxruntime  # after vision.text.engine, which has forbidden its reports

    try:
        session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
        return set(session.get_modelmeta().custom_metadata_map)
    except Exception as why:
        raise InputError(f"{model}: cannot be opened ({str(why)[:160]})") from why


def _first_input(model: Path) -> str:
    return Graph(model, "onnxruntime").inputs[0].name


class _Listening:
    """A network that does nothing but remember what it is given."""

    def __init__(self, name: str, answer: Callable[[NDArray[np.float32]], NDArray[np.float32]]) -> None:
        self.feeds: list[Feed] = []
        self._name = name
        self._answer = answer

    def __call__(self, tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        self.feeds.append({self._name: tensor})
        return self._answer(tensor)


def _finder(model: Path) -> Subject:
    name = _first_input(model)

    def feeds(pictures: Sequence[Picture]) -> list[Feed]:
        listening = _Listening(name, lambda tensor: np.zeros((1, 1, *tensor.shape[2:]), np.float32))
        for picture in pictures:
            Detector(listening).find(picture.rgb, *_FIND_PX)
        return listening.feeds

    def compare(variant: Path, engine: str, pictures: Sequence[Picture]) -> Share:
        full, other = (Detector.load(path, engine) for path in (model, variant))
        sums = [
            agree(*([(line.quad, "") for line in one.find(picture.rgb, *_FIND_PX)] for one in (full, other)))
            for picture in pictures
        ]
        total = sum(sums[1:], sums[0])
        return Share(total.of_boxes, total.boxes)

    return Subject(model, "boxes", feeds, compare)


def _reader(model: Path) -> Subject:
    name = _first_input(model)

    def feeds(pictures: Sequence[Picture]) -> list[Feed]:
        listening = _Listening(name, lambda tensor: np.zeros((len(tensor), 1, 2), np.float32))
        Recogniser(listening, ["", " "]).read(_lines(pictures))
        # One line each: quantisers want all feeds in one shape, and batches differ.
        return [{name: row[None]} for feed in listening.feeds for row in feed[name]]

    def compare(variant: Path, engine: str, pictures: Sequence[Picture]) -> Share:
        lines = _lines(pictures)
        full, other = (Recogniser.load(path, engine).read(lines) for path in (model, variant))
        characters = sum(len(one.text) for one in full)
        differing = sum(
            min(len(a.text), Levenshtein.distance(a.text, b.text)) for a, b in zip(full, other, strict=True)
        )
        return Share(1 - differing / characters if characters else 1.0, characters)

    return Subject(model, "characters", feeds, compare)


def _lines(pictures: Sequence[Picture]) -> list[Rgb]:
    """The lines of pictures, upright ones, as the shipped finder finds them."""
    finder = Detector.load()
    strips = []
    for picture in pictures:
        sizes = [(line.quad, *size_px(line.quad)) for line in finder.find(picture.rgb, *_FIND_PX)]
        wide = [one for one in sizes if one[1] * _TALL >= one[2]][:_MOST_LINES]
        strips += [crop(picture.rgb, quad, max(round(w), 4), max(round(h), 4)) for quad, w, h in wide]
    return strips


def _things(model: Path) -> Subject:
    family = family_of(Graph(model, "onnxruntime"))
    known: dict[tuple[str, tuple[str, ...]], list[list[Detection]]] = {}

    def feeds(pictures: Sequence[Picture]) -> list[Feed]:
        return [family.feed(picture.rgb)[0] for picture in pictures]

    def sure(path: Path, engine: str, pictures: Sequence[Picture]) -> list[list[Detection]]:
        # In the network's own shape: to compile it anew for each shape of picture takes longer than all the rest.
        detector = OnnxDetector(path, DetectorOptions(engine=engine, fit=False))
        found = [detector.detect(Frame(_STILL, picture.rgb)) for picture in pictures]
        return [[one for one in many if one.score >= detector.sure_score] for many in found]

    def compare(variant: Path, engine: str, pictures: Sequence[Picture]) -> Share:
        key = engine, tuple(picture.name for picture in pictures)
        if key not in known:
            known[key] = sure(model, engine, pictures)
        boxes = alike = 0
        for a, b in zip(known[key], sure(variant, engine, pictures), strict=True):
            boxes += len(a) + len(b)
            alike += 2 * _pairs(a, b)
        return Share(alike / boxes if boxes else 1.0, boxes)

    return Subject(model, "boxes", feeds, compare)


def _of_words(model: Path) -> Subject:
    judged = made_up.feeds(model, 2)

    def compare(variant: Path, engine: str, pictures: Sequence[Picture]) -> Share:
        full, other = (made_up.answers(Graph(path, engine), judged) for path in (model, variant))
        if full.shape != other.shape:
            return Share(0.0, len(full))
        return Share(float((full == other).mean()) if len(full) else 1.0, len(full))

    return Subject(model, "answers", lambda pictures: made_up.feeds(model, 1), compare, looks=False)


def _pairs(a: Sequence[Detection], b: Sequence[Detection]) -> int:
    """How many things of `a` are in `b` too: the same name at the same place, each once, the surest first."""
    if not a or not b:
        return 0
    shares: NDArray[Any] = overlaps(*(np.array([one.box for one in each], np.float32) for each in (a, b)))
    taken: set[int] = set()
    for i, thing in enumerate(a):
        fitting = [j for j, other in enumerate(b) if j not in taken and other.label == thing.label]
        best = max(fitting, key=lambda j: shares[i, j], default=None)
        if best is not None and shares[i, best] >= _SAME_PLACE:
            taken.add(best)
    return len(taken)
