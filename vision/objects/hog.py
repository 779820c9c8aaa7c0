"""People who stand upright, by the detector that comes with some builds of OpenCV. Needs no model file.

Method: Dalal and Triggs, "Histograms of Oriented Gradients for Human Detection", CVPR 2005. OpenCV 5 moved it out of
its main part: the usual wheel has it up to version 4, the contrib wheel of version 5 has it still. A model does far
better: of 45 people on pictures of COCO val2017 this one finds one, and takes three other things for people, where
YOLOX-Nano finds 29 and takes eleven; a larger picture finds it six, each with eight mistakes.
"""

from typing import Any

import cv2
import numpy as np

from devices import Frame, MissingError
from vision.objects.boxes import suppressed
from vision.objects.detection import Detection
from vision.objects.picture import letterboxed

_WIDE, _HIGH = 640, 480
_STRIDE_PX = (8, 8)
_BORDER = 0.12  # the windows it was taught have so much of their sides around the person
_HALF_MARGIN = 1.0  # of the support vector machine, taken as a score of a half
_MOST_OVERLAP = 0.4


def has_hog() -> bool:
    """True where the installed OpenCV has the detector."""
    return hasattr(cv2, "HOGDescriptor")


class HogPeople:
    """See ObjectDetector. Raises MissingError where the installed OpenCV does not have it."""

    name = "people by OpenCV's HOG"
    labels = ("person",)
    least_score = 0.3
    sure_score = 0.6

    def __init__(self) -> None:
        if not has_hog():
            raise MissingError(
                f"OpenCV {cv2.__version__} has no detector of people: version 5 has it in its contrib build only. "
                "Take a model instead: glossa models pull yolox-nano"
            )
        opencv: Any = cv2
        self._hog = opencv.HOGDescriptor()
        self._hog.setSVMDetector(opencv.HOGDescriptor_getDefaultPeopleDetector())

    def detect(self, frame: Frame) -> list[Detection]:
        """See ObjectDetector. Blocks for tens of ms."""
        height, width = frame.rgb.shape[:2]
        seen, placing = letterboxed(frame.rgb, _HIGH, _WIDE, 114)
        gray = cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY)
        found, margins = self._hog.detectMultiScale(
            gray, winStride=_STRIDE_PX, padding=(0, 0), scale=1.08, groupThreshold=0
        )
        if len(found) == 0:
            return []
        lefts, tops, wide, high = np.asarray(found, np.float32).T
        boxes = np.stack(
            [
                lefts + _BORDER * wide,
                tops + _BORDER / 2 * high,
                lefts + (1 - _BORDER) * wide,
                tops + (1 - _BORDER / 2) * high,
            ],
            1,
        )
        scores = (1 / (1 + np.exp(2 * (_HALF_MARGIN - np.ravel(margins))))).astype(np.float32)
        kept = suppressed(boxes, scores, np.zeros(len(boxes), np.int64), _MOST_OVERLAP)
        limits = np.array([width, height, width, height], np.float32)
        boxes = np.clip(placing.back(boxes), 0, limits)
        return [
            Detection(frame.stamp, "person", float(scores[i]), (*boxes[i].tolist(),))
            for i in kept
            if scores[i] >= self.least_score and (boxes[i, 2:] - boxes[i, :2]).min() > 2
        ]
