"""The choice among what a detector's network says: good boxes, each thing once, within the picture, the surest first.

In: boxes, scores and classes that nobody vouches for. Out: detections in capture pixels. Pure.
"""

from collections.abc import Sequence

import numpy as np

from devices import Frame
from vision.objects.boxes import areas, suppressed
from vision.objects.detection import Detection
from vision.objects.families import Raw

MOST = 100
"""Things in one picture; more is noise."""
_MOST_CANDIDATES = 1000
_SMALLEST_PX2 = 4.0


def chosen(
    raw: Raw, frame: Frame, names: Sequence[str], least_score: float, most_overlap: float | None
) -> list[Detection]:
    """What is there; `most_overlap` (intersection over union) None: nothing comes out as many boxes. No name: left out.

    Not finite numbers and classes without a name are left out too.
    """
    height, width = frame.rgb.shape[:2]
    good = np.isfinite(raw.boxes).all(axis=1) & (raw.scores >= least_score)  # false for NaN too
    good &= (raw.classes >= 0) & (raw.classes < len(names))
    boxes, scores, classes = raw.boxes[good], np.minimum(raw.scores[good], np.float32(1.0)), raw.classes[good]
    order = np.argsort(-scores, kind="stable")[:_MOST_CANDIDATES]
    if most_overlap is not None:
        order = order[suppressed(boxes[order], scores[order], classes[order], most_overlap)]
    boxes = np.clip(boxes, 0, np.array([width, height, width, height], np.float32))
    sizes = areas(boxes)
    return [
        Detection(frame.stamp, names[classes[i]], float(scores[i]), (*boxes[i].tolist(),))
        for i in order
        if sizes[i] >= _SMALLEST_PX2 and names[classes[i]]
    ][:MOST]
