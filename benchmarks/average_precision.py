"""Mean average precision of boxes, as the COCO challenge counts it: by its own tool, pycocotools.

In: truth and detections of the same pictures. Out: one figure. Only things that stand in the truth count.
"""

import contextlib
import importlib
import io
from collections.abc import Sequence
from typing import Any

from benchmarks.things import Picture
from vision.objects.coco import NAMES
from vision.objects.detection import Box

Found = Sequence[tuple[str, float, Box]]
"""Label, score, box."""


def average_precision(pictures: Sequence[Picture], found: Sequence[Found]) -> tuple[float, float]:
    """AP at an overlap of 0.5, and the mean from 0.5 to 0.95; 0 to 1. Needs pycocotools."""
    judges: Any = importlib.import_module("pycocotools.cocoeval")
    truth: Any = importlib.import_module("pycocotools.coco").COCO()
    truth.dataset = _dataset(pictures)
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        told = [
            {
                "image_id": number,
                "category_id": NAMES.index(label) + 1,
                "bbox": _corner_and_size(box),
                "score": score,
            }
            for number, things in enumerate(found, 1)
            for label, score, box in things
        ]
        if not told:
            return 0.0, 0.0
        judge = judges.COCOeval(truth, truth.loadRes(told), "bbox")
        judge.evaluate()
        judge.accumulate()
        judge.summarize()
    return float(judge.stats[1]), float(judge.stats[0])


def _dataset(pictures: Sequence[Picture]) -> dict[str, Any]:
    boxes = [
        {
            "image_id": number,
            "category_id": NAMES.index(thing.label) + 1,
            "bbox": _corner_and_size(thing.box),
            "area": (thing.box[2] - thing.box[0]) * (thing.box[3] - thing.box[1]),
            "iscrowd": 0,
        }
        for number, picture in enumerate(pictures, 1)
        for thing in picture.things
    ]
    return {
        "info": {},
        "images": [{"id": n, "width": p.width, "height": p.height} for n, p in enumerate(pictures, 1)],
        "annotations": [{"id": n, **box} for n, box in enumerate(boxes, 1)],
        "categories": [{"id": n, "name": name} for n, name in enumerate(NAMES, 1)],
    }


def _corner_and_size(box: Box) -> list[float]:
    return [box[0], box[1], box[2] - box[0], box[3] - box[1]]
